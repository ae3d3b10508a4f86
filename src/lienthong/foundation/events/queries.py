"""What happened to a record."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Event


def history_of(subject_kind: str, subject_id: object) -> QuerySet[Event]:
    """Everything that happened to one record, newest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("-occurred_at")


def events_named(name: str) -> QuerySet[Event]:
    return Event.objects.filter(name=name).order_by("-occurred_at")
