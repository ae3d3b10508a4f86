"""What one run over the lake takes and finds, as JSON: `python -m benchmarks.overlap.lake_run pairs|wide|part|many [FOLDER]`.

`pairs` and `wide`: all pairs of 18,000 columns. `part`: of the first 3,000 alone, of which signatures and truth are
written into the folder for the peer, which takes long. `many`: one new database of 50 columns against 200,000 columns.
Processor seconds are those of our work alone.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.overlap.lake import SEED, Family, families, sketch, thin, values_of
from lienthong.engine.overlap.packing import pack
from lienthong.engine.overlap.postings import SketchIndex
from lienthong.engine.overlap.shapes import ValueSet
from lienthong.engine.overlap.sketching import PUBLISHED

COLUMNS, PART, MANY, NEW = 18_000, 3_000, 200_000, 50
LEAST, BAND = 0.5, (0.45, 0.55)
PERMUTATIONS = 128

Pair = tuple[int, int]


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, with its processor seconds and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    return made, time.process_time() - cpu, time.perf_counter() - wall


def truth_of(lake: list[Family]) -> dict[Pair, float]:
    """The containment of the smaller in the larger for every two columns of a family; all others have none in common."""
    truth = {}
    first = 0
    for family in lake:
        for one in range(len(family.members)):
            for other in range(one + 1, len(family.members)):
                smaller = min(family.members[one].size, family.members[other].size)
                truth[first + one, first + other] = family.common(one, other) / smaller
        first += len(family.members)
    return truth


def judged(chosen: set[Pair], truth: dict[Pair, float]) -> dict[str, float]:
    """Recall and precision of what was found at a containment of a half, outside the band and within it."""
    low, high = BAND
    sure = {pair for pair, share in truth.items() if share >= high}
    right, wrong = len(sure & chosen), sum(truth.get(pair, 0.0) < low for pair in chosen)
    near = {pair for pair, share in truth.items() if low <= share < high}
    over = {pair for pair in near if truth[pair] >= LEAST}
    return {
        "recall": right / len(sure),
        "precision": right / (right + wrong),
        "band_recall": len(over & chosen) / len(over),
        "band_precision": len(over & chosen) / max(1, len(near & chosen)),
        "pairs": len(sure | over),
    }


def pairs(columns: int = COLUMNS, *, wide: bool = False, folder: Path | None = None) -> dict[str, Any]:
    """All pairs of a lake of so many columns."""
    lake = families(columns, wide=wide)
    chance = np.random.default_rng(SEED)
    sets = [sketch(values, PUBLISHED) for family in lake for values in values_of(family, chance)]
    truth = truth_of(lake)
    if folder is not None:
        hand_over(folder, lake, truth)

    def work() -> Any:
        index = SketchIndex()
        for number, column in enumerate(sets):
            index.add([column], database=number)
        return index.pairs(least=0.0)

    met, cpu, wall = timed(work)
    share = dict(
        zip(zip(met.left.tolist(), met.right.tolist(), strict=True), met.larger.tolist(), strict=True)
    )
    postings = np.concatenate([column.hashes for column in sets])
    _, least_cpu, _ = timed(lambda: np.sort(postings))
    known = [(share[pair], true) for pair, true in truth.items() if pair in share]
    errors = np.array([abs(told[0] - true) for told, true in known])
    missing = np.array([true for pair, true in truth.items() if pair not in share])
    return {
        "cpu": cpu,
        "wall": wall,
        "limit_cpu": least_cpu,
        **judged({pair for pair, told in share.items() if told[0] >= LEAST}, truth),
        "error": float(errors.mean()),
        "error_p95": float(np.quantile(errors, 0.95)),
        "error_all": float((errors.sum() + missing.sum()) / len(truth)),
        "covered": sum(told[1] - 1e-9 <= true <= told[2] + 1e-9 for told, true in known) / len(known),
        "told": len(known) / len(truth),
        **bytes_of(sets),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def bytes_of(sets: list[ValueSet]) -> dict[str, float]:
    """Bytes of a packed sketch, and the fewest in which as many hashes of that range could be told."""
    packed = [len(pack(one.hashes, one.bits)) for one in sets]
    fewest = [
        len(one.hashes)
        * (
            math.log2(max(2.0, (int(one.hashes[-1]) >> (64 - one.bits)) / len(one.hashes)))
            + math.log2(math.e)
        )
        / 8
        for one in sets
    ]
    return {
        "bytes": float(np.mean(packed)),
        "bytes_most": max(packed),
        "bytes_fewest": float(np.mean(fewest)),
    }


def hand_over(folder: Path, lake: list[Family], truth: dict[Pair, float]) -> None:
    """MinHash signatures of every column, for the peer, and the truth.

    The minimum of `m` hashes drawn evenly is drawn at once for every part of a register that the same columns hold:
    the same signatures, without hashing 400 million values 128 times.
    """
    chance = np.random.default_rng(SEED + 1)
    signatures = np.ones((sum(len(family.members) for family in lake), PERMUTATIONS))
    first = 0
    for family in lake:
        register = family.members[0].size
        ends = sorted(
            {0, register}
            | {place % register for m in family.members[1:] for place in (m.begin, m.begin + m.shared)}
        )
        for begin, end in itertools.pairwise(ends):
            lowest = drawn(chance, end - begin)
            for number, member in enumerate(family.members):
                if (begin - member.begin) % register < member.shared:
                    place = first + number
                    signatures[place] = np.minimum(signatures[place], lowest)
        for number, member in enumerate(family.members):
            if member.size > member.shared:
                place = first + number
                signatures[place] = np.minimum(signatures[place], drawn(chance, member.size - member.shared))
        first += len(family.members)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "signatures.npy", (signatures * (2**32 - 2)).astype(np.uint64))
    np.save(folder / "sizes.npy", np.array([member.size for family in lake for member in family.members]))
    known = [[*pair, share] for pair, share in truth.items() if share > 0]
    (folder / "truth.json").write_text(json.dumps(known))


def drawn(chance: np.random.Generator, count: int) -> Any:
    """The least of so many numbers drawn evenly from 0 to 1, once per permutation."""
    return -np.expm1(np.log1p(-chance.random(PERMUTATIONS)) / count)


def many() -> dict[str, Any]:
    """One new database of 50 columns against 200,000 columns."""
    chance = np.random.default_rng(SEED + 2)
    index = SketchIndex()
    new: list[ValueSet] = []
    waiting: list[ValueSet] = []
    for number, family in enumerate(families(MANY + 6 * NEW, seed=SEED + 2)):
        made = thin(family, PUBLISHED, chance)
        if number < NEW:
            # One column of each of these families is new, and the others are there.
            new.append(made.pop())
        waiting += made
        if len(waiting) >= 5000:
            index.add(waiting)
            waiting = []
    index.add(waiting)
    held = len(index)
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        index.search(new[:1])
        met, cpu, wall = timed(lambda: index.search(new))
        opened, opened_cpu, opened_wall = timed(lambda: SketchIndex.opened(Path(folder)).search(new))
        _, added_cpu, _ = timed(lambda: index.add(new))
        asked = np.sort(np.concatenate([column.hashes for column in new])) >> np.uint64(34)
        postings = index._parts[0].hashes
        _, least_cpu, _ = timed(lambda: np.searchsorted(postings, asked.astype(np.uint32)))
    assert len(met) == len(opened)
    return {
        "held": held,
        "index_mb": size / 1e6,
        "cpu": cpu,
        "wall": wall,
        "opened_cpu": opened_cpu,
        "opened_wall": opened_wall,
        "added_cpu": added_cpu,
        "limit_cpu": max(least_cpu, 1e-4),
        "found": len(met),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def main() -> None:
    """Run what is asked for and print it."""
    asked = sys.argv[1]
    if asked == "many":
        told = many()
    elif asked == "part":
        told = pairs(PART, folder=Path(sys.argv[2]))
    else:
        told = pairs(wide=asked == "wide")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
