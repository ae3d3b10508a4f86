"""Sharing services and requests for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.security import django_auth

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed
from lienthong.law.queries import clock_view

from . import commands
from .access import public_services, request_for, requests_visible_to
from .addresses import gateway_address
from .models import SharingRequest, SharingService
from .queries import columns_offered, service_on_offer

router = Router()


class ItemOut(Schema):
    """One item that a service offers."""

    name: str
    title: str
    type: str
    description: str
    masked: str


class ServiceOut(Schema):
    """One sharing service on offer."""

    code: str
    name: str
    name_en: str
    description: str
    provider: str
    provider_code: str
    form: str
    method: str
    state: str
    capacity: int
    address: str


class ServiceWithItems(ServiceOut):
    """One sharing service with its items."""

    items: list[ItemOut]


class ServicesOut(Schema):
    """A page of services; `next` is the `after` of the page that follows."""

    services: list[ServiceOut]
    next: str | None


class RequestIn(Schema):
    """The parts of a sharing request; the requester is the caller's own unit."""

    service: str
    purpose: str
    solution: str
    items: list[str]
    frequency: str
    application: str = ""
    quantity: str = ""
    other: str = ""


class RequestOut(Schema):
    """One request with its term."""

    number: str
    service: str
    requester: str
    requester_code: str
    purpose: str
    items: list[str]
    frequency: str
    state: str
    channel: str
    received_at: str
    due_at: str | None
    term_value: int | None
    term_unit: str | None
    term_mark: str | None
    rule_set: str | None


class RequestsOut(Schema):
    """A page of requests; `next` is the `after` of the page that follows."""

    requests: list[RequestOut]
    next: int | None


def service_facts(request: Request, found: SharingService) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "name_en": found.name_en,
        "description": found.description,
        "provider": found.provider.name,
        "provider_code": found.provider.code,
        "form": found.form,
        "method": found.method,
        "state": found.state,
        "capacity": found.capacity,
        "address": request.build_absolute_uri(gateway_address(found.code)),
    }


def request_facts(found: SharingRequest) -> dict[str, Any]:
    clock = clock_view(found.clock) if found.clock else None
    return {
        "number": found.number,
        "service": found.service.code,
        "requester": found.requester.name,
        "requester_code": found.requester.code,
        "purpose": found.purpose,
        "items": found.items,
        "frequency": found.frequency,
        "state": found.state,
        "channel": found.channel,
        "received_at": timezone.localtime(found.received_at).isoformat(),
        "due_at": timezone.localtime(clock.due_at).isoformat() if clock else None,
        "term_value": clock.term.value if clock else None,
        "term_unit": clock.term.unit if clock else None,
        "term_mark": clock.mark if clock else None,
        "rule_set": clock.rule_set if clock else None,
    }


@router.get("/services", response=ServicesOut, summary="Sharing services on offer, by code")
def services(
    request: Request,
    after: Annotated[str, Query(max_length=60)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    found = list(
        public_services().select_related("provider").filter(code__gt=after).order_by("code")[: limit + 1]
    )
    shown = found[:limit]
    return {
        "services": [service_facts(request, one) for one in shown],
        "next": shown[-1].code if len(found) > limit else None,
    }


@router.get("/services/{code}", response=ServiceWithItems, summary="One sharing service with its items")
def service(request: Request, code: str) -> dict[str, Any]:
    found = service_on_offer(code)
    return {**service_facts(request, found), "items": columns_offered(found)}


@router.get(
    "/requests",
    response=RequestsOut,
    auth=django_auth,
    summary="Requests that the caller may see, newest first",
)
def requests(
    request: Request,
    after: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    rows = requests_visible_to(request.actor).select_related(
        "service", "requester", "clock__parameter", "clock__rule_set", "clock__provision__instrument"
    )
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return {
        "requests": [request_facts(one) for one in shown],
        "next": shown[-1].pk if len(found) > limit else None,
    }


@router.get("/requests/{number}", response=RequestOut, auth=django_auth, summary="One request with its term")
def one_request(request: Request, number: str) -> dict[str, Any]:
    return request_facts(request_for(request.actor, number))


@router.post("/requests", response={201: RequestOut}, auth=django_auth, summary="Send a sharing request")
def send_request(request: Request, given: RequestIn) -> Status[dict[str, Any]]:
    actor = request.actor
    requester = unit_of(actor)
    if requester is None:
        raise NotAllowed(act="gửi yêu cầu chia sẻ", act_en="send a sharing request")
    parts = given.model_dump()
    found = service_on_offer(parts.pop("service"))
    sent = commands.receive_request(actor=actor, service=found, requester=requester, **parts)
    return Status(201, request_facts(sent))
