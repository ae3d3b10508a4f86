"""The world of the inventory's tests: a department with a database, and sources of every kind."""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import xlsxwriter

from lienthong.agencies.demo import make_actor, make_agency
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.catalogue.demo import make_database
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.inventory.demo import LOCAL_TABLES, NATIONAL_TABLES, local_copy, units


@dataclass(frozen=True)
class World:
    """A department of a province, its database, and who acts for it."""

    province: Agency
    justice: Agency
    health: Agency
    ministry: Agency
    database: Database

    def actor(self, agency: Agency, *roles: str) -> Actor:
        """Somebody who acts for an agency in these roles."""
        return replace(make_actor(agency, roles[0]), roles=frozenset(roles))

    @property
    def owner(self) -> Actor:
        """The officer who owns the database."""
        return self.actor(self.justice, Role.DATABASE_OWNER)

    @property
    def keeper(self) -> Actor:
        """Who works on the database and keeps its secrets."""
        return self.actor(self.justice, Role.SECRETS_KEEPER, Role.DATABASE_OWNER)


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.SOURCE_FOLDERS = [str(tmp_path / "sources")]
    (tmp_path / "sources").mkdir()
    return settings.DATA_DIR


@pytest.fixture
def world(db):
    province = make_agency("H99", "UBND tỉnh An Lộc")
    justice = make_agency("H99.07", "Sở Tư pháp", kind="department", parent=province)
    return World(
        province=province,
        justice=justice,
        health=make_agency("H99.11", "Sở Y tế", kind="department", parent=province),
        ministry=make_agency("G99", "Bộ Nội vụ (trình diễn)", kind="ministry"),
        database=make_database(province, managing_unit=justice),
    )


@pytest.fixture
def sources(tmp_path) -> Path:
    """The folder from which paths typed in forms may be read."""
    return tmp_path / "sources"


def write_sqlite(path: Path, communes: int = 40) -> Path:
    """A small national list: its provinces and its first communes."""
    found = units()
    connection = sqlite3.connect(path)
    connection.executescript(NATIONAL_TABLES)
    connection.executemany("INSERT INTO tinh VALUES (?, ?, ?, ?)", found.provinces)
    connection.executemany("INSERT INTO xa VALUES (?, ?, ?, ?, ?, ?, ?, ?)", found.communes[:communes])
    connection.commit()
    connection.close()
    return path


def write_csv(path: Path, rows: int = 30) -> Path:
    """The first rows of the provincial copy as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["MA_DVHC", "TEN_DON_VI", "CAP", "THUOC_TINH", "DIEN_TICH"])
        writer.writerows(row[:5] for row in local_copy()[:rows])
    return path


def write_xlsx(path: Path, rows: int = 30) -> Path:
    """The first rows of the provincial copy as a workbook."""
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("DM_DVHC")
    sheet.write_row(0, 0, ["MA_DVHC", "TEN_DON_VI", "CAP", "THUOC_TINH"])
    for number, row in enumerate(local_copy()[:rows], start=1):
        sheet.write_row(number, 0, row[:4])
    workbook.close()
    return path


def write_local_sqlite(path: Path) -> Path:
    """The provincial copy as an SQLite file."""
    connection = sqlite3.connect(path)
    connection.executescript(LOCAL_TABLES)
    connection.executemany('INSERT INTO "DM_DVHC" VALUES (?, ?, ?, ?, ?, ?, ?)', local_copy()[:200])
    connection.commit()
    connection.close()
    return path
