"""The smallest hashes of many columns at once, from hashes that come in any order; what is not needed is let go.

Cost: a sort of what is held whenever two million hashes more have come, twelve bytes each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lienthong.engine.overlap.shapes import Hashes

Owners = np.ndarray[Any, np.dtype[np.int32]]

_HELD = 2_000_000


class Smallest:
    """The smallest hashes of each of many columns, and how many each has."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._owners = np.empty(0, np.int32)
        self._hashes = np.empty(0, np.uint64)
        self._parts: list[tuple[Owners, Hashes]] = []
        self._waiting = 0
        self._counts: dict[int, int] = {}

    def add(self, owners: Owners, hashes: Hashes) -> None:
        """Take these hashes in, each of the column beside it."""
        self._parts.append((owners, hashes))
        self._waiting += len(hashes)
        if self._waiting > _HELD:
            self._settle()

    def of(self, number: int) -> tuple[Hashes, int]:
        """The smallest hashes of a column in their order, and how many it has in all."""
        if self._parts:
            self._settle()
        first, last = np.searchsorted(self._owners, number), np.searchsorted(self._owners, number, "right")
        return self._hashes[first:last], self._counts.get(number, 0)

    def _settle(self) -> None:
        new = np.concatenate([part for part, _ in self._parts])
        for number, count in zip(*np.unique(new, return_counts=True), strict=True):
            self._counts[int(number)] = self._counts.get(int(number), 0) + int(count)
        owners = np.concatenate([self._owners, new])
        hashes = np.concatenate([self._hashes, *(part for _, part in self._parts)])
        order = np.lexsort((hashes, owners))
        owners, hashes = owners[order], hashes[order]
        places = np.arange(len(owners)) - np.searchsorted(owners, owners)
        kept = places < self._limit
        self._owners, self._hashes = owners[kept], hashes[kept]
        self._parts, self._waiting = [], 0
