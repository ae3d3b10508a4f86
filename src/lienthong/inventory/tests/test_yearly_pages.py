"""The pages of the yearly inventory, of systems and of the upgrade plan, as people of each role meet them."""

from __future__ import annotations

import io
from datetime import date

import docx
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.models import User
from lienthong.foundation.papers.sheets import rows_of, to_xlsx
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands
from lienthong.inventory.demo import assess_now, make_source
from lienthong.inventory.models import Campaign, InformationSystem, UpgradeItem
from lienthong.inventory.system_sheets import sheet_of
from tests.worlds import delivered

from .conftest import write_sqlite
from .test_yearly_inventory import PROGRAMME, SYSTEM, today

DESK = "/lam-viec/kiem-ke/"


@pytest.fixture
def browse(client):
    """The browser of a person who acts in a role."""

    def as_(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return as_


@pytest.fixture
def people(world):
    return {
        "it": world.actor(world.province, Role.IT_UNIT),
        "head": world.actor(world.province, Role.HEAD),
        "justice": world.owner,
        "health": world.actor(world.health, Role.DATABASE_OWNER),
    }


@pytest.fixture
def running(world, people):
    campaign = commands.plan_campaign(
        actor=people["it"],
        agency=world.province,
        year=timezone.localdate().year,
        units=[world.justice, world.health],
        **PROGRAMME,
    )
    commands.approve_campaign(
        actor=people["head"], campaign=campaign, number="15/QĐ-UBND", day=date(2026, 1, 5)
    )
    commands.open_campaign(actor=people["it"], campaign=campaign)
    return campaign


@pytest.fixture
def assessed(world, tmp_path):
    make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
    return assess_now(world.database, shareable=True)


def text(response):
    return " ".join(response.content.decode().split())


class TestCampaign:
    @carries("INV-07")
    def test_is_planned_approved_and_opened_on_its_pages(self, world, people, browse):
        it = browse(people["it"])
        page = text(it.get(f"{DESK}lap/"))
        assert "Sở Tư pháp" in page
        year = timezone.localdate().year
        sent = PROGRAMME | {"year": year, "units": [world.justice.pk, world.health.pk]}
        refused = it.post(f"{DESK}lap/", sent | {"scope": " "})
        assert refused.status_code == 422
        assert "Chương trình kiểm kê chưa có phạm vi" in text(refused)
        assert it.post(f"{DESK}lap/", sent).status_code == 302
        number = Campaign.objects.get().number
        head = browse(people["head"])
        assert "Phê duyệt chương trình" in text(head.get(f"{DESK}{number}/"))
        assert head.post(f"{DESK}{number}/phe-duyet/", {"number": "", "day": ""}).status_code == 422
        head.post(f"{DESK}{number}/phe-duyet/", {"number": "15/QĐ-UBND", "day": "2026-01-05"})
        it = browse(people["it"])
        assert "Mở đợt kiểm kê" in text(it.get(f"{DESK}{number}/"))
        it.post(f"{DESK}{number}/", {"viec": "mo"})
        page = text(it.get(f"{DESK}{number}/"))
        assert f"0/2 đơn vị đã nộp; hạn trước 31/12/{year}" in page
        assert "Đôn đốc 2 đơn vị" in page

    @carries("INV-01")
    def test_shows_units_the_picture_and_urges(self, world, people, running, browse):
        it = browse(people["it"])
        page = text(it.get(f"{DESK}{running.number}/"))
        assert "khảo sát 0/1 cơ sở dữ liệu" in page
        assert "Xem dạng bảng" in page
        assert "0 trong 2 kết quả đã nộp" in page
        told = it.post(f"{DESK}{running.number}/", {"viec": "don-doc"}, follow=True)
        assert "Đã đôn đốc 2 đơn vị." in text(told)
        assert "đã đôn đốc 1 lần" in text(told)

    def test_a_unit_sees_its_own_line_and_nobody_elses(self, world, people, running, browse):
        page = text(browse(people["justice"]).get(f"{DESK}{running.number}/"))
        assert "Sở Tư pháp" in page
        assert "Sở Y tế" not in page
        assert "Đôn đốc" not in page
        assert browse(people["justice"]).get(f"{DESK}{running.number}/don-vi/H99.11/").status_code == 404

    @pytest.mark.parametrize(
        "role",
        [Role.CONSUMER_OFFICER, Role.SECRETS_KEEPER, Role.ADMINISTRATOR, Role.COORDINATING_MINISTRY],
    )
    def test_other_roles_know_of_none(self, world, running, browse, role):
        browser = browse(world.actor(world.province, role))
        assert running.number not in text(browser.get(DESK))
        assert browser.get(f"{DESK}{running.number}/").status_code == 404
        assert browser.get(f"{DESK}lap/").status_code == 403

    def test_a_visitor_is_asked_to_sign_in(self, client, running):
        for path in (
            DESK,
            f"{DESK}{running.number}/",
            "/lam-viec/nang-cap/",
            "/lam-viec/he-thong-thong-tin/",
        ):
            assert "/dang-nhap/" in client.get(path)["Location"]

    @carries("UPG-01")
    def test_a_close_that_is_refused_says_what_is_missing(self, world, people, running, browse, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        with delivered():
            assess_now(world.database, shareable=False, reason="Thiếu mã", proposed_actions="Bổ sung")
        for unit, actor in ((world.justice, people["justice"]), (world.health, people["health"])):
            part = running.parts.get(unit=unit)
            commands.write_part(actor=actor, part=part, conclusion="Xong", record_date=today())
            commands.submit_part(actor=actor, part=part)
            commands.verify_part(actor=people["it"], part=part)
        it = browse(people["it"])
        assert "Tổng hợp kết quả" in text(it.get(f"{DESK}{running.number}/"))
        it.post(f"{DESK}{running.number}/tong-hop/", {"number": "07/BC", "day": today().isoformat()})
        refused = it.post(f"{DESK}{running.number}/", {"viec": "dong"})
        assert refused.status_code == 409
        assert "1 mục chưa đạt chưa có trong kế hoạch nâng cấp" in text(refused)
        report = it.get(f"{DESK}{running.number}/bao-cao.pdf")
        told = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report.content)).pages)
        assert "Số: 07/BC" in told
        assert world.database.name in " ".join(told.split())
        assert browse(people["justice"]).get(f"{DESK}{running.number}/bao-cao.pdf").status_code == 403


