from __future__ import annotations

from django.db.models import QuerySet

from lienthong.foundation.accounts.actor import Actor

from .models import Notice


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own notices, newest first."""
    return Notice.objects.filter(person_id=int(actor.user_id)) if actor.user_id else Notice.objects.none()
