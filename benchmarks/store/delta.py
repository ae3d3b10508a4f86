"""The same loads and changes with delta-rs, its change feed on: `python delta.py FOLDER`; prints what it took as JSON."""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake

KEY = "so_thu_tu"


def cpu() -> float:
    """Processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Load once, then merge every change file."""
    given = Path(sys.argv[1])
    table = given / "delta"
    shutil.rmtree(table, ignore_errors=True)
    base = pq.read_table(given / "base.parquet")
    began, clock = cpu(), time.perf_counter()
    write_deltalake(str(table), base, configuration={"delta.enableChangeDataFeed": "true"})
    told = {"load": {"cpu": cpu() - began, "wall": time.perf_counter() - clock}}
    del base
    taken: dict[str, list[tuple[float, float]]] = {}
    grown = []
    for path in sorted(given.glob("changes-*.parquet"), key=lambda path: path.stem.rsplit("-", 1)[1]):
        share = path.stem.split("-")[1]
        rows = pq.read_table(path)
        before = weight(table)
        began, clock = cpu(), time.perf_counter()
        merge = DeltaTable(str(table)).merge(
            rows, predicate=f"t.{KEY} = s.{KEY}", source_alias="s", target_alias="t"
        )
        merge.when_matched_update_all().when_not_matched_insert_all().execute()
        taken.setdefault(share, []).append((cpu() - began, time.perf_counter() - clock))
        if share == "1%":
            grown.append(weight(table) - before)
    for share, costs in taken.items():
        told[f"publish {share}"] = {
            "cpu": statistics.median(cost[0] for cost in costs),
            "wall": min(cost[1] for cost in costs),
        }
    told["disk"] = {"version": statistics.median(grown)}
    print(json.dumps(told))


def weight(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
