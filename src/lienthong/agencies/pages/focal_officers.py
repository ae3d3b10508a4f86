"""The desk's page of a focal officer, and the acts on the way: nominate, appoint, publish, confirm, end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lienthong.agencies import commands, focal_papers, forms
from lienthong.agencies.access import may_appoint, may_confirm_contact, may_nominate
from lienthong.agencies.models import Agency, FocalAppointment, FocalState
from lienthong.agencies.queries import layout_for
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for

from .acts import Act, act_page, history_lines
from .desk import visible_agency


@signed_in
def focal_officer(request: Request, code: str) -> HttpResponse:
    """Who is the focal officer of an agency, who is proposed, who was before; and the next act."""
    agency = visible_agency(request, code)
    actor = request.actor
    records = list(agency.focal_appointments.select_related("person").order_by("-valid_from", "-pk"))
    current = next(
        (one for one in records if one.state in (FocalState.APPOINTED, FocalState.PUBLISHED)), None
    )
    waiting = next((one for one in records if one.state == FocalState.NOMINATED), None)
    for one in records:
        one.agency = agency
    context = {
        "agency": agency,
        "current": current,
        "waiting": waiting,
        "former": [one for one in records if one.state == FocalState.ENDED and one.valid_from],
        "nominates": may_nominate(actor, agency) and agency.is_open,
        "appoints": may_appoint(actor, agency) and agency.is_open,
        "confirms": current is not None and may_confirm_contact(actor, current),
        "citations": citations_for("FOC-01", "FOC-03", "FOC-05"),
        "history": history_lines(agency, only="Focal"),
    }
    return render(request, "agencies/focal_officer.html", context)


@signed_in
def nominate(request: Request, code: str) -> HttpResponse:
    """Propose a focal officer."""
    agency = visible_agency(request, code)
    actor = request.actor
    _require(may_nominate(actor, agency), "đề cử cán bộ đầu mối", "nominate a focal officer")

    def perform(entered: dict[str, Any]) -> str:
        found = commands.nominate_focal_officer(actor=actor, agency=agency, **entered)
        return _("%(name)s was nominated; the head of the agency decides next.") % {"name": found.full_name}

    heading = _("Nominate the focal officer of %(agency)s") % {"agency": agency.shown_name}
    act = _act(agency, heading, _("Nominate"))
    return act_page(request, act, forms.NominateForm, perform)


@signed_in
def appoint(request: Request, code: str, appointment_id: int) -> HttpResponse:
    """Appoint the nominated officer by decision."""
    agency, appointment = _found(request, code, appointment_id)
    actor = request.actor
    _require(may_appoint(actor, agency), "cử cán bộ đầu mối", "appoint a focal officer")

    def perform(entered: dict[str, Any]) -> str:
        commands.appoint_focal_officer(actor=actor, appointment=appointment, **entered)
        return _("%(name)s was appointed. Next: publish the five public fields.") % {
            "name": appointment.full_name
        }

    serving = agency.focal_appointments.filter(state__in=[FocalState.APPOINTED, FocalState.PUBLISHED]).first()
    effect = ""
    if serving is not None:
        effect = _("%(name)s ceases to be focal officer on the day before: there is one on any date.") % {
            "name": serving.full_name
        }
    heading = _("Appoint %(officer)s as focal officer") % {"officer": appointment.full_name}
    act = _act(agency, heading, _("Appoint"), effect=effect)
    initial = {
        "professional_field": appointment.professional_field,
        "capability": appointment.capability,
    }
    return act_page(request, act, forms.AppointForm, perform, initial=initial)


@signed_in
@require_POST
def publish(request: Request, code: str, appointment_id: int) -> HttpResponse:
    """Put the five public fields on the public directory."""
    agency, appointment = _found(request, code, appointment_id)
    commands.publish_focal_officer(actor=request.actor, appointment=appointment)
    messages.success(
        request, _("%(name)s now stands in the public directory.") % {"name": appointment.full_name}
    )
    return redirect("agencies-focal-officer", agency.code)


@signed_in
@require_GET
def decision(request: Request, code: str, appointment_id: int, form: str) -> HttpResponse:
    """The decision on a focal officer as Word, PDF or a workbook; a draft while it is not taken."""
    agency, appointment = _found(request, code, appointment_id)
    return paper_answer(
        focal_papers.decision_paper(appointment),
        focal_papers.decision_sheets(appointment),
        form,
        layout=layout_for(agency, focal_papers.KIND),
        name=f"quyet-dinh-can-bo-dau-moi {agency.code} {appointment.pk}",
    )


@signed_in
def confirm(request: Request, code: str, appointment_id: int) -> HttpResponse:
    """Confirm that the published contact still holds."""
    agency, appointment = _found(request, code, appointment_id)
    actor = request.actor
    _require(
        may_confirm_contact(actor, appointment),
        "xác nhận thông tin liên hệ của cán bộ đầu mối",
        "confirm a focal officer's contact",
    )

    def perform(entered: dict[str, Any]) -> str:
        commands.confirm_focal_contact(actor=actor, appointment=appointment, **entered)
        return _("The contact was confirmed today.")

    heading = _("Confirm the contact of %(officer)s") % {"officer": appointment.full_name}
    act = _act(agency, heading, _("Confirm the contact"))
    initial = {"phone": appointment.phone, "email": appointment.email}
    return act_page(request, act, forms.ConfirmContactForm, perform, initial=initial)


@signed_in
def end(request: Request, code: str, appointment_id: int) -> HttpResponse:
    """End the officer's term without a successor."""
    agency, appointment = _found(request, code, appointment_id)
    actor = request.actor
    _require(may_appoint(actor, agency), "kết thúc nhiệm vụ cán bộ đầu mối", "end a focal officer's term")

    def perform(entered: dict[str, Any]) -> str:
        commands.end_focal_officer(actor=actor, appointment=appointment, **entered)
        return _("The term of %(name)s ended; the agency is without a focal officer.") % {
            "name": appointment.full_name
        }

    heading = _("End the term of %(officer)s") % {"officer": appointment.full_name}
    effect = _(
        "The public directory then shows no focal officer. To replace, nominate the successor instead."
    )
    act = _act(agency, heading, _("End the term"), effect=effect, danger=True)
    return act_page(request, act, forms.EndForm, perform, initial={"valid_to": timezone.localdate()})


