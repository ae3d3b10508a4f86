"""Before a form asks: who holds it already, what the unit answers, what it concludes; public, on the desk, for programs."""

from __future__ import annotations

import io
import json

import pypdf
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.catalogue.demo import make_described_database, make_look
from lienthong.catalogue.models import Database, EntryState
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries
from lienthong.sharing import commands
from lienthong.sharing.asking import grounds, who_holds
from lienthong.sharing.asking_errors import (
    AnswerMissing,
    DescriptionUnreadable,
    ExceptionUnknown,
    ItemsUnanswered,
    LawMissing,
    NothingAsked,
    SourceMissing,
    TitleMissing,
    WhyMissing,
)
from lienthong.sharing.asking_intake import items_of
from lienthong.sharing.asking_rules import FormItem, asked_in
from lienthong.sharing.asking_showing import items_shown
from lienthong.sharing.models import AskAgainCheck

PERSON = (
    ("so_dinh_danh", "text"),
    ("ho_ten", "text"),
    ("ngay_sinh", "date"),
    ("dia_chi_thuong_tru", "text"),
    ("ghi_chu_noi_bo", "text"),
)
FORM = "Số định danh cá nhân\nHọ và tên\nNgày sinh\nMã xã\nSố con chó nuôi trong nhà"


@pytest.fixture
def register(world, db) -> Database:
    """A national register in an issued catalogue; no service offers it yet."""
    found = make_described_database(
        world.agencies["G99"],
        tier="national",
        code="G99.DB77",
        name="CSDL quốc gia về dân cư (trình diễn)",
        look=make_look("ca_nhan", PERSON, primary_key=("so_dinh_danh",)),
    )
    Database.objects.filter(pk=found.pk).update(entry_state=EntryState.ISSUED)
    return found


@pytest.fixture
def check(world, register, actors) -> AskAgainCheck:
    return commands.check_form(
        actor=actors["khai-thac"],
        for_unit=world.agencies["H99.11"],
        title="Đơn đề nghị cấp thẻ BHYT",
        items=asked_in(FORM),
        on_paper=True,
    )


def kinds(items, **who) -> dict[str, str]:
    return {one.asked.name: one.kind for one in who_holds(items, **who).found}


class TestLookingUp:
    @carries("OVL-06", "D224-03")
    def test_what_an_issued_catalogue_announces_and_what_a_service_offers_is_found(self, register, service):
        found = who_holds(asked_in(FORM)).found
        by_name = {one.asked.name: one for one in found}
        assert [hit.code for hit in by_name["Số định danh cá nhân"].hits] == [register.code]
        assert by_name["Họ và tên"].kind == "announced"
        assert by_name["Ngày sinh"].hits[0].requirement == "D224-03"
        offered = by_name["Mã xã"]
        assert (offered.kind, offered.hits[0].service) == ("offered", service.code)
        assert by_name["Số con chó nuôi trong nhà"].hits == ()

    @carries("OVL-07")
    def test_what_a_live_connection_gives_may_not_be_asked_for_on_paper(self, register, service):
        paper = {one.asked.name: one.paper_forbidden for one in who_holds(asked_in(FORM)).found}
        assert (paper["Mã xã"], paper["Họ và tên"]) == (True, False)
        commands.suspend_service(actor=_system(), service=service, because="Bảo trì")
        again = {one.asked.name: one.paper_forbidden for one in who_holds(asked_in(FORM)).found}
        assert not again["Mã xã"]

    @carries("LTE-05", "LDL-04")
    def test_a_unit_is_told_what_its_agency_holds_itself_and_others_are_not(self, world, actors, dataset):
        Database.objects.filter(pk=dataset.database_id).update(entry_state=EntryState.NOT_DECLARED)
        mine = {"actor": actors["chu-quan"], "unit": world.agencies["H99.01"]}
        asked = [FormItem("dien_thoai", "Số điện thoại")]
        assert kinds(asked, **mine) == {"dien_thoai": "held"}
        hub = {"actor": actors["chu-quan-bo"], "unit": world.agencies["G99"]}
        assert kinds(asked, **hub) == {"dien_thoai": ""}
        assert kinds(asked) == {"dien_thoai": ""}

    @pytest.mark.parametrize(
        ("asked", "column"),
        [
            (FormItem("SoDinhDanh"), "so_dinh_danh"),
            (FormItem("truong_07", "Họ và tên khai sinh"), "ho_ten"),
            (FormItem("date_of_birth"), "ngay_sinh"),
            (FormItem("Địa chỉ thường trú"), "dia_chi_thuong_tru"),
        ],
    )
    def test_other_spellings_and_languages_are_found(self, register, asked, column):
        (found,) = who_holds([asked]).found
        assert [hit.column for hit in found.hits][:1] == [column]

    @carries("SEC-01")
    def test_a_secret_database_is_never_named(self, register, check):
        Database.objects.filter(pk=register.pk).update(is_secret=True)
        assert kinds([FormItem("ho_ten")]) == {"ho_ten": ""}
        assert all(hit.code != register.code for one in items_shown(check) for hit in one.hits)


