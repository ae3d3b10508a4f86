"""Copies compared with their sources: the record of both ends, the rows that differ, and what a proof brings about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused
from lienthong.inventory.vault import seal_values

from .. import flow_rules
from ..access import require
from ..flow_access import may_agree, may_work_on
from ..flow_errors import NeverRun
from ..flow_events import DiscrepanciesFound, FlowProved, FlowReconciled
from ..flow_queries import (
    CHECK_JOB,
    check_rhythm,
    checks_due,
    last_good_run,
    live_run,
    punctuality,
)
from ..flow_results import Compared
from ..models import Discrepancy, FlowState, Reconciliation, SyncFlow
from .carrying_out import carry_out_by_proof
from .flows import tell_people_of
from .following_up import follow_up

SERIES = "DS"


@carries("D278-12")
def start_reconciliation(*, actor: Actor, flow: SyncFlow) -> Job:
    """Compare a copy with its source now; both sides may ask for it. Raises `NeverRun`."""
    allowed = may_work_on(actor, flow) or may_agree(actor, flow)
    require(allowed, "đối soát", "reconcile this flow")
    if flow.state in {FlowState.DRAFT, FlowState.ENDED}:
        raise refused(flow, "activate")
    if flow.runs_here and last_good_run(flow) is None:
        raise NeverRun(number=flow.number)
    return order_reconciliation(actor, flow)


def order_reconciliation(actor: Actor, flow: SyncFlow) -> Job:
    return start_job(
        actor=actor,
        name=CHECK_JOB,
        title_vi=f"Đối soát theo luồng {flow.number}",
        title_en=f"Reconciliation, flow {flow.number}",
        subject=flow,
        arguments={"flow_id": flow.pk},
        only_once=f"authority.check:{flow.pk}",
    )


@carries("D278-12")
def start_due_reconciliations(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Compare every copy whose rhythm asks for it; returns how many. Run by the tick."""
    moment = now or timezone.now()
    started = 0
    for flow in checks_due(moment):
        due, wait = flow.next_check_at, check_rhythm(flow)
        if live_run(flow) is not None:
            continue
        with transaction.atomic():
            later = moment + wait if wait else None
            # Another worker may have been first.
            if not SyncFlow.objects.filter(pk=flow.pk, next_check_at=due).update(next_check_at=later):
                continue
            if flow.runs_here and flow.last_good_at is None:
                continue
            order_reconciliation(actor, flow)
            started += 1
    return started


@carries("D278-12", "OVL-04")
def record_reconciliation(
    *, actor: Actor, flow: SyncFlow, compared: Compared, job: Job | None = None
) -> Reconciliation:
    """Record one comparison of both ends: completeness, accuracy, timeliness, certificate, and each row that differs.

    The first certificate of equality proves the flow, and carries out the overlap case for which it was set up.
    Publishes `FlowReconciled`, `DiscrepanciesFound`, `FlowProved`.
    """
    now = timezone.now()
    with transaction.atomic():
        locked = SyncFlow.objects.select_for_update().get(pk=flow.pk)
        if job is not None:
            before = Reconciliation.objects.filter(job=job).first()
            if before is not None:
                return before
        found = _kept(actor, locked, compared, job, now)
        for one in Discrepancy.objects.filter(reconciliation__flow=locked, settled_at__isnull=True).exclude(
            reconciliation=found
        ):
            one.settled_at = now
            one.save(update_fields=["settled_at"])
        wait = check_rhythm(locked)
        locked.reconciled_at = now
        locked.next_check_at = now + wait if wait and locked.state == FlowState.ACTIVE else None
        # Rows that moved while they were read say nothing about the copy; those that are held back are no discrepancy.
        settled = found.is_equal or (found.held > 0 and not found.differing)
        locked.in_step = True if settled else False if found.differing else locked.in_step
        locked.held_back = found.held
        locked.save(update_fields=["reconciled_at", "next_check_at", "in_step", "held_back"])
        _told(actor, locked, found)
        follow_up(locked, found, compared.differences)
        if found.is_equal and locked.proved_at is None:
            _proved(actor, locked, now)
    flow.refresh_from_db()
    return found


