"""What Spark is asked, as SQL text: canonical values, and the conditions of `portable` written from DuckDB's text.

Spark has no Unicode normalisation, older Java prints some doubles longer than needed, and its days begin with year 1. So
each expression here is right for *firm* values and `loose_value` is true for all others: those are read and measured by
DuckDB, and the two results are one by addition. Names of functions are those of Spark 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lienthong.engine.portable import Condition

# Letters and signs of which every sequence is in NFC and which all engines fold, trim and match alike: Latin with all
# Vietnamese letters, punctuation without the odd spaces, currencies, Han, Hangul, emoji.
FIRM = (
    (0x00, 0x9F), (0xA1, 0x12F), (0x131, 0x2FF), (0x1E00, 0x1E99), (0x1E9F, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20A0, 0x20BF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1F300, 0x1F64F),
)  # fmt: skip
_FIRM = "^[" + "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in FIRM) + "]*\\z"
TEXTS = ("VARCHAR", "JSON")
_MOST_DIGITS = 15
"""Two decimals of so many digits are never one double: a text as short is the shortest."""

_ESCAPED = str.maketrans({"\\": "\\\\", "'": "\\'", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def quoted(name: str) -> str:
    """A name as Spark takes it."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A text as Spark takes it; its backslashes would be read as signs of their own."""
    return "'" + text.translate(_ESCAPED) + "'"


def is_firm_text(value: str) -> str:
    """SQL that is true of texts that Spark treats as DuckDB does."""
    return f"regexp_like({value}, {literal(_FIRM)})"


def canonical_value(value: str, native: str) -> str:
    """SQL (Spark) for the canonical text `c1` of a firm value of this type as the store keeps it; null stays null."""
    kind = native.upper()
    if kind in TEXTS:
        text = f"rtrim({value})"
        return f"concat(CAST(octet_length({text}) AS STRING), ':', {text})"
    if kind == "BOOLEAN":
        return f"CASE WHEN {value} THEN '1' WHEN NOT {value} THEN '0' END"
    if kind.startswith("DECIMAL"):
        return _trimmed(f"CAST({value} AS STRING)")
    if kind == "DOUBLE":
        number = f"CAST(try_cast(CAST({value} AS STRING) AS DECIMAL(38,20)) AS STRING)"
        return f"CASE WHEN {value} = 0 THEN '0' ELSE {_trimmed(number)} END"
    if kind == "BLOB":
        return f"concat('x', lower(hex({value})))"
    return f"CAST({value} AS STRING)"


def loose_value(value: str, native: str) -> str | None:
    """SQL (Spark) that is true of values which it may write or measure otherwise than DuckDB; None where it never does."""
    kind = native.upper()
    if kind in TEXTS:
        return f"({value} IS NOT NULL AND NOT {is_firm_text(value)})"
    if kind == "DOUBLE":
        digits = f"regexp_replace(regexp_replace(CAST({value} AS STRING), '[Ee].*', ''), '[^0-9]', '')"
        plain = f"abs({value}) >= 1e-4 AND abs({value}) < 1e15 AND length({digits}) <= {_MOST_DIGITS}"
        return f"({value} IS NOT NULL AND NOT ({value} = 0 OR (NOT isnan({value}) AND {plain})))"
    if kind in ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"):
        return f"({value} IS NOT NULL AND NOT (year({value}) BETWEEN 1 AND 9999))"
    return None


def loose_row(columns: Sequence[tuple[str, str]]) -> str:
    """SQL (Spark) that is true of rows with a loose value."""
    asked = [loose_value(quoted(name), native) for name, native in columns]
    return " OR ".join(one for one in asked if one is not None) or "false"


def row_halves(columns: Sequence[tuple[str, str]], relation: str) -> str:
    """SQL (Spark) for the halves of the 64-bit hash of each row, whether it is loose, and nothing else."""
    parts = ", '|', ".join(
        f"coalesce({canonical_value(quoted(name), native)}, '')" for name, native in columns
    )
    loose = loose_row(columns)
    hashed = f"SELECT {loose} AS loose, md5(concat({parts})) AS h FROM {relation}"
    return (
        f"SELECT loose, CAST(conv(substring(h, 1, 8), 16, 10) AS BIGINT) AS high, "
        f"CAST(conv(substring(h, 9, 8), 16, 10) AS BIGINT) AS low FROM ({hashed})"
    )


def _trimmed(number: str) -> str:
    return f"CASE WHEN instr({number}, '.') > 0 THEN trim(TRAILING '.' FROM trim(TRAILING '0' FROM {number})) ELSE {number} END"


def condition_sql(condition: Condition, value: str) -> str:
    """A condition of `portable` on a firm value, as Spark writes it."""
    return spark_sql(condition.sql("duckdb", value))


def spark_sql(text: str) -> str:
    """DuckDB's text of a condition in Spark's words. Knows the functions that conditions use, and no others."""
    written, at = _sequence(text, 0)
    if at != len(text):
        raise ValueError("a bracket is closed that was never opened")
    return written


