"""Overlap findings, cases and flows for the demo and the tests, taken over by the same commands that the jobs use."""

from __future__ import annotations

from typing import Any

from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from . import commands, following, rules
from .commands import record_overlaps
from .models import FlowRun, OverlapCase, Reconciliation, RunCause, SyncFlow
from .queries import live_case_between


def make_pair(
    left: tuple[str, str] = ("xa", "ma_xa"),
    right: tuple[str, str] = ("ward", "ward_code"),
    *,
    share: float = 0.977,
    back: float = 0.031,
    **given: Any,
) -> rules.FoundPair:
    """Two columns found to hold the same: `share` of the left's values are in the right, `back` the other
    way.
    """
    values: dict[str, Any] = {
        "kind": "overlap",
        "score": 0.94,
        "level": 2,
        "is_key": True,
        "left_share": rules.Share(share, max(0.0, share - 0.027), min(1.0, share + 0.013)),
        "right_share": rules.Share(back, max(0.0, back - 0.007), min(1.0, back + 0.009)),
        "reasons": (
            {
                "code": "same_pattern",
                "vi": "cùng quy tắc 5 chữ số",
                "en": "same rule of 5 digits",
                "weight": 2.0,
                "value": 1.0,
            },
        ),
        "against": (
            {
                "code": "names_differ",
                "vi": "tên cột khác nhau",
                "en": "the names differ",
                "weight": -0.5,
                "value": 0.7,
            },
        ),
    }
    return rules.FoundPair(*left, *right, **(values | given))


def make_comparison(other: Database, *pairs: rules.FoundPair, **given: Any) -> rules.Comparison:
    """That a database overlaps with another, by one pair of keys unless others are given."""
    values: dict[str, Any] = {"overlaps": True, "pairs": pairs or (make_pair(),)}
    return rules.Comparison(other=other.pk, **(values | given))


def make_case(
    database: Database, other: Database, *pairs: rules.FoundPair, actor: Actor = SYSTEM
) -> OverlapCase:
    """The case of an overlap that a search of `database` found with `other`."""
    record_overlaps(actor=actor, database=database, job=None, comparisons=[make_comparison(other, *pairs)])
    case = live_case_between(database, other)
    if case is None:
        raise LookupError("the search opened no case")
    return case


def make_flow(database: Database, source: Database, *, actor: Actor = SYSTEM, **given: Any) -> SyncFlow:
    """A flow into a database from the live table `xa` of another, planned and agreed to, not mapped yet."""
    values: dict[str, Any] = {
        "source_kind": "live",
        "source_database": source,
        "source_table": "xa",
        "frequency": "daily",
        "responsible_unit": database.managing_unit,
    }
    flow = commands.plan_flow(actor=actor, database=database, **(values | given))
    if flow.needs_agreement:
        commands.agree_to_flow(actor=SYSTEM, flow=flow)
    return flow


def run_now(flow: SyncFlow, *, actor: Actor = SYSTEM, mending: bool = False, due: Any = None) -> FlowRun:
    """Run a flow here and now, without a job; what it did is recorded."""
    cause = RunCause.MENDING if mending else RunCause.PERSON if due is None else RunCause.SCHEDULE
    run = commands.begin_run(flow=flow, job=None, cause=cause, due=due)
    found = following.run_now(flow, cause=cause)
    return commands.record_run(actor=actor, run=run, ran=found)


def reconcile_now(flow: SyncFlow, *, actor: Actor = SYSTEM) -> Reconciliation:
    """Compare the copy of a flow with its source here and now, without a job; what was found is recorded."""
    # Nobody writes into the sources of the demo and the tests meanwhile.
    found = following.compare_now(flow, settle_seconds=0)
    return commands.record_reconciliation(actor=actor, flow=flow, compared=found)
