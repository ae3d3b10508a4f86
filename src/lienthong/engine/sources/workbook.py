"""A workbook (XLSX, XLS, ODS): each sheet is a table, once its titles, notes and merged headings are set
apart.

Sheets are drawn for people: a title over the table, a unit at the right, headings merged over two lines,
a line that numbers the columns, a source below. What is taken for data is what stands under the heading;
what is left out is told as a finding.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lienthong.engine.errors import (
    DriverMissing,
    EngineError,
    FileEncrypted,
    FileMalformed,
    SourceEmpty,
    SourceTooLarge,
)
from lienthong.engine.profile.values import column_type
from lienthong.engine.session import Connection, Limits, ShouldStop, quoted
from lienthong.engine.shapes import Column, Finding, Place, Table
from lienthong.engine.sources.naming import unique_names

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
MOST_CELLS = 40_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NATIVE = {
    "integer": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "text": "VARCHAR",
}

Range = tuple[tuple[int, int], tuple[int, int]]
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet taken apart: the names of its columns, its rows of data, and how many lines are neither."""

    names: list[str]
    rows: list[Row]
    above: int
    below: int


@dataclass(slots=True)
class SheetTable:
    """One sheet, held in memory until it is read into the engine."""

    name: str
    layout: Layout
    label: str
    capture: str | None = None
    notes: list[Finding] = field(default_factory=list)
    table: Table = field(init=False)

    def __post_init__(self) -> None:
        kinds = [_kind([row[order] for row in self.layout.rows]) for order in range(len(self.layout.names))]
        self.table = Table(
            name=self.name,
            columns=tuple(
                Column(name=name, type=column_type(_NATIVE[kind]), ordinal=order)
                for order, (name, kind) in enumerate(zip(self.layout.names, kinds, strict=True), 1)
            ),
            rows=len(self.layout.rows),
        )
        for code, lines in (
            ("lines_before_header", self.layout.above),
            ("lines_after_data", self.layout.below),
        ):
            if lines:
                self.notes.append(Finding(code, Place(self.name), {"lines": lines}, "info"))

    def ready(self, connection: Connection, should_stop: ShouldStop | None = None) -> str:
        """Read the sheet into the engine, once, and give the relation that holds it."""
        if self.capture is None:
            import pyarrow

            types = {
                "integer": pyarrow.int64(),
                "double": pyarrow.float64(),
                "boolean": pyarrow.bool_(),
                "date": pyarrow.date32(),
                "time": pyarrow.time64("us"),
                "timestamp": pyarrow.timestamp("us"),
                "text": pyarrow.string(),
            }
            arrays = []
            for order, column in enumerate(self.table.columns):
                converted = [_converted(row[order], column.type) for row in self.layout.rows]
                arrays.append(pyarrow.array(converted, type=types[column.type]))
            source = pyarrow.Table.from_arrays(arrays, names=[column.name for column in self.table.columns])
            passing = f"{self.label}_in"
            connection.register(passing, source)
            connection.execute(
                f"CREATE OR REPLACE TABLE {quoted(self.label)} AS SELECT * FROM {quoted(passing)}"
            )
            connection.unregister(passing)
            self.capture = quoted(self.label)
        return self.capture

    def forget(self, connection: Connection) -> None:
        """Let go of the copy in the engine."""
        if self.capture is not None:
            connection.execute(f"DROP TABLE IF EXISTS {self.capture}")
            self.capture = None


def read_workbook(path: Path, display: str, limits: Limits, label: Callable[[], str]) -> list[SheetTable]:
    """The sheets of a workbook that hold a table.

    Raises FileEncrypted, FileMalformed, SourceEmpty, SourceTooLarge, DriverMissing.
    """
    _check_container(path, display, limits)
    try:
        import python_calamine as calamine
    except ImportError:
        missing: EngineError | None = DriverMissing(source=display, package="python-calamine")
    else:
        missing = None
    if missing is not None:
        raise missing
    sheets: list[SheetTable] = []
    failure: EngineError | None = None
    try:
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as workbook:
            for meta in workbook.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                if sheet.total_height * sheet.total_width > MOST_CELLS:
                    raise SourceTooLarge(source=display, limit=f"{MOST_CELLS:,} ô / cells")
                layout = lay_out(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [])
                if layout is not None:
                    sheets.append(SheetTable(meta.name, layout, label()))
    except calamine.PasswordError:
        failure = FileEncrypted(source=display)
    except (calamine.CalamineError, OSError, ValueError):
        failure = FileMalformed(source=display, kind="XLSX")
    if failure is not None:
        raise failure
    if not sheets:
        raise SourceEmpty(source=display)
    return sheets


