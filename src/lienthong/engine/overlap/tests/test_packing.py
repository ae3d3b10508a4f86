"""Packed hashes: what goes in comes out, in few bytes, and bytes of others are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.overlap.packing import leading, pack, unpack


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 2**64 - 1), max_size=40), st.sampled_from([16, 30, 37, 64]))
def test_leading_bits_are_given_back(numbers, bits):
    hashes = leading(np.array(sorted(numbers), dtype=np.uint64), bits)

    back = unpack(pack(hashes, bits), len(hashes), bits)

    assert back.tolist() == hashes.tolist()
    assert {number >> (64 - bits) for number in numbers} == {
        number >> (64 - bits) for number in back.tolist()
    }


def test_a_thousand_hashes_of_twenty_thousand_take_two_and_a_half_bytes_each():
    drawn = np.random.default_rng(1).integers(0, 2**64, 20_000, dtype=np.uint64)

    assert len(pack(leading(np.sort(drawn)[:1024], 30), 30)) < 2.5 * 1024


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(1, 60), st.sampled_from([16, 30, 64]))
def test_bytes_of_others_are_refused_or_ascend(packed, count, bits):
    try:
        hashes = unpack(packed, count, bits)
    except ValueError:
        return
    assert len(hashes) == count
    assert (hashes[1:] > hashes[:-1]).all()


def test_no_hashes_take_no_bytes():
    assert pack(np.empty(0, np.uint64), 30) == b""
    assert len(unpack(b"", 0, 30)) == 0
    with pytest.raises(ValueError, match="bytes without hashes"):
        unpack(b"\x01", 0, 30)
