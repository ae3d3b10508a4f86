"""The world of these tests: the demo's agencies and officers, a dataset with one version and with personal data in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.inventory.demo import capture_now
from lienthong.opendata.demo import make_dataset_with_version, make_published
from lienthong.opendata.models import OpenDataset


@dataclass(frozen=True)
class World:
    """What stands for all tests of a module."""

    agencies: dict[str, Agency]
    people: dict[str, User]
    actors: dict[str, Actor]
    folder: Path
    published_id: int
    dataset_id: int


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test begins in Vietnamese: a request for an English page leaves its language behind."""
    with translation.override("vi"):
        yield


@pytest.fixture(scope="module")
def built(standing: Path) -> World:
    """Built once; each test finds it as it was."""
    found = fill_agencies()
    folder = standing / "nguon"
    one = make_dataset_with_version(
        found["agencies"]["H99"], folder, managing_unit=found["agencies"]["H99.01"]
    )
    other = make_dataset(one.database, name="Xã chưa công bố", key=["ma_xa"], slug_text="xa-chua-cong-bo")
    capture_now(other)
    return World(
        found["agencies"], found["people"], found["actors"], folder, make_published(one).pk, other.pk
    )


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


@pytest.fixture
def actors(world: World) -> dict[str, Actor]:
    return world.actors


@pytest.fixture
def dataset(world: World) -> Dataset:
    """One with a version, not yet classified."""
    return Dataset.objects.select_related("database__owner", "database__managing_unit", "table").get(
        pk=world.dataset_id
    )


@pytest.fixture
def published(world: World) -> OpenDataset:
    """One that everybody can read."""
    return OpenDataset.objects.select_related("dataset__database", "dataset__table", "publisher").get(
        pk=world.published_id
    )


@pytest.fixture
def as_officer(world: World) -> Callable[..., Client]:
    """`as_officer("chu-quan")`: a browser in which this officer of the demo is signed in."""

    def signed_in(username: str) -> Client:
        browser = Client()
        browser.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return signed_in
