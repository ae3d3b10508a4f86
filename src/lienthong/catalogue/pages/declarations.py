"""The page on which one unit declares its databases, and on which the IT unit accepts or returns the declaration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.law.queries import citations_for

from .. import commands, review_forms, reviewing
from ..access import declaration_for, may_declare_for, may_own, may_run_review, review_for
from ..forms import say
from ..models import DeclarationState, ReviewState, UnitDeclaration
from ..showing import kind_words, shown_change
from .databases import page
from .reviews import KINDS_OF_DECLARATION


@signed_in
@never_cache
@page
def declaration(request: Request, number: str, code: str) -> HttpResponse:
    """One unit's databases in a review: what is on record, what changed, what the unit says of each."""
    actor = request.actor
    found = declaration_for(actor, review_for(actor, number), code)
    progress = reviewing.progress_of_declaration(found)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    form = review_forms.DeclarationForm(request.POST if act in ("luu", "gui") else None, progress=progress)
    reason = review_forms.ReasonForm(request.POST if act == "tra-lai" else None)
    refusal: DomainError | None = None
    if act:
        try:
            said = _act(actor, found, act, form, reason, progress)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            if act in ("luu", "gui"):
                say(form, error)
            elif act == "tra-lai":
                say(reason, error)
            else:
                refusal = error
        else:
            if said:
                messages.success(request, said)
                return redirect("catalogue-declaration", number, code)
    found.refresh_from_db()
    context = _context(request, found, progress, form) | {
        "form": form,
        "reason": reason,
        "refusal": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
    }
    failed = bool(form.errors or reason.errors)
    status = 422 if failed else refusal.status if refusal else 200
    return render(request, "catalogue/declaration.html", context, status=status)


def _act(
    actor: Actor,
    found: UnitDeclaration,
    act: str,
    form: review_forms.DeclarationForm,
    reason: review_forms.ReasonForm,
    progress: reviewing.DeclarationProgress,
) -> str:
    if act in ("luu", "gui"):
        if not form.is_valid():
            return ""
        answers, reasons = form.answers()
        commands.answer_databases(
            actor=actor, declaration=found, answers=answers, reasons=reasons, note=form.cleaned_data["note"]
        )
        if act == "luu":
            return _("What was answered is kept; nothing was sent.")
        commands.declare_unit(
            actor=actor, declaration=found, holds_none=bool(form.cleaned_data.get("holds_none"))
        )
        return _("The declaration was sent to the IT unit.")
    if act == "dung-het":
        waiting = {line.database.code: "stands" for line in progress.lines if line.answer is None}
        commands.answer_databases(actor=actor, declaration=found, answers=waiting)
        return _("All databases without an answer stand as recorded; nothing was sent.")
    if act == "chap-nhan":
        commands.accept_declaration(actor=actor, declaration=found)
        return _("The declaration was accepted.")
    if act == "tra-lai":
        if not reason.is_valid():
            return ""
        commands.return_declaration(actor=actor, declaration=found, reason=reason.cleaned_data["reason"])
        return _("The declaration was sent back to the unit.")
    raise NotFound(what="việc này", what_en="This act")


def _context(
    request: Request,
    found: UnitDeclaration,
    progress: reviewing.DeclarationProgress,
    form: review_forms.DeclarationForm,
) -> dict[str, Any]:
    actor, locale = request.actor, request.LANGUAGE_CODE
    words = kind_words() | {"new": _("New in the catalogue")}
    runs = may_run_review(actor, found.review.agency)
    open_ = found.review.state == ReviewState.OPEN
    unit_url = {line.database.code for line in progress.lines if may_own(actor, line.database)}
    return {
        "declaration": found,
        "review": found.review,
        "unit": found.unit,
        "kind": KINDS_OF_DECLARATION[DeclarationState(found.state)],
        "progress": progress,
        "clock": reviewing.declaration_clock(found),
        "writes": may_declare_for(actor, found) and open_ and not found.is_in,
        "may_accept": runs and open_,
        "may_return": runs
        and found.is_in
        and found.review.catalogue_id is None
        and found.review.state not in (ReviewState.SUBMITTED, ReviewState.ISSUED),
        "unanswered": sum(line.answer is None for line in progress.lines),
        "rows": [
            {
                "line": line,
                "database": line.database,
                "answer": answer,
                "reason": reason,
                "word": words[line.difference.kind],
                "changes": [shown_change(change, locale) for change in line.difference.fields],
                "opens": line.database.code in unit_url,
            }
            for line, answer, reason in form.rows()
        ],
        "citations": citations_for("CAT-03", "CAT-06"),
    }
