"""Pages of a catalogue review: the reviews, one with its units and what stands in the way, the act that comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.burning import burn_up, burn_up_picture
from lienthong.foundation.papers.answers import paper_answer
from lienthong.foundation.papers.queries import layout_bytes
from lienthong.law.queries import citations_for

from .. import commands, queries, review_forms, reviewing
from ..access import (
    declarations_visible_to,
    may_issue,
    may_run_review,
    review_for,
    reviews_visible_to,
)
from ..addresses import here, review_address
from ..differences import differences
from ..forms import IssueForm, say
from ..issue_papers import DECISION, annex_sheets, decision_paper, draft_of, paper_of_review
from ..models import CatalogueReview, DeclarationState, ReviewState
from ..showing import counted, shown_differences
from .databases import page
from .national import Act

STATES = {
    ReviewState.OPEN: "running",
    ReviewState.UNITS_DECLARED: "waiting",
    ReviewState.OVERLAP_CHECKED: "waiting",
    ReviewState.DRAFTED: "waiting",
    ReviewState.SUBMITTED: "waiting",
    ReviewState.ISSUED: "done",
    ReviewState.AMENDING: "running",
}
REQUIREMENTS = ("CAT-02", "CAT-03", "OVL-05")


@signed_in
@never_cache
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The reviews of catalogues that the actor may know of, the newest first."""
    actor = request.actor
    rows = []
    for one in reviews_visible_to(actor).select_related("agency", "catalogue__agency")[:50]:
        mine = list(declarations_visible_to(actor, one))
        rows.append(
            {
                "review": one,
                "kind": STATES[ReviewState(one.state)],
                "sent": sum(part.is_in for part in mine),
                "units": len(mine),
                "clock": reviewing.review_clock(one) if one.state == ReviewState.OPEN else None,
            }
        )
    agency = _running_agency(actor)
    open_ones = reviews_visible_to(actor).filter(agency=agency).exclude(state=ReviewState.ISSUED)
    context = {
        "rows": rows,
        "may_open": agency is not None and not open_ones.exists(),
        "citations": citations_for(*REQUIREMENTS),
    }
    return render(request, "catalogue/reviews.html", context)


def _running_agency(actor: Actor) -> Agency | None:
    """The agency whose catalogue the actor may have reviewed: the own unit, in the role of its IT unit."""
    own = unit_of(actor)
    return own if own is not None and may_run_review(actor, own) else None


