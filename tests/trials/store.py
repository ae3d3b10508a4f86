"""Faults of publishing: every version that was announced is there afterwards, whole, and no half of another."""

from __future__ import annotations

import os
import random
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from lienthong.engine.errors import SourceLost
from lienthong.engine.store import errors
from lienthong.engine.store.ducklake import DuckLakeStore
from tests.trials.trying import Kind, Told, killed_within, nursery, timed

ROWS = 3_000
FORKED = ["pyarrow", "lienthong.engine.store.ducklake", "tests.trials.store"]
_whole: list[float] = []
_worlds: dict[Path, World] = {}


def rows_of(state: int, rows: int = ROWS) -> pa.Table:
    """All rows of the table in this state: each state differs from the one before in some rows."""
    return pa.table(
        {
            "id": range(rows),
            "name": [f"Nguyễn Văn {number % 97}" for number in range(rows)],
            "number": [number * 7 + (state if number % 10 == state % 10 else 0) for number in range(rows)],
        }
    )


def publishing(root: str, states: list[int]) -> None:
    """What the process does that is killed: publish one state after the other."""
    store = DuckLakeStore(root, threads=1)
    for state in states:
        store.publish("t", full=rows_of(state), key=("id",))


def cramped(root: str, room: int, state: int) -> None:
    """Publish where no file may grow beyond so many bytes; end with 3 when the store says that the disk is full."""
    store = DuckLakeStore(root, threads=1)
    assert store.versions("t")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        store.publish("t", full=rows_of(state, 10 * ROWS))
    except errors.StoreFull:
        os._exit(3)
    except errors.StoreError:
        os._exit(4)
    os._exit(0)


