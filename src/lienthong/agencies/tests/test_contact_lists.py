"""The communes' contacts for data, taken over from a list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.agencies import commands, demo
from lienthong.agencies.models import Agency, AgencyKind, GovernanceRole
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries

pytestmark = pytest.mark.django_db

HEAD = "Mã xã,Tên xã phường,Họ và tên,Chức vụ,Điện thoại,Thư điện tử,Số quyết định,Ngày quyết định\n"
LISTED = HEAD + (
    "H99.61,,Vũ Thị Ngát,Công chức,0200 3800 501,ngat@anloc.example,12/QĐ-UBND,05/10/2026\n"
    ",Phường Đông Lộc,Lại Văn Thịnh,Công chức,0200 3800 502,thinh@anloc.example,12/QĐ-UBND,05/10/2026\n"
    "000.00.63.H99,,Đàm Thị Ửng,Công chức,0200 3800 503,khong phai thu,12/QĐ-UBND,05/10/2026\n"
    "H99.01,Sở Nội vụ,Trần Văn A,Chuyên viên,0200 3800 504,a@anloc.example,12/QĐ-UBND,05/10/2026\n"
    "H99.61,,Người khác,Công chức,0200 3800 505,b@anloc.example,12/QĐ-UBND,05/10/2026\n"
)


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def communes(province: Agency, department: Agency) -> list[Agency]:
    names = {"H99.61": "UBND phường An Hòa", "H99.62": "UBND phường Đông Lộc", "H99.63": "UBND xã Bình Ẩm"}
    return [
        demo.make_agency(code, name, kind=AgencyKind.COMMUNE, parent=province) for code, name in names.items()
    ]


def uploaded(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("dau-moi-xa.csv", text.encode(), content_type="text/csv")


def take_over(province: Agency, text: str, *, dry_run: bool = False) -> Any:
    file = commands.hand_in_commune_contacts(actor=SYSTEM, agency=province, upload=uploaded(text))
    return commands.take_over_commune_contacts(actor=SYSTEM, agency=province, file=file, dry_run=dry_run)


def held() -> list[tuple[str, str]]:
    open_ones = GovernanceRole.objects.filter(valid_to__isnull=True).order_by("unit__code")
    return [(role.unit.code, role.full_name) for role in open_ones.select_related("unit")]


@carries("GOVF-05")
def test_each_row_is_told_and_the_same_list_again_changes_nothing(
    province: Agency, communes: list[Agency]
) -> None:
    tried = take_over(province, LISTED, dry_run=True)
    assert not GovernanceRole.objects.exists()

    report = take_over(province, LISTED)

    assert report == tried
    assert [line.verdict for line in report.lines] == ["new", "new", "refused", "refused", "refused"]
    assert "thư điện tử" in report.lines[2].said_vi
    assert "Sở Nội vụ" in report.lines[3].said_vi or "H99.01" in report.lines[3].said_vi
    assert "dòng 2" in report.lines[4].said_vi
    assert held() == [("H99.61", "Vũ Thị Ngát"), ("H99.62", "Lại Văn Thịnh")]
    assert take_over(province, LISTED).changes == 0
    assert Event.objects.filter(name="agencies.CommuneContactsTakenOver").count() == 1


@carries("GOVF-05")
def test_another_person_takes_the_place_and_the_same_gets_new_details(
    province: Agency, communes: list[Agency]
) -> None:
    take_over(province, LISTED)
    later = HEAD + (
        "H99.61,,Ngô Văn Ổn,Phó Chủ tịch,0200 3800 601,on@anloc.example,30/QĐ-UBND,10/11/2026\n"
        "H99.62,,Lại Văn Thịnh,Phó Chánh Văn phòng,0200 3800 777,,30/QĐ-UBND,10/11/2026\n"
    )

    report = take_over(province, later)

    assert [line.verdict for line in report.lines] == ["changed", "changed"]
    assert held() == [("H99.61", "Ngô Văn Ổn"), ("H99.62", "Lại Văn Thịnh")]
    assert GovernanceRole.objects.get(full_name="Vũ Thị Ngát").valid_to == date(2026, 11, 9)
    kept = GovernanceRole.objects.get(full_name="Lại Văn Thịnh")
    assert (kept.phone, kept.email, kept.position) == (
        "0200 3800 777",
        "thinh@anloc.example",
        "Phó Chánh Văn phòng",
    )


def test_who_prepares_governance_takes_a_list_over_on_its_pages(
    province: Agency, communes: list[Agency], client: Client
) -> None:
    at = "/lam-viec/co-quan/H99/quan-tri/dau-moi-xa/nhap-danh-sach/"
    client.force_login(User.objects.get(pk=demo.make_actor(province, Role.IT_UNIT).user_id))
    rows = client.post(at, {"upload": uploaded(LISTED)})["Location"]
    page = client.get(rows).content.decode()
    assert "Lại Văn Thịnh" in page
    assert client.post(rows)["Location"].endswith("/co-quan/H99/quan-tri/")
    assert len(held()) == 2

    client.force_login(User.objects.get(pk=demo.make_actor(province, Role.FOCAL_OFFICER).user_id))
    assert client.post(at, {"upload": uploaded(LISTED)}).status_code == 403
