"""How much of one column is in the other, from keyed hashes: exact, or with an interval.

The k smallest hashes of a column are a random sample of its values, and the same sample rule on both sides:
among hashes up to the smaller of the two limits each side knows everything. Of the left values seen there,
the part found on the right estimates the containment; the interval is Wilson's (95 %).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lienthong.engine.overlap.shapes import Share, ValueSet

_Z = 1.959964
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Common:
    """What two columns have in common; `seen` are the values of each side that could be compared."""

    left: Share
    right: Share
    common: int
    seen_left: int
    seen_right: int

    @property
    def larger(self) -> Share:
        """The share of the side that is more contained in the other."""
        return max(self.left, self.right, key=lambda share: share.value)


def estimate(left: ValueSet, right: ValueSet, shared: int) -> Common | None:
    """The containment both ways, given how many hashes the sets share; None when nothing can be compared."""
    if not left.distinct or not right.distinct:
        return None
    if left.complete and right.complete:
        exact = [Share(part, part, part) for part in (shared / left.distinct, shared / right.distinct)]
        return Common(exact[0], exact[1], shared, left.distinct, right.distinct)
    bound = min(values.hashes[-1] for values in (left, right) if not values.complete)
    seen_left = int(np.searchsorted(left.hashes, bound, side="right"))
    seen_right = int(np.searchsorted(right.hashes, bound, side="right"))
    if not seen_left or not seen_right:
        return None
    one = _share(shared, seen_left, right.distinct / left.distinct)
    other = _share(shared, seen_right, left.distinct / right.distinct)
    by_left, by_right = one.value * left.distinct, other.value * right.distinct
    common = by_left if seen_left >= seen_right else by_right
    return Common(one, other, round(common), seen_left, seen_right)


def _share(found: int, seen: int, at_most: float) -> Share:
    """Wilson's interval of a share; it cannot exceed what the size of the other side allows."""
    share, square = found / seen, _Z * _Z
    middle = (share + square / (2 * seen)) / (1 + square / seen)
    half = _Z / (1 + square / seen) * math.sqrt(share * (1 - share) / seen + square / (4 * seen * seen))
    ceiling = min(1.0, at_most)
    value = min(share, ceiling)
    return Share(value, max(0.0, min(middle - half, value)), max(value, min(ceiling, middle + half)))


def shared_counts(left: Sequence[ValueSet | None], right: Sequence[ValueSet | None]) -> Counts:
    """How many hashes every left column shares with every right one, by one join over all of them."""
    counts = np.zeros((len(left), len(right)), dtype=np.int64)
    left_hashes, left_owner = _postings(left)
    right_hashes, right_owner = _postings(right)
    if not len(left_hashes) or not len(right_hashes):
        return counts
    first = np.searchsorted(right_hashes, left_hashes, side="left")
    last = np.searchsorted(right_hashes, left_hashes, side="right")
    times = last - first
    rows = np.repeat(left_owner, times)
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(times)[:-1])), times)
    columns = right_owner[starts + np.arange(len(rows))]
    np.add.at(counts, (rows, columns), 1)
    return counts


def _postings(columns: Sequence[ValueSet | None]) -> tuple[npt.NDArray[np.uint64], Counts]:
    arrays = [np.empty(0, np.uint64) if values is None else values.hashes for values in columns]
    hashes = np.concatenate(arrays) if arrays else np.empty(0, np.uint64)
    owner = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], owner[order]
