"""What a job is given while it runs: its arguments, its actor, its progress and its checkpoint."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error, connection, transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor

from .models import Job, JobState

log = structlog.get_logger(__name__)

# Progress is written at most this often, and a stop asked for on a page is seen within it (seconds).
BEAT = 0.5


class JobStopped(BaseException):
    """The job must end now. Not an `Exception`, so that a job's own care for errors does not swallow it."""


class JobCancelled(JobStopped):
    """A person has stopped the job: it ends for good."""


class JobInterrupted(JobStopped):
    """The worker is being stopped, or has lost the job: it goes on later, from its checkpoint."""


def plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as JSON holds them: dates become ISO text, decimals text."""
    return json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder))  # type: ignore[no-any-return]


def starter_of(job: Job) -> Actor:
    """Who started the job, as its commands see them. What the product started for itself stays the product's
    own act.
    """
    return Actor(
        user_id=job.user_id or None,
        unit_id=job.unit_id or None,
        roles=frozenset(filter(None, job.roles.split(","))),
        locale=job.locale,
        origin="job" if job.user_id else "system",
        on_behalf_of=job.under["on_behalf_of"] if job.under else "",
        acts=frozenset(job.under["acts"]) if job.under else None,
    )


class JobContext:
    """One run of one job.

    The job calls `progress` now and then, gives `should_stop` to the engine, saves a checkpoint after each
    part that need not be done again, and ends in `finish_once` where its last command must take effect
    exactly once.
    """

    def __init__(self, job: Job, stop: threading.Event) -> None:
        self.job = job
        self.actor = starter_of(job)
        self.arguments: dict[str, Any] = dict(job.arguments)
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        self.finished = False
        self.lost = False
        self.cancelled = False
        self.beaten_elsewhere = False
        """Whether a thread of the worker beats for this run; else each call of `progress` does."""
        self._stop = stop
        self._kept: dict[str, str] = {}
        self._lock = threading.Lock()
        self._shown: dict[str, Any] = {}
        self._beaten_at = 0.0
        self._written_at = 0.0

    def should_stop(self) -> bool:
        """Whether the job must end now; costs nothing, so it may be asked for every row."""
        return self._stop.is_set() or self.cancelled or self.lost

    def progress(self, done: int, total: int = 0, vi: str = "", en: str = "") -> None:
        """Say how far the job is; raises `JobCancelled` or `JobInterrupted` when it must end.

        Written at most twice a second, by the worker's own thread, so it is seen even while the job is inside
        a long transaction.
        """
        shown: dict[str, Any] = {"done": done, "total": total}
        if vi or en:
            shown |= {"doing_vi": (vi or en)[:200], "doing_en": (en or vi)[:200]}
        with self._lock:
            self._shown.update(shown)
        if not self.beaten_elsewhere:
            self.beat()
        self.raise_if_stopped()

    def say_kept(self, vi: str, en: str) -> None:
        """Say what will not have to be done again, should the job end now: shown when it does not reach its end."""
        self._kept = {"kept_vi": vi[:300], "kept_en": en[:300]}

    def kept(self) -> dict[str, str]:
        """What was said to be kept, as the job's result holds it."""
        return dict(self._kept)

    def raise_if_stopped(self) -> None:
        if self.finished:
            return
        if self.cancelled:
            raise JobCancelled
        if self._stop.is_set() or self.lost:
            raise JobInterrupted

    def save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep how far the job is, so that it goes on from here after a stop.

        Takes part in the transaction around it: saved together with the effects of a part, that part is never
        done twice.
        """
        self.checkpoint = plain(checkpoint)
        if not self.mine().update(checkpoint=self.checkpoint, heartbeat_at=timezone.now()):
            self.lost = True
            raise JobInterrupted

    @contextmanager
    def finish_once(self) -> Iterator[dict[str, Any]]:
        """The job's last command and the mark that the job is finished, in one transaction: both happen,
        once, or neither.

        The dict that it gives becomes the job's result. A run that has lost its job, or was stopped, is
        turned away before the command.
        """
        with transaction.atomic():
            row = Job.objects.select_for_update().filter(pk=self.job.pk).first()
            if row is None or row.run != self.job.run or row.state != JobState.RUNNING:
                self.lost = True
            elif row.cancel_requested:
                self.cancelled = True
            if self.lost or self.cancelled:
                self.raise_if_stopped()
            result: dict[str, Any] = {}
            yield result
            self.mine().update(**self.ending(JobState.FINISHED), result=plain(result))
        self.finished = True

    def ending(self, state: JobState) -> dict[str, Any]:
        """The columns of a job that is over."""
        with self._lock:
            shown = dict(self._shown)
        return shown | {
            "state": state,
            "finished_at": timezone.now(),
            "worker": "",
            "run": "",
            "cancel_requested": False,
        }

    def mine(self) -> Any:
        """The job's row, as long as this run holds it."""
        return Job.objects.filter(pk=self.job.pk, run=self.job.run, state=JobState.RUNNING)

    def beat(self) -> None:
        """Write progress and heartbeat where due, and see whether the job was stopped or taken away."""
        now = time.monotonic()
        if self.finished or self.lost or now - self._beaten_at < BEAT:
            return
        self._beaten_at = now
        with self._lock:
            shown, self._shown = self._shown, {}
        try:
            if shown or now - self._written_at > settings.JOB_HEARTBEAT_LIMIT / 6:
                self._write(shown)
                self._written_at = now
            row = self.mine().values_list("cancel_requested", flat=True).first()
        except Error as error:
            # The next beat tries again; a run that cannot beat for long is taken back, and its end then
            # writes nothing.
            log.info("heartbeat_missed", job=self.job.pk, kind=type(error).__name__)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            with self._lock:
                self._shown = shown | self._shown
            return
        if row is None:
            self.lost = not self.finished
        else:
            self.cancelled = self.cancelled or row

    def _write(self, shown: dict[str, Any]) -> None:
        self.mine().update(**shown, heartbeat_at=timezone.now())


class Heart(threading.Thread):
    """Beats for every job that runs in this process, over a connection of its own."""

    def __init__(self) -> None:
        super().__init__(name="heart", daemon=True)
        self._contexts: dict[str, JobContext] = {}
        self._awake = threading.Event()

    @property
    def contexts(self) -> list[JobContext]:
        return list(self._contexts.values())

    @contextmanager
    def beating_for(self, context: JobContext) -> Iterator[None]:
        context.beaten_elsewhere = True
        self._contexts[context.job.run] = context
        self._awake.set()
        try:
            yield
        finally:
            del self._contexts[context.job.run]

    def run(self) -> None:
        while True:
            if not self._contexts:
                connection.close()
                self._awake.clear()
                if not self._contexts:
                    self._awake.wait()
            for context in self.contexts:
                try:
                    context.beat()
                except Exception:
                    log.exception("heartbeat_failed", job=context.job.pk)
                    connection.close()
            time.sleep(BEAT / 2)
