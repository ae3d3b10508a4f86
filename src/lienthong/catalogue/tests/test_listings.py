"""A list of databases: merged headings, 500 rows, each with what became of it; taken over once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthong.agencies import demo as agencies
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import make_database
from lienthong.catalogue.models import Database
from lienthong.catalogue.writing import databases_workbook
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.errors import ListColumnsMissing
from lienthong.foundation.tracing import carries

ROWS = 500


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def catalogue_workbook(path: Path, rows: int = ROWS, **changed: str) -> bytes:
    """A catalogue as offices keep it: title lines, a heading of two rows with merged cells, and its rows."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh mục")
        sheet.merge_range("A1:H1", "DANH MỤC CƠ SỞ DỮ LIỆU")
        sheet.merge_range("A2:H2", "(Kèm theo Quyết định số 15/QĐ-UBND)")
        for column, title in enumerate(("STT", "Tên cơ sở dữ liệu", "Loại CSDL")):
            sheet.merge_range(3, column, 4, column, title)
        sheet.merge_range("D4:E4", "Cơ quan")
        sheet.write_row("D5", ["chủ quản", "Đơn vị quản lý"])
        for column, title in enumerate(("Căn cứ pháp lý", "Mục đích", "Nội dung chính", "Cập nhật"), start=5):
            sheet.merge_range(3, column, 4, column, title)
        for number in range(1, rows + 1):
            given = {
                "name": f"CSDL chuyên ngành {number}",
                "tier": "Cơ sở dữ liệu nội bộ" if number % 3 else "CSDL dùng chung của địa phương",
                "unit": "Sở Tư pháp" if number % 2 else "Sở Y tế",
                "basis": f"Quyết định số {number}/QĐ-UBND",
            } | (changed if number == 1 else {})
            sheet.write_row(
                4 + number,
                0,
                [
                    number, given["name"], given["tier"], "UBND tỉnh An Lộc", given["unit"], given["basis"],
                    "Quản lý nhà nước", "Hồ sơ, kết quả", "Cập nhật hằng ngày",
                ],
            )  # fmt: skip
    return path.read_bytes()


def handed_in(actor: Actor, content: bytes, name: str = "danh-muc.xlsx") -> StoredFile:
    return commands.hand_in_listing(actor=actor, upload=SimpleUploadedFile(name, content))


@carries("CAT-01", "CAT-06")
def test_a_catalogue_of_500_rows_is_taken_over_once(world: Any, tmp_path: Path) -> None:
    actor = world.actor(world.province, Role.IT_UNIT)
    file = handed_in(actor, catalogue_workbook(tmp_path / "a.xlsx"))
    report = commands.take_over_listing(actor=actor, file=file)
    assert [report.count(verdict) for verdict in ("new", "changed", "unchanged", "refused")] == [
        ROWS,
        0,
        0,
        0,
    ]
    # The rows are numbered as the spreadsheet numbers them: two titles, an empty row, a heading of two rows.
    assert [line.number for line in report.lines[:2]] == [6, 7]
    first = Database.objects.get(name="CSDL chuyên ngành 3")
    assert (first.tier, first.owner, first.managing_unit) == ("local", world.province, world.justice)
    assert (first.legal_basis, first.scope, first.local_base) == (
        "Quyết định số 3/QĐ-UBND",
        "Hồ sơ, kết quả",
        "built_for_egovernment",
    )

    before = (Database.objects.count(), Event.objects.count())
    again = commands.take_over_listing(actor=actor, file=file)
    assert again.count("unchanged") == ROWS
    assert (Database.objects.count(), Event.objects.count()) == before

    amended = catalogue_workbook(tmp_path / "b.xlsx", rows=3, basis="Luật số 1")
    report = commands.take_over_listing(actor=actor, file=handed_in(actor, amended))
    assert [line.verdict for line in report.lines] == ["changed", "unchanged", "unchanged"]
    assert report.lines[0].said_vi == "Sửa căn cứ pháp lý"


def test_a_row_that_cannot_be_taken_is_said_and_the_others_are_kept(world: Any) -> None:
    text = (
        "Tên CSDL,Mã CSDL,Loại,Đơn vị quản lý,Căn cứ,Mục đích,Phạm vi,Thu thập\n"
        "Đủ nội dung,H99.07.DB50,nội bộ,Sở Tư pháp,Quyết định 1,a,b,c\n"
        "Không rõ đơn vị,,nội bộ,Sở Không Có,Quyết định 1,a,b,c\n"
        "Thiếu căn cứ,,nội bộ,Sở Tư pháp,,a,b,c\n"
        "Loại lạ,,kỳ lạ,Sở Tư pháp,Quyết định 1,a,b,c\n"
        "Trùng,H99.07.DB50,nội bộ,Sở Tư pháp,Quyết định 1,a,b,c\n"
    )
    actor = world.owner
    report = commands.take_over_listing(actor=actor, file=handed_in(actor, text.encode(), "ds.csv"))
    assert [line.verdict for line in report.lines] == ["new", "refused", "refused", "refused", "refused"]
    said = [line.said_vi for line in report.lines]
    assert "Không có đơn vị “Sở Không Có”" in said[1]
    assert said[4].startswith("“Trùng” đã có ở dòng 2.")
    assert Database.objects.count() == 1