def _system():
    from lienthong.foundation.accounts.actor import SYSTEM

    return SYSTEM


class TestItems:
    def test_a_pasted_list_is_read_line_by_line_each_item_once(self):
        found = asked_in("- Họ tên; Họ và tên người nộp; như giấy khai sinh\n\n* Ngày sinh\nhọ tên\n")
        assert found == [
            FormItem("Họ tên", "Họ và tên người nộp", "như giấy khai sinh"),
            FormItem("Ngày sinh"),
        ]
        with pytest.raises(NothingAsked):
            asked_in(" \n")

    def test_files_are_read_by_their_headings_and_descriptions_by_their_fields(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        book = io.BytesIO()
        workbook = xlsxwriter.Workbook(book)
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["STT", "Tên trường", "Mô tả"])
        sheet.write_row(1, 0, [1, "so_gt", "Số giấy tờ"])
        sheet.write_row(2, 0, [2, "ngay_cap", "Ngày cấp"])
        workbook.close()
        assert items_of(SimpleUploadedFile("bieu.xlsx", book.getvalue())) == [
            FormItem("so_gt", "", "Số giấy tờ"),
            FormItem("ngay_cap", "", "Ngày cấp"),
        ]
        csv = "Nội dung thông tin\nHọ tên\nNgày sinh\nNơi sinh\n".encode()
        assert [one.name for one in items_of(SimpleUploadedFile("bieu.csv", csv))] == [
            "Họ tên",
            "Ngày sinh",
            "Nơi sinh",
        ]
        package = {
            "resources": [{"name": "a", "schema": {"fields": [{"name": "mst", "title": "Mã số thuế"}]}}]
        }
        given = SimpleUploadedFile("datapackage.json", json.dumps(package).encode())
        assert items_of(given) == [FormItem("mst", "Mã số thuế")]
        for broken in (b"{", b"[]", b'{"resources": 3}', b"[" * 100_000):
            with pytest.raises(DescriptionUnreadable):
                items_of(SimpleUploadedFile("datapackage.json", broken))
        assert list((tmp_path / "tmp").iterdir()) == []


class TestAnswering:
    def item(self, check, name):
        return check.items.get(name=name)

    @carries("OVL-06", "LTE-05", "D224-03")
    def test_each_item_is_answered_with_its_lawful_reason_before_the_check_is_concluded(
        self, world, check, actors, register
    ):
        actor = actors["khai-thac"]
        with pytest.raises(ItemsUnanswered):
            commands.conclude_check(actor=actor, check=check)
        person, name = self.item(check, "Số định danh cá nhân"), self.item(check, "Họ và tên")
        with pytest.raises(AnswerMissing):
            commands.answer_item(actor=actor, item=person, answer="perhaps")
        for source in (None, 999_999):
            with pytest.raises(SourceMissing):
                commands.answer_item(actor=actor, item=person, answer="take", source=source)
        commands.answer_item(actor=actor, item=person, answer="take", source=register.pk)
        with pytest.raises(ExceptionUnknown):
            commands.answer_item(actor=actor, item=name, answer="exception", ground="because", reason="x")
        with pytest.raises(WhyMissing):
            commands.answer_item(actor=actor, item=name, answer="exception", ground="updating")
        with pytest.raises(LawMissing):
            commands.answer_item(actor=actor, item=name, answer="exception", ground="other_law", reason="x")
        commands.answer_item(
            actor=actor, item=name, answer="exception", ground="verification", reason="Đối chiếu khi trả thẻ"
        )
        birth, commune = self.item(check, "Ngày sinh"), self.item(check, "Mã xã")
        commands.answer_item(
            actor=actor, item=birth, answer="other_data", reason="Ngày sinh của trẻ sắp sinh"
        )
        commands.answer_item(actor=actor, item=commune, answer="take", source=commune.hits[0]["database"])
        commands.conclude_check(actor=actor, check=check)
        assert [one.may_be_asked for one in items_shown(check)] == [False, True, True, False, True]
        with pytest.raises(StepNotAllowed):
            commands.answer_item(actor=actor, item=birth, answer="take", source=register.pk)
        told = " ".join(event.sentence("vi") for event in history_of("sharing.askagaincheck", check.pk))
        assert "được yêu cầu 3 mục, không được yêu cầu 2 mục" in told

    @carries("OVL-06")
    def test_the_lawful_cases_come_from_the_law_of_the_day(self, db):
        assert [one.looks_at for one in grounds()] == ["quality", "other_law", "updating", "verification"]
        assert all(one.provision.ref for one in grounds())

    def test_others_neither_make_nor_answer_it(self, world, check, actors):
        with pytest.raises(NotAllowed):
            commands.check_form(
                actor=actors["chu-quan-bo"],
                for_unit=world.agencies["H99.11"],
                title="x",
                items=[FormItem("a")],
            )
        with pytest.raises(NotAllowed):
            commands.answer_item(
                actor=actors["chu-quan-bo"], item=check.items.first(), answer="other_data", reason="x"
            )
        with pytest.raises(TitleMissing):
            commands.check_form(
                actor=actors["khai-thac"], for_unit=world.agencies["H99.11"], title=" ", items=[FormItem("a")]
            )


