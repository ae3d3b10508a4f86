"""The law for programs."""

from __future__ import annotations

import pytest

from lienthong.foundation.tracing import carries

pytestmark = pytest.mark.django_db


def test_parameters_of_a_day(law, client) -> None:
    rows = client.get("/api/v1/law/parameters?on=2025-08-19&prefix=default_share").json()
    assert [(row["key"], row["value"], row["unit"], row["mark"]) for row in rows] == [
        ("default_share.account", 2, "working_day", "verified")
    ]
    assert rows[0]["provision"]["citation_vi"] == "khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP"
    assert len(client.get("/api/v1/law/parameters").json()) > 70


@carries("CFG-01")
def test_a_provision_comes_with_how_it_stands_on_the_day(law, client) -> None:
    address = "/api/v1/law/parameters/default_share.account"
    held = client.get(f"{address}?on=2025-08-18").json()["provision"]
    assert (held["on"], held["standing"], held["since"], held["kept"]) == ("2025-08-18", "holds", None, False)
    assert held["remark_vi"] == held["remark_en"] == ""


def test_one_parameter_with_its_value_in_its_own_type(law, client) -> None:
    own = client.get(
        "/api/v1/law/parameters/mandatory.connect.all?on=2027-01-02&database=thi-hanh-an-hinh-su"
    ).json()
    assert (own["value"], own["key"]) == ("2027-07-01", "mandatory.connect.by_db")
    assert (
        client.get("/api/v1/law/parameters/open.access.identification?on=2026-01-01").json()["value"] is False
    )
    none = client.get("/api/v1/law/parameters/specific_share.answer?on=2026-01-01").json()
    assert (none["value"], none["unit"]) == (None, "none")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/law/parameters/no.such.key", 404, "law.parameter_unknown"),
        ("/api/v1/law/parameters/catalogue.first_issue?on=2026-01-01", 409, "law.parameter_not_in_force"),
        ("/api/v1/law/parameters/service.publish?on=2019-01-01", 409, "law.no_rule_set"),
        ("/api/v1/law/parameters?on=hom-nay", 422, "api.input_refused"),
        ("/api/v1/law/calendar?year=99999", 422, "api.input_refused"),
    ],
)
def test_refusals_say_what_and_what_to_do(law, client, address, status, code) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message_vi"]
    assert error["hint"]


def test_rule_sets_texts_and_calendar(law, client) -> None:
    assert [row["code"] for row in client.get("/api/v1/law/rule-sets").json()] == [
        "ND47-ORIGINAL",
        "ND47-AS-AMENDED-194",
        "DATA-LAW-2025",
    ]
    texts = {row["slug"]: row for row in client.get("/api/v1/law/instruments?on=2025-09-01").json()}
    assert texts["nd-47-2020"]["status"] == "partly"
    assert texts["nd-47-2024"]["status"] == "ended"
    year = client.get("/api/v1/law/calendar?year=2026").json()
    assert year["known"]
    assert {"2026-11-24", "2026-08-22"} <= {row["day"] for row in year["days"]}
    assert not client.get("/api/v1/law/calendar?year=2050").json()["known"]
