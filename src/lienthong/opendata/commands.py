"""Classify, check, list, publish, confirm and withdraw open data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypedDict

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.authority.commands import take_in_reader_report
from lienthong.authority.correction_rules import RowSaid
from lienthong.catalogue.models import DatabaseState, Dataset, DatasetVersion
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.text import nfc
from lienthong.foundation.text import slug as slug_of
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.commands import start_clock, stop_clock

from .access import require_opener
from .addresses import desk_address
from .errors import (
    AlreadyPublished,
    DatabaseNotInOperation,
    DatasetUnknown,
    KeyNotOpened,
    NotClassifiedOpen,
    NotPublished,
    NoVersion,
    SecretNeverOpen,
    StillPublished,
)
from .events import (
    DatasetClassified,
    DatasetPublished,
    DatasetWithdrawn,
    ListedInOpenCatalogue,
    NoChangeConfirmed,
    ReaderReported,
    RiskSignedOff,
)
from .models import (
    Classification,
    DataKind,
    OpenDataset,
    OpenState,
    Publication,
    PublishedFile,
    ReaderReport,
    ReportSubject,
    RiskCheck,
)
from .rules import (
    CLASSIFIED_AS,
    MOST_ROWS_SAID,
    require_answers,
    require_checked,
    require_harmless,
    require_opened,
    require_reason,
    require_said,
)

TERM = "open_dataset.update"


class _About(TypedDict):
    """What every fact says of its dataset."""

    open_id: int
    dataset: str
    database_id: int


def _about(open_dataset: OpenDataset) -> _About:
    return {
        "open_id": open_dataset.pk,
        "dataset": open_dataset.dataset.name,
        "database_id": open_dataset.dataset.database_id,
    }


@carries("ODA-01", "ODA-04")
def classify_dataset(
    *,
    actor: Actor,
    dataset: Dataset,
    classification: str,
    reason: str = "",
    kind: str = DataKind.STATISTICS,
    topic: str = "",
    columns: Iterable[str] | None = None,
    method_note: str = "",
    precaution: str = "",
    licence_code: str = "vn-open",
    feedback_contact: str = "",
) -> OpenDataset:
    """Classify a dataset as open data, public information that is not open data, or not to be published.

    What is published stays as it is: other columns go out with the next version, after a new risk check.
    """
    database = dataset.database
    require_opener(actor, database, "phân loại dữ liệu mở", "classify open data")
    if database.is_secret:
        raise SecretNeverOpen()
    require_reason(classification, reason)
    published = OpenDataset.objects.filter(dataset=dataset, state=OpenState.PUBLISHED).exists()
    if published and classification != Classification.OPEN:
        raise StillPublished(dataset=dataset.name, dataset_en=dataset.display_name("en"))
    version = dataset.latest
    known = [column["name"] for column in version.columns] if version else list(dataset.columns)
    chosen = [name for name in known if columns is None or name in set(columns)]
    if not chosen:
        raise InputRefused(
            name="cột công bố",
            name_en="columns",
            why="chọn ít nhất một cột",
            why_en="choose at least one column",
        )
    lacking = [name for name in dataset.key if name not in chosen]
    if lacking and classification == Classification.OPEN:
        raise KeyNotOpened(columns=", ".join(lacking))
    with transaction.atomic():
        open_dataset, _ = OpenDataset.objects.update_or_create(
            dataset=dataset,
            defaults={
                "slug": dataset.slug or slug_of(dataset.name),
                "publisher": database.owner,
                "classification": classification,
                "classified_because": reason.strip(),
                "kind": kind,
                "topic": topic.strip(),
                "columns": chosen,
                "method_note": method_note.strip(),
                "precaution": precaution.strip(),
                "licence_code": licence_code,
                "feedback_contact": feedback_contact.strip(),
            },
        )
        publish(
            actor=actor,
            fact=DatasetClassified(
                **_about(open_dataset),
                classification=str(Classification(classification).value),
                words=CLASSIFIED_AS[classification][0],
                words_en=CLASSIFIED_AS[classification][1],
            ),
            reason=reason,
        )
    return open_dataset


@carries("ODA-09")
def sign_off_risk(
    *, actor: Actor, open_dataset: OpenDataset, personal: str, combination: str, security: str
) -> RiskCheck:
    """Sign the risk check: the three questions answered, and no opened column with personal data."""
    require_opener(actor, open_dataset.dataset.database, "ký đánh giá rủi ro", "sign the risk check")
    if open_dataset.classification != Classification.OPEN:
        raise NotClassifiedOpen(dataset=open_dataset.dataset.name)
    answers: Mapping[str, str] = {"personal": personal, "combination": combination, "security": security}
    require_answers(answers)
    require_harmless(open_dataset.columns, _personal_data(open_dataset))
    step = "sign_off_change" if open_dataset.state == OpenState.PUBLISHED else "sign_off_risk"
    with transaction.atomic():
        take_step(actor=actor, record=open_dataset, step=step, fact=RiskSignedOff(**_about(open_dataset)))
        return RiskCheck.objects.create(
            open_dataset=open_dataset,
            columns=open_dataset.columns,
            personal_answer=personal.strip(),
            combination_answer=combination.strip(),
            security_answer=security.strip(),
            signed_by_id=actor.user_id,
        )


def _personal_data(open_dataset: OpenDataset) -> dict[str, str]:
    return {field.name: field.personal_data for field in open_dataset.dataset.table.fields.all()}


@carries("ODA-07")
def list_in_open_catalogue(
    *, actor: Actor, open_dataset: OpenDataset, decision_number: str, decision_date: date
) -> OpenDataset:
    """Enter a dataset into the open-data catalogue that the head issued by a decision."""
    require_opener(
        actor, open_dataset.dataset.database, "đưa vào danh mục dữ liệu mở", "put into the open catalogue"
    )
    if not decision_number.strip():
        raise InputRefused(
            name="số quyết định", name_en="decision number", why="chưa nhập", why_en="it is missing"
        )
    take_step(
        actor=actor,
        record=open_dataset,
        step="enter_catalogue",
        fact=ListedInOpenCatalogue(**_about(open_dataset), decision=decision_number.strip()),
        number=decision_number.strip(),
        on=decision_date,
    )
    return open_dataset


@carries("ODA-12", "ODA-08")
def start_publication(*, actor: Actor, open_dataset: OpenDataset, note: str = "") -> Job:
    """Start making the files of the latest version; when they are made, the version is published."""
    version = _require_publishable(actor, open_dataset)
    return start_job(
        actor=actor,
        name="opendata.publish",
        title_vi=f"Công bố “{open_dataset.dataset.name}”",
        title_en=f"Publish “{open_dataset.display_name('en')}”",
        subject=open_dataset,
        arguments={"open_dataset": open_dataset.pk, "version": version.pk, "note": note},
        only_once=f"opendata.publish:{open_dataset.pk}",
    )


def _require_publishable(actor: Actor, open_dataset: OpenDataset) -> DatasetVersion:
    database = open_dataset.dataset.database
    require_opener(actor, database, "công bố dữ liệu mở", "publish open data")
    if database.is_secret:
        raise SecretNeverOpen()
    if database.state != DatabaseState.IN_OPERATION:
        raise DatabaseNotInOperation(database=database.name, database_en=database.display_name("en"))
    version = open_dataset.dataset.latest
    if version is None:
        raise NoVersion(dataset=open_dataset.dataset.name)
    if open_dataset.classification != Classification.OPEN:
        raise NotClassifiedOpen(dataset=open_dataset.dataset.name)
    if open_dataset.state not in {OpenState.LISTED, OpenState.PUBLISHED}:
        raise refused(open_dataset, "publish")
    if _is_out(open_dataset, version):
        raise AlreadyPublished(version=version.number)
    require_harmless(open_dataset.columns, _personal_data(open_dataset))
    risk = open_dataset.risk_checks.first()
    require_checked(open_dataset.columns, risk.columns if risk else None)
    return version


def _is_out(open_dataset: OpenDataset, version: DatasetVersion) -> bool:
    """Whether the portal shows this version, with the very columns that are to be opened."""
    last = open_dataset.publications.first()
    return (
        open_dataset.state == OpenState.PUBLISHED
        and last is not None
        and last.version_id == version.pk
        and last.columns == open_dataset.columns
    )


@carries("ODA-11", "ODA-12")
def record_publication(
    *,
    actor: Actor,
    open_dataset: OpenDataset,
    version: DatasetVersion,
    files: Mapping[str, StoredFile],
    note: str = "",
) -> Publication:
    """Publish a version with its files; its update term runs anew. What is out already is not published again."""
    last = open_dataset.publications.first()
    if last is not None and _is_out(open_dataset, version):
        return last
    _require_publishable(actor, open_dataset)
    with transaction.atomic():
        number = (last.number if last else 0) + 1
        publication = Publication.objects.create(
            open_dataset=open_dataset,
            version=version,
            number=number,
            columns=open_dataset.columns,
            note=note[:300],
        )
        PublishedFile.objects.bulk_create(
            [PublishedFile(publication=publication, format=name, file=file) for name, file in files.items()]
        )
        take_step(
            actor=actor,
            record=open_dataset,
            step="publish",
            fact=DatasetPublished(**_about(open_dataset), version=number),
            reason=note,
        )
        _renew_term(actor, open_dataset)
    return publication


def _renew_term(actor: Actor, open_dataset: OpenDataset) -> None:
    if open_dataset.update_clock is not None:
        stop_clock(actor=actor, clock=open_dataset.update_clock, outcome="renewed")
    finish_work(actor=actor, subject=open_dataset, act="update_open_dataset")
    clock = start_clock(
        actor=actor, subject=open_dataset, key=TERM, anchor_event="published", anchor_at=timezone.now()
    )
    OpenDataset.objects.filter(pk=open_dataset.pk).update(update_clock=clock)
    open_dataset.refresh_from_db()
    open_work(
        subject=open_dataset,
        act="update_open_dataset",
        title_vi="cập nhật hoặc xác nhận không thay đổi",
        title_en="update, or confirm no change",
        about=open_dataset.dataset.name,
        url=desk_address(open_dataset.slug),
        unit=unit_holding(open_dataset.dataset.database.managing_unit, Role.DATABASE_OWNER),
        role=Role.DATABASE_OWNER,
        clock=clock,
        due_at=clock.due_at,
    )


@carries("ODA-11")
def confirm_no_change(*, actor: Actor, open_dataset: OpenDataset) -> OpenDataset:
    """Confirm that the published data are still right; the update term runs anew."""
    require_opener(actor, open_dataset.dataset.database, "xác nhận không thay đổi", "confirm no change")
    if open_dataset.state != OpenState.PUBLISHED:
        raise NotClassifiedOpen(dataset=open_dataset.dataset.name)
    with transaction.atomic():
        OpenDataset.objects.filter(pk=open_dataset.pk).update(last_confirmed_at=timezone.now())
        publish(actor=actor, fact=NoChangeConfirmed(**_about(open_dataset)))
        _renew_term(actor, open_dataset)
    return open_dataset


@carries("ODA-01")
def withdraw_publication(*, actor: Actor, open_dataset: OpenDataset, because: str) -> OpenDataset:
    """Withdraw a dataset from the portal; its address says since when and why."""
    require_opener(actor, open_dataset.dataset.database, "thu hồi dữ liệu mở", "withdraw open data")
    require_reason("withdrawn", because)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=open_dataset,
            step="withdraw",
            fact=DatasetWithdrawn(**_about(open_dataset), because=because.strip()),
            reason=because,
            because=because.strip(),
        )
        if open_dataset.update_clock is not None:
            stop_clock(actor=actor, clock=open_dataset.update_clock, outcome="withdrawn")
        finish_work(actor=actor, subject=open_dataset, act="update_open_dataset")
    return open_dataset


def count_download(*, open_dataset: OpenDataset) -> None:
    """Count one download; who downloads is neither asked nor kept (ODA-08)."""
    OpenDataset.objects.filter(pk=open_dataset.pk).update(downloads=F("downloads") + 1)


@carries("ODA-14", "QUA-01")
def report_open_data(
    *,
    actor: Actor,
    open_dataset: OpenDataset,
    text: str,
    subject: str = ReportSubject.VALUES,
    columns: Iterable[str] = (),
    keys: Iterable[str] = (),
    publication: Publication | None = None,
) -> ReaderReport:
    """Say as a reader that a published dataset is wrong; a correction with its terms begins. Anybody may, nobody is named.

    `keys`: values of the key, of the rows that are wrong; of a key of several columns their values stand as they were
    given. Without a publication the newest is meant. Publishes `ReaderReported`; raises `DatasetUnknown`,
    `NotPublished`, `ReportTooShort`, `ColumnsNotOpened`.
    """
    dataset = open_dataset.dataset
    if dataset.database.is_secret:
        raise DatasetUnknown(slug=open_dataset.slug)
    if open_dataset.state != OpenState.PUBLISHED:
        raise NotPublished(dataset=dataset.name, dataset_en=open_dataset.display_name("en"))
    about = ReportSubject(subject)
    said = require_said(nfc(text))
    meant = publication or open_dataset.publications.select_related("version").first()
    named = require_opened(columns, meant.columns if meant is not None else open_dataset.columns)
    key = dataset.key[0] if len(dataset.key) == 1 else "khoa"
    values = list(dict.fromkeys(nfc(one).strip()[:300] for one in keys if one.strip()))[:MOST_ROWS_SAID]
    with transaction.atomic():
        case = take_in_reader_report(
            actor=actor,
            dataset=dataset,
            text=said if about == ReportSubject.VALUES else f"{_named(about)}: {said}",
            columns=named,
            rows=[RowSaid("changed", {key: value}, named) for value in values],
            through=open_dataset.slug,
            version=meant.version.number if meant is not None else None,
        )
        report = ReaderReport.objects.create(
            open_dataset=open_dataset, publication=meant, subject=about, case=case
        )
        publish(actor=actor, fact=ReaderReported(**_about(open_dataset), number=case.number))
    return report


def _named(subject: ReportSubject) -> str:
    """What a report is about, in the language in which cases are kept."""
    with override("vi"):
        return str(subject.label)
