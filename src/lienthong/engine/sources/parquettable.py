"""One Parquet file as a table: it is read in place, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from lienthong.engine.errors import FileEncrypted, FileMalformed, SourceEmpty
from lienthong.engine.profile.values import column_type
from lienthong.engine.session import Connection, ShouldStop, literal
from lienthong.engine.shapes import Column, Finding, Reading, Table


@dataclass(slots=True)
class ParquetTable:
    """A Parquet file, linked into the private folder of a source under a generated name."""

    name: str
    display: str
    original: Path
    folder: Path
    label: str
    capture: str | None = None
    notes: list[Finding] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    table: Table = field(init=False)

    def describe(self, connection: Connection) -> None:
        """Read the description that the file carries. Raises SourceEmpty, FileEncrypted, FileMalformed."""
        with self.original.open("rb") as file:
            magic = file.read(4)
        if not magic:
            raise SourceEmpty(source=self.display)
        if magic == b"PARE":
            raise FileEncrypted(source=self.display)
        staged = self.folder / f"{self.label}.parquet"
        staged.symlink_to(self.original.absolute())
        self.capture = f"read_parquet({literal(str(staged))}, hive_partitioning = false)"
        columns: list[tuple[str, str]] = []
        rows = 0
        if magic == b"PAR1":
            try:
                described = connection.execute(f"DESCRIBE SELECT * FROM {self.capture}").fetchall()
                rows = connection.execute(f"SELECT count(*) FROM {self.capture}").fetchall()[0][0]
                columns = [(name, kind) for name, kind, *_ in described]
            except duckdb.Error:
                columns = []
        if not columns:
            raise FileMalformed(source=self.display, kind="Parquet")
        self.table = Table(
            name=self.name,
            columns=tuple(
                Column(name=name, type=column_type(kind), native_type=kind, ordinal=order)
                for order, (name, kind) in enumerate(columns, 1)
            ),
            rows=rows,
        )

    def ready(self, connection: Connection, should_stop: ShouldStop | None = None) -> str:
        """The relation that reads the file."""
        return self.capture or ""

    def forget(self, connection: Connection) -> None:
        """Nothing was kept."""
