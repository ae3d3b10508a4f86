"""The decisions of the yearly inventory on plain values."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lienthong.foundation.tracing import carries
from lienthong.inventory import errors, yearly
from lienthong.law.rules import VIETNAM


@pytest.mark.parametrize(
    ("fit", "private_use", "grave", "because"),
    [
        (True, False, False, ""),
        (True, True, False, "private_use"),
        (True, False, True, "defect"),
        (True, True, True, "private_use"),
        (False, False, False, "database"),
        (False, True, True, "database"),
    ],
)
@carries("INV-03")
def test_each_data_item_is_judged_with_its_reason(fit, private_use, grave, because):
    assert yearly.unfit_because(fit=fit, private_use=private_use, grave=grave) == because
    assert because == "" or all(yearly.UNFIT_BECAUSE[because])


@pytest.mark.parametrize(
    ("done", "submitted", "percent"),
    [((0, 0, 0), False, 0), ((2, 0, 0), False, 28), ((2, 2, 2), False, 85), ((2, 2, 2), True, 100)],
)
@carries("INV-01")
def test_only_what_was_sent_is_complete(done, submitted, percent):
    surveyed, assessed, reviewed = done
    assert percent == yearly.completion(
        databases=2, surveyed=surveyed, assessed=assessed, systems=2, reviewed=reviewed, submitted=submitted
    )


def test_a_unit_without_data_is_complete_when_it_says_so():
    nothing = {"databases": 0, "surveyed": 0, "assessed": 0, "systems": 0, "reviewed": 0}
    assert yearly.completion(**nothing, submitted=False) == 0
    assert yearly.completion(**nothing, submitted=True) == 100


@pytest.mark.parametrize(
    ("opened", "anchor"),
    [
        (datetime(2026, 3, 5, 9, tzinfo=VIETNAM), date(2026, 3, 5)),
        (datetime(2025, 12, 20, 9, tzinfo=VIETNAM), date(2026, 1, 1)),
        (datetime(2027, 1, 4, 9, tzinfo=VIETNAM), date(2026, 12, 30)),
    ],
)
def test_the_term_of_a_year_runs_within_that_year(opened, anchor):
    assert yearly.anchor_of(2026, opened).date() == anchor


def test_a_term_before_a_day_is_said_as_the_law_says_it():
    assert yearly.term_end(date(2026, 12, 30), "before") == ("trước 31/12/2026", "before 31 December 2026")
    assert yearly.term_end(date(2026, 12, 31), "at_most")[0] == "31/12/2026"


@carries("INV-08")
def test_grave_findings_are_one_defect_for_each_rule_with_all_its_columns():
    findings = [
        {"code": "key_not_unique", "table": "a", "column": "ma", "severity": "error"},
        {"code": "key_not_unique", "table": "b", "column": "ma", "severity": "error"},
        {"code": "column_empty", "table": "a", "column": "x", "severity": "error"},
        {"code": "column_constant", "table": "a", "column": "y", "severity": "info"},
    ]
    defects = yearly.defects_in(findings)
    assert [(one.criterion, one.places) for one in defects] == [
        ("finding:key_not_unique", (("a", "ma"), ("b", "ma"))),
        ("finding:column_empty", (("a", "x"),)),
    ]
    again = [findings[1], {"code": "key_not_unique", "table": "c", "column": "z", "severity": "error"}]
    assert yearly.still_there("key_not_unique", defects[0].places, again) == [("b", "ma")]
    assert yearly.still_there("column_empty", defects[1].places, again) == []


@pytest.mark.parametrize(
    ("connection", "standard", "level", "faults"),
    [
        ("service", "REST", 2, []),
        ("service", " ", 2, ["no_standard"]),
        ("files", "REST", None, ["cannot_connect", "no_safety_level"]),
        ("point_to_point", "", 1, ["cannot_connect"]),
        ("national_platform", "REST", None, ["no_safety_level"]),
    ],
)
@carries("UPG-02")
def test_what_a_system_lacks_for_connection_is_told(connection, standard, level, faults):
    assert yearly.connection_faults(connection=connection, standard=standard, safety_level=level) == faults


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 3, 6)])
def test_a_paper_is_dated_between_its_decision_and_today(day):
    with pytest.raises(errors.PaperDateRefused, match="05"):
        yearly.require_paper_date(day, decided=date(2026, 1, 5), today=date(2026, 3, 5), at="day")


@carries("UPG-01")
def test_a_few_of_many_names_are_told():
    with pytest.raises(errors.UpgradeMissing, match="7 item"):
        yearly.require_upgrades([f"CSDL {n}" for n in range(7)])
    assert yearly.told(["a", "b"]) == "a, b"
    assert yearly.told(list("abcdef")).endswith("…")
