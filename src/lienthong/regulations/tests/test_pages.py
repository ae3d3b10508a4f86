"""What officers and the public see of regulations and of the gate, in Vietnamese and in English."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.models import Post
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import DatabaseState
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.holds.commands import place_hold
from lienthong.foundation.tracing import carries
from lienthong.regulations import addresses, commands, demo
from lienthong.regulations.models import ExchangeStructure, Regulation, SharingProcess
from lienthong.regulations.tests.conftest import World

TODAY = timezone.localdate
DAY = timedelta(days=1)


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


def entered(world: World, **given: Any) -> dict[str, Any]:
    values = {
        "title": "Quy chế thử",
        "issuer": world.home.pk,
        "scope": "database",
        "databases": [world.local.pk],
        **demo.CLAUSES,
    }
    return {name: value for name, value in (values | given).items() if value is not None}


def file_of(regulation: Regulation) -> str:
    return addresses.desk_address(regulation.slug, regulation.version)


def test_stored_addresses_are_those_of_the_pages(world):
    code = world.local.code
    assert addresses.public_address("x") == reverse("regulations-public", args=["x"])
    assert addresses.desk_address("x", 2) == reverse("regulations-file", args=["x", 2])
    assert addresses.drafting_address() == reverse("regulations-draft")
    assert addresses.gate_address(code) == reverse("regulations-gate", args=[code])
    assert addresses.structure_address(code) == reverse("regulations-structure", args=[code])
    assert addresses.process_address(code) == reverse("regulations-process", args=[code])


class TestPublic:
    @carries("REG-03")
    def test_needs_no_sign_in_and_shows_the_five_clauses_version_and_dates(self, world, client):
        regulation = demo.make_published(world.province, world.local)
        page = text_of(client.get(addresses.public_address(regulation.slug)))
        for said in (
            regulation.title,
            "05/2026/QĐ-UBND",
            "Còn hiệu lực",
            "phiên bản 1",
            "Thời hạn sử dụng dữ liệu",
            "12 tháng kể từ ngày cấp tài khoản",
            "Thời gian lưu nhật ký chia sẻ",
            "24 tháng",
            "Phải xác thực cơ quan khai thác",
            "Cấp tài khoản kết nối",
            "Khai thác đúng mục đích",
            world.local.name,
        ):
            assert said in page, said
        english = text_of(client.get(f"/en{addresses.public_address(regulation.slug)}"))
        for said in ("In force", "24 months", "Consumers are authenticated", "Term of data use"):
            assert said in english, said

    @carries("REG-03")
    def test_the_list_finds_without_marks(self, world, client):
        regulation = demo.make_published(world.province, world.local)
        assert regulation.title in text_of(client.get("/quy-che/"))
        assert regulation.title in text_of(client.get("/quy-che/?q=quy che khai thac"))
        page = text_of(client.get("/quy-che/?q=khongcoai"))
        assert regulation.title not in page
        assert "Bỏ điều kiện lọc" in page

    def test_nothing_yet(self, client, world):
        assert "Chưa công khai quy chế nào" in text_of(client.get("/quy-che/"))
        assert "No regulation has been published yet" in text_of(client.get("/en/quy-che/"))

    @carries("REG-03")
    def test_drafts_and_issued_ones_do_not_exist_here(self, world, client):
        for regulation in (demo.make_draft(world.province), demo.make_issued(world.province)):
            assert client.get(addresses.public_address(regulation.slug)).status_code == 404
            assert regulation.slug not in text_of(client.get("/quy-che/"))

    @carries("REG-03")
    def test_an_ended_one_says_since_when(self, world, client):
        regulation = demo.make_published(
            world.province, effective_from=TODAY() - 9 * DAY, effective_to=TODAY()
        )
        commands.expire_regulations(on=TODAY() + DAY)
        page = text_of(client.get("/quy-che/?trang-thai=het-hieu-luc"))
        assert regulation.title in page
        assert f"Hết hiệu lực từ {TODAY() + DAY:%d/%m/%Y}" not in text_of(client.get("/quy-che/"))

    @carries("REG-03")
    def test_older_versions_stay(self, world, client):
        first = demo.make_published(world.province, effective_from=TODAY() - 9 * DAY)
        second = demo.issue(
            commands.draft_new_version(actor=world.head, regulation=first), number="06/2026/QĐ-UBND"
        )
        commands.publish_regulation(actor=world.head, regulation=second)
        address = addresses.public_address(first.slug)
        page = text_of(client.get(address))
        assert "phiên bản 2, số 06/2026/QĐ-UBND" in page
        older = text_of(client.get(f"{address}?phien-ban=1"))
        assert "Số 05/2026/QĐ-UBND" in older
        assert "Hết hiệu lực từ" in older
        for odd in ("?phien-ban=9", "?phien-ban=x"):
            assert client.get(f"{address}{odd}").status_code in (200, 404)

    @carries("SEC-01")
    def test_a_secret_leaves_no_trace(self, world, client):
        regulation = demo.make_published(world.province)
        keeper = world.actor(world.home, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        page = text_of(client.get(addresses.public_address(regulation.slug)))
        assert world.local.name not in page
        assert world.other.name in page

    def test_the_document_is_handed_out_as_a_file(self, world, client):
        page = signed_in(world.owner).post(
            "/lam-viec/quy-che/soan/",
            entered(world) | {"file": SimpleUploadedFile("quy-chế.html", b"<script>alert(1)</script>")},
        )
        regulation = Regulation.objects.get()
        assert page.status_code == 302
        address = reverse("regulations-document", args=[regulation.slug, 1])
        assert client.get(address).status_code == 404
        commands.publish_regulation(actor=world.owner, regulation=demo.issue(regulation))
        response = client.get(address)
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"


class TestDesk:
    def test_empty(self, world):
        assert "Chưa soạn quy chế nào" in text_of(signed_in(world.owner).get("/lam-viec/quy-che/"))

    def test_lists_those_of_ones_agency(self, world):
        draft = demo.make_draft(world.home)
        mine = text_of(signed_in(world.owner).get("/lam-viec/quy-che/"))
        assert draft.title in mine
        assert "1 quy chế đang soạn" in mine
        assert draft.title not in text_of(signed_in(world.stranger).get("/lam-viec/quy-che/"))
        for odd in ("?nhom=x", "?sau=x", "?sau=99999999999999", "?nhom=het-hieu-luc"):
            assert signed_in(world.owner).get(f"/lam-viec/quy-che/{odd}").status_code == 200

    @carries("REG-01")
    def test_drafted_from_a_database_it_is_filled_in(self, world):
        client = signed_in(world.owner)
        page = text_of(client.get(addresses.drafting_address(world.local.code)))
        assert f"Quy chế khai thác, sử dụng dữ liệu của “{world.local.name}”" in page
        assert "checked" in page
        page = text_of(client.post(addresses.drafting_address(), entered(world), follow=True))
        assert "Đã lưu dự thảo" in page
        assert Regulation.objects.get().issuer == world.home

    def test_refusals_keep_what_was_typed(self, world):
        client = signed_in(world.owner)
        response = client.post(addresses.drafting_address(), entered(world, databases=None))
        page = text_of(response)
        assert response.status_code == 422
        assert "cần chọn ít nhất một CSDL" in page
        assert "12 tháng kể từ ngày cấp tài khoản" in page
        assert not Regulation.objects.exists()

    @pytest.mark.parametrize("who", ["administrator"])
    def test_the_administrator_drafts_nothing(self, world, who):
        assert signed_in(getattr(world, who)).get(addresses.drafting_address()).status_code == 403

    @carries("REG-02", "REG-03", "REG-07")
    def test_the_whole_way_from_draft_to_public(self, world):
        owner = signed_in(world.owner)
        owner.post(addresses.drafting_address(), entered(world, conditions=""))
        draft = Regulation.objects.get()
        page = text_of(owner.get(file_of(draft)))
        assert "Còn 1 nội dung bắt buộc chưa quy định" in page
        check = reverse("regulations-check", args=[draft.slug, 1])
        assert "Không có quy chế đang hiệu lực nào mâu thuẫn" in text_of(owner.post(check, follow=True))
        review = reverse("regulations-legal-review", args=[draft.slug, 1])
        assert owner.post(review, {"reviewer": ""}).status_code == 422
        assert "có thể ban hành" in text_of(owner.post(review, {"reviewer": "Sở Tư pháp"}, follow=True))
        issue = reverse("regulations-issue", args=[draft.slug, 1])
        form = {"number": "7/QĐ-SNV", "issued_on": TODAY().isoformat(), "effective_from": TODAY().isoformat()}
        refused = owner.post(issue, form)
        assert refused.status_code == 422
        assert "Quy chế còn thiếu 1 nội dung bắt buộc: điều kiện khai thác, sử dụng" in text_of(refused)
        amend = reverse("regulations-amend", args=[draft.slug, 1])
        owner.post(amend, entered(world, issuer=None))
        owner.post(check)
        owner.post(review, {"reviewer": "Sở Tư pháp"})
        assert "Đã ban hành số 7/QĐ-SNV" in text_of(owner.post(issue, form, follow=True))
        publish = reverse("regulations-publish", args=[draft.slug, 1])
        page = text_of(owner.post(publish, follow=True))
        assert "Đã công khai quy chế số 7/QĐ-SNV" in page
        assert "Soạn phiên bản mới" in page
        again = reverse("regulations-new-version", args=[draft.slug, 1])
        assert "Đã mở phiên bản 2" in text_of(owner.post(again, follow=True))

    @carries("REG-02")
    def test_a_contradiction_is_shown_with_its_clause(self, world):
        held = demo.make_published(world.province, world.local)
        draft = demo.make_draft(world.home, world.local, use_term="6 tháng")
        owner = signed_in(world.owner)
        page = text_of(owner.post(reverse("regulations-check", args=[draft.slug, 1]), follow=True))
        assert "1 quy chế đang hiệu lực mâu thuẫn" in page
        assert "Mâu thuẫn với quy chế đang hiệu lực" in page
        assert held.number in page
        assert "Thời hạn sử dụng dữ liệu" in page

    @carries("SEC-01")
    def test_drafts_of_others_do_not_exist(self, world):
        draft = demo.make_draft(world.home)
        for who in ("stranger", "colleague"):
            client = signed_in(getattr(world, who))
            assert client.get(file_of(draft)).status_code == 404
            assert client.post(reverse("regulations-check", args=[draft.slug, 1])).status_code == 404

    def test_in_english(self, world):
        draft = demo.make_draft(world.home, conditions="")
        page = text_of(signed_in(world.owner).get(f"/en{file_of(draft)}"))
        assert "Mandatory clauses" in page
        assert "1 mandatory clause is not stated" in page
        assert "Check consistency" in page


class TestGate:
    @carries("REG-04")
    def test_failures_with_provision_finding_and_fix(self, world):
        page = text_of(signed_in(world.owner).get(addresses.gate_address(world.local.code)))
        for said in (
            "Điều kiện đưa vào khai thác",
            "Chưa đủ điều kiện: 6/6 chưa đạt",
            "REG-04",
            "Đã xem 0 quy chế, không có quy chế nào áp dụng",
            "Soạn quy chế",
            f"/lam-viec/quy-che/soan/?csdl={world.local.code}",
            "Ghi nhận cấu trúc",
            "Ghi nhận quy trình",
            "Luật Giao dịch điện tử",
        ):
            assert said in page, said

    @carries("REG-04")
    def test_asked_too_early_it_is_refused_with_reasons(self, world):
        client = signed_in(world.owner)
        page = text_of(client.post(addresses.gate_address(world.local.code), follow=True))
        assert "Chưa đủ điều kiện đưa vào khai thác: 6/6 điều kiện chưa đạt" in page
        assert "không chấp thuận" in page
        world.searched()
        assert "Có thay đổi sau lần đề nghị" in text_of(client.get(addresses.gate_address(world.local.code)))

    @carries("REG-04")
    def test_goes_live_when_all_is_met(self, world):
        world.ready()
        client = signed_in(world.owner)
        page = text_of(client.get(addresses.gate_address(world.local.code)))
        assert "Đạt 6/6 điều kiện" in page
        assert "Đề nghị đưa vào khai thác" in page
        page = text_of(client.post(addresses.gate_address(world.local.code), follow=True))
        assert "đã đưa vào khai thác" in page
        world.local.refresh_from_db()
        assert world.local.state == DatabaseState.IN_OPERATION
        assert "Đề nghị đưa vào khai thác" not in text_of(
            client.get(addresses.gate_address(world.local.code))
        )

    def test_in_english_the_fix_leads_to_the_english_page(self, world):
        page = text_of(signed_in(world.owner).get(f"/en{addresses.gate_address(world.local.code)}"))
        assert "Not ready: 6 of 6 conditions not met" in page
        assert "Draft a regulation" in page
        assert f"/en/lam-viec/quy-che/soan/?csdl={world.local.code}" in page
        assert "Law on E-Transactions" in page

    @carries("SEC-01")
    def test_others_do_not_see_it(self, world):
        assert signed_in(world.stranger).get(addresses.gate_address(world.local.code)).status_code == 404

    def test_a_database_no_longer_compliant_says_why(self, world):
        world.ready()
        commands.request_go_live(actor=world.owner, database=world.local)
        regulation = world.local.regulations.get()
        regulation.effective_to = TODAY()
        regulation.save()
        commands.expire_regulations(on=TODAY() + DAY)
        page = text_of(signed_in(world.owner).get(addresses.gate_address(world.local.code)))
        assert "Không còn tuân thủ" in page
        assert "quy chế số 05/2026/QĐ-UBND hết hiệu lực" in page


class TestDocuments:
    @carries("REG-05")
    def test_the_structure_is_recorded_from_the_described_columns(self, world):
        client = signed_in(world.owner)
        address = addresses.structure_address(world.local.code)
        page = text_of(client.get(address))
        assert "4 cột sẽ được ghi nhận" in page
        assert "xa.ma_xa" in page
        form = {"title": "Cấu trúc", "document_number": "17/QĐ-SNV", "document_date": TODAY().isoformat()}
        assert client.post(address, form | {"document_number": ""}).status_code == 422
        future = (TODAY() + DAY).isoformat()
        assert "sau ngày hôm nay" in text_of(client.post(address, form | {"document_date": future}))
        page = text_of(client.post(address, form, follow=True))
        assert "gồm 4 cột" in page
        assert "khớp 4/4 cột" in page
        assert ExchangeStructure.objects.count() == 1

    @carries("REG-06")
    def test_the_process_is_recorded_for_the_database_or_its_unit(self, world):
        client = signed_in(world.owner)
        address = addresses.process_address(world.local.code)
        form = {
            "title": "Quy trình",
            "document_number": "18/QĐ-SNV",
            "document_date": TODAY().isoformat(),
            "steps": "Gửi yêu cầu\n\nTrả lời",
        }
        assert client.post(address, form | {"steps": " \n "}).status_code == 422
        client.post(address, form)
        client.post(address, form | {"for_agency": "on"})
        kept = list(SharingProcess.objects.order_by("pk").values_list("database", "agency"))
        assert kept == [(world.local.pk, None), (None, world.home.pk)]
        assert SharingProcess.objects.first().steps == ["Gửi yêu cầu", "Trả lời"]

    @pytest.mark.parametrize("page", ["structure_address", "process_address"])
    def test_others_do_not_see_the_forms(self, world, page):
        address = getattr(addresses, page)(world.local.code)
        assert signed_in(world.stranger).get(address).status_code == 404
        assert signed_in(world.head).get(address).status_code == 200


class TestApi:
    @carries("REG-03")
    def test_published_regulations_are_open(self, world, client):
        demo.make_draft(world.home)
        regulation = demo.make_published(world.province, world.local)
        (item,) = client.get("/api/v1/regulations").json()["items"]
        assert (item["slug"], item["in_force"]) == (regulation.slug, True)
        one = client.get(f"/api/v1/regulations/{regulation.slug}").json()
        assert one["log_retention_months"] == 24
        assert one["databases"] == [world.local.code]

    @carries("REG-04")
    def test_the_gate_by_the_rules_of_a_day(self, world, client):
        address = f"/api/v1/databases/{world.local.code}/gate"
        assert client.get(address).status_code == 403
        answer = signed_in(world.owner).get(f"{address}?on=2025-08-18").json()
        assert (answer["passed"], answer["rule_set"]) == (False, "ND47-ORIGINAL")
        first = answer["lines"][0]
        assert (first["requirement"], first["mark"]) == ("REG-04", "verified")
        assert first["provision"]["ref"] == "nd-47-2020/22.1"
        assert (first["provision"]["on"], first["provision"]["standing"]) == ("2025-08-18", "holds")
        assert signed_in(world.stranger).get(address).status_code == 404

    @carries("CFG-01")
    def test_what_holds_it_back_says_how_its_provision_stands(self, world):
        for code, provision in (("a", "nd-47-2020/9.3"), ("b", "FOC-01"), ("c", "")):
            place_hold(
                actor=SYSTEM, subject=world.local, step="go_live", code=code, text_vi="Giữ", text_en="Held",
                provision=provision,
            )  # fmt: skip
        client = signed_in(world.owner)
        lines = client.get(f"/api/v1/databases/{world.local.code}/gate?on=2026-11-22").json()["lines"]
        told = {line["code"]: line for line in lines}
        ended = told["a"]["provision"]
        assert (ended["standing"], ended["since"], ended["kept"]) == ("ended", "2025-10-22", False)
        kept = told["b"]["provision"]
        assert (told["b"]["requirement"], kept["standing"], kept["kept"]) == ("FOC-01", "ended", True)
        assert kept["remark_en"] == "no longer in force since 22 October 2025; kept as a rule of the agency"
        assert told["c"]["provision"] is None
        assert all(line["provision"] for line in lines if line["requirement"])
        page = client.get(f"/lam-viec/csdl/{world.local.code}/dieu-kien/").content.decode()
        assert f"{kept['citation_vi']} ({kept['remark_vi']})" in page

    def test_pages_of_the_list(self, world, client):
        for _ in range(3):
            demo.make_published(world.province)
        first = client.get("/api/v1/regulations?limit=2").json()
        second = client.get(f"/api/v1/regulations?limit=2&after={first['after']}").json()
        assert len(first["items"]) == 2
        assert len(second["items"]) == 1
        assert second["after"] is None
