"""The list of overlap cases, and one case: what was found, what the law asks, what is decided (experience.md
D5).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.authority import commands
from lienthong.authority.access import (
    case_for,
    cases_visible_to,
    may_assess,
    may_decide,
    may_direct,
    may_name_authority,
    may_sign_exception,
    may_urge,
)
from lienthong.authority.commands.decisions import Mechanism
from lienthong.authority.flow_queries import is_carried_out_by_proof
from lienthong.authority.forms import DecisionForm
from lienthong.authority.models import UNDECIDED, CaseState, Outcome, OverlapCase
from lienthong.authority.queries import (
    due_clock,
    due_clocks,
    grounds_of_cases,
    leading_pair,
    leading_pairs,
    pairs_of,
    work_due_on,
)
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.law.answers import ClockView
from lienthong.law.queries import clock_view, clock_views

from . import showing
from .card import card_of

PAGE = 50
GROUPS = {
    "cho-ket-luan": UNDECIDED,
    "dang-thuc-hien": (CaseState.SYNC_PLANNED, CaseState.SYNC_LIVE, CaseState.STOPPING),
    "da-ket-thuc": (CaseState.CLOSED,),
}


@signed_in
@require_safe
def case_list(request: Request) -> HttpResponse:
    """The cases of the actor's databases: those that wait for a decision first."""
    visible = cases_visible_to(request.actor)
    group = request.GET.get("nhom", "")
    chosen = visible.filter(state__in=GROUPS[group]) if group in GROUPS else visible
    page, next_url = _page(request, chosen, group)
    counts = dict(visible.values_list("state").annotate(n=Count("pk")).order_by())
    tabs = [
        (key, label, sum(counts.get(state, 0) for state in GROUPS[key]))
        for key, label in (
            ("cho-ket-luan", _("Awaiting a decision")),
            ("dang-thuc-hien", _("Being carried out")),
            ("da-ket-thuc", _("Closed")),
        )
    ]
    context = {
        "rows": _rows(page),
        "tabs": tabs,
        "group": group if group in GROUPS else "",
        "total": sum(counts.values()),
        "waiting": tabs[0][2],
        "next_url": next_url,
    }
    return render(request, "authority/case_list.html", context)


def _page(request: Request, cases: QuerySet[OverlapCase], group: str) -> tuple[list[OverlapCase], str]:
    after = request.GET.get("sau", "")
    if after.isdigit():
        cases = cases.filter(pk__lt=int(after))
    rows = list(
        cases.select_related("lower__owner", "higher__owner", "assigned_to").order_by("-pk")[: PAGE + 1]
    )
    if len(rows) <= PAGE:
        return rows, ""
    kept = rows[:PAGE]
    query: dict[str, str] = {"nhom": group} if group else {}
    return kept, f"?{urlencode({**query, 'sau': str(kept[-1].pk)})}"


def _rows(page: list[OverlapCase]) -> list[dict[str, Any]]:
    pairs, clocks = leading_pairs(page), due_clocks(page)
    views = dict(zip(clocks, clock_views(clocks.values()), strict=True))
    return [
        {
            "case": case,
            "kind": showing.STATE_KINDS[CaseState(case.state)],
            "finding": showing.finding(case, pairs.get(case.pk)),
            "clock": views.get(case.pk),
        }
        for case in page
    ]


def _clock(case: OverlapCase) -> ClockView | None:
    clock = due_clock(case) if case.is_live else None
    return clock_view(clock) if clock is not None else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Request, number: str) -> HttpResponse:
    """One case; whoever may decide it does so here."""
    actor = request.actor
    found = case_for(actor, number)
    decidable = may_decide(actor, found) and found.state in {
        CaseState.DETECTED,
        CaseState.ASSIGNED,
        CaseState.ASSESSED,
    }
    form = DecisionForm(request.POST if request.method == "POST" else None, case=found)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            found.refresh_from_db()
            form.refuse(error)
        else:
            return redirect("authority-case", number)
    context = _case_context(request, found) | {"form": form, "decidable": decidable}
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "authority/case.html", context, status=status)


def _decide(request: Request, found: OverlapCase, entered: dict[str, Any]) -> None:
    commands.decide_case(
        actor=request.actor,
        case=found,
        outcome=entered["outcome"],
        reason=entered["reason"],
        mechanism=Mechanism(
            method=entered["method"],
            frequency=entered["frequency"],
            responsible_unit=entered["responsible_unit"],
            planned_from=entered["planned_from"],
        ),
        legal_ground=entered["legal_ground"],
        review_date=entered["review_date"],
    )
    if found.state == CaseState.EXCEPTION_ASKED:
        said = _("The exception was submitted to the head of agency to be signed.")
    else:
        said = _("Case %(number)s was decided: %(outcome)s.") % {
            "number": found.number,
            "outcome": str(Outcome(found.outcome).label).lower(),
        }
    messages.success(request, said)


def _case_context(request: Request, found: OverlapCase) -> dict[str, Any]:
    actor = request.actor
    pairs = pairs_of(found)
    leading = leading_pair(pairs)
    due = list(work_due_on(found)) if found.is_live else []
    return {
        "case": found,
        "kind": showing.STATE_KINDS[CaseState(found.state)],
        "finding": showing.finding(found, leading),
        "card": card_of(found, leading) if leading is not None else None,
        "others": [card_of(found, pair) for pair in pairs if pair is not leading],
        "proposal": showing.proposal_title(found),
        "proposal_reason": showing.proposal_reason(found),
        "consequences": showing.consequences(found),
        "clock": _clock(found),
        "mechanism": getattr(found, "mechanism", None),
        "flows": list(found.flows.exclude(state="ended")),
        "by_proof": is_carried_out_by_proof(found),
        "basis": [ground] if (ground := grounds_of_cases([found])[found.pk]) else [],
        "history": showing.history_lines(found),
        "may_review": may_assess(actor, found) and found.state in UNDECIDED,
        "may_name": found.needs_authority and found.state in UNDECIDED and may_name_authority(actor, found),
        "may_sign": found.state == CaseState.EXCEPTION_ASKED and may_sign_exception(actor, found),
        "may_carry_out": may_decide(actor, found),
        "may_urge": bool(due) and may_urge(actor, found),
        "may_direct": bool(due) and may_direct(actor, found),
        "due": due,
    }
