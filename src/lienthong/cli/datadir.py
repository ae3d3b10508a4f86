"""The data directory: made once, held by one start at a time."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from pathlib import Path

from lienthong.foundation.jobs.workers import this_worker, worker_is_gone

FOLDERS = ("store", "replicas", "evidence", "files", "keys", "tmp")
PRIVATE = ("keys",)
LOCK = ".lock"
# What the children of a start that was killed are given to leave (seconds).
LEAVING = 15.0


class CannotStart(Exception):
    """Why nothing can be started, in one line of Vietnamese and English."""

    def __init__(self, vi: str, en: str) -> None:
        self.line = f"{vi} / {en}"
        super().__init__(self.line)


def make_folders(root: Path) -> None:
    """Make the data directory and its folders; what holds keys is for the owner only."""
    try:
        if not root.exists():
            root.mkdir(parents=True, mode=0o750)
        for name in FOLDERS:
            (root / name).mkdir(exist_ok=True, mode=0o700 if name in PRIVATE else 0o750)
        for name in PRIVATE:
            if stat.S_IMODE((root / name).stat().st_mode) & 0o077:
                (root / name).chmod(0o700)
    except FileExistsError:
        raise CannotStart(
            f"{root} hoặc thư mục con của nó là tệp, không phải thư mục.",
            f"{root}, or a folder in it, is a file and not a folder.",
        ) from None
    except OSError as error:
        raise CannotStart(
            f"Không ghi được vào thư mục dữ liệu {root} ({error.strerror}).",
            f"The data directory {root} cannot be written ({error.strerror}).",
        ) from None
    if not os.access(root, os.W_OK | os.X_OK):
        raise CannotStart(
            f"Không có quyền ghi vào thư mục dữ liệu {root}.",
            f"No right to write in the data directory {root}.",
        )


def hold(root: Path) -> int:
    """Hold the data directory for this start and its children; gives the open lock, which the children
    inherit.

    Another start that runs is a refusal. Children left by one that was killed are on their way out and waited
    for.
    """
    lock = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LEAVING
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            holder = os.pread(lock, 200, 0).decode("utf-8", "replace")
            if not worker_is_gone(holder) or time.monotonic() > deadline:
                os.close(lock)
                raise CannotStart(
                    f"Thư mục dữ liệu {root} đang được một tiến trình lienthong khác sử dụng.",
                    f"The data directory {root} is in use by another lienthong.",
                ) from None
            time.sleep(0.1)
    os.ftruncate(lock, 0)
    os.pwrite(lock, this_worker().encode(), 0)
    return lock


def is_held(root: Path) -> bool:
    """Whether a start, or what is left of one, holds the data directory."""
    try:
        lock = os.open(root / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
