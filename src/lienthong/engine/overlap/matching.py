"""From two databases to matched columns and a verdict: candidates, scores, one partner each, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lienthong.engine.overlap.assigning import best_pairs
from lienthong.engine.overlap.chance import beyond, expected, tell_the_time
from lienthong.engine.overlap.context import Around, affinity_of, around, subjects_of
from lienthong.engine.overlap.estimating import Common, Counts, estimate, shared_counts
from lienthong.engine.overlap.kinds import (
    is_code_list,
    judged,
    lacks_subjects,
    names_both,
    nearly_equal,
    proves,
    run,
    telling_rank,
    uses_a_list,
)
from lienthong.engine.overlap.names import similarity
from lienthong.engine.overlap.persons import tables_with_common_people
from lienthong.engine.overlap.populations import of_other_subjects, of_whoever
from lienthong.engine.overlap.references import Pointing, point_alike, pointing, through
from lienthong.engine.overlap.remaining import likeness, partners_of, remaining, table_by_table
from lienthong.engine.overlap.semantics import NUMBERS_A_SUBJECT, telling
from lienthong.engine.overlap.shapes import (
    FAMILIES,
    ColumnMatch,
    ColumnRef,
    ColumnSketch,
    DatabaseSketch,
    DatabaseVerdict,
    Family,
    Overlap,
    Reason,
    TablePair,
    TableSketch,
)
from lienthong.engine.overlap.signals import Evidence, signals, special_form
from lienthong.engine.overlap.together import aligned, same_rows
from lienthong.engine.overlap.weights import log_odds, probability, weights

_RELATED_NAMES = 0.45
_CLEARLY = 0.02
_ONE_SIDED, _CLEARLY_BETTER, _FAR_BETTER = 0.05, 0.5, 2.0
_SEVERAL, _LARGE_PART, _EXACT = 3, 0.4, 0.5
_ROUNDS, _MOST_ROUNDS = 3, 6


@dataclass(slots=True)
class Pair:
    """A candidate: numbers of its columns and tables in both databases, and what speaks for it."""

    left: int
    right: int
    left_table: int
    right_table: int
    places: tuple[int, int]
    """Where the columns stand in their tables."""
    evidence: Evidence
    own: list[Reason]
    """What the two columns themselves say."""
    reasons: list[Reason] = field(default_factory=list)
    weight: float = 0.0
    likeness: float = 0.0

    def __post_init__(self) -> None:
        self.set_among(())

    def settle(self) -> None:
        """Note how alike the columns themselves are, in tables that are held for the same: all said of them is known."""
        # Of a table that was copied, the columns for keeping it were copied too.
        said = [reason for reason in self.own if reason.code != "bookkeeping"]
        self.likeness = likeness(self.evidence, log_odds(said, level=self.evidence.level))

    def set_among(self, others: Iterable[Reason]) -> None:
        """Weigh anew with what the tables around say."""
        self.reasons = list(self.own)
        self.weigh(*others)

    def weigh(self, *more: Reason) -> None:
        """Add these reasons and weigh anew."""
        self.reasons += [reason for reason in more if abs(reason.adds) > 0.005]
        self.weight = log_odds(self.reasons, level=self.evidence.level)

    @property
    def tables(self) -> TablePair:
        return self.left_table, self.right_table

    @property
    def score(self) -> float:
        return probability(self.weight)


@dataclass(frozen=True, slots=True)
class _Columns:
    """All columns of a database in one row, with the table that each belongs to."""

    columns: tuple[ColumnSketch, ...]
    owner: tuple[int, ...]
    place: tuple[int, ...]


def find_overlaps(left: DatabaseSketch, right: DatabaseSketch, *, threshold: float | None = None) -> Overlap:
    """Match the columns of two databases sketched under one key, and judge their tables and themselves.

    Matches are one to one within a pair of tables, those that name rows first; only those with at least
    `threshold` (the shipped one) are returned. What was found first between two tables speaks for or against the
    rest, once.
    """
    least = weights().threshold if threshold is None else threshold
    pairs, proved = weighed(left, right, least)
    chosen = _assigned(pairs, least)
    chosen.sort(key=lambda pair: (not names_both(pair.evidence), telling_rank(pair.evidence), -pair.weight))
    matches = [_match(pair, left, right, proved=pair.tables in proved) for pair in chosen]
    matches.sort(key=lambda match: match.kind != "overlap")
    proved_names = {(left.tables[i].name, right.tables[j].name) for i, j in proved}
    return Overlap(tuple(matches), _verdict(left, right, matches, proved_names))


def weighed(
    left: DatabaseSketch, right: DatabaseSketch, threshold: float
) -> tuple[list[Pair], set[TablePair]]:
    """All candidates with everything that speaks for and against them, and the tables with proved common subjects."""
    pairs = list(_candidates(left, right))
    against = of_other_subjects([(pair.tables, pair.evidence, pair.own) for pair in pairs])
    for pair, reasons in zip(pairs, against, strict=True):
        pair.own += reasons
        pair.settle()
    towards = pointing(left), pointing(right)
    rest: dict[TablePair, float] = {}
    before, rounds = rest, 0
    while rounds < _ROUNDS or (rounds < _MOST_ROUNDS and rest != before):
        before, rest = rest, _look_around(pairs, left, right, towards, rest)
        rounds += 1
    for pair, contained in _contained_elsewhere(pairs):
        pair.weigh(contained)
    for pair in _matched_elsewhere(_assigned(pairs, threshold)):
        pair.weigh(_both_elsewhere(pair.evidence))
    for pair in _standing_alone(_assigned(pairs, threshold)):
        pair.weigh(_alone(pair.evidence))
    proved = _proved(left, right, _assigned(pairs, threshold))
    linked = through(proved, *towards)
    apart = [pair for pair in pairs if pair.tables not in linked]
    for pair in apart:
        if lacks_subjects(pair.evidence, pair.reasons):
            pair.weigh(_no_common_subjects(pair.evidence))
    chosen = _assigned(pairs, threshold)
    affinity = affinity_of(left, right, ((pair.tables, pair.score) for pair in chosen))
    told = _told_otherwise(chosen) | table_by_table(affinity.matched, proved)
    for pair in apart:
        if pair.tables not in told and run(pair.evidence):
            pair.weigh(_no_common_subjects(pair.evidence))
    return pairs, proved


def _standing_alone(chosen: Sequence[Pair]) -> list[Pair]:
    """Facts about whoever a row is of, their values not compared, between tables of which nothing else matches."""
    told: dict[TablePair, int] = {}
    for pair in chosen:
        if not set(pair.evidence.left.lists) & set(pair.evidence.right.lists):
            firm = not of_whoever(pair.evidence)
            told[pair.tables] = told.get(pair.tables, 0) + (_SEVERAL if firm else 1)
    return [
        pair
        for pair in chosen
        if pair.evidence.level < 2 and of_whoever(pair.evidence) and told.get(pair.tables, 0) < _SEVERAL
    ]


def _alone(evidence: Evidence) -> Reason:
    return evidence.reason(
        "alone",
        "Ngoài địa chỉ, điện thoại, ngày tháng, hai bảng không có gì khác khớp nhau",
        "Besides addresses, telephones and days nothing of the two tables matches",
        1.0,
    )


def _told_otherwise(chosen: Sequence[Pair]) -> set[TablePair]:
    """The tables whose running numbers mean something: other columns are common too, lists aside, or what repeats is alike."""
    copies: dict[TablePair, int] = {}
    found = set()
    for pair in chosen:
        alike = max((reason.value for reason in pair.reasons if reason.code == "same_profile"), default=0.0)
        shows = not run(pair.evidence) and not uses_a_list(pair.evidence)
        if shows or alike > _EXACT or any(reason.code == "remaining" for reason in pair.reasons):
            found.add(pair.tables)
        copies[pair.tables] = copies.get(pair.tables, 0) + (alike >= _EXACT)
    return found | {tables for tables, columns in copies.items() if columns >= _SEVERAL}


def _look_around(
    pairs: Sequence[Pair],
    left: DatabaseSketch,
    right: DatabaseSketch,
    towards: tuple[Pointing, Pointing],
    before: Mapping[TablePair, float],
) -> dict[TablePair, float]:
    """Weigh every pair with what was matched around it so far; the remaining tables that were paired by it.

    `before` are those paired the last time.
    """
    first = _assigned(pairs, weights().threshold)
    affinity = affinity_of(left, right, ((pair.tables, pair.score) for pair in first))
    subjects = subjects_of(
        (pair.tables, pair.evidence) for pair in first if proves(pair.evidence, pair.reasons)
    )
    rest = remaining(
        affinity.matched,
        ([len(table.columns) for table in left.tables], [len(table.columns) for table in right.tables]),
        [(pair.tables, *pair.places, pair.likeness) for pair in pairs],
        subjects,
        before,
    )
    partners = partners_of(affinity.matched, subjects)
    matched: dict[TablePair, list[TablePair]] = {}
    for pair in first:
        matched.setdefault(pair.tables, []).append(pair.places)
    chosen = {id(pair) for pair in first}
    taken: tuple[dict[int, set[TablePair]], dict[int, set[TablePair]]] = {}, {}
    for pair in first:
        taken[0].setdefault(pair.left, set()).add(pair.tables)
        taken[1].setdefault(pair.right, set()).add(pair.tables)
    told = []
    for pair in pairs:
        own = pair.score if id(pair) in chosen else 0.0
        remains = rest.get(pair.tables, 0.0) * pair.likeness
        points = point_alike(
            towards[0].targets.get((pair.left_table, pair.places[0]), ()),
            towards[1].targets.get((pair.right_table, pair.places[1]), ()),
            partners,
        )
        rivals = (taken[0].get(pair.left, set()) | taken[1].get(pair.right, set())) - {pair.tables}
        surroundings = Around(
            affinity, subjects, remains, points, bool(rivals), pair.places, matched.get(pair.tables, ())
        )
        told.append(around(pair.evidence, pair.tables, own, surroundings))
    for pair, reasons in zip(pairs, told, strict=True):
        pair.set_among(reasons)
    return rest


def _flat(database: DatabaseSketch) -> _Columns:
    columns = [
        (column, at, place)
        for at, table in enumerate(database.tables)
        for place, column in enumerate(table.columns)
    ]
    return _Columns(
        tuple(column for column, _, _ in columns),
        tuple(at for _, at, _ in columns),
        tuple(place for _, _, place in columns),
    )


def _candidates(left: DatabaseSketch, right: DatabaseSketch) -> Iterable[Pair]:
    """Pairs that share a value, a common list or a word."""
    one, other = _flat(left), _flat(right)
    counts: dict[Family, Counts] = {
        family: shared_counts(
            [column.values.get(family) for column in one.columns],
            [column.values.get(family) for column in other.columns],
        )
        for family in FAMILIES
    }
    copied = {
        (i, j)
        for i, table in enumerate(left.tables)
        for j, partner_table in enumerate(right.tables)
        if aligned(table, partner_table)
    }
    meeting = np.maximum.reduce([counts[family] for family in FAMILIES])
    for i, column in enumerate(one.columns):
        for j, partner in enumerate(other.columns):
            tables = left.tables[one.owner[i]], right.tables[other.owner[j]]
            listed = set(column.lists) & set(partner.lists)
            met = meeting[i, j] or listed or _related(column, partner, *tables)
            together = (one.owner[i], other.owner[j]) in copied
            if not met and not together and not _same_kind(column, partner):
                continue
            shared = {family: int(counts[family][i, j]) for family in FAMILIES}
            common, family, plain = _best_form(column, partner, shared)
            evidence = Evidence(column, partner, tables[0], tables[1], common, family, plain)
            own = signals(evidence) + (_same_rows(evidence) if together else [])
            if (left.profiled and column.facts is None) or (right.profiled and partner.facts is None):
                own.append(_few_rows(evidence))
            places = one.place[i], other.place[j]
            yield Pair(i, j, one.owner[i], other.owner[j], places, evidence, own)


def _few_rows(evidence: Evidence) -> Reason:
    return evidence.reason(
        "few_rows",
        "Một bảng có quá ít dòng để so sánh",
        "One of the tables has too few rows to be compared",
        1.0,
    )


def _same_rows(evidence: Evidence) -> list[Reason]:
    value = same_rows(evidence.left, evidence.right)
    if value > 0:
        return [
            evidence.reason(
                "same_rows",
                "Giá trị lặp lại ở đúng những dòng như nhau của hai bảng",
                "The values repeat in the same rows of the two tables",
                value,
            )
        ]
    if value < 0:
        return [
            evidence.reason(
                "other_rows",
                "Giá trị lặp lại ở những dòng khác nhau của hai bảng",
                "The values repeat in other rows of the two tables",
                -value,
            )
        ]
    return []


def _related(left: ColumnSketch, right: ColumnSketch, one: TableSketch, other: TableSketch) -> bool:
    named = similarity(left.name, right.name, left_table=one.name, right_table=other.name)
    if named >= _RELATED_NAMES:
        return True
    titles = [(left.title or left.name, right.title or right.name)] if left.title or right.title else []
    if left.description or right.description:
        titles.append((left.description or left.name, right.description or right.name))
    return any(similarity(*pair) >= _RELATED_NAMES for pair in titles)


def _same_kind(left: ColumnSketch, right: ColumnSketch) -> bool:
    """True when the profiles tell one kind of thing: what names say is not all there is.

    Where values were compared and none is common, that speaks of numbers of subjects alone: they are of others.
    """
    if left.facts is None or right.facts is None:
        return False
    one, other = telling(left.facts.semantics), telling(right.facts.semantics)
    if left.values and right.values:
        return one == other and one in NUMBERS_A_SUBJECT
    if left.facts.kind == right.facts.kind == "code":
        special = bool(set(left.facts.masks) & set(right.facts.masks)) and all(
            special_form(facts) > 0 for facts in (left.facts, right.facts)
        )
        return special or (one is not None and one == other)
    return (one is not None and one == other) or left.facts.kind == right.facts.kind == "date"


def _best_form(
    left: ColumnSketch, right: ColumnSketch, shared: dict[Family, int]
) -> tuple[Common | None, Family, Common | None]:
    found: dict[Family, Common] = {}
    for family in FAMILIES:
        one, other = left.values.get(family), right.values.get(family)
        common = estimate(one, other, shared[family]) if one is not None and other is not None else None
        if common is not None:
            found[family] = common
    if not found:
        return None, "plain", None
    if "day" in found and "plain" in found and _meet_in_moments(left, right, found["plain"]):
        # More days are common than moments, and say less.
        del found["day"]
    best = max(found, key=lambda family: (round(found[family].larger.value, 3), family == "plain"))
    return found[best], best, found.get("plain")


def _meet_in_moments(left: ColumnSketch, right: ColumnSketch, plain: Common) -> bool:
    one, other = left.facts, right.facts
    if one is None or other is None or not tell_the_time(one, other):
        return False
    return beyond(plain.common, expected(one, other)) > 0


def _assigned(pairs: Sequence[Pair], threshold: float) -> list[Pair]:
    """The best partner for each column within each pair of tables, so that all together fit best."""
    within: dict[TablePair, list[Pair]] = {}
    for pair in pairs:
        if pair.score >= threshold:
            within.setdefault(pair.tables, []).append(pair)
    chosen: list[Pair] = []
    for candidates in within.values():
        rows = {left: at for at, left in enumerate(sorted({pair.left for pair in candidates}))}
        columns = {right: at for at, right in enumerate(sorted({pair.right for pair in candidates}))}
        if len(rows) == len(columns) == len(candidates):
            chosen += candidates
            continue
        gains = np.zeros((len(rows), len(columns)))
        at = {}
        for pair in candidates:
            place = rows[pair.left], columns[pair.right]
            # What is above the threshold by little gains little; order breaks ties, so that a swap changes nothing.
            gains[place] = pair.weight + 10.0
            at[place] = pair
        chosen += [at[place] for place in best_pairs(gains) if place in at]
    chosen.sort(key=lambda pair: (-pair.weight, pair.left, pair.right))
    return chosen


def _contained_elsewhere(pairs: Sequence[Pair]) -> list[tuple[Pair, Reason]]:
    """Pairs whose smaller side fits better into another column.

    A part of a list is found in the list; that some of its names occur in a third column too is chance.
    """
    best_left: dict[int, float] = {}
    best_right: dict[int, float] = {}
    for pair in pairs:
        best_left[pair.left] = max(best_left.get(pair.left, pair.weight), pair.weight)
        best_right[pair.right] = max(best_right.get(pair.right, pair.weight), pair.weight)
    found = []
    for pair in pairs:
        common = pair.evidence.common
        if common is None or abs(common.left.value - common.right.value) < _ONE_SIDED:
            continue
        smaller_left = common.left.value > common.right.value
        best = best_left[pair.left] if smaller_left else best_right[pair.right]
        value = min(1.0, max(0.0, best - pair.weight - _CLEARLY_BETTER) / _FAR_BETTER)
        if value > 0:
            found.append((pair, _fits_elsewhere(pair.evidence, value)))
    return found


def _fits_elsewhere(evidence: Evidence, value: float) -> Reason:
    return evidence.reason(
        "fits_elsewhere",
        "Cột có ít giá trị hơn khớp rõ hơn với một cột khác",
        "The column with fewer values fits another column clearly better",
        value,
    )


def _matched_elsewhere(chosen: Sequence[Pair]) -> list[Pair]:
    """Pairs of which each column has a better partner in another table, as references between tables have."""
    best_left: dict[int, float] = {}
    best_right: dict[int, float] = {}
    for pair in chosen:
        best_left[pair.left] = max(best_left.get(pair.left, pair.weight), pair.weight)
        best_right[pair.right] = max(best_right.get(pair.right, pair.weight), pair.weight)
    return [
        pair
        for pair in chosen
        if pair.weight < best_left[pair.left] - _CLEARLY and pair.weight < best_right[pair.right] - _CLEARLY
    ]


def _proved(left: DatabaseSketch, right: DatabaseSketch, chosen: Sequence[Pair]) -> set[tuple[int, int]]:
    """The pairs of tables of which common values show that they hold the same subjects."""
    proved = tables_with_common_people(left.tables, right.tables)
    alike: dict[tuple[int, int], int] = {}
    for pair in chosen:
        here = pair.left_table, pair.right_table
        if proves(pair.evidence, pair.reasons):
            proved.add(here)
        if nearly_equal(pair.evidence, pair.reasons):
            alike[here] = alike.get(here, 0) + 1
    for (i, j), columns in alike.items():
        smaller = min(len(left.tables[i].columns), len(right.tables[j].columns))
        if columns >= max(_SEVERAL, _LARGE_PART * smaller):
            proved.add((i, j))
    return proved


def _no_common_subjects(evidence: Evidence) -> Reason:
    return evidence.reason(
        "no_common_subjects",
        "Hai bảng không có đối tượng chung: cùng loại thông tin, nhưng về đối tượng khác",
        "The tables have no subjects in common: the same kind of facts, but about others",
        1.0,
    )


def _both_elsewhere(evidence: Evidence) -> Reason:
    return evidence.reason(
        "both_elsewhere",
        "Cả hai cột đều có cột khớp hơn ở bảng khác",
        "Both columns have a better partner in another table",
        1.0,
    )


def _match(pair: Pair, left: DatabaseSketch, right: DatabaseSketch, *, proved: bool) -> ColumnMatch:
    evidence, common = pair.evidence, pair.evidence.common
    one, other = evidence.left, evidence.right
    reasons = sorted(pair.reasons, key=lambda reason: -abs(reason.adds))
    return ColumnMatch(
        left=ColumnRef(left.name, evidence.left_table.name, one.name),
        right=ColumnRef(right.name, evidence.right_table.name, other.name),
        kind="code_list" if is_code_list(evidence, proved=proved) else "overlap",
        score=pair.score,
        level=evidence.level,
        containment_left=common.left if common else None,
        containment_right=common.right if common else None,
        common=common.common if common else None,
        is_key=names_both(evidence),
        reasons=tuple(reason for reason in reasons if reason.adds > 0),
        against=tuple(reason for reason in reasons if reason.adds < 0),
    )


def _verdict(
    left: DatabaseSketch,
    right: DatabaseSketch,
    matches: Sequence[ColumnMatch],
    proved: set[tuple[str, str]],
) -> DatabaseVerdict:
    by_tables: dict[tuple[str, str], list[ColumnMatch]] = {}
    for match in matches:
        by_tables.setdefault((match.left.table, match.right.table), []).append(match)
    tables = [
        judged(
            left_table,
            right_table,
            by_tables[left_table.name, right_table.name],
            proved=(left_table.name, right_table.name) in proved,
        )
        for left_table in left.tables
        for right_table in right.tables
        if (left_table.name, right_table.name) in by_tables
    ]
    tables.sort(key=lambda table: (table.kind != "overlap", -table.score, table.left_table))
    overlapping = [table for table in tables if table.kind == "overlap"]
    return DatabaseVerdict(
        left=left.name,
        right=right.name,
        overlaps=bool(overlapping),
        score=max((table.score for table in overlapping), default=0.0),
        above=_above(left, right),
        tables=tuple(tables),
    )


def _above(left: DatabaseSketch, right: DatabaseSketch) -> str | None:
    if left.rank is None or right.rank is None or left.rank == right.rank:
        return None
    return left.name if left.rank < right.rank else right.name