_TOKEN = re.compile(
    r"'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*\s*\(|[A-Za-z_][A-Za-z0-9_]*|[()\[\],]|//|[^A-Za-z_'()\[\],/]+|/",
    re.S,
)
_WORDS = ("CASE", "WHEN", "THEN", "ELSE", "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "AS", "CAST")


def _sequence(text: str, at: int) -> tuple[str, int]:
    """What stands up to the end, or up to a comma or bracket that belongs to what is around it."""
    out: list[str] = []
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"not understood: {text[at : at + 20]!r}")
        part_read = found.group()
        if part_read in (",", ")", "]"):
            break
        at = found.end()
        if part_read.startswith("'"):
            out.append(literal(part_read[1:-1].replace("''", "'")))
        elif part_read == "//":
            out.append(" div ")
        elif part_read in ("(", "["):
            parts, at = _listed(text, at)
            out.append(f"array({', '.join(parts)})" if part_read == "[" else f"({', '.join(parts)})")
        elif part_read.endswith("("):
            name = part_read[:-1].strip()
            parts, at = _listed(text, at)
            out.append(_called(name, parts))
        else:
            out.append(part_read)
    return "".join(out).strip() if at < len(text) else "".join(out), at


def _listed(text: str, at: int) -> tuple[list[str], int]:
    parts = []
    while True:
        part, at = _sequence(text, at)
        parts.append(part.strip())
        if at >= len(text):
            raise ValueError("a bracket is not closed")
        at += 1
        if text[at - 1] != ",":
            return parts, at


def _whole(parts: list[str]) -> str:
    subject, pattern = parts
    flag = "(?i)" if pattern.startswith("'(?i)") else ""
    inner = _pattern("'" + pattern[1 + len(flag) :])[1:-1]
    return f"regexp_like({subject}, '{flag}^(?:{inner})\\\\z')"


def _matched(parts: list[str]) -> str:
    subject, pattern = parts
    return f"regexp_like({subject}, {_pattern(pattern)})"


_SPACES = "\\\\t\\\\n\\\\f\\\\r "


def _pattern(written: str) -> str:
    """A pattern whose shorthands mean what they mean to DuckDB: the vertical tab is no space, the end is the very end."""
    out, inside, at = [], False, 0
    while at < len(written):
        sign = written[at : at + 3] if written.startswith("\\\\", at) else written[at]
        at += len(sign)
        if sign == "\\\\s":
            out.append(_SPACES if inside else f"[{_SPACES}]")
        elif sign == "\\\\S":
            out.append(f"[^{_SPACES}]")
        elif sign == "$" and not inside:
            out.append("\\\\z")
        else:
            inside = (inside or sign == "[") and sign != "]"
            out.append(sign)
    return "".join(out)


def _bare(parts: list[str]) -> str:
    # Spaces that are no plain ones make a value loose, so only plain ones are there to be trimmed.
    return f"btrim({parts[0]}, {parts[1]})" if len(parts) == 2 else f"btrim({parts[0]})"


def _unmarked(parts: list[str]) -> str:
    return f"translate({parts[0]}, {literal(_MARKED)}, {literal(_PLAIN)})"


def _tables() -> tuple[str, str]:
    import unicodedata

    pairs = []
    for first, last in FIRM:
        for point in range(max(first, 0x80), min(last, 0x1EFF) + 1):
            taken = unicodedata.normalize("NFD", chr(point))
            rest = [one for one in taken if not unicodedata.combining(one)]
            if len(taken) > 1 and len(rest) == 1:
                pairs.append((chr(point), rest[0]))
    return "".join(one for one, _ in pairs), "".join(other for _, other in pairs)


_MARKED, _PLAIN = _tables()
_RENAMED = {"strlen": "octet_length"}
_KEPT = ("length", "lower", "upper", "replace", "translate", "contains", "ascii", "left", "regexp_replace", "coalesce",
         "char_length", "abs", "greatest", "lpad", "IN", "AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "BETWEEN")  # fmt: skip
_CALLS: dict[str, Callable[[list[str]], str]] = {
    "regexp_full_match": _whole,
    "regexp_matches": _matched,
    "list_contains": lambda parts: f"array_contains({', '.join(parts)})",
    "trim": _bare,
    "strip_accents": _unmarked,
    "chr": lambda parts: literal(chr(int(parts[0]))),
    "CAST": lambda parts: f"try_cast({parts[0].replace(' AS VARCHAR', ' AS STRING')})",
    "nfc_normalize": lambda parts: parts[0],
}


def _called(name: str, parts: list[str]) -> str:
    if name in _CALLS:
        return _CALLS[name](parts)
    if name in _RENAMED:
        return f"{_RENAMED[name]}({', '.join(parts)})"
    if name in _KEPT:
        return f"{name} ({', '.join(parts)})" if name.isupper() else f"{name}({', '.join(parts)})"
    raise ValueError(f"Spark has no word for {name}")
