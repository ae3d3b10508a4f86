"""Read a version, the net change between two, the difference of two, and files that hold exactly one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lienthong.engine.session import literal, quoted
from lienthong.engine.shapes import Difference
from lienthong.engine.store.errors import KeyMissing
from lienthong.engine.store.lake import LAKE, Lake, table_path, translated
from lienthong.engine.store.versions import CHANGE, NetDifference, Version


class _LakeRows:
    """Rows that one SELECT over the lake gives; every read has a connection of its own."""

    def __init__(self, lake: Lake, version: Version) -> None:
        self.version = version
        self._lake = lake

    def _select(self, columns: Sequence[str] | None) -> str:
        raise AssertionError("told by the kinds of rows")

    def _order(self) -> str:
        return ", ".join(quoted(part) for part in self.version.key)

    def _names(self) -> tuple[str, ...]:
        return self.version.column_names()

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The rows as a DuckDB relation on a connection of its own."""
        with translated(self.version.table):
            return self._lake.cursor().sql(self._select(None))

    def count(self) -> int:
        """How many rows there are."""
        with translated(self.version.table):
            found = self._lake.cursor().execute(f"SELECT count(*) FROM ({self._select(None)})").fetchone()
        return int(found[0]) if found else 0

    def arrow(
        self, columns: Sequence[str] | None = None, *, batch_rows: int = 65_536, ordered: bool = True
    ) -> pa.RecordBatchReader:
        """The rows as a stream of Arrow batches, in the order of the key unless `ordered` is False."""
        for name in columns or ():
            if name not in self._names():
                raise KeyMissing(table=self.version.table, column=name)
        sql = self._select(columns) + (f" ORDER BY {self._order()}" if ordered else "")
        with translated(self.version.table):
            cursor = self._lake.cursor()
            reader = cursor.sql(sql).to_arrow_reader(batch_rows)
        return pa.RecordBatchReader.from_batches(reader.schema, _kept_open(reader, cursor))


class VersionRows(_LakeRows):
    """The rows of one version; `.version` is its record."""

    def _select(self, columns: Sequence[str] | None) -> str:
        wanted = columns or self._names()
        picked = ", ".join(_readable(self.version, name) for name in wanted)
        return f"SELECT {picked} FROM {_as_of(self.version)}"

    def count(self) -> int:
        """How many rows there are, from the record."""
        return self.version.rows


