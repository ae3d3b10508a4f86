"""From staged rows to the next version: what has to be deleted and inserted, and what the digest becomes."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from lienthong.engine.evidence.digests import RowDigest, digest_query
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column
from lienthong.engine.store.errors import StoreDamaged
from lienthong.engine.store.lake import table_path
from lienthong.engine.store.staging import STAGED, Stage
from lienthong.engine.store.versions import CHANGE, Version

_DIFF = "difference"
_BEFORE = "before_change"


@dataclass(frozen=True, slots=True)
class Plan:
    """The next version in counts; which rows it concerns waits in a temporary table of the same connection.

    `digest` is None when it can only be told from the table as it will be.
    """

    table: str
    key: tuple[str, ...]
    staged_columns: tuple[str, ...]
    rows: int
    digest: RowDigest | None
    inserted: int
    updated: int
    deleted: int

    @property
    def empty(self) -> bool:
        """True when no row has to be touched."""
        return not (self.inserted or self.updated or self.deleted)


def planned(stage: Stage, head: Version | None, columns: tuple[Column, ...], *, changes: bool) -> Plan:
    """Work out the difference to the newest version, outside of any transaction on the catalogue."""
    names = tuple(column.name for column in stage.columns)
    if head is None:
        return Plan(stage.table, stage.key, names, stage.rows, stage.digest(), stage.rows, 0, 0)
    known = list(head.columns)
    added = [name for name in names if name not in {column.name for column in known}]
    current = f"(SELECT * FROM {table_path(stage.table)} AT (VERSION => {head.snapshot}))"
    on = _same_key(stage.key, "s", "c")
    if changes:
        stage.cursor.execute(
            f"CREATE TEMP TABLE {_BEFORE} AS SELECT c.* FROM {current} c SEMI JOIN {STAGED} s ON {on}"
        )
        current = _BEFORE
    stage.cursor.execute(_difference(stage.key, known, added, current, on, changes=changes))
    counted = dict(stage.query(f"SELECT _word, count(*) FROM {_DIFF} GROUP BY _word"))
    inserted, updated, deleted = (int(counted.get(word, 0)) for word in ("insert", "update", "delete"))
    if changes:
        digest = None if added else _moved_on(stage, head, columns)
        rows = head.rows + inserted - deleted
    else:
        digest, rows = _full_digest(stage, columns), stage.rows
    return Plan(stage.table, stage.key, names, rows, digest, inserted, updated, deleted)


def _difference(
    key: tuple[str, ...], known: list[Column], added: list[str], current: str, on: str, *, changes: bool
) -> str:
    first = quoted(key[0])
    values = [quoted(column.name) for column in known if column.name not in key]
    differs = [f"s.{name} IS DISTINCT FROM c.{name}" for name in values]
    differs += [f"s.{quoted(name)} IS NOT NULL" for name in added]
    changed = " OR ".join(differs) or "false"
    keys = ", ".join(f"coalesce(s.{quoted(part)}, c.{quoted(part)}) AS {quoted(part)}" for part in key)
    if changes:
        word = (
            f"CASE WHEN s.{CHANGE} = 'delete' THEN CASE WHEN c.{first} IS NOT NULL THEN 'delete' END "
            f"WHEN c.{first} IS NULL THEN 'insert' WHEN {changed} THEN 'update' END"
        )
        join = f"{STAGED} s LEFT JOIN {current} c ON {on}"
    else:
        word = (
            f"CASE WHEN c.{first} IS NULL THEN 'insert' WHEN s.{first} IS NULL THEN 'delete' "
            f"WHEN {changed} THEN 'update' END"
        )
        join = f"{STAGED} s FULL JOIN {current} c ON {on}"
    return (
        f"CREATE TEMP TABLE {_DIFF} AS SELECT * FROM (SELECT {keys}, {word} AS _word FROM {join}) "
        "WHERE _word IS NOT NULL"
    )


def _full_digest(stage: Stage, columns: tuple[Column, ...]) -> RowDigest:
    pairs = [(column.name, str(column.native_type)) for column in columns]
    return RowDigest.of(stage.query(digest_query(STAGED, pairs))[0])


def _moved_on(stage: Stage, head: Version, columns: tuple[Column, ...]) -> RowDigest:
    """The digest of the head, with the old state of the changed rows taken out and the new one put in."""
    pairs = [(column.name, str(column.native_type)) for column in columns]
    was, now = _same_key(stage.key, "b", "d"), _same_key(stage.key, "s", "d")
    gone = f"(SELECT b.* FROM {_BEFORE} b JOIN {_DIFF} d ON {was} WHERE d._word <> 'insert')"
    come = f"(SELECT s.* FROM {STAGED} s JOIN {_DIFF} d ON {now} WHERE d._word <> 'delete')"
    out = RowDigest.of(stage.query(digest_query(gone, pairs))[0])
    into = RowDigest.of(stage.query(digest_query(come, pairs))[0])
    return RowDigest.read(head.digest) - out + into


def applied(
    cursor: duckdb.DuckDBPyConnection, plan: Plan, head: Version | None, columns: tuple[Column, ...]
) -> RowDigest:
    """Write the planned rows in the running transaction and return the digest of the table as it is then.

    StoreDamaged when the number of rows does not come out.
    """
    path = table_path(plan.table)
    names = ", ".join(quoted(name) for name in plan.staged_columns)
    picked = ", ".join(f"s.{quoted(name)}" for name in plan.staged_columns)
    if head is None:
        declared = ", ".join(f"{quoted(column.name)} {column.native_type}" for column in columns)
        cursor.execute(f"CREATE TABLE {path} ({declared})")
        cursor.execute(f"INSERT INTO {path} ({names}) SELECT {picked} FROM {STAGED} s")
    else:
        for column in columns[len(head.columns) :]:
            cursor.execute(f"ALTER TABLE {path} ADD COLUMN {quoted(column.name)} {column.native_type}")
        if plan.updated or plan.deleted:
            on = _same_key(plan.key, "t", "d")
            cursor.execute(f"DELETE FROM {path} t USING {_DIFF} d WHERE {on} AND d._word <> 'insert'")
        if plan.updated or plan.inserted:
            on = _same_key(plan.key, "s", "d")
            cursor.execute(
                f"INSERT INTO {path} ({names}) SELECT {picked} FROM {STAGED} s JOIN {_DIFF} d ON {on} "
                "WHERE d._word <> 'delete'"
            )
    (found,) = cursor.execute(f"SELECT count(*) FROM {path}").fetchone() or (0,)
    if found != plan.rows:
        raise StoreDamaged(table=plan.table)
    if plan.digest is not None:
        return plan.digest
    pairs = [(column.name, str(column.native_type)) for column in columns]
    return RowDigest.of(cursor.execute(digest_query(path, pairs)).fetchone() or ())


def _same_key(key: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{quoted(part)} = {right}.{quoted(part)}" for part in key)
