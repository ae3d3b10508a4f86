"""Columns of many databases found by the hashes they share, without comparing each with each.

A posting is a hash and the column that holds it. Looking up a column of `k` hashes costs `k` searches and the columns
met, whatever else is held; a new database is a small part of its own that is joined with others of its size later, so
each posting is sorted anew about `log2(C)` times while C columns come in. All pairs of C columns cost one sort of C·k
postings and C·k·f steps, f being how many columns hold a hash: practically linear in C, since hashes that more than
`common` columns hold nominate nobody (they are lists that many use). They count all the same once a pair is nominated.

Hashes are held to their published bits, 12 bytes each with their column: 18,000 columns of the published sketches (see
`PUBLISHED`) take 160 MB and 200,000 take 1.8 GB. Written to a folder they are read from there as they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lienthong.engine.overlap.shapes import PUBLISHED_BITS, Hashes, ValueSet

BITS = PUBLISHED_BITS
COMMON = 500
_LEAST_SHARED = 2
_AT_A_TIME = 8_000_000
_Z = 1.959964

Short = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
_SAVED = ("hashes", "owners", "own", "first", "distinct", "complete", "group")


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of columns that share values: their numbers, and what share of each is in the other, with intervals."""

    left: Whole
    right: Whole
    shared: Whole
    """Hashes alike among those that could be compared."""
    seen: Whole
    """How many hashes of the column with fewer values could be compared."""
    share_left: Real
    """Three columns: the share, and the bounds of its interval."""
    share_right: Real

    def __len__(self) -> int:
        return len(self.left)

    @property
    def larger(self) -> Real:
        """The share of the column that is more contained in the other, with its interval."""
        from_left = self.share_left[:, 0] >= self.share_right[:, 0]
        chosen: Real = np.where(from_left[:, None], self.share_left, self.share_right)
        return chosen

    def where(self, chosen: npt.NDArray[np.bool_]) -> Meetings:
        """These of the pairs."""
        return Meetings(
            self.left[chosen], self.right[chosen], self.shared[chosen], self.seen[chosen],
            self.share_left[chosen], self.share_right[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """Sets in one row: the hashes of each from `first[i]` to `first[i + 1]`, and what is known of it."""

    own: Short
    first: Whole
    distinct: Whole
    complete: npt.NDArray[np.bool_]
    group: Whole

    def __len__(self) -> int:
        return len(self.distinct)

    def limits(self) -> Hashes:
        """Up to which hash each set is fully known."""
        ends = np.zeros(len(self), dtype=np.uint64)
        filled = np.flatnonzero(self.first[1:] > self.first[:-1])
        ends[filled] = self.own[self.first[filled + 1] - 1]
        ends[self.complete] = np.uint64(2**BITS - 1)
        return ends

    def ranks(self, columns: Whole, bounds: Hashes) -> Whole:
        """How many hashes of each of these columns lie up to its bound."""
        low, high = self.first[columns], self.first[columns + 1]
        while len(low) and (low < high).any():
            middle = (low + high) >> 1
            inside = low < high
            under = inside & (self.own[np.minimum(middle, len(self.own) - 1)] <= bounds)
            low, high = np.where(under, middle + 1, low), np.where(inside & ~under, middle, high)
        return low - self.first[columns]


@dataclass(frozen=True, slots=True)
class _Part:
    """Postings in the order of hashes, then of columns."""

    hashes: Short
    owners: Short


class SketchIndex:
    """Sets of keyed hashes of many columns, all under one key. Columns are numbered in the order they come in."""

    def __init__(self, *, common: int = COMMON) -> None:
        self.common = common
        self._columns = _Columns(
            np.empty(0, np.uint32),
            np.zeros(1, np.int64),
            np.empty(0, np.int64),
            np.empty(0, bool),
            np.empty(0, np.int64),
        )
        self._parts: list[_Part] = []
        self._waiting: list[_Columns] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, sets: Sequence[ValueSet], *, database: int = -1) -> range:
        """Take in the columns of one database and give their numbers; `database` sets it apart in `pairs`."""
        return self._take(_in_a_row(sets, self._size if database < 0 else database))

    def _take(self, columns: _Columns) -> range:
        numbers = range(self._size, self._size + len(columns))
        self._waiting.append(columns)
        self._size += len(columns)
        self._parts.append(_sorted(columns, numbers.start))
        while len(self._parts) > 1 and len(self._parts[-2].hashes) <= 2 * len(self._parts[-1].hashes):
            self._parts[-2:] = [_joined(self._parts[-2:])]
        return numbers

    @property
    def columns(self) -> _Columns:
        """Everything held, in one row."""
        if self._waiting:
            self._columns = _one_row([self._columns, *self._waiting])
            self._waiting = []
        return self._columns

    def search(self, sets: Sequence[ValueSet], *, least: float = 0.5) -> Meetings:
        """The columns that hold at least this share of one of these sets, or of which one of these holds it.

        `left` numbers the sets that were asked for, `right` the columns held.
        """
        asked = _in_a_row(sets, -1)
        met: list[Hashes] = []
        lists: set[int] = set()
        for part in self._parts:
            found, often = self._met(part, asked)
            met.append(found)
            lists |= often
        left, right, shared = _counted(np.concatenate(met) if met else np.empty(0, np.uint64))
        enough = shared >= _LEAST_SHARED
        left, right, shared = left[enough], right[enough], shared[enough]
        again = np.isin(left, np.fromiter(lists, np.int64, len(lists)))
        shared[again] = _shared_by(asked, left[again], self.columns, right[again])
        return _estimated(asked, left, self.columns, right, shared, least)

    def _met(self, part: _Part, asked: _Columns) -> tuple[Hashes, set[int]]:
        """The pairs that a part holds, once per shared hash; and which sets have hashes that many columns hold."""
        wanted = np.repeat(np.arange(len(asked)), np.diff(asked.first))
        order = np.argsort(asked.own, kind="stable")
        hashes, wanted = asked.own[order], wanted[order]
        first = np.searchsorted(part.hashes, hashes, side="left")
        times = np.searchsorted(part.hashes, hashes, side="right") - first
        often = times > self.common
        lists = set(np.unique(wanted[often]).tolist())
        first, times, wanted = first[~often], times[~often], wanted[~often]
        left = np.repeat(wanted, times).astype(np.uint64)
        steps = np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
        right = part.owners[np.repeat(first, times) + steps].astype(np.uint64)
        return (left << np.uint64(32)) | right, lists

    def pairs(self, *, least: float = 0.5) -> Meetings:
        """All pairs of columns of different databases of which one holds at least this share of the other."""
        if len(self._parts) > 1:
            self._parts = [_joined(self._parts)]
        columns = self.columns
        met, often = self._all_met()
        left, right, shared = met
        apart = (shared >= _LEAST_SHARED) & (columns.group[left] != columns.group[right])
        left, right, shared = left[apart], right[apart], shared[apart]
        again = often[left] & often[right]
        shared[again] = _shared_by(columns, left[again], columns, right[again])
        return _estimated(columns, left, columns, right, shared, least)

    def _all_met(self) -> tuple[tuple[Whole, Whole, Whole], npt.NDArray[np.bool_]]:
        often = np.zeros(self._size, dtype=bool)
        if not self._parts:
            return _counted(np.empty(0, np.uint64)), often
        part = self._parts[0]
        starts = np.flatnonzero(np.concatenate(([True], part.hashes[1:] != part.hashes[:-1])))
        lengths = np.diff(np.concatenate((starts, [len(part.hashes)])))
        for start, length in zip(starts[lengths > self.common], lengths[lengths > self.common], strict=True):
            often[part.owners[start : start + length]] = True
        kept = (lengths > 1) & (lengths <= self.common)
        found = [_counted(keys) for keys in _pairs_of(part.owners, starts[kept], lengths[kept])]
        return _summed(found), often

    def save(self, folder: Path) -> None:
        """Write everything into this folder, from which `opened` reads it."""
        if len(self._parts) > 1:
            self._parts = [_joined(self._parts)]
        columns, part = self.columns, self._parts[0] if self._parts else _Part(*(np.empty(0, np.uint32),) * 2)
        folder.mkdir(parents=True, exist_ok=True)
        for name in _SAVED:
            np.save(folder / f"{name}.npy", getattr(part if name in ("hashes", "owners") else columns, name))

    @classmethod
    def opened(cls, folder: Path, *, common: int = COMMON) -> SketchIndex:
        """What was saved in this folder, read from there as it is needed. Raises OSError, ValueError."""
        held = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _SAVED}
        index = cls(common=common)
        index._parts = [_Part(held["hashes"], held["owners"])]
        index._columns = _Columns(*(held[name] for name in _SAVED[2:]))
        index._size = len(index._columns)
        return index


