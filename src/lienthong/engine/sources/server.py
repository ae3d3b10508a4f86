"""What live databases have in common: read once into the engine, and asked in place where only they can
answer.

A live system is read as seldom as possible: the columns that DuckDB carries faithfully are captured in
one read and measured here. The others (a collation in which `Hòa` equals `HÒA`, numbers without bounds,
types that DuckDB does not know) are measured by the database itself, in its own SQL, so that every count
agrees with what it would say.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from lienthong.engine.errors import (
    EngineError,
    LookInterrupted,
    SourceError,
    SourceLost,
    SourceRefused,
    SourceTimedOut,
    SourceUnreachable,
    TableChanged,
    TableFailed,
    TableGone,
)
from lienthong.engine.session import (
    Connection,
    Interrupted,
    Limits,
    ShouldStop,
    literal,
    open_session,
    quoted,
    run_each,
)  # fmt: skip
from lienthong.engine.shapes import ColumnProfile, Finding, Reference, Table, TableProfile
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.explaining import Explained, OfTable, raise_alone
from lienthong.engine.sources.inplace import SAMPLED_ROWS, counted_there, understood
from lienthong.engine.sources.noting import note
from lienthong.engine.sources.stopping import Due, waited

if TYPE_CHECKING:
    import duckdb

    from lienthong.engine.portable import Dialect, Measured
    from lienthong.engine.profile.measuring import OnProgress

Measure = Literal["captured", "in_place"]
"""Whether the rows are read once into the engine and measured there, or measured by the database itself."""

ATTACHED = "src"
_COLUMNS_IN_PLACE = 8
# Pauses before each attempt to connect anew (seconds): a server that restarts is back within them or not soon.
_REOPENING = (0.2, 1.0, 3.0)
# What DuckDB says when a connection broke off, in words that hold neither names nor secrets.
_BROKEN_OFF = ("server closed the connection", "terminating connection", "connection has been closed",
               "no connection to the server", "could not receive data", "connection not open",
               "Lost connection", "gone away", "connection to server was lost",
               # A stop that nobody here asked for: DuckDB ends the other part of a query whose part was cut off.
               "INTERRUPT Error")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is measured: the columns to capture, the columns to ask for in place, and where from.

    `relation` is what DuckDB captures from, `own_name` what the database itself calls the table.
    """

    table: Table
    relation: str
    own_name: str
    in_place: dict[int, Measured] = field(default_factory=dict)
    selected: dict[int, str] = field(default_factory=dict)

    def carried(self) -> list[int]:
        """The columns that DuckDB captures, by their place in the table."""
        return [order for order in range(len(self.table.columns)) if order not in self.in_place]


