"""The part of one unit: written, sent, sent back, verified."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import yearly
from ..access import may_fill, may_plan, require
from ..addresses import part_address
from ..events import PartReturned, PartSubmitted, PartVerified
from ..models import Campaign, CampaignPart, CampaignState, PartState
from ..stocktaking import progress_of_part
from ..written_facts import part_facts
from . import campaign_work as work
from .campaigns import person

WRITTEN = (
    "standards",
    "accuracy",
    "upkeep",
    "sharing",
    "other",
    "conclusion",
    "proposed_actions",
    "record_number",
)


def write_part(
    *, actor: Actor, part: CampaignPart, record_date: date | None = None, **written: str
) -> CampaignPart:
    """Keep what a unit has written of its result so far; nothing is sent."""
    require(may_fill(actor, part), "lập kết quả kiểm kê của đơn vị", "write the unit's result")
    with transaction.atomic():
        locked = CampaignPart.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if locked.is_in or not locked.campaign.is_open:
            raise refused(locked, "submit")
        for name in WRITTEN:
            if name in written:
                setattr(locked, name, nfc(written[name]).strip())
        locked.record_date = record_date
        locked.save()
    part.refresh_from_db()
    return part


@carries("INV-03", "INV-04", "INV-05", "INV-06")
def submit_part(*, actor: Actor, part: CampaignPart) -> CampaignPart:
    """Send a unit's result to the IT unit: built from the concluded assessments, kept as it stands on its date.

    Publishes `PartSubmitted`; raises `PartIncomplete` with what is missing, `StepNotAllowed` outside a running campaign.
    """
    require(may_fill(actor, part), "gửi kết quả kiểm kê của đơn vị", "send the unit's result")
    _require_running(part, "submit")
    progress = progress_of_part(part)
    if not part.is_in:
        yearly.require_complete(
            not_assessed=[line.database.name for line in progress.databases if not line.is_done],
            not_reviewed=[line.system.name for line in progress.systems if not line.reviewed],
            conclusion=part.conclusion,
            record_date=part.record_date,
        )
        yearly.require_paper_date(
            part.record_date or timezone.localdate(),
            decided=part.campaign.decision_date,
            today=timezone.localdate(),
            at="record_date",
        )
    with transaction.atomic():
        take_step(
            actor=actor,
            record=part,
            step="submit",
            fact=PartSubmitted(
                campaign_id=part.campaign_id,
                part_id=part.pk,
                unit=part.unit.name,
                databases=len(progress.databases),
                systems=len(progress.systems),
            ),
            facts=part_facts(part, progress, day=part.record_date or timezone.localdate()),
            by=person(actor),
        )
        work.part_sent(actor, part)
    return part


@carries("INV-07")
def return_part(*, actor: Actor, part: CampaignPart, reason: str) -> CampaignPart:
    """Send a unit's result back with what must be added; its term runs on. Publishes `PartReturned`."""
    require(may_plan(actor, part.campaign.agency), "trả lại kết quả kiểm kê", "send a result back")
    said = nfc(yearly.require_return_reason(reason))
    _require_running(part, "send_back")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=part,
            step="send_back",
            fact=PartReturned(campaign_id=part.campaign_id, part_id=part.pk, unit=part.unit.name),
            reason=said,
            because=said,
        )
        opened = part.campaign.opened_at or timezone.now()
        work.part_due(
            actor, part, yearly.anchor_of(part.campaign.year, timezone.localtime(opened)), "fill_again"
        )
        work.not_yet_consolidated(actor, part.campaign)
        notify(
            people=[
                *people_in_role(unit_holding(part.unit, Role.DATABASE_OWNER), Role.DATABASE_OWNER),
                *people_in_role(part.unit, Role.HEAD),
            ],
            text_vi=f"{part.campaign.number}: kết quả kiểm kê được trả lại. {said}"[:500],
            text_en=f"{part.campaign.number}: the result was sent back. {said}"[:500],
            url=part_address(part.campaign.number, part.unit.code),
        )
    return part


@carries("INV-07")
def verify_part(*, actor: Actor, part: CampaignPart) -> CampaignPart:
    """Verify a unit's result. Publishes `PartVerified`."""
    require(may_plan(actor, part.campaign.agency), "xác nhận kết quả kiểm kê", "verify a result")
    _require_running(part, "verify")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=part,
            step="verify",
            fact=PartVerified(campaign_id=part.campaign_id, part_id=part.pk, unit=part.unit.name),
            by=person(actor),
        )
        others = CampaignPart.objects.filter(campaign=part.campaign).exclude(state=PartState.VERIFIED)
        work.part_verified(actor, part, last=not others.exists())
    return part


def _require_running(part: CampaignPart, step: str) -> None:
    """Units and the IT unit work on results only while the campaign runs."""
    if not Campaign.objects.filter(pk=part.campaign_id, state=CampaignState.RUNNING).exists():
        raise refused(part, step)
