"""The world of these tests: the demo's agencies and officers, a national list, a local copy, one database that is secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.demo import make_database, make_described_database
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.accounts.models import User
from tests.worlds import delivered

SECRET = "CSDL phương án bảo vệ trọng điểm"
LOCAL, NATIONAL, HIDDEN = "H99.01.DB01", "G99.DB01", "H99.02.DB90"


@dataclass(frozen=True)
class World:
    """What stands for all tests of a module."""

    agencies: dict[str, Agency]
    people: dict[str, User]
    actors: dict[str, Actor]
    folder: Path


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test begins in Vietnamese: a request for an English page leaves its language behind."""
    with translation.override("vi"):
        yield


@pytest.fixture(scope="module")
def built(standing: Path) -> World:
    """Built once; each test finds it as it was."""
    with delivered():
        found = fill_agencies()
        agencies = found["agencies"]
        make_described_database(
            agencies["G99"], tier="national", code=NATIONAL, name="Danh mục đơn vị hành chính"
        )
        make_database(
            agencies["H99"], code=LOCAL, managing_unit=agencies["H99.01"], name="Danh mục dùng chung của tỉnh"
        )
        hidden = make_database(
            agencies["H99"],
            code=HIDDEN,
            managing_unit=agencies["H99.02"],
            name=SECRET,
            actor=found["actors"]["cntt"],
        )
        mark_secret(actor=SYSTEM, database=hidden, reason="Theo danh mục bí mật nhà nước")
    return World(agencies, found["people"], found["actors"], standing / "nguon")


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


@pytest.fixture
def local(world: World) -> Database:
    """A database of the province that was only just registered."""
    return Database.objects.select_related("owner", "managing_unit").get(code=LOCAL)


@pytest.fixture
def as_officer(world: World) -> Callable[..., Client]:
    """`as_officer("chu-quan")`: a browser in which this officer of the demo is signed in."""

    def signed_in(username: str) -> Client:
        browser = Client()
        browser.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return signed_in
