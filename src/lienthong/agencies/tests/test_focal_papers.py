"""The decision on a focal officer as a paper: number, basis of its day, duties, powers, who is replaced (D.3)."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document
from python_calamine import CalamineWorkbook

from lienthong.agencies import commands, demo, focal_papers
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.papers.shapes import Points, Text
from lienthong.foundation.papers.word import to_docx
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    load_law(actor=SYSTEM)


def texts(paper: Any) -> str:
    return "\n".join(
        block.text if isinstance(block, Text) else " ".join(block.items)
        for block in paper.blocks
        if isinstance(block, (Text, Points))
    )


@carries("FOC-01", "FOC-02", "FOC-03")
def test_the_decision_says_who_from_when_with_which_duties_and_powers(province: Agency) -> None:
    demo.make_post(
        demo.make_person("chu-tich", "Phạm Quốc Tuấn"), province, Role.HEAD, title="Chủ tịch UBND tỉnh"
    )
    paper = focal_papers.decision_paper(demo.make_focal_officer(province))
    assert paper.number == "Số: 15/QĐ-UBND"
    assert paper.title == "Quyết định"
    assert paper.deciding == "Chủ tịch UBND tỉnh"
    assert paper.signer_name == "Phạm Quốc Tuấn"
    assert paper.dated.endswith("ngày 15 tháng 7 năm 2025")
    said = texts(paper)
    assert "Cử ông (bà) Nguyễn Thị Thu Hà" in said
    assert "Tổng hợp danh mục cơ sở dữ liệu" in said
    assert "Báo cáo người đứng đầu" in said


@carries("CFG-01")
def test_it_rests_on_the_law_of_its_day(province: Agency) -> None:
    before = focal_papers.decision_paper(demo.make_focal_officer(province))
    assert any("47/2020" in line for line in before.basis)
    assert not any("278/2025" in line for line in before.basis)
    neighbour = demo.make_agency("H98", "UBND tỉnh Bình Yên")
    after = focal_papers.decision_paper(demo.make_focal_officer(neighbour, decision_date=date(2025, 10, 22)))
    assert any("278/2025" in line for line in after.basis)
    assert not any("47/2020" in line for line in after.basis)
    told = focal_papers.decision_sheets(province.focal_appointments.get())[1].rows
    old = next(row for row in told if "47/2020" in row[0])
    assert "Hết hiệu lực" not in old[1]
    assert "Hết hiệu lực" in old[2]


@carries("FOC-01")
def test_a_replacement_names_whom_it_replaces_and_a_nomination_is_a_draft(province: Agency) -> None:
    demo.make_focal_officer(province)
    second = commands.nominate_focal_officer(
        actor=SYSTEM,
        agency=province,
        full_name="Lý Thị Kim Oanh",
        position="Chuyên viên",
        function="Đầu mối dữ liệu",
        phone="0200 3800 100",
        email="oanh@anloc.example",
    )
    draft = focal_papers.decision_paper(second)
    assert draft.number.strip().endswith("/QĐ")
    assert draft.about.startswith("Về việc thay cán bộ đầu mối")
    assert draft.signer_name == ""
    commands.appoint_focal_officer(
        actor=SYSTEM,
        appointment=second,
        decision_number="30/QĐ-UBND",
        decision_date=date(2025, 9, 1),
        duties="Theo dõi kết nối; trả lời vướng mắc",
        powers="Yêu cầu cung cấp",
        professional_field="Lưu trữ",
        capability="Tham mưu",
    )
    second.refresh_from_db()
    said = texts(focal_papers.decision_paper(second))
    assert "Nguyễn Thị Thu Hà thôi làm cán bộ đầu mối" in said
    assert "Quyết định số 15/QĐ-UBND ngày 15/07/2025 được thay thế" in said
    assert "Theo dõi kết nối; - " not in said
    document = Document(io.BytesIO(to_docx(focal_papers.decision_paper(second), None)))
    body = "\n".join(one.text for one in document.paragraphs)
    assert "QUYẾT ĐỊNH:" in body
    assert "Điều 4." in body


def test_the_files_are_given_to_those_who_see_the_file_of_the_agency(
    province: Agency, neighbour: Agency
) -> None:
    officer = demo.make_focal_officer(province)
    place = f"/lam-viec/co-quan/{province.code}/dau-moi/{officer.pk}/quyet-dinh."
    people = {one: demo.make_person(f"{one.code}-head") for one in (province, neighbour)}
    for agency, person in people.items():
        demo.make_post(person, agency, Role.HEAD)
    client = Client()
    client.force_login(people[province])
    assert client.get(f"{place}pdf").content[:5] == b"%PDF-"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{place}xlsx").content))
    assert book.sheet_names == ["Quyết định", "Căn cứ"]
    assert client.get(f"{place}odt").status_code == 404
    client.force_login(people[neighbour])
    assert client.get(f"{place}pdf").status_code == 403
