"""Publish a fact."""

from __future__ import annotations

from django.db import transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User

from .delivery import deliver_event, reactions_to
from .facts import Fact
from .models import Delivery, Event
from .tracking import current_request_id


def publish(*, actor: Actor, fact: Fact, reason: str = "") -> Event:
    """Write what has happened, in the caller's transaction; its reactions run at once after commit, or with the next tick."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.name()} must be published inside the transaction of the command")
    user_name = ""
    if actor.user_id:
        user_name = User.objects.filter(pk=actor.user_id).values_list("full_name", flat=True).first() or ""
    event = Event.objects.create(
        name=fact.name(),
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        payload=fact.as_payload(),
        reason=reason,
        user_id=actor.user_id or "",
        user_name=user_name,
        unit_id=actor.unit_id or "",
        roles=",".join(sorted(actor.roles)),
        origin=actor.origin,
        request_id=current_request_id(),
    )
    reactions = reactions_to(event.name)
    if reactions:
        Delivery.objects.bulk_create([Delivery(event=event, reaction=name) for name in reactions])
        transaction.on_commit(lambda: deliver_event(event.pk))
    return event
