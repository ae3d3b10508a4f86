"""Pages of the yearly inventory: the campaigns, one with its units, its programme, its survey, its papers (D11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import layout_for, top_agencies, unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.jobs.models import JobState
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import JobProgress, progress_of
from lienthong.foundation.pagekit.burning import burn_up_picture
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for

from .. import commands, yearly_forms
from ..access import (
    campaign_for,
    campaigns_visible_to,
    may_approve,
    may_look_inside,
    may_plan,
    parts_visible_to,
)
from ..commands.campaigns import SURVEY, databases_to_survey
from ..models import Campaign, CampaignLook, CampaignState, PartState
from ..stocktaking import PartProgress, burn_up_of, ending_of, unfit_in
from ..stocktaking import progress_of as units_progress
from ..written_records import REPORT, report_paper, report_sheets

page = require_http_methods(["GET", "HEAD", "POST"])
STATES = {
    CampaignState.PLANNED: "draft",
    CampaignState.APPROVED: "waiting",
    CampaignState.RUNNING: "running",
    CampaignState.CONSOLIDATED: "waiting",
    CampaignState.CLOSED: "done",
}
REQUIREMENTS = ("INV-01", "INV-06", "INV-07")


@signed_in
@never_cache
@require_safe
def campaigns(request: Request) -> HttpResponse:
    """The yearly inventories that the actor may know of, the newest first."""
    actor = request.actor
    found = campaigns_visible_to(actor).select_related("agency")[:50]
    rows = []
    for one in found:
        parts = list(parts_visible_to(actor, one))
        rows.append(
            {
                "campaign": one,
                "kind": STATES[CampaignState(one.state)],
                "sent": sum(part.is_in for part in parts),
                "units": len(parts),
                "ending": ending_of(one),
            }
        )
    context = {
        "rows": rows,
        "may_plan": _planning_agency(actor) is not None,
        "citations": citations_for("INV-07"),
    }
    return render(request, "inventory/campaigns.html", context)


def _planning_agency(actor: Actor) -> Agency | None:
    """The agency whose inventory the actor may plan: the own unit, where it is an agency with an IT unit."""
    own = top_agencies().order_by("pk").first() if actor.is_system else unit_of(actor)
    return own if own is not None and may_plan(actor, own) else None


@signed_in
@never_cache
@page
def plan(request: Request) -> HttpResponse:
    """Prepare the programme of a year's inventory; it arrives filled in from what is on record."""
    actor = request.actor
    agency = _planning_agency(actor)
    if agency is None:
        raise NotAllowed(act="lập chương trình kiểm kê", act_en="prepare the programme of the inventory")
    form = yearly_forms.ProgrammeForm(_given(request), agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.plan_campaign(actor=actor, agency=agency, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The programme was submitted to the head for approval."))
            return redirect("inventory-campaign", made.number)
    context = {"form": form, "agency": agency, "campaign": None, "citations": citations_for("INV-07")}
    return render(request, "inventory/programme.html", context, status=_status(request, form))


@signed_in
@never_cache
@page
def programme(request: Request, number: str) -> HttpResponse:
    """Amend a programme that is not approved yet."""
    actor = request.actor
    campaign = campaign_for(actor, number)
    if not may_plan(actor, campaign.agency):
        raise NotAllowed(act="sửa chương trình kiểm kê", act_en="amend the programme")
    form = yearly_forms.ProgrammeForm(_given(request), agency=campaign.agency, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            commands.amend_programme(actor=actor, campaign=campaign, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The programme was submitted to the head for approval."))
            return redirect("inventory-campaign", number)
    context = {
        "form": form,
        "agency": campaign.agency,
        "campaign": campaign,
        "citations": citations_for("INV-07"),
    }
    return render(request, "inventory/programme.html", context, status=_status(request, form))


@signed_in
@never_cache
@page
def campaign(request: Request, number: str) -> HttpResponse:
    """One year's inventory: how many units have sent, until when, which lag behind; the act that comes next."""
    actor = request.actor
    found = campaign_for(actor, number)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            said = _act(actor, found, request.POST.get("viec", ""), request)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            messages.success(request, said)
            return redirect("inventory-campaign", number)
    found.refresh_from_db()
    context = _context(request, found) | _refused(refusal, request.LANGUAGE_CODE)
    return render(request, "inventory/campaign.html", context, status=409 if refusal else 200)


def _refused(error: DomainError | None, locale: str) -> dict[str, str]:
    if error is None:
        return {}
    return {"refusal": error.text(locale), "refusal_hint": error.hint(locale)}


def _act(actor: Actor, found: Campaign, act: str, request: Request) -> str:
    if act == "mo":
        commands.open_campaign(actor=actor, campaign=found)
        return _("The campaign is open; each unit has its work and its term.")
    if act == "don-doc":
        urged = commands.urge_units(actor=actor, campaign=found)
        return _("%(count)s units were urged.") % {"count": len(urged)}
    if act == "khao-sat":
        commands.survey_campaign(actor=actor, campaign=found, again=request.POST.get("lai") == "1")
        return _("The survey of the sources has begun.")
    if act == "dong":
        commands.close_campaign(actor=actor, campaign=found)
        return _("The campaign is closed.")
    raise NotFound(what="việc này", what_en="This act")


def _context(request: Request, found: Campaign) -> dict[str, Any]:
    actor = request.actor
    parts = list(parts_visible_to(actor, found))
    progress = units_progress(found, parts)
    sent = sum(one.part.is_in for one in progress)
    runs = may_plan(actor, found.agency)
    left = found.looks.filter(failed=True, database__in=_databases(progress))
    return {
        "campaign": found,
        "kind": STATES[CampaignState(found.state)],
        "progress": progress,
        "stages": _stages(progress),
        "sent": sent,
        "waiting": sum(not one.part.is_in for one in progress),
        "to_verify": sum(one.part.state == PartState.SUBMITTED for one in progress),
        "all_verified": bool(progress) and all(one.part.state == PartState.VERIFIED for one in progress),
        "percent": round(sum(one.percent for one in progress) / len(progress)) if progress else 0,
        "ending": ending_of(found),
        "may_run": runs,
        "may_approve": may_approve(actor, found.agency),
        "picture": burn_up_picture(burn_up_of(found, parts)) if runs or len(parts) > 1 else None,
        "unfit": unfit_in(found, progress) if runs else [],
        "job": survey_job(request, found),
        "looks_failed": left.count(),
        "to_survey": len(databases_to_survey(found)) if runs and found.is_open else 0,
        "events": timeline("inventory.campaign", found.pk, request.LANGUAGE_CODE) if runs else [],
        "citations": citations_for(*REQUIREMENTS),
    }


def _databases(progress: list[PartProgress]) -> list[int]:
    return [line.database.pk for one in progress for line in one.databases]


def _stages(progress: list[PartProgress]) -> list[dict[str, Any]]:
    words = (
        ("verified", _("results verified"), "ok"),
        ("submitted", _("results sent"), "primary"),
        ("running", _("at work"), "due"),
        ("returned", _("sent back"), "late"),
        ("todo", _("not started"), "neutral"),
    )
    counted = {name: sum(one.stage == name for one in progress) for name, _label, _kind in words}
    return [{"label": label, "kind": kind, "value": counted[name]} for name, label, kind in words]


def survey_job(request: Request, subject: Any) -> JobProgress | None:
    """The newest survey of a campaign or a part that still goes on or failed."""
    job = jobs_of(subject).filter(name=SURVEY).first()
    if job is None or job.state == JobState.FINISHED:
        return None
    return progress_of(job, request.actor)


@signed_in
@never_cache
@require_safe
def surveyed(request: Request, number: str) -> HttpResponse:
    """What the survey of a campaign found, database by database: those that could not be read first."""
    found = campaign_for(request.actor, number)
    parts = parts_visible_to(request.actor, found)
    progress = units_progress(found, list(parts))
    looks = CampaignLook.objects.filter(campaign=found, database__in=_databases(progress))
    read = looks.filter(failed=False).select_related("database", "survey")
    failed = looks.filter(failed=True).select_related("database__owner", "database__managing_unit")
    context = {
        "campaign": found,
        # Where a source is stays with those who may look inside.
        "failed": [(look, may_look_inside(request.actor, look.database)) for look in failed],
        "read": list(read),
        "unbound": [line.database for one in progress for line in one.databases if not line.bound],
        "job": survey_job(request, found),
    }
    return render(request, "inventory/campaign_survey.html", context)


@signed_in
@never_cache
@page
def approve(request: Request, number: str) -> HttpResponse:
    """Approve the programme, or send it back."""
    actor = request.actor
    found = campaign_for(actor, number)
    form = yearly_forms.DecisionForm(_given(request))

    def perform(entered: dict[str, Any]) -> str:
        commands.approve_campaign(actor=actor, campaign=found, **entered)
        return _("The programme was approved; the IT unit opens the campaign.")

    return _act_page(request, found, _("Approve the programme"), form, perform)


@signed_in
@never_cache
@page
def send_programme_back(request: Request, number: str) -> HttpResponse:
    """Send a programme back to the IT unit."""
    actor = request.actor
    found = campaign_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.return_programme(actor=actor, campaign=found, reason=entered["reason"])
        return _("The programme was sent back to the IT unit.")

    return _act_page(
        request, found, _("Send the programme back"), yearly_forms.ReasonForm(_given(request)), perform
    )


@signed_in
@never_cache
@page
def consolidate(request: Request, number: str) -> HttpResponse:
    """Draw up one report over all units."""
    actor = request.actor
    found = campaign_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.consolidate_campaign(actor=actor, campaign=found, **entered)
        return _("The report was drawn up; it can be downloaded below.")

    return _act_page(
        request, found, _("Consolidate the inventory"), yearly_forms.ReportForm(_given(request)), perform
    )


def _act_page(
    request: Request,
    found: Campaign,
    heading: str,
    form: yearly_forms.ActForm,
    perform: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("inventory-campaign", found.number)
    context = {
        "form": form,
        "heading": heading,
        "crumbs": [(reverse("inventory-campaigns"), _("Inventory campaigns")),
                   (reverse("inventory-campaign", args=[found.number]), found.number)],
        "back": reverse("inventory-campaign", args=[found.number]),
        "about": found.agency.shown_name,
        "citations": citations_for(*REQUIREMENTS),
    }  # fmt: skip
    return render(request, "inventory/yearly_act.html", context, status=_status(request, form))


@signed_in
@require_safe
def report(request: Request, number: str, form: str) -> HttpResponse:
    """The consolidated report as PDF, Word file or workbook."""
    found = campaign_for(request.actor, number)
    if not found.facts:
        raise NotFound(what="báo cáo tổng hợp", what_en="The consolidated report")
    if not (may_plan(request.actor, found.agency) or may_approve(request.actor, found.agency)):
        raise NotAllowed(act="tải báo cáo tổng hợp", act_en="download the consolidated report")
    name = f"Báo cáo kiểm kê dữ liệu {found.year}"
    paper, layout = report_paper(found.facts), layout_for(found.agency, REPORT)
    return paper_answer(paper, report_sheets(found.facts), form, layout=layout, name=name)


def _given(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _status(request: Request, form: yearly_forms.ActForm) -> int:
    return 422 if request.method == "POST" and form.errors else 200
