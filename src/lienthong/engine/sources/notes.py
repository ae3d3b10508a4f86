"""What a reading tells people: the report, and findings with the rows that stood in the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from lienthong.engine.errors import ReadingRefused
from lienthong.engine.shapes import ColumnType, Finding, Place, Reading, Severity, SkippedRow
from lienthong.engine.sources.choosing import refused
from lienthong.engine.sources.converting import Conversions, Converted
from lienthong.engine.sources.forms import Plan, form_of, holds
from lienthong.engine.sources.heading import BLANKS, Row
from lienthong.engine.sources.sorting import Sorted

MOST_TOLD = 1000
"""Rows set aside that a report names; of more it tells the number."""
_MOST_ROWS = 20


def report_of(
    found: Sorted,
    *,
    conversions: Conversions,
    header_rows: tuple[int, ...],
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Reading:
    """The report of one table."""
    aside = sorted(found.aside.values(), key=lambda row: row.number)
    return Reading(
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        header_rows=header_rows,
        skipped_rows=tuple(aside[:MOST_TOLD]),
        skipped=len(aside),
        conversions=conversions,
    )


def notes_of(
    table: str,
    found: Sorted,
    done: Converted | None,
    places: Mapping[str, int],
    rows: Callable[[], Iterable[Row]],
    *,
    encoding: str | None = None,
    above: Sequence[SkippedRow] = (),
) -> list[Finding]:
    """The findings of how a table was read; `rows` gives its rows again, to name those that stood in the way."""
    notes: list[Finding] = []
    if encoding is not None:
        notes.append(Finding("transcoded", Place(table), {"encoding": encoding}, "info"))
    lines = sum(row.reason != "blank" for row in above)
    if lines:
        notes.append(Finding("lines_before_header", Place(table), {"lines": lines}, "info"))
    under = [row for row in found.aside.values() if row not in above and row.reason != "blank"]
    below = sum(row.reason == "footer" for row in under)
    if below:
        notes.append(Finding("lines_after_data", Place(table), {"lines": below}, "info"))
    if len(under) > below:
        reasons: dict[str, int] = {}
        for row in under:
            if row.reason != "footer":
                reasons[row.reason] = reasons.get(row.reason, 0) + 1
        numbers = sorted(row.number for row in under if row.reason != "footer")
        evidence = {"lines": len(numbers), "reasons": reasons, "rows": numbers[:_MOST_ROWS]}
        severity: Severity = "warning" if "broken" in reasons else "info"
        notes.append(Finding("rows_set_aside", Place(table), evidence, severity))
    if found.shorter:
        evidence = {"count": found.shorter, "rows": found.short}
        notes.append(Finding("irregular_rows", Place(table), evidence, "warning"))
    if done is None:
        return notes
    for name in done.ambiguous:
        notes.append(Finding("number_ambiguous", Place(table, name), {}, "warning"))
    for name in done.undated:
        notes.append(Finding("date_ambiguous", Place(table, name), {}, "warning"))
    nearly = {name: kind for name, kind in done.nearly.items() if name in places}
    if nearly:
        at_fault = _at_fault(
            rows(), {places[name]: (name, kind) for name, kind in nearly.items()}, done.plans
        )
        for name, kind in nearly.items():
            numbers, many = at_fault[name]
            evidence = {"wanted": kind, "rows": numbers, "count": many}
            notes.append(Finding("column_kept_as_text", Place(table, name), evidence, "warning"))
    return notes


def told(table: str, rows: Iterable[Row], place: int, name: str, kind: str, plan: Plan) -> ReadingRefused:
    """The refusal of a type that a person chose, with the first row and value that do not hold in it."""
    for number, cells in rows:
        cell = cells[place] if place < len(cells) else ""
        text = str(cell).strip(BLANKS) if cell is not None else ""
        if text and not _fits(text, kind):
            return refused(
                table,
                f"“{text[:60]}” không đọc được thành kiểu {kind}",
                f"“{text[:60]}” cannot be read as {kind}",
                row=number,
                column=name,
                value=text[:60],
            )
    return refused(
        table,
        f"có giá trị không đọc được thành kiểu {kind}",
        f"a value cannot be read as {kind}",
        column=name,
    )


def _fits(text: str, kind: str) -> bool:
    form = form_of(text)
    if kind == "integer":
        return form in (
            "small",
            "integer",
            "zeros",
            "whole",
            "groups",
            "dot_or_group",
            "native_integer",
            "mark",
            "spaced",
        )
    if kind == "boolean":
        return form in ("truth", "mark", "native_truth")
    if kind == "time":
        return form in ("clock", "mark", "native_clock")
    return _stands(text, kind)


_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")


def _stands(text: str, kind: str) -> bool:
    """Whether a value may stand in a column of this type: its form does, and its day is one of the calendar."""
    if not holds(form_of(text), kind):  # type: ignore[arg-type]
        return False
    found = _DAY.match(text) if kind in ("date", "timestamp") else None
    if found is None:
        return True
    first, month, last = map(int, found.groups())
    year, day = (first, last) if first > 31 else (last, first)
    # In a column that counts the month first, day and month change places.
    month, day = (day, month) if month > 12 else (month, day)
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _at_fault(
    rows: Iterable[Row], wanted: Mapping[int, tuple[str, ColumnType]], plans: Mapping[str, Plan]
) -> dict[str, tuple[list[int], int]]:
    """The rows whose values make a column text that is nearly of another type, and how many they are."""
    numbers: dict[str, list[int]] = {name: [] for name, _ in wanted.values()}
    many = dict.fromkeys(numbers, 0)
    for number, cells in rows:
        for place, (name, kind) in wanted.items():
            cell = cells[place] if place < len(cells) else None
            text = cell.strip(BLANKS) if isinstance(cell, str) else ""
            if text and not _stands(text, kind):
                many[name] += 1
                if len(numbers[name]) < _MOST_ROWS:
                    numbers[name].append(number)
    return {name: (numbers[name], many[name]) for name in numbers}
