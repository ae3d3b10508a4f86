"""One spelling for equal values, before they are hashed; as SQL, and in Python for single values.

- text and codes: Unicode NFC, without marks, small letters, letters and digits only (`Phường Ba Đình` is
  `phuongbadinh`, `0101-234.567` is `0101234567`);
- telephone numbers: national form, `+84 912…` is `0912…`;
- numbers: shortest decimal form, decimal comma as point; whole numbers as digits;
- days in any of the usual orders: ISO; a moment at midnight is a day.

Besides this plain form there are three others, compared only with their like: `digits` (codes without leading
zeros, which spreadsheets lose), `core` (names and addresses without the words for kinds of units, streets and
companies, `Ba Đình`) and `day` (the day of a moment, or of the number by which a spreadsheet counts it).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

from lienthong.engine.portable import keyed_hash, pads_of

KINDS_OF_UNIT = (
    "tinh", "thanh pho", "tp", "quan", "huyen", "thi xa", "tx", "thi tran", "tt", "phuong", "p", "xa", "x",
    "dac khu", "q", "h", "city of", "district of", "ward", "commune",
)  # fmt: skip
NO_VALUE = (
    "", "-", "--", "..", "...", "…", "n/a", "na", "null", "none", "khong co", "khong ro", "chua co", "#n/a",
)  # fmt: skip
KINDS_OF_COMPANY = (
    "cong ty", "cty", "tnhh", "trach nhiem huu han", "mtv", "mot thanh vien", "hai thanh vien", "co phan", "cp", "dntn",
    "doanh nghiep tu nhan", "hop tac xa", "htx", "co ltd", "ltd", "jsc", "company", "limited", "joint stock",
)  # fmt: skip
KINDS_OF_STREET = (
    "so nha", "so", "duong", "pho", "khu pho", "to dan pho", "thon", "ap", "to", "ngo", "hem", "street", "st", "road", "t",
)  # fmt: skip
_KINDS = r"\b(" + "|".join(
    sorted((*KINDS_OF_UNIT, *KINDS_OF_COMPANY, *KINDS_OF_STREET), key=len, reverse=True)
) + r")\b"  # fmt: skip
_D = str.maketrans({"đ": "d", "Đ": "D"})


def fold_sql(value: str) -> str:
    """SQL (DuckDB): the text without marks, in small letters, single spaces."""
    plain = f"replace(replace(nfc_normalize({value}), 'Đ', 'D'), 'đ', 'd')"
    return f"trim(regexp_replace(lower(strip_accents({plain})), '\\s+', ' ', 'g'))"


def letters_sql(folded_value: str, original: str) -> str:
    """SQL: a folded text reduced to letters and digits; text of other scripts as it is."""
    bare = f"regexp_replace({folded_value}, '[^a-z0-9]', '', 'g')"
    return f"CASE WHEN {bare} = '' THEN lower(trim(nfc_normalize({original}))) ELSE {bare} END"


def text_sql(value: str) -> str:
    """SQL: the plain form of a text or code."""
    return letters_sql(fold_sql(value), value)


def core_sql(value: str) -> str:
    """SQL: the plain form of a name or address without the words for kinds of units, streets and companies."""
    spaced = f"regexp_replace({fold_sql(value)}, '[^a-z0-9]+', ' ', 'g')"
    return letters_sql(f"regexp_replace({spaced}, '{_KINDS}', '', 'g')", value)


def phone_sql(value: str) -> str:
    """SQL: the national form of a telephone number."""
    return f"regexp_replace(regexp_replace({value}, '[^0-9]', '', 'g'), '^(0084|84)([235789][0-9]{{8,9}})$', '0\\2')"


def digits_sql(value: str) -> str:
    """SQL: the digits of a code without leading zeros."""
    bare = f"ltrim(regexp_replace({value}, '[^0-9]', '', 'g'), '0')"
    return f"CASE WHEN {bare} = '' THEN '0' ELSE {bare} END"


def number_sql(value: str) -> str:
    """SQL: the shortest decimal form of a number written with point or comma."""
    as_double = f"TRY_CAST(replace({value}, ',', '.') AS DOUBLE) + 0.0::DOUBLE"
    return f"regexp_replace(CAST({as_double} AS VARCHAR), '\\.0$', '')"


def thousands_sql(value: str) -> str:
    """SQL: the shortest decimal form of a number with points between thousands and a decimal comma."""
    return number_sql(f"replace({value}, '.', '')")


def day_sql(value: str) -> str:
    """SQL: the ISO form of a day written in one of the usual orders, day first where it is not clear; of a moment its day."""
    alone = f"split_part(split_part(trim({value}), ' ', 1), 'T', 1)"
    even = f"replace(replace({alone}, '.', '/'), '-', '/')"
    forms = ("'%d/%m/%Y'", "'%Y/%m/%d'", "'%Y%m%d'")
    tries = ", ".join(f"try_strptime({even}, {form})" for form in forms)
    return f"strftime(coalesce({tries}), '%Y-%m-%d')"


def month_first_sql(value: str) -> str:
    """SQL: the ISO form of a day written month first."""
    return f"strftime(try_strptime(replace(trim({value}), '-', '/'), '%m/%d/%Y'), '%Y-%m-%d')"


def day_first_packed_sql(value: str) -> str:
    """SQL: the ISO form of a day written as eight digits, day first."""
    return f"strftime(try_strptime(lpad(trim({value}), 8, '0'), '%d%m%Y'), '%Y-%m-%d')"


def born_sql(value: str) -> str:
    """SQL: the middle of the year of birth that a citizen number tells, in days since 1970; NULL where it tells none."""
    number = f"lpad(trim({value}), 12, '0')"
    century = f"TRY_CAST(substr({number}, 4, 1) AS INTEGER)"
    year = f"1900 + 100 * ({century} // 2) + TRY_CAST(substr({number}, 5, 2) AS INTEGER)"
    return f"CASE WHEN {century} <= 3 THEN ({year} - 1970) * 365.25 + 182.0 END"


def serial_day_sql(value: str) -> str:
    """SQL: the ISO form of a day that a spreadsheet counts from the end of 1899."""
    return f"strftime(DATE '1899-12-30' + TRY_CAST({value} AS INTEGER), '%Y-%m-%d')"


def canonical_text(value: str) -> str:
    """The plain form of one text, the same as `text_sql` gives."""
    marked = unicodedata.normalize("NFD", unicodedata.normalize("NFC", value).translate(_D))
    plain = "".join(letter for letter in marked if not unicodedata.combining(letter)).lower()
    bare = re.sub(r"[^a-z0-9]", "", plain)
    return bare or unicodedata.normalize("NFC", value).strip().lower()


def hash_sql(value: str, key: bytes) -> str:
    """SQL: the first 64 bits of HMAC-SHA-256 of a text (UTF-8) under this key, as UBIGINT."""
    return f"CAST('0x' || {keyed_hash('duckdb', value, key)} AS UBIGINT)"


def hashed(value: str, key: bytes) -> int:
    """The first 64 bits of HMAC-SHA-256 of one text, the same as `hash_sql` gives."""
    return int.from_bytes(hmac.digest(key, value.encode(), "sha256")[:8], "big")


def hashes_of(values: Iterable[str], key: bytes) -> bytes:
    """What `hashed` gives for each of these texts, as eight bytes each; the key is made ready once."""
    inner, outer = (hashlib.sha256(bytes.fromhex(pad)) for pad in pads_of(key))
    found = bytearray()
    for value in values:
        first, second = inner.copy(), outer.copy()
        first.update(value.encode())
        second.update(first.digest())
        found += second.digest()[:8]
    return bytes(found)
