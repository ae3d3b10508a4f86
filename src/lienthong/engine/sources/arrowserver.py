"""What databases have in common whose drivers hand rows over as Arrow batches: Oracle and SQL Server.

DuckDB cannot attach them. One session asks the catalogue and reads, table by table, the columns in a form that is
carried without loss; each table is captured once and measured here. Nothing but SELECT is ever sent.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import duckdb

from lienthong.engine.errors import DriverMissing, EngineError, SourceTimedOut, TableFailed
from lienthong.engine.profile.measuring import Depth, OnProgress, profile_relation
from lienthong.engine.session import Connection, Interrupted, Limits, ShouldStop, quoted, run_each
from lienthong.engine.shapes import Finding, Table, TableProfile
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.explaining import Explained, OfTable, raise_alone
from lienthong.engine.sources.naming import unique_names
from lienthong.engine.sources.stopping import Due

if TYPE_CHECKING:
    import pyarrow

BATCH_ROWS = 10_000


class ArrowServerSource(Source):
    """A database that is asked in its own SQL and read in Arrow batches."""

    # The module of the driver, and the package that brings it.
    driver: ClassVar[str]
    package: ClassVar[str]

    can_copy = False

    def __init__(self, display: str, limits: Limits) -> None:
        try:
            self._driver: Any = import_module(self.driver)
        except ImportError:
            self._driver = None
        if self._driver is None:
            raise DriverMissing(source=display, package=self.package)
        super().__init__(display, limits)
        self._readers = count(1)
        self._notes: list[Finding] = []
        self._failure: EngineError | None = None
        self._stopping = threading.Event()

    def findings(self) -> list[Finding]:
        return list(self._notes)

    def relation(self, table: str | Table) -> str:
        return self._registered(self.connect(), self.table(table if isinstance(table, str) else table.name))

    def _registered(self, connection: Connection, table: Table) -> str:
        """What this connection reads the rows of the table from, once."""
        name = f"reader_{next(self._readers)}"
        connection.register(name, self._reader(table))
        names = unique_names([column.name for column in table.columns])
        selected = ", ".join(
            f"{self._carried(column.type, f'c{order}')} AS {quoted(shown)}"
            for order, (column, shown) in enumerate(zip(table.columns, names, strict=True))
        )
        return f"(SELECT {selected} FROM {quoted(name)})"

    def profile(
        self,
        table: str | Table,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> TableProfile:
        name = table if isinstance(table, str) else table.name
        with self._explained(), OfTable(name):
            known = self.table(name)
            connection = self.connect()
            captured = quoted(f"capture_{next(self._readers)}")
            self._capture(connection, captured, known, should_stop)
            try:
                return profile_relation(
                    connection,
                    captured,
                    table=known.name,
                    columns=known.columns,
                    declared=known,
                    depth=Depth(self.limits.sample_rows),
                    workers=self.limits.workers(),
                    lists=self.lists_for(known.name),
                    rhythm=self.rhythm_for(known.name),
                    on_progress=on_progress,
                    should_stop=should_stop,
                )
            finally:
                connection.execute(f"DROP TABLE IF EXISTS {captured}")

    def _capture(
        self, connection: Connection, captured: str, table: Table, should_stop: ShouldStop | None
    ) -> None:
        """Read the table once into the engine. Raises what the driver said, in our words."""
        due = Due(self.limits.statement_seconds, should_stop)

        def read(cursor: Connection) -> None:
            cursor.execute(f"CREATE TABLE {captured} AS SELECT * FROM {self._registered(cursor, table)}")

        self._failure = None
        self._stopping.clear()
        try:
            run_each(connection, [read], workers=1, should_stop=due, on_stop=self._stop_reading)
        except duckdb.Error:
            raise_alone(self._failure or TableFailed(source=self.display, state="–"))
        except Interrupted:
            if not due.is_over:
                raise
            raise_alone(SourceTimedOut(source=self.display, seconds=self.limits.statement_seconds))

    def _reader(self, table: Table) -> pyarrow.RecordBatchReader:
        """The rows of the table as Arrow, columns named c0, c1, ... in their order."""
        import pyarrow

        expressions = [self._read_as(table, order) for order in range(len(table.columns))]
        selected = ", ".join(f"{expression} AS c{order}" for order, expression in enumerate(expressions))
        batches = self._in_our_words(f"SELECT {selected} FROM {self._own_name(table)}")
        first = next(batches)
        names = [f"c{order}" for order in range(len(table.columns))]

        def renamed() -> Iterator[pyarrow.RecordBatch]:
            yield first.rename_columns(names)
            for batch in batches:
                yield batch.rename_columns(names)

        return pyarrow.RecordBatchReader.from_batches(first.rename_columns(names).schema, renamed())

    def _in_our_words(self, sql: str) -> Iterator[pyarrow.RecordBatch]:
        failure: EngineError | None = None
        try:
            for batch in self._batches_of(sql):
                if self._stopping.is_set():
                    return
                yield batch
        except self._driver_errors() as error:
            failure = self._failure = self._refusal(error)
        if failure is not None:
            raise_alone(failure)

    def _stop_reading(self) -> None:
        """Let the next batch be the last, and the driver stop the statement at hand."""
        self._stopping.set()

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[Sequence[Any]]:
        """The rows of a statement. Raises our errors."""
        try:
            return self._rows(sql, parameters)
        except self._driver_errors() as error:
            failure = self._refusal(error)
        return raise_alone(failure)

    def _attach(self, connection: Connection) -> None:
        """Nothing is attached: rows come as Arrow."""

    def _explained(self) -> Explained:
        return Explained(
            self.display, lambda error: self._failure or TableFailed(source=self.display, state="–")
        )

    def _broken(self, said: str) -> EngineError:
        return self._failure or TableFailed(source=self.display, state="–")

    @staticmethod
    def _carried(kind: str, name: str) -> str:
        """A column as DuckDB keeps it after reading: what came as text in its own type again."""
        wanted = {"json": "VARCHAR", "boolean": "BOOLEAN"}.get(kind)
        return f"CAST({name} AS {wanted})" if wanted else name

    @abstractmethod
    def _read_as(self, table: Table, order: int) -> str:
        """The SQL that reads this column in a form that Arrow carries without loss."""

    @abstractmethod
    def _own_name(self, table: Table) -> str:
        """The table as the database calls it."""

    @abstractmethod
    def _batches_of(self, sql: str) -> Iterator[pyarrow.RecordBatch]:
        """The Arrow batches of a statement, at least one even when there is no row. Raises the driver's errors."""

    @abstractmethod
    def _rows(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        """The rows of a statement. Raises the driver's errors."""

    def _driver_errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises."""
        return (self._driver.Error,)

    @abstractmethod
    def _refusal(self, error: Exception) -> EngineError:
        """Which of our errors this is, by its code; what the driver said is not kept."""
