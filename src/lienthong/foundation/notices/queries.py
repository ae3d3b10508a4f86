from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from lienthong.foundation.accounts.actor import Actor

from .models import Notice


def told_of(event_ids: Collection[str]) -> set[str]:
    """Of which of these events somebody was told."""
    return set(
        Notice.objects.filter(event_id__in=list(event_ids)).values_list("event_id", flat=True).distinct()
    )


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own notices, newest first."""
    return Notice.objects.filter(person_id=int(actor.user_id)) if actor.user_id else Notice.objects.none()
