"""Looks, assessments and captures through their jobs, on real sources."""

from __future__ import annotations

import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lienthong.agencies.models import Work
from lienthong.catalogue.commands import confirm_fields, mark_secret
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import DataField, DatasetVersion
from lienthong.catalogue.replicas import replica_path, version_store
from lienthong.engine.errors import LookInterrupted
from lienthong.engine.serve.replica import Replica
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.commands import cancel_job
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.performing import perform
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, errors, queries, reading
from lienthong.inventory.demo import (
    assess_now,
    capture_now,
    load_local_copy,
    local_copy,
    make_source,
    survey_now,
    units,
    write_demo_sources,
)
from lienthong.inventory.models import Assessment, Source, SourceState, Survey, SurveyedTable

from .conftest import write_csv, write_local_sqlite, write_sqlite, write_xlsx

pytestmark = pytest.mark.both_databases


def job_of(survey):
    survey.refresh_from_db()
    return Job.objects.get(pk=survey.job_id)


class TestLook:
    @carries("INV-01")
    def test_a_look_describes_the_database(self, world, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        survey = commands.start_survey(actor=world.owner, database=world.database)

        assert run_waiting_jobs() == 1

        job = job_of(survey)
        assert (job.state, job.doing_vi) == (JobState.FINISHED, "Đang so các bảng với nhau")
        assert job.result["result_url"] == "/lam-viec/csdl/H99.07.DB01/nguon/#ket-qua"
        survey.refresh_from_db()
        assert (survey.tables, survey.columns, survey.rows) == (4, 24, 74)
        assert survey.source.state == SourceState.REACHED
        table = world.database.tables.get(name="xa")
        assert (table.rows, table.primary_key) == (40, ["ma_xa"])
        assert table.foreign_keys == [
            {"columns": ["ma_tinh"], "ref_table": "tinh", "ref_columns": ["ma_tinh"]}
        ]
        assert DataField.objects.get(table=table, name="loai").seen["distinct"] >= 2
        assert set(Work.objects.filter(done_at__isnull=True).values_list("act", flat=True)) == {
            "describe",
            "assess",
        }
        assert Event.objects.filter(name="inventory.SourceLookedAt").count() == 1

    @pytest.mark.parametrize(
        ("write", "name", "table", "columns"),
        [
            (write_csv, "Đơn vị [2024].csv", "on_vi_2024", 5),
            (write_xlsx, "Đơn vị.xlsx", "DM_DVHC", 4),
            (write_local_sqlite, "dvhc.sqlite", "DM_DVHC", 7),
        ],
    )
    def test_files_that_were_handed_in_are_looked_at(self, world, tmp_path, write, name, table, columns):
        content = write(tmp_path / "tep").read_bytes()
        upload = SimpleUploadedFile(name, content)
        commands.bind_source(actor=world.owner, database=world.database, upload=upload)
        survey = commands.start_survey(actor=world.owner, database=world.database)
        run_waiting_jobs()
        assert job_of(survey).error_vi == ""
        (seen,) = queries.tables_of(Survey.objects.get())
        assert seen.columns == columns
        assert seen.rows in {30, 200}
        assert table in seen.name or table == "on_vi_2024"
        assert queries.look_of(Survey.objects.get())["source"] == name

    def test_a_folder_of_files_is_looked_at(self, world, sources):
        folder = sources / "thu-muc"
        folder.mkdir()
        write_csv(folder / "mot.csv")
        write_csv(folder / "hai.csv", rows=5)
        (folder / "hong.xlsx").write_bytes(b"khong phai xlsx")
        make_source(world.database, folder, actor=world.owner)
        survey = survey_now(world.database, actor=world.owner)
        assert survey.tables == 2
        assert [finding["severity"] for finding in survey.findings] == ["error"]
        shown = queries.read_with_care(survey.findings[0], "vi")
        assert "hong.xlsx" in shown["place"] + shown["text"]

    def test_a_live_postgresql_is_looked_at_and_its_password_is_nowhere(
        self, world, new_postgres_database, capsys
    ):
        load_local_copy(new_postgres_database)
        commands.bind_source(actor=world.owner, database=world.database, address=new_postgres_database)
        survey = commands.start_survey(actor=world.owner, database=world.database)
        run_waiting_jobs()
        job = job_of(survey)
        assert (job.state, job.error_en) == (JobState.FINISHED, "")
        (table,) = queries.tables_of(Survey.objects.get())
        assert (table.name, table.rows, table.key) == ("DM_DVHC", len(local_copy()), "MA_DVHC")
        stored = [
            list(model.objects.values())
            for model in (Job, Source, Survey, SurveyedTable, Event, DBTaskResult)
        ]
        said = "".join(capsys.readouterr())
        for secret in ("bí mật", "b%C3%AD", "%E1%BA%AD"):
            assert secret not in str(stored)
            assert secret not in said

    def test_a_wrong_password_is_said_clearly(self, world, new_postgres_database, capsys):
        wrong = new_postgres_database.replace("b%C3%AD", "sai-be")
        commands.bind_source(actor=world.owner, database=world.database, address=wrong)
        survey = commands.start_survey(actor=world.owner, database=world.database)
        run_waiting_jobs()
        job = job_of(survey)
        assert (job.state, job.error_code) == (JobState.FAILED, "source.wrong_password")
        assert "sai người dùng hoặc mật khẩu" in job.error_vi
        assert queries.bound_source(world.database).state == SourceState.FAILED
        assert queries.last_survey(world.database) is None
        assert "sai-be" not in str(list(Job.objects.values())) + "".join(capsys.readouterr())

    def test_a_look_under_way_is_not_begun_twice(self, world, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        first = commands.start_survey(actor=world.owner, database=world.database)
        assert commands.start_survey(actor=world.owner, database=world.database) == first
        assert Survey.objects.count() == 1

    @carries("INV-01")
    def test_a_look_that_was_cut_off_goes_on_and_is_recorded_once(self, world, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        survey = commands.start_survey(actor=world.owner, database=world.database)
        with pytest.raises(LookInterrupted):
            reading.read_tables(survey, should_stop=lambda: survey.surveyed.count() == 2)
        kept = set(survey.surveyed.values_list("pk", flat=True))
        assert len(kept) == 2

        run_waiting_jobs()
        run_waiting_jobs()

        assert job_of(survey).state == JobState.FINISHED
        assert kept < set(survey.surveyed.values_list("pk", flat=True))
        assert survey.surveyed.count() == 4
        again = commands.record_survey(actor=SYSTEM, survey=survey)
        assert again.tables == 4
        assert Event.objects.filter(name="inventory.SourceLookedAt").count() == 1

    def test_a_look_that_a_person_stopped_records_nothing(self, world, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        survey = commands.start_survey(actor=world.owner, database=world.database)
        cancel_job(actor=world.owner, job=survey.job)
        run_waiting_jobs()
        assert job_of(survey).state == JobState.CANCELLED
        assert queries.last_survey(world.database) is None
        assert not world.database.tables.exists()

    def test_a_second_look_tells_what_changed(self, world, sources):
        path = write_sqlite(sources / "a.sqlite")
        make_source(world.database, path)
        survey_now(world.database)
        with sqlite3.connect(path) as connection:
            connection.execute("ALTER TABLE xa ADD COLUMN ghi_chu TEXT")
            connection.execute("DROP TABLE anh_xa_xa")
        connection.close()
        survey = survey_now(world.database)
        assert [drift["code"] for drift in survey.drifts] == ["table_gone", "column_new"]
        assert world.database.tables.get(name="anh_xa_xa").gone_since is not None

    def test_a_source_that_is_gone_is_said(self, world, sources):
        path = write_sqlite(sources / "a.sqlite")
        make_source(world.database, path)
        path.unlink()
        survey = commands.start_survey(actor=world.owner, database=world.database)
        run_waiting_jobs()
        assert job_of(survey).error_code == "source.not_found"
        commands.release_source(actor=world.owner, database=world.database)
        with pytest.raises(errors.SourceNotBound):
            commands.start_survey(actor=world.owner, database=world.database)

    @carries("SEC-01")
    def test_the_job_of_a_secret_names_nothing(self, world, sources):
        mark_secret(actor=world.keeper, database=world.database, reason="r")
        world.database.refresh_from_db()
        path = write_sqlite(sources / "kho-dan.sqlite")
        make_source(world.database, path)
        path.write_bytes(b"SQLite format 3\x00hong")
        survey = commands.start_survey(actor=world.keeper, database=world.database)
        run_waiting_jobs()
        job = job_of(survey)
        assert job.error_code == "inventory.secret_source_failed"
        said = str([job.title_vi, job.title_en, job.error_vi, job.error_en, job.doing_vi, job.arguments])
        assert "kho-dan" not in said
        assert world.database.name not in said


class TestAssess:
    @carries("INV-02", "INV-03", "INV-04", "INV-06")
    def test_counting_drafts_the_assessment_and_a_person_concludes(self, world, sources):
        make_source(world.database, write_local_sqlite(sources / "b.sqlite"))
        survey = commands.start_assessment(actor=world.owner, database=world.database)
        run_waiting_jobs()
        assert job_of(survey).error_vi == ""
        draft = queries.draft_assessment(world.database)
        assert draft.year == timezone.localdate().year
        assert 50 < draft.completeness < 100
        assert {"value_missing"} <= {finding["code"] for finding in draft.findings}
        assert draft.profile[0]["columns"][0]["min"] == local_copy()[0][0]
        confirm_fields(actor=world.owner, database=world.database)

        done = commands.conclude_assessment(
            actor=world.owner,
            assessment=draft,
            quality="Khóa duy nhất",
            conclusion="Dùng chung được",
            standards="Theo danh mục quốc gia",
            shareable=True,
        )

        assert queries.is_assessed_this_year(world.database)
        assert done.items[0]["shareable"] is True
        assert not Work.objects.filter(act="assess", done_at__isnull=True).exists()
        event = Event.objects.get(name="inventory.AssessmentConcluded")
        assert "dữ liệu chia sẻ được" in event.sentence("vi")
        with pytest.raises(StepNotAllowed):
            commands.conclude_assessment(
                actor=world.owner, assessment=done, quality="x", conclusion="x", shareable=True
            )

    @carries("UPG-01")
    def test_unfit_data_are_not_concluded_without_an_action(self, world, sources):
        make_source(world.database, write_local_sqlite(sources / "b.sqlite"))
        draft = assess_now(world.database, actor=world.owner)
        said = {"quality": "Mã cũ", "conclusion": "Chưa đạt", "reason": "Còn mã cũ"}
        with pytest.raises(errors.ProposedActionMissing):
            commands.conclude_assessment(actor=world.owner, assessment=draft, shareable=False, **said)
        draft.refresh_from_db()
        assert draft.state == "draft"
        done = commands.conclude_assessment(
            actor=world.owner, assessment=draft, shareable=False, proposed_actions="Thay mã cũ", **said
        )
        assert done.verdict == "dữ liệu chưa chia sẻ được"
        assert not any(item["shareable"] for item in done.items)

    def test_a_draft_is_brought_up_to_date_by_counting_again(self, world, sources):
        make_source(world.database, write_local_sqlite(sources / "b.sqlite"))
        first = assess_now(world.database)
        second = assess_now(world.database)
        assert first.pk == second.pk
        assert Assessment.objects.count() == 1
        assert commands.record_assessment(actor=SYSTEM, survey=second.survey) == second
        unread = Survey.objects.create(database=world.database, source=queries.bound_source(world.database))
        with pytest.raises(errors.SurveyMissing):
            commands.record_assessment(actor=SYSTEM, survey=unread)

    @carries("SEC-02")
    def test_ranges_of_personal_columns_are_kept_nowhere(self, world, sources):
        path = sources / "nguoi.csv"
        path.write_text("ma,ho_ten\n1,Nguyễn Văn Ẩn\n2,Ỷ Lan\n", encoding="utf-8")
        make_source(world.database, path)
        assessment = assess_now(world.database)
        kept = str(assessment.profile) + str(list(SurveyedTable.objects.values("form")))
        assert "Ẩn" not in kept
        assert "Ỷ" not in kept
        assert assessment.profile[0]["columns"][1]["masked"]


class TestCapture:
    @pytest.fixture
    def dataset(self, world, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        survey_now(world.database)
        return make_dataset(
            world.database, table="xa", columns=["ma_xa", "ten_xa", "ma_tinh"], name="Danh mục xã"
        )

    def start(self, world, dataset, note=""):
        job = commands.capture_version(actor=world.owner, dataset=dataset, note=note)
        run_waiting_jobs()
        job.refresh_from_db()
        return job

    def change(self, sources, sql):
        connection = sqlite3.connect(sources / "a.sqlite")
        with connection:
            connection.execute(sql)
        connection.close()

    def test_chosen_columns_become_a_version_that_is_answered_from_a_replica(self, world, dataset, sources):
        job = self.start(world, dataset, "Lần đầu")
        assert (job.state, job.error_vi) == (JobState.FINISHED, "")
        version = dataset.latest
        assert (version.number, version.rows, version.added, version.note) == (1, 40, 40, "Lần đầu")
        assert [column["name"] for column in version.columns] == ["ma_xa", "ten_xa", "ma_tinh"]
        assert version.replica_at is not None
        replica = Replica(replica_path(dataset))
        code, name, *_rest = units().communes[0]
        row = replica.get(code)
        replica.close()
        assert set(row) == {"ma_xa", "ten_xa", "ma_tinh"}
        assert row["ten_xa"] == name

        self.change(sources, "DELETE FROM xa WHERE rowid IN (SELECT max(rowid) FROM xa)")
        self.change(sources, "UPDATE xa SET ten_xa = 'Xã Mới' WHERE rowid = 1")
        second = self.start(world, dataset)
        assert second.result["version"] == 2
        assert (dataset.latest.removed, dataset.latest.changed, dataset.latest.added) == (1, 1, 0)
        assert dataset.versions.count() == 2

    def test_unchanged_rows_make_no_version_and_that_is_said(self, world, dataset):
        self.start(world, dataset)
        job = self.start(world, dataset)
        assert (job.state, job.result["is_new"]) == (JobState.FINISHED, False)
        assert "không thay đổi" in job.doing_vi
        assert dataset.versions.count() == 1

    def test_a_capture_cut_off_after_the_store_is_taken_up(self, world, dataset, sources):
        store = version_store()
        self.start(world, dataset)
        with queries.opened(queries.bound_source(world.database)) as source:
            rows = source.read_arrow("xa").read_all().select(dataset.columns).slice(0, 30)
        store.publish(dataset.store_table, full=rows, key=["ma_xa"])
        assert dataset.latest.number == 1

        self.start(world, dataset)

        assert [version.number for version in dataset.versions.order_by("number")] == [1, 2, 3]
        assert [version.rows for version in dataset.versions.order_by("number")] == [40, 30, 40]

    def test_a_replica_that_was_not_finished_is_built_by_the_next_run(self, world, dataset):
        self.start(world, dataset)
        replica_path(dataset).unlink()
        DatasetVersion.objects.update(replica_at=None)
        self.start(world, dataset)
        assert replica_path(dataset).exists()
        assert dataset.latest.replica_at is not None

    def test_a_repeated_key_is_refused_in_the_words_of_the_dataset(self, world, sources):
        path = sources / "trung.csv"
        path.write_text("ma,ten\n01,a\n01,b\n02,c\n", encoding="utf-8")
        make_source(world.database, path)
        survey_now(world.database)
        dataset = make_dataset(world.database, name="Danh mục trùng", key=["ma"])
        job = self.start(world, dataset)
        assert (job.state, job.error_code) == (JobState.FAILED, "store.key_repeated")
        assert "“Danh mục trùng”" in job.error_vi
        assert not DatasetVersion.objects.exists()

    def test_columns_that_are_gone_are_named(self, world, dataset, sources):
        self.change(sources, "ALTER TABLE xa DROP COLUMN ten_xa")
        job = self.start(world, dataset)
        assert job.error_code == "inventory.columns_gone"
        assert "ten_xa" in job.error_vi

    @carries("SEC-01")
    def test_no_version_of_a_secret_is_captured(self, world, dataset):
        mark_secret(actor=world.keeper, database=world.database, reason="r")
        dataset.database.refresh_from_db()
        with pytest.raises(errors.SecretNotCaptured):
            commands.capture_version(actor=world.keeper, dataset=dataset)
        with pytest.raises(errors.SecretNotCaptured):
            capture_now(dataset)
        assert version_store().versions(dataset.store_table) == ()

    def test_without_a_source_nothing_is_captured(self, world, dataset):
        commands.release_source(actor=world.owner, database=world.database)
        with pytest.raises(errors.SourceNotBound):
            commands.capture_version(actor=world.owner, dataset=dataset)


def test_a_run_after_the_end_changes_nothing(world, sources):
    make_source(world.database, write_sqlite(sources / "a.sqlite"))
    survey = commands.start_survey(actor=world.owner, database=world.database)
    run_waiting_jobs()
    before = Event.objects.count()
    perform(survey.job_id)
    assert Event.objects.count() == before


def test_the_demo_sources_hold_what_they_say(tmp_path):
    paths = write_demo_sources(tmp_path / "demo")
    national, local = sqlite3.connect(paths["national"]), sqlite3.connect(paths["local"])
    try:
        counts = {
            table: national.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("tinh", "xa", "xa_cu", "anh_xa_xa")
        }
        assert counts == {"tinh": 34, "xa": 3321, "xa_cu": 10040, "anh_xa_xa": 10597}
        assert national.execute("PRAGMA foreign_key_check").fetchall() == []
        ours = {row[0] for row in local.execute('SELECT "MA_DVHC" FROM "DM_DVHC"')}
        theirs = {row[0] for row in national.execute("SELECT ma_xa FROM xa")}
        assert 0.95 < len(ours & theirs) / len(ours) < 0.97
        assert len(theirs - ours) == 100
    finally:
        national.close()
        local.close()


class TestRelations:
    @carries("INV-02")
    def test_are_found_between_tables_though_the_look_was_cut_off_between_them(self, world, sources):
        path = sources / "quan_he.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE don_vi (ma TEXT PRIMARY KEY, ten TEXT)")
            connection.execute("CREATE TABLE ho_so (so INTEGER, ma_don_vi TEXT)")
            units_of = [(f"H{n:03d}", f"Đơn vị {n}") for n in range(60)]
            connection.executemany("INSERT INTO don_vi VALUES (?, ?)", units_of)
            told = [(n, f"H{n % 58:03d}") for n in range(400)] + [(400, "KHAC"), (401, "KHAC")]
            connection.executemany("INSERT INTO ho_so VALUES (?, ?)", told)
        make_source(world.database, path)
        survey = commands.begin_survey(actor=world.owner, database=world.database)
        stops = iter([False, False])
        with pytest.raises(LookInterrupted):
            reading.read_tables(
                survey, should_stop=lambda: bool(survey.surveyed.count()) or next(stops, False)
            )
        assert survey.surveyed.exclude(hashes=None).count() == 1

        found = reading.read_tables(survey)
        commands.record_survey(actor=world.owner, survey=survey, findings=found.findings)

        form = survey.surveyed.get(name="ho_so").form
        assert [(one["column"], one["ref_table"]) for one in form["references"]] == [("ma_don_vi", "don_vi")]
        assert [
            one["evidence"]["count"] for one in form["findings"] if one["code"] == "orphan_reference"
        ] == [2]
        assert not survey.surveyed.exclude(hashes=None).exists()

    @carries("INV-04")
    def test_data_are_held_to_the_cycle_that_their_dataset_declares(self, world, sources):
        path = sources / "cap_nhat.csv"
        path.write_text("ma,ngay_cap_nhat\n01,05/01/2024\n02,06/01/2024\n", encoding="utf-8")
        make_source(world.database, path)
        survey_now(world.database)
        make_dataset(world.database, key=["ma"], update_rhythm="hằng tháng")
        looked = survey_now(world.database)
        findings = looked.surveyed.get().form["findings"]
        assert [one["evidence"]["rhythm"] for one in findings if one["code"] == "outdated"] == [31]
