"""Work: what is due from whom; opened and finished by the commands of the floor that the case belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from lienthong.agencies.models import Agency, Work
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.holds.queries import subject_of
from lienthong.law.models import Clock


def open_work(
    *,
    subject: models.Model,
    act: str,
    title_vi: str,
    title_en: str,
    about: str,
    url: str,
    unit: Agency,
    role: str = "",
    person: User | None = None,
    clock: Any = None,
    due_at: datetime | None = None,
    number: str = "",
) -> Work:
    """Say that an act on a record is due from a unit, in a role, or from one person.

    Opening it again brings it up to date. `clock` is a `law.models.Clock`; where given, the act is due when
    it runs out.
    """
    kind, identity = subject_of(subject)
    latest = {
        "number": number,
        "title_vi": title_vi[:200],
        "title_en": title_en[:200],
        "about": about[:300],
        "url": url,
        "role": role,
        "person": person,
        "clock": clock,
        "due_at": clock.due_at if clock is not None else due_at,
    }
    with transaction.atomic():
        work, opened = Work.objects.select_for_update(of=("self",)).get_or_create(
            subject_kind=kind,
            subject_id=identity,
            act=act,
            unit=unit,
            done_at=None,
            defaults=latest,
        )
        if not opened:
            for name, value in latest.items():
                setattr(work, name, value)
            work.save(update_fields=list(latest))
    return work


def finish_work(*, actor: Actor, subject: models.Model, act: str | None = None) -> int:
    """Take what was due on a record off every list: one act, or all of them; returns how many were open."""
    kind, identity = subject_of(subject)
    due = Work.objects.filter(subject_kind=kind, subject_id=identity, done_at__isnull=True)
    if act is not None:
        due = due.filter(act=act)
    return due.update(done_at=timezone.now(), done_by=actor.user_id or actor.origin)


def forget_work(*, subject: models.Model) -> int:
    """Take every trace of a record out of the lists of work, done or due: it must no longer be known of."""
    kind, identity = subject_of(subject)
    gone, _kinds = Work.objects.filter(subject_kind=kind, subject_id=identity).delete()
    return gone


def follow_clock(*, clock_id: int) -> int:
    """Bring the due date of open work up to its clock, which was moved; returns how many acts were touched."""
    clock = Clock.objects.filter(pk=clock_id).first()
    if clock is None:
        return 0
    return Work.objects.filter(clock=clock, done_at__isnull=True).update(due_at=clock.due_at)
