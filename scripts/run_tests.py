"""Run the whole suite on SQLite, and beside it what is marked `both_databases` with the control plane on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MARK = "both_databases"


def pytest(
    arguments: list[str], environment: dict[str, str], out: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=out, stderr=out, preexec_fn=heed_signals
    )


def marked() -> list[str]:
    """The files in which tests are marked for PostgreSQL; the others need not be read there."""
    files = (path for folder in ("src", "tests") for path in ROOT.glob(f"{folder}/**/test_*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in files if MARK in path.read_text(encoding="utf-8"))


def heed_signals() -> None:
    """Heed the signals that tests send, also where a runner in the background has them ignored in all it starts."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def main(extra: list[str]) -> int:
    # One process more than most machines here have processors: tests wait for browsers and servers.
    workers = os.environ.get("TEST_WORKERS", "3")
    environment = {**os.environ}
    for name in list(environment):
        if name.startswith("LIENTHONG_"):
            del environment[name]
    if extra:
        return pytest(extra, environment).wait()
    from tests.servers import running_postgres

    # The part on PostgreSQL takes one process beside the others: together they leave no processor waiting.
    with tempfile.TemporaryFile(prefix="lt-") as told, running_postgres() as url:
        on_postgresql = {**environment, "LIENTHONG_DATABASE_URL": url}
        beside = pytest(["-q", "-m", MARK, "-p", "no:xdist", *marked()], on_postgresql, told)
        try:
            spread = ["-n", workers, "--dist", "loadscope", "--no-loadscope-reorder"]
            failed = pytest(["-q", *spread], environment).wait()
            failed |= beside.wait()
        finally:
            beside.terminate()
            beside.wait()
        print("\nKhối điều khiển trên PostgreSQL / The control plane on PostgreSQL", flush=True)
        told.seek(0)
        sys.stdout.buffer.write(told.read())
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
