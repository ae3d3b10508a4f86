"""Workbooks: written with a heading that stays in place, read back row by row with a bound on what is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import WorkbookTooLarge, WorkbookUnreadable

# What a workbook may unpack to, and how many rows of it are read.
UNPACKED_LIMIT = 200_000_000
ROW_LIMIT = 20_000


@dataclass(frozen=True)
class SheetColumn:
    """A column: its title, how wide it is in characters, and the form of its values."""

    title: str
    width: int = 20
    form: str = "text"
    """text, number, percent (of 100) or date."""


@dataclass(frozen=True)
class Chart:
    """Stacked bars over some columns of the sheet, by number from 0; the first names the rows."""

    title: str
    columns: tuple[int, ...]
    inks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines above the table, the table, a chart behind it."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Any]]
    lines: tuple[str, ...] = field(default=())
    chart: Chart | None = None


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as a workbook; nothing in a cell is taken for a formula or an address."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.formats[0].set_font_name("Times New Roman")
        for sheet in sheets:
            _write(book, sheet)
    return out.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name[:31])
    page.set_landscape()
    # A sheet that would be too small to read on A4 is printed on A3.
    page.set_paper(9 if sum(column.width for column in sheet.columns) <= 200 else 8)
    page.fit_to_pages(1, 0)
    font = {"font_name": "Times New Roman", "font_size": 12}
    line = book.add_format(font | {"bold": True})
    head = book.add_format(
        font | {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    )
    cell = {
        "text": book.add_format(font | {"border": 1, "text_wrap": True, "valign": "top"}),
        "number": book.add_format(font | {"border": 1, "valign": "top", "num_format": "#,##0.##"}),
        "percent": book.add_format(font | {"border": 1, "valign": "top", "num_format": '0.0"%"'}),
        "date": book.add_format(font | {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy"}),
    }
    for place, text in enumerate(sheet.lines):
        page.write_string(place, 0, text, line)
    top = len(sheet.lines) + (1 if sheet.lines else 0)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(top, number, column.title, head)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_row(top, _height([column.title for column in sheet.columns], sheet.columns))
    for down, row in enumerate(sheet.rows, start=top + 1):
        page.set_row(down, _height(row, sheet.columns))
        for number, value in enumerate(row):
            form = sheet.columns[number].form
            if value is None or value == "":
                page.write_blank(down, number, None, cell[form])
            elif form == "date":
                page.write_datetime(down, number, value, cell[form])
            elif form in ("number", "percent") and isinstance(value, (int, float)):
                page.write_number(down, number, value, cell[form])
            else:
                page.write_string(down, number, str(value), cell["text"])
    if sheet.chart is not None and sheet.rows:
        _draw(book, page, sheet, top)


def _height(row: Sequence[Any], columns: Sequence[SheetColumn]) -> float:
    """How high a row stands so that no text is cut, in points; a program shows at most 409."""
    lines = 1
    for value, column in zip(row, columns, strict=False):
        if isinstance(value, str) or column.form == "text":
            said = "" if value is None else str(value)
            lines = max(
                lines, sum(-(-max(len(part), 1) // max(column.width - 2, 1)) for part in said.split("\n"))
            )
    return min(4 + 15.75 * lines, 409)


def _draw(book: Any, page: Any, sheet: Sheet, top: int) -> None:
    chart = sheet.chart
    if chart is None:
        return
    drawn = book.add_chart({"type": "bar", "subtype": "stacked"})
    last = top + len(sheet.rows)
    names, *values = chart.columns
    for place, number in enumerate(values):
        series: dict[str, Any] = {
            "name": [sheet.name[:31], top, number],
            "categories": [sheet.name[:31], top + 1, names, last, names],
            "values": [sheet.name[:31], top + 1, number, last, number],
        }
        if place < len(chart.inks):
            series["fill"] = {"color": chart.inks[place]}
        drawn.add_series(series)
    drawn.set_title({"name": chart.title, "name_font": {"size": 13}})
    drawn.set_y_axis({"reverse": True})
    drawn.set_legend({"position": "bottom"})
    drawn.set_size({"width": 760, "height": 160 + 26 * min(len(sheet.rows), 40)})
    page.insert_chart(last + 2, 0, drawn)


def rows_of(content: bytes, *, limit: int = ROW_LIMIT) -> list[list[str]]:
    """The rows of the first sheet as texts. Raises `WorkbookUnreadable`, `WorkbookTooLarge`."""
    import python_calamine

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > UNPACKED_LIMIT:
                raise WorkbookTooLarge(limit=f"{UNPACKED_LIMIT // 1_000_000} MB")
    except zipfile.BadZipFile:
        raise WorkbookUnreadable() from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=False, nrows=limit + 1)
    except (python_calamine.CalamineError, IndexError, ValueError):
        raise WorkbookUnreadable() from None
    if len(found) > limit:
        raise WorkbookTooLarge(limit=f"{limit} dòng / rows")
    return [[_text(value) for value in row] for row in found]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
