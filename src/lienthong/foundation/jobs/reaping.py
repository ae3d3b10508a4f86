"""The tick's part in jobs: what has lost its worker goes on, what is long over is cleared away."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import Job, JobState
from .performing import here, put_back, requeue, run_job
from .workers import worker_is_gone

# A job that was claimed but never begun is given to the queue again after this time (seconds).
CLAIM_LIMIT = 60
PRUNED_EVERY = 24 * 3600
KEPT = timedelta(days=1)


def return_interrupted_jobs(*, every: bool = False) -> int:
    """Queue again, at their checkpoints, the running jobs whose worker is gone or has fallen silent, and the
    waiting jobs that the task queue has lost; returns how many.

    `every` takes all running jobs: right where no worker can be running, as at the start on a locked data
    directory.
    """
    returned = 0
    silent_since = timezone.now() - timedelta(seconds=settings.JOB_HEARTBEAT_LIMIT)
    mine = here.runs()
    for job in Job.objects.filter(state=JobState.RUNNING).only("pk", "run", "worker", "heartbeat_at"):
        if job.run in mine:
            continue
        silent = job.heartbeat_at is None or job.heartbeat_at < silent_since
        if every or silent or worker_is_gone(job.worker):
            returned += put_back(job, count="crashes", drop_task=True)
    return returned + _requeue_lost(every=every)


def _requeue_lost(*, every: bool) -> int:
    waiting = list(Job.objects.filter(state=JobState.QUEUED).only("pk", "task_id", "state"))
    tasks = {
        row.pk: row
        for row in DBTaskResult.objects.filter(pk__in=[job.task_id for job in waiting if job.task_id]).only(
            "pk", "status", "started_at", "worker_ids"
        )
    }
    claimed_before = timezone.now() - timedelta(seconds=CLAIM_LIMIT)
    returned = 0
    for job in waiting:
        row = tasks.get(job.task_id)
        if row is not None:
            if row.status == TaskResultStatus.READY:
                continue
            claimed = row.status == TaskResultStatus.RUNNING
            gone = bool(row.worker_ids) and worker_is_gone(row.worker_ids[-1])
            if claimed and not every and not gone and row.started_at and row.started_at > claimed_before:
                continue
        returned += requeue(job)
    return returned


def prune_task_rows() -> int:
    """Once a day: clear away what the task queue keeps of tasks that are over, and of those that nobody will
    end.
    """
    global _pruned_at
    if _pruned_at is not None and time.monotonic() - _pruned_at < PRUNED_EVERY:
        return 0
    _pruned_at = time.monotonic()
    before = timezone.now() - KEPT
    over = DBTaskResult.objects.finished().filter(task_path=run_job.module_path, finished_at__lt=before)
    held = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING], task_id__isnull=False)
    left = DBTaskResult.objects.running().filter(task_path=run_job.module_path, started_at__lt=before)
    return over.delete()[0] + left.exclude(pk__in=held.values("task_id")).delete()[0]


_pruned_at: float | None = None
