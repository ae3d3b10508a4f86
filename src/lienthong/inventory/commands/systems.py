"""Information systems: registered, amended, gone through, put into use, retired, entered from a workbook (INV-05)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.catalogue.access import OWNING
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError, InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import yearly
from ..access import may_keep_system, require
from ..errors import SystemExists, SystemFactMissing, SystemsFileRefused
from ..events import SystemAmended, SystemPutIntoUse, SystemRegistered, SystemRetired, SystemReviewed
from ..indexing import index_system
from ..models import Connection, InformationSystem, SafetyLevel, SystemKind, SystemState
from ..stocktaking import faults_of
from . import upgrades
from .campaigns import person

CODE = re.compile(r"[A-Z0-9]+(?:[.\-][A-Z0-9]+)*")
TEXTS = ("name", "name_en", "purpose", "connected_to", "standard", "safety_decision", "note")
LABELS = {
    "name": "tên",
    "name_en": "tên tiếng Anh",
    "kind": "loại",
    "owner": "chủ quản",
    "operator": "đơn vị vận hành",
    "purpose": "mục đích",
    "connection": "khả năng kết nối",
    "connected_to": "kết nối với",
    "standard": "tiêu chuẩn",
    "safety_level": "cấp độ an toàn",
    "safety_decision": "quyết định cấp độ",
    "in_use_since": "năm sử dụng",
    "note": "ghi chú",
    "databases": "cơ sở dữ liệu",
}


@carries("INV-05")
def register_system(
    *,
    actor: Actor,
    code: str,
    owner: Agency,
    operator: Agency | None = None,
    databases: Iterable[Database] = (),
    in_use: bool = True,
    **facts: Any,
) -> InformationSystem:
    """Register an information system that serves connection and sharing. Publishes `SystemRegistered`.

    Raises `SystemFactMissing`, `SystemExists`.
    """
    unit = operator or owner
    require(
        actor.is_system or (actor.has(*OWNING) and (acts_for(actor, owner) or acts_for(actor, unit))),
        "ghi nhận hệ thống thông tin",
        "register an information system",
    )
    given = _checked(code=code, facts=facts, in_use=in_use)
    with transaction.atomic():
        if InformationSystem.objects.filter(code=given["code"]).exists():
            raise SystemExists(code=given["code"])
        system = InformationSystem(owner=owner, operator=unit, **given)
        if in_use:
            system.put_into_use()
        system.save()
        system.databases.set(_usable(databases))
        publish(actor=actor, fact=SystemRegistered(system_id=system.pk, code=system.code))
        index_system(system)
    return system


@carries("INV-05")
def amend_system(
    *,
    actor: Actor,
    system: InformationSystem,
    owner: Agency | None = None,
    operator: Agency | None = None,
    databases: Iterable[Database] | None = None,
    **facts: Any,
) -> InformationSystem:
    """Correct the record of a system. Publishes `SystemAmended`."""
    require(may_keep_system(actor, system), "sửa hệ thống thông tin", "amend this information system")
    if owner is not None and owner != system.owner:
        require(
            actor.is_system or acts_for(actor, owner),
            "chuyển hệ thống cho cơ quan khác",
            "hand the system to another agency",
        )
    with transaction.atomic():
        locked = InformationSystem.objects.select_for_update().get(pk=system.pk)
        if locked.state == SystemState.RETIRED:
            raise refused(locked, "put_into_use")
        now = {
            name: getattr(locked, name)
            for name in (*TEXTS, "kind", "connection", "safety_level", "in_use_since")
        }
        given = _checked(code=locked.code, facts=now | facts, in_use=locked.state == SystemState.RUNNING)
        given |= {"owner": owner or locked.owner, "operator": operator or locked.operator}
        changed = [name for name, value in given.items() if name != "code" and getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, given[name])
        if databases is not None:
            used = _usable(databases)
            if {one.pk for one in used} != set(locked.databases.values_list("pk", flat=True)):
                changed.append("databases")
                locked.databases.set(used)
        if changed:
            locked.save()
            said = ", ".join(LABELS[name] for name in changed)
            publish(actor=actor, fact=SystemAmended(system_id=locked.pk, changed=said))
            index_system(locked)
    system.refresh_from_db()
    return system


def _usable(databases: Iterable[Database]) -> list[Database]:
    """Secret databases are named in no record of a system (SEC-01)."""
    return [database for database in databases if not database.is_secret]


def _checked(*, code: str, facts: Mapping[str, Any], in_use: bool) -> dict[str, Any]:
    given: dict[str, Any] = {name: nfc(str(facts.get(name) or "")).strip() for name in TEXTS}
    given["code"] = code.strip().upper()
    year = facts.get("in_use_since")
    given["in_use_since"] = int(year) if year not in (None, "") else None
    yearly.require_system(
        code=given["code"],
        name=given["name"],
        purpose=given["purpose"],
        state=SystemState.RUNNING if in_use else SystemState.BUILDING,
        in_use_since=given["in_use_since"],
        today=timezone.localdate(),
    )
    if not CODE.fullmatch(given["code"]) or len(given["code"]) > 60:
        raise InputRefused(
            name=given["code"][:60],
            why="mã gồm chữ in hoa không dấu, chữ số, dấu chấm, gạch nối",
            why_en="a code has capitals without marks, digits, points and hyphens",
        )
    for name, choices in (("kind", SystemKind), ("connection", Connection)):
        given[name] = str(facts.get(name) or "")
        if given[name] not in choices.values:
            raise SystemFactMissing(
                at=name, name=LABELS[name], name_en="The kind" if name == "kind" else "The ability to connect"
            )
    level = facts.get("safety_level")
    given["safety_level"] = int(level) if level not in (None, "", 0) else None
    if given["safety_level"] is not None and given["safety_level"] not in SafetyLevel.values:
        raise SystemFactMissing(
            at="safety_level", name="cấp độ an toàn từ 1 đến 5", name_en="A level of safety from 1 to 5"
        )
    return given


@carries("INV-05", "UPG-02")
def review_system(*, actor: Actor, system: InformationSystem) -> list[str]:
    """Go through the record of a system and confirm it; what it lacks for connection is proposed for the upgrade plan.

    Publishes `SystemReviewed`; returns what it lacks.
    """
    require(may_keep_system(actor, system), "rà soát hệ thống thông tin", "go through this system")
    with transaction.atomic():
        locked = InformationSystem.objects.select_for_update().get(pk=system.pk)
        if locked.state == SystemState.RETIRED:
            raise refused(locked, "put_into_use")
        locked.reviewed_at, locked.reviewed_by_id = timezone.now(), person(actor)
        locked.save(update_fields=["reviewed_at", "reviewed_by"])
        faults = faults_of(locked)
        publish(actor=actor, fact=SystemReviewed(system_id=locked.pk, faults=len(faults)))
        if faults:
            upgrades.propose_for_system(actor=actor, system=locked, faults=faults)
    system.refresh_from_db()
    return faults


@carries("INV-05")
def put_system_into_use(*, actor: Actor, system: InformationSystem) -> InformationSystem:
    """Record that a system is in use. Publishes `SystemPutIntoUse`."""
    require(may_keep_system(actor, system), "đưa hệ thống vào sử dụng", "put this system into use")
    take_step(actor=actor, record=system, step="put_into_use", fact=SystemPutIntoUse(system_id=system.pk))
    return system


@carries("INV-05")
def retire_system(*, actor: Actor, system: InformationSystem, reason: str) -> InformationSystem:
    """Take a system out of use, with the reason; its record stays. Publishes `SystemRetired`."""
    require(may_keep_system(actor, system), "ngừng sử dụng hệ thống", "take this system out of use")
    said = yearly.require_return_reason(reason)
    take_step(
        actor=actor,
        record=system,
        step="retire",
        fact=SystemRetired(system_id=system.pk),
        reason=said,
        because=nfc(said),
    )
    index_system(system)
    return system


FAULTS_TOLD = 12


@carries("INV-05")
def enter_systems(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Enter systems from the rows of a workbook: new codes are registered, known ones amended; all of them or none.

    Each row has its number in the file as `row`. Returns how many were new and how many amended; raises
    `SystemsFileRefused`, which names each row at fault, also those of units for which the actor does not act.
    """
    require(
        actor.is_system or actor.has(*OWNING), "ghi nhận hệ thống thông tin", "register information systems"
    )
    faults: list[tuple[str, str]] = []
    new = amended = 0
    with transaction.atomic():
        for row in rows:
            try:
                with transaction.atomic():
                    new, amended = _enter(actor, dict(row), new, amended)
            except (DomainError, ValueError) as error:
                place = row.get("row", "?")
                vi = error.text("vi") if isinstance(error, DomainError) else "giá trị không đọc được."
                en = error.text("en") if isinstance(error, DomainError) else "a value cannot be read."
                faults.append((f"dòng {place}: {vi}", f"row {place}: {en}"))
        if faults:
            more = len(faults) - FAULTS_TOLD
            raise SystemsFileRefused(
                faults=" ".join(vi for vi, _en in faults[:FAULTS_TOLD])
                + (f" (và {more} dòng khác)" if more > 0 else ""),
                faults_en=" ".join(en for _vi, en in faults[:FAULTS_TOLD])
                + (f" (and {more} more)" if more > 0 else ""),
            )
    return new, amended


