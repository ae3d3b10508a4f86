"""Hand the rows of a table to whoever writes them into a file: read once, in parallel, by the source's own engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lienthong.engine.session import ShouldStop, quoted
from lienthong.engine.shapes import Table
from lienthong.engine.sources.contract import Source

if TYPE_CHECKING:
    import pyarrow

OnPercent = Callable[[float], None]
"""Told now and then how much of the table is read, from 0 to 100; less than 0 while nobody knows."""


class CopiedTable:
    """The chosen columns of one table of an open source, to be copied by one statement.

    Once copied, the connections to a live database are let go. Raises the errors of the source, LookInterrupted when
    `should_stop` says so.
    """

    def __init__(
        self,
        source: Source,
        table: str | Table,
        columns: Sequence[str] = (),
        *,
        on_percent: OnPercent | None = None,
        should_stop: ShouldStop | None = None,
    ) -> None:
        self._source = source
        self._on_percent, self._should_stop = on_percent, should_stop
        picked = ", ".join(map(quoted, columns)) or "*"
        self._rows = f"(SELECT {picked} FROM {source.relation(table)})"

    def described(self) -> list[tuple[str, str]]:
        """(name, type as DuckDB calls it) of every column."""
        found = self._source.execute(f"DESCRIBE SELECT * FROM {self._rows}", should_stop=self._should_stop)
        return [(str(row[0]), str(row[1])) for row in found]

    def copy(self, statement: Callable[[str], str]) -> None:
        """Execute the statement that is given for the relation to read from."""
        self._source.execute(
            statement(self._rows), on_percent=self._on_percent, should_stop=self._should_stop
        )
        self._source.let_go()


def rows_of(
    source: Source,
    table: str | Table,
    columns: Sequence[str] = (),
    *,
    on_percent: OnPercent | None = None,
    should_stop: ShouldStop | None = None,
) -> CopiedTable | pyarrow.RecordBatchReader:
    """The rows of a table as the store takes them: copied by one statement, or as Arrow where only a driver can read them."""
    if source.can_copy:
        return CopiedTable(source, table, columns, on_percent=on_percent, should_stop=should_stop)
    import pyarrow

    reader = source.read_arrow(table)
    picked = list(columns) or reader.schema.names

    def batches() -> object:
        for batch in reader:
            if should_stop is not None and should_stop():
                source.interrupted()
            yield batch.select(picked)

    schema = pyarrow.schema([reader.schema.field(name) for name in picked])
    return pyarrow.RecordBatchReader.from_batches(schema, batches())
