"""One regulation on the desk, and each step that it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.law.queries import grounds_for
from lienthong.regulations import commands
from lienthong.regulations.access import may_edit, may_issue, regulation_for
from lienthong.regulations.forms import ActForm, IssueForm, LegalReviewForm
from lienthong.regulations.models import Regulation, RegulationState
from lienthong.regulations.queries import databases_shown, version_under_way, versions_of

from . import showing


@signed_in
@require_safe
def regulation(request: Request, slug: str, version: int) -> HttpResponse:
    """One version of a regulation: what it says, how far it is, what comes next."""
    actor = request.actor
    found = regulation_for(actor, slug, version)
    edits = may_edit(actor, found)
    context = {
        "regulation": found,
        "kind": showing.force_kind(found),
        "force": showing.force_text(found),
        "stops": showing.steps(found),
        "clauses": showing.clauses(found),
        "missing": found.missing_clauses if found.is_drafting else (),
        "conflicts": showing.conflict_lines(found),
        "databases": databases_shown(found)[:100],
        "versions": versions_of(found, only_public=not edits),
        "under_way": version_under_way(found),
        "edits": edits,
        "issues": may_issue(actor, found),
        "basis": grounds_for("REG-01", "REG-02", "REG-03", "REG-07"),
        "history": showing.history_lines("regulations.regulation", found.pk),
    }
    return render(request, "regulations/file.html", context)


@signed_in
@require_POST
def check(request: Request, slug: str, version: int) -> HttpResponse:
    """Check a draft against the other regulations of the agency."""
    actor = request.actor
    found = regulation_for(actor, slug, version)
    conflicts = commands.check_consistency(actor=actor, regulation=found)
    if conflicts:
        count = len(conflicts)
        said = ngettext(
            "%(n)s regulation in force contradicts this draft.",
            "%(n)s regulations in force contradict this draft.",
            count,
        )
        messages.warning(request, said % {"n": count})
    else:
        messages.success(request, _("No regulation in force contradicts this draft."))
    return redirect("regulations-file", slug, version)


@signed_in
@require_POST
def publish(request: Request, slug: str, version: int) -> HttpResponse:
    """Make an issued regulation public."""
    actor = request.actor
    found = regulation_for(actor, slug, version)
    commands.publish_regulation(actor=actor, regulation=found)
    messages.success(request, _("Regulation %(number)s is public.") % {"number": found.number})
    return redirect("regulations-file", slug, version)


@signed_in
@require_POST
def new_version(request: Request, slug: str, version: int) -> HttpResponse:
    """Open the next version of a published regulation."""
    actor = request.actor
    draft = commands.draft_new_version(actor=actor, regulation=regulation_for(actor, slug, version))
    messages.success(request, _("Version %(n)s was opened as a draft.") % {"n": draft.version})
    return redirect("regulations-file", draft.slug, draft.version)


@signed_in
def legal_review(request: Request, slug: str, version: int) -> HttpResponse:
    """Record the legal opinion on a draft."""
    actor = request.actor
    found = regulation_for(actor, slug, version)

    def perform(entered: dict[str, Any]) -> str:
        commands.record_legal_review(actor=actor, regulation=found, **entered)
        return _("The legal opinion was recorded; the draft can be issued.")

    return _act_page(request, found, _("Record the legal opinion"), LegalReviewForm(_given(request)), perform)


@signed_in
def issue(request: Request, slug: str, version: int) -> HttpResponse:
    """Issue a regulation under its number."""
    actor = request.actor
    found = regulation_for(actor, slug, version)

    def perform(entered: dict[str, Any]) -> str:
        commands.issue_regulation(actor=actor, regulation=found, **entered)
        return _("Issued as %(number)s. It holds once it is public.") % {"number": found.number}

    form = IssueForm(_given(request), initial={"effective_to": found.effective_to})
    return _act_page(request, found, _("Issue the regulation"), form, perform)


def _given(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _act_page(
    request: Request,
    found: Regulation,
    heading: str,
    form: ActForm,
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
            return redirect("regulations-file", found.slug, found.version)
    context = {
        "form": form,
        "heading": heading,
        "regulation": found,
        "clauses": showing.clauses(found) if found.state == RegulationState.LEGAL_REVIEWED else [],
    }
    return render(request, "regulations/act.html", context, status=422 if form.errors else 200)
