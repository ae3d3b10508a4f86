"""Faults of synchronisation: the copy stays as it was or becomes what it should be, and the next run makes it equal."""

from __future__ import annotations

import atexit
import contextlib
import os
import random
import resource
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from lienthong.engine.errors import EngineError
from lienthong.engine.session import Limits
from lienthong.engine.sync.errors import AlreadyRunning
from lienthong.engine.sync.running import run_sync, sync_status
from lienthong.engine.sync.shapes import Side, SyncPlan, SyncRun
from tests.trials.trying import Kind, Told, killed_within, nursery, timed

ROWS, CHUNK = 2_000, 400
FORKED = ["psycopg", "lienthong.engine.sync.running", "tests.trials.sync"]
SERVER: list[str] = []
"""The URL of the PostgreSQL of the trials; the tests put theirs here, otherwise one is started."""
_seconds: dict[str, float] = {}


def server() -> str:
    """The PostgreSQL in which the trials of its kind take place."""
    if not SERVER:
        from tests.servers import running_postgres

        stack = contextlib.ExitStack()
        SERVER.append(stack.enter_context(running_postgres()))
        atexit.register(stack.close)
    return SERVER[0]


# --- PostgreSQL to PostgreSQL


def plan_of(url: str, name: str) -> SyncPlan:
    """From table `s_NAME` to table `t_NAME` of one database."""
    return SyncPlan(
        Side(url, f"s_{name}"), Side(url, f"t_{name}"), ("id",), watermark="moved", overlap_seconds=0, create=True,
        chunk_rows=CHUNK, job=name,
    )  # fmt: skip


def running(url: str, name: str) -> None:
    """What the process does that is broken off."""
    run_sync(plan_of(url, name), attempts=1)


def attempted(plan: SyncPlan, **how: Any) -> tuple[SyncRun | None, EngineError | None]:
    """What a run came to, or what it told."""
    try:
        return run_sync(plan, **how), None
    except EngineError as error:
        return None, error


@contextlib.contextmanager
def tables(url: str, name: str, *, loaded: bool) -> Iterator[psycopg.Connection[Any]]:
    """A source table, and when `loaded` a copy of it that has since fallen behind; both go away afterwards."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(
            f"CREATE TABLE s_{name} AS SELECT i AS id, 'Nguyễn Văn ' || i AS name, "
            f"timestamp '2026-01-01' + i * interval '1 second' AS moved FROM generate_series(1, {ROWS}) i".encode()
        )
        session.execute(f"ALTER TABLE s_{name} ADD PRIMARY KEY (id)".encode())
        try:
            if loaded:
                run_sync(plan_of(url, name))
                changed(session, name)
            yield session
        finally:
            session.execute(f"DROP TABLE IF EXISTS s_{name}, t_{name}".encode())


def changed(session: psycopg.Connection[Any], name: str) -> None:
    """Change, insert and delete rows of the source."""
    session.execute(
        f"UPDATE s_{name} SET name = 'Trần Thị ' || id, moved = '2026-02-01' WHERE id % 10 = 3".encode()
    )
    session.execute(f"INSERT INTO s_{name} VALUES ({ROWS} + 1, 'mới', '2026-02-01')".encode())
    session.execute(f"DELETE FROM s_{name} WHERE id % 50 = 7".encode())


def rows_in(session: psycopg.Connection[Any], table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, asked independently; none when there is no such table."""
    if session.execute("SELECT to_regclass(%s)", (table,)).fetchone() == (None,):
        return []
    return session.execute(f"SELECT * FROM {table} ORDER BY id".encode()).fetchall()


def settled(url: str, name: str) -> SyncRun:
    """The run after a fault; waits for the server to notice that the other one is dead."""
    end = time.monotonic() + 60
    while True:
        try:
            return run_sync(plan_of(url, name), pauses=(0.02,))
        except AlreadyRunning:
            assert time.monotonic() < end, "the job is still held"
            time.sleep(0.02)


