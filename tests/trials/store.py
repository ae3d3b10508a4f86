"""Faults of publishing: every version that was announced is there afterwards, whole, and no half of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from lienthong.engine.store.ducklake import DuckLakeStore
from tests.trials.trying import Kind, Told, killed_within, nursery, timed

ROWS = 3_000
FORKED = ["pyarrow", "lienthong.engine.store.ducklake", "tests.trials.store"]
_whole: list[float] = []


def rows_of(state: int) -> pa.Table:
    """All rows of the table in this state: each state differs from the one before in some rows."""
    return pa.table(
        {
            "id": range(ROWS),
            "name": [f"Nguyễn Văn {number % 97}" for number in range(ROWS)],
            "number": [number * 7 + (state if number % 10 == state % 10 else 0) for number in range(ROWS)],
        }
    )


def publishing(root: str, states: list[int]) -> None:
    """What the process does that is killed: publish one state after the other."""
    store = DuckLakeStore(root, threads=1)
    for state in states:
        store.publish("t", full=rows_of(state), key=("id",))


def whole_and_usable(root: Path, most: int) -> int:
    """Check that every version is there as it was recorded and that the next one can be published; say how many there were."""
    store = DuckLakeStore(root, threads=1)
    versions = store.versions("t")
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert len(versions) <= most
    assert all(store.proved("t", version.number) for version in versions), "a digest does not hold"
    after = store.publish("t", full=rows_of(99), key=("id",))
    assert after.number == len(versions) + 1
    assert store.proved("t")
    store.close()
    return len(versions)


def seconds_whole(folder: Path) -> float:
    """How long the work takes that is broken off, measured once."""
    if not _whole:
        process: Any = nursery(FORKED).Process(target=publishing, args=(str(folder / "timed"), [1, 2]))
        _whole.append(timed(process))
    return _whole[0]


def killed_while_publishing(seed: int, folder: Path) -> Told:
    """Kill the publisher of a second version, anywhere from before its start to after its end."""
    limit = seconds_whole(folder)
    root = folder / "store"
    process: Any = nursery(FORKED).Process(target=publishing, args=(str(root), [1, 2]))
    process.start()
    killed_within(process, limit * 1.1, seed)
    found = whole_and_usable(root, 2)
    return Told("new" if found == 2 else "old")


KINDS = (
    Kind(
        "kill",
        "tiến trình bị `kill -9` khi đang công bố",
        "`kill -9` while publishing",
        killed_while_publishing,
    ),
)
