"""Find the rows in which two sides differ from nothing but the mark and the hash of every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lienthong.engine.sync.witnesses import Buckets, Flat, Hashes, Marks

# An odd constant spreads marks over all bits, so that a mark and a hash can be taken together in 64 bits.
_Number = TypeVar("_Number", np.int64, np.uint64)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Differing:
    """Marks of rows that only the left has, only the right has, or both have with different hashes.

    `repeated_left` and `repeated_right` are marks that stand on more than one row of a side.
    """

    missing: Marks
    extra: Marks
    changed: Marks
    repeated_left: Marks
    repeated_right: Marks

    def count(self) -> int:
        """How many keys differ."""
        return self.missing.size + self.extra.size + self.changed.size

    def all(self) -> Marks:
        """Every mark of a difference."""
        return np.concatenate([self.missing, self.extra, self.changed])

    def __add__(self, other: Differing) -> Differing:
        return Differing(
            np.concatenate([self.missing, other.missing]),
            np.concatenate([self.extra, other.extra]),
            np.concatenate([self.changed, other.changed]),
            np.concatenate([self.repeated_left, other.repeated_left]),
            np.concatenate([self.repeated_right, other.repeated_right]),
        )


NOTHING = Differing(*(np.empty(0, np.int64) for _ in range(5)))


def differing(left: Flat, right: Flat) -> Differing:
    """Compare two sides by mark and hash. O(N log N) in time; memory a few times 16 bytes a row."""
    rows_left, rows_right = _together(left), _together(right)
    odd = _odd(rows_left, rows_right)
    repeated_left, repeated_right = _repeated(left.marks), _repeated(right.marks)
    here = left.marks[np.isin(rows_left, odd)]
    there = right.marks[np.isin(rows_right, odd)]
    # A row that stands twice on one side and once on the other leaves no odd row of its own.
    uneven = _uneven(left, right, repeated_left, repeated_right)
    here, there = np.unique(here), np.unique(there)
    missing = here[~np.isin(here, right.marks)] if here.size else here
    extra = there[~np.isin(there, left.marks)] if there.size else there
    changed = np.union1d(np.setdiff1d(np.union1d(here, there), np.union1d(missing, extra)), uneven)
    return Differing(
        missing, extra, np.setdiff1d(changed, np.union1d(missing, extra)), repeated_left, repeated_right
    )


def differing_buckets(left: Buckets, right: Buckets) -> npt.NDArray[np.int64]:
    """The numbers of the buckets whose digests are not the same on both sides."""
    numbers = np.concatenate([left.numbers, right.numbers])
    if not numbers.size:
        return numbers
    order = np.argsort(numbers, kind="stable")
    parts = [
        np.concatenate([a, b])[order].astype(np.uint64)
        for a, b in ((left.rows, right.rows), (left.xors, right.xors), (left.sums, right.sums))
    ]
    numbers = numbers[order]
    pairs = numbers[1:] == numbers[:-1]
    same = pairs.copy()
    for part in parts:
        same &= part[1:] == part[:-1]
    equal = np.zeros(numbers.size, bool)
    equal[1:] |= same
    equal[:-1] |= same
    return np.unique(numbers[~equal])


def _together(side: Flat) -> Hashes:
    return side.marks.view(np.uint64) * _SPREAD ^ side.hashes


def _odd(left: Hashes, right: Hashes) -> Hashes:
    """What stands on one side only."""
    both = np.concatenate([np.sort(left), np.sort(right)])
    both.sort(kind="stable")
    alone = np.ones(both.size, bool)
    same = both[1:] == both[:-1]
    alone[1:] &= ~same
    alone[:-1] &= ~same
    found = both[alone]
    # Rows that stand twice on one side look like a pair: told apart where there are any.
    twice = np.concatenate([_repeated(left), _repeated(right)])
    if twice.size:
        twice = np.unique(twice)
        lonely = twice[np.isin(twice, left) != np.isin(twice, right)]
        found = np.concatenate([found, lonely])
    return found


def _repeated(values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    ordered = np.sort(values)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _uneven(left: Flat, right: Flat, repeated_left: Marks, repeated_right: Marks) -> Marks:
    """Repeated marks of which the two sides do not hold the same rows equally often."""
    marks = np.union1d(repeated_left, repeated_right)
    if not marks.size:
        return marks
    found = []
    for side in (left, right):
        held = np.isin(side.marks, marks)
        m, h = side.marks[held], side.hashes[held]
        order = np.lexsort((h, m))
        found.append((m[order], h[order]))
    (ml, hl), (mr, hr) = found
    if ml.size == mr.size and bool(np.all(ml == mr) and np.all(hl == hr)):
        return np.empty(0, np.int64)
    uneven = []
    for mark in marks.tolist():
        one, other = hl[ml == mark], hr[mr == mark]
        if one.size != other.size or not np.array_equal(one, other):
            uneven.append(mark)
    return np.array(uneven, np.int64)
