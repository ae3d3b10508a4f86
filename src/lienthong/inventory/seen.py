"""Reads: what the newest look saw in one table and in one column, in the words of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from lienthong.catalogue.models import Database, DataField, DataTable
from lienthong.foundation.errors import NotFound
from lienthong.foundation.pagekit.figures import number_text

from . import rules, wording
from .models import ColumnJudgement, ReadingDecision, Survey
from .queries import personal_in

# A value that fewer rows hold than this could point to a person; the usual limit of statistics offices.
FEWEST_SHOWN = 10
# Units of height of a histogram.
HIGH = 40


@dataclass(frozen=True)
class SeenColumn:
    """One column of a look, as a row of its table's page."""

    name: str
    title: str
    type: str
    meaning: str
    pass_rate: float
    sensitivity: str
    secrecy: bool
    empty: float
    """Share of nulls and placeholder values, in percent."""
    nulls: int
    placeholders: int
    distinct: int
    findings: int
    gravest: str
    masked: bool
    field: DataField | None
    conversions: list[str]


@dataclass(frozen=True)
class SeenReading:
    """What was done to a file to read it as a table."""

    encoding: str
    delimiter: str
    sheet: str
    header_rows: str
    skipped: int
    summary: str
    rows: list[dict[str, Any]]
    chosen: ReadingDecision | None = None


def form_of(survey: Survey, name: str) -> dict[str, Any] | None:
    """One table of a look in its published form."""
    found = survey.surveyed.filter(name=name).values_list("form", flat=True).first()
    return dict(found) if found is not None else None


def reading_seen(
    form: Mapping[str, Any], locale: str, chosen: ReadingDecision | None = None
) -> SeenReading | None:
    """The report of a file's reading in words; None for a table of a database."""
    report = form.get("reading")
    if not report:
        return None
    rows = report.get("skipped_rows") or []
    return SeenReading(
        encoding=report.get("encoding") or "",
        delimiter=wording.said(wording.DELIMITERS, report["delimiter"], locale)
        if report.get("delimiter")
        else "",
        sheet=report.get("sheet") or "",
        header_rows=wording.rows_said(report.get("header_rows") or []),
        skipped=int(report.get("skipped") or len(rows)),
        summary=wording.skipped_counts(rows, locale),
        rows=[
            {
                "number": row["number"],
                "reason": wording.said(wording.SKIPPED, row["reason"], locale),
                "text": row.get("text", ""),
            }
            for row in rows
        ],
        chosen=chosen,
    )


def columns_seen(database: Database, form: Mapping[str, Any], locale: str) -> list[SeenColumn]:
    """The columns of a looked table, each with what a person has decided of it."""
    fields = {
        one.name: one for one in DataField.objects.filter(table__database=database, table__name=form["name"])
    }
    personal = {column for _, column in personal_in(database, [dict(form)])}
    done = ((form.get("reading") or {}).get("conversions")) or {}
    rows = int(form.get("rows") or 0)
    seen = []
    for column in form["columns"]:
        semantic = column.get("semantic_type") or {}
        findings = column.get("findings") or []
        empty = int(column["nulls"]) + int(column.get("placeholders") or 0)
        seen.append(
            SeenColumn(
                name=column["name"],
                title=str(fields[column["name"]]) if column["name"] in fields else column["name"],
                type=column["type"],
                meaning=wording.said(wording.MEANINGS, semantic["name"], locale)
                if semantic.get("name")
                else "",
                pass_rate=float(semantic.get("pass_rate") or 0),
                sensitivity=column.get("sensitivity") or "none",
                secrecy=bool(column.get("state_secret")),
                empty=round(100 * empty / rows, 1) if rows else 0.0,
                nulls=int(column["nulls"]),
                placeholders=int(column.get("placeholders") or 0),
                distinct=int(column["distinct"]),
                findings=len(findings),
                gravest=rules.gravest(findings),
                masked=column["name"] in personal,
                field=fields.get(column["name"]),
                conversions=wording.conversions_said(done.get(column["name"]) or {}, locale),
            )
        )
    return seen


def field_of(database: Database, field_id: int) -> DataField:
    """One column of a database on record; one refusal where there is none."""
    found = DataField.objects.select_related(
        "table__database__owner", "table__database__managing_unit", "code_list", "confirmed_by"
    )
    one = found.filter(table__database=database, pk=field_id).first()
    if one is None:
        raise NotFound(what="cột này", what_en="This column")
    return one


def table_of(database: Database, table_id: int) -> DataTable:
    """One table of a database on record; one refusal where there is none."""
    one = DataTable.objects.filter(database=database, pk=table_id).first()
    if one is None:
        raise NotFound(what="bảng này", what_en="This table")
    return one


def neighbours(one: DataField) -> tuple[DataField | None, DataField | None]:
    """The columns before and after one, in the order of the file: table by table."""
    ordered = list(
        DataField.objects.filter(table__database=one.table.database, gone_since__isnull=True)
        .select_related("table")
        .order_by("table__name", "ordinal", "pk")
    )
    places = [other.pk for other in ordered]
    if one.pk not in places:
        return None, None
    at = places.index(one.pk)
    return (ordered[at - 1] if at else None), (ordered[at + 1] if at + 1 < len(ordered) else None)


