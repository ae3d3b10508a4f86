"""The world of the catalogue's tests: a province with two departments, a ministry, and officers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from lienthong.agencies.demo import make_actor, make_agency
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor


@dataclass(frozen=True)
class World:
    """Agencies by a short name, and who acts for them."""

    province: Agency
    justice: Agency
    health: Agency
    ministry: Agency

    def actor(self, agency: Agency, *roles: str) -> Actor:
        """Somebody who acts for an agency in these roles."""
        return replace(make_actor(agency, roles[0]), roles=frozenset(roles))

    @property
    def owner(self) -> Actor:
        """The officer who owns databases in the department of justice."""
        return self.actor(self.justice, Role.DATABASE_OWNER)

    @property
    def head(self) -> Actor:
        """The head of the province."""
        return self.actor(self.province, Role.HEAD)

    @property
    def keeper(self) -> Actor:
        """The keeper of secrets of the department of justice."""
        return self.actor(self.justice, Role.SECRETS_KEEPER)


@pytest.fixture
def world(db):
    province = make_agency("H99", "UBND tỉnh An Lộc")
    return World(
        province=province,
        justice=make_agency("H99.07", "Sở Tư pháp", kind="department", parent=province),
        health=make_agency("H99.11", "Sở Y tế", kind="department", parent=province),
        ministry=make_agency("G99", "Bộ Nội vụ (trình diễn)", kind="ministry"),
    )