def judged(session: psycopg.Connection[Any], url: str, name: str, *, loaded: bool, old: list[Any]) -> Told:
    """Check what a fault left, make the next run, and check that the copy is equal then."""
    source, found = rows_in(session, f"s_{name}"), rows_in(session, f"t_{name}")
    repeated = 0
    if loaded:
        assert found in (old, source), "neither the old state nor the new one"
        state = "new" if found == source else "old"
        settled(url, name)
    else:
        status = sync_status(plan_of(url, name))
        assert len(found) == status.rows_loaded, "rows and state do not agree"
        assert found == source[: len(found)], "rows are not those of the source up to the place reached"
        state = "new" if status.phase == "following" else "old"
        run = settled(url, name)
        if state == "old":
            # What was half done is done again, and nothing that was done whole.
            assert run.read == len(source) - len(found), "more was repeated than the chunk at hand"
            repeated = 1
    assert rows_in(session, f"t_{name}") == source, "the copy is not equal"
    return Told("new" if state == "new" else "old", repeated=repeated)


def seconds_of(kind: str, url: str, *, loaded: bool) -> float:
    """How long the undisturbed work takes, measured once."""
    if kind not in _seconds:
        name = f"timed_{kind}"
        with tables(url, name, loaded=loaded):
            process: Any = nursery(FORKED).Process(target=running, args=(url, name))
            _seconds[kind] = timed(process)
    return _seconds[kind]


def killed(seed: int, folder: Path) -> Told:
    """Kill a run, in turns a first load and a later one, anywhere from before its start to after its end."""
    url, loaded = server(), bool(seed % 2)
    limit = seconds_of(f"kill{seed % 2}", url, loaded=loaded)
    name = f"kill_{seed}"
    with tables(url, name, loaded=loaded) as session:
        old = rows_in(session, f"t_{name}")
        process: Any = nursery(FORKED).Process(target=running, args=(url, name))
        process.start()
        killed_within(process, limit * 1.1, seed)
        return _when_free(session, lambda: judged(session, url, name, loaded=loaded, old=old))


def _when_free(session: psycopg.Connection[Any], judge: Callable[[], Told]) -> Told:
    # A server that works for a dead client finishes or undoes the statement at hand first.
    end = time.monotonic() + 60
    while session.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lienthong'"
    ).fetchone() != (0,):
        assert time.monotonic() < end, "a session of a dead process stays"
        time.sleep(0.02)
    return judge()


def lost(seed: int, folder: Path) -> Told:
    """Cut the line of a run to the source or to the target, at any moment; it comes back by itself or says so."""
    url, loaded = server(), bool(seed % 2)
    name = f"lost_{seed}"
    chance = random.Random(seed)
    with tables(url, name, loaded=loaded) as session:
        old = rows_in(session, f"t_{name}")
        wait = chance.uniform(0, 0.25)

        def cut() -> None:
            time.sleep(wait)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lienthong' "
                    "ORDER BY pid DESC LIMIT %s",
                    (chance.choice((1, 2)),),
                )

        thread = threading.Thread(target=cut)
        thread.start()
        run, error = attempted(plan_of(url, name), pauses=(0.05,))
        thread.join()
        assert error is None or error.transient, f"{error.code} is not said to pass"
        code = error.code if error is not None else "again" if run is not None and run.attempts > 1 else ""
        told = judged(session, url, name, loaded=loaded, old=old)
        return Told(told.state, code, told.repeated)


def reshaped(seed: int, folder: Path) -> Told:
    """Change a column of the source before or while a run reads it."""
    url, loaded = server(), bool(seed % 2)
    name = f"shape_{seed}"
    chance = random.Random(seed)
    act, back = chance.choice(
        (
            ("RENAME COLUMN name TO full_name", "RENAME COLUMN full_name TO name"),
            (
                "ALTER COLUMN name TYPE integer USING length(name)",
                "ALTER COLUMN name TYPE text USING name::text",
            ),
            ("DROP COLUMN name", "ADD COLUMN name text"),
        )
    )
    with tables(url, name, loaded=loaded) as session:
        old, source = rows_in(session, f"t_{name}"), rows_in(session, f"s_{name}")
        wait = chance.choice((0.0, chance.uniform(0, 0.2)))

        def alter() -> None:
            time.sleep(wait)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(f"ALTER TABLE s_{name} {act}".encode())

        thread = threading.Thread(target=alter)
        thread.start()
        if not wait:
            thread.join()
        if not wait and not loaded:
            # Nobody can know that a table not seen before was another one.
            session.execute(f"ALTER TABLE s_{name} {back}".encode())
        _, error = attempted(plan_of(url, name), pauses=(0.02,))
        code = error.code if error is not None else ""
        assert code in ("", "sync.source_changed", "sync.target_unfit"), code
        assert error is None or "name" in error.text("en"), error.text("en") if error else ""
        thread.join()
        found = rows_in(session, f"t_{name}")
        if loaded:
            assert found in (old, source), "neither the old state nor the new one"
        else:
            now = rows_in(session, f"s_{name}")
            assert found in (source[: len(found)], now[: len(found)]), "rows of both shapes are mixed"
        return Told("new" if found == source and not (loaded and found == old) else "old", code)


