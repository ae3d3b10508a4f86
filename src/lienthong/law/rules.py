"""How the law counts time: working days, terms, what is left of a term, notices given ahead.

Pure functions over plain values. Civil Code 2015 Art. 147: the first day of a term is not counted; Art. 148:
a term of months ends on the corresponding day, or on the last day of a month that has none, and a day ends at
24:00. A term in calendar days is never turned into working days, and its end does not move past a holiday:
the stricter reading, so that nothing shown as in time can be late.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lienthong.foundation.tracing import carries

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY_AND_SUNDAY = frozenset({5, 6})
_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


class Unit(StrEnum):
    """In what a parameter is measured; the first five can be counted as a term from an event."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    DATE = "date"
    YEARLY_DATE = "yearly_date"
    COUNT = "count"
    TIMES_PER_MONTH = "times_per_month"
    TIMES_PER_QUARTER = "times_per_quarter"
    TIMES_PER_YEAR = "times_per_year"
    PERCENT = "percent"
    SCORE = "score"
    MONEY = "vnd"
    YES_NO = "bool"
    ROLE = "role"
    TEXT = "text"
    IMMEDIATE = "immediate"
    NONE = "none"
    UNKNOWN = "unknown"


COUNTED_UNITS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR, Unit.HOUR})
FIXED_UNITS = frozenset({Unit.DATE, Unit.YEARLY_DATE})
WITHOUT_VALUE = frozenset({Unit.IMMEDIATE, Unit.NONE, Unit.UNKNOWN})


class Bound(StrEnum):
    """Which side of the value is lawful."""

    EXACTLY = "exactly"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    BEFORE = "before"


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days state offices work, and until which hour.

    `swapped_working` are days of rest that were made working days in exchange for another; they win over both
    the weekend and a holiday. `closings` are pairs (from this day on, closing hour); before the first, and
    where the hour is None, a day closes at 24:00. `known_years` are the years whose holidays are entered.
    """

    holidays: frozenset[date] = frozenset()
    swapped_working: frozenset[date] = frozenset()
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    closings: tuple[tuple[date, time | None], ...] = ()
    known_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether state offices work on this day."""
        if day in self.swapped_working:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def rest_between(self, after: date, until: date) -> tuple[date, ...]:
        """The days of rest that lie after one day, up to and including another."""
        return tuple(day for day in _days(after, until) if not self.is_working(day))

    def closing_hour(self, day: date) -> time | None:
        """The hour at which a working day closes; None is 24:00."""
        hour = None
        for since, closing in sorted(self.closings, key=lambda entry: entry[0]):
            if since <= day:
                hour = closing
        return hour

    def closes_at(self, day: date) -> datetime:
        """The moment in Vietnam at which this working day is over."""
        hour = self.closing_hour(day)
        return end_of(day) if hour is None else datetime.combine(day, hour, VIETNAM)


@dataclass(frozen=True)
class Term:
    """A counted term: the last day on which the act is in time, the moment it ends, and the days left out."""

    due_on: date
    due_at: datetime
    unit: Unit
    not_counted: tuple[date, ...] = ()
    calendar_known: bool = True


class TermState(StrEnum):
    RUNNING = "running"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Remaining:
    """What is left of a term, or how far it is over: whole days of its own kind, or hours."""

    state: TermState
    amount: int
    unit: Unit
    not_counted: tuple[date, ...] = field(default=())


def local_day(moment: datetime) -> date:
    """The day in Vietnam on which this moment falls."""
    _need_zone(moment)
    return moment.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    """24:00 of a day in Vietnam."""
    return datetime.combine(day + _ONE_DAY, _MIDNIGHT, VIETNAM)


def count_term(anchor: datetime, value: int, unit: Unit | str, calendar: WorkingCalendar) -> Term:
    """Count a term from the event that starts it.

    Working days close at the office's hour, everything else at 24:00; hours run from the moment itself.
    """
    _need_zone(anchor)
    if value < 1:
        raise ValueError("a term is at least one unit long")
    unit = Unit(unit)
    first = local_day(anchor)
    if unit is Unit.HOUR:
        ends = (anchor + timedelta(hours=value)).astimezone(VIETNAM)
        return Term(due_on=ends.date(), due_at=ends, unit=unit)
    if unit is Unit.WORKING_DAY:
        due_on = add_working_days(first, value, calendar)
        skipped = calendar.rest_between(first, due_on)
        return Term(
            due_on=due_on,
            due_at=calendar.closes_at(due_on),
            unit=unit,
            not_counted=skipped,
            calendar_known=_years(first, due_on) <= calendar.known_years,
        )
    if unit is Unit.CALENDAR_DAY:
        due_on = first + timedelta(days=value)
    elif unit is Unit.MONTH:
        due_on = add_months(first, value)
    elif unit is Unit.YEAR:
        due_on = add_months(first, 12 * value)
    else:
        raise ValueError(f"{unit} is not a unit of time that runs from an event")
    return Term(due_on=due_on, due_at=end_of(due_on), unit=unit)


def due_at(anchor: datetime, value: int, unit: Unit | str, calendar: WorkingCalendar) -> datetime:
    """The moment at which a term that starts with this event is over."""
    return count_term(anchor, value, unit, calendar).due_at


def fixed_term(day: date, bound: Bound | str = Bound.EXACTLY) -> Term:
    """A term that ends on a date named by the law; "before" a date leaves the day ahead as the last one."""
    due_on = day - _ONE_DAY if Bound(bound) is Bound.BEFORE else day
    return Term(due_on=due_on, due_at=end_of(due_on), unit=Unit.CALENDAR_DAY)


