"""What the benchmarks write down has one form, so that it can be compared over time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.measuring import figure

ROOT = Path(__file__).parent.parent / "benchmarks"
FIGURE = {"what", "unit", "ours", "peer", "peer_name", "limit", "limit_name", "ratio_peer", "ratio_limit"}


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in ROOT.glob("*/bench.py")))
def test_every_benchmark_has_results_of_the_agreed_form(folder: str) -> None:
    results = json.loads((ROOT / "results" / f"{folder}.json").read_text(encoding="utf-8"))

    assert results["name"] == folder
    assert {"cpu", "cores", "memory_gb", "python", "date"} <= set(results["machine"])
    assert results["figures"]
    for found in results["figures"]:
        assert set(found) == FIGURE
        assert found["ratio_peer"] == pytest.approx(found["ours"] / found["peer"], rel=0.005, abs=0.02)
    names = [one["what"] for one in results["figures"]]
    assert len(set(names)) == len(names)


def test_the_ratios_of_a_figure_are_those_of_the_figures_as_written() -> None:
    found = figure("pages", "requests/s", 1573.4, (187.49, "peer"), (2542.2, "limit"), digits=0)

    assert (found["ours"], found["peer"], found["ratio_peer"]) == (1573, 187, 8.412)
    assert found["ratio_limit"] == round(1573 / 2542, 3)
    assert figure("none", "s", 1.0, (0.0, "peer"), (None, None))["ratio_limit"] is None


def test_the_figures_of_look_keep_their_names() -> None:
    results = json.loads((ROOT / "results" / "look.json").read_text(encoding="utf-8"))

    assert [figure["what"] for figure in results["figures"]] == [
        f"{case} {measure}"
        for case in ("look 1M x 12", "look 1M x 12 csv")
        for measure in ("cpu", "wall", "peak memory")
    ]
