"""The storage engine under the store: one DuckDB per process with the lake attached, and its transactions."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from lienthong.engine.errors import EngineError
from lienthong.engine.session import UNCHECKED, quoted
from lienthong.engine.store.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
)
from lienthong.engine.store.places import Places

T = TypeVar("T")

LAKE = "lake"
ATTEMPTS = 6
_INHERITED: list[duckdb.DuckDBPyConnection] = []

_CONFLICT = ("database is locked", "conflict", "Conflict", "schema has changed", "busy")
# SQLite calls a file that may not grow a disk I/O error.
_FULL = (
    "No space left",
    "disk I/O error",
    "disk is full",
    "File too large",
    "max_temp_directory_size",
    "Disk quota",
)
_DAMAGED = ("No such file", "does not exist", "No files found", "malformed", "not a database")


class Lake:
    """A folder with a catalogue and data files. Safe to share between threads, and across a fork."""

    def __init__(self, places: Places, *, memory: str, threads: int | None, wait_seconds: float) -> None:
        self.places = places
        self.root = places.root
        self.wait_seconds = wait_seconds
        self._memory = memory
        self._threads = threads
        self._guard = threading.Lock()
        self._instance: duckdb.DuckDBPyConnection | None = None
        self._pid = 0

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own: own transaction, own temporary tables."""
        with self._guard:
            if self._instance is not None and self._pid != os.getpid():
                _INHERITED.append(self._instance)  # its threads stayed in the parent: closing it would hang
                self._instance = None
            if self._instance is None:
                self._instance = self._opened()
                self._pid = os.getpid()
            cursor = self._instance.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        return cursor

    def close(self) -> None:
        """Let go of files; the next use opens them again."""
        with self._guard:
            if self._instance is not None and self._pid == os.getpid():
                self._instance.close()
            self._instance = None

    def data_folder(self, table: str) -> Path | None:
        """Where the data files of a table lie; None when they are not on a disk of this machine."""
        data = self.places.local_data
        return data / "main" / table if data else None

    @contextmanager
    def table_lock(self, table: str) -> Iterator[None]:
        """One writer per table, over staging, checks and commit."""
        with self._lock(f"{table}.table", table):
            yield

    @contextmanager
    def catalogue_lock(self, table: str) -> Iterator[None]:
        """One transaction on the catalogue at a time: SQLite would refuse the second one at its commit."""
        with self._lock("catalogue", table):
            yield

    @contextmanager
    def _lock(self, name: str, table: str) -> Iterator[None]:
        holding = self.places.held(name, seconds=self.wait_seconds)
        try:
            holding.__enter__()
        except TimeoutError:
            raise StoreBusy(table=table, seconds=round(self.wait_seconds)) from None
        try:
            yield
        finally:
            holding.__exit__(None, None, None)

    def write(
        self,
        cursor: duckdb.DuckDBPyConnection,
        table: str,
        work: Callable[[], T],
        *,
        written: Sequence[Path | None] = (),
    ) -> T:
        """Do `work` in one transaction on the catalogue, and again after a conflict.

        `written` are files from before that become part of the lake.
        """
        for path in written:
            if path is not None:
                _fsync(str(path))
        for attempt in range(1, ATTEMPTS + 1):
            with self.catalogue_lock(table):
                started = time.time()
                try:
                    cursor.execute("BEGIN")
                    result = work()
                    self._flush_to_disk(table, since=started)
                    cursor.execute("COMMIT")
                    return result
                except BaseException as error:
                    _roll_back(cursor)
                    if not is_conflict(error) or attempt == ATTEMPTS:
                        raise
            time.sleep(random.uniform(0.5, 1) * 0.05 * 2**attempt)  # noqa: S311
        raise AssertionError("unreachable")

    def settled(self, table: str) -> None:
        """Make sure that what was written for a table outlives a power cut."""
        self._flush_to_disk(table, since=0)

    def _flush_to_disk(self, table: str, *, since: float) -> None:
        # The engine writes data files before the commit but leaves them to the page cache: after a power cut
        # the catalogue would name files that are empty.
        folder = self.data_folder(table)
        if folder is None or not folder.is_dir():
            return
        for entry in os.scandir(folder):
            if entry.is_file() and entry.stat().st_mtime >= since - 2:
                _fsync(entry.path)
        for place in (folder, folder.parent):
            _fsync(str(place))

    def _opened(self) -> duckdb.DuckDBPyConnection:
        for folder in (self.root / "tmp", self.places.local_data or self.root):
            folder.mkdir(parents=True, exist_ok=True)
        settings: dict[str, str | bool | int | float | list[str]] = {
            **UNCHECKED,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": self._memory,
            "temp_directory": str(self.root / "tmp"),
            "preserve_insertion_order": False,
        }
        if self._threads is not None:
            settings["threads"] = self._threads
        instance = duckdb.connect(":memory:", config=settings)
        with translated("-"):
            self.places.tried(self._known(instance))
            if not instance.execute(
                f"SELECT 1 FROM {LAKE}.options() WHERE option_name = 'parquet_compression_level'"
            ).fetchall():
                with self.catalogue_lock("-"):
                    instance.execute(f"CALL {LAKE}.set_option('parquet_compression', 'zstd')")
                    instance.execute(f"CALL {LAKE}.set_option('parquet_compression_level', 1)")
        return instance

    def _known(self, instance: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        if self.places.exists():
            self.places.attach(instance, LAKE)
        else:
            with self.catalogue_lock("-"):
                self.places.attach(instance, LAKE)
        return instance


def is_conflict(error: BaseException) -> bool:
    """True when the same transaction may well succeed if it is done again."""
    return isinstance(error, duckdb.Error) and any(word in str(error) for word in _CONFLICT)


@contextmanager
def translated(table: str, otherwise: type[StoreError] = StoreError) -> Iterator[None]:
    """Turn errors of the storage engine into ours, without its message: it may quote rows and paths."""
    try:
        yield
    except EngineError:
        raise
    except (duckdb.Error, sqlite3.Error, OSError) as error:
        message = str(error)
        if any(word in message for word in _FULL):
            raise StoreFull(table=table) from None
        if is_conflict(error):
            raise StoreBusy(table=table, seconds=0) from None
        if any(word in message for word in _DAMAGED) and otherwise is StoreError:
            raise StoreDamaged(table=table) from None
        # Of a database that cannot be reached, the engine quotes the address with the password.
        speaks = otherwise is StoreError and "ostgres" not in message and "s3://" not in message
        raise otherwise(table=table) from (error if speaks else None)


def table_path(table: str) -> str:
    """The table as SQL names it inside the lake."""
    return f"{LAKE}.main.{quoted(table)}"


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        pass


def _fsync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
