"""How DuckDB's types and values become ours: one of ten column types, and scalars that JSON can hold."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lienthong.engine.shapes import ColumnType, JsonScalar

LONGEST_TEXT = 1000
"""Characters of a text kept as smallest or largest value; the rest is cut and shown by an ellipsis."""

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
             "UBIGINT", "UHUGEINT", "BIGNUM"}  # fmt: skip


def column_type(native: str) -> ColumnType:
    """The type among our ten of a type as DuckDB names it."""
    name = native.upper()
    if name.endswith("]") or name.startswith(("STRUCT", "MAP", "UNION", "JSON", "VARIANT")):
        return "json"
    if name in _INTEGERS:
        return "integer"
    if name.startswith("DECIMAL"):
        return "decimal"
    if name in ("DOUBLE", "FLOAT"):
        return "double"
    if name == "BOOLEAN":
        return "boolean"
    if name == "DATE":
        return "date"
    if name.startswith("TIMESTAMP"):
        return "timestamp"
    if name.startswith("TIME"):
        return "time"
    if name.startswith(("BLOB", "GEOMETRY")):
        return "binary"
    return "text"


def scalar(value: Any) -> JsonScalar:
    """The value as JSON holds it: numbers as numbers, dates and times as ISO 8601 text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return (
            value
            if math.isfinite(value)
            else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
        )
    if isinstance(value, Decimal):
        return decimal_scalar(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return text_scalar(str(value))


def decimal_scalar(value: Decimal) -> JsonScalar:
    """A decimal as an exact JSON number; as text in the rare case that no float holds its digits."""
    if not value.is_finite():
        return {"Infinity": "Infinity", "-Infinity": "-Infinity"}.get(str(value), "NaN")
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def text_scalar(value: str) -> str:
    """A text that every JSON store takes: cut when very long, and without the NUL that PostgreSQL refuses."""
    clean = value.replace("\x00", "\ufffd")
    return clean if len(clean) <= LONGEST_TEXT else clean[:LONGEST_TEXT] + "…"


def temporal_scalar(value: str) -> str:
    """A date or time in ISO 8601 from an engine's print: `2025-01-02 03:04:05+00` with `T` and `+00:00`."""
    day, space, clock = value.partition(" ")
    if not space or not clock[:2].isdigit():
        return value
    head, sign, zone = clock[:8], clock[8:9], clock[9:]
    fraction = ""
    if sign == ".":
        digits = len(zone) - len(zone.lstrip("0123456789"))
        fraction, sign, zone = "." + zone[:digits], zone[digits : digits + 1], zone[digits + 1 :]
    if sign in ("+", "-") and len(zone) == 2:
        zone += ":00"
    return f"{day}T{head}{fraction}{sign}{zone}"
