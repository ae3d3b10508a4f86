"""Reduce columns to sketches, where the rows are: what leaves is names, a profile, and keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.engine.overlap.gathering import Gatherer, Plan
from lienthong.engine.overlap.packing import leading
from lienthong.engine.overlap.shapes import PUBLISHED_BITS, DatabaseSketch, TableSketch, ValueSet
from lienthong.engine.session import Connection
from lienthong.engine.shapes import Table
from lienthong.engine.sources.contract import Source

__all__ = ["IN_MEMORY", "PUBLISHED", "Plan", "cut", "sketch_source", "sketch_table"]

_DENSE_FROM = 20
PUBLISHED = Plan(bits=PUBLISHED_BITS)
"""For sketches that leave: below 2 kB a column on average."""

IN_MEMORY = Plan(k=16_384, complete=100_000, in_order=True)
"""For sources that the caller may read itself: nothing leaves, shares are exact but for huge columns."""


def sketch_source(
    source: Source, name: str, key: bytes, *, rank: int | None = None, plan: Plan = IN_MEMORY
) -> DatabaseSketch:
    """Sketch every table of an open source under this key (at least 16 bytes); views are left out."""
    tables = [(source.relation(table), table) for table in source.tables() if table.kind == "table"]
    return DatabaseSketch(name, tuple(_sketched(source.connect(), tables, key, plan)), rank)


def sketch_table(
    connection: Connection, relation: str, table: Table | str, key: bytes, *, plan: Plan = IN_MEMORY
) -> TableSketch:
    """Sketch one table: `relation` is what SQL on this connection reads FROM; it makes temporary tables.

    Without a `Table` the columns are those of the relation.
    """
    return _sketched(connection, [(relation, table)], key, plan)[0]


def _sketched(
    connection: Connection, tables: Sequence[tuple[str, Table | str]], key: bytes, plan: Plan
) -> list[TableSketch]:
    if len(key) < 16:
        raise ValueError("the key needs at least 16 bytes")
    gatherer = Gatherer(connection, key, plan)
    try:
        for relation, table in tables:
            gatherer.add(relation, table)
        return gatherer.finished()
    finally:
        gatherer.clear()


def cut(values: ValueSet, plan: Plan) -> ValueSet:
    """The set as this plan publishes it: no more hashes, and of each no more bits, than it says."""
    complete = values.complete and values.distinct <= plan.complete
    kept = values.hashes if complete else values.hashes[: plan.k]
    # Beyond a million values, different ones would be alike in these bits too often.
    bits = min(values.bits, plan.bits + max(0, (values.distinct - 1).bit_length() - _DENSE_FROM))
    return ValueSet(leading(kept, bits), values.distinct, complete, bits)
