"""What is measured: the command line as people call it, beside SUMMARIZE and a plain scan of the same file."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.look.data import COLUMNS, ROWS, exact_distinct, generate
from benchmarks.measuring import Case, Tools

HERE = Path(__file__).parent


def cases(tools: Tools) -> list[Case]:
    """One case per kind of file; `what` names in the results begin with the name of the case."""
    files = generate(tools.data)
    python = str(tools.peer_python("duckdb"))
    made = []
    for kind, name in (("parquet", "look 1M x 12"), ("csv", "look 1M x 12 csv")):
        path = str(files[kind])
        made.append(
            Case(
                name=name,
                ours=[str(tools.own_program("lienthong")), "look", path, "--json"],
                peer=[python, str(HERE / "summarize.py"), path],
                peer_name="DuckDB 1.5.5 SUMMARIZE (approximate distinct)",
                limit=[python, str(HERE / "scan.py"), path],
                limit_name="DuckDB 1.5.5 count of every column",
                check=check,
            )
        )
    return made


def check(answer: str) -> None:
    """A fast answer that is wrong counts for nothing."""
    table = json.loads(answer)["tables"][0]
    found = {column["name"]: column["distinct"] for column in table["columns"]}
    if table["rows"] != ROWS or len(found) != COLUMNS or found != exact_distinct():
        raise SystemExit(f"wrong answer: {table['rows']} rows, {found}")
