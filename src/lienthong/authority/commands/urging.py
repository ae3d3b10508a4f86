"""What becomes of overlap cases that are left lying: urged, then taken one step up, then directed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused

from ..access import may_direct, may_urge, require
from ..addresses import case_address
from ..errors import DirectionDayRefused, DirectionMissing, NothingToUrge, UrgedToday
from ..events import OverlapDirected, OverlapEscalated, OverlapUrged
from ..models import OverlapCase
from ..queries import DIRECT, ESCALATION_TERM, cases_to_escalate, overdue_cases, work_due_on
from .due import begin_term, end_term, superiors_of

OVERDUE = "overlap_overdue"


@carries("OVL-05")
def urge_case(*, actor: Actor, case: OverlapCase) -> OverlapCase:
    """Urge those from whom an act on a case is due: who works on either side, or the coordinating ministry; once a
    day.

    Publishes `OverlapUrged`; raises `NothingToUrge`, `UrgedToday`.
    """
    require(may_urge(actor, case), "đôn đốc hồ sơ chồng lấn", "urge this overlap case")
    with transaction.atomic():
        locked = OverlapCase.objects.select_for_update().get(pk=case.pk)
        if not work_due_on(locked).exists():
            raise NothingToUrge(number=locked.number)
        if locked.urged_at is not None and timezone.localdate(locked.urged_at) == timezone.localdate():
            raise UrgedToday(number=locked.number)
        _urge(actor, locked, timezone.now())
    case.refresh_from_db()
    return case


@carries("OVL-05")
def urge_overdue_cases(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Urge every case on which something is past its day, once; returns how many. Run by the tick.

    From then on the term runs after which the case goes one step up.
    """
    moment = now or timezone.now()
    urged = 0
    for case in overdue_cases(moment):
        with transaction.atomic():
            # Another worker may have been first.
            taken = OverlapCase.objects.filter(pk=case.pk, urged_at=case.urged_at).update(urged_at=moment)
            if not taken:
                continue
            case.refresh_from_db()
            _urge(actor, case, moment)
            begin_term(actor, case, ESCALATION_TERM, OVERDUE, moment)
            urged += 1
    return urged


def _urge(actor: Actor, case: OverlapCase, moment: datetime) -> None:
    case.urged_at, case.times_urged = moment, case.times_urged + 1
    case.save(update_fields=["urged_at", "times_urged"])
    due = list(work_due_on(case))
    event = publish(
        actor=actor,
        fact=OverlapUrged(
            case_id=case.pk,
            number=case.number,
            act_vi="; ".join(one.title_vi for one in due),
            act_en="; ".join(one.title_en for one in due),
            times=case.times_urged,
        ),
    )
    for one in due:
        notify(
            people=_people(one.unit, one.role),
            text_vi=f"Đôn đốc hồ sơ {case.number}: {one.title_vi}",
            text_en=f"Case {case.number} is urged: {one.title_en}",
            url=case_address(case.number),
            event_id=str(event.pk),
        )


def _people(unit: Agency, role: str) -> list[int]:
    holding = str(role or Role.DATABASE_OWNER)
    return people_in_role(unit_holding(unit, holding), holding)


@carries("OVL-05")
def escalate_overdue_cases(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Take every case that was urged in vain one step up: the head of the owner, the head above both, the
    coordinating ministry; returns how many. Run by the tick.

    Whoever it reaches is to direct it. Publishes `OverlapEscalated`.
    """
    moment = now or timezone.now()
    taken_up = 0
    for case in cases_to_escalate(moment):
        with transaction.atomic():
            locked = OverlapCase.objects.select_for_update().get(pk=case.pk)
            if locked.times_escalated != case.times_escalated:
                # Another worker was first.
                continue
            end_term(actor, case, ESCALATION_TERM, "escalated")
            above = superiors_of(case)
            if case.times_escalated >= len(above) or not work_due_on(case).exists():
                continue
            _take_up(actor, case, above[case.times_escalated], moment)
            taken_up += 1
    return taken_up


def _take_up(actor: Actor, case: OverlapCase, target: tuple[Agency, str], moment: datetime) -> None:
    unit, role = target
    case.escalated_at, case.escalated_to, case.times_escalated = moment, unit, case.times_escalated + 1
    case.save(update_fields=["escalated_at", "escalated_to", "times_escalated"])
    finish_work(actor=actor, subject=case, act=DIRECT)
    open_work(
        subject=case,
        act=DIRECT,
        title_vi="hồ sơ chồng lấn quá hạn: chỉ đạo xử lý",
        title_en="overlap case overdue: direct what is to be done",
        about=f"{case.lower.name}, {case.higher.owner.name}",
        url=case_address(case.number),
        unit=unit,
        role=role,
        number=case.number,
        clock=begin_term(actor, case, ESCALATION_TERM, OVERDUE, moment),
    )
    event = publish(
        actor=actor,
        fact=OverlapEscalated(
            case_id=case.pk,
            number=case.number,
            unit_id=unit.pk,
            unit=unit.name,
            unit_en=unit.display_name("en"),
        ),
    )
    notify(
        people=_people(unit, role),
        text_vi=f"Hồ sơ {case.number} quá hạn, chuyển cấp trên chỉ đạo",
        text_en=f"Case {case.number} is overdue and was taken up to you",
        url=case_address(case.number),
        event_id=str(event.pk),
    )


@carries("OVL-05")
def direct_case(*, actor: Actor, case: OverlapCase, direction: str, until: date | None = None) -> OverlapCase:
    """Direct, as the head above or the coordinating ministry, what is to be done on a case, and by when.

    Those from whom it is due are told; if nothing follows, it goes one step further up. Publishes
    `OverlapDirected`; raises `DirectionMissing`, `DirectionDayRefused`.
    """
    require(may_direct(actor, case), "chỉ đạo xử lý hồ sơ chồng lấn", "direct this overlap case")
    text = nfc(direction).strip()
    if not text:
        raise DirectionMissing()
    if until is not None and until < timezone.localdate():
        raise DirectionDayRefused()
    with transaction.atomic():
        locked = OverlapCase.objects.select_for_update().get(pk=case.pk)
        due = list(work_due_on(locked))
        if not due:
            raise refused(locked, "close")
        locked.direction, locked.direct_until = text, until
        locked.directed_by_id, locked.directed_at = actor.user_id, timezone.now()
        locked.save(update_fields=["direction", "direct_until", "directed_by", "directed_at"])
        finish_work(actor=actor, subject=locked, act=DIRECT)
        if locked.times_escalated:
            end_term(actor, locked, ESCALATION_TERM, "directed")
            begin_term(actor, locked, ESCALATION_TERM, OVERDUE, _end_of(until))
        event = publish(
            actor=actor,
            reason=text,
            fact=OverlapDirected(case_id=locked.pk, number=locked.number, until=until),
        )
        for one in due:
            notify(
                people=_people(one.unit, one.role),
                text_vi=f"Có ý kiến chỉ đạo hồ sơ {locked.number}: {one.title_vi}",
                text_en=f"Case {locked.number} was directed: {one.title_en}",
                url=case_address(locked.number),
                event_id=str(event.pk),
            )
    case.refresh_from_db()
    return case


def _end_of(day: date | None) -> datetime:
    if day is None:
        return timezone.now()
    return datetime.combine(day + timedelta(days=1), time(0), timezone.get_current_timezone())
