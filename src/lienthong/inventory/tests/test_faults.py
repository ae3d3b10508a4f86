"""Live sources that go away or change while a job reads them: what was read is kept, and the job says what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db.models.signals import post_save
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lienthong.catalogue.demo import make_database
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.commands import cancel_job
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, queries
from lienthong.inventory.demo import survey_now
from lienthong.inventory.models import Source, Survey, SurveyedTable

from .conftest import write_sqlite

TABLES = """
    CREATE TABLE a (n int PRIMARY KEY); CREATE TABLE b (n int PRIMARY KEY); CREATE TABLE c (n int PRIMARY KEY);
    INSERT INTO a SELECT generate_series(1, 5); INSERT INTO b SELECT * FROM a; INSERT INTO c SELECT * FROM a;
"""


@pytest.fixture
def live(new_postgres_database):
    """A live database of three tables."""
    run(new_postgres_database, TABLES)
    return new_postgres_database


def run(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def names_in(survey: Survey) -> list[str]:
    return list(survey.surveyed.values_list("name", flat=True))


def started(world, live) -> tuple[Survey, Job]:
    commands.bind_source(actor=world.owner, database=world.database, address=live)
    survey = commands.start_survey(actor=world.owner, database=world.database)
    return survey, Job.objects.get(pk=survey.job_id)


@contextmanager
def once_kept(table: str, act: Callable[[], None]) -> Iterator[None]:
    """Let this happen as soon as a look has kept this table."""

    def happen(instance: SurveyedTable, **rest: object) -> None:
        if instance.name == table:
            act()

    post_save.connect(happen, sender=SurveyedTable)
    try:
        yield
    finally:
        post_save.disconnect(happen, sender=SurveyedTable)


def close_doors(server: str, live: str) -> None:
    """The database takes nobody in any more, and sends away who is there."""
    name = urlsplit(live).path[1:]
    run(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    run(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def open_doors(server: str, live: str) -> None:
    run(server, f'ALTER DATABASE "{urlsplit(live).path[1:]}" ALLOW_CONNECTIONS true')


def run_now(job: Job) -> Job:
    """Let the pause before the next run be over, and run it."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - timedelta(seconds=1))
    run_waiting_jobs(limit=1)
    job.refresh_from_db()
    return job


@carries("INV-01")
def test_a_source_that_goes_away_is_tried_again_later_and_what_was_read_is_kept(world, live, postgres_server):
    survey, job = started(world, live)
    with once_kept("a", lambda: close_doors(postgres_server, live)):
        run_now(job)
    assert (job.state, job.retries, job.error_code) == (JobState.QUEUED, 1, "source.unreachable")
    said = progress_of(job, world.owner).message
    assert said.startswith("Không kết nối được tới postgresql://")
    assert "Đã giữ kết quả của 1 bảng" in said
    assert "tự thực hiện lại lúc" in said
    kept = set(survey.surveyed.values_list("pk", flat=True))

    open_doors(postgres_server, live)
    run_now(job)

    assert (job.state, job.error_code, job.attempts) == (JobState.FINISHED, "", 2)
    assert kept < set(survey.surveyed.values_list("pk", flat=True))
    assert names_in(survey) == ["a", "b", "c"]


@carries("INV-01")
def test_a_look_that_failed_in_the_middle_is_gone_on_with(world, live, postgres_server):
    first, job = started(world, live)
    with once_kept("b", lambda: close_doors(postgres_server, live)):
        run_now(job)
    for _ in range(3):
        run_now(job)
    assert job.state == JobState.FAILED
    assert (
        "Đã giữ kết quả của 2 bảng; khảo sát lại sẽ đọc tiếp từ đó." in progress_of(job, world.owner).message
    )
    assert queries.last_survey(world.database) is None

    open_doors(postgres_server, live)
    second = commands.start_survey(actor=world.owner, database=world.database)
    run_waiting_jobs()

    assert second == first
    assert names_in(first) == ["a", "b", "c"]
    assert queries.last_survey(world.database) == first


def test_a_look_that_a_person_stopped_keeps_what_was_read_and_says_so(world, live):
    survey, job = started(world, live)
    with once_kept("b", lambda: cancel_job(actor=world.owner, job=job)):
        run_now(job)
    assert job.state == JobState.CANCELLED
    assert "Đã giữ kết quả của" in progress_of(job, world.owner).message
    assert names_in(survey)[:2] == ["a", "b"]


def test_one_table_that_cannot_be_read_is_noted_and_the_others_are_described(world, live):
    commands.bind_source(actor=world.owner, database=world.database, address=live)
    survey_now(world.database, actor=world.owner)
    run(live, "CREATE OR REPLACE VIEW loi AS SELECT 1 / (n - n) AS x FROM a")
    survey = survey_now(world.database, actor=world.owner)
    assert names_in(survey) == ["a", "b", "c"]
    (finding,) = survey.findings
    assert (finding["code"], finding["place"], finding["severity"]) == ("table_unreadable", "loi", "error")
    assert finding["evidence"]["hint"].startswith("Thử SELECT")
    shown = queries.read_with_care(finding, "vi")
    assert "báo lỗi khi đọc “loi” (mã 22012)" in shown["text"]


def test_a_table_that_could_not_be_read_this_time_is_not_taken_for_gone(world, live):
    commands.bind_source(actor=world.owner, database=world.database, address=live)
    survey_now(world.database, actor=world.owner)
    run(live, "ALTER TABLE c RENAME TO c_cu; CREATE VIEW c AS SELECT 1 / (n - n) AS n FROM c_cu")
    survey = survey_now(world.database, actor=world.owner)
    assert world.database.tables.get(name="c").gone_since is None
    assert [drift["code"] for drift in survey.drifts] == ["table_new"]


def test_databases_looked_at_in_a_row_go_on_past_one_that_is_away(world, live, sources):
    good = make_database(world.province, managing_unit=world.justice, code="H99.07.DB77", name="Còn lại")
    commands.bind_source(
        actor=world.owner, database=world.database, address="postgresql://doc:bi-mat-lam@127.0.0.1:1/khong"
    )
    commands.bind_source(
        actor=world.owner, database=good, address=str(write_sqlite(Path(sources) / "a.sqlite"))
    )
    for database in (world.database, good):
        commands.start_survey(actor=world.owner, database=database)

    run_waiting_jobs()

    away, read = Job.objects.order_by("pk")
    assert (away.state, away.error_code) == (JobState.QUEUED, "source.unreachable")
    assert read.state == JobState.FINISHED
    assert queries.last_survey(good).tables == 4
    stored = [
        list(model.objects.values()) for model in (Job, Source, Survey, SurveyedTable, Event, DBTaskResult)
    ]
    assert "bi-mat-lam" not in str(stored)
