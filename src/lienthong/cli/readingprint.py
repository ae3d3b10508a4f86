"""How a table of a file was read, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.engine.shapes import Reading, SkippedRow

_MOST_ROWS = 12
_DELIMITERS = {"\t": "Tab"}
_WORDS = {
    "vi": {
        "read": "Cách đọc", "encoding": "bảng mã", "delimiter": "dấu phân cách", "sheet": "trang tính",
        "header": "dòng tiêu đề cột", "none": "không có", "aside": "Dòng để riêng", "row": "dòng", "more": "dòng nữa",
        "changed": "Chuyển đổi",
    },
    "en": {
        "read": "Read as", "encoding": "encoding", "delimiter": "delimiter", "sheet": "sheet", "header": "heading row",
        "none": "none", "aside": "Rows set aside", "row": "row", "more": "more", "changed": "Changed",
    },
}  # fmt: skip
_REASONS = {
    "title": ("tiêu đề", "title"),
    "note": ("ghi chú, đơn vị tính", "note or unit"),
    "blank": ("dòng trống", "empty"),
    "column_numbers": ("dòng đánh số cột", "numbers of columns"),
    "repeated_header": ("tiêu đề lặp lại", "heading repeated"),
    "group": ("dòng nhóm", "group"),
    "total": ("dòng tổng", "total"),
    "footer": ("cuối bảng: nguồn, ghi chú, chữ ký", "foot: source, notes, signatures"),
    "broken": ("thừa ô", "cells too many"),
    "chosen": ("được chọn bỏ", "set aside by choice"),
}
_CODES = {
    "nfc": ("ghép dấu về dạng dựng sẵn (NFC)", "composed (NFC)"),
    "date_dmy": ("ngày/tháng/năm", "day/month/year"),
    "date_mdy": ("tháng/ngày/năm", "month/day/year"),
    "decimal_comma": ("số kiểu 1.234,5", "numbers like 1.234,5"),
    "grouping": ("số kiểu 1,234.5", "numbers like 1,234.5"),
    "missing_mark": ("dấu thiếu số liệu thành trống", "marks of missing values emptied"),
    "kept_as_text": ("mã số giữ dạng chữ", "codes kept as text"),
    "float_code": ("bỏ “.0” ở mã số", "“.0” taken off codes"),
    "trimmed": ("bỏ khoảng trắng ở hai đầu", "spaces at the edges taken off"),
}


def print_reading(reading: Reading, lang: str) -> list[str]:
    """The lines that tell how a table was read."""
    words = _WORDS[lang]
    shown = [
        f"{words['encoding']} {reading.encoding}" if reading.encoding else "",
        f"{words['delimiter']} “{_DELIMITERS.get(reading.delimiter, reading.delimiter)}”"
        if reading.delimiter
        else "",
        f"{words['sheet']} “{_plain(reading.sheet)}”" if reading.sheet else "",
    ]
    if any(shown):
        heads = ", ".join(map(str, reading.header_rows)) or words["none"]
        shown.append(f"{words['header']} {heads}")
    lines = [f"  {words['read']}: {' · '.join(part for part in shown if part)}"] if any(shown) else []
    if reading.skipped_rows:
        lines.append(f"  {words['aside']}: {reading.skipped}")
        lines += [
            f"    {words['row']} {row.number}: {_reason(row, lang)}" for row in _some(reading.skipped_rows)
        ]
        if reading.skipped > _MOST_ROWS:
            lines.append(f"    … {reading.skipped - _MOST_ROWS} {words['more']}")
    if reading.conversions:
        lines.append(f"  {words['changed']}:")
        for column, codes in list(reading.conversions.items())[:40]:
            said = ", ".join(f"{_code(code, lang)} {_number(many, lang)}" for code, many in codes.items())
            lines.append(f"    {_plain(column)}: {said}")
    return lines


def _some(rows: Sequence[SkippedRow]) -> Sequence[SkippedRow]:
    return rows[:_MOST_ROWS]


def _reason(row: SkippedRow, lang: str) -> str:
    vi, en = _REASONS[row.reason]
    return f"{vi if lang == 'vi' else en}{f' – {_plain(row.text)}' if row.text else ''}"


def _code(code: str, lang: str) -> str:
    if code.startswith("decoded:"):
        return f"{'chuyển mã từ' if lang == 'vi' else 'decoded from'} {code.partition(':')[2]}:"
    vi, en = _CODES.get(code, (code, code))
    return f"{vi if lang == 'vi' else en}:"


def _number(number: int, lang: str) -> str:
    return f"{number:,}".replace(",", ".") if lang == "vi" else f"{number:,}"


def _plain(text: str | None) -> str:
    """The text on one line, with nothing in it that moves a cursor."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())[:80]
