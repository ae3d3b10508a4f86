"""Who sees what is inside a source: fewer people than know that the database exists."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.catalogue.access import (
    OWNING,
    READING,
    database_for,
    databases_visible_to,
    may_keep_secrets_of,
    may_own,
)
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import Campaign, CampaignPart, InformationSystem, QualityIssue, UpgradeItem


def may_look_inside(actor: Actor, database: Database) -> bool:
    """Whether the actor sees sources, looks and assessments: the database's own people, focal officer, keeper."""
    if may_own(actor, database):
        return True
    if database.is_secret:
        return may_keep_secrets_of(actor, database)
    ours = acts_for(actor, database.owner) or acts_for(actor, database.managing_unit)
    return actor.has(Role.FOCAL_OFFICER, Role.SECRETS_KEEPER) and ours


def inside_of(actor: Actor, code: str) -> Database:
    """The database with this code, whose inside the actor may see; 404 if it may not be known of."""
    database = database_for(actor, code)
    if not may_look_inside(actor, database):
        raise NotAllowed(
            act="xem nguồn, khảo sát, đánh giá của cơ sở dữ liệu", act_en="look inside this database"
        )
    return database


def require_inside(actor: Actor, database: Database) -> None:
    """Refuse unless the actor looks inside this database."""
    if not may_look_inside(actor, database):
        raise NotAllowed(act="xem dữ liệu trong cơ sở dữ liệu", act_en="look inside this database")


def may_reveal(actor: Actor, database: Database) -> bool:
    """Whether the actor may see values of personal columns: who works on the database as its owner, nobody above."""
    if actor.is_system:
        return True
    return may_own(actor, database) and actor.has(Role.DATABASE_OWNER, Role.SECRETS_KEEPER)


def require_reveal(actor: Actor, database: Database) -> None:
    """Refuse unless the actor may see values of personal columns."""
    if not may_reveal(actor, database):
        raise NotAllowed(act="xem giá trị của cột dữ liệu cá nhân", act_en="see values of personal columns")


def require_warning(actor: Actor, database: Database) -> None:
    """Refuse unless the actor may warn of the quality of this database: who looks inside it."""
    if not may_look_inside(actor, database):
        raise NotAllowed(act="mở phiếu cảnh báo chất lượng", act_en="open a quality warning")


@carries("SEC-01")
def issues_visible_to(actor: Actor) -> QuerySet[QualityIssue]:
    """The quality warnings of databases whose inside the actor may see."""
    if actor.is_system:
        return QualityIssue.objects.all()
    known = databases_visible_to(actor).select_related("owner", "managing_unit")
    inside = [database.pk for database in known if may_look_inside(actor, database)]
    return QualityIssue.objects.filter(database__in=inside)


def issue_for(actor: Actor, number: str) -> QualityIssue:
    """The quality warning of this number; 404 if it may not be known of."""
    found = issues_visible_to(actor).select_related(
        "database__owner", "database__managing_unit", "unit", "field", "clock__parameter", "clock__rule_set",
        "clock__provision", "opened_by", "rechecked",
    )  # fmt: skip
    issue = found.filter(number=number).first()
    if issue is None:
        raise NotFound(what=f"phiếu {number[:20]}", what_en=f"Warning {number[:20]}")
    return issue


def may_plan(actor: Actor, agency: Agency) -> bool:
    """Whether the actor prepares and runs the yearly inventory of an agency: its IT unit (INV-07)."""
    return actor.is_system or (actor.has(Role.IT_UNIT) and acts_for(actor, agency))


def may_approve(actor: Actor, agency: Agency) -> bool:
    """Whether the actor approves the programme of an agency: its head alone."""
    return actor.is_system or (actor.has(Role.HEAD) and actor.unit_id == str(agency.pk))


def may_fill(actor: Actor, part: CampaignPart) -> bool:
    """Whether the actor writes and sends what a unit has to say: who works on its databases."""
    return actor.is_system or (actor.has(*OWNING) and acts_for(actor, part.unit))


def campaigns_visible_to(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns of the actor's agency: those in which the own unit takes part, and those of units below."""
    if actor.is_system:
        return Campaign.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*READING):
        return Campaign.objects.none()
    above = [int(part) for part in own.path.strip("/").split("/")]
    visible = Q(agency_id__in=above)
    if actor.roles & REACHING_DOWN:
        visible |= Q(agency__path__startswith=own.path)
    return Campaign.objects.filter(visible)


