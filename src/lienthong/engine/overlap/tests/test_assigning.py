"""One partner for each column, so that all together fit best."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.overlap.assigning import best_pairs


def test_the_best_single_pair_may_be_given_up_for_a_better_whole():
    gains = np.array([[5.0, 4.5], [4.9, 1.0]])

    assert best_pairs(gains) == [(0, 1), (1, 0)]


def test_pairs_that_gain_nothing_are_left_out():
    assert best_pairs(np.array([[0.0, 2.0, 0.0], [0.0, 3.0, -1.0]])) == [(1, 1)]
    assert best_pairs(np.zeros((0, 3))) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_other_assignment_gains_more(rows, columns, data):
    values = data.draw(st.lists(st.integers(0, 9), min_size=rows * columns, max_size=rows * columns))
    gains = np.array(values, dtype=float).reshape(rows, columns)
    most = max(
        sum(gains[row, column] for row, column in zip(chosen, others, strict=False))
        for size in (min(rows, columns),)
        for chosen in itertools.permutations(range(rows), size)
        for others in itertools.combinations(range(columns), size)
    )

    found = best_pairs(gains)

    assert sum(gains[pair] for pair in found) == most
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
