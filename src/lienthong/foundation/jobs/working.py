"""The worker process: lanes that take jobs from the queue, a heart that beats for them, the tick.

    main thread   waits for the order to stop
    lanes         claim one task at a time, and perform it
    heart         writes progress and heartbeats of all lanes
    tick          every few seconds what `settings.TICKS` names

The order to stop is given once and never hurts: a running job ends at its next step and is queued again at
its checkpoint. One that does not come to its next step in time is queued again over its head; its run then
holds nothing and can write nothing.
"""

from __future__ import annotations

import threading
import time

import structlog
from django.conf import settings
from django.db import Error, connection, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from .context import Heart
from .performing import here, put_back
from .reaping import return_interrupted_jobs
from .ticking import Ticker
from .workers import this_worker

log = structlog.get_logger(__name__)

# How often an idle lane looks for work (seconds).
IDLE = 0.5
# What a running job is given to reach its next step once the worker must stop, and what queueing it over its
# head may take.
GRACE = 4.0
LAST_WRITE = 1.0


class Lane(Worker):
    """Takes tasks from the queue, one at a time, until the order to stop."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            excluded_queue_names=[],
            interval=IDLE,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=this_worker(),
        )
        self.stop = stop

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                worked = self.run_next()
            except Error as error:
                log.warning("queue_out_of_reach", kind=type(error).__name__)
                worked = False
                connection.close()
            if not worked:
                self.stop.wait(self.interval)
        connections.close_all()

    def run_next(self) -> bool:
        """Claim the next task, if there is one, and run it."""
        waiting = DBTaskResult.objects.ready().filter(
            backend_name=self.backend_name, queue_name__in=self.queue_names
        )
        # Looking costs nothing; only taking one needs the lock.
        if not waiting.exists():
            return False
        with exclusive_transaction():
            claimed = waiting.get_locked()
            if claimed is None:
                return False
            claimed.claim(self.worker_id)
        self.run_task(claimed)
        return True


def run_waiting_jobs(limit: int = 100) -> int:
    """Run what waits in the queue, here and now, until nothing is due; returns how many. For tests and for
    scripts.
    """
    lane = Lane(threading.Event())
    return next((count for count in range(limit) if not lane.run_next()), limit)


def run_worker(stop: threading.Event, *, alone: bool = False) -> None:
    """Work until the order to stop, then leave with every job finished or queued again.

    `alone` says that no other worker can be running on this database: running jobs were then cut off.
    """
    here.stop = stop
    here.heart = Heart()
    here.heart.start()
    if alone:
        return_interrupted_jobs(every=True)
    lanes = [
        threading.Thread(target=Lane(stop).run, name=f"lane-{number}", daemon=True)
        for number in range(max(1, settings.JOB_LANES))
    ]
    for thread in [*lanes, ticker := Ticker(stop)]:
        thread.start()
    log.info("worker_started", worker=this_worker())
    stop.wait()
    deadline = time.monotonic() + GRACE
    for thread in [*lanes, ticker]:
        thread.join(max(0.0, deadline - time.monotonic()))
    _put_back_what_still_runs(here.heart)


def _put_back_what_still_runs(heart: Heart) -> None:
    running = heart.contexts
    if not running:
        return
    with connection.cursor() as cursor:
        # The stuck job may itself hold the lock that this write needs; what is not written, the tick puts
        # right.
        wait = int(LAST_WRITE * 1000)
        cursor.execute(
            f"PRAGMA busy_timeout = {wait}" if connection.vendor == "sqlite" else f"SET lock_timeout = {wait}"
        )
    for context in running:
        try:
            put_back(context.job, count="interruptions", drop_task=True)
        except Error as error:
            log.warning("job_not_put_back", job=context.job.pk, kind=type(error).__name__)
