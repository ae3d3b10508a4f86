"""Counting of working days, terms and notices, against examples of the law and a slow oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.tracing import carries
from lienthong.law.rules import (
    VIETNAM,
    Bound,
    Term,
    TermState,
    Unit,
    WorkingCalendar,
    add_months,
    count_term,
    due_at,
    fixed_term,
    latest_notice,
    notice_in_time,
    remaining,
    subtract_working_days,
    typed_value,
    yearly_term,
)

AUTUMN_2026 = WorkingCalendar(
    holidays=frozenset({date(2026, 11, 24)}),
    closings=((date(2020, 1, 1), time(17)),),
    known_years=frozenset({2026}),
)
OPEN_ENDED = WorkingCalendar()


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def test_first_day_is_not_counted_and_days_of_rest_are_skipped() -> None:
    # Given a request received on Thursday 19/11/2026, with 24/11 a holiday
    term = count_term(at(19), 3, "working_day", AUTUMN_2026)
    # Then 20, 23 and 25 are counted, and the term ends at 17:00
    assert term.due_on == date(2026, 11, 25)
    assert term.due_at == at(25, 17)
    assert term.not_counted == (date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 24))
    assert term.calendar_known


def test_a_day_closes_at_midnight_unless_the_office_says_otherwise() -> None:
    assert due_at(at(19), 1, "working_day", OPEN_ENDED) == at(21, 0)
    assert count_term(at(19), 1, "working_day", OPEN_ENDED).due_on == date(2026, 11, 20)


def test_closing_hour_changes_on_the_day_it_says() -> None:
    changed = WorkingCalendar(closings=((date(2026, 11, 20), time(17)), (date(2026, 11, 23), None)))
    assert changed.closing_hour(date(2026, 11, 19)) is None
    assert changed.closing_hour(date(2026, 11, 22)) == time(17)
    assert changed.closes_at(date(2026, 11, 23)) == at(24, 0)


def test_swapped_saturday_is_counted() -> None:
    calendar = WorkingCalendar(
        holidays=frozenset({date(2026, 8, 31)}), swapped_working=frozenset({date(2026, 8, 22)})
    )
    term = count_term(at(21, month=8), 1, "working_day", calendar)
    assert term.due_on == date(2026, 8, 22)


def test_calendar_day_is_never_made_a_working_day() -> None:
    # Given a breach established on Friday evening; the notice is due within 01 day
    term = count_term(at(20, 23, 30), 1, "calendar_day", AUTUMN_2026)
    # Then Saturday, at 24:00, and not Monday
    assert term.due_on == date(2026, 11, 21)
    assert term.due_at == at(22, 0)
    assert term.not_counted == ()


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2020, 5, 25), 3, date(2020, 8, 25)),
        (date(2020, 5, 25), 6, date(2020, 11, 25)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2020, 9, 15), 24, date(2022, 9, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_or_the_last_day(start: date, count: int, end: date) -> None:
    assert add_months(start, count) == end


def test_month_and_year_terms_end_at_midnight_of_the_day() -> None:
    assert count_term(at(30), 3, "month", AUTUMN_2026).due_on == date(2027, 2, 28)
    leap = datetime(2024, 2, 29, 8, tzinfo=VIETNAM)
    assert count_term(leap, 1, "year", AUTUMN_2026).due_on == date(2025, 2, 28)


def test_hours_run_from_the_moment_itself() -> None:
    assert due_at(at(20, 22, 15), 72, "hour", AUTUMN_2026) == at(23, 22, 15)


def test_day_of_the_anchor_is_the_day_in_vietnam() -> None:
    # 18:30 UTC on the 18th is 01:30 on the 19th in Vietnam
    received = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    assert count_term(received, 1, "working_day", AUTUMN_2026).due_on == date(2026, 11, 20)


def test_before_a_date_leaves_the_day_ahead_as_the_last() -> None:
    assert fixed_term(date(2020, 7, 30), Bound.BEFORE).due_on == date(2020, 7, 29)
    assert fixed_term(date(2026, 12, 31)).due_on == date(2026, 12, 31)


def test_yearly_date_is_the_next_one() -> None:
    assert yearly_term(at(19), "12-31", "before").due_on == date(2026, 12, 30)
    assert yearly_term(at(31, month=12), "12-31", "before").due_on == date(2027, 12, 30)


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        count_term(datetime(2026, 11, 19, 9), 1, "working_day", OPEN_ENDED)
    with pytest.raises(ValueError, match="at least one"):
        count_term(at(19), 0, "working_day", OPEN_ENDED)
    with pytest.raises(ValueError, match="not a unit"):
        count_term(at(19), 1, "percent", OPEN_ENDED)


@pytest.mark.parametrize(
    ("now", "due_day", "state", "amount"),
    [
        (at(19), 25, TermState.RUNNING, 3),
        (at(19), 20, TermState.RUNNING, 1),
        (at(20, 16, 59), 20, TermState.DUE_TODAY, 0),
        (at(20, 17, 0), 20, TermState.DUE_TODAY, 0),
        (at(20, 17, 1), 20, TermState.OVERDUE, 0),
        (at(19), 18, TermState.OVERDUE, 1),
        (at(19), 17, TermState.OVERDUE, 2),
        (at(23, 8), 20, TermState.OVERDUE, 1),
        (at(22, 8), 20, TermState.OVERDUE, 0),
    ],
)
def test_what_is_left_is_told_in_working_days(
    now: datetime, due_day: int, state: TermState, amount: int
) -> None:
    due_on = date(2026, 11, due_day)
    term = Term(due_on, AUTUMN_2026.closes_at(due_on), Unit.WORKING_DAY)
    left = remaining(now, term, AUTUMN_2026)
    assert (left.state, left.amount, left.unit) == (state, amount, Unit.WORKING_DAY)


def test_yearly_campaign_has_28_working_days_left_on_the_sample_day() -> None:
    term = yearly_term(at(19), "12-31", "before")
    as_working = count_term(at(19), 28, "working_day", AUTUMN_2026)
    assert as_working.due_on == term.due_on


def test_what_is_left_of_calendar_terms_and_hours() -> None:
    term = count_term(at(19), 1, "calendar_day", AUTUMN_2026)
    assert remaining(at(19, 10), term, AUTUMN_2026).amount == 1
    assert remaining(at(20, 23, 59), term, AUTUMN_2026).state is TermState.DUE_TODAY
    assert remaining(at(21, 0, 0), term, AUTUMN_2026).state is TermState.OVERDUE
    hours = count_term(at(19), 72, "hour", AUTUMN_2026)
    assert remaining(at(20, 9, 30), hours, AUTUMN_2026).amount == 47
    assert remaining(at(22, 10, 30), hours, AUTUMN_2026) == remaining(at(22, 10, 45), hours, AUTUMN_2026)
    assert remaining(at(22, 10, 30), hours, AUTUMN_2026).state is TermState.OVERDUE


@carries("SUS-01", "D224-02")
def test_notice_seven_working_days_before_a_planned_stop() -> None:
    stop = at(7, 8, month=12)
    assert latest_notice(stop, 7, "working_day", AUTUMN_2026) == at(26, 17)
    assert notice_in_time(at(26, 16), stop, 7, "working_day", AUTUMN_2026)
    assert not notice_in_time(at(26, 17, 1), stop, 7, "working_day", AUTUMN_2026)
    assert latest_notice(stop, 2, "calendar_day", AUTUMN_2026) == at(6, 0, month=12)
    assert latest_notice(stop, 24, "hour", AUTUMN_2026) == at(6, 8, month=12)
    assert latest_notice(at(31, month=12), 1, "month", AUTUMN_2026) == at(1, 0, month=12)
    with pytest.raises(ValueError, match="given ahead"):
        latest_notice(stop, 1, "percent", AUTUMN_2026)


def test_years_that_nobody_entered_are_said_to_be_unknown() -> None:
    assert not count_term(at(28, month=12), 5, "working_day", AUTUMN_2026).calendar_known


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5", "working_day", 5),
        ("2026-12-31", "date", date(2026, 12, 31)),
        ("12-31", "yearly_date", "12-31"),
        ("true", "bool", True),
        ("false", "bool", False),
        ("0", "vnd", 0),
        ("", "none", None),
        ("PRIME_MINISTER", "role", "PRIME_MINISTER"),
    ],
)
def test_values_have_the_type_of_their_unit(text: str, unit: str, value: object) -> None:
    assert typed_value(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0", "working_day"),
        ("-1", "count"),
        ("x", "month"),
        ("", "working_day"),
        ("7", "none"),
        ("31/12/2026", "date"),
        ("13-01", "yearly_date"),
        ("12", "yearly_date"),
        ("maybe", "bool"),
        ("101", "percent"),
        ("5001", "working_day"),
        ("1.5", "working_day"),
    ],
)
def test_values_that_do_not_fit_their_unit_are_refused(text: str, unit: str) -> None:
    with pytest.raises(ValueError):
        typed_value(text, unit)


# A busy machine may be slow; what is checked is the count, not the time it takes.
unhurried = settings(deadline=None)
days = st.dates(date(2019, 1, 1), date(2031, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=40),
    swapped_working=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=10),
    weekend=st.sampled_from([frozenset({5, 6}), frozenset({6}), frozenset({4, 5})]),
    closings=st.sampled_from([(), ((date(2000, 1, 1), time(17)),), ((date(2026, 2, 1), time(16, 30)),)]),
)
moments = st.datetimes(
    datetime(2025, 12, 1), datetime(2026, 4, 30), timezones=st.sampled_from([VIETNAM, UTC])
)


def oracle_working(calendar: WorkingCalendar) -> list[date]:
    """Every working day from 2025 to 2028, written out one by one."""
    out = []
    for offset in range(4 * 366):
        day = date(2025, 1, 1) + timedelta(days=offset)
        rest = day.weekday() in calendar.weekend or day in calendar.holidays
        if day in calendar.swapped_working or not rest:
            out.append(day)
    return out


@unhurried
@given(moments, st.integers(1, 60), calendars)
def test_working_day_terms_agree_with_a_written_out_list(
    anchor: datetime, count: int, calendar: WorkingCalendar
) -> None:
    received = anchor.astimezone(VIETNAM).date()
    later = [day for day in oracle_working(calendar) if day > received]
    term = count_term(anchor, count, "working_day", calendar)
    assert term.due_on == later[count - 1]
    span = (term.due_on - received).days
    assert len(term.not_counted) == span - count
    assert term.due_at > anchor
    # and what is left at the anchor is the whole term
    left = remaining(anchor, term, calendar)
    assert (left.amount, left.state) == (count, TermState.RUNNING)


@unhurried
@given(moments, st.integers(1, 60), calendars)
def test_a_longer_term_ends_later_and_a_day_of_rest_never_shortens(
    anchor: datetime, count: int, calendar: WorkingCalendar
) -> None:
    term = count_term(anchor, count, "working_day", calendar)
    assert count_term(anchor, count + 1, "working_day", calendar).due_on > term.due_on
    bare = WorkingCalendar(weekend=calendar.weekend, swapped_working=calendar.swapped_working)
    assert count_term(anchor, count, "working_day", bare).due_on <= term.due_on


@unhurried
@given(days, st.integers(1, 60), calendars)
def test_notice_ahead_agrees_with_a_written_out_list(
    planned: date, count: int, calendar: WorkingCalendar
) -> None:
    planned = planned.replace(year=2026) if planned.month < 3 and planned.day < 29 else date(2026, 3, 20)
    earlier = [day for day in oracle_working(calendar) if day < planned]
    assert subtract_working_days(planned, count, calendar) == earlier[-count]


@unhurried
@given(days, st.integers(-600, 600))
def test_months_agree_with_stepping_one_by_one(start: date, count: int) -> None:
    end = add_months(start, count)
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@unhurried
@given(moments, st.integers(1, 900))
def test_calendar_days_ignore_the_calendar(anchor: datetime, count: int) -> None:
    with_rest = WorkingCalendar(holidays=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(300)))
    term = count_term(anchor, count, "calendar_day", with_rest)
    assert term.due_on == anchor.astimezone(VIETNAM).date() + timedelta(days=count)
    assert term == count_term(anchor, count, "calendar_day", WorkingCalendar())


@unhurried
@given(moments, st.integers(0, 2000), st.integers(1, 20), calendars)
def test_a_term_is_overdue_exactly_when_its_moment_has_passed(
    anchor: datetime, hours: int, count: int, calendar: WorkingCalendar
) -> None:
    term = count_term(anchor, count, "working_day", calendar)
    now = anchor + timedelta(hours=hours)
    left = remaining(now, term, calendar)
    if now != term.due_at:
        assert (left.state is TermState.OVERDUE) == (now > term.due_at)
    assert left.amount >= 0
