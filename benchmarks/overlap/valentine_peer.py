"""Peers: matchers of Valentine on the databases of a folder, as JSON; the truth is in `truth.json` beside them.

Values are given to them as they are. Their matches are taken one to one between two tables, best first, at the threshold
that is best for this very set: an upper bound of what a user gets, who has to set one beforehand.
"""

import itertools
import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
from valentine import valentine_match
from valentine.algorithms import Coma, DistributionBased, JaccardDistanceMatcher

warnings.filterwarnings("ignore")
MATCHERS = {
    "COMA": lambda: Coma(),
    "COMA + instances": lambda: Coma(use_instances=True),
    "DistributionBased": lambda: DistributionBased(),
    "JaccardDistance": lambda: JaccardDistanceMatcher(),
}


def databases(folder: Path, names: list[str]) -> dict[str, dict[str, pd.DataFrame]]:
    """The tables of every database asked for, all values as text."""
    found = {}
    for home in sorted(path for path in folder.iterdir() if path.is_dir() and path.name in names):
        package = home / "datapackage.json"
        name = json.loads(package.read_text(encoding="utf-8")).get("name") if package.is_file() else None
        tables = {file.stem: pd.read_csv(file, dtype=str) for file in sorted(home.glob("*.csv"))}
        found[name or home.name] = tables
    return found


def answer(frame: pd.DataFrame, partner: pd.DataFrame, matcher: str) -> dict:
    """What a matcher says of two tables; what it cannot read it does not find."""
    try:
        return dict(
            valentine_match([frame, partner], MATCHERS[matcher](), df_names=["left", "right"]).items()
        )
    except Exception:
        return {}


def matched(tables: dict[str, dict[str, pd.DataFrame]], matcher: str) -> list[tuple[float, frozenset]]:
    """Every match between tables of two databases, one to one within the two tables."""
    found = []
    for (left, ours), (right, theirs) in itertools.combinations(tables.items(), 2):
        for (one, frame), (other, partner) in itertools.product(ours.items(), theirs.items()):
            said = answer(frame, partner, matcher)
            taken = set()
            for pair, score in sorted(said.items(), key=lambda item: -item[1]):
                here = {("left", pair.source_column), ("right", pair.target_column)}
                if not here & taken:
                    taken |= here
                    found.append(
                        (
                            score,
                            frozenset(((left, one, pair.source_column), (right, other, pair.target_column))),
                        )
                    )
    return found


def best(found: list[tuple[float, frozenset]], must: set, may: set) -> dict[str, float]:
    """F1, precision and recall at the best threshold."""
    chosen = {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    right = wrong = 0
    ordered = sorted(found, key=lambda item: -item[0])
    for place, (score, pair) in enumerate(ordered):
        right += pair in must
        wrong += pair not in must and pair not in may
        if place + 1 < len(ordered) and ordered[place + 1][0] == score:
            continue
        if right:
            precision, recall = right / (right + wrong), right / len(must)
            f1 = 2 * precision * recall / (precision + recall)
            if f1 > chosen["f1"]:
                chosen = {"f1": f1, "precision": precision, "recall": recall}
    return chosen


def main() -> None:
    """Run the matchers named over the databases named."""
    folder, names = Path(sys.argv[1]), json.loads(sys.argv[2])
    told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    tables = databases(folder, names)

    def known(rows: list) -> set:
        pairs = {frozenset((tuple(left), tuple(right))) for left, right, _ in rows}
        return {pair for pair in pairs if all(end[0] in tables for end in pair)}

    must, may = known(told["must"]), known(told["may"])
    results = {}
    for matcher in MATCHERS:
        begun = time.process_time()
        found = matched(tables, matcher)
        results[matcher] = {**best(found, must, may), "cpu": time.process_time() - begun}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
