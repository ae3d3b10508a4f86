from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.law.commands import load_law
from lienthong.sharing.demo import make_served_dataset, make_service
from lienthong.sharing.models import SharingService


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """The demo's agencies and officers, under the law as shipped."""
    load_law()
    return fill_agencies()


@pytest.fixture
def actors(world: dict[str, Any]) -> dict[str, Actor]:
    return world["actors"]


@pytest.fixture
def health(world: dict[str, Any]) -> Agency:
    return world["agencies"]["H99.11"]


@pytest.fixture
def dataset(world: dict[str, Any], tmp_path: Path) -> Dataset:
    return make_served_dataset(
        world["agencies"]["H99"], tmp_path / "nguon", managing_unit=world["agencies"]["H99.01"]
    )


@pytest.fixture
def service(dataset: Dataset) -> SharingService:
    return make_service(dataset)
