"""One run of a job: begun by one worker only, ended in one of five ways.

    finished      the function returned, or `finish_once` was reached
    cancelled     a person has stopped it
    put back      the worker is being stopped: queued again, at its checkpoint, never failed
    tried again   a passing fault (something out of reach): queued again after a pause, four runs in all
    failed        refused with words for people; or an unforeseen fault, whose code leads to the log

Every write of a run names the run: one that was taken for dead, and its job given to another worker,
writes nothing more.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import structlog
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from lienthong.engine.errors import EngineError
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.tracking import begin as begin_unit_of_work
from lienthong.foundation.faults import where_it_arose

from .context import Heart, JobCancelled, JobContext, JobInterrupted, plain
from .errors import JobBroke, JobKeptBreakingOff, StorageBusy
from .models import Job, JobState
from .registry import find_job
from .workers import this_worker

log = structlog.get_logger(__name__)

# Pauses after a passing fault (seconds): a broken line is back in seconds, a server in a minute, and what is being
# maintained in ten. After the last one the job has failed.
PAUSES = (5, 60, 600)
RUNS_IN_ALL = len(PAUSES) + 1
NO_ERROR = ("error_code", "error_vi", "error_en", "hint_vi", "hint_en")
# Crashes of the worker under one job after which it is not begun again.
CRASHES_ALLOWED = 5


class WorkerHere:
    """What the runs of this process share: the order to stop, and the thread that beats for them."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.heart: Heart | None = None

    def runs(self) -> set[str]:
        """The runs going on in this process."""
        return {context.job.run for context in self.heart.contexts} if self.heart else set()


here = WorkerHere()


@task
def run_job(job_id: int) -> None:
    """What the task queue calls."""
    perform(job_id)


def enqueue(job: Job) -> None:
    """Give the job to the queue, in the caller's transaction; the caller saves the job."""
    later = job.not_before if job.not_before > timezone.now() else None
    queued = run_job.using(run_after=later).enqueue(job_id=job.pk)
    job.task_id = uuid.UUID(queued.id)


def perform(job_id: int) -> None:
    """Do one run of a job, from its checkpoint; does nothing when another worker has it or it is over."""
    context = _begin(job_id)
    if context is None:
        return
    fault = begin_unit_of_work()
    structlog.contextvars.bind_contextvars(job=job_id, name=context.job.name, run=context.job.run)
    beating = here.heart.beating_for(context) if here.heart else nullcontext()
    try:
        with translation.override(context.job.locale), beating:
            result = find_job(context.job.name)(context)
    except BaseException as error:
        _ended_by(context, error, fault)
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
    else:
        if not context.finished:
            _surely(
                context,
                lambda: context.mine().update(**context.ending(JobState.FINISHED), result=plain(result)),
            )


def _begin(job_id: int) -> JobContext | None:
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state=JobState.QUEUED).first()
        if job is None:
            return None
        job.state = JobState.RUNNING
        job.run = secrets.token_hex(12)
        job.worker = this_worker()[:120]
        job.heartbeat_at = timezone.now()
        job.started_at = job.started_at or job.heartbeat_at
        job.attempts += 1
        for column in NO_ERROR:
            setattr(job, column, "")
        job.result = {}
        job.save(
            update_fields=[
                "state",
                "run",
                "worker",
                "heartbeat_at",
                "started_at",
                "attempts",
                "result",
                *NO_ERROR,
            ]
        )
    return JobContext(job, here.stop)


