"""What officers and the public see of overlaps, in Vietnamese and in English."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.models import Post
from lienthong.agencies.roles import Role
from lienthong.authority import addresses
from lienthong.authority.commands import decide_case, record_overlaps
from lienthong.authority.demo import make_case, make_comparison, make_pair
from lienthong.authority.models import CaseState, OverlapCase
from lienthong.authority.public_map import public_map, told
from lienthong.authority.tests.conftest import World
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.tracing import carries


def signed_in(actor: Actor) -> Client:
    client = Client()
    post = Post.objects.get(person_id=actor.user_id, role=next(iter(actor.roles)))
    client.force_login(post.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[POST_KEY] = post.pk
    session.save()
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def decision(world: World, **given: Any) -> dict[str, Any]:
    entered = {
        "outcome": "must_synchronise",
        "reason": "Cùng một danh mục",
        "method": "synchronise",
        "frequency": "weekly",
        "responsible_unit": world.home.pk,
    }
    return {name: value for name, value in (entered | given).items() if value is not None}


def test_stored_addresses_are_those_of_the_pages(world):
    assert addresses.case_address("CL-2026-0001") == reverse("authority-case", args=["CL-2026-0001"])
    code = world.local.code
    assert addresses.search_address(code) == reverse("authority-database", args=[code])


class TestList:
    def test_empty_says_how_to_begin(self, world):
        page = text_of(signed_in(world.owner).get("/lam-viec/chong-lan/"))
        assert "Chưa phát hiện chồng lấn nào" in page
        assert 'lang="vi"' in page

    def test_lists_the_cases_of_both_sides(self, world, case):
        for who in ("owner", "ministry_owner"):
            page = text_of(signed_in(getattr(world, who)).get("/lam-viec/chong-lan/"))
            assert case.number in page
            assert "1 hồ sơ chờ kết luận" in page
            assert "97,7% giá trị của xa.ma_xa cũng có ở Bộ Nội vụ" in page
        english = text_of(signed_in(world.owner).get("/en/lam-viec/chong-lan/"))
        assert "1 case awaits a decision" in english
        assert "97.7% of the values in xa.ma_xa" in english

    def test_narrowed_by_state(self, world, case):
        client = signed_in(world.owner)
        assert case.number in text_of(client.get("/lam-viec/chong-lan/?nhom=cho-ket-luan"))
        page = text_of(client.get("/lam-viec/chong-lan/?nhom=da-ket-thuc"))
        assert case.number not in page
        assert "Bỏ điều kiện lọc" in page

    def test_odd_questions_are_no_fault(self, world, case):
        client = signed_in(world.owner)
        for odd in ("?nhom=x", "?sau=x", "?sau=999999999999999999999", "?sau=-1"):
            assert client.get(f"/lam-viec/chong-lan/{odd}").status_code == 200

    @carries("SEC-01")
    def test_others_see_nothing_not_even_a_count(self, world, case):
        page = text_of(signed_in(world.stranger).get("/lam-viec/chong-lan/"))
        assert case.number not in page
        assert "Chưa phát hiện chồng lấn nào" in page

    def test_a_visitor_signs_in_first(self, client, case):
        assert client.get("/lam-viec/chong-lan/").status_code == 302


class TestCase:
    @carries("OVL-04", "OVL-05")
    def test_the_card_shows_shares_reasons_tiers_and_the_proposal(self, world, case):
        page = text_of(signed_in(world.owner).get(addresses.case_address(case.number)))
        for said in (
            f"{case.number} Chồng lấn",
            "97,7% giá trị của xa.ma_xa cũng có ở Bộ Nội vụ (trình diễn)",
            "xa.ma_xa",
            "ward.ward_code",
            "95–99%",
            "Cùng quy tắc 5 chữ số",
            "Tên cột khác nhau",
            "Mức 2: bản tóm lược có khóa",
            "Địa phương",
            "Quốc gia",
            "Đề xuất:",
            "Đồng bộ từ nguồn chuẩn (OVL-04)",
            "có thứ bậc cao hơn",
            "điểm b khoản 2 Điều 11 Luật Dữ liệu",
            "Kết luận hồ sơ",
            "Hệ quả của từng kết luận",
        ):
            assert said in page, said
        assert "còn 10 ngày làm việc" in page.lower() or "ngày làm việc" in page

    def test_in_english(self, world, case):
        page = text_of(signed_in(world.owner).get(f"/en{addresses.case_address(case.number)}"))
        for said in (
            "What agrees",
            "Same rule of 5 digits",
            "What speaks against",
            "Proposed:",
            "Synchronise from the authority (OVL-04)",
            "Level 2: keyed sketches",
        ):
            assert said in page, said
        assert "Giống" not in page

    @carries("OVL-04")
    def test_is_decided_on_its_page(self, world, case):
        client = signed_in(world.owner)
        response = client.post(addresses.case_address(case.number), decision(world), follow=True)
        page = text_of(response)
        assert "Đã kết luận hồ sơ" in page
        assert "Giữ bản sao đồng bộ" in page
        assert "Hằng tuần" in page
        case.refresh_from_db()
        assert case.state == CaseState.SYNC_PLANNED

    @carries("OVL-04")
    def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(self, world, case):
        client = signed_in(world.owner)
        response = client.post(
            addresses.case_address(case.number), decision(world, method=None, reason="Đã đối chiếu ba xã")
        )
        page = text_of(response)
        assert response.status_code == 422
        assert "<title>Lỗi:" in page
        assert "Còn thiếu: phương thức" in page
        assert "Đã đối chiếu ba xã" in page
        case.refresh_from_db()
        assert case.state == CaseState.DETECTED

    def test_who_may_not_decide_sees_no_form_and_cannot_post(self, world, case):
        client = signed_in(world.ministry_owner)
        assert 'id="decide"' not in text_of(client.get(addresses.case_address(case.number)))
        assert client.post(addresses.case_address(case.number), decision(world)).status_code == 403

    @carries("SEC-01")
    def test_strangers_and_unknown_numbers_are_told_the_same(self, world, case):
        client = signed_in(world.stranger)
        there = client.get(addresses.case_address(case.number))
        nowhere = client.get(addresses.case_address("CL-1999-0001"))
        assert there.status_code == nowhere.status_code == 404
        strip = lambda response, number: text_of(response).replace(number, "")  # noqa: E731
        assert len(strip(there, case.number)) == len(strip(nowhere, "CL-1999-0001"))

    @carries("SEC-01")
    def test_a_side_that_became_secret_hides_the_case(self, world, case):
        keeper = world.actor(world.ministry, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        client = signed_in(world.owner)
        assert client.get(addresses.case_address(case.number)).status_code == 404
        assert case.number not in text_of(client.get("/lam-viec/chong-lan/"))

    def test_a_pair_is_reviewed(self, world, case):
        client = signed_in(world.ministry_owner)
        pair = case.pairs.get()
        address = reverse("authority-review-pair", args=[case.number, pair.pk])
        page = text_of(client.post(address, {"verdict": "accept"}, follow=True))
        assert "Đã ghi nhận nhận xét" in page
        pair.refresh_from_db()
        assert pair.verdict == "accept"
        assert client.post(address, {"verdict": "x"}).status_code == 422
        assert client.post(address.replace(str(pair.pk), "999999"), {"verdict": "accept"}).status_code == 404

    def test_further_pairs_stand_in_a_table(self, world):
        case = make_case(
            world.local,
            world.national,
            make_pair(),
            make_pair(("xa", "ten_xa"), ("ward", "name"), share=0.9, is_key=False),
            make_pair(("xa", "dt"), ("ward", "area"), is_key=False, left_share=None, right_share=None),
        )
        page = text_of(signed_in(world.owner).get(addresses.case_address(case.number)))
        assert "Các cột khác có cùng dữ liệu" in page
        assert "90% / 3,1%" in page
        assert "chưa so sánh" in page
        assert "không lưu giá trị nào" in page


class TestActs:
    def test_assign(self, world, case):
        client = signed_in(world.head)
        address = reverse("authority-assign", args=[case.number])
        assert "Sở Y tế tỉnh An Lộc" in text_of(client.get(address))
        page = text_of(client.post(address, {"unit": world.health.pk}, follow=True))
        assert "Đã giao hồ sơ" in page
        assert client.post(address, {"unit": world.ministry.pk}).status_code == 422

    @carries("OVL-01")
    def test_an_exception_goes_to_the_head_who_signs(self, world, case):
        later = (timezone.localdate() + timedelta(days=90)).isoformat()
        ground = "khoản 3 Điều 9 Nghị định số 47/2020/NĐ-CP"
        asked = decision(world, outcome="exception", legal_ground=ground, review_date=later)
        page = text_of(signed_in(world.owner).post(addresses.case_address(case.number), asked, follow=True))
        assert "Đã trình người đứng đầu ký ngoại lệ" in page
        head = signed_in(world.head)
        assert "Ký ngoại lệ" in text_of(head.get(addresses.case_address(case.number)))
        sign = reverse("authority-sign", args=[case.number])
        # What is signed stands above the button: what was found and proposed, the ground and whether it
        # holds, the day of review
        signing = text_of(signed_in(world.head).get(sign))
        day = f"{date.fromisoformat(later):%d/%m/%Y}"
        for said in (
            "97,7% giá trị",
            "Đề xuất: Đồng bộ từ nguồn chuẩn",
            ground,
            f"đến ngày xem xét lại {day}",
        ):
            assert said in signing
        assert "Viện dẫn văn bản không còn hoặc chưa có hiệu lực" in signing
        assert signed_in(world.owner).post(sign, {"confirm": "1"}).status_code == 403
        assert "Đã ký ngoại lệ" in text_of(head.post(sign, {"confirm": "1"}, follow=True))

    def test_the_head_returns_it_with_a_reason(self, world, case):
        decide_case(
            actor=world.owner,
            case=case,
            outcome="exception",
            reason="x",
            legal_ground="y",
            review_date=timezone.localdate() + timedelta(days=9),
        )
        address = reverse("authority-return", args=[case.number])
        head = signed_in(world.head)
        assert head.post(address, {"reason": ""}).status_code == 422
        assert "Đã trả lại ngoại lệ" in text_of(head.post(address, {"reason": "Chưa đủ"}, follow=True))

    @carries("OVL-04")
    def test_synchronisation_is_recorded_and_the_case_closed(self, world, case):
        client = signed_in(world.owner)
        client.post(addresses.case_address(case.number), decision(world, method="online_query"))
        start = reverse("authority-start-sync", args=[case.number])
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        assert client.post(start, {"started_on": tomorrow}).status_code == 422
        today = timezone.localdate().isoformat()
        assert "đồng bộ đang chạy" in text_of(client.post(start, {"started_on": today}, follow=True))
        close = reverse("authority-close", args=[case.number])
        assert "Đã kết thúc hồ sơ" in text_of(client.post(close, {"note": "Khớp"}, follow=True))

    @carries("D224-05", "OVL-05")
    def test_the_authority_is_named(self, world):
        one = world.database(world.province, "local", managing_unit=world.health)
        case = make_case(world.local, one)
        owner, head = signed_in(world.owner), signed_in(world.head)
        page = text_of(owner.get(addresses.case_address(case.number)))
        assert "Chỉ lưu trong một hệ thống (D224-05)" in page
        assert "bộ điều phối xác định nguồn chuẩn" in page
        address = reverse("authority-name", args=[case.number])
        assert owner.post(address, {"authority": one.pk, "reason": "x"}).status_code == 403
        page = text_of(head.post(address, {"authority": one.pk, "reason": "Một kho"}, follow=True))
        assert "là nguồn chuẩn" in page


class TestSearchPage:
    def test_says_what_is_missing(self, world):
        page = text_of(signed_in(world.owner).get(addresses.search_address(world.local.code)))
        assert "Chưa tìm lần nào" in page
        assert "Chưa kết nối nguồn" in page
        response = signed_in(world.owner).post(addresses.search_address(world.local.code), follow=True)
        assert "chưa có kết nối nguồn" in text_of(response)

    def test_a_database_found_from_elsewhere_says_so(self, world, case):
        page = text_of(signed_in(world.ministry_owner).get(addresses.search_address(world.national.code)))
        assert "đã được so khi tìm từ 1 CSDL khác" in page
        assert "Chưa tìm lần nào" not in page

    def test_shows_what_was_found_and_what_shares_a_list(self, world):
        listed = make_pair(("xa", "loai"), ("ward", "kind"), kind="code_list", is_key=False)
        case = make_case(world.local, world.national, make_pair(), listed)
        page = text_of(signed_in(world.owner).get(addresses.search_address(world.local.code)))
        assert case.number in page
        assert "so với 1 CSDL" in page
        assert "Cùng dùng danh mục chung, không phải chồng lấn" in page
        assert "ward.kind" in page

    def test_who_only_reads_has_no_button(self, world):
        page = text_of(signed_in(world.coordinator).get(addresses.search_address(world.local.code)))
        assert "<button" not in page.split('id="main"')[1]
        response = signed_in(world.coordinator).post(addresses.search_address(world.local.code))
        assert response.status_code == 403

    @carries("SEC-01")
    def test_unknown_and_forbidden_are_alike(self, world):
        client = signed_in(world.stranger)
        for code in (world.local.code, "X99.99"):
            assert client.get(addresses.search_address(code)).status_code == 404


class TestPublicMap:
    def issue(self, *databases: Database) -> None:
        for database in databases:
            database.declare()
            database.issue()
            database.save()

    @carries("OVL-05", "SEC-01")
    def test_tells_counts_only_and_small_ones_not_at_all(self, world, case, client):
        self.issue(world.local, world.national)
        decide_case(actor=SYSTEM, case=case, outcome="stop_collecting", reason="Cùng một danh mục")
        (row,) = public_map(timezone.now()).rows
        assert (row.lower_tier, row.higher_tier, row.with_authority) == ("local", "national", None)
        page = text_of(client.get("/chong-lan/"))
        assert "không nêu" in page
        for hidden in (case.number, "xa", "ward_code", world.local.name, "97,7"):
            assert f">{hidden}<" not in page

    def test_open_cases_and_unissued_databases_do_not_count(self, world, case):
        assert public_map(timezone.now()).rows == ()
        self.issue(world.local, world.national)
        assert public_map(timezone.now()).rows == ()

    @carries("OVL-05")
    def test_five_are_told(self, world, client):
        for place in range(5):
            lower = world.database(world.province, "local", managing_unit=world.health)
            case = make_case(lower, world.national, make_pair((f"t{place}", "ma"), ("ward", "code")))
            decide_case(actor=SYSTEM, case=case, outcome="stop_collecting", reason="x")
            self.issue(lower)
        self.issue(world.national)
        page = text_of(client.get("/chong-lan/"))
        assert "5 chồng lấn đã có nguồn chuẩn" in page
        assert page.count("who-tie who-follow") == 1
        assert "Chưa xếp miền dữ liệu lõi" in page
        assert "5 overlaps have their authority" in text_of(client.get("/en/chong-lan/"))
        book = client.get("/chong-lan/?dang=xlsx")
        assert book["Content-Type"].endswith("sheet")

    @carries("SEC-01")
    def test_what_is_not_told_cannot_be_reckoned_from_the_rest(self):
        counted = {("a",): (9, 9), ("b",): (6, 0), ("c",): (2, 2)}
        assert told(counted) == {("a",): (9, 9), ("b",): (None, None), ("c",): (None, None)}
        assert told({("a",): (9, 5), ("b",): (4, 0), ("c",): (3, 0)}) == {
            ("a",): (9, None),
            ("b",): (None, None),
            ("c",): (None, None),
        }

    def test_nothing_yet(self, client, world):
        assert "Chưa kết luận chồng lấn nào" in text_of(client.get("/chong-lan/"))


class TestApi:
    def test_the_cases_of_ones_databases(self, world, case):
        answer = signed_in(world.owner).get("/api/v1/overlaps").json()
        assert [item["number"] for item in answer["items"]] == [case.number]
        one = signed_in(world.owner).get(f"/api/v1/overlaps/{case.number}").json()
        assert one["lower"] == world.local.code
        assert one["pairs"][0]["lower"]["share"] == pytest.approx(0.977)
        assert one["pairs"][0]["reasons"][0]["weight"] == 2.0

    @carries("CFG-01")
    def test_a_rule_that_has_ended_since_the_case_was_opened_is_told_as_such(self, world, case):
        OverlapCase.objects.update(requirement="OVL-03", provision="nd-47-2020/9.3")
        client = signed_in(world.owner)
        (listed,) = client.get("/api/v1/overlaps").json()["items"]
        told = client.get(f"/api/v1/overlaps/{case.number}").json()["provision"]
        assert listed["provision"] == told
        assert (told["ref"], told["standing"], told["since"]) == ("nd-47-2020/9.3", "ended", "2025-10-22")
        assert told["remark_vi"] == "hết hiệu lực từ 22/10/2025"
        page = text_of(client.get(f"/lam-viec/chong-lan/{case.number}/"))
        assert f"{told['citation_vi']} ({told['remark_vi']})" in page

    @carries("SEC-01")
    def test_nothing_for_others(self, world, case, client):
        assert client.get("/api/v1/overlaps").status_code == 403
        assert signed_in(world.stranger).get("/api/v1/overlaps").json()["items"] == []
        assert signed_in(world.stranger).get(f"/api/v1/overlaps/{case.number}").status_code == 404

    def test_the_map_is_open(self, client, db):
        assert client.get("/api/v1/overlaps/map").json()["rows"] == []

    def test_keyset(self, world):
        for place in range(3):
            other = world.database(world.ministry, "national")
            record_overlaps(
                actor=SYSTEM,
                database=world.local,
                job=None,
                comparisons=[make_comparison(other, make_pair((f"t{place}", "ma"), ("w", "c")))],
            )
        client = signed_in(world.owner)
        first = client.get("/api/v1/overlaps?limit=2").json()
        second = client.get(f"/api/v1/overlaps?limit=2&after={first['after']}").json()
        numbers = [item["number"] for page in (first, second) for item in page["items"]]
        assert len(numbers) == len(set(numbers)) == OverlapCase.objects.count() == 3
        assert second["after"] is None
