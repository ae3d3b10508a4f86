"""The campaign of a year: planned, approved, opened, urged, surveyed as a whole, consolidated, closed (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError, InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.queries import clocks_of

from .. import yearly
from ..access import may_approve, may_fill, may_plan, require
from ..addresses import campaign_address, part_address
from ..errors import CampaignExists, DecisionMissing, NobodyToUrge, NothingToSurvey, PartsNotVerified
from ..events import (
    CampaignApproved,
    CampaignClosed,
    CampaignConsolidated,
    CampaignOpened,
    CampaignPlanned,
    CampaignSurveyed,
    ProgrammeAmended,
    ProgrammeReturned,
    UnitsUrged,
)
from ..models import (
    DEADLINE,
    Campaign,
    CampaignLook,
    CampaignPart,
    PartState,
    Source,
    SourceState,
    Survey,
)
from ..stocktaking import ending_of, progress_of, unfit_in, units_to_choose, year_of
from ..written_facts import campaign_facts
from . import campaign_work as work

SURVEY = "inventory.survey_campaign"
SERIES = "KK"


@carries("INV-07")
def plan_campaign(
    *,
    actor: Actor,
    agency: Agency,
    year: int,
    scope: str,
    guidance: str,
    place: str,
    units: Sequence[Agency],
) -> Campaign:
    """Prepare the programme of a year's inventory and submit it to the head of the agency.

    Publishes `CampaignPlanned`; raises `CampaignYearRefused`, `CampaignExists`, `ProgrammeMissing`.
    """
    require(may_plan(actor, agency), "lập chương trình kiểm kê", "prepare the programme of the inventory")
    yearly.require_year(year, timezone.localdate())
    yearly.require_programme(scope=scope, guidance=guidance, place=place, units=units)
    _require_own_units(agency, units)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        existing = Campaign.objects.filter(agency=agency, year=year).first()
        if existing is not None:
            raise CampaignExists(year=str(year), number=existing.number)
        campaign = Campaign.objects.create(
            number=next_number(SERIES, year=year),
            agency=agency,
            year=year,
            scope=nfc(scope).strip(),
            guidance=nfc(guidance).strip(),
            place=nfc(place).strip(),
            planned_by_id=person(actor),
        )
        _keep_parts(campaign, units)
        work.approval_due(campaign)
        publish(actor=actor, fact=CampaignPlanned(campaign_id=campaign.pk, year=year, units=len(units)))
    return campaign


@carries("INV-07")
def amend_programme(
    *, actor: Actor, campaign: Campaign, scope: str, guidance: str, place: str, units: Sequence[Agency]
) -> Campaign:
    """Change a programme that is not approved yet, and submit it anew. Publishes `ProgrammeAmended`."""
    require(may_plan(actor, campaign.agency), "sửa chương trình kiểm kê", "amend the programme")
    yearly.require_programme(scope=scope, guidance=guidance, place=place, units=units)
    _require_own_units(campaign.agency, units)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.state != "planned":
            raise CampaignExists(year=str(locked.year), number=locked.number)
        locked.scope, locked.guidance, locked.place = (
            nfc(scope).strip(),
            nfc(guidance).strip(),
            nfc(place).strip(),
        )
        locked.returned_because = ""
        locked.save(update_fields=["scope", "guidance", "place", "returned_because"])
        locked.parts.exclude(unit__in=list(units)).delete()
        _keep_parts(locked, units)
        work.approval_due(locked)
        publish(actor=actor, fact=ProgrammeAmended(campaign_id=locked.pk, units=len(units)))
    campaign.refresh_from_db()
    return campaign


def _require_own_units(agency: Agency, units: Sequence[Agency]) -> None:
    allowed = {unit.pk for unit in units_to_choose(agency)}
    strange = [unit.name for unit in units if unit.pk not in allowed]
    if strange:
        raise InputRefused(
            name="đơn vị tham gia",
            name_en="The units that take part",
            why=f"không trực thuộc {agency.name}: {yearly.told(strange)}",
            why_en=f"not right below {agency.display_name('en')}: {yearly.told(strange)}",
        )


def _keep_parts(campaign: Campaign, units: Sequence[Agency]) -> None:
    for unit in units:
        CampaignPart.objects.get_or_create(campaign=campaign, unit=unit)


@carries("INV-07")
def return_programme(*, actor: Actor, campaign: Campaign, reason: str) -> Campaign:
    """Send a programme back to the IT unit with a reason. Publishes `ProgrammeReturned`."""
    require(may_approve(actor, campaign.agency), "trả lại chương trình kiểm kê", "send the programme back")
    said = yearly.require_return_reason(reason)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.state != "planned":
            raise CampaignExists(year=str(locked.year), number=locked.number)
        locked.returned_because = nfc(said)
        locked.save(update_fields=["returned_because"])
        work.amendment_due(locked)
        publish(actor=actor, fact=ProgrammeReturned(campaign_id=locked.pk), reason=said)
    campaign.refresh_from_db()
    return campaign


@carries("INV-07")
def approve_campaign(*, actor: Actor, campaign: Campaign, number: str, day: date | None) -> Campaign:
    """Approve the programme of a year's inventory by a decision of the head. Publishes `CampaignApproved`."""
    require(may_approve(actor, campaign.agency), "phê duyệt chương trình kiểm kê", "approve the programme")
    if not number.strip() or day is None:
        raise DecisionMissing()
    take_step(
        actor=actor,
        record=campaign,
        step="approve",
        fact=CampaignApproved(campaign_id=campaign.pk, decision=number.strip()),
        number=number.strip(),
        day=day,
        by=person(actor),
    )
    work.opening_due(campaign)
    return campaign


