"""One short text that is equal for equal rows, in any order, on any engine.

The canonical form `c1` of a row is the text of its columns in the order of the table, joined by `|`:

- null: nothing at all;
- text, json: length in bytes of UTF-8, a colon, and the text in Unicode NFC without trailing spaces
  (so that padded CHAR columns and NFD spellings are equal to what people mean by them);
- integer, decimal: plain digits with `.`, without trailing zeros of a fraction (1.50 = 1.5; 2.00 = 2);
- double: the shortest decimal text that reads back the same, a trailing `.0` left out, -0 as 0;
- boolean: `1` or `0`; date: ISO; time and timestamp: ISO with a space, a fraction only where there is one;
  timestamps with a zone in UTC; binary: `x` and lower-case hexadecimal.

A length before each text makes the form unambiguous: no content can move from one column to the next
without changing it. The hash of a row is the first 64 bits of MD5 of that text (big-endian), chosen because
every database computes it; the digest of a table is the number of rows, the XOR and the sum (modulo 2**64) of
the hashes. XOR alone would not see rows that come in pairs; the sum does. It detects every accident and is
not a defence against somebody who can choose rows freely: receipts are signed elsewhere.

Since XOR and sum can be undone, the digest of a new version follows from that of the old one and the rows
that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lienthong.engine.session import quoted

FORM = "c1"
_MASK = (1 << 64) - 1
_TEXTS = ("VARCHAR", "JSON")
_LENGTHS = 64
# Letters of which every sequence is in NFC: Latin with all Vietnamese ones, and what keyboards have beside them.
_FIRM = "[" + "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ((0, 0x2FF), (0x1E00, 0x1E99),
        (0x1E9C, 0x1EFF), (0x2010, 0x205E), (0x20A0, 0x20BF))) + "]*"  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowDigest:
    """Count, XOR and sum of the row hashes; written as `c1:<rows>:<xor>:<sum>` in lower-case hexadecimal."""

    rows: int = 0
    xor: int = 0
    sum: int = 0

    def __str__(self) -> str:
        return self.written(FORM)

    def written(self, form: str) -> str:
        """The digest as text, of rows that were hashed in this form."""
        return f"{form}:{self.rows}:{self.xor:016x}:{self.sum:016x}"

    def __add__(self, other: RowDigest) -> RowDigest:
        return RowDigest(self.rows + other.rows, self.xor ^ other.xor, (self.sum + other.sum) & _MASK)

    def __sub__(self, other: RowDigest) -> RowDigest:
        return RowDigest(self.rows - other.rows, self.xor ^ other.xor, (self.sum - other.sum) & _MASK)

    @classmethod
    def read(cls, text: str) -> RowDigest:
        """The digest that was written as this text; ValueError for any other form."""
        form, rows, xor, total = text.split(":")
        if form != FORM:
            raise ValueError(f"canonical form {form!r} is not {FORM!r}")
        return cls(int(rows), int(xor, 16), int(total, 16))

    @classmethod
    def of(cls, counted: Sequence[int | None]) -> RowDigest:
        """The digest of a row (count, xor, sum) as `digest_columns` selects it."""
        rows, xor, total = counted
        return cls(int(rows or 0), int(xor or 0), int(total or 0) & _MASK)


def canonical_value(expression: str, native_type: str) -> str:
    """SQL (DuckDB) for the canonical text of one value of this type; null stays null."""
    kind = native_type.upper()
    if kind in ("VARCHAR", "JSON"):
        text = f"rtrim(nfc_normalize(CAST({expression} AS VARCHAR)), ' ')"
        return f"strlen({text}) || ':' || {text}"
    if kind == "BOOLEAN":
        return f"CASE WHEN {expression} THEN '1' WHEN NOT {expression} THEN '0' END"
    if kind.startswith("DECIMAL"):
        if kind.endswith(",0)"):
            return f"CAST({expression} AS VARCHAR)"
        number = f"CAST({expression} AS VARCHAR)"
        return f"CASE WHEN ends_with({number}, '0') THEN rtrim(rtrim({number}, '0'), '.') ELSE {number} END"
    if kind == "DOUBLE":
        return f"regexp_replace(CAST({expression} + 0.0::DOUBLE AS VARCHAR), '\\.0$', '')"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({expression} AT TIME ZONE 'UTC' AS VARCHAR)"
    if kind == "BLOB":
        return f"'x' || lower(hex({expression}))"
    return f"CAST({expression} AS VARCHAR)"


def canonical_row(columns: Sequence[tuple[str, str]]) -> str:
    """SQL (DuckDB) for the canonical text of a row with these (name, native type) columns."""
    loose = loose_row(columns)
    strict = _joined(columns, lambda name: f"rtrim(nfc_normalize({name}), ' ')")
    return f"CASE WHEN {loose} THEN {strict} ELSE {_joined(columns, str)} END" if loose else strict


def loose_row(columns: Sequence[tuple[str, str]]) -> str:
    """SQL (DuckDB) that is true of a row in which a text is not written canonically; empty where there is no text.

    Not true of any other row, but for rare letters outside of those that are always in NFC.
    """
    return " OR ".join(
        f"ends_with({text}, ' ') OR (strlen({text}) <> length({text}) AND NOT regexp_full_match({text}, '{_FIRM}'))"
        for text in _texts(columns)
    )


def has_loose_rows(
    ask: Callable[[str], Sequence[Any]], relation: str, columns: Sequence[tuple[str, str]]
) -> bool:
    """Whether `loose_row` is true of any row; `ask` gives the one row that a statement of DuckDB answers.

    Letter by letter only columns are read that hold more than ASCII.
    """
    texts = _texts(columns)
    if not texts:
        return False
    sums = ", ".join(
        f"sum(strlen({text})), sum(length({text})), bool_or(ends_with({text}, ' '))" for text in texts
    )
    found = list(ask(f"SELECT {sums} FROM {relation}"))
    wide = []
    for place, text in enumerate(texts):
        in_bytes, in_letters, ends = found[3 * place : 3 * place + 3]
        if ends:
            return True
        if in_bytes != in_letters:
            wide.append(f"coalesce(bool_or(NOT regexp_full_match({text}, '{_FIRM}')), false)")
    return bool(wide) and any(ask(f"SELECT {', '.join(wide)} FROM {relation}"))


def texts_among(columns: Sequence[tuple[str, str]]) -> list[str]:
    """The names of the columns of these (name, native type) that hold texts."""
    return [name for name, native in columns if native.upper() in _TEXTS]


def _texts(columns: Sequence[tuple[str, str]]) -> list[str]:
    return [_text(name, native) for name, native in columns if native.upper() in _TEXTS]


def _joined(columns: Sequence[tuple[str, str]], written: Callable[[str], str]) -> str:
    parts: list[str] = []
    for place, (name, native) in enumerate(columns):
        apart = "|" if place else ""
        if native.upper() in _TEXTS:
            text = written(_text(name, native))
            # Looked up, a length costs a third of what writing it does; only of longer texts it is written.
            known = ", ".join(f"'{apart}{length}:'" for length in range(1, _LENGTHS))
            long = f"'{apart}' || strlen({text}) || ':'"
            parts.append(f"coalesce(list_extract([{known}], strlen({text})), {long}, '{apart}'), {text}")
        else:
            parts.append(
                f"'{apart}', {canonical_value(quoted(name), native)}"
                if apart
                else canonical_value(quoted(name), native)
            )
    return f"concat({', '.join(parts)})"


def _text(name: str, native: str) -> str:
    return quoted(name) if native.upper() == "VARCHAR" else f"CAST({quoted(name)} AS VARCHAR)"


def row_hash(columns: Sequence[tuple[str, str]]) -> str:
    """SQL (DuckDB) for the 64-bit hash of a row."""
    return f"CAST('0x' || left(md5({canonical_row(columns)}), 16) AS UBIGINT)"


def hashed_rows(relation: str, columns: Sequence[tuple[str, str]], name: str, *, firm: bool = False) -> str:
    """SQL (DuckDB) that selects the rows of a relation, all its columns, and the 64-bit hash of each under this name.

    `firm` says that every text is written canonically; where `loose_row` is true all the same, the hash is another.
    """
    row = _joined(columns, str) if firm else canonical_row(columns)
    # MD5 as a number is cheaper than as text. It comes with its bytes the other way round: they are turned by halves.
    turned = f"SELECT *, CAST(md5_number({row}) & {_MASK} AS UBIGINT) AS {name} FROM {relation}"
    for bits, kept in ((8, 0x00FF00FF00FF00FF), (16, 0x0000FFFF0000FFFF), (32, 0x00000000FFFFFFFF)):
        swapped = f"(({name} >> {bits}) & {kept}) | (({name} & {kept}) * {1 << bits})"
        turned = f"SELECT * REPLACE ({swapped} AS {name}) FROM ({turned})"
    return turned


def digest_query(relation: str, columns: Sequence[tuple[str, str]]) -> str:
    """SQL (DuckDB) that selects count, XOR and sum of the row hashes of a relation, for `RowDigest.of`."""
    hashes = f"SELECT {row_hash(columns)} AS _hash FROM {relation}"
    return f"SELECT count(*), bit_xor(_hash), sum(_hash) FROM ({hashes})"
