"""Place and lift holds."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor

from .models import Hold
from .queries import subject_of


def place_hold(
    *,
    actor: Actor,
    subject: models.Model,
    step: str,
    code: str,
    text_vi: str,
    text_en: str,
    provision: str = "",
    cause: models.Model | None = None,
    url: str = "",
) -> Hold:
    """Hold a step of a record until the cause is settled; placing the same hold twice changes nothing."""
    kind, identity = subject_of(subject)
    cause_kind, cause_id = subject_of(cause) if cause is not None else ("", "")
    with transaction.atomic():
        hold, _ = Hold.objects.get_or_create(
            subject_kind=kind,
            subject_id=identity,
            step=step,
            code=code,
            cause_kind=cause_kind,
            cause_id=cause_id,
            lifted_at=None,
            defaults={
                "text_vi": text_vi,
                "text_en": text_en,
                "provision": provision,
                "url": url,
                "placed_by": actor.user_id or actor.origin,
            },
        )
    return hold


def lift_holds(
    *,
    actor: Actor,
    subject: models.Model | None = None,
    code: str | None = None,
    cause: models.Model | None = None,
    because: str = "",
) -> int:
    """Lift the open holds of a subject and code, or those that one cause placed; returns how many."""
    if subject is None and cause is None:
        raise ValueError("name the subject or the cause")
    holds = Hold.objects.filter(lifted_at__isnull=True)
    if subject is not None:
        kind, identity = subject_of(subject)
        holds = holds.filter(subject_kind=kind, subject_id=identity)
    if cause is not None:
        kind, identity = subject_of(cause)
        holds = holds.filter(cause_kind=kind, cause_id=identity)
    if code is not None:
        holds = holds.filter(code=code)
    return holds.update(
        lifted_at=timezone.now(), lifted_by=actor.user_id or actor.origin, lifted_because=because[:300]
    )
