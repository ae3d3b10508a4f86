"""How numbers, dates and time limits are written for people, in Vietnamese and in English.

Pure functions over plain values; the language is the active one. Machine files never pass here: they keep ISO 8601 and
the decimal point.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

_WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SIZES = ("B", "kB", "MB", "GB", "TB")
# A whole number longer than this is not a quantity that people read.
_LONGEST = 30


def in_vietnamese() -> bool:
    """Whether the active language is Vietnamese, the language of anything not set otherwise."""
    return (get_language() or "vi").startswith("vi")


def number_text(value: Any, places: int | None = None) -> str:
    """1.234.567,8 in Vietnamese, 1,234,567.8 in English; digits behind the comma as they are, unless `places` is given."""
    amount = _decimal(value)
    if amount is None:
        return ""
    if places is not None:
        amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{amount:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-").strip("0.,") == "":
        text = text.lstrip("-")
    return _vietnamese_marks(text) if in_vietnamese() else text


def short_number_text(value: Any) -> str:
    """1,2 triệu for 1,234,567: at most one digit behind the comma, from a million on."""
    amount = _decimal(value)
    if amount is None:
        return ""
    if abs(amount) < Decimal(999_950):
        return number_text(amount.quantize(Decimal(1), ROUND_HALF_UP))
    millions = (amount / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if abs(millions) < 1000:
        return gettext("%(number)s million") % {"number": number_text(millions)}
    billions = (amount / 1_000_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return gettext("%(number)s billion") % {"number": number_text(billions)}


def percent_text(value: Any, places: int = 1) -> str:
    """45.2 as 45,2%; a round percentage loses its zero."""
    amount = _decimal(value)
    if amount is None:
        return ""
    return number_text(amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) + "%"


def size_text(value: Any) -> str:
    """2,4 MB for 2,400,000 bytes, in steps of a thousand."""
    amount = _decimal(value)
    if amount is None or amount < 0:
        return ""
    step = 0
    while step < len(_SIZES) - 1 and amount >= Decimal("999.5"):
        amount /= 1000
        step += 1
    places = 1 if step and amount < 10 else 0
    return f"{number_text(amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))} {_SIZES[step]}"


def day_text(value: Any) -> str:
    """19/11/2026 in Vietnamese, 19 November 2026 in English; a moment counts by its day here."""
    day = _day(value)
    if day is None:
        return ""
    if in_vietnamese():
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def hour_text(value: Any) -> str:
    """14:05."""
    moment = _moment(value)
    return f"{moment:%H:%M}" if moment else ""


def moment_text(value: Any) -> str:
    """14:05 19/11/2026 in Vietnamese, 14:05, 19 November 2026 in English."""
    moment = _moment(value)
    if moment is None:
        return day_text(value)
    return f"{hour_text(moment)}{'' if in_vietnamese() else ','} {day_text(moment)}"


def weekday_text(value: Any) -> str:
    """thứ Tư, or Wednesday."""
    day = _day(value)
    if day is None:
        return ""
    return (_WEEKDAYS_VI if in_vietnamese() else _WEEKDAYS_EN)[day.weekday()]


def due_text(value: Any) -> str:
    """17:00 thứ Tư 25/11/2026: hour, weekday and date at which a term ends; midnight belongs to the day before (24:00)."""
    moment = _moment(value)
    if moment is None:
        day = _day(value)
        return f"{weekday_text(day)} {day_text(day)}" if day else ""
    day, hour = _closing(moment)
    return f"{hour} {weekday_text(day)} {day_text(day)}"


def term_text(term: Any) -> str:
    """2 ngày làm việc (cơ quan đặt): how long a term is; reads `value`, `unit` and `mark`."""
    value, unit, mark = _read(term, "value"), str(_read(term, "unit") or ""), _mark(term)
    amount = _decimal(value)
    if amount is None:
        return gettext("The law sets no time limit")
    length = _amount(int(amount), unit)
    if mark == "own":
        return gettext("%(length)s (set by this office)") % {"length": length}
    return length


def long_term_text(term: Any) -> str:
    """As `term_text`, but a limit of one's own says that the law names none."""
    if _mark(term) == "own" and _decimal(_read(term, "value")) is not None:
        length = _amount(int(_decimal(_read(term, "value")) or 0), str(_read(term, "unit") or ""))
        return gettext("The law sets no time limit; this office has set %(length)s") % {"length": length}
    return term_text(term)


def clock_kind(clock: Any, now: datetime | None = None) -> str:
    """late, due (today or the last unit), ok or neutral (stopped, or without an end): the colour of a running term."""
    due_at, remaining = _moment(_read(clock, "due_at")), _remaining(clock)
    if _read(clock, "stopped") or due_at is None:
        return "neutral"
    if _is_late(due_at, remaining, now):
        return "late"
    return "due" if remaining is not None and remaining <= 1 else "ok"


