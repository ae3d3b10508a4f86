"""Run the whole suite: on SQLite, then what is marked `both_databases` with the control plane on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment).returncode


def main(extra: list[str]) -> int:
    workers = os.environ.get("TEST_WORKERS", "2")
    environment = {**os.environ}
    for name in list(environment):
        if name.startswith("LIENTHONG_"):
            del environment[name]
    if extra:
        return pytest(extra, environment)
    spread = ["-n", workers, "--dist", "loadgroup"]
    failed = pytest(["-q", *spread], environment)
    print("\nKhối điều khiển trên PostgreSQL / The control plane on PostgreSQL", flush=True)
    from tests.servers import running_postgres

    with tempfile.TemporaryDirectory(prefix="lt-") as _, running_postgres() as url:
        on_postgresql = {**environment, "LIENTHONG_DATABASE_URL": url}
        failed |= pytest(["-q", "-m", "both_databases", *spread], on_postgresql)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
