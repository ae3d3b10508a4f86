"""The provider's side: prepare a service, publish it, stop it; what is waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.catalogue.access import databases_owned_by, databases_visible_to
from lienthong.catalogue.models import DatabaseState, Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.paging import stretch
from lienthong.law.queries import clock_view, clock_views, grounds_of

from .. import commands
from ..access import (
    ASKING,
    PROVIDING,
    accounts_visible_to,
    copies_visible_to,
    may_provide,
    requests_visible_to,
    require_provider,
    services_visible_to,
)
from ..addresses import gateway_address
from ..forms import ServiceForm, say
from ..models import CopyState, ServiceState, SharingService, UseTerm
from ..queries import columns_offered, requests_waiting, service_for, traffic
from .words import form_words, with_form_words

# So many of each part stand on the desk's page; a part asked for by itself has pages.
FIRST, PAGE = 10, 50
PARTS = ("cho-tra-loi", "dich-vu", "da-gui", "tai-khoan")


@dataclass(frozen=True)
class Part:
    """What the desk shows of one part: its rows, how many there are, where the others are."""

    rows: list[Any]
    total: int
    all_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    first: int = 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def _part(request: Request, name: str, found: QuerySet[Any]) -> Part | None:
    """One part of the desk: its beginning, a page of it when it was asked for, nothing when another was."""
    asked, after = request.GET.get("phan", ""), request.GET.get("sau", "")
    if asked in PARTS and asked != name:
        return None
    total = found.count()
    if asked != name:
        return Part(list(found[:FIRST]), total, f"?phan={name}" if total > FIRST else "")
    page = stretch(after, total, PAGE, {"phan": name})
    return Part(
        list(found[page.rows]),
        total,
        previous_url=page.previous_url,
        next_url=page.next_url,
        first=page.first,
    )


@signed_in
def desk(request: Request) -> HttpResponse:
    """Requests that wait, requests that were sent, services, accounts: the first of each, or one of them whole."""
    actor: Actor = request.actor
    waiting = _part(request, "cho-tra-loi", requests_waiting(actor))
    held = [one.clock for one in waiting.rows if one.clock] if waiting else []
    clocks = {clock.pk: view for clock, view in zip(held, clock_views(held), strict=True)}
    services = _part(
        request,
        "dich-vu",
        services_visible_to(actor).select_related("provider", "dataset").order_by("name", "pk"),
    )
    sent = requests_visible_to(actor).filter(requester_id=int(actor.unit_id or 0)).select_related("service")
    accounts = accounts_visible_to(actor).select_related("service", "consumer", "request")
    context = {
        "waiting": waiting,
        "waiting_rows": [(one, clocks.get(one.clock_id)) for one in waiting.rows] if waiting else [],
        "to_answer": waiting.total if waiting else requests_waiting(actor).count(),
        "sent": _part(request, "da-gui", sent),
        "services": services,
        "service_rows": with_form_words(services.rows) if services else [],
        "accounts": _part(request, "tai-khoan", accounts.order_by("-issued_at", "-pk")),
        "datasets": _open_to_serve(actor),
        "provides": actor.has(*PROVIDING),
        "asks": actor.has(*ASKING),
        "whole": request.GET.get("phan", "") in PARTS,
    }
    return render(request, "sharing/desk.html", context)


def _open_to_serve(actor: Actor) -> list[Dataset]:
    return list(
        Dataset.objects.filter(
            database__in=databases_owned_by(actor).filter(is_secret=False), versions__isnull=False
        )
        .distinct()
        .order_by("name")[:100]
    )


@signed_in
def prepare(request: Request, dataset: str) -> HttpResponse:
    """A new service on the latest version of a dataset."""
    actor: Actor = request.actor
    found = (
        Dataset.objects.select_related("database__owner", "database__managing_unit", "table")
        .filter(slug=dataset, database__in=databases_visible_to(actor))
        .first()
    )
    if found is None:
        raise NotFound(what=f"bộ dữ liệu {dataset}", what_en=f"Dataset {dataset}")
    require_provider(
        actor,
        SharingService(dataset=found, provider=found.database.owner),
        "lập dịch vụ chia sẻ",
        "prepare a sharing service",
    )
    columns = _choices(found)
    form = ServiceForm(request.POST or None, columns=columns, initial=_likely(found, columns))
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        masked = dict.fromkeys(given.pop("hidden"), "partial")
        try:
            service = commands.prepare_service(actor=actor, dataset=found, masked=masked, **given)
        except DomainError as error:
            say(form, error)
        else:
            return redirect("sharing-record", service.code)
    return render(request, "sharing/prepare.html", {"dataset": found, "form": form})


def _choices(dataset: Dataset) -> list[tuple[str, str]]:
    titles = {field.name: field.title for field in dataset.table.fields.all()}
    names = [column["name"] for column in dataset.latest.columns] if dataset.latest else []
    return [(name, f"{titles[name]} ({name})" if titles.get(name) else name) for name in names]


def _likely(dataset: Dataset, columns: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        # Names are kept in Vietnamese, in whatever language the form is read.
        "name": f"Tra cứu {dataset.name[:1].lower()}{dataset.name[1:]}",
        "code": dataset.slug[:60],
        "description": dataset.description,
        "columns": [name for name, _label in columns],
    }


@signed_in
def record(request: Request, code: str) -> HttpResponse:
    """One service: its state, its term, its callers, what comes next."""
    actor: Actor = request.actor
    found = service_for(actor, code)
    clock = found.publish_clock if found.state == ServiceState.READY else None
    return render(
        request,
        "sharing/record.html",
        {
            "service": found,
            "form_words": form_words(found.form),
            "columns": columns_offered(found),
            "latest": found.dataset.latest,
            "address": gateway_address(found.code),
            "clock": clock_view(clock) if clock else None,
            "basis": grounds_of(clock),
            "may_provide": may_provide(actor, found),
            "in_operation": found.dataset.database.state == DatabaseState.IN_OPERATION,
            "term": UseTerm.objects.filter(service=found).select_related("regulation").first(),
            "copies": copies_visible_to(actor).filter(service=found).exclude(state=CopyState.ERASED).count(),
            "traffic": traffic(found),
            "requests": requests_visible_to(actor).filter(service=found).select_related("requester")[:50],
            "accounts": accounts_visible_to(actor)
            .filter(service=found)
            .select_related("consumer", "request")
            .order_by("-issued_at")[:50],
            "events": timeline("sharing.sharingservice", found.pk, request.LANGUAGE_CODE),
        },
    )


@signed_in
@require_POST
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Take one step of a service's life."""
    actor: Actor = request.actor
    found = service_for(actor, code)
    if step == "san-sang":
        commands.make_service_ready(actor=actor, service=found)
        messages.success(request, _("The service is ready; the term for publishing it runs."))
    elif step == "cong-bo":
        commands.publish_service(actor=actor, service=found)
        messages.success(request, _("The service is on the public list."))
    elif step == "khoi-phuc":
        commands.restore_service(actor=actor, service=found)
        messages.success(request, _("The service answers again."))
    else:
        raise Http404
    return redirect("sharing-record", code)
