"""Where the pages of quality warnings are, in no language: stored with work and notices."""

from __future__ import annotations

from urllib.parse import quote

ISSUES = "/lam-viec/chat-luong/"


def issue_address(number: str) -> str:
    """The page of one quality warning."""
    return f"{ISSUES}{quote(number)}/"