# --- SQLite to SQLite


def made(folder: Path, *, loaded: bool) -> SyncPlan:
    """A source file, and when `loaded` a copy of it; both are copied from ones made once."""
    base = folder.parent / "base"
    plan = _lite(folder)
    if not (base / "target.db").exists():
        base.mkdir(exist_ok=True)
        with contextlib.closing(sqlite3.connect(base / "source.db")) as session, session:
            session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, number, moved DATETIME)")
            session.executemany(
                "INSERT INTO t VALUES (?, ?, ?, ?)",
                [
                    (i, f"Nguyễn Văn {i}", i * 7, f"2026-01-01 00:{i // 60:02d}:{i % 60:02d}")
                    for i in range(1, 601)
                ],
            )
        with contextlib.closing(sqlite3.connect(base / "empty.db")) as session, session:
            session.execute(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (length(name) > 3), number INTEGER UNIQUE, moved DATETIME)"
            )
        shutil.copy(base / "empty.db", base / "target.db")
        run_sync(_lite(base))
    shutil.copy(base / "source.db", folder / "source.db")
    shutil.copy(base / ("target.db" if loaded else "empty.db"), folder / "target.db")
    return plan


def _lite(folder: Path) -> SyncPlan:
    limits = {"limits": Limits(threads=1, memory_mb=256)}
    return SyncPlan(
        Side(str(folder / "source.db"), "t", limits), Side(str(folder / "target.db"), "t", limits), ("id",),
        chunk_rows=150, job="t",
    )  # fmt: skip


def lite_rows(path: Path) -> list[tuple[Any, ...]]:
    """The rows of an SQLite table, asked independently."""
    with contextlib.closing(sqlite3.connect(path)) as session:
        return session.execute("SELECT * FROM t ORDER BY id").fetchall()


def _poisoned(seed: int, folder: Path, poison: Callable[[random.Random, Any], tuple[str, Any]]) -> Told:
    """Poison some rows of the source; the run sets aside these and no others, or stops before it has written anything."""
    chance = random.Random(seed)
    loaded, stops = bool(seed % 2), seed % 4 == 0
    plan = made(folder, loaded=loaded)
    old = lite_rows(folder / "target.db")
    bad = sorted(chance.sample(range(1, 601), chance.choice((1, 1, 3))))
    with contextlib.closing(sqlite3.connect(folder / "source.db")) as session, session:
        session.execute("UPDATE t SET moved = '2026-03-01 00:00:00' WHERE id % 9 = 0")
        for number in bad:
            column, value = poison(chance, number)
            session.execute(f"UPDATE t SET {column} = ? WHERE id = ?", (value, number))
    plan = SyncPlan(
        **{name: getattr(plan, name) for name in plan.__slots__}
        | {"on_bad_row": "stop" if stops else "set_aside"}
    )
    source = lite_rows(folder / "source.db")
    run, error = attempted(plan, attempts=1)
    if error is not None:
        assert (stops, error.code) == (True, "sync.target_refused"), error.code
        found = lite_rows(folder / "target.db")
        assert found == (old if loaded else source[: len(found)]), "a part of the batch was written"
        assert loaded or len(found) % 150 == 0
        return Told("old", error.code)
    assert run is not None
    assert not stops
    kept = {row[0]: row for row in old}
    expected = [kept.get(row[0]) if row[0] in bad else row for row in source]
    assert lite_rows(folder / "target.db") == [row for row in expected if row is not None]
    assert run.set_aside == len(bad)
    if seed % 5 == 1:
        # Mended at the source, they come by themselves.
        with contextlib.closing(sqlite3.connect(folder / "source.db")) as session, session:
            for number in bad:
                session.execute("UPDATE t SET name = 'Đã sửa', number = ? WHERE id = ?", (number * 7, number))
        assert run_sync(plan, attempts=1).set_aside == 0
        assert lite_rows(folder / "target.db") == lite_rows(folder / "source.db")
    return Told("new", run.aside[0].reason)


