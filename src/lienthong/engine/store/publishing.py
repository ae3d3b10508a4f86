"""From staged rows to the next version: what has to be deleted and inserted, and what the digest becomes.

Rows are compared by the hash that lies beside each, and found by their place, so that of the newest version only the
key and the hash are read. Values themselves are compared only where texts have several spellings that count as equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from lienthong.engine.evidence.digests import RowDigest, hashed_rows
from lienthong.engine.session import literal, quoted
from lienthong.engine.shapes import Column
from lienthong.engine.store.errors import StoreDamaged
from lienthong.engine.store.lake import LAKE, table_path
from lienthong.engine.store.staging import STAGED, Stage, parquet_version
from lienthong.engine.store.versions import CHANGE, HASH, Version

_DIFF = "difference"
_BEFORE = "before_change"
_SUMS = f"count(*), bit_xor({HASH}), sum({HASH})"


@dataclass(frozen=True, slots=True)
class Plan:
    """The next version in counts; which rows it concerns waits in a temporary table of the same connection.

    `digest` is None when it can only be told from the table as it will be: then all of it is written anew.
    """

    stage: Stage
    rows: int
    digest: RowDigest | None
    inserted: int
    updated: int
    deleted: int
    firm: bool
    changes: bool = False
    founding: bool = False

    @property
    def empty(self) -> bool:
        """True when no row has to be touched."""
        return not (self.inserted or self.updated or self.deleted)


def planned(stage: Stage, head: Version | None, columns: tuple[Column, ...], *, changes: bool) -> Plan:
    """Work out the difference to the newest version, outside of any transaction on the catalogue."""
    if head is None:
        return Plan(stage, stage.rows, stage.digest(), stage.rows, 0, 0, stage.firm, founding=True)
    _compare(stage, head, columns, changes=changes)
    counted = dict(stage.query(f"SELECT _word, count(*) FROM {_DIFF} GROUP BY _word"))
    inserted, updated, deleted = (int(counted.get(word, 0)) for word in ("insert", "update", "delete"))
    rows = head.rows + inserted - deleted if changes else stage.rows
    digest: RowDigest | None = None
    if head.hashed and len(columns) == len(head.columns):
        digest = _moved_on(stage, head) if changes else stage.digest()
    firm = stage.firm and (head.firm or not changes)
    return Plan(stage, rows, digest, inserted, updated, deleted, firm, changes)


def _compare(stage: Stage, head: Version, columns: tuple[Column, ...], *, changes: bool) -> None:
    """Put every key that is touched into a table: what becomes of it, where its row lies, the hash that it had."""
    key, first = [quoted(part) for part in stage.key], quoted(stage.key[0])
    by_hash = head.hashed and head.firm and stage.firm and len(columns) == len(head.columns)
    was = f"{HASH} AS _was" if head.hashed else "CAST(NULL AS UBIGINT) AS _was"
    picked = ", ".join(key) if by_hash else ", ".join(quoted(column.name) for column in head.columns)
    current = f"(SELECT {picked}, {was}, rowid AS _row FROM {table_path(stage.table)} AT (VERSION => {head.snapshot}))"
    on = _same_key(stage.key, "s", "c")
    if changes:
        stage.cursor.execute(
            f"CREATE TEMP TABLE {_BEFORE} AS SELECT c.* FROM {current} c SEMI JOIN {STAGED} s ON {on}"
        )
        current = _BEFORE
    if by_hash:
        changed = f"s.{HASH} IS DISTINCT FROM c._was"
    else:
        known = {column.name for column in head.columns}
        values = [column.name for column in columns if column.name not in stage.key]
        changed = " OR ".join(
            f"s.{quoted(name)} IS DISTINCT FROM c.{quoted(name)}" if name in known else f"s.{quoted(name)} IS NOT NULL"
            for name in values
        ) or "false"  # fmt: skip
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
        join = f"{stage.hashed()} s FULL JOIN {current} c ON {on}"
    keys = ", ".join(f"coalesce(s.{part}, c.{part}) AS {part}" for part in key)
    stage.cursor.execute(
        f"CREATE TEMP TABLE {_DIFF} AS SELECT * FROM (SELECT {keys}, s.{HASH} AS {HASH}, c._row AS _row, "
        f"c._was AS _was, {word} AS _word FROM {join}) WHERE _word IS NOT NULL"
    )


def _moved_on(stage: Stage, head: Version) -> RowDigest:
    """The digest of the head, with the old state of the changed rows taken out and the new one put in."""
    gone, come = (
        RowDigest.of(
            stage.query(
                f"SELECT count(*), bit_xor({name}), sum({name}) FROM {_DIFF} WHERE _word <> '{other}'"
            )[0]
        )
        for name, other in (("_was", "insert"), (HASH, "delete"))
    )
    return RowDigest.read(head.digest) - gone + come


def applied(
    cursor: duckdb.DuckDBPyConnection, plan: Plan, head: Version | None, columns: tuple[Column, ...]
) -> RowDigest:
    """Write the planned rows in the running transaction and return the digest of the table as it is then.

    StoreDamaged when the number of rows does not come out.
    """
    if head is None:
        return _founded(cursor, plan, columns)
    if plan.digest is None:
        return _written_anew(cursor, plan, head, columns)
    stage, path = plan.stage, table_path(plan.stage.table)
    if plan.updated or plan.deleted:
        gone = f"SELECT _row FROM {_DIFF} WHERE _word <> 'insert'"
        # By its place a row is found without its key being read once more.
        found = cursor.execute(f"DELETE FROM {path} t USING ({gone}) d WHERE t.rowid = d._row").fetchone()
        _require(stage.table, found, plan.updated + plan.deleted)
    if plan.updated or plan.inserted:
        names = [quoted(column.name) for column in stage.columns] + [HASH]
        on = _same_key(stage.key, "s", "d")
        found = cursor.execute(
            f"INSERT INTO {path} ({', '.join(names)}) SELECT {', '.join(f's.{name}' for name in names)} "
            f"FROM {stage.hashed()} s JOIN {_DIFF} d ON {on} WHERE d._word <> 'delete' "
            f"ORDER BY {', '.join(f's.{quoted(part)}' for part in stage.key)}"
        ).fetchone()
        _require(stage.table, found, plan.updated + plan.inserted)
    return plan.digest


def _founded(cursor: duckdb.DuckDBPyConnection, plan: Plan, columns: tuple[Column, ...]) -> RowDigest:
    """Make the table; the staged file becomes its first data file as it is."""
    stage, path = plan.stage, table_path(plan.stage.table)
    declared = ", ".join(f"{quoted(column.name)} {column.native_type}" for column in columns)
    cursor.execute(f"CREATE TABLE {path} ({declared}, {HASH} UBIGINT)")
    if stage.rows:
        if stage.file is not None and stage.in_place:
            cursor.execute(
                f"CALL ducklake_add_data_files('{LAKE}', {literal(stage.table)}, {literal(str(stage.file))})"
            )
        else:
            names = ", ".join([*(quoted(column.name) for column in columns), HASH])
            cursor.execute(f"INSERT INTO {path} ({names}) SELECT {names} FROM {stage.hashed()}")
    _require(stage.table, cursor.execute(f"SELECT count(*) FROM {path}").fetchone(), plan.rows)
    return plan.digest or RowDigest()


def _written_anew(
    cursor: duckdb.DuckDBPyConnection, plan: Plan, head: Version, columns: tuple[Column, ...]
) -> RowDigest:
    """Write all rows again: a new column changes the form of every row, and rows of earlier releases have no hash."""
    stage, path = plan.stage, table_path(plan.stage.table)
    names = [quoted(column.name) for column in columns]
    added = {column.name for column in columns[len(head.columns) :]}
    pairs = [(column.name, str(column.native_type)) for column in columns]
    if plan.changes:
        given = {column.name for column in stage.columns}
        stay = ", ".join(f"NULL AS {quoted(c.name)}" if c.name in added else quoted(c.name) for c in columns)
        come = ", ".join(quoted(c.name) if c.name in given else f"NULL AS {quoted(c.name)}" for c in columns)
        on = _same_key(stage.key, "s", "c")
        rows = (
            f"(SELECT {stay} FROM (SELECT * FROM {path} AT (VERSION => {head.snapshot})) c ANTI JOIN {STAGED} s ON {on} UNION ALL "
            f"SELECT {come} FROM {STAGED} WHERE {CHANGE} <> 'delete')"
        )
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE anew AS {hashed_rows(rows, pairs, HASH)}")
    for column in columns[len(head.columns) :]:
        cursor.execute(f"ALTER TABLE {path} ADD COLUMN {quoted(column.name)} {column.native_type}")
    if not head.hashed:
        cursor.execute(f"ALTER TABLE {path} ADD COLUMN {HASH} UBIGINT")
    cursor.execute(f"DELETE FROM {path}")
    listed = ", ".join([*names, HASH])
    source = "anew" if plan.changes else stage.hashed()
    found = cursor.execute(f"INSERT INTO {path} ({listed}) SELECT {listed} FROM {source}").fetchone()
    _require(stage.table, found, plan.rows)
    if plan.changes:
        return RowDigest.of(cursor.execute(f"SELECT {_SUMS} FROM anew").fetchone() or ())
    return stage.digest()


def prefer_encodings(cursor: duckdb.DuckDBPyConnection, plan: Plan, columns: tuple[Column, ...]) -> None:
    """Settle how files of a table are encoded from now on; only where all of it was just written.

    Not in the transaction itself, where the engine refuses it: left out by a crash, files are a little larger.
    """
    if plan.founding or plan.digest is None:
        version = parquet_version(columns)
        cursor.execute(
            f"CALL {LAKE}.set_option('parquet_version', {version}, table_name => {literal(plan.stage.table)})"
        )


def _require(table: str, found: tuple[int, ...] | None, wanted: int) -> None:
    if found is None or found[0] != wanted:
        raise StoreDamaged(table=table)


def _same_key(key: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{quoted(part)} = {right}.{quoted(part)}" for part in key)
