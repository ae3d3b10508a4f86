"""A table of a PostgreSQL database as a target."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NoReturn

import psycopg
from psycopg import pq

from lienthong.engine.errors import EngineError
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ColumnType
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.postgresql import connected
from lienthong.engine.sync.errors import (
    AlreadyRunning,
    TargetBusy,
    TargetFailed,
    TargetFull,
    TargetLost,
    TargetReadOnly,
    TargetUnfit,
)
from lienthong.engine.sync.sqltarget import STATE_COLUMNS, SqlTarget
from lienthong.engine.sync.target import (
    GONE,
    KEPT,
    STAGE,
    Batches,
    Counts,
    NewColumn,
    RowRefused,
    TargetColumn,
    TargetKind,
)

_TYPES: dict[str, ColumnType] = {
    "int2": "integer", "int4": "integer", "int8": "integer", "numeric": "decimal", "float4": "double",
    "float8": "double", "bool": "boolean", "date": "date", "time": "time", "timestamp": "timestamp",
    "timestamptz": "timestamp", "json": "json", "jsonb": "json", "bytea": "binary",
}  # fmt: skip
_RANGES = {"int2": 1 << 15, "int4": 1 << 31, "int8": 1 << 63}
_NEW: dict[str, str] = {
    "text": "text", "integer": "bigint", "decimal": "numeric", "double": "double precision", "boolean": "boolean",
    "date": "date", "time": "time", "timestamp": "timestamp", "json": "jsonb", "binary": "bytea",
}  # fmt: skip
# Types whose values PostgreSQL itself calls equal though they differ, or cannot compare at all.
_COMPARED_AS_TEXT = frozenset(
    {"json", "xml", "citext", "point", "polygon", "box", "path", "circle", "lseg", "line"}
)
_REASONS = {
    "23502": "null_refused",
    "23503": "reference_broken",
    "23505": "not_unique",
    "23514": "check_broken",
    "23P01": "not_unique",
    "22001": "too_long",
    "22003": "out_of_range",
    "22021": "character_refused",
    "22P05": "character_refused",
    "P0001": "refused_by_trigger",
}
_FILLED = 90
"""How full, in percent, the pages of a table of ours are made at first."""
_LOST = ("08", "57P01", "57P02", "57P03")

_COLUMNS = """
SELECT a.attname, coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text, b.typname, a.atttypmod,
       format_type(a.atttypid, a.atttypmod), a.attnotnull OR t.typnotnull, a.attgenerated <> '',
       a.atthasdef OR a.attidentity <> '', coalesce(l.collisdeterministic, true)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