def yearly_term(anchor: datetime, month_and_day: str, bound: Bound | str = Bound.EXACTLY) -> Term:
    """A term that ends on one day of every year ("12-31"): the first such end not before the event."""
    month, day = (int(part) for part in month_and_day.split("-"))
    first = local_day(anchor)
    term = fixed_term(date(first.year, month, day), bound)
    return term if term.due_on >= first else fixed_term(date(first.year + 1, month, day), bound)


def add_working_days(start: date, count: int, calendar: WorkingCalendar) -> date:
    """The working day that lies `count` working days after a day, which itself is not counted."""
    day = start
    while count > 0:
        day += _ONE_DAY
        if calendar.is_working(day):
            count -= 1
    return day


def subtract_working_days(start: date, count: int, calendar: WorkingCalendar) -> date:
    """The working day that lies `count` working days before a day, which itself is not counted."""
    day = start
    while count > 0:
        day -= _ONE_DAY
        if calendar.is_working(day):
            count -= 1
    return day


def working_days_between(after: date, until: date, calendar: WorkingCalendar) -> int:
    """How many working days lie after one day, up to and including another."""
    return sum(1 for day in _days(after, until) if calendar.is_working(day))


def add_months(start: date, count: int) -> date:
    """The corresponding day `count` months later, or the last day of a month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


@carries("SUS-01", "D224-02")
def latest_notice(planned: datetime, value: int, unit: Unit | str, calendar: WorkingCalendar) -> datetime:
    """The last moment at which a notice "at least N days before" a planned event is still in time."""
    _need_zone(planned)
    unit, day = Unit(unit), local_day(planned)
    if unit is Unit.WORKING_DAY:
        return calendar.closes_at(subtract_working_days(day, value, calendar))
    if unit is Unit.CALENDAR_DAY:
        return end_of(day - timedelta(days=value))
    if unit is Unit.MONTH:
        return end_of(add_months(day, -value))
    if unit is Unit.HOUR:
        return (planned - timedelta(hours=value)).astimezone(VIETNAM)
    raise ValueError(f"{unit} is not a unit in which a notice is given ahead")


def notice_in_time(
    given: datetime, planned: datetime, value: int, unit: Unit | str, calendar: WorkingCalendar
) -> bool:
    """Whether a notice of a planned event was given early enough."""
    _need_zone(given)
    return given <= latest_notice(planned, value, unit, calendar)


def remaining(now: datetime, term: Term, calendar: WorkingCalendar) -> Remaining:
    """What is left of a term at this moment, in the kind of days in which it runs.

    Today is not counted, the last day is: on Thursday a term that ends on Friday has one working day left.
    A term of months or years is told in days; a term of hours in whole hours.
    """
    today = local_day(now)
    over = now > term.due_at or today > term.due_on
    if term.unit is Unit.HOUR:
        apart = abs(term.due_at - now)
        state = TermState.OVERDUE if now > term.due_at else TermState.RUNNING
        return Remaining(state, int(apart.total_seconds() // 3600), Unit.HOUR)
    working = term.unit is Unit.WORKING_DAY
    unit = Unit.WORKING_DAY if working else Unit.CALENDAR_DAY
    start, end = (term.due_on, today) if over else (today, term.due_on)
    amount = working_days_between(start, end, calendar) if working else (end - start).days
    skipped = calendar.rest_between(start, end) if working else ()
    if over:
        return Remaining(TermState.OVERDUE, amount, unit, skipped)
    state = TermState.DUE_TODAY if today == term.due_on else TermState.RUNNING
    return Remaining(state, amount, unit, skipped)


def typed_value(text: str, unit: Unit | str) -> int | date | bool | str | None:
    """A parameter's value as a number, a date, yes or no, or text; None where the law sets no value.

    Raises ValueError when the text does not fit the unit.
    """
    unit, text = Unit(unit), text.strip()
    if unit in WITHOUT_VALUE:
        if text:
            raise ValueError("this unit carries no value")
        return None
    if not text:
        raise ValueError("a value is needed")
    if unit in (Unit.TEXT, Unit.ROLE):
        return text
    if unit is Unit.DATE:
        return date.fromisoformat(text)
    if unit is Unit.YEARLY_DATE:
        month, day = text.split("-")
        date(2024, int(month), int(day))
        return text
    if unit is Unit.YES_NO:
        if text not in ("true", "false"):
            raise ValueError("true or false")
        return text == "true"
    number = int(text)
    if number < 0 or (unit in COUNTED_UNITS and number < 1):
        raise ValueError("the number is too small")
    if number > _LARGEST[unit]:
        raise ValueError("the number is too large")
    return number


# Far beyond any term of the law, and small enough that no date can run past the calendar of the computer.
_LARGEST = {
    Unit.WORKING_DAY: 5_000,
    Unit.CALENDAR_DAY: 36_500,
    Unit.MONTH: 1_200,
    Unit.YEAR: 100,
    Unit.HOUR: 100_000,
    Unit.PERCENT: 100,
    Unit.COUNT: 1_000_000,
    Unit.TIMES_PER_MONTH: 1_000,
    Unit.TIMES_PER_QUARTER: 1_000,
    Unit.TIMES_PER_YEAR: 1_000,
    Unit.SCORE: 1_000,
    Unit.MONEY: 10**15,
}


def _days(after: date, until: date) -> Iterator[date]:
    day = after
    while day < until:
        day += _ONE_DAY
        yield day


def _years(start: date, end: date) -> set[int]:
    return set(range(start.year, end.year + 1))


def _need_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be counted from")
