"""Pages of data audits: the list, one audit with its levels, one indicator, and the acts that move it (C17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import layout_for, top_agencies, unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for, find_parameter, grounds_named

from .. import audit_forms, auditing, commands, yearly_forms
from ..audit_access import (
    audit_for,
    audits_visible_to,
    may_answer_audit,
    may_audit,
    may_plan_audit,
    may_sign_audit,
)
from ..audit_facts import audit_facts, level_text
from ..audit_papers import KIND, audit_paper, audit_sheets
from ..models import AuditFinding, AuditSet, AuditState, DataAudit

page = require_http_methods(["GET", "HEAD", "POST"])
CITED = ("GOVF-14", "D278-13", "D278-12")
STATES = {
    AuditState.PLANNED: "proposed",
    AuditState.SCOPED: "open",
    AuditState.MEASURED: "running",
    AuditState.REPORTED: "waiting",
    AuditState.SIGNED: "waiting",
    AuditState.FOLLOW_UP: "running",
    AuditState.CLOSED: "done",
}


def _agency_to_plan(actor: Actor) -> Agency | None:
    own = top_agencies().order_by("pk").first() if actor.is_system else unit_of(actor)
    return own if own is not None and may_plan_audit(actor, own) else None


@signed_in
@never_cache
@require_safe
def audits(request: Request) -> HttpResponse:
    """The data audits that the actor may know of, the newest period first; which periods of the year have none."""
    actor = request.actor
    found = audits_visible_to(actor).select_related("agency", "auditor")[:100]
    rows = [
        {
            "audit": one,
            "kind": STATES[AuditState(one.state)],
            "total": level_text(one.levels.get("total"), one.scale) if one.levels else "",
        }
        for one in found
    ]
    agency = _agency_to_plan(actor)
    context = {
        "rows": rows,
        "agency": agency,
        "missing": _missing(agency) if agency else [],
        "citations": citations_for(*CITED),
    }
    return render(request, "inventory/audits.html", context)


def _missing(agency: Agency) -> list[str]:
    """The periods of this year in which the agency was to be audited and no audit was planned."""
    today = timezone.localdate()
    made = DataAudit.objects.filter(agency=agency, year=today.year).values_list("year", "quarter")
    periods = auditing.missing_periods(
        today,
        made,
        by_quarter=find_parameter(auditing.QUARTER, on=today) is not None,
        by_year=find_parameter(auditing.YEAR, on=today) is not None,
    )
    return [DataAudit(year=year, quarter=quarter).span for year, quarter in periods]


@signed_in
@never_cache
@page
def plan(request: Request) -> HttpResponse:
    """Plan a data audit of the own agency."""
    actor = request.actor
    agency = _agency_to_plan(actor)
    if agency is None:
        raise NotAllowed(act="lập kế hoạch kiểm toán dữ liệu", act_en="plan a data audit")
    form = audit_forms.AuditForm(request.POST if request.method == "POST" else None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.plan_audit(actor=actor, agency=agency, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The audit was planned; the auditing unit has its work."))
            return redirect("inventory-audit", made.number)
    return _act_page(request, form, _("Plan a data audit"), agency.shown_name, reverse("inventory-audits"))


def _act_page(
    request: Request, form: Any, heading: str, about: str, back: str, audit: DataAudit | None = None
) -> HttpResponse:
    crumbs = [(reverse("inventory-audits"), _("Data audits"))]
    if audit is not None:
        crumbs.append((back, audit.number))
    context = {
        "form": form,
        "heading": heading,
        "about": about,
        "back": back,
        "crumbs": crumbs,
        "citations": citations_for(*CITED),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "inventory/yearly_act.html", context, status=status)


@signed_in
@never_cache
@page
def audit(request: Request, number: str) -> HttpResponse:
    """One data audit: levels by set, every indicator with what was looked at, findings, the act that comes next."""
    actor = request.actor
    found = audit_for(actor, number)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            said = _act(actor, found, request)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            messages.success(request, said)
            return redirect("inventory-audit", number)
    found.refresh_from_db()
    context = _context(request, found) | {
        "refusal": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
    }
    return render(request, "inventory/audit.html", context, status=409 if refusal else 200)


def _act(actor: Actor, found: DataAudit, request: Request) -> str:
    act = request.POST.get("viec", "")
    if act == "do":
        commands.measure_audit(actor=actor, audit=found)
        return _("The indicators were measured.")
    if act == "bo-phat-hien":
        commands.drop_finding(actor=actor, audit=found, finding=_finding(found, request))
        return _("The finding was dropped.")
    if act == "theo-doi":
        commands.follow_audit_up(actor=actor, audit=found)
        return _("Each finding is being followed up.")
    if act == "tra-loi":
        form = audit_forms.AnswerForm(request.POST)
        answer = form.cleaned_data["answer"] if form.is_valid() else ""
        commands.answer_finding(actor=actor, audit=found, finding=_finding(found, request), answer=answer)
        return _("The answer was kept.")
    if act == "dong":
        commands.close_audit(actor=actor, audit=found)
        return _("The audit is closed.")
    raise NotFound(what="việc này", what_en="This act")


def _finding(found: DataAudit, request: Request) -> AuditFinding:
    given = request.POST.get("finding", "")
    one = found.found.filter(pk=int(given)).first() if given.isdigit() and len(given) < 19 else None
    if one is None:
        raise NotFound(what="phát hiện này", what_en="This finding")
    return one


def _context(request: Request, found: DataAudit) -> dict[str, Any]:
    actor = request.actor
    measures = list(found.measures.all())
    sets = [
        {
            "name": label,
            "level": found.levels.get(group),
            "text": level_text(found.levels.get(group), found.scale),
            "measures": [
                {"row": one, "text": level_text(one.level, found.scale)}
                for one in measures
                if one.set == group
            ],
        }
        for group, label in AuditSet.choices
    ]
    findings = list(found.found.select_related("database", "measure", "upgrade", "issue"))
    return {
        "audit": found,
        "kind": STATES[AuditState(found.state)],
        "sets": sets if measures else [],
        "total": level_text(found.levels.get("total"), found.scale) if found.levels else "",
        "waiting": sum(one.is_waiting for one in measures),
        "databases": list(found.databases.select_related("managing_unit").order_by("sort_key", "pk")),
        "findings": findings,
        "unsettled": sum(not one.is_settled for one in findings),
        "may_audit": may_audit(actor, found),
        "may_sign": may_sign_audit(actor, found),
        "may_plan": may_plan_audit(actor, found.agency),
        "may_answer": may_answer_audit(actor, found),
        "events": timeline("inventory.dataaudit", found.pk, request.LANGUAGE_CODE),
        "citations": citations_for(*CITED),
    }


def _by_form(
    request: Request, number: str, form_of: Callable[[DataAudit, Any], Any], heading: str,
    carry_out: Callable[[DataAudit, dict[str, Any]], object], said: str,
) -> HttpResponse:  # fmt: skip
    """A page with one form whose command moves the audit; the refusal is shown in the form."""
    found = audit_for(request.actor, number)
    form = form_of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(found, form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("inventory-audit", number)
    back = reverse("inventory-audit", args=[number])
    return _act_page(request, form, heading, f"{found.span}, {found.agency.shown_name}", back, found)


@signed_in
@never_cache
@page
def scope(request: Request, number: str) -> HttpResponse:
    """Decide which databases are audited."""
    return _by_form(
        request,
        number,
        lambda found, given: audit_forms.ScopeForm(given, audit=found),
        _("Decide the scope"),
        lambda found, said: commands.scope_audit(
            actor=request.actor, audit=found, databases=list(said["databases"])
        ),
        _("The scope was decided."),
    )


@signed_in
@never_cache
@page
def finding(request: Request, number: str) -> HttpResponse:
    """Note what the audit found wrong."""
    return _by_form(
        request,
        number,
        lambda found, given: audit_forms.FindingForm(given, audit=found),
        _("Note a finding"),
        lambda found, said: commands.note_finding(actor=request.actor, audit=found, **said),
        _("The finding was noted."),
    )


@signed_in
@never_cache
@page
def report(request: Request, number: str) -> HttpResponse:
    """Conclude, and hand the report to the head of the agency audited."""
    return _by_form(
        request,
        number,
        lambda found, given: audit_forms.ReportForm(
            given, initial={"conclusion": found.conclusion, "recommendations": found.recommendations}
        ),
        _("Report the result"),
        lambda found, said: commands.report_audit(actor=request.actor, audit=found, **said),
        _("The report was handed to the head for signature."),
    )


@signed_in
@never_cache
@page
def sign(request: Request, number: str) -> HttpResponse:
    """Sign the report."""
    return _by_form(
        request,
        number,
        lambda _found, given: audit_forms.SignForm(given, initial={"day": timezone.localdate()}),
        _("Sign the report"),
        lambda found, said: commands.sign_audit(actor=request.actor, audit=found, **said),
        _("The report was signed."),
    )


@signed_in
@never_cache
@page
def send_back(request: Request, number: str) -> HttpResponse:
    """Send the report back to the auditor."""
    return _by_form(
        request,
        number,
        lambda _found, given: yearly_forms.ReasonForm(given),
        _("Send the report back"),
        lambda found, said: commands.send_audit_back(actor=request.actor, audit=found, **said),
        _("The report was sent back."),
    )


@signed_in
@never_cache
@page
def measure(request: Request, number: str, key: str) -> HttpResponse:
    """One indicator: what was looked at database by database; the auditor's judgement where the product cannot know."""
    actor = request.actor
    found = audit_for(actor, number)
    one = found.measures.filter(key=key).first()
    if one is None:
        raise NotFound(what=f"chỉ số {key[:40]}", what_en=f"Indicator {key[:40]}")
    judges = one.by_hand and found.state == AuditState.MEASURED and may_audit(actor, found)
    form = None
    if judges:
        form = audit_forms.MeasureForm(
            request.POST if request.method == "POST" else None, measure=one, scale=found.scale
        )
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data | {"key": key}
            try:
                commands.enter_measure(actor=actor, audit=found, **said)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                form.refuse(error)
            else:
                messages.success(request, _("The judgement was kept."))
                return redirect("inventory-audit", number)
    names = {row.pk: row for row in found.databases.all()}
    rows = [
        {
            "database": names[pk],
            "count": count,
            "whole": whole,
            "share": 100 * count / whole if whole else None,
        }
        for pk, count, whole in one.seen.get("rows", [])
        if pk in names
    ]
    context = {
        "audit": found,
        "measure": one,
        "form": form,
        "text": level_text(one.level, found.scale),
        "rows": sorted(rows, key=lambda row: (row["share"] is not None, row["share"] or 0)),
        "citations": [
            ground.citation
            for ground in grounds_named(
                [(one.requirement, one.provision)], min(found.last_day, timezone.localdate())
            ).values()
        ],
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "inventory/audit_measure.html", context, status=status)


@signed_in
@require_safe
def paper(request: Request, number: str, form: str) -> HttpResponse:
    """The report of an audit as Word, PDF or workbook; before it is signed, as a draft of today."""
    found = audit_for(request.actor, number)
    if not found.levels:
        raise NotFound(what="báo cáo kiểm toán", what_en="The report")
    facts = found.facts or audit_facts(found, day=timezone.localdate())
    name = f"Báo cáo kiểm toán dữ liệu {found.number}"
    layout = layout_for(found.agency, KIND)
    return paper_answer(audit_paper(facts), audit_sheets(facts), form, layout=layout, name=name)
