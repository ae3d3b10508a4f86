"""The yearly inventory, information systems and upgrade items for programs, as their officer may know of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed

from .access import campaign_for, campaigns_visible_to, parts_visible_to, system_for, systems_visible_to
from .access import upgrades_visible_to as upgrades_known_to
from .models import InformationSystem, UpgradeItem
from .stocktaking import due_day, faults_of, progress_of

router = Router()


class CampaignOut(Schema):
    number: str
    agency: str
    year: int
    state: str
    units: int
    sent: int
    due_on: date | None


class CampaignsOut(Schema):
    items: list[CampaignOut]


class UnitOut(Schema):
    unit: str
    name: str
    state: str
    percent: int
    databases: int
    surveyed: int
    assessed: int
    systems: int
    reviewed: int
    submitted_at: datetime | None


class CampaignFileOut(CampaignOut):
    units: list[UnitOut]  # type: ignore[assignment]


class SystemOut(Schema):
    code: str
    name: str
    name_en: str
    kind: str
    owner: str
    operator: str
    connection: str
    standard: str
    safety_level: int | None
    state: str
    reviewed_at: datetime | None
    faults: list[str]


class SystemsOut(Schema):
    items: list[SystemOut]
    after: str | None


class UpgradeOut(Schema):
    number: str
    database: str
    system: str
    unit: str
    origin: str
    criterion: str
    found: str
    action: str
    priority: int
    state: str
    planned_until: date | None
    passed: bool | None


class UpgradesOut(Schema):
    items: list[UpgradeOut]
    after: str | None


@router.get("/inventory-campaigns", response=CampaignsOut, summary="Yearly inventories one may know of")
def inventory_campaigns(request: Request) -> dict[str, Any]:
    """The yearly inventories, the newest first."""
    actor = _officer(request)
    found = campaigns_visible_to(actor).select_related("agency")[:50]
    return {"items": [_campaign(actor, one) for one in found]}


@router.get("/inventory-campaigns/{number}", response=CampaignFileOut, summary="One yearly inventory by unit")
def inventory_campaign(request: Request, number: str) -> dict[str, Any]:
    """One yearly inventory: how far each unit is that one may know of."""
    actor = _officer(request)
    campaign = campaign_for(actor, number)
    progress = progress_of(campaign, list(parts_visible_to(actor, campaign)))
    units = [
        {
            "unit": one.part.unit.code,
            "name": one.part.unit.name,
            "state": one.part.state,
            "percent": one.percent,
            "databases": len(one.databases),
            "surveyed": one.surveyed,
            "assessed": one.assessed,
            "systems": len(one.systems),
            "reviewed": one.reviewed,
            "submitted_at": one.part.submitted_at,
        }
        for one in progress
    ]
    return _campaign(actor, campaign) | {"units": units}


def _campaign(actor: Actor, campaign: Any) -> dict[str, Any]:
    parts = list(parts_visible_to(actor, campaign))
    return {
        "number": campaign.number,
        "agency": campaign.agency.code,
        "year": campaign.year,
        "state": campaign.state,
        "units": len(parts),
        "sent": sum(part.is_in for part in parts),
        "due_on": due_day(campaign),
    }


@router.get("/information-systems", response=SystemsOut, summary="Information systems one may know of")
def information_systems(
    request: Request, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """The information systems by code; go on with `after`."""
    found = systems_visible_to(_officer(request)).filter(code__gt=after).select_related("owner", "operator")
    listed = list(found.order_by("code")[: limit + 1])
    return {
        "items": [_system(one) for one in listed[:limit]],
        "after": listed[limit - 1].code if len(listed) > limit else None,
    }


@router.get("/information-systems/{code}", response=SystemOut, summary="One information system")
def information_system(request: Request, code: str) -> dict[str, Any]:
    """One information system, with what it lacks for connection."""
    return _system(system_for(_officer(request), code))


def _system(system: InformationSystem) -> dict[str, Any]:
    return {
        "code": system.code,
        "name": system.name,
        "name_en": system.name_en,
        "kind": system.kind,
        "owner": system.owner.code,
        "operator": system.operator.code,
        "connection": system.connection,
        "standard": system.standard,
        "safety_level": system.safety_level,
        "state": system.state,
        "reviewed_at": system.reviewed_at,
        "faults": faults_of(system),
    }


@router.get("/upgrades", response=UpgradesOut, summary="Items of the upgrade plan one may know of")
def upgrades(
    request: Request,
    state: str = "",
    database: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The upgrade plan, newest first; go on with `after`."""
    exact = {"state": state, "database__code": database}
    found = upgrades_known_to(_officer(request)).filter(
        **{name: value for name, value in exact.items() if value}
    )
    if after:
        edge = found.filter(number=after).values_list("pk", flat=True).first()
        found = found.filter(pk__lt=edge or 0)
    listed = list(found.select_related("database", "system", "unit").order_by("-pk")[: limit + 1])
    return {
        "items": [_upgrade(item) for item in listed[:limit]],
        "after": listed[limit - 1].number if len(listed) > limit else None,
    }


def _upgrade(item: UpgradeItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "database": item.database.code if item.database else "",
        "system": item.system.code if item.system else "",
        "unit": item.unit.code,
        "origin": item.origin,
        "criterion": item.criterion,
        "found": item.found_vi,
        "action": item.action,
        "priority": item.priority,
        "state": item.state,
        "planned_until": item.planned_until,
        "passed": item.has_passed if item.recheck else None,
    }


def _officer(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(
            act="xem đợt kiểm kê, hệ thống, kế hoạch nâng cấp", act_en="see the yearly inventory"
        )
    return actor