class ChangedRows(_LakeRows):
    """The net change per key between two versions; `.version` is the later one."""

    def __init__(self, lake: Lake, before: Version | None, after: Version) -> None:
        super().__init__(lake, after)
        self.before = before

    def _names(self) -> tuple[str, ...]:
        return (CHANGE, *self.version.column_names())

    def counts(self) -> dict[str, int]:
        """How many rows were inserted, updated and deleted, net."""
        with translated(self.version.table):
            found = self._lake.cursor().execute(
                f"SELECT {CHANGE}, count(*) FROM ({self._select(None)}) GROUP BY 1"
            )
            counted = {str(word): int(number) for word, number in found.fetchall()}
        return {word: counted.get(word, 0) for word in ("insert", "update", "delete")}

    def replaced(self) -> ReplacedRows:
        """The rows that were updated, as they were before, in the columns of the later version."""
        return ReplacedRows(self._lake, self)

    def _select(self, columns: Sequence[str] | None) -> str:
        picked = ", ".join(
            CHANGE if name == CHANGE else _readable(self.version, name) for name in (columns or self._names())
        )
        return f"SELECT {picked} FROM ({self._net()})"

    def _net(self) -> str:
        first, names = quoted(self.version.key[0]), map(quoted, self.version.column_names())
        shown = ", ".join(f"CASE WHEN n.{first} IS NULL THEN p.{n} ELSE n.{n} END AS {n}" for n in names)
        return (
            f"{self._told()} SELECT CASE WHEN p.{first} IS NULL THEN 'insert' WHEN n.{first} IS NULL "
            f"THEN 'delete' ELSE 'update' END AS {CHANGE}, {shown} FROM p FULL JOIN n ON {self._same_key()} "
            f"WHERE p.{first} IS NULL OR n.{first} IS NULL OR {self._differs()}"
        )

    def before_updates(self) -> str:
        """SQL: the rows that were updated, as they were before."""
        names = ", ".join(f"p.{quoted(name)}" for name in self.version.column_names())
        return f"{self._told()} SELECT {names} FROM p JOIN n ON {self._same_key()} WHERE {self._differs()}"

    def _same_key(self) -> str:
        return " AND ".join(f"p.{part} = n.{part}" for part in map(quoted, self.version.key))

    def _differs(self) -> str:
        others = (quoted(name) for name in self.version.column_names() if name not in self.version.key)
        return " OR ".join(f"p.{n} IS DISTINCT FROM n.{n}" for n in others) or "false"

    def _told(self) -> str:
        """The rows as they were at first (`p`) and at last (`n`), of all that the feed tells."""
        table, key = self.version.table, self.version.key
        since = self.before.snapshot if self.before else 0
        # An empty range must not be asked for: the engine would read it backwards.
        feed = (
            f"SELECT * FROM {LAKE}.table_changes({literal(table)}, {since + 1}, {self.version.snapshot})"
            if since < self.version.snapshot
            else f"SELECT 0 AS snapshot_id, '' AS change_type, * FROM {_as_of(self.version)} WHERE false"
        )
        keys = ", ".join(quoted(part) for part in key)
        return (
            f"WITH feed AS MATERIALIZED (SELECT *, "
            f"min(snapshot_id) OVER (PARTITION BY {keys}) AS _first, "
            f"max(snapshot_id) OVER (PARTITION BY {keys}) AS _last FROM ({feed})), "
            "p AS (SELECT * FROM feed WHERE snapshot_id = _first "
            "AND change_type IN ('delete', 'update_preimage')), "
            "n AS (SELECT * FROM feed WHERE snapshot_id = _last "
            "AND change_type IN ('insert', 'update_postimage'))"
        )


class ReplacedRows(_LakeRows):
    """The rows that were updated between two versions, as they were before; `.version` is the later one."""

    def __init__(self, lake: Lake, changed: ChangedRows) -> None:
        super().__init__(lake, changed.version)
        self._changed = changed

    def _select(self, columns: Sequence[str] | None) -> str:
        picked = ", ".join(_readable(self.version, name) for name in (columns or self._names()))
        return f"SELECT {picked} FROM ({self._changed.before_updates()})"


def compared(cursor: duckdb.DuckDBPyConnection, left: Version, right: Version, limit: int) -> NetDifference:
    """Compare all rows of two versions by key: counts, changed columns, and the first `limit` differences."""
    key = right.key
    shared = [name for name in right.column_names() if name in left.column_names() and name not in key]
    only = [name for name in right.column_names() if name not in left.column_names()]
    first = quoted(key[0])
    on = " AND ".join(f"l.{quoted(part)} = r.{quoted(part)}" for part in key)
    flags = [(name, f"l.{quoted(name)} IS DISTINCT FROM r.{quoted(name)}") for name in shared]
    flags += [(name, f"r.{quoted(name)} IS NOT NULL") for name in only]
    changed = " OR ".join(condition for _, condition in flags) or "false"
    old, new = (_in_utc(version) for version in (left, right))
    word = (
        f"CASE WHEN l.{first} IS NULL THEN 'extra' WHEN r.{first} IS NULL THEN 'missing' "
        f"WHEN {changed} THEN 'changed' END"
    )
    cursor.execute(
        f"CREATE TEMP TABLE compared AS SELECT {word} AS word, {_packed('l', left)} AS l, "
        f"{_packed('r', right)} AS r FROM {old} l FULL JOIN {new} r "
        f"ON {on} WHERE {word} IS NOT NULL"
    )
    counted = dict(cursor.execute("SELECT word, count(*) FROM compared GROUP BY word").fetchall())
    tally = ", ".join(
        f"count(*) FILTER (word = 'changed' AND ({condition}))"
        for _, condition in [(name, _inside(name, name in shared)) for name, _ in flags]
    )
    sums = cursor.execute(f"SELECT {tally} FROM compared").fetchone() if flags else ()
    order = ", ".join(f"coalesce(l.{quoted(part)}, r.{quoted(part)})" for part in key)
    rows = cursor.execute(f"SELECT word, l, r FROM compared ORDER BY {order} LIMIT {int(limit)}").fetchall()
    return NetDifference(
        table=right.table,
        left=left.number,
        right=right.number,
        inserted=int(counted.get("extra", 0)),
        updated=int(counted.get("changed", 0)),
        deleted=int(counted.get("missing", 0)),
        changed_columns={
            name: int(times) for (name, _), times in zip(flags, sums or (), strict=True) if times
        },
        differences=tuple(_difference(row, key) for row in rows),
    )


