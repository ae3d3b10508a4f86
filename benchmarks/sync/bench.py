"""What is measured: two million rows from one PostgreSQL database to another, and a hundredth changed, with deletes.

Everything is asked of one server in one run. The peer follows a cursor and no deletes; ours tells changed rows by the
transactions that wrote them, and removed ones by their keys, without any help of the source. The limit is the bare pipe of COPY: all rows and the key, or the changed rows alone.
"""

from __future__ import annotations

import json
import shutil
import statistics
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measuring import Case, Tools, figure
from benchmarks.store.citizens import ROWS, TABLE, change, fill
from benchmarks.sync import proving
from benchmarks.sync.costs import Server

HERE = Path(__file__).parent
BACKEND = "connectorx"
DELETES = 200
MEMORY = "2GB"
"""What the server keeps of its tables: so much that they stay there, as its documentation wants it (a quarter of memory)."""
TURNS = 3
CHANGES = 5
"""How often a hundredth is changed: where a server tidies up between two runs, every other one costs more."""
Costs = dict[str, list[tuple[float, float]]]
PEER = f"dlt 1.31.0, {BACKEND}; no deletes"


def cases(tools: Tools) -> list[Case]:
    """Nothing is run as a command alone: the server's part counts as well."""
    return []


def figures(tools: Tools) -> list[dict[str, Any]]:
    """All figures, in processor seconds of command and server, and in wall seconds."""
    from tests.servers import running_postgres

    with running_postgres(shared_buffers=MEMORY) as url:
        server = Server(url)
        bench = Bench(tools, server)
        return [*bench.initial(), *bench.following(), *proving.figures(tools, bench)]


class Bench:
    """One source, and one target for each of the three."""

    def __init__(self, tools: Tools, server: Server) -> None:
        self.server = server
        self.folder = tools.data / "dlt"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.own, self.dlt = str(tools.own_program("python")), str(tools.peer_python("dlt"))
        self.source = server.database("source")
        self.targets = {role: server.database(f"target_{role}") for role in ("ours", "peer", "limit")}
        with psycopg.connect(self.source) as session:
            fill(session)

    def initial(self) -> list[dict[str, Any]]:
        """Everything, for the first time."""
        costs: Costs = {"ours": [], "peer": [], "limit": []}
        for turn in range(TURNS):
            self.targets["ours"] = self.server.database("target_ours")
            costs["ours"].append(self.cost(self.ours()))
            costs["limit"].append(self.cost(self.pipe("initial", "")))
            if turn == 0:
                # Minutes each: once.
                costs["peer"].append(self.cost(self.peer("initial")))
        self.require_equal()
        return told("sync initial", costs, PEER, "COPY binary pipe and key")

    def following(self) -> list[dict[str, Any]]:
        """A hundredth of the rows changed over all keys, some new, some gone; the first turn counts for nobody."""
        costs: Costs = {"ours": [], "peer": [], "limit": []}
        for turn in range(1, CHANGES + 2):
            with psycopg.connect(self.source) as session:
                change(session, turn=turn, deletes=DELETES)
            for url in (self.source, self.targets["ours"], self.targets["peer"]):
                with psycopg.connect(url, autocommit=True) as session:
                    session.execute(b"VACUUM ANALYZE")
            found = {
                "ours": self.cost(self.ours()),
                "peer": self.cost(self.peer("incremental")),
                "limit": self.cost(self.pipe("changed", f"2017-01-{1 + turn:02d}")),
            }
            self.require_equal()
            if turn > 1:
                for role, cost in found.items():
                    costs[role].append(cost)
        return told("sync 1%", costs, PEER, "COPY binary pipe of the changed rows")

    def ours(self) -> list[str]:
        return [self.own, str(HERE / "ours.py"), self.source, self.targets["ours"], TABLE]

    def peer(self, kind: str) -> list[str]:
        return [self.dlt, str(HERE / "dlt_run.py"), self.source, self.targets["peer"], TABLE, BACKEND, str(self.folder), kind]  # fmt: skip

    def pipe(self, kind: str, since: str) -> list[str]:
        return [self.own, str(HERE / "pipe.py"), self.source, self.targets["limit"], TABLE, kind, since]

    def cost(self, command: list[str]) -> tuple[float, float]:
        # Nobody pays for writing down what came before.
        with psycopg.connect(self.server.url, autocommit=True) as session:
            session.execute(b"CHECKPOINT")
        cpu, wall, answer = self.server.cost(command)
        print(f"{Path(command[1]).stem}: {cpu:.2f} CPU s, {wall:.2f} s {answer.strip()[:160]}", flush=True)
        if Path(command[1]).stem == "ours":
            counted = json.loads(answer)
            assert counted["inserted"] in (ROWS, ROWS // 10_000)
        return cpu, wall

    def require_equal(self) -> None:
        """A fast copy that is wrong counts for nothing: rows and hashes of both, asked independently."""
        sql = f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {TABLE} t"
        found = []
        for url in (self.source, self.targets["ours"]):
            with psycopg.connect(url) as session:
                found.append(session.execute(sql.encode()).fetchone())
        if found[0] != found[1]:
            raise SystemExit(f"the copy is wrong: {found}")


def told(what: str, costs: Costs, peer: str, limit: str) -> list[dict[str, Any]]:
    """The medians and ratios of one figure."""
    figures = []
    for place, (name, unit) in enumerate(((what, "CPU s"), (f"{what} wall", "s"))):
        ours, theirs, least = (
            statistics.median(cost[place] for cost in costs[role]) for role in ("ours", "peer", "limit")
        )
        figures.append(figure(name, unit, ours, (theirs, peer), (least, limit)))
    return figures
