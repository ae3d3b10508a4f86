"""Agencies and focal officers for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from lienthong.agencies import commands, demo
from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries

pytestmark = pytest.mark.django_db


def test_a_list_goes_on_with_its_key(province: Agency, neighbour: Agency, client: Client) -> None:
    first = client.get("/api/v1/agencies", {"limit": 1}).json()
    assert [item["code"] for item in first["items"]] == ["H99"]
    rest = client.get("/api/v1/agencies", {"limit": 1, "after": first["next"]}).json()
    assert ([item["code"] for item in rest["items"]], rest["next"]) == (["H98"], None)


def test_units_are_listed_below_their_agency(department: Agency, client: Client) -> None:
    found = client.get("/api/v1/agencies", {"below": "000.00.00.H99"}).json()["items"]
    assert [(item["code"], item["parent"]) for item in found] == [("H99.01", "H99")]


def test_an_agency_is_given_by_any_of_its_codes(province: Agency, client: Client) -> None:
    demo.make_focal_officer(province)
    commands.add_identifier_code(actor=SYSTEM, agency=province, code="H97", make_current=True)
    found = client.get("/api/v1/agencies/000.00.00.H99").json()
    assert (found["code"], found["other_codes"]) == ("H97", ["H99"])
    assert (found["former_form"], found["url"]) == ("000.00.00.H97", "/co-quan/H97/")
    assert found["focal_officer"]["full_name"] == "Nguyễn Thị Thu Hà"
    assert found["focal_officer_of"] == "H97"


@carries("FOC-05")
def test_the_directory_gives_the_public_fields_alone(
    province: Agency, neighbour: Agency, client: Client
) -> None:
    demo.make_focal_officer(province, person=demo.make_person("ha"))
    lines = {line["agency"]["code"]: line for line in client.get("/api/v1/focal-officers").json()["items"]}
    assert lines["H98"]["focal_officer"] is None
    assert set(lines["H99"]["focal_officer"]) == {
        "full_name",
        "position",
        "function",
        "phone",
        "email",
        "published_at",
        "confirmed_at",
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/agencies/H41", 404),
        ("/api/v1/agencies/sai", 404),
        ("/api/v1/agencies?below=H41", 404),
        ("/api/v1/agencies?limit=0", 422),
        ("/api/v1/agencies?limit=51", 422),
        ("/api/v1/focal-officers?after=" + "x" * 40, 422),
    ],
)
def test_what_is_not_there_is_refused_in_both_languages(
    db: None, client: Client, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    error = response.json()["error"]
    assert error["message_vi"] != error["message_en"]
