"""Which jobs there are, and which an actor may see."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.holds.queries import subject_of

from .models import Job, JobState

LIVE = (JobState.QUEUED, JobState.RUNNING)


def jobs_of(subject: Model) -> QuerySet[Job]:
    """Every job that was started for one record, newest first."""
    kind, identity = subject_of(subject)
    return Job.objects.filter(subject_kind=kind, subject_id=identity).order_by("-created_at", "-pk")


def live_job(subject: Model, name: str) -> Job | None:
    """The job of this name that waits or runs for a record, if there is one."""
    return jobs_of(subject).filter(name=name, state__in=LIVE).first()


def live_jobs_named(name: str) -> QuerySet[Job]:
    """The jobs of one name that wait or run, for whichever record."""
    return Job.objects.filter(name=name, state__in=LIVE).order_by("created_at")


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """One's own jobs, those of one's unit, and those that anyone may watch."""
    if actor.is_system:
        return Job.objects.all()
    mine = Q(open_to_all=True)
    if actor.user_id:
        mine |= Q(user_id=actor.user_id)
        if actor.unit_id:
            mine |= Q(unit_id=actor.unit_id)
    return Job.objects.filter(mine)


def job_visible_to(actor: Actor, job_id: int) -> Job:
    """One job, if the actor may see it; else it is not there."""
    job = jobs_visible_to(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound(what="công việc này", what_en="This job")
    return job


def may_stop(actor: Actor, job: Job) -> bool:
    """Whether the actor may stop a job: the person who started it, or a colleague of the same unit."""
    if actor.is_system:
        return True
    same_unit = bool(actor.unit_id) and job.unit_id == actor.unit_id
    return bool(actor.user_id) and (job.user_id == actor.user_id or same_unit)
