"""Key look-ups and pages of 100 rows in a second, out of two million rows, beside Datasette.

Ours is the product's gateway on one granian worker with everything on: the key of an account and its grant, masks on two
columns, the quota, and a row of the sharing log for each call. Datasette serves the same rows of an immutable file, open to
all. The limit is a bare handler on granian: the same query, the same JSON, nothing else. All are asked by the same client for
the same time, in turns; requests per second of the server's processor time stand beside those per second of the clock.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measuring import Tools, figure

HERE = Path(__file__).parent
ROWS = int(os.environ.get("BENCH_SERVED_ROWS", "2000000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
OURS, PEER, LIMIT = "ours", "peer", "limit"
ADDRESSES = {
    "keys": {
        OURS: "/chia-se/v1/cong-dan/{key}",
        PEER: "/peer/cong_dan/{key}.json?_shape=objects",
        LIMIT: "/key/{key}",
    },
    "pages": {
        OURS: "/chia-se/v1/cong-dan/?limit=100&so_dinh_danh__gt={key}",
        PEER: "/peer/cong_dan.json?_shape=objects&_size=100&_nocount=1&_nofacet=1&so_dinh_danh__gt={key}",
        LIMIT: "/page/{key}",
    },
}


def figures(tools: Tools) -> list[dict[str, Any]]:
    """`keys` and `pages`, per second of the clock and per second of the server's processor."""
    data = tools.data / f"serving-{ROWS}"
    for folder in ("store", "replicas", "evidence", "files", "keys", "tmp"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    settings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lienthong.settings.product",
        "LIENTHONG_DATA_DIR": str(data),
        "LIENTHONG_ALLOWED_HOSTS": "*",
    }
    world = [sys.executable, "-m", "benchmarks.store.serving_world", str(data), str(ROWS)]
    told = json.loads(
        subprocess.run(
            world, env=settings, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.splitlines()[-1]
    )
    replica = next((data / "replicas").glob("dataset_*.sqlite"))
    datasette = tools.peer_python("datasette").parent / "datasette"
    header = f"Authorization: Bearer {told['key']}"
    lifeline, kept = os.pipe()
    ports = {role: _free_port() for role in (OURS, PEER, LIMIT)}
    ours = [sys.executable, "-m", "lienthong.cli.children", "--lifeline", str(lifeline), "web"]
    ours += ["--host", "127.0.0.1", "--port", str(ports[OURS]), "--workers", "1"]
    peer = [str(datasette), "serve", "-i", str(data / "peer.db"), "-p", str(ports[PEER]), "-h", "127.0.0.1"]
    limit = [sys.executable, "-m", "benchmarks.store.serving_bare", str(replica), str(ports[LIMIT])]
    commands = {OURS: (ours, settings), PEER: (peer, dict(os.environ)), LIMIT: (limit, dict(os.environ))}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with running(commands, ports, pass_fds=(lifeline,)) as servers:
        for turn in range(TURNS + 1):
            for what, addresses in ADDRESSES.items():
                for role, address in addresses.items():
                    speed = _measured(servers[role], ports[role], address, header if role == OURS else "")
                    if turn:  # the first turn warms up
                        found.setdefault((what, role), []).append(speed)
    os.close(kept)
    return [_figure(what, found, by) for what in ADDRESSES for by in (0, 1)]


def _figure(what: str, found: dict[tuple[str, str], list[tuple[float, float]]], by: int) -> dict[str, Any]:
    ours, peer, limit = (
        statistics.median(one[by] for one in found[what, role]) for role in (OURS, PEER, LIMIT)
    )
    return figure(
        what if by == 0 else f"{what} per CPU second", "requests/s", ours,
        (peer, "Datasette 0.65.5, immutable, no count"), (limit, "the same query and JSON on granian, bare"), digits=1,
    )  # fmt: skip


def _measured(server: subprocess.Popen[bytes], port: int, address: str, header: str) -> tuple[float, float]:
    """Requests per second of the clock, and per second of the server's processor."""
    client = [sys.executable, str(HERE / "serving_load.py"), str(port), address, "--rows", str(ROWS)]
    client += ["--seconds", str(SECONDS), *(["--header", header] if header else [])]
    before = _processor(server.pid)
    done = json.loads(subprocess.run(client, stdout=subprocess.PIPE, text=True, check=True).stdout)
    time.sleep(0.3)  # what is written afterwards counts too
    spent = _processor(server.pid) - before
    if done["refused"]:
        raise SystemExit(f"{done['refused']} of {done['requests']} were refused: {address}")
    return done["requests"] / done["seconds"], done["requests"] / spent


def _processor(root: int) -> float:
    """Seconds of processor that a process and its children have taken."""
    total = 0
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(parts[11]) + int(parts[12])
        for task in Path(f"/proc/{pid}/task").iterdir():
            waiting += map(int, (task / "children").read_text().split())
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    commands: dict[str, tuple[list[str], dict[str, str]]], ports: dict[str, int], *, pass_fds: tuple[int, ...]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The servers, until they answer and while they are asked."""
    servers: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for role, (command, settings) in commands.items():
            servers[role] = subprocess.Popen(
                command,
                env=settings,
                pass_fds=pass_fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        for role, port in ports.items():
            _wait_for(servers[role], port)
        yield servers
    finally:
        for server in servers.values():
            server.terminate()
        for server in servers.values():
            server.wait(20)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"{server.args} ended with {server.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{server.args} does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