class World:
    """One store that trials of a run share: a fault that tore anything would show in all that come after it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = DuckLakeStore(root, threads=1)
        self.state = 1
        self.store.publish("t", full=rows_of(1), key=("id",))
        self.newest = self.store.version("t")

    def next_state(self) -> int:
        """A state that the table was never in."""
        self.state += 1
        return self.state

    def settle(self, code: str = "", *, may_be_new: bool) -> Told:
        """Check that the newest version is whole, the older one is what it was, and the work can be done again."""
        newest = self.store.version("t")
        grown = newest.number - self.newest.number
        assert grown in ((0, 1) if may_be_new else (0,)), f"{grown} versions came out of it"
        if grown:
            assert self.store.proved("t", newest.number), "the digest of the new version does not hold"
        assert self.store.proved("t", self.newest.number), "the digest of the old version does not hold"
        self.newest = self.store.publish("t", full=rows_of(self.next_state()))
        assert self.newest.number == newest.number + 1
        if self.newest.number % 10 == 0:
            self.store.sweep(older_than_hours=0)
            numbers = [version.number for version in self.store.versions("t")]
            assert numbers == list(range(1, self.newest.number + 1))
            assert self.store.proved("t", random.Random(self.state).choice(numbers))
        return Told("new" if grown else "old", code)


def world_of(folder: Path) -> World:
    """The world of the run to which this folder belongs."""
    if folder.parent not in _worlds:
        _worlds.clear()
        _worlds[folder.parent] = World(folder.parent / "shared")
    return _worlds[folder.parent]


def seconds_whole(folder: Path) -> float:
    """How long the work takes that is broken off, measured once."""
    if not _whole:
        process: Any = nursery(FORKED).Process(target=publishing, args=(str(folder / "timed"), [1]))
        _whole.append(timed(process))
    return _whole[0]


def killed_while_publishing(seed: int, folder: Path) -> Told:
    """Kill the publisher of a version, anywhere from before its start to after its end; now and then of the very first."""
    limit = seconds_whole(folder)
    world = world_of(folder)
    root = folder / "first" if seed % 10 == 0 else world.root
    process: Any = nursery(FORKED).Process(target=publishing, args=(str(root), [world.next_state()]))
    process.start()
    killed_within(process, limit * 1.1, seed)
    if root == world.root:
        return world.settle(may_be_new=True)
    store = DuckLakeStore(root, threads=1)
    found = store.versions("t")
    assert len(found) <= 1
    assert all(store.proved("t", version.number) for version in found)
    assert store.publish("t", full=rows_of(0), key=("id",)).number == len(found) + 1
    store.close()
    return Told("new" if found else "old")


def source_lost(seed: int, folder: Path) -> Told:
    """Let the connection to the source break off after some batches."""
    world = world_of(folder)
    table = rows_of(world.next_state())
    last = random.Random(seed).randrange(ROWS)

    def breaking() -> Iterator[pa.RecordBatch]:
        yield from table.slice(0, last).to_batches(max_chunksize=200)
        raise SourceLost(source="db")

    with pytest.raises(SourceLost) as lost:
        world.store.publish("t", full=pa.RecordBatchReader.from_batches(table.schema, breaking()))
    return world.settle(lost.value.code, may_be_new=False)


def two_writers(seed: int, folder: Path) -> Told:
    """Let two write at the same time, each from what it has seen; none may overwrite the other unseen."""
    world = world_of(folder)
    chance = random.Random(seed)
    barrier = threading.Barrier(2)
    told: list[str] = []

    def write(state: int, pause: float) -> None:
        barrier.wait()
        threading.Event().wait(pause)
        try:
            world.store.publish("t", full=rows_of(state), base=world.newest.number)
        except errors.StoreError as error:
            told.append(error.code)

    threads = [
        threading.Thread(target=write, args=(world.next_state(), chance.uniform(0, 0.03))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [errors.VersionMoved.code], told
    return world.settle(told[0], may_be_new=True)


def disk_full(seed: int, folder: Path) -> Told:
    """Let no file grow beyond a seeded size."""
    world = world_of(folder)
    room = random.Random(seed).randrange(20_000, 250_000)
    process: Any = nursery(FORKED).Process(target=cramped, args=(str(world.root), room, world.next_state()))
    process.start()
    process.join()
    assert process.exitcode in (0, 3), f"ended with {process.exitcode} at {room} bytes"
    if process.exitcode == 0:
        return world.settle(may_be_new=True)
    return world.settle(errors.StoreFull.code, may_be_new=False)


def poisoned_row(seed: int, folder: Path) -> Told:
    """Hand over one row that cannot be: its key empty or there twice, or a value that is not of its type."""
    world = world_of(folder)
    at, kind = random.Random(seed).randrange(1, ROWS), seed % 3
    value = {0: f"CASE WHEN i = {at} THEN 0 ELSE i END AS id, 'a' AS name, 1 AS number",
             1: f"CASE WHEN i = {at} THEN NULL ELSE i END AS id, 'a' AS name, 1 AS number",
             2: f"i AS id, 'a' AS name, CAST(CASE WHEN i = {at} THEN 'bí mật' ELSE '1' END AS BIGINT) AS number"}  # fmt: skip
    expected = (errors.KeyRepeated, errors.KeyEmpty, errors.InputUnreadable)[kind]
    with duckdb.connect() as connection, pytest.raises(expected) as refused:
        world.store.publish("t", full=connection.sql(f"SELECT {value[kind]} FROM range({ROWS}) r(i)"))
    assert "bí mật" not in refused.value.text("vi") + str(refused.value)
    return world.settle(refused.value.code, may_be_new=False)


def columns_changed(seed: int, folder: Path) -> Told:
    """Let the source come with another structure: a column gone, new, or of a type that does not fit."""
    world = world_of(folder)
    table = rows_of(world.next_state())
    changed = (
        table.drop_columns(["name"]),
        table.append_column("address", table["name"]),
        table.set_column(2, "number", table["name"]),
    )[seed % 3]
    changes = changed.append_column("_change", pa.array(["update"] * ROWS))
    with pytest.raises(errors.ColumnsChanged) as refused:
        world.store.publish("t", **({"full": changed} if seed % 2 else {"changes": changes}))
    return world.settle(refused.value.code, may_be_new=False)


KINDS = (
    Kind("kill", "tiến trình bị `kill -9` khi đang công bố", "`kill -9` while publishing", killed_while_publishing),
    Kind("source-lost", "mất kết nối nguồn khi đang đọc", "connection to the source lost while reading", source_lost),
    Kind("two-writers", "hai bên cùng ghi một bảng", "two writers of one table", two_writers),
    Kind("disk-full", "hết chỗ trên đĩa (giới hạn cỡ tệp)", "disk full (file-size limit)", disk_full),
    Kind("poisoned-row", "một dòng dữ liệu hỏng", "a poisoned row", poisoned_row),
    Kind("columns-changed", "nguồn đổi cấu trúc", "structure of the source changed", columns_changed),
)  # fmt: skip
