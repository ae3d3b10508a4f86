"""The running of the installation: jobs, deliveries that wait, disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from lienthong import __version__
from lienthong.foundation.events.models import Delivery, Event
from lienthong.foundation.jobs.models import Job


@dataclass(frozen=True)
class Running:
    """What an administrator looks at first."""

    version: str
    database: str
    free: int
    jobs: list[tuple[str, int]]
    last_heartbeat: datetime | None
    failed: list[Job]
    waiting_deliveries: int
    failing_deliveries: int
    events_today: int


def state() -> Running:
    """The state now; a handful of counted queries."""
    counted = Job.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
    labels = dict(Job._meta.get_field("state").choices or ())
    owed = Delivery.objects.filter(done_at__isnull=True)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Running(
        version=__version__,
        database="PostgreSQL" if connection.vendor == "postgresql" else "SQLite",
        free=shutil.disk_usage(settings.DATA_DIR).free,
        jobs=[(str(labels.get(name, name)), number) for name, number in counted],
        last_heartbeat=Job.objects.order_by("-heartbeat_at").values_list("heartbeat_at", flat=True).first(),
        failed=list(Job.objects.filter(state="failed").order_by("-finished_at")[:20]),
        waiting_deliveries=owed.count(),
        failing_deliveries=owed.filter(attempts__gt=0).count(),
        events_today=Event.objects.filter(occurred_at__gte=midnight).count(),
    )
