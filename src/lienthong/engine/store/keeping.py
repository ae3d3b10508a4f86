"""Keep a store in good order: fewer and fuller files, nothing left over, and proof that versions are what they were."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from lienthong.engine.evidence.digests import RowDigest, digest_query, row_hash
from lienthong.engine.session import literal
from lienthong.engine.store.lake import LAKE, table_path
from lienthong.engine.store.versions import HASH, Version

WORTHWHILE = 20
"""From so many files on, reading a table gets slower than it need be."""
# A data file of which this share is deleted is written anew; below, reading past the deleted rows costs less.
_DELETED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was put in order: files that a reader of the newest version opens, before and after."""

    table: str
    files_before: int
    files_after: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A version read again from its files: the digest on record, the one found, and rows that are not as they were hashed."""

    table: str
    version: int
    recorded: str
    found: str
    rows: int
    damaged: int

    @property
    def holds(self) -> bool:
        """True when the version is what it was when it was published."""
        return self.recorded == self.found and not self.damaged


def files_of(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many files a reader of the newest version opens."""
    found = cursor.execute(
        f"SELECT count(data_file) + count(delete_file) FROM ducklake_list_files('{LAKE}', {literal(table)})"
    ).fetchone()
    return int(found[0]) if found else 0


def compacted(cursor: duckdb.DuckDBPyConnection, table: str) -> Compacted:
    """Write files with many deleted rows anew and join small neighbours; every version still reads as it was.

    No snapshot is expired, so files that an old version needs stay. Cost: O(rows of the files that are touched).
    """
    before = files_of(cursor, table)
    cursor.execute(
        f"CALL ducklake_rewrite_data_files('{LAKE}', {literal(table)}, delete_threshold => {_DELETED_SHARE})"
    )
    cursor.execute(f"CALL ducklake_merge_adjacent_files('{LAKE}', {literal(table)})")
    return Compacted(table, before, files_of(cursor, table))


def verified(cursor: duckdb.DuckDBPyConnection, version: Version) -> Verified:
    """Read a version again and compute its digest from the values alone. Cost: one read of all columns."""
    columns = version.native_columns()
    stored = f"{table_path(version.table)} AT (VERSION => {version.snapshot})"
    found = RowDigest.of(cursor.execute(digest_query(stored, columns)).fetchone() or ())
    damaged = 0
    if version.hashed and str(found) != version.digest:
        counted = cursor.execute(
            f"SELECT count(*) FILTER ({row_hash(columns)} IS DISTINCT FROM {HASH}) FROM {stored}"
        ).fetchone()
        damaged = int(counted[0]) if counted else 0
    return Verified(version.table, version.number, version.digest, str(found), found.rows, damaged)
