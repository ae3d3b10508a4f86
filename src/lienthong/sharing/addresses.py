"""Where the pages of sharing are, in no language: stored with work and search."""

from __future__ import annotations

from urllib.parse import quote


def public_address(code: str) -> str:
    """The public page of a service."""
    return f"/dich-vu/{quote(code)}/"


def service_address(code: str) -> str:
    """The desk's record of a service."""
    return f"/lam-viec/dich-vu/{quote(code)}/"


def request_address(number: str) -> str:
    """The desk's page of a request."""
    return f"/lam-viec/yeu-cau/{quote(number)}/"


def gateway_address(code: str) -> str:
    """The path at which the gateway answers for a service."""
    return f"/chia-se/v1/{quote(code)}/"


def copy_address(number: str) -> str:
    """The desk's page of a stored copy."""
    return f"/lam-viec/ban-sao/{quote(number)}/"
