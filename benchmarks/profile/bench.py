"""What is measured: the command line as people call it, beside SUMMARIZE, ydata-profiling and Great Expectations.

Ours counts everything exactly over all rows and evaluates more than twenty rules of quality; patterns and meanings come
from a stated sample of at least 100,000 rows. `BENCH_TABLES=3000` measures as many tables as an agency may have; a
quick run takes 300.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.look.data import COLUMNS, ROWS, exact_distinct, generate
from benchmarks.measuring import Case, Tools, figure, run
from benchmarks.profile.data import ROWS as ROWS_OF_MANY
from benchmarks.profile.data import folder_of

HERE = Path(__file__).parent
LEAST_RULES, LEAST_SAMPLE = 20, 100_000
FEW = 30


def cases(tools: Tools) -> list[Case]:
    """The same file beside two peers; `what` names in the results begin with the name of the case."""
    path = str(generate(tools.data)["parquet"])
    subprocess.run([sys.executable, "-m", "benchmarks.profile.parts", path], check=True)
    ours = [str(tools.own_program("lienthong")), "look", path, "--json"]
    limit = [str(tools.peer_python("duckdb")), str(HERE.parent / "look" / "summarize.py"), path]
    peers = (
        ("profile 1M x 12", "ydata", "ydata.py", "ydata-profiling 4.18.4, minimal"),
        (
            "profile 1M x 12 beside expectations",
            "gx",
            "expectations.py",
            "Great Expectations 1.24.1, 20 expectations",
        ),
    )
    return [
        Case(
            name=name,
            ours=ours,
            peer=[str(tools.peer_python(peer)), str(HERE / script), path],
            peer_name=peer_name,
            limit=limit,
            limit_name="DuckDB 1.5.5 SUMMARIZE (approximate distinct)",
            check=check,
        )
        for name, peer, script, peer_name in peers
    ]


def check(answer: str) -> None:
    """A fast answer that is wrong or leaves something out counts for nothing."""
    table = json.loads(answer)["tables"][0]
    found = {column["name"]: column["distinct"] for column in table["columns"]}
    rules = {one["code"] for column in table["columns"] for one in column["checks"]}
    rules |= {one["code"] for one in table["checks"]}
    sampled = min(column["sampled"] for column in table["columns"])
    if table["rows"] != ROWS or len(found) != COLUMNS or found != exact_distinct():
        raise SystemExit(f"wrong answer: {table['rows']} rows, {found}")
    if len(rules) < LEAST_RULES or sampled < LEAST_SAMPLE:
        raise SystemExit(f"too little: {len(rules)} rules, {sampled} rows sampled")


def figures(tools: Tools) -> list[dict[str, Any]]:
    """Many tables: what one takes of few and of many, beside SUMMARIZE of the same files."""
    many = int(os.environ.get("BENCH_TABLES", "300"))
    program, python = str(tools.own_program("lienthong")), str(tools.peer_python("duckdb"))
    taken: dict[int, float] = {}
    memory = 0
    for tables in (FEW, many):
        folder = str(folder_of(tools.data, tables))
        cost, answer = run([program, "look", folder, "--json"])
        seen = json.loads(answer)["tables"]
        if len(seen) != tables or any(table["rows"] != ROWS_OF_MANY for table in seen):
            raise SystemExit(f"wrong answer: {len(seen)} tables of {tables}")
        taken[tables], memory = cost.cpu, cost.memory
    summary, _ = run([python, str(HERE / "summaries.py"), str(folder_of(tools.data, many))])
    each, each_of_few, each_summary = taken[many] / many, taken[FEW] / FEW, summary.cpu / many
    rows = (
        (f"profile {many} tables cpu", "s", taken[many], each_of_few * many, summary.cpu),
        (f"profile {many} tables cpu per table", "s", each, each_of_few, each_summary),
        (f"profile {many} tables peak memory", "MB", memory / 1e6, memory / 1e6, summary.memory / 1e6),
    )
    few, summarize = f"ours, per table of {FEW}", "DuckDB 1.5.5 SUMMARIZE of every file"
    return [
        figure(what, unit, ours, (peer, few), (limit, summarize)) for what, unit, ours, peer, limit in rows
    ]