def clock_word(clock: Any, now: datetime | None = None) -> str:
    """Còn 3 ngày làm việc; Hết hạn hôm nay; Quá hạn 2 ngày làm việc: how long, without the date."""
    due_at, remaining, unit = (
        _moment(_read(clock, "due_at")),
        _remaining(clock),
        str(_read(clock, "unit") or ""),
    )
    if _read(clock, "stopped"):
        return gettext("Time limit no longer running")
    if due_at is None:
        return gettext("No time limit")
    if _is_late(due_at, remaining, now):
        if not remaining:
            return gettext("Overdue")
        return gettext("Overdue by %(length)s") % {"length": _amount(abs(remaining), unit)}
    if remaining is None:
        return gettext("In time")
    if remaining == 0:
        today = timezone.localtime(now).date() if now else timezone.localdate()
        if _closing(due_at)[0] == today:
            return gettext("Due today")
        return gettext("Less than %(length)s left") % {"length": _amount(1, unit)}
    left = gettext("%(length)s left") % {"length": _amount(remaining, unit)}
    if unit in ("day", "calendar_day"):
        return gettext("%(left)s, days of rest included") % {"left": left}
    return left


def clock_date(clock: Any, now: datetime | None = None) -> str:
    """hết hạn 17:00 thứ Tư 25/11/2026; từ 17:00 thứ Ba 17/11/2026; 17:00 where the word says today."""
    due_at, remaining, stopped = _moment(_read(clock, "due_at")), _remaining(clock), _read(clock, "stopped")
    if stopped:
        return gettext("since %(moment)s") % {"moment": moment_text(stopped)} if _moment(stopped) else ""
    if due_at is None:
        return ""
    if _is_late(due_at, remaining, now):
        return gettext("since %(moment)s") % {"moment": due_text(due_at)}
    today = timezone.localtime(now).date() if now else timezone.localdate()
    if remaining == 0 and _closing(due_at)[0] == today:
        return _closing(due_at)[1]
    return gettext("due %(moment)s") % {"moment": due_text(due_at)}


def clock_note(clock: Any) -> str:
    """How sure the limit is, where that must be said: own setting, second-hand or not checked against the text."""
    if _moment(_read(clock, "due_at")) is None:
        return ""
    return {
        "own": gettext("(set by this office)"),
        "secondary": gettext("Time limit known at second hand, not checked against the original text"),
        "unverified": gettext("Time limit not checked against the original text"),
    }.get(_mark(clock), "")


def clock_text(clock: Any, now: datetime | None = None) -> str:
    """Còn 3 ngày làm việc, hết hạn 17:00 thứ Tư 25/11/2026 (cơ quan đặt): the whole sentence about a running term."""
    text = ", ".join(part for part in (clock_word(clock, now), clock_date(clock, now)) if part)
    note = clock_note(clock)
    if not note:
        return text
    return f"{text} {note}" if note.startswith("(") else f"{text}. {note}"


def _amount(count: int, unit: str) -> str:
    number = number_text(count)
    if unit == "working_day":
        return ngettext("%(number)s working day", "%(number)s working days", count) % {"number": number}
    if unit == "hour":
        return ngettext("%(number)s hour", "%(number)s hours", count) % {"number": number}
    if unit == "week":
        return ngettext("%(number)s week", "%(number)s weeks", count) % {"number": number}
    if unit == "month":
        return ngettext("%(number)s month", "%(number)s months", count) % {"number": number}
    if unit == "year":
        return ngettext("%(number)s year", "%(number)s years", count) % {"number": number}
    return ngettext("%(number)s day", "%(number)s days", count) % {"number": number}


def _remaining(clock: Any) -> int | None:
    value = _read(clock, "remaining")
    return value if isinstance(value, int) else None


def _is_late(due_at: datetime, remaining: int | None, now: datetime | None) -> bool:
    if remaining is not None and remaining != 0:
        return remaining < 0
    return (now or timezone.now()) > due_at


def _closing(moment: datetime) -> tuple[date, str]:
    """The last day of a term and the hour said aloud: 00:00 of the next day and 23:59 are both 24:00."""
    if moment.hour == 0 and moment.minute == 0:
        return (moment - timedelta(minutes=1)).date(), "24:00"
    if moment.hour == 23 and moment.minute == 59:
        return moment.date(), "24:00"
    return moment.date(), f"{moment:%H:%M}"


def _mark(thing: Any) -> str:
    mark = str(_read(thing, "mark") or "verified")
    return mark if mark in ("verified", "secondary", "unverified") else "own"


def _read(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _decimal(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool) or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    if not amount.is_finite() or amount.adjusted() > _LONGEST:
        return None
    return amount


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        moment = _moment(value)
        return moment.date() if moment else None
    return value if isinstance(value, date) else None


def _vietnamese_marks(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))
