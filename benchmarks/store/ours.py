"""Load, publish and weigh with our own store, beside raw COPY; prints what it took as JSON: `python -m benchmarks.store.ours FOLDER`."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import psycopg

from benchmarks.store.citizens import KEY, ROWS, TABLE, fill
from lienthong.engine.profile.measuring import Depth, profile_relation
from lienthong.engine.session import Limits
from lienthong.engine.shapes import Table
from lienthong.engine.sources import open_source
from lienthong.engine.sources.copying import rows_of
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.versions import Staged
from tests.servers import running_postgres

TURNS = 3
SHARES = {"1%": 100, "0.1%": 1000}


class Meter:
    """Processor seconds of this process and of a PostgreSQL server, and wall seconds, of each piece of work."""

    def __init__(self, port: int | None) -> None:
        self._server = _postmaster(port) if port else None
        self.taken: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        """Note what the work within takes."""
        cpu, began = self._cpu(), time.perf_counter()
        yield
        self.taken.setdefault(what, []).append((self._cpu() - cpu, time.perf_counter() - began))

    def cpu(self, what: str) -> float:
        """The median of the processor seconds."""
        return statistics.median(cpu for cpu, _ in self.taken[what])

    def wall(self, what: str) -> float:
        """The least of the wall seconds: what the machine did beside it only adds."""
        return min(wall for _, wall in self.taken[what])

    def _cpu(self) -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime + (_cpu_of(self._server) if self._server else 0.0)


def _postmaster(port: int) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"/postgres") and str(port).encode() in words:
            return int(folder.name)
    raise RuntimeError("the server is not among the processes")


def _cpu_of(server: int) -> float:
    """Of the server and all its sessions, those that ended included."""
    total = 0
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for pid, fields in ((str(server), slice(11, 15)), *((child, slice(11, 13)) for child in children)):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, stat[fields]))
    return total / os.sysconf("SC_CLK_TCK")


def raw_copy(session: psycopg.Connection) -> None:
    """The least that anybody must do: take all rows from the server and drop them."""
    with session.cursor().copy(f"COPY {TABLE} TO STDOUT".encode()) as rows:
        for _ in rows:
            pass


def profiled(staged: Staged) -> None:
    """A check that takes the whole profile of what waits."""
    table = Table(staged.table, staged.columns, staged.key)
    found = profile_relation(
        staged.cursor, staged.relation, table=staged.table, columns=staged.columns, declared=table,
        depth=Depth(100_000), workers=os.cpu_count() or 1,
    )  # fmt: skip
    assert found.rows == ROWS


def loading(url: str, folder: Path, meter: Meter) -> None:
    """PostgreSQL to a first version, in turns with raw COPY; the last of the stores stays."""
    with psycopg.connect(url) as session, open_source(url, limits=Limits(connections=3)) as source:
        for turn in range(TURNS + 1):
            seen = meter if turn else Meter(None)
            with seen.measured("copy"):
                raw_copy(session)
            for what, checks in (("load profile", [profiled]), ("load", [])):
                shutil.rmtree(folder, ignore_errors=True)
                store = DuckLakeStore(folder, memory="2GB")
                assert store.tables() == ()
                rows = rows_of(source, TABLE)
                with seen.measured(what):
                    version = store.publish(TABLE, full=rows, key=(KEY,), checks=checks)
                assert version.rows == ROWS
                store.close()


def publishing(folder: Path, given: Path, meter: Meter) -> dict[str, float]:
    """Changes spread over all keys, one version each; the change files stay for the peer. Bytes of a copy and of a version."""
    store = DuckLakeStore(folder, memory="2GB")
    files = store.files(TABLE, 1)
    names = [str(path) for path in files]
    whole, each = _bytes(folder), []
    for turn in range(TURNS):
        for share, every in SHARES.items():
            path = given / f"changes-{share}-{turn}.parquet"
            with duckdb.connect() as connection:
                connection.execute(
                    f"COPY (SELECT * EXCLUDE (_hash) REPLACE ('Chuyển đến lần {turn}, đợt {every}, số ' || {KEY} % 977 AS dia_chi, "
                    f"TIMESTAMP '2027-01-0{turn + 1}' AS sua_luc) FROM read_parquet({names}) WHERE "
                    f"hash({KEY} + {turn}) % {every} = 0 UNION ALL SELECT * EXCLUDE (_hash) REPLACE ({KEY} + "
                    f"{10_000_000 + turn * 100_000 + every} AS {KEY}) FROM read_parquet({names}) "
                    f"WHERE {KEY} <= {20_000 // every}) TO '{path}'"
                )
                rows = connection.execute(f"SELECT 'update' AS _change, * FROM '{path}'").to_arrow_table()
            before = _bytes(folder)
            with meter.measured(f"publish {share}"):
                version = store.publish(TABLE, changes=rows)
            assert version.updated + version.inserted == rows.num_rows
            if share == "1%":
                each.append(_bytes(folder) - before)
            with meter.measured(f"written {share}"), duckdb.connect() as connection:
                changed = connection.from_arrow(rows)
                changed.write_parquet(str(given / "least.parquet"), compression="zstd")
    store.close()
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * EXCLUDE (_hash) FROM read_parquet({names})) TO '{given / 'base.parquet'}' (COMPRESSION zstd)"
        )
    return {"copy": whole, "version": statistics.median(each)}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file())


def main() -> None:
    """Measure all of it."""
    given = Path(sys.argv[1])
    shutil.rmtree(given, ignore_errors=True)
    given.mkdir(parents=True)
    with running_postgres() as url:
        with psycopg.connect(url) as session:
            fill(session)
        meter = Meter(urlsplit(url).port)
        loading(url, given / "store", meter)
    alone = Meter(None)
    disk = publishing(given / "store", given, alone)
    told: dict[str, Any] = {"disk": disk}
    for one in (meter, alone):
        told |= {what: {"cpu": one.cpu(what), "wall": one.wall(what)} for what in one.taken}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
