"""What happened to a record."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from .models import Event


def history_of(subject_kind: str, subject_id: object) -> QuerySet[Event]:
    """Everything that happened to one record, newest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "-occurred_at", "-pk"
    )


def events_named(name: str) -> QuerySet[Event]:
    return Event.objects.filter(name=name).order_by("-occurred_at")


def timeline(
    subject_kind: str,
    subject_id: object,
    locale: str,
    limit: int = 30,
    after: int = 0,
    *,
    without: Sequence[str] = (),
) -> list[dict[str, object]]:
    """The latest of a record's history as a page shows it: when, who, what, and why where a reason was given.

    `without`: names of events that only repeat what another says.
    """
    lines: list[dict[str, object]] = []
    for event in history_of(subject_kind, subject_id).exclude(name__in=without)[after : after + limit]:
        text = event.sentence(locale)
        lines.append(
            {
                "at": event.occurred_at,
                "actor": event.who,
                "text": f"{text}. {event.reason}" if event.reason and event.reason not in text else text,
                "href": "",
            }
        )
    return lines
