"""A look as a person reads it in a terminal: one table of figures per table of data, in Vietnamese or English."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from lienthong.cli.readingprint import print_reading
from lienthong.engine.shapes import ColumnProfile, Finding, JsonScalar, Look, LookedTable

_WIDEST = 28

_WORDS = {
    "vi": {
        "source": "Nguồn", "tables": "bảng", "rows": "dòng", "view": "khung nhìn", "key": "Khóa chính",
        "refers": "Tham chiếu", "column": "Cột", "type": "Kiểu", "nulls": "Trống", "distinct": "Khác nhau",
        "min": "Nhỏ nhất", "max": "Lớn nhất", "notes": "Lưu ý", "comment": "Mô tả",
    },
    "en": {
        "source": "Source", "tables": "tables", "rows": "rows", "view": "view", "key": "Primary key",
        "refers": "Refers to", "column": "Column", "type": "Type", "nulls": "Empty", "distinct": "Distinct",
        "min": "Smallest", "max": "Largest", "notes": "Notes", "comment": "Comment",
    },
}  # fmt: skip
_TYPES = {
    "text": "văn bản", "integer": "số nguyên", "decimal": "số thập phân", "double": "số thực",
    "boolean": "đúng/sai", "date": "ngày", "time": "giờ", "timestamp": "ngày giờ", "json": "JSON",
    "binary": "nhị phân",
}  # fmt: skip
_NOTES = {
    "table_unreadable": ("không đọc được bảng: {text}", "the table could not be read: {text_en}"),
    "table_not_permitted": ("không có quyền đọc bảng này", "there is no permission to read this table"),
    "file_unreadable": ("không đọc được tệp: {text}", "the file could not be read: {text_en}"),
    "lines_before_header": (
        "bỏ qua {lines} dòng phía trên tiêu đề cột",
        "{lines} lines above the heading left out",
    ),
    "lines_after_data": ("bỏ qua {lines} dòng ghi chú cuối bảng", "{lines} lines of notes below left out"),
    "rows_set_aside": (
        "để riêng {lines} dòng không phải dữ liệu",
        "{lines} rows that are no data set aside",
    ),
    "irregular_rows": (
        "{count} dòng thiếu ô, ô thiếu được coi là trống (dòng {rows})",
        "{count} rows have cells too few, taken as empty (rows {rows})",
    ),
    "number_ambiguous": (
        "dấu chấm, dấu phẩy có thể là hàng nghìn hoặc thập phân nên giữ dạng chữ; hãy chọn kiểu cho cột",
        "a point or comma may part thousands or decimals, so this stays text; choose a type for the column",
    ),
    "date_ambiguous": (
        "năm viết hai chữ số hiểu được theo hai cách nên giữ dạng chữ; hãy sửa tại nguồn thành bốn chữ số",
        "years of two digits can be read in two ways, so this stays text; write them with four at the source",
    ),
    "column_kept_as_text": (
        "giữ dạng chữ vì {count} giá trị không đọc được thành {wanted} (dòng {rows})",
        "kept as text: {count} values cannot be read as {wanted} (rows {rows})",
    ),
    "duplicate_keys": (
        "{count} bản ghi có khóa lặp lại; giá trị sau được giữ, giá trị trước ở cột riêng (dòng {rows})",
        "{count} records repeat a key (rows {rows})",
    ),
    "transcoded": ("đã chuyển mã {encoding} sang UTF-8", "converted from {encoding} to UTF-8"),
}


def print_look(look: Look, lang: str) -> str:
    """The whole look as text."""
    words = _WORDS[lang]
    lines = [f"{words['source']}: {look.source} · {_number(len(look.tables), lang)} {words['tables']}"]
    for looked in look.tables:
        lines += ["", *_table(looked, lang)]
    if look.findings:
        lines += ["", f"{words['notes']}:", *(f"  - {_finding(finding, lang)}" for finding in look.findings)]
    return "\n".join(lines)


def _table(looked: LookedTable, lang: str) -> list[str]:
    words, table, profile = _WORDS[lang], looked.table, looked.profile
    kind = f" ({words['view']})" if table.kind == "view" else ""
    size = f" · {_size(table.size_bytes, lang)}" if table.size_bytes is not None else ""
    lines = [f"{table.name}{kind} · {_number(profile.rows, lang)} {words['rows']}{size}"]
    if table.comment:
        lines.append(f"  {words['comment']}: {_one_line(table.comment)}")
    if table.primary_key:
        lines.append(f"  {words['key']}: {', '.join(table.primary_key)}")
    for key in table.foreign_keys:
        target = f"{key.ref_table} ({', '.join(key.ref_columns)})"
        lines.append(f"  {words['refers']}: {', '.join(key.columns)} → {target}")
    if looked.reading is not None:
        lines += print_reading(looked.reading, lang)
    heads = [words[name] for name in ("column", "type", "nulls", "distinct", "min", "max")]
    cells = [_cells(column, lang) for column in profile.columns]
    return lines + _aligned([heads, *cells], right={2, 3})


def _cells(column: ColumnProfile, lang: str) -> list[str]:
    share = f" ({100 * column.nulls / column.rows:.0f}%)" if column.nulls and column.rows else ""
    return [
        _cut(column.name, 40),
        _TYPES[column.type] if lang == "vi" else column.type,
        _number(column.nulls, lang) + share,
        _number(column.distinct, lang),
        _value(column.min, lang),
        _value(column.max, lang),
    ]


def _value(value: JsonScalar, lang: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {True: "đúng", False: "sai"}[value] if lang == "vi" else str(value).lower()
    if isinstance(value, float) and lang == "vi":
        return str(value).replace(".", ",")
    return _cut(str(value), _WIDEST)


def _finding(finding: Finding, lang: str) -> str:
    pair = _NOTES.get(finding.code)
    if pair is None:
        said = finding.evidence.get("text" if lang == "vi" else "text_en", finding.code)
        return f"{finding.place}: {_one_line(str(said))}"
    text = pair[0] if lang == "vi" else pair[1]
    evidence = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in finding.evidence.items()
    }
    if lang == "vi" and "wanted" in evidence:
        evidence["wanted"] = _TYPES.get(evidence["wanted"], evidence["wanted"])
    return f"{finding.place}: {text.format_map(evidence)}"


def _size(size: int, lang: str) -> str:
    value, unit = float(size), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',') if lang == 'vi' else text} {unit}"


def _number(number: int, lang: str) -> str:
    return f"{number:,}".replace(",", ".") if lang == "vi" else f"{number:,}"


def _aligned(rows: Sequence[Sequence[str]], right: set[int]) -> list[str]:
    widths = [max(_width(row[order]) for row in rows) for order in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for order, cell in enumerate(row):
            space = " " * (widths[order] - _width(cell))
            cells.append(space + cell if order in right else cell + space)
        lines.append(f"  {'  '.join(cells)}".rstrip())
        if number == 0:
            lines.append("  " + "  ".join("─" * width for width in widths))
    return lines


def _cut(text: str, widest: int) -> str:
    text = _one_line(text)
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _one_line(text: str) -> str:
    """The text as one line that moves no cursor: whatever steers a terminal becomes a space."""
    plain = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in text
    )
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(letter) in ("W", "F") for letter in text)
    marks = sum(unicodedata.combining(letter) != 0 for letter in text)
    return len(text) + wide - marks
