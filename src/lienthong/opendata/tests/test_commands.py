"""Open data by its commands: rights of the ten officers, order of steps, what stops publication, clocks, secrets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lienthong.agencies.queries import work_of
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Database, DatabaseState, DataField, Dataset
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import DomainError, InputRefused, NotAllowed, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.opendata import commands
from lienthong.opendata.access import open_datasets_visible_to, public_datasets
from lienthong.opendata.demo import OPENED, ROWS, make_classified, make_listed, make_new_version
from lienthong.opendata.errors import (
    AlreadyPublished,
    DatabaseNotInOperation,
    DatasetUnknown,
    KeyNotOpened,
    NotClassifiedOpen,
    NoVersion,
    PersonalDataFound,
    ReasonMissing,
    RiskCheckOutdated,
    SecretNeverOpen,
    StillPublished,
    Withdrawn,
)
from lienthong.opendata.indexing import index_open_dataset, search_rows
from lienthong.opendata.jobs import publish_now
from lienthong.opendata.models import OpenDataset, OpenState
from lienthong.opendata.queries import address_of, dataset_on_portal, quality_of
from lienthong.opendata.reading import rows_of, types_of

pytestmark = [pytest.mark.django_db]

RISK = {"personal": "Không có", "combination": "Không", "security": "Không"}


# Classify


@carries("ODA-01", "ODA-04")
def test_a_dataset_is_classified_with_kind_topic_and_reason(
    dataset: Dataset, actors: dict[str, Actor]
) -> None:
    found = make_classified(dataset, actor=actors["chu-quan"], kind="statistics")
    assert (found.state, found.kind, found.publisher.code, found.columns) == (
        OpenState.CLASSIFIED, "statistics", "H99", list(OPENED),
    )  # fmt: skip
    with pytest.raises(ReasonMissing):
        make_classified(dataset, classification="restricted")
    make_classified(dataset, classification="restricted", reason="Có dữ liệu của bên thứ ba.")
    found.refresh_from_db()
    assert found.classification == "restricted"
    told = Event.objects.filter(name="opendata.DatasetClassified").latest("occurred_at").sentence("vi")
    assert told == "Đã phân loại “Xã chưa công bố”: không công bố"


def test_the_key_is_opened_too_and_at_least_one_column(dataset: Dataset) -> None:
    with pytest.raises(KeyNotOpened):
        make_classified(dataset, columns=["ten_xa"])
    for columns in ([], ["khong_co"]):
        with pytest.raises(InputRefused):
            make_classified(dataset, columns=columns)
    assert not OpenDataset.objects.filter(dataset=dataset).exists()


# The risk check


@carries("ODA-09")
def test_personal_data_among_the_opened_columns_stops_the_signature(dataset: Dataset) -> None:
    found = make_classified(dataset, columns=[*OPENED, "dien_thoai"])
    with pytest.raises(PersonalDataFound, match="dien_thoai"):
        commands.sign_off_risk(actor=SYSTEM, open_dataset=found, **RISK)
    found.refresh_from_db()
    assert (found.state, found.risk_checks.count()) == (OpenState.CLASSIFIED, 0)


def test_what_is_not_open_data_has_no_risk_check(dataset: Dataset) -> None:
    found = make_classified(dataset, classification="public_not_open", reason="Chỉ công khai.")
    with pytest.raises(NotClassifiedOpen):
        commands.sign_off_risk(actor=SYSTEM, open_dataset=found, **RISK)


@carries("ODA-07")
def test_the_catalogue_needs_the_number_of_its_decision(dataset: Dataset) -> None:
    found = make_classified(dataset)
    commands.sign_off_risk(actor=SYSTEM, open_dataset=found, **RISK)
    with pytest.raises(InputRefused):
        commands.list_in_open_catalogue(
            actor=SYSTEM, open_dataset=found, decision_number=" ", decision_date=date(2026, 1, 1)
        )
    commands.list_in_open_catalogue(
        actor=SYSTEM, open_dataset=found, decision_number="22/QĐ-UBND", decision_date=date(2026, 1, 1)
    )
    assert (found.state, found.decision_number) == (OpenState.LISTED, "22/QĐ-UBND")


# Publish


def test_steps_come_in_their_order(dataset: Dataset) -> None:
    found = make_classified(dataset)
    for step in (
        lambda: commands.start_publication(actor=SYSTEM, open_dataset=found),
        lambda: commands.list_in_open_catalogue(
            actor=SYSTEM, open_dataset=found, decision_number="1", decision_date=date(2026, 1, 1)
        ),
        lambda: commands.withdraw_publication(actor=SYSTEM, open_dataset=found, because="x"),
    ):
        with pytest.raises(StepNotAllowed):
            step()
    with pytest.raises(NotClassifiedOpen):
        commands.confirm_no_change(actor=SYSTEM, open_dataset=found)
    assert not Job.objects.exists()


def test_only_a_database_in_operation_and_with_a_version_publishes(dataset: Dataset) -> None:
    found = make_listed(dataset)
    Database.objects.filter(pk=dataset.database_id).update(state=DatabaseState.REGISTERED)
    with pytest.raises(DatabaseNotInOperation):
        commands.start_publication(actor=SYSTEM, open_dataset=OpenDataset.objects.get(pk=found.pk))
    Database.objects.filter(pk=dataset.database_id).update(state=DatabaseState.IN_OPERATION)
    dataset.versions.all().delete()
    with pytest.raises(NoVersion):
        commands.start_publication(actor=SYSTEM, open_dataset=OpenDataset.objects.get(pk=found.pk))


@carries("ODA-09")
def test_columns_that_changed_after_the_signature_do_not_go_out(dataset: Dataset) -> None:
    found = make_listed(dataset)
    make_classified(dataset, columns=["ma_xa", "ten_xa"])
    found.refresh_from_db()
    with pytest.raises(RiskCheckOutdated):
        commands.start_publication(actor=SYSTEM, open_dataset=found)


@carries("ODA-09")
def test_a_column_found_to_be_personal_since_stops_the_next_version(published: OpenDataset) -> None:
    DataField.objects.filter(table=published.dataset.table, name="ten_xa").update(personal_data="basic")
    make_classified(published.dataset, columns=OPENED[:4])
    published.refresh_from_db()
    with pytest.raises(PersonalDataFound):
        commands.start_publication(actor=SYSTEM, open_dataset=published)


def test_one_version_goes_out_once(published: OpenDataset) -> None:
    with pytest.raises(AlreadyPublished):
        commands.start_publication(actor=SYSTEM, open_dataset=published)
    assert published.publications.count() == 1


@carries("ODA-12")
def test_publishing_is_a_job_that_is_started_once(dataset: Dataset, actors: dict[str, Actor]) -> None:
    found = make_listed(dataset)
    first = commands.start_publication(actor=actors["chu-quan"], open_dataset=found)
    again = commands.start_publication(actor=actors["chu-quan"], open_dataset=found)
    assert first.pk == again.pk
    assert (first.name, first.state) == ("opendata.publish", "queued")


@carries("ODA-11")
def test_the_update_term_runs_anew_when_nothing_changed(
    published: OpenDataset, actors: dict[str, Actor]
) -> None:
    before = published.update_clock
    assert before is not None
    assert work_of(actors["chu-quan"]).filter(act="update_open_dataset", done_at__isnull=True).count() == 1
    commands.confirm_no_change(actor=actors["chu-quan"], open_dataset=published)
    before.refresh_from_db()
    assert before.stopped_at is not None
    assert published.update_clock is not None
    assert published.update_clock.pk != before.pk
    assert work_of(actors["chu-quan"]).filter(act="update_open_dataset", done_at__isnull=True).count() == 1


# Withdraw, and again


@carries("ODA-01")
def test_a_withdrawn_dataset_says_since_when_and_why_and_can_go_out_again(published: OpenDataset) -> None:
    with pytest.raises(ReasonMissing):
        commands.withdraw_publication(actor=SYSTEM, open_dataset=published, because=" ")
    with pytest.raises(StillPublished):
        make_classified(published.dataset, classification="restricted", reason="Có sai sót.")
    commands.withdraw_publication(actor=SYSTEM, open_dataset=published, because="Sai sót ở cột diện tích.")
    with pytest.raises(Withdrawn, match="Sai sót ở cột diện tích"):
        dataset_on_portal(published.slug)
    with pytest.raises(Withdrawn):
        address_of(published.pk)
    commands.sign_off_risk(actor=SYSTEM, open_dataset=published, **RISK)
    # On the way back it still says why it is not there.
    with pytest.raises(Withdrawn):
        dataset_on_portal(published.slug)
    commands.list_in_open_catalogue(
        actor=SYSTEM, open_dataset=published, decision_number="30/QĐ-UBND", decision_date=date(2026, 2, 2)
    )
    publish_now(published, actor=SYSTEM)
    found = dataset_on_portal(published.slug)
    assert (found.state, found.withdrawn_at, found.publications.count()) == (OpenState.PUBLISHED, None, 2)


def test_what_is_out_stays_as_it_is_until_the_next_version(
    published: OpenDataset, settings: Any, world: Any
) -> None:
    fewer = ["ma_xa", "ten_xa"]
    make_classified(published.dataset, columns=fewer)
    published.refresh_from_db()
    assert published.state == OpenState.PUBLISHED
    assert list(types_of(published)) == list(OPENED)
    assert rows_of(published)[1] == 3
    commands.sign_off_risk(actor=SYSTEM, open_dataset=published, **RISK)
    published.refresh_from_db()
    assert published.state == OpenState.PUBLISHED
    again = publish_now(published, actor=SYSTEM)
    assert (again.number, again.columns) == (2, fewer)
    assert list(types_of(published)) == fewer
    # The other tests of this world read the files that it began with.
    make_classified(published.dataset)
    published.refresh_from_db()
    commands.sign_off_risk(actor=SYSTEM, open_dataset=published, **RISK)
    publish_now(published, actor=SYSTEM)


# Secrets


@carries("SEC-01")
def test_a_secret_database_leaves_no_trace_in_open_data(
    published: OpenDataset, actors: dict[str, Actor]
) -> None:
    search_rows()
    assert Entry.objects.filter(kind="dataset", object_id=str(published.pk)).exists()
    mark_secret(actor=SYSTEM, database=published.dataset.database, reason="Theo danh mục")
    published = OpenDataset.objects.get(pk=published.pk)
    index_open_dataset(published.pk)
    assert not Entry.objects.filter(kind="dataset", object_id=str(published.pk)).exists()
    assert not public_datasets().exists()
    assert not open_datasets_visible_to(actors["chu-quan"]).exists()
    with pytest.raises(DatasetUnknown) as by_slug:
        dataset_on_portal(published.slug)
    with pytest.raises(DatasetUnknown) as by_number:
        address_of(published.pk)
    assert published.slug not in by_number.value.text("vi")
    assert by_slug.value.status == by_number.value.status == 404
    for act in (
        lambda: commands.start_publication(actor=SYSTEM, open_dataset=published),
        lambda: make_classified(published.dataset),
    ):
        with pytest.raises(SecretNeverOpen):
            act()
    for actor in actors.values():
        with pytest.raises(DomainError):
            make_classified(published.dataset, actor=actor)


# Rights

OFFICERS = ("dau-moi", "chu-quan", "cntt", "nguoi-dung-dau", "khai-thac", "giu-mat", "quan-tri", "chu-quan-bo",
            "nguoi-dung-dau-bo", "dieu-phoi")  # fmt: skip
MAY = {"chu-quan", "cntt", "nguoi-dung-dau"}
Act = Callable[[Actor, OpenDataset], object]
ON_PUBLISHED: dict[str, Act] = {
    "classify": lambda actor, found: make_classified(found.dataset, actor=actor),
    "sign_off_risk": lambda actor, found: commands.sign_off_risk(actor=actor, open_dataset=found, **RISK),
    "confirm_no_change": lambda actor, found: commands.confirm_no_change(actor=actor, open_dataset=found),
    "withdraw": lambda actor, found: commands.withdraw_publication(
        actor=actor, open_dataset=found, because="x"
    ),
}


@pytest.mark.parametrize("act", ON_PUBLISHED)
@pytest.mark.parametrize("officer", OFFICERS)
def test_only_those_who_work_on_the_database_open_its_data(
    published: OpenDataset, actors: dict[str, Actor], act: str, officer: str
) -> None:
    if officer in MAY:
        ON_PUBLISHED[act](actors[officer], published)
        return
    with pytest.raises(NotAllowed):
        ON_PUBLISHED[act](actors[officer], published)
    with pytest.raises(NotAllowed):
        ON_PUBLISHED[act](VISITOR, published)


@pytest.mark.parametrize("officer", OFFICERS)
def test_only_those_who_work_on_the_database_list_and_publish(
    dataset: Dataset, actors: dict[str, Actor], officer: str
) -> None:
    found, actor = make_listed(dataset), actors[officer]
    if officer in MAY:
        assert commands.start_publication(actor=actor, open_dataset=found).state == "queued"
        return
    with pytest.raises(NotAllowed):
        commands.start_publication(actor=actor, open_dataset=found)
    with pytest.raises(NotAllowed):
        commands.list_in_open_catalogue(
            actor=actor, open_dataset=found, decision_number="1", decision_date=date(2026, 1, 1)
        )


def test_quality_names_what_is_missing(published: OpenDataset) -> None:
    assert quality_of(published)["missing_contact"] is False
    OpenDataset.objects.filter(pk=published.pk).update(feedback_contact="")
    poorer = OpenDataset.objects.get(pk=published.pk)
    assert quality_of(poorer)["missing_contact"] is True
    assert quality_of(poorer)["score"] < 100


def test_a_new_version_can_be_published_and_the_old_one_stays(published: OpenDataset, world: Any) -> None:
    make_new_version(
        published.dataset, world.folder, ROWS + "00010,Xã Mới,100,1.5,2026-01-01,false,0900000000\n"
    )
    second = publish_now(published, actor=SYSTEM, note="Thêm một xã")
    assert (second.number, second.version.added, rows_of(published)[1]) == (2, 1, 4)
    assert [one.number for one in published.publications.all()] == [2, 1]
    make_new_version(published.dataset, world.folder, ROWS)
    publish_now(published, actor=SYSTEM)
