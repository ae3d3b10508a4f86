"""Acts on a flow with a page of their own: the mapping, the schedule, the connection for writing, pausing, ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthong.authority import commands
from lienthong.authority.flow_access import flow_for, may_bind_target, may_work_on
from lienthong.authority.flow_forms import MappingForm, ScheduleForm, TargetForm
from lienthong.authority.flow_queries import source_columns, target_binding, target_tables
from lienthong.authority.forms import ActForm, ReasonForm
from lienthong.authority.models import SyncFlow
from lienthong.authority.pages.acting import Act, act_page, given
from lienthong.catalogue.access import database_for
from lienthong.catalogue.addresses import file_address, here
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed

page = require_http_methods(["GET", "HEAD", "POST"])


def _for_workers(request: Request, number: str, act: str, act_en: str) -> SyncFlow:
    found = flow_for(request.actor, number)
    if not may_work_on(request.actor, found):
        raise NotAllowed(act=act, act_en=act_en)
    return found


def _act_page(
    request: Request, found: SyncFlow, act: Act, form: ActForm, perform: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    back = reverse("authority-flow", args=[found.number])
    return act_page(request, act, form, perform, back=back, template="authority/flow_act.html", flow=found)


@signed_in
@never_cache
@page
def schedule(request: Request, number: str) -> HttpResponse:
    """When a flow runs and how changes are noticed."""
    found = _for_workers(request, number, "sửa luồng đồng bộ", "amend this flow")

    def perform(entered: dict[str, Any]) -> str:
        commands.amend_flow(actor=request.actor, flow=found, **entered)
        return _("The schedule was kept.")

    act = Act(_("Schedule of flow %(number)s") % {"number": found.number}, _("Keep the schedule"))
    return _act_page(request, found, act, ScheduleForm(given(request), flow=found), perform)


@signed_in
@never_cache
@page
def pause(request: Request, number: str) -> HttpResponse:
    """Pause a flow."""
    found = _for_workers(request, number, "tạm dừng luồng đồng bộ", "pause this flow")

    def perform(entered: dict[str, Any]) -> str:
        commands.pause_flow(actor=request.actor, flow=found, reason=entered["reason"])
        return _("The flow was paused.")

    act = Act(
        _("Pause flow %(number)s") % {"number": found.number},
        _("Pause the flow"),
        _("The copy grows older; the term in which it must be in step goes on. It can go on at any time."),
    )
    return _act_page(request, found, act, ReasonForm(given(request)), perform)


@signed_in
@never_cache
@page
def end(request: Request, number: str) -> HttpResponse:
    """End a flow for good."""
    found = _for_workers(request, number, "kết thúc luồng đồng bộ", "end this flow")

    def perform(entered: dict[str, Any]) -> str:
        commands.end_flow(actor=request.actor, flow=found, reason=entered["reason"])
        return _("The flow was ended; its runs and certificates stay on record.")

    act = Act(
        _("End flow %(number)s") % {"number": found.number},
        _("End the flow"),
        _("The copy is not brought up to date any more. An ended flow does not begin again."),
    )
    return _act_page(request, found, act, ReasonForm(given(request)), perform)


@signed_in
@never_cache
@page
def mapping(request: Request, number: str) -> HttpResponse:
    """Which table is kept in step, its key, and what goes into which column."""
    found = _for_workers(request, number, "ánh xạ cột của luồng đồng bộ", "map the columns of this flow")
    tables = target_tables(found.database)
    chosen = request.GET.get("bang", "") or found.target_table
    table = next((one for one in tables if one["name"] == chosen), tables[0] if tables else None)
    form = None
    if table is not None:
        same = table["name"] == found.target_table and found.columns
        proposed = found.columns if same else commands.flows.proposed_columns(found, table["name"])
        form = MappingForm(
            given(request),
            flow=found,
            targets=table["columns"],
            sources=source_columns(found),
            proposed=proposed,
            key=found.key if same else table["key"],
        )
    if request.method == "POST" and form is not None and table is not None and form.is_valid():
        key, columns = form.mapping()
        try:
            commands.map_columns(
                actor=request.actor,
                flow=flow_for(request.actor, number),
                target_table=table["name"],
                key=key,
                columns=columns,
                code_version=form.cleaned_data["code_version"],
            )
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, _("The mapping was kept."))
            return redirect("authority-flow", number)
    context = {
        "flow": found,
        "form": form,
        "rows": form.rows() if form is not None else [],
        "table": table["name"] if table is not None else "",
        "tables": [one["name"] for one in tables],
        "proposed": not (found.columns and table is not None and table["name"] == found.target_table),
        "target_url": reverse("authority-target", args=[found.database.code]),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "authority/flow_mapping.html", context, status=status)


@signed_in
@never_cache
@page
def target(request: Request, code: str) -> HttpResponse:
    """The connection over which the copy in a database is written: bound, tried, released."""
    actor = request.actor
    database = database_for(actor, code)
    if not may_bind_target(actor, database):
        raise NotAllowed(act="khai báo kết nối ghi", act_en="bind a connection for writing")
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    form = TargetForm(request.POST if request.method == "POST" and not act else None)
    if act or (request.method == "POST" and form.is_valid()):
        try:
            if act == "thu":
                commands.try_target(actor=actor, database=database)
                said = _("The connection answers and may be written to.")
            elif act == "go":
                commands.release_target(actor=actor, database=database)
                said = _("The connection for writing was released.")
            else:
                commands.bind_target(actor=actor, database=database, **form.cleaned_data)
                said = _("The connection for writing was bound and tried.")
        except (DomainError, EngineError) as error:
            if error.status == 404 and isinstance(error, DomainError):
                raise
            if act:
                messages.error(request, f"{error.text(actor.locale)} {error.hint(actor.locale)}")
                return redirect("authority-target", code)
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("authority-target", code)
    context = {
        "database": database,
        "binding": target_binding(database),
        "form": form,
        "file_url": here(file_address(code)),
        "flows": database.flows_in.exclude(state="ended"),
    }
    return render(request, "authority/target.html", context, status=422 if form.errors else 200)
