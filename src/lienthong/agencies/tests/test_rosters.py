"""A list of agencies: read as people write it, reported row by row, taken over once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthong.agencies import commands, demo
from lienthong.agencies.commands.rosters import CUES
from lienthong.agencies.models import Agency, IdentifierCode
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events.models import Event
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.errors import ListColumnsMissing, ListKindRefused
from lienthong.foundation.lists.reading import fields_of
from lienthong.foundation.lists.reports import ListReport
from lienthong.foundation.tracing import carries

pytestmark = pytest.mark.django_db

LIST = """Mã định danh,Mã theo QCVN 102,Tên đơn vị,Điện thoại
G12.18,,Cục Thuế,024 1
,000.00.00.G12,Bộ Tài chính,
G12.18.05,000.05.18.G12,Chi cục Thuế số 5,
G12.18.05,,Ghi hai lần,
G77.01,,Không có cấp trên,
sai mã,,Đơn vị X,
G12.02,000.00.03.G12,Hai mã lệch nhau,
,,,
Z99ABC,,Hội Y,
"""


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def handed_in(text: str | bytes = LIST, name: str = "don-vi.csv") -> StoredFile:
    content = text.encode() if isinstance(text, str) else text
    return commands.hand_in_roster(actor=SYSTEM, upload=SimpleUploadedFile(name, content))


def verdicts(report: ListReport) -> dict[str, str]:
    return {line.name: line.verdict for line in report.lines}


@carries("IDC-01")
def test_each_row_is_taken_or_refused_with_its_reason() -> None:
    report = commands.take_over_roster(actor=SYSTEM, file=handed_in())
    assert verdicts(report) == {
        "Cục Thuế": "new",
        "Bộ Tài chính": "new",
        "Chi cục Thuế số 5": "new",
        "Ghi hai lần": "refused",
        "Không có cấp trên": "refused",
        "Đơn vị X": "refused",
        "Hai mã lệch nhau": "refused",
        "Hội Y": "new",
    }
    said = {line.name: line.said_vi for line in report.lines}
    assert said["Ghi hai lần"].startswith("Mã G12.18.05 đã có ở dòng 4.")
    assert "“G77”" in said["Không có cấp trên"]
    assert "G12.03" in said["Hai mã lệch nhau"]
    below = Agency.objects.get(code="G12.18.05")
    assert (below.parent.code, below.parent.parent.name) == ("G12.18", "Bộ Tài chính")  # type: ignore[union-attr]
    assert Event.objects.filter(name="agencies.RosterTakenOver").count() == 1


@carries("IDC-01")
def test_the_same_list_again_changes_nothing() -> None:
    commands.take_over_roster(actor=SYSTEM, file=handed_in())
    before = (Agency.objects.count(), IdentifierCode.objects.count(), Event.objects.count())
    again = commands.take_over_roster(actor=SYSTEM, file=handed_in())
    assert again.changes == 0
    assert (Agency.objects.count(), IdentifierCode.objects.count(), Event.objects.count()) == before


def test_names_and_contacts_follow_the_list_and_gaps_leave_them() -> None:
    commands.take_over_roster(actor=SYSTEM, file=handed_in())
    changed = "Mã định danh,Tên đơn vị,Điện thoại\n000.00.18.G12,Cục Thuế Việt Nam,\n"
    report = commands.take_over_roster(actor=SYSTEM, file=handed_in(changed))
    office = Agency.objects.get(code="G12.18")
    assert (office.name, office.former_names, office.phone) == ("Cục Thuế Việt Nam", "Cục Thuế", "024 1")
    assert report.lines[0].said_vi == "Đổi tên từ “Cục Thuế”"


def test_a_dry_run_says_the_same_and_leaves_no_trace() -> None:
    file = handed_in()
    before = Event.objects.count()
    tried = commands.take_over_roster(actor=SYSTEM, file=file, dry_run=True)
    assert (Agency.objects.count(), Event.objects.count()) == (0, before)
    assert commands.take_over_roster(actor=SYSTEM, file=file) == tried


def test_a_workbook_with_a_title_above_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range("A1:C1", "DANH SÁCH ĐƠN VỊ")
        sheet.write_row("A3", ["STT", "Mã ĐD điện tử / mã định danh", "Tên cơ quan, đơn vị"])
        sheet.write_row("A4", [1, "H97", "UBND tỉnh Thử Nghiệm"])
        sheet.write_row("A5", [2, "H97.01", "Sở Nội vụ"])
    report = commands.take_over_roster(actor=SYSTEM, file=handed_in(path.read_bytes(), "ds.xlsx"))
    assert verdicts(report) == {"UBND tỉnh Thử Nghiệm": "new", "Sở Nội vụ": "new"}
    assert Agency.objects.get(code="H97").kind == "province"
    assert Agency.objects.get(code="H97.01").kind == "department"


@pytest.mark.parametrize(
    ("text", "name", "error"),
    [
        ("a,b\n1,2\n", "ds.csv", ListColumnsMissing),
        ("MZ", "ds.exe", ListKindRefused),
        ("", "../../ds.pdf", ListKindRefused),
    ],
)
def test_a_file_that_is_no_list_is_refused(text: str, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        commands.take_over_roster(actor=SYSTEM, file=handed_in(text, name))


def test_headings_are_understood_as_people_write_them() -> None:
    assert fields_of(["ma_dinh_danh", "ma_qcvn_102_2016", "ten_co_quan", "ghi_chu"], CUES) == {
        "ma_dinh_danh": "code",
        "ma_qcvn_102_2016": "former",
        "ten_co_quan": "name",
    }
    assert fields_of(["Đơn vị", "Mã", "Cơ quan cấp trên"], CUES) == {
        "Đơn vị": "name",
        "Mã": "code",
        "Cơ quan cấp trên": "parent",
    }


def test_the_page_shows_each_row_first_and_takes_over_on_confirmation(client: Client) -> None:
    world = demo.fill_agencies(SYSTEM)
    client.force_login(world["people"]["quan-tri"], backend="django.contrib.auth.backends.ModelBackend")
    before = Agency.objects.count()
    handed = client.post(reverse("agencies-roster"), {"upload": SimpleUploadedFile("ds.csv", LIST.encode())})
    assert handed.status_code == 302
    page = client.get(handed["Location"]).content.decode()
    assert "Chi cục Thuế số 5" in page
    assert "chưa ghi nhận gì" in page
    assert Agency.objects.count() == before
    refused = client.get(handed["Location"], {"loc": "refused"}).content.decode()
    assert "Hai mã lệch nhau" in refused
    assert "Chi cục Thuế số 5" not in refused
    assert client.get(handed["Location"], {"dang": "xlsx"}).content[:2] == b"PK"

    done = client.post(handed["Location"], follow=True).content.decode()
    assert "Đã ghi nhận 4 dòng; 4 dòng không nhận." in done
    assert Agency.objects.count() == before + 4


def test_the_page_is_closed_to_others_and_to_files_of_others(client: Client) -> None:
    world = demo.fill_agencies(SYSTEM)
    file = handed_in()
    client.force_login(world["people"]["cntt"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("agencies-roster")).status_code == 403
    assert client.get(reverse("agencies-roster-file", args=[file.pk])).status_code == 403
    client.force_login(world["people"]["quan-tri"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("agencies-roster-file", args=[file.pk])).status_code == 404
    bad = client.post(reverse("agencies-roster"), {"upload": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422
    assert "Không thấy đủ các cột “Mã định danh”, “Tên cơ quan”" in bad.content.decode()
