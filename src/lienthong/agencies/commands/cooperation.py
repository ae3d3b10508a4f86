"""Matters between the focal officers of two agencies or units: ask, answer, ask further, settle, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import events
from lienthong.agencies.access import speaks_for
from lienthong.agencies.addresses import cooperation_address
from lienthong.agencies.errors import CooperationDuePast, CooperationIncomplete, CooperationWithOneself
from lienthong.agencies.models import Agency, Cooperation, CooperationNote
from lienthong.agencies.queries import people_in_role
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.rules import end_of

from .agencies import require_open
from .work import finish_work, open_work

ANSWER, READ = "answer_cooperation", "settle_cooperation"


@carries("FOC-04")
def ask_for_cooperation(
    *,
    actor: Actor,
    asking: Agency,
    asked: Agency,
    title: str,
    text: str,
    due_on: date,
    files: Sequence[Upload] = (),
) -> Cooperation:
    """Ask the focal officer of another agency or unit to settle a matter together, by a day.

    The focal officer, the IT unit or the head of the asking unit does. It comes into the other side's work with its
    day; both sides keep the whole history. Publishes `CooperationAsked`. Raises CooperationIncomplete,
    CooperationWithOneself, CooperationDuePast, AgencyNotOpen.
    """
    _require_speaker(actor, asking)
    if asking.pk == asked.pk:
        raise CooperationWithOneself()
    require_open(Agency.objects.get(pk=asked.pk))
    subject = nfc(title).strip()
    if not subject:
        raise CooperationIncomplete(at="title", name="nội dung cần phối hợp", name_en="subject")
    _require_day(due_on)
    with transaction.atomic():
        matter = Cooperation.objects.create(
            number=next_number("PH"), title=subject[:200], asking=asking, asked=asked, due_on=due_on
        )
        _say(actor, matter, asking, text, files)
        publish(
            actor=actor,
            fact=events.CooperationAsked(
                cooperation_id=matter.pk, asking=asking.name, asked=asked.name, due_on=due_on
            ),
        )
        _due_from_asked(matter)
    return matter


@carries("FOC-04")
def answer_cooperation(
    *, actor: Actor, cooperation: Cooperation, text: str, files: Sequence[Upload] = ()
) -> Cooperation:
    """Answer for the asked side; it comes into the asking side's work, to settle the matter or ask further.

    Publishes `CooperationAnswered`.
    """
    _require_speaker(actor, cooperation.asked)
    with transaction.atomic():
        matter = _locked(cooperation)
        _say(actor, matter, matter.asked, text, files)
        fact = events.CooperationAnswered(cooperation_id=matter.pk, asked=matter.asked.name)
        take_step(actor=actor, record=matter, step="answer", fact=fact)
        finish_work(actor=actor, subject=matter)
        unit, role = _spoken_for(matter.asking)
        open_work(
            subject=matter,
            act=READ,
            title_vi="xem trả lời, kết thúc phối hợp",
            title_en="read the answer and settle the matter",
            about=f"{matter.title} | {matter.asked.name}",
            url=cooperation_address(matter.number),
            unit=unit,
            role=role,
            number=matter.number,
        )
    return matter


@carries("FOC-04")
def ask_further(
    *, actor: Actor, cooperation: Cooperation, text: str, due_on: date, files: Sequence[Upload] = ()
) -> Cooperation:
    """Ask on, where the answer leaves something open. Publishes `CooperationAskedFurther`."""
    _require_speaker(actor, cooperation.asking)
    _require_day(due_on)
    with transaction.atomic():
        matter = _locked(cooperation)
        _say(actor, matter, matter.asking, text, files)
        fact = events.CooperationAskedFurther(
            cooperation_id=matter.pk, asking=matter.asking.name, due_on=due_on
        )
        take_step(actor=actor, record=matter, step="ask_further", fact=fact, due_on=due_on)
        finish_work(actor=actor, subject=matter)
        _due_from_asked(matter)
    return matter


@carries("FOC-04")
def close_cooperation(*, actor: Actor, cooperation: Cooperation, text: str = "") -> Cooperation:
    """Settle the matter; the asking side does. Publishes `CooperationClosed`."""
    _require_speaker(actor, cooperation.asking)
    with transaction.atomic():
        matter = _locked(cooperation)
        if text.strip():
            _say(actor, matter, matter.asking, text, ())
        fact = events.CooperationClosed(cooperation_id=matter.pk, asking=matter.asking.name)
        take_step(actor=actor, record=matter, step="close", fact=fact)
        finish_work(actor=actor, subject=matter)
    return matter


def withdraw_cooperation(*, actor: Actor, cooperation: Cooperation, reason: str = "") -> Cooperation:
    """Take the request back before it is answered. Publishes `CooperationWithdrawn`."""
    _require_speaker(actor, cooperation.asking)
    with transaction.atomic():
        matter = _locked(cooperation)
        fact = events.CooperationWithdrawn(cooperation_id=matter.pk, asking=matter.asking.name)
        take_step(actor=actor, record=matter, step="withdraw", fact=fact, reason=reason)
        finish_work(actor=actor, subject=matter)
    return matter


def _require_speaker(actor: Actor, unit: Agency) -> None:
    if not speaks_for(actor, unit):
        raise NotAllowed(act=f"phối hợp thay mặt {unit.name}", act_en=f"speak for {unit.name}")


def _require_day(day: date) -> None:
    if day < timezone.localdate():
        raise CooperationDuePast(given=f"{day:%d/%m/%Y}", given_en=day.isoformat())


def _say(
    actor: Actor, matter: Cooperation, unit: Agency, text: str, files: Sequence[Upload]
) -> CooperationNote:
    said = nfc(text).strip()
    if not said:
        raise CooperationIncomplete(at="text", name="nội dung", name_en="text")
    note = CooperationNote.objects.create(
        cooperation=matter,
        unit=unit,
        author_id=int(actor.user_id) if actor.user_id else None,
        text=said,
    )
    for upload in files:
        store_file(
            actor=actor,
            name=upload.name or "tep",
            chunks=upload.chunks(),
            media_type=upload.content_type or "application/octet-stream",
            subject=note,
        )
    return note


def _due_from_asked(matter: Cooperation) -> None:
    unit, role = _spoken_for(matter.asked)
    open_work(
        subject=matter,
        act=ANSWER,
        title_vi="trả lời đề nghị phối hợp",
        title_en="answer the request to cooperate",
        about=f"{matter.title} | {matter.asking.name}",
        url=cooperation_address(matter.number),
        unit=unit,
        role=role,
        due_at=end_of(matter.due_on),
        number=matter.number,
    )


def _spoken_for(unit: Agency) -> tuple[Agency, Role]:
    """Who does the speaking: the focal officer, or where nobody signs in as such, the IT unit or the head."""
    for role in (Role.FOCAL_OFFICER, Role.IT_UNIT, Role.HEAD):
        if people_in_role(unit, role):
            return unit, role
    return unit, Role.FOCAL_OFFICER


def _locked(cooperation: Cooperation) -> Cooperation:
    rows = Cooperation.objects.select_for_update(of=("self",)).select_related("asking", "asked")
    return rows.get(pk=cooperation.pk)
