"""The canonical text of a value, in the SQL of each database, so that a live table is digested where it lies.

What the form `c1` is stands in `digests`. Here it is written for values of the kinds that databases have: `native` is
what a column holds, `kind` as what it is compared. Both sides of a comparison use one kind per column; where both are
stored alike the form is that of a published version.

A few values have no SQL that is right on every server, such as text on MySQL that may not be in NFC: `escaped` tells
them, and their rows are read and hashed here instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from lienthong.engine.session import literal

Native = Literal[
    "text", "integer", "decimal", "double", "single", "boolean", "date", "time", "naive", "aware", "json", "binary"
]  # fmt: skip
"""What a column holds: `single` is a double of half the width, `naive` a moment without a zone, `aware` one with."""

Kind = Literal["text", "number", "double", "boolean", "date", "time", "moment", "json", "binary"]
"""As what the values of two columns are compared."""

KINDS: tuple[str, ...] = get_args(Kind)

Server = Literal["duckdb", "postgresql", "mysql"]

ZONED = "TIMESTAMP WITH TIME ZONE"

# Letters of which every sequence is in NFC, as PCRE and ICU both take them: Latin with all Vietnamese letters, dashes
# and quotation marks, currencies, Han and Hangul syllables.
ALWAYS_NFC = (
    (0x0001, 0x02FF), (0x1E00, 0x1E99), (0x1E9C, 0x1EFF), (0x2010, 0x205E), (0x20A0, 0x20BF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
)  # fmt: skip
_NUMERAL = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HOUR = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r":[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_MOMENT = rf"{_DAY}[T ]{_HOUR} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?"


def offset_minutes(zone: str) -> int | None:
    """Minutes east of UTC of a zone that is written as such (`+07:00`); None for one that has a name."""
    if not re.fullmatch(r"[+-][0-9]{2}:[0-5][0-9]", zone):
        return None
    minutes = 60 * int(zone[1:3]) + int(zone[4:])
    return -minutes if zone[0] == "-" else minutes


def agreed(left: Native, right: Native) -> Kind | None:
    """As what a column of each side is compared; None where no comparison means anything."""
    return _ALONE[left] if left == right else _AGREED.get(frozenset((left, right)))


_ALONE: dict[Native, Kind] = {
    "text": "text", "integer": "number", "decimal": "number", "double": "double", "single": "double",
    "boolean": "boolean", "date": "date", "time": "time", "naive": "moment", "aware": "moment", "json": "json",
    "binary": "binary",
}  # fmt: skip


def _agreements() -> dict[frozenset[str], Kind]:
    numbers = ("integer", "decimal", "boolean")
    found: dict[frozenset[str], Kind] = {}
    for one in numbers:
        for other in (*numbers, "double", "single"):
            found[frozenset((one, other))] = "number"
    found[frozenset(("double", "single"))] = "double"
    for one in ("date", "naive", "aware"):
        for other in ("naive", "aware"):
            found[frozenset((one, other))] = "moment"
    for one in ("integer", "decimal", "double", "single"):
        found[frozenset((one, "text"))] = "number"
    found[frozenset(("boolean", "text"))] = "boolean"
    found[frozenset(("date", "text"))] = "date"
    found[frozenset(("time", "text"))] = "time"
    found[frozenset(("naive", "text"))] = found[frozenset(("aware", "text"))] = "moment"
    found[frozenset(("json", "text"))] = "json"
    return found


_AGREED = _agreements()


def is_told_in_place(server: Server, native: Native, kind: Kind) -> bool:
    """Whether this server can write the canonical text itself; otherwise its rows are read and written here."""
    if server == "duckdb":
        return True
    return kind != "json" and (native != "text" or kind == "text")


def canonical(server: Server, value: str, native: Native, kind: Kind, zone: str | None = None) -> str:
    """SQL for the canonical text of one value; null stays null. `zone` is that of moments which name none."""
    if server == "duckdb":
        return _duckdb(value, native, kind, zone)
    if server == "postgresql":
        return _postgresql(value, native, kind, zone)
    return _mysql(value, native, kind, zone)


_PARTS_AT_MOST = 99


def row_hash(server: Server, texts: Sequence[str]) -> str:
    """SQL for the 64-bit hash of a row with these canonical texts; PostgreSQL gives it signed."""
    if server == "duckdb":
        return f"CAST('0x' || left(md5(concat({_joined(texts)})), 16) AS UBIGINT)"
    if server == "postgresql":
        return f"('x' || left(md5({_concatenated(texts)}), 16))::bit(64)::bigint"
    whole = ", '|', ".join(f"COALESCE({text}, '')" for text in texts)
    return f"CAST(CONV(LEFT(MD5(CONCAT({whole})), 16), 16, 10) AS UNSIGNED)"


def escaped(server: Server, value: str, native: Native, kind: Kind) -> str | None:
    """SQL that is true for values whose canonical text this server cannot write; None when there are none such."""
    if server != "mysql":
        return None
    if native == "text":
        letters = "".join(f"{chr(first)}-{chr(last)}" for first, last in ALWAYS_NFC)
        # The backslash is a letter like others inside the class, but not for the server that reads the text.
        letters = letters.replace("\\", "\\\\").replace("'", "''")
        return f"(CONVERT({value} USING utf8mb4) COLLATE utf8mb4_bin) REGEXP '[^{letters}]'"
    if native in ("double", "single"):
        return f"({value} <> 0 AND (ABS({value}) >= 1e15 OR ABS({value}) < 1e-4))"
    return None


def _concatenated(texts: Sequence[str]) -> str:
    """SQL of PostgreSQL for the texts of a row as one; it takes at most a hundred parts at a time."""
    parts = _parted(texts)
    if len(parts) <= _PARTS_AT_MOST:
        return f"concat({', '.join(parts)})"
    groups = [parts[first : first + _PARTS_AT_MOST] for first in range(0, len(parts), _PARTS_AT_MOST)]
    return f"concat({', '.join('concat(' + ', '.join(group) + ')' for group in groups)})"


def _joined(texts: Sequence[str]) -> str:
    return ", ".join(_parted(texts))


def _parted(texts: Sequence[str]) -> list[str]:
    return [part for text in texts for part in ("'|'", text)][1:]


def _duckdb(value: str, native: Native, kind: Kind, zone: str | None) -> str:
    if native == "text":
        return _duckdb_text(value, kind, zone)
    if kind == "moment":
        return f"CAST({_duckdb_moment(value, native, zone)} AS VARCHAR)"
    if native == "json":
        return _with_length(f"lt_json(CAST({value} AS VARCHAR))")
    if native == "boolean":
        return f"CASE WHEN {value} THEN '1' WHEN NOT {value} THEN '0' END"
    if native == "integer":
        return f"CAST({value} AS VARCHAR)"
    if native == "decimal":
        text = f"CAST({value} AS VARCHAR)"
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    if native in ("double", "single"):
        text = f"regexp_replace(CAST(CAST({value} AS DOUBLE) + 0.0::DOUBLE AS VARCHAR), '\\.0$', '')"
        if kind == "double":
            return text
        # An exact number on the other side has no exponent.
        large = f"CAST(TRY_CAST(CAST({value} AS VARCHAR) AS DECIMAL(38,0)) AS VARCHAR)"
        small = f"rtrim(CAST(TRY_CAST(CAST({value} AS VARCHAR) AS DECIMAL(38,30)) AS VARCHAR), '0')"
        return (
            f"CASE WHEN contains({text}, 'e+') THEN coalesce({large}, {text}) "
            f"WHEN contains({text}, 'e-') THEN coalesce({small}, {text}) ELSE {text} END"
        )
    if native == "binary":
        return f"'x' || lower(hex({value}))"
    return f"CAST({value} AS VARCHAR)"


def _duckdb_moment(value: str, native: Native, zone: str | None) -> str:
    if native == "aware":
        return f"(CAST({value} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    plain = f"CAST({value} AS TIMESTAMP)"
    return _duckdb_in_utc(plain, zone) if zone and native == "naive" else plain


def _duckdb_in_utc(moment: str, zone: str) -> str:
    minutes = offset_minutes(zone)
    if minutes is not None:
        return f"({moment} - INTERVAL ({minutes}) MINUTE)"
    return f"(({moment} AT TIME ZONE {literal(zone)}) AT TIME ZONE 'UTC')"


def _duckdb_text(value: str, kind: Kind, zone: str | None) -> str:
    """Text that is compared with what another side keeps in a type: read as that type where it is one."""
    text = f"rtrim(nfc_normalize(CAST({value} AS VARCHAR)), ' ')"
    as_text = f"strlen({text}) || ':' || {text}"
    if kind == "text":
        return as_text
    if kind == "json":
        return _with_length(f"lt_json({text})")
    if kind == "boolean":
        return (
            f"CASE lower({text}) WHEN '1' THEN '1' WHEN 'true' THEN '1' WHEN 't' THEN '1' WHEN '0' THEN '0' "
            f"WHEN 'false' THEN '0' WHEN 'f' THEN '0' ELSE {as_text} END"
        )
    if kind == "moment":
        moment = f"TRY_CAST({text} AS TIMESTAMP)"
        if zone:
            moment = _duckdb_in_utc(moment, zone)
        zoned = f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
        moment = f"CASE WHEN regexp_matches({text}, {literal(_OFFSET)}) THEN {zoned} ELSE {moment} END"
        form = f"regexp_full_match({text}, {literal(_MOMENT)}) OR regexp_full_match({text}, '{_DAY}')"
        return f"CASE WHEN {form} THEN coalesce(CAST({moment} AS VARCHAR), {as_text}) ELSE {as_text} END"
    form, typed = {
        "number": (_NUMERAL, ""),
        "double": (_NUMERAL, ""),
        "date": (_DAY, "DATE"),
        "time": (_HOUR, "TIME"),
    }[kind]
    if typed:
        read = f"coalesce(CAST(TRY_CAST({text} AS {typed}) AS VARCHAR), {as_text})"
    else:
        trimmed = f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
        read = f"CASE WHEN regexp_full_match({text}, '-0(\\.0+)?') THEN '0' ELSE {trimmed} END"
    return f"CASE WHEN regexp_full_match({text}, {literal(form)}) THEN {read} ELSE {as_text} END"


def _with_length(text: str) -> str:
    return f"strlen({text}) || ':' || {text}"


def _postgresql(value: str, native: Native, kind: Kind, zone: str | None) -> str:
    if kind == "moment":
        return f"({_postgresql_moment(value, native, zone)})::text"
    if native == "text":
        plain, normal = f"rtrim({value}::text)", f"rtrim(normalize({value}::text))"
        return (
            f"CASE WHEN octet_length({value}::text) = char_length({value}::text) OR {value}::text IS NORMALIZED "
            f"THEN octet_length({plain}) || ':' || {plain} ELSE octet_length({normal}) || ':' || {normal} END"
        )
    if native == "boolean":
        return f"CASE WHEN {value} THEN '1' WHEN NOT {value} THEN '0' END"
    if native == "decimal":
        return f"trim_scale({value}::numeric)::text"
    if native in ("double", "single"):
        number = f"({value})::float8"
        text = f"CASE {number} WHEN 'NaN' THEN 'nan' WHEN 'Infinity' THEN 'inf' WHEN '-Infinity' THEN '-inf' WHEN 0 THEN '0' ELSE "
        if kind == "double":
            plain = f"abs({number}) >= 1e15 AND abs({number}) < 1e16"
            return f"{text} CASE WHEN {plain} THEN {number}::text::numeric::text ELSE {number}::text END END"
        return f"{text} trim_scale({number}::text::numeric)::text END"
    if native == "date":
        return f"CASE WHEN {value} < '0001-01-01' THEN replace({value}::text, ' BC', ' (BC)') ELSE {value}::text END"
    if native == "binary":
        return f"'x' || encode({value}, 'hex')"
    return f"{value}::text"


def _postgresql_moment(value: str, native: Native, zone: str | None) -> str:
    if native == "aware":
        return f"{value} AT TIME ZONE 'UTC'"
    if native == "date":
        return f"{value}::timestamp"
    if not zone:
        return value
    # An offset alone would be read the other way round, west of Greenwich.
    named = literal(zone) if offset_minutes(zone) is None else f"INTERVAL '{offset_minutes(zone)} minutes'"
    return f"({value} AT TIME ZONE {named}) AT TIME ZONE 'UTC'"


def _mysql(value: str, native: Native, kind: Kind, zone: str | None) -> str:
    text = f"CAST({value} AS CHAR CHARACTER SET utf8mb4)"
    if native == "text":
        plain = f"RTRIM(CONVERT({value} USING utf8mb4))"
        return f"CONCAT(OCTET_LENGTH({plain}), ':', {plain})"
    if kind == "moment":
        if native == "date":
            return f"CONCAT({text}, ' 00:00:00')"
        if zone and native == "naive":
            text = f"CAST(CONVERT_TZ({value}, {literal(zone)}, '+00:00') AS CHAR CHARACTER SET utf8mb4)"
        return _mysql_trimmed(text)
    if native == "integer":
        return f"CAST({value} + 0 AS CHAR CHARACTER SET utf8mb4)"
    if native in ("decimal", "time"):
        return _mysql_trimmed(text)
    if native in ("double", "single"):
        return f"CASE WHEN {value} = 0 THEN '0' ELSE CAST(CAST({value} AS DOUBLE) AS CHAR CHARACTER SET utf8mb4) END"
    if native == "binary":
        return f"CONCAT('x', LOWER(HEX({value})))"
    return text


def _mysql_trimmed(text: str) -> str:
    trimmed = f"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {text}))"
    return f"CASE WHEN INSTR({text}, '.') THEN {trimmed} ELSE {text} END"
