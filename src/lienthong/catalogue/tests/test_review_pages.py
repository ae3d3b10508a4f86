"""A catalogue review in the pages, from its opening to the compared versions; its papers; the API."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pypdf
import pytest
import python_calamine
from django.utils import timezone

from lienthong.agencies.demo import make_actor
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import declare_all, issue_now, make_described_database, make_review
from lienthong.catalogue.issue_papers import annex_blocks, decision_paper, paper_of_issued
from lienthong.catalogue.models import CatalogueReview, Database
from lienthong.foundation.accounts.models import User
from lienthong.foundation.papers import pdf, word
from lienthong.foundation.tracing import carries

DESK = "/lam-viec/ra-soat-danh-muc/"
TODAY = timezone.localdate()


@pytest.fixture
def as_(client):
    def sign_in(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return sign_in


@pytest.fixture
def people(world):
    return {
        "it": make_actor(world.province, Role.IT_UNIT),
        "head": make_actor(world.province, Role.HEAD),
        "justice": make_actor(world.justice, Role.DATABASE_OWNER),
        "health": make_actor(world.health, Role.DATABASE_OWNER),
        "stranger": make_actor(world.ministry, Role.HEAD),
    }


@pytest.fixture
def database(world):
    return make_described_database(world.province, managing_unit=world.justice, name="CSDL hộ tịch")


def sheet_of(content, place):
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_index(place)
        .to_python()
    )


def texts(response):
    return response.content.decode()


@carries("CAT-02", "CAT-03")
def test_a_review_from_its_opening_to_the_issued_version(world, people, database, as_):
    browser = as_(people["it"])
    assert "Chưa có đợt rà soát danh mục nào" in texts(browser.get(DESK))
    opened = {
        "document_number": "112/KH-UBND",
        "opened_on": (TODAY - timedelta(days=40)).isoformat(),
        "place": "An Lộc",
        "guidance": "Rà soát toàn bộ cơ sở dữ liệu.",
        "units": [world.justice.pk, world.health.pk],
    }
    form = texts(browser.get(f"{DESK}mo/"))
    assert "25/11/2020" in form
    refused = browser.post(f"{DESK}mo/", opened | {"document_number": ""})
    assert refused.status_code == 422
    assert "Rà soát toàn bộ cơ sở dữ liệu." in texts(refused)
    browser.post(f"{DESK}mo/", opened)
    review = CatalogueReview.objects.get()
    page = f"{DESK}{review.number}/"
    first = texts(browser.get(page))
    assert "0/2 đơn vị đã khai báo" in first
    assert "2 đơn vị quá hạn" in first
    assert "Đã đôn đốc 2 đơn vị" in texts(browser.post(page, {"viec": "don-doc"}, follow=True))

    browser = as_(people["justice"])
    own = f"{page}don-vi/H99.07/"
    assert "Mới so với danh mục đã ban hành" in texts(browser.get(own))
    refused = browser.post(own, {"viec": "gui", "note": "Đã xem"})
    assert (refused.status_code, "CSDL hộ tịch" in texts(refused), "Đã xem" in texts(refused)) == (
        422,
        True,
        True,
    )
    browser.post(own, {"viec": "gui", f"answer-{database.code}": "stands"})
    assert "Đã gửi khai báo" in texts(browser.get(own))
    assert browser.get(f"{page}don-vi/H99.11/").status_code == 404
    as_(people["health"]).post(f"{page}don-vi/H99.11/", {"viec": "gui", "holds_none": "on"})

    browser = as_(people["it"])
    blocked = browser.post(page, {"viec": "du-thao"})
    assert blocked.status_code == 409
    assert "Sở Tư pháp: khai báo chưa được chấp nhận" in texts(blocked)
    for code in ("H99.07", "H99.11"):
        browser.post(f"{page}don-vi/{code}/", {"viec": "chap-nhan"})
    browser.post(page, {"viec": "du-thao"})
    assert "Dự thảo phiên bản 1: 1 cơ sở dữ liệu" in texts(browser.get(page))
    browser.post(f"{page}trinh/", {"number": "15/TTr-SKHCN", "day": TODAY.isoformat()})
    assert browser.get(f"{page}ban-hanh/").status_code == 403

    browser = as_(people["head"])
    assert "phiên bản 1" in texts(browser.get(f"{page}ban-hanh/"))
    decision = {"decision_number": "21/QĐ-UBND", "decision_date": TODAY.isoformat()}
    assert browser.post(f"{page}ban-hanh/", decision | {"decision_number": ""}).status_code == 422
    browser.post(f"{page}ban-hanh/", decision)
    assert "Phiên bản 1, Quyết định số 21/QĐ-UBND" in texts(browser.get(page))
    assert "CSDL hộ tịch" in texts(browser.get("/danh-muc/H99/1/"))
    assert "Issue version" not in texts(browser.get(f"/en{page}"))


def test_others_do_not_see_a_review(world, people, as_):
    review = make_review(world.province, [world.justice], actor=people["it"])
    for who in ("stranger", "health"):
        browser = as_(people[who])
        expected = 404 if who == "stranger" else 200
        assert browser.get(f"{DESK}{review.number}/").status_code == expected
        assert browser.get(f"{DESK}{review.number}/don-vi/H99.07/").status_code == 404
    assert browser.post(f"{DESK}{review.number}/", {"viec": "du-thao"}).status_code == 403
    assert browser.get(f"{DESK}mo/").status_code == 403


@pytest.fixture
def two_versions(world, people, database):
    review = make_review(world.province, [world.justice, world.health], actor=people["it"])
    declare_all(review)
    first = issue_now(review, number="21/QĐ-UBND")
    commands.amend_database(actor=people["justice"], database=database, purpose="Giải quyết thủ tục hộ tịch.")
    make_described_database(
        world.province,
        managing_unit=world.health,
        name="CSDL bệnh án điện tử",
        legal_basis="Nghị định số 47/2020/NĐ-CP",
    )
    review = make_review(world.province, [world.justice, world.health], actor=people["it"])
    declare_all(review)
    return first, issue_now(review, number="30/QĐ-UBND")


@carries("CAT-02")
def test_two_versions_are_compared_on_a_page_in_a_table_and_by_programs(client, two_versions):
    address = "/danh-muc/H99/so-sanh/"
    page = texts(client.get(f"{address}?tu=1&den=2"))
    assert "Phiên bản 1 → 2: 2 cơ sở dữ liệu thay đổi" in page
    assert "Giải quyết thủ tục hộ tịch." in page
    narrowed = texts(client.get(f"{address}?tu=1&den=2&loai=new"))
    assert "CSDL bệnh án điện tử" in narrowed
    assert "Giải quyết thủ tục hộ tịch." not in narrowed
    assert "Không có kết quả với 1 điều kiện lọc" in texts(client.get(f"{address}?tu=1&den=2&q=khong+co"))
    assert "không có thay đổi" in texts(client.get(f"{address}?tu=2&den=2"))

    answer = client.get(f"{address}?tu=1&den=2&dang=xlsx")
    rows = sheet_of(answer.content, 0)
    changed = next(row for row in rows if row[4] == "Mục đích")
    assert changed[6] == "Giải quyết thủ tục hộ tịch."

    said = client.get("/api/v1/catalogues/H99/compare?older=1&newer=2").json()
    assert {one["name"]: one["kind"] for one in said["differences"]} == {
        "CSDL hộ tịch": "changed",
        "CSDL bệnh án điện tử": "new",
    }
    assert said["counts"] == {"new": 1, "changed": 1, "ended": 0}
    assert [one["version"] for one in client.get("/api/v1/catalogues/H99").json()] == [2, 1]


@carries("CAT-02", "CAT-06")
def test_the_decision_and_its_annex_as_papers(client, two_versions):
    for form in ("pdf", "docx", "xlsx"):
        answer = client.get(f"/danh-muc/H99/2/van-ban/{form}/")
        assert answer.status_code == 200
        if form == "pdf":
            pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
            said = " ".join(" ".join(page.extract_text() for page in pages).split())
            assert pages[-1].mediabox.width > pages[-1].mediabox.height
        elif form == "docx":
            found = docx.Document(io.BytesIO(answer.content))
            said = " ".join(paragraph.text for paragraph in found.paragraphs)
            assert found.sections[-1].page_width > found.sections[-1].page_height
            said += " ".join(cell.text for row in found.tables[-1].rows for cell in row.cells)
            assert "30/QĐ-UBND" in " ".join(cell.text for cell in found.tables[0].rows[0].cells)
        else:
            said = " ".join(str(value) for row in sheet_of(answer.content, 0) for value in row)
            assert len(sheet_of(answer.content, 1)) > 5
        assert "CSDL bệnh án điện tử" in said
        assert "CSDL hộ tịch" in said
        if form != "xlsx":
            assert "thay thế Quyết định số 21/QĐ" in said
            assert "Căn cứ Luật Dữ liệu" in said
        else:
            assert f"Hiệu lực của căn cứ tại {TODAY:%d/%m/%Y}" in said
    assert client.get("/danh-muc/H99/2/van-ban/exe/").status_code == 404


@carries("GOVF-03")
def test_the_annex_has_two_parts_where_entries_say_so(two_versions):
    written = paper_of_issued(two_versions[1])
    assert len(annex_blocks(written)) == 1
    written.entries[0]["catalogue_part"] = "other"
    assert [block.caption for block in annex_blocks(written)] == [
        "Phần A. Dữ liệu gốc của cơ quan",
        "Phần B. Dữ liệu khác",
    ]


def test_sixty_long_names_fill_pages_that_lie(two_versions):
    written = paper_of_issued(two_versions[1])
    entry = dict(
        written.entries[0], name="CSDL theo dõi, quản lý hồ sơ người có công với cách mạng và thân nhân " * 2
    )
    written.entries.extend([entry] * 60)
    made = decision_paper(written)
    pages = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(made))).pages
    assert (
        sum("Tên cơ sở dữ liệu" in page.extract_text().replace("\n", " ") for page in pages) == len(pages) - 1
    )
    table = docx.Document(io.BytesIO(word.to_docx(made))).tables[-1]
    assert len(table.rows) == 63
    assert Database.objects.count() == 2
