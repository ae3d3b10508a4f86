"""The tables and columns of a sketch as the header of its file tells them, and back, every value checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from lienthong.engine.overlap.leaving import FACTS, FLOOR, LISTED, RANGES
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

MOST_COLUMNS, MOST_HASHES, LONGEST = 200_000, 200_000, 4_000
_KINDS = ("number", "date", "moment", "code", "text", "boolean", "opaque")
_LEAST_BITS = 16

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
        form["facts"]["semantics"] = dict(column.facts.semantics)
    if column.lists:
        form["lists"] = list(column.lists)
    sets: dict[str, Any] = {}
    plain = column.values.get("plain")
    for family, found in column.values.items():
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


def read_database(
    form: Mapping[str, Any], blob: bytes, level: int
) -> tuple[DatabaseSketch, frozenset[tuple[str, str]]]:
    """The sketch that a header and its hashes tell. Raises ValueError, TypeError, KeyError when it keeps no form."""
    tables, personal = [], set()
    left = MOST_COLUMNS
    for entry in _list(form["tables"]):
        name = _text(entry["name"])
        columns = _list(entry["columns"])
        left -= len(columns)
        if left < 0:
            raise ValueError("too many columns")
        rows = entry.get("rows")
        tables.append(
            TableSketch(
                name,
                tuple(_read_column(column, blob, level) for column in columns),
                None if rows is None else _count(rows),
                _text(entry.get("title", "")),
            )
        )
        personal |= {(name, _text(column["name"])) for column in columns if column.get("personal")}
    return DatabaseSketch(_text(form["database"]), tuple(tables)), frozenset(personal)


def _read_column(form: Mapping[str, Any], blob: bytes, level: int) -> ColumnSketch:
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
        name=_text(form["name"]),
        type=form["type"],
        title=_text(form.get("title", "")),
        description=_text(form.get("description", "")),
        is_key=bool(form.get("is_key", False)),
        facts=None if facts is None else _read_facts(facts),
        values=values,
        lists=tuple(_text(name) for name in _list(form.get("lists", []))),
    )


def _read_facts(form: Mapping[str, Any]) -> ColumnFacts:
    known = {one.name for one in fields(ColumnFacts)}
    if set(form) - known or form["kind"] not in _KINDS:
        raise ValueError("no such fact")
    read: dict[str, Any] = {"kind": form["kind"], "avg_length": _number(form["avg_length"])}
    for name in ("rows", "nulls", "distinct", "min_length", "max_length"):
        read[name] = _count(form[name])
    for name in ("masks", "semantics"):
        read[name] = {_text(key): min(1.0, max(0.0, _number(share))) for key, share in form[name].items()}
    for name in RANGES:
        read[name] = None if form.get(name) is None else _number(form[name])
    for name, most in LISTED.items():
        read[name] = tuple(_number(number) for number in _list(form.get(name, []))[:most])
    for name in ("counter", "padded"):
        read[name] = form[name] is True
    return ColumnFacts(**read)


def _read_set(form: Mapping[str, Any], blob: bytes) -> ValueSet:
    distinct, count, bits = _count(form["distinct"]), _count(form["hashes"]), _count(form["bits"])
    at, size = _count(form["at"]), _count(form["bytes"])
    complete = form["complete"] is True
    # A set of one asks whether one value is there: no holder of the key may ask that of another.
    if distinct < FLOOR or not FLOOR <= count <= min(distinct, MOST_HASHES) or not _LEAST_BITS <= bits <= 64:
        raise ValueError("no such set")
    if at + size > len(blob) or (complete and count < 0.9 * distinct):
        raise ValueError("no such bytes")
    return ValueSet(unpack(blob[at : at + size], count, bits), distinct, complete, bits)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError("no text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise TypeError("no count")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError("no number")
    return float(value)
