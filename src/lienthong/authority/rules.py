"""Whose copy counts, and what the law then asks of the other: decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.tracing import carries

# Highest first. An internal database is no shared database and stands below them all.
PRECEDENCE = ("national", "sector", "ministry", "local", "internal")

# What the machine may propose.
MUST_SYNCHRONISE = "must_synchronise"
STOP_COLLECTING = "stop_collecting"
DO_NOT_COLLECT = "do_not_collect"
NAME_AUTHORITY = "name_authority"
ONE_STORE = "one_store"
BLOCKED_SOURCE = "blocked_source"

# What a person may decide besides.
NO_OVERLAP = "no_overlap"
EXCEPTION = "exception"

LOWER_HIGHER = "lower_higher"
EQUAL_TIERS = "equal_tiers"
SAME_AGENCY = "same_agency"
# The way to follow in which no copy is kept.
ONLINE_QUERY = "online_query"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two databases that hold the same data.

    `agency` is opaque: equal when both belong to one agency. `built`: whether the database holds data yet.
    """

    tier: str
    agency: str
    built: bool = True
    is_national_master: bool = False

    @property
    def rank(self) -> int:
        """0 is the highest: the single trusted source of a national master item stands above every class."""
        return 0 if self.is_national_master else 1 + PRECEDENCE.index(self.tier)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the law asks of the lower copy, and the requirement it rests on."""

    outcome: str
    requirement: str
    pair_class: str

    @property
    def blocks_lower(self) -> bool:
        """Whether the lower database may not be declared or put into operation before the case is decided."""
        return self.outcome in {MUST_SYNCHRONISE, STOP_COLLECTING, DO_NOT_COLLECT}


def in_order(left: Side, right: Side) -> tuple[bool, bool]:
    """Whether the sides must be swapped so that the lower comes first, and whether their rank is equal."""
    return left.rank < right.rank, left.rank == right.rank


@carries("OVL-01", "OVL-02", "OVL-03", "OVL-04", "D224-05", "D278-06", "LDL-04")
def propose_outcome(lower: Side, higher: Side) -> Proposal:
    """What the law asks when two databases hold the same data; `lower` must not outrank `higher`."""
    if lower.rank < higher.rank:
        raise ValueError("the lower side outranks the higher one")
    if lower.rank == higher.rank:
        if lower.is_national_master:
            return Proposal(BLOCKED_SOURCE, "D278-06", EQUAL_TIERS)
        if lower.agency == higher.agency:
            return Proposal(ONE_STORE, "D224-05", SAME_AGENCY)
        return Proposal(NAME_AUTHORITY, "OVL-05", EQUAL_TIERS)
    if lower.tier == "internal":
        return Proposal(MUST_SYNCHRONISE, "LDL-04", LOWER_HIGHER)
    if lower.tier == "local":
        if lower.built:
            return Proposal(MUST_SYNCHRONISE, "OVL-04", LOWER_HIGHER)
        return Proposal(DO_NOT_COLLECT, "OVL-03", LOWER_HIGHER)
    if higher.tier == "national":
        return Proposal(MUST_SYNCHRONISE, "OVL-02", LOWER_HIGHER)
    return Proposal(STOP_COLLECTING, "OVL-01", LOWER_HIGHER)


def outcome_to_decide(proposed: str) -> str:
    """The decision that accepting a proposal comes to; empty where an authority must be named first."""
    if proposed == DO_NOT_COLLECT:
        return STOP_COLLECTING
    return "" if proposed in {NAME_AUTHORITY, ONE_STORE, BLOCKED_SOURCE} else proposed


def needs_authority_first(proposed: str) -> bool:
    """Whether nobody can decide before one of the two is named as the authority."""
    return proposed in {NAME_AUTHORITY, ONE_STORE, BLOCKED_SOURCE}


@carries("D224-05")
def may_follow_by(method: str, pair_class: str) -> bool:
    """Whether a lower copy may follow in this way: within one agency the data are kept once and read on-line."""
    return pair_class != SAME_AGENCY or method == ONLINE_QUERY


Columns = tuple[str, str, str, str]
"""Table and column of the one database, table and column of the other, in the order of the case."""


@carries("OVL-05")
def opens_new_case(found: Iterable[Columns], settled: Iterable[Columns]) -> bool:
    """Whether a search has found more than what was settled between the same two databases before."""
    return not set(found) <= set(settled)


def common_superior(left_path: str, right_path: str) -> int | None:
    """The nearest unit under which both stand, from paths such as `/1/5/`; None when they share none."""
    nearest = None
    for left, right in zip(left_path.strip("/").split("/"), right_path.strip("/").split("/"), strict=False):
        if left != right:
            break
        nearest = int(left)
    return nearest


@dataclass(frozen=True, slots=True)
class Share:
    """What part of one side's values the other has too, with its interval; parts of one."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two columns that the matcher holds for the same: left is the database that was searched.

    `reasons` and `against` are its signals (code, words, weight, value) and `base` the log-odds before them, kept so
    that it can be replayed.
    """

    left_table: str
    left_column: str
    right_table: str
    right_column: str
    kind: str
    score: float
    level: int
    left_share: Share | None = None
    right_share: Share | None = None
    is_key: bool = False
    base: float | None = None
    reasons: tuple[dict[str, Any], ...] = ()
    against: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found between the searched database and one other; `overlaps` is the matcher's verdict."""

    other: int
    overlaps: bool
    pairs: tuple[FoundPair, ...] = ()
    left_rows: int | None = None
    right_rows: int | None = None

    @property
    def overlapping(self) -> tuple[FoundPair, ...]:
        return tuple(pair for pair in self.pairs if pair.kind == "overlap")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A database that could not be compared, and why."""

    other: int
    why_vi: str
    why_en: str
