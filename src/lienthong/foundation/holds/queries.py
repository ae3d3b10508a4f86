"""Which steps of a record are held, and why."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from lienthong.foundation.errors import StepHeld

from .models import Hold


def subject_of(record: Model) -> tuple[str, str]:
    """How any record is pointed at from below: `catalogue.database` and its id."""
    return record._meta.label_lower, str(record.pk)


def open_holds(record: Model, step: str | None = None) -> QuerySet[Hold]:
    """The open holds of a record; with `step`, those that block this step."""
    kind, identity = subject_of(record)
    holds = Hold.objects.filter(subject_kind=kind, subject_id=identity, lifted_at__isnull=True)
    if step is not None:
        holds = holds.filter(Q(step=step) | Q(step=""))
    return holds.order_by("opened_at")


def require_no_hold(record: Model, step: str) -> None:
    """Refuse the step while a hold is open, naming the first."""
    holds = list(open_holds(record, step))
    if holds:
        raise StepHeld(count=len(holds), first=holds[0].text_vi, first_en=holds[0].text_en)
