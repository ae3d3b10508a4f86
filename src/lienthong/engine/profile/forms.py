"""The forms that Vietnamese values keep: identifiers, telephone numbers, plates, codes, names, addresses.

Each is a pure test of one value. A form proves little about one value (one random number in eleven is a valid tax
code) and much about a column; what follows for a column is decided in `semantics`. The table of the first three
digits of citizen numbers is evidence, never a gate: newer numbers need not keep it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from functools import lru_cache
from importlib.resources import files

_D = str.maketrans({"đ": "d", "Đ": "D"})
_SEPARATORS = str.maketrans("", "", " .-()\u00a0\u2011\u2013/")

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

AREA_CODES = frozenset(
    """01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 48 49 51 52 54 56 58
    60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 96""".split()  # noqa: SIM905
)
"""The two-digit codes of the 63 first-level units before July 2025; those of the 34 since then are among them."""

MOBILE = re.compile(r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}")
_OLD_MOBILE = re.compile(r"1(?:2[0-9]|6[2-9]|8[68]|99)[0-9]{7}")
_LANDLINE = re.compile(r"2[0-9]{9}")
_HOTLINE = re.compile(r"1[89]00[0-9]{4,6}")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}")
_URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s]+\.[^\s]+|https?://[^\s]+", re.IGNORECASE)
_PLATE = re.compile(
    r"(?:1[1-9]|[2-9][0-9])[\s.-]?[A-ZĐ]{1,2}[0-9]?[\s.-]{0,2}(?:[0-9]{3}\.[0-9]{2}|[0-9]{5}|[0-9]{4})"
)
_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{7,8}")
_HEALTH_CARD = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_OWN_CODE = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,4}){0,5}|[0-9]{3}(?:\.[0-9]{2,3}){0,3}\.[A-Z][0-9]{2}")
_HYPHENATED = re.compile(
    r"[A-Z][0-9]{2}(?:[.-][0-9A-Z]{1,4}){1,5}|[0-9]{3}(?:\.[0-9]{2,3}){1,3}\.[A-Z][0-9]{2}"
)
_DAY_FIRST = re.compile(r"([0-3]?[0-9])[/.-]([01]?[0-9])[/.-]([0-9]{4})(?:[ T].*)?")
_ISO_DAY = re.compile(r"([0-9]{4})[/-]([01]?[0-9])[/-]([0-3]?[0-9])(?:[ T].*)?")
_PACKED_DAY = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])")
_COORDINATE = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}")
_PAIR = re.compile(r"-?[0-9]{1,3}\.[0-9]{2,}\s*[,; ]\s*-?[0-9]{1,3}\.[0-9]{2,}|POINT\s*\(.*\)", re.IGNORECASE)
_MONEY = re.compile(
    r"-?[0-9]{1,3}(?:[.,  ][0-9]{3})+(?:[.,][0-9]{1,2})?\s*(?:đ|₫|vnd|vnđ|đồng|usd|\$)?"
    r"|-?[0-9]+(?:[.,][0-9]+)?\s*(?:đ|₫|vnd|vnđ|đồng|usd|\$|triệu|tỷ|nghìn đồng|triệu đồng|tỷ đồng)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")

SEXES = frozenset(
    {"nam", "nu", "male", "female", "m", "f", "khac", "other", "trai", "gai", "nam gioi", "nu gioi"}
)
_ORGANISATIONS = (
    "cong ty", "cty", "tong cong ty", "tap doan", "truong", "so ", "uy ban", "ubnd", "benh vien", "trung tam", "chi cuc",
    "cuc ", "tong cuc", "bo ", "phong ", "hop tac xa", "htx", "doanh nghiep", "dntn", "ngan hang", "hoi ", "lien doan",
    "vien ", "ban ", "tram ", "dang uy", "van phong", "chi nhanh", "bao hiem xa hoi", "bhxh", "kho bac", "hoc vien",
    "dai hoc", "cong an", "toa an", "vien kiem sat", "thanh tra", "hoi dong", "cong doan", "doan ", "mat tran", "quy ",
    "bao tang", "thu vien", "nha xuat ban", "nha may", "xi nghiep", "co so", "cua hang", "khach san", "ho kinh doanh",
    "khoa ", "to hop tac", "nong truong", "lam truong", "hat kiem lam", "doi ", "chi doi", "mam non", "tieu hoc", "thcs",
    "thpt", "csdl", "nhom tre", "phan hieu", "cang ", "san bay", "ga ", "co quan", "don vi", "vpdk", "vp ", "to chuc",
    "bqp", "bo chi huy", "bo tu lenh", "lien hiep", "hiep hoi", "lien minh", "tong lien doan", "trai giam",
)  # fmt: skip
_COMPANY = re.compile(
    r"\b(?:tnhh|jsc|ltd|inc|llc|corp|co\.|company|bank|university|school|hospital|minist[a-z]+|department|center|centre|joint stock|mtv|group|gmbh|s\.a|dntn|cp)\b"
)
_PLACES = re.compile(
    r"\b(?:so|duong|pho|ngo|ngach|hem|kiet|thon|xom|ap|buon|lang|to|khu pho|khu|xa|phuong|quan|huyen|tinh|thi tran|thi xa|"
    r"thanh pho|tp|tt|tx|p|q|h|x|kp|tdp|quoc lo|ql|tl|lo|chung cu|toa nha|tang|street|st|road|rd|ward|district|city|avenue|ave|"
    r"commune|village|dac khu|ban|cum|doi|km|kcn|kdt|dan pho)\b\.?"
)
_KINDS_OF_UNIT = re.compile(
    r"^(?:tinh|thanh pho|tp|quan|huyen|thi xa|tx|thi tran|tt|phuong|p|xa|x|dac khu|q|h)\.?\s+"
)

_UNIT_TITLE = re.compile(r"^(?:tinh|thanh pho|quan|huyen|thi xa|thi tran|phuong|xa|dac khu)\s+\S")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Small letters without any mark, single spaces."""
    plain = unicodedata.normalize("NFD", text.translate(_D))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def digits_of(value: str) -> str:
    """The digits of a number written with spaces, dots or hyphens; empty when there is anything else in it."""
    bare = value.translate(_SEPARATORS)
    return bare if bare.isascii() and bare.isdigit() else ""


