"""Corrections on the desk: reported, worked through, listed, exported; in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.demo import make_actor
from lienthong.agencies.models import Post
from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.addresses import correction_address
from lienthong.authority.correction_rules import RowSaid
from lienthong.authority.models import CorrectionCase, CorrectionState
from lienthong.catalogue.commands import classify_field
from lienthong.catalogue.models import DataField
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries

from .conftest import World


def browser(actor: Actor) -> Client:
    client = Client()
    post = Post.objects.get(person_id=actor.user_id, role=next(iter(actor.roles)))
    client.force_login(post.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[POST_KEY] = post.pk
    session.save()
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def owner(world: World) -> Client:
    return browser(world.owner)


@pytest.fixture
def case(world: World) -> CorrectionCase:
    rows = [RowSaid("changed", {"ma_xa": "00004"}, ("ten_xa",), {"ten_xa": "Xã Mới"}, {"ten_xa": "Xã Cũ"})]
    return commands.report_correction(
        actor=SYSTEM,
        database=world.local,
        reporter=world.health,
        text="Tên xã 00004 còn cũ",
        table="xa",
        rows=rows,
        counts={"changed": 1},
        certificate={
            "equal": False,
            "left": {"source": "sqlite:///bi-mat.sqlite", "table": "xa", "rows": 3, "digest": "ab"},
            "right": {"rows": 3},
        },
        origin="reconciliation",
    )


@carries("QUA-01")
def test_a_case_is_worked_through_on_its_page(world: World, owner: Client, case: CorrectionCase) -> None:
    page = correction_address(case.number)
    assert page == reverse("authority-correction", args=[case.number])
    shown = text_of(owner.get(page))
    assert "Xã Mới" in shown
    assert "Chứng nhận đối soát" in shown
    assert "Tiếp nhận" in shown
    # Where the other side's data lie is nobody's business here.
    assert "bi-mat.sqlite" not in shown
    # A step without its words is refused with the page, and nothing typed is lost.
    refused = owner.post(page, {"viec": "xac-nhan", "kiem-tra-finding": ""})
    assert refused.status_code == 422
    for step in (
        {"viec": "tiep-nhan"},
        {"viec": "xac-nhan", "kiem-tra-finding": "Đúng là tên cũ"},
        {"viec": "dinh-chinh", "measure": "Sửa tên tại nguồn", "proof": "Lần đồng bộ 12"},
        {"viec": "thong-bao", "summary": "Tên xã 00004 đã sửa"},
    ):
        answer = owner.post(page, step)
        assert answer.status_code == 302, text_of(answer)
    consumer = browser(make_actor(world.health, Role.CONSUMER_OFFICER))
    assert "Xác nhận đã nhận" in text_of(consumer.get(page))
    consumer.post(page, {"viec": "da-nhan"})
    consumer.post(page, {"viec": "ket-thuc", "outcome": "Đã thấy tên mới"})
    case.refresh_from_db()
    assert case.state == CorrectionState.CLOSED
    told = text_of(owner.get(page))
    assert "Đã thông báo 1 bên, 1 bên xác nhận đã nhận." in told
    assert "1 consumer was told, 1 confirmed the receipt." in text_of(owner.get(f"/en{page}"))


def test_a_step_that_may_not_be_taken_is_told(owner: Client, case: CorrectionCase) -> None:
    page = correction_address(case.number)
    assert owner.post(page, {"viec": "thong-bao", "summary": "Đã sửa"}).status_code == 422
    assert owner.post(page, {"viec": "khong-co"}).status_code == 422
    case.refresh_from_db()
    assert case.state == CorrectionState.REPORTED


@carries("SEC-02")
def test_personal_values_are_shown_after_a_reason(world: World, owner: Client) -> None:
    field = DataField.objects.get(table__database=world.local, name="ten_xa")
    classify_field(actor=SYSTEM, field=field, personal_data="basic")
    row = RowSaid(
        "changed", {"ma_xa": "00004"}, ("ten_xa",), {"ten_xa": "Nguyễn Văn An"}, {"ten_xa": "Trần B"}
    )
    made = commands.report_correction(
        actor=SYSTEM, database=world.local, reporter=world.health, text="Sai tên", table="xa", rows=[row]
    )
    page = correction_address(made.number)
    assert "Nguyễn Văn An" not in text_of(owner.get(page))
    opened = owner.post(page, {"viec": "xem-gia-tri", "reason": "Đối chiếu hồ sơ gốc"})
    assert "Nguyễn Văn An" in text_of(opened)
    assert "Nguyễn Văn An" not in text_of(owner.get(page))


def test_the_list_is_filtered_and_exported(world: World, owner: Client, case: CorrectionCase) -> None:
    page = text_of(owner.get("/lam-viec/dinh-chinh/"))
    assert case.number in page
    assert "1 hồ sơ đang xử lý" in page
    assert case.number in text_of(owner.get("/lam-viec/dinh-chinh/?ben=nhan&qua=reconciliation"))
    assert "Bỏ điều kiện lọc" in text_of(owner.get("/lam-viec/dinh-chinh/?ben=gui"))
    book = owner.get("/lam-viec/dinh-chinh/xuat.xlsx")
    rows = rows_of(book.content)
    assert any(case.number in row for row in rows)
    stranger = browser(world.stranger)
    assert case.number not in text_of(stranger.get("/lam-viec/dinh-chinh/"))
    assert stranger.get(correction_address(case.number)).status_code == 404


@carries("QUA-01", "GOVF-12")
def test_wrong_data_and_slips_are_entered_from_the_file_of_a_database(world: World, owner: Client) -> None:
    code = world.local.code
    report = f"/lam-viec/csdl/{code}/bao-sai-lech/"
    assert owner.get(report).status_code == 200
    refused = owner.post(report, {"text": "Sai tên", "table": "bang:xa", "columns": "khong_co"})
    assert "Không có cột: khong_co" in text_of(refused)
    sent = owner.post(
        report, {"text": "Sai tên", "table": "bang:xa", "columns": "ten_xa", "keys": "00004\n\n00007\n"}
    )
    made = CorrectionCase.objects.get()
    assert sent["Location"] == correction_address(made.number)
    assert (made.reporter, made.rows.count()) == (world.home, 2)
    slip = f"/lam-viec/csdl/{code}/phieu-canh-bao/"
    owner.post(slip, {"slip": "15/PCB", "received_on": "01/10/2026", "text": "12 mã sai", "table": "xa"})
    entered = CorrectionCase.objects.get(slip="15/PCB")
    assert entered.is_slip
    assert "15/PCB" in text_of(owner.get(correction_address(entered.number)))


def test_programs_read_corrections_without_values(world: World, owner: Client, case: CorrectionCase) -> None:
    listed = owner.get("/api/v1/corrections?origin=reconciliation").json()
    assert [one["number"] for one in listed["items"]] == [case.number]
    assert listed["after"] is None
    commands.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng")
    commands.report_corrected(actor=SYSTEM, case=case, measure="Sửa", certificate={"equal": True})
    commands.broadcast_correction(actor=SYSTEM, case=case, summary="Đã sửa")
    one = owner.get(f"/api/v1/corrections/{case.number}").json()
    assert one["told"][0]["agency"] == world.health.code
    assert "Xã Mới" not in str(one)
    assert one["certificate"]["left"] == {"table": "xa", "rows": 3, "digest": "ab"}
    assert browser(world.stranger).get(f"/api/v1/corrections/{case.number}").status_code == 404


@carries("QUA-01", "SEC-02")
def test_a_correction_goes_out_as_a_report(world: World, owner: Client, case: CorrectionCase) -> None:
    from lienthong.authority.correction_papers import correction_paper
    from lienthong.foundation.papers.shapes import Grid, Text

    page = reverse("authority-correction-paper", args=[case.number, "docx"])
    # Given a case that was reported only: what is not there yet is said.
    before = correction_paper(case)
    assert any(isinstance(one, Text) and one.text == "Chưa thông báo." for one in before.blocks)
    # And its tables are counted through, though nobody was told yet.
    captions = [one.caption.partition(".")[0] for one in before.blocks if isinstance(one, Grid)]
    assert captions == [f"Bảng {place}" for place in range(1, len(captions) + 1)]
    # When it was worked through.
    commands.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng là tên cũ")
    commands.report_corrected(actor=SYSTEM, case=case, measure="Sửa tên tại nguồn", proof="Lần đồng bộ 12")
    commands.broadcast_correction(actor=SYSTEM, case=case, summary="Tên xã 00004 đã sửa")
    # Then the report holds the row, the finding, the proof, who was told and the terms, in both languages.
    paper = correction_paper(after := CorrectionCase.objects.get(pk=case.pk))
    cells = [cell for one in paper.blocks if isinstance(one, Grid) for row in one.rows for cell in row]
    texts = " ".join(one.text for one in paper.blocks if isinstance(one, Text))
    assert {"00004", "Xã Mới", "Xã Cũ", world.health.name, "đúng hạn"} <= set(cells)
    assert all(
        part in texts
        for part in ("Đúng là tên cũ", "Sửa tên tại nguồn", "Lần đồng bộ 12", "Tên xã 00004 đã sửa")
    )
    assert paper.data["ho_so"] == case.number
    english = correction_paper(after, "en")
    assert "The data were found wrong" in " ".join(
        one.text for one in english.blocks if isinstance(one, Text)
    )
    assert owner.get(page).content.startswith(b"PK")
    assert owner.get(reverse("authority-correction-paper", args=[case.number, "pdf"])).content.startswith(
        b"%PDF"
    )
    assert owner.get(reverse("authority-correction-paper", args=[case.number, "xlsx"])).status_code == 404
    # Who may not know of the case gets no paper of it.
    assert browser(world.stranger).get(page).status_code == 404


@carries("SEC-02")
def test_the_report_masks_personal_values(world: World) -> None:
    from lienthong.authority.correction_papers import correction_paper
    from lienthong.foundation.papers.shapes import Grid

    field = DataField.objects.get(table__database=world.local, name="ten_xa")
    classify_field(actor=SYSTEM, field=field, personal_data="basic")
    row = RowSaid(
        "changed", {"ma_xa": "00004"}, ("ten_xa",), {"ten_xa": "Nguyễn Văn An"}, {"ten_xa": "Trần B"}
    )
    made = commands.report_correction(
        actor=SYSTEM, database=world.local, reporter=world.health, text="Sai tên", table="xa", rows=[row]
    )
    grids = [one for one in correction_paper(made).blocks if isinstance(one, Grid)]
    assert "Nguyễn Văn An" not in str(grids)
    assert "00004" in str(grids)
