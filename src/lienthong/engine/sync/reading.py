"""The source of a run, read in parts: all rows, those after a key, those since a mark, those of given keys, or keys alone.

A live database is asked in its own SQL, so that its indexes serve and only the rows that are wanted travel. What
cannot be asked (files) is read whole and cut here. Rows are captured into a session of ours, already converted.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.engine.errors import TableNotFound
from lienthong.engine.session import Connection, ShouldStop, literal, quoted
from lienthong.engine.shapes import Column, ColumnType
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.naming import backquoted
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sources.server import ServerSource
from lienthong.engine.sync.converting import as_text

KeyText = tuple[str | None, ...]

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Since:
    """Rows whose watermark is at `bound` or beyond; `bound` is in the source's own spelling."""

    column: str
    bound: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows to read: all, less what a condition leaves out. `keys` are read beside those, or alone (`only_keys`).

    `after` and `upto` go by the key, in the source's own order; `condition` is SQL of the source itself.
    """

    key: tuple[str, ...]
    since: Since | None = None
    after: KeyText | None = None
    upto: KeyText | None = None
    keys: tuple[KeyText, ...] = ()
    condition: str | None = None
    only_keys: bool = False
    as_text: bool = False
    """Whether `keys` may hold what is no value of the columns: they are then compared as texts, without an index."""


class Reader(ABC):
    """One table of a source, with a session into which its rows are captured."""

    display: str
    table: str
    in_parts: bool
    """Whether a part is read at the cost of the part, not of the whole."""

    columns: tuple[Column, ...]
    declared_key: tuple[str, ...] = ()
    rows_estimated: int | None = None

    @property
    @abstractmethod
    def session(self) -> Connection:
        """Where rows are captured."""

    @abstractmethod
    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        """For each column the SQL (DuckDB) of its value as travelling text, within `capture`, and its type."""

    @abstractmethod
    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        """Make a table of this name in the session: this projection of this part of the rows, of `only` these columns."""

    def boundary(self, key: Sequence[str], after: KeyText | None, rows: int) -> KeyText | None:
        """The key of the row that is `rows` behind `after`, in the source's own order; None when there are fewer."""
        return None

    def builtin(self, column: str) -> str | None:
        """The type of a column in words that every PostgreSQL understands; None where it is no such type."""
        return None

    @abstractmethod
    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        """The greatest value of a column, in the source's own spelling; None when there is none."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the source."""

    def kind_of(self, column: str) -> ColumnType:
        """The type of a column; KeyError when there is none."""
        return next(one.type for one in self.columns if one.name == column)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SourceReader(Reader):
    """A source that only DuckDB reads: files, and databases whose drivers hand rows over as they are."""

    in_parts = False

    def __init__(self, source: Source, table: str) -> None:
        self._source = source
        self.display = source.display
        found = source.table(_only(source, table))
        self._relation = source.relation(found)
        self.table = found.name
        seen = source.seen(found)
        with source._explained():
            described = source.connect().execute(f"DESCRIBE SELECT * FROM {self._relation}").fetchall()
        self._native = {str(row[0]): str(row[1]) for row in described}
        self.columns = tuple(column for column in seen.columns if column.name in self._native)
        self.declared_key = found.primary_key
        self.rows_estimated = found.rows

    @property
    def session(self) -> Connection:
        return self._source.connect()

    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        return {
            column.name: (as_text(quoted(column.name), self._native[column.name]), column.type)
            for column in self.columns
        }

    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        texts = self.texts()
        where = where_here(part, texts)
        sql = f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {projection} FROM {self._relation}{where}"
        with self._source._explained():
            self.session.execute(sql)

    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        with self._source._explained():
            found = self.session.execute(
                f"SELECT max({ordered_here(column, self.texts())}) FROM {self._relation}"
            ).fetchall()
        return None if found[0][0] is None else str(found[0][0])

    def close(self) -> None:
        self._source.close()


