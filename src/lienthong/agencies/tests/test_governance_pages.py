"""What people see of data governance: the desk's page with its acts, the public pages, the papers, the API."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from time_machine import travel

from lienthong.agencies import commands, demo, governance, governance_papers
from lienthong.agencies.models import GovernanceBody, GovernanceCase, GovernanceList
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law
from tests.worlds import anew

pytestmark = pytest.mark.django_db
PLACE = "/lam-viec/co-quan/H99/quan-tri/"
DECISION = {"decision_number": "1800/QĐ-UBND", "decision_date": "2026-11-02", "valid_from": ""}


TODAY = "2026-11-19 10:00+07:00"


@pytest.fixture(scope="module")
def built(standing: Path) -> dict[str, Any]:
    """Built once; each test finds it as it was."""
    with travel(TODAY, tick=False):
        load_law(actor=SYSTEM)
        found = demo.fill_agencies(SYSTEM)
        demo.fill_governance(SYSTEM)
    return found


@pytest.fixture
def world(
    built: dict[str, Any], db: None, settings: Any, tmp_path: Path, time_machine: Any
) -> dict[str, Any]:
    settings.DATA_DIR = tmp_path
    time_machine.move_to(TODAY, tick=False)
    return anew(built)


def as_(world: dict[str, Any], username: str) -> Client:
    client = Client()
    client.force_login(world["people"][username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


@carries("GOVF-04", "GOVF-05", "OTH-10")
def test_the_desk_tells_what_is_missing_by_when_and_where_it_is_written(world: dict[str, Any]) -> None:
    page = text_of(as_(world, "nguoi-dung-dau").get(PLACE))
    for said in (
        "Có 3/5 bộ phận, còn thiếu: bộ phận tuân thủ, bộ phận đổi mới sáng tạo dữ liệu",
        "Phụ lục 1",
        "hạn 14/10/2026",
        "Quá hạn",
        "142/QĐ-UBND",
        "Người đứng đầu Sở Nội vụ tỉnh An Lộc",
        "Xác nhận đủ năm bộ phận",
    ):
        assert said in page, said
    english = text_of(as_(world, "nguoi-dung-dau").get(f"/en{PLACE}"))
    assert "3 of 5 bodies, missing: compliance body, data innovation body" in english


def test_the_way_is_gone_on_the_pages(world: dict[str, Any]) -> None:
    head, it_unit = as_(world, "nguoi-dung-dau"), as_(world, "cntt")
    refused = head.post(f"{PLACE}hoan-tat/")
    assert refused.status_code == 409
    assert "Còn thiếu" in text_of(refused)
    for kind, more in (
        ("innovation", {"unit": "H99.05"}),
        ("compliance", {"unit": "G98", "is_police": "on"}),
    ):
        answer = head.post(f"{PLACE}bo-phan/", {"kind": kind, "lead_name": "Vũ Đức", **more, **DECISION})
        assert answer.status_code == 302, text_of(answer)
    assert head.post(f"{PLACE}hoan-tat/").status_code == 302
    sent = it_unit.post(
        f"{PLACE}gui-danh-sach/", {"letter_number": "2210/UBND-KHCN", "sent_on": "2026-11-10"}
    )
    assert sent.status_code == 302
    assert it_unit.post(f"{PLACE}tap-huan/", {"training": "Bốn buổi", "trained_on": ""}).status_code == 302
    assert head.post(f"{PLACE}hang-nam/", {"running_since": ""}).status_code == 302
    assert GovernanceCase.objects.get().state == "running"
    wrong = head.post(f"{PLACE}bo-phan/", {"kind": "creation", "unit": "G99", "lead_name": "X", **DECISION})
    assert wrong.status_code == 422
    assert "không phải đơn vị đang hoạt động" in text_of(wrong)


def test_each_page_opens_for_whom_it_is_and_for_nobody_else(world: dict[str, Any]) -> None:
    head, it_unit = as_(world, "nguoi-dung-dau"), as_(world, "cntt")
    body = GovernanceBody.objects.first()
    assert body is not None
    for part in ("nguoi-chiu-trach-nhiem/", "bo-phan/", "ban-chi-dao/", f"bo-phan/{body.pk}/ket-thuc/"):
        assert head.get(f"{PLACE}{part}").status_code == 200, part
        assert it_unit.get(f"{PLACE}{part}").status_code == 403, part
    for part in ("nhan-su/", "dau-moi-xa/", "cua-ket-noi/", "van-ban/", "gui-danh-sach/", "tap-huan/", "ky/"):
        assert it_unit.get(f"{PLACE}{part}").status_code == 200, part
        assert as_(world, "khai-thac").get(f"{PLACE}{part}").status_code == 403, part
    assert head.get(f"{PLACE}ky/").status_code == 403
    assert as_(world, "nguoi-dung-dau-bo").get(PLACE).status_code == 403
    assert Client().get(PLACE).status_code == 302
    assert as_(world, "dieu-phoi").post(f"{PLACE}don-doc/").status_code == 302
    moved = head.get("/lam-viec/co-quan/H99.01/quan-tri/")
    assert moved.headers["Location"] == PLACE


@carries("GOVF-05")
def test_the_public_sees_who_answers_and_no_telephone(world: dict[str, Any], client: Client) -> None:
    listed = text_of(client.get("/quan-tri-du-lieu/"))
    assert "Lê Hoàng Nam" in listed
    page = text_of(client.get("/quan-tri-du-lieu/H99/"))
    assert "Phó Giám đốc Sở Khoa học và Công nghệ" in page
    assert "Sở Nội vụ tỉnh An Lộc" in page
    assert "0200 3800 205" not in page
    assert "le.hoang.nam" not in page
    assert client.get("/quan-tri-du-lieu/H99.01/").status_code == 404
    told = client.get("/api/v1/agencies/H99/governance").json()
    assert told["state"] == "officer_appointed"
    assert told["data_officer"]["decision_number"] == "1710/QĐ-UBND"
    assert {one["body"] for one in told["bodies"] if one["unit"]} == {"governance", "engineering", "creation"}
    assert "phone" not in str(told["data_officer"])


@carries("GOVF-05")
def test_the_list_is_a_paper_and_a_workbook(world: dict[str, Any]) -> None:
    head = as_(world, "nguoi-dung-dau")
    book = head.get(f"{PLACE}danh-sach/0.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_name("Nhân sự").to_python()
    assert any("Lê Hoàng Nam" in row for row in rows)
    assert head.get(f"{PLACE}danh-sach/0.pdf").content[:5] == b"%PDF-"
    assert head.get(f"{PLACE}danh-sach/0.docx").content[:2] == b"PK"
    assert head.get(f"{PLACE}danh-sach/7.pdf").status_code == 404
    assert head.get(f"{PLACE}danh-sach/0.exe").status_code == 404
    province = GovernanceCase.objects.get().agency
    content = governance.list_content(governance.governance_of(province))
    sent = GovernanceList(letter_number="2210/UBND", sent_on=governance.governance_of(province).on)
    paper = governance_papers.list_paper(province, content, sent)
    assert paper.number == "Số: 2210/UBND"
    assert any("4856" in line for line in paper.basis)


def test_filling_twice_changes_nothing(world: dict[str, Any]) -> None:
    before = GovernanceCase.objects.get().pk
    assert demo.fill_governance(SYSTEM).pk == before
    assert commands.governance.case_of(GovernanceCase.objects.get().agency).pk == before
