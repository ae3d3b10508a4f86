"""The pages of sources, assessments and versions, on real sources."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import confirm_fields, mark_secret
from lienthong.catalogue.demo import make_dataset
from lienthong.foundation.accounts.models import User
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory import queries
from lienthong.inventory.demo import assess_now, make_source, survey_now
from lienthong.inventory.models import Assessment, Source

from .conftest import write_csv, write_local_sqlite, write_sqlite


@pytest.fixture
def as_(client):
    """The browser of a person who acts in a role."""

    def sign_in(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return sign_in


@pytest.fixture
def at(world):
    """The address of a page of the database."""
    return lambda part: f"/lam-viec/csdl/{world.database.code}/{part}/"


def texts(response):
    return response.content.decode()


class TestSource:
    def test_many_tables_stand_on_pages(self, world, as_, at, tmp_path):
        make_source(world.database, write_csv(tmp_path / "b.csv"))
        survey = survey_now(world.database)
        (table,) = survey.summary["tables"]
        survey.summary["tables"] = [table | {"name": f"b{n:02d}"} for n in range(52)]
        survey.save(update_fields=["summary"])
        browser = as_(world.owner)
        first, last = (texts(browser.get(f"{at('nguon')}{asked}")) for asked in ("", "?sau=9999"))
        assert "1-50 trong 52" in first
        assert 'href="?sau=50#bang" rel="next"' in first
        assert "51-52 trong 52" in last
        assert [name in last for name in ("b49", "b51")] == [False, True]

    @carries("INV-01")
    def test_a_file_is_handed_in_looked_at_and_shown(self, world, as_, at, tmp_path):
        browser = as_(world.owner)
        assert "Chưa kết nối nguồn" in texts(browser.get(at("nguon")))
        upload = SimpleUploadedFile("dvhc.csv", write_csv(tmp_path / "x.csv").read_bytes(), "text/csv")

        done = browser.post(at("nguon"), {"viec": "ket-noi", "upload": upload})

        assert done["Location"] == at("nguon")
        waiting = texts(browser.get(at("nguon")))
        assert "Khảo sát nguồn dữ liệu: " in waiting
        assert 'hx-get="/lam-viec/tien-trinh/' in waiting
        run_waiting_jobs()
        page = texts(browser.get(at("nguon")))
        assert "Đã khảo sát 1 bảng, 5 cột, 30 dòng" in page
        assert "dvhc.csv" in page
        assert f'href="{at("cot")}"' in page
        browser.post(at("nguon"), {"viec": "khao-sat"})
        run_waiting_jobs()
        assert "Không thay đổi so với lần khảo sát" in texts(browser.get(at("nguon")))
        browser.post(at("nguon"), {"viec": "go"})
        assert queries.bound_source(world.database) is None

    @carries("SEC-01")
    def test_a_password_is_never_shown_again(self, world, as_, at):
        browser = as_(world.owner)
        address = "postgresql://doc:siêu-bí-mật@10.0.0.5/hotich"
        refused = texts(browser.post(at("nguon"), {"address": f"{address}?sslkey=/k"}))
        assert "tham số không được dùng" in refused
        assert "siêu-bí-mật" not in refused
        assert "doc@10.0.0.5/hotich" in refused
        unreadable = texts(browser.post(at("nguon"), {"address": "postgresql://doc:siêu-bí-mật@[::/x"}))
        assert "siêu-bí-mật" not in unreadable
        assert "không hợp lệ" in unreadable
        assert not Source.objects.exists()

        browser.post(at("nguon"), {"address": address})

        page = texts(browser.get(at("nguon") + "?doi=1"))
        assert "siêu-bí-mật" not in page
        assert "postgresql://doc@10.0.0.5:5432/hotich" in page
        assert "Đã lưu ở dạng mã hóa, không hiển thị lại" in page

    def test_what_cannot_be_read_is_said_with_what_to_do(self, world, as_, at, tmp_path):
        browser = as_(world.owner)
        upload = SimpleUploadedFile("hong.xlsx", b"khong phai xlsx")
        browser.post(at("nguon"), {"upload": upload})
        run_waiting_jobs()
        page = texts(browser.get(at("nguon")))
        assert "“hong.xlsx”" in page
        assert "lưu lại và thử lại" in page
        assert "/tmp/" not in page

    def test_nothing_given_is_refused(self, world, as_, at):
        page = texts(as_(world.owner).post(at("nguon"), {}))
        assert "Chưa nhập địa chỉ nguồn dữ liệu" in page
        assert "errors-box" in page

    @pytest.mark.parametrize(
        ("role", "unit", "status"),
        [
            (Role.DATABASE_OWNER, "justice", 200),
            (Role.FOCAL_OFFICER, "justice", 200),
            (Role.HEAD, "province", 200),
            (Role.ADMINISTRATOR, "justice", 404),
            (Role.DATABASE_OWNER, "health", 404),
            (Role.COORDINATING_MINISTRY, "ministry", 403),
        ],
    )
    def test_who_looks_inside(self, world, as_, at, role, unit, status):
        browser = as_(world.actor(getattr(world, unit), role))
        for page in ("nguon", "danh-gia", "bo-du-lieu"):
            assert browser.get(at(page)).status_code == status

    def test_the_focal_officer_reads_and_changes_nothing(self, world, as_, at):
        browser = as_(world.actor(world.justice, Role.FOCAL_OFFICER))
        assert "ket-noi" not in texts(browser.get(at("nguon")))
        assert browser.post(at("nguon"), {"address": "postgresql://h/d"}).status_code == 200
        assert not Source.objects.exists()

    @carries("SEC-01")
    def test_the_source_of_a_secret_is_not_there_for_outsiders(self, world, as_, at):
        mark_secret(actor=world.keeper, database=world.database, reason="r")
        for page in ("nguon", "danh-gia", "bo-du-lieu"):
            assert as_(world.owner).get(at(page)).status_code == 404
        assert as_(world.actor(world.justice, Role.SECRETS_KEEPER)).get(at("nguon")).status_code == 200


class TestAssessment:
    @carries("INV-02", "INV-03", "UPG-01")
    def test_data_are_counted_and_the_owner_concludes(self, world, as_, at, sources):
        browser = as_(world.owner)
        assert "Kết nối nguồn trước." in texts(browser.get(at("danh-gia")))
        make_source(world.database, write_local_sqlite(sources / "b.sqlite"))
        browser.post(at("danh-gia"), {"viec": "danh-gia"})
        run_waiting_jobs()
        page = texts(browser.get(at("danh-gia")))
        assert "Các cột trống nhiều nhất" in page
        assert "DM_DVHC.GHI_CHU" in page
        assert "DM_DVHC.GHI_CHU" in page
        answers = {"quality": "Khóa duy nhất", "shareable": "no", "conclusion": "Chưa đạt", "reason": "Mã cũ"}
        refused = texts(browser.post(at("danh-gia"), answers))
        assert "chưa đề xuất việc hoàn thiện" in refused
        assert "Mã cũ" in refused
        assert Assessment.objects.get().state == "draft"
        browser.post(at("danh-gia"), answers | {"proposed_actions": "Thay mã cũ"})
        done = texts(browser.get(at("danh-gia")))
        assert "Đã kết luận" in done
        assert "Thay mã cũ" in done
        assert browser.post(at("danh-gia"), answers).status_code == 404

    def test_a_masked_range_is_shown_as_masked(self, world, as_, at, sources):
        (sources / "n.csv").write_text("ma,ho_ten\n1,Nguyễn Ẩn\n", encoding="utf-8")
        make_source(world.database, sources / "n.csv")
        assess_now(world.database)
        page = texts(as_(world.owner).get(at("danh-gia")))
        assert "Nguyễn Ẩn" not in page
        assert "Đã che: dữ liệu cá nhân" in page


class TestDatasets:
    def test_a_version_is_published_and_shown(self, world, as_, at, sources):
        make_source(world.database, write_sqlite(sources / "a.sqlite"))
        survey_now(world.database)
        browser = as_(world.owner)
        assert "Lập bộ dữ liệu từ một bảng" in texts(browser.get(at("bo-du-lieu")))
        confirm_fields(actor=world.owner, database=world.database)
        make_dataset(world.database, table="xa", name="Danh mục xã")
        assert "Công bố phiên bản đầu tiên" in texts(browser.get(at("bo-du-lieu")))
        browser.post(at("bo-du-lieu"), {"bo": "danh-muc-xa", "note": "Lần đầu"})
        run_waiting_jobs()
        page = texts(browser.get(at("bo-du-lieu")))
        assert "Phiên bản 1: 40 dòng" in page
        assert "Sẵn sàng tra cứu" in page
        assert "Lần đầu" in page
        assert browser.post(at("bo-du-lieu"), {"bo": "khac"}).status_code == 404
        english = texts(browser.get("/en" + at("bo-du-lieu")))
        assert "Publish the next version" in english