def is_tax_code(digits: str) -> bool:
    """10 digits of which the last is the check digit, and the three of a branch if any."""
    if len(digits) not in (10, 13):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, digits, strict=False))
    return 10 - total % 11 == int(digits[9])


def keeps_citizen_structure(digits: str) -> bool:
    """Area of birth, century and sex, year: the structure of 12-digit numbers given out until now."""
    return len(digits) == 12 and digits[0] == "0" and digits[1:3] in AREA_CODES and digits[3] in "0123"


def is_phone(value: str) -> bool:
    """A mobile, fixed or service number in national or international form."""
    text = value.strip()
    text = text[1:] if text.startswith("'") else text
    digits = digits_of(text[1:] if text.startswith("+") else text)
    if not digits:
        return False
    if text.startswith("+") and not digits.startswith("84"):
        return False
    for prefix in ("0084", "84", "0"):
        if digits.startswith(prefix) and (prefix != "84" or text.startswith("+") or len(digits) in (11, 12)):
            rest = digits[len(prefix) :].removeprefix("0") if prefix != "0" else digits[1:]
            return bool(MOBILE.fullmatch(rest) or _OLD_MOBILE.fullmatch(rest) or _LANDLINE.fullmatch(rest))
    return bool(_HOTLINE.fullmatch(digits))


def is_phone_without_zero(digits: str) -> bool:
    """A mobile number whose leading zero a spreadsheet took away."""
    return bool(MOBILE.fullmatch(digits))


def is_health_card(value: str) -> bool:
    """Group, benefit, area and ten digits: 15 characters."""
    return bool(_HEALTH_CARD.fullmatch(value.translate(_SEPARATORS).upper()))


def is_plate(value: str) -> bool:
    """The plate of a road vehicle."""
    return bool(_PLATE.fullmatch(value.strip().upper()))


