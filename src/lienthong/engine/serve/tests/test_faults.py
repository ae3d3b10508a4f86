"""Whoever keeps a replica current may die at any point: readers find the old version or the new one, whole."""

from pathlib import Path

import pytest

from tests.trials.serve import KINDS
from tests.trials.trying import Kind, tried


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_readers_find_the_old_version_or_the_new_one(kind: Kind, tmp_path: Path) -> None:
    tally = tried(kind, 20 if kind.name == "swap" else 5, tmp_path)

    assert tally.old + tally.new == tally.points
