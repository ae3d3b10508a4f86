"""Flows of synchronisation: the list with how each stands, one flow, one run, the plan of a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.authority import commands
from lienthong.authority.access import cases_visible_to
from lienthong.authority.flow_access import (
    SIDES,
    flow_for,
    flows_visible_to,
    may_agree,
    may_bind_target,
    may_work_on,
)
from lienthong.authority.flow_events import DiscrepanciesFound
from lienthong.authority.flow_forms import PlanFlowForm
from lienthong.authority.flow_papers import flow_sheet
from lienthong.authority.flow_queries import (
    Blocked,
    blocked_rows,
    delay_clock,
    guarded_run,
    live_run,
    longest_delay,
    needs_of,
    running_flows,
    target_binding,
)
from lienthong.authority.models import CaseState, FlowState, OverlapCase, RunState, SyncFlow
from lienthong.catalogue.access import database_for, databases_visible_to, may_own
from lienthong.catalogue.addresses import file_address, here
from lienthong.catalogue.models import Database
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import clock_view, grounds_for
from lienthong.law.wording import value_text

from . import flow_showing

PAGE = 50
RUNS = 10
SET_ASIDE = 100
CITED = ("OVL-02", "OVL-04", "CON-01", "D278-12")


@signed_in
@never_cache
@require_safe
def flow_list(request: Request) -> HttpResponse:
    """The flows of the actor's databases, those that need a person first."""
    flows = flows_visible_to(request.actor).select_related(*SIDES)
    shown = _shown(flows)
    groups = {
        "can-xu-ly": [
            row for row in shown if row["standing"].glance in {"late", "stopped", "differs", "paused"}
        ],
        "khop-nguon": [row for row in shown if row["standing"].glance in {"in_step", "held", "running"}],
        "dang-thiet-lap": [row for row in shown if row["standing"].glance in {"draft", "unproved"}],
    }
    group = request.GET.get("nhom", "")
    rows = groups.get(group, shown)
    first = _first(request, len(rows))
    context = {
        "rows": rows[first : first + PAGE],
        "total": len(shown),
        "waiting": len(groups["can-xu-ly"]),
        "group": group if group in groups else "",
        "tabs": [
            ("can-xu-ly", _("Needs attention"), len(groups["can-xu-ly"])),
            ("khop-nguon", _("In step"), len(groups["khop-nguon"])),
            ("dang-thiet-lap", _("Being set up"), len(groups["dang-thiet-lap"])),
        ],
        "next_url": _address(group, first + PAGE) if first + PAGE < len(rows) else "",
        "previous_url": _address(group, first - PAGE) if first else "",
        "may_plan": databases_visible_to(request.actor).exists(),
        "basis": grounds_for(*CITED),
    }
    return render(request, "authority/flow_list.html", context)


def _shown(flows: QuerySet[SyncFlow]) -> list[dict[str, Any]]:
    listed = list(flows)
    running = running_flows(listed)
    order = [
        "late",
        "stopped",
        "differs",
        "paused",
        "running",
        "unproved",
        "draft",
        "held",
        "in_step",
        "ended",
    ]
    rows = [
        {
            "flow": flow,
            "standing": flow_showing.standing_of(flow, running=flow.pk in running),
            "said": flow_showing.said_of(flow),
        }
        for flow in listed
    ]
    return sorted(rows, key=lambda row: (order.index(row["standing"].glance), row["flow"].number))


def _first(request: Request, total: int) -> int:
    given = request.GET.get("tu", "")
    first = int(given) if given.isdigit() and len(given) < 7 else 0
    return first if first < total else 0


def _address(group: str, first: int) -> str:
    query = {"nhom": group} if group else {}
    return f"?{urlencode(query | {'tu': str(max(first, 0))})}"


