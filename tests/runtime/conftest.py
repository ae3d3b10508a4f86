"""A real `lienthong start` on a data directory of its own, and a look at every process that belongs to it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from lienthong.cli.datadir import make_folders

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-c", "from lienthong.cli.main import main; main()", "start"]

PREPARE = """
from pathlib import Path
from lienthong.cli.preparing import keep_stamp, prepare
keep_stamp(Path({root!r}), demo=False, found=prepare(demo=False))
"""


def stretched(seconds: float) -> float:
    """This long on a machine of its own; longer where others want the processors too."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(seen: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for something, and say what did not come."""
    begun = time.monotonic()
    while not (value := seen()):
        assert time.monotonic() - begun < stretched(seconds), f"{what} did not come within {seconds} s"
        time.sleep(0.05)
    return value


class Installation:
    """A data directory, and what runs on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
        self.environment = {
            **kept,
            "LIENTHONG_DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "tests.runtime.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        self.started: subprocess.Popen[str] | None = None
        self.out = data.with_suffix(".out")

    def command(self, *options: str) -> list[str]:
        return [*START, "--data", str(self.data), "--port", str(self.port), "--no-demo", *options]

    def start(self, *options: str) -> float:
        """Start, and wait until it answers; returns after how long."""
        begun = time.monotonic()
        with self.out.open("w") as out:
            self.started = subprocess.Popen(
                self.command(*options),
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        until(self.answers, 60, f"an answer of /healthz ({self.out})")
        return time.monotonic() - begun

    def answers(self) -> bool:
        assert self.started is not None
        assert self.started.poll() is None, self.out.read_text()
        return self.is_up()

    def is_up(self) -> bool:
        try:
            status, body = self.healthz("localhost")
        except OSError:
            return False
        return status == 200 and json.loads(body)["status"] == "ok"

    def healthz(self, host: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=stretched(5))) as connection:
            connection.request("GET", "/healthz", headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def refusal(self, *options: str) -> str:
        """What a start that must be refused says."""
        done = subprocess.run(
            self.command(*options),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=stretched(30),
            check=False,
        )
        assert done.returncode == 2, done.stdout + done.stderr
        return done.stderr

    def processes(self) -> dict[int, str]:
        """Every process with this data directory in its environment."""
        mark = f"LIENTHONG_DATA_DIR={self.data}\0".encode()
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                try:
                    if mark in (folder / "environ").read_bytes():
                        found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
                except OSError:
                    continue
        return found

    def process(self, name: str) -> int:
        """The first process of one child."""
        return min(pid for pid, line in self.processes().items() if f" {name} " in f"{line} ")

    def end(self, number: signal.Signals) -> float:
        """Send a signal to the whole group, as a terminal does; returns after how long nothing was left."""
        assert self.started is not None
        begun = time.monotonic()
        os.killpg(self.started.pid, number)
        self.started.wait(stretched(15))
        until(lambda: not self.processes(), 15, "the end of all processes")
        return time.monotonic() - begun

    def run(self, code: str) -> str:
        """Run some code in the product's own environment."""
        setup = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def row(self, query: str, *values: object) -> Any:
        with closing(
            sqlite3.connect(f"file:{self.data}/control.db?mode=ro", uri=True, timeout=10)
        ) as database:
            return database.execute(query, values).fetchone()

    def job(self, job_id: str) -> dict[str, Any]:
        columns = ("state", "interruptions", "crashes", "retries", "result", "error_code")
        row = self.row(f"SELECT {', '.join(columns)} FROM jobs_job WHERE id = ?", job_id)
        return dict(zip(columns, row, strict=True))


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory on which everything was prepared, as a first start leaves it."""
    made = Installation(tmp_path_factory.mktemp("prepared") / "data")
    make_folders(made.data)
    made.run(PREPARE.format(root=str(made.data)))
    return made.data


@pytest.fixture
def installation(tmp_path: Path, prepared_data: Path) -> Iterator[Installation]:
    made = Installation(Path(shutil.copytree(prepared_data, tmp_path / "data")))
    with running(made):
        yield made


@pytest.fixture
def empty_installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "data")
    with running(made):
        yield made


@contextmanager
def running(made: Installation) -> Iterator[None]:
    """Whatever happens, nothing is left of it."""
    try:
        yield
    finally:
        for pid in made.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if made.started is not None:
            made.started.wait(stretched(10))
