"""What the store takes rows from, and the types in which it keeps them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import duckdb
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from lienthong.engine.errors import EngineError
from lienthong.engine.session import literal, quoted
from lienthong.engine.shapes import ColumnType
from lienthong.engine.store.errors import InputUnreadable
from lienthong.engine.store.lake import translated

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_STORED = {
    **dict.fromkeys(_INTEGERS, "BIGINT"),
    "UBIGINT": "DECIMAL(20,0)",
    "HUGEINT": "DECIMAL(38,0)",
    "UHUGEINT": "DECIMAL(38,0)",
    "FLOAT": "DOUBLE",
    "DOUBLE": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIME WITH TIME ZONE": "VARCHAR",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMP_S": "TIMESTAMP",
    "TIMESTAMP_MS": "TIMESTAMP",
    "TIMESTAMP_NS": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP WITH TIME ZONE",
    "JSON": "JSON",
    "BLOB": "BLOB",
    "VARCHAR": "VARCHAR",
    "UUID": "VARCHAR",
    "INTERVAL": "VARCHAR",
    "BIT": "VARCHAR",
    '"NULL"': "VARCHAR",
}
_KINDS: dict[str, ColumnType] = {
    "BIGINT": "integer",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "JSON": "json",
    "BLOB": "binary",
    "VARCHAR": "text",
}


def stored_type(native: str) -> str | None:
    """The type in which the store keeps a DuckDB type; None for a type that it cannot keep."""
    kind = native.upper()
    if nested(kind):
        return "JSON"
    if kind.startswith("DECIMAL"):
        return kind
    if kind.startswith("ENUM"):
        return "VARCHAR"
    return _STORED.get(kind)


def nested(native: str) -> bool:
    return native.endswith("]") or native.startswith(("STRUCT", "MAP", "UNION"))


def column_type(stored: str) -> ColumnType:
    """What kind of column a stored type is."""
    return "decimal" if stored.startswith("DECIMAL") else _KINDS[stored]


@runtime_checkable
class CopiedRows(Protocol):
    """Rows that another DuckDB writes into a file by itself: a live database is then read once, in parallel."""

    def described(self) -> list[tuple[str, str]]:
        """(name, type as DuckDB calls it) of every column."""
        ...

    def copy(self, statement: Callable[[str], str]) -> None:
        """Execute the statement that is given for the relation to read from. Raises errors of its own kind."""
        ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows that SQL can name, their columns as the giver named them, and types that the way here has lost."""

    name: str
    columns: tuple[str, ...]
    native: Mapping[str, str] = field(default_factory=dict)

    def named(self, described: list[tuple[Any, ...]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The description of each column beside its true name: the engine renames a name that comes twice."""
        return zip(self.columns, described, strict=True)


@contextmanager
def incoming(cursor: duckdb.DuckDBPyConnection, table: str, rows: Any, tmp: Path) -> Iterator[Incoming]:
    """Give rows of any accepted kind a name in SQL for a while.

    Accepted: Parquet paths (one or several), Arrow tables, batches, readers and datasets, DuckDB relations of
    any connection, and rows of a store.
    """
    if isinstance(rows, (str, Path)) or (
        isinstance(rows, (list, tuple)) and rows and all(isinstance(part, (str, Path)) for part in rows)
    ):
        paths = [Path(part) for part in (rows if isinstance(rows, (list, tuple)) else [rows])]
        with _linked(paths, table, tmp) as links, translated(table, InputUnreadable):
            read = f"read_parquet([{', '.join(literal(str(link)) for link in links)}])"
            yield Incoming(read, tuple(_parquet_names(links[0], table)))
        return
    name = f"incoming_{uuid.uuid4().hex}"
    broken: list[EngineError] = []
    with translated(table, InputUnreadable):
        arrow, native = _as_arrow(rows, broken)
        cursor.register(name, arrow)
    try:
        with translated(table, InputUnreadable):
            yield Incoming(name, tuple(arrow.schema.names), native)
    except InputUnreadable:
        if broken:
            raise broken[0] from None
        raise
    finally:
        cursor.unregister(name)


def _parquet_names(path: Path, table: str) -> list[str]:
    try:
        return list(pq.read_schema(path).names)
    except pa.ArrowException:
        raise InputUnreadable(table=table) from None


@contextmanager
def _linked(paths: list[Path], table: str, tmp: Path) -> Iterator[list[Path]]:
    # The engine takes `[`, `*` and `?` in a file name as a pattern and silently reads another file.
    tmp.mkdir(parents=True, exist_ok=True)
    links: list[Path] = []
    try:
        for path in paths:
            if not path.is_file():
                raise InputUnreadable(table=table)
            link = tmp / f"in-{uuid.uuid4().hex}.parquet"
            os.symlink(path.absolute(), link)
            links.append(link)
        yield links
    finally:
        for link in links:
            link.unlink(missing_ok=True)


def _as_arrow(rows: Any, broken: list[EngineError]) -> tuple[Any, dict[str, str]]:
    if isinstance(rows, (pa.Table, pads.Dataset)):
        return rows, {}
    if isinstance(rows, pa.RecordBatch):
        return pa.Table.from_batches([rows]), {}
    native: dict[str, str] = {}
    if isinstance(rows, duckdb.DuckDBPyRelation):
        rows, native = _arrow_of_relation(rows)
    elif not isinstance(rows, pa.RecordBatchReader):
        rows = rows.arrow()
    return pa.RecordBatchReader.from_batches(rows.schema, _remembering(rows, broken)), native


def _arrow_of_relation(relation: duckdb.DuckDBPyRelation) -> tuple[pa.RecordBatchReader, dict[str, str]]:
    """Cross into Arrow in types that survive it: Arrow has neither JSON nor integers beyond 64 bits."""
    picked, native = [], {}
    for name, kind in zip(relation.columns, relation.types, strict=True):
        column, stored = quoted(name), stored_type(str(kind))
        if stored == "JSON":
            column = f"CAST({f'to_json({column})' if nested(str(kind)) else column} AS VARCHAR)"
            native[name] = "JSON"
        elif stored in ("DECIMAL(38,0)", "DECIMAL(20,0)"):
            column = f"CAST({column} AS {stored})"
        elif stored is None:
            native[name] = str(kind)
        picked.append(f"{column} AS {quoted(name)}")
    return relation.project(", ".join(picked)).to_arrow_reader(65_536), native


def _remembering(reader: pa.RecordBatchReader, broken: list[EngineError]) -> Iterator[pa.RecordBatch]:
    # A reader that fails inside the storage engine comes out as the engine's own error: keep the real one.
    try:
        yield from reader
    except EngineError as error:
        broken.append(error)
        raise