@carries("INV-01")
def open_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Open an approved campaign: each unit is given its work and its term runs (before 31/12).

    Publishes `CampaignOpened`.
    """
    require(may_plan(actor, campaign.agency), "mở đợt kiểm kê", "open the campaign")
    anchor = yearly.anchor_of(campaign.year, timezone.localtime())
    with transaction.atomic():
        clock = start_clock(
            actor=actor, subject=campaign, key=DEADLINE, anchor_at=anchor, anchor_event="year"
        )
        vi, en = yearly.term_end(clock.due_on, clock.bound)
        take_step(
            actor=actor,
            record=campaign,
            step="open",
            fact=CampaignOpened(campaign_id=campaign.pk, due_vi=vi, due_en=en),
        )
        for part in campaign.parts.select_related("unit", "campaign__agency"):
            work.part_due(actor, part, anchor)
        work.running(actor, campaign)
    return campaign


@carries("INV-01")
def urge_units(*, actor: Actor, campaign: Campaign, units: Sequence[Agency] = ()) -> list[CampaignPart]:
    """Urge the units that have not sent their result: those named, or all; owners and heads of each are told.

    Publishes `UnitsUrged`; raises `NobodyToUrge`.
    """
    require(may_plan(actor, campaign.agency), "đôn đốc đơn vị", "urge units")
    waiting = campaign.parts.filter(state__in=[PartState.OPEN, PartState.RETURNED]).select_related("unit")
    if units:
        waiting = waiting.filter(unit__in=list(units))
    parts = list(waiting) if campaign.is_open else []
    if not parts:
        raise NobodyToUrge()
    ending = ending_of(campaign)
    with transaction.atomic():
        event = publish(
            actor=actor,
            fact=UnitsUrged(
                campaign_id=campaign.pk,
                count=len(parts),
                units=yearly.told([part.unit.name for part in parts]),
                unit_ids=tuple(part.unit_id for part in parts),
            ),
        )
        for part in parts:
            CampaignPart.objects.filter(pk=part.pk).update(
                urged_at=timezone.now(), times_urged=part.times_urged + 1
            )
            notify(
                people=_people_of(part),
                text_vi=f"Đôn đốc gửi kết quả kiểm kê năm {campaign.year}, hạn {ending.vi if ending else ''}: {part.unit.name}",
                text_en=f"The inventory of {campaign.year} is due {ending.en if ending else ''}: {part.unit.display_name('en')}",
                url=part_address(campaign.number, part.unit.code),
                event_id=str(event.pk),
            )
    return parts


def _people_of(part: CampaignPart) -> list[int]:
    owners = people_in_role(unit_holding(part.unit, Role.DATABASE_OWNER), Role.DATABASE_OWNER)
    return [*owners, *people_in_role(part.unit, Role.HEAD)]


@carries("INV-01")
def survey_campaign(
    *, actor: Actor, campaign: Campaign, part: CampaignPart | None = None, again: bool = False
) -> Job:
    """Look at every database of a campaign that has a source, or of one unit's part, as one job.

    A source that cannot be read is noted on its line and stops no other; what was read in this year's campaign is not read
    again unless asked. Raises `NothingToSurvey`.
    """
    if part is not None:
        require(may_fill(actor, part), "khảo sát các nguồn của đơn vị", "look at the unit's sources")
    else:
        require(may_plan(actor, campaign.agency), "khảo sát các nguồn của đợt kiểm kê", "look at all sources")
    wanted = databases_to_survey(campaign, part, again=again)
    if not campaign.is_open or not wanted:
        raise NothingToSurvey()
    about = f": {part.unit.name}" if part is not None else ""
    about_en = f": {part.unit.display_name('en')}" if part is not None else ""
    scope = f"{campaign.pk}:{part.pk if part is not None else 'all'}"
    return start_job(
        actor=actor,
        name=SURVEY,
        title_vi=f"Khảo sát nguồn, đợt kiểm kê {campaign.number}{about}",
        title_en=f"Look at the sources of campaign {campaign.number}{about_en}",
        subject=part or campaign,
        arguments={"campaign_id": campaign.pk, "databases": [one.pk for one in wanted]},
        only_once=f"{SURVEY}:{scope}",
    )


def databases_to_survey(
    campaign: Campaign, part: CampaignPart | None = None, *, again: bool = False
) -> list[Database]:
    """The databases with a source that this campaign has not read yet: never tried, or failed."""
    progress = progress_of(campaign, [part] if part is not None else None)
    start, _end = year_of(campaign)
    since = max(campaign.opened_at or start, start)
    read = set()
    if not again:
        read = set(
            CampaignLook.objects.filter(campaign=campaign, failed=False).values_list("database_id", flat=True)
        )
        read |= set(Survey.objects.filter(finished_at__gte=since).values_list("database_id", flat=True))
    bound = set(Source.objects.exclude(state=SourceState.RELEASED).values_list("database_id", flat=True))
    return [
        line.database
        for one in progress
        for line in one.databases
        if line.database.pk in bound and line.database.pk not in read
    ]


def keep_look(
    *, campaign: Campaign, database: Database, survey: Survey | None = None, error: Any = None
) -> CampaignLook:
    """Note how the survey of one database ended: read, or why not."""
    values: dict[str, Any] = {"survey": survey, "at": timezone.now(), "failed": error is not None}
    if error is not None and (isinstance(error, DomainError) or hasattr(error, "hint")):
        values |= {
            "code": error.code,
            "text_vi": error.text("vi"),
            "text_en": error.text("en"),
            "hint_vi": error.hint("vi"),
            "hint_en": error.hint("en"),
        }
    elif error is not None:
        values |= {
            "code": "inventory.look_broke",
            "text_vi": f"Khảo sát dừng vì lỗi ngoài dự kiến ({type(error).__name__}).",
            "text_en": f"The look stopped at an unforeseen fault ({type(error).__name__}).",
            "hint_vi": "Khảo sát lại riêng cơ sở dữ liệu này; nếu vẫn lỗi, báo người quản trị hệ thống.",
            "hint_en": "Look at this database alone; if it fails again, tell the administrator.",
        }
    else:
        values |= {"code": "", "text_vi": "", "text_en": "", "hint_vi": "", "hint_en": ""}
    look, _made = CampaignLook.objects.update_or_create(campaign=campaign, database=database, defaults=values)
    return look


def record_campaign_survey(*, actor: Actor, campaign: Campaign, databases: Sequence[int]) -> None:
    """Record that the survey of a campaign was carried through. Publishes `CampaignSurveyed`."""
    looks = CampaignLook.objects.filter(campaign=campaign, database__in=list(databases))
    failed = looks.filter(failed=True).count()
    with transaction.atomic():
        publish(
            actor=actor,
            fact=CampaignSurveyed(campaign_id=campaign.pk, done=looks.count() - failed, failed=failed),
        )


@carries("INV-06")
def consolidate_campaign(*, actor: Actor, campaign: Campaign, number: str, day: date | None) -> Campaign:
    """Draw up one report over all units, when each unit's result is verified; its facts are kept as they stand.

    Publishes `CampaignConsolidated`; raises `PartsNotVerified`.
    """
    require(may_plan(actor, campaign.agency), "tổng hợp kết quả kiểm kê", "consolidate the inventory")
    open_parts = campaign.parts.exclude(state=PartState.VERIFIED).select_related("unit")
    if campaign.is_open and open_parts.exists():
        names = [part.unit.name for part in open_parts]
        raise PartsNotVerified(count=len(names), names=yearly.told(names))
    dated = yearly.require_paper_date(
        day or timezone.localdate(), decided=campaign.decision_date, today=timezone.localdate(), at="day"
    )
    facts = campaign_facts(campaign, number=number.strip(), day=dated)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=campaign,
            step="consolidate",
            fact=CampaignConsolidated(
                campaign_id=campaign.pk,
                units=len(facts["units"]),
                databases=facts["totals"]["databases"],
                unfit=facts["totals"]["unfit"],
            ),
            facts=facts,
            number=number.strip(),
            day=dated,
            by=person(actor),
        )
        for clock in clocks_of(campaign).filter(stopped_at__isnull=True):
            stop_clock(actor=actor, clock=clock, outcome="consolidated")
        work.closing_due(actor, campaign)
    return campaign


@carries("UPG-01")
def close_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Close a campaign when everything judged not fit stands in the upgrade plan.

    Publishes `CampaignClosed`; raises `UpgradeMissing`.
    """
    require(may_plan(actor, campaign.agency), "đóng đợt kiểm kê", "close the campaign")
    with transaction.atomic():
        if campaign.state == "consolidated":
            missing = [one.name for one in unfit_in(campaign, progress_of(campaign)) if not one.is_planned]
            yearly.require_upgrades(missing)
        take_step(actor=actor, record=campaign, step="close", fact=CampaignClosed(campaign_id=campaign.pk))
        work.closed(actor, campaign)
    return campaign


def person(actor: Actor) -> int | None:
    """The person who acts, as a key of a record."""
    return int(actor.user_id) if actor.user_id else None


def campaign_url(campaign: Campaign) -> str:
    """Where a campaign is."""
    return campaign_address(campaign.number)