def constrained(seed: int, folder: Path) -> Told:
    """Rows that a constraint of the target does not allow: a check, a missing value, a value taken by another row."""

    def poison(chance: random.Random, number: int) -> tuple[str, Any]:
        return chance.choice((("name", "x"), ("name", None)))

    return _poisoned(seed, folder, poison)


def poisoned(seed: int, folder: Path) -> Told:
    """A word among numbers, a number beyond all bounds, bytes for text."""

    def poison(chance: random.Random, number: int) -> tuple[str, Any]:
        return chance.choice((("number", "không rõ"), ("number", "12,5"), ("number", b"\xff\xfe")))

    return _poisoned(seed, folder, poison)


def writing_within(folder: str, size: int, answer: Any) -> None:
    """What the process does that may write files only up to this size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        run_sync(_lite(Path(folder)), attempts=1)
        answer.send("")
    except EngineError as error:
        answer.send(error.code)


def full(seed: int, folder: Path) -> Told:
    """Let the disk be full at any size of the target, in turns at a first load and a later run."""
    loaded = bool(seed % 2)
    made(folder, loaded=loaded)
    old, source = lite_rows(folder / "target.db"), lite_rows(folder / "source.db")
    if loaded:
        with contextlib.closing(sqlite3.connect(folder / "source.db")) as session, session:
            session.execute("UPDATE t SET name = 'Tên dài hơn nhiều so với trước đây ' || id")
        source = lite_rows(folder / "source.db")
    size = random.Random(seed).randrange(8, 260) * 1024
    context = nursery(FORKED)
    here, there = context.Pipe()
    process: Any = context.Process(target=writing_within, args=(str(folder), size, there))
    process.start()
    there.close()
    try:
        code = here.recv()
    except EOFError:
        code = "ended"
    process.join()
    found = lite_rows(folder / "target.db")
    assert code in ("", "sync.target_full", "sync.target_failed", "source.unreadable"), code
    assert found in (old, source) if loaded else found == source[: len(found)]
    run_sync(_lite(folder), attempts=1)
    assert lite_rows(folder / "target.db") == source
    return Told("new" if not code else "old", code)


def racing(folder: str, url: str, name: str, answer: Any) -> None:
    """What each of two processes does at once."""
    try:
        run_sync(plan_of(url, name), attempts=1)
        answer.send("")
    except EngineError as error:
        answer.send(error.code)


def together(seed: int, folder: Path) -> Told:
    """Start two runs of one job at nearly the same moment."""
    url, loaded = server(), bool(seed % 2)
    name = f"two_{seed}"
    with tables(url, name, loaded=loaded) as session:
        context = nursery(FORKED)
        pipes, processes = [], []
        for turn in range(2):
            here, there = context.Pipe()
            process: Any = context.Process(target=racing, args=(str(folder), url, name, there))
            process.start()
            there.close()
            pipes.append(here)
            processes.append(process)
            if not turn:
                time.sleep(random.Random(seed).uniform(0, 0.05))
        codes = [pipe.recv() for pipe in pipes]
        for process in processes:
            process.join()
        assert "" in codes, codes
        assert set(codes) <= {"", "sync.already_running"}, codes
        assert rows_in(session, f"t_{name}") == rows_in(session, f"s_{name}")
        return Told("new", next(filter(None, codes), ""))


KINDS = (
    Kind("kill", "tiến trình bị `kill -9` khi đang đồng bộ", "`kill -9` while a run is at work", killed),
    Kind("lost", "đứt kết nối tới nguồn hoặc bên nhận", "the line to the source or the target is cut", lost),
    Kind("constraint", "vi phạm ràng buộc của bảng nhận", "a constraint of the target does not hold", constrained),
    Kind("schema", "nguồn đổi cấu trúc trước hoặc trong khi đọc", "the source's columns change before or during a run", reshaped),
    Kind("full", "ổ đĩa của bên nhận đầy", "the target's disk is full", full),
    Kind("poison", "dòng có giá trị hỏng", "rows with values that are none", poisoned),
    Kind("two", "hai lần chạy cùng lúc", "two runs at once", together),
)  # fmt: skip
if os.environ.get("TRIALS_POSTGRES"):
    SERVER.append(os.environ["TRIALS_POSTGRES"])
