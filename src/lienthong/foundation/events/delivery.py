"""Delivery of events to reactions: at once after commit, and again by the tick if that was lost.

A reaction runs in the transaction that marks its delivery as done, so its database effect happens exactly once; the call
itself may happen more than once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.faults import where_it_arose

from .models import Delivery, Event

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event as a reaction receives it; `actor` is the product acting because of the event."""

    event_id: str
    name: str
    occurred_at: datetime
    subject_id: str
    facts: dict[str, Any]
    actor: Actor
    caused_by: Actor


Reaction = Callable[[Delivered], None]


@cache
def reaction_table() -> dict[str, dict[str, Reaction]]:
    """Event name to its reactions by name, from the module that `settings.REACTIONS` names."""
    table: dict[str, dict[str, Reaction]] = {}
    for fact_type, reactions in import_module(settings.REACTIONS).REACTIONS.items():
        table[fact_type.name()] = {reaction.__name__: reaction for reaction in reactions}
    return table


def reactions_to(event_name: str) -> dict[str, Reaction]:
    return reaction_table().get(event_name, {})


def deliver_event(event_id: uuid.UUID) -> int:
    """Run every reaction that this event is still owed; returns how many were done. Never raises for a failing reaction."""
    waiting = Delivery.objects.filter(event_id=event_id, done_at__isnull=True).values_list("pk", flat=True)
    return sum(_deliver(pk) for pk in list(waiting))


def deliver_waiting(limit: int = 200) -> int:
    """The tick's part: deliver what is owed and due, oldest first; returns how many were done."""
    due = (
        Delivery.objects.filter(done_at__isnull=True, next_try_at__lte=timezone.now())
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_deliver(pk) for pk in list(due))


def _deliver(delivery_id: int) -> bool:
    try:
        with transaction.atomic():
            locked = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            delivery = locked.select_related("event").filter(pk=delivery_id, done_at__isnull=True).first()
            if delivery is None:
                return False
            reaction = reactions_to(delivery.event.name).get(delivery.reaction)
            if reaction is not None:
                reaction(_delivered(delivery.event))
            delivery.done_at = timezone.now()
            delivery.attempts += 1
            delivery.error = ""
            delivery.save(update_fields=["done_at", "attempts", "error"])
        return True
    except Exception as error:
        log.error("reaction_failed", delivery=delivery_id, **where_it_arose(error))
        _postpone(delivery_id, error)
        return False


def _postpone(delivery_id: int, error: Exception) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, done_at__isnull=True).first()
        if delivery is None:
            return
        delivery.attempts += 1
        # The class is enough to find the log line; the text of a driver's error may hold secrets.
        delivery.error = f"{type(error).__name__}"
        delivery.next_try_at = timezone.now() + timedelta(seconds=min(3600, 5 * 2**delivery.attempts))
        delivery.save(update_fields=["attempts", "error", "next_try_at"])


def _delivered(event: Event) -> Delivered:
    cause = Actor(
        user_id=event.user_id or None,
        unit_id=event.unit_id or None,
        roles=frozenset(filter(None, event.roles.split(","))),
        origin=event.origin,
    )
    return Delivered(
        event_id=str(event.pk),
        name=event.name,
        occurred_at=event.occurred_at,
        subject_id=event.subject_id,
        facts=event.payload,
        actor=Actor(unit_id=event.unit_id or None, origin="reaction"),
        caused_by=cause,
    )
