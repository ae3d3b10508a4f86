"""Files as a source: one CSV, TSV, Parquet, JSON or workbook, or a folder in which each of them is a table.

A file reaches DuckDB only as a link with a generated name in the private folder of the source, because
DuckDB takes file names for patterns. In a folder, a file that cannot be read is a finding; alone, it is
an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from lienthong.engine.errors import (
    EngineError,
    FileMalformed,
    SourceEmpty,
    SourceKindUnknown,
    SourceUnreadable,
    TableNotFound,
)
from lienthong.engine.profile.measuring import Depth, OnProgress, profile_relation
from lienthong.engine.profile.values import scalar
from lienthong.engine.session import Connection, Limits, ShouldStop
from lienthong.engine.shapes import Finding, JsonScalar, Place, Reading, ReadingChoice, Table, TableProfile
from lienthong.engine.sources import jsontable, workbook
from lienthong.engine.sources.address import printable
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.csvtable import CsvTable
from lienthong.engine.sources.explaining import Explained
from lienthong.engine.sources.heading import Row
from lienthong.engine.sources.parquettable import ParquetTable
from lienthong.engine.sources.reaching import reached
from lienthong.engine.sources.valuetable import ValueTable

FileTable = CsvTable | ParquetTable | ValueTable

_TEXT = frozenset({".csv", ".tsv", ".txt"})
_KINDS = {".csv": "csv", ".tsv": "tsv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet"}
ENDINGS = frozenset(_KINDS) | workbook.ENDINGS | jsontable.ENDINGS
FOLDER_ENDINGS = ENDINGS - {".txt"}
DESCRIPTOR = "datapackage.json"
"""Says what the files beside it hold (Data Package); no data itself."""


class FilesSource(Source):
    """One data file, or the data files directly in one folder; tables are named like the files."""

    def __init__(
        self, path: Path, display: str, limits: Limits, choices: Mapping[str, ReadingChoice] | None = None
    ) -> None:
        self.path = path
        self._choices = dict(choices or {})
        self._is_folder = path.is_dir()
        ending = path.suffix.lower()
        if not self._is_folder and ending not in ENDINGS:
            raise SourceKindUnknown(source=display, kind=ending or path.name)
        named = "json" if ending in jsontable.ENDINGS else "xlsx"
        self.kind = "folder" if self._is_folder else _KINDS.get(ending, named)
        super().__init__(display, limits)
        self._files: dict[str, FileTable] = {}
        self._unreadable: list[Finding] = []
        self._labels = count(1)

    def relation(self, table: str | Table) -> str:
        file = self._file(table)
        with self._explained():
            return file.ready(self.connect())

    def profile(
        self,
        table: str | Table,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> TableProfile:
        file = self._file(table)
        connection = self.connect()
        kept = file.capture is not None
        with self._explained():
            try:
                relation = file.ready(connection, should_stop)
                return profile_relation(
                    connection,
                    relation,
                    table=file.name,
                    columns=file.table.columns,
                    declared=file.table,
                    depth=Depth(self.limits.sample_rows),
                    workers=self.limits.workers(),
                    lists=self.lists_for(file.name),
                    rhythm=self.rhythm_for(file.name),
                    on_progress=on_progress,
                    should_stop=should_stop,
                )
            finally:
                if not kept:
                    file.forget(connection)

    def seen(self, table: Table) -> Table:
        return self._file(table).table

    def reading(self, table: str | Table) -> Reading | None:
        return self._file(table).reading

    def beginning(self, table: str | Table, most: int = 40) -> list[tuple[int, list[JsonScalar]]]:
        file = self._file(table)
        rows: Sequence[Row] = ()
        if isinstance(file, CsvTable):
            rows = file.beginning(most)
        elif isinstance(file, ValueTable):
            rows = file.beginning
        return [(number, [scalar(cell) for cell in cells]) for number, cells in rows[:most]]

    def row_numbers(self, table: str | Table) -> Sequence[int] | None:
        file = self._file(table)
        if isinstance(file, ValueTable):
            return file.numbers
        return file.row_numbers() if isinstance(file, CsvTable) else None

    def findings(self) -> list[Finding]:
        notes = [note for file in self._files.values() for note in file.notes]
        return [*self._unreadable, *notes]

    def _file(self, table: str | Table) -> FileTable:
        name = table if isinstance(table, str) else table.name
        self.table(name)
        return self._files[name]

    def _attach(self, connection: Connection) -> None:
        return None

    def _explained(self) -> Explained:
        return Explained(
            self.display, lambda error: FileMalformed(source=self.display, kind=self.kind.upper())
        )

    def _list_tables(self) -> list[Table]:
        if not self._is_folder:
            self._take(self.path, self.display)
            self._require_chosen()
            return [file.table for file in self._files.values()]
        failure: EngineError | None = None
        for path in self._folder_files():
            try:
                self._take(path, printable(path.name))
            except SourceEmpty as error:
                self._leave_out(path, error, "info")
                failure = failure or error
            except EngineError as error:
                self._leave_out(path, error, "error")
                failure = error
        if not self._files:
            raise failure or SourceEmpty(source=self.display)
        self._require_chosen()
        return [file.table for file in self._files.values()]

    def _require_chosen(self) -> None:
        for name in self._choices:
            if name not in self._files:
                raise TableNotFound(source=self.display, table=name)

    def _folder_files(self) -> Iterator[Path]:
        unreadable = False
        entries: list[Path] = []
        try:
            with os.scandir(self.path) as listing:
                entries = [Path(entry.path) for entry in listing]
        except OSError:
            unreadable = True
        if unreadable:
            raise SourceUnreadable(source=self.display)
        for path in sorted(entries, key=lambda entry: entry.name):
            told = path.name.startswith((".", "~$")) or path.name == DESCRIPTOR
            if path.suffix.lower() in FOLDER_ENDINGS and not told:
                yield path

    def _take(self, path: Path, display: str) -> None:
        if not stat.S_ISREG(reached(path, display).st_mode):
            return
        ending = path.suffix.lower()
        if ending in workbook.ENDINGS or ending in jsontable.ENDINGS:
            self._take_several(path, display)
            return
        name = self._free(printable(path.stem), path)
        made: CsvTable | ParquetTable
        if ending in _TEXT or ending == ".tsv":
            choice = self._choices.get(name, ReadingChoice())
            made = CsvTable(name, display, path, self.folder, self._label(), choice)
        else:
            made = ParquetTable(name, display, path, self.folder, self._label())
        unreadable = False
        try:
            made.describe(self.connect())
        except OSError:
            unreadable = True
        if unreadable:
            raise SourceUnreadable(source=display)
        self._files[name] = made

    def _take_several(self, path: Path, display: str) -> None:
        """A workbook or a JSON document: it may hold many tables."""
        stem = printable(path.stem)
        prefix = f"{stem}." if self._is_folder else ""
        taken: set[str] = set()

        def named(inner: str) -> str:
            shown = printable(inner)
            own = shown == stem or shown.startswith(f"{stem}.")
            name = self._free(shown if own else f"{prefix}{shown}", path, taken)
            taken.add(name)
            return name

        unreadable = False
        tables: list[ValueTable] = []
        try:
            if path.suffix.lower() in jsontable.ENDINGS:
                tables = jsontable.read_json(path, display, self.folder, self._label, named, self._choices)
            else:
                tables = workbook.read_workbook(
                    path, display, self.limits, self.folder, self._label, named, self._choices
                )
        except OSError:
            unreadable = True
        if unreadable:
            raise SourceUnreadable(source=display)
        for table in tables:
            self._files[table.name] = table
            if self._is_folder:
                table.put_away(self.folder)

    def _free(self, name: str, path: Path, taken: Container[str] = ()) -> str:
        """The name of a table, or one like it when it is taken."""
        free, number = name, 2
        if free in self._files or free in taken:
            free = printable(path.name)
        while free in self._files or free in taken:
            free, number = f"{printable(path.name)}_{number}", number + 1
        return free

    def _label(self) -> str:
        return f"t{next(self._labels)}"

    def _leave_out(self, path: Path, error: EngineError, severity: str) -> None:
        self._unreadable.append(
            Finding(
                code="file_unreadable",
                place=Place(printable(path.name)),
                evidence={"error": error.code, "text": error.text("vi"), "text_en": error.text("en")},
                severity="info" if severity == "info" else "error",
            )
        )