class PostgresqlTarget(SqlTarget):
    """One table of a PostgreSQL database, `table` or `schema.table`; a job is held by an advisory lock."""

    kind: ClassVar[TargetKind] = "postgresql"
    _as_text = "{c}::text"

    def __init__(self, address: Address, table: str, limits: Limits) -> None:
        self.display, self.table = address.display, table
        schema, dot, name = table.rpartition(".")
        self._schema, self._name = (schema, name) if dot else ("", table)
        self._limits = limits
        self._as_compared: frozenset[str] = frozenset()
        self._binary: frozenset[str] = frozenset()
        self._transaction = False
        self._upserts = False
        self.session = connected(
            address,
            limits,
            [
                f"statement_timeout = '{limits.statement_seconds}s'",
                f"lock_timeout = '{limits.lock_seconds}s'",
                "DateStyle = 'ISO, YMD'",
                "TimeZone = 'UTC'",
                "IntervalStyle = 'iso_8601'",
                "client_min_messages = 'error'",
            ],
        )

    def columns(self) -> tuple[TargetColumn, ...]:
        oid = self._oid()
        if oid is None:
            return ()
        if self._ask("SELECT 1 FROM pg_class WHERE oid = %s AND relkind NOT IN ('r', 'p', 'f')", (oid,)):
            raise TargetUnfit(
                target=self.display,
                table=self.table,
                reason_vi="đó là khung nhìn, không phải bảng",
                reason_en="it is a view and no table",
            )
        found, compared = [], set()
        for name, _, base, modifier, native, not_null, computed, defaulted, plain in self._ask(
            _COLUMNS, (oid,)
        ):
            kind = _TYPES.get(base, "text")
            bound = _RANGES.get(base)
            bounds = modifier - 4 if base == "numeric" and modifier >= 4 else None
            found.append(
                TargetColumn(
                    name, kind, native, not not_null,
                    length=modifier - 4 if base in ("varchar", "bpchar") and modifier >= 4 else None,
                    precision=bounds >> 16 & 0xFFFF if bounds is not None else None,
                    scale=bounds & 0x7FF if bounds is not None else None,
                    low=-bound if bound else None, high=bound - 1 if bound else None,
                    computed=computed, defaulted=defaulted,
                )
            )  # fmt: skip
            if base in _COMPARED_AS_TEXT or not plain:
                compared.add(name)
        self._as_compared = frozenset(compared)
        self._binary = frozenset(one.name for one in found if one.type == "binary")
        return tuple(found)

    def _oid(self) -> int | None:
        found = self._ask("SELECT to_regclass(%s)::oid", (self._own_name(),))
        return int(found[0][0]) if found[0][0] is not None else None

    def create(self, columns: Sequence[NewColumn], key: Sequence[str], *, keyed: bool = True) -> None:
        parts = [
            f"{self._quoted(one.name)} {_new_type(one)}{' NOT NULL' if one.name in key else ''}"
            for one in columns
        ]
        if keyed:
            parts.append(f"PRIMARY KEY ({self._listed(key)})")
        # Where a page has room, a changed row stays in it and no index has to learn of it.
        self._do(
            f"CREATE TABLE IF NOT EXISTS {self._own_name()} ({', '.join(parts)}) WITH (fillfactor = {_FILLED})"
        )

    def add_key(self, key: Sequence[str]) -> None:
        """Give a table that was made without a key its key."""
        self._do(f"ALTER TABLE {self._own_name()} ADD PRIMARY KEY ({self._listed(key)})")

    def repeated(self, key: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """How many rows repeat a key, and one such key."""
        listed = self._listed(key)
        texts = ", ".join(f"{self._quoted(name)}::text" for name in key)
        found = self._ask(
            f"SELECT sum(count(*) - 1) OVER (), {texts} FROM {self._own_name()} GROUP BY {listed} "
            "HAVING count(*) > 1 LIMIT 1"
        )
        return (int(found[0][0]), tuple(found[0][1:])) if found else (0, ())

    def has_triggers(self) -> bool:
        return bool(
            self._ask(
                "SELECT 1 FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal AND tgenabled <> 'D' LIMIT 1",
                (self._oid(),),
            )
        )

    def has_key(self) -> bool:
        """Whether the table has a primary key."""
        return bool(
            self._ask("SELECT 1 FROM pg_constraint WHERE conrelid = %s AND contype = 'p'", (self._oid(),))
        )

    def hold(self, job: str) -> None:
        number = int.from_bytes(
            hashlib.sha256(f"lienthong sync {job}".encode()).digest()[:8], "big", signed=True
        )
        if not self._ask("SELECT pg_try_advisory_lock(%s)", (number,))[0][0]:
            raise AlreadyRunning(job=job)

    def prepare(self, columns: Sequence[str], key: Sequence[str]) -> None:
        self.sent, self.key = tuple(columns), tuple(key)
        self._upserts = self._has_unique_key()
        for name, shape in STATE_COLUMNS:
            if not self._has(name):
                self._do(
                    f"CREATE TABLE IF NOT EXISTS {self._beside(name)} ({shape.format(short='text', long='text')})"
                )
        self._do(
            "; ".join(
                f"DROP TABLE IF EXISTS pg_temp.{name}; "
                f"CREATE TEMP TABLE {name} AS SELECT {self._listed(names)} FROM {self._own_name()} WITH NO DATA"
                for name, names in ((STAGE, self.sent), (GONE, self.key), (KEPT, self.key))
            )
        )

    def begin(self) -> None:
        self._do("BEGIN")
        self._transaction = True
        # A constraint that waits for the commit would refuse the batch when no row can be named any more.
        self._do("SET CONSTRAINTS ALL IMMEDIATE")

    def commit(self) -> None:
        self._do("COMMIT")
        self._transaction = False

    def rollback(self) -> None:
        if self._transaction:
            self._transaction = False
            with contextlib.suppress(psycopg.Error):
                self.session.execute(b"ROLLBACK")

    def stage(self, batches: Batches) -> None:
        self._fill(STAGE, self.sent, batches)

    def stage_keys(self, name: str, batches: Batches) -> None:
        self._fill(name, self.key, batches)

    def _fill(self, name: str, columns: Sequence[str], batches: Batches) -> None:
        import pyarrow.compute
        import pyarrow.csv

        self._do(f"TRUNCATE pg_temp.{name}")
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
        alone = len(columns) == 1
        binary = [place for place, column in enumerate(columns) if column in self._binary]

        def texts() -> Iterable[bytes]:
            for batch in batches:
                written = io.BytesIO()
                for place in binary:
                    marked = pyarrow.compute.binary_join_element_wise("\\x", batch.column(place), "")
                    batch = batch.set_column(place, batch.schema.field(place), marked)
                pyarrow.csv.write_csv(batch, written, options)
                # A line of one null would be an empty line, which ends nothing and means nothing.
                yield written.getvalue() if not alone else written.getvalue().replace(b"\n\n", b"\n")

        self.copy_in(f"COPY pg_temp.{name} ({self._listed(columns)}) FROM STDIN (FORMAT csv)", texts())
        if name != STAGE:
            self._do(f"ANALYZE pg_temp.{name}")

    def copy_in(self, sql: str, pieces: Iterable[bytes]) -> int:
        """Hand these bytes to a COPY; how many rows it took. What the giver raises goes on as it is."""
        # An error of the giver must not be taken for one of the target.
        source = iter(pieces)
        broken: BaseException | None = None
        try:
            with self.session.cursor() as cursor:
                with cursor.copy(sql.encode()) as copy:
                    while True:
                        try:
                            piece = next(source, None)
                        except BaseException as error:
                            broken = error
                            raise
                        if piece is None:
                            break
                        copy.write(piece)
                return max(0, cursor.rowcount)
        except psycopg.Error as error:
            if broken is None:
                self._fail(error)
        except BaseException:
            if broken is None:
                raise
        raise broken or TargetLost(target=self.display)

    def copy_binary(self, sql: str, pieces: Iterable[bytes]) -> int:
        """Hand the pieces of a binary COPY to another; how many rows it took. What the giver raises goes on as it is."""
        connection = self.session.pgconn
        try:
            result = connection.exec_(sql.encode())
            if result.status != pq.ExecStatus.COPY_IN:
                raise psycopg.errors.error_from_result(result)
        except psycopg.Error as error:
            self._fail(error)
        given = iter(pieces)
        while True:
            try:
                piece = next(given, None)
            except BaseException:
                # The server must leave the COPY before anything else is said to it.
                with contextlib.suppress(psycopg.Error):
                    connection.put_copy_end(b"given up")
                    while connection.get_result() is not None:
                        pass
                raise
            if piece is None:
                break
            try:
                connection.put_copy_data(piece)
            except psycopg.Error:
                self._broken_off()
        try:
            connection.put_copy_end()
        except psycopg.Error:
            self._broken_off()
        return self._copied()

    def _copied(self) -> int:
        """How many rows the COPY took that has just ended."""
        connection, rows = self.session.pgconn, 0
        refused: psycopg.Error | None = None
        # To the last result, also behind an error: else the session would take no other command.
        while (ended := connection.get_result()) is not None and ended.status != pq.ExecStatus.COPY_IN:
            if ended.status == pq.ExecStatus.COMMAND_OK:
                rows = ended.command_tuples or 0
            else:
                refused = refused or psycopg.errors.error_from_result(ended)
        if refused is not None:
            self._fail(refused)
        return rows

    def _broken_off(self) -> NoReturn:
        """The server takes no more of a COPY: because of a row, which it says, or because it is gone."""
        self._copied()
        raise_alone(self._diagnosed("08006"))

    def stage_key_texts(self, name: str, keys: Sequence[tuple[str | None, ...]]) -> None:
        """Take these keys into a temporary table."""
        self._do(f"TRUNCATE pg_temp.{name}")
        lines = (
            ",".join('"' + str(part).replace('"', '""') + '"' for part in key).encode() + b"\n"
            for key in keys
        )
        self.copy_in(f"COPY pg_temp.{name} ({self._listed(self.key)}) FROM STDIN (FORMAT csv)", lines)

    def greatest_staged(self, sql: str) -> str | None:
        """One value (SQL) of the staged rows."""
        found = self._ask(f"SELECT {sql} FROM pg_temp.{STAGE}")[0][0]
        return None if found is None else str(found)

    def clear(self, name: str) -> None:
        """Empty a temporary table."""
        self._do(f"TRUNCATE pg_temp.{name}")

    def number(self) -> int:
        """The number by which the server knows the table; 0 when there is none."""
        return self._oid() or 0

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement. Raises our errors."""
        return self._ask(sql)

    @property
    def own_name(self) -> str:
        """The table as the server calls it."""
        return self._own_name()

    def _update(self, values: Sequence[str], differs: str) -> str:
        changes = ", ".join(f"{self._quoted(name)} = s.{self._quoted(name)}" for name in values)
        return (
            f"UPDATE {self._own_name()} AS t SET {changes} FROM {self._beside(STAGE)} s "
            f"WHERE {self._same_key('t', 's')} AND ({differs})"
        )

    def merge(self) -> Counts:
        if not self._upserts:
            self._do(f"ANALYZE pg_temp.{STAGE} ({self._listed(self.key)})")
            return super().merge()
        values = self._values()
        changes = ", ".join(f"{self._quoted(name)} = excluded.{self._quoted(name)}" for name in values)
        differs = " OR ".join(self._differs(name, "t", "excluded") for name in values)
        act = f"UPDATE SET {changes} WHERE {differs}" if values else "NOTHING"
        # A row that was inserted has no transaction that ended it.
        found = self._ask(
            f"WITH done AS (INSERT INTO {self._own_name()} AS t ({self._listed(self.sent)}) OVERRIDING SYSTEM VALUE "
            f"SELECT {self._listed(self.sent)} FROM pg_temp.{STAGE} ON CONFLICT ({self._listed(self.key)}) DO {act} "
            "RETURNING t.xmax = 0 AS fresh) SELECT count(*) FILTER (WHERE fresh), count(*) FROM done"
        )[0]
        return Counts(int(found[0]), int(found[1]) - int(found[0]))

    def _has_unique_key(self) -> bool:
        """Whether the server itself keeps the key unique, exactly as we tell keys apart, and tells which rows are new."""
        if set(self.key) & self._as_compared:
            return False
        # A table of partitions does not tell of a row who wrote it.
        return bool(
            self._ask(
                "SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'r' WHERE indrelid = %s AND indisunique AND indisvalid AND indimmediate "
                "AND indpred IS NULL AND indexprs IS NULL AND indnkeyatts = %s AND (SELECT array_agg(a.attname::text) "
                "FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY((i.indkey::int2[])[0:indnkeyatts - 1])) "
                "@> %s::text[]",
                (self._oid(), len(self.key), list(self.key)),
            )
        )

    def _insert(self) -> str:
        return f"INSERT INTO {self._own_name()} ({self._listed(self.sent)}) OVERRIDING SYSTEM VALUE"

    def interrupt(self) -> None:
        """Stop the statement that another thread waits for."""
        with contextlib.suppress(psycopg.Error):
            self.session.cancel()

    def close(self) -> None:
        # The server ends a session in its own time; whoever comes next must not find the job still held by this one.
        self.rollback()
        with contextlib.suppress(psycopg.Error):
            self.session.execute(b"SELECT pg_advisory_unlock_all()")
        self.session.close()

    def _do(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        try:
            return max(0, self.session.execute(sql.encode(), parameters or None).rowcount)
        except psycopg.Error as error:
            self._fail(error)

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return list(self.session.execute(sql.encode(), parameters or None).fetchall())
        except psycopg.Error as error:
            self._fail(error)

    def _fail(self, error: psycopg.Error) -> NoReturn:
        state = error.sqlstate or ""
        if state[:2] in ("22", "23") or state == "P0001":
            reason = _REASONS.get(state, "value_not_of_type" if state[:2] == "22" else "constraint_broken")
            refused = RowRefused(reason, error.diag.column_name)
            refused.__suppress_context__ = True
            raise refused from None
        raise_alone(self._diagnosed(state))

    def _diagnosed(self, state: str) -> EngineError:
        facts = {"target": self.display, "table": self.table}
        if self.session.closed or self.session.broken or state.startswith(_LOST):
            return TargetLost(**facts)
        if state in ("42501", "25006"):
            return TargetReadOnly(**facts)
        if state in ("53100", "54000"):
            return TargetFull(**facts)
        if state in ("55P03", "40001", "40P01", "57014"):
            return TargetBusy(**facts)
        if state in ("42P01", "42703", "42804", "3F000"):
            return TargetUnfit(
                **facts,
                reason_vi="bảng, lược đồ hoặc cột không có hoặc không còn như khi bắt đầu",
                reason_en="the table, its schema or a column is missing or not what it was at the beginning",
            )
        return TargetFailed(**facts, state=state or "–")

    def _quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def _own_name(self) -> str:
        schema = f"{self._quoted(self._schema)}." if self._schema else ""
        return f"{schema}{self._quoted(self._name)}"

    def _beside(self, name: str) -> str:
        if name in (STAGE, GONE, KEPT):
            return f"pg_temp.{name}"
        return f"{self._quoted(self._schema)}.{name}" if self._schema else name

    def _same_key(self, left: str, right: str) -> str:
        return " AND ".join(
            f"{left}.{q} = {right}.{q}"
            + (f' AND {left}.{q}::text = {right}.{q}::text COLLATE "C"' if name in self._as_compared else "")
            for name in self.key
            for q in [self._quoted(name)]
        )

    def _differs(self, column: str, left: str, right: str) -> str:
        q = self._quoted(column)
        if column in self._as_compared:
            return f'{left}.{q}::text IS DISTINCT FROM {right}.{q}::text COLLATE "C"'
        return f"{left}.{q} IS DISTINCT FROM {right}.{q}"

    def _has(self, name: str) -> bool:
        return self._ask("SELECT to_regclass(%s)::oid", (self._beside(name),))[0][0] is not None


def _new_type(column: NewColumn) -> str:
    if column.native:
        return column.native
    if column.type == "decimal" and column.precision:
        return f"numeric({column.precision}, {column.scale or 0})"
    if column.type == "text" and column.length:
        return f"varchar({column.length})"
    return _NEW[column.type]