class ServerSource(Source):
    """A database that is attached to DuckDB and can also be asked in its own SQL."""

    dialect: ClassVar[Dialect]
    passing_on: ClassVar[str] = ""
    """DuckDB's function that passes a statement on to the database as it is."""

    def __init__(self, display: str, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(display, limits)
        self.measure = measure
        self._bench: Connection | None = None
        self._parted = False
        self._captures = count(1)
        self._notes: list[Finding] = []
        self._seen_notes: list[Finding] = []

    def own_name(self, table: str | Table) -> str:
        """What the database itself reads the rows of the table from, in its own SQL."""
        return self._plan(self.table(table if isinstance(table, str) else table.name), None).own_name

    def answer_to(self, sql: str) -> str:
        """An SQL expression to read the rows of a statement in the database's own SQL FROM, on the connection of `connect`."""
        return f"{self.passing_on}({literal(ATTACHED)}, {literal(sql)})"

    def ask(self, sql: str, should_stop: ShouldStop | None = None) -> list[Sequence[Any]]:
        """The rows of a short statement in the database's own SQL. Raises our errors, Interrupted."""
        return self._ask(sql, should_stop)

    def carry_out(self, sql: str, should_stop: ShouldStop | None = None) -> None:
        """Carry out a statement of DuckDB that reads from the database, bounded in time. Raises our errors, LookInterrupted."""
        due = Due(self.limits.statement_seconds, should_stop)
        with self._explained():
            try:
                run_each(
                    self.connect(),
                    [self._reading(sql)],
                    workers=1,
                    should_stop=due,
                    on_stop=self._cancel_reading,
                )
            except Interrupted:
                if not due.is_over:
                    raise
                raise_alone(SourceTimedOut(source=self.display, seconds=self.limits.statement_seconds))

    def profile(
        self,
        table: str | Table,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> TableProfile:
        name = table if isinstance(table, str) else table.name
        with self._explained(), OfTable(name):
            try:
                return self._profiled(name, on_progress, should_stop)
            except SourceLost:
                self._reopen(should_stop)
            except TableChanged:
                self._list_again(name)
            try:
                return self._profiled(name, on_progress, should_stop)
            except SourceLost:
                # The server answers, and breaks off at this table again: it is the table's fault, not the line's.
                raise_alone(TableFailed(source=self.display, state="connection lost"))

    def _profiled(
        self, name: str, on_progress: OnProgress | None, should_stop: ShouldStop | None
    ) -> TableProfile:
        from lienthong.engine.profile.measuring import counted_by_source

        known = self.table(name)
        self._probe(known, should_stop)
        plan = self._plan(known, should_stop)
        columns = plan.table.columns
        if self.measure == "in_place":
            plan = replace(plan, in_place=self._all_in_place(plan))
        captured, doubtful = self._captured(plan, on_progress, should_stop)
        carried = plan.carried() if captured is not None else []
        found = dict(zip(carried, captured.columns if captured is not None else (), strict=True))
        unseen = [order for order in range(len(columns)) if order not in found]
        if unseen or doubtful or captured is None:
            if on_progress is not None and captured is None:
                on_progress(0, len(columns), name)
            with self._one_view():
                counted, rows = self._in_place(plan, sorted({*unseen, *doubtful}), should_stop)
                shown = self._sampled_here(plan, unseen, should_stop) if self.measure == "in_place" else None
            for order in doubtful:
                found[order] = counted_by_source(found[order], counted[order])
            if shown is None:
                asked = {order: counted[order] for order in unseen}
                found.update(self._understood(plan, asked, should_stop))
            else:
                for order, column in zip(unseen, shown.columns, strict=True):
                    found[order] = counted_there(column, counted[order])
            captured = captured or replace(shown or TableProfile(name, rows, ()), rows=rows)
        ordered = tuple(_settled(found[order]) for order in range(len(columns)))
        return replace(captured, table=plan.table.name, columns=ordered)

    def _all_in_place(self, plan: Plan) -> dict[int, Measured]:
        return {
            order: plan.in_place.get(order) or self._measured_in_place(plan.table, order)
            for order in range(len(plan.table.columns))
        }

    def _sampled_here(
        self, plan: Plan, orders: Sequence[int], should_stop: ShouldStop | None
    ) -> TableProfile | None:
        """What a sample of these columns shows; its rows pass through memory and are kept nowhere."""
        columns = [plan.table.columns[order] for order in orders]
        if not columns:
            return None
        texts = [
            "NULL" if column.type == "binary" else self._as_text(plan.table, order)
            for order, column in zip(orders, columns, strict=True)
        ]
        sql = f"SELECT {', '.join(texts)} FROM {self._sampled(plan)} LIMIT {SAMPLED_ROWS}"
        rows = self._ask(sql, should_stop)
        if self._bench is None:
            self._bench = open_session(self.limits, self.folder)
        workers = self.limits.workers()
        return understood(self._bench, plan.table, columns, rows, workers=workers, should_stop=should_stop)

    def _orphans(self, reference: Reference, should_stop: ShouldStop | None) -> int | None:
        if self.measure == "captured":
            return super()._orphans(reference, should_stop)
        column, key = self._quoted(reference.column), self._quoted(reference.ref_column)
        try:
            here, there = (
                self._plan(self.table(name), should_stop).own_name
                for name in (reference.table, reference.ref_table)
            )
            sql = (
                f"SELECT count(*) FROM (SELECT {column} AS v FROM {here}) t WHERE v IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM (SELECT {key} AS k FROM {there}) r WHERE k = v)"
            )
            with self._explained():
                return int(self._ask(sql, should_stop)[0][0])
        except LookInterrupted:
            raise
        except EngineError:
            return None

    def close(self) -> None:
        if self._bench is not None:
            self._bench.close()
            self._bench = None
        super().close()

    def seen(self, table: Table) -> Table:
        return next((known for known in self.tables() if known.name == table.name), table)

    def _list_again(self, name: str) -> None:
        """Ask once more what the source holds: a table is no more as it was when the look began."""
        self._drop_reader()
        self._tables = None
        if all(table.name != name for table in self.tables()):
            raise_alone(TableGone(source=self.display, table=name))
        self._seen_notes.append(note("table_changed", name))

    def _reopen(self, should_stop: ShouldStop | None) -> None:
        """Connect anew after the connection broke off. Raises SourceUnreachable when nobody answers any more."""
        self._drop_reader()
        for pause in _REOPENING:
            waited(pause, should_stop)
            try:
                self._connect_again()
                return
            except SourceError as error:
                if not error.transient:
                    raise
        raise_alone(SourceUnreachable(source=self.display))

    def _drop_reader(self) -> None:
        """Let go of everything DuckDB holds open at the source; it is opened anew when it is needed."""
        self._parted = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect_again(self) -> None:
        """Open the session in which the source is asked anew."""

    def _probe(self, table: Table, should_stop: ShouldStop | None) -> None:
        """Check that the table can be read and is as it was listed, before it is. Raises what is wrong."""

    @contextmanager
    def _one_view(self) -> Iterator[None]:
        """Let all statements within see the same rows, where the source can promise it."""
        yield

    def findings(self) -> list[Finding]:
        return [*self._notes, *self._seen_notes]

    def _captured(
        self, plan: Plan, on_progress: OnProgress | None, should_stop: ShouldStop | None
    ) -> tuple[TableProfile | None, set[int]]:
        """Measure what DuckDB can carry, from one read, and tell which of these columns the database counts otherwise.

        Nothing when it cannot read the table at all.
        """
        import duckdb

        from lienthong.engine.profile.measuring import Depth, profile_relation

        carried = plan.carried()
        if not carried:
            return None, set()
        name = quoted(f"capture_{next(self._captures)}")
        columns = plan.table.columns
        selected = ", ".join(
            f"{plan.selected.get(order) or quoted(columns[order].name)} AS {quoted(f'c{order}')}"
            for order in carried
        )
        due = Due(self.limits.statement_seconds, should_stop)
        try:
            connection = self.connect()
            sql = f"CREATE TABLE {name} AS SELECT {selected} FROM {plan.relation}"
            run_each(
                connection, [self._reading(sql)], workers=1, should_stop=due, on_stop=self._cancel_reading
            )
        except EngineError:
            return None, set()
        except duckdb.Error as error:
            broken = self._broken(str(error))
            if isinstance(broken, SourceLost):
                raise_alone(broken)
            return None, set()
        except Interrupted:
            if not due.is_over:
                raise
            raise_alone(SourceTimedOut(source=self.display, seconds=self.limits.statement_seconds))
        try:
            profile = profile_relation(
                connection,
                name,
                table=plan.table.name,
                columns=[columns[order] for order in carried],
                declared=plan.table,
                depth=Depth(self.limits.sample_rows),
                workers=self.limits.workers(),
                lists=self.lists_for(plan.table.name),
                rhythm=self.rhythm_for(plan.table.name),
                on_progress=on_progress,
                should_stop=should_stop,
            )
            found = dict(zip(carried, profile.columns, strict=True))
            return profile, self._doubtful(plan, name, found, should_stop)
        finally:
            if self._connection is connection:
                connection.execute(f"DROP TABLE IF EXISTS {name}")

    def _understood(
        self, plan: Plan, asked: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> dict[int, ColumnProfile]:
        """What the columns counted in place mean, and what is wrong with them, from one more read of them alone."""
        import duckdb

        from lienthong.engine.profile.measuring import Depth, counted_by_source, profile_relation

        columns = plan.table.columns
        orders = [order for order in asked if columns[order].type not in ("json", "binary")]
        if not orders:
            return asked
        name = quoted(f"capture_{next(self._captures)}")
        selected = ", ".join(
            f"{_as_told(quoted(columns[order].name), columns[order].type)} AS {quoted(f'c{order}')}"
            for order in orders
        )
        due = Due(self.limits.statement_seconds, should_stop)
        try:
            connection = self.connect()
            sql = f"CREATE TABLE {name} AS SELECT {selected} FROM {self.relation(plan.table)}"
            run_each(
                connection, [self._reading(sql)], workers=1, should_stop=due, on_stop=self._cancel_reading
            )
        except (duckdb.Error, EngineError):
            # Counted they are; what they mean stays open.
            self._drop_reader()
            return asked
        except Interrupted:
            if not due.is_over:
                raise
            return asked
        try:
            told = profile_relation(
                connection,
                name,
                table=plan.table.name,
                columns=[columns[order] for order in orders],
                declared=plan.table,
                depth=Depth(self.limits.sample_rows),
                workers=self.limits.workers(),
                lists=self.lists_for(plan.table.name),
                rhythm=self.rhythm_for(plan.table.name),
                should_stop=should_stop,
            )
        finally:
            if self._connection is connection:
                connection.execute(f"DROP TABLE IF EXISTS {name}")
        known = dict(zip(orders, told.columns, strict=True))
        return {
            order: counted_by_source(known[order], one) if order in known else one
            for order, one in asked.items()
        }

    def _reading(self, sql: str, answer: list[tuple[Any, ...]] | None = None) -> Callable[[Connection], None]:
        """The work of reading from the database in a transaction of its own, so that it can be cancelled."""
        import duckdb

        def run(cursor: Connection) -> None:
            cursor.execute("BEGIN")
            try:
                self._note_reading(cursor)
                found = cursor.execute(sql)
                if answer is not None:
                    answer[:] = found.fetchall()
                cursor.execute("COMMIT")
            except BaseException:
                # A transaction left open over a line that is dead would bring the whole process down at its end.
                with suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise

        return run

    def _executed(
        self,
        sql: str,
        job: Callable[[Connection], list[tuple[Any, ...]]],
        on_percent: Callable[[float], None] | None,
        should_stop: ShouldStop | None,
        on_stop: Callable[[], None] | None = None,
    ) -> list[tuple[Any, ...]]:
        answer: list[tuple[Any, ...]] = []

        def reading(cursor: Connection) -> list[tuple[Any, ...]]:
            self._reading(sql, answer)(cursor)
            return answer

        return super()._executed(sql, reading, on_percent, should_stop, on_stop or self._cancel_reading)

    def connect(self) -> Connection:
        connection = super().connect()
        if self._parted:
            self._attach(connection)
            self._parted = False
        return connection

    def let_go(self) -> None:
        """Close what is open at the database; the session stays, for to open one anew costs a fifth of a second."""
        if self._connection is not None and not self._parted:
            import duckdb

            try:
                self._connection.execute(f"DETACH {ATTACHED}")
                self._parted = True
            except duckdb.Error:
                self._drop_reader()

    def _note_reading(self, cursor: Connection) -> None:
        """Note, in the transaction that is about to read, by what it can be cancelled."""

    def _cancel_reading(self) -> None:
        """Tell the database to stop what DuckDB is reading: DuckDB itself waits for the next row."""

    def _in_place(
        self, plan: Plan, orders: Sequence[int], should_stop: ShouldStop | None
    ) -> tuple[dict[int, ColumnProfile], int]:
        """Measure these columns by the database itself."""
        from lienthong.engine.portable import fold
        from lienthong.engine.profile.measuring import column_profile

        columns = [plan.table.columns[order] for order in orders]
        measured = [
            plan.in_place.get(order) or self._measured_in_place(plan.table, order) for order in orders
        ]
        found: dict[int, ColumnProfile] = {}
        rows = 0
        for statement in fold(measured, plan.own_name, self.dialect, batch=_COLUMNS_IN_PLACE):
            rows, answers = statement.read(self._ask(statement.sql, should_stop)[0])
            for offset, values in enumerate(answers):
                position = statement.first + offset
                column = columns[position]
                found[orders[position]] = column_profile(
                    column.name, column.type, rows, values, measured[position].type
                )
        for order, count_of in self._placeholders(plan, orders, measured, should_stop).items():
            found[order] = replace(found[order], placeholders=count_of)
        return found, rows

    def _placeholders(
        self,
        plan: Plan,
        orders: Sequence[int],
        measured: Sequence[Measured],
        should_stop: ShouldStop | None,
    ) -> dict[int, int]:
        """How many values of these columns stand for nothing, counted by the database itself."""
        from lienthong.engine.portable import placeholder_sql

        tests = {
            order: test
            for order, one in zip(orders, measured, strict=True)
            if (test := placeholder_sql(one.type, self.dialect, one.expression)) is not None
        }
        if not tests:
            return {}
        counts = ", ".join(f"sum(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in tests.values())
        try:
            answers = self._ask(f"SELECT {counts} FROM {plan.own_name}", should_stop)[0]
        except TableFailed:
            # Values that the database cannot compare with a day, such as one in the year 0.
            return {}
        return {order: int(answer or 0) for order, answer in zip(tests, answers, strict=True)}

    def _doubtful(
        self, plan: Plan, capture: str, found: dict[int, ColumnProfile], should_stop: ShouldStop | None
    ) -> set[int]:
        """The captured columns that the database counts by rules of its own: it is asked for their counts."""
        return set()

    def _explained(self) -> Explained:
        return Explained(self.display, self._explain)

    def _explain(self, error: duckdb.Error) -> EngineError:
        return self._broken(str(error))

    def _broken(self, said: str) -> EngineError:
        self._drop_reader()
        if any(word in said for word in _BROKEN_OFF):
            return SourceLost(source=self.display)
        return SourceRefused(source=self.display)

    @abstractmethod
    def _plan(self, table: Table, should_stop: ShouldStop | None) -> Plan:
        """Decide for each column of the table how it is measured."""

    @abstractmethod
    def _measured_in_place(self, table: Table, order: int) -> Measured:
        """How the database itself measures this column of the table."""

    @abstractmethod
    def _as_text(self, table: Table, order: int) -> str:
        """The beginning of each value of this column as text, in the database's own SQL."""

    def _quoted(self, name: str) -> str:
        """The name of a column as the database quotes it."""
        return quoted(name)

    def _sampled(self, plan: Plan) -> str:
        """What a sample of the rows is read from."""
        return plan.own_name

    @abstractmethod
    def _ask(self, sql: str, should_stop: ShouldStop | None = None) -> list[Sequence[Any]]:
        """The rows of a statement in the database's own SQL. Raises our errors."""


def _settled(profile: ColumnProfile) -> ColumnProfile:
    """A yes-and-no column of a database without such a type holds numbers, and may hold others than 0 and 1."""
    if profile.type != "boolean" or all(bound in (None, False, True) for bound in (profile.min, profile.max)):
        return profile
    return replace(profile, type="integer")


def _as_told(column: str, kind: str) -> str:
    """SQL for a value that DuckDB does not carry faithfully, near enough to tell what it means."""
    as_read = {
        "integer": "HUGEINT",
        "decimal": "DOUBLE",
        "double": "DOUBLE",
        "date": "DATE",
        "timestamp": "TIMESTAMP",
    }
    return f"TRY_CAST({column} AS {as_read.get(kind, 'VARCHAR')})"
