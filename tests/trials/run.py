"""Run all kinds of one name at many points and write the table of the docs: `python -m tests.trials.run store`."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import tempfile
import time
from importlib import import_module
from pathlib import Path

from tests.trials.trying import Kind, Tally, tried

HERE = Path(__file__).parent
PAGES = HERE.parent.parent / "docs" / "explanation" / "trials"
# Of a run so short the table is not written: the docs tell of full ones.
ENOUGH = 200


def main() -> None:
    """Try, print, and write the results down."""
    parser = argparse.ArgumentParser(prog="tests.trials.run", description=__doc__)
    parser.add_argument("name", choices=sorted(named()))
    parser.add_argument("--points", type=int, default=ENOUGH, help=f"points of each kind [{ENOUGH}]")
    parser.add_argument("--kind", help="only this kind")
    parser.add_argument("--first-seed", type=int, default=0)
    asked = parser.parse_args()
    kinds: tuple[Kind, ...] = import_module(f"tests.trials.{asked.name}").KINDS
    done: list[tuple[Kind, Tally]] = []
    for kind in kinds:
        if asked.kind in (None, kind.name):
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix=f"trials-{asked.name}-") as folder:
                done.append((kind, tried(kind, asked.points, Path(folder), first_seed=asked.first_seed)))
            print(
                f"{kind.name}: {dataclasses.asdict(done[-1][1])} {time.monotonic() - began:.0f} s", flush=True
            )
    if asked.points >= ENOUGH and asked.kind is None:
        written(asked.name, done)


def named() -> list[str]:
    """The names under which kinds of fault are kept here."""
    return [path.stem for path in HERE.glob("*.py") if "KINDS" in path.read_text(encoding="utf-8")[:20_000]
            and path.stem not in ("run", "trying")]  # fmt: skip


def written(name: str, done: list[tuple[Kind, Tally]]) -> None:
    """Write the result as data and as a page of the docs."""
    day = dt.date.today().isoformat()
    (HERE / "results").mkdir(exist_ok=True)
    result = {
        "name": name,
        "date": day,
        "cores": os.cpu_count(),
        "kinds": [dataclasses.asdict(t) for _, t in done],
    }
    text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
    (HERE / "results" / f"{name}.json").write_text(text, encoding="utf-8")
    PAGES.mkdir(exist_ok=True)
    lines = [
        f"# Fault trials: {name}",
        "",
        f"Written by `make trials NAME={name}` on {day}. Every point ended in the old or the new state, with what is "
        "told there, and the digest held.",
        "",
        "| fault | điều xảy ra | points | old state | new state | chunks done twice, at most | told |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, tally in done:
        codes = ", ".join(f"`{code}` {count}" for code, count in tally.codes.items()) or "–"
        lines.append(
            f"| {kind.en} | {kind.vi} | {tally.points} | {tally.old} | {tally.new} | {tally.most_repeated} | {codes} |"
        )
    (PAGES / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