class DatabaseReader(Reader):
    """A live database that is asked in its own SQL."""

    in_parts = True

    def __init__(self, source: ServerSource, table: str) -> None:
        self._source = source
        self.display = source.display
        if table:
            source.confine(table)
        found = source.table(_only(source, table))
        self._own = source.own_name(found)
        self.table = found.name
        self.columns = found.columns
        self.declared_key = found.primary_key
        self.rows_estimated = found.rows

    @property
    def source(self) -> ServerSource:
        """The source behind this reader, to be asked in its own SQL."""
        return self._source

    def builtin(self, column: str) -> str | None:
        source = self._source
        if isinstance(source, PostgresqlSource) and source.keeps_builtin(self.table, column):
            return self._column(column).native_type
        return None

    @property
    def own_name(self) -> str:
        """What the database itself calls the table."""
        return self._own

    @property
    def session(self) -> Connection:
        return self._source.connect()

    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        return {
            column.name: (_arrived(f"c{place}", column, self._source.dialect), column.type)
            for place, column in enumerate(self.columns)
        }

    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        self._source.carry_out(
            f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {projection} "
            f"FROM {self._source.answer_to(self.statement(part, only))}",
            should_stop,
        )

    def statement(self, part: Part, only: Sequence[str] | None = None) -> str:
        """The statement that reads this part, in the database's own SQL."""
        wanted = [
            f"{_sent(column, self._source.dialect)} AS c{place}"
            for place, column in enumerate(self.columns)
            if only is None or column.name in only
        ]
        return f"SELECT {', '.join(wanted)} FROM {self._own}{self.where(part)}"

    def boundary(self, key: Sequence[str], after: KeyText | None, rows: int) -> KeyText | None:
        # Under a name of its own, so that the order is that of the column and not of its text.
        names = ", ".join(
            f"{_sent(self._column(name), self._source.dialect)} AS k{place}" for place, name in enumerate(key)
        )
        order = ", ".join(self.quoted(name) for name in key)
        found = self._source.ask(
            f"SELECT {names} FROM {self._own}{self.where(Part(tuple(key), after=after))} "
            f"ORDER BY {order} LIMIT 1 OFFSET {rows - 1}"
        )
        return tuple(_decoded(value) for value in found[0]) if found else None

    def where(self, part: Part) -> str:
        """The condition of a part in the database's own SQL, with its WHERE; nothing when there is none."""
        condition = self.condition(part)
        return f" WHERE {condition}" if condition else ""

    def condition(self, part: Part) -> str:
        """The condition of a part in the database's own SQL, to be joined to others by AND; nothing when there is none."""
        conditions = []
        if part.since is not None:
            conditions.append(
                f"{self.quoted(part.since.column)} >= {self._literal(part.since.column, part.since.bound)}"
            )
        if part.condition is not None:
            conditions.append(part.condition)
        for sign, key in ((">", part.after), ("<=", part.upto)):
            if key is not None:
                names = ", ".join(self.quoted(name) for name in part.key)
                bound = ", ".join(self._literal(n, v) for n, v in zip(part.key, key, strict=True))
                conditions.append(
                    f"({names}) {sign} ({bound})" if len(part.key) > 1 else f"{names} {sign} {bound}"
                )
        where = " AND ".join(conditions)
        if part.keys:
            among = self._among_texts(part) if part.as_text else self._among(part.key, part.keys)
            # Without any condition all rows are read, those of the keys among them.
            where = f"(({where}) OR {among})" if where else f"({among})" if part.only_keys else ""
        return where

    def greatest_of(self, column: str, part: Part) -> str | None:
        """The greatest value of a column among the rows of a part."""
        sent = _sent_value(f"max({self.quoted(column)})", self._column(column), self._source.dialect)
        return _decoded(self._source.ask(f"SELECT {sent} FROM {self._own}{self.where(part)}")[0][0])

    def sent_greatest(self, column: str, name: str) -> str:
        """SQL: the greatest value of a column as this source would send it, of rows that hold it under this name."""
        return _sent_value(f"max({self.quoted(name)})", self._column(column), self._source.dialect)

    def _among(self, names: Sequence[str], keys: Sequence[KeyText]) -> str:
        whole = [key for key in keys if None not in key]
        partly = [key for key in keys if None in key]
        if partly:
            # A row without a whole key is known again by what its key has, and lacks.
            told = [
                " AND ".join(
                    f"{self.quoted(name)} IS NULL"
                    if part is None
                    else f"{self.quoted(name)} = {self._literal(name, part)}"
                    for name, part in zip(names, key, strict=True)
                )
                for key in partly
            ]
            return " OR ".join(f"({one})" for one in ([self._among(names, whole)] if whole else []) + told)
        if not whole:
            return "1 = 0"
        listed = ", ".join(self.quoted(name) for name in names)
        if len(names) == 1:
            return f"{listed} IN ({', '.join(self._literal(names[0], key[0]) for key in whole)})"
        rows = (
            f"({', '.join(self._literal(name, value) for name, value in zip(names, key, strict=True))})"
            for key in whole
        )
        # SQLite knows lists of rows only as values.
        among = f"VALUES {', '.join(rows)}" if self._source.dialect == "sqlite" else ", ".join(rows)
        return f"({listed}) IN ({among})"

    def _among_texts(self, part: Part) -> str:
        whole = [key for key in part.keys if None not in key]
        if not whole:
            return "1 = 0"
        dialect = self._source.dialect
        exact = " COLLATE utf8mb4_bin" if dialect == "mysql" else ""
        texts = ", ".join(f"{_sent(self._column(name), dialect)}{exact}" for name in part.key)
        rows = ", ".join(f"({', '.join(map(self.text, key))})" for key in whole)
        # As values they are looked up by their hash; a list of rows would be gone through for every row.
        return f"({texts}) IN ({rows if dialect == 'mysql' else f'VALUES {rows}'})"

    def text(self, value: str | None) -> str:
        """A text as the database writes it in its own SQL."""
        if value is None:
            return "NULL"
        mysql = self._source.dialect == "mysql"
        return f"_utf8mb4 X'{value.encode().hex()}'" if mysql else literal(value)

    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        return self.greatest_of(column, Part(()))

    def _column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def quoted(self, name: str) -> str:
        """The name of a column as the database quotes it."""
        return _named(name, self._source.dialect)

    def _literal(self, name: str, value: str | None) -> str:
        if value is None:
            return "NULL"
        if self.kind_of(name) in ("integer", "decimal") and _PLAIN_NUMBER.fullmatch(value):
            return value
        if self._source.dialect == "postgresql" and "with time zone" in (
            self._column(name).native_type or ""
        ):
            return literal(f"{value}+00")
        return self.text(value)

    def close(self) -> None:
        self._source.close()


