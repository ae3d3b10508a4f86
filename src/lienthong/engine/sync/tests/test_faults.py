"""Faults of synchronisation at twenty seeded points of each kind; `make trials NAME=sync` tries two hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials import sync
from tests.trials.trying import Kind, tried


@pytest.fixture(scope="module", autouse=True)
def _on_the_server_of_the_tests(postgres_server: str) -> None:
    sync.SERVER[:] = [postgres_server]


@pytest.mark.parametrize("kind", sync.KINDS, ids=lambda kind: kind.name)
def test_a_fault_leaves_the_old_state_or_the_new_one(kind: Kind, tmp_path: Path) -> None:
    tally = tried(kind, 20, tmp_path)
    assert tally.old + tally.new == 20
    assert tally.most_repeated <= 1
