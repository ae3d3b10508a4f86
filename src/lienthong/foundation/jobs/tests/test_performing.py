"""A job is begun once, ends in one of five ways, and takes effect once."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import structlog
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.jobs import performing
from lienthong.foundation.jobs.commands import cancel_job, start_job
from lienthong.foundation.jobs.context import JobCancelled, JobContext, JobInterrupted, starter_of
from lienthong.foundation.jobs.errors import JobOver, JobUnknown
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.performing import here, perform, put_back
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.numbers.models import Counter

from .probe.jobs import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _probe(probe):
    pass


class Undone(Exception):
    """The act did not come to its end."""


def start(officer: Actor, name: str, **given) -> Job:
    return start_job(actor=officer, name=f"probe.{name}", title_vi="Thử", title_en="Try", **given)


def due(job: Job) -> Job:
    """Let the pause before the next run be over."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - timedelta(seconds=1))
    job.refresh_from_db()
    return job


def now_running(job: Job) -> JobContext:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run="this-run", worker="somewhere")
    return JobContext(Job.objects.get(pk=job.pk), here.stop)


def test_a_job_that_ends_leaves_its_result_and_its_last_progress(officer, tmp_path):
    job = start(officer, "slow", arguments={"trace": str(tmp_path / "t"), "steps": 3, "pause": 0})
    assert run_waiting_jobs() == 1
    job.refresh_from_db()
    assert job.state == JobState.FINISHED
    assert job.result == {"number": "PROBE-2026-0001"}
    assert (job.done, job.total, job.doing_en) == (2, 3, "Step 3")
    assert job.finished_at is not None
    assert job.worker == job.run == ""
    assert (tmp_path / "t").read_text().splitlines() == ["step 0", "step 1", "step 2", "end"]


def test_what_a_job_returns_is_its_result(officer):
    job = start(officer, "polite", arguments={"seconds": 0})
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FINISHED, {"answer": 42})


def test_a_job_is_queued_only_if_its_transaction_is_kept(officer):
    @transaction.atomic
    def act() -> None:
        start(officer, "polite")
        raise Undone

    with pytest.raises(Undone):
        act()
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_refusal_fails_the_job_with_words_in_both_languages(officer):
    job = start(officer, "refuses")
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "foundation.input_refused")
    assert "Tên" in job.error_vi
    assert "it is empty" in job.error_en
    assert job.hint_vi
    assert job.hint_en


def test_an_unforeseen_fault_leaves_a_code_and_none_of_its_own_text(officer, monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(performing, "log", structlog.wrap_logger(structlog.WriteLogger(written)))
    job = start(officer, "breaks")
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "jobs.broke")
    logged = written.getvalue()
    fault = job.error_en.rpartition(" ")[2].strip(".")
    assert fault in job.error_vi
    assert f'"fault": "{fault}"' in logged
    assert "probe/jobs.py" in logged
    rows = [*Job.objects.filter(pk=job.pk).values(), *DBTaskResult.objects.values()]
    assert SECRET not in repr(rows) + logged
    assert "Traceback" not in repr(rows)


def test_a_passing_fault_is_tried_four_times_in_all_and_says_when(officer):
    job = start(officer, "unreachable", arguments={"answers_at": 9})
    for attempts, state in ((1, "queued"), (2, "queued"), (3, "queued"), (4, "failed")):
        assert run_waiting_jobs() == 1
        assert run_waiting_jobs() == 0, "a pause lies before the next run"
        due(job)
        assert (job.attempts, job.state) == (attempts, state)
        said = progress_of(job, officer).message
        assert said.startswith("Không kết nối được tới 10.0.0.1.")
        assert "2 bảng được giữ." in said
        again = f"{timezone.localtime(job.not_before):%H:%M:%S %d/%m/%Y} (lần {attempts + 1}/4)"
        assert (again in said) == (state == "queued")
    assert job.error_code == "source.unreachable"
    assert run_waiting_jobs() == 0


def test_a_passing_fault_that_passes_does_no_harm(officer):
    job = start(officer, "unreachable", arguments={"answers_at": 2})
    run_waiting_jobs()
    due(job)
    assert job.not_before > timezone.now()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.result, job.error_code) == (JobState.FINISHED, {"attempts": 2}, "")
    assert job.error_vi == job.hint_vi == ""


def test_only_once_gives_back_the_job_that_is_live(officer):
    first = start(officer, "polite", only_once="look:1", arguments={"seconds": 0})
    assert start(officer, "polite", only_once="look:1").pk == first.pk
    assert start(officer, "polite", only_once="look:2").pk != first.pk
    run_waiting_jobs(limit=1)
    first.refresh_from_db()
    assert first.state == JobState.FINISHED
    assert start(officer, "polite", only_once="look:1").pk != first.pk


def test_a_name_that_is_no_job_is_refused_before_anything_is_queued(officer):
    for name in ("unmarked", "absent", "JobContext"):
        with pytest.raises(JobUnknown):
            start(officer, name)
    with pytest.raises(JobUnknown):
        start_job(actor=officer, name="os.system", title_vi="x", title_en="x")
    assert not Job.objects.exists()


