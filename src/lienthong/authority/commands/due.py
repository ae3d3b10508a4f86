"""Which act on a case is due from whom, and what it holds up meanwhile."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import forget_copy, note_copy
from lienthong.catalogue.models import Standing
from lienthong.catalogue.national import coordinating_unit
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.foundation.tracing import carries
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock
from lienthong.law.queries import find_parameter

from ..access import superior_of
from ..addresses import case_address
from ..models import CaseState, Outcome, OverlapCase
from ..queries import (
    CARRY_OUT_TERM,
    DECISION_TERM,
    DIRECT,
    ESCALATION_TERM,
    STILL_COLLECTING,
    UNDECIDED_HOLD,
    running_term,
    work_due_on,
)

# The steps of a database that wait for the decision of its overlaps.
HELD_STEPS = ("declare", "go_live")
DETECTED, DECIDED, EXCEPTION_DUE = "overlap_detected", "overlap_decided", "exception_due"
# The acts that the term of decision counts; the others come after the decision.
BEFORE_THE_DECISION = frozenset({"decide", "name_authority", "sign_exception"})

OUTCOME_WORDS = {
    Outcome.MUST_SYNCHRONISE: ("đồng bộ từ nguồn chuẩn", "synchronise from the authority"),
    Outcome.STOP_COLLECTING: ("ngừng thu thập", "stop collecting"),
    Outcome.NO_OVERLAP: ("không chồng lấn", "no overlap"),
    Outcome.EXCEPTION: ("ngoại lệ", "exception"),
}

TITLES = {
    "decide": ("kết luận chồng lấn", "decide the overlap"),
    "name_authority": ("xác định nguồn chuẩn", "name the authority"),
    "sign_exception": ("ký ngoại lệ", "sign the exception"),
    "start_sync": ("chạy đồng bộ từ nguồn chuẩn", "start the synchronisation"),
    "stop_collecting": ("ngừng thu thập", "stop collecting"),
}


def place_holds(actor: Actor, case: OverlapCase) -> None:
    """Hold the lower database's declaration and go-live until the case is decided."""
    for step in HELD_STEPS:
        place_hold(
            actor=actor,
            subject=case.lower,
            step=step,
            code=UNDECIDED_HOLD,
            text_vi=f"Hồ sơ chồng lấn {case.number} chưa kết luận.",
            text_en=f"Overlap case {case.number} is not decided.",
            provision=case.requirement,
            cause=case,
            url=case_address(case.number),
        )


def hold_until_stopped(actor: Actor, case: OverlapCase) -> None:
    """Hold the lower database until it no longer collects what is collected elsewhere (OVL-01, OVL-03)."""
    for step in HELD_STEPS:
        place_hold(
            actor=actor,
            subject=case.lower,
            step=step,
            code=STILL_COLLECTING,
            text_vi=f"Theo kết luận hồ sơ {case.number}, phải ngừng thu thập dữ liệu trùng trước.",
            text_en=f"By the decision in case {case.number}, the duplicate collection must stop first.",
            provision=case.requirement,
            cause=case,
            url=case_address(case.number),
        )


# What the record of the lower copy says in each state of its case that is not the end.
STANDINGS = {
    CaseState.SYNC_PLANNED: Standing.SYNCHRONISE,
    CaseState.SYNC_LIVE: Standing.SYNCHRONISE,
    CaseState.STOPPING: Standing.STOP,
}
# And once it is closed, by its outcome; a case without an overlap leaves nothing.
STANDINGS_AT_THE_END = {
    Outcome.MUST_SYNCHRONISE: Standing.SYNCHRONISE,
    Outcome.STOP_COLLECTING: Standing.STOPPED,
    Outcome.EXCEPTION: Standing.EXCEPTION,
}


@carries("OVL-01", "OVL-02", "OVL-04")
def note_standing(case: OverlapCase) -> None:
    """Leave on the catalogue's record of the lower copy how it stands to the other: source, method, frequency, who
    answers for it; or that it is not decided, stops, or stands apart until when.
    """
    standing: str | None
    if case.state == CaseState.CLOSED:
        standing = STANDINGS_AT_THE_END.get(Outcome(case.outcome))
    elif case.state in STANDINGS:
        standing = STANDINGS[CaseState(case.state)]
    else:
        standing = Standing.NAME_AUTHORITY if case.needs_authority else Standing.UNDECIDED
    if standing is None:
        forget_copy(number=case.number)
        return
    settled = case.signed_at or case.decided_at
    mechanism = getattr(case, "mechanism", None) if standing == Standing.SYNCHRONISE else None
    excepted = standing == Standing.EXCEPTION
    note_copy(
        number=case.number,
        database=case.lower,
        source=case.higher,
        standing=standing,
        requirement=case.requirement,
        method=mechanism.method if mechanism else "",
        frequency=mechanism.frequency if mechanism else "",
        responsible_unit=mechanism.responsible_unit if mechanism else None,
        started_on=mechanism.started_on if mechanism else None,
        legal_ground=case.legal_ground if excepted else "",
        review_date=case.review_date if excepted else None,
        decided_on=timezone.localdate(settled) if settled and case.is_decided else None,
    )


def lift_case_holds(actor: Actor, case: OverlapCase, because: str) -> None:
    lift_holds(actor=actor, cause=case, because=because)


