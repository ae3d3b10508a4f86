"""Start a job, stop a job."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.holds.queries import subject_of

from .context import plain
from .errors import JobOver
from .models import Job, JobState
from .performing import enqueue
from .queries import LIVE, may_stop
from .registry import find_job


def start_job(
    *,
    actor: Actor,
    name: str,
    title_vi: str,
    title_en: str,
    subject: Model | None = None,
    arguments: dict[str, Any] | None = None,
    only_once: str = "",
    open_to_all: bool = False,
) -> Job:
    """Start a piece of long work: it is queued in the caller's transaction, and begins once that is
    committed.

    `name` is `<app>.<function>`, a function marked `@job`. `arguments` are plain values and must hold no
    secret: they are stored. With `only_once` a job that waits or runs under the same words is returned
    instead of a second one. `open_to_all` lets visitors watch it. Raises `JobUnknown`; a visitor is refused.
    """
    if actor.is_visitor:
        raise NotAllowed(act=f"khởi chạy “{title_vi}”", act_en=f"start “{title_en}”")
    find_job(name)
    kind, identity = subject_of(subject) if subject is not None else ("", "")
    job = Job(
        name=name,
        arguments=plain(arguments),
        subject_kind=kind,
        subject_id=identity,
        only_once=only_once[:160],
        title_vi=title_vi[:200],
        title_en=title_en[:200],
        open_to_all=open_to_all,
        user_id=actor.user_id or "",
        unit_id=actor.unit_id or "",
        roles=",".join(sorted(actor.roles))[:300],
        locale=actor.locale,
        under=(
            {"on_behalf_of": actor.on_behalf_of, "acts": sorted(actor.acts or ())}
            if actor.on_behalf_of
            else None
        ),
    )
    with transaction.atomic():
        if only_once and (live := _live(job.only_once)) is not None:
            return live
        try:
            # A savepoint: on PostgreSQL the second of two at the same moment meets the constraint.
            with transaction.atomic():
                job.save()
        except IntegrityError:
            if only_once and (live := _live(job.only_once)) is not None:
                return live
            raise
        enqueue(job)
        job.save(update_fields=["task_id"])
    return job


def cancel_job(*, actor: Actor, job: Job) -> Job:
    """Stop a job for good: at once while it waits, at its next step while it runs. Stopping it twice changes
    nothing.
    """
    if not may_stop(actor, job):
        raise NotAllowed(act=f"dừng “{job.title_vi}”", act_en=f"stop “{job.title_en}”")
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        if row.state == JobState.QUEUED:
            row.state = JobState.CANCELLED
            row.finished_at = timezone.now()
            row.save(update_fields=["state", "finished_at"])
            if row.task_id:
                DBTaskResult.objects.ready().filter(pk=row.task_id).delete()
        elif row.state == JobState.RUNNING:
            row.cancel_requested = True
            row.save(update_fields=["cancel_requested"])
        elif row.state != JobState.CANCELLED:
            raise JobOver(title=row.title_vi, title_en=row.title_en)
    return row


def _live(only_once: str) -> Job | None:
    return Job.objects.filter(only_once=only_once, state__in=LIVE).first()
