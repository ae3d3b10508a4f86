"""Sharing services and requests for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.security import django_auth
from pydantic import Field

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed
from lienthong.law.queries import clock_view

from . import commands
from .access import check_for, public_services, request_for, requests_visible_to
from .addresses import gateway_address
from .asking import who_holds
from .asking_rules import MOST_ITEMS, FormItem, require_items
from .asking_showing import ShownItem, found_shown, items_shown
from .copy_api import router as stored_copies
from .models import SharingRequest, SharingService
from .queries import columns_offered, service_on_offer

router = Router()
router.add_router("", stored_copies)


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
    charge: int
    charge_ground: str
    address: str


class ServiceWithItems(ServiceOut):
    """One sharing service with its items."""

    items: list[ItemOut]


class AskedIn(Schema):
    """One item that a form is about to ask for."""

    name: Annotated[str, Field(min_length=1, max_length=250)]
    title: Annotated[str, Field(max_length=250)] = ""
    description: Annotated[str, Field(max_length=2000)] = ""


class AskAgainIn(Schema):
    """The items of a form."""

    items: Annotated[list[AskedIn], Field(min_length=1, max_length=MOST_ITEMS)]


class HolderOut(Schema):
    """One place that holds an item."""

    kind: str
    database: str
    name: str
    owner: str
    tier: str
    table: str
    column: str
    title: str
    likeness: int
    service: str
    method: str
    requirement: str
    is_open: bool


class AskedOut(Schema):
    """One item with who holds it; `may_be_asked` null: to be answered first."""

    name: str
    title: str
    held: str
    may_be_asked: bool | None
    paper_permitted: bool
    answer: str
    ground: str
    reason: str
    holders: list[HolderOut]


class AskAgainOut(Schema):
    """What was found of a form, and how many items of databases it was held against."""

    looked_at: int
    items: list[AskedOut]


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
        "charge": found.charge,
        "charge_ground": found.charge_ground,
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


@router.post(
    "/ask-again", response=AskAgainOut, auth=None, summary="Which items of a form are held or shared already"
)
def ask_again(request: Request, form: AskAgainIn) -> object:
    """Open to all; names and titles are compared, nothing of what is sent is kept."""
    asked = require_items(FormItem(one.name, one.title, one.description) for one in form.items)
    lookup = who_holds(asked)
    return {"looked_at": lookup.looked_at, "items": [_asked(one) for one in found_shown(lookup.found)]}


@router.get(
    "/ask-again/{number}", response=AskAgainOut, auth=django_auth, summary="A check that a unit has kept"
)
def ask_again_check(request: Request, number: str) -> object:
    """Each item with who holds it and what the unit answered."""
    check = check_for(request.actor, number)
    return {"looked_at": check.looked_at, "items": [_asked(one) for one in items_shown(check)]}


def _asked(one: ShownItem) -> dict[str, Any]:
    return {
        "name": one.item.name,
        "title": one.item.title,
        "held": one.kind,
        "may_be_asked": one.may_be_asked,
        "paper_permitted": not one.paper_forbidden and one.may_be_asked is not False,
        "answer": one.item.answer,
        "ground": one.item.ground,
        "reason": one.item.reason,
        "holders": [
            {
                "kind": hit.kind, "database": hit.code, "name": hit.name, "owner": hit.owner, "tier": hit.tier,
                "table": hit.table, "column": hit.column, "title": hit.title, "likeness": hit.likeness,
                "service": hit.service, "method": hit.method, "requirement": hit.requirement, "is_open": hit.is_open,
            }
            for hit in one.hits
        ],
    }  # fmt: skip
