"""One writer at a time: a lock on a file, which the system takes away from a process that dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.02


@contextmanager
def held(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock of this file; TimeoutError when another thread or process keeps it for `seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise TimeoutError(str(path)) from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
