"""Which of many databases are worth comparing with a new one: those that share values with it, or speak of the same.

Holding the sketches of D databases, a new one of c columns costs c searches by value (see `postings`) and the columns
that share a word with it, not D comparisons. Words that many databases use weigh little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from lienthong.engine.overlap.names import in_table
from lienthong.engine.overlap.postings import SketchIndex
from lienthong.engine.overlap.shapes import (
    FAMILIES,
    ColumnSketch,
    DatabaseSketch,
    Family,
    TableSketch,
    ValueSet,
)

_BY_NAMES = 20


@dataclass(frozen=True, slots=True)
class Nomination:
    """A database that is worth comparing: how many pairs of columns share values, and how much names have in common."""

    database: str
    columns: int
    words: float


class Nominations:
    """The sketches of many databases, made under one key, each found by its name."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._indexes: dict[Family, SketchIndex] = {family: SketchIndex() for family in FAMILIES}
        self._databases: dict[Family, list[int]] = {family: [] for family in FAMILIES}
        self._speaking: dict[str, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, database: DatabaseSketch) -> None:
        """Take in a database."""
        number = len(self._names)
        self._names.append(database.name)
        for family in FAMILIES:
            sets = _sets(database, family)
            self._indexes[family].add(sets, database=number)
            self._databases[family] += [number] * len(sets)
        for concept in _words(database):
            self._speaking[concept].add(number)

    def nominated(
        self, database: DatabaseSketch, *, least: float = 0.1, by_names: int = _BY_NAMES
    ) -> list[Nomination]:
        """All that share at least this part of a column with it, and so many others whose names say most alike."""
        met: dict[int, set[tuple[Family, int, int]]] = defaultdict(set)
        for family in FAMILIES:
            found = self._indexes[family].search(_sets(database, family), least=least)
            for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True):
                met[self._databases[family][right]].add((family, left, right))
        said: dict[int, float] = defaultdict(float)
        for concept, weight in _words(database).items():
            speaking = self._speaking.get(concept, set())
            for number in speaking:
                said[number] += weight * math.log(1 + len(self._names) / len(speaking))
        named = sorted(said, key=lambda number: (-said[number], number))[:by_names]
        chosen = [Nomination(self._names[n], len(met.get(n, ())), said.get(n, 0.0)) for n in {*met, *named}]
        return sorted(chosen, key=lambda one: (-one.columns, -one.words, one.database))


def _sets(database: DatabaseSketch, family: Family) -> list[ValueSet]:
    return [
        column.values[family]
        for table in database.tables
        for column in table.columns
        if family in column.values
        and (family == "plain" or column.values[family] is not column.values.get("plain"))
    ]


def _words(database: DatabaseSketch) -> dict[str, float]:
    """What the names of a database speak of, and how much each weighs at most."""
    told: dict[str, float] = {}
    for table in database.tables:
        for column in table.columns:
            for concept, weight in _spoken(column, table).items():
                told[concept] = max(told.get(concept, 0.0), weight)
    return told


def _spoken(column: ColumnSketch, table: TableSketch) -> dict[str, float]:
    return dict(in_table(column.title or column.name, table.title or table.name))
