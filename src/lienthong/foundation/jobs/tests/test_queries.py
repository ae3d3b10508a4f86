"""Who sees a job, and in which words."""

from __future__ import annotations

import pytest
from django.utils import translation

from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.jobs.commands import cancel_job, start_job
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.queries import job_visible_to, jobs_of, jobs_visible_to, live_job
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.numbers.models import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(probe, officer):
    return lambda **given: start_job(
        actor=officer, name="probe.polite", title_vi="Xem nguồn", title_en="Look", **given
    )


def test_a_job_is_seen_by_its_starter_and_the_unit_only(start, officer):
    job = start()
    colleague = Actor(user_id="9", unit_id="3", origin="web")
    for actor in (officer, colleague, SYSTEM):
        assert job_visible_to(actor, job.pk) == job
    for actor in (Actor(user_id="9", unit_id="4", origin="web"), Actor(user_id="9", origin="web"), VISITOR):
        with pytest.raises(NotFound):
            job_visible_to(actor, job.pk)
        assert not jobs_visible_to(actor).exists()


def test_nobody_is_of_the_unit_of_those_without_one(probe):
    job = start_job(
        actor=Actor(user_id="7", origin="web"), name="probe.polite", title_vi="Xem", title_en="Look"
    )
    with pytest.raises(NotFound):
        job_visible_to(Actor(user_id="8", origin="web"), job.pk)


def test_what_is_open_to_all_may_be_watched_but_not_stopped(start):
    job = start(open_to_all=True)
    assert job_visible_to(VISITOR, job.pk) == job
    assert progress_of(job, VISITOR).stop_url == ""


def test_the_jobs_of_a_record(start):
    record = Counter.objects.create(series="X", year=2026)
    other = Counter.objects.create(series="Y", year=2026)
    first, second = start(subject=record), start(subject=record)
    start(subject=other)
    assert list(jobs_of(record)) == [second, first]
    assert live_job(record, "probe.polite") == second
    assert live_job(record, "probe.slow") is None
    Job.objects.update(state=JobState.FINISHED)
    assert live_job(record, "probe.polite") is None


def test_a_page_shows_a_job_in_the_readers_language(start, officer):
    job = start()
    with translation.override("vi"):
        shown = progress_of(job, officer, result_url="/x/")
    assert (shown.title, shown.state, shown.percent) == ("Xem nguồn", "queued", None)
    assert (shown.element, shown.result_url) == (f"job-{job.pk}", "/x/")
    assert shown.stop_url.endswith(f"/{job.pk}/dung/")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, done=1, total=4, doing_vi="Đếm dòng", doing_en="Counting rows"
    )
    job.refresh_from_db()
    with translation.override("en"):
        shown = progress_of(job, officer)
    assert (shown.title, shown.state, shown.percent, shown.message) == (
        "Look",
        "running",
        25,
        "Counting rows",
    )


def test_what_is_over_is_not_to_be_stopped_on_the_page(start, officer):
    job = cancel_job(actor=officer, job=start())
    assert (progress_of(job, officer).stop_url, progress_of(job, officer).state) == ("", "interrupted")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error_en="It broke.", hint_en="Mend it.")
    job.refresh_from_db()
    with translation.override("en"):
        assert progress_of(job, officer).message == "It broke. Mend it."
