"""Where the pages of overlap cases are, in no language: stored with work and notices."""

from __future__ import annotations

from urllib.parse import quote

from lienthong.catalogue.addresses import file_address


def case_address(number: str) -> str:
    """The page of one case."""
    return f"/lam-viec/chong-lan/{quote(number)}/"


def search_address(code: str) -> str:
    """The page on which a database is searched for overlaps."""
    return f"{file_address(code)}chong-lan/"


def sketches_address(code: str) -> str:
    """The page of the sketch files of a database."""
    return f"{file_address(code)}phac-thao/"


def correction_address(number: str) -> str:
    """The page of one correction."""
    return f"/lam-viec/dinh-chinh/{quote(number)}/"


def flow_address(number: str) -> str:
    """The page of one flow of synchronisation."""
    return f"/lam-viec/dong-bo/{quote(number)}/"


def reconciliation_address(number: str) -> str:
    """The page of one reconciliation."""
    return f"/lam-viec/doi-soat/{quote(number)}/"
