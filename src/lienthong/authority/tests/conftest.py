"""The world of these tests: a province with a local list of communes, ministries with theirs, and officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.utils import timezone, translation

from lienthong.agencies.demo import make_actor, make_agency
from lienthong.agencies.models import Agency, Work
from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.commands.decisions import Mechanism
from lienthong.authority.demo import make_case
from lienthong.authority.models import Outcome, OverlapCase
from lienthong.catalogue.demo import make_described_database
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.holds.queries import open_holds
from lienthong.law.commands import load_law
from tests.worlds import anew


@dataclass(frozen=True)
class World:
    """Agencies and databases by short names, and who acts for them."""

    province: Agency
    home: Agency
    health: Agency
    ministry: Agency
    other_ministry: Agency
    hub: Agency
    local: Database
    national: Database

    def actor(self, agency: Agency, *roles: str) -> Actor:
        return replace(make_actor(agency, roles[0]), roles=frozenset(roles))

    @property
    def owner(self) -> Actor:
        """Who owns the local list."""
        return self.actor(self.home, Role.DATABASE_OWNER)

    @property
    def head(self) -> Actor:
        return self.actor(self.province, Role.HEAD)

    @property
    def it_unit(self) -> Actor:
        return self.actor(self.province, Role.IT_UNIT)

    @property
    def ministry_owner(self) -> Actor:
        return self.actor(self.ministry, Role.DATABASE_OWNER)

    @property
    def stranger(self) -> Actor:
        """Who owns databases elsewhere."""
        return self.actor(self.other_ministry, Role.DATABASE_OWNER)

    @property
    def coordinator(self) -> Actor:
        return self.actor(self.hub, Role.COORDINATING_MINISTRY)

    def database(self, owner: Agency, tier: str, **given: object) -> Database:
        return make_described_database(owner, tier=tier, name=f"CSDL {tier} của {owner.name}", **given)


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test begins in Vietnamese: a request for an English page leaves its language behind."""
    with translation.override("vi"):
        yield


@pytest.fixture(scope="module")
def built(standing: Path) -> World:
    """Built once; each test finds it as it was."""
    load_law(actor=SYSTEM)
    province = make_agency("H99", "UBND tỉnh An Lộc", name_en="An Loc People's Committee")
    home = make_agency("H99.01", "Sở Nội vụ tỉnh An Lộc", kind="department", parent=province)
    ministry = make_agency("G99", "Bộ Nội vụ (trình diễn)", kind="ministry")
    return World(
        province=province,
        home=home,
        health=make_agency("H99.11", "Sở Y tế tỉnh An Lộc", kind="department", parent=province),
        ministry=ministry,
        other_ministry=make_agency("G97", "Bộ Y tế (trình diễn)", kind="ministry"),
        hub=make_agency("G98", "Bộ Công an (trình diễn)", kind="ministry"),
        local=make_described_database(province, managing_unit=home, name="Danh mục xã của tỉnh An Lộc"),
        national=make_described_database(ministry, tier="national", name="Danh mục đơn vị hành chính"),
    )


@pytest.fixture
def world(built: World, db: None) -> World:
    return anew(built)


@pytest.fixture
def case(world: World) -> OverlapCase:
    """The local list overlaps with the national one."""
    return make_case(world.local, world.national)


FOLLOW = {
    "method": "synchronise",
    "frequency": "weekly",
}


def mechanism(world: World, **given: object) -> Mechanism:
    return Mechanism(**({**FOLLOW, "responsible_unit": world.home} | given))


ONLINE = {"method": "online_query"}
"""How a copy follows where none is kept: that it does is recorded, not proved."""


def decide(world: World, case: OverlapCase, outcome: str, **given: object) -> OverlapCase:
    values: dict[str, object] = {"reason": "Cùng một danh mục"}
    if outcome == Outcome.MUST_SYNCHRONISE:
        values["mechanism"] = mechanism(world)
    if outcome == Outcome.EXCEPTION:
        values |= {
            "legal_ground": "khoản 3 Điều 9 Nghị định 47/2020/NĐ-CP",
            "review_date": timezone.localdate() + timedelta(days=180),
        }
    values.setdefault("actor", world.owner)
    return commands.decide_case(**({**values, "case": case, "outcome": outcome} | given))


def due_on_cases() -> QuerySet[Work]:
    return Work.objects.filter(subject_kind="authority.overlapcase", done_at__isnull=True)


def codes(record: object, step: str) -> set[str]:
    return {hold.code for hold in open_holds(record, step)}
