"""Whom a step in sharing is told to: provider, requester, consumers. Called by the reaction table."""

from __future__ import annotations

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.authority.models import CorrectionCase
from lienthong.catalogue.models import Database
from lienthong.foundation.events.delivery import Delivered
from lienthong.foundation.notices.commands import notify

from .addresses import public_address, request_address
from .commands import outdate_copies, show_copies_anew, tell_consumers_of_service_corrected, void_copies_of
from .models import ConnectionAccount, SharingRequest, SharingService


def _people(database: Database, role: str) -> list[int]:
    return people_in_role(unit_holding(database.managing_unit, role), role)


def _request(happened: Delivered) -> SharingRequest:
    return SharingRequest.objects.select_related(
        "requester", "service__dataset__database__managing_unit", "entered_by"
    ).get(pk=happened.facts["request_id"])


def tell_provider(happened: Delivered) -> None:
    """Tell the provider that a request came in."""
    request = _request(happened)
    notify(
        people=_people(request.service.dataset.database, Role.DATABASE_OWNER),
        text_vi=f"{request.number}: {request.requester.name} yêu cầu “{request.service.name}”",
        text_en=f"{request.number}: {request.requester.name} asks for “{request.service.display_name('en')}”",
        url=request_address(request.number),
        event_id=happened.event_id,
    )


def tell_requester(happened: Delivered) -> None:
    """Tell the requester that the request was answered."""
    request = _request(happened)
    issued = request.state == "account_issued"
    notify(
        people=people_in_role(request.requester, Role.CONSUMER_OFFICER),
        text_vi=f"{request.number}: {'đã cấp tài khoản kết nối' if issued else 'đã từ chối'}",
        text_en=f"{request.number}: {'the connection account was issued' if issued else 'was refused'}",
        url=request_address(request.number),
        event_id=happened.event_id,
    )


def tell_consumer(happened: Delivered) -> None:
    """Tell a consumer that its account was suspended, restored or ended."""
    request = _request(happened)
    notify(
        people=people_in_role(request.requester, Role.CONSUMER_OFFICER),
        text_vi=f"{request.number}: tài khoản kết nối {happened.facts['account']} thay đổi trạng thái",
        text_en=f"{request.number}: connection account {happened.facts['account']} changed its state",
        url=request_address(request.number),
        event_id=happened.event_id,
    )


# How a stop of a service is told to those who call it.
TOLD_OF_SERVICE = {
    "sharing.ServiceSuspendedForAll": ("tạm ngừng", "is suspended"),
    "sharing.ServiceRestored": ("hoạt động trở lại", "answers again"),
    "sharing.ServiceTerminated": ("đã chấm dứt", "has ended"),
}


def tell_consumers_of_service(happened: Delivered) -> None:
    """Tell every agency with an account on a service that it stopped, came back or ended, and why."""
    service = SharingService.objects.get(pk=happened.facts["service_id"])
    words, words_en = TOLD_OF_SERVICE[happened.name]
    why = f": {service.suspended_because}" if service.suspended_because else ""
    consumers = Agency.objects.filter(connection_accounts__in=service.accounts.exclude(state="terminated"))
    notify(
        people=[
            person for one in consumers.distinct() for person in people_in_role(one, Role.CONSUMER_OFFICER)
        ],
        text_vi=f"Dịch vụ “{service.name}” {words}{why}",
        text_en=f"Service “{service.display_name('en')}” {words_en}{why}",
        url=public_address(service.code),
        event_id=happened.event_id,
    )


def tell_of_correction(happened: Delivered) -> None:
    """Tell every consumer of a service that the data were corrected (QUA-01)."""
    case = CorrectionCase.objects.select_related("database", "dataset").get(pk=happened.facts["case_id"])
    tell_consumers_of_service_corrected(case=case)


def ask_to_renew_copies(happened: Delivered) -> None:
    """Ask whoever keeps a copy of corrected data to renew it (CON-04)."""
    case = CorrectionCase.objects.select_related("database", "dataset").get(pk=happened.facts["case_id"])
    outdate_copies(case=case)


def void_copies(happened: Delivered) -> None:
    """What was kept from an account that has ended is to be erased."""
    void_copies_of(account=ConnectionAccount.objects.get(pk=happened.facts["account_id"]))


def hide_copies(happened: Delivered) -> None:
    """Take copies of a database that became secret off the lists, and put them back after."""
    show_copies_anew(database=Database.objects.get(pk=happened.facts["database_id"]))
