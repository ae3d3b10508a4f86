"""Each act on a case with a page of its own: review, assign, name the authority, sign, carry out, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.authority import commands, forms
from lienthong.authority.access import case_for
from lienthong.authority.models import OverlapCase, OverlapPair
from lienthong.authority.pages import showing
from lienthong.authority.pages.acting import Act, act_page, given
from lienthong.authority.queries import leading_pair, pairs_of
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.pagekit.figures import day_text


def _act_page(
    request: Request,
    case: OverlapCase,
    act: Act,
    form: forms.ActForm,
    perform: Callable[[dict[str, Any]], str],
    **said: str,
) -> HttpResponse:
    back = reverse("authority-case", args=[case.number])
    return act_page(request, act, form, perform, back=back, template="authority/act.html", case=case, **said)


@signed_in
@require_POST
def review(request: Request, number: str, pair_id: int) -> HttpResponse:
    """Say of one column pair whether it holds the same data."""
    actor = request.actor
    case = case_for(actor, number)
    pair = OverlapPair.objects.select_related("case").filter(pk=pair_id, case=case).first()
    if pair is None:
        raise NotFound(what="cặp cột này", what_en="This column pair")
    commands.review_pair(actor=actor, pair=pair, verdict=request.POST.get("verdict", ""))
    messages.success(request, _("Your review was kept."))
    return redirect(f"{reverse('authority-case', args=[case.number])}#cap-{pair.pk}")


@signed_in
def assign(request: Request, number: str) -> HttpResponse:
    """Give a case to a unit."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.assign_case(actor=actor, case=case, unit=entered["unit"])
        return _("Case %(number)s was assigned to %(unit)s.") % {
            "number": case.number,
            "unit": entered["unit"].display_name(actor.locale),
        }

    act = Act(_("Assign case %(number)s") % {"number": case.number}, _("Assign the case"))
    return _act_page(request, case, act, forms.AssignForm(given(request), case=case), perform)


@signed_in
def authority(request: Request, number: str) -> HttpResponse:
    """Name one of two databases of equal class as the authority."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.name_authority(actor=actor, case=case, **entered)
        return _("“%(name)s” is now the authority; the other database must follow it.") % {
            "name": entered["authority"].display_name(actor.locale)
        }

    act = Act(
        _("Name the authority in case %(number)s") % {"number": case.number},
        _("Name the authority"),
        _("The other database must follow it; its declaration and going live wait for the decision."),
    )
    return _act_page(request, case, act, forms.NameAuthorityForm(given(request), case=case), perform)


@signed_in
def sign(request: Request, number: str) -> HttpResponse:
    """Sign an exception."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.sign_exception(actor=actor, case=case)
        return _("The exception was signed; it is reviewed on the date that was set.")

    act = Act(
        _("Sign the exception in case %(number)s") % {"number": case.number},
        _("Sign the exception"),
        _(
            "The database may go on collecting until the review date, %(day)s; declaration and going live are free."
        )
        % {"day": day_text(case.review_date) if case.review_date else "–"},
    )
    said = {
        "finding": showing.finding(case, leading_pair(pairs_of(case))),
        "proposal": showing.proposal_title(case),
        "proposal_reason": showing.proposal_reason(case),
    }
    return _act_page(request, case, act, forms.ActForm(given(request)), perform, **said)


@signed_in
def send_back(request: Request, number: str) -> HttpResponse:
    """Return an exception unsigned."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.return_exception(actor=actor, case=case, reason=entered["reason"])
        return _("The exception was returned; the case waits for another decision.")

    act = Act(
        _("Return the exception in case %(number)s") % {"number": case.number}, _("Return the exception")
    )
    return _act_page(request, case, act, forms.ReasonForm(given(request)), perform)


@signed_in
@require_POST
def urge(request: Request, number: str) -> HttpResponse:
    """Urge those from whom an act on the case is due."""
    case = case_for(request.actor, number)
    try:
        commands.urge_case(actor=request.actor, case=case)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        locale = request.actor.locale
        messages.error(request, f"{error.text(locale)} {error.hint(locale)}")
    else:
        messages.success(request, _("Case %(number)s was urged.") % {"number": case.number})
    return redirect("authority-case", case.number)


@signed_in
def direct(request: Request, number: str) -> HttpResponse:
    """Direct what is to be done on a case, and by when."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.direct_case(actor=actor, case=case, **entered)
        return _("The direction on case %(number)s was given; those concerned were told.") % {
            "number": case.number
        }

    act = Act(_("Direct case %(number)s") % {"number": case.number}, _("Give the direction"))
    return _act_page(request, case, act, forms.DirectForm(given(request)), perform)


@signed_in
def start_sync(request: Request, number: str) -> HttpResponse:
    """Record that the synchronisation runs."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.start_synchronisation(actor=actor, case=case, **entered)
        return _("It was recorded that the synchronisation runs.")

    act = Act(
        _("Record the synchronisation of case %(number)s") % {"number": case.number},
        _("Record the synchronisation"),
    )
    return _act_page(request, case, act, forms.StartSyncForm(given(request)), perform)


@signed_in
def close(request: Request, number: str) -> HttpResponse:
    """Close a case that was carried out."""
    actor = request.actor
    case = case_for(actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.close_case(actor=actor, case=case, note=entered["note"])
        return _("Case %(number)s was closed.") % {"number": case.number}

    act = Act(_("Close case %(number)s") % {"number": case.number}, _("Close the case"))
    return _act_page(request, case, act, forms.CloseForm(given(request)), perform)
