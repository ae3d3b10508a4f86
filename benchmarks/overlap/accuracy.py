"""How right the matcher is, at the shipped threshold: on the own Vietnamese benchmark and on sample databases.

`python -m benchmarks.overlap.accuracy [--sets tuned|unseen|samples|all] [--misses]`. Databases are written as folders of CSV
files, sketched as the command line does it, and compared two by two; below level 2 only what a sketch file of that level
holds is compared. A pair counts as right when it is in the truth,
of either kind; pairs about which the truth is open (`may`) count neither way.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
import shutil
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.overlap import agencies, samples, tiny
from lienthong.engine.overlap.describing import described, package_of
from lienthong.engine.overlap.leaving import Meanings, Policy, leaving, meanings_of
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.shapes import ColumnMatch, DatabaseSketch, Overlap
from lienthong.engine.overlap.sketching import sketch_source
from lienthong.engine.sources import open_source, parse_address

DATA = Path(__file__).parent.parent / ".data" / "overlap"

Pair = frozenset[tuple[str, str, str]]


@dataclass(slots=True)
class Score:
    """What was found, missed and wrongly found of one set at one level."""

    name: str
    level: int
    right: int = 0
    wrong: int = 0
    missed: int = 0
    false_lists: int = 0
    misdirected: int = 0
    directed: int = 0
    cpu: float = 0.0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def false_list_share(self) -> float:
        """Shared code lists reported as common subjects, as a share of all that is reported."""
        reported = self.right + self.wrong
        return self.false_lists / reported if reported else 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        return {
            "set": self.name, "level": self.level, "precision": round(self.precision, 4), "recall": round(self.recall, 4),
            "f1": round(self.f1, 4), "false_lists": round(self.false_list_share, 4),
            "direction_right": f"{self.directed - self.misdirected}/{self.directed}", "cpu": round(self.cpu, 2),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be found and what may be, with the kind of each."""

    must: dict[Pair, str]
    may: dict[Pair, str]
    tiers: dict[str, str]


def read_truth(folder: Path) -> Truth:
    """The truth beside the databases."""
    told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    def pairs(rows: Iterable[Any]) -> dict[Pair, str]:
        return {frozenset((tuple(left), tuple(right))): kind for left, right, kind in rows}

    return Truth(pairs(told["must"]), pairs(told["may"]), told["tiers"])


@dataclass(frozen=True, slots=True)
class Sketched:
    """A database sketched in memory, and what its columns mean, by which less of it leaves."""

    whole: DatabaseSketch
    meanings: Meanings

    def at_level(self, level: int) -> DatabaseSketch:
        """The sketch as a file of this level tells it; at level 2 as the command compares what it may read itself."""
        if level == 2:
            return self.whole
        left = leaving(self.whole, self.meanings, Policy(), level=level).sketch
        return replace(left, name=self.whole.name, rank=self.whole.rank)


def sketches_of(folder: Path, tiers: dict[str, str], *, leave: bool = True) -> list[Sketched]:
    """Every database of a folder, sketched under one new key; what may `leave` of them is told from their profiles."""
    key = secrets.token_bytes(32)
    made = []
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        package = package_of(home)
        rank = agencies.TIERS.index(tiers[home.name]) if home.name in tiers else None
        with open_source(str(parse_address(str(home)).path)) as source:
            sketch = sketch_source(source, str(package.get("name") or home.name), key, rank=rank)
            meanings = meanings_of(source) if leave else {}
            made.append(Sketched(described(sketch, package), meanings))
    return made


def judge(score: Score, found: Iterable[Overlap], truth: Truth) -> None:
    """Count what these findings got right."""
    reported: dict[Pair, ColumnMatch] = {}
    for overlap in found:
        verdict = overlap.verdict
        tiers = truth.tiers.get(verdict.left), truth.tiers.get(verdict.right)
        if None not in tiers and tiers[0] != tiers[1]:
            score.directed += 1
            first = min(tiers, key=lambda tier: agencies.TIERS.index(str(tier)))
            score.misdirected += verdict.above != (verdict.left if tiers[0] == first else verdict.right)
        for match in overlap.matches:
            reported[
                frozenset(
                    (
                        (match.left.database, match.left.table, match.left.column),
                        (match.right.database, match.right.table, match.right.column),
                    )
                )
            ] = match
    for pair, match in reported.items():
        if pair in truth.must:
            score.right += 1
        elif pair not in truth.may:
            score.wrong += 1
            score.misses.append(
                f"+ {match.left} | {match.right} {match.kind} {match.score:.2f} {_why(match)}"
            )
        told = truth.must.get(pair) or truth.may.get(pair)
        if match.kind == "overlap" and told == "code_list":
            score.false_lists += 1
            score.misses.append(f"L {match.left} | {match.right} {match.score:.2f} {_why(match)}")
    for pair, kind in truth.must.items():
        if pair not in reported:
            score.missed += 1
            score.misses.append(f"- {' | '.join('.'.join(ref) for ref in sorted(pair))} {kind}")


