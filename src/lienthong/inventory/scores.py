"""What the scores of a look mean for an office: what is kept of them, which light they have, which requirement they answer.

The scores themselves are the engine's (`engine.profile.scoring`): rule, criterion, field, table, database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lienthong.engine.profile.rules import CHARACTERISTICS, RULES
from lienthong.engine.profile.scoring import Part, Score, Worst, score_database, worst_fields
from lienthong.foundation.tracing import carries

from .rules import defects_of

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


# What identifies somebody or something: where right, complete and clean must be whole.
IDENTIFIERS = frozenset(
    {
        "citizen_number",
        "tax_code",
        "social_insurance",
        "health_insurance",
        "passport",
        "plate",
        "administrative_code",
    }
)
# Tables shown, and findings of one weight and criterion that are kept for the page; exports have every one.
TABLES, FINDINGS = 50, 200


@carries("GOVF-11", "LDL-06")
def page_of(forms: Sequence[Form]) -> dict[str, Any]:
    """What the page of quality shows of a look, reckoned once: a page costs the same for one table and for thousands."""
    found = score_of(forms)
    worst = worst_of(found)
    every = defects_of(forms)
    told = {(one["table"], one["column"], one["code"]): one for one in reversed(every)}
    tables = sorted(found.parts, key=lambda one: (one.score.value is None, one.score.value or 0.0))
    counts: dict[str, int] = {}
    listed = []
    for one in every:
        group = f"{one['severity']} {criterion_of(one)}"
        counts[group] = counts.get(group, 0) + 1
        if counts[group] <= FINDINGS:
            listed.append(one)
    return {
        "score": asdict(found.score),
        "rules": rules_in(found),
        "criteria": {name: asdict(one) for name, one in found.criteria.items()},
        "characteristics": {name: asdict(one) for name, one in found.characteristics.items()},
        "worst": [
            asdict(one) | {"finding": told.get((one.table, one.column, one.rule or ""))} for one in worst
        ],
        "tables": [{"name": one.name, "score": asdict(one.score)} for one in tables[:TABLES]],
        "identifiers": _identifiers(forms, found),
        "findings": listed,
        "counts": counts,
    }


def _identifiers(forms: Sequence[Form], found: Part) -> list[list[Any]]:
    """Identifier columns, each with the least of what it scores for right, complete and clean."""
    columns = {
        (form["name"], column["name"])
        for form in forms
        for column in form["columns"]
        if (column.get("semantic_type") or {}).get("name") in IDENTIFIERS
    }
    listed: list[list[Any]] = []
    for table, part in columns_in(found):
        if (table, part.name) in columns:
            told = [
                part.criteria[name].value for name in ("right", "complete", "clean") if name in part.criteria
            ]
            listed.append(
                [table, part.name, min((value for value in told if value is not None), default=None)]
            )
    return listed


def criterion_of(finding: Mapping[str, Any]) -> str:
    """The criterion that a finding counts against; empty where it is about none."""
    rule = RULES.get(str(finding["code"]))
    return rule.criterion if rule else ""


def score_from(told: Mapping[str, Any]) -> Score:
    """A score as it was kept."""
    return Score(**told)


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
