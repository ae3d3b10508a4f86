"""What the tables around two columns say: neighbours that match, better tables elsewhere, the subjects in common."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lienthong.engine.overlap.assigning import Matrix
from lienthong.engine.overlap.chance import expected
from lienthong.engine.overlap.references import points
from lienthong.engine.overlap.remaining import remains
from lienthong.engine.overlap.resembling import frequencies_alike, reach_alike, same_profile
from lienthong.engine.overlap.shapes import DatabaseSketch, Reason, TablePair
from lienthong.engine.overlap.signals import Evidence

Places = tuple[int, int]

_FAR_BELOW = 0.75
_LEAST_SHARE, _FOLLOWS, _STRAYS = 0.02, 0.5, 0.25
_LEAST_EXPECTED, _SAMPLE = 3.0, 4.0
_LEAST_ORDERED, _WELL_ORDERED = 2, 3


@dataclass(frozen=True, slots=True)
class Subjects:
    """What part of the subjects of each of two tables the other has too."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Affinities:
    """How much of the smaller of two tables is matched, from 0 to 1, and how many columns it has."""

    matched: Matrix
    smaller: Matrix


@dataclass(frozen=True, slots=True)
class Around:
    """What was found so far around two columns; `points` is 1 when they point to tables that match, -1 when to others.

    `rivalled`: one of them is matched in another table, so that it matters where these tables match better. `remaining`
    is how much it tells that their tables remain where the databases match table by table, `here` where they stand in
    these, `matched` the places of the columns that were matched between these two tables.
    """

    affinities: Affinities
    subjects: Mapping[TablePair, Subjects]
    remaining: float
    points: float
    rivalled: bool
    here: Places
    matched: Sequence[Places]


def affinity_of(
    left: DatabaseSketch, right: DatabaseSketch, chosen: Iterable[tuple[TablePair, float]]
) -> Affinities:
    """The affinity of all pairs of tables from the scores of the columns matched between them."""
    sizes = [
        np.array([max(1, len(table.columns)) for table in side.tables], dtype=float) for side in (left, right)
    ]
    smaller = np.minimum.outer(*sizes) if all(map(len, sizes)) else np.ones((len(sizes[0]), len(sizes[1])))
    matched = np.zeros_like(smaller)
    for tables, score in chosen:
        matched[tables] += score
    return Affinities(matched / smaller, smaller)


def subjects_of(proofs: Iterable[tuple[TablePair, Evidence]]) -> dict[TablePair, Subjects]:
    """The common subjects of tables, from pairs of columns whose values prove them; the greatest share counts."""
    found: dict[TablePair, Subjects] = {}
    for tables, evidence in proofs:
        common = evidence.common
        if common is None:
            continue
        shares = Subjects(common.left.value, common.right.value)
        before = found.get(tables)
        if before is None or max(shares.left, shares.right) > max(before.left, before.right):
            found[tables] = shares
    return found


def around(evidence: Evidence, tables: TablePair, own: float, found_so_far: Around) -> list[Reason]:
    """What speaks for and against a pair from outside of it; `own` is what itself added to the affinity."""
    affinities, rest = found_so_far.affinities, found_so_far.remaining
    here = float(affinities.matched[tables])
    smaller = float(affinities.smaller[tables])
    beside = max(0.0, here - own / smaller) * smaller / max(1.0, smaller - 1)
    beside = min(1.0, beside)
    found = []
    if beside > 0:
        found.append(
            evidence.reason(
                "neighbours",
                "Nhiều cột khác của hai bảng cũng khớp nhau",
                "Other columns of the two tables match as well",
                beside,
            )
        )
    best = max(float(affinities.matched[tables[0]].max()), float(affinities.matched[:, tables[1]].max()))
    if rest > 0:
        found.append(remains(evidence, rest))
        found += _same_numbers(evidence, beside) + points(evidence, found_so_far.points)
    elif best > 0 and here < _FAR_BELOW * best:
        if found_so_far.rivalled:
            found.append(
                evidence.reason(
                    "better_elsewhere",
                    "Một bảng khác khớp nhiều hơn với bảng này",
                    "Another table matches this one better",
                    1.0 - here / (_FAR_BELOW * best),
                )
            )
    elif best > 0:
        found += _same_numbers(evidence, beside) + points(evidence, found_so_far.points)
    found += _with_subjects(evidence, found_so_far.subjects.get(tables))
    found += _frequencies(evidence, beside)
    found += _places(evidence, beside, found_so_far.here, found_so_far.matched)
    return found


