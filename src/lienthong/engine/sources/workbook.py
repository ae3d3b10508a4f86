"""A workbook (XLSX, XLS, ODS): each sheet is a table, once its titles, notes and merged headings are set apart.

Sheets are drawn for people. Which rows are data is decided as for a CSV, by the same modules; a workbook also knows
merged cells, and numbers and dates as such. Of a formula the value it last had is read; nothing is computed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ReadingChoice
from lienthong.engine.sources.choosing import check_rows, check_types
from lienthong.engine.sources.containers import MOST_CELLS, unpacked
from lienthong.engine.sources.heading import BLANKS, Heading, Range, Row, find_heading
from lienthong.engine.sources.sorting import Sorted, sort_rows
from lienthong.engine.sources.valuetable import ValueTable

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
AS_PROPOSED = ReadingChoice()
_HEAD = 300
# Rows of the original that are kept to be shown beside what is read.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet taken apart: its heading, its rows of data with their numbers, and what was set aside."""

    heading: Heading
    numbers: Sequence[int]
    rows: list[Sequence[Any]]
    found: Sorted = field(default_factory=Sorted)
    beginning: Sequence[Row] = ()


def read_workbook(
    path: Path,
    display: str,
    limits: Limits,
    folder: Path,
    label: Callable[[], str],
    named: Callable[[str], str],
    choices: Mapping[str, ReadingChoice],
) -> list[ValueTable]:
    """The sheets of a workbook that hold a table.

    `named` gives a sheet its name as a table. Raises FileEncrypted, FileMalformed, SourceEmpty, SourceTooLarge,
    DriverMissing, ReadingRefused.
    """
    copy = folder / f"{label()}.{path.suffix.lower()[1:]}"
    readable = unpacked(path, display, limits, copy)
    try:
        import python_calamine as calamine
    except ImportError:
        missing: EngineError | None = DriverMissing(source=display, package="python-calamine")
    else:
        missing = None
    if missing is not None:
        raise missing
    sheets: list[ValueTable] = []
    failure: EngineError | None = None
    # Millions of cells come as objects of which none refers to another: looking for circles among them costs a third.
    collecting = gc.isenabled()
    gc.disable()
    try:
        with calamine.CalamineWorkbook.from_path(str(readable)) as workbook:
            for meta in workbook.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                if sheet.total_height * sheet.total_width > MOST_CELLS:
                    raise SourceTooLarge.beyond(display, MOST_CELLS, "ô", "cells")
                name = named(meta.name)
                choice = choices.get(name, ReadingChoice())
                layout = lay_out(
                    sheet.to_python(skip_empty_area=False),
                    sheet.merged_cell_ranges or [],
                    name=name,
                    choice=choice,
                )
                if layout is not None:
                    sheets.append(_table(name, meta.name, layout, label(), choice))
    except calamine.PasswordError:
        failure = FileEncrypted(source=display)
    except (calamine.CalamineError, OSError, ValueError) as error:
        if "limit exceeded" in str(error).lower():
            failure = SourceTooLarge.beyond(display, MOST_CELLS, "ô", "cells")
        else:
            failure = FileMalformed(source=display, kind=path.suffix[1:].upper())
    finally:
        copy.unlink(missing_ok=True)
        if collecting:
            gc.enable()
    if failure is not None:
        raise failure
    if not sheets:
        raise SourceEmpty(source=display)
    return sheets


def lay_out(
    cells: Sequence[Sequence[Any]],
    merged: Sequence[Range] = (),
    *,
    name: str = "",
    choice: ReadingChoice = AS_PROPOSED,
) -> Layout | None:
    """Find the heading of a sheet and tell the rows under it apart; None when the sheet is empty."""
    height = len(cells)
    used = [
        place
        for place, column in enumerate(zip(*cells, strict=False))
        if not all(_nothing(cell) for cell in column)
    ]
    if not used:
        return None
    chosen = choice.header_rows
    check_rows(name, (*(chosen or ()), *choice.keep_rows, *choice.skip_rows), height)
    head = [(number, cells[number - 1]) for number in range(1, min(height, _HEAD + max(chosen or (0,))) + 1)]
    # A letterhead may be longer than the first rows of a sheet that is empty at its top.
    while len(head) < height and all(_nothing(cell) for _, row in head[-_HEAD:] for cell in row):
        head += [
            (number, cells[number - 1]) for number in range(len(head) + 1, min(height, len(head) + _HEAD) + 1)
        ]
    heading = find_heading(head, merged=merged, chosen=chosen, used=used)
    if heading is None:
        return None
    check_types(name, choice, heading.names)
    check_rows(name, (*choice.keep_rows, *choice.skip_rows), height, heading.body_from)

    def body() -> Iterator[Row]:
        return ((number, cells[number - 1]) for number in range(heading.body_from, height + 1))

    found = sort_rows(body(), heading, keep=choice.keep_rows, skip=choice.skip_rows)
    left_out = {*found.aside, *found.blanks} - choice.keep_rows
    numbers = [number for number in range(heading.body_from, height + 1) if number not in left_out]
    return Layout(heading, numbers, [cells[number - 1] for number in numbers], found, head[:_SHOWN])


def _table(name: str, sheet: str, layout: Layout, label: str, choice: ReadingChoice) -> ValueTable:
    heading = layout.heading
    columns = list(zip(*layout.rows, strict=True)) if layout.rows else []
    values = {
        column: columns[place] if place < len(columns) else ()
        for column, place in zip(heading.names, heading.positions, strict=True)
    }
    return ValueTable.of(
        name=name,
        label=label,
        values=values,
        numbers=layout.numbers,
        found=layout.found,
        header_rows=heading.header_rows,
        above=heading.above,
        beginning=layout.beginning,
        sheet=sheet,
        choice=choice,
    )


def _nothing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANKS))


__all__ = ["ENDINGS", "Layout", "date", "datetime", "lay_out", "read_workbook", "time"]
