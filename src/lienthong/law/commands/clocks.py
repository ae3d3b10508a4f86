"""Start and stop the term of a record."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish

from ..counting import term_of
from ..errors import ClockAlreadyRunning
from ..events import ClockStarted, ClockStopped
from ..models import Clock, Parameter
from ..queries import Subject, calendar, parameter_row, subject_key, why_missing
from ..rules import local_day


def start_clock(
    *,
    actor: Actor,
    subject: Subject,
    key: str,
    anchor_at: datetime,
    anchor_event: str,
    database_code: str | None = None,
) -> Clock:
    """Begin to count a term for a record, under the rule that held on the day of its anchor event.

    `subject` is the record, or its (kind, id). Starting the same term from the same moment again gives the
    running clock back. Raises ParameterWithoutTerm where the law sets no number (see
    `queries.find_parameter`), ParameterNotInForce, ParameterUnknown, NoRuleSetOn, ClockAlreadyRunning.
    Publishes ClockStarted.
    """
    kind, identity = subject_key(subject)
    day = local_day(anchor_at)
    row = parameter_row(key, on=day, database_code=database_code)
    if row is None:
        raise why_missing(key, day)
    running = Clock.objects.filter(
        subject_kind=kind, subject_id=identity, parameter_key=key, stopped_at__isnull=True
    ).first()
    if running is not None:
        return _the_same(running, row, anchor_at)
    term = term_of(row, anchor_at, calendar())
    try:
        with transaction.atomic():
            clock = Clock.objects.create(
                subject_kind=kind,
                subject_id=identity,
                subject_number=_number(subject),
                parameter_key=key,
                parameter=row,
                rule_set=row.rule_set,
                database_code=database_code or "",
                value=row.value,
                unit=row.unit,
                bound=row.bound,
                ahead=row.ahead,
                mark=row.mark,
                provision=row.provision,
                anchor_event=anchor_event,
                anchor_at=anchor_at,
                due_on=term.due_on,
                due_at=term.due_at,
            )
            publish(
                actor=actor,
                fact=ClockStarted(
                    clock_id=clock.pk,
                    of_kind=kind,
                    of_id=identity,
                    key=key,
                    rule_set=row.rule_set.code,
                    due_at=term.due_at,
                ),
            )
    except IntegrityError:
        raise ClockAlreadyRunning(key=key, label=row.label_vi, label_en=row.label_en) from None
    return clock


def stop_clock(*, actor: Actor, clock: Clock, outcome: str, stopped_at: datetime | None = None) -> Clock:
    """End a term because the act was done or is no longer due; a clock that has stopped stays as it is.

    Publishes ClockStopped, which says whether it was in time.
    """
    with transaction.atomic():
        locked = Clock.objects.select_for_update().get(pk=clock.pk)
        if locked.is_running:
            locked.stopped_at = stopped_at or timezone.now()
            locked.outcome = outcome
            locked.save(update_fields=["stopped_at", "outcome"])
            publish(
                actor=actor,
                fact=ClockStopped(
                    clock_id=locked.pk,
                    of_kind=locked.subject_kind,
                    of_id=locked.subject_id,
                    key=locked.parameter_key,
                    outcome=outcome,
                    in_time=bool(locked.in_time),
                ),
            )
    clock.stopped_at, clock.outcome = locked.stopped_at, locked.outcome
    return clock


def _number(subject: Subject) -> str:
    return "" if isinstance(subject, tuple) else str(getattr(subject, "number", "") or "")[:60]


def _the_same(running: Clock, row: Parameter, anchor_at: datetime) -> Clock:
    if running.anchor_at != anchor_at:
        raise ClockAlreadyRunning(key=row.key, label=row.label_vi, label_en=row.label_en)
    return running
