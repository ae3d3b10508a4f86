"""What is measured: a live table to a published version, changes to the next one, the disk that a version takes.

Everything is of one run on 2,000,000 rows of 12 columns. `load pg` is rows in a second of wall clock, for which above 1 is
better; its limit is raw COPY, of which the rows are dropped. Processor seconds hold those of the server too. A module
`serving` beside this one adds its own figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module, util
from pathlib import Path
from typing import Any

from benchmarks.measuring import Case, Tools, figure
from benchmarks.store.citizens import ROWS

HERE = Path(__file__).parent
DELTA = "delta-rs 1.6.6, change feed on"
COPY = "raw COPY, rows dropped"
LEAST = "the changed rows written as one Parquet file"
Row = tuple[str, str, float, float, str, float, str]


def cases(tools: Tools) -> list[Case]:
    """Nothing is run in turns: see `figures`."""
    return []


def figures(tools: Tools) -> list[dict[str, Any]]:
    """Ours beside raw COPY, then the peer on the same files."""
    folder = tools.data / "store"
    ours = told([sys.executable, "-m", "benchmarks.store.ours", str(folder)])
    peer = told([str(tools.peer_python("deltalake")), str(HERE / "delta.py"), str(folder)])
    found = [formed(row) for row in rows(ours, peer)]
    if util.find_spec("benchmarks.store.serving"):
        found += import_module("benchmarks.store.serving").figures(tools)
    return found


def rows(ours: dict[str, Any], peer: dict[str, Any]) -> list[Row]:
    """Every figure with its peer and its limit."""
    copy, full = ours["copy"], ours["load"]["cpu"]
    target = "target"
    lines: list[Row] = []
    for name, what, least in (("load pg", "load", 0.55), ("load pg with profile", "load profile", 0.35)):
        rate, raw = ROWS / ours[what]["wall"], ROWS / copy["wall"]
        lines.append((name, "rows/s", rate, raw * least, f"{target}: {least} of raw COPY", raw, COPY))
        lines.append(
            (
                f"{name} cpu",
                "s",
                ours[what]["cpu"],
                copy["cpu"] / least,
                f"{target}: {least} of raw COPY",
                copy["cpu"],
                COPY,
            )
        )
    for share in ("1%", "0.1%"):
        name = f"publish {share}"
        for measure, word in (("cpu", ""), ("wall", " wall")):
            lines.append((
                name + word, "s", ours[name][measure], peer[name][measure], f"{DELTA}: MERGE",
                ours[f"written {share}"][measure], LEAST,
            ))  # fmt: skip
    small, large = ours["publish 0.1%"]["cpu"], ours["publish 1%"]["cpu"]
    lines.append(
        ("publish 0.1% beside 1%", "s", small, 0.8 * large, "target: 0.8 of 1%", large, "publish 1%")
    )
    lines.append(
        (
            "publish 0.1% beside full load",
            "s",
            small,
            0.15 * full,
            "target: 0.15 of a full load",
            full,
            "load pg cpu",
        )
    )
    disk = ours["disk"]
    lines.append((
        "version disk", "MB", disk["version"] / 1e6, peer["disk"]["version"] / 1e6, f"{DELTA}: MERGE",
        disk["copy"] / 1e6, "a full copy",
    ))  # fmt: skip
    return lines


def formed(row: Row) -> dict[str, Any]:
    """The figure in the agreed form."""
    what, unit, ours, peer, peer_name, limit, limit_name = row
    return figure(what, unit, ours, (peer, peer_name), (limit, limit_name))


def told(command: list[str]) -> dict[str, Any]:
    """The last line that a command prints, as JSON."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE.parent.parent)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(figures(Tools()), indent=1, ensure_ascii=False))
