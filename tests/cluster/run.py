"""The same work by DuckDB, by Spark with two workers and by a server of Spark Connect: `python -m tests.cluster.run`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.clusters.digesting import digest_files
from lienthong.engine.clusters.measuring import (
    ABOUT,
    ColumnMeasures,
    asked_of,
    measure_here,
    measure_on,
    read_here,
)
from lienthong.engine.clusters.opening import ClusterAddress, open_cluster
from lienthong.engine.store.ducklake import DuckLakeStore
from tests.cluster.conditions import conditions_on
from tests.cluster.hostile import TABLE, publish
from tests.cluster.starting import connect_double, executors_used, spark_master

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "same-on-a-cluster.md"
RESULT = Path(__file__).parent / "result.json"
ROWS = 100_000
KEY = b"a key for trials, known to all of them"
ENGINES = {"spark": "Spark, master + 2 workers", "connect": "Spark Connect double (Sail)"}


def main() -> None:
    """Publish the table, let every engine work on it, compare, and write down what they gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--only", choices=sorted(ENGINES))
    parser.add_argument("--work", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        _work(asked.work[0], Path(asked.work[1]))
        return
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        root = Path(folder)
        store = publish(root / "kho", asked.rows)
        versions = store.versions(TABLE)
        files = [len(store.files(TABLE, one.number)) for one in versions]
        assert all(store.proved(TABLE, one.number) for one in versions)
        with duckdb.connect() as connection:
            paths = store.files(TABLE)
            columns = asked_of(connection, paths, TABLE, versions[-1].columns)
            here = measure_here(connection, read_here(paths), columns, key=KEY)
        store.close()
        given: dict[str, dict[str, Any]] = {}
        for engine in ENGINES if asked.only is None else [asked.only]:
            began = time.monotonic()
            subprocess.run([sys.executable, "-m", "tests.cluster.run", "--work", engine, folder], check=True)
            given[engine] = json.loads((root / f"{engine}.json").read_text("utf-8"))
            print(f"{engine}: {time.monotonic() - began:.0f} s", flush=True)
    digests = [
        {"version": one.number, "rows": one.rows, "files": number, "duckdb": one.digest}
        | {engine: told["digests"][str(one.number)] for engine, told in given.items()}
        for one, number in zip(versions, files, strict=True)
    ]
    measures = [
        _compared(one, {engine: told["columns"][one.name] for engine, told in given.items()}) for one in here
    ]
    equal = all(len({row["duckdb"], *(row[engine] for engine in given)}) == 1 for row in digests)
    equal = equal and all(row["equal"] for row in measures)
    for engine, told in given.items():
        print(engine, told["conditions"])
        equal = equal and not told["conditions"]["differing"]
    for row in [*digests, *measures]:
        print(row)
    if asked.rows >= ROWS and asked.only is None and equal:
        _written(digests, measures, given)
    print("EQUAL" if equal else "NOT EQUAL")
    sys.exit(0 if equal else 1)


def _work(engine: str, root: Path) -> None:
    """What one engine gives, written beside the store; a session of its own, since one process has one kind of it."""
    scratch = root / engine
    scratch.mkdir()
    store = DuckLakeStore(root / "kho")
    opening = spark_master(scratch) if engine == "spark" else connect_double()
    with (
        opening as url,
        open_cluster(ClusterAddress("master" if engine == "spark" else "remote", url)) as cluster,
    ):
        digests = {
            one.number: str(digest_files(cluster, store.files(TABLE, one.number), one.native_columns()))
            for one in store.versions(TABLE)
        }
        paths = store.files(TABLE)
        with duckdb.connect() as connection:
            columns = asked_of(connection, paths, TABLE, store.version(TABLE).columns)
        measured = measure_on(cluster, paths, columns, key=KEY)
        conditions = conditions_on(cluster, scratch)
        workers = executors_used(scratch) if engine == "spark" else 1
    store.close()
    told = {
        "digests": digests,
        "columns": {one.name: _form(one) for one in measured},
        "workers": workers,
        "conditions": conditions,
    }
    (root / f"{engine}.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _form(one: ColumnMeasures) -> dict[str, Any]:
    return {"exact": json.loads(json.dumps(one.exact(), default=_shown)), "about": one.about_distinct}


def _shown(value: object) -> str:
    # Drivers give bytes as bytes or as views of them, and both are told alike here.
    return bytes(value).hex() if isinstance(value, (bytes, bytearray, memoryview)) else str(value)


def _compared(here: ColumnMeasures, there: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    exact = _form(here)["exact"]
    distinct = int(here.measures["distinct"])
    about = {engine: told["about"] for engine, told in there.items()}
    # Four standard errors: of a hundred thousand columns, six would be outside by chance.
    within = all(
        told is None or abs(told - distinct) <= max(2, 4 * ABOUT * distinct) for told in about.values()
    )
    differing = {
        engine: [(ours, theirs) for ours, theirs in zip(exact, told["exact"], strict=True) if ours != theirs]
        for engine, told in there.items()
        if told["exact"] != exact
    }
    return {
        "column": here.name,
        "measures": len(here.measures),
        "rules": len(here.rules),
        "broken": sum(1 for count in here.rules.values() if count),
        "sketch": len(here.sketch),
        "distinct": distinct,
        "about": about,
        "equal": within and not differing,
    } | ({"differing": differing} if differing else {})


def _written(digests: list[dict[str, Any]], measures: list[dict[str, Any]], given: Mapping[str, Any]) -> None:
    day = dt.date.today().isoformat()
    result = {
        "date": day, "cores": os.cpu_count(), "digests": digests, "columns": measures,
        "workers": {engine: told["workers"] for engine, told in given.items()},
        "conditions": {engine: told["conditions"] for engine, told in given.items()},
    }  # fmt: skip
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    lines = [
        "# The same on a cluster",
        "",
        f"Written by `make test-cluster` on {day}. DuckDB on one machine, Spark 4 with a master and "
        f"{given['spark']['workers']} worker processes, and a server of Spark Connect (Sail) worked on three versions of one hostile table: NFD "
        "beside NFC, trailing and strange spaces, emoji, decimals of 38 digits, doubles with 17 digits, infinities, days before 1582 and "
        "after 9999, zones, the largest integers, empty texts and bytes, JSON. Version 2 adds a file, version 3 changes and removes rows.",
        "",
        "| version | rows | files | digest by DuckDB | Spark | Spark Connect |",
        "|---|---|---|---|---|---|",
    ]
    for row in digests:
        told = " | ".join(
            "same" if row[engine] == row["duckdb"] else f"**{row[engine]}**" for engine in ENGINES
        )
        lines.append(f"| {row['version']} | {row['rows']:,} | {row['files']} | `{row['duckdb']}` | {told} |")
    lines += [
        "",
        f"Every condition of the rules was asked of {given['spark']['conditions']['values']} texts one by one "
        f"({given['spark']['conditions']['asked']} answers each): the same from all.",
        "",
        "Measures, rules and sketches of version 3. All exact ones were the same on the three; the fast count of distinct values has a "
        f"standard error of {ABOUT:.0%}.",
        "",
        "| column | measures | rules | of them broken | hashes of the sketch | distinct | fast count: Spark | Spark Connect |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in measures:
        about = " | ".join(
            "–" if row["about"][engine] is None else f"{row['about'][engine]:,}" for engine in ENGINES
        )
        lines.append(
            f"| `{row['column']}` | {row['measures']} | {row['rules']} | {row['broken']} | {row['sketch']} | "
            f"{row['distinct']:,} | {about} |"
        )
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
