"""The tables and columns of a sketch as the header of its file tells them, and back, every value checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from lienthong.engine.overlap.leaving import CONTROL, FACTS, FLOOR, LISTED, QUARTERED, RANGES
from lienthong.engine.overlap.packing import unpack
from lienthong.engine.overlap.shapes import (
    FAMILIES,
    ColumnFacts,
    ColumnSketch,
    DatabaseSketch,
    Family,
    Hashes,
    TableSketch,
    ValueSet,
)
from lienthong.engine.shapes import COLUMN_TYPES

MOST_COLUMNS, MOST_HASHES, MOST_IN_ALL, LONGEST = 100_000, 200_000, 20_000_000, 4_000
_KINDS = ("number", "date", "moment", "code", "text", "boolean", "opaque")
_LEAST_BITS = 16
_LARGEST = 1e15
"""Of a range: beyond it, neighbours a step apart would be the same number."""

Pack = Callable[[Hashes, int], bytes]


def written_database(
    sketch: DatabaseSketch, personal: frozenset[tuple[str, str]], blob: bytearray, pack: Pack
) -> list[dict[str, Any]]:
    """The tables of a sketch as JSON; their hashes go to the end of `blob`."""
    return [
        {
            "name": table.name,
            "title": table.title,
            "rows": table.rows,
            "columns": [
                _written_column(column, (table.name, column.name) in personal, blob, pack)
                for column in table.columns
            ],
        }
        for table in sketch.tables
    ]


def _written_column(column: ColumnSketch, personal: bool, blob: bytearray, pack: Pack) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.title,
        "description": column.description,
        "is_key": column.is_key,
        "personal": personal,
    }
    if column.facts is not None:
        form["facts"] = {name: getattr(column.facts, name) for name in (*FACTS, *RANGES, *LISTED)}
        form["facts"]["masks"] = dict(column.facts.masks)
        form["facts"]["beginnings"] = dict(column.facts.beginnings)
        form["facts"]["semantics"] = dict(column.facts.semantics)
    if column.lists:
        form["lists"] = list(column.lists)
    sets: dict[str, Any] = {}
    plain = column.values.get("plain")
    for family in FAMILIES:
        found = column.values.get(family)
        if found is None:
            continue
        if family != "plain" and plain is not None and found.hashes is plain.hashes:
            sets[family] = "plain"
            continue
        packed = pack(found.hashes, found.bits)
        sets[family] = {
            "distinct": found.distinct,
            "complete": found.complete,
            "hashes": len(found.hashes),
            "bits": found.bits,
            "at": len(blob),
            "bytes": len(packed),
        }
        blob += packed
    if sets:
        form["values"] = sets
    return form


class _Hashes:
    """The packed hashes of a file, each taken once, and no more in all than memory should hold."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob
        self._at = 0
        self._left = MOST_IN_ALL

    def taken(self, at: int, size: int, count: int) -> bytes:
        """The next bytes, which are to be at this place. Raises ValueError."""
        self._left -= count
        if at != self._at or at + size > len(self._blob) or self._left < 0:
            raise ValueError("no such bytes")
        self._at += size
        return self._blob[at : at + size]


def read_database(
    form: Mapping[str, Any], blob: bytes, level: int
) -> tuple[DatabaseSketch, frozenset[tuple[str, str]]]:
    """The sketch that a header and its hashes tell. Raises ValueError, TypeError, KeyError when it keeps no form."""
    tables, personal = [], set()
    left = MOST_COLUMNS
    values = _Hashes(blob)
    for entry in _list(form["tables"]):
        name = printable(entry["name"])
        columns = _list(entry["columns"])
        left -= len(columns)
        if left < 0:
            raise ValueError("too many columns")
        rows = entry.get("rows")
        tables.append(
            TableSketch(
                name,
                tuple(_read_column(column, values, level) for column in columns),
                None if rows is None else _count(rows),
                printable(entry.get("title", "")),
            )
        )
        personal |= {(name, printable(column["name"])) for column in columns if column.get("personal")}
    database = DatabaseSketch(printable(form["database"]), tuple(tables), profiled=level > 0)
    return database, frozenset(personal)


def _read_column(form: Mapping[str, Any], blob: _Hashes, level: int) -> ColumnSketch:
    if form["type"] not in COLUMN_TYPES:
        raise ValueError("no such type")
    facts = form.get("facts")
    sets = form.get("values", {})
    if (facts is not None and level < 1) or (sets and (level < 2 or facts is None)):
        raise ValueError("more than its level")
    values: dict[Family, ValueSet] = {}
    for family in FAMILIES:
        if family in sets:
            values[family] = values["plain"] if sets[family] == "plain" else _read_set(sets[family], blob)
    if set(sets) - set(values) or (values and "plain" not in values):
        raise ValueError("no such form of values")
    return ColumnSketch(
        name=printable(form["name"]),
        type=form["type"],
        title=printable(form.get("title", "")),
        description=printable(form.get("description", "")),
        is_key=bool(form.get("is_key", False)),
        facts=None if facts is None else _read_facts(facts),
        values=values,
        lists=tuple(printable(name) for name in _list(form.get("lists", []))),
    )


def _read_facts(form: Mapping[str, Any]) -> ColumnFacts:
    known = {one.name for one in fields(ColumnFacts)}
    if set(form) - known or form["kind"] not in _KINDS:
        raise ValueError("no such fact")
    read: dict[str, Any] = {"kind": form["kind"], "avg_length": max(0.0, _number(form["avg_length"]))}
    for name in ("rows", "nulls", "distinct", "min_length", "max_length"):
        read[name] = _count(form[name])
    for name in ("masks", "semantics", "beginnings"):
        told = form[name] if name != "beginnings" else form.get(name, {})
        read[name] = {printable(key): min(1.0, max(0.0, _number(share))) for key, share in told.items()}
    for name in RANGES:
        read[name] = None if form.get(name) is None else _number(form[name])
    for name, most in LISTED.items():
        read[name] = tuple(_number(number) for number in _list(form.get(name, []))[:most])
        if name in QUARTERED and len(read[name]) not in (0, most):
            raise ValueError("not all of its quantiles")
    for name in ("counter", "padded"):
        read[name] = form[name] is True
    return ColumnFacts(**read)


def _read_set(form: Mapping[str, Any], blob: _Hashes) -> ValueSet:
    distinct, count, bits = _count(form["distinct"]), _count(form["hashes"]), _count(form["bits"])
    at, size = _count(form["at"]), _count(form["bytes"])
    complete = form["complete"] is True
    # A set of one asks whether one value is there: no holder of the key may ask that of another.
    if distinct < FLOOR or not FLOOR <= count <= min(distinct, MOST_HASHES) or not _LEAST_BITS <= bits <= 64:
        raise ValueError("no such set")
    if complete and count < 0.9 * distinct:
        raise ValueError("no complete set")
    return ValueSet(unpack(blob.taken(at, size, count), count, bits), distinct, complete, bits)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def printable(value: Any) -> str:
    """The value, when it is a text that can be shown to people. Raises TypeError."""
    # Signs that move a terminal have no place in a name.
    if not isinstance(value, str) or len(value) > LONGEST or CONTROL.search(value):
        raise TypeError("no text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise TypeError("no count")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError("no number")
    return min(_LARGEST, max(-_LARGEST, float(value)))
