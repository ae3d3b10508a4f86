"""Reads of the yearly inventory: what belongs to each unit, how far each is, when it ends, what its papers say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.pagekit.burning import burn_up
from lienthong.foundation.tracing import carries
from lienthong.law.models import Clock
from lienthong.law.queries import calendar, clocks_of
from lienthong.law.rules import local_day, working_days_between

from . import yearly
from .models import (
    PLANNED,
    Assessment,
    AssessmentState,
    Campaign,
    CampaignPart,
    InformationSystem,
    PartState,
    Source,
    SourceState,
    Survey,
    SystemState,
    UpgradeItem,
)


@dataclass(frozen=True)
class DatabaseLine:
    """How far one database is in one year's campaign."""

    database: Database
    bound: bool
    surveyed_at: datetime | None
    assessment: Assessment | None

    @property
    def is_done(self) -> bool:
        return self.assessment is not None


@dataclass(frozen=True)
class SystemLine:
    """How far one system is: whether it was gone through this year, and what it lacks."""

    system: InformationSystem
    reviewed: bool
    faults: tuple[str, ...]


@dataclass
class PartProgress:
    """How far one unit is."""

    part: CampaignPart
    databases: list[DatabaseLine] = field(default_factory=list)
    systems: list[SystemLine] = field(default_factory=list)

    @property
    def surveyed(self) -> int:
        return sum(1 for line in self.databases if line.surveyed_at is not None)

    @property
    def assessed(self) -> int:
        return sum(1 for line in self.databases if line.is_done)

    @property
    def reviewed(self) -> int:
        return sum(1 for line in self.systems if line.reviewed)

    @property
    def percent(self) -> int:
        return yearly.completion(
            databases=len(self.databases),
            surveyed=self.surveyed,
            assessed=self.assessed,
            systems=len(self.systems),
            reviewed=self.reviewed,
            submitted=self.part.is_in,
        )

    @property
    def stage(self) -> str:
        """todo, running, returned, submitted or verified: what the bar of the unit is painted by."""
        if self.part.state in (PartState.SUBMITTED, PartState.VERIFIED, PartState.RETURNED):
            return str(self.part.state)
        return "running" if self.percent else "todo"


STAGES = ("returned", "todo", "running", "submitted", "verified")


def year_of(campaign: Campaign) -> tuple[datetime, datetime]:
    """The first moment of a campaign's year and that of the next."""
    zone = timezone.get_current_timezone()
    return datetime(campaign.year, 1, 1, tzinfo=zone), datetime(campaign.year + 1, 1, 1, tzinfo=zone)


def databases_in(campaign: Campaign) -> list[Database]:
    """The databases that a campaign covers; secret ones are kept by their keepers under their own rules (SEC-01)."""
    found = Database.objects.filter(
        managing_unit__path__startswith=campaign.agency.path, is_secret=False
    ).select_related("managing_unit", "owner")
    return list(found)


def databases_to_audit(agency: Agency) -> list[Database]:
    """What may be audited of an agency and its units: every database on record, never a secret one."""
    ours = Q(owner__path__startswith=agency.path) | Q(managing_unit__path__startswith=agency.path)
    found = Database.objects.filter(ours, is_secret=False).select_related("owner", "managing_unit")
    return list(found.order_by("sort_key", "pk"))


def systems_in(campaign: Campaign) -> list[InformationSystem]:
    """The systems that a campaign covers: those not out of use that its units operate."""
    found = InformationSystem.objects.filter(operator__path__startswith=campaign.agency.path)
    return list(found.exclude(state=SystemState.RETIRED).select_related("operator", "owner"))


@carries("INV-01", "INV-05")
def progress_of(campaign: Campaign, parts: Iterable[CampaignPart] | None = None) -> list[PartProgress]:
    """How far each unit is, worst first; about eight queries however many units take part."""
    every = list(CampaignPart.objects.filter(campaign=campaign).select_related("unit", "campaign__agency"))
    by_unit = {part.unit_id: PartProgress(part) for part in every}
    databases = databases_in(campaign)
    states = _states(campaign, databases)
    for database in databases:
        owner = _part_of(database.managing_unit, by_unit)
        if owner is not None:
            owner.databases.append(DatabaseLine(database, *states[database.pk]))
    start, end = year_of(campaign)
    for system in systems_in(campaign):
        owner = _part_of(system.operator, by_unit)
        if owner is not None:
            reviewed = system.reviewed_at is not None and start <= system.reviewed_at < end
            owner.systems.append(SystemLine(system, reviewed, tuple(faults_of(system))))
    wanted = {part.pk for part in parts} if parts is not None else None
    shown = [one for one in by_unit.values() if wanted is None or one.part.pk in wanted]
    return sorted(shown, key=lambda one: (STAGES.index(one.stage), one.percent, one.part.unit.sort_key))


def progress_of_part(part: CampaignPart) -> PartProgress:
    """How far one unit is."""
    return progress_of(part.campaign, [part])[0]


def _part_of(unit: Agency, by_unit: dict[int, PartProgress]) -> PartProgress | None:
    line = [int(one) for one in unit.path.strip("/").split("/")]
    return next((by_unit[pk] for pk in reversed(line) if pk in by_unit), None)


def _states(
    campaign: Campaign, databases: list[Database]
) -> dict[int, tuple[bool, datetime | None, Assessment | None]]:
    start, end = year_of(campaign)
    ids = [database.pk for database in databases]
    bound = set(
        Source.objects.filter(database__in=ids)
        .exclude(state=SourceState.RELEASED)
        .values_list("database_id", flat=True)
    )
    surveyed = dict(
        Survey.objects.filter(database__in=ids, finished_at__gte=start, finished_at__lt=end)
        .order_by()
        .values_list("database_id")
        .annotate(Max("finished_at"))
    )
    assessed: dict[int, Assessment] = {}
    concluded = Assessment.objects.filter(
        database__in=ids, state=AssessmentState.CONCLUDED, year=campaign.year
    )
    for assessment in concluded.select_related("survey").order_by("concluded_at", "pk"):
        assessed[assessment.database_id] = assessment
    return {pk: (pk in bound, surveyed.get(pk), assessed.get(pk)) for pk in ids}


