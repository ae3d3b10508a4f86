"""Earlier versions to read from: a replica of its own for each one that somebody asks for, made when it is asked for."""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lienthong.engine.serve.building import build_replica, cursor_key
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.versions import VersionStore

KEPT = 8


@dataclass(frozen=True, slots=True)
class FixedVersions:
    """The replicas of single versions of one table in a folder; no more than `keep`, those last asked for.

    `latest` is the replica of the newest version: page marks of a fixed one follow from its key, so that they hold
    also after the file was put away and made again.
    """

    folder: Path
    latest: Path
    keep: int = KEPT

    def replica(
        self, store: Callable[[], VersionStore], table: str, number: int, *, largest_page: int = 1000
    ) -> Replica:
        """The version `number` to read from; VersionUnknown when there is none. The first time it is built: O(rows)."""
        path = self.folder / f"{number}.sqlite"
        try:
            os.utime(path)
        except FileNotFoundError:
            with self._one_builder(number):
                if not path.exists():
                    marks = hmac.digest(
                        bytes.fromhex(cursor_key(self.latest)), str(number).encode(), "sha256"
                    )
                    build_replica(store(), table, number, path, marks=marks.hex())
            self._tidy()
        return _reader(path, largest_page)

    @contextmanager
    def _one_builder(self, number: int) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f".{number}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _tidy(self) -> None:
        found = sorted(self.folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[self.keep :]:
            path.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _reader(path: Path, largest_page: int) -> Replica:
    return Replica(path, largest_page=largest_page)
