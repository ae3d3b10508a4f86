"""Pages of information systems: the list, one system, its record, entering and taking out as a workbook (INV-05)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import agency_and_above
from lienthong.agencies.roles import REACHING_DOWN
from lienthong.catalogue.access import databases_visible_to, may_register
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.filters import filter_options
from lienthong.foundation.papers.answers import download, read_upload
from lienthong.foundation.papers.sheets import rows_of, to_xlsx
from lienthong.foundation.text import fold
from lienthong.law.queries import citations_for

from .. import commands, yearly, yearly_forms
from ..access import may_keep_system, system_for, systems_visible_to, upgrades_visible_to
from ..models import Connection, InformationSystem, SystemKind, SystemState
from ..stocktaking import faults_of
from ..system_sheets import rows_to_enter, sheet_of

page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50
LARGEST = 20_000_000
KINDS = {SystemState.BUILDING: "todo", SystemState.RUNNING: "running", SystemState.RETIRED: "ended"}


@signed_in
@never_cache
@require_safe
def systems(request: Request) -> HttpResponse:
    """The information systems that the actor may know of, found by name or code, narrowed by kind and connection."""
    asked = _asked(request)
    visible = systems_visible_to(request.actor)
    found = _narrowed(visible, asked)
    after = found.filter(code=request.GET.get("sau", "")).first()
    listed = list(_after(found, after).select_related("operator", "owner")[: PAGE + 1])
    rows = [
        {"system": one, "kind": KINDS[SystemState(one.state)], "faults": len(faults_of(one))}
        for one in listed[:PAGE]
    ]
    next_url = f"?{urlencode(asked | {'sau': rows[-1]['system'].code})}" if len(listed) > PAGE else ""
    context = {
        "rows": rows,
        "total": visible.count(),
        "found": found.count(),
        "asked": asked,
        "active": len([name for name in asked if name != "q"]) + ("q" in asked),
        "next_url": next_url,
        "facets": [
            (_("Kind"), filter_options(asked, "loai", SystemKind.choices)),
            (_("Ability to connect"), filter_options(asked, "ket-noi", Connection.choices)),
            (_("State"), filter_options(asked, "trang-thai", SystemState.choices)),
        ],
        "may_register": may_register(request.actor),
        "export_url": f"{reverse('inventory-systems-workbook')}?{urlencode(asked)}",
        "citations": citations_for("INV-05"),
    }
    return render(request, "inventory/systems.html", context)


def _asked(request: Request) -> dict[str, str]:
    return {
        name: value[:120]
        for name in ("q", "loai", "ket-noi", "trang-thai")
        if (value := request.GET.get(name, "").replace("\0", "").strip())
    }


def _narrowed(visible: Any, asked: dict[str, str]) -> Any:
    found = visible.order_by("sort_key", "pk")
    for word in fold(asked.get("q", "")).split()[:12]:
        found = found.filter(folded__contains=word)
    exact = {"kind": asked.get("loai"), "connection": asked.get("ket-noi"), "state": asked.get("trang-thai")}
    return found.filter(**{name: value for name, value in exact.items() if value})


def _after(found: Any, edge: InformationSystem | None) -> Any:
    if edge is None:
        return found
    from django.db.models import Q

    return found.filter(Q(sort_key__gt=edge.sort_key) | Q(sort_key=edge.sort_key, pk__gt=edge.pk))


@signed_in
@never_cache
@page
def system(request: Request, code: str) -> HttpResponse:
    """One system: its record, what it lacks for connection, its upgrade items; confirm that the record is right."""
    actor = request.actor
    found = system_for(actor, code)
    if request.method == "POST":
        act = request.POST.get("viec", "")
        if act == "ra-soat":
            faults = commands.review_system(actor=actor, system=found)
            said = (
                _("The record was confirmed; what it lacks was proposed for the upgrade plan.")
                if faults
                else _("The record was confirmed.")
            )
        elif act == "su-dung":
            commands.put_system_into_use(actor=actor, system=found)
            said = _("The system is recorded as in use.")
        else:
            raise NotFound(what="việc này", what_en="This act")
        messages.success(request, said)
        return redirect("inventory-system", code)
    faults = faults_of(found)
    visible = databases_visible_to(actor)
    context = {
        "system": found,
        "kind": KINDS[SystemState(found.state)],
        "faults": [yearly.fault_text([fault], request.LANGUAGE_CODE) for fault in faults],
        "databases": found.databases.filter(pk__in=visible.values("pk"), is_secret=False),
        "plan": upgrades_visible_to(actor).filter(system=found).order_by("-pk"),
        "may_keep": may_keep_system(actor, found) and found.state != SystemState.RETIRED,
        "events": timeline("inventory.informationsystem", found.pk, request.LANGUAGE_CODE),
        "citations": citations_for("INV-05", "UPG-02"),
    }
    return render(request, "inventory/system.html", context)


@signed_in
@never_cache
@page
def register(request: Request) -> HttpResponse:
    """Register an information system."""
    actor = request.actor
    if not may_register(actor):
        raise NotAllowed(act="ghi nhận hệ thống thông tin", act_en="register an information system")
    form = yearly_forms.SystemForm(
        _given(request), units=units_of(actor), databases=_databases(actor), initial=_first(actor)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.register_system(actor=actor, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The system was registered."))
            return redirect("inventory-system", made.code)
    context = {"form": form, "system": None, "citations": citations_for("INV-05")}
    return render(request, "inventory/system_form.html", context, status=_status(request, form))


def _first(actor: Actor) -> dict[str, Any]:
    return {"owner": actor.unit_id, "operator": actor.unit_id, "connection": Connection.SERVICE}


def units_of(actor: Actor) -> Any:
    """The units for which the actor may say that they own or operate a system."""
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return Agency.objects.none()
    if actor.roles & REACHING_DOWN:
        return Agency.objects.filter(path__startswith=own.path, valid_to__isnull=True)
    return Agency.objects.filter(pk__in=[one.pk for one in agency_and_above(own)])


def _databases(actor: Actor) -> Any:
    return databases_visible_to(actor).filter(is_secret=False)


@signed_in
@never_cache
@page
def amend(request: Request, code: str) -> HttpResponse:
    """Correct the record of a system."""
    actor = request.actor
    found = system_for(actor, code)
    if not may_keep_system(actor, found):
        raise NotAllowed(act="sửa hệ thống thông tin", act_en="amend this information system")
    units = Agency.objects.filter(
        pk__in=[*units_of(actor).values_list("pk", flat=True), found.owner_id, found.operator_id]
    )
    form = yearly_forms.SystemForm(_given(request), units=units, databases=_databases(actor), system=found)
    if request.method == "POST" and form.is_valid():
        try:
            commands.amend_system(actor=actor, system=found, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The record was amended."))
            return redirect("inventory-system", code)
    context = {"form": form, "system": found, "citations": citations_for("INV-05")}
    return render(request, "inventory/system_form.html", context, status=_status(request, form))


@signed_in
@never_cache
@page
def retire(request: Request, code: str) -> HttpResponse:
    """Take a system out of use."""
    actor = request.actor
    found = system_for(actor, code)
    form = yearly_forms.ReasonForm(_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            commands.retire_system(actor=actor, system=found, reason=form.cleaned_data["reason"])
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, _("The system is recorded as out of use; its record stays."))
            return redirect("inventory-system", code)
    back = reverse("inventory-system", args=[code])
    context = {
        "form": form,
        "heading": _("Take out of use"),
        "crumbs": [(reverse("inventory-systems"), _("Information systems")), (back, found.shown_name)],
        "back": back,
        "about": found.shown_name,
    }
    return render(request, "inventory/yearly_act.html", context, status=_status(request, form))


@signed_in
@require_safe
def workbook(request: Request) -> HttpResponse:
    """The systems as a workbook, filtered as the page is; it can be edited and entered again."""
    found = _narrowed(systems_visible_to(request.actor), _asked(request)).select_related("owner", "operator")
    rows = found.prefetch_related("databases")[:10_000]
    return download(to_xlsx([sheet_of(rows)]), "xlsx", "Hệ thống thông tin")


@signed_in
@never_cache
@page
def enter(request: Request) -> HttpResponse:
    """Enter systems from a workbook: all of its rows or none."""
    actor = request.actor
    if not may_register(actor):
        raise NotAllowed(act="nhập hệ thống thông tin từ tệp", act_en="enter systems from a file")
    form = yearly_forms.WorkbookForm(_given(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = rows_to_enter(rows_of(read_upload(form.cleaned_data["upload"], LARGEST)))
            new, amended = commands.enter_systems(actor=actor, rows=rows)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(
                request,
                _("%(new)s systems were registered, %(amended)s amended.") % {"new": new, "amended": amended},
            )
            return redirect("inventory-systems")
    return render(request, "inventory/systems_enter.html", {"form": form}, status=_status(request, form))


def _given(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _status(request: Request, form: yearly_forms.ActForm) -> int:
    return 422 if request.method == "POST" and form.errors else 200
