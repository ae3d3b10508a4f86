"""What each signal counts: shipped with the product, so that a finding can be replayed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from lienthong.engine.overlap.shapes import Reason


@dataclass(frozen=True, slots=True)
class Weights:
    """See `data/weights.json`; `shapes.METHOD` changes with any of them."""

    method: str
    threshold: float
    with_values: Mapping[str, float]
    without_values: Mapping[str, float]
    with_names: Mapping[str, float]

    def of(self, code: str, *, level: int) -> float:
        """The weight of a signal at a level of evidence: 0 names, 1 profiles too, 2 values too; 0 where it has none."""
        return (self.with_names, self.without_values, self.with_values)[level].get(code, 0.0)


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights."""
    told = json.loads(
        files("lienthong.engine.overlap").joinpath("data/weights.json").read_text(encoding="utf-8")
    )
    return Weights(
        told["method"], told["threshold"], told["with_values"], told["without_values"], told["with_names"]
    )


def base(*, level: int) -> float:
    """The log-odds of two columns of which nothing is known, at a level of evidence."""
    return weights().of("base", level=level)


def log_odds(reasons: Iterable[Reason], *, level: int) -> float:
    """What all signals and the base add up to."""
    return base(level=level) + sum(reason.adds for reason in reasons)


def probability(log_odds: float) -> float:
    """The probability that two columns are the same."""
    return 1.0 / (1.0 + math.exp(-max(-700.0, log_odds)))
