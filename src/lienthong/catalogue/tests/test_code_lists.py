"""Shared code lists in versions, what old codes became, national master data, and the columns that follow none."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lienthong.agencies.roles import Role
from lienthong.catalogue import code_lists, commands
from lienthong.catalogue.demo import make_database, make_described_database, make_look
from lienthong.catalogue.governing_errors import (
    CodeListBackdated,
    CodeListDraftOpen,
    CodeListEmpty,
    CodeListVersionStands,
    CodeRepeated,
    CodeUnknown,
    MasterListRefused,
    MasterSourceTaken,
)
from lienthong.catalogue.models import CodeListVersion, CodeValue, MasterDataItem, MasterDataList
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.tracing import carries

# The provinces of three maps: two merge, one is split, one changes its code for its name, one is left out.
OLD = "ma,ten\n27,Tỉnh Bắc Ninh\n24,Tỉnh Bắc Giang\n01,Thành phố Hà Nội\n99,Huyện đảo Xa\n50,Tỉnh Chia\n"
NEW = "ma,ten\n24,Tỉnh Bắc Ninh\n01,Thành phố Hà Nội\n51,Tỉnh Chia Đông\n52,Tỉnh Chia Tây\n"
MAPPING = "ma_cu,ma_moi,mac_dinh\n27,24,1\n24,24,1\n50,51,1\n50,52,0\n"


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def keeper(world):
    return world.actor(world.province, Role.IT_UNIT)


@pytest.fixture
def provinces(world, keeper):
    return commands.register_code_list(
        actor=keeper, code="tinh", name="Danh mục tỉnh, thành phố", owner=world.province
    )


def uploaded(text: str, name: str = "ds.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def begin(keeper, code_list, day: date):
    return commands.begin_code_list_version(
        actor=keeper,
        code_list=code_list,
        decision_number=f"{day.year}/QĐ",
        decision_date=date(2025, 6, 1),
        valid_from=day,
    )


def fill(keeper, version, text: str, **given):
    file = commands.hand_in_code_values(actor=keeper, upload=uploaded(text))
    return commands.take_over_code_values(actor=keeper, version=version, file=file, **given)


def mapped(keeper, version, text: str):
    file = commands.hand_in_code_mapping(actor=keeper, upload=uploaded(text))
    return commands.take_over_code_mapping(actor=keeper, version=version, file=file)


@pytest.fixture
def merged(keeper, provinces):
    """The list before and after a merger."""
    first = begin(keeper, provinces, date(2004, 7, 8))
    fill(keeper, first, OLD)
    commands.issue_code_list_version(actor=keeper, version=first)
    second = begin(keeper, provinces, date(2025, 7, 1))
    fill(keeper, second, NEW)
    mapped(keeper, second, MAPPING)
    return commands.issue_code_list_version(actor=keeper, version=second)


class TestVersions:
    @carries("CAT-07", "GOVF-13")
    def test_values_hold_by_their_version_on_a_day_and_old_ones_are_kept(self, provinces, merged):
        before = dict(code_lists.values_on(provinces, date(2025, 6, 30)).values_list("code", "name"))
        after = dict(code_lists.values_on(provinces, date(2025, 7, 1)).values_list("code", "name"))

        assert before["24"] == "Tỉnh Bắc Giang"
        assert after["24"] == "Tỉnh Bắc Ninh"
        assert "27" in before
        assert "27" not in after
        assert not code_lists.values_on(provinces, date(2004, 7, 7)).exists()
        assert CodeListVersion.objects.get(number=1).valid_to == date(2025, 6, 30)

    @carries("GOVF-13")
    def test_nothing_is_changed_back_in_time_nor_after_the_issue(self, keeper, provinces, merged):
        with pytest.raises(CodeListBackdated):
            begin(keeper, provinces, date(2025, 7, 1))
        with pytest.raises(CodeListVersionStands):
            fill(keeper, merged, OLD)
        with pytest.raises(CodeListVersionStands):
            commands.drop_code_list_draft(actor=keeper, version=merged)
        assert merged.values.count() == 4

    def test_one_version_is_prepared_at_a_time_and_an_empty_one_is_not_issued(self, keeper, provinces):
        draft = begin(keeper, provinces, date(2025, 7, 1))
        with pytest.raises(CodeListDraftOpen):
            begin(keeper, provinces, date(2026, 7, 1))
        with pytest.raises(CodeListEmpty):
            commands.issue_code_list_version(actor=keeper, version=draft)
        commands.drop_code_list_draft(actor=keeper, version=draft)
        assert not CodeListVersion.objects.exists()

    @carries("CAT-07")
    def test_each_row_of_a_file_is_told_and_the_same_file_again_changes_nothing(self, keeper, provinces):
        first = begin(keeper, provinces, date(2004, 7, 8))
        text = OLD + "27,Trùng mã\n,Không mã\n"

        tried = fill(keeper, first, text, dry_run=True)
        assert not CodeValue.objects.exists()
        report = fill(keeper, first, text)

        assert report == tried
        assert [line.verdict for line in report.lines] == ["new"] * 5 + ["refused"] * 2
        assert "đã có ở dòng 2" in report.lines[5].said_vi
        again = fill(keeper, first, text)
        assert (again.changes, again.count("unchanged"), first.values.count()) == (0, 5, 5)

    @carries("GOVF-13")
    def test_a_published_table_of_communes_names_provinces_beside_and_is_taken_by_its_communes(
        self, keeper, provinces
    ):
        first = begin(keeper, provinces, date(2004, 7, 8))
        fill(
            keeper,
            first,
            "ma_xa_cu,ten_xa_cu,ma_tinh_cu\n00001,Phường Phúc Xá,01\n00004,Phường Trúc Bạch,01\n",
        )
        commands.issue_code_list_version(actor=keeper, version=first)
        second = begin(keeper, provinces, date(2025, 7, 1))
        fill(keeper, second, "ma_xa,ten_xa,ma_tinh\n00097,Phường Hồng Hà,01\n")

        report = mapped(
            keeper,
            second,
            "ma_xa_cu,ten_xa_cu,ma_tinh_cu,ma_xa_moi,ten_xa_moi,ma_tinh_moi,kieu,mac_dinh\n"
            "00001,Phường Phúc Xá,01,00097,Phường Hồng Hà,01,nguyen_xa,1\n",
        )

        assert [(line.verdict, line.code) for line in report.lines] == [("new", "00001")]
        assert first.values.get(code="00001").parent == "01"

    @carries("GOVF-13")
    def test_a_few_pairs_are_written_by_hand_and_a_faulty_line_takes_over_none(self, keeper, provinces):
        first = begin(keeper, provinces, date(2004, 7, 8))
        commands.enter_code_values(actor=keeper, version=first, values="50 | Tỉnh Chia")
        commands.issue_code_list_version(actor=keeper, version=first)
        second = begin(keeper, provinces, date(2025, 7, 1))
        commands.enter_code_values(actor=keeper, version=second, values="51 | Chia Đông\n52 | Chia Tây")

        with pytest.raises(CodeUnknown):
            commands.enter_code_mapping(actor=keeper, version=second, pairs="50 | 51\n49 | 52")
        assert not second.mappings.exists()
        commands.enter_code_mapping(actor=keeper, version=second, pairs="50 | 51\n50 | 52 | không | một phần")

        kept = [(one.new_code, one.is_usual, one.note) for one in second.mappings.all()]
        assert kept == [("51", True, ""), ("52", False, "một phần")]

    def test_what_a_new_list_lacks_is_told_as_ending(self, keeper, provinces, merged):
        draft = begin(keeper, provinces, date(2026, 7, 1))

        report = fill(keeper, draft, "Mã số,Tên gọi\n24,Tỉnh Bắc Ninh\n01,Thủ đô Hà Nội\n60,Tỉnh Mới\n")

        told = {line.code: line.verdict for line in report.lines}
        assert told == {"24": "unchanged", "01": "changed", "60": "new", "51": "changed", "52": "changed"}
        assert draft.values.count() == 3

    def test_a_short_list_is_entered_by_hand_whole_or_not_at_all(self, keeper, provinces):
        draft = begin(keeper, provinces, date(2025, 7, 1))
        with pytest.raises(CodeRepeated):
            commands.enter_code_values(actor=keeper, version=draft, values="1 | Nam\n1 | Nữ")
        assert not draft.values.exists()

        commands.enter_code_values(actor=keeper, version=draft, values="1 | Nam | Male\n\n2 | Nữ | Female")
        assert list(draft.values.values_list("code", "name_en")) == [("1", "Male"), ("2", "Female")]

    def test_others_keep_none_of_it(self, world, provinces):
        stranger = world.actor(world.ministry, Role.IT_UNIT)
        with pytest.raises(NotAllowed):
            begin(stranger, provinces, date(2025, 7, 1))
        with pytest.raises(NotAllowed):
            commands.hand_in_code_values(
                actor=world.actor(world.health, Role.CONSUMER_OFFICER), upload=uploaded(OLD)
            )


class TestTranslation:
    @carries("GOVF-13")
    @pytest.mark.parametrize(
        ("code", "became"),
        [("27", ["24"]), ("24", ["24"]), ("01", ["01"]), ("50", ["51", "52"]), ("99", [])],
    )
    def test_an_old_code_is_followed_through_the_merger(self, provinces, merged, code, became):
        found = code_lists.translate(provinces, code, known_on=date(2025, 1, 1), on=date(2026, 1, 1))
        assert [one.code for one in found.became] == became
        assert found.lost_on == (date(2025, 7, 1) if not became else None)

    def test_a_code_means_what_it_meant_on_its_day(self, provinces, merged):
        old = code_lists.translate(provinces, "24", known_on=date(2025, 6, 30), on=date(2025, 6, 30))
        new = code_lists.translate(provinces, "24", known_on=date(2025, 7, 1), on=date(2025, 7, 1))
        assert (old.name, new.name) == ("Tỉnh Bắc Giang", "Tỉnh Bắc Ninh")

    def test_without_a_day_the_newest_version_that_holds_the_code_counts(self, provinces, merged):
        assert code_lists.translate(provinces, "27", on=date(2026, 1, 1)).became[0].name == "Tỉnh Bắc Ninh"
        with pytest.raises(CodeUnknown):
            code_lists.translate(provinces, "27", known_on=date(2025, 8, 1), on=date(2026, 1, 1))

    @carries("GOVF-13")
    def test_codes_are_followed_through_several_mergers(self, keeper, provinces, merged):
        third = begin(keeper, provinces, date(2026, 7, 1))
        fill(keeper, third, "ma,ten\n01,Hà Nội\n30,Vùng Bắc\n")
        mapped(keeper, third, "ma_cu,ma_moi\n24,30\n51,30\n52,01\n")
        commands.issue_code_list_version(actor=keeper, version=third)

        found = code_lists.translate(provinces, "50", known_on=date(2020, 1, 1), on=date(2026, 8, 1))

        assert [(one.code, one.is_usual) for one in found.became] == [("30", True), ("01", False)]

    def test_a_mapping_names_codes_that_are_there_and_tells_what_is_left_out(self, keeper, provinces, merged):
        draft = begin(keeper, provinces, date(2026, 7, 1))
        fill(keeper, draft, "ma,ten\n01,Hà Nội\n")

        report = mapped(keeper, draft, "ma_cu,ma_moi\n24,01\n77,01\n51,88\n")

        assert [line.verdict for line in report.lines] == ["new", "refused", "refused"]
        assert {value.code for value in code_lists.changes_in(draft).unmapped} == {"51", "52"}


class TestColumnsThatFollowNone:
    @pytest.fixture
    def fields(self, world):
        columns = [("ma_tinh", "text"), ("ma_xa", "text"), ("ghi_chu", "text"), ("id", "text")]
        database = make_described_database(
            world.justice, look=make_look(columns=columns, primary_key=("id",))
        )
        return {field.name: field for field in database.tables.get().fields.all()}

    def names(self, actor, **given):
        return [field.name for field in code_lists.fields_following_none(actor, **given)]

    @carries("LTE-04", "CAT-07")
    def test_a_list_counts_once_it_is_issued_and_master_data_or_a_reason_settle_it(
        self, world, keeper, provinces, fields
    ):
        assert self.names(world.owner) == ["ma_tinh", "ma_xa"]
        assert self.names(world.owner, every=True) == ["ma_tinh", "ma_xa", "ghi_chu"]

        commands.choose_code_list(actor=world.owner, field=fields["ma_tinh"], code_list=provinces)
        assert self.names(world.owner) == ["ma_tinh", "ma_xa"]
        draft = begin(keeper, provinces, date(2025, 7, 1))
        fill(keeper, draft, NEW)
        commands.issue_code_list_version(actor=keeper, version=draft)
        assert self.names(world.owner) == ["ma_xa"]

        item = MasterDataItem.objects.create(code="DC-03", name="Đơn vị hành chính")
        commands.describe_field(
            actor=world.owner, field=fields["ma_xa"], title="Mã xã", sharing_class="shared", master_item=item
        )
        assert self.names(world.owner) == []

    def test_other_agencies_and_secrets_are_not_told_of(self, world, fields):
        assert self.names(world.actor(world.health, Role.DATABASE_OWNER)) == []
        database = fields["ma_xa"].table.database
        type(database).objects.filter(pk=database.pk).update(is_secret=True)
        assert self.names(world.owner) == []

    def test_the_list_goes_on_from_a_column_to_both_sides(self, world, fields):
        found = code_lists.fields_following_none(world.owner, every=True)
        whole = [field.pk for field in found]
        assert len(whole) > 2
        page, after, before = code_lists.columns_beyond(found, limit=1)
        seen = [page[0].pk]
        assert before == ""
        while after:
            page, after, before = code_lists.columns_beyond(found, after=after, limit=1)
            seen.append(page[0].pk)
        assert seen == whole
        page, after, before = code_lists.columns_beyond(found, before=before, limit=50)
        assert ([field.pk for field in page], after, before) == (whole[:-1], str(whole[-2]), "")
        for strange in ("0", "x", "²", "9" * 30):
            assert len(code_lists.columns_beyond(found, after=strange, limit=50)[0]) == len(whole)

    def test_the_page_lists_them_and_the_workbook_holds_them(self, world, client, fields):
        client.force_login(User.objects.get(pk=world.owner.user_id))
        address = reverse("catalogue-columns-following-none")
        assert "ma_tinh" in client.get(address).content.decode()
        assert client.get(f"{address}?dang=xlsx").content.startswith(b"PK")


LISTED = (
    "Mã,Tên dữ liệu chủ,Khóa định danh,Cơ quan chủ quản,Nguồn tin cậy\n"
    "ND-01,Dân cư,Số định danh cá nhân,Bộ Công an,CSDL quốc gia về dân cư\n"
    "ND-02,Doanh nghiệp,Mã số doanh nghiệp,Bộ Tài chính,CSDL đăng ký doanh nghiệp\n"
)
PUBLISHED = {
    "decision_number": "100/QĐ-BCA",
    "decision_date": date(2026, 3, 1),
    "agreement": "Biên bản thống nhất số 5 ngày 10/02/2026",
    "valid_from": date(2026, 3, 15),
}


class TestMasterData:
    def record(self, keeper, text: str, **given):
        file = commands.hand_in_master_data(actor=keeper, upload=uploaded(text))
        return commands.take_over_master_data(actor=keeper, file=file, **(PUBLISHED | given))

    @carries("D278-07", "MDM-01")
    def test_a_version_of_the_list_keeps_decision_agreement_and_who_publishes(self, keeper):
        report = self.record(keeper, LISTED)

        made = MasterDataList.objects.get()
        assert report.count("new") == 2
        assert (made.version, made.agreement) == (1, PUBLISHED["agreement"])
        assert "Công an" in made.published_by_vi
        assert [entry["code"] for entry in made.entries] == ["ND-01", "ND-02"]
        assert MasterDataItem.objects.get(code="ND-01").is_basic
        assert self.record(keeper, LISTED).changes == 0
        assert MasterDataList.objects.count() == 1

    @carries("D278-07")
    @pytest.mark.parametrize("missing", ["decision_number", "agreement", "valid_from", "decision_date"])
    def test_nothing_is_recorded_without_decision_and_agreement(self, keeper, missing):
        empty = None if "date" in missing or missing == "valid_from" else " "
        with pytest.raises(MasterListRefused):
            self.record(keeper, LISTED, **{missing: empty})
        assert not MasterDataItem.objects.exists()

    @carries("D278-06")
    def test_a_second_source_for_one_item_is_refused(self, world, keeper):
        report = self.record(keeper, LISTED + "ND-01,Dân cư,,Bộ Y tế,CSDL y tế\n")
        assert report.lines[2].verdict == "refused"
        assert "CSDL quốc gia về dân cư" in report.lines[2].said_vi

        ours = make_database(world.justice)
        item = MasterDataItem.objects.get(code="ND-02")
        with pytest.raises(MasterSourceTaken):
            commands.name_trusted_source(actor=world.owner, item=item, database=ours)

    @carries("D278-06")
    def test_a_database_is_named_as_the_source_of_an_item_that_has_none(self, world, keeper):
        self.record(keeper, LISTED.replace("CSDL quốc gia về dân cư", ""))
        ours, theirs = make_database(world.justice), make_database(world.health, name="CSDL khác")
        item = MasterDataItem.objects.get(code="ND-01")

        commands.name_trusted_source(actor=world.owner, item=item, database=ours)

        assert item.source == ours
        with pytest.raises(MasterSourceTaken):
            commands.name_trusted_source(actor=SYSTEM, item=item, database=theirs)

    @carries("D278-07")
    def test_a_later_version_keeps_what_left_the_list(self, keeper):
        self.record(keeper, LISTED)
        self.record(
            keeper,
            LISTED.replace("ND-02,Doanh nghiệp", "ND-03,Đất đai"),
            decision_number="200/QĐ-BCA",
            valid_from=date(2026, 9, 1),
        )
        left = MasterDataItem.objects.get(code="ND-02")
        assert left.left_on == date(2026, 9, 1)
        assert [one.version for one in MasterDataList.objects.all()] == [2, 1]

    def test_who_keeps_no_lists_records_none(self, world):
        with pytest.raises(NotAllowed):
            commands.hand_in_master_data(actor=world.owner, upload=uploaded(LISTED))


class TestPages:
    @pytest.fixture
    def signed_in(self, client, keeper):
        client.force_login(User.objects.get(pk=keeper.user_id))
        return client

    def workbook(self) -> SimpleUploadedFile:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["DANH MỤC TỈNH"])
            sheet.write_row(2, 0, ["Mã tỉnh", "Tên tỉnh"])
            sheet.write_row(3, 0, ["01", "Thành phố Hà Nội"])
            sheet.write_row(4, 0, ["24", "Tỉnh Bắc Ninh"])
        return SimpleUploadedFile("tinh.xlsx", out.getvalue())

    def test_a_list_is_registered_filled_from_a_workbook_issued_and_read_by_all(
        self, signed_in, client, world
    ):
        answers = {"code": "tinh-thanh", "name": "Tỉnh, thành phố", "owner": world.province.pk}
        made = signed_in.post(reverse("catalogue-code-list-register"), answers)
        draft = signed_in.post(
            made["Location"],
            {"decision_number": "19/QĐ-TTg", "decision_date": "2025-06-30", "valid_from": "2025-07-01"},
        )["Location"]
        handed = signed_in.post(f"{draft}gia-tri/", {"upload": self.workbook()})["Location"]
        page = signed_in.get(handed).content.decode()
        assert "Tỉnh Bắc Ninh" in page
        assert signed_in.post(handed)["Location"].endswith("/tinh-thanh/1/")
        assert client.get("/danh-muc-dung-chung/tinh-thanh/").status_code == 404
        signed_in.post(draft, {"viec": "ban-hanh"})

        signed_in.logout()
        public = client.get("/danh-muc-dung-chung/tinh-thanh/?ngay=2026-01-01").content.decode()
        assert "Tỉnh Bắc Ninh" in public
        assert "tinh-thanh" in client.get("/danh-muc-dung-chung/").content.decode()
        table = client.get("/danh-muc-dung-chung/tinh-thanh/?dang=csv").content.decode("utf-8-sig")
        assert "01,Thành phố Hà Nội" in table
        values = client.get("/api/v1/code-lists/tinh-thanh/values?on=2026-01-01").json()
        assert [value["code"] for value in values["values"]] == ["01", "24"]

    def test_an_old_code_is_translated_on_the_page_and_by_programs(self, client, merged):
        page = client.get("/danh-muc-dung-chung/tinh/?ngay=2026-01-01&ma=27&tu=2025-01-01").content.decode()
        assert "Tỉnh Bắc Ninh" in page
        answer = client.get("/api/v1/code-lists/tinh/translate?value=50&known_on=2025-01-01&on=2026-01-01")
        assert [one["code"] for one in answer.json()["became"]] == ["51", "52"]
        assert "không có mã" in client.get("/danh-muc-dung-chung/tinh/?ma=xx").content.decode().lower()

    def test_a_long_list_is_paged_to_its_end_and_back_and_found_in_any_spelling(
        self, client, keeper, provinces
    ):
        version = begin(keeper, provinces, date(2025, 7, 1))
        values = "\n".join(f"{n:05d} | Xã Ẩm Lộc {n}" for n in range(120))
        commands.enter_code_values(actor=keeper, version=version, values=values)
        commands.issue_code_list_version(actor=keeper, version=version)
        at = "/danh-muc-dung-chung/tinh/"

        shown = [
            [value.code for value in client.get(at, asked).context["values"]]
            for asked in ({}, {"sau": "00049"}, {"sau": "00099"}, {"truoc": "00100"}, {"truoc": "00050"})
        ]
        codes = [f"{n:05d}" for n in range(120)]
        assert shown == [codes[:50], codes[50:100], codes[100:], codes[50:100], codes[:50]]
        last = client.get(at, {"sau": "00099"}).context
        assert (last["next_url"], "truoc=00100" in last["previous_url"]) == ("", True)
        assert client.get(at).context["previous_url"] == ""
        found = client.get(at, {"q": "am loc 117"})
        assert [value.code for value in found.context["values"]] == ["00117"]
        assert "1 trong tổng số 120 mã" in found.content.decode()

    def test_what_old_codes_became_is_kept_as_a_workbook_and_written_by_hand_on_the_page(
        self, signed_in, keeper, provinces, merged
    ):
        assert signed_in.get("/danh-muc-dung-chung/tinh/?dang=anh-xa").content.startswith(b"PK")
        draft = begin(keeper, provinces, date(2026, 7, 1))
        commands.enter_code_values(actor=keeper, version=draft, values="24 | Tỉnh Bắc Ninh")
        address = f"/lam-viec/danh-muc-dung-chung/tinh/{draft.number}/"

        refused = signed_in.post(address, {"viec": "nhap-anh-xa", "pairs": "77 | 24"})
        assert refused.status_code == 422
        assert "Không có mã 77" in refused.content.decode()
        signed_in.post(address, {"viec": "nhap-anh-xa", "pairs": "01 | 24"})
        assert [pair.old_code for pair in draft.mappings.all()] == ["01"]

    def test_master_data_are_recorded_from_a_file_with_their_decision(self, signed_in):
        handed = signed_in.post(reverse("catalogue-master-data-hand-in"), {"upload": uploaded(LISTED)})[
            "Location"
        ]
        assert "ND-02" in signed_in.get(handed).content.decode()
        assert signed_in.post(handed, {"decision_number": ""}).status_code == 422
        answers = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in PUBLISHED.items()
        }
        signed_in.post(handed, answers)
        page = signed_in.get(reverse("catalogue-master-data")).content.decode()
        assert "100/QĐ-BCA" in page
        assert "CSDL đăng ký doanh nghiệp" in page