def _in_a_row(sets: Sequence[ValueSet], database: int) -> _Columns:
    arrays = [
        np.unique((one.hashes >> np.uint64(64 - BITS)).astype(np.uint32))
        if len(one.hashes)
        else np.empty(0, np.uint32)
        for one in sets
    ]
    return _Columns(
        np.concatenate(arrays) if arrays else np.empty(0, np.uint32),
        np.concatenate(([0], np.cumsum([len(array) for array in arrays]))).astype(np.int64),
        np.array([one.distinct for one in sets], dtype=np.int64),
        np.array([one.complete for one in sets], dtype=bool),
        np.full(len(sets), database, dtype=np.int64),
    )


def _one_row(rows: Sequence[_Columns]) -> _Columns:
    lengths = [len(row.own) for row in rows]
    before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    first = [row.first[:-1] + at for row, at in zip(rows, before, strict=True)]
    return _Columns(
        np.concatenate([row.own for row in rows]),
        np.concatenate([*first, [sum(lengths)]]).astype(np.int64),
        np.concatenate([row.distinct for row in rows]),
        np.concatenate([row.complete for row in rows]),
        np.concatenate([row.group for row in rows]),
    )


def _sorted(columns: _Columns, first_number: int) -> _Part:
    owners = np.repeat(
        np.arange(first_number, first_number + len(columns), dtype=np.uint64), np.diff(columns.first)
    )
    return _apart(np.sort((columns.own.astype(np.uint64) << np.uint64(32)) | owners))


