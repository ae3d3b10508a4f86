"""SQLite: a file in which every value has a type of its own, whatever its column says.

So each table is surveyed once: do the values keep to the declared type? Columns that do are carried by
DuckDB; the others (a date with a time in it, a word among numbers, a collation without case) are
measured by SQLite itself.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from lienthong.engine.errors import (
    EngineError,
    FileMalformed,
    SourceEmpty,
    SourceTimedOut,
    SourceUnreadable,
    TableChanged,
    TableFailed,
    TableGone,
)
from lienthong.engine.portable import Measured
from lienthong.engine.session import Connection, Limits, ShouldStop, literal, load_extension, quoted
from lienthong.engine.shapes import Column, ColumnType, ForeignKey, Table
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.inplace import LONGEST_TEXT
from lienthong.engine.sources.naming import backquoted
from lienthong.engine.sources.noting import unreadable
from lienthong.engine.sources.server import ATTACHED, Measure, Plan, ServerSource
from lienthong.engine.sources.stopping import stoppable

_BY_WORD: tuple[tuple[str, ColumnType], ...] = (
    ("BOOL", "boolean"),
    ("DATETIME", "timestamp"),
    ("TIMESTAMP", "timestamp"),
    ("DATE", "date"),
    ("TIME", "time"),
    ("JSON", "json"),
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("UUID", "text"),
    ("BLOB", "binary"),
    ("BINARY", "binary"),
    ("REAL", "double"),
    ("FLOA", "double"),
    ("DOUB", "double"),
    ("DEC", "decimal"),
    ("NUM", "decimal"),
    ("MONEY", "decimal"),
)
_EXACT = 1 << 53
# To tell the size of tables SQLite goes through every page of the file: not done beyond one gigabyte.
_MEASURED_BYTES = 1 << 30
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_NUMBER = f"typeof({{c}}) = 'real' OR typeof({{c}}) = 'integer' AND {{c}} BETWEEN -{_EXACT} AND {_EXACT}"
_MOMENT = f"({{c}} GLOB '{_DAY}' OR {{c}} GLOB '{_DAY}[T ][0-9][0-9]:[0-9][0-9]*')"
_KEEPS: dict[str, str] = {
    "integer": "typeof({c}) = 'integer'",
    "boolean": "typeof({c}) = 'integer' AND {c} IN (0, 1)",
    "double": _NUMBER,
    "decimal": _NUMBER,
    "text": "typeof({c}) = 'text'",
    "json": "typeof({c}) = 'text'",
    "binary": "typeof({c}) = 'blob'",
    "date": f"typeof({{c}}) = 'text' AND {{c}} GLOB '{_DAY}'",
    "timestamp": f"typeof({{c}}) = 'text' AND {_MOMENT}",
    "time": "typeof({c}) = 'text' AND {c} GLOB '[0-9][0-9]:[0-9][0-9]*'",
}
_CAST: dict[str, str] = {"integer": "BIGINT", "boolean": "BOOLEAN", "double": "DOUBLE", "decimal": "DOUBLE",
                         "date": "DATE", "timestamp": "TIMESTAMP", "time": "TIME"}  # fmt: skip


# Handed over as text without loss: SQLite's own cast keeps 15 digits of a number only.
_AS_TEXT = {
    "double": "printf('%!.17g', {c})",
    "decimal": "printf('%!.17g', {c})",
    "binary": "hex({c})",
    "text": "CASE typeof({c}) WHEN 'blob' THEN hex({c}) ELSE CAST({c} AS TEXT) END",
}


@dataclass(frozen=True, slots=True)
class _Survey:
    """A table after one pass: its columns with the types their values keep to; those that DuckDB carries."""

    table: Table
    carried: frozenset[int]


class SqliteSource(ServerSource):
    """One SQLite database file."""

    kind = "sqlite"
    dialect = "sqlite"
    passing_on = "sqlite_query"

    def __init__(self, path: Path, display: str, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(display, limits, measure)
        self._path = path.absolute()
        self._surveys: dict[str, _Survey] = {}
        self._version = 0
        try:
            self._session = self._opened()
        except BaseException:
            self.close()
            raise

    def relation(self, table: str | Table) -> str:
        survey = self._surveyed(self.table(table if isinstance(table, str) else table.name), None)
        columns = survey.table.columns
        if len(survey.carried) == len(columns):
            return f"{ATTACHED}.{quoted(survey.table.name)}"
        inner, outer = [], []
        for order, column in enumerate(columns):
            name, passed = backquoted(column.name), quoted(f"c{order}")
            text = _AS_TEXT.get(column.type, _AS_TEXT["text"]).format(c=name)
            inner.append(f"CASE WHEN {name} IS NULL THEN NULL ELSE {text} END AS {passed}")
            value = passed
            if column.type == "binary":
                value = f"unhex({passed})"
            elif column.type in _CAST:
                value = f"TRY_CAST({passed} AS {_CAST[column.type]})"
            outer.append(f"{value} AS {quoted(column.name)}")
        sql = f"SELECT {', '.join(inner)} FROM {quoted(survey.table.name)}"
        return f"(SELECT {', '.join(outer)} FROM sqlite_query('{ATTACHED}', {literal(sql)}))"

    def own_name(self, table: str | Table) -> str:
        return quoted(self.table(table if isinstance(table, str) else table.name).name)

    def seen(self, table: Table) -> Table:
        survey = self._surveys.get(table.name)
        return survey.table if survey is not None else super().seen(table)

    def close(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            session.close()
        super().close()

    def _opened(self) -> sqlite3.Connection:
        failure: EngineError
        try:
            try:
                return self._connected(self._path)
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_CANTOPEN:
                    raise
            # A database with a write-ahead log cannot be read where nothing may be written: read a copy.
            copy = self.folder / "copy.sqlite"
            for ending in ("", "-wal"):
                original = self._path.with_name(self._path.name + ending)
                if original.exists():
                    shutil.copyfile(original, copy.with_name(copy.name + ending))
            self._path = copy
            return self._connected(copy)
        except sqlite3.OperationalError as error:
            failure = self._diagnosed(error)
        except sqlite3.DatabaseError:
            failure = FileMalformed(source=self.display, kind="SQLite")
        except OSError:
            failure = SourceUnreadable(source=self.display)
        return raise_alone(failure)

    def _connected(self, path: Path) -> sqlite3.Connection:
        session = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=self.limits.connect_seconds,
            check_same_thread=False, isolation_level=None,
        )  # fmt: skip
        try:
            session.text_factory = lambda value: value.decode("utf-8", "replace")
            session.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            session.close()
            raise
        return session

    def _attach(self, connection: Connection) -> None:
        load_extension(connection, "sqlite_scanner")
        link = self.folder / "database.sqlite"
        if not link.is_symlink():
            link.symlink_to(self._path)
        failed = False
        try:
            connection.execute(f"ATTACH {literal(str(link))} AS {ATTACHED} (TYPE sqlite, READ_ONLY)")
        except duckdb.Error:
            failed = True
        if failed:
            raise FileMalformed(source=self.display, kind="SQLite")

    def _list_tables(self) -> list[Table]:
        self._surveys.clear()
        self._version = self._schema_version()
        only = self._only
        listed = self._ask(f"PRAGMA main.table_list{f'({quoted(only)})' if only is not None else ''}")
        if only is not None:
            # SQLite takes names for the same that differ in their letters alone.
            listed = [row for row in listed if row[1] == only]
        kinds = {row[1]: row[2] for row in listed if row[0] == "main" and not row[1].startswith("sqlite_")}
        without_rowid = {row[1] for row in listed if row[4]}
        # Going through the pages costs more than reading what has changed.
        sizes = self._sizes() if only is None else {}
        words = {"virtual": "virtual table"}
        self._notes, tables = [], []
        for name, kind in sorted(kinds.items()):
            if kind not in ("table", "view", "virtual"):
                continue
            try:
                described = self._described(name, kind)
            except TableFailed as error:
                # A view of what is gone, a virtual table of a kind that SQLite does not know here.
                failed = TableFailed(**(error.facts | {"table": name}))
                self._notes.append(unreadable(name, failed))
                continue
            native = "without rowid" if name in without_rowid else words.get(kind, kind)
            tables.append(replace(described, size_bytes=sizes.get(name), native_kind=native))
        if not tables and not self._notes and only is None:
            raise SourceEmpty(source=self.display)
        return tables

    def _schema_version(self) -> int:
        return int(self._ask("PRAGMA main.schema_version")[0][0])

    def _probe(self, table: Table, should_stop: ShouldStop | None) -> None:
        if self._schema_version() == self._version:
            return
        asked = self._ask(f"PRAGMA main.table_xinfo({quoted(table.name)})")
        now = [(row[1], row[2] or "") for row in asked if row[6] != 1]
        if now != [(column.name, column.native_type or "") for column in table.columns]:
            raise TableChanged(source=self.display)

    def _sizes(self) -> dict[str, int]:
        """The bytes of each table with its indexes, where SQLite can tell and the file is not too large to go through."""
        if self._path.stat().st_size > _MEASURED_BYTES:
            return {}
        try:
            return {
                str(name): int(size)
                for name, size in self._ask(
                    "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name "
                    "WHERE s.aggregate = TRUE GROUP BY m.tbl_name"
                )
            }
        except EngineError:
            return {}

    def _described(self, name: str, kind: str) -> Table:
        columns: list[Column] = []
        keyed: list[tuple[int, str]] = []
        for _, column, declared, not_null, _, key, hidden in self._ask(
            f"PRAGMA main.table_xinfo({quoted(name)})"
        ):
            if hidden == 1:
                continue
            of_type = _declared(declared) or self._peeked(name, column)
            columns.append(
                Column(column, of_type, not not_null and not key, None, declared or None, len(columns) + 1)
            )
            if key:
                keyed.append((key, column))
        return Table(
            name=name,
            columns=tuple(columns),
            primary_key=tuple(column for _, column in sorted(keyed)),
            foreign_keys=tuple(self._foreign_keys(name)),
            kind="view" if kind == "view" else "table",
        )

    def _foreign_keys(self, name: str) -> list[ForeignKey]:
        grouped: dict[int, list[Sequence[Any]]] = {}
        for row in self._ask(f"PRAGMA main.foreign_key_list({quoted(name)})"):
            grouped.setdefault(row[0], []).append(row)
        keys = []
        for _, rows in sorted(grouped.items(), reverse=True):
            rows.sort(key=lambda row: row[1])
            referred = self._as_named(rows[0][2])
            targets = tuple(row[4] for row in rows)
            if None in targets:
                targets = self._primary_key_of(referred)
            keys.append(ForeignKey(tuple(row[3] for row in rows), referred, targets))
        return keys

    def _as_named(self, name: str) -> str:
        """The table as it was created: a reference may spell it in other letters."""
        found = self._ask(
            f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = {literal(name)} COLLATE NOCASE"
        )
        return str(found[0][0]) if found else name

    def _primary_key_of(self, name: str) -> tuple[str, ...]:
        rows = self._ask(f"PRAGMA main.table_xinfo({quoted(name)})")
        return tuple(row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5])

    def _peeked(self, table: str, column: str) -> ColumnType:
        """The type of a column that declares none, by its first values."""
        name = backquoted(column)
        kinds = {
            row[0]
            for row in self._ask(
                f"SELECT DISTINCT typeof({name}) FROM (SELECT {name} FROM {quoted(table)} LIMIT 1000) "
                f"WHERE {name} IS NOT NULL"
            )
        }
        return _of_kinds(kinds)

    def _surveyed(self, table: Table, should_stop: ShouldStop | None) -> _Survey:
        if table.name in self._surveys:
            return self._surveys[table.name]
        tests = []
        for column in table.columns:
            name = backquoted(column.name)
            tests.append(f"sum({name} IS NOT NULL AND NOT ({_KEEPS[column.type].format(c=name)}))")
            tests.append(f"max(length({name})) - min(length({name}))" if column.type == "timestamp" else "0")
        answers: list[Any] = []
        # SQLite takes at most 2,000 results in one statement.
        for first in range(0, len(tests), 1000):
            part = ", ".join(tests[first : first + 1000])
            answers += self._ask(f"SELECT {part} FROM {quoted(table.name)}", should_stop)[0]
        collated = self._is_collated(table.name)
        columns, carried = list(table.columns), set()
        for order, column in enumerate(table.columns):
            strays, spread = answers[2 * order], answers[2 * order + 1]
            if strays:
                columns[order] = replace(column, type=self._kept_type(table.name, column, should_stop))
            elif (
                column.native_type  # DuckDB takes a column that declares no type for bytes.
                and column.type != "time"
                and not spread
                and not (column.type == "text" and collated)
            ):
                carried.add(order)
        survey = _Survey(replace(table, columns=tuple(columns)), frozenset(carried))
        self._surveys[table.name] = survey
        return survey

    def _is_collated(self, table: str) -> bool:
        rows = self._ask(f"SELECT upper(sql) FROM sqlite_master WHERE name = {literal(table)}")
        return any("COLLATE" in (row[0] or "") for row in rows) or not rows

    def _kept_type(self, table: str, column: Column, should_stop: ShouldStop | None) -> ColumnType:
        """The type of a column whose values stray from the declared one: a date may be a moment after all."""
        name = backquoted(column.name)
        if column.type == "date":
            test = _KEEPS["timestamp"].format(c=name)
            strays = self._ask(
                f"SELECT sum({name} IS NOT NULL AND NOT ({test})) FROM {quoted(table)}", should_stop
            )
            if not strays[0][0]:
                return "timestamp"
        rows = self._ask(
            f"SELECT DISTINCT typeof({name}) FROM {quoted(table)} WHERE {name} IS NOT NULL", should_stop
        )
        return _of_kinds({row[0] for row in rows})

    def _plan(self, table: Table, should_stop: ShouldStop | None) -> Plan:
        survey = self._surveyed(table, should_stop)
        in_place = {
            order: self._measured_in_place(survey.table, order)
            for order in range(len(table.columns))
            if order not in survey.carried
        }
        return Plan(survey.table, f"{ATTACHED}.{quoted(table.name)}", quoted(table.name), in_place)

    def _measured_in_place(self, table: Table, order: int) -> Measured:
        column = table.columns[order]
        name = backquoted(column.name)
        if column.type in ("text", "date", "time", "timestamp"):
            return Measured(name, column.type, f"CAST(min({name}) AS TEXT)", f"CAST(max({name}) AS TEXT)")
        return Measured(name, column.type)

    def _as_text(self, table: Table, order: int) -> str:
        column = table.columns[order]
        text = _AS_TEXT.get(column.type, _AS_TEXT["text"]).format(c=backquoted(column.name))
        return f"CASE WHEN {backquoted(column.name)} IS NULL THEN NULL ELSE substr({text}, 1, {LONGEST_TEXT}) END"

    @contextmanager
    def _one_view(self) -> Iterator[None]:
        self._ask("BEGIN")
        try:
            yield
        finally:
            with suppress(EngineError):
                self._ask("ROLLBACK")

    def _ask(self, sql: str, should_stop: ShouldStop | None = None) -> list[Sequence[Any]]:
        failure: EngineError
        try:
            return stoppable(
                lambda: list(self._session.execute(sql).fetchall()), self._session.interrupt, should_stop
            )
        except sqlite3.OperationalError as error:
            failure = self._diagnosed(error)
        except (sqlite3.DatabaseError, OverflowError):
            failure = FileMalformed(source=self.display, kind="SQLite")
        return raise_alone(failure)

    def _diagnosed(self, error: sqlite3.OperationalError) -> EngineError:
        code = _code(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return SourceTimedOut(source=self.display, seconds=self.limits.connect_seconds)
        if code == sqlite3.SQLITE_ERROR:
            return TableFailed(source=self.display, state="SQLITE_ERROR")
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY):
            return SourceUnreadable(source=self.display)
        return FileMalformed(source=self.display, kind="SQLite")

    def _explain(self, error: duckdb.Error) -> EngineError:
        said = str(error)
        if "no such column" in said:
            return TableChanged(source=self.display)
        if "no such table" in said:
            return TableGone(source=self.display)
        return FileMalformed(source=self.display, kind="SQLite")


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _declared(declared: str) -> ColumnType | None:
    upper = declared.upper()
    return next((kind for word, kind in _BY_WORD if word in upper), None)


def _of_kinds(kinds: set[str]) -> ColumnType:
    if kinds == {"integer"}:
        return "integer"
    if kinds and kinds <= {"integer", "real"}:
        return "double"
    if kinds == {"blob"}:
        return "binary"
    return "text"
