"""MySQL and MariaDB: asked through PyMySQL what they are, read through DuckDB.

Two things are left to the server, because DuckDB would count them otherwise: text in a collation that
takes several spellings for one value, and the dates of the year 0 that DuckDB reads as null.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import duckdb
import pymysql

from lienthong.engine.errors import (
    EngineError,
    SourceLost,
    SourceRefused,
    TableChanged,
    TableFailed,
    TableLocked,
)
from lienthong.engine.portable import TEMPORAL, Measured
from lienthong.engine.session import Connection, Limits, ShouldStop, literal, load_extension, quoted
from lienthong.engine.shapes import Column, ColumnProfile, ColumnType, ForeignKey, Table
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.inplace import LONGEST_TEXT
from lienthong.engine.sources.mysqlsession import CODES, connected, opened
from lienthong.engine.sources.naming import backquoted
from lienthong.engine.sources.noting import listed, note
from lienthong.engine.sources.server import ATTACHED, Measure, Plan, ServerSource
from lienthong.engine.sources.stopping import stoppable

Answer = TypeVar("Answer")

_TYPES: dict[str, ColumnType] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer",
    "bigint": "integer", "year": "integer", "decimal": "decimal", "numeric": "decimal", "float": "double",
    "double": "double", "date": "date", "datetime": "timestamp", "timestamp": "timestamp", "time": "time",
    "json": "json", "binary": "binary", "varbinary": "binary", "tinyblob": "binary", "blob": "binary",
    "mediumblob": "binary", "longblob": "binary", "bit": "binary", "geometry": "binary", "point": "binary",
    "linestring": "binary", "polygon": "binary", "multipoint": "binary", "multilinestring": "binary",
    "multipolygon": "binary", "geometrycollection": "binary",
}  # fmt: skip

_TABLES = """
SELECT table_name, table_type, table_comment, table_rows, data_length + index_length
FROM information_schema.tables
WHERE table_schema = %(database)s AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED'){one} ORDER BY table_name
"""
# Names alone are told from the folder of the database; anything else of a table opens that table.
_NAMES = "SELECT table_name FROM information_schema.tables WHERE table_schema = %(database)s"
_COLUMNS = """
SELECT table_name, column_name, data_type, column_type, is_nullable, column_comment, collation_name,
       numeric_precision, extra, privileges
