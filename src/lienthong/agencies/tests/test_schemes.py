"""Identifier codes turned from one form into the other, and schemes of codes that begin with Z (IDC-01, D.14)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lienthong.agencies import commands, demo
from lienthong.agencies.errors import SchemeRefused
from lienthong.agencies.models import Agency, CodeScheme
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries

pytestmark = pytest.mark.django_db
RECORD: dict[str, Any] = {
    "code": "z 01",
    "name": "Mã đơn vị sự nghiệp ngoài cây cơ quan",
    "purpose": "Định danh đơn vị tham gia trao đổi dữ liệu",
    "issuer": "Sở Khoa học và Công nghệ",
    "postal": "Số 1 đường Trung Tâm",
    "email": "ma@anloc.example",
    "phone": "0200 3800 100",
    "structure": "Z01 và 4 chữ số",
    "description": " ".join(["từ"] * 100),
    "dated": date(2025, 8, 1),
}


@carries("IDC-01")
def test_a_scheme_is_registered_corrected_and_ended() -> None:
    scheme = commands.register_code_scheme(actor=SYSTEM, **RECORD)
    assert scheme.code == "Z01"
    rest = {name: value for name, value in RECORD.items() if name != "code"}
    commands.correct_code_scheme(actor=SYSTEM, scheme=scheme, **{**rest, "phone": "0200 3800 999"})
    commands.end_code_scheme(actor=SYSTEM, scheme=scheme, ended_on=date(2026, 1, 31))
    scheme.refresh_from_db()
    assert (scheme.phone, scheme.ended_on) == ("0200 3800 999", date(2026, 1, 31))
    assert Event.objects.filter(subject_kind="agencies.codescheme").count() == 3


@carries("IDC-01")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Y01"),
        ("code", "Z1"),
        ("code", "Z012"),
        ("name", " "),
        ("description", " ".join(["từ"] * 101)),
        ("dated", timezone.localdate() + timedelta(days=1)),
    ],
)
def test_a_record_that_is_not_whole_is_refused_at_its_field(field: str, value: Any) -> None:
    with pytest.raises(SchemeRefused) as refusal:
        commands.register_code_scheme(actor=SYSTEM, **{**RECORD, field: value})
    assert refusal.value.field == field
    assert not CodeScheme.objects.exists()


def test_a_code_has_one_scheme() -> None:
    commands.register_code_scheme(actor=SYSTEM, **RECORD)
    with pytest.raises(SchemeRefused):
        commands.register_code_scheme(actor=SYSTEM, **RECORD)


@carries("IDC-01")
def test_everybody_turns_a_code(client: Client, department: Agency) -> None:
    commands.register_code_scheme(actor=SYSTEM, **RECORD)
    for given in ("H99.01", "000.00.01.H99", " h99.01 "):
        page = client.get("/ma-dinh-danh/", {"ma": given}).content.decode()
        assert "000.00.01.H99" in page
        assert "Sở Nội vụ tỉnh An Lộc" in page
    turned = client.get("/api/v1/identifier-codes/000.00.12.H41").json()
    assert (turned["code"], turned["former_form"], turned["agency"]) == ("H41.12", "000.00.12.H41", None)
    other = client.get("/api/v1/identifier-codes/Z010042").json()
    assert other["scheme"]["issuer"] == "Sở Khoa học và Công nghệ"
    assert other["former_form"] is None
    wrong = client.get("/ma-dinh-danh/", {"ma": "41.H"})
    assert wrong.status_code == 422
    assert "Mã định danh điện tử “41.H” không đúng" in wrong.content.decode()
    assert client.get("/api/v1/identifier-codes/41.H").status_code == 422
    assert client.get("/api/v1/code-schemes").json()[0]["code"] == "Z01"
    assert client.get("/ma-dinh-danh/").status_code == 200


def test_the_administrator_enters_schemes_on_the_page(province: Agency) -> None:
    people = {role: demo.make_person(f"p-{role}") for role in (Role.ADMINISTRATOR, Role.HEAD)}
    for role, person in people.items():
        demo.make_post(person, province, role)
    client = Client()
    client.force_login(people[Role.HEAD])
    assert client.get("/lam-viec/ma-dinh-danh/them/").status_code == 403
    client.force_login(people[Role.ADMINISTRATOR])
    entered = {**RECORD, "dated": "2025-08-01", "notes": ""}
    assert client.post("/lam-viec/ma-dinh-danh/them/", {**entered, "code": "X"}).status_code == 422
    assert client.post("/lam-viec/ma-dinh-danh/them/", entered).status_code == 302
    assert client.post("/lam-viec/ma-dinh-danh/Z01/sua/", {**entered, "name": "Tên mới"}).status_code == 302
    assert client.post("/lam-viec/ma-dinh-danh/Z01/ket-thuc/", {"ended_on": "2026-01-31"}).status_code == 302
    assert "Tên mới" in client.get("/ma-dinh-danh/").content.decode()
