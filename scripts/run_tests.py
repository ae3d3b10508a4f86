"""Run the whole suite: on SQLite, then what is marked `both_databases` with the control plane on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, preexec_fn=heed_signals).returncode


def heed_signals() -> None:
    """Heed the signals that tests send, also where a runner in the background has them ignored in all it starts."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def main(extra: list[str]) -> int:
    workers = os.environ.get("TEST_WORKERS", "2")
    environment = {**os.environ}
    for name in list(environment):
        if name.startswith("LIENTHONG_"):
            del environment[name]
    if extra:
        return pytest(extra, environment)
    spread = ["-n", workers, "--dist", "loadscope", "--no-loadscope-reorder"]
    failed = pytest(["-q", *spread], environment)
    print("\nKhối điều khiển trên PostgreSQL / The control plane on PostgreSQL", flush=True)
    from tests.servers import running_postgres

    with tempfile.TemporaryDirectory(prefix="lt-") as _, running_postgres() as url:
        on_postgresql = {**environment, "LIENTHONG_DATABASE_URL": url}
        failed |= pytest(["-q", "-m", "both_databases", *spread], on_postgresql)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
