"""Decisions about flows of synchronisation and their reconciliation, on plain values."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from lienthong.foundation.text import fold
from lienthong.foundation.tracing import carries

# How a value of the source becomes one of the copy: code of the conversion, what it is called.
CONVERSIONS: dict[str, tuple[str, str]] = {
    "": ("Giữ nguyên", "As it is"),
    "trim": ("Bỏ khoảng trắng đầu, cuối", "Without spaces at both ends"),
    "nfc": ("Chuẩn hóa Unicode (NFC)", "One Unicode spelling (NFC)"),
    "upper": ("Viết hoa", "In capitals"),
    "lower": ("Viết thường", "In small letters"),
    "digits": ("Chỉ giữ chữ số", "Digits alone"),
    "text": ("Đổi thành văn bản", "As text"),
    "date_dmy": ("Ngày viết ngày/tháng/năm", "Dates written day/month/year"),
    "date_ymd": ("Ngày viết năm-tháng-ngày", "Dates written year-month-day"),
    "codes": ("Đổi mã cũ sang mã mới theo danh mục dùng chung", "Former codes to present ones of the shared list"),
}  # fmt: skip

# An asked-for source that may change at any moment is looked at this often.
POLL = timedelta(minutes=15)
# In calendar days, the longest that lies between two runs of each frequency.
LONGEST_DAYS = {"on_change": 0, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92}
PER_DAYS = {"times_per_month": 31, "times_per_quarter": 92, "times_per_year": 366}
TERM_DAYS = {"working_day": 1.0, "calendar_day": 1.0, "month": 31.0, "year": 366.0, "hour": 1 / 24}


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@carries("OVL-04")
def next_due(frequency: str, run_at: time, after: datetime, zone: tzinfo, anchor: date) -> datetime:
    """The next moment of a schedule after a given one, at its hour of the day.

    `anchor` is the day from which weeks and months are counted.
    """
    if frequency == "on_change":
        return after + POLL
    here = after.astimezone(zone)
    day, step = anchor, 0
    if frequency in {"daily", "weekly"}:
        width = 1 if frequency == "daily" else 7
        gone = max(0, (here.date() - anchor).days // width)
        day = anchor + timedelta(days=gone * width)
        while datetime.combine(day, run_at, zone) <= here:
            day += timedelta(days=width)
        return datetime.combine(day, run_at, zone)
    width = 1 if frequency == "monthly" else 3
    while datetime.combine(day, run_at, zone) <= here:
        step += width
        day = _months_on(anchor, step)
    return datetime.combine(day, run_at, zone)


@carries("OVL-04", "D278-12")
def is_too_slow(frequency: str, value: Any, unit: str) -> bool:
    """Whether a schedule is slower than the longest delay that the law allows; a value without a number allows all."""
    if unit == "immediate":
        return frequency != "on_change"
    if not isinstance(value, int) or isinstance(value, bool) or unit not in TERM_DAYS:
        return False
    return LONGEST_DAYS[frequency] > value * TERM_DAYS[unit]


@carries("D278-12")
def rhythm(value: Any, unit: str) -> timedelta | None:
    """How long may lie between two reconciliations; None where nobody set a rhythm."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1 or unit not in PER_DAYS:
        return None
    return timedelta(days=PER_DAYS[unit] // value)


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a copy equals its source: percentages; no number where there is nothing to count."""

    completeness: float
    accuracy: float
    timeliness: float | None


@carries("D278-12")
def figures(*, source_rows: int, missing: int, changed: int, runs_due: int, runs_in_time: int) -> Figures:
    """Completeness (rows of the source that the copy has), accuracy (of those, rows that are equal), timeliness (runs
    done in time), in percent.

    An empty source is complete and accurate: nothing of it is missing.
    """
    shared = source_rows - missing
    return Figures(
        completeness=_percent(shared, source_rows),
        accuracy=_percent(shared - changed, shared),
        timeliness=_percent(runs_in_time, runs_due) if runs_due else None,
    )


def _percent(part: int, whole: int) -> float:
    """In percent, cut and never rounded up: what is not whole does not read as whole."""
    if whole <= 0 or part >= whole:
        return 100.0
    return min(int(max(part, 0) * 100_000 / whole) / 1000, 99.999)


def proposed_mapping(
    target: Sequence[str], source: Sequence[str], known: Iterable[tuple[str, str]] = ()
) -> list[dict[str, str]]:
    """Which column of the source may fill which of the target: those known as a pair, then those of one name.

    Each column is used once; a column without a match is left out.
    """
    pairs: dict[str, str] = {}
    for one, other in known:
        if one in target and other in source and one not in pairs and other not in pairs.values():
            pairs[one] = other
    by_name = {_name(column): column for column in reversed(source)}
    for column in target:
        found = by_name.get(_name(column))
        if column not in pairs and found is not None and found not in pairs.values():
            pairs[column] = found
    return [
        {"target": column, "source": pairs[column], "conversion": ""} for column in target if column in pairs
    ]


def _name(column: str) -> str:
    return "".join(sign for sign in fold(column) if sign.isalnum())


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a flow must have before it is put to work."""

    code: str
    vi: str
    en: str
    met: bool


# In step, late, stopped, differs, and what else a flow may be at a glance: word for the badge of the page kit.
GLANCES = {
    "draft": "todo",
    "in_step": "done",
    "held": "waiting",
    "unproved": "waiting",
    "running": "running",
    "differs": "failed",
    "late": "late",
    "stopped": "stopped",
    "paused": "stopped",
    "ended": "not_applicable",
}


def glance(state: str, *, late: bool, in_step: bool | None, running: bool, held: bool = False) -> str:
    """How a flow stands, in one word: what is worst comes first."""
    if state != "active":
        return state
    if late:
        return "late"
    if in_step is False:
        return "differs"
    if running:
        return "running"
    if held and in_step:
        return "held"
    return "in_step" if in_step else "unproved"


def refused_columns(key: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Columns of the key that nothing fills, and columns of the target that are filled twice."""
    filled = [str(one["target"]) for one in columns]
    return (
        [column for column in key if column not in filled],
        sorted({column for column in filled if filled.count(column) > 1}),
    )
