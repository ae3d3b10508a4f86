"""Clusters on this machine: a Spark master with two worker processes, and a server of Spark Connect."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WORKERS = 2
_WAIT_SECONDS = 120


@contextmanager
def spark_master(folder: Path) -> Iterator[str]:
    """The address of a master to which two workers, each a process of its own, have reported."""
    import pyspark

    home = Path(pyspark.__file__).parent
    conf = folder / "conf"
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(
        "spark.driver.host 127.0.0.1\nspark.driver.bindAddress 127.0.0.1\nspark.sql.shuffle.partitions 4\n"
        "spark.executor.memory 800m\nspark.executor.cores 1\nspark.driver.memory 800m\n"
    )
    # What Spark looks for beside its programs when it was installed as a package of Python.
    os.environ |= {
        "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.13", "SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1",
    }  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []

    def started(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as out:
            running.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *arguments],
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            )
        return log

    try:
        master = started("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0",
                         "--webui-port", "0")  # fmt: skip
        address = _seen(master, r"(spark://127\.0\.0\.1:\d+)")
        logs = [
            started(f"worker-{number}", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
                    "--memory", "1g", "--webui-port", "0", "--work-dir", str(folder / f"work-{number}"), address)
            for number in range(WORKERS)
        ]  # fmt: skip
        for log in logs:
            _seen(log, r"(Successfully registered with master)")
        yield address
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            process.wait(30)


def executors_used(folder: Path) -> int:
    """On how many workers executors have run."""
    return sum(1 for number in range(WORKERS) if list((folder / f"work-{number}").glob("app-*/*")))


@contextmanager
def connect_double() -> Iterator[str]:
    """The address of a server of Spark Connect that runs in this process."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()


def _seen(log: Path, pattern: str) -> str:
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        found = re.search(pattern, log.read_text("utf-8", errors="replace"))
        if found:
            return found.group(1)
        time.sleep(0.2)
    raise SystemExit(f"did not start: {log.read_text('utf-8', errors='replace')[-2000:]}")
