"""What a command costs on a database server of ours: its own processor time and that of the server behind it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.measuring import run

_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """The PostgreSQL of a benchmark, by the URL of its superuser."""

    def __init__(self, url: str) -> None:
        self.url = url
        port = str(urlsplit(url).port)
        self._pid = next(pid for pid in _postmasters() if port in _words(pid))

    def database(self, name: str) -> str:
        """The URL of a new empty database."""
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            session.execute(f"CREATE DATABASE {name}".encode())
        return self.url.rsplit("/", 1)[0] + "/" + name

    def cpu(self) -> float:
        """Processor seconds of the server so far: sessions that live, and those that have ended."""
        total = 0
        for pid in (self._pid, *_children(self._pid)):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            own, ended = (int(fields[11]) + int(fields[12])), (int(fields[13]) + int(fields[14]))
            total += own + (ended if pid == self._pid else 0)
        return total / _TICKS

    def cost(self, command: list[str]) -> tuple[float, float, str]:
        """Processor seconds of the command and the server, wall seconds, and what the command printed."""
        before = self.cpu()
        cost, answer = run(command)
        # A session that ends is counted when the server has taken note of it.
        time.sleep(0.3)
        return cost.cpu + self.cpu() - before, cost.wall, answer


def _postmasters() -> list[int]:
    return [
        int(path.name)
        for path in Path("/proc").glob("[0-9]*")
        if _words(int(path.name))[:1] and _words(int(path.name))[0].endswith("/postgres")
    ]


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
