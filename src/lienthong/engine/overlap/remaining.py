"""Tables that remain where two databases match table by table: what they hold is likely the same too.

A table that links others holds running numbers alone, a table of two or three rows tells nothing by its values. But
where nearly all tables of one database have a partner in the other, those that remain and are built alike belong
together as well.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from lienthong.engine.overlap.assigning import Matrix, best_pairs
from lienthong.engine.overlap.resembling import reach_alike
from lienthong.engine.overlap.shapes import Reason, TablePair
from lienthong.engine.overlap.signals import Evidence

Candidate = tuple[TablePair, int, int, float]
"""Tables, the places of two columns in them, and how alike these are."""

_MATCHED, _LEAST_TABLES, _LEAST_SHARE = 0.5, 3, 0.6
_BUILT_ALIKE, _MARGIN = 0.6, 0.1
_SURELY = 0.8
_BENEFIT = 2.0


def likeness(evidence: Evidence, weight: float) -> float:
    """How alike two columns of tables that remain are, from 0 to 1; `weight` is what they say themselves.

    Running numbers are alike where they count the same range: that all of a few are among many says nothing.
    """
    left, right, common = evidence.left.facts, evidence.right.facts, evidence.common
    if left is not None and right is not None and (left.counter or right.counter):
        if not (left.counter and right.counter) or common is None:
            return 0.0
        return common.larger.value * reach_alike(left, right)
    return 1.0 / (1.0 + math.exp(-max(-50.0, weight + _BENEFIT)))


def partners_of(affinity: Matrix, proved: Collection[TablePair]) -> dict[int, int]:
    """The tables that match each other better than any third, to a large part or in their subjects."""
    found = {}
    for i, row in enumerate(affinity):
        best = int(row.argmax())
        if (row[best] >= _MATCHED or (i, best) in proved) and affinity[:, best].argmax() == i:
            found[i] = best
    return found


def table_by_table(affinity: Matrix, proved: Collection[TablePair]) -> set[TablePair]:
    """The partners, where most tables of two databases have one and several have subjects in common; else none."""
    partners = set(partners_of(affinity, proved).items())
    if len(partners & set(proved)) < _LEAST_TABLES or len(partners) < _LEAST_SHARE * min(affinity.shape):
        return set()
    return partners


def remaining(
    affinity: Matrix,
    sizes: tuple[list[int], list[int]],
    candidates: Iterable[Candidate],
    proved: Collection[TablePair],
    before: Collection[TablePair],
) -> dict[TablePair, float]:
    """The pairs of remaining tables that are built alike, with how much that tells, from 0 to 1.

    `affinity` is how much of the smaller of two tables is matched, `sizes` how many columns each table has, `proved`
    the tables with common subjects. What was paired `before` by this alone speaks for no other tables, and is judged
    anew. Costs one assignment for each pair of remaining tables.
    """
    if min(affinity.shape) <= _LEAST_TABLES:
        return {}
    partners = list(partners_of(affinity, proved).items())
    share = len(partners) / min(affinity.shape)
    partners = [tables for tables in partners if tables not in before]
    if len(partners) < _LEAST_TABLES or share < _LEAST_SHARE:
        return {}
    # Tables with common subjects of which little more is matched are helped as well.
    full = [tables for tables in partners if affinity[tables] >= _MATCHED]
    taken = {i for i, _ in full}, {j for _, j in full}
    alike: dict[TablePair, list[tuple[int, int, float]]] = {}
    for tables, left, right, likely in candidates:
        if tables[0] not in taken[0] and tables[1] not in taken[1]:
            alike.setdefault(tables, []).append((left, right, likely))
    built = {
        tables: _built(found, sizes[0][tables[0]], sizes[1][tables[1]]) for tables, found in alike.items()
    }
    sure = min(1.0, share / _SURELY) * len(partners) / (len(partners) + 1)
    return {
        tables: sure * min(1.0, fit / _SURELY)
        for tables, fit in built.items()
        if fit >= _BUILT_ALIKE and fit >= _next_best(built, tables) + _MARGIN
    }


def _built(found: list[tuple[int, int, float]], left: int, right: int) -> float:
    """How much of the larger of two tables has a column alike in the other, each column once."""
    gains = np.zeros((left, right))
    for one, other, likely in found:
        gains[one, other] = likely
    return float(sum(gains[place] for place in best_pairs(gains))) / max(left, right)


def _next_best(built: Mapping[TablePair, float], tables: TablePair) -> float:
    return max(
        (
            fit
            for other, fit in built.items()
            if other != tables and (other[0] == tables[0] or other[1] == tables[1])
        ),
        default=0.0,
    )


def remains(evidence: Evidence, value: float) -> Reason:
    """The reason that two tables remain, and are built alike."""
    return evidence.reason(
        "remaining",
        "Gần như mọi bảng khác của hai cơ sở dữ liệu đã khớp từng cặp, hai bảng còn lại này cùng cấu trúc",
        "Nearly all other tables of the two databases match one by one, and these remaining two are built alike",
        value,
    )
