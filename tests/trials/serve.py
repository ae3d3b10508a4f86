"""Faults of the copy that answers: whoever reads finds the old version or the new one, whole, whenever its maker dies."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.following import Following
from lienthong.engine.serve.proving import proved
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore
from tests.trials.trying import Kind, Told, killed_within, nursery

ROWS = 4_000
FORKED = [
    "pyarrow",
    "lienthong.engine.store.ducklake",
    "lienthong.engine.serve.refreshing",
    "tests.trials.serve",
]
_made: list[tuple[Path, DuckLakeStore, float]] = []


def rows_of(state: int) -> pa.Table:
    """All rows of the table in this state: one in a hundred differs from the state before, one is gone, one new."""
    numbers = [number for number in range(ROWS + state) if number != state]
    return pa.table(
        {
            "id": numbers,
            "name": [f"Nguyễn Văn {number % 97}" for number in numbers],
            "number": [number * 7 + (state if number % 100 == state else 0) for number in numbers],
        }
    )


def made(folder: Path) -> tuple[Path, DuckLakeStore, float]:
    """A store with two versions, the replica of the first, and how long it takes to bring that forward; made once.

    Each kind of fault has a folder of its own, which goes with it: then it is made again.
    """
    if _made and not _made[0][0].exists():
        _made.pop()[1].close()
    if not _made:
        store = DuckLakeStore(folder / "store", threads=1)
        for state in (1, 2):
            store.publish("t", full=rows_of(state), key=("id",))
        refresh_replica(store, "t", 1, folder / "t.sqlite")
        place = folder / "timed"
        place.mkdir()
        shutil.copy(folder / "t.sqlite", place / "t.sqlite")
        process = begun(folder, place, whole=False)
        began = time.monotonic()
        process.join()
        _made.append((folder, store, time.monotonic() - began))
    return _made[0]


def refreshing(store: str, place: str, whole: bool) -> None:
    """What the process does that is killed: say that it begins, and bring the replica forward, or build it."""
    opened = DuckLakeStore(store, threads=1)
    opened.version("t")
    (Path(place) / "begun").touch()
    path = Path(place) / "t.sqlite"
    refresh_replica(
        opened, "t", 2, path, indexes=["number"] if whole else [], sets=ChangeSets(path.parent / "changes")
    )


def begun(folder: Path, place: Path, *, whole: bool) -> Any:
    """The process at the moment when its work begins."""
    process: Any = nursery(FORKED).Process(target=refreshing, args=(str(folder / "store"), str(place), whole))
    process.start()
    while not (place / "begun").exists():
        assert process.is_alive(), "it ended before it began"
        time.sleep(0.001)
    return process


def left_whole(store: DuckLakeStore, place: Path) -> int:
    """Check what readers find, that the work can be done again and that consumers lose nothing; say the version found."""
    path = place / "t.sqlite"
    replica = Replica(path)
    found = replica.about().version
    assert replica.count() == replica.about().rows
    assert found in (1, 2)
    assert proved(path), "the rows are not those of the version"
    sets = ChangeSets(place / "changes")
    refresh_replica(store, "t", 2, path, sets=sets)
    assert proved(path)
    page = Following(replica, sets, lambda: store, largest_page=1000).page(since=1, limit=1000)
    assert len(page.changes) == store.changes("t", 1, 2).count()
    replica.close()
    return found


def killed_while_refreshing(seed: int, place: Path) -> Told:
    """Kill whoever brings a replica forward, anywhere from its beginning to after its end."""
    return _killed(seed, place, whole=False)


def killed_while_building(seed: int, place: Path) -> Told:
    """Kill whoever builds a replica anew over one that is being read."""
    return _killed(seed, place, whole=True)


def _killed(seed: int, place: Path, *, whole: bool) -> Told:
    folder, store, seconds = made(place.parent / "made")
    shutil.copy(folder / "t.sqlite", place / "t.sqlite")
    process = begun(folder, place, whole=whole)
    killed_within(process, seconds * 1.1, seed)
    return Told("new" if left_whole(store, place) == 2 else "old")


KINDS = (
    Kind(
        "swap",
        "tiến trình bị `kill -9` khi đưa bản phục vụ lên phiên bản mới",
        "`kill -9` while a replica is brought forward and swapped in",
        killed_while_refreshing,
    ),
    Kind(
        "build",
        "tiến trình bị `kill -9` khi dựng lại bản phục vụ",
        "`kill -9` while a replica is built anew and swapped in",
        killed_while_building,
    ),
)
