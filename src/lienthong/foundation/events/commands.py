"""Publish a fact."""

from __future__ import annotations

from django.db import transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import OutsideDelegation

from .delivery import deliver_event, reactions_to
from .facts import Fact
from .models import Delivery, Event
from .tracking import current_request_id


def publish(*, actor: Actor, fact: Fact, reason: str = "") -> Event:
    """Write what has happened, in the caller's transaction; its reactions run at once after commit, or with the next tick.

    Raises `OutsideDelegation` for a fact that an actor on behalf of another may not cause; the whole command is undone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.name()} must be published inside the transaction of the command")
    if not actor.may_cause(fact.name()):
        raise OutsideDelegation()
    user_name = _name_of(actor.user_id)
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
        behalf={"id": actor.on_behalf_of, "name": _name_of(actor.on_behalf_of)}
        if actor.on_behalf_of
        else None,
        request_id=current_request_id(),
    )
    reactions = reactions_to(event.name)
    if reactions:
        Delivery.objects.bulk_create([Delivery(event=event, reaction=name) for name in reactions])
        transaction.on_commit(lambda: deliver_event(event.pk))
    return event


def _name_of(user_id: str | None) -> str:
    if not user_id:
        return ""
    return User.objects.filter(pk=user_id).values_list("full_name", flat=True).first() or ""