@dataclass(frozen=True)
class ColumnFile:
    """All that a look saw in one column, for its page; values of personal columns are not in it."""

    form: Mapping[str, Any]
    rows: int
    masked: bool
    judgement: ColumnJudgement | None
    proposed_meaning: str = ""
    reason: str = ""
    sensitivity_reason: str = ""
    pass_rate: float = 0.0
    placeholders: int = 0
    filled: int = 0
    least: str = ""
    greatest: str = ""
    bars: list[dict[str, Any]] = field(default_factory=list)
    patterns: list[dict[str, Any]] = field(default_factory=list)
    top: list[dict[str, Any]] = field(default_factory=list)
    hidden: int = 0
    """How many of the top values are held back because too few rows hold them."""
    conversions: list[str] = field(default_factory=list)

    @property
    def is_sample(self) -> bool:
        return 0 < int(self.form.get("sampled") or 0) < self.rows


def column_file(database: Database, one: DataField, survey: Survey, locale: str) -> ColumnFile | None:
    """What the newest look saw in a column; None where it saw no such column."""
    table = form_of(survey, one.table.name)
    form = next((column for column in (table or {}).get("columns", []) if column["name"] == one.name), None)
    if table is None or form is None:
        return None
    masked = (one.table.name, one.name) in personal_in(database, [table])
    semantic = form.get("semantic_type") or {}
    told = "reason" if locale.startswith("vi") else "reason_en"
    why = form.get("sensitivity_reason") or {}
    rows = int(table.get("rows") or 0)
    top, hidden = shown_top(form.get("top") or [], sensitive=masked)
    sampled = int(form.get("sampled") or 0) or rows
    placeholders = int(form.get("placeholders") or 0)
    done = ((table.get("reading") or {}).get("conversions") or {}).get(one.name) or {}
    return ColumnFile(
        form=form,
        rows=rows,
        masked=masked,
        judgement=ColumnJudgement.objects.filter(field=one).select_related("judged_by").first(),
        proposed_meaning=wording.said(wording.MEANINGS, semantic["name"], locale)
        if semantic.get("name")
        else "",
        reason=semantic.get(told) or semantic.get("reason") or "",
        sensitivity_reason=why.get("vi" if locale.startswith("vi") else "en") or "",
        pass_rate=float(semantic.get("pass_rate") or 0),
        placeholders=placeholders,
        filled=max(0, rows - int(form["nulls"]) - placeholders),
        bars=[] if masked else bars_of(form.get("min"), form.get("quantiles") or [], form.get("max")),
        patterns=with_shares(form.get("patterns") or [], "pattern", sampled),
        top=[] if masked else with_shares(top, "value", sampled),
        hidden=hidden,
        conversions=wording.conversions_said(done, locale),
    )


def shown_top(top: Sequence[Mapping[str, Any]], *, sensitive: bool) -> tuple[list[Mapping[str, Any]], int]:
    """The most frequent values that may be shown, and how many are held back as too rare."""
    if not sensitive:
        return list(top), 0
    kept = [one for one in top if int(one["count"]) >= FEWEST_SHOWN]
    return kept, len(top) - len(kept)


def with_shares(counted: Sequence[Mapping[str, Any]], key: str, whole: int) -> list[dict[str, Any]]:
    """Counted values with their share of the rows looked at, in percent."""
    return [
        {
            "value": spoken(one[key]),
            "count": int(one["count"]),
            "share": round(100 * int(one["count"]) / whole, 1) if whole else 0.0,
        }
        for one in counted
    ]


# The parts of the rows between the least value, the quantiles of a look and the greatest, in percent.
PARTS = (5, 20, 25, 25, 20, 5)


def bars_of(least: Any, quantiles: Sequence[Any], greatest: Any) -> list[dict[str, Any]]:
    """A histogram between the quantiles of a look: a bar is as tall as its rows lie close together.

    Places run from 0 to 100, heights to `HIGH`. Nothing for values without an order on a line, nor where so many rows
    share one value that the frequent values tell more.
    """
    values = [least, *quantiles, greatest]
    points = [point for one in values if one is not None and (point := _on_line(one)) is not None]
    if len(points) != len(PARTS) + 1 or any(after <= before for before, after in pairwise(points)):
        return []
    whole = points[-1] - points[0]
    parts = list(zip(pairwise(points), PARTS, strict=True))
    dense = [share / (after - before) for (before, after), share in parts]
    # Texts, not numbers: a page in Vietnamese would write them with a comma.
    return [
        {
            "x": f"{100 * (before - points[0]) / whole:.2f}",
            "width": f"{100 * (after - before) / whole:.2f}",
            "y": f"{HIGH - HIGH * density / max(dense):.2f}",
            "height": f"{HIGH * density / max(dense):.2f}",
            "from": spoken(values[place]),
            "to": spoken(values[place + 1]),
            "share": share,
        }
        for place, (((before, after), share), density) in enumerate(zip(parts, dense, strict=True))
    ]


def spoken(value: Any) -> str:
    """A value as a page shows it: fractions as the reader's language writes them; whole numbers may be codes or years."""
    if value is None:
        return ""
    return number_text(value) if isinstance(value, float) else str(value)


def _on_line(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        pass
    try:
        return float(date.fromisoformat(text).toordinal())
    except ValueError:
        return None


def next_waiting(database: Database, after: DataField) -> DataField | None:
    """The next column that nobody has confirmed, in the order of the file; from the top again after the last."""
    waiting = list(
        DataField.objects.filter(table__database=database, confirmed_at__isnull=True, gone_since__isnull=True)
        .select_related("table")
        .order_by("table__name", "ordinal", "pk")
    )
    here = (after.table.name, after.ordinal, after.pk)
    later = [one for one in waiting if (one.table.name, one.ordinal, one.pk) > here]
    return next(iter(later or waiting), None)


def meaning_said(code: str, locale: str) -> str:
    """What the values of a column mean, in words."""
    return wording.said(wording.MEANINGS, code, locale)
