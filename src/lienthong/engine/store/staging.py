"""Rows on their way in: read once, brought to stored types, checked before anything is written."""

from __future__ import annotations

import os
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from lienthong.engine.errors import EngineError
from lienthong.engine.evidence.digests import RowDigest, digest_query
from lienthong.engine.masks import partly_shown
from lienthong.engine.session import literal, quoted
from lienthong.engine.shapes import Column, ColumnType, Finding
from lienthong.engine.store.errors import (
    ChangesInvalid,
    ChecksFailed,
    ColumnsInvalid,
    InputUnreadable,
    KeyEmpty,
    KeyMissing,
    KeyRepeated,
)
from lienthong.engine.store.lake import translated
from lienthong.engine.store.versions import CHANGE, Check

STAGED = "staged"
# Names by which the store and the lake speak of rows themselves.
_RESERVED = {CHANGE, "_hash", "_first", "_last", "_word", "snapshot_id", "change_type", "rowid"}
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
    if _nested(kind):
        return "JSON"
    if kind.startswith("DECIMAL"):
        return kind
    if kind.startswith("ENUM"):
        return "VARCHAR"
    return _STORED.get(kind)


def _nested(native: str) -> bool:
    return native.endswith("]") or native.startswith(("STRUCT", "MAP", "UNION"))


def column_type(stored: str) -> ColumnType:
    """What kind of column a stored type is."""
    return "decimal" if stored.startswith("DECIMAL") else _KINDS[stored]


