"""How much of one column is in the other, from keyed hashes: exact, or with an interval.

The k smallest hashes of a column are a random sample of its values, and the same sample rule on both sides:
among hashes up to the smaller of the two limits each side knows everything. Of the left values seen there,
the part found on the right estimates the containment; the interval is Wilson's (95 %). Where all values of a
column were looked at, its share is exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lienthong.engine.overlap.packing import leading, unknown
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
    """The containment both ways, given how many hashes the sets share; None when nothing can be compared.

    `shared` counts hashes alike in as many leading bits as both sides know. Different values are alike in them by
    chance, the oftener the more values there are: that part is taken off.
    """
    if not left.distinct or not right.distinct:
        return None
    bits = min(left.bits, right.bits)
    if left.complete and right.complete and bits == 64:
        exact = [Share(part, part, part) for part in (shared / left.distinct, shared / right.distinct)]
        return Common(exact[0], exact[1], shared, left.distinct, right.distinct)
    seen_left, seen_right = _comparable(left, right)
    if not seen_left or not seen_right:
        return None
    one = _share(shared, seen_left, left.distinct, right.distinct, bits)
    other = _share(shared, seen_right, right.distinct, left.distinct, bits)
    by_left, by_right = one.value * left.distinct, other.value * right.distinct
    common = by_left if seen_left >= seen_right else by_right
    return Common(one, other, round(common), seen_left, seen_right)


def _comparable(left: ValueSet, right: ValueSet) -> tuple[int, int]:
    """How many hashes of each side lie where the other side knows everything."""
    if left.complete and right.complete:
        return len(left.hashes), len(right.hashes)
    bound = min(
        int(values.hashes[-1]) | unknown(values.bits) for values in (left, right) if not values.complete
    )
    return (
        int(np.searchsorted(left.hashes, np.uint64(bound), side="right")),
        int(np.searchsorted(right.hashes, np.uint64(bound), side="right")),
    )


def _share(found: int, seen: int, distinct: int, others: int, bits: int) -> Share:
    """Wilson's interval of a share of which `seen` of `distinct` values were looked at, without putting one back.

    It cannot exceed what the size of the other side allows.
    """
    ceiling = min(1.0, others / distinct)
    if bits < 64:
        alike = others / 2.0**bits
        found_share = min(1.0, max(0.0, (found / seen - alike) / (1 - alike)))
    else:
        found_share = min(1.0, found / seen)
    rest = (distinct - seen) / max(1, distinct - 1)
    if rest <= 0:
        value = min(round(found_share * seen) / seen, ceiling)
        return Share(value, value, value)
    # As many values put back would tell as much as these that were not.
    told = seen / rest
    square = _Z * _Z
    middle = (found_share + square / (2 * told)) / (1 + square / told)
    half = (
        _Z
        / (1 + square / told)
        * math.sqrt(found_share * (1 - found_share) / told + square / (4 * told * told))
    )
    value = min(found_share, ceiling)
    return Share(value, max(0.0, min(middle - half, value)), max(value, min(ceiling, middle + half)))


def shared_counts(left: Sequence[ValueSet | None], right: Sequence[ValueSet | None]) -> Counts:
    """How many hashes every left column shares with every right one, by one join over all of them.

    Sets of which fewer leading bits are known are joined by these bits.
    """
    counts = np.zeros((len(left), len(right)), dtype=np.int64)
    for bits in _precisions(left):
        for others in _precisions(right):
            _join(counts, _postings(left, bits, others), _postings(right, others, bits))
    return counts


def _precisions(columns: Sequence[ValueSet | None]) -> list[int]:
    return sorted({values.bits for values in columns if values is not None})


def _join(
    counts: Counts, left: tuple[npt.NDArray[np.uint64], Counts], right: tuple[npt.NDArray[np.uint64], Counts]
) -> None:
    (left_hashes, left_owner), (right_hashes, right_owner) = left, right
    if not len(left_hashes) or not len(right_hashes):
        return
    first = np.searchsorted(right_hashes, left_hashes, side="left")
    last = np.searchsorted(right_hashes, left_hashes, side="right")
    times = last - first
    rows = np.repeat(left_owner, times)
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(times)[:-1])), times)
    columns = right_owner[starts + np.arange(len(rows))]
    np.add.at(counts, (rows, columns), 1)


def _postings(
    columns: Sequence[ValueSet | None], bits: int, others: int
) -> tuple[npt.NDArray[np.uint64], Counts]:
    """The hashes of the sets of this precision, as far as the other side knows them, with their columns."""
    arrays = [
        np.empty(0, np.uint64)
        if values is None or values.bits != bits
        else leading(values.hashes, min(bits, others))
        for values in columns
    ]
    hashes = np.concatenate(arrays) if arrays else np.empty(0, np.uint64)
    owner = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], owner[order]
