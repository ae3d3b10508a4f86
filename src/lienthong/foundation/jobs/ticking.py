"""The tick: what must be looked at every few seconds, in a thread and over connections of its own."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from lienthong.foundation.events.tracking import begin as begin_unit_of_work
from lienthong.foundation.faults import where_it_arose

log = structlog.get_logger(__name__)

EVERY = 3.0
# How often the worker leaves a sign of life for `lienthong doctor` (seconds).
SIGN_EVERY = 15.0
SIGN = "jobs.worker_seen"
LONGEST_PAUSE = 300.0


def leave_a_sign() -> None:
    """A tick: let it be seen from outside that a worker is there and ticks."""
    global _signed_at
    if _signed_at is None or time.monotonic() - _signed_at > SIGN_EVERY:
        _signed_at = time.monotonic()
        cache.set(SIGN, timezone.now().isoformat(), timeout=3600)


def worker_seen_at() -> datetime | None:
    """When a worker last ticked, as far as is known."""
    found = cache.get(SIGN)
    return datetime.fromisoformat(found) if found else None


_signed_at: float | None = None


class Ticker(threading.Thread):
    """Runs every tick of `settings.TICKS` in turn; one that fails is left alone for a while, and hinders no
    other.
    """

    def __init__(self, stop: threading.Event, every: float = EVERY) -> None:
        super().__init__(name="tick", daemon=True)
        self._stop_order = stop
        self._every = every
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run(self) -> None:
        while not self._stop_order.is_set():
            self.tick()
            self._stop_order.wait(self._every)
        connections.close_all()

    def tick(self) -> None:
        """Once through all of them."""
        for name in settings.TICKS:
            if self._stop_order.is_set():
                return
            if time.monotonic() < self._not_before.get(name, 0):
                continue
            begin_unit_of_work()
            try:
                import_string(name)()
            except Exception as error:
                failures = self._failures[name] = self._failures.get(name, 0) + 1
                pause = min(LONGEST_PAUSE, self._every * 2 ** min(failures, 10))
                self._not_before[name] = time.monotonic() + pause
                log.error("tick_failed", tick=name, failures=failures, **where_it_arose(error))
                if not connection.in_atomic_block:
                    connection.close()
            else:
                self._failures.pop(name, None)