def _why(match: ColumnMatch) -> str:
    return " ".join(f"{reason.code}{reason.adds:+.1f}" for reason in (*match.reasons, *match.against))


def measure(name: str, folder: Path, levels: Sequence[int] = (2, 1, 0)) -> list[Score]:
    """Sketch the databases of a folder once, and compare every two of them at each level."""
    truth = read_truth(folder)
    began = time.process_time()
    sketches = sketches_of(folder, truth.tiers, leave=min(levels) < 2)
    sketching = time.process_time() - began
    scores = []
    for level in levels:
        began = time.process_time()
        cut = [sketch.at_level(level) for sketch in sketches]
        found = [find_overlaps(one, other) for one, other in itertools.combinations(cut, 2)]
        score = Score(name, level, cpu=sketching + time.process_time() - began)
        judge(score, found, truth)
        scores.append(score)
    return scores


def made_sets(sets: Sequence[int]) -> list[tuple[str, Path]]:
    """The sets of the Vietnamese benchmark, written anew."""
    made = []
    for number in sets:
        folder = DATA / f"agencies-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        agencies.write(agencies.databases(number), folder)
        made.append((f"agencies {number} ({'tuned' if number in agencies.TUNED else 'unseen'})", folder))
    return made


def pooled(name: str, scores: Sequence[Score]) -> Score:
    """Several sets counted as one."""
    whole = Score(name, scores[0].level)
    for score in scores:
        for part in ("right", "wrong", "missed", "false_lists", "misdirected", "directed", "cpu"):
            setattr(whole, part, getattr(whole, part) + getattr(score, part))
    return whole


def figures(sets: str = "all", *, misses: bool = False) -> list[dict[str, Any]]:
    """All figures, printed on the way."""
    chosen = {"tuned": agencies.TUNED, "unseen": agencies.UNSEEN, "samples": ()}.get(
        sets, agencies.TUNED + agencies.UNSEEN
    )
    by_level: dict[int, list[Score]] = {}
    told = []
    for name, folder in made_sets(chosen):
        for score in measure(name, folder):
            by_level.setdefault(score.level, []).append(score)
            told.append(_printed(score, misses=misses))
    if sets in ("samples", "all"):
        few = tiny.scenarios(tiny.UNSEEN)
        for name, made in (("samples", samples.scenarios()), ("a few rows (unseen)", few)):
            told += _alike(name, made, misses=misses)
    for scores in by_level.values():
        for part in ("tuned", "unseen"):
            if mine := [score for score in scores if part in score.name]:
                told.append(_printed(pooled(f"agencies, {part}", mine)))
    return told


def _alike(
    name: str, made: Mapping[str, tuple[samples.Tables, samples.Tables]], *, misses: bool
) -> list[dict[str, Any]]:
    """Pairs of sample databases, and their mean."""
    folder = DATA / name.split()[0]
    shutil.rmtree(folder, ignore_errors=True)
    whole = [measure(each, home, (2,))[0] for each, home in samples.write(folder, made)]
    mean = round(statistics.mean(score.f1 for score in whole), 4)
    cpu = round(sum(score.cpu for score in whole), 2)
    told = [_printed(score, misses=misses) for score in whole]
    told.append({"set": f"{name}, mean of F1", "level": 2, "f1": mean, "cpu": cpu})
    print(told[-1])
    return told


def _printed(score: Score, *, misses: bool = False) -> dict[str, Any]:
    row = score.as_json()
    print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if misses:
        print("\n".join(f"    {line}" for line in score.misses))
    return row


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.overlap.accuracy", description=__doc__)
    parser.add_argument("--sets", choices=("tuned", "unseen", "samples", "all"), default="all")
    parser.add_argument(
        "--misses", action="store_true", help="print every pair that was missed or wrongly found"
    )
    asked = parser.parse_args()
    figures(asked.sets, misses=asked.misses)


if __name__ == "__main__":
    main()
