"""From a parameter and an anchor to the end of a term, and what happens when that end moves."""

from __future__ import annotations

from datetime import date, datetime

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish

from .errors import ParameterWithoutTerm
from .events import ClockMoved
from .models import Clock, Parameter
from .rules import (
    COUNTED_UNITS,
    FIXED_UNITS,
    Bound,
    Term,
    Unit,
    WorkingCalendar,
    count_term,
    end_of,
    fixed_term,
    latest_notice,
    local_day,
    typed_value,
    yearly_term,
)


def term_of(row: Parameter, anchor_at: datetime, days: WorkingCalendar) -> Term:
    """The term that a parameter gives from an anchor event. Raises ParameterWithoutTerm."""
    unit = Unit(row.unit)
    if unit not in COUNTED_UNITS | FIXED_UNITS:
        day = local_day(anchor_at)
        raise ParameterWithoutTerm(
            key=row.key,
            label=row.label_vi,
            label_en=row.label_en,
            day=f"{day:%d/%m/%Y}",
            day_en=day.isoformat(),
        )
    value = typed_value(row.value, unit)
    bound = Bound(row.bound or Bound.EXACTLY)
    if unit is Unit.DATE:
        return fixed_term(value, bound)  # type: ignore[arg-type]
    if unit is Unit.YEARLY_DATE:
        return yearly_term(anchor_at, str(value), bound)
    amount = int(value)  # type: ignore[arg-type]
    if row.ahead:
        ends = latest_notice(anchor_at, amount, unit, days)
        return Term(due_on=_last_day(ends), due_at=ends, unit=unit)
    return count_term(anchor_at, amount, unit, days)


def counted_again(clock: Clock, days: WorkingCalendar) -> Term:
    """A clock's own pinned rule, counted under a calendar."""
    amount = int(clock.value)
    if clock.ahead:
        ends = latest_notice(clock.anchor_at, amount, clock.unit, days)
        return Term(due_on=_last_day(ends), due_at=ends, unit=Unit(clock.unit))
    return count_term(clock.anchor_at, amount, clock.unit, days)


def move(actor: Actor, clock: Clock, term: Term, because: str) -> bool:
    """Give a running clock another end, where it is another; publishes ClockMoved."""
    if clock.due_at == term.due_at:
        return False
    before = clock.due_at
    clock.due_on, clock.due_at = term.due_on, term.due_at
    clock.save(update_fields=["due_on", "due_at"])
    publish(
        actor=actor,
        fact=ClockMoved(
            clock_id=clock.pk,
            of_kind=clock.subject_kind,
            of_id=clock.subject_id,
            key=clock.parameter_key,
            before=before,
            due_at=term.due_at,
            because=because,
        ),
    )
    return True


def _last_day(ends: datetime) -> date:
    day = local_day(ends)
    before = date.fromordinal(day.toordinal() - 1)
    return before if ends == end_of(before) else day
