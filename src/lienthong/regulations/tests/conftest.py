"""The world of these tests: a province, two of its departments, a ministry, databases and their officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.utils import timezone, translation

from lienthong.agencies.demo import make_actor, make_agency
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.authority.commands import record_overlaps
from lienthong.catalogue.commands import declare_entry, issue_catalogue
from lienthong.catalogue.demo import make_described_database
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.inventory.commands import conclude_assessment, record_assessment
from lienthong.inventory.models import Assessment, Source, Survey
from lienthong.law.commands import load_law
from lienthong.regulations.demo import make_process, make_published, make_structure
from tests.worlds import anew


@dataclass(frozen=True)
class World:
    """Agencies and databases by short names, and who acts for them."""

    province: Agency
    home: Agency
    health: Agency
    ministry: Agency
    local: Database
    other: Database

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
    def colleague(self) -> Actor:
        """Who owns databases in another department of the province."""
        return self.actor(self.health, Role.DATABASE_OWNER)

    @property
    def stranger(self) -> Actor:
        return self.actor(self.ministry, Role.DATABASE_OWNER)

    @property
    def administrator(self) -> Actor:
        return self.actor(self.province, Role.ADMINISTRATOR)

    def searched(self) -> None:
        record_overlaps(actor=SYSTEM, database=self.local, job=None, comparisons=[])

    def catalogued(self) -> None:
        declare_entry(actor=SYSTEM, database=self.local)
        issue_catalogue(
            actor=SYSTEM,
            agency=self.province,
            decision_number="15/QĐ-UBND",
            decision_date=timezone.localdate(),
        )
        self.local.refresh_from_db()

    def assessed(self) -> Assessment:
        source = Source.objects.create(database=self.local, kind="sqlite", address="sqlite:////x.db")
        survey = Survey.objects.create(database=self.local, source=source, finished_at=timezone.now())
        return conclude_assessment(
            actor=SYSTEM,
            assessment=record_assessment(actor=SYSTEM, survey=survey),
            quality="Đủ, đúng, không bất thường",
            conclusion="Đạt",
            shareable=True,
        )

    def ready(self) -> None:
        """Everything that the gate asks for."""
        self.searched()
        self.catalogued()
        self.assessed()
        make_published(self.province, self.local)
        make_structure(self.local)
        make_process(self.local)


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
    health = make_agency("H99.11", "Sở Y tế tỉnh An Lộc", kind="department", parent=province)
    return World(
        province=province,
        home=home,
        health=health,
        ministry=make_agency("G99", "Bộ Nội vụ (trình diễn)", kind="ministry"),
        local=make_described_database(province, managing_unit=home, name="Danh mục xã của tỉnh An Lộc"),
        other=make_described_database(province, managing_unit=health, name="Danh mục cơ sở y tế"),
    )


@pytest.fixture
def world(built: World, db: None) -> World:
    return anew(built)
