"""Comparing live databases: each reduced to sketches under one key that is thrown away, then column by
column.

Only names, profiles and keyed hashes are held, in memory and for the length of one search; no row leaves its
source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from lienthong.catalogue.models import Database, DataField
from lienthong.engine.errors import LookInterrupted
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.nominating import Nominations
from lienthong.engine.overlap.shapes import METHOD, ColumnMatch, DatabaseSketch, Overlap, Reason, TableSketch
from lienthong.engine.overlap.shapes import Share as FoundShare
from lienthong.engine.overlap.sketching import sketch_table
from lienthong.engine.overlap.weights import base
from lienthong.inventory.models import Source
from lienthong.inventory.queries import opened

from .queries import side_of
from .rules import Comparison, FoundPair, Share

# Beside those that share values, so many of the others whose names say most alike are compared column by column.
BY_NAMES = 20

OnTable = Callable[[int, int], None]
"""Told how many tables of a source are sketched, and how many there are."""


def sketch_of(
    source: Source, key: bytes, *, on_table: OnTable, should_stop: Callable[[], bool]
) -> DatabaseSketch:
    """Sketch every table of a bound source under this key. Raises the engine's errors, `LookInterrupted` when
    stopped.
    """
    database = source.database
    titles = _titles(database)
    with opened(source) as found:
        tables = [table for table in found.tables() if table.kind == "table"]
        sketches = []
        for done, table in enumerate(tables):
            if should_stop():
                raise LookInterrupted(source=source.shown)
            on_table(done, len(tables))
            sketch = sketch_table(found.connect(), found.relation(table), table, key)
            sketches.append(_titled(sketch, titles))
    return DatabaseSketch(str(database.pk), tuple(sketches), side_of(database).rank)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a database has in common with others, by which version of the matcher."""

    comparisons: list[Comparison]
    method: str
    scored: int
    """With how many its columns were compared one by one; the others share no values with it and speak of other things."""


def compare_all(
    mine: DatabaseSketch, others: Iterable[DatabaseSketch], *, by_names: int = BY_NAMES
) -> Compared:
    """What a sketched database has in common with each of the others, seen from it.

    Its columns are compared with those of the databases that share values with it, and of so many others whose names say
    most alike: the cost is that of the database and what is like it, not that of all there are.
    """
    held = Nominations()
    known = {}
    for other in others:
        held.add(other)
        known[other.name] = other
    chosen = {one.database for one in held.nominated(mine, by_names=by_names)}
    comparisons = []
    for name, other in known.items():
        found = Comparison(other=int(name), overlaps=False, pairs=())
        if name in chosen:
            found = comparison_of(find_overlaps(mine, other), other=int(name))
        comparisons.append(replace(found, left_rows=rows_of(mine), right_rows=rows_of(other)))
    return Compared(comparisons, METHOD, len(chosen))


def comparison_of(found: Overlap, *, other: int) -> Comparison:
    """The finding of the matcher as a search records it.

    A column pair of the same subjects counts only within two tables that overlap as a whole; pairs that use
    one common list are kept wherever they are.
    """
    overlapping = {
        (table.left_table, table.right_table): table.subjects
        for table in found.verdict.tables
        if table.kind == "overlap"
    }
    pairs = tuple(
        _pair(match, subjects=overlapping.get((match.left.table, match.right.table)) == match)
        for match in found.matches
        if match.kind == "code_list" or (match.left.table, match.right.table) in overlapping
    )
    return Comparison(other=other, overlaps=found.verdict.overlaps, pairs=pairs)


def rows_of(sketch: DatabaseSketch) -> int:
    """How many rows a sketched database holds."""
    return sum(table.rows or 0 for table in sketch.tables)


def _pair(match: ColumnMatch, *, subjects: bool) -> FoundPair:
    return FoundPair(
        left_table=match.left.table,
        left_column=match.left.column,
        right_table=match.right.table,
        right_column=match.right.column,
        kind=match.kind,
        score=match.score,
        base=base(level=match.level),
        level=match.level,
        left_share=_share(match.containment_left),
        right_share=_share(match.containment_right),
        is_key=subjects,
        reasons=tuple(_kept(reason) for reason in match.reasons),
        against=tuple(_kept(reason) for reason in match.against),
    )


def _kept(reason: Reason) -> dict[str, Any]:
    """A signal as it is kept with the finding, unrounded: the score can be computed again from all of them."""
    return reason.as_json() | {"weight": reason.weight, "value": reason.value}


def _share(found: FoundShare | None) -> Share | None:
    return None if found is None else Share(found.value, found.low, found.high)


def titled(sketch: DatabaseSketch, database: Database) -> DatabaseSketch:
    """A sketch with the titles and descriptions that the owner confirmed."""
    titles = _titles(database)
    return replace(sketch, tables=tuple(_titled(table, titles) for table in sketch.tables))


def _titles(database: Database) -> dict[tuple[str, str], tuple[str, str]]:
    """What the owner confirmed of each column: its title and description."""
    rows = DataField.objects.filter(table__database=database, confirmed_at__isnull=False)
    return {
        (table, name): (title, description)
        for table, name, title, description in rows.values_list("table__name", "name", "title", "description")
    }


def _titled(sketch: TableSketch, titles: dict[tuple[str, str], tuple[str, str]]) -> TableSketch:
    columns = []
    for column in sketch.columns:
        title, description = titles.get((sketch.name, column.name), ("", ""))
        columns.append(
            replace(column, title=title or column.title, description=description or column.description)
        )
    return replace(sketch, columns=tuple(columns))
