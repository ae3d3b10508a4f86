"""Ask the pages of one server, over and over, in the process that serves them; JSON on standard output.

`python -m benchmarks.catalogue.pages --databases 100000 --rounds 40` with the settings of the product in the environment.
What a page takes is the processor's time of this process and, with PostgreSQL, of the server process at the other end of
the connection: a busy machine does not lengthen it. Wall clock is told beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from lienthong.cli.children import load_application

DESK = "/lam-viec/csdl/"
WORDS = ("ho tich", "đất đai", "giấy phép xây", "bao hiem", "CSDL", "quan ly")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--databases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="")
    parser.add_argument("--explain", action="store_true")
    asked = parser.parse_args()
    django.setup()
    _prepare(asked.databases)
    # The pages as the serving process loads them.
    load_application()
    answers = [
        _measured(name, ask, asked.rounds, explain=asked.explain)
        for name, ask in _pages(asked.rounds).items()
        if re.search(asked.only, name)
    ]
    print(json.dumps(answers))


def _prepare(databases: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from lienthong.catalogue.models import Database
    from lienthong.law.commands import load_law

    from .data import fill

    out = sys.stderr
    call_command("migrate", verbosity=0, stdout=out)
    call_command("createcachetable", verbosity=0, stdout=out)
    call_command("collectstatic", verbosity=0, interactive=False, stdout=out)
    load_law()
    if not Database.objects.exists():
        begun = time.perf_counter()
        fill(databases)
        print(f"{databases} databases in {time.perf_counter() - begun:.0f} s, {connection.vendor}", file=out)


def _pages(rounds: int) -> dict[str, Callable[[int], Any]]:
    """What is asked: by whom, which page; the number of the turn picks another filter, word or database."""
    from django.test import Client

    from lienthong.catalogue.models import Database
    from lienthong.foundation.accounts.models import User

    people = ("cntt", "nguoi-dung-dau", "chu-quan", "dau-moi", "dieu-phoi", "giu-mat")
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
    visitor = Client()
    province = list(
        Database.objects.filter(owner__code="K00", is_secret=False)
        .order_by("?")[:rounds]
        .values_list("code", flat=True)
    )
    department = list(
        Database.objects.filter(managing_unit__code="K00.03", is_secret=False).values_list("code", flat=True)[
            :rounds
        ]
    )
    everywhere = list(
        Database.objects.filter(is_secret=False, pk__lte=rounds * 50).values_list("code", flat=True)[::40]
    )
    deep = {name: _deep(client) for name, client in clients.items()}

    def of(client: Any, paths: list[str]) -> Callable[[int], Any]:
        return lambda turn: client.get(paths[turn % len(paths)])

    found: dict[str, Callable[[int], Any]] = {}
    for name in ("cntt", "chu-quan", "dieu-phoi", "dau-moi"):
        client = clients[name]
        found[f"list, {name}"] = of(client, [DESK])
        found[f"list deep, {name}"] = of(client, [f"{DESK}?sau={code}" for code in deep[name]])
        found[f"list by class, {name}"] = of(
            client, [f"{DESK}?loai={tier}" for tier in ("local", "sector", "national")]
        )
        found[f"list by state, {name}"] = of(
            client, [f"{DESK}?danh-muc={state}" for state in ("declared", "issued", "not_declared")]
        )
        found[f"list by words, {name}"] = of(
            client, [f"{DESK}?q={word}" for word in (*WORDS, "khong co gi", "DB777")]
        )
        found[f"search, {name}"] = of(client, [f"/lam-viec/tim/?q={word}" for word in WORDS])
    found["file, cntt"] = of(clients["cntt"], [f"{DESK}{code}/" for code in province])
    found["file, nguoi-dung-dau"] = of(clients["nguoi-dung-dau"], [f"{DESK}{code}/" for code in province])
    found["file, chu-quan"] = of(clients["chu-quan"], [f"{DESK}{code}/" for code in department])
    found["file, dieu-phoi"] = of(clients["dieu-phoi"], [f"{DESK}{code}/" for code in everywhere])
    found["columns, cntt"] = of(clients["cntt"], [f"{DESK}{code}/cot/" for code in province])
    found["history, cntt"] = of(clients["cntt"], [f"{DESK}{code}/lich-su/" for code in province])
    found["public catalogues"] = of(visitor, ["/danh-muc/"])
    found["public catalogue of a province"] = of(visitor, [f"/danh-muc/K{top:02d}/1/" for top in range(20)])
    found["public search"] = of(visitor, [f"/tim-kiem/?q={word}" for word in WORDS])
    return found


def _deep(client: Any) -> list[str]:
    """Codes from which pages of the list go on, far into it."""
    from django.utils import timezone

    from lienthong.agencies.acting import actor_for
    from lienthong.agencies.queries import posts_on
    from lienthong.catalogue.access import databases_visible_to

    user = client.session["_auth_user_id"]
    post = posts_on(user, timezone.localdate())[0]
    from lienthong.foundation.accounts.actor import Actor

    actor = Actor(str(user), str(post.agency_id), frozenset({post.role}))
    rows = databases_visible_to(actor).order_by("sort_key", "pk")
    total = rows.count()
    del actor_for
    return (
        [rows.values_list("code", flat=True)[total * part // 10] for part in (5, 8, 9)]
        if total > 20
        else [""]
    )


class Clock:
    """Processor time of this process and of the server process that answers its connection, in milliseconds."""

    def __init__(self) -> None:
        from django.db import connection

        self.backend: Path | None = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def now(self) -> float:
        server = int(self.backend.read_text().split()[0]) if self.backend else 0
        return (time.process_time_ns() + server) / 1e6


def _measured(name: str, ask: Callable[[int], Any], rounds: int, *, explain: bool) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for turn in range(3):
        ask(turn)
    clock = Clock()
    processor, wall = [], []
    for turn in range(rounds):
        begun, at = clock.now(), time.perf_counter()
        answer = ask(turn)
        processor.append(clock.now() - begun)
        wall.append((time.perf_counter() - at) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}")
    worst = processor.index(max(processor))
    with CaptureQueriesContext(connection) as asked:
        ask(worst)
    slowest = max(
        asked.captured_queries, key=lambda query: float(query["time"]), default={"time": "0", "sql": ""}
    )
    limit = _bare(slowest["sql"], rounds, clock)
    answer = {
        "page": name, "p50": _part(processor, 50), "p95": _part(processor, 95), "max": round(max(processor), 1),
        "wall p95": _part(wall, 95), "queries": len(asked), "bytes": len(ask(worst).content), "bare SQL": limit,
    }  # fmt: skip
    told = " ".join(f"{key} {value}" for key, value in answer.items())
    print(told, file=sys.stderr, flush=True)
    if explain:
        for query in sorted(asked.captured_queries, key=lambda query: -float(query["time"]))[:4]:
            print("   ", query["time"], query["sql"][:900], file=sys.stderr)
    return answer


def _bare(sql: str, rounds: int, clock: Clock) -> float:
    """The slowest query of the page alone, in the database's own words: what no page around it can be faster than."""
    from django.db import connection

    if not sql.upper().lstrip().startswith("SELECT"):
        return 0.0
    taken = []
    with connection.cursor() as cursor:
        for _turn in range(min(rounds, 10)):
            begun = clock.now()
            # What was captured is the query with its values written in.
            (cursor.connection if connection.vendor == "sqlite" else cursor.cursor).execute(
                sql.replace("%", "%")
            ).fetchall()
            taken.append(clock.now() - begun)
    return round(statistics.median(taken), 2)


def _part(values: list[float], percent: int) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))], 1)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")
    main()
