"""The map of overlaps and its matrix: who sees what, how it is narrowed, and that it can be read at any size."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from lienthong.agencies.demo import make_agency
from lienthong.agencies.roles import Role
from lienthong.authority.commands import start_synchronisation
from lienthong.authority.demo import make_case, make_pair
from lienthong.authority.drawing import Item, Link, draw, wrapped
from lienthong.authority.items import item_picture
from lienthong.authority.mapping import Grouping, Limits, MapQuestion, Standing, overlap_graph
from lienthong.authority.matrix import overlap_matrix
from lienthong.authority.models import Outcome, OverlapCase
from lienthong.authority.tests.conftest import ONLINE, World, decide, mechanism
from lienthong.authority.tests.test_pages import signed_in, text_of
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Database
from lienthong.foundation.tracing import carries

MAP, MATRIX = "/lam-viec/chong-lan/ban-do/", "/lam-viec/chong-lan/ma-tran/"


def standings(actor: Any, **asked: str) -> list[Standing]:
    graph = overlap_graph(actor, MapQuestion(**asked))
    return sorted(case.standing for tie in graph.ties for case in tie.cases)


@pytest.fixture
def several(world: World) -> dict[str, OverlapCase]:
    """Four cases of the province, each come to another place."""
    health = world.database(world.other_ministry, "sector")
    health.core_domain = "person"
    health.save()
    clinics = world.database(world.province, "local", managing_unit=world.health)
    staff = world.database(world.province, "local", managing_unit=world.health)
    cases = {
        "open": make_case(world.local, world.national),
        "follows": make_case(clinics, health, make_pair(("co_so", "ma"), ("facility", "code"), share=0.6)),
        "stops": make_case(staff, world.national, make_pair(("nguoi", "ma"), ("ward", "ward_code"))),
        "unnamed": make_case(clinics, staff, make_pair(("co_so", "sdt"), ("nguoi", "dien_thoai"))),
    }
    decide(
        world,
        cases["follows"],
        Outcome.MUST_SYNCHRONISE,
        actor=world.it_unit,
        mechanism=mechanism(world, **ONLINE),
    )
    decide(world, cases["stops"], Outcome.STOP_COLLECTING, actor=world.it_unit)
    return cases


class TestGraph:
    @carries("OVL-05")
    def test_every_case_is_a_tie_from_the_copy_to_its_source(self, world, several):
        graph = overlap_graph(world.it_unit, MapQuestion())
        assert graph.grouping == Grouping.DATABASE
        tie = next(tie for tie in graph.ties if tie.leading.number == several["open"].number)
        assert (tie.lower, tie.higher) == (world.local.code, world.national.code)
        assert {holder.tier for holder in graph.holders} == {"national", "sector", "local"}
        assert standings(world.it_unit) == ["open", "planned", "stopping", "unnamed"]

    def test_it_says_how_far_each_has_come(self, world, several):
        start_synchronisation(actor=world.it_unit, case=several["follows"], started_on=timezone.localdate())
        decide(world, several["open"], Outcome.NO_OVERLAP)
        assert standings(world.it_unit) == ["no_overlap", "running", "stopping", "unnamed"]

    def test_it_is_narrowed(self, world, several):
        for asked, found in (
            ({"tier": "sector"}, ["planned"]),
            ({"agency": "G97"}, ["planned"]),
            ({"agency": "H99.11", "other": "G99"}, ["stopping"]),
            ({"progress": "dang-thuc-hien"}, ["planned", "stopping"]),
            ({"outcome": "stop_collecting"}, ["stopping"]),
            ({"domain": "person"}, ["planned"]),
            ({"text": "hanh chinh"}, ["open", "stopping"]),
            ({"text": "khong co"}, []),
            ({"database": world.national.code}, ["open", "stopping"]),
        ):
            assert standings(world.it_unit, **asked) == found, asked

    @carries("SEC-01")
    def test_each_sees_the_cases_of_the_own_databases_alone(self, world, several):
        assert standings(world.ministry_owner) == ["open", "stopping"]
        assert standings(world.stranger) == ["planned"]
        assert len(standings(world.coordinator)) == 4
        assert standings(world.actor(world.other_ministry, Role.CONSUMER_OFFICER)) == []

    @carries("SEC-01")
    def test_a_secret_is_nowhere_not_even_for_its_keeper(self, world, several):
        keeper = world.actor(world.ministry, Role.SECRETS_KEEPER, Role.DATABASE_OWNER)
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        for actor in (world.it_unit, world.coordinator, keeper):
            graph = overlap_graph(actor, MapQuestion())
            assert world.national.code not in graph.by_key
            assert "G99" not in dict(graph.agencies)

    def test_more_cases_are_not_more_questions_to_the_database(
        self, world, several, django_assert_num_queries
    ):
        for place in range(3):
            lower = world.database(world.province, "local", managing_unit=world.health)
            make_case(lower, world.national, make_pair((f"t{place}", "ma"), ("ward", "code")))
        with django_assert_num_queries(6):
            assert overlap_graph(world.it_unit, MapQuestion()).cases == 7
        with django_assert_num_queries(10):
            assert item_picture(world.it_unit, MapQuestion()).known == 7

    def test_too_many_databases_stand_together_as_units_then_as_agencies(self, world):
        ministries = [make_agency(f"G{place}", f"Bộ {place}", kind="ministry") for place in (60, 61, 62)]
        high = [world.database(one, "ministry") for one in ministries]
        for place, unit in itertools.product(range(3), (world.home, world.health)):
            lower = world.database(world.province, "local", managing_unit=unit)
            make_case(lower, high[place], make_pair(("t", f"c{place}"), ("u", "d")))
        for most, grouping, boxes in ((9, "csdl", 9), (3, "don-vi", 5), (2, "co-quan", 3)):
            graph = overlap_graph(world.it_unit, MapQuestion(), limits=Limits(in_class=most))
            assert (graph.grouping, len(graph.holders)) == (grouping, boxes)
            assert sum(len(tie.cases) for tie in graph.ties) == 6
        assert any(holder.folded and holder.databases == 2 for holder in graph.holders)


class TestDrawing:
    def items(self, *columns: int) -> list[Item]:
        return [
            Item(
                f"{column}-{place}",
                column,
                f"g{place % 3}",
                f"Cơ sở dữ liệu {place} của cơ quan",
                "Sở Nội vụ",
            )
            for column, count in enumerate(columns, start=1)
            for place in range(count)
        ]

    @pytest.mark.parametrize("sizes", [(1, 1), (1,), (4, 0, 9), (12, 3, 20, 40), (2, 2, 2, 2, 2)])
    def test_no_box_covers_another_and_all_stand_within(self, sizes):
        drawn = draw(self.items(*sizes), [])
        assert len(drawn.boxes) == sum(sizes)
        for one, other in itertools.combinations(drawn.boxes, 2):
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
        assert all(
            box.y + box.height <= drawn.height and box.x + box.width <= drawn.width for box in drawn.boxes
        )

    def test_the_same_question_gives_the_same_picture(self):
        items = self.items(5, 4, 9)
        links = [Link(f"1-{place % 5}", f"3-{place}") for place in range(9)]
        assert draw(items, links) == draw(list(reversed(items)), links)

    def test_a_line_goes_round_the_boxes_between_its_ends(self):
        drawn = draw(self.items(1, 3, 1), [Link("1-0", "3-0", pointed=True)])
        (curve,) = drawn.curves
        (level,) = {float(y) for y in re.findall(r" ([\d.]+)H", curve.path)}
        between = [box for box in drawn.boxes if box.key.startswith("2-")]
        assert all(not box.y < level < box.y + box.height for box in between)
        assert curve.head

    def test_names_are_never_cut(self):
        name = "Cơ sở dữ liệu quốc gia về Ỗ Ẫ Ệ Ặ và_một_từ_dài_không_có_chỗ_ngắt"
        assert "".join(wrapped(name, 90, 13)).replace(" ", "") == name.replace(" ", "")


class TestPages:
    @carries("OVL-05")
    def test_the_picture_says_what_it_shows_and_leads_to_the_case(self, world, several):
        page = text_of(signed_in(world.it_unit).get(MAP))
        assert "5 CSDL có dữ liệu trùng với CSDL khác, 2 hồ sơ chờ kết luận" in page
        number = several["open"].number
        assert re.search(rf'<a class="who-tie who-open"[^>]* href="/lam-viec/chong-lan/{number}/">', page)
        assert f"{number}: 97,7% giá trị của “Danh mục xã của tỉnh An Lộc” cũng có ở “Danh mục đơn vị" in page
        assert page.count("who-tie who-open") == 2
        assert "Chưa xác định nguồn chuẩn" in page.split("<caption>Bản sao và nguồn")[1]
        page = text_of(signed_in(world.it_unit).get(f"{MAP}?csdl={world.national.code}"))
        assert "quanh “Danh mục đơn vị hành chính”" in page
        assert several["follows"].number not in page
        assert "Xem cả bản đồ" in page

    def test_odd_questions_are_no_fault_and_what_is_not_there_is_said(self, world, several):
        client = signed_in(world.it_unit)
        for odd in ("?cap=x", "?theo=x", "?q=%00", "?csdl=x&voi=y", "?kho=a0", "?co_quan=" + "x" * 500):
            for address in (MAP, MATRIX):
                assert client.get(address + odd).status_code == 200
        assert "Không có kết quả với 1 điều kiện lọc" in text_of(client.get(f"{MAP}?q=khongcogi"))
        english = text_of(client.get(f"/en{MAP}"))
        assert "5 databases share data with others, 2 cases await a decision" in english
        assert "Copies and their sources" in english

    @carries("OVL-05")
    def test_the_matrix_has_the_state_of_each_pair(self, world, several):
        page = text_of(signed_in(world.it_unit).get(MATRIX))
        for said in ("Đã lên kế hoạch đồng bộ", "Đang ngừng thu thập", "Chờ kết luận", "60%"):
            assert said in page, said
        assert "print-large" in text_of(signed_in(world.it_unit).get(f"{MATRIX}?kho=a3"))

    def test_a_visitor_signs_in_first(self, client, db):
        assert client.get(MAP).status_code == client.get(f"{MATRIX}bang.pdf").status_code == 302


class TestPapers:
    @carries("OVL-05")
    def test_the_paper_and_the_workbook_hold_every_case(self, world, several):
        client = signed_in(world.it_unit)
        pdf = client.get(f"{MATRIX}bang.pdf").content
        text = " ".join(
            " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        )
        assert "4 hồ sơ chồng lấn giữa 5 cơ sở dữ liệu" in text
        assert "Chưa xác định nguồn chuẩn" in text
        with zipfile.ZipFile(io.BytesIO(client.get(f"{MATRIX}bang.xlsx").content)) as book:
            strings = book.read("xl/sharedStrings.xml").decode()
        assert all(case.number in strings for case in several.values())
        assert client.get(f"{MATRIX}bang.docx").status_code == 200
        assert client.get(f"{MATRIX}bang.exe").status_code == 404

    def test_wide_matrices_are_cut_into_sheets(self, world):
        for place in range(8):
            other = world.database(world.ministry, "national")
            make_case(world.local, other, make_pair(("xa", f"c{place}"), ("ward", "code")))
        found = overlap_matrix(world.it_unit, MapQuestion())
        assert [len(sheet.columns) for sheet in found.sheets("a4")] == [7, 1]
        assert [len(sheet.columns) for sheet in found.sheets("a3")] == [8]
        assert all(any(cells) for sheet in found.sheets() for _copy, cells in sheet.lines)


def test_the_share_is_that_of_the_copy_whichever_side_was_searched(world):
    case = make_case(world.national, world.local, make_pair(share=0.03, back=0.97))
    assert Database.objects.get(pk=case.lower_id) == world.local
    (cell,) = overlap_matrix(world.owner, MapQuestion()).cells.values()
    assert cell.share == pytest.approx(0.97)


class TestApi:
    @carries("OVL-05", "SEC-01")
    def test_graph_and_matrix_are_told_to_programs(self, world, several):
        client = signed_in(world.it_unit)
        graph = client.get("/api/v1/overlaps/graph?progress=undecided").json()
        assert (graph["grouping"], graph["cases"], graph["waiting"]) == ("database", 2, 2)
        tie = next(tie for tie in graph["ties"] if tie["higher"] == world.national.code)
        assert tie["cases"] == [{"number": several["open"].number, "standing": "open"}]
        assert tie["share"] == pytest.approx(0.977)
        matrix = client.get("/api/v1/overlaps/matrix?grouping=agency").json()
        assert matrix["grouping"] == "agency"
        cell = next(cell for cell in matrix["cells"] if cell["higher"] == "national:G99")
        assert cell["standings"] == {"open": 1, "stopping": 1}
        assert client.get("/api/v1/overlaps/graph?tier=x").status_code == 422
        assert Client().get("/api/v1/overlaps/graph").status_code == 403
        other = signed_in(world.stranger).get("/api/v1/overlaps/matrix").json()
        assert len(other["cells"]) == 1
