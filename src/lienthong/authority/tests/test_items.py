"""The picture of data items: who is the authority, who follows, what is being settled, and who sees it."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from lienthong.authority.commands import record_overlaps, start_synchronisation
from lienthong.authority.demo import make_case, make_pair
from lienthong.authority.items import Mark, item_picture
from lienthong.authority.mapping import MapQuestion
from lienthong.authority.models import Outcome, OverlapCase
from lienthong.authority.public_items import public_items
from lienthong.authority.tests.conftest import ONLINE, World, decide, mechanism
from lienthong.authority.tests.test_pages import signed_in, text_of
from lienthong.catalogue.commands import declare_entry, issue_catalogue, mark_secret
from lienthong.catalogue.models import Database, DataField, MasterDataItem, MasterDataList
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries

ITEMS = "/lam-viec/chong-lan/muc-du-lieu/"


@pytest.fixture
def clinics(world: World) -> Database:
    return world.database(world.province, "local", managing_unit=world.health)


@pytest.fixture
def two(world: World, case: OverlapCase, clinics: Database) -> tuple[OverlapCase, OverlapCase]:
    """Two local copies of the national list: of one nothing is decided, the other follows."""
    follows = make_case(clinics, world.national, make_pair(("co_so", "ma_xa"), ("ward", "ward_code")))
    decide(
        world,
        follows,
        Outcome.MUST_SYNCHRONISE,
        actor=world.it_unit,
        mechanism=mechanism(world, **ONLINE),
    )
    start_synchronisation(actor=world.it_unit, case=follows, started_on=timezone.localdate())
    return case, follows


def marked(world: World, actor: object = None, **asked: str) -> list[dict[str, list[str]]]:
    picture = item_picture(actor or world.it_unit, MapQuestion(**asked))  # type: ignore[arg-type]
    return [
        {code: [cell.mark.value for cell in cells] for code, cells in item.cells.items()}
        for item in picture.items
    ]


class TestPicture:
    @carries("OVL-05")
    def test_copies_of_one_column_are_one_item_with_a_mark_for_each_agency(self, world, two):
        assert marked(world) == [{"G99": ["source"], "H99.01": ["under_way"], "H99.11": ["follows"]}]
        picture = item_picture(world.it_unit, MapQuestion())
        (item,) = picture.items
        assert (item.tier, item.database) == ("national", world.national.code)
        assert item.name == "ward: ward_code"
        assert (picture.settled, picture.under_way) == (1, 1)
        assert [column.code for column in picture.columns] == ["G99", "H99.01", "H99.11"]

    def test_what_nobody_decided_is_only_proposed(self, world, case):
        assert marked(world) == [{"G99": ["proposed"], "H99.01": ["under_way"]}]
        assert item_picture(world.it_unit, MapQuestion()).settled == 0

    def test_between_equal_classes_both_are_being_settled(self, world, clinics):
        make_case(world.local, clinics, make_pair(("xa", "sdt"), ("co_so", "dien_thoai")))
        assert marked(world) == [{"H99.01": ["under_way"], "H99.11": ["under_way"]}]

    def test_whoever_follows_another_for_the_item_is_not_its_authority(self, world, case, clinics):
        make_case(clinics, world.local, make_pair(("co_so", "ma_xa"), ("xa", "ma_xa")))
        (item,) = marked(world)
        assert item["H99.01"] == ["under_way"]
        assert item["G99"] == ["proposed"]

    @pytest.mark.parametrize(
        ("outcome", "found"),
        [
            (Outcome.STOP_COLLECTING, [{"G99": ["source"], "H99.01": ["under_way"]}]),
            (Outcome.MUST_SYNCHRONISE, [{"G99": ["source"], "H99.01": ["under_way"]}]),
            (Outcome.NO_OVERLAP, []),
            (Outcome.EXCEPTION, [{"G99": ["proposed"], "H99.01": ["under_way"]}]),
        ],
    )
    def test_the_decision_shows(self, world, case, outcome, found):
        decide(world, case, outcome)
        assert marked(world) == found

    @carries("MDM-01")
    def test_the_trusted_source_of_master_data_is_the_authority_and_names_the_item(self, world, case):
        listed = MasterDataList.objects.create(
            version=1, decision_number="1/QĐ", decision_date=date(2026, 1, 5), agreement="1/TT",
            valid_from=date(2026, 1, 5), published_by_vi="Bộ", published_by_en="Ministry",
        )  # fmt: skip
        commune, sex = (
            MasterDataItem.objects.create(code=code, name=name, source=world.national, listed_in=listed)
            for code, name in (("xa", "Đơn vị hành chính cấp xã"), ("gioi-tinh", "Giới tính"))
        )
        DataField.objects.filter(table__database=world.local, name="ma_xa").update(master_item=commune)
        picture = item_picture(world.it_unit, MapQuestion())
        assert [(item.key, item.name) for item in picture.items] == [
            ("mdm:xa", commune.name),
            ("mdm:gioi-tinh", sex.name),
        ]
        assert marked(world)[0] == {"G99": ["source"], "H99.01": ["under_way"]}
        assert marked(world)[1] == {"G99": ["source"]}
        assert len(marked(world, progress="cho-ket-luan")) == 1

    def test_it_is_narrowed(self, world, two, clinics):
        for asked, marks in (
            ({"tier": "sector"}, None),
            ({"agency": "H99.11"}, {"G99": ["source"], "H99.11": ["follows"]}),
            ({"progress": "cho-ket-luan"}, {"G99": ["proposed"], "H99.01": ["under_way"]}),
            ({"text": "ward code"}, {"G99": ["source"], "H99.01": ["under_way"], "H99.11": ["follows"]}),
            ({"text": "khong co"}, None),
            ({"grouping": "co-quan"}, {"G99": ["source"], "H99": ["follows", "under_way"]}),
        ):
            assert marked(world, **asked) == ([marks] if marks else []), asked

    @carries("SEC-01")
    def test_each_sees_the_items_of_the_own_cases_and_a_secret_is_nowhere(self, world, two):
        assert marked(world, world.stranger) == []
        keeper = world.actor(world.ministry, "secrets_keeper", "database_owner")
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        assert marked(world) == marked(world, keeper) == marked(world, world.coordinator) == []


class TestPages:
    @carries("OVL-05")
    def test_the_page_says_what_it_shows_and_each_mark_leads_to_its_case(self, world, two):
        case, follows = two
        page = text_of(signed_in(world.it_unit).get(ITEMS))
        assert "1 mục dữ liệu đã có nguồn chuẩn, 1 mục đang xử lý" in page
        assert f"Đang xử lý: {case.number}, chờ kết luận" in page
        assert f'href="../{follows.number}/"' in page
        assert "Nguồn chuẩn" in page
        english = text_of(signed_in(world.it_unit).get(f"/en{ITEMS}"))
        assert "1 data item has its authority, 1 item is being settled" in english

    def test_odd_questions_are_no_fault_and_what_is_not_there_is_said(self, world, two):
        client = signed_in(world.it_unit)
        for odd in ("?cap=x", "?trang=x", "?trang=99", "?trang=-1", "?trang=²", "?q=%00", "?theo=x"):
            assert client.get(ITEMS + odd).status_code == 200
        assert "Không có kết quả với 1 điều kiện lọc" in text_of(client.get(f"{ITEMS}?q=khongcogi"))
        assert Client().get(ITEMS).status_code == Client().get(f"{ITEMS}bang.pdf").status_code == 302

    def test_the_lines_stand_on_pages(self, world):
        pairs = [make_pair((f"t{place}", "ma"), (f"u{place}", "code")) for place in range(28)]
        make_case(world.local, world.national, *pairs)
        client = signed_in(world.it_unit)
        first, second = text_of(client.get(ITEMS)), text_of(client.get(f"{ITEMS}?trang=2&q="))
        assert first.count('<th scope="row">') == 25
        assert second.count('<th scope="row">') == 3
        assert "26–28 trong 28 mục" in second

    @carries("OVL-05")
    def test_paper_and_workbook_hold_the_signs(self, world, two):
        client = signed_in(world.it_unit)
        pages = pypdf.PdfReader(io.BytesIO(client.get(f"{ITEMS}bang.pdf").content)).pages
        text = " ".join(" ".join(page.extract_text().split()) for page in pages)
        assert "1 mục dữ liệu đã có nguồn chuẩn, 1 mục đang xử lý" in text
        assert all(Mark(mark).sign in text for mark in ("source", "follows", "under_way"))
        with zipfile.ZipFile(io.BytesIO(client.get(f"{ITEMS}bang.xlsx").content)) as book:
            strings = book.read("xl/sharedStrings.xml").decode()
        assert all(case.number in strings for case in two)
        assert client.get(f"{ITEMS}bang.docx").status_code == 200


@carries("OVL-05", "SEC-01")
def test_items_are_told_to_programs(world: World, two: tuple[OverlapCase, OverlapCase]) -> None:
    told = signed_in(world.it_unit).get("/api/v1/overlaps/items?grouping=unit").json()
    assert (told["settled"], told["under_way"], told["total"], told["next_page"]) == (1, 1, 1, None)
    marks = {mark["column"]: mark for mark in told["items"][0]["marks"]}
    assert marks["H99.01"]["cases"] == [{"number": two[0].number, "standing": "open"}]
    assert {code: mark["mark"] for code, mark in marks.items()} == {
        "G99": "source",
        "H99.01": "under_way",
        "H99.11": "follows",
    }
    assert signed_in(world.stranger).get("/api/v1/overlaps/items").json()["items"] == []
    assert Client().get("/api/v1/overlaps/items").status_code == 403


class TestPublicItems:
    def issue(self, *databases: Database) -> None:
        for place, database in enumerate(databases, start=1):
            declare_entry(actor=SYSTEM, database=database)
            issue_catalogue(
                actor=SYSTEM,
                agency=database.owner,
                decision_number=f"{place}{database.pk}/QĐ",
                decision_date=timezone.localdate(),
            )

    @carries("OVL-05", "SEC-01")
    def test_the_public_sees_what_issued_entries_say_and_nothing_else(self, world, two, client):
        undecided, _follows = two
        clinics = Database.objects.get(managing_unit=world.health)
        record_overlaps(actor=SYSTEM, database=world.national, job=None, comparisons=())
        self.issue(world.national)
        assert public_items().items == ()
        self.issue(clinics)
        (item,) = public_items().items
        assert item.name == world.national.name
        assert {code: cell[0].mark.value for code, cell in item.cells.items()} == {
            "G99": "source",
            "H99": "follows",
        }
        page = text_of(client.get("/chong-lan/"))
        assert "1 mục dữ liệu đã có nguồn chuẩn" in page
        for hidden in (undecided.number, "ward", "ma_xa", world.local.name, clinics.name):
            assert hidden not in page
        told = client.get("/api/v1/overlaps/map").json()["items"]
        assert told[0]["marks"] == [
            {"agency": "H99", "mark": "follows"},
            {"agency": "G99", "mark": "source"},
        ]
        assert "1 data item has its authority" in text_of(client.get("/en/chong-lan/"))
        keeper = world.actor(world.ministry, "secrets_keeper", "database_owner")
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        assert public_items().items == ()