def campaign_for(actor: Actor, number: str) -> Campaign:
    """The campaign of this number, or one refusal whether it is not there or may not be known of."""
    found = campaigns_visible_to(actor).select_related("agency").filter(number=number).first()
    if found is None:
        raise NotFound(what=f"đợt kiểm kê {number}", what_en=f"Campaign {number}")
    return found


def parts_visible_to(actor: Actor, campaign: Campaign) -> QuerySet[CampaignPart]:
    """The parts of a campaign: all for those of its agency, else those of the own unit and the units below."""
    parts = CampaignPart.objects.filter(campaign=campaign).select_related("unit", "campaign__agency")
    if actor.is_system or actor.unit_id == str(campaign.agency_id):
        return parts
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return parts.none()
    if campaign.agency.path.startswith(own.path) and actor.roles & REACHING_DOWN:
        return parts
    if actor.roles & REACHING_DOWN:
        return parts.filter(unit__path__startswith=own.path)
    line = [int(one) for one in own.path.strip("/").split("/")]
    return parts.filter(unit_id__in=line).exclude(unit=campaign.agency)


def part_for(actor: Actor, campaign: Campaign, code: str) -> CampaignPart:
    """The part of a unit in a campaign, or one refusal."""
    found = parts_visible_to(actor, campaign).filter(unit__code=code).first()
    if found is None:
        raise NotFound(what=f"đơn vị {code} trong đợt kiểm kê", what_en=f"Unit {code} in this campaign")
    return found


def systems_visible_to(actor: Actor) -> QuerySet[InformationSystem]:
    """The information systems of the actor's unit, and of units below for roles that reach down."""
    if actor.is_system or actor.has(Role.COORDINATING_MINISTRY):
        return InformationSystem.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*READING):
        return InformationSystem.objects.none()
    visible = Q(owner=own) | Q(operator=own)
    if actor.roles & REACHING_DOWN:
        visible |= Q(owner__path__startswith=own.path) | Q(operator__path__startswith=own.path)
    return InformationSystem.objects.filter(visible)


def system_for(actor: Actor, code: str) -> InformationSystem:
    """The system of this code, or one refusal whether it is not there or may not be known of."""
    found = systems_visible_to(actor).select_related("owner", "operator").filter(code=code).first()
    if found is None:
        raise NotFound(what=f"hệ thống thông tin {code}", what_en=f"Information system {code}")
    return found


def may_keep_system(actor: Actor, system: InformationSystem) -> bool:
    """Whether the actor works on a system's record, for its owner or operator."""
    if actor.is_system:
        return True
    return actor.has(*OWNING) and (acts_for(actor, system.owner) or acts_for(actor, system.operator))


@carries("SEC-01")
def upgrades_visible_to(actor: Actor) -> QuerySet[UpgradeItem]:
    """The upgrade items of the databases and systems that the actor may know of."""
    return UpgradeItem.objects.filter(
        Q(database__in=databases_visible_to(actor)) | Q(system__in=systems_visible_to(actor))
    )


def upgrade_for(actor: Actor, number: str) -> UpgradeItem:
    """The item of this number, or one refusal whether it is not there or may not be known of."""
    found = upgrades_visible_to(actor).select_related("database__owner", "database__managing_unit", "unit")
    item = (
        found.select_related("system__owner", "system__operator", "assessment").filter(number=number).first()
    )
    if item is None:
        raise NotFound(what=f"mục nâng cấp {number}", what_en=f"Upgrade item {number}")
    return item


def may_plan_upgrade(actor: Actor, item: UpgradeItem) -> bool:
    """Whether the actor takes an item into the plan and finds its funds: IT unit or head, of the unit or above.

    The item of a secret database stands in no plan (SEC-01).
    """
    if actor.is_system:
        return True
    if item.database is not None and item.database.is_secret:
        return False
    return actor.has(Role.IT_UNIT, Role.HEAD) and acts_for(actor, item.unit)


def may_carry_out(actor: Actor, item: UpgradeItem) -> bool:
    """Whether the actor carries an item out: who works on the database or the system."""
    if item.database is not None:
        return may_own(actor, item.database)
    return item.system is not None and may_keep_system(actor, item.system)


def require(allowed: bool, act: str, act_en: str) -> None:
    """Refuse what the actor may not do."""
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