def is_passport(value: str) -> bool:
    """One or two letters and seven or eight digits."""
    return bool(_PASSPORT.fullmatch(value.strip().upper()))


def is_email(value: str) -> bool:
    """An address of electronic mail."""
    return bool(_EMAIL.fullmatch(value.strip()))


def is_url(value: str) -> bool:
    """An address of the web."""
    return bool(_URL.fullmatch(value.strip()))


def is_own_code(value: str) -> bool:
    """The electronic identifier of a body: `G09`, `H26.12.5`, the older `000.01.02.H26`."""
    return bool(_OWN_CODE.fullmatch(value.strip().upper()))


def is_long_own_code(value: str) -> bool:
    """Such an identifier with at least two parts."""
    return bool(_HYPHENATED.fullmatch(value.strip().upper()))


def day_of(value: str) -> date | None:
    """The day that a text writes, day first or ISO or packed; None when it writes none."""
    text = value.strip()
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := (_ISO_DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)):
        year, month, day = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_coordinate(value: str) -> bool:
    """Degrees with at least three decimals, or a pair of them."""
    return bool(_COORDINATE.fullmatch(value.strip()) or _PAIR.fullmatch(value.strip()))


def is_latitude(value: str) -> bool:
    """A latitude of Viet Nam, or a pair of degrees."""
    return _degrees(value, 8.0, 23.6)


def is_longitude(value: str) -> bool:
    """A longitude of Viet Nam, or a pair of degrees."""
    return _degrees(value, 102.0, 117.9)


def _degrees(value: str, low: float, high: float) -> bool:
    text = value.strip()
    if _PAIR.fullmatch(text):
        return True
    return bool(_COORDINATE.fullmatch(text)) and low <= float(text) <= high


def is_money(value: str) -> bool:
    """A grouped number or one with a unit of currency."""
    return bool(_MONEY.fullmatch(value.strip()))


def is_body(text: str) -> bool:
    """Whether a name begins as those of bodies and enterprises do, or holds their legal form."""
    plain = folded(text)
    # `Sở` is a body, `Số` the number of a house.
    if plain.startswith("so ") and unicodedata.normalize("NFC", text[:4]).casefold().startswith("số"):
        return False
    return plain.startswith(_ORGANISATIONS) or bool(_COMPANY.search(plain))


def is_address(plain: str) -> bool:
    """Whether a folded text names a house, a street or units of a place."""
    marks = len(_PLACES.findall(plain))
    has_digit = any(c.isdigit() for c in plain)
    return marks >= 2 or (marks >= 1 and (has_digit or "," in plain)) or (has_digit and "," in plain)


def is_person(value: str) -> bool:
    """Two to six words of letters only, the first a family name."""
    names = folded(value).split()
    if not 2 <= len(names) <= 6 or not _LETTERS.fullmatch(unicodedata.normalize("NFC", value.strip())):
        return False
    return names[0] in family_names() and not is_body(value)


def is_wordy(value: str) -> bool:
    """Letters only, up to six words, as the names of foreigners and parts of names are."""
    text = unicodedata.normalize("NFC", value.strip())
    return bool(_LETTERS.fullmatch(text)) and len(text.split()) <= 6


@lru_cache(maxsize=1)
def family_names_as_written() -> frozenset[str]:
    """Family names in small letters with their marks."""
    text = files("lienthong.engine.profile").joinpath("data/family_names.json").read_text(encoding="utf-8")
    return frozenset(unicodedata.normalize("NFC", name).casefold() for name in json.loads(text)["all"])


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    """Family names, folded."""
    return frozenset(map(folded, family_names_as_written()))


def without_kind(plain: str) -> str:
    """A folded name of a unit without the word for its kind: `phuong ba dinh` becomes `ba dinh`."""
    return _KINDS_OF_UNIT.sub("", plain)


def is_unit_title(plain: str) -> bool:
    """A folded name that begins with the word for a kind of unit: `xa an binh`; a few family names read the same."""
    return bool(_UNIT_TITLE.match(plain))
