"""The pages of databases and their catalogue: each answers its question, refuses in words, loses nothing typed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.demo import make_person
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import make_database, make_dataset, make_described_database, make_look
from lienthong.catalogue.models import Database, DataField, IssuedCatalogue
from lienthong.catalogue.queries import version_of_last_year
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.holds.commands import place_hold
from lienthong.foundation.tracing import carries

ANSWERS = {
    "name": "CSDL hộ tịch của tỉnh",
    "name_en": "",
    "code": "H99.07.DB07",
    "tier": "local",
    "local_base": "assigned_by_law",
    "legal_basis": "Luật Hộ tịch số 60/2014/QH13",
    "purpose": "Đăng ký, tra cứu hộ tịch",
    "scope": "Khai sinh, kết hôn, khai tử",
    "collection": "Cập nhật hằng ngày từ phần mềm hộ tịch",
    "specialised_rules": "",
    "sector_reuse": "",
    "personal_data": "sensitive",
}


@pytest.fixture
def as_(client):
    """The browser of a person who acts in a role."""

    def sign_in(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return sign_in


def texts(response):
    return response.content.decode()


def told(response, code):
    """What a page tells, but for its address and its token."""
    return re.sub(r'(csrftoken|csrfmiddlewaretoken)"[^>]*', "", texts(response)).replace(code, "")


class TestRegister:
    def answers(self, world, **given):
        return ANSWERS | {"owner": world.province.pk, "managing_unit": world.justice.pk} | given

    def test_the_form_arrives_filled_in(self, world, as_):
        page = texts(as_(world.owner).get("/lam-viec/csdl/dang-ky/"))
        assert 'value="H99.07.DB01"' in page
        assert "UBND tỉnh An Lộc" in page
        assert "Sở Y tế" not in page

    @carries("CAT-01", "CAT-04", "LDL-03")
    def test_answers_are_checked_before_they_are_sent_and_nothing_is_lost(self, world, as_):
        browser = as_(world.owner)
        wrong = browser.post("/lam-viec/csdl/dang-ky/", self.answers(world, purpose="", buoc="kiem-tra"))
        assert "<title>Lỗi:" in texts(wrong).replace("\n", "")
        assert "Luật Hộ tịch" in texts(wrong)
        check = texts(browser.post("/lam-viec/csdl/dang-ky/", self.answers(world)))
        assert "Kiểm tra nội dung" in check
        assert "Dữ liệu cá nhân nhạy cảm" in check
        assert not Database.objects.exists()
        back = texts(browser.post("/lam-viec/csdl/dang-ky/", self.answers(world, buoc="sua")))
        assert 'value="CSDL hộ tịch của tỉnh"' in back
        assert "errors-box" not in back

        done = browser.post("/lam-viec/csdl/dang-ky/", self.answers(world, buoc="dang-ky"))

        assert done["Location"] == "/lam-viec/csdl/H99.07.DB07/nguon/"
        assert Database.objects.get().personal_data == "sensitive"

    def test_a_refusal_of_the_rules_stands_at_its_field(self, world, as_):
        make_database(world.justice, code="H99.07.DB07")
        answers = self.answers(world, buoc="dang-ky")
        page = texts(as_(world.owner).post("/lam-viec/csdl/dang-ky/", answers))
        assert "Mã H99.07.DB07 đã được dùng." in page
        page = texts(
            as_(world.owner).post("/lam-viec/csdl/dang-ky/", answers | {"code": "X-1", "local_base": ""})
        )
        assert "Chưa chọn cơ sở hình thành" in page
        assert Database.objects.count() == 1

    def test_no_unit_of_others_can_be_chosen(self, world, as_):
        answers = self.answers(world, managing_unit=world.health.pk, buoc="dang-ky")
        as_(world.owner).post("/lam-viec/csdl/dang-ky/", answers)
        assert not Database.objects.exists()


class TestList:
    def test_a_list_is_narrowed_by_name_in_any_spelling_and_by_class(self, world, as_):
        make_database(world.justice, name="CSDL đất đai")
        make_database(world.justice, name="CSDL hộ tịch", tier="internal")
        browser = as_(world.owner)
        assert "2 cơ sở dữ liệu" in texts(browser.get("/lam-viec/csdl/"))
        found = texts(browser.get("/lam-viec/csdl/?q=DAT DAI"))
        assert "CSDL đất đai" in found
        assert "CSDL hộ tịch" not in found
        assert "CSDL hộ tịch" in texts(browser.get("/lam-viec/csdl/?loai=internal"))
        empty = texts(browser.get("/lam-viec/csdl/?q=khong-co&loai=local"))
        assert "Không có kết quả với 2 điều kiện lọc." in empty

    def test_an_empty_list_says_how_to_begin(self, world, as_):
        assert "Chưa đăng ký cơ sở dữ liệu nào" in texts(as_(world.owner).get("/lam-viec/csdl/"))

    @carries("SEC-01")
    def test_a_secret_leaves_no_trace_for_outsiders(self, world, as_):
        secret = make_database(world.justice, name="CSDL kho đạn")
        commands.mark_secret(actor=world.keeper, database=secret, reason="r")
        page = texts(as_(world.owner).get("/lam-viec/csdl/"))
        assert "kho đạn" not in page
        assert "Chưa đăng ký cơ sở dữ liệu nào" in page
        for address in ("cot", "sua", "khai-bao", "bi-mat"):
            hidden = as_(world.owner).get(f"/lam-viec/csdl/{secret.code}/{address}/")
            missing = as_(world.owner).get(f"/lam-viec/csdl/H99.07.DB77/{address}/")
            assert hidden.status_code == missing.status_code == 404
            assert told(hidden, secret.code) == told(missing, "H99.07.DB77")
        assert "Bí mật nhà nước" in texts(as_(world.keeper).get("/lam-viec/csdl/"))


class TestFields:
    @carries("CAT-06", "CAT-07")
    def test_proposals_are_confirmed_at_once_or_one_by_one(self, world, as_):
        database = make_database(world.justice, actor=world.owner)
        browser = as_(world.owner)
        address = f"/lam-viec/csdl/{database.code}/cot/"
        assert "Chưa có bảng nào" in texts(browser.get(address))
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())
        page = texts(browser.get(address))
        assert "Đã xác nhận 0/4 cột của 1 bảng" in page
        assert "1 cột có vẻ chứa mã" in page
        one = DataField.objects.get(name="ten_xa")
        browser.post(address, {"cot": one.pk})
        assert DataField.objects.filter(confirmed_at__isnull=False).count() == 1
        browser.post(address)
        assert "Đã xác nhận 4/4 cột" in texts(browser.get(address))

    def test_one_column_is_described_and_the_next_follows(self, world, as_):
        database = make_database(world.justice)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())
        first, second = DataField.objects.order_by("ordinal")[:2]
        address = f"/lam-viec/csdl/{database.code}/cot/"
        browser = as_(world.owner)
        assert "không cho thấy dữ liệu cá nhân" in texts(browser.get(f"{address}{first.pk}/"))
        answers = {"title": "Mã xã", "sharing_class": "open", "personal_data": "basic"}
        refused = texts(browser.post(f"{address}{first.pk}/", answers))
        assert "không được xếp vào nhóm dữ liệu mở" in refused
        done = browser.post(f"{address}{first.pk}/", answers | {"personal_data": "none"})
        assert done["Location"] == f"{address}{second.pk}/"
        assert browser.get(f"{address}999999/").status_code == 404

    def test_who_only_reads_is_offered_nothing(self, world, as_):
        database = make_described_database(world.justice)
        reader = as_(world.actor(world.justice, Role.FOCAL_OFFICER))
        page = texts(reader.get(f"/lam-viec/csdl/{database.code}/cot/"))
        assert "Ma xa" in page
        assert '<form method="post" id="confirm' not in page
        assert reader.post(f"/lam-viec/csdl/{database.code}/cot/").status_code == 403
        assert reader.get(f"/lam-viec/csdl/{database.code}/sua/").status_code == 403


class TestDeclareAndIssue:
    @carries("CAT-02")
    def test_a_hold_and_what_is_missing_are_shown_before_and_after_the_act(self, world, as_):
        database = make_database(world.justice)
        address = f"/lam-viec/csdl/{database.code}/khai-bao/"
        browser = as_(world.owner)
        refused = browser.post(address)
        assert refused.status_code == 409
        assert "còn thiếu: bảng, cột" in texts(refused)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())
        commands.confirm_fields(actor=SYSTEM, database=database)
        hold = {"step": "declare", "code": "c", "text_vi": "Còn vụ việc CL-2026-0001", "text_en": "Case"}
        place_hold(actor=SYSTEM, subject=database, **hold)
        assert "Còn vụ việc CL-2026-0001" in texts(browser.get(address))
        held = browser.post(address)
        assert held.status_code == 409
        assert "phải giải quyết trước" in texts(held)

    @carries("CAT-02")
    def test_the_head_issues_and_everybody_reads(self, world, as_, client):
        database = make_described_database(world.province, managing_unit=world.justice)
        as_(world.owner).post(f"/lam-viec/csdl/{database.code}/khai-bao/")
        page = texts(as_(world.owner).get("/lam-viec/danh-muc/"))
        assert "Người đứng đầu cơ quan ban hành danh mục." not in page
        decision = {"decision_number": "15/QĐ-UBND", "decision_date": "2026-11-19"}
        browser = as_(world.head)
        assert "1 cơ sở dữ liệu chờ phiên bản 1" in texts(browser.get("/lam-viec/danh-muc/"))
        refused = texts(browser.post("/lam-viec/danh-muc/", decision | {"decision_date": "2999-01-01"}))
        assert "sau ngày hôm nay" in refused
        browser.post("/lam-viec/danh-muc/", decision, follow=True)
        assert IssuedCatalogue.objects.get().version == 1
        commands.amend_database(actor=SYSTEM, database=database, purpose="Mục đích mới")
        commands.declare_entry(actor=SYSTEM, database=database)
        browser.post("/lam-viec/danh-muc/", decision | {"decision_number": "16/QĐ-UBND"})

        client.logout()
        assert "UBND tỉnh An Lộc" in texts(client.get("/danh-muc/"))
        first = texts(client.get("/danh-muc/H99/1/"))
        assert "Đã có phiên bản mới hơn: phiên bản 2" in first
        assert "Mục đích mới" in texts(client.get("/danh-muc/H99/2/"))
        compared = texts(client.get("/danh-muc/H99/so-sanh/?tu=1&den=2"))
        assert "Mục đích" in compared
        assert client.get("/danh-muc/H99/9/").status_code == 404
        assert client.get("/danh-muc/H99/so-sanh/?tu=x").status_code == 404
        commands.mark_secret(actor=world.keeper, database=database, reason="r")
        assert "Mục đích mới" not in texts(client.get("/danh-muc/H99/2/"))

    def test_nobody_without_a_unit_sees_a_draft(self, world, client):
        client.force_login(make_person("khach"))
        assert client.get("/lam-viec/danh-muc/").status_code == 404


class TestOthers:
    def test_a_registration_is_amended(self, world, as_):
        database = make_database(world.justice)
        address = f"/lam-viec/csdl/{database.code}/sua/"
        browser = as_(world.owner)
        answers = {name: getattr(database, name) for name in ANSWERS if name != "code"}
        assert "Chưa có nội dung nào thay đổi." in texts(browser.post(address, answers))
        done = browser.post(address, answers | {"purpose": "Mục đích mới", "reason": "Rà soát"})
        assert done.status_code == 302
        database.refresh_from_db()
        assert database.purpose == "Mục đích mới"

    @carries("SEC-01")
    def test_the_keeper_marks_and_unmarks(self, world, as_):
        database = make_database(world.justice)
        address = f"/lam-viec/csdl/{database.code}/bi-mat/"
        assert as_(world.owner).get(address).status_code == 404
        browser = as_(world.keeper)
        browser.post(address, {"reason": "Quyết định 9/QĐ-TTg"})
        database.refresh_from_db()
        assert database.is_secret
        assert "không chia sẻ, không công bố" in texts(browser.get(address))
        browser.post(address, {"reason": "Giải mật"})
        database.refresh_from_db()
        assert not database.is_secret

    def test_a_dataset_is_made_of_a_table(self, world, as_):
        database = make_described_database(world.justice)
        table = database.tables.get()
        address = f"/lam-viec/csdl/{database.code}/bo-du-lieu/lap/{table.pk}/"
        browser = as_(world.owner)
        assert "Ma xa (ma_xa)" in texts(browser.get(address))
        answers = {"name": "Danh mục xã", "columns": ["ma_xa", "ten_xa"], "key": ["ma_tinh"]}
        assert "không thuộc bộ dữ liệu" in texts(browser.post(address, answers))
        done = browser.post(address, answers | {"key": ["ma_xa"]})
        assert done["Location"] == f"/lam-viec/csdl/{database.code}/bo-du-lieu/"
        assert database.datasets.get().columns == ["ma_xa", "ten_xa"]
        assert browser.get(f"/lam-viec/csdl/{database.code}/bo-du-lieu/lap/9999/").status_code == 404

    def test_the_english_pages_are_english(self, world, as_):
        database = make_described_database(world.justice)
        browser = as_(world.owner)
        for address in ("csdl/", "csdl/dang-ky/", f"csdl/{database.code}/cot/", "danh-muc/"):
            page = texts(browser.get(f"/en/lam-viec/{address}"))
            assert 'lang="en"' in page
        assert "Tables and columns" in texts(browser.get(f"/en/lam-viec/csdl/{database.code}/cot/"))

    def test_visitors_are_asked_to_sign_in(self, client, db):
        for address in ("csdl/", "csdl/dang-ky/", "csdl/H99.DB01/cot/", "danh-muc/"):
            response = client.get(f"/lam-viec/{address}")
            assert response.status_code == 302
            assert "/tai-khoan/" in response["Location"]


class TestApi:
    def test_programs_see_what_their_person_sees(self, world, as_, client):
        database = make_described_database(world.justice)
        make_dataset(database, name="Danh mục xã")
        browser = as_(world.owner)
        listed = browser.get("/api/v1/databases?q=hanh chinh").json()
        assert [row["code"] for row in listed["items"]] == [database.code]
        assert browser.get(f"/api/v1/databases/{database.code}").json()["owner"] == "H99.07"
        tables = browser.get(f"/api/v1/databases/{database.code}/tables").json()
        assert tables[0]["fields"][0]["confirmed"] is True
        assert browser.get("/api/v1/datasets").json()[0]["slug"] == "danh-muc-xa"
        assert browser.get("/api/v1/datasets/danh-muc-xa/versions").json() == []
        stranger = as_(world.actor(world.health, Role.DATABASE_OWNER))
        assert stranger.get(f"/api/v1/databases/{database.code}").status_code == 404
        assert stranger.get("/api/v1/datasets").json() == []
        client.logout()
        assert client.get("/api/v1/databases").status_code == 403

    @carries("SEC-01")
    def test_issued_catalogues_are_open_and_hold_no_secret(self, world, client):
        database = make_described_database(world.justice)
        commands.declare_entry(actor=SYSTEM, database=database)
        commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="1/QĐ", decision_date=date(2026, 11, 19)
        )
        assert client.get("/api/v1/catalogues").json()[0]["agency"] == "H99"
        assert len(client.get("/api/v1/catalogues/H99/1").json()["entries"]) == 1
        commands.mark_secret(actor=world.keeper, database=database, reason="r")
        assert client.get("/api/v1/catalogues/H99/1").json()["entries"] == []


def test_an_issue_of_last_year_lies_as_far_back_as_the_agency_has_set(world):
    today = timezone.localdate()
    issued = [
        IssuedCatalogue.objects.create(
            agency=world.province,
            version=version,
            decision_number=f"{version}/QĐ",
            decision_date=today - timedelta(days=days),
        )
        for version, days in ((1, 331), (2, 330), (3, 329), (4, 0))
    ]
    assert version_of_last_year(issued[3]) == issued[1]
    assert version_of_last_year(issued[0]) is None
