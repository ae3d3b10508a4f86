"""What lost its worker goes on; what the queue lost is found again."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lienthong.foundation.jobs import reaping
from lienthong.foundation.jobs.commands import cancel_job, start_job
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.reaping import prune_task_rows, return_interrupted_jobs
from lienthong.foundation.jobs.workers import this_worker, worker_is_gone
from lienthong.foundation.jobs.working import run_waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def job(probe, officer):
    return start_job(
        actor=officer, name="probe.polite", title_vi="Thử", title_en="Try", arguments={"seconds": 0}
    )


@pytest.fixture(scope="module")
def gone_worker():
    """The name of a worker whose process has ended."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from lienthong.foundation.jobs.workers import this_worker; print(this_worker())",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()


def taken(job, worker, heartbeat_age=0):
    """As if a worker had begun the job."""
    beaten = timezone.now() - timedelta(seconds=heartbeat_age)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run="r", worker=worker, heartbeat_at=beaten)
    DBTaskResult.objects.filter(pk=job.task_id).update(
        status="RUNNING", started_at=beaten, worker_ids=[worker]
    )
    return job.task_id


def test_a_worker_knows_who_is_still_there(gone_worker):
    assert not worker_is_gone(this_worker())
    assert worker_is_gone(gone_worker)
    assert not worker_is_gone(f"elsewhere-{gone_worker}"), "nothing is known of another machine"
    assert not worker_is_gone("")
    place, _, started = this_worker().rpartition(":")
    assert worker_is_gone(f"{place}:{int(started) + 1}"), "the number was given out again"


def test_a_job_whose_worker_is_gone_is_queued_again_at_once(job, gone_worker):
    stale = taken(job, gone_worker)
    assert return_interrupted_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.crashes) == (JobState.QUEUED, 1)
    assert not DBTaskResult.objects.filter(pk=stale).exists()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FINISHED, {"answer": 42})


def test_a_job_of_a_living_worker_is_left_alone_until_it_falls_silent(job, settings):
    taken(job, this_worker(), heartbeat_age=settings.JOB_HEARTBEAT_LIMIT - 5)
    assert return_interrupted_jobs() == 0
    taken(job, "elsewhere:b:n:1:1", heartbeat_age=settings.JOB_HEARTBEAT_LIMIT - 5)
    assert return_interrupted_jobs() == 0
    taken(job, "elsewhere:b:n:1:1", heartbeat_age=settings.JOB_HEARTBEAT_LIMIT + 5)
    assert return_interrupted_jobs() == 1


def test_a_start_on_its_own_data_takes_every_running_job(job):
    taken(job, "elsewhere:b:n:1:1")
    assert return_interrupted_jobs() == 0
    assert return_interrupted_jobs(every=True) == 1


def test_a_job_that_keeps_bringing_its_worker_down_is_given_up(job, gone_worker):
    for crash in range(1, 7):
        taken(job, gone_worker)
        return_interrupted_jobs()
        job.refresh_from_db()
        assert (job.crashes, job.state) == (crash, "queued" if crash < 6 else "failed")
    assert job.error_code == "jobs.kept_breaking_off"
    assert "6 lần" in job.error_vi
    assert run_waiting_jobs() == 0


def test_a_job_that_was_to_be_stopped_when_its_worker_went_stays_stopped(job, officer, gone_worker):
    taken(job, gone_worker)
    cancel_job(actor=officer, job=job)
    return_interrupted_jobs()
    job.refresh_from_db()
    assert (job.state, job.cancel_requested) == (JobState.CANCELLED, False)
    assert run_waiting_jobs() == 0


def test_a_waiting_job_that_the_queue_lost_is_found_again(job):
    DBTaskResult.objects.all().delete()
    assert return_interrupted_jobs() == 1
    assert return_interrupted_jobs() == 0
    assert run_waiting_jobs() == 1
    job.refresh_from_db()
    assert job.state == JobState.FINISHED


def test_a_job_claimed_by_a_worker_that_went_before_beginning_it_is_found_again(job, gone_worker):
    rows = DBTaskResult.objects.filter(pk=job.task_id)
    rows.update(status="RUNNING", started_at=timezone.now(), worker_ids=[this_worker()])
    assert return_interrupted_jobs() == 0
    rows.update(worker_ids=[gone_worker])
    assert return_interrupted_jobs() == 1
    assert not rows.exists()


def test_the_queue_keeps_a_day_of_what_is_over(job, monkeypatch):
    monkeypatch.setattr(reaping, "_pruned_at", None)
    run_waiting_jobs()
    assert prune_task_rows() == 0
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert prune_task_rows() == 0, "once a day is enough"
    monkeypatch.setattr(reaping, "_pruned_at", None)
    assert prune_task_rows() == 1
    assert Job.objects.filter(pk=job.pk).exists()