class TestPart:
    @carries("INV-06", "INV-04")
    def test_is_filled_in_kept_sent_returned_and_verified(self, world, people, running, assessed, browse):
        path = f"{DESK}{running.number}/don-vi/H99.07/"
        owner = browse(people["justice"])
        page = text(owner.get(path))
        assert "Mã đơn vị hành chính theo danh mục quốc gia." in page
        assert "Chia sẻ được" in page or "Dữ liệu chia sẻ được" in page
        owner.post(path, {"viec": "luu", "upkeep": "Nhật ký 24 tháng", "record_date": today().isoformat()})
        assert running.parts.get(unit=world.justice).upkeep == "Nhật ký 24 tháng"
        refused = owner.post(
            path, {"viec": "gui", "upkeep": "Nhật ký 36 tháng", "record_date": today().isoformat()}
        )
        assert refused.status_code == 422
        assert "chưa có kết luận của đơn vị" in text(refused)
        assert "Nhật ký 36 tháng" in text(refused)
        owner.post(
            path,
            {
                "viec": "gui",
                "conclusion": "Đạt",
                "record_date": today().isoformat(),
                "record_number": "05/BB",
            },
        )
        assert running.parts.get(unit=world.justice).state == "submitted"
        it = browse(people["it"])
        assert "Xác nhận kết quả" in text(it.get(path))
        assert it.post(path, {"viec": "tra-lai", "reason": " "}).status_code == 422
        it.post(path, {"viec": "tra-lai", "reason": "Thiếu nhật ký"})
        owner = browse(people["justice"])
        assert "Thiếu nhật ký" in text(owner.get(path))
        owner.post(
            path,
            {"viec": "gui", "conclusion": "Đạt", "upkeep": "24 tháng", "record_date": today().isoformat()},
        )
        assert owner.post(path, {"viec": "xac-nhan"}).status_code == 403
        browse(people["it"]).post(path, {"viec": "xac-nhan"})
        assert running.parts.get(unit=world.justice).state == "verified"

    @carries("INV-06")
    def test_its_record_is_downloaded_in_three_forms(self, world, people, running, assessed, browse):
        path = f"{DESK}{running.number}/don-vi/H99.07/"
        owner = browse(people["justice"])
        assert owner.get(f"{path}bien-ban.pdf").status_code == 404
        owner.post(
            path,
            {
                "viec": "gui",
                "conclusion": "Đạt",
                "record_date": today().isoformat(),
                "record_number": "05/BB",
            },
        )
        made = owner.get(f"{path}bien-ban.pdf")
        assert made["Content-Type"] == "application/pdf"
        assert "filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n" in made["Content-Disposition"]
        assert "Số: 05/BB" in pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
        document = docx.Document(io.BytesIO(owner.get(f"{path}bien-ban.docx").content))
        assert "BIÊN BẢN" in [paragraph.text for paragraph in document.paragraphs]
        assert rows_of(owner.get(f"{path}bien-ban.xlsx").content)[4][0] == world.database.code
        assert owner.get(f"{path}bien-ban.txt").status_code == 404
        assert browse(people["health"]).get(f"{path}bien-ban.pdf").status_code == 404


