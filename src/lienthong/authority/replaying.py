"""Findings checked afterwards: a score computed again from the signals that were kept, and how often reviewers agreed."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from lienthong.foundation.tracing import carries

from .models import OverlapCase, OverlapPair, Verdict
from .queries import pairs_of

# Two scores that differ by less are the same: what is kept of a signal may be rounded.
SAME = 0.0005
# Half the width of a 95 % interval in standard deviations.
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Replay:
    """The score of one column pair as it was kept and as its signals give it again.

    `again` is None for a finding of before the base was kept.
    """

    pair: OverlapPair
    method: str
    kept: float
    again: float | None

    @property
    def agrees(self) -> bool:
        return self.again is not None and abs(self.kept - self.again) < SAME


@carries("OVL-05")
def replay(pair: OverlapPair) -> Replay:
    """Compute the score of a finding again from its stored base and signals alone; neither source is asked.

    The score is the logistic of base + Σ weight · value, by which the matcher's version (`method`) scored it.
    """
    again = None
    if pair.base is not None:
        signals = [*pair.reasons, *pair.against]
        again = score_of(pair.base + sum(float(one["weight"]) * float(one["value"]) for one in signals))
    return Replay(pair=pair, method=pair.search.method, kept=pair.score, again=again)


def score_of(log_odds: float) -> float:
    """The probability that log-odds stand for."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1.0 + grown)


@carries("OVL-05")
def replay_case(case: OverlapCase) -> list[Replay]:
    """Every finding on which a case rests, replayed."""
    return [replay(shown.pair) for shown in pairs_of(case)]


@dataclass(frozen=True, slots=True)
class MethodPrecision:
    """What reviewers said of the column pairs that one version of the matcher found at one level of evidence.

    `level` None: all levels together. Pairs of the same concept about other subjects count as not the same data.
    """

    method: str
    level: int | None
    accepted: int
    rejected: int
    other_population: int

    @property
    def reviewed(self) -> int:
        return self.accepted + self.rejected + self.other_population

    @property
    def share(self) -> float | None:
        return self.accepted / self.reviewed if self.reviewed else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share by Wilson (1927), which holds for few reviews too."""
        n = self.reviewed
        if not n:
            return None
        p = self.accepted / n
        centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, centre - half), min(1.0, centre + half)


@carries("OVL-05", "SEC-01")
def precision_in_use() -> list[MethodPrecision]:
    """How often reviewers agreed with the matcher, by its version and level of evidence; each version's total first.

    A pair that several searches found is counted once, by the last; nothing of a secret database is counted.
    """
    rows = (
        OverlapPair.objects.exclude(verdict="")
        .filter(
            case__isnull=False,
            left_database__is_secret=False,
            right_database__is_secret=False,
        )
        .order_by("search_id", "pk")
        .values_list(
            "case_id",
            "left_database_id",
            "left_table",
            "left_column",
            "right_database_id",
            "right_table",
            "right_column",
            "search__method",
            "level",
            "verdict",
        )
    )
    last: dict[tuple[object, ...], tuple[str, int, str]] = {}
    for case, left, left_table, left_column, right, right_table, right_column, method, level, verdict in rows:
        sides = frozenset({(left, left_table, left_column), (right, right_table, right_column)})
        last[case, sides] = (method, level, verdict)
    counted: Counter[tuple[str, int | None, str]] = Counter()
    for method, level, verdict in last.values():
        counted[method, level, verdict] += 1
        counted[method, None, verdict] += 1
    groups = sorted(
        {(method, level) for method, level, _verdict in counted},
        key=lambda group: (group[0], -1 if group[1] is None else group[1]),
    )
    found = [
        MethodPrecision(
            method=method,
            level=level,
            accepted=counted[method, level, Verdict.ACCEPT],
            rejected=counted[method, level, Verdict.REJECT],
            other_population=counted[method, level, Verdict.OTHER_POPULATION],
        )
        for method, level in groups
    ]
    return sorted(found, key=lambda one: one.method, reverse=True)
