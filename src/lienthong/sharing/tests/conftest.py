"""The world of these tests: the demo's agencies and officers, a dataset with one version, a service on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.sharing.demo import make_served_dataset, make_service
from lienthong.sharing.models import SharingService


@dataclass(frozen=True)
class World:
    """What stands for all tests of a module."""

    agencies: dict[str, Agency]
    people: dict[str, User]
    actors: dict[str, Actor]
    dataset_id: int
    service_id: int


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test begins in Vietnamese: a request for an English page leaves its language behind."""
    with translation.override("vi"):
        yield


@pytest.fixture(scope="module")
def built(standing: Path) -> World:
    """Built once; each test finds it as it was."""
    found = fill_agencies()
    dataset = make_served_dataset(
        found["agencies"]["H99"], standing / "nguon", managing_unit=found["agencies"]["H99.01"]
    )
    service = make_service(dataset)
    return World(found["agencies"], found["people"], found["actors"], dataset.pk, service.pk)


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


@pytest.fixture
def actors(world: World) -> dict[str, Actor]:
    return world.actors


@pytest.fixture
def as_officer(world: World) -> Callable[..., Client]:
    """`as_officer("chu-quan")`: a browser in which this officer of the demo is signed in."""

    def signed_in(username: str, **headers: str) -> Client:
        browser = Client(headers=headers or None)
        browser.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return signed_in


@pytest.fixture
def health(world: World) -> Agency:
    return world.agencies["H99.11"]


@pytest.fixture
def dataset(world: World) -> Dataset:
    return Dataset.objects.select_related("database__owner", "database__managing_unit", "table").get(
        pk=world.dataset_id
    )


@pytest.fixture
def service(world: World) -> SharingService:
    """A published service."""
    return SharingService.objects.select_related("dataset__database", "provider").get(pk=world.service_id)
