"""The yearly registration on the National Data Portal: four parts, a state for each record, a package, needs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import make_database, make_described_database
from lienthong.catalogue.errors import EntryFieldMissing
from lienthong.catalogue.governing_errors import ProcedureFileRefused, StorageProcedureMissing
from lienthong.catalogue.models import Database, DataNeed, SharingClass
from lienthong.catalogue.portal_errors import (
    NeedEnded,
    NeedYearRefused,
    PortalDayRefused,
    PortalNothingChosen,
    PortalReasonMissing,
    PortalStepRefused,
    ShareNoteMissing,
)
from lienthong.catalogue.portal_registration import registration_of, registration_sheets, state_in
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law

TODAY = timezone.localdate()
YEAR = TODAY.year
NEED = {
    "title": "Dữ liệu hộ tịch",
    "items": "Số định danh\nNgày sinh",
    "holder_name": "Bộ Tư pháp",
    "purpose": "Giải quyết thủ tục cấp thẻ bảo hiểm y tế cho trẻ em",
    "basis": "Khoản 3 Điều 41 Luật Giao dịch điện tử số 20/2023/QH15",
}


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def keeper(world):
    return world.actor(world.province, Role.IT_UNIT)


@pytest.fixture
def database(world):
    return make_described_database(world.justice)


def record(actor, state: str, *, databases=(), needs=(), day=TODAY, note="", year=YEAR) -> int:
    return commands.record_portal_state(
        actor=actor,
        agency=Agency.objects.get(code="H99"),
        databases=databases,
        needs=needs,
        year=year,
        state=state,
        day=day,
        note=note,
    )


class TestStates:
    @carries("PRT-03")
    def test_a_record_is_sent_and_published_or_sent_back_with_the_reason(self, keeper, database):
        assert state_in(database, YEAR) == "not_sent"
        with pytest.raises(PortalStepRefused) as refused:
            record(keeper, "published", databases=[database])
        assert "“Chưa gửi” sang “Đã đăng trên cổng”" in refused.value.text("vi")
        assert "“Not sent yet”" in refused.value.text("en")

        record(keeper, "sent", databases=[database])
        database.refresh_from_db()
        with pytest.raises(PortalReasonMissing):
            record(keeper, "rejected", databases=[database])
        record(keeper, "rejected", databases=[database], note="Thiếu mô tả")
        database.refresh_from_db()
        assert (database.portal_state, database.portal_note) == ("rejected", "Thiếu mô tả")

        record(keeper, "sent", databases=[database])
        record(keeper, "published", databases=[database])
        database.refresh_from_db()
        assert (state_in(database, YEAR), database.portal_note) == ("published", "")

    @carries("PRT-01", "PRT-03")
    def test_each_year_is_registered_anew(self, keeper, database):
        record(keeper, "sent", databases=[database], year=YEAR - 1)
        database.refresh_from_db()
        assert (state_in(database, YEAR - 1), state_in(database, YEAR)) == ("sent", "not_sent")

    @carries("PRT-03")
    def test_a_state_is_of_a_day_that_has_come_and_of_records_that_were_chosen(self, keeper, database):
        with pytest.raises(PortalDayRefused):
            record(keeper, "sent", databases=[database], day=TODAY + timedelta(days=1))
        record(keeper, "sent", databases=[database])
        with pytest.raises(PortalDayRefused):
            record(keeper, "published", databases=[database], day=TODAY - timedelta(days=1))
        with pytest.raises(PortalNothingChosen):
            record(keeper, "sent")

    @carries("PRT-03")
    def test_one_refused_record_leaves_all_as_they_were(self, keeper, world, database):
        other = make_database(world.justice, name="CSDL khác")
        record(keeper, "sent", databases=[other])
        with pytest.raises(PortalStepRefused):
            record(keeper, "sent", databases=[database, other])
        database.refresh_from_db()
        assert database.portal_state == ""

    def test_who_works_on_other_databases_records_nothing(self, world, database):
        with pytest.raises(NotAllowed):
            record(world.actor(world.health, Role.DATABASE_OWNER), "sent", databases=[database])


class TestRegistration:
    @carries("PRT-01")
    def test_four_parts_of_a_year_without_what_is_secret(self, world, keeper, database):
        database.tables.get().fields.filter(name="ten_xa").update(sharing_class=SharingClass.OPEN)
        commands.amend_database(actor=keeper, database=database, share_ability="now")
        hidden = make_database(world.justice, name="CSDL mật")
        Database.objects.filter(pk=hidden.pk).update(is_secret=True)
        commands.note_data_need(actor=keeper, agency=world.justice, **NEED)
        commands.note_data_need(actor=keeper, agency=world.justice, **NEED, year=YEAR + 1)

        found = registration_of(keeper, world.province, YEAR)

        assert [(one.database.name, one.items, one.open_items) for one in found.databases] == [
            (database.name, 4, 1)
        ]
        assert [one.need.year for one in found.needs] == [YEAR]
        assert (found.without_ability, found.counts["not_sent"]) == (0, 2)
        keeper_of_secrets = world.actor(world.justice, Role.SECRETS_KEEPER)
        assert "CSDL mật" not in str(registration_of(keeper_of_secrets, world.justice, YEAR).databases)

    @carries("PRT-02")
    def test_the_package_holds_the_four_parts(self, world, keeper, database):
        database.tables.get().fields.filter(name="ten_xa").update(sharing_class=SharingClass.OPEN)
        commands.note_data_need(actor=keeper, agency=world.justice, **NEED)

        data, opened, ability, needs = registration_sheets(registration_of(keeper, world.province, YEAR))

        assert data.rows[0][0] == database.code
        assert [row[3] for row in opened.rows] == ["ten_xa"]
        assert ability.rows[0][:2] == (database.code, database.name)
        assert needs.rows[0][4] == "Bộ Tư pháp"

    @carries("PRT-01")
    @pytest.mark.parametrize("ability", ["cannot", "after_upgrade"])
    def test_what_cannot_be_shared_says_why(self, keeper, database, ability):
        with pytest.raises(ShareNoteMissing):
            commands.amend_database(actor=keeper, database=database, share_ability=ability)


class TestNeeds:
    @carries("PRT-01")
    def test_a_need_is_noted_found_amended_and_met(self, world, keeper, database):
        need = commands.note_data_need(actor=keeper, agency=world.justice, database=database, **NEED)
        assert (need.number.startswith(f"NC-{YEAR}-"), need.holding) == (True, database)
        assert Entry.objects.filter(kind="data_need", object_id=need.pk).exists()

        commands.amend_data_need(actor=keeper, need=need, title="Dữ liệu khai sinh")
        commands.end_data_need(actor=keeper, need=need, met=True)

        need.refresh_from_db()
        assert (need.title, need.state) == ("Dữ liệu khai sinh", "met")
        assert not Entry.objects.filter(kind="data_need", object_id=need.pk).exists()
        with pytest.raises(NeedEnded):
            commands.amend_data_need(actor=keeper, need=need, title="x")

    @carries("PRT-01")
    @pytest.mark.parametrize("missing", ["title", "items", "holder_name", "purpose", "basis"])
    def test_a_need_says_what_from_whom_for_what_and_by_which_law(self, world, keeper, missing):
        with pytest.raises(EntryFieldMissing) as refused:
            commands.note_data_need(actor=keeper, agency=world.justice, **(NEED | {missing: " "}))
        assert refused.value.field == missing
        assert not DataNeed.objects.exists()

    def test_only_this_year_or_the_next_and_an_end_without_use_says_why(self, world, keeper):
        with pytest.raises(NeedYearRefused):
            commands.note_data_need(actor=keeper, agency=world.justice, **NEED, year=YEAR - 1)
        need = commands.note_data_need(actor=keeper, agency=world.justice, **NEED)
        with pytest.raises(EntryFieldMissing):
            commands.end_data_need(actor=keeper, need=need, met=False)

    @carries("SEC-01")
    def test_a_database_that_became_a_secret_is_no_longer_named(self, world, keeper, database):
        need = commands.note_data_need(actor=keeper, agency=world.health, database=database, **NEED)
        Database.objects.filter(pk=database.pk).update(is_secret=True)
        assert DataNeed.objects.get(pk=need.pk).holding is None


class TestPages:
    PATH = "/lam-viec/dang-ky-cong-du-lieu/"

    @pytest.fixture
    def browser(self, client, keeper):
        client.force_login(User.objects.get(pk=keeper.user_id))
        return client

    def test_fifty_databases_stand_on_a_page(self, world, browser, database):
        whole = {
            field.name: getattr(database, field.name)
            for field in Database._meta.concrete_fields
            if field.name not in ("id", "code", "state", "entry_state")
        }
        Database.objects.bulk_create(Database(code=f"H99.77.DB{place:02d}", **whole) for place in range(51))
        first, second = browser.get(self.PATH), browser.get(f"{self.PATH}?trang=2")
        assert [page.content.decode().count('value="csdl-') for page in (first, second)] == [50, 2]
        assert "Trang 2/2" in second.content.decode()
        for odd in ("x", "0", "²", "999999999"):
            assert browser.get(f"{self.PATH}?trang={odd}").status_code == 200

    def test_a_need_is_noted_and_the_state_of_ticked_records_recorded(self, world, browser, database):
        answers = NEED | {"unit": world.justice.pk, "year": YEAR, "database": "KHONG.CO"}
        unknown = browser.post(f"{self.PATH}nhu-cau/ghi-nhan/", answers)
        assert (unknown.status_code, list(unknown.context["form"].errors)) == (422, ["database"])
        made = browser.post(f"{self.PATH}nhu-cau/ghi-nhan/", answers | {"database": database.code})
        assert "Dữ liệu hộ tịch" in browser.get(made["Location"]).content.decode()
        need = DataNeed.objects.get()

        state = {"muc": [f"csdl-{database.pk}", f"nhu-cau-{need.pk}"], "day": TODAY.isoformat(), "note": ""}
        refused = browser.post(self.PATH, state | {"state": "published"})
        assert refused.status_code == 422
        assert refused.content.decode().count(" checked") == 2
        assert browser.post(self.PATH, state | {"state": "sent"}).status_code == 302

        page = browser.get(self.PATH)
        assert [(count, kind) for _label, count, kind in page.context["counts"]] == [(2, "info")]
        assert browser.get(f"{self.PATH}?dang=xlsx").content.startswith(b"PK")
        said = browser.get(f"/api/v1/portal-registrations/{world.province.code}/{YEAR}").json()
        assert [one["state"] for one in (*said["databases"], *said["needs"])] == ["sent", "sent"]

    @carries("CFG-01")
    def test_the_page_says_that_the_text_on_which_it_rests_is_in_force_no_more(self, world, browser):
        load_law(actor=SYSTEM)
        told = browser.get(self.PATH).context["citations"]
        assert told == [
            "khoản 3 Điều 13 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 22/10/2025; giữ làm quy định của cơ quan)",
            "Điều 10 Nghị định số 165/2025/NĐ-CP",
        ]

    def test_a_need_is_amended_and_ended_on_its_pages(self, world, browser, keeper):
        need = commands.note_data_need(actor=keeper, agency=world.justice, **NEED)
        at = f"{self.PATH}nhu-cau/{need.number}/"
        browser.post(f"{at}sua/", NEED | {"title": "Dữ liệu khai sinh"})
        assert browser.post(f"{at}ket-thuc/", {"met": "0", "reason": ""}).status_code == 422
        browser.post(f"{at}ket-thuc/", {"met": "0", "reason": "Đã có nguồn khác"})
        need.refresh_from_db()
        assert (need.title, need.state, need.ended_because) == (
            "Dữ liệu khai sinh",
            "withdrawn",
            "Đã có nguồn khác",
        )

    def test_other_agencies_are_not_told_of(self, world, client, keeper):
        need = commands.note_data_need(actor=keeper, agency=world.justice, **NEED)
        client.force_login(User.objects.get(pk=world.actor(world.health, Role.DATABASE_OWNER).user_id))
        assert client.get(f"{self.PATH}nhu-cau/{need.number}/").status_code == 404
        assert client.get(f"{self.PATH}?co-quan={world.justice.code}").status_code == 404


class TestStorageProcedure:
    PAPER = b"%PDF-1.7 quy trinh"

    def upload(self, name: str = "quy-trinh.pdf") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, self.PAPER, content_type="application/pdf")

    @carries("D165-01")
    def test_its_file_stands_for_a_link_and_is_handed_out_to_those_who_may_open_the_database(
        self, world, client, database
    ):
        client.force_login(User.objects.get(pk=world.owner.user_id))
        at = f"/lam-viec/csdl/{database.code}/quan-tri/"
        said = {"storage_months": "60", "storage_procedure": "QT 12/2026"}
        assert client.post(at, said).status_code == 422

        assert client.post(at, said | {"upload": self.upload()}).status_code == 302

        database.refresh_from_db()
        assert database.storage_procedure_file.name == "quy-trinh.pdf"
        assert b"".join(client.get(f"{at}quy-trinh-luu-tru/").streaming_content) == self.PAPER
        client.force_login(User.objects.get(pk=world.actor(world.health, Role.DATABASE_OWNER).user_id))
        assert client.get(f"{at}quy-trinh-luu-tru/").status_code == 404

    @carries("D165-01")
    def test_no_other_kind_of_file_and_nothing_of_a_refused_form_is_kept(self, world, client, database):
        with pytest.raises(ProcedureFileRefused):
            commands.keep_storage_procedure(actor=SYSTEM, database=database, upload=self.upload("virus.exe"))
        client.force_login(User.objects.get(pk=world.owner.user_id))
        at = f"/lam-viec/csdl/{database.code}/quan-tri/"
        assert client.post(at, {"storage_months": "60", "upload": self.upload()}).status_code == 422
        database.refresh_from_db()
        assert database.storage_procedure_file is None
        with pytest.raises(StorageProcedureMissing):
            commands.amend_database(actor=SYSTEM, database=database, storage_permanent=True)


def test_a_need_that_is_not_there_is_told_as_one_that_may_not_be_known(world) -> None:
    from lienthong.catalogue.portal_registration import need_for

    with pytest.raises(NotFound):
        need_for(world.owner, "NC-2020-0001")
