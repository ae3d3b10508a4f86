"""Services and requests by their commands: rights, order of steps, clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lienthong.agencies.demo import make_agency
from lienthong.agencies.models import Agency, AgencyKind, Work
from lienthong.agencies.queries import work_of
from lienthong.catalogue.models import Database, DatabaseState, Dataset
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries
from lienthong.law.queries import clock_view
from lienthong.sharing import commands
from lienthong.sharing.access import public_services, request_for, requests_visible_to
from lienthong.sharing.demo import make_account, make_request, make_service
from lienthong.sharing.errors import (
    ChargeWithoutGround,
    CodeTaken,
    DatabaseNotInOperation,
    DutiesNotAccepted,
    GroundNotInForce,
    ReceivedInFuture,
    ServiceNotPublished,
)
from lienthong.sharing.models import (
    AccountState,
    ConnectionAccount,
    RequestState,
    ServiceState,
    SharingRequest,
    SharingService,
)
from tests.worlds import delivered

pytestmark = [pytest.mark.django_db]


@carries("SVC-01", "SVC-02", "SVC-04", "SVC-05", "REG-04")
def test_a_service_is_ready_only_on_a_database_in_operation(dataset: Dataset) -> None:
    Database.objects.filter(pk=dataset.database_id).update(state=DatabaseState.REGISTERED)
    dataset.database.refresh_from_db()
    service = make_service(dataset, code="moi", published=False)
    with pytest.raises(DatabaseNotInOperation):
        commands.make_service_ready(actor=SYSTEM, service=service)
    assert service.state == ServiceState.DRAFT
    assert service not in public_services()


@carries("SEC-03")
def test_sharing_is_free_of_charge_but_for_what_the_law_on_fees_lists(dataset: Dataset) -> None:
    assert make_service(dataset, code="mien-phi", published=False).charge == 0
    with pytest.raises(ChargeWithoutGround):
        make_service(dataset, code="co-phi", published=False, charge=50_000)
    listed = make_service(
        dataset, code="co-phi", published=False, charge=50_000, charge_ground="Phí khai thác dữ liệu đo đạc"
    )
    assert (listed.charge, listed.charge_ground) == (50_000, "Phí khai thác dữ liệu đo đạc")


@carries("SEC-05")
def test_who_is_no_state_agency_accepts_the_duties_of_one(service: SharingService) -> None:
    other = make_agency("Z99ABC", "Hợp tác xã An Lộc", kind=AgencyKind.OTHER)
    with pytest.raises(DutiesNotAccepted):
        make_request(service, other)
    assert make_request(service, other, duties_accepted=True).duties_accepted


def test_publishing_has_a_term_of_one_working_day_and_ends_the_work(
    dataset: Dataset, actors: dict[str, Actor]
) -> None:
    service = make_service(dataset, code="moi", published=False)
    owner = actors["chu-quan"]
    with pytest.raises(StepNotAllowed):
        commands.publish_service(actor=owner, service=service)
    commands.make_service_ready(actor=owner, service=service)
    assert service.publish_clock is not None
    view = clock_view(service.publish_clock)
    assert (view.value, view.unit) == (1, "working_day")
    assert work_of(owner).filter(act="publish_service", done_at__isnull=True).exists()
    commands.publish_service(actor=owner, service=service)
    service.publish_clock.refresh_from_db()
    assert service.publish_clock.stopped_at is not None
    assert not work_of(owner).filter(act="publish_service", done_at__isnull=True).exists()
    assert service in public_services()


def test_codes_are_unique_and_can_stand_in_an_address(dataset: Dataset, service: SharingService) -> None:
    for code in (service.code, "Có Dấu", "a b", "../x", ""):
        with pytest.raises(CodeTaken):
            make_service(dataset, code=code, published=False)


@carries("DSH-03", "DSH-04")
@pytest.mark.parametrize(
    ("received_on", "days", "mark"),
    [
        (date(2025, 8, 18), 5, "verified"),
        (date(2025, 8, 19), 2, "verified"),
        (date(2025, 10, 22), 2, "agency"),
    ],
)
def test_the_rule_set_of_the_day_of_receipt_sets_the_term(
    service: SharingService, health: Agency, actors: dict[str, Actor], received_on: date, days: int, mark: str
) -> None:
    request = make_request(
        service, health, actor=actors["chu-quan"], received_on=received_on, document="45/SYT-NVY"
    )
    assert request.clock is not None
    view = clock_view(request.clock)
    assert (view.value, view.unit, view.mark) == (days, "working_day", mark)
    assert request.channel == "paper"


def test_paper_cannot_come_tomorrow_and_only_the_provider_enters_it(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    with pytest.raises(ReceivedInFuture):
        make_request(service, health, actor=actors["chu-quan"], received_on=date(2099, 1, 1))
    with pytest.raises(NotAllowed):
        make_request(service, health, actor=actors["khai-thac"], received_on=date(2025, 8, 18))


def test_nothing_can_be_asked_of_a_service_that_is_not_on_offer(dataset: Dataset, health: Agency) -> None:
    service = make_service(dataset, code="moi", published=False)
    with pytest.raises(ServiceNotPublished):
        make_request(service, health)


@carries("DSH-04", "ACC-01")
def test_an_answer_is_an_account_whose_key_is_kept_nowhere(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    request = make_request(service, health, actor=actors["khai-thac"])
    account, key = commands.issue_account(actor=actors["chu-quan"], request=request, daily_quota=5)
    request.refresh_from_db()
    assert request.state == RequestState.ACCOUNT_ISSUED
    assert request.clock is not None
    assert request.clock.stopped_at is not None
    secret = key.split("_", 2)[2]
    everything = " ".join(
        str(value)
        for model in (ConnectionAccount, Event, Work)
        for row in model.objects.values()
        for value in row.values()
    )
    assert secret not in everything
    assert account.key_ending == key[-4:]
    with pytest.raises(StepNotAllowed):
        commands.issue_account(actor=actors["chu-quan"], request=request)


@carries("DSH-05", "D194-03")
def test_a_refusal_cites_law_in_force(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    request = make_request(service, health)
    given = {"document": "12/SNV-CV", "reason": "Chưa có đầu mối kỹ thuật."}
    with pytest.raises(GroundNotInForce):
        commands.refuse_request(
            actor=actors["chu-quan"], request=request, ground="Điều 36 Nghị định số 47/2020/NĐ-CP", **given
        )
    request.refresh_from_db()
    assert request.state == RequestState.UNDER_REVIEW
    commands.refuse_request(
        actor=actors["chu-quan"],
        request=request,
        ground="khoản 2 Điều 16 Nghị định số 194/2025/NĐ-CP",
        **given,
    )
    request.refresh_from_db()
    assert (request.state, request.refusal_document) == (RequestState.REFUSED, "12/SNV-CV")


@carries("SUS-01", "SUS-02", "SUS-03")
def test_suspending_restoring_ending(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    account, key = make_account(service, health)
    owner = actors["chu-quan"]
    commands.suspend_account(actor=owner, account=account, because="Gọi quá tải")
    assert account.state == AccountState.SUSPENDED
    commands.restore_account(actor=owner, account=account)
    replaced = commands.replace_key(actor=actors["khai-thac"], account=account)
    assert replaced != key
    commands.terminate_account(actor=owner, account=account, because="Hết nhu cầu")
    with pytest.raises(DomainError):
        commands.replace_key(actor=owner, account=account)
    commands.suspend_service(actor=owner, service=service, because="Bảo trì")
    commands.restore_service(actor=owner, service=service)
    commands.terminate_service(actor=owner, service=service, because="Thay dịch vụ khác")
    assert service.state == ServiceState.TERMINATED


Act = Callable[[Actor, SharingService, Any], object]
PROVIDER_ACTS: dict[str, Act] = {
    "issue_account": lambda actor, service, request: commands.issue_account(actor=actor, request=request),
    "refuse_request": lambda actor, service, request: commands.refuse_request(
        actor=actor, request=request, document="1", reason="x", ground="Luật số 60/2024/QH15"
    ),
    "suspend_service": lambda actor, service, request: commands.suspend_service(
        actor=actor, service=service, because="x"
    ),
    "terminate_service": lambda actor, service, request: commands.terminate_service(
        actor=actor, service=service, because="x"
    ),
}
MAY_PROVIDE = {"chu-quan", "cntt", "nguoi-dung-dau"}
OFFICERS = ("dau-moi", "chu-quan", "cntt", "nguoi-dung-dau", "khai-thac", "giu-mat", "quan-tri", "chu-quan-bo",
            "nguoi-dung-dau-bo", "dieu-phoi")  # fmt: skip


@pytest.mark.parametrize("act", PROVIDER_ACTS)
@pytest.mark.parametrize("officer", OFFICERS)
def test_only_the_provider_acts_on_services_and_requests(
    service: SharingService, health: Agency, actors: dict[str, Actor], act: str, officer: str
) -> None:
    request = make_request(service, health)
    if officer in MAY_PROVIDE:
        PROVIDER_ACTS[act](actors[officer], service, request)
        return
    with pytest.raises(NotAllowed):
        PROVIDER_ACTS[act](actors[officer], service, request)


def test_each_side_sees_its_requests_and_nobody_else(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    request = make_request(service, health, actor=actors["khai-thac"])
    seeing = {
        name for name, actor in actors.items() if requests_visible_to(actor).filter(pk=request.pk).exists()
    }
    assert seeing >= {"chu-quan", "cntt", "nguoi-dung-dau", "khai-thac"}
    assert not seeing & {"quan-tri", "chu-quan-bo", "giu-mat"}
    with pytest.raises(NotFound):
        request_for(VISITOR, request.number)


def test_no_account_is_issued_on_a_service_that_has_ended(
    service: SharingService, health: Agency, actors: dict[str, Actor]
) -> None:
    request = make_request(service, health)
    commands.terminate_service(actor=actors["chu-quan"], service=service, because="Thay dịch vụ khác")
    with pytest.raises(ServiceNotPublished):
        commands.issue_account(actor=actors["chu-quan"], request=SharingRequest.objects.get(pk=request.pk))


@carries("SUS-01", "SUS-03")
def test_consumers_are_told_when_a_service_stops_comes_back_and_ends(
    service: SharingService, world: Any, health: Agency
) -> None:
    make_account(service, health)
    with delivered():
        commands.suspend_service(actor=SYSTEM, service=service, because="Nâng cấp máy chủ")
    with delivered():
        commands.restore_service(actor=SYSTEM, service=service)
    with delivered():
        commands.terminate_service(actor=SYSTEM, service=service, because="Thay dịch vụ khác")
    told = [line.text_vi for line in Notice.objects.filter(person=world.people["khai-thac"]).order_by("pk")]
    assert told[-3:] == [
        "Dịch vụ “Tra cứu xã” tạm ngừng: Nâng cấp máy chủ",
        "Dịch vụ “Tra cứu xã” hoạt động trở lại",
        "Dịch vụ “Tra cứu xã” đã chấm dứt",
    ]