def _joined(parts: Sequence[_Part]) -> _Part:
    together = [(part.hashes.astype(np.uint64) << np.uint64(32)) | part.owners for part in parts]
    # Both are sorted already, which a stable sort makes use of.
    return _apart(np.sort(np.concatenate(together), kind="stable"))


def _apart(postings: Hashes) -> _Part:
    return _Part((postings >> np.uint64(32)).astype(np.uint32), postings.astype(np.uint32))


def _pairs_of(owners: Short, starts: Whole, lengths: Whole) -> Iterator[Hashes]:
    """Every two columns that hold one hash, as `left << 32 | right`, so many at a time that memory is bounded."""
    made = np.cumsum(lengths * (lengths - 1) // 2)
    cuts = np.searchsorted(made, np.arange(_AT_A_TIME, made[-1] if len(made) else 0, _AT_A_TIME))
    for begin, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(starts)], strict=True):
        if begin == end:
            continue
        here, ends = starts[begin:end], (starts + lengths)[begin:end]
        position = np.repeat(here, lengths[begin:end]) + _steps(lengths[begin:end])
        until = np.repeat(ends, lengths[begin:end])
        found = []
        distance = 1
        while len(position):
            inside = position + distance < until
            position, until = position[inside], until[inside]
            left, right = owners[position].astype(np.uint64), owners[position + distance].astype(np.uint64)
            found.append((left << np.uint64(32)) | right)
            distance += 1
        yield np.concatenate(found)


def _steps(lengths: Whole) -> Whole:
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)


