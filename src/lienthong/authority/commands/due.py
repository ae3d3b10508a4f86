"""Which act on a case is due from whom, and what it holds up meanwhile."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock
from lienthong.law.queries import find_parameter

from ..access import superior_of
from ..addresses import case_address
from ..models import CaseState, Outcome, OverlapCase
from ..queries import STILL_COLLECTING, UNDECIDED_HOLD, decision_clock

# The steps of a database that wait for the decision of its overlaps.
HELD_STEPS = ("declare", "go_live")
# The term in which a case is to be decided, where the law or the agency has set one.
DECISION_TERM = "overlap.decision"
DETECTED = "overlap_detected"

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


def lift_case_holds(actor: Actor, case: OverlapCase, because: str) -> None:
    lift_holds(actor=actor, cause=case, because=because)


def put_on_list(actor: Actor, case: OverlapCase, act: str, unit: Agency, role: str) -> None:
    """Put the act that is now due on the list of the unit that owes it, in place of what was due before."""
    finish_work(actor=actor, subject=case)
    vi, en = TITLES[act]
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
        clock=_decision_clock(actor, case) if act in {"decide", "name_authority"} else None,
    )


def _decision_clock(actor: Actor, case: OverlapCase) -> Clock | None:
    """The term in which to decide the case, running since it was detected; none where nobody set one."""
    running = decision_clock(case)
    if running is not None:
        return running
    detected = timezone.localdate(case.detected_at)
    term = find_parameter(DECISION_TERM, on=detected)
    if term is None or not term.is_term:
        return None
    return start_clock(
        actor=actor, subject=case, key=DECISION_TERM, anchor_event=DETECTED, anchor_at=case.detected_at
    )


def end_decision_term(actor: Actor, case: OverlapCase) -> None:
    """Stop the term: the case is decided."""
    running = decision_clock(case)
    if running is not None:
        stop_clock(actor=actor, clock=running, outcome=case.outcome)


def ask_for_decision(actor: Actor, case: OverlapCase) -> None:
    """The next act of an undecided case: naming the authority where classes are equal, else the decision."""
    superior = superior_of(case) if case.needs_authority else None
    if superior is not None:
        put_on_list(actor, case, "name_authority", superior, Role.HEAD)
        return
    put_on_list(actor, case, "decide", case.assigned_to or case.lower.managing_unit, Role.DATABASE_OWNER)


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
        lift_case_holds(actor, case, because=vi)
        if case.outcome == Outcome.STOP_COLLECTING and case.state == CaseState.STOPPING:
            hold_until_stopped(actor, case)
