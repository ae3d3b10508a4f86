"""PostgreSQL: asked through psycopg what it is, read through DuckDB.

psycopg connects first, so that a wrong address, user or password is told apart without DuckDB, whose
messages quote the connection string. Sessions are read-only, bounded in time, and few.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import duckdb
import psycopg
from psycopg import errors as pgerrors

from lienthong.engine.errors import (
    EngineError,
    SourceError,
    SourceNotFound,
    SourceRefused,
    SourceTimedOut,
    SourceTlsFailed,
    SourceUnreachable,
    WrongPassword,
)
from lienthong.engine.portable import TEMPORAL, Measured
from lienthong.engine.session import Connection, Limits, ShouldStop, literal, load_extension, quoted
from lienthong.engine.shapes import ColumnProfile, Table
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.pgcatalogue import PgColumn, PgTable, read_catalogue
from lienthong.engine.sources.pgpartitions import settled_tables
from lienthong.engine.sources.server import ATTACHED, Plan, ServerSource, stoppable

Answer = TypeVar("Answer")

_ASKED_IN_PLACE = frozenset({"citext", "jsonb", "interval", "money", "timetz"})
_WITH_EQUALITY = _ASKED_IN_PLACE | {
    "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bool", "date", "time", "timestamp",
    "timestamptz", "bytea", "text", "varchar", "bpchar", "name", "uuid", "inet", "cidr", "macaddr",
}  # fmt: skip


class PostgresqlSource(ServerSource):
    """A PostgreSQL database: all its schemas, tables of `public` under their plain names."""

    kind = "postgresql"
    dialect = "postgresql"

    def __init__(self, address: Address, limits: Limits) -> None:
        super().__init__(address.display, limits)
        self._address = address
        self._known: dict[str, PgTable] = {}
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

    def close(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            session.close()
        super().close()

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        address, options = self._address, dict(self._address.options)
        wait = int(options.pop("connect_timeout", self.limits.connect_seconds))
        failure: EngineError | None = None
        try:
            session = psycopg.connect(
                host=address.host,
                port=address.port,
                user=address.user or None,
                password=address.password.reveal() if address.password else None,
                dbname=address.database,
                connect_timeout=max(2, wait),
                client_encoding="utf-8",
                autocommit=True,
                **{"application_name": "lienthong", **options},  # type: ignore[arg-type]
            )
            session.execute("SET default_transaction_read_only = on")
            session.execute(
                "SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'"
            )
            session.execute(f"SET statement_timeout = '{self.limits.statement_seconds}s'")
            return session
        except pgerrors.ConnectionTimeout:
            failure = SourceTimedOut(source=self.display, seconds=wait)
        except UnicodeError:
            failure = WrongPassword(source=self.display, user=address.user)
        except psycopg.Error as error:
            failure = _diagnosed(error, self.display, address.user, wait)
        return raise_alone(failure)

    def _attach(self, connection: Connection) -> None:
        address, options = self._address, dict(self._address.options)
        load_extension(connection, "postgres_scanner")
        connection.execute(f"SET GLOBAL pg_pool_max_connections = {self.limits.connections}")
        options.setdefault("connect_timeout", str(self.limits.connect_seconds))
        options["application_name"] = self._reader
        secret = {"HOST": address.host, "PORT": str(address.port), "DBNAME": address.database}
        if address.user:
            secret["USER"] = address.user
        if address.password:
            secret["PASSWORD"] = address.password.reveal()
        given = ", ".join(f"{name} {literal(value)}" for name, value in secret.items())
        extra = " ".join(f"{name}={_conninfo(value)}" for name, value in options.items())
        failed = False
        try:
            connection.execute(f"CREATE TEMPORARY SECRET source_secret (TYPE postgres, {given})")
            connection.execute(
                f"ATTACH {literal(extra)} AS {ATTACHED} (TYPE postgres, READ_ONLY, SECRET source_secret)"
            )
        except duckdb.Error:
            failed = True
        if failed:
            raise SourceRefused(source=self.display)

    def _list_tables(self) -> list[Table]:
        known, self._notes = self._asking(
            lambda: settled_tables(self._session, read_catalogue(self._session))
        )
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

    def _corrected(
        self, plan: Plan, capture: str, found: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> dict[int, ColumnProfile]:
        # DuckDB reads the NaN of a numeric as 0: where 0 may be, the server says whether it is a NaN.
        suspects = [
            order
            for order, profile in found.items()
            if profile.type == "decimal" and _spans_zero(profile.min, profile.max)
        ]
        if not suspects:
            return found
        tests = ", ".join(
            f"coalesce(bool_or({quoted(plan.table.columns[order].name)} = 'NaN'), false)"
            for order in suspects
        )
        answers = self._ask(f"SELECT {tests} FROM {plan.own_name}", should_stop)[0]
        return {
            order: profile
            for order, profile in found.items()
            if not (order in suspects and answers[suspects.index(order)])
        }

    def _ask(self, sql: str, should_stop: ShouldStop | None = None) -> list[Sequence[Any]]:
        session = self._session

        def call() -> list[Sequence[Any]]:
            return list(session.execute(sql.encode()).fetchall())

        return self._asking(lambda: stoppable(call, session.cancel, should_stop))

    def _asking(self, call: Callable[[], Answer]) -> Answer:
        failure: EngineError
        try:
            return call()
        except pgerrors.QueryCanceled:
            failure = SourceTimedOut(source=self.display, seconds=self.limits.statement_seconds)
        except pgerrors.InsufficientPrivilege:
            failure = SourceRefused(source=self.display)
        except psycopg.OperationalError:
            failure = SourceUnreachable(source=self.display)
        except psycopg.Error:
            failure = SourceRefused(source=self.display)
        return raise_alone(failure)

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


def _spans_zero(lowest: Any, highest: Any) -> bool:
    return isinstance(lowest, int | float) and isinstance(highest, int | float) and lowest <= 0 <= highest


def _conninfo(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


# What libpq and the server say, in the words that do not depend on the names in them. The order matters.
_SAID: tuple[tuple[tuple[str, ...], type[SourceError]], ...] = (
    (("invalid response", "expected authentication request"), SourceUnreachable),
    (("password authentication failed", "no password supplied", "Peer authentication failed",
      "Ident authentication failed", "SASL authentication failed", "role \""), WrongPassword),
    (("does not exist",), SourceNotFound),
    (("SSL", "certificate", "TLS", "sslmode", "GSSAPI"), SourceTlsFailed),
    (("timeout expired", "timed out"), SourceTimedOut),
    (("Connection refused", "could not translate host name", "could not connect", "unreachable",
      "No such file or directory", "Name or service not known", "failed to resolve host",
      "server closed the connection unexpectedly", "starting up", "shutting down", "No route to host",
      "Connection reset"), SourceUnreachable),
)  # fmt: skip


def _diagnosed(error: psycopg.Error, display: str, user: str, wait: int) -> EngineError:
    """Which of our errors this failed connection is. What the driver said is only looked at, never kept."""
    said = str(error)
    for words, kind in _SAID:
        if any(word in said for word in words):
            return kind(source=display, user=user, seconds=wait)
    return SourceRefused(source=display)
