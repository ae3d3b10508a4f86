"""Matters between focal officers: their list, one matter with both sides' words, and each act."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthong.agencies import commands, forms
from lienthong.agencies.access import cooperations_visible_to, speaks_for
from lienthong.agencies.models import Cooperation, CooperationNote, CooperationState
from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.queries import files_of

from .acts import Act, act_page

SHOWN = 100


def cooperation_list(request: Request, waiting: int) -> HttpResponse:
    """The part “Phối hợp” of the inbox: matters in which one's unit takes part, the open ones first."""
    visible = cooperations_visible_to(request.actor).select_related("asking", "asked")
    open_ones = [matter for matter in visible if matter.is_open][:SHOWN]
    settled = [matter for matter in visible if not matter.is_open][:SHOWN]
    unit = unit_of(request.actor)
    context = {
        "here": reverse("agencies-inbox"),
        "waiting": waiting,
        "together": True,
        "groups": [
            (_("Open"), [_line(matter, unit) for matter in open_ones]),
            (_("Settled"), [_line(matter, unit) for matter in settled]),
        ],
        "may_ask": unit is not None and speaks_for(request.actor, unit),
    }
    return render(request, "agencies/cooperation_list.html", context)


def _line(matter: Cooperation, unit: Any) -> dict[str, Any]:
    return {
        "matter": matter,
        "other": matter.asked if unit is not None and matter.asking_id == unit.pk else matter.asking,
        "kind": _kind(matter),
        "late": matter.state == CooperationState.ASKED and matter.due_on < timezone.localdate(),
    }


def _kind(matter: Cooperation) -> str:
    kinds = {
        CooperationState.ASKED: "due",
        CooperationState.ANSWERED: "ok",
        CooperationState.CLOSED: "neutral",
    }
    return kinds.get(CooperationState(matter.state), "neutral")


@signed_in
def ask(request: Request) -> HttpResponse:
    """Put a matter to the focal officer of another agency or unit."""
    unit = unit_of(request.actor)
    if unit is None or not speaks_for(request.actor, unit):
        raise NotAllowed(act="đề nghị phối hợp", act_en="ask for cooperation")

    def perform(entered: dict[str, Any]) -> str:
        matter = commands.ask_for_cooperation(
            actor=request.actor, asking=unit, files=entered.pop("attached"), **entered
        )
        return _("%(number)s was sent to %(name)s.") % {
            "number": matter.number,
            "name": matter.asked.shown_name,
        }

    act = Act(
        heading=_("Ask for cooperation"),
        submit=_("Send the request"),
        back=f"{reverse('agencies-inbox')}?xem=phoi-hop",
        crumbs=[(reverse("agencies-inbox"), _("My work"))],
    )
    initial = {"asked": request.GET.get("hoi", "")[:60]}
    return act_page(
        request, act, forms.CooperationForm, perform, initial=initial, template="agencies/act_files.html"
    )


@signed_in
def matter(request: Request, number: str) -> HttpResponse:
    """One matter: what both sides said, with their files, and what happened."""
    found = _found(request, number)
    notes = found.notes.select_related("unit", "author")
    context = {
        "matter": found,
        "kind": _kind(found),
        "late": found.state == CooperationState.ASKED and found.due_on < timezone.localdate(),
        "notes": [(note, list(files_of(note))) for note in notes],
        "asks": speaks_for(request.actor, found.asking),
        "answers": speaks_for(request.actor, found.asked),
        "events": [
            {
                "at": event.occurred_at,
                "actor": event.who,
                "text": f"{event.sentence(request.LANGUAGE_CODE)}. {event.reason}".strip(),
                "href": "",
            }
            for event in history_of("agencies.cooperation", found.pk)[:SHOWN]
        ],
    }
    return render(request, "agencies/cooperation.html", context)


@signed_in
def answer(request: Request, number: str) -> HttpResponse:
    """Answer for the asked side."""
    found = _found(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.answer_cooperation(
            actor=request.actor, cooperation=found, text=entered["text"], files=entered["attached"]
        )
        return _("The answer was sent to %(name)s.") % {"name": found.asking.shown_name}

    return _act(
        request, found, _("Answer %(number)s"), _("Send the answer"), forms.CooperationAnswerForm, perform
    )


@signed_in
def further(request: Request, number: str) -> HttpResponse:
    """Ask on."""
    found = _found(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.ask_further(
            actor=request.actor,
            cooperation=found,
            text=entered["text"],
            due_on=entered["due_on"],
            files=entered["attached"],
        )
        return _("The question was sent to %(name)s.") % {"name": found.asked.shown_name}

    return _act(
        request, found, _("Ask further on %(number)s"), _("Send the question"), forms.AskFurtherForm, perform
    )


@signed_in
def close(request: Request, number: str) -> HttpResponse:
    """Settle the matter."""
    found = _found(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.close_cooperation(actor=request.actor, cooperation=found, **entered)
        return _("%(number)s is settled.") % {"number": found.number}

    return _act(
        request, found, _("Settle %(number)s"), _("Settle the matter"), forms.CloseCooperationForm, perform
    )


@signed_in
def withdraw(request: Request, number: str) -> HttpResponse:
    """Take the request back."""
    found = _found(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.withdraw_cooperation(actor=request.actor, cooperation=found, reason=entered["reason"])
        return _("%(number)s was withdrawn.") % {"number": found.number}

    return _act(
        request,
        found,
        _("Withdraw %(number)s"),
        _("Withdraw the request"),
        forms.WithdrawCooperationForm,
        perform,
        danger=True,
    )


@signed_in
def file(request: Request, number: str, file_id: int) -> FileResponse:
    """A file that belongs to the matter."""
    found = _found(request, number)
    notes = {str(pk) for pk in found.notes.values_list("pk", flat=True)}
    kind = CooperationNote._meta.label_lower
    kept = StoredFile.objects.filter(pk=file_id, subject_kind=kind, subject_id__in=notes).first()
    if kept is None or not (place := path_of(kept.sha256)).exists():
        raise Http404
    response = FileResponse(
        place.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: Request, number: str) -> Cooperation:
    visible = cooperations_visible_to(request.actor).select_related("asking", "asked")
    return get_object_or_404(visible, number=number)


def _act(
    request: Request, found: Cooperation, heading: str, submit: str, form: Any, perform: Any, **more: Any
) -> HttpResponse:
    act = Act(
        heading=heading % {"number": found.number},
        submit=submit,
        back=reverse("agencies-cooperation", args=[found.number]),
        crumbs=[
            (reverse("agencies-inbox"), _("My work")),
            (reverse("agencies-cooperation", args=[found.number]), found.number),
        ],
        **more,
    )
    return act_page(request, act, form, perform, template="agencies/act_files.html")
