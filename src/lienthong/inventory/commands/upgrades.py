"""Items of the upgrade plan: proposed from every failed check, planned, funded, carried out, rechecked (C6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database
from lienthong.catalogue.queries import responsible_for
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.queries import provision_of

from .. import rules, yearly
from ..access import may_carry_out, may_keep_system, may_plan_upgrade, require
from ..addresses import upgrade_address
from ..errors import DeclineNotAllowed, StillFails
from ..events import (
    UpgradeBegun,
    UpgradeDeclined,
    UpgradeDone,
    UpgradeFunded,
    UpgradePrioritised,
    UpgradeProposed,
    UpgradeRechecked,
    UpgradeReopened,
    UpgradeWaitsForFunds,
)
from ..models import (
    OVER,
    Assessment,
    InformationSystem,
    Priority,
    UpgradeItem,
    UpgradeOrigin,
    UpgradeState,
)
from ..rechecking import look_again
from .campaigns import person

SERIES = "NC"
# What the law wants in the plan and nobody may decline.
REQUIRED = (yearly.SHAREABLE, yearly.CONNECTION, yearly.COMPLIANCE)
ACTS = {
    "plan": ("Xem xét, đưa vào kế hoạch nâng cấp", "Consider for the upgrade plan"),
    "fund": ("Bố trí kinh phí nâng cấp", "Find funds for the upgrade"),
    "begin": ("Bắt đầu thực hiện nâng cấp", "Begin the upgrade"),
    "carry_out": ("Thực hiện nâng cấp, kiểm tra lại", "Carry out the upgrade and recheck"),
    "finish": ("Kết luận kết quả kiểm tra lại", "Conclude after the recheck"),
}


@carries("UPG-01", "INV-08")
def propose_from_assessment(*, actor: Actor, assessment: Assessment) -> list[UpgradeItem]:
    """Propose for the upgrade plan what a concluded assessment found wrong: data not fit to be shared, grave defects.

    What is proposed or planned already is not proposed twice. A secret database is followed by its keepers alone.
    """
    database = assessment.database
    if database.is_secret or assessment.state != "concluded":
        return []
    made = []
    with transaction.atomic():
        if assessment.shareable is False:
            made.append(
                propose_item(
                    actor=actor,
                    database=database,
                    criterion=yearly.SHAREABLE,
                    origin=UpgradeOrigin.ASSESSMENT,
                    found_vi=f"Đánh giá năm {assessment.year}: dữ liệu chưa chia sẻ được. {assessment.reason}".strip(),
                    found_en=f"Assessment of {assessment.year}: the data are not fit to be shared. {assessment.reason}",
                    action=assessment.proposed_actions,
                    requirement="UPG-01",
                    assessment=assessment,
                )
            )
        for defect in yearly.defects_in(assessment.findings):
            made.append(
                propose_item(
                    actor=actor,
                    database=database,
                    criterion=defect.criterion,
                    origin=UpgradeOrigin.FINDING,
                    found_vi=_said(defect, "vi"),
                    found_en=_said(defect, "en"),
                    action=assessment.proposed_actions or "Sửa dữ liệu tại nguồn, đánh giá lại.",
                    requirement="INV-08",
                    assessment=assessment,
                    places=[list(place) for place in defect.places],
                )
            )
    return [item for item in made if item is not None]


def _said(defect: yearly.Defect, locale: str) -> str:
    try:
        text = rules.text_of_finding(defect.finding, locale)
    except (KeyError, IndexError, ValueError):
        text = str(defect.finding.get("code", ""))
    more = len(defect.places) - 1
    if not more:
        return text
    return f"{text} (và {more} chỗ khác)" if locale == "vi" else f"{text} (and {more} more)"


@carries("UPG-02", "UPG-03")
def propose_for_compliance(*, actor: Actor, database: Database, because: str) -> UpgradeItem | None:
    """Propose a database in operation that no longer meets its conditions for the upgrade plan."""
    if database.is_secret:
        return None
    with transaction.atomic():
        return propose_item(
            actor=actor,
            database=database,
            criterion=yearly.COMPLIANCE,
            origin=UpgradeOrigin.COMPLIANCE,
            found_vi=f"Không còn tuân thủ: {because}",
            found_en=f"No longer compliant: {because}",
            action="Khắc phục để đáp ứng lại các điều kiện đưa vào khai thác.",
            requirement="UPG-02",
        )


@carries("UPG-02")
def propose_for_system(
    *, actor: Actor, system: InformationSystem, faults: Sequence[str]
) -> UpgradeItem | None:
    """Propose a system in use that fails the check of connection for the upgrade plan."""
    with transaction.atomic():
        return propose_item(
            actor=actor,
            system=system,
            criterion=yearly.CONNECTION,
            origin=UpgradeOrigin.CONNECTION,
            found_vi=f"Hệ thống {yearly.fault_text(faults, 'vi')}",
            found_en=f"The system: {yearly.fault_text(faults, 'en')}",
            action="Nâng cấp để kết nối, chia sẻ dữ liệu được.",
            requirement="UPG-02",
        )


@carries("INV-08")
def propose_upgrade(
    *,
    actor: Actor,
    database: Database | None = None,
    system: InformationSystem | None = None,
    found: str,
    action: str,
) -> UpgradeItem:
    """Enter an item by hand: what is wrong, what is to be done. Publishes `UpgradeProposed`."""
    for name, name_en, given in (
        ("hiện trạng", "What is wrong", found),
        ("việc cần làm", "What is to be done", action),
    ):
        if not given.strip():
            raise InputRefused(name=name, name_en=name_en, why="chưa nhập", why_en="it is missing")
    if database is not None:
        from lienthong.catalogue.access import require_owner

        require_owner(actor, database, "đề xuất nâng cấp", "propose an upgrade")
        if database.is_secret:
            raise InputRefused(
                name="cơ sở dữ liệu",
                name_en="The database",
                why="do người giữ bí mật theo dõi riêng",
                why_en="its keepers follow it by themselves",
            )
    elif system is not None:
        require(may_keep_system(actor, system), "đề xuất nâng cấp", "propose an upgrade")
    with transaction.atomic():
        return propose_item(
            actor=actor,
            database=database,
            system=system,
            criterion=yearly.STATEMENT,
            origin=UpgradeOrigin.HAND,
            found_vi=nfc(found).strip(),
            found_en="",
            action=nfc(action).strip(),
            requirement="INV-08",
        )


def propose_item(
    *,
    actor: Actor,
    criterion: str,
    origin: str,
    found_vi: str,
    found_en: str,
    action: str,
    requirement: str,
    database: Database | None = None,
    system: InformationSystem | None = None,
    assessment: Assessment | None = None,
    places: Sequence[Sequence[str]] = (),
) -> UpgradeItem:
    """Put an item into the plan for an act that has its own right to do so; a live one of the criterion is kept."""
    live = UpgradeItem.objects.filter(database=database, system=system, criterion=criterion).exclude(
        state__in=OVER
    )
    item = live.select_for_update(of=("self",)).first() if criterion != yearly.STATEMENT else None
    latest = {
        "found_vi": found_vi,
        "found_en": found_en,
        "places": [list(place) for place in places],
        "assessment": assessment,
    }
    if item is not None:
        if item.state == UpgradeState.PROPOSED:
            for name, value in (latest | {"action": action}).items():
                setattr(item, name, value)
            item.save()
        return item
    unit = database.managing_unit if database is not None else _operator(system)
    item = UpgradeItem.objects.create(
        number=next_number(SERIES),
        database=database,
        system=system,
        unit=unit,
        origin=origin,
        criterion=criterion,
        action=action,
        requirement=requirement,
        provision=provision_of(requirement),
        priority=Priority.HIGH if criterion in REQUIRED else Priority.MEDIUM,
        proposed_by_id=person(actor),
        **latest,
    )
    publish(actor=actor, fact=UpgradeProposed(item_id=item.pk, number=item.number, criterion=criterion))
    _due(actor, item, "plan", planning=True)
    return item


def _operator(system: InformationSystem | None) -> Agency:
    if system is None:
        raise ValueError("an upgrade item is about a database or a system")
    return system.operator


def _due(actor: Actor, item: UpgradeItem, act: str, *, planning: bool = False) -> None:
    """Put the act that is now due on the list of who owes it, in place of the one before."""
    finish_work(actor=actor, subject=item)
    if planning:
        unit, role = unit_holding(item.unit, Role.IT_UNIT), str(Role.IT_UNIT)
    elif item.database is not None:
        unit, role = responsible_for(item.database)
    else:
        unit, role = unit_holding(item.unit, Role.DATABASE_OWNER), str(Role.DATABASE_OWNER)
    vi, en = ACTS[act]
    until = item.planned_until if act == "carry_out" else None
    zone = timezone.get_current_timezone()
    open_work(
        subject=item,
        act=act,
        title_vi=vi,
        title_en=en,
        about=f"{item.thing.name}: {item.found_vi}"[:300],
        url=upgrade_address(item.number),
        unit=unit,
        role=role,
        number=item.number,
        due_at=datetime.combine(until, time(23, 59), zone) if until else None,
    )


@carries("UPG-01", "INV-08")
def prioritise_upgrade(
    *,
    actor: Actor,
    item: UpgradeItem,
    priority: int,
    action: str = "",
    responsible: str = "",
    planned_until: date | None = None,
) -> UpgradeItem:
    """Take a proposed item into the plan: how urgent, who, until when. Publishes `UpgradePrioritised`."""
    require(may_plan_upgrade(actor, item), "đưa vào kế hoạch nâng cấp", "take it into the upgrade plan")
    if priority not in Priority.values:
        raise InputRefused(name="mức ưu tiên", name_en="The priority", why="từ 1 đến 3", why_en="from 1 to 3")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=item,
            step="prioritise",
            fact=UpgradePrioritised(item_id=item.pk, priority=priority),
            priority=priority,
            action=nfc(action).strip() or item.action,
            responsible=nfc(responsible).strip()[:200],
            planned_until=planned_until,
        )
        _due(actor, item, "fund", planning=True)
    return item


@carries("INV-08")
def decline_upgrade(*, actor: Actor, item: UpgradeItem, reason: str) -> UpgradeItem:
    """Not take up what the machine or an officer proposed, with the reason. What the law wants planned cannot be declined.

    Publishes `UpgradeDeclined`; raises `DeclineNotAllowed`.
    """
    require(may_plan_upgrade(actor, item), "không đưa vào kế hoạch nâng cấp", "decline this item")
    if item.criterion in REQUIRED:
        raise DeclineNotAllowed(number=item.number)
    said = nfc(yearly.require_decline_reason(reason))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=item,
            step="decline",
            fact=UpgradeDeclined(item_id=item.pk),
            reason=said,
            because=said,
        )
        finish_work(actor=actor, subject=item)
    return item


@carries("INV-08")
def fund_upgrade(*, actor: Actor, item: UpgradeItem, funding: str) -> UpgradeItem:
    """Name the funds of an item in the plan. Publishes `UpgradeFunded`."""
    require(may_plan_upgrade(actor, item), "bố trí kinh phí nâng cấp", "fund this item")
    said = nfc(yearly.require_funding(funding))[:300]
    with transaction.atomic():
        take_step(
            actor=actor,
            record=item,
            step="fund",
            fact=UpgradeFunded(item_id=item.pk, funding=said),
            funding=said,
        )
        _due(actor, item, "begin")
    return item


def leave_waiting_for_funds(*, actor: Actor, item: UpgradeItem) -> UpgradeItem:
    """Note that there are no funds for an item yet; it stays in the plan. Publishes `UpgradeWaitsForFunds`."""
    require(may_plan_upgrade(actor, item), "ghi nhận chờ kinh phí", "note that funds are awaited")
    with transaction.atomic():
        take_step(actor=actor, record=item, step="wait_for_funds", fact=UpgradeWaitsForFunds(item_id=item.pk))
        _due(actor, item, "fund", planning=True)
    return item


@carries("UPG-03")
def begin_upgrade(*, actor: Actor, item: UpgradeItem, continuity: str) -> UpgradeItem:
    """Begin the work, saying how existing connections are kept alive. Publishes `UpgradeBegun`."""
    require(may_carry_out(actor, item), "bắt đầu thực hiện nâng cấp", "begin this upgrade")
    said = nfc(yearly.require_continuity(continuity))
    with transaction.atomic():
        take_step(actor=actor, record=item, step="begin", fact=UpgradeBegun(item_id=item.pk), continuity=said)
        _due(actor, item, "carry_out")
    return item


@carries("INV-08", "UPG-03")
def recheck_upgrade(
    *, actor: Actor, item: UpgradeItem, compliance: str, passed: bool | None = None
) -> UpgradeItem:
    """Check again by the criterion of the finding, on what was looked at since the work began.

    An item that an officer entered is judged by the officer (`passed`). Publishes `UpgradeRechecked`; raises `NewLookMissing`
    where nothing newer was looked at.
    """
    require(may_carry_out(actor, item), "kiểm tra lại mục nâng cấp", "recheck this item")
    if item.state not in (UpgradeState.IN_PROGRESS, UpgradeState.RECHECKED):
        raise refused(item, "record_recheck")
    said = nfc(yearly.require_compliance(compliance))
    found = look_again(item, passed=passed)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=item,
            step="record_recheck",
            fact=UpgradeRechecked(
                item_id=item.pk, passed=bool(found["passed"]), found_vi=found["vi"], found_en=found["en"]
            ),
            found=found,
            compliance=said,
        )
        _due(actor, item, "finish", planning=True)
    return item


@carries("INV-08")
def finish_upgrade(*, actor: Actor, item: UpgradeItem) -> UpgradeItem:
    """Confirm that an item is done; refused while the same criterion still fails. Publishes `UpgradeDone`."""
    require(may_plan_upgrade(actor, item), "xác nhận hoàn thành nâng cấp", "confirm this item as done")
    if item.state == UpgradeState.RECHECKED and not item.has_passed:
        raise StillFails(
            number=item.number, found=item.recheck.get("vi", ""), found_en=item.recheck.get("en", "")
        )
    with transaction.atomic():
        take_step(actor=actor, record=item, step="finish", fact=UpgradeDone(item_id=item.pk))
        finish_work(actor=actor, subject=item)
    return item


@carries("INV-08")
def reopen_upgrade(*, actor: Actor, item: UpgradeItem, reason: str) -> UpgradeItem:
    """Reopen an item whose recheck fails, or that was done and fails again. Publishes `UpgradeReopened`."""
    require(
        may_plan_upgrade(actor, item) or may_carry_out(actor, item), "mở lại mục nâng cấp", "reopen this item"
    )
    said = nfc(yearly.require_return_reason(reason))
    with transaction.atomic():
        take_step(actor=actor, record=item, step="reopen", fact=UpgradeReopened(item_id=item.pk), reason=said)
        _due(actor, item, "begin")
    return item


def matters(item: UpgradeItem) -> dict[str, Any]:
    """What is told of an item to programs and in workbooks."""
    return {
        "number": item.number,
        "thing": item.thing.name,
        "state": str(item.state),
        "priority": item.priority,
    }
