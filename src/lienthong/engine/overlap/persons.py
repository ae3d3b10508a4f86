"""People of whom two tables know no common number: known again by name and day of birth together.

Names alone have namesakes and days of birth are shared by many; both together name one person. Only keyed hashes of
the two are kept, for tables that this machine reads itself, and leave in no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from lienthong.engine.overlap.canonical import hash_sql, text_sql
from lienthong.engine.overlap.estimating import estimate, shared_counts
from lienthong.engine.overlap.names import concepts
from lienthong.engine.overlap.semantics import OVER_DECADES, telling
from lienthong.engine.overlap.shapes import ColumnSketch, TableSketch

MOST_ROWS = 200_000
"""In longer tables people are not told by name and day of birth."""
_LEAST_COMMON, _LEAST_SHARE = 3, 0.05
_OF_OTHERS = frozenset({"father", "mother", "spouse", "relative", "representative"})


def person_columns(columns: Sequence[ColumnSketch | None]) -> tuple[int, int] | None:
    """Where the name and the day of birth of whom a row is of stand; None where there is not one of each."""
    names = [place for place, column in enumerate(columns) if column is not None and _names(column)]
    births = [place for place, column in enumerate(columns) if column is not None and _dates_birth(column)]
    return (names[0], births[0]) if len(names) == len(births) == 1 else None


def _names(column: ColumnSketch) -> bool:
    told = column.facts is not None and telling(column.facts.semantics) == "person_name"
    return told and not _OF_OTHERS & set(concepts(column.name))


def _dates_birth(column: ColumnSketch) -> bool:
    if column.facts is None or column.facts.kind != "date":
        return False
    said = set(concepts(column.name))
    return ("birth_date" in said or OVER_DECADES in column.facts.semantics) and not _OF_OTHERS & said


def persons_sql(relation: str, name: str, birth: str, day: str, key: bytes) -> str:
    """SQL: the hashes of all people of a table, 0 where name or day is missing; `day` is the canonical form of a day `v`."""
    both = hash_sql("nullif(s, '') || '|' || nullif(d, '')", key)
    return (
        f"SELECT DISTINCT coalesce({both}, 0) AS h FROM (SELECT {text_sql('n')} AS s, {day} AS d "
        f"FROM (SELECT {name} AS n, {birth} AS v FROM {relation}))"
    )


def tables_with_common_people(
    left: Sequence[TableSketch], right: Sequence[TableSketch]
) -> set[tuple[int, int]]:
    """The pairs of tables, by their places, that hold some of the same people."""
    one, other = [table.persons for table in left], [table.persons for table in right]
    if not any(one) or not any(other):
        return set()
    counts, found = shared_counts(one, other), set()
    for i, j in product(range(len(one)), range(len(other))):
        mine, theirs = one[i], other[j]
        common = (
            estimate(mine, theirs, int(counts[i, j])) if mine is not None and theirs is not None else None
        )
        if common is not None and common.common >= _LEAST_COMMON and common.larger.value >= _LEAST_SHARE:
            found.add((i, j))
    return found
