"""The reading of a file: shown beside the original, chosen by a person, tried first, read again without a second upload."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory import wording
from lienthong.inventory.commands import bind_source, choose_reading, leave_reading_to_machine
from lienthong.inventory.demo import make_source, survey_now
from lienthong.inventory.errors import ReadingNotForServer, ReadingRefused, SourceNotBound
from lienthong.inventory.models import ReadingDecision, SurveyedTable

from .conftest import write_sqlite

ROWS = [
    "BIỂU 05: DÂN SỐ NĂM 2025",
    "",
    "Mã;Địa phương;Dân số",
    *(f"{code};Xã {name};{1000 + place}" for place, (code, name) in enumerate([("001", "An"), ("002", "Bình"), ("003", "Cao")])),
    "Nguồn: Cục Thống kê",
]  # fmt: skip


@pytest.fixture
def bound(world):
    """A statistics file that was handed in and looked at."""
    upload = SimpleUploadedFile("bieu05.csv", "\n".join(ROWS).encode(), "text/csv")
    bind_source(actor=world.owner, database=world.database, upload=upload)
    survey_now(world.database)
    return world


@pytest.fixture
def browse(client):
    def as_(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return as_


def newest() -> dict:
    return SurveyedTable.objects.order_by("-pk").first().form


def address(world) -> str:
    return f"/lam-viec/csdl/{world.database.code}/nguon/cach-doc/?bang=bieu05"


class TestChoosing:
    @carries("INV-01")
    def test_the_choice_is_read_by_a_job_without_a_second_upload(self, bound):
        before = newest()
        assert before["reading"]["header_rows"] == [3]
        choose_reading(
            actor=bound.owner, database=bound.database, table="bieu05", header_rows=[3], skip_rows=[5], types={"Dân số": "double"}
        )  # fmt: skip
        run_waiting_jobs()
        after = newest()
        assert after["rows"] == before["rows"] - 1
        assert after["columns"][2]["type"] == "double"
        assert {"number": 5, "reason": "chosen"}.items() <= next(
            row for row in after["reading"]["skipped_rows"] if row["number"] == 5
        ).items()
        decision = ReadingDecision.objects.get()
        assert (decision.skip_rows, decision.chosen_by_id) == ([5], int(bound.owner.user_id))
        fact = Event.objects.get(name__endswith="ReadingChosen")
        assert fact.facts["changes"] == 3

    def test_the_machine_takes_over_again(self, bound):
        choose_reading(actor=bound.owner, database=bound.database, table="bieu05", skip_rows=[5])
        run_waiting_jobs()
        leave_reading_to_machine(actor=bound.owner, database=bound.database, table="bieu05")
        run_waiting_jobs()
        assert newest()["rows"] == 3
        assert not ReadingDecision.objects.exists()

    @pytest.mark.parametrize(
        ("choice", "at", "said"),
        [
            ({"types": {"Địa phương": "integer"}}, "types", "dòng 4"),
            ({"types": {"Không có": "text"}}, "types", "Không có"),
            ({"header_rows": [900]}, "header_rows", "900"),
            ({"keep_rows": [900]}, "keep_rows", "900"),
            ({"encoding": "klingon"}, "encoding", "klingon"),
        ],
    )
    def test_what_cannot_hold_is_refused_with_its_place(self, bound, choice, at, said):
        jobs = Job.objects.count()
        with pytest.raises(ReadingRefused) as refused:
            choose_reading(actor=bound.owner, database=bound.database, table="bieu05", **choice)
        assert said in refused.value.text("vi")
        assert refused.value.field == at
        assert not ReadingDecision.objects.exists()
        assert Job.objects.count() == jobs

    def test_who_may_not_choose_and_what_has_no_reading(self, bound, sources):
        with pytest.raises(NotAllowed):
            choose_reading(
                actor=bound.actor(bound.justice, Role.FOCAL_OFFICER), database=bound.database, table="bieu05"
            )
        make_source(bound.database, write_sqlite(sources / "a.sqlite"))
        with pytest.raises(ReadingNotForServer):
            choose_reading(actor=bound.owner, database=bound.database, table="xa")

    def test_without_a_source_there_is_nothing_to_read(self, world):
        with pytest.raises(SourceNotBound):
            choose_reading(actor=world.owner, database=world.database, table="x")


class TestPage:
    @carries("INV-01")
    def test_the_original_stands_beside_what_is_read(self, bound, browse):
        browser = browse(bound.owner)
        page = browser.get(address(bound)).content.decode()
        assert "BIỂU 05: DÂN SỐ NĂM 2025" in page
        assert "001 | Xã An | 1000" in page
        assert "đầu cột" in page
        answer = browser.post(address(bound), {"skip_rows": "5", "type-2": "double"})
        assert answer.status_code == 302
        run_waiting_jobs()
        again = browser.get(address(bound)).content.decode()
        assert 'value="5"' in again
        assert "Đã chọn cách đọc" in again
        browser.post(address(bound), {"viec": "tu-dong"})
        assert not ReadingDecision.objects.exists()

    def test_a_refused_choice_keeps_what_was_typed(self, bound, browse):
        page = (
            browse(bound.owner).post(address(bound), {"skip_rows": "5", "type-1": "integer"}).content.decode()
        )
        assert "errors-box" in page
        assert 'value="5"' in page
        assert "dòng 4" in page
        page = browse(bound.owner).post(address(bound), {"keep_rows": "chín"}).content.decode()
        assert "Ghi số dòng" in page

    @carries("SEC-02")
    def test_personal_values_are_shown_as_shapes(self, world, browse):
        text = "Họ và tên;CCCD\n" + "\n".join(f"Nguyễn Thị Kín;0791980{i:05d}" for i in range(40))
        bind_source(
            actor=world.owner, database=world.database, upload=SimpleUploadedFile("bieu05.csv", text.encode())
        )
        survey_now(world.database)
        page = browse(world.owner).get(address(world)).content.decode()
        assert "Kín" not in page
        assert "0791980" not in page
        assert "Aaaaaa Aaa Aaa | 999999999999" in page
        assert "Họ và tên" in page

    @pytest.mark.parametrize(
        ("role", "status"), [(Role.FOCAL_OFFICER, 403), (Role.ADMINISTRATOR, 404), (Role.IT_UNIT, 200)]
    )
    def test_who_chooses(self, bound, browse, role, status):
        assert browse(bound.actor(bound.justice, role)).get(address(bound)).status_code == status


class TestWords:
    def test_row_numbers_as_people_write_them(self):
        assert wording.rows_given("3, 7-9;12") == [3, 7, 8, 9, 12]
        assert wording.rows_said([9, 3, 7, 8]) == "3, 7-9"
        for wrong in ("a", "0", "9-7", "1-999999999"):
            with pytest.raises(ValueError, match=r".+"):
                wording.rows_given(wrong)
