"""DuckDB as the engine uses it: nothing loaded or fetched by itself, memory bounded, its words kept to
itself.

DuckDB takes file names as globs, Python variables as tables and missing extensions from the network
unless told otherwise, and its errors quote connection strings. All of that is settled here, once.
"""

from __future__ import annotations

import importlib.util
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from lienthong.engine.errors import DriverMissing

if TYPE_CHECKING:
    import duckdb

Connection: TypeAlias = "duckdb.DuckDBPyConnection"
ShouldStop = Callable[[], bool]
Result = TypeVar("Result")

UNCHECKED = {"allow_unsigned_extensions": "true"}
"""For connections that load extensions by `load_extension` alone, which has their signatures checked."""

_checked: set[tuple[str, int, int, int]] = set()
_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take of this machine and of the source it reads.

    `memory_mb` bounds DuckDB's own memory; beyond it, work continues on disk in the temporary directory.
    `threads` None means one per processor. `connections` are those open on a live database at a time, at least
    two: one that asks and one that reads. `statement_seconds` bounds each of its statements, `lock_seconds` how
    long a statement waits for a table that another session has locked. `unpacked_mb` bounds what a compressed
    workbook may unpack to.
    """

    memory_mb: int = 2048
    threads: int | None = None
    connect_seconds: int = 10
    statement_seconds: int = 900
    lock_seconds: int = 10
    connections: int = 2
    unpacked_mb: int = 1024
    temp_directory: Path | None = None
    sample_rows: int | None = 100_000
    """Rows from which meanings, patterns and quantiles are told, None for all; counts and rules take all rows."""

    def readers(self) -> int:
        """How many connections may read rows beside the one that asks."""
        return max(1, self.connections - 1)

    def workers(self) -> int:
        """How many threads may compute at the same time."""
        return self.threads or os.cpu_count() or 1


def open_session(limits: Limits, folder: Path) -> Connection:
    """A DuckDB in memory that may spill into this private folder and fetches nothing by itself."""
    import duckdb

    connection = duckdb.connect(
        config={
            **UNCHECKED,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "allow_persistent_secrets": "false",
            "enable_external_file_cache": "false",
            "preserve_insertion_order": "false",
            "memory_limit": f"{limits.memory_mb}MB",
            "threads": str(limits.workers()),
            "temp_directory": str(folder / "spill"),
        }
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def load_extension(connection: Connection, name: str) -> None:
    """Load one of DuckDB's own signed extensions (`sqlite_scanner`, ...) from its Python package."""
    import duckdb

    package = f"duckdb_extension_{name}"
    spec = importlib.util.find_spec(package)
    found = None
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
        found = folder / f"{name}.duckdb_extension"
    if found is None or not found.is_file():
        raise DriverMissing(package=f"{package.replace('_', '-')}=={duckdb.__version__}")
    _check(found)
    connection.execute(f"LOAD {literal(str(found))}")


def _check(library: Path) -> None:
    """Have DuckDB check the signature of an extension, once in a process for each file as it lies there.

    It reads the whole file for that, some 35 MB: 0.13 s of a processor at every load otherwise.
    """
    import duckdb

    state = library.stat()
    mark = (str(library), state.st_ino, state.st_size, state.st_mtime_ns)
    if mark not in _checked:
        with duckdb.connect(
            config={
                "threads": "1",
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
            }
        ) as strict:
            strict.execute(f"LOAD {literal(str(library))}")
        _checked.add(mark)


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


class Interrupted(Exception):
    """Work was stopped because the caller asked for it."""


def run_each(
    connection: Connection,
    jobs: Sequence[Callable[[Connection], Result]],
    *,
    workers: int,
    should_stop: ShouldStop | None = None,
    on_done: Callable[[int], None] | None = None,
    on_stop: Callable[[], None] | None = None,
) -> list[Result]:
    """Run these pieces of work, some at the same time, each on a cursor of its own; results in their order.

    Stops all of them and raises `Interrupted` soon after `should_stop` says so; Ctrl-C and the first error
    stop them too and are passed on. `on_stop` is called before they are waited for, to stop what DuckDB itself
    is waiting for.
    """
    results: dict[int, Result] = {}
    waiting: queue.SimpleQueue[tuple[int, Callable[[Connection], Result]]] = queue.SimpleQueue()
    finished: queue.SimpleQueue[tuple[int, Any, BaseException | None]] = queue.SimpleQueue()
    for order, job in enumerate(jobs):
        waiting.put((order, job))
    cursors = [connection.cursor() for _ in range(max(1, min(workers, len(jobs))))]
    stopping = threading.Event()

    def work(cursor: Connection) -> None:
        while not stopping.is_set():
            try:
                order, job = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                finished.put((order, job(cursor), None))
            except BaseException as error:
                finished.put((order, None, error))
                return

    threads = [threading.Thread(target=work, args=(cursor,), daemon=True) for cursor in cursors]
    failure: BaseException | None = None
    try:
        # Within `try`: a signal may come while the last thread is started, and the first already works.
        for thread in threads:
            thread.start()
        while len(results) < len(jobs):
            if should_stop is not None and should_stop():
                raise Interrupted
            try:
                order, result, failure = finished.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if failure is not None:
                raise failure
            results[order] = result
            if on_done is not None:
                on_done(len(results))
    finally:
        stopping.set()
        _end(threads, cursors, on_stop if len(results) < len(jobs) else None)
    return [results[order] for order in range(len(jobs))]


def _end(
    threads: Sequence[threading.Thread], cursors: Sequence[Connection], on_stop: Callable[[], None] | None
) -> None:
    # An interrupt may fall between two statements and be lost, so it is repeated until the thread has ended.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    said = 0.0
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        if on_stop is not None and time.monotonic() - said > 1:
            on_stop()
            said = time.monotonic()
        for thread, cursor in zip(threads, cursors, strict=True):
            if thread.is_alive():
                cursor.interrupt()
                thread.join(_POLL_SECONDS)
    for thread, cursor in zip(threads, cursors, strict=True):
        if not thread.is_alive():
            cursor.close()
