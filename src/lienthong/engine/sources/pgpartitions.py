"""Parents and partitions of a PostgreSQL database, made into tables whose rows are counted once.

A partition of a partitioned table, and a child that inherits without adding a column (the partitions of older
databases), are parts of their parent: reading the parent reads them, so they are not listed beside it. A child
with columns of its own, or with several parents, is a table of its own; its parent is then read without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import errors as pgerrors

from lienthong.engine.shapes import Finding
from lienthong.engine.sources.noting import listed, note
from lienthong.engine.sources.pgcatalogue import Catalogue, PgTable

# A table that somebody holds exclusively would keep the question for sizes waiting: it is not asked for.
_SIZES = """
SELECT c.oid, pg_catalog.pg_total_relation_size(c.oid)
FROM pg_catalog.pg_class c
WHERE c.oid = ANY(%s) AND c.relkind IN ('r', 'm')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l
                  WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
                    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
"""


def settled_tables(session: psycopg.Connection[Any], found: Catalogue) -> tuple[list[PgTable], list[Finding]]:
    """The tables to look at, each row in one of them only, and what is worth saying about how they were made."""
    tables = found.tables
    folded = {
        oid: parents[0]
        for oid, parents in found.parents.items()
        if oid in tables and len(parents) == 1 and _is_part(tables[oid], tables.get(parents[0]))
    }
    children: dict[int, list[int]] = {}
    for child, parents in found.parents.items():
        for parent in parents:
            children.setdefault(parent, []).append(child)
    roots = [table for oid, table in tables.items() if oid not in folded]
    sizes, notes = _sizes(session, list(tables))
    order = {oid: place for place, oid in enumerate(tables)}
    for table in roots:
        below = list(_below(table.oid, children))
        parts = [tables[oid] for oid in below if oid in tables and _root(oid, folded) == table.oid]
        leaves = sorted((one for one in parts if one.kind != "p"), key=lambda one: order[one.oid])
        table.partitions = leaves
        apart = [oid for oid in below if oid in tables and _root(oid, folded) != table.oid]
        if apart and table.kind == "r":
            table.together = [table, *parts]
        table.size_bytes = _sum([sizes.get(one.oid) for one in [table, *leaves] if one.kind in ("r", "m")])
        if leaves:
            counts = [one.rows for one in ([table, *leaves] if table.kind == "r" else leaves)]
            table.rows = _sum(counts)
    _retarget(roots, tables, folded)
    return roots, notes + _told(session, roots, found, folded)


def _is_part(child: PgTable, parent: PgTable | None) -> bool:
    """Whether the child is a part of its parent: all its rows show whole in the parent's columns."""
    if parent is None or parent.partly:
        return False
    names = {column.name for column in parent.columns}
    return child.is_partition or all(column.name in names for column in child.columns)


def _below(oid: int, children: dict[int, list[int]]) -> Iterator[int]:
    """Every descendant, each once, the nearest first."""
    seen, waiting = {oid}, list(children.get(oid, ()))
    while waiting:
        child = waiting.pop(0)
        if child not in seen:
            seen.add(child)
            yield child
            waiting += children.get(child, ())


def _root(oid: int, folded: dict[int, int]) -> int:
    while oid in folded:
        oid = folded[oid]
    return oid


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _sizes(session: psycopg.Connection[Any], oids: list[int]) -> tuple[dict[int, int], list[Finding]]:
    try:
        rows = session.execute(_SIZES, [oids]).fetchall()
    except (pgerrors.LockNotAvailable, pgerrors.QueryCanceled, pgerrors.InsufficientPrivilege):
        return {}, [note("sizes_unknown", "*")]
    return {oid: int(size) for oid, size in rows if size is not None}, []


def _retarget(roots: Sequence[PgTable], tables: dict[int, PgTable], folded: dict[int, int]) -> None:
    """Let a reference to a part point at the table that it is part of."""
    whole = {tables[oid].name: tables[_root(oid, folded)].name for oid in folded}
    for table in roots:
        kept = []
        for key in table.foreign_keys:
            key = type(key)(key.columns, whole.get(key.ref_table, key.ref_table), key.ref_columns)
            if key not in kept:
                kept.append(key)
        table.foreign_keys = kept


def _told(
    session: psycopg.Connection[Any], roots: Sequence[PgTable], found: Catalogue, folded: dict[int, int]
) -> list[Finding]:
    notes = []
    parents = [table for table in roots if table.kind == "r" and table.partitions]
    filled = _with_own_rows(session, parents)
    for table in roots:
        if table.partitions:
            names = [part.name for part in table.partitions]
            notes.append(note("partitions_counted_once", table.name, count=len(names), names=listed(names)))
        if table.oid in filled:
            notes.append(note("own_rows_beside_partitions", table.name, count=len(table.partitions)))
        for parent in found.parents.get(table.oid, ()):
            if parent in found.tables and not table.is_partition:
                root = found.tables[_root(parent, folded)]
                notes.append(note("inherits_with_more_columns", table.name, parent=root.name))
        if table.forbidden:
            count, names_of = len(table.forbidden), listed(table.forbidden)
            notes.append(note("columns_not_permitted", table.name, count=count, names=names_of))
    for oid, refused in found.refused.items():
        if not any(_root(parent, folded) in found.tables for parent in found.parents.get(oid, ())):
            notes.append(note("table_not_permitted", refused.name))
    return notes


def _with_own_rows(session: psycopg.Connection[Any], parents: Sequence[PgTable]) -> set[int]:
    """Which of these parents hold rows of their own."""
    if not parents:
        return set()
    asked = " UNION ALL ".join(
        f"SELECT {table.oid}::bigint WHERE EXISTS (SELECT FROM ONLY {table.plain_name()})"
        for table in parents
    )
    try:
        return {int(row[0]) for row in session.execute(asked.encode()).fetchall()}
    except (pgerrors.LockNotAvailable, pgerrors.QueryCanceled):
        return set()