class TestSystems:
    PATH = "/lam-viec/he-thong-thong-tin/"

    @carries("INV-05")
    def test_is_registered_found_confirmed_and_retired(self, world, people, browse):
        owner = browse(people["justice"])
        sent = SYSTEM | {"code": "h99.07.ht01", "owner": world.justice.pk, "operator": world.justice.pk,
                         "databases": [world.database.pk], "in_use_since": ""}  # fmt: skip
        refused = owner.post(f"{self.PATH}ghi-nhan/", sent | {"name": ""})
        assert refused.status_code == 422
        assert "Chưa có tên hệ thống" in text(refused)
        assert owner.post(f"{self.PATH}ghi-nhan/", sent).status_code == 302
        page = text(owner.get(f"{self.PATH}H99.07.HT01/"))
        assert world.database.name in page
        assert "Cấp độ 2" in page
        assert "H99.07.HT01" in text(owner.get(f"{self.PATH}?q=mot+cua"))
        assert "Không có kết quả" in text(owner.get(f"{self.PATH}?q=xyz"))
        told = owner.post(f"{self.PATH}H99.07.HT01/", {"viec": "ra-soat"}, follow=True)
        assert "Đã xác nhận thông tin hệ thống." in text(told)
        owner.post(f"{self.PATH}H99.07.HT01/sua/", {key: value for key, value in sent.items() if key != "code"}
                   | {"name": "Một cửa điện tử"})  # fmt: skip
        assert InformationSystem.objects.get().name == "Một cửa điện tử"
        assert "Một cửa điện tử" in text(owner.get(reverse("desk-search"), {"q": "mot cua dien tu"}))
        elsewhere = browse(people["health"]).get(reverse("desk-search"), {"q": "mot cua dien tu"})
        assert "Một cửa điện tử" not in text(elsewhere)
        owner = browse(people["justice"])
        owner.post(f"{self.PATH}H99.07.HT01/ngung/", {"reason": "Thay mới"})
        assert InformationSystem.objects.get().state == "retired"
        assert browse(people["health"]).get(f"{self.PATH}H99.07.HT01/").status_code == 404

    @carries("INV-05")
    def test_goes_out_as_a_workbook_and_comes_in_again(self, world, people, browse):
        commands.register_system(
            actor=people["justice"],
            code="H99.07.HT01",
            owner=world.justice,
            databases=[world.database],
            **SYSTEM,
        )
        it = browse(people["it"])
        book = it.get(f"{self.PATH}xuat.xlsx").content
        assert rows_of(book)[1][:2] == ["H99.07.HT01", "Hệ thống một cửa"]
        again = it.post(f"{self.PATH}nhap/", {"upload": SimpleUploadedFile("ht.xlsx", book)}, follow=True)
        assert "Đã ghi nhận 0 hệ thống, sửa 1 hệ thống." in text(again)
        sheet = sheet_of(InformationSystem.objects.all())
        row = list(sheet.rows[0])
        broken = [row, ["H99.07.HT02", "", "", "Loại lạ", *row[4:]]]
        content = to_xlsx([type(sheet)(sheet.name, sheet.columns, broken)])
        refused = it.post(f"{self.PATH}nhap/", {"upload": SimpleUploadedFile("ht.xlsx", content)})
        assert refused.status_code == 422
        assert "dòng 3" in text(refused)
        assert InformationSystem.objects.count() == 1
        large = SimpleUploadedFile("ht.xlsx", b"x" * 20_000_001)
        assert "lớn hơn giới hạn 20 MB" in text(it.post(f"{self.PATH}nhap/", {"upload": large}))
        for bad in (b"x", to_xlsx([type(sheet)("A", sheet.columns[:2], [])])):
            answer = it.post(f"{self.PATH}nhap/", {"upload": SimpleUploadedFile("ht.xlsx", bad)})
            assert answer.status_code == 422


