"""A table of PostgreSQL tells of itself: rows are hashed in the server, and only digests, marks and hashes leave it.

Two forms: `c1`, the canonical text of the row, equal on every engine; and `pg1`, PostgreSQL's own hash of the record,
several times cheaper, where both sides are PostgreSQL of one version and their columns hash alike. The hash of a record
is a sum over its columns, so that values exchanged between two rows would leave the sum over all rows as it was: it is
hashed once more before it is summed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lienthong.engine.errors import EngineError
from lienthong.engine.evidence.canonical import Native, canonical, is_told_in_place, row_hash
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.session import quoted
from lienthong.engine.sources.pgcatalogue import PgColumn, PgTable
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.witnesses import (
    Buckets,
    ComparedColumn,
    Division,
    Flat,
    Row,
    SideColumn,
    Task,
    Total,
    Where,
    Witness,
)

if TYPE_CHECKING:
    from lienthong.engine.sync.witnesses import Marks

LEAST_VERSION = 140_000
"""From this version on: `bit_xor`, scans by ranges of pages, hashes of records with a seed, lists that are hashed."""

_NATIVES: dict[str, Native] = {
    "int2": "integer", "int4": "integer", "int8": "integer", "oid": "integer", "numeric": "decimal", "money": "decimal",
    "float4": "single", "float8": "double", "bool": "boolean", "date": "date", "time": "time",
    "timestamp": "naive", "timestamptz": "aware", "json": "json", "jsonb": "json", "bytea": "binary",
}  # fmt: skip
# Types that hash alike share a word. Not there: enumerations (by number of the database), citext and jsonb (equal for
# values whose text differs), and everything else without a hash of its bytes.
_ALIKE = {
    "int2": "int", "int4": "int", "int8": "int", "numeric": "numeric", "bool": "bool", "date": "date", "time": "time",
    "timestamp": "timestamp", "timestamptz": "timestamptz", "text": "text", "varchar": "text", "bpchar": "bpchar",
    "uuid": "uuid", "bytea": "bytea", "float4": "float", "float8": "float",
}  # fmt: skip
_PAGES = 16_384


def can_tell(source: PostgresqlSource) -> bool:
    """Whether this server has what it takes to hash rows by itself."""
    return source.server_version() >= LEAST_VERSION and source.server_encoding() == "UTF8"


class PgWitness(Witness):
    """A table of a PostgreSQL database, in one snapshot until rows are asked for as they are now."""

    where: Where = "in_place"
    live = True

    def __init__(self, source: PostgresqlSource, table: PgTable, here: Callable[[], Witness]) -> None:
        """Tell of this table; the source is closed with the witness."""
        self._source = source
        self._table = table
        self._here = here
        self._in_snapshot = False
        self.display = source.display
        self.table = table.name
        self.primary_key = table.primary_key
        self.expected_rows = table.rows
        self.version = None
        self.hashes_like = f"postgresql {source.server_version() // 10_000}"
        self.columns = tuple(_column(column) for column in table.columns)
        self._not_null = {column.name for column in table.columns if not column.nullable}

    def begin(self) -> None:
        # Compiling these statements costs more than it saves.
        self._source.told("SET jit = off")
        self._source.told("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._in_snapshot = True

    def total(self, task: Task) -> Total:
        key = [column.name for column in task.key if column.name not in self._not_null]
        empty = " OR ".join(f"{quoted(name)} IS NULL" for name in key)
        keyless = f"count(*) FILTER (WHERE {empty})" if key else "0"
        needed = "".join(f", {quoted(name)}" for name in key)
        # The hash is used twice in one of the forms, and the server would compute it twice.
        apart = " OFFSET 0" if task.form != "pg1" else ""
        found = self._source.told(
            f"SELECT count(*), {_folded(task)}, {keyless}, clock_timestamp() "
            f"FROM (SELECT {self._hash(task)} AS _h{needed} FROM {self._table.own_name()}{apart}) AS t"
        ).fetchone()
        assert found is not None
        digest = RowDigest.of((found[0], int(found[1] or 0) & _ALL, int(found[2] or 0)))
        return Total(digest, found[4].astimezone(dt.UTC), int(found[3]))

    def buckets(self, task: Task, division: Division) -> Buckets:
        found = self._source.told(
            f"SELECT n, count(*), {_folded(task, as_numbers=True)} FROM (SELECT {self._mark(task)} >> {division.shift} AS n, "
            f"{self._hash(task)} AS _h FROM {self._relation(task, division)} OFFSET 0) AS t GROUP BY n"
        ).fetchall()
        import numpy as np

        columns = list(zip(*found, strict=True)) or [(), (), (), ()]
        return Buckets(
            np.array(columns[0], np.int64),
            np.array(columns[1], np.int64),
            np.array([int(value) & _ALL for value in columns[2]], np.uint64),
            np.array([int(value) & _ALL for value in columns[3]], np.uint64),
        )

    def flat(self, task: Task, division: Division | None = None) -> Flat:
        parts = []
        for relation in self._parts(task, division):
            result = self._source.told(
                f"SELECT array_agg(m), array_agg(h) FROM (SELECT {self._mark(task)} AS m, {self._hash(task)} AS h "
                f"FROM {relation}) AS t"
            ).pgresult
            assert result is not None
            parts.append((_numbers(result.get_value(0, 0)), _numbers(result.get_value(0, 1))))
        import numpy as np

        marks = np.concatenate([part[0] for part in parts])
        return Flat(marks, np.concatenate([part[1] for part in parts]).view(np.uint64))

    def pairs(self, task: Task, division: Division) -> set[tuple[int, int]]:
        found = self._source.told(
            f"SELECT {self._mark(task)}, {self._hash(task)} FROM {self._relation(task, division)}"
        )
        # The server knows signed numbers alone; other witnesses tell the same 64 bits without a sign.
        return {(int(row[0]), int(row[1]) & _ALL) for row in found}

    def bounds(self, task: Task) -> tuple[int, int] | None:
        key = quoted(task.key[0].name)
        found = self._source.told(f"SELECT min({key}), max({key}) FROM {self._table.own_name()}").fetchone()
        return None if found is None or found[0] is None else (int(found[0]), int(found[1]))

    def finds_by_key(self, task: Task) -> bool:
        return len(task.key) == 1 and self.primary_key == (task.key[0].name,)

    def can_tell(self, task: Task) -> bool:
        return all(is_told_in_place("postgresql", column.native, column.kind) for column in task.columns)

    def rows(self, task: Task, marks: Marks, *, now: bool = False) -> Iterator[Row]:
        if now and self._in_snapshot:
            self._end()
        texts = [_text(column, task) for column in task.columns]
        shown = [_shown(column) for column in task.columns]
        wanted = f"'{{{','.join(map(str, marks.tolist()))}}}'::bigint[]"
        found = self._source.told(
            f"SELECT {', '.join([self._mark(task), *texts, *shown])} FROM {self._table.own_name()} "
            f"WHERE {self._mark(task)} = ANY ({wanted})"
        )
        width = len(task.columns)
        for row in found:
            yield Row(int(row[0]), tuple(row[1 : 1 + width]), tuple(row[1 + width :]))

    def reading_here(self) -> Witness:
        return self._here()

    def interrupt(self) -> None:
        self._source.interrupt()

    def close(self) -> None:
        self._end()
        self._source.close()

    def findings(self) -> list:  # type: ignore[type-arg]
        return self._source.findings()

    def _end(self) -> None:
        self._in_snapshot = False
        with contextlib.suppress(EngineError):
            self._source.told("ROLLBACK")

    def _parts(self, task: Task, division: Division | None) -> Sequence[str]:
        """What the rows are read from, one part of the table after the other, so that no answer is too large."""
        name = self._table.own_name()
        if division is not None and division.only is not None:
            return [self._relation(task, division)]
        # Where only columns may be read, the place of a row may not.
        if self._table.kind not in ("r", "m") or self._table.together or self._table.partly:
            return [name]
        sized = self._source.told(
            f"SELECT pg_relation_size({self._table.oid}) / current_setting('block_size')::int"
        ).fetchone()
        pages = int(sized[0]) if sized else 0
        parts = []
        for first in range(0, max(1, pages), _PAGES):
            end = f" AND ctid < '({first + _PAGES},0)'" if first + _PAGES < pages else ""
            parts.append(f"{name} WHERE ctid >= '({first},0)'{end}")
        return parts

    def _relation(self, task: Task, division: Division) -> str:
        name = self._table.own_name()
        if division.only is None:
            return name
        wanted = f"'{{{','.join(map(str, division.only))}}}'::bigint[]"
        if task.whole_number and self.finds_by_key(task):
            key, width = quoted(task.key[0].name), 1 << division.shift
            return (
                f"unnest({wanted}) AS _b CROSS JOIN LATERAL (SELECT * FROM {name} "
                f"WHERE {key} >= _b * {width} AND {key} < (_b + 1) * {width}) AS _p"
            )
        return f"{name} WHERE ({self._mark(task)}) >> {division.shift} = ANY ({wanted})"

    def _mark(self, task: Task) -> str:
        if task.whole_number:
            return f"{quoted(task.key[0].name)}::bigint"
        return row_hash("postgresql", [_text(column, task) for column in task.key])

    def _hash(self, task: Task) -> str:
        if task.form == "pg1":
            columns = ", ".join(quoted(column.name) for column in task.columns)
            return f"hashint8extended(hash_record_extended(ROW({columns}), 0), 1)"
        return row_hash("postgresql", [_text(column, task) for column in task.columns])


_ALL = (1 << 64) - 1


def _folded(task: Task, *, as_numbers: bool = False) -> str:
    total = "sum(_h)"
    if task.form == "pg1":
        return f"0, {total}"
    return f"bit_xor(_h), {total}"


def _numbers(value: bytes | None) -> Marks:
    """The numbers of an array as the server sends it in binary form."""
    import numpy as np

    if value is None:
        return np.empty(0, np.int64)
    return np.frombuffer(value, [("length", ">i4"), ("value", ">i8")], offset=20)["value"].astype(np.int64)


def _column(column: PgColumn) -> SideColumn:
    alike = _ALIKE.get(column.base)
    return SideColumn(
        column.name,
        _NATIVES.get(column.base, "text"),
        column.native,
        hashed_alike=alike if column.deterministic else None,
    )


def _text(column: ComparedColumn, task: Task) -> str:
    return canonical("postgresql", quoted(column.name), column.native, column.kind, task.zone)


def _shown(column: ComparedColumn) -> str:
    """SQL for a value as a person may read it and JSON may hold it: exact numbers and moments as text."""
    value = quoted(column.name)
    if column.native in ("integer", "double", "single", "boolean"):
        return value
    if column.native == "aware":
        return f"({value} AT TIME ZONE 'UTC')::text || 'Z'"
    if column.native == "binary":
        return f"'x' || encode({value}, 'hex')"
    return f"{value}::text"
