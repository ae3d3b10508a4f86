"""Find the rows in which two sides differ from nothing but the mark and the hash of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lienthong.engine.sync.witnesses import Buckets, Flat

Marks = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


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

    @classmethod
    def joined(cls, parts: Sequence[Differing]) -> Differing:
        """The differences of several parts of the marks."""
        if len(parts) == 1:
            return parts[0]
        names = ("missing", "extra", "changed", "repeated_left", "repeated_right")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def all(self) -> Marks:
        """Every mark of a difference."""
        return np.concatenate([self.missing, self.extra, self.changed])


def differing(left: Flat, right: Flat) -> Differing:
    """Compare two sides by mark and hash. O(N log N) in time, O(N) where both come in the order of their marks."""
    (ml, hl), (mr, hr) = _ordered(left), _ordered(right)
    twice_left, twice_right = _twice(ml), _twice(mr)
    if twice_left.size or twice_right.size:
        return _with_repeated((ml, hl), (mr, hr), twice_left, twice_right)
    if ml.size == mr.size and np.array_equal(ml, mr):
        return Differing(_NONE, _NONE, ml[hl != hr], _NONE, _NONE)
    return Differing(*_paired((ml, hl), (mr, hr)), _NONE, _NONE)


_NONE: Marks = np.empty(0, np.int64)
_Side = tuple[Marks, Hashes]


def _ordered(side: Flat) -> _Side:
    # Rows mostly come nearly in order of a whole number: a stable sort notices.
    order = np.argsort(side.marks, kind="stable")
    return side.marks[order], side.hashes[order]


def _twice(ordered: Marks) -> Marks:
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _paired(left: _Side, right: _Side) -> tuple[Marks, Marks, Marks]:
    """Missing, extra and changed marks of two ordered sides on which no mark stands twice."""
    (ml, hl), (mr, hr) = left, right
    if not ml.size:
        return _NONE, mr, _NONE
    place = np.minimum(np.searchsorted(ml, mr), ml.size - 1)
    held = ml[place] == mr
    alone = np.ones(ml.size, bool)
    alone[place[held]] = False
    return ml[alone], mr[~held], mr[held][hl[place[held]] != hr[held]]


def _with_repeated(left: _Side, right: _Side, twice_left: Marks, twice_right: Marks) -> Differing:
    """The same where marks stand on several rows: those are compared as bags of hashes."""
    twice = np.union1d(twice_left, twice_right)
    single = [(m[~one], h[~one]) for m, h in (left, right) for one in (np.isin(m, twice),)]
    missing, extra, changed = _paired(*single)
    bags = []
    for m, h in (left, right):
        held = np.isin(m, twice)
        bag: dict[int, list[int]] = {}
        for mark, one in zip(m[held].tolist(), h[held].tolist(), strict=True):
            bag.setdefault(mark, []).append(one)
        bags.append(bag)
    here: list[int] = []
    there: list[int] = []
    both: list[int] = []
    for mark in twice.tolist():
        one, other = (sorted(bag.get(mark, [])) for bag in bags)
        if one != other:
            (here if not other else there if not one else both).append(mark)
    more = (np.array(marks, np.int64) for marks in (here, there, both))
    return Differing(
        np.concatenate([missing, next(more)]),
        np.concatenate([extra, next(more)]),
        np.concatenate([changed, next(more)]),
        twice_left,
        twice_right,
    )


def only(side: Flat, marks: Marks) -> Flat:
    """Of a side the rows with these marks."""
    held = np.isin(side.marks, marks)
    return Flat(side.marks[held], side.hashes[held])


def together(parts: Sequence[Flat]) -> Flat:
    """Several parts of a side as one."""
    return Flat(
        np.concatenate([part.marks for part in parts]), np.concatenate([part.hashes for part in parts])
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