def _ended_by(context: JobContext, error: BaseException, fault: str) -> None:
    if context.finished:
        log.warning("job_fault_after_its_end", **where_it_arose(error))
        return
    if context.lost:
        log.warning("job_lost")
        return
    if isinstance(error, JobCancelled) or context.cancelled:
        _surely(
            context,
            lambda: context.mine().update(**context.ending(JobState.CANCELLED), result=context.kept()),
        )
        return
    # Whatever stops a job that was told to stop is taken for its way of stopping.
    if isinstance(error, (JobInterrupted, KeyboardInterrupt, SystemExit)) or context.should_stop():
        _surely(context, lambda: put_back(context.job, count="interruptions", kept=context.kept()))
        return
    storage = isinstance(error, (OperationalError, InterfaceError))
    if (storage or getattr(error, "transient", False)) and context.job.retries + 1 < RUNS_IN_ALL:
        log.warning("job_tried_again", **where_it_arose(error))
        pause = PAUSES[context.job.retries]
        why = _said(error) if isinstance(error, (DomainError, EngineError)) else {}
        _surely(
            context,
            lambda: put_back(context.job, count="retries", pause=pause, why=why, kept=context.kept()),
        )
        return
    if isinstance(error, (DomainError, EngineError)):
        log.info("job_refused", code=error.code)
        words: DomainError | EngineError = error
    else:
        log.error("job_broke", fault=fault, **where_it_arose(error))
        words = StorageBusy(fault=fault) if storage else JobBroke(fault=fault)
    _surely(
        context,
        lambda: context.mine().update(
            **context.ending(JobState.FAILED), **_said(words), result=context.kept()
        ),
    )


def put_back(
    job: Job,
    *,
    count: str,
    pause: float = 0,
    drop_task: bool = False,
    why: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> bool:
    """Queue a running job again at its checkpoint, and count why; False when this run no longer holds it.

    `count` is interruptions, retries or crashes; `why` are the words of the fault, `kept` of what need not be done
    again. With `drop_task` its row in the task queue goes: nobody will end it.
    """
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job.pk, run=job.run, state=JobState.RUNNING).first()
        if row is None:
            return False
        if drop_task and row.task_id:
            DBTaskResult.objects.filter(pk=row.task_id).delete()
        setattr(row, count, getattr(row, count) + 1)
        row.run = row.worker = ""
        row.heartbeat_at = None
        if row.cancel_requested:
            row.state, row.finished_at, row.cancel_requested = JobState.CANCELLED, timezone.now(), False
        elif row.crashes > CRASHES_ALLOWED:
            _fail(row, JobKeptBreakingOff(times=row.crashes))
        else:
            row.state = JobState.QUEUED
            row.not_before = timezone.now() + timedelta(seconds=pause)
            for column, value in (why or {}).items():
                setattr(row, column, value)
            row.result = dict(kept or {})
            enqueue(row)
        row.save()
    log.info("job_put_back", job=row.pk, why=count, state=row.state)
    return True


def requeue(job: Job) -> bool:
    """Give a waiting job whose row in the task queue was lost to the queue again; counts as a crash."""
    with transaction.atomic():
        filters = {"pk": job.pk, "state": JobState.QUEUED, "task_id": job.task_id}
        row = Job.objects.select_for_update().filter(**filters).first()
        if row is None:
            return False
        if row.task_id:
            DBTaskResult.objects.filter(pk=row.task_id).delete()
        row.crashes += 1
        if row.crashes > CRASHES_ALLOWED:
            _fail(row, JobKeptBreakingOff(times=row.crashes))
        else:
            enqueue(row)
        row.save()
    return True


def _fail(row: Job, words: DomainError) -> None:
    row.state, row.finished_at = JobState.FAILED, timezone.now()
    for column, value in _said(words).items():
        setattr(row, column, value)


def _said(error: DomainError | EngineError) -> dict[str, str]:
    texts = {"error_vi": error.text("vi"), "error_en": error.text("en")}
    texts |= {"hint_vi": error.hint("vi"), "hint_en": error.hint("en")}
    return {"error_code": error.code[:120]} | {column: text[:600] for column, text in texts.items()}


def _surely(context: JobContext, write: Callable[[], Any]) -> None:
    """Write the end of a run, also while the database is busy for a while; what cannot be written, the tick
    puts right.
    """
    for pause in (0.2, 0.5, 1, 2, 5, 0):
        try:
            if not write():
                log.warning("job_lost", job=context.job.pk)
            return
        except Error as error:
            log.warning("job_end_not_written", job=context.job.pk, kind=type(error).__name__)
            if connection.in_atomic_block:
                raise
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
