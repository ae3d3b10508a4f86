"""Where the pages of open data are, in no language: stored with work and search."""

from __future__ import annotations

from urllib.parse import quote


def public_address(slug: str) -> str:
    """The public page of an open dataset."""
    return f"/du-lieu/{quote(slug)}/"


def desk_address(slug: str) -> str:
    """The desk's page on which a dataset is classified, checked, published."""
    return f"/lam-viec/du-lieu-mo/{quote(slug)}/"


def report_address(code: str) -> str:
    """The page on which a reader sees what became of a report of wrong data."""
    return f"/bao-sai/{quote(code)}/"
