"""What the public may be told of overlaps: counts of decided cases, none so small that a single case shows (P10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from lienthong.catalogue.models import CoreDomain, Database, EntryState, Tier
from lienthong.foundation.tracing import carries

from .models import UNDECIDED, CaseState, Outcome, OverlapCase

# A count under this is not told, nor can it be reckoned from the others.
LEAST_PUBLIC_COUNT = 5


@dataclass(frozen=True, slots=True)
class PublicRow:
    """How many decided overlaps there are between two classes of database; a count is None where it may not be told."""

    lower_tier: str
    higher_tier: str
    with_authority: int | None
    synchronised: int | None


@dataclass(frozen=True, slots=True)
class PublicDomain:
    """The same by core domain of the source; empty: not placed in any."""

    domain: str
    with_authority: int | None
    synchronised: int | None


@dataclass(frozen=True, slots=True)
class PublicMap:
    """Counts over the databases of issued catalogues; a count is None where it may not be told."""

    rows: tuple[PublicRow, ...]
    domains: tuple[PublicDomain, ...]
    with_authority: int | None
    synchronised: int | None
    databases: int
    counted_at: datetime


Counted = dict[tuple[str, ...], tuple[int, int]]


@carries("OVL-05", "SEC-01")
def public_map(at: datetime) -> PublicMap:
    """The counts that may be public: decided cases between databases of issued catalogues, never a column, a name or an
    open case.
    """
    issued = Q(entry_state=EntryState.ISSUED, is_secret=False)
    databases = Database.objects.filter(issued)
    cases = OverlapCase.objects.filter(
        lower__in=databases,
        higher__in=databases,
        outcome__in=[Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING],
    ).exclude(state__in=UNDECIDED)
    live = Q(state=CaseState.SYNC_LIVE) | Q(state=CaseState.CLOSED, outcome=Outcome.MUST_SYNCHRONISE)
    counted = cases.values_list("lower__tier", "higher__tier", "higher__core_domain").annotate(
        all=Count("pk"), live=Count("pk", filter=live)
    )
    found = [(tuple(key), total, running) for *key, total, running in counted.order_by()]
    by_tiers, by_domain = _summed(found, 0, 2), _summed(found, 2, 3)
    tiers, domains = told(by_tiers), told(by_domain)
    both = _total(by_tiers)
    return PublicMap(
        rows=tuple(PublicRow(pair[0], pair[1], *tiers[pair]) for pair in sorted(tiers, key=_by_precedence)),
        domains=tuple(PublicDomain(one[0], *domains[one]) for one in sorted(domains, key=_by_domain)),
        with_authority=both[0],
        synchronised=both[1] if all(row[1] is not None for row in tiers.values()) else None,
        databases=databases.count(),
        counted_at=at,
    )


def told(counted: Counted) -> dict[tuple[str, ...], tuple[int | None, int | None]]:
    """The counts that may be told beside their total.

    Those under the least are left out. Where what is left out would still be small, and so could be reckoned from the
    total, the smallest of the others is left out with it.
    """
    hidden = {key for key, (count, _live) in counted.items() if 0 < count < LEAST_PUBLIC_COUNT}
    left_out = sum(counted[key][0] for key in hidden)
    open_ones = sorted((counted[key][0], key) for key in counted if key not in hidden and counted[key][0])
    if 0 < left_out < LEAST_PUBLIC_COUNT and open_ones:
        hidden.add(open_ones[0][1])
    return {
        key: (None, None) if key in hidden else (count, _told(live) if _safe(count - live) else None)
        for key, (count, live) in counted.items()
    }


def _told(count: int) -> int | None:
    return count if _safe(count) else None


def _safe(count: int) -> bool:
    return count == 0 or count >= LEAST_PUBLIC_COUNT


def _total(counted: Counted) -> tuple[int | None, int | None]:
    total, live = (sum(one[place] for one in counted.values()) for place in (0, 1))
    return _told(total), _told(live) if _safe(total) and _safe(total - live) else None


def _summed(found: Iterable[tuple[tuple[str, ...], int, int]], start: int, end: int) -> Counted:
    sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for key, total, running in found:
        sums[key[start:end]][0] += total
        sums[key[start:end]][1] += running
    return {key: (total, running) for key, (total, running) in sums.items()}


def _by_precedence(pair: tuple[str, ...]) -> tuple[int, int]:
    return Tier.values.index(pair[1]), Tier.values.index(pair[0])


def _by_domain(one: tuple[str, ...]) -> int:
    return CoreDomain.values.index(one[0]) if one[0] else len(CoreDomain.values)
