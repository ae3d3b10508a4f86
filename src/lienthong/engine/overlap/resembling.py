"""How alike two columns are in what their profiles tell: counts, frequencies, spread, how far numbers run."""

from __future__ import annotations

import itertools
import math

from lienthong.engine.overlap.shapes import ColumnFacts

_SAME_COUNTS, _SAME_FREQUENCIES, _SAME_SPREAD, _TELLING_PROFILE = 0.05, 0.05, 0.05, 6.0


def spread_alike(left: ColumnFacts, right: ColumnFacts) -> float:
    """1 when the quantiles of both are the same, 0 when they are off by a third of the wider range."""
    if not left.quantiles or len(left.quantiles) != len(right.quantiles):
        return 0.0
    spread = max((f.upper or 0) - (f.lower or 0) for f in (left, right))
    if spread <= 0:
        return 1.0
    off = sum(abs(a - b) for a, b in zip(left.quantiles, right.quantiles, strict=True)) / len(left.quantiles)
    return max(0.0, 1.0 - 5.0 * off / spread)


def frequencies_alike(left: ColumnFacts, right: ColumnFacts) -> float:
    """How alike the values repeat on both sides, from 0 to 1; 0 where hardly any value repeats."""
    if not left.top or not right.top or min(left.repetition, right.repetition) < 1.2:
        return 0.0
    length = max(len(left.top), len(right.top))
    one, other = ((*f.top, *(0.0,) * (length - len(f.top))) for f in (left, right))
    off = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / max(sum(one), sum(other))
    return max(0.0, 1.0 - 2.0 * off)


def reach_alike(left: ColumnFacts, right: ColumnFacts) -> float:
    """How alike two columns of running numbers are in how far they count, from 0 to 1.

    A part of the rows counts nearly as far as all of them; that a few numbers are among many says nothing.
    """
    if left.upper is None or right.upper is None:
        return 1.0
    return (min(left.upper, right.upper) + 1.0) / (max(left.upper, right.upper) + 1.0)


def same_profile(left: ColumnFacts, right: ColumnFacts) -> float:
    """How surely two columns are one and its copy, from 0 to 1: counts, frequencies and quantiles are the same.

    The more values there are that repeat, the less likely that is by chance.
    """
    if not left.top or not right.top:
        return 0.0
    counts = abs(math.log(left.distinct / right.distinct)) + abs(math.log(left.filled / right.filled))
    frequent = sum(abs(a - b) for a, b in itertools.zip_longest(left.top, right.top, fillvalue=0.0))
    alike = max(0.0, 1.0 - counts / _SAME_COUNTS) * max(0.0, 1.0 - frequent / _SAME_FREQUENCIES)
    if left.quantiles and right.quantiles:
        alike *= max(0.0, 1.0 - (1.0 - spread_alike(left, right)) / _SAME_SPREAD)
    told = math.log2(left.distinct) * min(1.0, left.repetition - 1.0) + math.log2(left.rows) / 4
    return alike * min(1.0, told / _TELLING_PROFILE)
