"""The decision on an overlap case, and its review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import StepNotAllowed
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from .. import rules
from ..access import may_decide, may_sign_exception, require
from ..addresses import case_address
from ..errors import (
    AuthorityNotNamed,
    GroundMissing,
    MechanismMissing,
    OutcomeUnknown,
    ReasonMissing,
    ReviewDateMissing,
    ReviewDatePassed,
    StoredElsewhere,
)
from ..events import (
    ExceptionFellDue,
    ExceptionRequested,
    ExceptionReturned,
    OverlapDecided,
)
from ..models import (
    CaseState,
    Outcome,
    OverlapCase,
    SyncFrequency,
    SyncMechanism,
    SyncMethod,
)
from ..queries import due_exceptions
from .cases import assess_case
from .due import (
    OUTCOME_WORDS,
    ask_for_decision,
    ask_for_follow_up,
    note_standing,
    place_holds,
    settle_holds,
)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How the lower copy is to follow: method, frequency, who answers for it, and from when."""

    method: str = ""
    frequency: str = ""
    responsible_unit: Agency | None = None
    planned_from: date | None = None
    note: str = ""

    @property
    def missing(self) -> tuple[list[str], list[str]]:
        parts = (
            (self.method in SyncMethod.values, "phương thức", "method"),
            (self.frequency in SyncFrequency.values, "tần suất", "frequency"),
            (self.responsible_unit is not None, "đơn vị chịu trách nhiệm", "responsible unit"),
        )
        return [vi for given, vi, _ in parts if not given], [en for given, _, en in parts if not given]


@carries("OVL-01", "OVL-02", "OVL-03", "OVL-04", "OVL-05")
def decide_case(
    *,
    actor: Actor,
    case: OverlapCase,
    outcome: str,
    reason: str,
    mechanism: Mechanism | None = None,
    legal_ground: str = "",
    review_date: date | None = None,
) -> OverlapCase:
    """Decide an overlap case, with its reason.

    `must_synchronise` needs the mechanism (the source is the higher database); `exception` needs legal ground
    and review date and goes to the head, whose own decision is signed at once; `no_overlap` closes the case.
    A case whose pairs were not yet gone through is assessed with them as they stand. Publishes
    `OverlapDecided` once the consequence is settled, or `ExceptionRequested`. Raises `OutcomeUnknown`,
    `ReasonMissing`, `AuthorityNotNamed`, `MechanismMissing`, `GroundMissing`, `ReviewDateMissing`.
    """
    require(may_decide(actor, case), "kết luận hồ sơ chồng lấn", "decide this overlap case")
    reason = nfc(reason).strip()
    if outcome not in Outcome.values:
        raise OutcomeUnknown()
    if case.needs_authority and outcome in {Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING}:
        raise AuthorityNotNamed()
    if not reason:
        raise ReasonMissing()
    with transaction.atomic():
        if case.state in {CaseState.DETECTED, CaseState.ASSIGNED}:
            assess_case(actor=actor, case=case)
        if outcome == Outcome.MUST_SYNCHRONISE:
            _plan_sync(actor, case, reason, mechanism)
        elif outcome == Outcome.EXCEPTION:
            _ask_exception(actor, case, reason, nfc(legal_ground).strip(), review_date)
        else:
            step = "stop_collecting" if outcome == Outcome.STOP_COLLECTING else "find_no_overlap"
            take_step(actor=actor, record=case, step=step, fact=_decided(case, outcome), reason=reason)
        _keep_decision(actor, case, reason)
        if case.state == CaseState.EXCEPTION_ASKED and may_sign_exception(actor, case):
            sign_exception(actor=actor, case=case)
        elif case.state == CaseState.EXCEPTION_ASKED:
            ask_for_follow_up(actor, case)
        else:
            _settle(actor, case)
    return case


def _plan_sync(actor: Actor, case: OverlapCase, reason: str, mechanism: Mechanism | None) -> None:
    plan = mechanism or Mechanism()
    missing, missing_en = plan.missing
    if missing or plan.responsible_unit is None:
        raise MechanismMissing(missing=", ".join(missing), missing_en=", ".join(missing_en))
    if not rules.may_follow_by(plan.method, case.pair_class):
        raise StoredElsewhere()
    take_step(
        actor=actor,
        record=case,
        step="plan_sync",
        fact=_decided(case, Outcome.MUST_SYNCHRONISE),
        reason=reason,
    )
    SyncMechanism.objects.update_or_create(
        case=case,
        defaults={
            "source_database": case.higher,
            "method": plan.method,
            "frequency": plan.frequency,
            "responsible_unit": plan.responsible_unit,
            "planned_from": plan.planned_from,
            "note": nfc(plan.note).strip(),
        },
    )


