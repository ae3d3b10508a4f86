"""Reads of open data."""

from __future__ import annotations

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone

from lienthong.authority.correction_records import corrections_of_dataset
from lienthong.authority.models import CorrectionCase, CorrectionOrigin
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.tracing import carries

from .access import open_datasets_visible_to, public_datasets
from .errors import DatasetUnknown, PublicationUnknown, ReportUnknown, Withdrawn
from .models import Classification, OpenDataset, OpenState, Publication, ReaderReport, ReportSubject
from .rules import code_of, quality


def dataset_on_portal(slug: str) -> OpenDataset:
    """A published open dataset by its address; a withdrawn one says why, everything else does not exist."""
    return _on_portal(OpenDataset.objects.filter(slug=slug), slug)


def address_of(open_id: int) -> str:
    """The address of a published dataset by its permanent number; refused like an address that is not there."""
    return _on_portal(OpenDataset.objects.filter(pk=open_id), str(open_id)).slug


def _on_portal(wanted: QuerySet[OpenDataset], asked: str) -> OpenDataset:
    found = (
        wanted.filter(dataset__database__is_secret=False)
        .select_related("dataset__database__owner", "dataset__table", "publisher", "update_clock")
        .first()
    )
    if found is not None and found.state != OpenState.PUBLISHED and found.withdrawn_at:
        day = timezone.localtime(found.withdrawn_at)
        raise Withdrawn(
            dataset=found.dataset.name,
            dataset_en=found.display_name("en"),
            day=f"{day:%d/%m/%Y}",
            day_en=f"{day.day} {day:%B %Y}",
            reason=found.withdrawn_because,
        )
    if found is None or found.state != OpenState.PUBLISHED or found.classification != Classification.OPEN:
        raise DatasetUnknown(slug=asked)
    return found


def newest_first() -> QuerySet[OpenDataset]:
    """Published datasets, the last published first."""
    return (
        public_datasets()
        .select_related("dataset", "publisher")
        .prefetch_related(
            Prefetch(
                "publications", Publication.objects.select_related("version").prefetch_related("files__file")
            )
        )
        .order_by("-last_confirmed_at", "-pk")
    )


def open_dataset_for(actor: Actor, slug: str) -> OpenDataset:
    """An open dataset's record on the desk."""
    found = (
        open_datasets_visible_to(actor)
        .select_related("dataset__database", "dataset__table", "publisher", "update_clock")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    return found


def open_of_database(database: Database) -> QuerySet[OpenDataset]:
    return OpenDataset.objects.filter(dataset__database=database).select_related("dataset").order_by("pk")


def latest_publication(open_dataset: OpenDataset) -> Publication | None:
    return open_dataset.publications.prefetch_related("files__file").order_by("-number").first()


def columns_described(open_dataset: OpenDataset) -> list[dict[str, str]]:
    """Name, type, title, description and unit of each column that is out, else of each that is to go out."""
    publication = open_dataset.publications.first()
    fields = {field.name: field for field in open_dataset.dataset.table.fields.select_related("code_list")}
    version = open_dataset.dataset.latest
    types = {column["name"]: column.get("type", "") for column in (version.columns if version else [])}
    return [
        {
            "name": name,
            "type": str(types.get(name, "")),
            "title": fields[name].title if name in fields else "",
            "description": fields[name].description if name in fields else "",
            "unit": fields[name].unit if name in fields else "",
            "code_list": str(fields[name].code_list or "") if name in fields else "",
        }
        for name in (publication.columns if publication else open_dataset.columns)
    ]


def quality_of(open_dataset: OpenDataset) -> dict[str, object]:
    """The score of a published dataset and what would raise it, most first."""
    columns = columns_described(open_dataset)
    described = sum(1 for column in columns if column["title"] and column["description"])
    publication = latest_publication(open_dataset)
    files = publication.files.count() if publication else 0
    clock = open_dataset.update_clock
    on_time = clock is None or clock.due_at is None or clock.due_at >= timezone.now()
    score = quality(
        described=described,
        columns=len(columns),
        licence=bool(open_dataset.licence_code),
        contact=bool(open_dataset.feedback_contact),
        on_time=on_time,
        formats=files,
    )
    return {
        "score": score,
        "described": described,
        "columns": len(columns),
        "missing_contact": not open_dataset.feedback_contact,
        "late": not on_time,
    }


def publication_of(open_dataset: OpenDataset, number: int) -> Publication:
    """The publication with this number; refused by name when there is none."""
    found = open_dataset.publications.select_related("version").filter(number=number).first()
    if found is None:
        newest = latest_publication(open_dataset)
        raise PublicationUnknown(version=number, latest=newest.number if newest else 0)
    return found


@carries("QUA-01", "ODA-14")
def corrections_of(open_dataset: OpenDataset) -> list[CorrectionCase]:
    """The corrections that were made known and concern opened columns alone, the latest first.

    What names no column may be about any, unless a reader of the opened columns reported it.
    """
    opened = set(open_dataset.columns)
    known = corrections_of_dataset(open_dataset.dataset)[:50]
    return [
        one
        for one in known
        if set(one.columns) <= opened and (one.columns or one.origin == CorrectionOrigin.PUBLIC)
    ][:20]


@carries("ODA-14")
def report_with(code: str) -> ReaderReport:
    """The report with this code, as whoever has the code sees it; of what has become secret there is none."""
    found = (
        ReaderReport.objects.select_related(
            "case__proof_version",
            "publication",
            "open_dataset__dataset__database",
            "open_dataset__dataset__table",
            "open_dataset__publisher",
        )
        .filter(code=code_of(code), open_dataset__dataset__database__is_secret=False)
        .first()
    )
    if found is None:
        raise ReportUnknown()
    return found


@carries("ODA-14")
def reports_of(open_dataset: OpenDataset) -> QuerySet[ReaderReport]:
    """What readers reported on a dataset, the latest first, with the correction that each opened."""
    return open_dataset.reader_reports.select_related("case")


@carries("ODA-14")
def report_counts(open_dataset: OpenDataset) -> list[tuple[str, int]]:
    """How many reports readers sent about each subject, most first; subjects without one are left out."""
    counted = (
        open_dataset.reader_reports.order_by()
        .values_list("subject")
        .annotate(number=Count("pk"))
        .order_by("-number")
    )
    return [(str(ReportSubject(subject).label), number) for subject, number in counted]
