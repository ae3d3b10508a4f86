"""Sharing for programs: the public list, requests of those who are signed in, refusals in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.tracing import carries
from lienthong.sharing.demo import make_request, make_service
from lienthong.sharing.models import SharingRequest, SharingService

pytestmark = [pytest.mark.django_db]

SignIn = Callable[..., Client]
BODY = {
    "service": "tra-cuu-xa",
    "purpose": "Kiểm tra địa chỉ.",
    "solution": "Tra mã.",
    "items": ["ma_xa"],
    "frequency": "200 lượt/ngày",
}


def send(browser: Client, body: Any) -> Any:
    return browser.post("/api/v1/requests", body, content_type="application/json")


@carries("SVC-04", "SVC-05")
def test_services_on_offer_with_their_items(service: SharingService, client: Client) -> None:
    listed = client.get("/api/v1/services").json()["services"]
    assert [(one["code"], one["provider_code"], one["form"], one["capacity"]) for one in listed] == [
        ("tra-cuu-xa", "H99", "shared", 10_000)
    ]
    one = client.get("/api/v1/services/tra-cuu-xa").json()
    assert [item["name"] for item in one["items"]] == ["ma_xa", "ten_xa", "ma_tinh", "dan_so"]
    assert one["address"].endswith("/chia-se/v1/tra-cuu-xa/")


def test_the_list_goes_on_page_by_page(dataset: Dataset, service: SharingService, client: Client) -> None:
    for number in range(3):
        make_service(dataset, code=f"dich-vu-{number}")
    codes, after = [], ""
    while after is not None:
        page = client.get("/api/v1/services", {"limit": 1, "after": after}).json()
        codes += [one["code"] for one in page["services"]]
        after = page["next"]
    assert codes == ["dich-vu-0", "dich-vu-1", "dich-vu-2", "tra-cuu-xa"]


@carries("DSH-03", "DSH-04")
def test_a_request_is_sent_for_ones_own_unit_and_shows_its_term(
    service: SharingService, as_officer: SignIn
) -> None:
    answer = send(as_officer("khai-thac"), BODY)
    assert answer.status_code == 201
    sent = answer.json()
    assert (sent["requester_code"], sent["term_value"], sent["term_unit"], sent["term_mark"]) == (
        "H99.11", 2, "working_day", "agency",
    )  # fmt: skip
    assert as_officer("chu-quan").get(f"/api/v1/requests/{sent['number']}").json() == sent
    assert as_officer("chu-quan-bo").get(f"/api/v1/requests/{sent['number']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": " "}, "sharing.purpose_missing"),
        ({"solution": ""}, "sharing.request_incomplete"),
        ({"items": []}, "sharing.request_incomplete"),
        ({"items": ["mat_khau"]}, "sharing.items_not_offered"),
        ({"service": "khong-co"}, "foundation.not_found"),
    ],
)
def test_a_refusal_says_why_in_both_languages_and_keeps_nothing(
    service: SharingService, as_officer: SignIn, change: dict[str, Any], code: str
) -> None:
    error = send(as_officer("khai-thac"), BODY | change).json()["error"]
    assert error["code"] == code
    assert error["message"] == error["message_vi"] != error["message_en"]
    assert not SharingRequest.objects.exists()
    english = send(as_officer("khai-thac", **{"accept-language": "en"}), BODY | change).json()["error"]
    assert english["message"] == english["message_en"]


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"items": "ma_xa"}', '{"service": 1, "items": {}}'])
def test_input_of_another_shape_is_refused(service: SharingService, as_officer: SignIn, body: str) -> None:
    answer = send(as_officer("khai-thac"), body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"].startswith("application/json")


def test_who_may_not_ask_is_refused_and_visitors_must_sign_in(
    service: SharingService, as_officer: SignIn, client: Client
) -> None:
    assert send(client, BODY).status_code == 401
    assert client.get("/api/v1/requests").status_code == 401
    for officer in ("quan-tri", "giu-mat"):
        assert send(as_officer(officer), BODY).status_code == 403


def test_everybody_lists_the_requests_of_the_own_side(
    service: SharingService, health: Agency, actors: dict[str, Actor], as_officer: SignIn
) -> None:
    numbers = [make_request(service, health, actor=actors["khai-thac"]).number for _ in range(3)]
    first = as_officer("khai-thac").get("/api/v1/requests", {"limit": 2}).json()
    rest = as_officer("khai-thac").get("/api/v1/requests", {"after": first["next"]}).json()
    assert [one["number"] for one in first["requests"] + rest["requests"]] == numbers[::-1]
    assert rest["next"] is None
    assert as_officer("quan-tri").get("/api/v1/requests").json()["requests"] == []


def test_a_secret_service_is_not_there(service: SharingService, client: Client) -> None:
    mark_secret(actor=SYSTEM, database=service.dataset.database, reason="Theo danh mục")
    assert client.get("/api/v1/services").json()["services"] == []
    assert client.get("/api/v1/services/tra-cuu-xa").status_code == 404
