"""Keep a replica current: bring a copy of it forward by what changed, prove it, and swap it in."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.serve.building import (
    FORM,
    build_replica,
    declare,
    facts_in,
    facts_of,
    flush,
    partial_file,
)
from lienthong.engine.serve.changesets import ChangeSets, write_changes
from lienthong.engine.serve.errors import ReplicaDamaged, translated
from lienthong.engine.serve.proving import digest_of
from lienthong.engine.session import quoted
from lienthong.engine.store.versions import CHANGE, Version, VersionStore

MOST_CHANGED = 0.25
"""Beyond this share of changed rows a replica is built anew: writing all rows in order costs no more."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The version that is served now, how it came there, and how many rows were brought forward."""

    version: Version
    how: Literal["kept", "changed", "built"]
    changes: int = 0


def refresh_replica(
    store: VersionStore,
    table: str,
    version: int | None,
    path: Path | str,
    *,
    indexes: Sequence[str] = (),
    sets: ChangeSets | None = None,
) -> Refreshed:
    """Bring the replica at `path` to a version from the one that it holds; build it when that cannot be.

    A copy of the file gets the changes between the two versions in the store, the digest of the rows that went
    and of those that came must lead from the digest of the one version to that of the other, and the copy is
    renamed over the file as in `build_replica`. Costs a copy of the file and O(changed rows). Built in full
    when there is no replica, when columns, key or indexes differ, when it is damaged or ahead, and when more has
    changed since the last full build than there are rows. `sets` keeps the changes of a single step for
    `engine.serve.following`.
    """
    path = Path(path)
    wanted: Version = store.at(table, version).version
    facts = facts_in(path)
    if facts is not None and _holds(facts, wanted) and _indexes(path) == tuple(indexes):
        return Refreshed(wanted, "kept")
    if facts is not None and _leads_to(facts, store, wanted) and _indexes(path) == tuple(indexes):
        try:
            with translated(table):
                changed = _brought_forward(store, path, facts, wanted, sets)
        except ReplicaDamaged:
            changed = None
        if changed is not None:
            return Refreshed(wanted, "changed", changed)
    with translated(table):
        build_replica(store, table, wanted.number, path, indexes=indexes)
    return Refreshed(wanted, "built")


def _holds(facts: Mapping[str, str], wanted: Version) -> bool:
    same = (facts.get("table"), facts.get("version"), facts.get("digest"), facts.get("form"))
    return same == (wanted.table, str(wanted.number), wanted.digest, FORM)


def _leads_to(facts: Mapping[str, str], store: VersionStore, wanted: Version) -> bool:
    """Whether the file holds an earlier version of the same table, columns and key, as the store knows it."""
    expected = facts_of(wanted, cursor_key="")
    if any(facts.get(name) != expected[name] for name in ("form", "table", "columns", "key")):
        return False
    number = int(facts["version"])
    if not 0 < number < wanted.number:
        return False
    base: Version = store.at(wanted.table, number).version
    return base.digest == facts.get("digest")


def _indexes(path: Path) -> tuple[str, ...]:
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'by\\_%' ESCAPE '\\' "
                "ORDER BY CAST(substr(name, 4) AS INTEGER)"
            ).fetchall()
            return tuple(
                connection.execute(f"PRAGMA index_info({quoted(name)})").fetchone()[2] for (name,) in names
            )
        finally:
            connection.close()
    except sqlite3.Error:
        return ()


def _brought_forward(
    store: VersionStore, path: Path, facts: Mapping[str, str], wanted: Version, sets: ChangeSets | None
) -> int | None:
    """How many rows were changed; None when it is better, or necessary, to build anew."""
    base = int(facts["version"])
    with ExitStack() as files:
        if sets is not None and base + 1 == wanted.number:
            step = sets.step(store, wanted.table, wanted.number)
        else:
            step = files.enter_context(partial_file(path))
            write_changes(step, store, wanted.table, base, wanted.number)
        counts = _counted(step)
        changed = sum(counts.values())
        so_far = changed + int(facts.get("changed", "0"))
        if changed > MOST_CHANGED * wanted.rows or so_far > wanted.rows:
            return None
        partial = files.enter_context(partial_file(path))
        before = files.enter_context(partial_file(path))
        shutil.copyfile(path, partial)
        declare(before, wanted.columns, wanted.key)
        rows = _apply(
            partial,
            step,
            before,
            wanted,
            facts={**facts_of(wanted, cursor_key=facts["cursor_key"]), "changed": str(so_far)},
        )
        if rows != counts.get("update", 0) + counts.get("delete", 0):
            return None
        if int(facts["rows"]) + counts.get("insert", 0) - counts.get("delete", 0) != wanted.rows:
            return None
        gone, came = digest_of(before, wanted.columns), _came(step, wanted)
        if str(RowDigest.read(facts["digest"]) - gone + came) != wanted.digest:
            return None
        flush(partial)
        os.replace(partial, path)
        flush(path.parent)
    return changed


def _counted(step: Path) -> dict[str, int]:
    connection = sqlite3.connect(f"{step.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return dict(connection.execute(f"SELECT {CHANGE}, count(*) FROM rows GROUP BY 1"))
    finally:
        connection.close()


def _came(step: Path, wanted: Version) -> RowDigest:
    return digest_of(step, wanted.columns, where=f"{CHANGE} <> 'delete'")


def _apply(partial: Path, step: Path, before: Path, wanted: Version, *, facts: Mapping[str, str]) -> int:
    """Change the copy, and put aside the rows that were there before; how many those are."""
    names = ", ".join(quoted(name) for name in wanted.column_names())
    key = ", ".join(quoted(part) for part in wanted.key)
    both = " AND ".join(f"r.{quoted(part)} = s.{quoted(part)}" for part in wanted.key)
    old = ", ".join(f"r.{quoted(name)}" for name in wanted.column_names())
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        # The copy is nobody's yet: when this fails it is thrown away.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS step", [str(step)])
        connection.execute("ATTACH ? AS gone", [str(before)])
        connection.execute("BEGIN")
        # CROSS JOIN keeps the changes outside: one look-up by key for each of them.
        found = connection.execute(
            f"INSERT INTO gone.rows SELECT {old} FROM step.rows s CROSS JOIN main.rows r ON {both}"
        ).rowcount
        connection.execute(
            f"DELETE FROM main.rows WHERE ({key}) IN (SELECT {key} FROM step.rows WHERE {CHANGE} = 'delete')"
        )
        connection.execute(
            f"INSERT OR REPLACE INTO main.rows ({names}) SELECT {names} FROM step.rows "
            f"WHERE {CHANGE} <> 'delete' ORDER BY {key}"
        )
        connection.executemany("INSERT OR REPLACE INTO main.replica VALUES (?, ?)", list(facts.items()))
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            raise
        raise ReplicaDamaged(replica=wanted.table) from None
    finally:
        connection.close()
    return int(found)
