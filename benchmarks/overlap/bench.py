"""What is measured: all pairs of a lake, one new database against many, and how right the matcher is, beside peers.

Each is measured once, in a process of its own: the peers take minutes. Seconds are processor seconds of the work itself,
sketches and signatures being given. Shares are parts of one, for which above 1 beside the peer is better.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Case, Tools, figure
from benchmarks.overlap import accuracy, agencies
from benchmarks.overlap.lake_run import COLUMNS, MANY, NEW, PART

HERE = Path(__file__).parent
ENSEMBLE = "datasketch 2.0.0 MinHash LSH Ensemble, 128 permutations"
STOP_WORDS = "a an and are as at be by for from has he in is it its of on or that the to was were will with"
Row = tuple[str, str, float, float, str, float | None, str]


def cases(tools: Tools) -> list[Case]:
    """Nothing is run in turns: see `figures`."""
    return []


def figures(tools: Tools) -> list[dict[str, Any]]:
    """The lake, then the databases."""
    rows = [*lake(tools), *databases(tools)]
    return [
        figure(what, unit, ours, (peer, peer_name), (limit, limit_name), digits=4)
        for what, unit, ours, peer, peer_name, limit, limit_name in rows
    ]


def lake(tools: Tools) -> list[Row]:
    """All pairs of 18,000 columns, of the 3,000 that the peer is given, and one new database against 200,000 columns."""
    folder = tools.data / "overlap-lake"
    whole, part, wide, many = (ours(asked, folder) for asked in ("pairs", "part", "wide", "many"))
    peer = told(tools.peer_python("datasketch"), HERE / "lsh_ensemble.py", folder)
    exact, sort = "exact, from all hashes", "one sort of all hashes"
    rows: list[Row] = [
        (f"lake {PART} columns cpu", "s", part["cpu"], peer["cpu"], ENSEMBLE, part["limit_cpu"], sort),
        (f"lake {PART} columns recall", "share", part["recall"], peer["recall"], ENSEMBLE, 1.0, exact),
        (f"lake {PART} columns precision", "share", part["precision"], peer["precision"], ENSEMBLE, 1.0, exact),
        (f"lake {COLUMNS} columns cpu", "s", whole["cpu"], 15.0, "target", whole["limit_cpu"], sort),
        (f"lake {COLUMNS} columns recall", "share", whole["recall"], 0.96, "target", 1.0, exact),
        (f"lake {COLUMNS} columns precision", "share", whole["precision"], 0.95, "target", 1.0, exact),
        (f"lake {COLUMNS} columns recall in the band", "share", whole["band_recall"], peer["band_recall"], ENSEMBLE, 1.0, exact),
        (f"lake {COLUMNS} columns precision in the band", "share", whole["band_precision"], peer["band_precision"], ENSEMBLE, 1.0, exact),
        ("lake containment error, mean", "share", whole["error"], peer["error"], ENSEMBLE, None, exact),
        ("lake containment error, mean over all pairs", "share", whole["error_all"], 0.02, "target", None, exact),
        ("lake intervals of 95 % that hold", "share", whole["covered"], 0.93, "target", 0.95, "as stated"),
        ("lake bytes a column", "bytes", whole["bytes"], 2000.0, "target", whole["bytes_fewest"], "least bits for such hashes"),
        ("wide lake recall", "share", wide["recall"], 0.96, "target of the lake", 1.0, exact),
        ("wide lake precision", "share", wide["precision"], 0.95, "target of the lake", 1.0, exact),
        ("wide lake intervals of 95 % that hold", "share", wide["covered"], 0.93, "target of the lake", 0.95, "as stated"),
        (f"{NEW} new columns against {MANY} cpu", "s", many["cpu"], peer["built"], f"{ENSEMBLE}, built anew of {PART}",
         many["limit_cpu"], "one search per hash"),
        (f"{NEW} new columns against {MANY} wall", "s", many["wall"], 1.0, "target", None, ""),
        (f"{NEW} new columns against {MANY} taken in, cpu", "s", max(many["added_cpu"], 1e-4), peer["built"],
         f"{ENSEMBLE}, built anew of {PART}", None, ""),
        (f"index of {MANY} columns", "MB", many["index_mb"], 2000 * MANY / 1e6, "2 kB a column", None, ""),
    ]  # fmt: skip
    return rows


def databases(tools: Tools) -> list[Row]:
    """The Vietnamese benchmark: ours at the shipped threshold, peers at the best one for the set, on the same databases."""
    measured = {(one["set"], one["level"]): one for one in accuracy.figures("all")}
    name, folder = accuracy.made_sets(agencies.UNSEEN[:1])[0]
    homes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    words = tools.data / "nltk" / "corpora" / "stopwords"
    words.mkdir(parents=True, exist_ok=True)
    # What COMA with instances would fetch from the network at run time.
    (words / "english").write_text("\n".join(STOP_WORDS.split()) + "\n")
    begun = time.perf_counter()
    peers = told(
        tools.peer_python("valentine"),
        HERE / "valentine_peer.py",
        folder,
        json.dumps(homes),
        NLTK_DATA=str(tools.data / "nltk"),
    )
    print(f"valentine: {time.perf_counter() - begun:.0f} s")
    # Without what only files need: which columns are personal.
    mine = accuracy.measure(name, folder, (2,))[0].as_json()
    rows: list[Row] = []
    for matcher, found in peers.items():
        called = f"Valentine 1.0.1 {matcher}, values as they are, best threshold"
        rows += [
            (
                f"{name} f1 beside {matcher}",
                "share",
                mine["f1"],
                max(found["f1"], 1e-4),
                called,
                1.0,
                "the truth",
            ),
            (f"{name} cpu beside {matcher}", "s", mine["cpu"], found["cpu"], called, None, ""),
        ]
    for part in ("tuned", "unseen"):
        sketches, profiles = measured[f"agencies, {part}", 2], measured[f"agencies, {part}", 1]
        for what, value, target in (
            ("f1", sketches["f1"], 0.93),
            ("recall", sketches["recall"], 0.95),
            ("precision", sketches["precision"], 0.92),
            ("f1, names and profiles", profiles["f1"], 0.75),
        ):
            rows.append((f"agencies, {part} {what}", "share", value, target, "target", 1.0, "the truth"))
        for what, value, target in (
            ("reports that take no code list for an overlap", 1.0 - sketches["false_lists"], 0.99),
            ("directions told right", directed(str(sketches["direction_right"])), 1.0),
        ):
            rows.append((f"agencies, {part} {what}", "share", value, target, "target", 1.0, "the truth"))
    for alike in ("samples", "a few rows (unseen)"):
        mean = measured[f"{alike}, mean of F1", 2]["f1"]
        rows.append((f"{alike} mean of f1", "share", mean, 0.88, "target", 1.0, "the truth"))
    homes_alike = sorted((accuracy.DATA / "samples").iterdir())
    taken = sum(map(process_cpu, homes_alike))
    rows.append(
        (f"samples, {len(homes_alike)} processes, cpu", "s", taken, 10.0, "target of eleven", None, "")
    )
    return rows


def directed(told: str) -> float:
    """`131/131` as a share."""
    right, whole = map(int, told.split("/"))
    return right / max(1, whole)


def process_cpu(home: Path) -> float:
    """Processor seconds of `lienthong overlap` on the two databases of a scenario, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        str(Path(sys.executable).with_name("lienthong")),
        "overlap",
        str(home / "left"),
        str(home / "right"),
    ]
    subprocess.run([*command, "--json"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(asked: str, folder: Path) -> dict[str, float]:
    """One run over the lake."""
    command = [sys.executable, "-m", "benchmarks.overlap.lake_run", asked, str(folder)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    print(f"lake {asked}: {found['cpu']:.2f} s", flush=True)
    return found


def told(python: Path, script: Path, *given: object, **environment: str) -> Any:
    """What a peer prints, run in its own environment."""
    done = subprocess.run(
        [str(python), str(script), *map(str, given)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    return json.loads(done.stdout.strip().splitlines()[-1])