@signed_in
@require_safe
def flow_list_file(request: Request) -> HttpResponse:
    """The list of flows as a workbook."""
    flows = list(flows_visible_to(request.actor).select_related(*SIDES))
    running = running_flows(flows)
    rows = [(flow, flow_showing.standing_of(flow, running=flow.pk in running)) for flow in flows]
    name = "Luồng đồng bộ"
    return paper_answer(None, [flow_sheet(rows)], "xlsx", layout=None, name=name)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request) -> HttpResponse:
    """Plan a flow into a database, for one of its overlap cases or freely."""
    actor = request.actor
    case = _case_asked(request)
    code = request.GET.get("csdl", "") or (case.lower.code if case is not None else "")
    if not code:
        return _choose_database(request)
    database = database_for(actor, code)
    if not may_own(actor, database):
        raise NotAllowed(act="lập luồng đồng bộ", act_en="plan a flow of synchronisation")
    sources = databases_visible_to(actor).exclude(pk=database.pk).filter(is_secret=False)
    initial: dict[str, Any] = {"responsible_unit": database.managing_unit_id}
    if case is not None:
        # The authority of a case is known to both sides, though its file may not be open to the actor.
        sources = Database.objects.filter(pk=case.higher_id) | sources
        initial |= _of_case(case)
    form = PlanFlowForm(
        request.POST if request.method == "POST" else None,
        database=database,
        sources=sources.distinct(),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            flow = commands.plan_flow(actor=actor, database=database, case=case, **form.cleaned_data)
        except (DomainError, EngineError) as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, _("Flow %(number)s was planned.") % {"number": flow.number})
            return redirect("authority-flow", flow.number)
    context = {
        "form": form,
        "database": database,
        "case": case,
        "limit": _limit(SyncFlow(database=database, source_database=case.higher if case else None)),
        "basis": grounds_for(*CITED),
    }
    return render(request, "authority/flow_plan.html", context, status=422 if form.errors else 200)


def _choose_database(request: Request) -> HttpResponse:
    found = databases_visible_to(request.actor).filter(is_secret=False).order_by("sort_key")[:200]
    own = [
        database
        for database in found.select_related("owner", "managing_unit")
        if may_own(request.actor, database)
    ]
    return render(request, "authority/flow_choose.html", {"databases": own})


def _case_asked(request: Request) -> OverlapCase | None:
    number = request.GET.get("ho-so", "")
    if not number:
        return None
    cases = cases_visible_to(request.actor).select_related("lower__owner", "higher__owner")
    case = cases.filter(number=number[:20], state__in=[CaseState.SYNC_PLANNED, CaseState.SYNC_LIVE]).first()
    if case is None:
        raise NotFound(what=f"hồ sơ chồng lấn {number[:20]}", what_en=f"Overlap case {number[:20]}")
    return case


def _of_case(case: OverlapCase) -> dict[str, Any]:
    mechanism = getattr(case, "mechanism", None)
    dataset = case.higher.datasets.filter(versions__isnull=False).order_by("pk").first()
    found: dict[str, Any] = {"source_database": case.higher_id}
    if dataset is not None:
        found["dataset"] = dataset.pk
    if mechanism is not None:
        found |= {"frequency": mechanism.frequency, "responsible_unit": mechanism.responsible_unit_id}
    return found


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flow(request: Request, number: str) -> HttpResponse:
    """One flow: where from, into what, how it stands, what it did, what comes next; a POST is one of its acts."""
    actor = request.actor
    found = flow_for(actor, number)
    if request.method == "POST":
        return _act(request, found)
    return render(request, "authority/flow.html", _flow_context(request, found))


def _limit(flow: SyncFlow) -> dict[str, Any] | None:
    """The longest delay allowed, in words, and where that is written."""
    found = longest_delay(flow)
    if found is None:
        return None
    said = value_text(str(found.value), found.unit, bound=found.bound, note=found.note)
    return {"said": said, "basis": found.citation or found.note, "by_law": not found.is_agency_rule}


def _act(request: Request, found: SyncFlow) -> HttpResponse:
    actor = request.actor
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "chay": (lambda: commands.start_run(actor=actor, flow=found), _("The run was started.")),
        "sua-theo-nguon": (
            lambda: commands.start_run(actor=actor, flow=found, mending=True),
            _("The copy is being mended from its source; then both are compared again."),
        ),
        "doi-soat": (
            lambda: commands.start_reconciliation(actor=actor, flow=found),
            _("Copy and source are being compared."),
        ),
        "dua-vao-chay": (
            lambda: commands.activate_flow(actor=actor, flow=found),
            _("The flow was put to work; its first run begins now."),
        ),
        "chay-tiep": (lambda: commands.resume_flow(actor=actor, flow=found), _("The flow goes on.")),
        "dong-y": (
            lambda: commands.agree_to_flow(actor=actor, flow=found),
            _("Your agreement was recorded; those who answer for the copy were told."),
        ),
        "xac-nhan": (
            lambda: commands.confirm_deletions(actor=actor, flow=found),
            _("The deletions were confirmed once; the run was started."),
        ),
    }
    act = acts.get(request.POST.get("viec", ""))
    if act is None:
        raise NotFound(what="việc này", what_en="This act")
    try:
        act[0]()
    except (DomainError, EngineError) as error:
        if error.status in (403, 404):
            raise
        messages.error(request, f"{error.text(actor.locale)} {error.hint(actor.locale)}")
    else:
        messages.success(request, act[1])
    return redirect("authority-flow", found.number)