def test_a_job_that_an_update_took_away_fails_with_words(officer):
    job = start(officer, "polite")
    Job.objects.filter(pk=job.pk).update(name="probe.was_renamed")
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "jobs.unknown")


def test_a_visitor_starts_nothing(officer):
    with pytest.raises(NotAllowed):
        start(VISITOR, "polite")


def test_a_job_acts_as_its_starter_through_the_door_of_jobs(officer):
    job = start(officer, "polite")
    assert starter_of(job) == Actor("7", "3", frozenset({"unit"}), "en", "job")
    own = start_job(actor=SYSTEM, name="probe.polite", title_vi="x", title_en="x")
    assert starter_of(own).is_system


def test_a_waiting_job_is_stopped_at_once_and_never_runs(officer):
    job = start(officer, "breaks")
    assert cancel_job(actor=officer, job=job).state == JobState.CANCELLED
    assert cancel_job(actor=officer, job=job).state == JobState.CANCELLED
    assert run_waiting_jobs() == 0


def test_a_running_job_is_stopped_at_its_next_step(officer):
    job = start(officer, "polite")
    context = now_running(job)
    context.progress(1, 2)
    assert cancel_job(actor=officer, job=job).state == JobState.RUNNING
    context._beaten_at = 0
    with pytest.raises(JobCancelled):
        context.progress(2, 2)
    assert context.should_stop()


def test_a_stop_is_seen_before_the_last_command(officer):
    job = start(officer, "polite")
    context = now_running(job)
    cancel_job(actor=officer, job=job)
    with pytest.raises(JobCancelled), context.finish_once():
        raise AssertionError("the last command must not be reached")


def test_what_is_over_cannot_be_stopped_nor_by_a_stranger(officer):
    job = start(officer, "polite", arguments={"seconds": 0})
    with pytest.raises(NotAllowed):
        cancel_job(actor=Actor(user_id="8", unit_id="4", origin="web"), job=job)
    run_waiting_jobs()
    with pytest.raises(JobOver):
        cancel_job(actor=officer, job=job)


def test_a_job_is_begun_by_one_worker_only(officer):
    job = start(officer, "breaks")
    now_running(job)
    perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.run) == (JobState.RUNNING, "this-run")


def test_a_run_that_lost_its_job_writes_nothing_more(officer):
    job = start(officer, "polite")
    context = now_running(job)
    assert put_back(context.job, count="crashes")
    with pytest.raises(JobInterrupted):
        context.save_checkpoint({"late": True})
    with pytest.raises(JobInterrupted), context.finish_once():
        raise AssertionError("the last command must not be reached")
    assert not put_back(context.job, count="crashes")
    job.refresh_from_db()
    assert (job.state, job.checkpoint, job.crashes) == (JobState.QUEUED, {}, 1)


def test_a_run_that_lost_its_job_learns_it_at_its_next_beat(officer):
    job = start(officer, "polite")
    context = now_running(job)
    put_back(context.job, count="crashes")
    with pytest.raises(JobInterrupted):
        context.progress(1, 2)
    job.refresh_from_db()
    assert job.done == 0


def test_the_last_command_and_the_mark_are_kept_or_lost_together(officer):
    job = start(officer, "polite")
    context = now_running(job)

    def last_command() -> None:
        with context.finish_once():
            Counter.objects.create(series="PROBE", year=2026, last=1)
            raise Undone

    with pytest.raises(Undone):
        last_command()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert not Counter.objects.exists()
    assert not context.finished


def test_the_order_to_stop_queues_the_job_again_at_its_checkpoint(officer, tmp_path, monkeypatch):
    job = start(officer, "slow", arguments={"trace": str(tmp_path / "t"), "steps": 4, "pause": 0})
    Job.objects.filter(pk=job.pk).update(checkpoint={"done": 2})
    here.stop.set()
    try:
        assert run_waiting_jobs(limit=1) == 1
    finally:
        here.stop.clear()
    job.refresh_from_db()
    assert (job.state, job.interruptions, job.crashes) == (JobState.QUEUED, 1, 0)
    assert DBTaskResult.objects.get(pk=job.task_id).status == "READY"
    run_waiting_jobs()
    assert (tmp_path / "t").read_text().splitlines() == ["step 2", "step 3", "end"]
    assert Counter.objects.get(series="PROBE").last == 1


def test_an_engine_that_stops_on_request_is_interrupted_not_failed(officer):
    job = start(officer, "polite")
    here.stop.set()
    try:
        run_waiting_jobs(limit=1)
    finally:
        here.stop.clear()
    job.refresh_from_db()
    assert (job.state, job.interruptions, job.retries) == (JobState.QUEUED, 1, 0)


def test_progress_is_written_at_most_twice_a_second(officer, django_assert_max_num_queries):
    context = now_running(start(officer, "polite"))
    with django_assert_max_num_queries(4):
        for step in range(500):
            context.progress(step, 500)
