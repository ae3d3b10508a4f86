"""The words by which people who draw tables mark what is no data: totals, notes, signatures, letterheads."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_SPACE = re.compile(r"\s+")
_EDGE = " \t\r\n\u00a0\u200b\ufeff.:;*-–—"

STRONG_TOTALS = frozenset(
    {
        "ca nuoc", "toan quoc", "tong cong", "tong chung", "toan tinh", "toan thanh pho", "toan huyen", "toan quan",
        "toan xa", "toan nganh", "cong chung", "tong so chung", "whole country", "grand total", "total", "sum total",
        "national total", "cong don", "tong cong ca nuoc", "tong so ca nuoc", "subtotal", "sub total", "sub-total",
        "cong trang", "cong mang sang", "mang sang", "chuyen trang", "cong chuyen trang", "tong toan tinh",
        "cong luy ke", "luy ke", "total country", "entire country", "country total", "tong cong toan tinh",
    }
)  # fmt: skip
WEAK_TOTALS = frozenset(
    {
        "tong so",
        "cong",
        "tong",
        "chung",
        "all",
        "tat ca",
        "toan bo",
        "tong gia tri",
        "tong tien",
        "tong so tien",
    }
)
REGIONS = frozenset(
    {
        "dong bang song hong", "trung du va mien nui phia bac", "trung du mien nui phia bac", "mien nui phia bac",
        "bac trung bo va duyen hai mien trung", "bac trung bo va duyen hai nam trung bo", "bac trung bo",
        "bac trung bo va dhmt", "duyen hai nam trung bo", "duyen hai mien trung", "nam trung bo", "tay nguyen",
        "dong nam bo", "dong bang song cuu long", "dong bac", "tay bac", "dong bac bo", "tay bac bo", "trung bo",
        "mien bac", "mien trung", "mien nam", "bac bo", "nam bo", "dbsh", "dbscl",
        "northern central area and central coastal area", "northern central and central coastal area", "red river delta", "northern midlands and mountain areas", "northern midland and mountain areas",
        "northern midlands and mountains", "north central and central coastal areas",
        "north central area and central coastal area", "north central and central coastal area", "north central coast",
        "north central", "south central coast", "central coast", "central highlands", "south east", "southeast",
        "mekong river delta", "mekong delta", "north east", "northeast", "north west", "northwest", "the north",
        "the south", "the central", "north central and south central coast",
    }
)  # fmt: skip
_LETTERHEAD = (
    "cong hoa xa hoi chu nghia viet nam", "doc lap - tu do", "doc lap – tu do", "socialist republic of viet",
    "independence - freedom", "mau so", "mau bieu", "bieu so", "ban hanh kem theo", "ban hanh theo", "phu luc",
    "kem theo",
)  # fmt: skip
_UNIT = ("don vi tinh", "don vi:", "dvt", "unit:", "unit of", "(don vi", "(dvt", "don vi do", "(unit")
_NOTE = re.compile(
    r"(?:nguon(?: so lieu| du lieu| tin)?|sources?|ghi chu|chu thich|luu y|notes?|footnotes?|giai thich"
    r"|tai lieu tham khao|ngay xuat|ngay lap|xuat luc|thoi gian xuat|exported|generated|so lieu (?:so bo|uoc tinh))\s*[:.(]"
    r"|\(\*+\)|\*+\s|\(\d\)\s+\S+\s+\S+|noi nhan\s*:|\(ky|\(da ky\)|ky ten|[\w .,-]{0,40},? ?ngay\s+[\d….]+\s*thang"
)
_SIGNED = re.compile(
    r"(?:nguoi (?:lap|ky|duyet|kiem tra|tong hop)|thu truong|ke toan|giam doc|pho giam doc|thu quy|chu tich|pho chu tich"
    r"|truong phong|cuc truong|pho cuc truong|vu truong|chanh van phong|t[lm]\.|kt\.|tuq\.|prepared by|approved by"
    r"|can bo lap|lap bieu)\b.{0,60}"
)
_NUMBERING = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/:]?")
_NUMBERED = re.compile(
    r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/:]\s*\S.*|(?:Phần|Chương|Mục|Nhóm|Vùng|Khu vực|Region)\s+\S.*"
)
ORDER = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "no.", "s.t.t", "stt.", "#", "order", "thu tu"})


def _fold_table() -> dict[int, str | None]:
    """Each Latin letter with marks to its bare small letter, each mark to nothing."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        bare = "".join(
            letter for letter in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(letter)
        )
        table[code] = bare.casefold()
    return table | {ord("đ"): "d", ord("Đ"): "d"}


_FOLD = _fold_table()
_BEGINNINGS = frozenset(word[:3] for word in STRONG_TOTALS | WEAK_TOTALS | REGIONS) | {"vun"}


def may_speak(text: str) -> bool:
    """A cheap first test: only cells that pass it can be a total or a region."""
    return len(text) < 71 and text.lstrip(_EDGE)[:5].translate(_FOLD)[:3] in _BEGINNINGS


def folded(value: Any) -> str:
    """The words of a cell without marks, case and outer signs: what is compared with the lists of this module."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return _SPACE.sub(" ", value.translate(_FOLD)).strip(_EDGE)


def total_of(value: Any) -> str | None:
    """`strong` or `weak` when the whole cell is a word for a total, in one language or in both."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    text = re.sub(r"\([^)]*\)", " ", folded(value))
    parts = [part.strip(_EDGE) for part in re.split(r"\s+[-–—]\s+|[/|\n]", text)]
    parts = [part for part in parts if part]
    if not parts or not all(part in STRONG_TOTALS or part in WEAK_TOTALS for part in parts):
        return None
    return "strong" if any(part in STRONG_TOTALS for part in parts) else "weak"


def is_region(value: Any) -> bool:
    """Whether the whole cell names a part of the country that tables use to group their rows."""
    if not isinstance(value, str) or len(value) > 70:
        return False
    parts = [part.strip(_EDGE) for part in re.split(r"\s+[-–—]\s+|[/|\n]", folded(value))]
    return bool(parts) and all(part.removeprefix("vung ") in REGIONS for part in parts if part)


def is_letterhead(value: Any) -> bool:
    """Whether the cell belongs to the head of an official paper rather than to a table."""
    return isinstance(value, str) and folded(value).startswith(_LETTERHEAD)


def is_unit(value: Any) -> bool:
    """Whether the cell tells the unit of measure of a table."""
    text = folded(value) if isinstance(value, str) else ""
    return text.startswith(_UNIT)


def is_note(value: Any) -> bool:
    """Whether the cell begins a source, a note, a place and date, or a line for a signature."""
    if not isinstance(value, str):
        return False
    return bool(_NOTE.match(_SPACE.sub(" ", value.translate(_FOLD)).strip(" \t\r\n\u00a0") + " "))


def is_signature(value: Any) -> bool:
    """Whether the cell is the place where someone signs."""
    return isinstance(value, str) and len(value) < 80 and bool(_SIGNED.fullmatch(folded(value)))


def is_numbering(value: Any) -> bool:
    """Whether the cell is a Roman numeral or a single letter, as groups of rows are numbered."""
    return isinstance(value, str) and bool(_NUMBERING.fullmatch(value.strip()))


def is_numbered(value: Any) -> bool:
    """Whether the cell is the label of a group with its numeral: `I. Miền Bắc`, `Vùng Tây Nguyên`."""
    return isinstance(value, str) and bool(_NUMBERED.fullmatch(value.strip()))


def is_order(value: Any) -> bool:
    """Whether the cell heads the column that counts the rows."""
    return isinstance(value, str) and folded(value) in ORDER
