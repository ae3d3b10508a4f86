"""JSON, JSON Lines and GeoJSON as tables: every array of objects, however deep, is one.

Objects inside an object become columns `outer.inner`; an array of objects inside a record becomes a table of its
own, with a foreign key to the record it stands in. What JSON knows as text stays text unless all of it is a date
or a number in the Vietnamese form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lienthong.engine.errors import EngineError, FileMalformed, SourceEmpty, SourceTooLarge
from lienthong.engine.shapes import Finding, ForeignKey, Place, ReadingChoice, SkippedRow
from lienthong.engine.sources.choosing import check_rows, check_types, refused
from lienthong.engine.sources.encoding import UTF8, encoding_of, known_encoding, transcode
from lienthong.engine.sources.heading import begins
from lienthong.engine.sources.naming import unique_names
from lienthong.engine.sources.sorting import Sorted
from lienthong.engine.sources.textrows import MOST_COLUMNS, lines_of
from lienthong.engine.sources.valuetable import ValueTable
from lienthong.engine.sources.workbook import lay_out

ENDINGS = frozenset({".json", ".jsonl", ".ndjson", ".geojson"})
MOST_BYTES = 128 << 20
MOST_CELLS = 10_000_000
_MOST_DEPTH = 24
_MOST_BROKEN = 100_000
_LONGEST_NUMBER = 18
_ID_WORDS = ("id", "ma", "mã", "so", "số", "code", "key", "uuid", "guid")


@dataclass(slots=True)
class _Records:
    """The records of one table as they are found: columns by name, each as long as its last record that has it."""

    name: str
    columns: dict[str, list[Any]] = field(default_factory=dict)
    empty: dict[str, None] = field(default_factory=dict)
    rows: int = 0
    parent: _Records | None = None
    parents: list[int] = field(default_factory=list)

    def put(self, row: int, name: str, value: Any) -> int:
        """Note a value; gives how many cells the table has grown by."""
        column = self.columns.setdefault(name, [])
        if len(column) > row:
            return self.put(row, f"{name}_2", value)
        grown = row + 1 - len(column)
        column.extend([None] * (grown - 1))
        column.append(value)
        return grown

    def settle(self, children: Collection[str]) -> None:
        """Make all columns as long as the table; a name that was only ever empty is a column when it is no table."""
        for name in self.empty:
            if f"{self.name}.{name}" not in children:
                self.columns.setdefault(name, [])
        for column in self.columns.values():
            column.extend([None] * (self.rows - len(column)))


@dataclass(slots=True)
class _Repeats:
    """Objects that named a key twice: no value is lost, the later one gets a name of its own."""

    many: int = 0

    def pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) == len(items):
            return made
        self.many += 1
        return dict(zip(unique_names([key for key, _ in items]), (value for _, value in items), strict=True))


def read_json(
    path: Path,
    display: str,
    folder: Path,
    label: Callable[[], str],
    named: Callable[[str], str],
    choices: Mapping[str, ReadingChoice],
) -> list[ValueTable]:
    """The tables of a document. Raises SourceEmpty, FileMalformed, SourceTooLarge, ReadingRefused."""
    staged, encoding = _staged(path, display, folder / f"{label()}.json", choices)
    repeats, found = _Repeats(), Sorted()
    failure: EngineError | None = None
    try:
        root = _parsed(staged, display, path.suffix.lower(), repeats, found)
        tables = _tables(root, path.stem, display)
    except RecursionError:
        failure = SourceTooLarge(
            source=display, limit="độ lồng nhau của JSON", limit_en="the depth of the JSON"
        )
    finally:
        if staged != path:
            staged.unlink(missing_ok=True)
    if failure is not None:
        raise failure
    if not tables:
        raise SourceEmpty(source=display)
    made = _made(tables, path.stem, label, named, choices, encoding, found)
    if repeats.many:
        made[0].warnings.append(
            Finding("duplicate_keys", Place(made[0].name), {"count": repeats.many}, "warning")
        )
    return made


def _staged(path: Path, display: str, target: Path, choices: Mapping[str, ReadingChoice]) -> tuple[Path, str]:
    chosen = next((choice.encoding for choice in choices.values() if choice.encoding), None)
    encoding = known_encoding(chosen) if chosen else encoding_of(path, whole=True)
    if encoding is None:
        raise refused(path.stem, f"không có bảng mã “{chosen}”", f"there is no encoding “{chosen}”")
    if encoding == "binary":
        raise FileMalformed(source=display, kind="JSON")
    if encoding in UTF8:
        return path, encoding
    transcode(path, encoding, target)
    return target, encoding


def _parsed(path: Path, display: str, ending: str, repeats: _Repeats, found: Sorted) -> Any:
    """The whole document; of JSON Lines, the list of its lines."""
    lines = ending in (".jsonl", ".ndjson")
    if not lines:
        if path.stat().st_size > MOST_BYTES:
            raise SourceTooLarge.beyond(display, MOST_BYTES >> 20, "MB JSON", "MB of JSON")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        if not text.strip():
            raise SourceEmpty(source=display)
        line = None
        try:
            return _decoder(repeats).decode(text)
        except json.JSONDecodeError as error:
            line = error.lineno
            lines = error.msg == "Extra data" and "\n" in text[: error.pos + 1]
        if not lines:
            raise FileMalformed(source=display, kind="JSON", line=line)
    return _lines(path, display, _decoder(repeats), found)


def _lines(path: Path, display: str, decoder: json.JSONDecoder, found: Sorted) -> Iterator[Any]:
    good = 0
    first_bad = None
    for number, line in enumerate(lines_of(path, display), 1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except json.JSONDecodeError:
            first_bad = first_bad or number
            if len(found.aside) < _MOST_BROKEN:
                found.aside[number] = SkippedRow(number, "broken", begins([line]))
            continue
        good += 1
        yield record
    if first_bad is not None and not good:
        raise FileMalformed(source=display, kind="JSON Lines", line=first_bad)


def _decoder(repeats: _Repeats) -> json.JSONDecoder:
    """Numbers that no column of numbers could hold exactly stay as they are written."""
    return json.JSONDecoder(
        object_pairs_hook=repeats.pairs,
        parse_int=lambda text: int(text) if len(text) <= _LONGEST_NUMBER else text,
        parse_float=lambda text: float(text) if len(text) <= _LONGEST_NUMBER else text,
        parse_constant=lambda text: None,
    )


def _tables(root: Any, stem: str, display: str) -> list[_Records | tuple[str, list[list[Any]]]]:
    """The tables of a document, parents before their children."""
    walk = _Walk(display)
    if (
        isinstance(root, dict)
        and root.get("type") == "FeatureCollection"
        and isinstance(root.get("features"), list)
    ):
        walk.records(stem, [_feature(one) for one in root["features"]], None, 0)
    elif isinstance(root, Iterator):
        walk.records(stem, (one if isinstance(one, dict) else {"value": one} for one in root), None, 0)
    elif isinstance(root, list):
        walk.listed(stem, root)
    elif isinstance(root, dict) and _is_keyed(root):
        walk.records(stem, [{"key": key, **value} for key, value in root.items()], None, 0)
    elif isinstance(root, dict):
        walk.document(stem, root)
    else:
        walk.records(stem, [{"value": root}], None, 0)
    names = {table.name for table in walk.found if isinstance(table, _Records)}
    for table in walk.found:
        if isinstance(table, _Records):
            table.settle(names)
    return [table for table in walk.found if not isinstance(table, _Records) or table.rows]


class _Walk:
    def __init__(self, display: str) -> None:
        self.display = display
        self.found: list[_Records | tuple[str, list[list[Any]]]] = []
        self.named: dict[tuple[str, str], _Records] = {}
        self.cells = 0

    def listed(self, name: str, items: list[Any]) -> None:
        """An array at the top, or in an object that is no record."""
        if items and all(isinstance(item, list) for item in items):
            self.found.append((name, [[_scalar(cell) for cell in item] for item in items]))
            return
        self.records(name, [item if isinstance(item, dict) else {"value": item} for item in items], None, 0)

    def document(self, stem: str, root: dict[str, Any], path: str = "", depth: int = 0) -> None:
        """An object that holds tables, somewhere in it, beside what it tells of itself."""
        alone: dict[str, Any] = {}
        self._part(root, "", alone, depth)
        if alone:
            self.records(stem, [alone], None, 0)

    def _part(self, holder: dict[str, Any], path: str, alone: dict[str, Any], depth: int) -> None:
        for key, value in holder.items():
            name = f"{path}{key}"
            if isinstance(value, dict) and depth < _MOST_DEPTH:
                if _is_keyed(value):
                    self.records(name, [{"key": inner, **one} for inner, one in value.items()], None, 0)
                else:
                    self._part(value, f"{name}.", alone, depth + 1)
            elif _is_table(value):
                self.listed(name, value)
            else:
                alone[name] = value

    def records(
        self, name: str, items: Iterable[dict[str, Any]], parent: tuple[_Records, int] | None, depth: int
    ) -> None:
        """The records of one table; what they hold of tables comes after it."""
        above = parent[0] if parent is not None else None
        key = (above.name if above is not None else "", name)
        table = self.named.get(key)
        if table is None:
            table = self.named[key] = _Records(name, parent=above)
            self.found.append(table)
        for item in items:
            row = table.rows
            table.rows += 1
            if parent is not None:
                table.parents.append(parent[1])
            self._record(table, row, item, "", depth)

    def _record(self, table: _Records, row: int, item: dict[str, Any], path: str, depth: int) -> None:
        for key, value in item.items():
            name = f"{path}{key}"
            if isinstance(value, dict) and value and depth < _MOST_DEPTH:
                self._record(table, row, value, f"{name}.", depth + 1)
            elif _is_table(value) and all(isinstance(one, dict) for one in value) and depth < _MOST_DEPTH:
                self.records(f"{table.name}.{name}", value, (table, row), depth + 1)
            else:
                self._put(table, row, name, value)

    def _put(self, table: _Records, row: int, name: str, value: Any) -> None:
        if value == [] or value == {}:
            table.empty[name] = None
            return
        self.cells += table.put(row, name, _scalar(value))
        if self.cells > MOST_CELLS:
            raise SourceTooLarge.beyond(self.display, MOST_CELLS, "ô", "cells")
        if len(table.columns) > MOST_COLUMNS:
            raise SourceTooLarge.beyond(self.display, MOST_COLUMNS, "cột", "columns")


def _is_table(value: Any) -> bool:
    """Whether a value is an array of objects, or of arrays."""
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(one, dict) for one in value) or all(isinstance(one, list) for one in value)


def _is_keyed(value: dict[str, Any]) -> bool:
    """Whether an object lists records by their keys: at least three, all objects with the same names in them."""
    if len(value) < 3 or not all(
        isinstance(one, dict) and one and "key" not in one for one in value.values()
    ):
        return False
    first = set(next(iter(value.values())))
    return all(len(first & set(one)) * 2 >= len(first | set(one)) for one in value.values())


def _scalar(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else None
    return value


def _feature(feature: Any) -> dict[str, Any]:
    """A feature of GeoJSON as a record: its properties, and where it is."""
    if not isinstance(feature, dict):
        return {"value": feature}
    properties, geometry = feature.get("properties"), feature.get("geometry")
    record = dict(properties) if isinstance(properties, dict) else {}
    if feature.get("id") is not None:
        record.setdefault("id", feature["id"])
    if isinstance(geometry, dict):
        record.setdefault("geometry.type", geometry.get("type"))
        at = geometry.get("coordinates")
        if geometry.get("type") == "Point" and isinstance(at, list) and len(at) >= 2:
            record.setdefault("longitude", at[0])
            record.setdefault("latitude", at[1])
        elif at is not None:
            record.setdefault("geometry.coordinates", json.dumps(at))
    return record


def _made(
    tables: Sequence[_Records | tuple[str, list[list[Any]]]],
    stem: str,
    label: Callable[[], str],
    named: Callable[[str], str],
    choices: Mapping[str, ReadingChoice],
    encoding: str,
    found: Sorted,
) -> list[ValueTable]:
    """The tables of the source: names settled, and children bound to their parents by a key."""
    names: dict[int, str] = {}
    keys: dict[int, str] = {}
    made: list[ValueTable] = []
    parents = {
        id(table.parent) for table in tables if isinstance(table, _Records) and table.parent is not None
    }
    for table in tables:
        name = named(table.name if isinstance(table, _Records) else table[0])
        choice = choices.get(name, ReadingChoice())
        if not isinstance(table, _Records):
            laid = _of_arrays(table[1], name, label(), choice, encoding)
            made += [laid] if laid is not None else []
            continue
        names[id(table)] = name
        columns = dict(table.columns)
        bound: tuple[ForeignKey, ...] = ()
        if table.parent is not None:
            over, key = names[id(table.parent)], keys[id(table.parent)]
            source = table.parent.columns[key]
            first = unique_names([*columns, f"{over}.{key}"])[-1]
            columns = {first: [source[row] for row in table.parents], **columns}
            bound = (ForeignKey((first,), over, (key,)),)
        if id(table) in parents:
            keys[id(table)] = key = _key_of(table)
            if key not in columns:
                columns = {key: table.columns[key], **columns}
        made.append(_table(name, label(), columns, choice, encoding, found, bound, keys.get(id(table))))
        found = Sorted()
    return made


def _table(
    name: str,
    label: str,
    columns: dict[str, list[Any]],
    choice: ReadingChoice,
    encoding: str,
    found: Sorted,
    bound: tuple[ForeignKey, ...],
    key: str | None,
) -> ValueTable:
    columns = dict(zip(unique_names(list(columns)), columns.values(), strict=True)) or {"value": []}
    check_types(name, choice, columns)
    rows = max(map(len, columns.values()), default=0)
    check_rows(name, (*choice.keep_rows, *choice.skip_rows), rows)
    numbers = [number for number in range(1, rows + 1) if number not in choice.skip_rows]
    if choice.skip_rows:
        for number in choice.skip_rows:
            found.aside[number] = SkippedRow(
                number, "chosen", begins([at[number - 1] for at in columns.values()])
            )
        columns = {column: [at[number - 1] for number in numbers] for column, at in columns.items()}
    return ValueTable.of(
        name=name, label=label, values=columns, numbers=numbers, found=found, encoding=encoding, choice=choice,
        keys=bound, primary_key=(key,) if key is not None else (),
    )  # fmt: skip


def _key_of(table: _Records) -> str:
    """The column by which children name a record: one that is there once in each, or a number given here."""
    for column, values in table.columns.items():
        words = column.lower().replace("_", " ").replace(".", " ").split()
        told = column.lower().startswith(_ID_WORDS) or any(word in _ID_WORDS for word in words)
        if told and all(isinstance(value, str | int) for value in values) and len(set(values)) == table.rows:
            return column
    key = "_id"
    while key in table.columns:
        key = f"_{key}"
    table.columns[key] = list(range(1, table.rows + 1))
    return key


def _of_arrays(
    cells: list[list[Any]], name: str, label: str, choice: ReadingChoice, encoding: str
) -> ValueTable | None:
    """An array of arrays is a sheet without a workbook."""
    widest = max(map(len, cells))
    layout = lay_out([row + [None] * (widest - len(row)) for row in cells], name=name, choice=choice)
    if layout is None:
        return None
    heading = layout.heading
    values = {
        column: [row[place] for row in layout.rows]
        for column, place in zip(heading.names, heading.positions, strict=True)
    }
    return ValueTable.of(
        name=name, label=label, values=values, numbers=layout.numbers, found=layout.found, encoding=encoding,
        header_rows=heading.header_rows, above=heading.above, choice=choice,
    )  # fmt: skip
