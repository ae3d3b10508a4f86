"""Where the pages of regulations and of the gate are, in no language: stored with work and search."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from lienthong.catalogue.addresses import file_address


def public_address(slug: str) -> str:
    """The public page of a regulation."""
    return f"/quy-che/{quote(slug)}/"


def desk_address(slug: str, version: int) -> str:
    """Where officers work on one version of a regulation."""
    return f"/lam-viec/quy-che/{quote(slug)}/{version}/"


def drafting_address(code: str = "") -> str:
    """Where a regulation is drafted; with a code, for this database."""
    return "/lam-viec/quy-che/soan/" + (f"?{urlencode({'csdl': code})}" if code else "")


def gate_address(code: str) -> str:
    """The go-live gate of a database."""
    return f"{file_address(code)}dieu-kien/"


def structure_address(code: str) -> str:
    """Where the exchange structure of a database is recorded."""
    return f"{file_address(code)}cau-truc-trao-doi/"


def process_address(code: str) -> str:
    """Where the sharing process of a database is recorded."""
    return f"{file_address(code)}quy-trinh-chia-se/"
