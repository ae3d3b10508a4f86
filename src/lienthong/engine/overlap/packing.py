"""Keyed hashes in few bytes: the leading bits of each, written as differences cost what their density allows.

Elias and Fano's code for ascending numbers: the low bits of every number as they are, the high bits as how far
they step on. A number costs about `2 + log2(range / count)` bits, so 1,024 of 32 bits from 20,000 take 2.5 kB.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lienthong.engine.overlap.shapes import Hashes

Bytes = npt.NDArray[np.uint8]


def unknown(bits: int) -> int:
    """The bits of a hash that are not known when its leading ones are, all set."""
    return (1 << (64 - bits)) - 1


def leading(hashes: Hashes, bits: int) -> Hashes:
    """The hashes with all but their leading bits put to zero; two that become one are kept once."""
    if bits >= 64 or not len(hashes):
        return hashes
    kept = (hashes >> np.uint64(64 - bits)) << np.uint64(64 - bits)
    return kept[np.concatenate(([True], kept[1:] != kept[:-1]))]


def pack(hashes: Hashes, bits: int) -> bytes:
    """Ascending hashes, no two with the same leading `bits`, as bytes; `unpack` gives these leading bits back."""
    count = len(hashes)
    if not count:
        return b""
    numbers = hashes >> np.uint64(64 - bits)
    width = _low_bits(int(numbers[-1]), count)
    steps = (numbers >> np.uint64(width)) + np.arange(count, dtype=np.uint64)
    marks = np.zeros(int(steps[-1]) + 1, dtype=np.uint8)
    marks[steps.astype(np.int64)] = 1
    low = (numbers[:, None] >> np.arange(width - 1, -1, -1, dtype=np.uint64)) & np.uint64(1)
    packed = np.packbits(np.concatenate((low.astype(np.uint8).ravel(), marks)))
    return bytes([width]) + packed.tobytes()


def unpack(packed: bytes, count: int, bits: int) -> Hashes:
    """The hashes that were packed, their other bits zero. Raises ValueError when the bytes hold something else."""
    if not count:
        if packed:
            raise ValueError("bytes without hashes")
        return np.empty(0, dtype=np.uint64)
    if not packed or not 0 <= (width := packed[0]) <= bits or 8 * (len(packed) - 1) < count * (width + 1):
        raise ValueError("too few bytes")
    flat: Bytes = np.unpackbits(np.frombuffer(packed, dtype=np.uint8, offset=1))
    low = np.zeros(count, dtype=np.uint64)
    for place in range(width):
        low = (low << np.uint64(1)) | flat[place : count * width : width].astype(np.uint64)
    steps = np.flatnonzero(flat[count * width :]).astype(np.uint64)
    if len(steps) != count:
        raise ValueError("another count")
    high: Hashes = np.subtract(steps, np.arange(count, dtype=np.uint64), dtype=np.uint64)
    if bits < 64 and int(high[-1]) >> max(0, bits - width):
        raise ValueError("out of range")
    numbers: Hashes = (high << np.uint64(width)) | low
    if (numbers[1:] <= numbers[:-1]).any():
        raise ValueError("not ascending")
    whole: Hashes = numbers << np.uint64(64 - bits)
    return whole


def _low_bits(largest: int, count: int) -> int:
    return max(0, ((largest + 1) // count).bit_length() - 1)
