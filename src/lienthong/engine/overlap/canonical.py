"""One spelling for equal values, before they are hashed; as SQL, and in Python for single values.

- text and codes: Unicode NFC, without marks, small letters, letters and digits only (`Phường Ba Đình` is
  `phuongbadinh`, `0101-234.567` is `0101234567`);
- telephone numbers: national form, `+84 912…` is `0912…`;
- numbers: shortest decimal form, decimal comma as point; whole numbers as digits;
- days in any of the usual orders: ISO; a moment at midnight is a day.

Besides this plain form there are two others, compared only with their like: `digits` (codes without leading
zeros, which spreadsheets lose) and `core` (names without the word for the kind of unit, `Ba Đình`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

KINDS_OF_UNIT = (
    "tinh", "thanh pho", "tp", "quan", "huyen", "thi xa", "tx", "thi tran", "tt", "phuong", "p", "xa", "x",
    "dac khu", "q", "h", "city of", "district of", "ward", "commune",
)  # fmt: skip
NO_VALUE = (
    "", "-", "--", "..", "...", "…", "n/a", "na", "null", "none", "khong co", "khong ro", "chua co", "#n/a",
)  # fmt: skip
_PREFIX = r"^(" + "|".join(sorted(KINDS_OF_UNIT, key=len, reverse=True)) + r")[ .]+"
_BLOCK = 64
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
    """SQL: the plain form of a name without the word for its kind of unit in front."""
    return letters_sql(f"regexp_replace({fold_sql(value)}, '{_PREFIX}', '')", value)


def phone_sql(value: str) -> str:
    """SQL: the national form of a telephone number."""
    return f"regexp_replace(regexp_replace({value}, '[^0-9]', '', 'g'), '^(0084|84)([35789][0-9]{{8}})$', '0\\2')"


def digits_sql(value: str) -> str:
    """SQL: the digits of a code without leading zeros."""
    bare = f"ltrim(regexp_replace({value}, '[^0-9]', '', 'g'), '0')"
    return f"CASE WHEN {bare} = '' THEN '0' ELSE {bare} END"


def number_sql(value: str) -> str:
    """SQL: the shortest decimal form of a number written with point or comma."""
    as_double = f"TRY_CAST(replace({value}, ',', '.') AS DOUBLE) + 0.0::DOUBLE"
    return f"regexp_replace(CAST({as_double} AS VARCHAR), '\\.0$', '')"


def day_sql(value: str) -> str:
    """SQL: the ISO form of a day written in one of the usual orders, day first where it is not clear."""
    even = f"replace(replace(left(trim({value}), 10), '.', '/'), '-', '/')"
    forms = ("'%d/%m/%Y'", "'%Y/%m/%d'", "'%Y%m%d'")
    tries = ", ".join(f"try_strptime({even}, {form})" for form in forms)
    return f"strftime(coalesce({tries}), '%Y-%m-%d')"


def canonical_text(value: str) -> str:
    """The plain form of one text, the same as `text_sql` gives."""
    marked = unicodedata.normalize("NFD", unicodedata.normalize("NFC", value).translate(_D))
    plain = "".join(letter for letter in marked if not unicodedata.combining(letter)).lower()
    bare = re.sub(r"[^a-z0-9]", "", plain)
    return bare or unicodedata.normalize("NFC", value).strip().lower()


def hash_sql(value: str, key: bytes) -> str:
    """SQL: the first 64 bits of HMAC-SHA-256 of a text (UTF-8) under this key, as UBIGINT."""
    inner, outer = _pads(key)
    first = f"from_hex(sha256(from_hex('{inner}') || encode({value})))"
    return f"CAST('0x' || left(sha256(from_hex('{outer}') || {first}), 16) AS UBIGINT)"


def hashed(value: str, key: bytes) -> int:
    """The first 64 bits of HMAC-SHA-256 of one text, the same as `hash_sql` gives."""
    return int.from_bytes(hmac.new(key, value.encode(), hashlib.sha256).digest()[:8], "big")


def _pads(key: bytes) -> tuple[str, str]:
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in key).hex(), bytes(b ^ 0x5C for b in key).hex()
