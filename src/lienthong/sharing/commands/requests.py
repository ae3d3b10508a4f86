"""Receive a sharing request, answer it with an account, or refuse it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency, AgencyKind
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.queries import instrument_cited

from ..access import may_provide, may_request, require_provider
from ..addresses import request_address
from ..errors import GroundNotInForce, ReceivedInFuture, ServiceNotPublished
from ..events import AccountIssued, RequestReceived, RequestRefused
from ..models import Channel, ConnectionAccount, ServiceState, SharingRequest, SharingService
from ..rules import (
    new_key,
    require_offered,
    require_same_duties,
    require_seven_parts,
    require_whole_refusal,
)

SERIES = "YC"
TERM = "default_share.account"


@carries("DSH-03", "DSH-04", "SEC-05")
def receive_request(
    *,
    actor: Actor,
    service: SharingService,
    requester: Agency,
    purpose: str,
    solution: str,
    items: Iterable[str],
    frequency: str,
    application: str = "",
    quantity: str = "",
    other: str = "",
    received_on: date | None = None,
    document: str = "",
    duties_accepted: bool = False,
) -> SharingRequest:
    """Receive a request with its seven parts; its clock runs from the day of receipt.

    Online the requester's officer sends it; a request on paper is entered by the provider with the day on which it came
    (`received_on`), and follows the rule set in force on that day.
    """
    on_paper = received_on is not None
    if on_paper:
        if not may_provide(actor, service):
            raise NotAllowed(
                act="nhập yêu cầu nhận bằng văn bản giấy", act_en="enter a request received on paper"
            )
    elif not may_request(actor, service, requester):
        raise NotAllowed(act="gửi yêu cầu thay cho cơ quan này", act_en="send a request for this agency")
    if service.state != ServiceState.PUBLISHED:
        raise ServiceNotPublished(service=service.name, service_en=service.display_name("en"))
    asked = list(items)
    require_seven_parts(
        requester=requester.code,
        purpose=purpose,
        solution=solution,
        items=asked,
        service=service.code,
        frequency=frequency,
    )
    require_same_duties(is_state_agency=requester.kind != AgencyKind.OTHER, accepted=duties_accepted)
    received_at = _moment_of_receipt(received_on)
    with transaction.atomic():
        request = SharingRequest.objects.create(
            number=next_number(SERIES),
            service=service,
            requester=requester,
            application=application.strip(),
            purpose=purpose.strip(),
            solution=solution.strip(),
            items=require_offered(asked, service.columns),
            quantity=quantity.strip(),
            frequency=frequency.strip(),
            other=other.strip(),
            channel=Channel.PAPER if on_paper else Channel.ONLINE,
            document=document.strip(),
            duties_accepted=duties_accepted,
            received_at=received_at,
            entered_by_id=actor.user_id,
        )
        request.clock = start_clock(
            actor=actor, subject=request, key=TERM, anchor_event="request_received", anchor_at=received_at
        )
        request.save(update_fields=["clock"])
        _open_answer(request)
        publish(
            actor=actor,
            fact=RequestReceived(
                request_id=request.pk,
                number=request.number,
                service_id=service.pk,
                requester=requester.name,
                channel=request.channel,
            ),
        )
    return request


def _moment_of_receipt(received_on: date | None) -> datetime:
    now = timezone.now()
    if received_on is None:
        return now
    if received_on > timezone.localdate():
        raise ReceivedInFuture(day=received_on.strftime("%d/%m/%Y"))
    # A paper request bears a day, not an hour; terms count whole days after it.
    return timezone.make_aware(datetime(received_on.year, received_on.month, received_on.day, 8, 0))


def _open_answer(request: SharingRequest) -> None:
    open_work(
        subject=request,
        act="answer_request",
        title_vi="trả lời yêu cầu",
        title_en="answer the request",
        about=f"{request.requester.name} | {request.service.name}",
        url=request_address(request.number),
        unit=unit_holding(request.service.dataset.database.managing_unit, Role.DATABASE_OWNER),
        role=Role.DATABASE_OWNER,
        clock=request.clock,
        due_at=request.clock.due_at if request.clock else None,
        number=request.number,
    )


@carries("DSH-04", "ACC-01")
def issue_account(
    *, actor: Actor, request: SharingRequest, daily_quota: int | None = None, valid_to: date | None = None
) -> tuple[ConnectionAccount, str]:
    """Answer a request with a connection account; returns it and its key, which is shown this once and kept nowhere."""
    service = request.service
    require_provider(actor, service, "cấp tài khoản kết nối", "issue a connection account")
    if service.state not in {ServiceState.PUBLISHED, ServiceState.SUSPENDED}:
        raise ServiceNotPublished(service=service.name, service_en=service.display_name("en"))
    key = new_key()
    with transaction.atomic():
        answered = take_step(
            actor=actor,
            record=request,
            step="issue_account",
            fact=AccountIssued(
                request_id=request.pk,
                number=request.number,
                service_id=service.pk,
                requester=request.requester.name,
                account=key.account,
            ),
        )
        account = ConnectionAccount.objects.create(
            code=key.account,
            request=answered,
            service=service,
            consumer=request.requester,
            key_digest=key.digest,
            key_ending=key.ending,
            columns=request.items,
            daily_quota=min(daily_quota or 1000, service.capacity),
            valid_to=valid_to,
        )
        _answered(actor, request, "account_issued")
    return account, key.shown


@carries("DSH-05", "D194-03")
def refuse_request(
    *, actor: Actor, request: SharingRequest, document: str, reason: str, ground: str
) -> SharingRequest:
    """Refuse a request in writing, with the reason and the law that limits sharing, in force today."""
    require_provider(actor, request.service, "từ chối yêu cầu", "refuse the request")
    require_whole_refusal(document=document, reason=reason, ground=ground)
    instrument = _instrument_out_of_force(ground)
    if instrument:
        raise GroundNotInForce(instrument=instrument)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=request,
            step="refuse",
            fact=RequestRefused(
                request_id=request.pk, number=request.number, service_id=request.service_id, document=document
            ),
            reason=reason,
            document=document.strip(),
            because=reason.strip(),
            ground=ground.strip(),
        )
        _answered(actor, request, "refused")
    return request


def _instrument_out_of_force(ground: str) -> str:
    cited = instrument_cited(ground)
    return "" if cited is None or cited.in_force_on(timezone.localdate()) else str(cited.number)


def _answered(actor: Actor, request: SharingRequest, outcome: str) -> None:
    if request.clock is not None:
        stop_clock(actor=actor, clock=request.clock, outcome=outcome)
    finish_work(actor=actor, subject=request, act="answer_request")
