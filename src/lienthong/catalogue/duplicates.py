"""Databases whose name is nearly that of a new one: own ones, and those of others that stand in an issued catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.text import words
from lienthong.foundation.tracing import carries

from .access import databases_visible_to
from .models import Database

NEAR = 80.0
"""From this likeness on (of 100, over the words that tell something) a name is suggested."""
_CANDIDATES = 400
# Words that stand in most names and tell nothing of what a database holds.
_EMPTY = frozenset(
    [
        "co",
        "so",
        "du",
        "lieu",
        "csdl",
        "database",
        "he",
        "thong",
        "thong",
        "tin",
        "quan",
        "ly",
        "phan",
        "mem",
        "cua",
        "tren",
        "dia",
        "ban",
        "tinh",
        "thanh",
        "pho",
        "bo",
        "nganh",
        "so",
        "cac",
        "va",
        "ve",
        "cho",
        "danh",
        "muc",
        "quoc",
        "gia",
        "cong",
        "tac",
        "phuc",
        "vu",
        "the",
        "of",
        "and",
        "for",
    ]
)


@dataclass(frozen=True)
class Similar:
    """One database with a like name; `is_open`: whether its file may be opened."""

    code: str
    name: str
    unit: str
    likeness: int
    is_open: bool


@carries("OVL-05", "CAT-03", "SEC-01")
def similar_databases(actor: Actor, name: str, *, limit: int = 5) -> list[Similar]:
    """The databases that may be the same as one of this name, the likest first; never a secret one."""
    telling = _telling(name)
    if not telling:
        return []
    rare = sorted(telling, key=len, reverse=True)[:4]
    named = Q()
    for word in rare:
        named |= Q(folded__contains=word)
    visible = databases_visible_to(actor)
    public = Database.objects.filter(catalogues__isnull=False)
    found: dict[int, tuple[Database, bool]] = {}
    for rows, is_open in ((visible, True), (public, False)):
        near = rows.filter(named, is_secret=False).select_related("managing_unit").distinct()
        for one in near.order_by("-pk")[:_CANDIDATES]:
            found.setdefault(one.pk, (one, is_open))
    said = " ".join(sorted(telling))
    rated = [
        (fuzz.token_sort_ratio(said, " ".join(sorted(_telling(one.name)))), one, is_open)
        for one, is_open in found.values()
    ]
    near_ones = sorted((row for row in rated if row[0] >= NEAR), key=lambda row: (-row[0], row[1].sort_key))
    return [
        Similar(one.code, one.shown_name, one.managing_unit.shown_name, round(likeness), is_open)
        for likeness, one, is_open in near_ones[:limit]
    ]


def _telling(name: str) -> set[str]:
    spoken = words(name)[:40]
    return {word for word in spoken if word not in _EMPTY} or set(spoken)
