"""Which process works on a job, and whether it is still there."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


def this_worker() -> str:
    """`host:boot:namespace:pid:start` of this process. A process number alone is given out again, after a
    restart at once.
    """
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid()) or ''}"


def worker_is_gone(worker: str) -> bool:
    """Whether the worker is known to be gone. One on another machine, or seen from another container, is
    never known to be.
    """
    place, _, process = worker.rpartition(":")
    machine, _, pid = place.rpartition(":")
    # Another boot is not a proof: two machines may well have the same name.
    if machine != _machine() or machine.endswith(":") or not pid.isdigit():
        return False
    return _started(int(pid)) != process


@cache
def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:12]
        namespace = str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        boot = namespace = ""
    return f"{socket.gethostname().replace(':', '-')[:50]}:{boot}:{namespace}"


def _started(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; nothing for one that is gone or only waits to be
    reaped.
    """
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name of the program stands in brackets and may hold spaces and brackets itself.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]
