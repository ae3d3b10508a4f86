"""What columns of one database point to: a visit to its patient, a loan to its book.

Tables of two databases have subjects in common also through the tables that they point to, when these have; and
running numbers, that are alike everywhere, are told apart by what they point to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lienthong.engine.overlap.estimating import Common, estimate, shared_counts
from lienthong.engine.overlap.names import contains, similarity, speaks
from lienthong.engine.overlap.shapes import (
    ColumnFacts,
    ColumnSketch,
    DatabaseSketch,
    Reason,
    TablePair,
    TableSketch,
)
from lienthong.engine.overlap.signals import Evidence

Place = tuple[int, int]

_NEARLY_ALL, _MANY, _LEAST_VALUES, _LEAST_NAMED = 0.95, 0.5, 20, 3
_A_FEW_ROWS_EACH, _SAME_NAME = 3.0, 0.8


@dataclass(frozen=True, slots=True)
class Pointing:
    """What each column, by its table and its place there, points to; `subjects` are those tables that name subjects by it."""

    targets: Mapping[Place, frozenset[int]]
    subjects: Mapping[int, frozenset[int]]


def pointing(database: DatabaseSketch) -> Pointing:
    """The tables that columns point to: by nearly all their values, into a column that names the rows there.

    Running numbers are found among any others; they point only where the names say so too, and then partial copies
    need not have all rows pointed to. A value in many rows is of a list, and names no subject. Costs one join of the
    sketches of the database with those of its keys.
    """
    flat = [
        ((at, place), column)
        for at, table in enumerate(database.tables)
        for place, column in enumerate(table.columns)
        if column.facts is not None
        and column.facts.kind in ("code", "number")
        and column.facts.distinct >= _LEAST_NAMED
        and "plain" in column.values
    ]
    keys = [(place[0], column) for place, column in flat if column.facts is not None and column.facts.unique]
    counts = shared_counts(
        [column.values["plain"] for _, column in flat], [column.values["plain"] for _, column in keys]
    )
    targets: dict[Place, set[int]] = {}
    subjects: dict[int, set[int]] = {}
    for row, number in zip(*counts.nonzero(), strict=True):
        (place, column), (there, key) = flat[row], keys[number]
        if place[0] == there or column.facts is None:
            continue
        common = estimate(column.values["plain"], key.values["plain"], int(counts[row, number]))
        if common is None or not _points(
            column, key, common, database.tables[place[0]], database.tables[there]
        ):
            continue
        targets.setdefault(place, set()).add(there)
        if column.facts.distinct >= _LEAST_VALUES and column.facts.repetition <= _A_FEW_ROWS_EACH:
            subjects.setdefault(place[0], set()).add(there)
    return Pointing(
        {place: frozenset(there) for place, there in targets.items()},
        {at: frozenset(there) for at, there in subjects.items()},
    )


def _points(
    column: ColumnSketch, key: ColumnSketch, common: Common, table: TableSketch, other: TableSketch
) -> bool:
    if common.left.value < _MANY:
        return False
    if _names(column, key, table, other):
        return True
    told = column.facts is not None and column.facts.distinct >= _LEAST_VALUES
    return told and common.left.value >= _NEARLY_ALL and not _counts(key.facts)


def _counts(facts: ColumnFacts | None) -> bool:
    """True for numbers that lie close together, wherever they begin."""
    return facts is None or facts.kind == "number"


def _names(column: ColumnSketch, key: ColumnSketch, table: TableSketch, other: TableSketch) -> bool:
    """True when the column is called as the key is (`guest_id`, `payment_guest_id`), or by the table of the key."""
    if speaks(key.name) and contains(column.name, key.name):
        return True
    return similarity(column.name, key.name, left_table=table.name, right_table=other.name) >= _SAME_NAME


def through(proved: Iterable[TablePair], left: Pointing, right: Pointing) -> set[TablePair]:
    """The pairs of tables with common subjects, with those that have them through the tables they point to."""
    held = set(proved)
    found = set(held)
    for i, j in held:
        pointing_left = {i} | {at for at, there in left.subjects.items() if i in there}
        pointing_right = {j} | {at for at, there in right.subjects.items() if j in there}
        found |= {(one, other) for one in pointing_left for other in pointing_right}
    return found


def point_alike(left: Collection[int], right: Collection[int], partners: Mapping[int, int]) -> float:
    """1 when two columns point to tables that are partners, -1 when these have other partners, 0 when nothing is told."""
    if any(partners.get(there) in right for there in left if there in partners):
        return 1.0
    taken = set(partners.values())
    known = bool(left) and bool(right) and all(there in partners for there in left)
    return -1.0 if known and all(there in taken for there in right) else 0.0


def points(evidence: Evidence, value: float) -> list[Reason]:
    """The reason that two columns point to the same, or not."""
    if value > 0:
        return [
            evidence.reason(
                "points_alike",
                "Hai cột cùng trỏ tới những bảng đã khớp với nhau",
                "Both columns point to tables that match each other",
                value,
            )
        ]
    if value < 0:
        return [
            evidence.reason(
                "points_elsewhere",
                "Hai cột trỏ tới hai bảng khác nhau",
                "The columns point to two different tables",
                -value,
            )
        ]
    return []