@signed_in
@never_cache
@page
def open_review(request: Request) -> HttpResponse:
    """Open a review by its paper; it arrives filled in from what is on record."""
    agency = _running_agency(request.actor)
    if agency is None:
        raise NotAllowed(act="mở đợt rà soát danh mục", act_en="open a review of the catalogue")
    form = review_forms.OpenReviewForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.open_review(actor=request.actor, agency=agency, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The review is open; each unit has its work and its term."))
            return redirect("catalogue-review", made.number)
    context = {
        "form": form,
        "agency": agency,
        "first_issue": _first_issue(agency),
        "citations": citations_for(*REQUIREMENTS),
    }
    return render(request, "catalogue/review_open.html", context, status=_status(request, form))


def _first_issue(agency: Agency) -> dict[str, Any] | None:
    """By when the first catalogue was due, for an agency that never issued one."""
    if reviewing.last_catalogue(agency) is not None:
        return None
    term = reviewing.first_issue_term()
    if term is None:
        return None
    said = (term.ground.cited.citation, term.ground.remark) if term.ground else ()
    return {"day": term.term.due_on, "citation": ", ".join(part for part in said if part)}


@signed_in
@never_cache
@page
def review(request: Request, number: str) -> HttpResponse:
    """One review: how many units have declared, until when, what stands in the way, the act that comes next."""
    actor = request.actor
    found = review_for(actor, number)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            said = _act(actor, found, request.POST.get("viec", ""))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            messages.success(request, said)
            return redirect("catalogue-review", number)
    found.refresh_from_db()
    context = _context(request, found) | {
        "refusal": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
    }
    return render(request, "catalogue/review.html", context, status=refusal.status if refusal else 200)


def _act(actor: Actor, found: CatalogueReview, act: str) -> str:
    if act == "don-doc":
        urged = commands.urge_units_to_declare(actor=actor, review=found)
        return ngettext("%(count)s unit was urged.", "%(count)s units were urged.", len(urged)) % {
            "count": len(urged)
        }
    if act == "du-thao":
        commands.draw_up_draft(actor=actor, review=found)
        return _("No overlap is open. The draft catalogue was drawn up.")
    raise NotFound(what="việc này", what_en="This act")


def _context(request: Request, found: CatalogueReview) -> dict[str, Any]:
    actor, locale = request.actor, request.LANGUAGE_CODE
    mine = list(declarations_visible_to(actor, found))
    progress = reviewing.progress_of(found, mine)
    runs, signs = may_run_review(actor, found.agency), may_issue(actor, found.agency)
    whole = runs or signs
    obstacles = []
    if whole and found.state not in (ReviewState.ISSUED, ReviewState.AMENDING):
        obstacles = reviewing.obstacles_in(found, progress)
    vietnamese = locale.startswith("vi")
    return {
        "review": found,
        "kind": STATES[ReviewState(found.state)],
        "progress": progress,
        "stages": _stages(progress),
        "sent": sum(one.declaration.is_in for one in progress),
        "waiting": sum(not one.declaration.is_in for one in progress),
        "overdue": sum(one.overdue for one in progress),
        "percent": round(sum(one.percent for one in progress) / len(progress)) if progress else 0,
        "clock": reviewing.review_clock(found) if found.state == ReviewState.OPEN else None,
        "may_run": runs,
        "may_issue": signs,
        "obstacles": [
            {"kind": one.kind, "text": one.vi if vietnamese else one.en, "url": here(one.url), "requirement": one.requirement}
            for one in obstacles
        ],
        "picture": _picture(found, progress) if whole or len(progress) > 1 else None,
        "draft": draft_context(found, locale) if whole and found.draft else None,
        "first_issue": _first_issue(found.agency) if whole else None,
        "events": timeline("catalogue.cataloguereview", found.pk, locale) if whole else [],
        "citations": citations_for(*REQUIREMENTS),
    }  # fmt: skip


def _picture(found: CatalogueReview, progress: list[reviewing.DeclarationProgress]) -> Any:
    days = reviewing.burn_up_days(found, progress)
    if days is None:
        return None
    today = timezone.localdate()
    drawn = {name: burn_up(days["start"], days["end"], today, days[name]) for name in ("sent", "verified")}
    return burn_up_picture(days | drawn | {"today": today})


def draft_context(found: CatalogueReview, locale: str) -> dict[str, Any]:
    """What the draft holds against the version before it."""
    before = reviewing.issued_before(found)
    entries = draft_of(found)
    changes = differences(queries.entries_shown(before) if before else [], entries)
    return {
        "entries": len(entries),
        "before": before,
        "version": found.catalogue.version
        if found.state == ReviewState.ISSUED and found.catalogue
        else (before.version + 1 if before else 1),
        "counts": counted(changes),
        "changes": shown_differences(changes, locale)[:200],
    }


def _stages(progress: list[reviewing.DeclarationProgress]) -> list[dict[str, Any]]:
    words = (
        ("accepted", _("declarations accepted"), "ok"),
        ("declared", _("declarations sent"), "primary"),
        ("running", _("at work"), "due"),
        ("returned", _("sent back"), "late"),
        ("todo", _("not started"), "neutral"),
    )
    stages = [one.stage for one in progress]
    return [{"label": label, "kind": kind, "value": stages.count(name)} for name, label, kind in words]


# --- acts with a form


@signed_in
@never_cache
@page
def submit(request: Request, number: str) -> HttpResponse:
    """Submit the draft to the head."""
    found = review_for(request.actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.submit_draft(actor=request.actor, review=found, **entered)
        return _("The draft was submitted to the head of the agency.")

    form = review_forms.SubmissionForm(request.POST or None, initial={"day": timezone.localdate()})
    return _act_page(request, found, _("Submit the catalogue to the head"), form, perform)


@signed_in
@never_cache
@page
def give_back(request: Request, number: str) -> HttpResponse:
    """Send the draft back to the IT unit."""
    found = review_for(request.actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.return_draft(actor=request.actor, review=found, **entered)
        return _("The draft was sent back to the IT unit.")

    return _act_page(
        request, found, _("Send the draft back"), review_forms.ReasonForm(request.POST or None), perform
    )


@signed_in
@never_cache
@page
def amend(request: Request, number: str) -> HttpResponse:
    """Take up changes after the issue."""
    found = review_for(request.actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.amend_catalogue(actor=request.actor, review=found, **entered)
        return _("Units amend and declare what changed; then the draft of the next version is drawn up.")

    return _act_page(
        request, found, _("Amend the catalogue"), review_forms.ReasonForm(request.POST or None), perform
    )


@signed_in
@never_cache
@page
def issue(request: Request, number: str) -> HttpResponse:
    """What the head is asked to issue, what changes against the version before, and the decision."""
    actor = request.actor
    found = review_for(actor, number)
    if not may_issue(actor, found.agency):
        raise NotAllowed(act="ban hành danh mục cơ sở dữ liệu", act_en="issue the catalogue of databases")
    form = IssueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.issue_reviewed_catalogue(actor=actor, review=found, **form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            messages.success(
                request,
                _("Version %(version)s of the catalogue was issued by Decision %(number)s.")
                % {"version": made.version, "number": made.decision_number},
            )
            return redirect("catalogue-review", number)
    context = {
        "review": found,
        "form": form,
        "draft": draft_context(found, request.LANGUAGE_CODE),
        "citations": citations_for("CAT-02", "CAT-06"),
    }
    return render(request, "catalogue/review_issue.html", context, status=_status(request, form))


def _act_page(
    request: Request,
    found: CatalogueReview,
    heading: str,
    form: django_forms.Form,
    perform: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            say(form, error)
        else:
            messages.success(request, said)
            return redirect("catalogue-review", found.number)
    back = here(review_address(found.number))
    crumbs = [(reverse("catalogue-reviews"), _("Catalogue reviews")), (back, found.number)]
    act = Act(heading=heading, submit=heading, back=back, crumbs=crumbs)
    return render(request, "catalogue/act.html", {"act": act, "form": form}, status=_status(request, form))


def _status(request: Request, form: django_forms.Form) -> int:
    return 422 if request.method == "POST" and form.errors else 200


@signed_in
@require_safe
def paper(request: Request, number: str, form: str) -> HttpResponse:
    """The draft decision with its annex as Word or PDF, the annex as a workbook, before they are issued."""
    found = review_for(request.actor, number)
    if not (may_run_review(request.actor, found.agency) or may_issue(request.actor, found.agency)):
        raise NotAllowed(act="tải dự thảo danh mục", act_en="download the draft catalogue")
    if not found.draft:
        raise NotFound(what="dự thảo này", what_en="This draft")
    written = paper_of_review(found)
    return paper_answer(
        decision_paper(written),
        annex_sheets(written),
        form,
        layout=layout_bytes(found.agency, DECISION),
        name=f"Dự thảo quyết định ban hành danh mục cơ sở dữ liệu {number}",
    )


KINDS_OF_DECLARATION = {
    DeclarationState.OPEN: "running",
    DeclarationState.DECLARED: "waiting",
    DeclarationState.RETURNED: "late",
    DeclarationState.ACCEPTED: "done",
}