def _counted(keys: Hashes) -> tuple[Whole, Whole, Whole]:
    """The different pairs, and how often each occurs."""
    pairs, times = np.unique(keys, return_counts=True)
    return (
        (pairs >> np.uint64(32)).astype(np.int64),
        pairs.astype(np.uint32).astype(np.int64),
        times.astype(np.int64),
    )


def _summed(found: Sequence[tuple[Whole, Whole, Whole]]) -> tuple[Whole, Whole, Whole]:
    if len(found) == 1:
        return found[0]
    if not found:
        return _counted(np.empty(0, np.uint64))
    keys = np.concatenate([(left << 32) | right for left, right, _ in found])
    times = np.concatenate([shared for _, _, shared in found])
    order = np.argsort(keys, kind="stable")
    keys, times = keys[order], times[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts] >> 32, keys[starts] & 0xFFFFFFFF, np.add.reduceat(times, starts)


def _shared_by(one: _Columns, left: Whole, other: _Columns, right: Whole) -> Whole:
    """How many hashes the two columns of each pair have in common, counted from the columns themselves."""
    shared = np.zeros(len(left), dtype=np.int64)
    sizes = np.diff(one.first)[left] + np.diff(other.first)[right]
    cuts = np.flatnonzero(np.diff(np.cumsum(sizes) // _AT_A_TIME)) + 1
    for pairs in np.split(np.arange(len(left)), cuts):
        if len(pairs):
            both = np.sort(np.concatenate((_keyed(one, left[pairs]), _keyed(other, right[pairs]))))
            twice = both[1:][both[1:] == both[:-1]] >> np.uint64(32)
            shared[pairs] = np.bincount(twice.astype(np.int64), minlength=len(pairs))
    return shared


def _keyed(columns: _Columns, chosen: Whole) -> Hashes:
    lengths = np.diff(columns.first)[chosen]
    places = np.repeat(columns.first[chosen], lengths) + _steps(lengths)
    numbers = np.repeat(np.arange(len(chosen), dtype=np.uint64), lengths)
    keyed: Hashes = (numbers << np.uint64(32)) | columns.own[places]
    return keyed


def _estimated(
    one: _Columns, left: Whole, other: _Columns, right: Whole, shared: Whole, least: float
) -> Meetings:
    bounds = np.minimum(one.limits()[left], other.limits()[right])
    seen_left, seen_right = one.ranks(left, bounds), other.ranks(right, bounds)
    distinct_left, distinct_right = one.distinct[left], other.distinct[right]
    met = Meetings(
        left, right, shared,
        np.where(distinct_left <= distinct_right, seen_left, seen_right),
        shares(shared, seen_left, distinct_left, distinct_right),
        shares(shared, seen_right, distinct_right, distinct_left),
    )  # fmt: skip
    return met.where(met.larger[:, 0] >= least)


def shares(found: Whole, seen: Whole, distinct: Whole, others: Whole) -> Real:
    """The shares and their intervals for many pairs at once, as `estimating.estimate` gives them for one."""
    alike = others / 2.0**BITS
    looked = np.maximum(seen, 1)
    share = np.clip((found / looked - alike) / (1 - alike), 0.0, 1.0)
    ceiling = np.minimum(1.0, others / np.maximum(distinct, 1))
    rest = np.maximum(distinct - seen, 0) / np.maximum(distinct - 1, 1)
    share = np.where(rest <= 0, np.rint(share * looked) / looked, share)
    square = _Z * _Z
    told = looked / np.maximum(rest, 1e-12)
    middle = (share + square / (2 * told)) / (1 + square / told)
    half = _Z / (1 + square / told) * np.sqrt(share * (1 - share) / told + square / (4 * told * told))
    value = np.minimum(share, ceiling)
    low = np.where(rest <= 0, value, np.clip(np.minimum(middle - half, value), 0.0, 1.0))
    high = np.where(rest <= 0, value, np.maximum(value, np.minimum(ceiling, middle + half)))
    return np.stack((value, low, high), axis=1)
