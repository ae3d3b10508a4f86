"""Where the pages of an agency are: stored without a language, shown in the reader's."""

from __future__ import annotations

from urllib.parse import quote

from django.utils.translation import get_language

from lienthong.foundation.pagekit.layout import same_page_in


def agency_address(code: str) -> str:
    """The public page of an agency."""
    return f"/co-quan/{quote(code)}/"


def file_address(code: str) -> str:
    """The desk's file of an agency."""
    return f"/lam-viec/co-quan/{quote(code)}/"


def focal_officer_address(code: str) -> str:
    """The desk's page on which the focal officer of an agency is nominated, appointed and published."""
    return f"{file_address(code)}dau-moi/"


def in_language(address: str) -> str:
    """The same page in the reader's language."""
    return same_page_in(get_language() or "vi", address) if address.startswith("/") else address


def question_address(number: str) -> str:
    """The desk's page on which a question is answered."""
    return f"/lam-viec/hoi-dap/{quote(number)}/"


def asker_address(token: str) -> str:
    """The page on which whoever asked reads the answer; only the asker is told of it."""
    return f"/can-bo-dau-moi/hoi-dap/{quote(token)}/"


def cooperation_address(number: str) -> str:
    """The desk's page of a matter between two focal officers."""
    return f"/lam-viec/phoi-hop/{quote(number)}/"


def governance_address(code: str) -> str:
    """The desk's page of data governance of an agency."""
    return f"{file_address(code)}quan-tri/"


def roles_address() -> str:
    """The page on which the post to act in is chosen, and posts are delegated."""
    return "/lam-viec/vai-tro/"
