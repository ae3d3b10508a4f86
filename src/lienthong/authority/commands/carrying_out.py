"""The decision of an overlap case carried out: by proof where a copy is kept, by record where none is."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from ..access import is_set_aside, may_decide, require
from ..errors import ReasonMissing
from ..events import OverlapClosed, SynchronisationStarted
from ..flow_errors import EqualityNotProved
from ..flow_queries import is_carried_out_by_proof, proof_of
from ..models import CaseState, OverlapCase, Reconciliation
from .due import ask_for_follow_up, end_decision_term, lift_case_holds, note_standing


@carries("OVL-02", "OVL-04")
def start_synchronisation(
    *, actor: Actor, case: OverlapCase, started_on: date, note: str = ""
) -> OverlapCase:
    """Record that the lower copy follows its source since a date. Publishes `SynchronisationStarted`.

    Where a copy is kept this is not taken on anybody's word: a run and a certificate of equality must be there. Raises
    `EqualityNotProved`.
    """
    require(may_decide(actor, case), "ghi nhận đồng bộ", "record the synchronisation")
    if started_on > timezone.localdate():
        raise InputRefused(
            name="Ngày bắt đầu", name_en="Start", why="sau ngày hôm nay", why_en="it lies in the future"
        )
    _require_proof(case)
    _start(actor, case, started_on, nfc(note).strip())
    return case


@carries("OVL-01", "OVL-05")
def close_case(*, actor: Actor, case: OverlapCase, note: str) -> OverlapCase:
    """Close a case that was carried out: collection has stopped, or synchronisation runs; says how this was
    checked. Raises `EqualityNotProved` where a copy is kept and is not proved equal to its source.
    """
    require(may_decide(actor, case), "kết thúc hồ sơ chồng lấn", "close this overlap case")
    said = nfc(note).strip()
    if not said:
        raise ReasonMissing()
    if case.state == CaseState.SYNC_LIVE:
        _require_proof(case)
    _close(actor, case, said)
    return case


@carries("OVL-02", "OVL-04")
def carry_out_by_proof(*, actor: Actor, case: OverlapCase, on: date) -> OverlapCase:
    """Carry out a case whose copy was proved equal to its source: it follows from that day, and the case closes.

    Does nothing for a case that is not waiting for it, or whose side is secret.
    """
    case.refresh_from_db()
    proof = proof_of(case)
    if proof is None or is_set_aside(case):
        return case
    with transaction.atomic():
        if case.state == CaseState.SYNC_PLANNED:
            _start(actor, case, on, _said(proof))
        if case.state == CaseState.SYNC_LIVE:
            _close(actor, case, _said(proof))
    return case


def _said(proof: Reconciliation) -> str:
    return f"Luồng {proof.flow.number}, chứng nhận đối soát {proof.number}: hai bên bằng nhau."


def _require_proof(case: OverlapCase) -> None:
    """Refuse where the lower side keeps a copy and nothing proves that it equals its source."""
    if is_carried_out_by_proof(case) and proof_of(case) is None:
        raise EqualityNotProved(number=case.number)


def _start(actor: Actor, case: OverlapCase, started_on: date, note: str) -> None:
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="start_sync",
            fact=SynchronisationStarted(case_id=case.pk, number=case.number, started_on=started_on),
            reason=note,
        )
        mechanism = case.mechanism
        mechanism.started_on = started_on
        mechanism.save(update_fields=["started_on"])
        end_decision_term(actor, case)
        note_standing(case)
        ask_for_follow_up(actor, case)


def _close(actor: Actor, case: OverlapCase, note: str) -> None:
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="close",
            fact=OverlapClosed(case_id=case.pk, number=case.number, outcome=case.outcome),
            reason=note,
            note=note,
        )
        lift_case_holds(actor, case, because="đã kết thúc hồ sơ")
        end_decision_term(actor, case)
        note_standing(case)
        ask_for_follow_up(actor, case)
