"""The page of one unit in a campaign: what is done, what is missing, the result that is sent, its record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.queries import layout_for
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for, clock_view, clocks_of

from .. import commands, yearly_forms
from ..access import campaign_for, may_fill, may_look_inside, may_plan, part_for
from ..models import CampaignPart, PartState
from ..stocktaking import PartProgress, progress_of_part, upgrades_by_thing
from ..written_records import RECORD, record_paper, record_sheets
from .campaigns import survey_job

page = require_http_methods(["GET", "HEAD", "POST"])
KINDS = {
    PartState.OPEN: "running",
    PartState.SUBMITTED: "waiting",
    PartState.RETURNED: "late",
    PartState.VERIFIED: "done",
}


@signed_in
@never_cache
@page
def part(request: Request, number: str, code: str) -> HttpResponse:
    """One unit's part of the inventory: databases, systems, contents of the check, the act that comes next."""
    actor = request.actor
    found = part_for(actor, campaign_for(actor, number), code)
    progress = progress_of_part(found)
    writes = may_fill(actor, found) and not found.is_in and found.campaign.is_open
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    form = yearly_forms.ResultForm(
        request.POST if act in ("luu", "gui") else None, part=found, progress=progress
    )
    reason = yearly_forms.ReasonForm(request.POST if act == "tra-lai" else None)
    refusal: DomainError | None = None
    if act:
        try:
            said = _act(actor, found, act, form, reason)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = _shown_at_its_form(error, act, form, reason)
        else:
            if said:
                messages.success(request, said)
                return redirect("inventory-part", number, code)
    found.refresh_from_db()
    context = _context(request, found, progress) | {
        "form": form,
        "reason": reason,
        "writes": writes,
        "refusal": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
    }
    return render(
        request, "inventory/part.html", context, status=422 if form.errors or reason.errors else 200
    )


def _shown_at_its_form(
    error: DomainError, act: str, form: yearly_forms.ResultForm, reason: yearly_forms.ReasonForm
) -> DomainError | None:
    """A refusal goes to the form that was sent; that of an act without a form is shown on top."""
    if act in ("luu", "gui"):
        form.refuse(error)
        return None
    if act == "tra-lai":
        reason.refuse(error)
        return None
    return error


def _act(
    actor: Actor,
    found: CampaignPart,
    act: str,
    form: yearly_forms.ResultForm,
    reason: yearly_forms.ReasonForm,
) -> str:
    if act in ("luu", "gui"):
        if not form.is_valid():
            return ""
        commands.write_part(actor=actor, part=found, **form.cleaned_data)
        if act == "luu":
            return _("What was written is kept; nothing was sent.")
        commands.submit_part(actor=actor, part=found)
        return _("The result was sent to the IT unit.")
    if act == "khao-sat":
        commands.survey_campaign(actor=actor, campaign=found.campaign, part=found)
        return _("The survey of the sources has begun.")
    if act == "xac-nhan":
        commands.verify_part(actor=actor, part=found)
        return _("The result was verified.")
    if act == "tra-lai":
        if not reason.is_valid():
            return ""
        commands.return_part(actor=actor, part=found, reason=reason.cleaned_data["reason"])
        return _("The result was sent back to the unit.")
    raise NotFound(what="việc này", what_en="This act")


def _context(request: Request, found: CampaignPart, progress: PartProgress) -> dict[str, Any]:
    actor = request.actor
    clock = clocks_of(found).filter(stopped_at__isnull=True).first()
    plans = upgrades_by_thing(
        [line.database.pk for line in progress.databases], [line.system.pk for line in progress.systems]
    )
    looks = {look.database_id: look for look in found.campaign.looks.filter(failed=True)}
    return {
        "part": found,
        "campaign": found.campaign,
        "unit": found.unit,
        "kind": KINDS[PartState(found.state)],
        "progress": progress,
        "databases": [
            {
                "line": line,
                "database": line.database,
                "opens": may_look_inside(actor, line.database),
                "failed": looks.get(line.database.pk),
                "plan": plans.get(("database", line.database.pk), []),
            }
            for line in progress.databases
        ],
        "systems": [
            {"line": line, "system": line.system, "plan": plans.get(("system", line.system.pk), [])}
            for line in progress.systems
        ],
        "clock": clock_view(clock) if clock else None,
        "may_verify": may_plan(actor, found.campaign.agency) and found.campaign.is_open,
        "job": survey_job(request, found),
        "may_survey": may_fill(actor, found) and found.campaign.is_open and not found.is_in,
        "bound": sum(line.bound for line in progress.databases),
        "citations": citations_for("INV-02", "INV-03", "INV-04", "INV-05", "INV-06"),
    }


@signed_in
@require_safe
def record(request: Request, number: str, code: str, form: str) -> HttpResponse:
    """A unit's written record as PDF, Word file or workbook, as it stood when it was sent."""
    actor = request.actor
    found = part_for(actor, campaign_for(actor, number), code)
    if not found.facts:
        raise NotFound(what="biên bản của đơn vị", what_en="The unit's record")
    name = f"Biên bản kiểm kê {found.campaign.year} {found.unit.name}"
    paper, layout = record_paper(found.facts), layout_for(found.unit, RECORD)
    return paper_answer(paper, record_sheets(found.facts), form, layout=layout, name=name)
