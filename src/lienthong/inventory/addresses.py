"""Where the pages of quality warnings, the yearly inventory, systems and upgrade items are, in no language: stored with work."""

from __future__ import annotations

from urllib.parse import quote

from lienthong.catalogue.addresses import file_address
from lienthong.catalogue.models import Dataset

ISSUES = "/lam-viec/chat-luong/"
CAMPAIGNS = "/lam-viec/kiem-ke/"
SYSTEMS = "/lam-viec/he-thong-thong-tin/"
UPGRADES = "/lam-viec/nang-cap/"
AUDITS = "/lam-viec/kiem-toan/"


def issue_address(number: str) -> str:
    """The page of one quality warning."""
    return f"{ISSUES}{quote(number)}/"


def campaign_address(number: str) -> str:
    """The page of a campaign."""
    return f"{CAMPAIGNS}{quote(number)}/"


def part_address(number: str, unit_code: str) -> str:
    """The page of a unit's part in a campaign."""
    return f"{campaign_address(number)}don-vi/{quote(unit_code)}/"


def system_address(code: str) -> str:
    """The page of an information system."""
    return f"{SYSTEMS}{quote(code)}/"


def upgrade_address(number: str) -> str:
    """The page of an upgrade item."""
    return f"{UPGRADES}{quote(number)}/"


def audit_address(number: str) -> str:
    """The page of a data audit."""
    return f"{AUDITS}{quote(number)}/"


def versions_address(dataset: Dataset) -> str:
    """The page of the versions of a dataset."""
    return f"{file_address(dataset.database.code)}bo-du-lieu/{quote(dataset.slug)}/"
