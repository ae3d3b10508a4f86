"""What was done to a file and what was measured, in the words of an office: codes of the engine to both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Words = tuple[str, str]
"""Vietnamese and English."""

# Why a row of a file was set aside.
SKIPPED: dict[str, Words] = {
    "title": ("tiêu đề", "title"),
    "note": ("chú thích", "note"),
    "blank": ("dòng trống", "blank row"),
    "column_numbers": ("dòng đánh số cột", "row that numbers the columns"),
    "repeated_header": ("đầu cột lặp lại", "repeated header"),
    "group": ("dòng nhóm", "group row"),
    "total": ("dòng tổng", "total"),
    "footer": ("chân biểu", "footer"),
    "broken": ("dòng hỏng", "broken row"),
    "chosen": ("để riêng theo lựa chọn", "set aside by choice"),
}

# What was done to values, with the number of values.
CONVERSIONS: dict[str, Words] = {
    "nfc": (
        "đưa {count} giá trị về tiếng Việt dựng sẵn (NFC)",
        "{count} values were brought to composed Vietnamese (NFC)",
    ),
    "date_dmy": (
        "đọc {count} giá trị theo ngày/tháng/năm",
        "{count} values were read as day/month/year",
    ),
    "decimal_comma": (
        "đọc {count} giá trị theo cách ghi số Việt Nam (1.234,5)",
        "{count} values were read as Vietnamese numbers (1.234,5)",
    ),
    "grouping": (
        "đọc {count} giá trị có dấu phẩy phân cách hàng nghìn (1,234.5)",
        "{count} values were read as numbers with commas between thousands (1,234.5)",
    ),
    "missing_mark": (
        "đọc {count} dấu “..”, “…”, “-” là thiếu số liệu",
        "{count} marks “..”, “…”, “-” were read as missing",
    ),
    "kept_as_text": (
        "giữ {count} mã ở dạng chữ để không mất số 0 đứng đầu",
        "{count} codes were kept as text, so that no leading zero is lost",
    ),
    "float_code": (
        "bỏ “.0” ở {count} mã bị bảng tính ghi thành số thực",
        "“.0” was taken off {count} codes that a spreadsheet had turned into decimals",
    ),
    "trimmed": ("bỏ khoảng trắng thừa ở {count} giá trị", "spaces were trimmed off {count} values"),
    "decoded": ("chuyển mã {count} giá trị từ {codec}", "{count} values were decoded from {codec}"),
}

DELIMITERS: dict[str, Words] = {
    ",": ("dấu phẩy", "comma"),
    ";": ("dấu chấm phẩy", "semicolon"),
    "\t": ("dấu tab", "tab"),
    "|": ("dấu gạch đứng", "vertical bar"),
}

# What may be chosen in place of what the machine finds.
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1258", "cp1252", "latin-1")
READABLE_TYPES = ("text", "integer", "decimal", "double", "boolean", "date", "time", "timestamp")
# Row numbers that one choice may name.
MOST_ROWS = 20_000

# The semantic types that the machine knows, as an officer calls them.
MEANINGS: dict[str, Words] = {
    "citizen_number": ("số định danh cá nhân", "citizen number"),
    "old_identity_number": ("số chứng minh nhân dân (9 chữ số)", "old identity number (9 digits)"),
    "tax_code": ("mã số thuế", "tax code"),
    "social_insurance": ("mã số bảo hiểm xã hội", "social insurance number"),
    "health_insurance": ("mã thẻ bảo hiểm y tế", "health insurance number"),
    "phone": ("số điện thoại", "telephone number"),
    "plate": ("biển số xe", "vehicle plate"),
    "passport": ("số hộ chiếu", "passport number"),
    "person_name": ("họ và tên người", "name of a person"),
    "organisation_name": ("tên tổ chức", "name of an organisation"),
    "address": ("địa chỉ", "address"),
    "administrative_code": ("mã đơn vị hành chính", "administrative code"),
    "administrative_name": ("tên đơn vị hành chính", "name of an administrative unit"),
    "date": ("ngày", "date"),
    "money": ("số tiền", "amount of money"),
    "coordinate": ("tọa độ", "coordinate"),
    "email": ("thư điện tử", "e-mail address"),
    "url": ("địa chỉ web", "web address"),
    "agency_identifier": ("mã định danh điện tử của cơ quan", "identifier code of an agency"),
    "year": ("năm", "year"),
    "sex": ("giới tính", "sex"),
    "birth_date": ("ngày sinh", "date of birth"),
    "bank_account": ("số tài khoản ngân hàng", "bank account"),
    "land_parcel": ("số tờ, số thửa đất", "land parcel"),
}


def said(words: Mapping[str, Words], code: str, locale: str) -> str:
    """A code in words; one that is not known stays as it is."""
    vi, en = words.get(code, (code, code))
    return vi if locale.startswith("vi") else en


def number_said(value: int, locale: str) -> str:
    """1.234.567 in Vietnamese, 1,234,567 in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if locale.startswith("vi") else text


def conversions_said(codes: Mapping[str, int], locale: str) -> list[str]:
    """What was done to the values of one column, the most frequent first."""
    told = []
    for code, count in sorted(codes.items(), key=lambda entry: -entry[1]):
        plain, _, codec = code.partition(":")
        template = said(CONVERSIONS, plain, locale)
        told.append(template.format(count=number_said(count, locale), codec=codec))
    return told


def skipped_counts(rows: Sequence[Mapping[str, Any]], locale: str) -> str:
    """“2 tiêu đề, 7 dòng tổng”: how many rows were set aside for which reason."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["reason"]] = counts.get(row["reason"], 0) + 1
    return reasons_said(counts, locale)


def reasons_said(reasons: Mapping[str, int], locale: str) -> str:
    """“7 dòng tổng, 2 dòng nhóm”: reasons with their numbers of rows."""
    return ", ".join(
        f"{number_said(count, locale)} {said(SKIPPED, reason, locale)}" for reason, count in reasons.items()
    )


def rows_said(numbers: Iterable[int]) -> str:
    """Row numbers as a person writes them: `1-3, 7`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def rows_given(text: str) -> list[int]:
    """The row numbers that a person wrote, such as `3, 7-9`; ValueError for what is none."""
    found: set[int] = set()
    for part in text.replace(";", ",").replace("–", "-").split(","):
        if not part.strip():
            continue
        first, dash, last = part.partition("-")
        begin = int(first)
        end = int(last) if dash else begin
        if not 1 <= begin <= end or end - begin > MOST_ROWS or len(found) > MOST_ROWS:
            raise ValueError(text)
        found.update(range(begin, end + 1))
    return sorted(found)


def shape_of(text: str) -> str:
    """The shape of a value: letters and digits are hidden, signs stay, so that its layout can be judged."""
    return "".join(
        "9" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.isalpha() else sign for sign in text
    )


def here(words: Words, locale: str) -> str:
    """One of two languages."""
    return words[0] if locale.startswith("vi") else words[1]