class TestPages:
    @carries("OVL-06", "OVL-07")
    def test_everybody_looks_up_and_nothing_is_kept(self, register, service):
        visitor = Client()
        assert visitor.get("/tra-cuu-truoc-khi-yeu-cau/").status_code == 200
        page = visitor.post("/tra-cuu-truoc-khi-yeu-cau/", {"items": FORM}).content.decode()
        for said in (register.name, service.name, "OVL-07", "Chưa thấy nơi nào giữ", "Không được yêu cầu"):
            assert said in page, said
        empty = visitor.post("/tra-cuu-truoc-khi-yeu-cau/", {"items": " "})
        assert empty.status_code == 422
        english = visitor.post("/en/tra-cuu-truoc-khi-yeu-cau/", {"items": FORM}).content.decode()
        assert "Announced in an issued catalogue" in english
        assert not AskAgainCheck.objects.exists()

    @carries("OVL-06")
    def test_an_officer_checks_answers_concludes_and_takes_the_paper(self, register, service, as_officer):
        officer = as_officer("khai-thac")
        made = officer.post(
            "/lam-viec/tra-cuu-truoc/lap/", {"title": "Đơn", "items": "Họ và tên", "on_paper": "on"}
        )
        found = AskAgainCheck.objects.get()
        here = f"/lam-viec/tra-cuu-truoc/{found.number}/"
        assert made["Location"] == here
        assert found.number in officer.get("/lam-viec/tra-cuu-truoc/").content.decode()
        form = f"{here}muc/1/"
        assert "Xác minh, thẩm tra" in officer.get(form).content.decode()
        refused = officer.post(form, {"answer": "exception", "ground": "quality", "source": register.pk})
        assert (refused.status_code, "Chưa nêu lý do" in refused.content.decode()) == (422, True)
        officer.post(form, {"answer": "take", "source": register.pk})
        officer.post(here)
        page = officer.get(here).content.decode()
        assert "Đã kết luận" in page
        pdf = officer.get(f"{here}phieu.pdf").content
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
        assert "Không được yêu cầu" in " ".join(text.split())
        rows = rows_of(officer.get(f"{here}phieu.xlsx").content)
        assert any(register.name in str(row) for row in rows)
        assert officer.get(f"{here}phieu.docx").status_code == 200
        stranger = as_officer("chu-quan-bo")
        assert stranger.get(here).status_code == 404
        assert found.number not in stranger.get("/lam-viec/tra-cuu-truoc/").content.decode()

    @carries("OVL-06")
    def test_programs_ask_too(self, register, service, check, as_officer):
        asked = {"items": [{"name": "ho_ten", "title": "Họ và tên"}, {"name": "ma_xa"}]}
        told = Client().post("/api/v1/ask-again", asked, content_type="application/json").json()
        assert [one["held"] for one in told["items"]] == ["announced", "offered"]
        assert told["items"][1]["paper_permitted"] is False
        assert told["items"][1]["holders"][0]["service"] == service.code
        assert (
            Client().post("/api/v1/ask-again", {"items": []}, content_type="application/json").status_code
            == 422
        )
        kept = as_officer("khai-thac").get(f"/api/v1/ask-again/{check.number}").json()
        assert len(kept["items"]) == 5
        assert Client().get(f"/api/v1/ask-again/{check.number}").status_code in (401, 403)
