"""Files as a source: one CSV, TSV, Parquet or workbook, or a folder in which each of them is a table.

A file reaches DuckDB only as a link with a generated name in the private folder of the source, because
DuckDB takes file names for patterns. In a folder, a file that cannot be read is a finding; alone, it is
an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from lienthong.engine.errors import (
    EngineError,
    FileMalformed,
    SourceEmpty,
    SourceKindUnknown,
    SourceUnreadable,
)
from lienthong.engine.profile.measuring import OnProgress, profile_relation
from lienthong.engine.session import Connection, Limits, ShouldStop
from lienthong.engine.shapes import Finding, Place, Table, TableProfile
from lienthong.engine.sources import workbook
from lienthong.engine.sources.address import printable
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.csvtable import CsvTable
from lienthong.engine.sources.explaining import Explained
from lienthong.engine.sources.parquettable import ParquetTable
from lienthong.engine.sources.reaching import reached

FileTable = CsvTable | ParquetTable | workbook.SheetTable

_TEXT = frozenset({".csv", ".tsv", ".txt"})
_KINDS = {".csv": "csv", ".tsv": "tsv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet"}
ENDINGS = frozenset(_KINDS) | workbook.ENDINGS
FOLDER_ENDINGS = ENDINGS - {".txt"}


class FilesSource(Source):
    """One data file, or the data files directly in one folder; tables are named like the files."""

    def __init__(self, path: Path, display: str, limits: Limits) -> None:
        self.path = path
        self._is_folder = path.is_dir()
        ending = path.suffix.lower()
        if not self._is_folder and ending not in ENDINGS:
            raise SourceKindUnknown(source=display, kind=ending or path.name)
        self.kind = "folder" if self._is_folder else _KINDS.get(ending, "xlsx")
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
                    workers=self.limits.workers(),
                    on_progress=on_progress,
                    should_stop=should_stop,
                )
            finally:
                if not kept:
                    file.forget(connection)

    def seen(self, table: Table) -> Table:
        return self._file(table).table

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
        return [file.table for file in self._files.values()]

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
            if path.suffix.lower() in FOLDER_ENDINGS and not path.name.startswith((".", "~$")):
                yield path

    def _take(self, path: Path, display: str) -> None:
        if not stat.S_ISREG(reached(path, display).st_mode):
            return
        taken: list[FileTable] = []
        ending = path.suffix.lower()
        if ending in workbook.ENDINGS:
            taken.extend(workbook.read_workbook(path, display, self.limits, self._label))
            for sheet in taken:
                prefix = f"{printable(path.stem)}." if self._is_folder else ""
                self._add(f"{prefix}{sheet.name}", path, sheet)
            return
        made = CsvTable if ending in _TEXT or ending == ".tsv" else ParquetTable
        file = made(
            name=printable(path.stem), display=display, original=path, folder=self.folder, label=self._label()
        )
        unreadable = False
        try:
            file.describe(self.connect())
        except OSError:
            unreadable = True
        if unreadable:
            raise SourceUnreadable(source=display)
        self._add(printable(path.stem), path, file)

    def _add(self, name: str, path: Path, file: FileTable) -> None:
        free = name if name not in self._files else printable(path.name)
        number = 2
        while free in self._files:
            free, number = f"{printable(path.name)}_{number}", number + 1
        self._files[free] = _renamed(file, free)

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


def _renamed(file: FileTable, name: str) -> FileTable:
    """The file as the table of this name: names are settled when all files of a folder are known."""
    file.name = name
    if isinstance(file, ParquetTable | workbook.SheetTable):
        file.table = replace(file.table, name=name)
    file.notes = [replace(note, place=Place(name)) for note in file.notes]
    return file