def _in_utc(version: Version) -> str:
    # Times with a zone come out of the engine only with a library of zones; UTC without a zone needs none.
    zoned = [c.name for c in version.columns if c.native_type == "TIMESTAMP WITH TIME ZONE"]
    replaced = ", ".join(f"{quoted(name)} AT TIME ZONE 'UTC' AS {quoted(name)}" for name in zoned)
    picked = f"* REPLACE ({replaced})" if zoned else "*"
    return f"(SELECT {picked} FROM {_as_of(version)})"


def _packed(alias: str, version: Version) -> str:
    parts = (f"{quoted(name)} := {alias}.{quoted(name)}" for name in version.column_names())
    return f"struct_pack({', '.join(parts)})"


def _as_of(version: Version) -> str:
    return f"{table_path(version.table)} AT (VERSION => {version.snapshot})"


def _inside(name: str, in_both: bool) -> str:
    column = quoted(name)
    return f"l.{column} IS DISTINCT FROM r.{column}" if in_both else f"r.{column} IS NOT NULL"


def _difference(row: tuple[Any, ...], key: tuple[str, ...]) -> Difference:
    word, left, right = row
    before: dict[str, Any] | None = left if word != "extra" else None
    after: dict[str, Any] | None = right if word != "missing" else None
    shown: dict[str, Any] = after or before or {}
    columns: tuple[str, ...] = ()
    if before is not None and after is not None:
        columns = tuple(name for name, value in after.items() if before.get(name) != value)
    return Difference(
        kind=word, key=tuple(shown[part] for part in key), columns=columns, left=before, right=after
    )


def plain_files(cursor: duckdb.DuckDBPyConnection, root: Path, version: Version) -> tuple[Path, ...]:
    """The lake's own files when each counts in full and has all columns; else one copy, made once."""
    listed = cursor.execute(
        f"SELECT data_file, delete_file FROM ducklake_list_files('{LAKE}', {literal(version.table)}, "
        f"snapshot_version => {version.snapshot})"
    ).fetchall()
    paths = tuple(Path(str(data)) for data, _ in listed)
    wanted = set(version.column_names())
    near = all("://" not in str(data) for data, _ in listed)
    if (
        paths
        and near
        and all(delete is None for _, delete in listed)
        and all(_has(path, wanted) for path in paths)
    ):
        return paths
    copy = root / "plain" / version.table / f"{version.number}.parquet"
    if not copy.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        partial = copy.with_suffix(f".{os.getpid()}.partial")
        try:
            order = ", ".join(quoted(part) for part in version.key)
            names = ", ".join(quoted(name) for name in version.column_names())
            cursor.execute(
                f"COPY (SELECT {names} FROM {_as_of(version)} ORDER BY {order}) "
                f"TO {literal(str(partial))} (FORMAT parquet, COMPRESSION zstd)"
            )
            with partial.open("rb") as written:
                os.fsync(written.fileno())
            partial.replace(copy)
        finally:
            partial.unlink(missing_ok=True)
    return (copy,)


def _has(path: Path, names: set[str]) -> bool:
    return names <= set(pq.read_schema(path).names)


def _readable(version: Version, name: str) -> str:
    stored = next(column.native_type for column in version.columns if column.name == name)
    # Arrow would hand JSON out as an extension type that few readers know.
    return f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" if stored == "JSON" else quoted(name)


def _kept_open(reader: pa.RecordBatchReader, cursor: duckdb.DuckDBPyConnection) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    finally:
        cursor.close()
