"""Keeping the store of versions in order: files that grew many are joined, leftovers removed, no version touched."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job

NAME = "catalogue.order_store"
EVERY = timedelta(hours=24)
# Within a process the question is asked this seldom (seconds): the tick comes every few.
_PAUSE = 600.0
_asked_at: float | None = None


def order_store_daily(*, actor: Actor = SYSTEM, now: datetime | None = None) -> Job | None:
    """Start putting the store in order once a day. Run by the tick; None when it is not yet time.

    Anybody may call it: what it starts changes nothing that anybody reads.
    """
    global _asked_at
    if now is None and _asked_at is not None and time.monotonic() - _asked_at < _PAUSE:
        return None
    _asked_at = time.monotonic()
    moment = now or timezone.now()
    with transaction.atomic():
        if Job.objects.filter(name=NAME, created_at__gt=moment - EVERY).exists():
            return None
        return start_job(
            actor=actor,
            name=NAME,
            title_vi="Sắp xếp kho phiên bản",
            title_en="Put the store of versions in order",
            only_once=NAME,
        )
