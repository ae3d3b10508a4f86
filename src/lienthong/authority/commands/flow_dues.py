"""What is due on flows that are not in step: their term, whose work it is, who is told when it runs out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.tracing import carries
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock
from lienthong.law.queries import find_parameter

from ..addresses import flow_address
from ..flow_events import FlowEscalated, FlowFellLate
from ..flow_queries import (
    BRING_IN_STEP,
    DELAY,
    DIRECT_FLOW,
    ESCALATION,
    delay_clock,
    escalation_clock,
    flows_past_their_term,
    flows_to_escalate,
    longest_delay,
    named_in_law,
)
from ..models import SyncFlow
from .flows import tell_people_of

FELL_DUE, OVERDUE = "sync_due", "sync_overdue"


@carries("D278-12")
def begin_delay(actor: Actor, flow: SyncFlow, due: datetime) -> Clock | None:
    """Count the term within which the copy must be in step again, and put it on the list of the unit that answers.

    Where the law limits the delay it runs from the change of the source, as far as that is known; where the agency
    does, from the moment of the schedule.
    """
    running = delay_clock(flow)
    limit = longest_delay(flow)
    if running is None and limit is not None and limit.is_term:
        running = start_clock(
            actor=actor,
            subject=flow,
            key=DELAY,
            anchor_event=FELL_DUE,
            anchor_at=_behind_since(flow, due, by_law=not limit.is_agency_rule),
            database_code=named_in_law(flow) or None,
        )
    open_work(
        subject=flow,
        act=BRING_IN_STEP,
        title_vi="đưa bản sao khớp lại với nguồn",
        title_en="bring the copy in step again",
        about=f"{flow.database.name}, {flow.target_table}",
        url=flow_address(flow.number),
        unit=flow.responsible_unit,
        number=flow.number,
        clock=running,
    )
    return running


def _behind_since(flow: SyncFlow, due: datetime, *, by_law: bool) -> datetime:
    if flow.dataset is not None and flow.last_good_at is not None:
        newer = flow.dataset.versions.filter(published_at__gt=flow.last_good_at).order_by("published_at")
        first = newer.values_list("published_at", flat=True).first()
        if first is not None:
            return first
    if by_law and flow.last_good_at is not None:
        return flow.last_good_at
    return due


def end_terms(actor: Actor, flow: SyncFlow, outcome: str) -> None:
    """Stop what runs on a flow: it is in step again, or ended."""
    for clock in (delay_clock(flow), escalation_clock(flow)):
        if clock is not None:
            stop_clock(actor=actor, clock=clock, outcome=outcome)
    for act in (BRING_IN_STEP, DIRECT_FLOW):
        finish_work(actor=actor, subject=flow, act=act)
    if flow.late_since is not None or flow.escalated_at is not None:
        flow.late_since = flow.escalated_at = None
        flow.save(update_fields=["late_since", "escalated_at"])


@carries("D278-12")
def report_late_flows(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Tell those who answer for a flow that its term has run out, once; returns how many. Run by the tick.

    From then on the further term runs after which the head of the owner is to direct. Publishes `FlowFellLate`.
    """
    moment = now or timezone.now()
    told = 0
    for flow in flows_past_their_term(moment):
        with transaction.atomic():
            # Another worker may have been first.
            if not SyncFlow.objects.filter(pk=flow.pk, late_since=None).update(late_since=moment):
                continue
            flow.late_since = moment
            clock = delay_clock(flow)
            if find_parameter(ESCALATION) is not None and escalation_clock(flow) is None:
                start_clock(actor=actor, subject=flow, key=ESCALATION, anchor_event=OVERDUE, anchor_at=moment)
            event = publish(
                actor=actor,
                fact=FlowFellLate(
                    flow_id=flow.pk,
                    number=flow.number,
                    database_id=flow.database_id,
                    due_at=clock.due_at if clock is not None else moment,
                ),
            )
            tell_people_of(
                flow,
                f"Luồng {flow.number} quá hạn đồng bộ",
                f"Flow {flow.number} is past its term",
                event.pk,
            )
            told += 1
    return told


@carries("D278-12")
def escalate_late_flows(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Take every flow that stayed late to the head of the owner, once; returns how many. Run by the tick.

    Publishes `FlowEscalated`.
    """
    moment = now or timezone.now()
    taken_up = 0
    for flow in flows_to_escalate(moment):
        with transaction.atomic():
            if not SyncFlow.objects.filter(pk=flow.pk, escalated_at=None).update(escalated_at=moment):
                continue
            unit = unit_holding(flow.database.owner, Role.HEAD)
            open_work(
                subject=flow,
                act=DIRECT_FLOW,
                title_vi="luồng đồng bộ quá hạn: chỉ đạo xử lý",
                title_en="flow overdue: direct what is to be done",
                about=f"{flow.database.name}, {flow.target_table}",
                url=flow_address(flow.number),
                unit=unit,
                role=Role.HEAD,
                number=flow.number,
            )
            event = publish(
                actor=actor,
                fact=FlowEscalated(
                    flow_id=flow.pk,
                    number=flow.number,
                    unit_id=unit.pk,
                    unit=unit.name,
                    unit_en=unit.display_name("en"),
                ),
            )
            notify(
                people=people_in_role(unit, Role.HEAD),
                text_vi=f"Luồng {flow.number} quá hạn đồng bộ, đề nghị chỉ đạo",
                text_en=f"Flow {flow.number} is overdue and was taken up to you",
                url=flow_address(flow.number),
                event_id=str(event.pk),
            )
            taken_up += 1
    return taken_up
