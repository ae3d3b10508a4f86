"""Find the rows that differ at the least cost: by buckets where few do, in one pass over all marks where many do.

Digests of buckets cost one more read of each side and send almost nothing; a flat pass costs about the same and sends
16 bytes a row, whatever number of rows differs. So a sample of key ranges tells how often rows differ, the size of
buckets follows from that, and where more than a tenth of them differ after all, the flat pass is taken: the worst case
is bounded by digests and one flat pass.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.sync.agreeing import Agreement
from lienthong.engine.sync.witnesses import Division, Flat, Task, Witness

if TYPE_CHECKING:
    from lienthong.engine.sync.marks import Differing

FLAT_AT_ONCE = 50_000
"""Rows up to which nothing is gained by looking at buckets first."""
PROBED_RANGES = 16
PROBED_ROWS = 256
"""Rows of one probed range of keys."""
USUAL_BUCKET = 256
"""Rows of a bucket where no probed row differs."""
LEAST_BUCKET = 64
MOST_BUCKETS = 200_000
ROWS_AT_ONCE = 8_000_000
"""Rows of a side whose marks and hashes are held at a time: about a hundred bytes each while they are compared."""
SWITCH_SHARE = 0.1
"""The share of differing buckets beyond which the flat pass is cheaper."""

Both = Callable[[Callable[[], Any], Callable[[], Any]], tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that differ, by which method they were found, and what was told of them.

    `flats` hold mark and hash of the rows of each side that differ; `digests` those of all rows, where all were passed.
    """

    method: Literal["buckets", "flat"]
    differing: Differing
    flats: tuple[Flat, Flat]
    digests: tuple[RowDigest, RowDigest] | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """What a sample of key ranges told: rows that a bucket should hold (0: buckets do not pay), and how keys lie."""

    bucket_rows: int
    keys_per_row: float


def probed(left: Witness, right: Witness, terms: Agreement, both: Both) -> Probe | None:
    """Compare some ranges of keys, to learn how often rows differ; None where ranges of keys are not cheap to read."""
    rows = max(left.expected_rows or 0, right.expected_rows or 0)
    by_key = left.finds_by_key(terms.left) and right.finds_by_key(terms.right)
    if rows <= FLAT_AT_ONCE or not terms.left.whole_number or not by_key:
        return None
    bounds = both(lambda: left.bounds(terms.left), lambda: right.bounds(terms.right))
    known = [bound for bound in bounds if bound is not None]
    if not known:
        return None
    first, last = min(bound[0] for bound in known), max(bound[1] for bound in known)
    per_row = max(1.0, (last - first + 1) / rows)
    shift = _shift(PROBED_ROWS * per_row)
    lowest, highest = first >> shift, last >> shift
    chance = random.Random(rows)  # noqa: S311
    picked = sorted({chance.randint(lowest, highest) for _ in range(PROBED_RANGES)})
    ranges = Division(shift, tuple(picked))
    here, there = both(lambda: left.pairs(terms.left, ranges), lambda: right.pairs(terms.right, ranges))
    seen = max(len(here), len(there))
    if seen < PROBED_ROWS:
        # Keys lie too unevenly for ranges of them to say anything.
        return None
    different = len({mark for mark, _ in here ^ there})
    size = SWITCH_SHARE * seen / different if different else USUAL_BUCKET
    return Probe(int(size) if size >= LEAST_BUCKET else 0, per_row)


def search(
    left: Witness, right: Witness, terms: Agreement, rows: int, probe: Probe | None, both: Both
) -> Found:
    """Find the rows that differ between two sides. `rows` is the greater number of rows; `both` asks the two at once."""
    if probe is not None and probe.bucket_rows:
        from lienthong.engine.sync.marks import differing_buckets

        size = max(probe.bucket_rows, math.ceil(rows / MOST_BUCKETS))
        division = Division(_shift(size * probe.keys_per_row))
        told = both(lambda: left.buckets(terms.left, division), lambda: right.buckets(terms.right, division))
        odd = differing_buckets(*told)
        if odd.size <= SWITCH_SHARE * max(told[0].numbers.size, told[1].numbers.size, 10):
            parts = [Division(division.shift, tuple(odd.tolist()))]
            return _compared("buckets", left, right, terms, parts, both)
    return _compared("flat", left, right, terms, _segments(left, right, terms, rows, both), both)


def _segments(
    left: Witness, right: Witness, terms: Agreement, rows: int, both: Both
) -> Sequence[Division | None]:
    """Parts of the marks that are compared one after the other, so that memory stays bounded."""
    parts = math.ceil(rows / ROWS_AT_ONCE)
    if parts <= 1:
        return [None]
    if not terms.left.whole_number:
        bits = math.ceil(math.log2(parts))
        return [Division(64 - bits, (number,)) for number in range(-(1 << (bits - 1)), 1 << (bits - 1))]
    bounds = both(lambda: left.bounds(terms.left), lambda: right.bounds(terms.right))
    known = [bound for bound in bounds if bound is not None]
    if not known:
        return [None]
    first, last = min(bound[0] for bound in known), max(bound[1] for bound in known)
    shift = _shift((last - first + 1) / parts)
    return [Division(shift, (number,)) for number in range(first >> shift, (last >> shift) + 1)]


def _compared(
    method: Literal["buckets", "flat"],
    left: Witness,
    right: Witness,
    terms: Agreement,
    divisions: Sequence[Division | None],
    both: Both,
) -> Found:
    from lienthong.engine.sync.marks import Differing, differing, only, together

    found: list[Differing] = []
    kept: list[tuple[Flat, Flat]] = []
    totals = RowDigest(), RowDigest()
    for division in divisions:
        flats = both(partial(left.flat, terms.left, division), partial(right.flat, terms.right, division))
        totals = totals[0] + digest_of(flats[0], terms.left), totals[1] + digest_of(flats[1], terms.right)
        found.append(differing(*flats))
        marks = found[-1].all()
        kept.append((only(flats[0], marks), only(flats[1], marks)))
    flats = together([one for one, _ in kept]), together([other for _, other in kept])
    return Found(method, Differing.joined(found), flats, totals if method == "flat" else None)


def digest_of(flat: Flat, task: Task) -> RowDigest:
    """The digest of rows whose hashes are at hand."""
    import numpy as np

    # The servers' own hash is summed alone.
    xor = 0 if task.form == "pg1" else int(np.bitwise_xor.reduce(flat.hashes, initial=0))
    return RowDigest(flat.hashes.size, xor, int(flat.hashes.sum(dtype=np.uint64)))


def _shift(width: float) -> int:
    return max(0, round(math.log2(max(1.0, width))))
