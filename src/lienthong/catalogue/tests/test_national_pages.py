"""One national dossier in the browser, from criteria to listed, returned once; its papers; the public list."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.agencies.demo import make_actor
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import EVIDENCE, PARTS, make_database, make_ready_dossier
from lienthong.catalogue.models import NationalDossier, NationalListDraft
from lienthong.foundation.accounts.models import User
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries

DESK = "/lam-viec/csdl-quoc-gia/"
TODAY = timezone.localdate().isoformat()


@pytest.fixture
def people(world, db):
    return {
        "preparer": make_actor(world.ministry, Role.IT_UNIT),
        "head": make_actor(world.ministry, Role.HEAD),
        "coordinator": make_actor(world.health, Role.COORDINATING_MINISTRY),
        "stranger": make_actor(world.justice, Role.HEAD),
        "keeper": make_actor(world.ministry, Role.SECRETS_KEEPER),
    }


@pytest.fixture
def database(world):
    return make_database(world.ministry, tier="ministry", name="CSDL đơn vị hành chính", local_base="")


@pytest.fixture
def as_(client, people):
    def sign_in(name):
        client.force_login(User.objects.get(pk=people[name].user_id))
        return client

    return sign_in


def post(browser, url, **data):
    answer = browser.post(url, data, follow=True)
    return answer, answer.content.decode()


TEXTS = {
    key: PARTS[key]
    for key in ("name", "purpose", "scope", "master_data", "users_and_purposes", "sharing_method")
}


def begin_and_write(database, browser):
    """The dossier as the preparer writes it, with each refusal on the way; its address."""
    begin = f"/lam-viec/csdl/{database.code}/de-xuat-quoc-gia/"
    assert "Bổ sung vào danh mục" in browser.get(begin).content.decode()
    _, page = post(browser, begin, kind="add", proposed_on=TODAY, reason="")
    number = NationalDossier.objects.get().number
    at = f"{DESK}{number}/"
    assert number in page

    refused, page = post(browser, at, viec="doi-chieu")
    assert refused.status_code == 409
    assert "Chưa đủ điều kiện đề xuất" in page
    wrong, page = post(browser, f"{at}tieu-chi/wide_use/", is_met="on", evidence="")
    assert wrong.status_code == 422
    assert "Chưa có minh chứng" in page
    file = SimpleUploadedFile("minh-chung.pdf", b"%PDF-1.4", content_type="application/pdf")
    for key, text in EVIDENCE.items():
        post(
            browser,
            f"{at}tieu-chi/{key}/",
            is_met="on",
            evidence=text,
            **({"attached": file} if key == "wide_use" else {}),
        )
    post(
        browser,
        f"{at}can-cu/",
        text="Luật Giao dịch điện tử số 20/2023/QH15",
        says="Giá trị sử dụng chính thức",
    )
    _, page = post(browser, at, viec="doi-chieu")
    assert "Đạt tất cả các tiêu chí" in page
    assert "minh-chung.pdf" in page
    post(browser, f"{at}thuyet-minh/", **TEXTS, sources="")
    refused, page = post(browser, at, viec="hoan-thanh")
    assert refused.status_code == 409
    assert "Nguồn thông tin được xây dựng, cập nhật" in page
    post(browser, f"{at}thuyet-minh/", **TEXTS, sources=PARTS["sources"])
    post(browser, at, viec="hoan-thanh")
    return at


def send_and_return(at, as_):
    """Signed and sent by the head, returned by the coordinating ministry, completed and sent again."""
    number = NationalDossier.objects.get().number
    browser = as_("head")
    assert "Ký, gửi hồ sơ" in browser.get("/lam-viec/").content.decode()
    wrong, _ = post(browser, f"{at}gui/", letter_number="", letter_date=TODAY)
    assert wrong.status_code == 422
    post(
        browser,
        f"{at}gui/",
        letter_number="05/BNV-TD",
        letter_date=TODAY,
        place="Hà Nội",
        signer="Nguyễn Văn A",
    )

    browser = as_("coordinator")
    assert number in browser.get(DESK).content.decode()
    post(browser, f"{at}tra-lai/", because="Nêu rõ nhịp cập nhật.")

    browser = as_("preparer")
    assert "Nêu rõ nhịp cập nhật." in browser.get(at).content.decode()
    post(browser, f"{at}thuyet-minh/", **TEXTS, sources="Nghị quyết; cập nhật hằng tháng")
    post(as_("head"), f"{at}gui/", letter_number="06/BNV-TD", letter_date=TODAY)


@carries("NDB-01", "NDB-02", "NDB-03", "NDB-04", "NDB-05", "NDB-06", "NDB-07", "LTE-02", "LTE-03", "LDL-02")
def test_from_criteria_to_listed_returned_once(database, as_, client):
    at = begin_and_write(database, as_("preparer"))
    send_and_return(at, as_)

    browser = as_("coordinator")
    nothing, page = post(browser, DESK)
    assert nothing.status_code == 422
    assert "Chưa chọn hồ sơ nào" in page
    post(browser, DESK, **{"ho-so": NationalDossier.objects.get().pk})
    draft = f"{DESK}du-thao/{NationalListDraft.objects.get().number}/"
    assert "Thủ tướng Chính phủ" in browser.get(draft).content.decode()
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        assert browser.get(f"{draft}van-ban/{form}/").content.startswith(start)
    post(browser, f"{draft}trinh/", submission_number="01/TTr", submitted_on=TODAY)
    _, page = post(
        browser,
        f"{draft}phe-duyet/",
        decision_number="11/2026/QĐ-TTg",
        decision_date=TODAY,
        effective_on=TODAY,
    )
    assert "Đã ghi nhận danh mục quốc gia phiên bản 1" in page
    assert "Trong danh mục quốc gia" in as_("preparer").get(at).content.decode()
    database.refresh_from_db()
    assert database.tier == "national"

    client.logout()
    public = client.get("/danh-muc-quoc-gia/1/").content.decode()
    assert "cập nhật hằng tháng" in public
    assert "11/2026/QĐ-TTg" in client.get("/danh-muc-quoc-gia/").content.decode()
    assert "List of national databases" in client.get("/en/danh-muc-quoc-gia/1/").content.decode()
    listed = client.get("/api/v1/national-lists/1").json()
    assert listed["entries"][0]["code"] == database.code
    assert client.get("/api/v1/national-dossiers").status_code == 403


@carries("NDB-03", "NDB-04")
def test_the_papers_say_what_the_dossier_says(database, people, as_):
    dossier = make_ready_dossier(database, actor=people["preparer"])
    browser = as_("preparer")
    papers = f"{DESK}{dossier.number}/van-ban/"

    def told(address):
        pages = pypdf.PdfReader(io.BytesIO(browser.get(address).content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    written = told(f"{papers}thuyet-minh/pdf/")
    for text in (dossier.number, "Dữ liệu chủ được lưu trữ, chia sẻ", "Còn hiệu lực", "Luật Dữ liệu"):
        assert text in written
    assert "bổ sung vào danh mục" in told(f"{papers}cong-van/pdf/")
    assert rows_of(browser.get(f"{papers}thuyet-minh/xlsx/").content)
    assert browser.get(f"{papers}thuyet-minh/docx/").content.startswith(b"PK")
    for wrong in ("cong-van/xlsx/", "khac/pdf/", "thuyet-minh/exe/"):
        assert browser.get(f"{papers}{wrong}").status_code == 404


@carries("SEC-01")
def test_strangers_and_secrets_meet_the_same_refusal(database, people, as_, client):
    dossier = make_ready_dossier(database, actor=people["preparer"])
    at = f"{DESK}{dossier.number}/"
    assert as_("stranger").get(at).status_code == 404
    assert as_("coordinator").get(at).status_code == 404
    assert as_("coordinator").get(f"/lam-viec/csdl/{database.code}/de-xuat-quoc-gia/").status_code == 403
    commands.mark_secret(actor=people["keeper"], database=database, reason="Bí mật nhà nước")
    for name in ("preparer", "head", "coordinator"):
        assert as_(name).get(at).status_code == 404
        assert dossier.number not in client.get(DESK).content.decode()
        assert as_(name).get("/api/v1/national-dossiers").json() == []


@carries("NDB-07")
def test_two_versions_are_compared_in_public(people, client):
    for number, day, text in (
        ("714/QĐ-TTg", "2015-05-22", "CSDL đất đai | Bộ A"),
        ("1/2024", "2024-05-01", "CSDL đất đai | Bộ B\nCSDL dân cư | Bộ C"),
    ):
        commands.record_earlier_list(
            actor=people["coordinator"], decision_number=number, decision_date=timezone.datetime.fromisoformat(day).date(),
            effective_on=timezone.datetime.fromisoformat(day).date(), approver="Thủ tướng Chính phủ", entries=text,
        )  # fmt: skip
    page = client.get("/danh-muc-quoc-gia/so-sanh/?tu=1&den=2").content.decode()
    assert "chủ quản" in page
    assert "CSDL dân cư" in page
    assert client.get("/danh-muc-quoc-gia/so-sanh/?tu=1&den=9").status_code == 404
    assert client.get("/danh-muc-quoc-gia/9/").status_code == 404
