"""Run one benchmark: `python -m benchmarks.run look [--runs N]`.

Ours, the peer and the raw limit take turns, so that a busy moment of the machine meets all three.
Medians go into a table and into `benchmarks/results/NAME.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measuring import Case, Cost, Tools, figure, run

HERE = Path(__file__).parent
ROLES = ("ours", "peer", "limit")
MEASURES = (("cpu", "s", 1.0, 3), ("wall", "s", 1.0, 3), ("peak memory", "MB", 1e6, 1))


def main() -> None:
    """Measure, print, and write the results down."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument(
        "name",
        type=lambda name: name.replace("-", "_"),
        choices=sorted(path.parent.name for path in HERE.glob("*/bench.py")),
    )
    parser.add_argument("--runs", type=int, default=7, help="runs of each command [7]")
    asked = parser.parse_args()
    tools = Tools()
    bench = import_module(f"benchmarks.{asked.name}.bench")
    cases: list[Case] = bench.cases(tools)
    before = os.getloadavg()[0]
    figures = [figure for case in cases for figure in figures_of(case, measured(case, asked.runs))]
    if hasattr(bench, "figures"):
        # What is measured once, because it takes long: many tables.
        figures += bench.figures(tools)
    results = {
        "name": asked.name,
        "machine": machine(before, asked.runs),
        "figures": figures,
    }
    target = HERE / "results" / f"{asked.name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print_table(figures)
    print(f"\n{target.relative_to(HERE.parent)}")


def measured(case: Case, runs: int) -> dict[str, list[Cost]]:
    """The costs of each command, run in turns after one warm-up that also checks our answer."""
    costs: dict[str, list[Cost]] = {role: [] for role in ROLES}
    for role in ROLES:
        _, answer = run(getattr(case, role))
        if role == "ours":
            case.check(answer)
    for turn in range(runs):
        # Each role is first, second and last in turn.
        for role in ROLES[turn % 3 :] + ROLES[: turn % 3]:
            costs[role].append(run(getattr(case, role))[0])
        print(f"{case.name}: {turn + 1}/{runs}", end="\r", flush=True)
    print(" " * 60, end="\r")
    return costs


def figures_of(case: Case, costs: dict[str, list[Cost]]) -> list[dict[str, Any]]:
    """The medians and ratios of one case; a ratio is ours divided by theirs, below 1 is better.

    Rows in a second of wall clock, where they are asked for, are the other way round: above 1 is better.
    """
    figures = [speed_of(case, costs, case.rows)] if case.rows is not None else []
    for measure, unit, scale, digits in MEASURES:
        field = "memory" if measure == "peak memory" else measure
        ours, peer, limit = (
            statistics.median(getattr(cost, field) / scale for cost in costs[role]) for role in ROLES
        )
        named = (peer, case.peer_name), (limit, case.limit_name)
        figures.append(figure(f"{case.name} {measure}", unit, ours, *named, digits=digits))
    return figures


def speed_of(case: Case, costs: dict[str, list[Cost]], rows: int) -> dict[str, Any]:
    """The rows that each command reads in a second, from the median of its runs."""
    ours, peer, limit = (rows / statistics.median(cost.wall for cost in costs[role]) for role in ROLES)
    return figure(case.name, "rows/s", ours, (peer, case.peer_name), (limit, case.limit_name), digits=0)


def machine(load_before: float, runs: int) -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "date": date.today().isoformat(),
        "runs": runs,
        "load_before": round(load_before, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def print_table(figures: list[dict[str, Any]]) -> None:
    """The figures for people."""
    heads = ["what", "unit", "ours", "peer", "limit", "ours/peer", "ours/limit"]
    rows = [
        [str(figure[key]) for key in ("what", "unit", "ours", "peer", "limit", "ratio_peer", "ratio_limit")]
        for figure in figures
    ]
    widths = [max(len(row[order]) for row in [heads, *rows]) for order in range(len(heads))]
    for row in [heads, *rows]:
        cells = (
            cell.ljust(w) if order < 2 else cell.rjust(w)
            for order, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells))
    for key in ("peer_name", "limit_name"):
        print(f"{key.removesuffix('_name')}: {', '.join(dict.fromkeys(figure[key] for figure in figures))}")


if __name__ == "__main__":
    main()