def faults_of(system: InformationSystem) -> list[str]:
    """What a system in use lacks for connection and sharing; nothing is asked of one that is being built."""
    if system.state != SystemState.RUNNING:
        return []
    return yearly.connection_faults(
        connection=system.connection, standard=system.standard, safety_level=system.safety_level
    )


@dataclass(frozen=True)
class Ending:
    """When a campaign ends: as people say it, and how many working days are left (negative when over)."""

    clock: Clock
    vi: str
    en: str
    working_days: int

    @property
    def is_over(self) -> bool:
        return self.working_days < 0 or timezone.now() > self.clock.due_at

    @property
    def days_over(self) -> int:
        return max(-self.working_days, 0)


def ending_of(campaign: Campaign) -> Ending | None:
    """The end of a campaign's term; none before it was opened."""
    clock = clocks_of(campaign).first()
    if clock is None:
        return None
    vi, en = yearly.term_end(clock.due_on, clock.bound)
    today = timezone.localdate()
    days = calendar((today.year, clock.due_on.year))
    if today <= clock.due_on:
        left = working_days_between(today, clock.due_on, days)
    else:
        left = -working_days_between(clock.due_on, today, days)
    return Ending(clock, vi, en, left)


def burn_up_of(campaign: Campaign, parts: list[CampaignPart]) -> dict[str, Any]:
    """How the sent and the verified results grew from the opening to the end of the term."""
    ending = ending_of(campaign)
    if campaign.opened_at is None or ending is None:
        return {}
    start, today = local_day(campaign.opened_at), timezone.localdate()
    end = max(ending.clock.due_on, start)
    sent = [local_day(part.first_submitted_at) for part in parts if part.first_submitted_at]
    verified = [local_day(part.verified_at) for part in parts if part.verified_at]
    return {
        "start": start,
        "end": end,
        "today": today,
        "units": len(parts),
        "sent": burn_up(start, end, today, sent),
        "verified": burn_up(start, end, today, verified),
    }


@dataclass(frozen=True)
class Unfit:
    """Something judged not fit in a campaign, and the live item of the plan that answers it."""

    name: str
    unit: Agency
    item: UpgradeItem | None
    requirement: str = "UPG-01"
    shown_name: str = ""
    """The name in the reader's language; papers take the Vietnamese one."""

    @property
    def is_planned(self) -> bool:
        return self.item is not None and self.item.state in PLANNED


@carries("UPG-01", "UPG-02")
def unfit_in(campaign: Campaign, progress: list[PartProgress]) -> list[Unfit]:
    """The databases judged not fit to be shared and the systems that fail the check of connection."""
    items = UpgradeItem.objects.filter(
        Q(database__managing_unit__path__startswith=campaign.agency.path)
        | Q(system__operator__path__startswith=campaign.agency.path),
        criterion__in=[yearly.SHAREABLE, yearly.CONNECTION],
    ).order_by("pk")
    of_database: dict[int | None, UpgradeItem] = {}
    of_system: dict[int | None, UpgradeItem] = {}
    for item in items:
        kept = of_database if item.database_id else of_system
        kept[item.database_id or item.system_id] = item
    found = []
    for one in progress:
        for line in one.databases:
            if line.assessment is not None and line.assessment.shareable is False:
                plan = of_database.get(line.database.pk)
                shown = line.database.shown_name
                found.append(Unfit(line.database.name, one.part.unit, plan, "UPG-01", shown))
        for system in one.systems:
            if system.faults:
                plan = of_system.get(system.system.pk)
                shown = system.system.shown_name
                found.append(Unfit(system.system.name, one.part.unit, plan, "UPG-02", shown))
    return found


def units_to_choose(agency: Agency) -> list[Agency]:
    """The units that may take part: the agency itself and the open units right below it."""
    below = Agency.objects.filter(parent=agency, valid_to__isnull=True).order_by("sort_key")
    return [agency, *below]


def units_with_data(agency: Agency) -> set[int]:
    """The units, right below or the agency itself, that hold databases or systems."""
    held: set[str] = set(
        Database.objects.filter(managing_unit__path__startswith=agency.path, is_secret=False).values_list(
            "managing_unit__path", flat=True
        )
    )
    held |= set(
        InformationSystem.objects.filter(operator__path__startswith=agency.path).values_list(
            "operator__path", flat=True
        )
    )
    found = set()
    for unit in units_to_choose(agency):
        own = unit.path if unit.pk != agency.pk else None
        if any(path == unit.path if own is None else path.startswith(own) for path in held):
            found.add(unit.pk)
    return found


def upgrades_by_thing(
    databases: Iterable[int], systems: Iterable[int]
) -> dict[tuple[str, int], list[UpgradeItem]]:
    """The live upgrade items of databases and systems."""
    found: dict[tuple[str, int], list[UpgradeItem]] = defaultdict(list)
    live = UpgradeItem.objects.exclude(state__in=["done", "declined"])
    for item in live.filter(Q(database__in=list(databases)) | Q(system__in=list(systems))):
        if item.database_id is not None:
            found["database", item.database_id].append(item)
        elif item.system_id is not None:
            found["system", item.system_id].append(item)
    return found


def due_day(campaign: Campaign) -> date | None:
    """The last day of a campaign's term."""
    clock = clocks_of(campaign).first()
    return clock.due_on if clock else None