def lay_out(cells: Sequence[Row], merged: Sequence[Range]) -> Layout | None:
    """Find the heading of a sheet and the rows under it; None when the sheet is empty."""
    rows = [[_value(cell) for cell in row] for row in cells]
    used = [
        order
        for order in range(max(map(len, rows), default=0))
        if any(row[order] is not None for row in rows)
    ]
    if not used:
        return None
    headed = _spread(rows, merged)
    first = _heading_row(headed, used)
    last = _heading_end(first, merged, used, len(rows))
    body_start = last + 1
    if all(not isinstance(headed[first][order], str) for order in used if headed[first][order] is not None):
        names, body_start = [f"column{number}" for number in range(1, len(used) + 1)], first
    else:
        names = unique_names(_headings(headed[first : last + 1], used))
    body = [[row[order] for order in used] for row in rows[body_start:]]
    numbered = bool(body) and _numbers_columns(body[0])
    body = body[1:] if numbered else body
    body, below = _without_notes(body)
    above = sum(1 for row in rows[:first] if any(cell is not None for cell in row))
    return Layout(names=names, rows=body, above=above + numbered, below=below)


def _check_container(path: Path, display: str, limits: Limits) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise SourceEmpty(source=display)
    if start == _OLE and path.suffix.lower() != ".xls":
        # An OOXML workbook with a password is wrapped in the old container.
        raise FileEncrypted(source=display)
    if path.suffix.lower() == ".xls":
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        unpacked = -1
    if unpacked < 0:
        raise FileMalformed(source=display, kind="XLSX")
    if unpacked > limits.unpacked_mb << 20:
        raise SourceTooLarge(source=display, limit=f"{limits.unpacked_mb} MB")


def _value(cell: Any) -> Any:
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1 << 53:
        return int(cell)
    return cell


def _spread(rows: Sequence[Row], merged: Sequence[Range]) -> list[Row]:
    """The rows with every merged cell repeated to its right, as a reader sees a heading."""
    spread = [list(row) for row in rows]
    for (top, left), (_, right) in merged:
        if top < len(spread) and left < len(spread[top]):
            for order in range(left, min(right + 1, len(spread[top]))):
                spread[top][order] = rows[top][left]
    return spread


def _heading_row(rows: Sequence[Row], used: Sequence[int]) -> int:
    """The first row that fills at least half of the columns with more than one thing."""
    for index, row in enumerate(rows):
        filled = [row[order] for order in used if row[order] is not None]
        if len(filled) * 2 >= len(used) and (len(used) == 1 or len(set(map(str, filled))) > 1):
            return index
    return next(index for index, row in enumerate(rows) if any(row[order] is not None for order in used))


def _heading_end(first: int, merged: Sequence[Range], used: Sequence[int], height: int) -> int:
    last = first
    for (top, left), (bottom, right) in merged:
        if top != first:
            continue
        last = max(last, bottom)
        if right > left and right - left + 1 < len(used):
            last = max(last, first + 1)
    return min(last, height - 1)


def _headings(rows: Sequence[Row], used: Sequence[int]) -> list[str]:
    names = []
    for number, order in enumerate(used, 1):
        parts: list[str] = []
        for row in rows:
            part = " ".join(str(row[order]).split()) if row[order] is not None else ""
            if part and part not in parts:
                parts.append(part)
        names.append(" ".join(parts) or f"column{number}")
    return names


def _numbers_columns(row: Row) -> bool:
    """Whether this row only numbers the columns: A, B, 1, 2, … or (1), (2), …; plain 1, 2, 3 may be data."""
    plain = [str(cell).strip() for cell in row]
    bare = [text.removeprefix("(").removesuffix(")") for text in plain]
    letters = 0
    while letters < len(bare) and len(bare[letters]) == 1 and bare[letters].isalpha():
        letters += 1
    counted = [str(number) for number in range(1, len(bare) - letters + 1)]
    marked = letters > 0 or all(text.startswith("(") for text in plain)
    return len(bare) >= 3 and len(counted) >= 1 and marked and bare[letters:] == counted


def _without_notes(body: list[Row]) -> tuple[list[Row], int]:
    """The body without empty lines, and without notes under it that stand apart in one cell."""
    blank = [all(cell is None for cell in row) for row in body]
    end = len(body)
    while end and blank[end - 1]:
        end -= 1
    cut = end
    while cut and not blank[cut - 1] and sum(cell is not None for cell in body[cut - 1]) == 1:
        cut -= 1
    is_note = cut < end and cut and blank[cut - 1] and len(body[0]) >= 3
    kept = cut if is_note else end
    return [row for row, empty in zip(body[:kept], blank[:kept], strict=True) if not empty], end - kept


def _kind(values: Sequence[Any]) -> str:
    kinds = {_kind_of(value) for value in values if value is not None}
    if not kinds:
        return "text"
    if len(kinds) == 1:
        return kinds.pop()
    if kinds == {"integer", "double"}:
        return "double"
    if kinds == {"date", "timestamp"}:
        return "timestamp"
    return "text"


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if -(1 << 63) <= value < 1 << 63 else "text"
    if isinstance(value, float):
        return "double"
    if isinstance(value, datetime):
        return "timestamp"
    if isinstance(value, date):
        return "date"
    if isinstance(value, time):
        return "time"
    return "text"


def _converted(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "double":
        return float(value)
    if kind == "timestamp" and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if kind == "text" and not isinstance(value, str):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime | date | time):
            return value.isoformat()
        return str(value)
    return value
