"""Make the replica of a version: one SQLite file, complete or not there at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import sqlite3
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import duckdb

from lienthong.engine.serve.errors import ColumnUnknown, ReplicaDamaged
from lienthong.engine.serve.values import keeping
from lienthong.engine.session import literal, load_extension, quoted
from lienthong.engine.store.versions import Version, VersionStore

FORM = "1"
_STALE_SECONDS = 3600


def build_replica(
    store: VersionStore, table: str, version: int | None, path: Path | str, *, indexes: Sequence[str] = ()
) -> Version:
    """Put a version where readers look for it, in one step that readers do not notice.

    The file is written beside `path`, flushed to disk and renamed over it: whoever reads goes on reading what
    he has open, whoever asks next gets the new one. Rows lie in the order of the key; `indexes` names
    further columns that will often be filtered by. Returns the version that is now served.
    """
    path = Path(path)
    rows = store.at(table, version)
    served: Version = rows.version
    for column in indexes:
        if column not in served.column_names():
            raise ColumnUnknown(column=column, columns=", ".join(served.column_names()))
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(path)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        _declare(partial, served)
        _fill(partial, served, rows.arrow())
        _finish(partial, served, indexes, _cursor_key(path))
        _flush(partial)
        os.replace(partial, path)
        _flush(path.parent)
    finally:
        for leftover in (partial, partial.with_name(partial.name + "-journal")):
            leftover.unlink(missing_ok=True)
    return served


def _declare(partial: Path, version: Version) -> None:
    columns = [f"{quoted(column.name)} {keeping(column).declared}" for column in version.columns]
    key = ", ".join(quoted(part) for part in version.key)
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute(f"CREATE TABLE rows ({', '.join(columns)}, PRIMARY KEY ({key})) WITHOUT ROWID")
        connection.execute("CREATE TABLE replica (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    finally:
        connection.close()


def _fill(partial: Path, version: Version, reader: object) -> None:
    encodings = {column.name: keeping(column).encode for column in version.columns}
    encoded = ", ".join(encodings.values())
    key = ", ".join(encodings[part] for part in version.key)
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 1}
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        load_extension(connection, "sqlite_scanner")
        connection.execute(f"ATTACH {literal(str(partial))} AS replica (TYPE sqlite)")
        connection.register("incoming", reader)
        # Bytes decide the order in SQLite: sorting by the kept form makes every insert an append.
        connection.execute(f"INSERT INTO replica.rows SELECT {encoded} FROM incoming ORDER BY {key}")
        connection.execute("DETACH replica")
    finally:
        connection.close()


def _finish(partial: Path, version: Version, indexes: Sequence[str], cursor_key: str) -> None:
    columns = [[column.name, column.type, column.native_type, column.nullable] for column in version.columns]
    about = {
        "form": FORM,
        "table": version.table,
        "version": str(version.number),
        "rows": str(version.rows),
        "digest": version.digest,
        "key": json.dumps(version.key, ensure_ascii=False),
        "columns": json.dumps(columns, ensure_ascii=False),
        "published_at": version.published_at.isoformat(),
        "built_at": dt.datetime.now(dt.UTC).isoformat(),
        "cursor_key": cursor_key,
    }
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        (found,) = connection.execute("SELECT count(*) FROM rows").fetchone()
        if found != version.rows:
            raise ReplicaDamaged(replica=version.table)
        connection.execute("BEGIN")
        for position, column in enumerate(indexes):
            connection.execute(f"CREATE INDEX by_{position} ON rows ({quoted(column)})")
        connection.executemany("INSERT INTO replica VALUES (?, ?)", about.items())
        connection.execute("COMMIT")
    finally:
        connection.close()


def _cursor_key(path: Path) -> str:
    """The key of the page marks in use, so that a reader may turn the page across a swap; else a new one."""
    if path.is_file():
        try:
            connection = sqlite3.connect(f"file:{_uri(path)}?mode=ro&immutable=1", uri=True)
            try:
                row = connection.execute("SELECT value FROM replica WHERE name = 'cursor_key'").fetchone()
            finally:
                connection.close()
            if row:
                return str(row[0])
        except sqlite3.Error:
            pass  # a damaged file is about to be replaced
    return secrets.token_hex(32)


def _uri(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file://")


def _clear_leftovers(path: Path) -> None:
    for leftover in path.parent.glob(f".{path.name}.*.partial*"):
        if leftover.stat().st_mtime < time.time() - _STALE_SECONDS:
            leftover.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
