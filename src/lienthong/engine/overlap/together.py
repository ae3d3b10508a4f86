"""Tables of a few rows that were copied row by row: which rows repeat a value says which columns belong together.

A clerk who numbers readers anew or cuts names to initials keeps who borrowed twice. Only the keyed hashes of values are
looked at, in the order of the rows; they are kept for tables of a few rows that this machine reads itself, and leave
in no file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from lienthong.engine.overlap.shapes import ColumnSketch, TableSketch

MOST_ROWS = 100
"""Of longer tables the order of rows is not kept."""
_LEAST_ROWS, _LEAST_DISTINCT, _ALIGNED = 4, 3, 0.8
_LIKE_CHANCE, _TELLING_BITS = 0.3, 6.0


def aligned(left: TableSketch, right: TableSketch) -> bool:
    """True when some column holds the same values in the same rows of both tables."""
    if left.rows != right.rows or (left.rows or 0) < _LEAST_ROWS:
        return False
    return any(_same_in_order(one, other) for one in left.columns if one.in_order for other in right.columns)


def _same_in_order(left: ColumnSketch, right: ColumnSketch) -> bool:
    one, other = left.in_order, right.in_order
    if len(one) != len(other) or len(set(one)) < _LEAST_DISTINCT:
        return False
    if any(column.facts is None or column.facts.counter for column in (left, right)):
        # Rows are numbered from one everywhere.
        return False
    return sum(a == b and a != 0 for a, b in zip(one, other, strict=True)) >= _ALIGNED * len(one)


def repeated_alike(left: Sequence[int], right: Sequence[int]) -> tuple[float, float]:
    """How alike two columns repeat values over the same rows (1 the same, 0 not at all), and how much that tells, from 0 to 1."""
    one, other = _repeats(left), _repeats(right)
    either = len(one | other)
    pairs = math.comb(len(left), 2)
    if not either or either == pairs:
        return 0.0, 0.0
    return len(one & other) / either, min(1.0, math.log2(math.comb(pairs, either)) / _TELLING_BITS)


def same_rows(left: ColumnSketch, right: ColumnSketch) -> float:
    """From 1 (rows repeat values alike) over 0 (nothing told) to -1 (they do not), of two columns of aligned tables."""
    if not left.in_order or len(left.in_order) != len(right.in_order):
        return 0.0
    alike, told = repeated_alike(left.in_order, right.in_order)
    if alike >= _LIKE_CHANCE:
        return told * (alike - _LIKE_CHANCE) / (1 - _LIKE_CHANCE)
    return -told * (1 - alike / _LIKE_CHANCE)


def _repeats(values: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs of rows that hold one value."""
    at: dict[int, list[int]] = {}
    for row, value in enumerate(values):
        at.setdefault(value, []).append(row)
    return {pair for rows in at.values() for pair in combinations(rows, 2)}
