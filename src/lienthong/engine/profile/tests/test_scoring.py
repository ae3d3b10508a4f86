"""Scores are means that can be taken apart, with the values they were taken of."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.profile.rules import RULES
from lienthong.engine.profile.scoring import (
    interval,
    rule_score,
    score_database,
    score_table,
    worst_fields,
)


def table(name: str, **columns: list[tuple[str, int, int]]) -> dict[str, Any]:
    return {
        "name": name,
        "rows": 100,
        "checks": [],
        "columns": [
            {
                "name": column,
                "checks": [{"code": code, "tested": of, "failed": failed} for code, of, failed in checks],
            }
            for column, checks in columns.items()
        ],
    }


def test_a_field_is_the_mean_of_its_criteria_and_they_of_their_rules_by_weight() -> None:
    scored = score_table(
        table("t", a=[("value_missing", 100, 50), ("value_placeholder", 100, 0), ("check_digit", 100, 10)])
    )

    (a,) = scored.parts
    assert a.criteria["complete"].value == 75
    assert a.criteria["right"].value == 90
    assert (a.score.value, a.score.tested, a.score.failed, a.score.exact) == (82.5, 300, 60, True)
    assert a.characteristics["accuracy"].value == 90
    assert scored.score.value == 82.5


def test_a_database_weighs_tables_by_their_fields() -> None:
    small = table("nhỏ", a=[("value_missing", 10, 10)])
    large = table(
        "lớn", a=[("value_missing", 10, 0)], b=[("value_missing", 10, 0)], c=[("value_missing", 10, 0)]
    )

    assert score_database("CSDL", [small, large]).score.value == 75


def test_the_worst_fields_come_first_with_what_costs_them_most() -> None:
    database = score_database("CSDL", [table(
        "t", sound=[("value_missing", 100, 0)], bad=[("value_missing", 100, 90), ("text_untrimmed", 100, 95)],
        middling=[("value_missing", 100, 10)],
    )])  # fmt: skip

    assert [(one.column, one.rule) for one in worst_fields(database)] == [
        ("bad", "value_missing"),
        ("middling", "value_missing"),
    ]


def test_exact_counts_have_no_interval_and_samples_have_one() -> None:
    whole, part = rule_score(1000, 100), rule_score(1000, 100, exact=False)

    assert (whole.low, whole.high, whole.exact) == (90, 90, True)
    assert (part.low, part.high, part.exact) == (87.98, 91.71, False)


def test_nothing_tested_is_no_score() -> None:
    database = score_database("CSDL", [table("t", a=[])])

    assert database.score.value is None
    assert worst_fields(database) == []


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_an_interval_holds_its_share(failed: int, sound: int) -> None:
    tested = failed + sound
    low, high = interval(failed, tested)

    assert 0 <= low <= high <= 1
    if tested:
        assert low - 1e-9 <= sound / tested <= high + 1e-9


@given(
    st.lists(st.tuples(st.sampled_from(sorted(RULES)), st.integers(1, 50), st.integers(0, 50)), max_size=8)
)
def test_any_checks_give_a_score_within_bounds(checks: list[tuple[str, int, int]]) -> None:
    kept = [(code, of, min(of, failed)) for code, of, failed in checks]

    value = score_table(table("t", a=kept)).score.value

    assert value is None or 0 <= value <= 100
