"""The smallest hashes of each column are kept, whatever the order and however often there is too much to hold."""

from __future__ import annotations

import numpy as np
import pytest

from lienthong.engine.overlap import smallest
from lienthong.engine.overlap.smallest import Smallest


@pytest.mark.parametrize("held", [10, 2_000_000], ids=["settled often", "settled once"])
def test_each_column_keeps_its_smallest_and_counts_all(monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    # given hashes of three columns, mixed, in parts
    monkeypatch.setattr(smallest, "_HELD", held)
    chance = np.random.default_rng(7)
    owners = chance.choice(np.array([2, 5, 900], np.int32), 500, p=[0.01, 0.49, 0.5]).astype(np.int32)
    hashes = chance.integers(0, 1 << 64, 500, np.uint64)
    kept = Smallest(8)

    # when
    for first in range(0, 500, 37):
        kept.add(owners[first : first + 37], hashes[first : first + 37])

    # then
    for number in (2, 5, 900):
        found, count = kept.of(number)
        everything = np.sort(hashes[owners == number])
        assert count == len(everything)
        assert found.tolist() == everything[:8].tolist()
    assert kept.of(3)[1] == 0
    assert not len(kept.of(3)[0])
