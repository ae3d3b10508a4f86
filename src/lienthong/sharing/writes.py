"""Whether anyone has written to an SQLite database since one last looked, asked many thousand times a second."""

from __future__ import annotations

import mmap
import os
import sqlite3
from collections.abc import Hashable

# Both copies of the head of the WAL-index: every commit counts it up (https://sqlite.org/walformat.html, 2.1).
_HEAD = 96


class Writes:
    """Watches one open connection, which is held for as long.

    In WAL mode every commit of any process changes the head of the file of shared memory that lies beside the database; it
    exists for as long as the connection is open, and is read here without a call to the system. Elsewhere `PRAGMA data_version`
    tells the same.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._version()  # a first reading: from then on the shared memory is there
        self._head = self._mapped()

    def stamp(self) -> Hashable:
        """A value that is another one as soon as anyone has committed, or this connection has changed a row."""
        head = self._version() if self._head is None else self._head[:_HEAD]
        return head, self.connection.total_changes

    def _version(self) -> int:
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _mapped(self) -> mmap.mmap | None:
        (mode,) = self.connection.execute("PRAGMA journal_mode").fetchone()
        path = self.connection.execute("PRAGMA database_list").fetchone()[2]
        if str(mode).lower() != "wal" or not path:
            return None
        try:
            file = os.open(f"{path}-shm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            return mmap.mmap(file, _HEAD, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return None
        finally:
            os.close(file)