def put_on_list(actor: Actor, case: OverlapCase, act: str, unit: Agency, role: str) -> None:
    """Put the act that is now due on the list of the unit that owes it, in place of what was due before.

    A direction asked of a superior stays due until it is given, or the case is decided.
    """
    for done in work_due_on(case).values_list("act", flat=True):
        finish_work(actor=actor, subject=case, act=done)
    vi, en = TITLES[act]
    before = act in BEFORE_THE_DECISION
    clock = _decision_clock(actor, case) if before else _carry_out_clock(actor, case, act)
    open_work(
        subject=case,
        act=act,
        title_vi=vi,
        title_en=en,
        about=f"{case.lower.name}, {case.higher.owner.name}",
        url=case_address(case.number),
        unit=unit,
        role=role,
        number=case.number,
        clock=clock,
        due_at=None if before else _planned_start(case),
    )


def _decision_clock(actor: Actor, case: OverlapCase) -> Clock | None:
    """The term in which to decide the case, running since it was found or opened again; none where nobody set
    one.
    """
    event = DETECTED if case.reopened_at is None else EXCEPTION_DUE
    return begin_term(actor, case, DECISION_TERM, event, case.waits_since)


def _carry_out_clock(actor: Actor, case: OverlapCase, act: str) -> Clock | None:
    """The term in which the decision is to be carried out; where a day was planned, that day holds instead."""
    if act == "start_sync" and _planned_start(case) is not None:
        return None
    return begin_term(
        actor, case, CARRY_OUT_TERM, DECIDED, case.signed_at or case.decided_at or timezone.now()
    )


def _planned_start(case: OverlapCase) -> datetime | None:
    """The end of the day on which the synchronisation is planned to run."""
    if case.state != CaseState.SYNC_PLANNED or case.mechanism.planned_from is None:
        return None
    zone = timezone.get_current_timezone()
    return datetime.combine(case.mechanism.planned_from + timedelta(days=1), time(0), zone)


def begin_term(actor: Actor, case: OverlapCase, key: str, event: str, anchor_at: datetime) -> Clock | None:
    """Begin to count a term of a case, or give back the one that runs; none where nobody set one."""
    running = running_term(case, key)
    if running is not None:
        return running
    term = find_parameter(key, on=timezone.localdate(anchor_at))
    if term is None or not term.is_term:
        return None
    return start_clock(actor=actor, subject=case, key=key, anchor_event=event, anchor_at=anchor_at)


def end_term(actor: Actor, case: OverlapCase, key: str, outcome: str = "") -> None:
    """Stop a term of a case, if it runs."""
    running = running_term(case, key)
    if running is not None:
        stop_clock(actor=actor, clock=running, outcome=outcome or case.outcome)


def end_decision_term(actor: Actor, case: OverlapCase) -> None:
    """Stop the terms of the present matter, and what was asked of superiors about it: it is settled."""
    for key in (DECISION_TERM, CARRY_OUT_TERM, ESCALATION_TERM):
        end_term(actor, case, key)
    finish_work(actor=actor, subject=case, act=DIRECT)
    if case.times_escalated:
        OverlapCase.objects.filter(pk=case.pk).update(times_escalated=0)
        case.times_escalated = 0


def ask_for_decision(actor: Actor, case: OverlapCase) -> None:
    """The next act of an undecided case: naming the authority where classes are equal, else the decision."""
    if case.needs_authority:
        naming = naming_unit(case)
        if naming is not None:
            put_on_list(actor, case, "name_authority", *naming)
            return
    put_on_list(actor, case, "decide", case.assigned_to or case.lower.managing_unit, Role.DATABASE_OWNER)


def naming_unit(case: OverlapCase) -> tuple[Agency, str] | None:
    """Who names the authority: the head of the nearest common superior, else the coordinating ministry."""
    superior = superior_of(case)
    if superior is not None:
        return superior, Role.HEAD
    coordinating = coordinating_unit()
    return (coordinating, Role.COORDINATING_MINISTRY) if coordinating is not None else None


def superiors_of(case: OverlapCase) -> list[tuple[Agency, str]]:
    """To whom an overdue case goes, step by step: the head of the owner, the head above both, the coordinating
    ministry; none of those from whom the act itself is due.
    """
    above = [(unit_holding(case.lower.owner, Role.HEAD), str(Role.HEAD))]
    superior = superior_of(case)
    if superior is not None:
        above.append((unit_holding(superior, Role.HEAD), str(Role.HEAD)))
    coordinating = coordinating_unit()
    if coordinating is not None:
        above.append((coordinating, str(Role.COORDINATING_MINISTRY)))
    owing = {(due.unit_id, due.role) for due in work_due_on(case)}
    return [(unit, role) for unit, role in dict.fromkeys(above) if (unit.pk, role) not in owing]


def ask_for_follow_up(actor: Actor, case: OverlapCase) -> None:
    """The next act of a decided case."""
    if case.state == CaseState.EXCEPTION_ASKED:
        put_on_list(actor, case, "sign_exception", case.lower.owner, Role.HEAD)
    elif case.state == CaseState.SYNC_PLANNED:
        put_on_list(actor, case, "start_sync", case.mechanism.responsible_unit, "")
    elif case.state == CaseState.STOPPING:
        put_on_list(actor, case, "stop_collecting", case.lower.managing_unit, Role.DATABASE_OWNER)
    else:
        finish_work(actor=actor, subject=case)


def settle_holds(actor: Actor, case: OverlapCase) -> None:
    """What the decision frees, and what it holds from now on."""
    vi, _en = OUTCOME_WORDS[Outcome(case.outcome)]
    with transaction.atomic():
        end_decision_term(actor, case)
        note_standing(case)
        lift_case_holds(actor, case, because=vi)
        if case.outcome == Outcome.STOP_COLLECTING and case.state == CaseState.STOPPING:
            hold_until_stopped(actor, case)
