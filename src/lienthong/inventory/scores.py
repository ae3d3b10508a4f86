"""What the scores of a look mean for an office: what is kept of them, which light they have, which requirement they answer.

The scores themselves are the engine's (`engine.profile.scoring`): rule, criterion, field, table, database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lienthong.engine.profile.rules import CHARACTERISTICS
from lienthong.engine.profile.scoring import Part, Worst, score_database, worst_fields
from lienthong.foundation.tracing import carries

WORST = 10
# Which requirement of the inventory a characteristic answers: accuracy, integrity and anomalies; or standards and upkeep.
REQUIREMENTS = dict.fromkeys(CHARACTERISTICS, "INV-02") | {
    "compliance": "INV-04",
    "currentness": "INV-04",
    "understandability": "INV-04",
}

Form = Mapping[str, Any]


@carries("GOVF-11", "INV-02", "INV-04")
def score_of(forms: Sequence[Form], name: str = "") -> Part:
    """The score of a database by the tables of a look."""
    return score_database(name, forms)


def worst_of(database: Part) -> list[Worst]:
    """The ten fields that keep to the rules least, the worst first."""
    return worst_fields(database, WORST)


def kept_of(forms: Sequence[Form]) -> dict[str, Any]:
    """What is kept of the scores with a look, for its history and its assessment."""
    found = score_of(forms)
    return {
        "total": found.score.value,
        "low": found.score.low,
        "high": found.score.high,
        "exact": found.score.exact,
        "tested": found.score.tested,
        "rules": rules_in(found),
        "criteria": {name: score.value for name, score in found.criteria.items()},
        "characteristics": {name: score.value for name, score in found.characteristics.items()},
        "worst": [
            {"table": one.table, "column": one.column, "total": one.score.value, "rule": one.rule}
            for one in worst_of(found)
        ],
    }


def rules_in(database: Part) -> int:
    """How many rules were evaluated in a database."""
    codes: set[str] = set()
    for table in database.parts:
        codes |= set(table.rules)
        for column in table.parts:
            codes |= set(column.rules)
    return len(codes)


def columns_in(database: Part) -> Iterable[tuple[str, Part]]:
    """Every scored field with its table, the worst first."""
    found = [
        (table.name, column)
        for table in database.parts
        for column in table.parts
        if column.score.value is not None
    ]
    return sorted(found, key=lambda one: (one[1].score.value or 0.0, one[0], one[1].name))


def light_of(score: float | None, green: float | None, yellow: float | None) -> str:
    """Green, yellow or red by the thresholds of the day; empty where nobody has set them."""
    if score is None or green is None or yellow is None:
        return ""
    return "green" if score >= green else "yellow" if score >= yellow else "red"