@signed_in
def withdraw(request: Request, code: str, appointment_id: int) -> HttpResponse:
    """Take back a nomination."""
    agency, appointment = _found(request, code, appointment_id)
    actor = request.actor
    _require(may_nominate(actor, agency), "rút đề cử cán bộ đầu mối", "withdraw a nomination")

    def perform(entered: dict[str, Any]) -> str:
        commands.withdraw_focal_nomination(actor=actor, appointment=appointment, **entered)
        return _("The nomination of %(name)s was withdrawn.") % {"name": appointment.full_name}

    heading = _("Withdraw the nomination of %(officer)s") % {"officer": appointment.full_name}
    act = _act(agency, heading, _("Withdraw the nomination"), danger=True)
    return act_page(request, act, forms.WithdrawForm, perform)


def _found(request: Request, code: str, appointment_id: int) -> tuple[Agency, FocalAppointment]:
    agency = visible_agency(request, code)
    records = FocalAppointment.objects.select_related("agency", "person")
    return agency, get_object_or_404(records, pk=appointment_id, agency=agency)


def _require(allowed: bool, act: str, act_en: str) -> None:
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)


def _act(agency: Agency, heading: str, submit: str, **more: Any) -> Act:
    crumbs = [
        (reverse("agencies-desk"), _("Agencies, focal officers")),
        (reverse("agencies-file", args=[agency.code]), agency.shown_name),
        (reverse("agencies-focal-officer", args=[agency.code]), _("Focal officer")),
    ]
    return Act(
        heading=heading,
        submit=submit,
        back=reverse("agencies-focal-officer", args=[agency.code]),
        crumbs=crumbs,
        **more,
    )
