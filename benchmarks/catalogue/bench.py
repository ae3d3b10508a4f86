"""Lists, search and files of 100,000 databases with 1,000,000 columns, on SQLite and on PostgreSQL.

`peer` is what is asked: 60 ms of server time at the 95th percentile. `limit` is the slowest query of the page, bare.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.measuring import Case, Tools, figure

ASKED = 60.0
DATABASES = os.environ.get("BENCH_DATABASES", "100000")
ROUNDS = os.environ.get("BENCH_ROUNDS", "40")


def cases(tools: Tools) -> list[Case]:
    """Nothing is run as a command: pages are asked in the process that serves them."""
    return []


def figures(tools: Tools) -> list[dict[str, Any]]:
    """Each page on each server: processor time at the 95th percentile, beside what is asked and the bare query."""
    from tests.servers import running_postgres

    found = []
    for server in ("SQLite", "PostgreSQL"):
        data = tools.data / f"catalogue-{server.casefold()}"
        with running_postgres() if server == "PostgreSQL" else nullcontext("") as url:
            found += [_figure(server, page) for page in _asked(data, url)]
    return found


def _asked(data: Path, url: str) -> list[dict[str, Any]]:
    for folder in ("store", "replicas", "evidence", "files", "keys", "tmp"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    settings = {
        "DJANGO_SETTINGS_MODULE": "lienthong.settings.product",
        "LIENTHONG_DATA_DIR": str(data),
        "LIENTHONG_ALLOWED_HOSTS": "*",
    }
    if url:
        settings["LIENTHONG_DATABASE_URL"] = url
    command = [
        sys.executable,
        "-m",
        "benchmarks.catalogue.pages",
        "--databases",
        DATABASES,
        "--rounds",
        ROUNDS,
    ]
    done = subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True, check=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return answers


def _figure(server: str, page: dict[str, Any]) -> dict[str, Any]:
    limit = max(page["bare SQL"], 0.01)
    asked = f"asked; p50 {page['p50']}, max {page['max']}, {page['queries']} queries"
    return figure(
        f"{page['page']}, {server}, p95",
        "ms",
        page["p95"],
        (ASKED, asked),
        (limit, "its slowest query, bare"),
    )