def _kept(actor: Actor, flow: SyncFlow, compared: Compared, job: Job | None, now: datetime) -> Reconciliation:
    newest = flow.reconciliations.first()
    done = punctuality(flow, newest.made_at if newest is not None else None)
    figures = flow_rules.figures(
        source_rows=compared.source_rows,
        missing=compared.missing,
        changed=compared.changed,
        runs_due=done.due,
        runs_in_time=done.in_time,
    )
    behind = None
    if flow.last_good_at is not None:
        behind = max(0, int(((compared.target_at or now) - flow.last_good_at).total_seconds()))
    found = Reconciliation.objects.create(
        number=next_number(SERIES),
        flow=flow,
        run=last_good_run(flow),
        job=job,
        made_at=now,
        made_by=actor.user_id or actor.origin,
        source_at=compared.source_at,
        target_at=compared.target_at,
        source_rows=compared.source_rows,
        target_rows=compared.target_rows,
        missing=compared.missing,
        extra=compared.extra,
        changed=compared.changed,
        held=compared.held,
        held_by=list(compared.held_by),
        is_equal=compared.is_equal,
        completeness=figures.completeness,
        accuracy=figures.accuracy,
        timeliness=figures.timeliness,
        runs_due=done.due,
        runs_in_time=done.in_time,
        behind_seconds=behind,
        certificate=dict(compared.certificate),
        digest=compared.digest,
        listed=len(compared.differences),
    )
    Discrepancy.objects.bulk_create(
        Discrepancy(
            reconciliation=found,
            kind=one.kind,
            columns=list(one.columns),
            sealed=seal_values(
                {
                    "key": list(one.key),
                    "source": dict(one.left) if one.left is not None else None,
                    "copy": dict(one.right) if one.right is not None else None,
                }
            ),
        )
        for one in compared.differences
    )
    return found


def _told(actor: Actor, flow: SyncFlow, found: Reconciliation) -> None:
    verdict = (
        ("hai bên bằng nhau", "both sides are equal")
        if found.is_equal
        else (f"{found.differing} dòng sai lệch", f"rows that differ: {found.differing}")
        if found.differing
        else (f"bằng nhau, trừ {found.held} dòng đang giữ lại", f"equal but for {found.held} rows held back")
        if found.held
        else ("nguồn đang thay đổi", "the source was changing")
    )
    publish(
        actor=actor,
        fact=FlowReconciled(
            flow_id=flow.pk,
            reconciliation_id=found.pk,
            reconciliation=found.number,
            number=flow.number,
            is_equal=found.is_equal,
            missing=found.missing,
            extra=found.extra,
            changed=found.changed,
            verdict_vi=verdict[0],
            verdict_en=verdict[1],
        ),
    )
    if found.differing:
        event = publish(
            actor=actor,
            fact=DiscrepanciesFound(
                flow_id=flow.pk,
                reconciliation_id=found.pk,
                reconciliation=found.number,
                number=flow.number,
                database_id=flow.database_id,
                differing=found.differing,
            ),
        )
        tell_people_of(
            flow,
            f"Đối soát {found.number} của luồng {flow.number}: {found.differing} dòng sai lệch",
            f"Reconciliation {found.number} of flow {flow.number}: rows that differ: {found.differing}",
            event.pk,
        )


def _proved(actor: Actor, flow: SyncFlow, now: datetime) -> None:
    flow.proved_at = now
    flow.save(update_fields=["proved_at"])
    publish(actor=actor, fact=FlowProved(flow_id=flow.pk, number=flow.number, case_id=flow.case_id))
    if flow.case is not None:
        carry_out_by_proof(actor=actor, case=flow.case, on=timezone.localdate(now))
