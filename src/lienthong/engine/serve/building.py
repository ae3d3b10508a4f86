"""Make the replica of a version: one SQLite file, complete or not there at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lienthong.engine.serve.errors import ColumnUnknown, ReplicaDamaged
from lienthong.engine.serve.values import keeping
from lienthong.engine.session import UNCHECKED, literal, load_extension, quoted
from lienthong.engine.shapes import Column
from lienthong.engine.store.versions import Version, VersionStore

FORM = "1"
_STALE_SECONDS = 3600
_SESSIONS: dict[int, duckdb.DuckDBPyConnection] = {}
_GUARD = threading.Lock()


def build_replica(
    store: VersionStore,
    table: str,
    version: int | None,
    path: Path | str,
    *,
    indexes: Sequence[str] = (),
    marks: str = "",
) -> Version:
    """Put a version where readers look for it, in one step that readers do not notice.

    The file is written beside `path`, flushed to disk and renamed over it: whoever reads goes on reading what
    he has open, whoever asks next gets the new one. Rows lie in the order of the key; `indexes` names
    further columns that will often be filtered by; `marks` is the key of its page marks (64 hexadecimal digits; that of the
    file it replaces when not given). Returns the version that is now served.
    """
    path = Path(path)
    rows = store.at(table, version)
    served: Version = rows.version
    for column in indexes:
        if column not in served.column_names():
            raise ColumnUnknown(column=column, columns=", ".join(served.column_names()))

    def write(partial: Path) -> None:
        declare(partial, served.columns, served.key)
        fill(partial, served.columns, served.key, rows.arrow())
        found = finish(partial, facts_of(served, cursor_key=marks or cursor_key(path)), indexes=indexes)
        if found != served.rows:
            raise ReplicaDamaged(replica=served.table)

    put_in_place(path, write)
    return served


def put_in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written beside `path`, flush it to disk and rename it over; a failure leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with partial_file(path) as partial:
        write(partial)
        flush(partial)
        os.replace(partial, path)
        flush(path.parent)


@contextmanager
def partial_file(path: Path) -> Iterator[Path]:
    """A name beside `path` for a file in the making; gone afterwards, and leftovers of killed writers too."""
    for leftover in path.parent.glob(f".{path.name}.*.partial*"):
        if leftover.stat().st_mtime < time.time() - _STALE_SECONDS:
            leftover.unlink(missing_ok=True)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        yield partial
    finally:
        for leftover in (partial, partial.with_name(partial.name + "-journal")):
            leftover.unlink(missing_ok=True)


def facts_of(version: Version, *, cursor_key: str) -> dict[str, str]:
    """What a file says of itself: the version that it holds."""
    columns = [[column.name, column.type, column.native_type, column.nullable] for column in version.columns]
    return {
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
        "changed": "0",
    }


def declare(
    partial: Path,
    columns: Sequence[Column],
    key: Sequence[str],
    *,
    beside: Mapping[str, Sequence[Column]] = {},
) -> None:
    """An empty file for rows of these columns; `beside` names further tables of the same key."""
    primary = ", ".join(quoted(part) for part in key)
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 8192")
        for table, its_columns in {"rows": columns, **beside}.items():
            declared = [f"{quoted(column.name)} {keeping(column).declared}" for column in its_columns]
            connection.execute(
                f"CREATE TABLE {table} ({', '.join(declared)}, PRIMARY KEY ({primary})) WITHOUT ROWID"
            )
        connection.execute("CREATE TABLE replica (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    finally:
        connection.close()


def fill(
    partial: Path, columns: Sequence[Column], key: Sequence[str], reader: object, table: str = "rows"
) -> None:
    """Put the rows of an Arrow reader into the file, in the order of the key."""
    encodings = {column.name: keeping(column).encode for column in columns}
    encoded = ", ".join(encodings.values())
    order = ", ".join(encodings[part] for part in key)
    with attached(partial) as (connection, name):
        connection.register("incoming", reader)
        # Bytes decide the order in SQLite: sorting by the kept form makes every insert an append.
        connection.execute(f"INSERT INTO {name}.{table} SELECT {encoded} FROM incoming ORDER BY {order}")


@contextmanager
def attached(path: Path, *, read_only: bool = False) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection of a storage engine to an SQLite file, and the name that the file has there."""
    name = f"file_{uuid.uuid4().hex}"
    connection = _session().cursor()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        mode = ", READ_ONLY" if read_only else ""
        connection.execute(f"ATTACH {literal(str(path))} AS {name} (TYPE sqlite{mode})")
        try:
            yield connection, name
        finally:
            connection.execute(f"DETACH {name}")
    finally:
        connection.close()


def _session() -> duckdb.DuckDBPyConnection:
    """The storage engine of this process, made once: loading what reads SQLite takes longer than a small file."""
    with _GUARD:
        found = _SESSIONS.get(os.getpid())
        if found is None:
            # What a forked child inherits stays in the list: its threads are the parent's, closing would hang.
            found = _SESSIONS[os.getpid()] = duckdb.connect(
                config={
                    **UNCHECKED,
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                    "threads": "1",
                }
            )
            load_extension(found, "sqlite_scanner")
        return found


def finish(partial: Path, facts: Mapping[str, str], *, indexes: Sequence[str] = ()) -> int:
    """Write down what the file holds, and its indexes; how many rows there are."""
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        (found,) = connection.execute("SELECT count(*) FROM rows").fetchone()
        connection.execute("BEGIN")
        for position, column in enumerate(indexes):
            connection.execute(f"CREATE INDEX by_{position} ON rows ({quoted(column)})")
        connection.executemany("INSERT INTO replica VALUES (?, ?)", facts.items())
        connection.execute("COMMIT")
    finally:
        connection.close()
    return int(found)


def facts_in(path: Path) -> dict[str, str] | None:
    """What the file at this path says of itself; None when there is none, or none that can be read."""
    if not path.is_file():
        return None
    try:
        connection = sqlite3.connect(f"file:{_uri(path)}?mode=ro&immutable=1", uri=True)
        try:
            return dict(connection.execute("SELECT name, value FROM replica"))
        finally:
            connection.close()
    except sqlite3.Error:
        return None  # a damaged file is about to be replaced


def cursor_key(path: Path) -> str:
    """The key of the page marks in use, so that a reader may turn the page across a swap; else a new one."""
    return (facts_in(path) or {}).get("cursor_key") or secrets.token_hex(32)


def _uri(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file://")


def flush(path: Path) -> None:
    """Let what was written to a file or folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