FROM information_schema.columns WHERE table_schema = %(database)s{one} ORDER BY table_name, ordinal_position
"""
_COLUMNS_OF_ONE = """
SELECT column_name, column_type, privileges FROM information_schema.columns
WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position
"""
# A primary key is always called so, and only a reference names another table: no second view of the catalogue is needed.
_KEYS = """
SELECT table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema = %(database)s AND (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL){one}
ORDER BY table_name, constraint_name, ordinal_position
"""
_PARTITIONS = """
SELECT table_name, coalesce(subpartition_name, partition_name) FROM information_schema.partitions
WHERE table_schema = %(database)s AND partition_name IS NOT NULL{one}
ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position
"""
_MARIADB_JSON = """
SELECT table_name, check_clause FROM information_schema.check_constraints
WHERE constraint_schema = %(database)s AND check_clause LIKE 'json_valid(%%'{one}
"""
# What is said of one table alone: the server then opens no other.
_ONE = " AND table_name = %(only)s"

# What the catalogue writes beside a computed column; beside a computed default it writes DEFAULT_GENERATED.
_COMPUTED = ("VIRTUAL GENERATED", "STORED GENERATED", "PERSISTENT")


@dataclass(slots=True)
class _Known:
    """What the catalogue says of a table beyond what everyone needs to know."""

    collations: list[str | None] = field(default_factory=list)
    natives: list[str] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)


class MysqlSource(ServerSource):
    """One database of a MySQL or MariaDB server."""

    kind = "mysql"
    dialect = "mysql"
    passing_on = "mysql_query"

    def __init__(self, address: Address, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(address.display, limits, measure)
        self._address = address
        self._known: dict[str, _Known] = {}
        self._ambiguous: set[str] = set()
        self._reader = 0
        try:
            self._session = self._connected()
        except BaseException:
            self.close()
            raise

    def relation(self, table: str | Table) -> str:
        found = self.table(table if isinstance(table, str) else table.name)
        return self.relation_of(found, [column.name for column in found.columns])

    def relation_of(self, table: str | Table, columns: Sequence[str]) -> str:
        found = self.table(table if isinstance(table, str) else table.name)
        if self._only is None and all(self._is_carried(found, order) for order in range(len(found.columns))):
            return f"{ATTACHED}.{quoted(self._address.database)}.{quoted(found.name)}"
        # Asked for in exact words: to know a table by its name, DuckDB reads what the server says of all its tables.
        selected = ", ".join(
            self._carried_over(found, order, column)
            for order, column in enumerate(found.columns)
            if column.name in columns
        )
        return self.answer_to(f"SELECT {selected} FROM {self._own_name(found)}")

    def _carried_over(self, table: Table, order: int, column: Column) -> str:
        """A column as DuckDB takes it out of an answer: text whose collation compares bytes it would take for bytes."""
        name = backquoted(column.name)
        as_text = column.type in ("text", "json") or self._is_wide(table, order)
        return f"CAST({name} AS CHAR) AS {name}" if as_text else name

    def own_name(self, table: str | Table) -> str:
        return self._own_name(self.table(table if isinstance(table, str) else table.name))

    def close(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None and session.open:
            session.close()
        super().close()

    def _connected(self) -> pymysql.Connection[Any]:
        return connected(self._address, self.limits, self._settle)

    def _opened(self, wait: int) -> pymysql.Connection[Any]:
        return opened(self._address, wait, self.limits, self._settle)

    def _settle(self, session: pymysql.Connection[Any]) -> None:
        """Let a session write nothing, and wait for nothing longer than it may."""
        with session.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute("SET SESSION time_zone = '+00:00'")
            for waiting in ("lock_wait_timeout", "innodb_lock_wait_timeout"):
                cursor.execute(f"SET SESSION {waiting} = {max(1, self.limits.lock_seconds)}")
            server = session.get_server_info()
            seconds = self.limits.statement_seconds
            if "MariaDB" in server:
                cursor.execute(f"SET SESSION max_statement_time = {seconds}")
            else:
                cursor.execute(f"SET SESSION max_execution_time = {seconds * 1000}")

    def _attach(self, connection: Connection) -> None:
        address = self._address
        load_extension(connection, "mysql_scanner")
        for setting, value in (
            ("mysql_tinyint1_as_boolean", "false"),
            ("mysql_incomplete_dates_as_nulls", "true"),
            ("mysql_session_time_zone", "'+00:00'"),
            ("mysql_pool_size", str(self.limits.readers())),
            ("mysql_pool_acquire_mode", "'wait'"),
            ("mysql_pool_wait_timeout_millis", str(1000 * self.limits.connect_seconds)),
            ("mysql_query_timeout_max_ms", str(self.limits.statement_seconds * 1000)),
        ):
            # Global, because the cursors that read are sessions of their own.
            connection.execute(f"SET GLOBAL {setting} = {value}")
        secret = {"DATABASE": address.database, "USER": address.user}
        if "socket" in address.options:
            secret["SOCKET"] = address.options["socket"]
        else:
            # The client library takes "localhost" for a socket file, wherever the port may be.
            secret |= {
                "HOST": "127.0.0.1" if address.host == "localhost" else address.host,
                "PORT": str(address.port),
            }
        if address.password:
            secret["PASSWORD"] = address.password.reveal()
        for option in ("ssl_mode", "ssl_ca", "ssl_cert", "ssl_key"):
            if option in address.options:
                secret[option.upper()] = address.options[option]
        given = ", ".join(f"{name} {literal(value)}" for name, value in secret.items())
        failed = False
        try:
            connection.execute(f"CREATE OR REPLACE TEMPORARY SECRET source_secret (TYPE mysql, {given})")
            connection.execute(f"ATTACH '' AS {ATTACHED} (TYPE mysql, READ_ONLY, SECRET source_secret)")
        except duckdb.Error:
            failed = True
        if failed:
            raise SourceRefused(source=self.display)

    def _list_tables(self) -> list[Table]:
        database = self._address.database
        self._notes = []
        columns = self._columns(database)
        names = (
            columns
            if self._only is None
            else [_text(row[0]) for row in self._ask(_NAMES, None, {"database": database})]
        )
        folded = Counter(name.casefold() for name in names)
        self._ambiguous = {name for name in columns if folded[name.casefold()] > 1}
        primary, foreign = self._keys(database)
        partitions: dict[str, list[str]] = {}
        for row in self._said(_PARTITIONS, database):
            partitions.setdefault(_text(row[0]), []).append(_text(row[1]))
        tables = []
        for row in self._said(_TABLES, database):
            name, kind, comment, rows, size = map(_text, row)
            is_view = "VIEW" in kind
            if not columns.get(name):
                self._notes.append(note("table_not_permitted", name))
                continue
            parts = partitions.get(name, [])
            if parts:
                self._notes.append(
                    note("partitions_counted_once", name, count=len(parts), names=listed(parts))
                )
            tables.append(
                Table(
                    name=name,
                    columns=tuple(columns[name]),
                    primary_key=primary.get(name, ()),
                    foreign_keys=tuple(foreign.get(name, ())),
                    rows=int(rows) if rows is not None else None,
                    kind="view" if is_view else "table",
                    comment=(comment or None) if not is_view else None,
                    schema=database,
                    size_bytes=int(size) if size is not None and not is_view else None,
                    partitions=tuple(parts),
                    native_kind="partitioned table" if parts else kind.lower(),
                )
            )
        return tables

    def _said(self, sql: str, database: str) -> list[Sequence[Any]]:
        """What the catalogue says of all tables of a database, or of the only one that is wanted; its name stands first.

        Letters that the catalogue takes for the same are told apart here.
        """
        only = self._only
        if only is None:
            return self._ask(sql.format(one=""), None, {"database": database})
        if any(ord(letter) > 0xFFFF for letter in only):
            # No table can be called so, and the server does not compare such letters with names.
            return []
        rows = self._ask(sql.format(one=_ONE), None, {"database": database, "only": only})
        return [row for row in rows if _text(row[0]) == only]

    def _columns(self, database: str) -> dict[str, list[Column]]:
        """The columns that may be read, by table; what is known of them beside is kept."""
        columns: dict[str, list[Column]] = {}
        forbidden: dict[str, list[str]] = {}
        documents = self._documents(database)
        self._known = {}
        for row in self._said(_COLUMNS, database):
            name, column, data_type, native, nullable, comment, collation, digits, extra, rights = map(
                _text, row
            )
            made = columns.setdefault(name, [])
            if "select" not in (rights or "select").lower():
                forbidden.setdefault(name, []).append(column)
                continue
            known = self._known.setdefault(name, _Known())
            known.collations.append(collation)
            known.natives.append(data_type.lower())
            known.digits.append(int(digits or 0))
            of_type: ColumnType = "json" if (name, column) in documents else _type(data_type, native)
            made.append(
                Column(
                    column, of_type, nullable == "YES", comment or None, native, len(made) + 1,
                    any(word in (extra or "").upper() for word in _COMPUTED),
                )
            )  # fmt: skip
        for name, names in forbidden.items():
            if columns[name]:
                self._notes.append(note("columns_not_permitted", name, count=len(names), names=listed(names)))
        return columns

    def _documents(self, database: str) -> set[tuple[str, str]]:
        """The columns that MariaDB calls longtext and checks to be JSON: what MySQL calls JSON."""
        if "MariaDB" not in self._session.get_server_info():
            return set()
        found = set()
        for table, clause in self._said(_MARIADB_JSON, database):
            name = _text(clause).removeprefix("json_valid(").removesuffix(")").strip("`")
            found.add((_text(table), name.replace("``", "`")))
        return found

    def _keys(self, database: str) -> tuple[dict[str, tuple[str, ...]], dict[str, list[ForeignKey]]]:
        primary: dict[str, list[str]] = {}
        parts: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {}
        for row in self._said(_KEYS, database):
            table, constraint, column, ref_schema, ref_table, ref_column = map(_text, row)
            if ref_table is None:
                primary.setdefault(table, []).append(column)
            else:
                parts.setdefault((table, constraint), []).append((column, ref_schema, ref_table, ref_column))
        foreign: dict[str, list[ForeignKey]] = {}
        for (table, _), pairs in parts.items():
            _, ref_schema, ref_table, _ = pairs[0]
            referred = ref_table if ref_schema == database else f"{ref_schema}.{ref_table}"
            columns, targets = tuple(one[0] for one in pairs), tuple(one[3] for one in pairs)
            foreign.setdefault(table, []).append(ForeignKey(columns, referred, targets))
        return {table: tuple(columns) for table, columns in primary.items()}, foreign

    def _plan(self, table: Table, should_stop: ShouldStop | None) -> Plan:
        in_place = {
            order: self._measured_in_place(table, order)
            for order in range(len(table.columns))
            if not self._is_carried(table, order)
        }
        relation = f"{ATTACHED}.{quoted(self._address.database)}.{quoted(table.name)}"
        return Plan(table, relation, self._own_name(table), in_place)

    def _is_carried(self, table: Table, order: int) -> bool:
        # DuckDB does not tell tables apart whose names differ in upper and lower case only.
        return table.name not in self._ambiguous and not self._is_wide(table, order)

    def _is_wide(self, table: Table, order: int) -> bool:
        """Whether the column may hold more digits than DuckDB's decimals."""
        known = self._known[table.name]
        return known.natives[order] in ("decimal", "numeric") and known.digits[order] > 38

    def _own_name(self, table: Table) -> str:
        return f"{backquoted(self._address.database)}.{backquoted(table.name)}"

    def _note_reading(self, cursor: Connection) -> None:
        self._reader = int(
            cursor.execute(f"FROM mysql_query('{ATTACHED}', 'SELECT CONNECTION_ID()')").fetchall()[0][0]
        )

    def _cancel_reading(self) -> None:
        if self._reader:
            with contextlib.suppress(EngineError):
                self._ask(f"KILL QUERY {self._reader}")

    def _measured_in_place(self, table: Table, order: int) -> Measured:
        column = table.columns[order]
        name = backquoted(column.name)
        if column.type in TEMPORAL or column.type == "text":
            return Measured(name, column.type, f"CAST(min({name}) AS CHAR)", f"CAST(max({name}) AS CHAR)")
        return Measured(name, column.type)

    def _quoted(self, name: str) -> str:
        return backquoted(name)

    def _as_text(self, table: Table, order: int) -> str:
        return f"left(CAST({backquoted(table.columns[order].name)} AS CHAR), {LONGEST_TEXT})"

    def _doubtful(
        self, plan: Plan, capture: str, found: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> set[int]:
        return self._with_null_dates(plan, found, should_stop) | self._collated(plan, capture, found)

    def _with_null_dates(
        self, plan: Plan, found: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> set[int]:
        dated = [
            order
            for order, profile in found.items()
            if profile.type in ("date", "timestamp") and profile.nulls
        ]
        if not dated:
            return set()
        counts = ", ".join(f"count({backquoted(plan.table.columns[order].name)})" for order in dated)
        answers = self._ask(f"SELECT count(*), {counts} FROM {plan.own_name}", should_stop)[0]
        rows = int(answers[0])
        return {
            order
            for order, filled in zip(dated, answers[1:], strict=True)
            if rows - int(filled) != found[order].nulls
        }

    def _collated(self, plan: Plan, capture: str, found: dict[int, ColumnProfile]) -> set[int]:
        """Text columns in which the collation may take different values for one; digits it cannot confuse."""
        key = plan.table.primary_key
        suspects = []
        for order, profile in found.items():
            collation = self._known[plan.table.name].collations[order]
            is_key = key == (plan.table.columns[order].name,)
            if collation and not collation.endswith("_bin") and profile.distinct > 1 and not is_key:
                suspects.append(order)
        if not suspects:
            return set()
        tests = ", ".join(
            f"bool_and(regexp_full_match({quoted(f'c{order}')}, '[0-9]+'))" for order in suspects
        )
        answers = self.connect().execute(f"SELECT {tests} FROM {capture}").fetchall()[0]
        return {order for order, only_digits in zip(suspects, answers, strict=True) if not only_digits}

    def _ask(
        self,
        sql: str,
        should_stop: ShouldStop | None = None,
        parameters: Sequence[Any] | Mapping[str, Any] | None = None,
    ) -> list[Sequence[Any]]:
        def call() -> list[Sequence[Any]]:
            with self._session.cursor() as cursor:
                cursor.execute(sql, parameters)
                return list(cursor.fetchall())

        return self._asking(lambda: stoppable(call, self._interrupt, should_stop))

    def in_parts(self, sql: str, rows: int) -> Iterator[Sequence[Sequence[Any]]]:
        """The rows of a long statement, so many at a time: never are all of them held. Raises our errors."""
        with self._session.cursor(pymysql.cursors.SSCursor) as cursor:
            self._asking(lambda: cursor.execute(sql))
            while part := self._asking(lambda: cursor.fetchmany(rows)):
                yield part

    def _asking(self, call: Callable[[], Answer]) -> Answer:
        failure: EngineError
        try:
            return call()
        except pymysql.err.InterfaceError:
            failure = SourceLost(source=self.display)
        except pymysql.MySQLError as error:
            failure = self._refusal(error)
        return raise_alone(failure)

    def _refusal(self, error: pymysql.MySQLError) -> EngineError:
        """Which of our errors the failure of a statement is, by its number alone."""
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        kind = CODES.get(code, TableFailed)
        seconds = self.limits.lock_seconds if kind is TableLocked else self.limits.statement_seconds
        return kind(source=self.display, user=self._address.user, seconds=seconds, state=code)

    def _connect_again(self) -> None:
        if self._session.open:
            self._session.close()
        self._session = self._connected()

    def _probe(self, table: Table, should_stop: ShouldStop | None) -> None:
        if table.kind == "view":
            # A view may be worked out before the server sees that nothing of it is wanted.
            return
        columns = ", ".join(backquoted(column.name) for column in table.columns)
        self._ask(f"SELECT {columns} FROM {self._own_name(table)} LIMIT 0", should_stop)
        now = [
            (name, native)
            for name, native, rights in (
                map(_text, row)
                for row in self._ask(_COLUMNS_OF_ONE, None, [self._address.database, table.name])
            )
            if "select" in (rights or "select").lower()
        ]
        if now != [(column.name, column.native_type) for column in table.columns]:
            raise TableChanged(source=self.display)

    @contextlib.contextmanager
    def _one_view(self) -> Iterator[None]:
        self._ask("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        try:
            yield
        finally:
            with contextlib.suppress(EngineError):
                self._ask("ROLLBACK")

    def interrupt(self) -> None:
        """Stop the statement that is being answered, from another thread."""
        self._interrupt()

    def _interrupt(self) -> None:
        """Stop the running statement: MySQL wants that said over a second connection, so the reader gives up its own."""
        self._drop_reader()
        try:
            second = self._opened(5)
        except (pymysql.MySQLError, OSError):
            return
        with second, second.cursor() as cursor:
            cursor.execute(f"KILL QUERY {self._session.thread_id()}")


def _type(data_type: str, native: str) -> ColumnType:
    if native.lower() in ("tinyint(1)", "bit(1)"):
        return "boolean"
    return _TYPES.get(data_type.lower(), "text")


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
