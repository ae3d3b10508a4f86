"""What a regulation must say, when two contradict each other, when the gate opens."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.foundation.tracing import carries
from lienthong.regulations.rules import (
    FAILED,
    MANDATORY_CLAUSES,
    MET,
    UNKNOWN,
    Covering,
    GateLine,
    Terms,
    conflicts_with,
    failures_first,
    gate_opens,
    in_force,
    missing_clauses,
    periods_meet,
)

COMPLETE = Terms("12 tháng", 24, "required", "Cấp cho từng hệ thống", "Đúng mục đích đã đăng ký")


def terms(**changes: object) -> Terms:
    return Terms(**{name: getattr(COMPLETE, name) for name in MANDATORY_CLAUSES} | changes)


def covering(identity: int, databases: set[int], of: Terms = COMPLETE, start=None, end=None) -> Covering:
    return Covering(identity, frozenset(databases), of, start, end)


def line(code: str, state: str) -> GateLine:
    return GateLine(code, "REG-04", "", state, code, code, "", "")


class TestMandatoryClauses:
    @carries("REG-07")
    def test_a_complete_regulation_lacks_nothing(self):
        assert missing_clauses(COMPLETE) == ()

    @carries("REG-07")
    @pytest.mark.parametrize("clause", MANDATORY_CLAUSES)
    @pytest.mark.parametrize("empty", ["", "   ", None, 0, " . "])
    def test_each_clause_left_open_is_named(self, clause, empty):
        assert missing_clauses(terms(**{clause: empty})) == (clause,)

    @carries("REG-07")
    def test_all_that_is_missing_is_listed_at_once(self):
        assert missing_clauses(Terms()) == MANDATORY_CLAUSES


class TestConsistency:
    @carries("REG-02")
    def test_same_data_under_other_terms_is_a_conflict(self):
        other = covering(2, {7, 8}, terms(log_retention_months=6, use_term="6 tháng"))
        (found,) = conflicts_with(covering(1, {7}), [other])
        assert (found.other, found.databases) == (2, frozenset({7}))
        assert found.clauses == ("use_term", "log_retention_months")

    @carries("REG-02")
    def test_same_terms_in_other_spacing_and_capitals_are_no_conflict(self):
        other = covering(2, {7}, terms(use_term=" 12  THÁNG. "))
        assert conflicts_with(covering(1, {7}), [other]) == ()

    @carries("REG-02")
    def test_a_difference_of_marks_is_a_difference(self):
        other = covering(2, {7}, terms(conditions="Đúng mục đích đã đăng ky"))
        assert conflicts_with(covering(1, {7}), [other])[0].clauses == ("conditions",)

    @carries("REG-02")
    def test_other_data_are_no_conflict(self):
        assert conflicts_with(covering(1, {7}), [covering(2, {8}, terms(use_term="6 tháng"))]) == ()

    @carries("REG-02")
    def test_one_that_ended_before_is_no_conflict(self):
        old = covering(2, {7}, terms(use_term="6 tháng"), end=date(2025, 12, 31))
        assert conflicts_with(covering(1, {7}, start=date(2026, 1, 1)), [old]) == ()
        assert conflicts_with(covering(1, {7}, start=date(2025, 12, 31)), [old])

    def test_a_clause_left_open_does_not_contradict(self):
        assert conflicts_with(covering(1, {7}, terms(conditions="")), [covering(2, {7})]) == ()


class TestInForce:
    def test_first_and_last_day_count(self):
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        assert in_force(first, last, first)
        assert in_force(first, last, last)
        assert not in_force(first, last, date(2025, 12, 31))
        assert not in_force(first, last, date(2027, 1, 1))

    def test_without_a_beginning_it_is_not_in_force(self):
        assert not in_force(None, None, date(2026, 1, 1))
        assert in_force(date(2026, 1, 1), None, date(2100, 1, 1))

    def test_open_ends_meet(self):
        assert periods_meet(covering(1, set()), covering(2, set(), start=date(2030, 1, 1)))


class TestGate:
    @carries("REG-04")
    def test_opens_only_when_every_line_is_met(self):
        assert gate_opens([line("a", MET), line("b", MET)])
        assert not gate_opens([line("a", MET), line("b", FAILED)])

    @carries("REG-04")
    def test_what_cannot_be_evaluated_keeps_it_shut(self):
        assert not gate_opens([line("a", MET), line("b", UNKNOWN)])

    @carries("REG-04")
    def test_a_gate_without_lines_does_not_open(self):
        assert not gate_opens([])

    def test_failures_come_first_and_keep_their_order(self):
        shown = failures_first([line("a", MET), line("b", FAILED), line("c", UNKNOWN), line("d", FAILED)])
        assert [one.code for one in shown] == ["b", "d", "c", "a"]
