"""PostgreSQL: asked through psycopg what it is, read through DuckDB.

psycopg connects first, so that a wrong address, user or password is told apart without DuckDB, whose
messages quote the connection string. Sessions are read-only, bounded in time, and few.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import errors as pgerrors

from lienthong.engine.errors import (
    EngineError,
    ReadCancelled,
    SourceBusy,
    SourceError,
    SourceLost,
    SourceNotFound,
    SourcePooled,
    SourceRefused,
    SourceTimedOut,
    SourceTlsFailed,
    SourceUnreachable,
    TableChanged,
    TableFailed,
    TableGone,
    TableLocked,
    TableNotFilled,
    TableRefused,
    WrongPassword,
)
from lienthong.engine.session import Connection, Limits, ShouldStop, literal, load_extension, quoted
from lienthong.engine.shapes import ColumnProfile, Table
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import OfTable, raise_alone
from lienthong.engine.sources.inplace import LONGEST_TEXT, SAMPLED_ROWS
from lienthong.engine.sources.pgcatalogue import PgColumn, PgTable, read_catalogue
from lienthong.engine.sources.pgpartitions import settled_tables
from lienthong.engine.sources.pooling import is_shared
from lienthong.engine.sources.server import ATTACHED, Measure, Plan, ServerSource
from lienthong.engine.sources.stopping import stoppable

if TYPE_CHECKING:
    from lienthong.engine.portable import Measured

Answer = TypeVar("Answer")

# A line that has gone silent is given up: asked after half a minute, dead within another.
_LINE = {"keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
         "tcp_user_timeout": "60000"}  # fmt: skip

# What PostgreSQL's code of a failed statement means for the table at hand.
_STATES: dict[str, type[SourceError]] = {
    "57014": SourceTimedOut,
    "55P03": TableLocked,
    "42501": TableRefused,
    "42P01": TableGone,
    "3F000": TableGone,
    "42703": TableChanged,
    "42883": TableChanged,
    "55000": TableNotFilled,
    "40001": ReadCancelled,
    "40P01": ReadCancelled,
    "53300": SourceBusy,
}

# A replica does not say where it writes; how far it has come stands in its control file.
_TIMELINE = """
SELECT CASE WHEN pg_is_in_recovery()
    THEN (SELECT greatest(c.timeline_id, r.min_recovery_end_timeline) FROM pg_control_checkpoint() c, pg_control_recovery() r)
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
"""

_ASKED_IN_PLACE = frozenset({"citext", "jsonb", "interval", "money", "timetz"})
_WITH_EQUALITY = _ASKED_IN_PLACE | {
    "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bool", "date", "time", "timestamp",
    "timestamptz", "bytea", "text", "varchar", "bpchar", "name", "uuid", "inet", "cidr", "macaddr",
}  # fmt: skip


def connected(
    address: Address, limits: Limits, settings: Sequence[str]
) -> psycopg.Connection[tuple[Any, ...]]:
    """A session with these settings, each statement a transaction of its own. Raises our errors."""
    options = dict(address.options)
    wait = int(options.pop("connect_timeout", limits.connect_seconds))
    failure: EngineError | None = None

    def opened() -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=address.host,
            port=address.port,
            user=address.user or None,
            password=address.password.reveal() if address.password else None,
            dbname=address.database,
            connect_timeout=max(2, wait),
            client_encoding="utf-8",
            autocommit=True,
            **{"application_name": "lienthong", **_LINE, **options},  # type: ignore[arg-type]
        )

    try:
        session = opened()
        try:
            # Before anything is set: it would be set for whoever is given the connection next.
            if is_shared(session, opened):
                raise SourcePooled(source=address.display)
            session.execute("; ".join(f"SET {setting}" for setting in settings).encode())
        except BaseException:
            session.close()
            raise
        return session
    except pgerrors.ConnectionTimeout:
        failure = SourceTimedOut(source=address.display, seconds=wait)
    except UnicodeError:
        failure = WrongPassword(source=address.display, user=address.user)
    except psycopg.Error as error:
        failure = _diagnosed(error, address.display, address.user, wait)
    return raise_alone(failure)


class PostgresqlSource(ServerSource):
    """A PostgreSQL database: all its schemas, tables of `public` under their plain names."""

    kind = "postgresql"
    dialect = "postgresql"
    passing_on = "postgres_query"

    def __init__(self, address: Address, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(address.display, limits, measure)
        self._address = address
        self._known: dict[str, PgTable] = {}
        self._timeline: int | None = None
        self._reader = f"lienthong {secrets.token_hex(8)}"
        try:
            self._session = self._connected()
        except BaseException:
            self.close()
            raise

    def relation(self, table: str | Table) -> str:
        known = self._known_table(table)
        if all(_reads_as_it_is(column) for column in known.columns) and not known.must_be_asked():
            return known.attached_name(ATTACHED)
        selected = ", ".join(
            f"{self._cast(known, column)} AS {quoted(name)}"
            for column, name in zip(known.columns, known.distinct_names(), strict=True)
        )
        sql = f"SELECT {selected} FROM {known.own_name()}"
        return f"postgres_query({literal(ATTACHED)}, {literal(sql)})"

    def relation_of(self, table: str | Table, columns: Sequence[str]) -> str:
        known = self._known_table(table)
        wanted = [
            (column, name)
            for column, name in zip(known.columns, known.distinct_names(), strict=True)
            if column.name in columns
        ]
        if not any(_is_composed(column) for column, _ in wanted):
            return self.relation(table)
        # Lists and rows as the server writes them: DuckDB would make values of its own kind of them.
        selected = ", ".join(
            f"{quoted(column.name)}::text AS {quoted(name)}"
            if _is_composed(column)
            else f"{self._cast(known, column)} AS {quoted(name)}"
            for column, name in wanted
        )
        return self.answer_to(f"SELECT {selected} FROM {known.own_name()}")

    def own_name(self, table: str | Table) -> str:
        return self._known_table(table).own_name()

    def described(self, table: str) -> PgTable:
        """What the catalogue says of a table. Raises TableNotFound."""
        return self._known_table(table)

    def server_version(self) -> int:
        """The version of the server as it counts itself, 150004 for 15.4."""
        return self._session.info.server_version

    def server_encoding(self) -> str:
        """In which encoding the database keeps its text."""
        return self._session.info.parameter_status("server_encoding") or ""

    def timeline(self) -> int | None:
        """Which line of its history the server is on; it changes when a replica takes over. None where nobody tells.

        Not to be asked for the first time within a transaction, which a refusal would end.
        """
        if self._timeline is None:
            self._timeline = 0
            with contextlib.suppress(EngineError):
                self._timeline = int(self._ask(_TIMELINE)[0][0] or 0)
        return self._timeline or None

    def told(self, sql: str) -> psycopg.Cursor[tuple[Any, ...]]:
        """The answer to a statement in PostgreSQL's own SQL, values in binary form. Raises our errors."""
        return self._asking(lambda: self._session.cursor(binary=True).execute(sql.encode()))

    def interrupt(self) -> None:
        """Stop the statement that is being answered, from another thread."""
        with contextlib.suppress(psycopg.Error):
            self._session.cancel()

    def plain_table(self, table: str) -> int | None:
        """The number of a table that keeps rows of its own and may be read whole; None of a view, a foreign table, a parent
        of several, and where only some columns may be read.
        """
        known = self._known_table(table)
        return known.oid if known.kind == "r" and not known.together and not known.partly else None

    @property
    def session(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The session in which the database is asked: read-only, each statement a transaction of its own."""
        return self._session

    def keeps_builtin(self, table: str, column: str) -> bool:
        """Whether a column is of a type that every PostgreSQL has, so that its binary form means the same elsewhere."""
        known = next((one for one in self._known_table(table).columns if one.name == column), None)
        return known is not None and known.oid < 16_384 and not known.is_domain

    def keeps_key(self, table: str) -> bool:
        """Whether the key that a table declares holds for all of its rows: not so of rows in tables that inherit from it."""
        known = self._known_table(table)
        return known.kind == "p" or (known.kind == "r" and not known.together and not known.partitions)

    def require_unchanged(self, table: str, columns: Sequence[str]) -> None:
        """Check, in the running transaction, that columns are still what they were when the source was opened.

        Until the transaction ends nobody can change them. Raises TableChanged, TableGone.
        """
        known = self._known_table(table)
        listed = ", ".join(quoted(name) for name in columns)
        with OfTable(known.name):
            cursor = self._asking(
                lambda: self._session.execute(f"SELECT {listed} FROM {known.own_name()} LIMIT 0".encode())
            )
            oids = {column.name: column.oid for column in known.columns}
            if [one.type_code for one in cursor.description or ()] != [oids[name] for name in columns]:
                raise TableChanged(source=self.display)

    def explained_refusal(self, error: psycopg.Error) -> EngineError:
        """Which of our errors the failure of a statement in that session is."""
        return self._refusal(error, 0.0)

    def close(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            session.close()
        super().close()

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        return connected(self._address, self.limits, self._settings())

    def _settings(self) -> list[str]:
        """What every session of ours keeps to at the server."""
        return [
            "default_transaction_read_only = on",
            f"statement_timeout = '{self.limits.statement_seconds}s'",
            f"lock_timeout = '{self.limits.lock_seconds}s'",
            "DateStyle = 'ISO, YMD'",
            "TimeZone = 'UTC'",
            "IntervalStyle = 'iso_8601'",
        ]

    def _connect_again(self) -> None:
        with contextlib.suppress(psycopg.Error):
            self._session.close()
        self._session = self._connected()

    def _attach(self, connection: Connection) -> None:
        import duckdb

        address, options = self._address, dict(self._address.options)
        load_extension(connection, "postgres_scanner")
        connection.execute(f"SET GLOBAL pg_pool_max_connections = {self.limits.readers()}")
        connection.execute("SET GLOBAL pg_pool_acquire_mode = 'wait'")
        connection.execute(f"SET GLOBAL pg_pool_wait_timeout_millis = {1000 * self.limits.connect_seconds}")
        options.setdefault("connect_timeout", str(self.limits.connect_seconds))
        options = {**_LINE, **options, "application_name": self._reader}
        secret = {"HOST": address.host, "PORT": str(address.port), "DBNAME": address.database}
        if address.user:
            secret["USER"] = address.user
        if address.password:
            secret["PASSWORD"] = address.password.reveal()
        given = ", ".join(f"{name} {literal(value)}" for name, value in secret.items())
        # DuckDB hands a connection back with its settings discarded, so they are given as it connects. A pooler in
        # between may refuse that; reading is then bounded from here alone.
        wanted = " ".join(f"-c {setting.replace(' ', '')}" for setting in self._settings()[:3])
        for extra in ({**options, "options": wanted.replace("'", "")}, options):
            text = " ".join(f"{name}={_conninfo(value)}" for name, value in extra.items())
            try:
                connection.execute(
                    f"CREATE OR REPLACE TEMPORARY SECRET source_secret (TYPE postgres, {given})"
                )
                connection.execute(
                    f"ATTACH {literal(text)} AS {ATTACHED} (TYPE postgres, READ_ONLY, SECRET source_secret)"
                )
                return
            except duckdb.Error:
                continue
        raise_alone(SourceRefused(source=self.display))

    def _list_tables(self) -> list[Table]:
        only = self._only
        with OfTable("pg_catalog"):
            known, notes = self._asking(
                lambda: settled_tables(self._session, read_catalogue(self._session, only))
            )
        if only is not None:
            known = [table for table in known if table.name == only]
            notes = [one for one in notes if one.place.table in (only, "*")]
        self._notes = notes
        self._known = {table.name: table for table in known}
        return [table.as_table() for table in known]

    def _known_table(self, table: str | Table) -> PgTable:
        found = self.table(table if isinstance(table, str) else table.name)
        return self._known[found.name]

    def _plan(self, table: Table, should_stop: ShouldStop | None) -> Plan:
        known = self._known_table(table)
        in_place = {
            order: self._measured_in_place(table, order)
            for order, column in enumerate(known.columns)
            if not _is_carried(column)
        }
        relation, selected = known.attached_name(ATTACHED), {}
        if known.must_be_asked():
            # DuckDB does not tell upper from lower case, nor a parent from its children: asked for in exact words.
            names = {order: f"c{order}" for order in range(len(known.columns)) if order not in in_place}
            query = ", ".join(
                f"{quoted(known.columns[order].name)} AS {name}" for order, name in names.items()
            )
            sql = f"SELECT {query} FROM {known.own_name()}"
            relation = f"postgres_query({literal(ATTACHED)}, {literal(sql)})"
            selected = {order: quoted(name) for order, name in names.items()}
        return Plan(table, relation, known.own_name(), in_place, selected)

    def _cancel_reading(self) -> None:
        with contextlib.suppress(EngineError):
            self._ask(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                f"WHERE application_name = {literal(self._reader)}"
            )

    def _measured_in_place(self, table: Table, order: int) -> Measured:
        from lienthong.engine.portable import TEMPORAL, Measured

        column = self._known_table(table).columns[order]
        name = quoted(column.name)
        if column.base == "money":
            return Measured(f"{name}::numeric", column.type)
        if column.base not in _WITH_EQUALITY:
            return Measured(f"{name}::text", column.type)
        if column.type == "boolean":
            return Measured(name, column.type, f"bool_and({name})", f"bool_or({name})")
        if column.type == "text":
            return Measured(name, column.type, f"min({name}::text)", f"max({name}::text)")
        if column.type in TEMPORAL:
            return Measured(name, column.type, f"min({name})::text", f"max({name})::text")
        return Measured(name, column.type)

    def _doubtful(
        self, plan: Plan, capture: str, found: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> set[int]:
        # DuckDB reads the NaN of a numeric as 0: where 0 may be, the server says whether it is a NaN.
        suspects = [
            order
            for order, profile in found.items()
            if profile.type == "decimal" and _spans_zero(profile.min, profile.max)
        ]
        if not suspects:
            return set()
        tests = ", ".join(
            f"coalesce(bool_or({quoted(plan.table.columns[order].name)} = 'NaN'), false)"
            for order in suspects
        )
        answers = self._ask(f"SELECT {tests} FROM {plan.own_name}", should_stop)[0]
        return {order for order, answer in zip(suspects, answers, strict=True) if answer}

    def _as_text(self, table: Table, order: int) -> str:
        column = self._known_table(table).columns[order]
        value = f"{quoted(column.name)}::numeric" if column.base == "money" else quoted(column.name)
        return f"left({value}::text, {LONGEST_TEXT})"

    def _sampled(self, plan: Plan) -> str:
        known = self._known_table(plan.table)
        if known.kind not in ("r", "p", "m") or known.together or (known.rows or 0) < 2 * SAMPLED_ROWS:
            return plan.own_name
        # Half as many pages again as are needed, since pages are not equally full.
        share = min(100.0, 150.0 * SAMPLED_ROWS / (known.rows or 1))
        return f"{plan.own_name} TABLESAMPLE SYSTEM ({share:.6f}) REPEATABLE (1)"

    def _ask(self, sql: str, should_stop: ShouldStop | None = None) -> list[Sequence[Any]]:
        session = self._session

        def call() -> list[Sequence[Any]]:
            return list(session.execute(sql.encode()).fetchall())

        return self._asking(lambda: stoppable(call, session.cancel, should_stop))

    def _asking(self, call: Callable[[], Answer]) -> Answer:
        failure: EngineError
        began = time.monotonic()
        try:
            return call()
        except psycopg.Error as error:
            failure = self._refusal(error, time.monotonic() - began)
        return raise_alone(failure)

    def _refusal(self, error: psycopg.Error, waited: float) -> EngineError:
        """Which of our errors the failure of a statement is, by its code alone."""
        state = error.sqlstate or ""
        if self._session.closed or state[:2] == "08" or state in ("57P01", "57P02", "57P03"):
            return SourceLost(source=self.display)
        if state == "57014" and waited < 0.8 * self.limits.statement_seconds:
            return ReadCancelled(source=self.display)
        seconds = self.limits.lock_seconds if state == "55P03" else self.limits.statement_seconds
        kind = _STATES.get(state, TableFailed)
        return kind(source=self.display, seconds=seconds, state=state or "–")

    def _probe(self, table: Table, should_stop: ShouldStop | None) -> None:
        known = self._known_table(table)
        columns = ", ".join(quoted(column.name) for column in known.columns)
        session = self._session

        def call() -> list[int]:
            cursor = session.execute(f"SELECT {columns} FROM {known.own_name()} LIMIT 0".encode())
            return [column.type_code for column in cursor.description or ()]

        seen = self._asking(lambda: stoppable(call, session.cancel, should_stop))
        if seen != [column.oid for column in known.columns]:
            raise TableChanged(source=self.display)

    @contextlib.contextmanager
    def _one_view(self) -> Iterator[None]:
        self._ask_nothing("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            with contextlib.suppress(EngineError):
                self._ask_nothing("ROLLBACK")

    def _ask_nothing(self, sql: str) -> None:
        self._asking(lambda: self._session.execute(sql.encode()))

    def _cast(self, known: PgTable, column: PgColumn) -> str:
        """The column as DuckDB can carry it outside this source: bounded numbers, else text."""
        name = quoted(column.name)
        if _reads_as_it_is(column):
            return name
        if column.base == "money":
            return f"{name}::numeric(38, 2)"
        if column.base == "numeric":
            scale, digits = self._ask(
                f"SELECT max(scale({name})), max(length(trunc(abs({name}))::text)) FROM {known.own_name()} "
                f"WHERE {name} <> 'NaN'"
            )[0]
            if (scale or 0) + (digits or 1) <= 38:
                return f"{name}::numeric(38, {scale or 0})"
        return f"{name}::text"


def _is_carried(column: PgColumn) -> bool:
    if column.base in _ASKED_IN_PLACE or not column.deterministic:
        return False
    if column.is_domain and column.type not in ("text", "json"):
        return False
    if column.base == "numeric":
        return (
            column.precision is not None and column.precision <= 38 and 0 <= column.scale <= column.precision
        )
    return True


def _reads_as_it_is(column: PgColumn) -> bool:
    return _is_carried(column) or column.base in ("citext", "jsonb", "interval", "timetz")


def _is_composed(column: PgColumn) -> bool:
    """Whether values are lists or rows of others."""
    return column.type == "json" and column.base not in ("json", "jsonb")


def _spans_zero(lowest: Any, highest: Any) -> bool:
    return isinstance(lowest, int | float) and isinstance(highest, int | float) and lowest <= 0 <= highest


def _conninfo(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


# What libpq and the server say, in the words that do not depend on the names in them. The order matters.
_SAID: tuple[tuple[tuple[str, ...], type[SourceError]], ...] = (
    (("invalid response", "expected authentication request"), SourceUnreachable),
    (("too many clients", "too many connections", "remaining connection slots"), SourceBusy),
    (("password authentication failed", "no password supplied", "Peer authentication failed",
      "Ident authentication failed", "SASL authentication failed", "role \""), WrongPassword),
    (("does not exist",), SourceNotFound),
    (("SSL", "certificate", "TLS", "sslmode", "GSSAPI"), SourceTlsFailed),
    (("timeout expired", "timed out"), SourceTimedOut),
    (("Connection refused", "could not translate host name", "could not connect", "unreachable",
      "No such file or directory", "Name or service not known", "failed to resolve host",
      "server closed the connection unexpectedly", "starting up", "shutting down", "No route to host",
      "Connection reset", "not currently accepting connections", "terminating connection",
      "connection to server was lost"), SourceUnreachable),
)  # fmt: skip


def _diagnosed(error: psycopg.Error, display: str, user: str, wait: int) -> EngineError:
    """Which of our errors this failed connection is. What the driver said is only looked at, never kept."""
    said = str(error)
    for words, kind in _SAID:
        if any(word in said for word in words):
            return kind(source=display, user=user, seconds=wait)
    return SourceRefused(source=display)