def _ask_exception(
    actor: Actor, case: OverlapCase, reason: str, legal_ground: str, review_date: date | None
) -> None:
    if not legal_ground:
        raise GroundMissing()
    if review_date is None or review_date <= timezone.localdate():
        raise ReviewDateMissing()
    take_step(
        actor=actor,
        record=case,
        step="ask_exception",
        fact=ExceptionRequested(case_id=case.pk, number=case.number, review_date=review_date),
        reason=reason,
        legal_ground=legal_ground,
        review_date=review_date,
    )


def _keep_decision(actor: Actor, case: OverlapCase, reason: str) -> None:
    case.reason, case.decided_by_id, case.decided_at = reason, actor.user_id, timezone.now()
    case.save(update_fields=["reason", "decided_by", "decided_at"])


def _decided(case: OverlapCase, outcome: str) -> OverlapDecided:
    vi, en = OUTCOME_WORDS[Outcome(outcome)]
    return OverlapDecided(
        case_id=case.pk,
        number=case.number,
        lower_id=case.lower_id,
        higher_id=case.higher_id,
        outcome=outcome,
        outcome_vi=vi,
        outcome_en=en,
        requirement=case.requirement,
        review_date=case.review_date,
    )


def _settle(actor: Actor, case: OverlapCase) -> None:
    settle_holds(actor, case)
    ask_for_follow_up(actor, case)
    vi, en = OUTCOME_WORDS[Outcome(case.outcome)]
    notify(
        people=people_in_role(case.higher.managing_unit, Role.DATABASE_OWNER),
        text_vi=f"Hồ sơ {case.number} đã kết luận: {vi}",
        text_en=f"Case {case.number} was decided: {en}",
        url=case_address(case.number),
        event_id=f"{case.number}:{case.decided_at:%Y%m%d%H%M%S}",
    )


@carries("OVL-01")
def sign_exception(*, actor: Actor, case: OverlapCase) -> OverlapCase:
    """Sign an exception as the head of the agency that owns the lower copy; the case closes until its review
    date.

    Raises `ReviewDatePassed` when that day came while it waited: signed, it would be due at once.
    """
    require(may_sign_exception(actor, case), "ký ngoại lệ", "sign this exception")
    review = case.review_date
    if case.state == CaseState.EXCEPTION_ASKED and review is not None and review <= timezone.localdate():
        raise ReviewDatePassed(review_date=f"{review:%d/%m/%Y}")
    with transaction.atomic():
        take_step(actor=actor, record=case, step="sign_exception", fact=_decided(case, Outcome.EXCEPTION))
        case.signed_by_id = actor.user_id
        case.save(update_fields=["signed_by"])
        _settle(actor, case)
    return case


@carries("OVL-01")
def return_exception(*, actor: Actor, case: OverlapCase, reason: str) -> OverlapCase:
    """Return an exception unsigned: the case waits for another decision."""
    require(may_sign_exception(actor, case), "trả lại ngoại lệ", "return this exception")
    if not reason.strip():
        raise ReasonMissing()
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="return_exception",
            fact=ExceptionReturned(case_id=case.pk, number=case.number),
            reason=nfc(reason).strip(),
        )
        ask_for_decision(actor, case)
    return case


@carries("OVL-01")
def recall_due_exceptions(*, actor: Actor = SYSTEM, on: date | None = None) -> int:
    """Reopen every exception whose review date has come, once; returns how many. Run by the tick."""
    recalled = 0
    for case in due_exceptions(on or timezone.localdate()):
        try:
            _recall(actor, case)
        except StepNotAllowed:
            # Another worker was first.
            continue
        recalled += 1
    return recalled


def _recall(actor: Actor, case: OverlapCase) -> None:
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="reopen",
            fact=ExceptionFellDue(case_id=case.pk, number=case.number, review_date=case.review_date),
        )
        if rules.Proposal(case.proposed_outcome, case.requirement, case.pair_class).blocks_lower:
            place_holds(actor, case)
        note_standing(case)
        ask_for_decision(actor, case)
        _tell_of_review(case)


def _tell_of_review(case: OverlapCase) -> None:
    """Tell the owner of the lower copy, and the head who signed, that the exception is to be looked at again."""
    head = unit_holding(case.lower.owner, Role.HEAD)
    owners = unit_holding(case.lower.managing_unit, Role.DATABASE_OWNER)
    notify(
        people=[*people_in_role(owners, Role.DATABASE_OWNER), *people_in_role(head, Role.HEAD)],
        text_vi=f"Hồ sơ {case.number}: đến ngày xem xét lại ngoại lệ, phải kết luận lại",
        text_en=f"Case {case.number}: the exception is due for review and must be decided again",
        url=case_address(case.number),
        event_id=f"{case.number}:{case.reopened_at:%Y%m%d%H%M%S}",
    )
