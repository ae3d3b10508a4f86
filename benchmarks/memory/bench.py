"""Whether memory stays flat: the most that a process held while it moved many rows, beside what it held for a tenth of them.

Exports of a version from its replica, first loads of a copy from PostgreSQL, and the proof that both are equal, each a
process of its own. Ours is the peak for the many rows, the peer the same work on a tenth, the limit a process that has
loaded the libraries and does nothing: a ratio beside the peer of 1 says that nothing grows with the rows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measuring import Case, Tools, figure, run
from benchmarks.store.citizens import KEY, ROWS, TABLE, fill
from benchmarks.sync.costs import Server

HERE = Path(__file__).parent
TENTH = ROWS // 10
# A workbook takes 1,048,575 rows.
WORKBOOK = ROWS // 2
FORMATS = ("csv", "ndjson", "parquet", "xlsx")


def cases(tools: Tools) -> list[Case]:
    """Nothing is run in turns: a peak hardly varies."""
    return []


def figures(tools: Tools) -> list[dict[str, Any]]:
    """The peaks in megabytes."""
    from tests.servers import running_postgres

    with running_postgres() as url:
        bench = Bench(tools, Server(url))
        return [*bench.exports(), *bench.copies()]


class Bench:
    """The tables of both sizes, and where files lie."""

    def __init__(self, tools: Tools, server: Server) -> None:
        self.folder = tools.data / "memory"
        self.folder.mkdir(exist_ok=True)
        self.own = str(tools.own_program("python"))
        self.server = server
        self.sources = {}
        for rows in (TENTH, WORKBOOK, ROWS):
            self.sources[rows] = server.database(f"source_{rows}")
            with psycopg.connect(self.sources[rows]) as session:
                fill(session, rows=rows)
        self.least = {act: self.peak(0, "nothing", act) for act in ("export", "sync", "reconcile")}

    def exports(self) -> list[dict[str, Any]]:
        """A whole version as each kind of file."""
        replicas = {}
        for rows, source in self.sources.items():
            command = [self.own, str(HERE / "made.py"), str(self.folder / str(rows)), source, TABLE, KEY]
            replicas[rows] = run(command)[1].strip().splitlines()[-1]
        found = []
        for form in FORMATS:
            most = WORKBOOK if form == "xlsx" else ROWS
            peaks = [
                self.peak(rows, "export", replicas[rows], form, str(self.folder / f"taken.{form}"))
                for rows in (most, TENTH)
            ]
            found.append(self.told(f"export {form}", most, peaks, "export"))
        return found

    def copies(self) -> list[dict[str, Any]]:
        """First loads, and the proof after them."""
        targets = {
            "pg to pg": {rows: self.server.database(f"copy_{rows}") for rows in (ROWS, TENTH)},
            "pg to sqlite": {rows: f"sqlite:///{self.folder / f'{rows}.sqlite'}" for rows in (ROWS, TENTH)},
        }
        found = []
        for what, urls in targets.items():
            for act, name in (("sync", "sync initial"), ("reconcile", "prove equal")):
                peaks = [
                    self.peak(rows, act, self.sources[rows], urls[rows], TABLE, KEY) for rows in (ROWS, TENTH)
                ]
                found.append(self.told(f"{name} {what}", ROWS, peaks, act))
        return found

    def peak(self, rows: int, *words: str) -> float:
        """The most memory of one process, in megabytes; it must have moved so many rows."""
        cost, answer = run([self.own, str(HERE / "work.py"), *words])
        assert int(answer.strip().splitlines()[-1]) == rows, answer
        print(f"{words[0]} {rows}: {cost.memory / 1e6:.0f} MB, {cost.cpu:.1f} CPU s", flush=True)
        return cost.memory / 1e6

    def told(self, what: str, rows: int, peaks: list[float], act: str) -> dict[str, Any]:
        """One figure."""
        ours, tenth, least = *peaks, self.least[act]
        named = f"the same, {TENTH:,} rows instead of {rows:,}"
        limit = (least, "the libraries loaded, nothing done")
        return figure(f"{what} peak memory", "MB", ours, (tenth, named), limit, digits=1)


if __name__ == "__main__":
    print(json.dumps(figures(Tools()), indent=1, ensure_ascii=False), file=sys.stdout)
