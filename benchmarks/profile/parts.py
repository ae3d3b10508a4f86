"""What each part of a profile takes: `python -m benchmarks.profile.parts FILE`, in processor seconds on one thread."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEGUN = time.process_time()

from lienthong.engine.profile import measuring  # noqa: E402
from lienthong.engine.session import Limits  # noqa: E402
from lienthong.engine.sources import open_source  # noqa: E402

PARTS = {
    "take_sample": "sample",
    "look_at": "patterns, values, quantiles of the sample",
    "meaning_of": "semantic types",
    "_counted": "counts, ranges, top values and rules of columns, all rows",
    "second_look": "spellings and code lists",
    "compare": "rules across columns",
}


def main() -> None:
    """Profile the file once and print the share of each part."""
    imported = time.process_time() - BEGUN
    spent: dict[str, float] = {}
    for name in PARTS:
        setattr(measuring, name, _timed(getattr(measuring, name), name, spent))
    begun = time.process_time()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_source(sys.argv[1], limits=Limits(threads=1, temp_directory=Path(folder))) as source,
    ):
        look = source.look()
        text = json.dumps(look.as_json(), ensure_ascii=False)
    whole = time.process_time() - begun + imported
    table = look.tables[0].profile
    rules = {check.code for column in table.columns for check in column.checks} | {
        one.code for one in table.checks
    }
    checks = sum(len(column.checks) for column in table.columns) + len(table.checks)
    shares = [("start", imported), *((PARTS[name], seconds) for name, seconds in spent.items())]
    shares.append(("the rest", whole - sum(seconds for _, seconds in shares)))
    print(
        f"{table.rows} rows, sample of {table.sampled} rows; {len(rules)} rules, {checks} evaluations; {len(text)} bytes"
    )
    for what, seconds in shares:
        print(f"  {seconds:7.3f} s  {100 * seconds / whole:5.1f} %  {what}")


def _timed(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*given, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - begun

    return run


if __name__ == "__main__":
    main()