def _only(source: Source, table: str) -> str:
    """The table that is meant: the only one of the source where none is named. Raises TableNotFound."""
    if table:
        return table
    names = [one.name for one in source.tables()]
    if len(names) != 1:
        raise TableNotFound(source=source.display, table="")
    return names[0]


def _sent(column: Column, dialect: str) -> str:
    return _sent_value(_named(column.name, dialect), column, dialect)


def _named(name: str, dialect: str) -> str:
    """A column's name as a database quotes it; what stands in double quotes SQLite takes for a text where no column is called so."""
    return quoted(name) if dialect == "postgresql" else backquoted(name)


def _sent_value(value: str, column: Column, dialect: str) -> str:
    """SQL of the source: a value as text that keeps all of it, or in a type that DuckDB is known to carry."""
    if dialect == "postgresql":
        return _sent_by_postgresql(value, column)
    if dialect == "mysql":
        native = (column.native_type or "").lower()
        if native.startswith("bit") and native != "bit(1)":
            digits = 2 * math.ceil(int(native.removeprefix("bit(").partition(")")[0] or 64) / 8)
            return f"LPAD(HEX({value}), {digits}, '0')"
        if native.startswith("bit"):
            return f"CAST({value} + 0 AS CHAR)"
        if column.type == "binary":
            return f"HEX({value})"
        if native.startswith("float"):
            # As it stands a single-precision number is written with six digits.
            return f"CAST({value} + 0e0 AS CHAR)"
        return f"CAST({value} AS CHAR)"
    real = f"CASE WHEN CAST(printf('%!.15g', {value}) AS REAL) = {value} THEN printf('%!.15g', {value}) ELSE printf('%!.17g', {value}) END"
    return f"CASE typeof({value}) WHEN 'blob' THEN hex({value}) WHEN 'real' THEN {real} ELSE CAST({value} AS TEXT) END"


