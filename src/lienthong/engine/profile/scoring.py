"""How good data are, as one number that can be taken apart: rule, criterion, field, table, database.

A rule scores the share of the values that keep it. A criterion of a field is the mean of its rules by their weights, a
field the mean of its criteria, a table the mean of its fields and of what was found across them, a database the mean of
its tables by their number of fields. Every score says of how many values it was taken; where all rows were counted it is
exact, else it has a 95 % interval (Wilson). Pure functions on tables in the published form of a look.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA, RULES, Rule

Form = Mapping[str, Any]
"""A table in the published form of a look."""

WORST = 10
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 100; None where nothing could be tested. `low` and `high` are equal when it is `exact`."""

    value: float | None
    tested: int = 0
    failed: int = 0
    low: float | None = None
    high: float | None = None
    exact: bool = True

    def as_json(self) -> dict[str, Any]:
        """The score, the values it was taken of, and its interval."""
        return {
            "value": self.value,
            "tested": self.tested,
            "failed": self.failed,
            "interval": [self.low, self.high],
            "exact": self.exact,
        }


NOTHING = Score(None)


@dataclass(frozen=True, slots=True)
class Part:
    """A field, a table or a database with its score and what the score is made of."""

    name: str
    score: Score
    criteria: Mapping[str, Score]
    characteristics: Mapping[str, Score]
    rules: Mapping[str, Score] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The part as JSON, with its parts."""
        form: dict[str, Any] = {
            "name": self.name,
            "score": self.score.as_json(),
            "criteria": {name: score.as_json() for name, score in self.criteria.items()},
            "characteristics": {name: score.as_json() for name, score in self.characteristics.items()},
        }
        if self.rules:
            form["rules"] = {name: score.as_json() for name, score in self.rules.items()}
        if self.parts:
            form["parts"] = [part.as_json() for part in self.parts]
        return form


@dataclass(frozen=True, slots=True)
class Worst:
    """One of the fields with the lowest scores, and the rule that costs it most."""

    table: str
    column: str
    score: Score
    rule: str | None


def score_database(name: str, tables: Iterable[Form]) -> Part:
    """The score of a database from the tables of a look; its parts are the tables, theirs the fields."""
    parts = tuple(score_table(table) for table in tables)
    weights = [max(1, len(part.parts)) for part in parts]
    return Part(
        name,
        _mean([part.score for part in parts], weights),
        _by_name([part.criteria for part in parts], weights, CRITERIA),
        _by_name([part.characteristics for part in parts], weights, CHARACTERISTICS),
        parts=parts,
    )


def score_table(table: Form) -> Part:
    """The score of one table: its fields, and what was found across them as if it were one field more."""
    fields = tuple(_scored(column["name"], column.get("checks") or ()) for column in table["columns"])
    across = _scored("", table.get("checks") or ())
    counted = [part for part in (*fields, across) if part.score.value is not None]
    weights = [1] * len(counted)
    return Part(
        table["name"],
        _mean([part.score for part in counted], weights),
        _by_name([part.criteria for part in counted], weights, CRITERIA),
        _by_name([part.characteristics for part in counted], weights, CHARACTERISTICS),
        rules=across.rules,
        parts=fields,
    )


def worst_fields(database: Part, limit: int = WORST) -> list[Worst]:
    """The fields with the lowest scores, the worst first; those without a fault are left out."""
    found = [
        Worst(table.name, one.name, one.score, _costliest(one))
        for table in database.parts
        for one in table.parts
        if one.score.value is not None and one.score.failed
    ]
    return sorted(found, key=lambda one: (one.score.value or 0.0, -one.score.failed, one.table, one.column))[
        :limit
    ]


def interval(failed: int, tested: int) -> tuple[float, float]:
    """The 95 % interval, from 0 to 1, of the share of sound values where `tested` were drawn by chance (Wilson)."""
    if not tested:
        return 0.0, 1.0
    share = 1 - failed / tested
    middle = share + _Z**2 / (2 * tested)
    spread = _Z * math.sqrt(share * (1 - share) / tested + _Z**2 / (4 * tested**2))
    scale = 1 + _Z**2 / tested
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rule_score(tested: int, failed: int, *, exact: bool = True) -> Score:
    """The score of one rule; not `exact` when the rows tested are a sample of all."""
    if not tested:
        return NOTHING
    value = round(100 * (1 - failed / tested), 2)
    low, high = (value, value) if exact else (round(100 * bound, 2) for bound in interval(failed, tested))
    return Score(value, tested, failed, low, high, exact)


def _scored(name: str, checks: Sequence[Form]) -> Part:
    weighed = [
        (RULES[check["code"]], rule_score(check["tested"], check["failed"], exact=not check.get("sampled")))
        for check in checks
        if check["code"] in RULES and check["tested"]
    ]
    counted = [(rule, score) for rule, score in weighed if rule.weight > 0]
    criteria = dict(_grouped(counted, "criterion", CRITERIA))
    return Part(
        name,
        _mean(list(criteria.values()), [1] * len(criteria)),
        criteria,
        dict(_grouped(counted, "characteristic", CHARACTERISTICS)),
        {rule.code: score for rule, score in weighed},
    )


def _grouped(
    counted: Sequence[tuple[Rule, Score]], by: str, names: Iterable[str]
) -> Iterator[tuple[str, Score]]:
    for name in names:
        of_it = [(rule, score) for rule, score in counted if getattr(rule, by) == name]
        if of_it:
            yield name, _mean([score for _, score in of_it], [rule.weight for rule, _ in of_it])


def _mean(scores: Sequence[Score], weights: Sequence[float]) -> Score:
    """The weighted mean of scores; what has none does not count."""
    pairs = [
        (score, weight) for score, weight in zip(scores, weights, strict=True) if score.value is not None
    ]
    whole = sum(weight for _, weight in pairs)
    if not pairs or not whole:
        return NOTHING

    def of(bound: str) -> float:
        total: float = sum(getattr(score, bound) * weight for score, weight in pairs)
        return round(total / whole, 2)

    return Score(
        of("value"),
        sum(score.tested for score, _ in pairs),
        sum(score.failed for score, _ in pairs),
        of("low"),
        of("high"),
        all(score.exact for score, _ in pairs),
    )


def _by_name(
    parts: Sequence[Mapping[str, Score]], weights: Sequence[float], names: Iterable[str]
) -> dict[str, Score]:
    found = {name: _mean([part.get(name, NOTHING) for part in parts], weights) for name in names}
    return {name: score for name, score in found.items() if score.value is not None}


def _costliest(part: Part) -> str | None:
    """The rule that takes most from a field."""
    lost = {
        code: RULES[code].weight * (100 - score.value)
        for code, score in part.rules.items()
        if score.value is not None and score.failed
    }
    return max(lost, key=lambda code: lost[code]) if lost else None
