"""A store of versions on DuckLake: an SQLite catalogue and Parquet files in one folder.

The folder holds `catalog.sqlite`, `data/`, `locks/`, `plain/` (copies without delete files, made when asked
for) and `tmp/`. The record of a version is the commit information of the snapshot that holds it, so neither
can be without the other. Copy the catalogue and `data/` together for a backup. A snapshot that a version
names is never expired.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.shapes import Column
from lienthong.engine.store.errors import (
    ColumnsChanged,
    KeyChanged,
    KeyMissing,
    NoRows,
    StoreDamaged,
    TableNameInvalid,
    TableUnknown,
    VersionMoved,
    VersionUnknown,
)
from lienthong.engine.store.keeping import Compacted, Verified, compacted, files_of, verified
from lienthong.engine.store.lake import LAKE, Lake, translated
from lienthong.engine.store.places import Places
from lienthong.engine.store.publishing import Plan, applied, planned, prefer_encodings
from lienthong.engine.store.reading import ChangedRows, VersionRows, compared, plain_files
from lienthong.engine.store.staging import Stage, loses_nothing
from lienthong.engine.store.versions import Check, NetDifference, Version, schema_hash

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_AUTHOR = "store"
# Where the lake keeps what was said at each commit; its own function over it takes four times as long.
_RECORDS = f"__ducklake_metadata_{LAKE}.ducklake_snapshot_changes"


class DuckLakeStore:
    """Versioned tables in a folder. Threads and processes of one machine may share it.

    `memory` bounds the working memory of one process, `threads` its parallel work (all cores when None),
    `wait_seconds` how long a writer waits for another before `StoreBusy`.
    """

    def __init__(
        self,
        root: Path | str | Places,
        *,
        memory: str = "1GB",
        threads: int | None = None,
        wait_seconds: float = 60.0,
    ) -> None:
        places = root if isinstance(root, Places) else Places(Path(root))
        self.places = replace(places, root=places.root.absolute())
        self.root = self.places.root
        self._lake = Lake(self.places, memory=memory, threads=threads, wait_seconds=wait_seconds)

    def close(self) -> None:
        """Let go of all files; the next use opens them again."""
        self._lake.close()

    def publish(
        self,
        table: str,
        *,
        full: Any = None,
        changes: Any = None,
        key: Sequence[str] | None = None,
        checks: Sequence[Check] = (),
        base: int | None = None,
        new_columns: bool = False,
        allow_empty: bool = False,
        note: str = "",
    ) -> Version:
        """Publish the next version of a table: all of it, or nothing.

        `full` holds all rows, `changes` only changed ones with a column `_change` (`insert`, `update` or
        `delete`; the first two both mean "this is the row now", and deleting a row that is not there is no
        error, so that changes may be applied twice). Either is a Parquet path or a list of them, an Arrow
        table, reader or dataset, a DuckDB relation of any connection, or rows read from a store. `key` may be
        left out once the table exists. `base` is the version the caller has seen: `VersionMoved` when it is
        no longer the newest. New columns are refused unless `new_columns`; a removed or retyped column always
        is.

        When nothing differs from the newest version, that version is returned with `already` set and nothing
        is written. Storage grows with the rows that changed.
        """
        if (full is None) == (changes is None):
            raise ValueError("give either full or changes")
        self._named(table)
        with self._lake.table_lock(table), self._cursor(table) as cursor:
            head = self._newest(cursor, table)
            if base is not None and base != (head.number if head else 0):
                raise VersionMoved(table=table, expected=base, found=head.number if head else 0)
            if head is None and changes is not None:
                raise TableUnknown(table=table)
            keyed = self._key(table, head, key)
            tmp = self.root / "tmp"
            folder = self._lake.data_folder(table) if head is None else None
            stage = Stage(
                cursor, table, keyed, head, folder=folder or tmp, tmp=tmp, in_place=folder is not None
            )
            with stage.cleared():
                stage.load(full if changes is None else changes, changes=changes is not None)
                columns = _columns_after(stage, head, new_columns=new_columns, changes=changes is not None)
                if changes is not None:
                    stage.check_words()
                elif not stage.rows and not allow_empty:
                    raise NoRows(table=table)
                stage.check_key()
                stage.check_with(checks)
                plan = planned(stage, head, columns, changes=changes is not None)
                if plan.rows == 0 and head is not None and head.rows > 0 and not allow_empty:
                    raise NoRows(table=table)
                if head is not None and plan.empty and schema_hash(columns) == head.schema_hash:
                    return replace(head, already=True)
                return self._committed(cursor, plan, head, columns, note)

    def _committed(
        self,
        cursor: duckdb.DuckDBPyConnection,
        plan: Plan,
        head: Version | None,
        columns: tuple[Column, ...],
        note: str,
    ) -> Version:
        before, table = head.number if head else 0, plan.stage.table

        def work() -> Version:
            newest = self._newest(cursor, table)
            found = newest.number if newest else 0
            if found != before:
                raise VersionMoved(table=table, expected=before, found=found)
            digest = applied(cursor, plan, head, columns)
            version = Version(
                table=table,
                number=before + 1,
                rows=plan.rows,
                digest=str(digest),
                columns=columns,
                schema_hash=schema_hash(columns),
                key=plan.stage.key,
                published_at=dt.datetime.now(dt.UTC),
                snapshot=0,
                inserted=plan.inserted,
                updated=plan.updated,
                deleted=plan.deleted,
                note=note,
                hashed=True,
                firm=plan.firm,
            )
            cursor.execute(
                f"CALL {LAKE}.set_commit_message(?, ?, extra_info => ?)",
                [_AUTHOR, _label(version.table, version.number), _as_record(version)],
            )
            return version

        self._lake.write(cursor, table, work, written=[plan.stage.file] if plan.stage.in_place else [])
        plan.stage.adopted()
        with self._lake.catalogue_lock(table):
            prefer_encodings(cursor, plan, columns)
        newest = self._newest(cursor, table)
        if newest is None:
            raise StoreDamaged(table=table)
        return newest

    def at(self, table: str, version: int | None = None) -> VersionRows:
        """The rows of a version; of the newest when no number is given."""
        return VersionRows(self._lake, self.version(table, version))

    def changes(self, table: str, a: int, b: int) -> ChangedRows:
        """The net change per key from version `a` to version `b`: one row per key, in the columns of `b`.

        `_change` says insert, update or delete; a deleted row is shown as it last was. A key that came and
        went in between, or went and came back the same, does not appear. Version 0 is the empty table before
        the first one. Applying the rows to version `a` gives `b`, once or several times.
        """
        if a > b:
            raise ValueError("changes are read forward: a must not be after b")
        after = self.version(table, b)
        before = self.version(table, a) if a else None
        return ChangedRows(self._lake, before, after)

    def net_diff(self, table: str, a: int, b: int, *, limit: int = 1000) -> NetDifference:
        """What separates two versions, in either direction, found by comparing all their rows."""
        left, right = self.version(table, a), self.version(table, b)
        with self._cursor(table) as cursor:
            return compared(cursor, left, right, limit)

    def files(self, table: str, version: int | None = None) -> tuple[Path, ...]:
        """Parquet files that together hold exactly the rows of a version, for engines that know no lake.

        The lake's own files where they are exact; else one copy under `plain/`, made once. Never write to
        them.
        """
        wanted = self.version(table, version)
        with self._cursor(table) as cursor:
            return plain_files(cursor, self.root, wanted)

    def versions(self, table: str) -> tuple[Version, ...]:
        """All versions of a table, oldest first; empty when there is none."""
        self._named(table)
        with self._cursor(table) as cursor:
            found = _records(cursor, "starts_with(commit_message, ?)", _label(table, ""))
        return tuple(sorted((_from_record(*row) for row in found), key=lambda version: version.number))

    def version(self, table: str, number: int | None = None) -> Version:
        """The record of one version; the newest when no number is given."""
        self._named(table)
        with self._cursor(table) as cursor:
            newest = self._newest(cursor, table)
            if newest is None:
                raise TableUnknown(table=table)
            if number is None or number == newest.number:
                return newest
            found = _records(cursor, "commit_message = ?", _label(table, number))
        if not found:
            raise VersionUnknown(table=table, version=number, latest=newest.number)
        return _from_record(*found[0])

    def tables(self) -> tuple[str, ...]:
        """The names of all tables that have a version."""
        with self._cursor("-") as cursor:
            found = cursor.execute(
                "SELECT DISTINCT split_part(commit_message, '@', 1) AS name "
                f"FROM {_RECORDS} WHERE author = ? ORDER BY name",
                [_AUTHOR],
            ).fetchall()
        return tuple(str(row[0]) for row in found)

    def proved(self, table: str, version: int | None = None) -> bool:
        """True when the rows of a version, read again, still give the digest on record."""
        return self.verify(table, version).holds

    def verify(self, table: str, version: int | None = None) -> Verified:
        """Read a version again from its files and hold it against what was recorded when it was published."""
        wanted = self.version(table, version)
        with self._cursor(table) as cursor:
            return verified(cursor, wanted)

    def compact(self, table: str, *, least_files: int = 2) -> Compacted:
        """Bring the files of a table into order when there are so many; old versions read as they did, the feed too.

        Holds the writers of the table off meanwhile. StoreBusy when one is at work.
        """
        self.version(table)
        with self._lake.table_lock(table), self._cursor(table) as cursor:
            files = files_of(cursor, table)
            if files < least_files:
                return Compacted(table, files, files)
            with self._lake.catalogue_lock(table):
                done = compacted(cursor, table)
            self._lake.settled(table)
            return done

    def sweep(self, *, older_than_hours: int = 24) -> int:
        """Remove data files that belong to no version, as killed writers and compaction leave them; say how many.

        A file that is being written looks the same: keep `older_than_hours` above the longest publication.
        """
        with self._cursor("-") as cursor, self._lake.catalogue_lock("-"):
            cursor.execute(
                f"CALL ducklake_cleanup_old_files('{LAKE}', older_than => now() - INTERVAL '{int(older_than_hours)} hours')"
            )
            removed = cursor.execute(
                f"SELECT count(*) FROM ducklake_delete_orphaned_files('{LAKE}', "
                f"older_than => now() - INTERVAL '{int(older_than_hours)} hours')"
            ).fetchone()
        return int(removed[0]) if removed else 0

    @contextmanager
    def _cursor(self, table: str) -> Iterator[duckdb.DuckDBPyConnection]:
        with translated(table):
            cursor = self._lake.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def _named(self, table: str) -> None:
        if not _NAME.fullmatch(table):
            raise TableNameInvalid(table=table)

    @staticmethod
    def _newest(cursor: duckdb.DuckDBPyConnection, table: str) -> Version | None:
        found = _records(cursor, "starts_with(commit_message, ?)", _label(table, ""), newest=True)
        return _from_record(*found[0]) if found else None

    @staticmethod
    def _key(table: str, head: Version | None, given: Sequence[str] | None) -> tuple[str, ...]:
        if head is None:
            if not given:
                raise KeyMissing(table=table, column="-")
            return tuple(given)
        if given is not None and tuple(given) != head.key:
            raise KeyChanged(table=table, key=", ".join(head.key), given=", ".join(given))
        return head.key


def _columns_after(
    stage: Stage, head: Version | None, *, new_columns: bool, changes: bool
) -> tuple[Column, ...]:
    """The columns of the table after this publication; the stage is brought to them."""
    if head is None:
        return stage.columns
    known = {column.name: column for column in head.columns}
    given = {column.name: column for column in stage.columns}
    added = [column for column in stage.columns if column.name not in known]
    removed = [name for name in known if name not in given]
    retyped = [
        name
        for name, column in given.items()
        if name in known
        and column.native_type != known[name].native_type
        and not loses_nothing(stage, column, str(known[name].native_type))
    ]
    only_deletes = changes and set(stage.key) <= set(given) and _only_deletes(stage)
    if (added and not new_columns) or (removed and not only_deletes) or retyped:
        raise ColumnsChanged(
            table=stage.table,
            added=", ".join(column.name for column in added) or "-",
            removed=", ".join(removed) or "-",
            retyped=", ".join(retyped) or "-",
        )
    ordinal = len(head.columns)
    columns = head.columns + tuple(
        replace(column, ordinal=ordinal + index) for index, column in enumerate(added, start=1)
    )
    stage.recast(head.columns)
    if removed:
        stage.fill([known[name] for name in removed])
    return columns


def _only_deletes(stage: Stage) -> bool:
    (others,) = stage.query("SELECT count(*) FROM staged WHERE _change IS DISTINCT FROM 'delete'")[0]
    return bool(others == 0)


def _label(table: str, number: int | str) -> str:
    return f"{table}@{number}"


def _records(
    cursor: duckdb.DuckDBPyConnection, where: str, label: str, *, newest: bool = False
) -> list[tuple[int, str]]:
    """Snapshot and version record of what was published under labels like this."""
    limit = "ORDER BY snapshot_id DESC LIMIT 1" if newest else ""
    return cursor.execute(
        f"SELECT snapshot_id, commit_extra_info FROM {_RECORDS} WHERE author = ? AND {where} {limit}",
        [_AUTHOR, label],
    ).fetchall()


def _as_record(version: Version) -> str:
    columns = [[column.name, column.type, column.native_type, column.nullable] for column in version.columns]
    return json.dumps(
        {
            "table": version.table,
            "number": version.number,
            "rows": version.rows,
            "digest": version.digest,
            "columns": columns,
            "schema_hash": version.schema_hash,
            "key": version.key,
            "published_at": version.published_at.isoformat(),
            "inserted": version.inserted,
            "updated": version.updated,
            "deleted": version.deleted,
            "note": version.note,
            "hashed": version.hashed,
            "firm": version.firm,
        },
        ensure_ascii=False,
    )


def _from_record(snapshot: int, record: str) -> Version:
    fields = json.loads(record)
    columns = tuple(
        Column(name, kind, nullable, None, native, ordinal)
        for ordinal, (name, kind, native, nullable) in enumerate(fields.pop("columns"), start=1)
    )
    key = tuple(fields.pop("key"))
    published_at = dt.datetime.fromisoformat(fields.pop("published_at"))
    return Version(columns=columns, key=key, published_at=published_at, snapshot=snapshot, **fields)
