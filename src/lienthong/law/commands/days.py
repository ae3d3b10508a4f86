"""Keep the working calendar."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.db.models import Q

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish

from ..access import require_calendar_keeper
from ..counting import counted_again, move
from ..errors import CalendarEntryInvalid, CalendarEntryMissing
from ..events import CalendarDayRemoved, CalendarDaySet, HolidaysSeeded
from ..first_guess import guesses
from ..models import CalendarDay, Clock, Mark
from ..queries import calendar
from ..rules import Unit


def set_calendar_day(
    *,
    actor: Actor,
    day: date,
    kind: str,
    name_vi: str,
    name_en: str = "",
    closing_hour: time | None = None,
    source: str = "",
    mark: str = Mark.AGENCY,
    reason: str = "",
) -> CalendarDay:
    """Enter a day of rest, a working day in exchange, or the hour at which offices close from a day on.

    The ends of running terms are counted again. Raises CalendarEntryInvalid, NotAllowed. Publishes
    CalendarDaySet, and ClockMoved for each term that moved.
    """
    require_calendar_keeper(actor)
    if kind not in CalendarDay.Kind.values:
        raise CalendarEntryInvalid(why=f"không có loại “{kind}”", why_en=f"there is no kind “{kind}”")
    if not name_vi.strip():
        raise CalendarEntryInvalid(why="chưa ghi tên ngày", why_en="the name is missing")
    with transaction.atomic():
        opposite = {
            CalendarDay.Kind.HOLIDAY: CalendarDay.Kind.SWAPPED_WORKING,
            CalendarDay.Kind.SWAPPED_WORKING: CalendarDay.Kind.HOLIDAY,
        }.get(CalendarDay.Kind(kind))
        if opposite:
            CalendarDay.objects.filter(day=day, kind=opposite).delete()
        entry, _ = CalendarDay.objects.update_or_create(
            day=day,
            kind=kind,
            defaults={
                "name_vi": name_vi.strip()[:200],
                "name_en": (name_en.strip() or name_vi.strip())[:200],
                "closing_hour": closing_hour if kind == CalendarDay.Kind.CLOSING else None,
                "source": source.strip()[:200],
                "mark": mark if mark in Mark.values else Mark.AGENCY,
            },
        )
        moved = _count_again(actor, day, f"{day:%d/%m/%Y} {entry.name_vi}")
        publish(
            actor=actor,
            fact=CalendarDaySet(
                day=day, kind=kind, name_vi=entry.name_vi, name_en=entry.name_en, moved=moved
            ),
            reason=reason,
        )
    return entry


def remove_calendar_day(*, actor: Actor, day: date, kind: str, reason: str = "") -> None:
    """Take an entry out of the working calendar; the ends of running terms are counted again.

    Raises CalendarEntryMissing, NotAllowed. Publishes CalendarDayRemoved, and ClockMoved for each term that
    moved.
    """
    require_calendar_keeper(actor)
    with transaction.atomic():
        removed, _ = CalendarDay.objects.filter(day=day, kind=kind).delete()
        if not removed:
            raise CalendarEntryMissing(day=f"{day:%d/%m/%Y}", day_en=day.isoformat())
        moved = _count_again(actor, day, f"{day:%d/%m/%Y}")
        publish(actor=actor, fact=CalendarDayRemoved(day=day, kind=kind, moved=moved), reason=reason)


def seed_holidays(*, actor: Actor, years: list[int]) -> int:
    """Enter the first guess of the holidays of these years, marked as not verified; entries that exist stay.

    Returns how many days were added. Publishes HolidaysSeeded.
    """
    require_calendar_keeper(actor)
    if not years:
        return 0
    with transaction.atomic():
        taken = set(CalendarDay.objects.filter(day__year__in=years).values_list("day", flat=True))
        new = [
            CalendarDay(
                day=guess.day,
                kind=guess.kind,
                name_vi=guess.name_vi,
                name_en=guess.name_en,
                source=guess.source,
                mark=Mark.UNVERIFIED,
            )
            for guess in guesses(years)
            if guess.day not in taken
        ]
        CalendarDay.objects.bulk_create(new)
        if new:
            _count_again(actor, min(entry.day for entry in new), "seed")
            publish(
                actor=actor,
                fact=HolidaysSeeded(first_year=min(years), last_year=max(years), added=len(new)),
            )
    return len(new)


def _count_again(actor: Actor, day: date, because: str) -> int:
    """Count the running terms in working days again that a change of this day may move; returns how many
    moved.
    """
    days = calendar()
    moved = 0
    running = Clock.objects.filter(stopped_at__isnull=True, unit=Unit.WORKING_DAY.value)
    ahead_or_later = Q(ahead=True) | Q(due_on__gte=day)
    for clock in running.filter(ahead_or_later).select_related("parameter").iterator(chunk_size=500):
        moved += move(actor, clock, counted_again(clock, days), because)
    return moved
