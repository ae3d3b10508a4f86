"""Run a command as a process of its own and say what it took: processor time, wall time, peak memory."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison: three commands that do the same work, or for `limit` the least of it that can be done."""

    name: str
    ours: list[str]
    peer: list[str]
    peer_name: str
    limit: list[str]
    limit_name: str
    check: Callable[[str], None]
    rows: int | None = None
    """Rows of the file, where the speed in rows is a figure too."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took, its children included: seconds of processor, seconds of wall clock, bytes at the peak."""

    cpu: float
    wall: float
    memory: int


class Tools:
    """Where a benchmark finds its data, our programs, and the environments of the peers."""

    def __init__(self) -> None:
        self.data = HERE / ".data"
        self.data.mkdir(exist_ok=True)

    def own_program(self, name: str) -> Path:
        """One of our own programs, in the environment that runs the benchmark."""
        return Path(sys.executable).parent / name

    def peer_python(self, peer: str) -> Path:
        """The Python of a peer's environment, made from its pinned requirements when it is missing or old."""
        folder = HERE / "peers" / peer
        requirements = folder / "requirements.txt"
        environment = folder / ".venv"
        stamp = environment / "made-from"
        wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
        if not stamp.is_file() or stamp.read_text() != wanted:
            print(f"making the environment of {peer} ...", flush=True)
            shutil.rmtree(environment, ignore_errors=True)
            self._make(environment, requirements)
            stamp.write_text(wanted)
        return environment / "bin" / "python"

    def _make(self, environment: Path, requirements: Path) -> None:
        uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
        python = str(environment / "bin" / "python")
        if uv:
            base = getattr(sys, "_base_executable", sys.executable)
            subprocess.run([uv, "venv", "-q", "--python", base, str(environment)], check=True)
            subprocess.run(
                [uv, "pip", "install", "-q", "--python", python, "-r", str(requirements)], check=True
            )
            return
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", str(requirements)], check=True)


def figure(
    what: str,
    unit: str,
    ours: float,
    peer: tuple[float, str],
    limit: tuple[float | None, str | None],
    digits: int = 3,
) -> dict[str, Any]:
    """One figure in the form that all results have: the ratios are those of the figures as they are written.

    `peer` and `limit` are the value and its name. A ratio to nothing is 0 for the peer and empty for the limit.
    """
    least = None if limit[0] is None else round(limit[0], digits)
    written, theirs = round(ours, digits), round(peer[0], digits)
    return {
        "what": what,
        "unit": unit,
        "ours": written,
        "peer": theirs,
        "peer_name": peer[1],
        "limit": least,
        "limit_name": limit[1],
        "ratio_peer": round(written / theirs, 3) if theirs else 0.0,
        "ratio_limit": round(written / least, 3) if least else None,
    }


def run(command: list[str]) -> tuple[Cost, str]:
    """Run the command and give its cost and what it printed; ends the benchmark when the command fails."""
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stdin=subprocess.DEVNULL)
        peak = [0]
        watcher = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
        out.seek(0)
        answer = out.read()
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, max(peak[0], usage.ru_maxrss * 1024))
    return cost, answer


def _watch(root: int, peak: list[int]) -> None:
    """Note the most memory that the process and its children held together; one process alone needs no watching."""
    while True:
        members = _tree(root)
        if not members:
            return
        if len(members) > 1:
            peak[0] = max(peak[0], sum(map(_resident, members)))
        time.sleep(0.02)


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return []
    except OSError:
        return []
    return [pid, *(member for child in children for member in _tree(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
