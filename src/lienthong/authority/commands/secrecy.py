"""What becomes of overlap cases when one of their databases becomes a state secret, or ceases to be one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from lienthong.agencies.commands import finish_work
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.tracing import carries

from .. import rules
from ..indexing import index_case
from ..models import CaseState, Outcome, OverlapCase
from ..queries import live_cases_with
from .due import (
    ask_for_decision,
    ask_for_follow_up,
    end_decision_term,
    hold_until_stopped,
    lift_case_holds,
    place_holds,
)
from .sketches import destroy_sketches_of


@carries("SEC-01")
def set_aside_cases(*, actor: Actor, database: Database) -> int:
    """Take every live case of a database that became a secret out of the ordinary work; returns how many.

    The other side is freed of its holds and owes nothing more: a hold or a due act would tell of what may not
    be known. The case itself stays as it is, and is seen by nobody who may not know of both databases.
    """
    destroy_sketches_of(actor=actor, database=database)
    count = 0
    for case in live_cases_with(database):
        with transaction.atomic():
            lift_case_holds(actor, case, because="chuyển ra khỏi quy trình này")
            end_decision_term(actor, case)
            finish_work(actor=actor, subject=case)
        count += 1
    for case in OverlapCase.objects.filter(Q(lower=database) | Q(higher=database)):
        index_case(case)
    return count


@carries("SEC-01")
def take_up_cases(*, actor: Actor, database: Database) -> int:
    """Go on with the live cases of a database that is no secret any more; returns how many."""
    count = 0
    for case in live_cases_with(database).filter(lower__is_secret=False, higher__is_secret=False):
        with transaction.atomic():
            if not case.is_decided:
                proposal = rules.Proposal(case.proposed_outcome, case.requirement, case.pair_class)
                if proposal.blocks_lower:
                    place_holds(actor, case)
                _ask_again(actor, case)
            else:
                if case.state == CaseState.STOPPING and case.outcome == Outcome.STOP_COLLECTING:
                    hold_until_stopped(actor, case)
                ask_for_follow_up(actor, case)
        count += 1
    for case in OverlapCase.objects.filter(Q(lower=database) | Q(higher=database)):
        index_case(case)
    return count


def _ask_again(actor: Actor, case: OverlapCase) -> None:
    if case.state == CaseState.EXCEPTION_ASKED:
        ask_for_follow_up(actor, case)
    else:
        ask_for_decision(actor, case)