def _sent_by_postgresql(value: str, column: Column) -> str:
    if column.type == "timestamp":
        # What a day or moment looks like as text depends on the session, and the session is not ours alone.
        moment = f"{value} AT TIME ZONE 'UTC'" if "with time zone" in (column.native_type or "") else value
        # Years before the first would lose their sign.
        known = f"isfinite({value}) AND {value} >= '0001-01-01'"
        return f"CASE WHEN {known} THEN to_char({moment}, 'YYYY-MM-DD HH24:MI:SS.US') ELSE {value}::text END"
    if column.type == "date":
        # Days beyond those that a moment can have cannot be written in a form of our choice.
        known = f"{value} BETWEEN '0001-01-01' AND '9999-12-31'"
        return f"CASE WHEN {known} THEN to_char({value}, 'YYYY-MM-DD') ELSE {value}::text END"
    if (column.native_type or "") == "real":
        # All that it holds, as a column of double precision on another server would keep it.
        return f"{value}::float8::text"
    if column.type == "binary":
        return f"encode({value}, 'hex')"
    if (column.native_type or "") == "money":
        return f"{value}::numeric::text"
    return f"{value}::text"


def _arrived(name: str, column: Column, dialect: str) -> str:
    """SQL (DuckDB): the text in which a database sent a value, in the spelling in which values travel."""
    if column.type == "timestamp" and dialect == "postgresql":
        # Microseconds that are none are not written.
        return f"CASE WHEN {name} LIKE '%.%' THEN rtrim(rtrim({name}, '0'), '.') ELSE {name} END"
    if column.type == "binary":
        return f"lower({name})"
    if column.type == "boolean" and dialect != "postgresql":
        return f"CASE {name} WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE {name} END"
    return name


def ordered_here(column: str, texts: Mapping[str, tuple[str, ColumnType]]) -> str:
    """SQL (DuckDB): a column in a type in which its values have their order."""
    sql, kind = texts[column]
    if kind in ("integer", "decimal", "double"):
        return (
            f"TRY_CAST({sql} AS DECIMAL(38, 6))"
            if kind == "decimal"
            else f"TRY_CAST({sql} AS {'HUGEINT' if kind == 'integer' else 'DOUBLE'})"
        )
    return sql


def where_here(part: Part, texts: Mapping[str, tuple[str, ColumnType]]) -> str:
    """SQL (DuckDB): the condition of a part, with its WHERE, where the source cannot be asked itself."""
    conditions = []
    if part.since is not None:
        bound = part.since.bound
        number = texts[part.since.column][1] in ("integer", "decimal", "double")
        shown = bound if number and _PLAIN_NUMBER.fullmatch(bound) else literal(bound)
        conditions.append(f"{ordered_here(part.since.column, texts)} >= {shown}")
    where = " AND ".join(conditions)
    if part.keys:
        among = " OR ".join(
            "("
            + " AND ".join(
                f"{texts[n][0]} IS NULL" if v is None else f"{texts[n][0]} = {literal(v)}"
                for n, v in zip(part.key, key, strict=True)
            )
            + ")"
            for key in part.keys
        )
        where = f"({where}) OR {among}" if where else among if part.only_keys else ""
    return f" WHERE {where}" if where else ""


def _decoded(value: object) -> str | None:
    if value is None:
        return None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
