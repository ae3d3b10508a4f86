"""Open data for programs: no key, nothing asked (ODA-08, ODA-12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from lienthong.authority.correction_records import running_terms
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.accounts.visitors import limit_visits
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.tracing import carries

from . import commands, queries
from .addresses import report_address
from .licences import licence
from .models import OpenDataset, ReaderReport, ReportSubject
from .reading import MOST, changes_of, rows_of, types_of
from .rules import MOST_REPORTS, MOST_ROWS_SAID, MOST_SAID

router = Router()
_OF_PAGES = frozenset({"after", "limit", "version"})


class ColumnOut(Schema):
    """One column: its name, its type, and what it means."""

    name: str
    type: str
    title: str
    description: str
    unit: str
    code_list: str


class FileOut(Schema):
    """One file of the latest version."""

    format: str
    bytes: int
    sha256: str
    url: str


class DatasetOut(Schema):
    """One open dataset."""

    slug: str
    name: str
    name_en: str
    description: str
    publisher: str
    publisher_code: str
    topic: str
    licence: str
    licence_terms: list[str]
    version: int
    rows: int
    published_at: str
    next_update: str | None
    columns: list[ColumnOut]
    files: list[FileOut]


class DatasetsOut(Schema):
    """A page of datasets; `next` is the `after` of the page that follows."""

    datasets: list[DatasetOut]
    next: int | None


class RowsOut(Schema):
    """A page of rows; `next` is the `after` of the page that follows."""

    dataset: str
    version: int
    total: int
    columns: list[str]
    rows: list[dict[str, Any]]
    next: str | None


class ChangeOut(Schema):
    """What became of one row: the row as it is now; of one that was deleted, its key alone."""

    change: str
    row: dict[str, Any]


class ChangedColumnOut(Schema):
    """A column that the rows of changes have."""

    name: str
    type: str


class ChangesOut(Schema):
    """A page of changes; `next` is the `after` of the page that follows, also when nothing follows yet."""

    dataset: str
    version: int
    columns: list[ChangedColumnOut]
    changes: list[ChangeOut]
    next: str
    more: bool


class ReportIn(Schema):
    """What is wrong: nothing about who says so. `keys` are values of the key, of the rows that are wrong."""

    text: Annotated[str, Field(max_length=MOST_SAID)]
    subject: ReportSubject = ReportSubject.VALUES
    columns: Annotated[list[str], Field(max_length=100)] = []
    keys: Annotated[list[str], Field(max_length=MOST_ROWS_SAID)] = []
    version: Annotated[int | None, Field(ge=1, le=10**6)] = None


class ReportOut(Schema):
    """A report of wrong data and what became of it; `code` is known to whoever sent it alone."""

    code: str
    url: str
    number: str
    dataset: str
    subject: str
    state: str
    text: str
    finding: str
    measure: str
    summary: str
    reported_at: datetime
    acknowledged_at: datetime | None
    verified_at: datetime | None
    corrected_at: datetime | None
    broadcast_at: datetime | None
    closed_at: datetime | None
    due_on: date | None


def shown(request: HttpRequest, found: OpenDataset) -> dict[str, Any]:
    publication = queries.latest_publication(found)
    files = publication.files.all() if publication else ()
    return {
        "slug": found.slug,
        "name": found.dataset.name,
        "name_en": found.dataset.name_en,
        "description": found.dataset.description,
        "publisher": found.publisher.name,
        "publisher_code": found.publisher.code,
        "topic": found.topic,
        "licence": licence(found.licence_code).name_vi,
        "licence_terms": list(licence(found.licence_code).terms_vi),
        "version": publication.number if publication else 0,
        "rows": publication.version.rows if publication else 0,
        "published_at": timezone.localtime(publication.published_at).isoformat() if publication else "",
        "next_update": timezone.localtime(found.update_clock.due_at).isoformat()
        if found.update_clock and found.update_clock.due_at
        else None,
        "columns": queries.columns_described(found),
        "files": [
            {
                "format": one.format,
                "bytes": one.file.size,
                "sha256": one.file.sha256,
                "url": request.build_absolute_uri(
                    f"/du-lieu/{found.slug}/tai/{publication.number if publication else 0}/{one.format}/"
                ),
            }
            for one in files
        ],
    }


@router.get("/open-datasets", response=DatasetsOut, summary="Open datasets, the last published first")
def open_datasets(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    found = list(
        queries.newest_first().select_related("dataset__table", "update_clock")[after : after + limit + 1]
    )
    following = after + limit if len(found) > limit else None
    return {"datasets": [shown(request, one) for one in found[:limit]], "next": following}


@router.get("/open-datasets/{slug}", response=DatasetOut, summary="One open dataset with columns and files")
def open_dataset(request: HttpRequest, slug: str) -> dict[str, Any]:
    return shown(request, queries.dataset_on_portal(slug))


@router.get(
    "/open-datasets/{slug}/rows", response=RowsOut, summary="Rows of an open dataset, filtered by its columns"
)
@carries("ODA-08")
def open_rows(
    request: HttpRequest,
    slug: str,
    after: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    version: Annotated[int | None, Query(ge=1, le=10**6)] = None,
) -> dict[str, Any]:
    """Of the newest version, or of an earlier one by its number."""
    found = queries.dataset_on_portal(slug)
    publication = found.publications.first()
    asked = None
    if version is not None and (publication is None or version != publication.number):
        asked = publication = queries.publication_of(found, version)
    page, total = rows_of(
        found, after=after, limit=limit, filters=_filters(request, found), publication=asked
    )
    return {
        "dataset": slug,
        "version": publication.number if publication else page.version,
        "total": total,
        "columns": list(page.columns),
        "rows": page.rows,
        "next": page.next,
    }


@router.get(
    "/open-datasets/{slug}/changes",
    response=ChangesOut,
    summary="What has changed in an open dataset since a version, in all rows or in those that pass filters",
)
@carries("ODA-08")
def open_changes(
    request: HttpRequest,
    slug: str,
    since: Annotated[int, Query(ge=0, le=10**6)] = 0,
    after: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> dict[str, Any]:
    """Begin with `since` (a version that was loaded in full, 0 for none), then go on with `after`, the `next` of the page before.

    The same page is the same whenever it is asked for. `more` false: the copy is that of `version`; ask again later. Filters are
    those of rows (`column=value`, `column__ge=value`), the same from page to page: a row that comes to pass them is an `insert`, one
    that no longer does is a `delete`.
    """
    found = queries.dataset_on_portal(slug)
    publication = found.publications.first()
    start = queries.publication_of(found, since) if since and after is None else None
    words = frozenset({"since", "after", "limit"})
    filters = _filters(request, found, {name for name in request.GET if name not in words})
    page = changes_of(found, since=start, after=after, limit=limit, filters=filters)
    return {
        "dataset": slug,
        "version": publication.number if publication else 0,
        "columns": page.described(),
        "changes": [{"change": one.change, "row": one.row} for one in page.changes],
        "next": page.next,
        "more": page.more,
    }


@router.post(
    "/open-datasets/{slug}/reports", response={201: ReportOut}, summary="Report that an open dataset is wrong"
)
@carries("ODA-14", "QUA-01")
def report(request: Request, slug: str, given: ReportIn) -> Status[dict[str, Any]]:
    """Nothing about who reports is asked; the answer holds the code with which the report is followed."""
    found = queries.dataset_on_portal(slug)
    meant = queries.publication_of(found, given.version) if given.version is not None else None
    limit_visits(request, "opendata-reports", MOST_REPORTS)
    made = commands.report_open_data(
        actor=request.actor,
        open_dataset=found,
        publication=meant,
        **given.dict(include={"text", "subject", "columns", "keys"}),
    )
    return Status(201, _followed(request, made))


@router.get("/open-data-reports/{code}", response=ReportOut, summary="What became of a report of wrong data")
@carries("ODA-14", "QUA-01")
def followed(request: HttpRequest, code: str) -> dict[str, Any]:
    return _followed(request, queries.report_with(code))


def _followed(request: HttpRequest, report: ReaderReport) -> dict[str, Any]:
    case = report.case
    clock = running_terms([case]).get(case.pk)
    moments = ("acknowledged_at", "verified_at", "corrected_at", "broadcast_at", "closed_at")
    return {
        "code": report.code,
        "url": request.build_absolute_uri(report_address(report.code)),
        "dataset": report.open_dataset.slug,
        "subject": report.subject,
        **{
            name: getattr(case, name)
            for name in ("number", "state", "text", "finding", "reported_at", *moments)
        },
        "measure": case.measure if case.corrected_at else "",
        "summary": case.summary if case.broadcast_at else "",
        "due_on": clock.due_on if clock is not None and case.is_live else None,
    }


def _filters(
    request: HttpRequest, found: OpenDataset, names: set[str] | None = None
) -> tuple[tuple[str, str, Any], ...]:
    """The conditions on columns among the parameters of these names, or of all that are none of the page's own."""
    known = types_of(found)
    wanted: list[tuple[str, str, Any]] = []
    for name, values in request.GET.lists():
        if name not in names if names is not None else name in _OF_PAGES and name not in known:
            continue
        column, _, operator = name.partition("__")
        if name in known:
            column, operator = name, ""
        if column not in known:
            raise InputRefused(
                name=name[:100], why="không có tham số này", why_en="there is no such parameter"
            )
        wanted += [
            (column, operator or "eq", value.split(",") if operator == "in" else value) for value in values
        ]
    return tuple(wanted)