def test_a_dry_run_leaves_no_trace_and_says_the_same(world: Any, tmp_path: Path) -> None:
    actor = world.actor(world.province, Role.IT_UNIT)
    file = handed_in(actor, catalogue_workbook(tmp_path / "a.xlsx", rows=5))
    tried = commands.take_over_listing(actor=actor, file=file, dry_run=True)
    assert not Database.objects.exists()
    assert commands.take_over_listing(actor=actor, file=file) == tried


def test_only_who_registers_may_and_units_elsewhere_stay_out(world: Any, tmp_path: Path) -> None:
    content = catalogue_workbook(tmp_path / "a.xlsx", rows=4)
    with pytest.raises(NotAllowed):
        handed_in(world.actor(world.province, Role.CONSUMER_OFFICER), content)
    elsewhere = world.actor(world.ministry, Role.DATABASE_OWNER)
    report = commands.take_over_listing(actor=elsewhere, file=handed_in(elsewhere, content))
    assert report.count("refused") == 4
    with pytest.raises(ListColumnsMissing):
        commands.take_over_listing(actor=world.owner, file=handed_in(world.owner, b"x,y\n1,2\n", "ds.csv"))


def test_the_page_shows_each_row_before_anything_is_registered(
    client: Client, tmp_path: Path, db: None
) -> None:
    people = agencies.fill_agencies(SYSTEM)["people"]
    client.force_login(people["cntt"], backend="django.contrib.auth.backends.ModelBackend")
    text = "Tên CSDL,Loại,Căn cứ,Mục đích,Phạm vi,Thu thập\nCSDL thử,nội bộ,Quyết định 1,a,b,c\n"
    upload = SimpleUploadedFile("ds.csv", text.encode())
    handed = client.post(reverse("catalogue-list"), {"upload": upload})
    page = client.get(handed["Location"]).content.decode()
    assert "CSDL thử" in page
    assert not Database.objects.exists()
    client.post(handed["Location"])
    assert Database.objects.get().name == "CSDL thử"
    client.force_login(people["khai-thac"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("catalogue-list")).status_code == 403


@carries("LDL-05", "LDL-07", "GOVF-01", "GOVF-03", "D165-01")
def test_the_workbook_of_databases_taken_over_again_changes_nothing(world: Any) -> None:
    actor = world.actor(world.province, Role.IT_UNIT)
    database = make_database(world.province, managing_unit=world.justice)
    commands.amend_database(
        actor=actor,
        database=database,
        criticality="important",
        criticality_decision="12/QĐ-STP",
        criticality_date=date(2026, 9, 1),
        layers=["original", "master"],
        core_domain="address",
        catalogue_part="own",
        identifier_keys="Mã xã, 5 chữ số",
        digitised_from=["procedure_results", "electronic"],
        is_mandatory=True,
        mandatory_item="Phụ lục I, mục 7",
        storage_months=120,
        storage_procedure="Quy trình số 5/QT-STP",
        storage_procedure_url="https://vanban.example.vn/5",
    )
    content = databases_workbook(Database.objects.all())

    report = commands.take_over_listing(actor=actor, file=handed_in(actor, content))
    assert [line.verdict for line in report.lines] == ["unchanged"]

    Database.objects.filter(pk=database.pk).update(layers=[], criticality="", storage_months=None)
    report = commands.take_over_listing(actor=actor, file=handed_in(actor, content))
    assert [line.verdict for line in report.lines] == ["changed"]
    database.refresh_from_db()
    assert (database.layers, database.criticality, database.storage_months) == (
        ["original", "master"],
        "important",
        120,
    )


def test_a_cell_that_names_no_class_is_refused_with_its_words(world: Any) -> None:
    text = (
        "Tên CSDL,Mã CSDL,Loại CSDL,Căn cứ,Mục đích,Phạm vi,Thu thập,Mức độ quan trọng,Quyết định phân loại,Ngày phân loại\n"
        "Một,H99.07.DB51,nội bộ,Quyết định 1,a,b,c,cốt lõi,12/QĐ,01/09/2026\n"
        "Hai,H99.07.DB52,nội bộ,Quyết định 1,a,b,c,tuyệt mật,12/QĐ,01/09/2026\n"
        "Ba,H99.07.DB53,nội bộ,Quyết định 1,a,b,c,khác,,\n"
    )
    report = commands.take_over_listing(
        actor=world.owner, file=handed_in(world.owner, text.encode(), "ds.csv")
    )
    assert [line.verdict for line in report.lines] == ["new", "refused", "refused"]
    assert "tuyệt mật" in report.lines[1].said_vi
    assert Database.objects.get().criticality == "core"
