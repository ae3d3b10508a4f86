"""Same subjects, or only a common code list? And what that makes of two tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lienthong.engine.overlap.chance import share_by_chance, tell_the_time
from lienthong.engine.overlap.lists import listed
from lienthong.engine.overlap.names import names_a_list
from lienthong.engine.overlap.semantics import BY_NAME, PASSED, TELLING, telling
from lienthong.engine.overlap.shapes import (
    ColumnFacts,
    ColumnMatch,
    ColumnSketch,
    Reason,
    TableSketch,
    TableVerdict,
)
from lienthong.engine.overlap.signals import Evidence, value_strength

_LIST_VALUES = 300
_LIST_ROWS, _LIST_COLUMNS = 100, 4
_REPEATED, _OFTEN, _SHORT = 3.0, 2.0, 25.0
_PROOF, _NAMESAKES, _SEVERAL, _STRONG = 0.25, 0.4, 3, 0.5
_NEARLY_ALL, _ENOUGH, _ENOUGH_TOLD, _BY_CHANCE, _CHANCE_MEETING = 0.8, 20, 4, 0.1, 0.4
_LEAST_COMMON = 2
_ANYWAY, _DAYS_IN_COMMON = 0.5, 0.25
_COPY, _FROM_LIST = 0.9, 0.9
_LEAST_MATCHED = 0.5


def is_code_list(pair: Evidence, *, proved: bool) -> bool:
    """True when two matched columns use one common list rather than hold the same subjects.

    A list is known from itself (a shipped list, or a short table of codes and names that the other side
    refers to), or from both sides using it as one: few values, each in many rows. Where it is not `proved`
    that the tables hold the same subjects, codes and short names that repeat on both sides are a list as
    well, however long it is.
    """
    left, right = pair.left.facts, pair.right.facts
    if left is None or right is None:
        return all(names_a_list(column.title or column.name) for column in (pair.left, pair.right))
    shared = _lists_of_both(pair)
    if shared:
        # A register of the units themselves is no use of their list: there each row is a unit.
        long = all(listed(name).size > _LIST_VALUES for name in shared)
        return not (proved and long and _registers(pair.left_table) and _registers(pair.right_table))
    if "boolean" in (left.kind, right.kind):
        return True
    if _identifies(left) or _identifies(right) or {left.kind, right.kind} & {"date", "moment"}:
        return False
    if _used_as_list(left) and _used_as_list(right):
        return True
    words = all(_repeats_words(facts) for facts in (left, right))
    if not proved and (words or _few_of_a_list(pair, left, right)):
        return True
    one = _is_list(pair.left_table, left), _is_list(pair.right_table, right)
    return (one[0] and (one[1] or _used_as_list(right))) or (one[1] and _used_as_list(left))


def uses_a_list(pair: Evidence) -> bool:
    """True when both columns are filled from a list in many rows; a table that is the list itself has each value once."""
    once = any(column.facts is not None and column.facts.unique for column in (pair.left, pair.right))
    return not once and is_code_list(pair, proved=False)


def _lists_of_both(pair: Evidence) -> set[str]:
    """The common lists of both columns; what is nearly all found in a column of a list comes from that list."""
    one, other = set(pair.left.lists), set(pair.right.lists)
    if pair.common is not None and one and not other and pair.common.right.value >= _FROM_LIST:
        return one
    if pair.common is not None and other and not one and pair.common.left.value >= _FROM_LIST:
        return other
    return one & other


def _few_of_a_list(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> bool:
    """True when one side is used as a list and the other has too few rows to show it, but nearly all from there."""
    if pair.common is None:
        return False
    return any(
        _used_as_list(many)
        and share.value >= _FROM_LIST
        and few.filled < _REPEATED * many.distinct
        and few.distinct < few.filled
        for few, share, many in ((left, pair.common.left, right), (right, pair.common.right, left))
    )


def _registers(table: TableSketch) -> bool:
    """True when every row of a table is a value of a long common list."""
    return any(
        column.facts is not None
        and column.facts.unique
        and column.facts.distinct >= _ENOUGH
        and any(listed(name).size > _LIST_VALUES for name in column.lists)
        for column in table.columns
    )


def proves(pair: Evidence, reasons: Sequence[Reason]) -> bool:
    """True when the common values of this pair show that both tables hold the same subjects.

    That takes values that name one subject each, in one of the tables at least: days, measures and the names
    of people are alike in any two tables.
    """
    left, right = pair.left.facts, pair.right.facts
    if left is None or right is None or pair.common is None or pair.common.common < _LEAST_COMMON:
        return False
    strength = value_strength(reasons)
    if strength < _PROOF or is_code_list(pair, proved=True):
        return False
    if _identifies(left) or _identifies(right):
        return True
    shared = max((reason.value for reason in reasons if reason.code == "values"), default=0.0)
    people = telling(left.semantics) == "person_name"
    return (names_rows(pair.left) or names_rows(pair.right)) and shared >= (_NAMESAKES if people else _PROOF)


def nearly_equal(pair: Evidence, reasons: Sequence[Reason]) -> bool:
    """True when both columns hold nearly the same values, and these are no list and say something."""
    left, right, common = pair.left.facts, pair.right.facts, pair.common
    if left is None or right is None or common is None or set(pair.left.lists) & set(pair.right.lists):
        return False
    both = min(common.left.low, common.right.low) >= _NEARLY_ALL
    copied = any(reason.code == "same_profile" and reason.value >= _COPY for reason in reasons)
    strong = copied or value_strength(reasons) >= _STRONG
    return both and min(left.distinct, right.distinct) >= _ENOUGH and strong


def run(pair: Evidence) -> bool:
    """True for numbers without gaps, that are common whosoever they are; they go with the other columns of their tables."""
    left, right = pair.left.facts, pair.right.facts
    if left is None or right is None:
        return False
    if left.counter or right.counter:
        return True
    numbers = left.kind in ("code", "number") and right.kind in ("code", "number")
    return numbers and max(share_by_chance(left, right), share_by_chance(right, left)) >= _ANYWAY


def lacks_subjects(pair: Evidence, reasons: Sequence[Reason]) -> bool:
    """True when the values were compared and have no more in common than chance would give."""
    left, right = pair.left.facts, pair.right.facts
    if left is None or right is None or pair.common is None or run(pair):
        return False
    enough = _ENOUGH if telling(left.semantics) is None or telling(right.semantics) is None else _ENOUGH_TOLD
    if set(pair.left.lists) & set(pair.right.lists) or min(left.distinct, right.distinct) < enough:
        return False
    strengths = {reason.code: reason.value for reason in reasons}
    if strengths.get("same_profile", 0.0) >= _COPY:
        return False
    moments = pair.family != "day" and tell_the_time(left, right)
    if {left.kind, right.kind} & {"date", "moment"} and not moments and not nearly_equal(pair, reasons):
        return strengths.get("values", 0.0) < _DAYS_IN_COMMON
    return strengths.get("values", 0.0) < _BY_CHANCE and strengths.get("beyond_chance", 0.0) < _CHANCE_MEETING


def _identifies(facts: ColumnFacts) -> bool:
    told = telling(facts.semantics)
    return told is not None and BY_NAME[told].identifies


def _repeats_words(facts: ColumnFacts) -> bool:
    short = facts.kind == "text" and facts.avg_length <= _SHORT and not facts.semantics.get("with_digit")
    return facts.repetition >= _OFTEN and (facts.kind == "code" or short)


def _used_as_list(facts: ColumnFacts) -> bool:
    return facts.distinct <= _LIST_VALUES and facts.repetition >= _REPEATED


def _is_list(table: TableSketch, facts: ColumnFacts) -> bool:
    return facts.unique and facts.distinct <= _LIST_ROWS and len(table.columns) <= _LIST_COLUMNS


def names_rows(column: ColumnSketch) -> bool:
    """True when the column names the rows of its table: declared so, or every row has a value of its own.

    Measures with a fraction may differ in every row and still name none.
    """
    if column.is_key or column.facts is None:
        return column.is_key
    whole = column.facts.semantics.get("digits", 0.0) >= PASSED
    named = column.facts.kind in ("code", "text") or (column.facts.kind == "number" and whole)
    return column.facts.unique and named


def names_both(pair: Evidence) -> bool:
    """True when both columns name the rows of their tables."""
    return names_rows(pair.left) and names_rows(pair.right)


def telling_rank(pair: Evidence) -> int:
    """The place of what both columns hold among things that name a subject, the surest first."""
    told = [telling(c.facts.semantics) for c in (pair.left, pair.right) if c.facts is not None]
    return TELLING.index(told[0]) if told and told[0] is not None and told[0] == told[-1] else len(TELLING)


def judged(
    left: TableSketch, right: TableSketch, matches: Sequence[ColumnMatch], *, proved: bool
) -> TableVerdict:
    """What the matches of two tables, the surest first, make of them.

    They overlap when common subjects are proved, or several columns besides lists hold the same values; where
    no values may be compared, when matches of subjects cover at least half of the smaller table.
    """
    subjects = [match for match in matches if match.kind == "overlap"]
    strong = [match for match in subjects if value_strength(match.reasons) >= _STRONG]
    smaller = max(1, min(len(left.columns), len(right.columns)))
    likely = sum(match.score for match in subjects if match.level < 2) / smaller >= _LEAST_MATCHED
    overlaps = bool(subjects) and (proved or len(strong) >= _SEVERAL or likely)
    kind: Literal["overlap", "code_list", "none"] = "none"
    if overlaps:
        kind = "overlap"
    elif len(subjects) < len(matches):
        kind = "code_list"
    return TableVerdict(
        left_table=left.name,
        right_table=right.name,
        kind=kind,
        score=max((match.score for match in (subjects or matches)), default=0.0),
        matches=len(matches),
        left_rows=left.rows,
        right_rows=right.rows,
        subjects=subjects[0] if overlaps else None,
    )
