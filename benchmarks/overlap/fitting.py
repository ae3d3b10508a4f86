"""Fit the weights of the signals on the tuned part of the benchmark; prints them, ships nothing by itself.

`python -m benchmarks.overlap.fitting`. A logistic regression whose weights keep the signs that they have (more
agreement never lowers a score) and stay near what they are where the data says little. Pairs about which the truth is
open, and the unseen part, take no part. What speaks of other pairs (`fits_elsewhere`, ...) keeps its weight.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from benchmarks.overlap import agencies, samples, tiny
from benchmarks.overlap.accuracy import DATA, Truth, made_sets, read_truth, sketches_of
from lienthong.engine.overlap.matching import weighed
from lienthong.engine.overlap.shapes import DatabaseSketch
from lienthong.engine.overlap.weights import weights

FIXED = (
    "fits_elsewhere",
    "both_elsewhere",
    "no_common_subjects",
    "leading_zeros",
    "unit_words",
    "counted_days",
    "alone",
    "remaining",
    "points_alike",
    "points_elsewhere",
)
OF_SAMPLES = 3.0
"""Sample databases have few pairs beside the agencies'."""
MISSED = 1.4
"""A pair missed counts for more than one wrongly found: so F1 is greatest at a score of one half."""
NEAR, STEPS, RATE, ROUNDS = 0.05, 3000, 0.02, 1

Example = tuple[dict[str, float], bool, float]


def examples(
    truth: Truth, sketches: list[DatabaseSketch], importance: float, level: int
) -> Iterator[Example]:
    """Every candidate pair at this level of evidence with the strength of its signals and whether it is right.

    A wrong pair of which a column has its right partner in the other table takes no part: it loses against that one.
    """
    for one, other in itertools.combinations(sketches, 2):
        pairs, _ = weighed(one, other, weights().threshold)
        named = [
            frozenset(
                (
                    (one.name, pair.evidence.left_table.name, pair.evidence.left.name),
                    (other.name, pair.evidence.right_table.name, pair.evidence.right.name),
                )
            )
            for pair in pairs
        ]
        partnered = {
            (pair.tables, side, place)
            for pair, name in zip(pairs, named, strict=True)
            if name in truth.must
            for side, place in (("left", pair.left), ("right", pair.right))
        }
        for pair, name in zip(pairs, named, strict=True):
            right = name in truth.must
            loses = not right and partnered & {
                (pair.tables, "left", pair.left),
                (pair.tables, "right", pair.right),
            }
            if name in truth.may or loses or pair.evidence.level != level:
                continue
            strengths = {reason.code: reason.value for reason in pair.reasons}
            yield strengths, right, importance * (MISSED if right else 1.0)


def fitted(found: Iterable[Example], now: dict[str, float]) -> dict[str, float]:
    """The weights that explain these examples best."""
    rows = list(found)
    codes = [code for code in now if code != "base"]
    table = np.array([[values.get(code, 0.0) for code in codes] for values, _, _ in rows])
    right = np.array([answer for _, answer, _ in rows], dtype=float)
    counts = np.array([importance for _, _, importance in rows])
    start = np.array([now[code] for code in codes])
    held = np.array([code in FIXED for code in codes])
    weight, base = start.copy(), now["base"]
    mean, square = np.zeros(len(codes) + 1), np.zeros(len(codes) + 1)
    for step in range(1, STEPS + 1):
        slope = _slope(table, right, counts, weight, base) + np.append(NEAR * (weight - start), 0.0)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        moved = RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weight = np.where(held, start, weight - moved[:-1])
        weight = np.where(start >= 0, np.maximum(weight, 0.05), np.minimum(weight, -0.05))
        base -= moved[-1]
    return {
        "base": round(float(base), 2),
        **{c: round(float(w), 2) for c, w in zip(codes, weight, strict=True)},
    }


def _slope(
    table: npt.NDArray[np.float64],
    right: npt.NDArray[np.float64],
    counts: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    base: float,
) -> npt.NDArray[np.float64]:
    told = 1.0 / (1.0 + np.exp(-np.clip(table @ weight + base, -30, 30)))
    off = counts * (told - right)
    return np.append(table.T @ off, off.sum()) / counts.sum() * 20


def main() -> None:
    """Fit the weights of every level of evidence and print them."""
    found: dict[int, list[Example]] = {0: [], 1: [], 2: []}
    for _, folder in made_sets(agencies.TUNED):
        truth = read_truth(folder)
        sketches = sketches_of(folder, truth.tiers)
        for level in found:
            # A table of a few rows leaves its names alone, at any level.
            cut = [sketch.at_level(level) for sketch in sketches]
            for evidence in range(level + 1):
                found[evidence] += examples(truth, cut, 1.0, evidence)
    alike = {**samples.scenarios(), **tiny.scenarios(tiny.TUNED)}
    for _, folder in samples.write(DATA / "samples", alike):
        whole = [sketch.whole for sketch in sketches_of(folder, {}, leave=False)]
        found[2] += examples(read_truth(folder), whole, OF_SAMPLES, 2)
    shipped = weights()
    for level, now in enumerate((shipped.with_names, shipped.without_values, shipped.with_values)):
        print("level", level, len(found[level]), sum(right for _, right, _ in found[level]))
        print(json.dumps(fitted(found[level], dict(now))))


if __name__ == "__main__":
    main()
