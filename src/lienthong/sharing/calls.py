"""The journal of calls: every call is written down before its answer leaves, and carried into the log soon after.

One append to a file costs a hundredth of a transaction, and what was appended outlives the process as what was
committed does. Each process keeps a journal of its own and holds a lock on it; a thread carries it into the log
(`commands.enter_calls`) a moment later, once, whatever breaks off in between: how far a journal was
read is written in the transaction that enters its calls. The journal of a process that died is carried over by
the next one, or by the tick.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import connection

from lienthong.foundation.faults import where_it_arose

log = structlog.get_logger(__name__)

GATHERING = 0.5
"""Seconds in which calls gather before they are entered together."""
AFTER_FAILURE = 2.0
LARGEST = 8 << 20
"""Bytes after which a journal that was read in full is begun anew."""
MOST_AT_ONCE = 2000

Line = tuple[object, ...]
# What a line holds, as the log names it; behind it stands the day on which an answered call counts.
FIELDS = (
    "at", "service_id", "account_id", "consumer_code", "asked", "status", "refusal", "version", "rows", "bytes",
    "milliseconds", "request_id",
)  # fmt: skip


def folder() -> Path:
    return Path(settings.DATA_DIR) / "evidence" / "calls"


class Journal:
    """The journal of this process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.counting = threading.Lock()
        """Held while calls are entered: the log and what is on its way there are counted together."""
        self._news = threading.Event()
        self._file = -1
        self._pid = 0
        self._size = 0
        self.carrying = True
        self.path: Path | None = None
        self.written: dict[tuple[int, str], int] = {}
        """Answered calls of this process by account and day since it began; `entered` of them are in the log."""
        self.entered: dict[tuple[int, str], int] = {}

    def append(self, line: Line, answered: tuple[int, str] | None) -> None:
        """Write one call down; OSError when it cannot be, and then nothing of it is there."""
        content = orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        with self._guard:
            if self._pid != os.getpid() or self._file < 0:
                self._begin()
            if os.write(self._file, content) != len(content):
                os.ftruncate(self._file, self._size)
                raise OSError("the journal of calls is full")
            self._size += len(content)
            if answered is not None:
                self.written[answered] = self.written.get(answered, 0) + 1
        if not self._news.is_set():
            self._news.set()

    def note_entered(self, counts: dict[tuple[int, str], int]) -> None:
        """These calls are in the log now."""
        for place, number in counts.items():
            self.entered[place] = self.entered.get(place, 0) + number

    def settle(self) -> None:
        """Enter what is written down, here and now."""
        from .commands import enter_calls

        path = self.path
        while path is not None and self._pid == os.getpid():
            with self.counting:
                entered = enter_calls(path, own=self)
            if entered < MOST_AT_ONCE:
                return

    def close(self) -> None:
        """Enter what is written down, and let go of the file; the next call begins another."""
        from .commands import forget_journal

        self.settle()
        with self._guard:
            if self.path is not None and self._pid == os.getpid():
                forget_journal(self.path, self._size)
                os.close(self._file)
            self.path, self._file = None, -1

    def _begin(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        self.path = folder() / f"{int(time.time())}-{os.getpid()}-{secrets.token_hex(4)}.ndjson"
        self._file = os.open(
            self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640
        )
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._size = 0
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self.written, self.entered, self._news = {}, {}, threading.Event()
            if self.carrying:
                threading.Thread(target=self._carry, name="calls", daemon=True).start()

    def _carry(self) -> None:
        """The thread that carries the journal into the log."""
        collected = False
        while True:
            self._news.wait()
            time.sleep(GATHERING)
            self._news.clear()
            try:
                self.settle()
                self._turn()
                if not collected:
                    from .commands import collect_calls

                    collect_calls()
                    collected = True
            except Exception as error:
                log.error("calls_not_entered", **where_it_arose(error))
                connection.close()
                time.sleep(AFTER_FAILURE)
                self._news.set()

    def _turn(self) -> None:
        """Begin a new file when the old one is long and read in full."""
        from .commands import forget_journal

        with self._guard:
            path, size = self.path, self._size
            if path is None or size < LARGEST or not forget_journal(path, size):
                return
            os.close(self._file)
            self._file = -1
            self._begin()


def left_behind() -> Iterator[Path]:
    """The journals whose process is gone, each held while it is looked at."""
    try:
        found = sorted(folder().glob("*.ndjson"))
    except OSError:
        return
    for path in found:
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield path
        except BlockingIOError:
            continue
        finally:
            os.close(file)


def lines_after(path: Path, start: int) -> tuple[list[list[Any]], int]:
    """The next `MOST_AT_ONCE` whole lines behind this place, or as many as there are, and the place behind them."""
    with path.open("rb") as file:
        file.seek(start)
        lines = [line for line in islice(file, MOST_AT_ONCE) if line.endswith(b"\n")]
    return [orjson.loads(line) for line in lines], start + sum(map(len, lines))


JOURNAL = Journal()