def _enter(actor: Actor, row: dict[str, Any], new: int, amended: int) -> tuple[int, int]:
    row.pop("row", None)
    code = str(row.pop("code", "")).strip().upper()
    owner = _unit(row.pop("owner", ""), "chủ quản", "The owner")
    given = row.pop("operator", "")
    operator = _unit(given, "đơn vị vận hành", "The operator") if given else owner
    codes = [one.strip() for one in re.split(r"[,;\n]", str(row.pop("databases", ""))) if one.strip()]
    databases = list(Database.objects.filter(code__in=codes, is_secret=False))
    unknown = sorted(set(codes) - {one.code for one in databases})
    if unknown:
        raise SystemFactMissing(
            at="databases",
            name=f"cơ sở dữ liệu {yearly.told(unknown)} trong danh mục",
            name_en=f"Database {yearly.told(unknown)}",
        )
    in_use = bool(row.pop("in_use", True))
    found = InformationSystem.objects.filter(code=code).first()
    if found is None:
        register_system(actor=actor, code=code, owner=owner, operator=operator, databases=databases,
                        in_use=in_use, **row)  # fmt: skip
        return new + 1, amended
    amend_system(actor=actor, system=found, owner=owner, operator=operator, databases=databases, **row)
    return new, amended + 1


def _unit(code: Any, name: str, name_en: str) -> Agency:
    found = Agency.objects.filter(code=str(code).strip()).first()
    if found is None:
        raise SystemFactMissing(
            at="owner",
            name=f"{name} với mã “{str(code)[:40]}”",
            name_en=f"{name_en} with code “{str(code)[:40]}”",
        )
    return found