def _same_numbers(evidence: Evidence, beside: float) -> list[Reason]:
    """Running numbers mean something once the tables are known to belong together."""
    left, right, common = evidence.left.facts, evidence.right.facts, evidence.common
    if left is None or right is None or common is None or not (left.counter and right.counter):
        return []
    if left.unique != right.unique:
        return []
    return [
        evidence.reason(
            "same_numbers",
            "Số chạy của hai bảng trùng nhau",
            "The running numbers of the two tables are the same",
            max(beside, same_profile(left, right)) * common.larger.value * reach_alike(left, right),
        )
    ]


def _with_subjects(evidence: Evidence, subjects: Subjects | None) -> list[Reason]:
    """Facts about common subjects are common as often as the subjects are; other facts are so by chance only."""
    left, right, common = evidence.left.facts, evidence.right.facts, evidence.common
    if subjects is None or left is None or right is None or common is None or left.counter or right.counter:
        return []
    by_chance = expected(left, right, days=evidence.family == "day")
    found, told = [], 1.0
    for share, wanted, facts in (
        (common.left.value, subjects.left, left),
        (common.right.value, subjects.right, right),
    ):
        chance = min(1.0, by_chance / max(1, facts.distinct))
        if wanted < _LEAST_SHARE or wanted * facts.distinct < _LEAST_EXPECTED or chance > 0.9:
            continue
        part = max(0.0, share - chance) / (1 - chance)
        found.append(part / wanted)
        told = min(told, 1 - chance)
    if not found:
        return []
    follows = min(1.0, sum(found) / len(found))
    least = min(left.distinct, right.distinct)
    if follows >= _FOLLOWS:
        return [
            evidence.reason(
                "subjects_too",
                "Giá trị chung nhiều như số đối tượng chung của hai bảng",
                "As many values are common as subjects of the two tables are",
                told * (follows - _FOLLOWS) / (1 - _FOLLOWS),
            )
        ]
    if follows < _STRAYS:
        return [
            evidence.reason(
                "not_the_subjects",
                "Hai bảng có đối tượng chung nhưng giá trị ở đây không trùng theo",
                "The tables have subjects in common, but the values here are not common with them",
                told * (1 - follows / _STRAYS) * least / (least + _SAMPLE),
            )
        ]
    return []


def _frequencies(evidence: Evidence, beside: float) -> list[Reason]:
    left, right = evidence.left.facts, evidence.right.facts
    if left is None or right is None or left.counter or right.counter:
        return []
    alike = frequencies_alike(left, right) * beside
    if alike <= 0:
        return []
    return [
        evidence.reason(
            "frequencies",
            "Giá trị lặp lại với tần suất giống nhau ở hai bảng khớp nhau",
            "The values repeat alike in two tables that match",
            alike,
        )
    ]


def _places(evidence: Evidence, beside: float, here: Places, matched: Sequence[Places]) -> list[Reason]:
    """Tables copied from one another keep the order of their columns, where they keep it at all."""
    others = [places for places in matched if places[0] != here[0] and places[1] != here[1]]
    if len(others) < _LEAST_ORDERED:
        return []
    kept = [(one[0] < two[0]) == (one[1] < two[1]) for one, two in itertools.combinations(others, 2)]
    order = max(0.0, 2.0 * sum(kept) / len(kept) - 1.0)
    if any((one < here[0]) != (other < here[1]) for one, other in others):
        return []
    nearest = min(others, key=lambda places: abs(places[0] - here[0]))
    off = abs((here[0] - nearest[0]) - (here[1] - nearest[1]))
    value = (
        beside
        * order**2
        * min(1.0, len(others) / _WELL_ORDERED)
        * (1.0 if off == 0 else 0.5 if off == 1 else 0.0)
    )
    if value <= 0:
        return []
    return [
        evidence.reason(
            "place",
            "Cột đứng ở cùng vị trí trong hai bảng khớp nhau",
            "The columns stand at the same place of two tables that match",
            value,
        )
    ]