def _flow_context(request: Request, found: SyncFlow) -> dict[str, Any]:
    actor = request.actor
    job = live_run(found)
    clock = delay_clock(found)
    needs = needs_of(found) if found.state == FlowState.DRAFT else []
    works = may_work_on(actor, found)
    newest = found.reconciliations.first()
    blocked = blocked_rows(found) if found.is_live else Blocked([], [])
    return {
        "flow": found,
        "standing": flow_showing.standing_of(found, running=job is not None),
        "said": flow_showing.said_of(found),
        "job": progress_of(job, actor) if job is not None else None,
        "clock": clock_view(clock) if clock is not None else None,
        "needs": [{"need": need, "url": _where(found, need.code)} for need in needs],
        "complete": all(need.met for need in needs),
        "mapping": flow_showing.mapping_rows(found),
        "runs": [flow_showing.run_row(run) for run in found.runs.select_related("flow")[:RUNS]],
        "reconciliation": newest,
        "reconciliation_said": flow_showing.reconciliation_said(newest) if newest is not None else "",
        "reconciliations": found.reconciliations.all()[1:6],
        "guarded": guarded_run(found),
        "blocked": len(blocked.rows),
        "holding": flow_showing.holding_corrections(actor, [one.number for one in blocked.corrections]),
        "binding": target_binding(found.database),
        "limit": _limit(found),
        "may_work": works,
        "may_agree": found.source_agreed_at is None and found.needs_agreement and may_agree(actor, found),
        "may_check": (works or may_agree(actor, found)) and found.is_live,
        "may_bind": may_bind_target(actor, found.database),
        "file_url": here(file_address(found.database.code)) if works else "",
        "history": timeline(
            "authority.syncflow", found.pk, request.LANGUAGE_CODE, without=[DiscrepanciesFound.name()]
        ),
        "basis": grounds_for(*CITED),
    }


def _where(found: SyncFlow, need: str) -> str:
    """Where what is missing is filled in."""
    if need == "target":
        name = "authority-target" if found.runs_here else "inventory-source"
        return reverse(name, args=[found.database.code])
    return reverse("authority-flow-mapping", args=[found.number]) if need in {"mapping", "codes"} else ""


@signed_in
@never_cache
@require_safe
def run(request: Request, number: str, run_id: int) -> HttpResponse:
    """One run: how changes were noticed, what was applied, what was set aside and why."""
    found = flow_for(request.actor, number)
    one = found.runs.select_related("flow", "job", "confirmed_by").filter(pk=run_id).first()
    if one is None:
        raise NotFound(what="lượt đồng bộ này", what_en="This run")
    context = {
        "flow": found,
        "run": one,
        "kind": flow_showing.RUN_KINDS[RunState(one.state)],
        "said": flow_showing.run_said(one),
        "why": flow_showing.why_of(one),
        "job": progress_of(one.job, request.actor) if one.job is not None and one.job.is_live else None,
        "aside": list(one.rows_set_aside.all()[:SET_ASIDE]),
        "holding": flow_showing.holding_corrections(request.actor, one.held_by),
        "basis": grounds_for(*CITED),
    }
    return render(request, "authority/flow_run.html", context)


@signed_in
@never_cache
@require_safe
def runs(request: Request, number: str) -> HttpResponse:
    """Every run of a flow, the newest first."""
    found = flow_for(request.actor, number)
    after = request.GET.get("sau", "")
    listed = found.runs.select_related("flow")
    if after.isdigit() and len(after) < 18:
        listed = listed.filter(pk__lt=int(after))
    rows = list(listed.order_by("-pk")[: PAGE + 1])
    context = {
        "flow": found,
        "runs": [flow_showing.run_row(one) for one in rows[:PAGE]],
        "next_url": f"?sau={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    return render(request, "authority/flow_runs.html", context)
