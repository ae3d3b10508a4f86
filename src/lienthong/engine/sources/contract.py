"""The contract that every kind of source keeps."""

from __future__ import annotations

import errno
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from lienthong.engine.errors import (
    EngineError,
    LookInterrupted,
    SourceEmpty,
    SourceUnreadable,
    TableNotFound,
)
from lienthong.engine.session import Connection, Limits, ShouldStop, literal, open_session, quoted, run_each
from lienthong.engine.shapes import (
    Finding,
    JsonScalar,
    Look,
    LookedTable,
    Reading,
    Reference,
    Table,
    TableProfile,
)
from lienthong.engine.sources.explaining import Explained, raise_alone
from lienthong.engine.sources.noting import listed, note, unreadable

if TYPE_CHECKING:
    import pyarrow

    from lienthong.engine.profile.conforming import CodeList
    from lienthong.engine.profile.measuring import OnProgress

# What DuckDB says of a file that it could not write on: the fault is then here, not at the source.
_NO_ROOM = ("No space left", "File too large", "Disk quota", "max_temp_directory_size")


class Source(ABC):
    """A database, file or folder, opened for reading. Close it, or use it in a `with`.

    `display` names it without any secret; `kind` is one of csv, tsv, parquet, xlsx, json, folder, sqlite,
    postgresql, mysql. A source is used by one thread at a time. Every error that leaves it is an
    `EngineError`.
    """

    kind: str
    can_copy: ClassVar[bool] = True
    """One statement of DuckDB reads a table, as often as asked; not where rows come from a driver, once."""

    def __init__(self, display: str, limits: Limits) -> None:
        self.display = display
        self.limits = limits
        self._folder = tempfile.TemporaryDirectory(
            prefix="lienthong-", dir=limits.temp_directory, ignore_cleanup_errors=True
        )
        self._connection: Connection | None = None
        self._tables: list[Table] | None = None
        self._only: str | None = None
        self.code_lists: dict[str, Mapping[str, CodeList]] = {}
        """By table and column: the codes that its values are to come from, where whoever reads knows a list; `*` is any table."""
        self.rhythms: dict[str, int] = {}
        """By table: every how many days its data are to come, where that was declared; `*` is any table."""

    @property
    def folder(self) -> Path:
        """A private folder that goes away with the source."""
        return Path(self._folder.name)

    def connect(self) -> Connection:
        """A DuckDB connection in which the data can be read by `relation`; it belongs to the source."""
        if self._connection is None:
            connection = open_session(self.limits, self.folder)
            try:
                self._attach(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def tables(self) -> list[Table]:
        """The tables and views that can be read, with the keys and comments that the source declares."""
        if self._tables is None:
            self._tables = self._list_tables()
        return list(self._tables)

    def confine(self, name: str) -> None:
        """Tell the source, before it is asked, that no table but this one is wanted: it need not list the others."""
        if self._tables is None:
            self._only = name

    def table(self, name: str) -> Table:
        """The table of this name; raises TableNotFound."""
        for table in self.tables():
            if table.name == name:
                return table
        raise TableNotFound(source=self.display, table=name)

    def lists_for(self, table: str) -> dict[str, CodeList]:
        """The codes that the columns of a table are to hold."""
        return {**self.code_lists.get("*", {}), **self.code_lists.get(table, {})}

    def rhythm_for(self, table: str) -> int | None:
        """Every how many days the data of a table are to come; None where nobody has declared it."""
        return self.rhythms.get(table, self.rhythms.get("*"))

    def findings(self) -> list[Finding]:
        """What could not be read, or was read with care, so far."""
        return []

    @abstractmethod
    def relation(self, table: str | Table) -> str:
        """An SQL expression to read this table FROM, on the connection of `connect`."""

    def relation_of(self, table: str | Table, columns: Sequence[str]) -> str:
        """The same where only these columns are wanted: others need not be read."""
        return self.relation(table)

    @abstractmethod
    def profile(
        self,
        table: str | Table,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> TableProfile:
        """Count what is in the table, exactly; the source is read once. Raises LookInterrupted."""

    def look(self, on_progress: OnProgress | None = None, should_stop: ShouldStop | None = None) -> Look:
        """Look at every table: what is declared and what is found. A table that cannot be read is a finding; so
        is a source that goes away in the middle, with what was not read.

        Progress counts columns. Raises SourceEmpty when there is nothing to read, LookInterrupted when
        stopped, and the first error when no table at all could be read.
        """
        from lienthong.engine.profile.relating import TABLES_AT_MOST, without_sketches

        tables = self.tables()
        steps = sum(len(table.columns) for table in tables)
        looked: list[LookedTable] = []
        failures: list[tuple[Table, EngineError]] = []
        before = 0
        broken: list[Finding] = []
        for place, table in enumerate(tables):
            try:
                profile = self.profile(
                    table, _share(on_progress, before, len(table.columns), steps), should_stop
                )
            except LookInterrupted:
                raise
            except EngineError as error:
                if error.of_whole_source and looked:
                    broken.append(_broken_off(error, len(looked), tables[place:], len(tables)))
                    break
                failures.append((table, error))
                if error.of_whole_source:
                    break
            else:
                if len(tables) > TABLES_AT_MOST:
                    profile = without_sketches(profile)
                looked.append(LookedTable(self.seen(table), profile, self.reading(table)))
            before += len(table.columns)
        findings = [
            *self.findings(),
            *(unreadable(table.name, error) for table, error in failures),
            *broken,
        ]
        if not looked:
            raise failures[0][1] if failures else SourceEmpty(source=self.display)
        return Look(
            source=self.display, tables=tuple(self.related(looked, should_stop)), findings=tuple(findings)
        )

    def related(
        self, looked: Sequence[LookedTable], should_stop: ShouldStop | None = None
    ) -> list[LookedTable]:
        """The tables of one look with what only all of them together show: references, and rows that refer to nothing.

        Rows are counted again only for references of which a sketch shows that some lead nowhere.
        """
        from lienthong.engine.profile.relating import with_references

        return with_references(looked, lambda reference: self._orphans(reference, should_stop))

    def _orphans(self, reference: Reference, should_stop: ShouldStop | None) -> int | None:
        """The rows whose value is not found where the reference points to; None when they cannot be counted."""
        column, key = quoted(reference.column), quoted(reference.ref_column)
        try:
            with self._explained():
                missing = (
                    f"SELECT count(*) FROM {self.relation(reference.table)} AS t WHERE t.{column} IS NOT NULL AND NOT EXISTS "
                    f"(SELECT 1 FROM {self.relation(reference.ref_table)} AS r "
                    f"WHERE CAST(r.{key} AS VARCHAR) = CAST(t.{column} AS VARCHAR))"
                )
                counted = run_each(
                    self.connect(),
                    [lambda cursor: cursor.execute(missing).fetchall()],
                    workers=1,
                    should_stop=should_stop,
                )
                return int(counted[0][0][0])
        except LookInterrupted:
            raise
        except EngineError:
            return None

    def seen(self, table: Table) -> Table:
        """The table as it is known after it was read: a file shows its types only then."""
        return table

    def reading(self, table: str | Table) -> Reading | None:
        """How a table of a file was read; None for the table of a database, which is taken as it is."""
        return None

    def beginning(self, table: str | Table, most: int = 40) -> list[tuple[int, list[JsonScalar]]]:
        """The first rows of a file as they stand in it, with their numbers from 1; none for a database."""
        return []

    def row_numbers(self, table: str | Table) -> Sequence[int] | None:
        """The number in the file of each row of data, in their order; None where rows have none, as in a database."""
        return None

    def read_arrow(self, table: str | Table, rows_per_batch: int = 50_000) -> pyarrow.RecordBatchReader:
        """The rows of the table as Arrow batches; the source must stay open while they are read."""
        import pyarrow

        relation = self.relation(table)
        with self._explained():
            reader = self.connect().execute(f"SELECT * FROM {relation}").to_arrow_reader(rows_per_batch)
        return pyarrow.RecordBatchReader.from_batches(reader.schema, self._batches(reader))

    def _batches(self, reader: pyarrow.RecordBatchReader) -> Iterator[pyarrow.RecordBatch]:
        """The batches of a reader; a source that breaks off between two of them is told in our words."""
        import duckdb

        failed: EngineError | None = None
        try:
            yield from reader
        except (OSError, ValueError, RuntimeError, duckdb.Error) as error:
            failed = self._broken(str(error))
        if failed is not None:
            raise_alone(failed)

    def _broken(self, said: str) -> EngineError:
        """Which of our errors it is that rows stopped coming. What was said is only looked at, never kept."""
        return SourceUnreadable(source=self.display)

    def execute(
        self,
        sql: str,
        *,
        on_percent: Callable[[float], None] | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[tuple[Any, ...]]:
        """The answer to a statement over relations of this source.

        Raises LookInterrupted when stopped, OSError (ENOSPC) when there is no room for what it writes here.
        """
        with self._explained():
            return self._executed(sql, lambda cursor: cursor.execute(sql).fetchall(), on_percent, should_stop)

    def _executed(
        self,
        sql: str,
        job: Callable[[Connection], list[tuple[Any, ...]]],
        on_percent: Callable[[float], None] | None,
        should_stop: ShouldStop | None,
        on_stop: Callable[[], None] | None = None,
    ) -> list[tuple[Any, ...]]:
        import duckdb

        working: list[Connection] = []

        def run(cursor: Connection) -> list[tuple[Any, ...]]:
            working.append(cursor)
            try:
                return job(cursor)
            except duckdb.Error as error:
                if any(word in str(error) for word in _NO_ROOM):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
                raise

        def watching() -> bool:
            if on_percent is not None and working:
                on_percent(float(working[0].query_progress()))
            return should_stop is not None and should_stop()

        return run_each(self.connect(), [run], workers=1, should_stop=watching, on_stop=on_stop)[0]

    def let_go(self) -> None:  # noqa: B027
        """Close what is open at a live system; it is opened anew when it is needed."""

    def interrupted(self) -> NoReturn:
        """Say that reading was stopped because the caller asked for it."""
        raise_alone(LookInterrupted(source=self.display))

    def copy_to_parquet(self, table: str | Table, path: Path) -> int:
        """Write the table as one Parquet file (zstd) and give the number of its rows."""
        relation = self.relation(table)
        with self._explained():
            answer = self.connect().execute(
                f"COPY (SELECT * FROM {relation}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
            )
            return int(answer.fetchall()[0][0])

    def close(self) -> None:
        """Let go of the source and of everything written for it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def _attach(self, connection: Connection) -> None:
        """Make the data readable on this new connection."""

    @abstractmethod
    def _list_tables(self) -> list[Table]:
        """Ask the source for its tables."""

    @abstractmethod
    def _explained(self) -> Explained:
        """A `with` in which DuckDB's errors become ours."""


def _share(on_progress: OnProgress | None, before: int, width: int, steps: int) -> OnProgress | None:
    """The progress of one table as its share of the whole look."""
    if on_progress is None:
        return None

    def shared(done: int, total: int, table: str) -> None:
        on_progress(before + width * done // max(total, 1), steps, table)

    return shared


def _broken_off(error: EngineError, read: int, unread: list[Table], tables: int) -> Finding:
    names = listed([table.name for table in unread])
    return note(
        "look_broken_off", "*", read=read, tables=tables, names=names, error=error.code,
        why=error.text("vi").rstrip("."), why_en=error.text("en").rstrip("."),
    )  # fmt: skip
