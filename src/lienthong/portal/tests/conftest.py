"""The world of these tests: agencies, an open dataset, a service, a regulation and a catalogue, all of them findable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import declare_entry, issue_catalogue
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.opendata.demo import make_dataset_with_version, make_published
from lienthong.opendata.models import OpenDataset
from lienthong.regulations.demo import make_published as make_regulation
from lienthong.sharing.demo import make_service
from lienthong.sharing.models import SharingService
from tests.worlds import delivered


@dataclass(frozen=True)
class World:
    """What stands for all tests of a module."""

    agencies: dict[str, Agency]
    people: dict[str, User]
    open_id: int
    service_id: int


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
        province = found["agencies"]["H99"]
        dataset = make_dataset_with_version(
            province, standing / "nguon", slug="danh-muc-xa-phuong", managing_unit=found["agencies"]["H99.01"]
        )
        dataset.name, dataset.name_en = "Danh mục xã, phường", "Communes and wards"
        dataset.description = "Dữ liệu xã, phường của tỉnh: mã, tên, dân số."
        dataset.save()
        opened = make_published(dataset)
        service = make_service(
            dataset, code="tra-cuu-xa", name="Tra cứu xã, phường", name_en="Look up communes",
            columns=["ma_xa", "ten_xa"],
        )  # fmt: skip
        make_regulation(province, dataset.database)
        declare_entry(actor=SYSTEM, database=dataset.database)
        issue_catalogue(
            actor=SYSTEM, agency=province, decision_number="15/QĐ-UBND", decision_date=date(2026, 1, 12)
        )
    return World(found["agencies"], found["people"], opened.pk, service.pk)


@pytest.fixture
def world(built: World, db: None) -> World:
    return built


@pytest.fixture
def opened(world: World) -> OpenDataset:
    return OpenDataset.objects.select_related("dataset__database").get(pk=world.open_id)


@pytest.fixture
def service(world: World) -> SharingService:
    return SharingService.objects.select_related("dataset__database").get(pk=world.service_id)
