"""The world of these tests: a province with departments, and people in every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lienthong.agencies import demo
from lienthong.agencies.models import Agency, AgencyKind
from lienthong.foundation.accounts.actor import Actor


@pytest.fixture
def province(db: None) -> Agency:
    return demo.make_agency("H99", "UBND tỉnh An Lộc", name_en="An Loc People's Committee")


@pytest.fixture
def department(province: Agency) -> Agency:
    return demo.make_agency("H99.01", "Sở Nội vụ tỉnh An Lộc", kind=AgencyKind.DEPARTMENT, parent=province)


@pytest.fixture
def neighbour(db: None) -> Agency:
    return demo.make_agency("H98", "UBND tỉnh Bình Yên")


@pytest.fixture
def acting() -> Callable[..., Actor]:
    """`acting(agency, role)`: somebody in this role there."""
    return demo.make_actor
