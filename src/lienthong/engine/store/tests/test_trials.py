"""Twenty seeded points of each fault of publishing; two hundred in `make trials NAME=store`."""

import pytest

from tests.trials.store import KINDS
from tests.trials.trying import tried


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_point_ends_in_the_old_or_the_new_state(kind, tmp_path):
    tally = tried(kind, 20, tmp_path)

    assert tally.old + tally.new == 20