class TestUpgrades:
    PATH = "/lam-viec/nang-cap/"

    @pytest.fixture
    def item(self, world, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        with delivered():
            assess_now(world.database, shareable=False, reason="Thiếu mã", proposed_actions="Bổ sung mã")
        return UpgradeItem.objects.get(criterion="shareable")

    @carries("UPG-01", "UPG-03", "INV-08")
    def test_goes_from_the_board_to_done(self, world, people, item, browse):
        it = browse(people["it"])
        board = text(it.get(self.PATH))
        assert item.number in board
        assert "Đề xuất (1)" in board
        path = f"{self.PATH}{item.number}/"
        it.post(path, {"viec": "dua-vao", "priority": "1", "action": "Bổ sung mã", "responsible": "Sở Tư pháp",
                       "planned_until": "2030-01-01"})  # fmt: skip
        assert it.post(path, {"viec": "kinh-phi", "funding": ""}).status_code == 422
        it.post(path, {"viec": "kinh-phi", "funding": "Không cần"})
        owner = browse(people["justice"])
        assert "Nếu không có kết nối nào" in text(owner.post(path, {"viec": "bat-dau", "continuity": ""}))
        owner.post(path, {"viec": "bat-dau", "continuity": "Giữ nguyên"})
        assert "chưa kiểm tra lại được" in text(
            owner.post(path, {"viec": "kiem-tra", "compliance": "Đã xem"})
        )
        with delivered():
            assess_now(world.database, shareable=False, reason="Vẫn thiếu", proposed_actions="Làm tiếp")
        owner.post(path, {"viec": "kiem-tra", "compliance": "Đã xem"})
        it = browse(people["it"])
        assert "Vẫn thiếu" in text(it.post(path, {"viec": "xong"}))
        it.post(path, {"viec": "mo-lai", "reason": "Chưa đạt"})
        owner = browse(people["justice"])
        owner.post(path, {"viec": "bat-dau", "continuity": "Giữ nguyên"})
        with delivered():
            assess_now(world.database, shareable=True)
        owner.post(path, {"viec": "kiem-tra", "compliance": "Đã xem"})
        browse(people["it"]).post(path, {"viec": "xong"})
        item.refresh_from_db()
        assert item.state == "done"

    def test_is_filtered_downloaded_and_shown_on_the_file(self, world, people, item, browse):
        it = browse(people["it"])
        assert item.number in text(it.get(f"{self.PATH}?tu=assessment&uu-tien=1&don-vi=H99.07"))
        assert item.number not in text(it.get(f"{self.PATH}?tu=hand"))
        rows = rows_of(it.get(f"{self.PATH}xuat.xlsx").content)
        assert rows[3][0] == item.number
        assert item.number in text(
            browse(people["justice"]).get(f"/lam-viec/csdl/{world.database.code}/nang-cap/")
        )

    @carries("INV-08")
    def test_is_proposed_by_hand_and_seen_by_its_people_alone(self, world, people, browse):
        owner = browse(people["justice"])
        path = f"/lam-viec/csdl/{world.database.code}/nang-cap/de-xuat/"
        assert owner.post(path, {"found": "", "action": "x"}).status_code == 422
        owner.post(path, {"found": "Chậm", "action": "Thêm chỉ mục"})
        made = UpgradeItem.objects.get()
        assert browse(people["health"]).get(f"{self.PATH}{made.number}/").status_code == 404
        administrator = browse(world.actor(world.province, Role.ADMINISTRATOR))
        assert administrator.get(f"{self.PATH}{made.number}/").status_code == 404
        assert made.number not in text(administrator.get(self.PATH))


class TestPrograms:
    @carries("INV-01", "INV-05", "INV-08")
    def test_are_told_what_their_officer_may_know(self, world, people, running, assessed, browse, client):
        commands.register_system(actor=people["justice"], code="H99.07.HT01", owner=world.justice, **SYSTEM)
        item = commands.propose_upgrade(
            actor=people["justice"], database=world.database, found="Chậm", action="Thêm chỉ mục"
        )
        it = browse(people["it"])
        listed = it.get("/api/v1/inventory-campaigns").json()["items"]
        assert [(one["number"], one["units"], one["sent"]) for one in listed] == [(running.number, 2, 0)]
        told = it.get(f"/api/v1/inventory-campaigns/{running.number}").json()
        assert told["due_on"] == f"{running.year}-12-30"
        assert {one["unit"]: one["percent"] for one in told["units"]} == {"H99.07": 50, "H99.11": 0}
        assert it.get("/api/v1/information-systems").json()["items"][0]["code"] == "H99.07.HT01"
        assert it.get("/api/v1/information-systems/H99.07.HT01").json()["faults"] == []
        assert it.get("/api/v1/upgrades").json()["items"][0]["number"] == item.number
        stranger = browse(people["health"])
        assert stranger.get("/api/v1/upgrades").json()["items"] == []
        assert stranger.get("/api/v1/information-systems").json()["items"] == []
        assert stranger.get("/api/v1/information-systems/H99.07.HT01").status_code == 404
        own = stranger.get(f"/api/v1/inventory-campaigns/{running.number}").json()["units"]
        assert [one["unit"] for one in own] == ["H99.11"]
        client.logout()
        for path in ("inventory-campaigns", "information-systems", "upgrades"):
            assert client.get(f"/api/v1/{path}").status_code == 403
