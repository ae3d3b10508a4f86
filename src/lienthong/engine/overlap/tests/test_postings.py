"""Columns found by the hashes they share: the same as comparing each with each, whenever they came in."""

import numpy as np
import pytest

from benchmarks.overlap.lake import families, sketch, values_of
from lienthong.engine.overlap.estimating import estimate, shared_counts
from lienthong.engine.overlap.postings import SketchIndex
from lienthong.engine.overlap.shapes import ValueSet
from lienthong.engine.overlap.sketching import PUBLISHED, Plan, cut

SMALL = Plan(k=64, complete=120, bits=30)


def lake(columns: int, plan: Plan, seed: int = 3) -> tuple[list[ValueSet], dict[tuple[int, int], float]]:
    """Sketches, and the true containment of every two columns that have values in common."""
    chance = np.random.default_rng(seed)
    sets: list[ValueSet] = []
    truth = {}
    for family in families(columns, seed=seed):
        first = len(sets)
        sets += [sketch(values, plan) for values in values_of(family, chance)]
        for one in range(len(family.members)):
            for other in range(one + 1, len(family.members)):
                smaller = min(family.members[one].size, family.members[other].size)
                truth[first + one, first + other] = family.common(one, other) / smaller
    return sets, truth


def each_with_each(sets: list[ValueSet], least: float) -> dict[tuple[int, int], float]:
    counts = shared_counts(sets, sets)
    found = {}
    for one in range(len(sets)):
        for other in range(one + 1, len(sets)):
            common = estimate(sets[one], sets[other], int(counts[one, other]))
            if common is not None and counts[one, other] >= 2 and common.larger.value >= least:
                found[one, other] = common.larger.value
    return found


def filled(sets: list[ValueSet], **options: int) -> SketchIndex:
    index = SketchIndex(**options)
    for column in sets:
        index.add([column])
    return index


@pytest.mark.parametrize("common", [500, 3])
def test_all_pairs_are_those_of_each_with_each(common):
    sets, _ = lake(60, SMALL)

    met = filled(sets, common=common).pairs(least=0.3)

    found = dict(
        zip(zip(met.left.tolist(), met.right.tolist(), strict=True), met.larger[:, 0].tolist(), strict=True)
    )
    expected = each_with_each(sets, 0.3)
    if common == 500:
        assert found.keys() == expected.keys()
    assert found
    for pair, share in found.items():
        assert share == pytest.approx(expected[pair], abs=1e-6)


def test_a_new_database_is_found_in_what_is_held(tmp_path):
    sets, _ = lake(60, SMALL)
    index = SketchIndex()
    index.add(sets[:30])
    index.add(sets[30:54])
    expected = {pair for pair in each_with_each(sets, 0.5) if pair[0] < 54 <= pair[1]}

    met = index.search(sets[54:], least=0.5)

    assert {
        (right, left + 54) for left, right in zip(met.left.tolist(), met.right.tolist(), strict=True)
    } == expected
    index.save(tmp_path)
    again = SketchIndex.opened(tmp_path).search(sets[54:], least=0.5)
    assert again.right.tolist() == met.right.tolist()
    assert again.share_left.tolist() == met.share_left.tolist()
    assert len(SketchIndex().search(sets[:3])) == 0
    assert len(SketchIndex().pairs()) == 0


def test_columns_of_one_database_are_not_paired_and_lists_of_many_nominate_nobody():
    sets, _ = lake(6, SMALL)
    alone = SketchIndex()
    alone.add(sets)
    assert len(alone.pairs(least=0.0)) == 0
    list_of_many = [sets[0]] * 10

    assert len(filled(list_of_many, common=500).pairs()) == 45
    assert len(filled(list_of_many, common=9).pairs()) == 0


def test_values_of_a_list_count_once_a_pair_is_nominated():
    # Given: 12 columns that hold one list; two of them hold 60 other values in common as well.
    chance = np.random.default_rng(8)
    listed, own = (chance.integers(0, 2**64, 60, dtype=np.uint64) for _ in range(2))
    columns = [np.concatenate((listed, chance.integers(0, 2**64, 5, dtype=np.uint64))) for _ in range(10)]
    columns += [np.concatenate((listed, own)) for _ in range(2)]
    sets = [sketch(values, SMALL) for values in columns]

    met = filled(sets, common=8).pairs()

    assert (met.left.tolist(), met.right.tolist(), met.shared.tolist()) == ([10], [11], [120])
    assert met.larger[0].tolist() == [1.0, 1.0, 1.0]


def test_published_sketches_tell_containment_and_their_intervals_hold():
    sets, truth = lake(600, PUBLISHED)
    found = filled(sets).pairs(least=0.0)
    told = {
        (left, right): share
        for left, right, share in zip(
            found.left.tolist(), found.right.tolist(), found.larger.tolist(), strict=True
        )
    }
    sure = {pair for pair, share in truth.items() if share >= 0.55}
    chosen = {pair for pair, (value, _, _) in told.items() if value >= 0.5}

    assert len(sure & chosen) / len(sure) >= 0.96
    assert sum(truth.get(pair, 0.0) >= 0.45 for pair in chosen) / len(chosen) >= 0.95
    errors = [abs(told[pair][0] - share) for pair, share in truth.items() if pair in told]
    held = [told[p][1] - 1e-9 <= share <= told[p][2] + 1e-9 for p, share in truth.items() if p in told]
    assert sum(errors) / len(errors) <= 0.02
    assert sum(held) / len(held) >= 0.93


def test_a_set_is_cut_to_what_is_published():
    whole = ValueSet(np.sort(np.random.default_rng(2).integers(0, 2**64, 5000, dtype=np.uint64)), 5000, True)

    published = cut(whole, PUBLISHED)

    assert (len(published.hashes), published.distinct, published.complete, published.bits) == (
        1024,
        5000,
        False,
        30,
    )
    assert cut(ValueSet(whole.hashes, 50_000_000, False), PUBLISHED).bits == 36
    common = estimate(whole, published, int(shared_counts([whole], [published])[0, 0]))
    assert common.left.low <= 1.0 <= common.left.high + 1e-9
    assert common.right.value > 0.99
