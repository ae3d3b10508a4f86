"""What the processes beside a consumer do: publish for long and commit late, and bring the replica forward."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pyarrow as pa

from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.store.ducklake import DuckLakeStore

KEYS = 8
DONE = "done"


def publishing(folder: str, seed: int, versions: int) -> None:
    """Publish changes of random keys, each begun early and finished late; every version says who made it, and when."""
    chance = random.Random(seed)
    store = DuckLakeStore(Path(folder) / "store", threads=1)
    for number in range(versions):
        keys = chance.sample(range(KEYS), chance.randint(1, 5))
        gone = {key for key in keys if chance.random() < 0.3}
        rows = pa.table(
            {
                "_change": ["delete" if key in gone else "update" for key in keys],
                "id": pa.array(keys, pa.int64()),
                "v": pa.array([None if key in gone else seed * 1000 + number for key in keys], pa.int64()),
            }
        )
        pause = chance.random() / 20
        store.publish("t", changes=rows, allow_empty=True, checks=[lambda staged, p=pause: time.sleep(p)])
    store.close()


def serving(folder: str) -> None:
    """Bring the replica forward again and again, until it is said that all is done."""
    root = Path(folder)
    store = DuckLakeStore(root / "store", threads=1)
    while not (root / DONE).exists():
        refresh_replica(store, "t", None, root / "t.sqlite")
        time.sleep(0.01)
    store.close()
