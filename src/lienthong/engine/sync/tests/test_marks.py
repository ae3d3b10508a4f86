"""What differs between two sides, told from marks and hashes, is what comparing bags of rows by hand tells."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.sync.marks import Differing, differing, differing_buckets, only, together
from lienthong.engine.sync.witnesses import Buckets, Flat

ROWS = st.lists(st.tuples(st.integers(-4, 12), st.integers(0, 3)), max_size=14)


def flat(rows):
    return Flat(np.array([mark for mark, _ in rows], np.int64), np.array([one for _, one in rows], np.uint64))


def by_hand(left, right):
    bags = [
        {mark: Counter(h for m, h in rows if m == mark) for mark in {m for m, _ in rows}}
        for rows in (left, right)
    ]
    uneven = [mark for mark in bags[0].keys() | bags[1].keys() if bags[0].get(mark) != bags[1].get(mark)]
    missing = {mark for mark in uneven if mark not in bags[1]}
    extra = {mark for mark in uneven if mark not in bags[0]}
    return missing, extra, set(uneven) - missing - extra


def told(found):
    return set(found.missing.tolist()), set(found.extra.tolist()), set(found.changed.tolist())


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_missing_extra_and_changed_marks_however_often_they_repeat(left, right):
    found = differing(flat(left), flat(right))

    assert told(found) == by_hand(left, right)
    assert found.count() == len(found.all()) == sum(map(len, told(found)))
    assert set(found.repeated_left.tolist()) == {m for m, n in Counter(m for m, _ in left).items() if n > 1}


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_parts_of_the_marks_tell_what_the_whole_tells(left, right):
    parts = [
        differing(flat([r for r in left if r[0] % 3 == part]), flat([r for r in right if r[0] % 3 == part]))
        for part in range(3)
    ]

    assert told(Differing.joined(parts)) == told(differing(flat(left), flat(right)))
    kept = together([only(flat(left), part.all()) for part in parts])
    assert set(kept.marks.tolist()) == {m for m, _ in left} & set(
        np.concatenate([p.all() for p in parts]).tolist()
    )


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_buckets_that_differ_are_those_that_hold_a_difference(left, right):
    def buckets(rows):
        numbers = sorted({mark >> 2 for mark, _ in rows})
        held = [[one for mark, one in rows if mark >> 2 == number] for number in numbers]
        return Buckets(
            np.array(numbers, np.int64),
            np.array([len(one) for one in held], np.int64),
            np.array([np.bitwise_xor.reduce(np.array(one, np.uint64)) for one in held], np.uint64),
            np.array([sum(one) for one in held], np.uint64),
        )

    found = set(differing_buckets(buckets(left), buckets(right)).tolist())
    known = {n: sorted(h for m, h in left if m >> 2 == n) for n in {m >> 2 for m, _ in left}}
    others = {n: sorted(h for m, h in right if m >> 2 == n) for n in {m >> 2 for m, _ in right}}
    for number in known.keys() | others.keys():
        mine, theirs = known.get(number), others.get(number)
        folded = [
            (len(x), np.bitwise_xor.reduce(np.array(x, np.uint64)), sum(x)) if x else None
            for x in (mine, theirs)
        ]
        assert (number in found) == (folded[0] != folded[1])