class Stage:
    """Rows that wait in a temporary table, with what is known of them."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> None:
        self.cursor = cursor
        self.table = table
        self.key = key
        self.columns: tuple[Column, ...] = ()
        self.rows = 0

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The result of SQL in which `staged` names the rows."""
        return self.cursor.execute(sql, list(parameters)).fetchall()

    def load(self, rows: Any, *, tmp: Path, changes: bool) -> None:
        """Read all rows into the stage in stored types; refuse columns that the store cannot keep."""
        with incoming(self.cursor, self.table, rows, tmp) as given:
            described = self.query(f"DESCRIBE SELECT * FROM {given.name}")
            pairs = [(name, given.native.get(name, str(row[1]))) for name, row in given.named(described)]
            if changes and CHANGE not in [column for column, _ in pairs]:
                raise ChangesInvalid(table=self.table, found=f"- {CHANGE}")
            self.columns = self._sane(pairs, changes=changes)
            stored = {column.name: str(column.native_type) for column in self.columns}
            select = []
            for raw, native in pairs:
                name = unicodedata.normalize("NFC", raw)
                value = f"to_json({quoted(raw)})" if _nested(native) else quoted(raw)
                select.append(f"CAST({value} AS {stored.get(name, 'VARCHAR')}) AS {quoted(name)}")
            self.cursor.execute(f"CREATE TEMP TABLE {STAGED} AS SELECT {', '.join(select)} FROM {given.name}")
        (self.rows,) = self.query(f"SELECT count(*) FROM {STAGED}")[0]

    def _sane(self, pairs: list[tuple[str, str]], *, changes: bool) -> tuple[Column, ...]:
        columns: list[Column] = []
        seen: set[str] = set()
        for raw, native in pairs:
            if changes and raw == CHANGE:
                continue
            name = unicodedata.normalize("NFC", raw)
            if not name.strip() or any(ord(letter) < 32 for letter in name):
                raise self._refused(raw, "tên trống hoặc có ký tự điều khiển", "its name is unprintable")
            if name.lower() in _RESERVED:
                raise self._refused(raw, "tên này dành riêng cho kho", "the store keeps this name for itself")
            if name.casefold() in seen:
                raise self._refused(raw, "tên cột bị lặp", "the name appears twice")
            stored = stored_type(native)
            if stored is None:
                raise self._refused(raw, f"kiểu {native} không được hỗ trợ", f"type {native} is unsupported")
            seen.add(name.casefold())
            columns.append(
                Column(name, column_type(stored), name not in self.key, None, stored, len(columns) + 1)
            )
        if not columns:
            raise self._refused("-", "không có cột nào", "there is no column")
        names = {column.name for column in columns}
        for part in self.key:
            if part not in names:
                raise KeyMissing(table=self.table, column=part)
        return tuple(columns)

    def _refused(self, column: str, reason_vi: str, reason_en: str) -> ColumnsInvalid:
        return ColumnsInvalid(table=self.table, column=column, reason_vi=reason_vi, reason_en=reason_en)

    def check_words(self) -> None:
        """Refuse changes with an unknown word in the change column."""
        strange = self.query(
            f"SELECT coalesce({CHANGE}, 'null') FROM {STAGED} "
            f"WHERE {CHANGE} IS NULL OR {CHANGE} NOT IN ('insert', 'update', 'delete') LIMIT 1"
        )
        if strange:
            raise ChangesInvalid(table=self.table, found=f"{CHANGE} = {str(strange[0][0])[:20]}")

    def check_key(self) -> None:
        """Refuse rows without a key, and several rows with one key; the example is masked."""
        names = [quoted(part) for part in self.key]
        empty = " OR ".join(f"{name} IS NULL OR CAST({name} AS VARCHAR) = ''" for name in names)
        (without,) = self.query(f"SELECT count(*) FROM {STAGED} WHERE {empty}")[0]
        if without:
            raise KeyEmpty(table=self.table, key=", ".join(self.key), count=without)
        distinct = names[0] if len(names) == 1 else f"({', '.join(names)})"
        (surplus,) = self.query(f"SELECT count(*) - count(DISTINCT {distinct}) FROM {STAGED}")[0]
        if surplus:
            listed = ", ".join(names)
            example = self.query(
                f"SELECT {', '.join(f'CAST({name} AS VARCHAR)' for name in names)} FROM {STAGED} "
                f"GROUP BY {listed} HAVING count(*) > 1 ORDER BY {listed} LIMIT 1"
            )[0]
            raise KeyRepeated(
                table=self.table,
                key=", ".join(self.key),
                count=surplus,
                example=", ".join(str(partly_shown(part)) for part in example),
            )

    def check_with(self, checks: Sequence[Check]) -> None:
        """Ask every check; ChecksFailed carries all findings when one of them is an error."""
        findings: list[Finding] = []
        for check in checks:
            findings.extend(check(self) or ())
        errors = [finding for finding in findings if finding.severity == "error"]
        if errors:
            codes = ", ".join(sorted({finding.code for finding in errors}))
            failed = ChecksFailed(table=self.table, count=len(errors), codes=codes)
            failed.findings = tuple(findings)
            raise failed

    def digest(self) -> RowDigest:
        """The digest of the staged rows."""
        pairs = [(column.name, str(column.native_type)) for column in self.columns]
        return RowDigest.of(self.query(digest_query(STAGED, pairs))[0])

    def recast(self, columns: tuple[Column, ...]) -> None:
        """Bring columns to the types of the table; the caller has made sure that it loses nothing."""
        wanted = {column.name: column for column in columns}
        for column in self.columns:
            target = wanted.get(column.name)
            if target is not None and target.native_type != column.native_type:
                name = quoted(column.name)
                self.cursor.execute(
                    f"ALTER TABLE {STAGED} ALTER COLUMN {name} SET DATA TYPE {target.native_type}"
                )
        self.columns = tuple(wanted.get(column.name, column) for column in self.columns)

    def fill(self, columns: Sequence[Column]) -> None:
        """Add columns of nulls, for changes that only delete and therefore brought the key alone."""
        for column in columns:
            self.cursor.execute(f"ALTER TABLE {STAGED} ADD COLUMN {quoted(column.name)} {column.native_type}")


def loses_nothing(stage: Stage, column: Column, stored: str) -> bool:
    """True when every staged value of this column is the same value in the type of the table."""
    source = str(column.native_type)
    allowed = (
        (source == "BIGINT" and (stored == "DOUBLE" or stored.startswith("DECIMAL")))
        or (source.startswith("DECIMAL") and (stored.startswith("DECIMAL") or stored == "BIGINT"))
        or (source == "DATE" and stored == "TIMESTAMP")
        or (source == "TIMESTAMP" and stored == "DATE")
        or (source == "DOUBLE" and stored == "BIGINT")
    )
    name = quoted(column.name)
    if not allowed:
        (values,) = stage.query(f"SELECT count({name}) FROM {STAGED}")[0]
        return bool(values == 0)
    cast = f"TRY_CAST({name} AS {stored})"
    (lost,) = stage.query(
        f"SELECT count(*) FROM {STAGED} WHERE {name} IS NOT NULL AND "
        f"({cast} IS NULL OR CAST({cast} AS {source}) IS DISTINCT FROM {name})"
    )[0]
    return bool(lost == 0)


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
            column = f"CAST({f'to_json({column})' if _nested(str(kind)) else column} AS VARCHAR)"
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
