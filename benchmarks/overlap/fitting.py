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

from benchmarks.overlap import agencies, samples
from benchmarks.overlap.accuracy import DATA, Truth, at_level, made_sets, read_truth, sketches_of
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
)
NEAR, STEPS, RATE, ROUNDS = 0.05, 3000, 0.02, 1

Example = tuple[dict[str, float], bool, float]


def examples(truth: Truth, sketches: list[DatabaseSketch], importance: float) -> Iterator[Example]:
    """Every candidate pair with the strength of its signals and whether it is right."""
    for left, right in itertools.combinations(sketches, 2):
        pairs, _ = weighed(left, right, weights().threshold)
        for pair in pairs:
            evidence = pair.evidence
            named = frozenset(
                (
                    (left.name, evidence.left_table.name, evidence.left.name),
                    (right.name, evidence.right_table.name, evidence.right.name),
                )
            )
            if named not in truth.may:
                yield {reason.code: reason.value for reason in pair.reasons}, named in truth.must, importance


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
    """Fit both sets of weights and print them."""
    with_values: list[Example] = []
    without: list[Example] = []
    for _, folder in made_sets(agencies.TUNED):
        truth = read_truth(folder)
        sketches = sketches_of(folder, truth.tiers)
        with_values += examples(truth, sketches, 1.0)
        for level in (1, 0):
            without += examples(truth, [at_level(sketch, level) for sketch in sketches], 1.0)
    for _, folder in samples.write(DATA / "samples"):
        with_values += examples(read_truth(folder), sketches_of(folder, {}), 1.0)
    for name, found, now in (
        ("with_values", with_values, weights().with_values),
        ("without_values", without, weights().without_values),
    ):
        print(name, len(found), sum(right for _, right, _ in found))
        print(json.dumps(fitted(found, dict(now))))


if __name__ == "__main__":
    main()
