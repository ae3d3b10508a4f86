"""The gateway: default deny, keyed answers, masks, quota, log; nothing hostile is a fault."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import capture_now
from lienthong.sharing import commands
from lienthong.sharing.demo import make_account, make_served_dataset, make_service
from lienthong.sharing.gateway import gateway
from lienthong.sharing.models import Call, SharingService

from .conftest import World

pytestmark = [pytest.mark.django_db]


class Answer:
    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)
        self.body: dict[str, Any] = json.loads(body) if body else {}

    @property
    def code(self) -> str:
        return str(self.body.get("error", {}).get("code", ""))


def call(path: str, key: str = "", query: str = "", method: str = "GET", **more: str) -> Answer:
    kept: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        kept.update(status=status, headers=headers)

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(),
        **({"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}),
        **more,
    }
    # As Django's own test client does: the test's transaction keeps its connection.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        body = b"".join(gateway(environ, start_response))
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return Answer(kept["status"], kept["headers"], body)


HERE = "/chia-se/v1/tra-cuu-xa/"


@pytest.fixture
def key(service: SharingService, health: Agency) -> str:
    return make_account(service, health)[1]


@carries("ACC-01")
def test_without_a_key_nothing_is_answered_and_nothing_is_told(service: SharingService) -> None:
    for given in ("", "lt_abcdefghjk_" + "x" * 43, "rubbish"):
        answer = call(HERE, given)
        assert (answer.status, answer.code) == (401, "sharing.account_missing")
        assert "WWW-Authenticate" in answer.headers
    # Whether a service exists is not told to who has no key.
    assert call("/chia-se/v1/khong-co/").code == "sharing.account_missing"


def test_rows_one_row_and_columns(key: str) -> None:
    answer = call(HERE, key)
    assert answer.status == 200
    assert [row["ma_xa"] for row in answer.body["rows"]] == ["00001", "00004", "00007"]
    assert answer.body["rows"][2]["dan_so"] is None
    assert answer.body["version"] == 1
    assert call(HERE + "00004", key).body["row"]["ten_xa"] == "Xã Ỗ Ẫ"
    assert (call(HERE + "99999", key).status, call(HERE + "99999", key).code) == (404, "sharing.row_unknown")
    assert [column["name"] for column in call(HERE + "$cot", key).body["columns"]] == [
        "ma_xa",
        "ten_xa",
        "ma_tinh",
        "dan_so",
    ]


def test_pages_follow_one_another_and_filters_hold(key: str) -> None:
    first = call(HERE, key, "limit=2&fields=ma_xa")
    rest = call(HERE, key, f"limit=2&fields=ma_xa&after={first.body['next']}")
    assert [row["ma_xa"] for row in (*first.body["rows"], *rest.body["rows"])] == ["00001", "00004", "00007"]
    assert rest.body["next"] is None
    assert [row["ma_xa"] for row in call(HERE, key, "ma_tinh=02").body["rows"]] == ["00007"]
    assert [row["ma_xa"] for row in call(HERE, key, "ten_xa__prefix=X%C3%A3").body["rows"]] == [
        "00004",
        "00007",
    ]


def test_what_is_not_offered_does_not_exist(key: str) -> None:
    assert "dien_thoai" not in call(HERE, key).body["rows"][0]
    for query in ("fields=dien_thoai", "dien_thoai=0912345678", "dien_thoai__prefix=09"):
        assert call(HERE, key, query).code == "sharing.parameter_refused"


def test_an_account_sees_only_what_it_asked_for(service: SharingService, health: Agency) -> None:
    from lienthong.sharing.demo import make_request

    request = make_request(service, health, items=["ma_xa"])
    _, key = commands.issue_account(actor=SYSTEM, request=request)
    assert call(HERE, key).body["rows"][0] == {"ma_xa": "00001"}


def test_masked_items_come_masked_and_cannot_be_probed(dataset: Dataset, health: Agency) -> None:
    service = make_service(
        dataset, code="co-che", columns=["ma_xa", "dien_thoai"], masked={"dien_thoai": "partial"}
    )
    _, key = make_account(service, health)
    shown = call("/chia-se/v1/co-che/", key).body["rows"][0]["dien_thoai"]
    assert shown != "0912345678"
    assert call("/chia-se/v1/co-che/", key, "dien_thoai=0912345678").status == 403


@carries("SUS-01", "SUS-02")
def test_suspension_and_ending_refuse_with_their_reason(service: SharingService, health: Agency) -> None:
    account, key = make_account(service, health)
    commands.suspend_account(actor=SYSTEM, account=account, because="gọi quá tải")
    answer = call(HERE, key)
    assert (answer.status, answer.code) == (403, "sharing.account_suspended")
    assert "gọi quá tải" in answer.body["error"]["message_vi"]
    commands.restore_account(actor=SYSTEM, account=account)
    assert call(HERE, key).status == 200
    commands.suspend_service(actor=SYSTEM, service=service, because="bảo trì")
    assert call(HERE, key).status == 503
    commands.restore_service(actor=SYSTEM, service=service)
    new_key = commands.replace_key(actor=SYSTEM, account=account)
    assert (call(HERE, key).status, call(HERE, new_key).status) == (401, 200)
    commands.terminate_account(actor=SYSTEM, account=account, because="hết nhu cầu")
    assert call(HERE, new_key).code == "sharing.account_ended"


def test_a_key_opens_its_own_service_only(dataset: Dataset, service: SharingService, health: Agency) -> None:
    make_service(dataset, code="dich-vu-khac")
    _, key = make_account(service, health)
    assert call("/chia-se/v1/dich-vu-khac/", key).code == "sharing.account_for_other_service"


def test_the_quota_of_the_day_holds(service: SharingService, health: Agency) -> None:
    _, key = make_account(service, health, daily_quota=2)
    assert [call(HERE, key).status for _ in range(3)] == [200, 200, 429]


@carries("LOG-01")
def test_every_call_is_logged_answered_or_not_and_no_rows_are_kept(key: str) -> None:
    call(HERE, key, "ma_tinh=01")
    call(HERE)
    answered, refused = Call.objects.order_by("pk")
    assert (answered.status, answered.rows, answered.version, answered.consumer_code) == (200, 2, 1, "H99.11")
    assert answered.asked == f"{HERE}?ma_tinh=01"
    assert (refused.status, refused.refusal) == (401, "sharing.account_missing")
    assert key not in str(Call.objects.values())


HOSTILE_PATHS = (
    "/chia-se/v1/",
    "/chia-se/v1//",
    "/chia-se/v1/../healthz",
    "/chia-se/v1/tra-cuu-xa/../x",
    "/chia-se/v1/tra-cuu-xa/a/b",
    "/chia-se/v1/tra-cuu-xa/%2e%2e",
    "/chia-se/v1/tra-cuu-xa/..\\x",
    "/chia-se/v1/tra-cuu-xa/\x00",
    "/chia-se/v1/tra-cuu-xa/" + "9" * 5000,
    "/chia-se/v1/' OR 1=1 --/",
    "/chia-se/v1/\ufffd\u202e/",
)
HOSTILE_QUERIES = ("", "limit=x", "%ff=%fe", "a&" * 100, "after=%00", "after=zzz", "limit=1&limit=2")


def test_nothing_hostile_is_a_fault(key: str) -> None:
    for query in HOSTILE_QUERIES:
        assert call(HERE, key, query).status in {200, 400}, query
        for path in HOSTILE_PATHS:
            assert call(path, key, query).status in {400, 401, 404}, (path, query)


def test_only_reading_is_accepted_and_head_has_no_body(key: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        assert call(HERE, key, method=method).status == 405
    answer = call(HERE, key, method="HEAD")
    assert (answer.status, answer.body) == (200, {})
    assert int(answer.headers["Content-Length"]) > 0


def test_refusals_speak_the_callers_language(service: SharingService) -> None:
    assert call(HERE).body["error"]["message"].startswith("Chưa có khóa")
    assert call(HERE, HTTP_ACCEPT_LANGUAGE="en-GB").body["error"]["message"].startswith("No connection key")


def test_a_service_whose_database_became_secret_answers_as_if_it_were_not(
    service: SharingService, key: str
) -> None:
    mark_secret(actor=SYSTEM, database=service.dataset.database, reason="Theo danh mục")
    secret, missing = call(HERE, key), call("/chia-se/v1/khong-co/", key)
    assert (secret.status, secret.code) == (missing.status, missing.code) == (404, "sharing.service_unknown")


CHANGES = HERE + "$thay-doi"
LEFT = [("delete", "00001"), ("delete", "00004"), ("insert", "00010")]


def test_changes_are_followed_from_version_to_version(world: World, health: Agency, tmp_path: Path) -> None:
    with override_settings(DATA_DIR=tmp_path):  # versions outlive a transaction that is rolled back
        for name in ("store", "replicas", "tmp"):
            (tmp_path / name).mkdir()
        managing = world.agencies["H99.01"]
        dataset = make_served_dataset(
            world.agencies["H99"], tmp_path / "nguon", slug="xa-doi", managing_unit=managing
        )
        _, key = make_account(make_service(dataset, code="xa-doi"), health)
        changes = "/chia-se/v1/xa-doi/$thay-doi"
        first = call(changes, key, "limit=2")
        rest = call(changes, key, f"limit=2&after={first.body['next']}")
        assert [
            (one["change"], one["row"]["ma_xa"]) for one in first.body["changes"] + rest.body["changes"]
        ] == [
            ("insert", "00001"),
            ("insert", "00004"),
            ("insert", "00007"),
        ]
        assert (first.body["more"], rest.body["more"]) == (True, False)
        assert "dien_thoai" not in first.body["changes"][0]["row"]
        told = {one["name"]: one["type"] for one in first.body["columns"]}
        assert list(told) == list(first.body["changes"][0]["row"])
        assert told["dan_so"] == "integer"

        (tmp_path / "nguon" / "xa.csv").write_text(
            "ma_xa,ten_xa,ma_tinh,dan_so,dien_thoai\n"
            "00001,Phường An Hòa,01,12500,0912345678\n"
            "00007,Xã Đất Đỏ,02,,0911222333\n"
            "00010,Xã Mới,02,10,0900000000\n",
            encoding="utf-8",
        )
        capture_now(dataset)
        later = call(changes, key, f"after={rest.body['next']}&fields=dan_so").body
        assert (later["since"], later["to"], later["version"], later["more"]) == (1, 2, 2, False)
        assert later["changes"] == [
            {"change": "update", "row": {"ma_xa": "00001", "dan_so": 12500}},
            {"change": "delete", "row": {"ma_xa": "00004"}},
            {"change": "insert", "row": {"ma_xa": "00010", "dan_so": 10}},
        ]
        assert (
            call(changes, key, f"after={rest.body['next']}&fields=dan_so").body["changes"] == later["changes"]
        )
        assert call(changes, key, "since=1&fields=dan_so").body["changes"] == later["changes"]
        nothing = call(changes, key, f"after={later['next']}").body
        assert (nothing["changes"], nothing["columns"]) == ([], first.body["columns"])
        part = call(changes, key, "since=1&ma_tinh=02&fields=dan_so").body
        assert part["changes"] == [{"change": "insert", "row": {"ma_xa": "00010", "dan_so": 10}}]
        left = call(changes, key, "since=1&dan_so__lt=12500&fields=ten_xa").body["changes"]
        assert [(one["change"], one["row"]["ma_xa"]) for one in left] == LEFT
        other = call(changes, key, f"after={part['next']}&ma_tinh=01")
        assert (other.status, other.code) == (409, "serve.condition_other")
        assert "since" in other.body["error"]["hint"]
        here = "/chia-se/v1/xa-doi/"
        codes = [row["ma_xa"] for row in call(here, key, "version=1").body["rows"]]
        assert (codes, len(call(here, key).body["rows"])) == (["00001", "00004", "00007"], 3)
        assert call(f"{here}00004", key, "version=1").body["version"] == 1
        assert (call(f"{here}00004", key).status, call(here, key, "version=3").status) == (404, 404)
        call(changes, key, f"after={later['next']}")
        logged = Call.objects.order_by("pk").last()
        assert logged is not None
        assert (logged.rows, logged.version, logged.status) == (0, 2, 200)


def test_changes_keep_masks_and_need_the_key(
    dataset: Dataset, service: SharingService, health: Agency
) -> None:
    masked = make_service(
        dataset, code="co-che", columns=["ma_xa", "dien_thoai"], masked={"dien_thoai": "partial"}
    )
    _, key = make_account(masked, health)
    shown = call("/chia-se/v1/co-che/$thay-doi", key, "since=0").body["changes"][0]["row"]
    assert shown == call("/chia-se/v1/co-che/", key).body["rows"][0]
    for condition in ("dien_thoai=0912345678", "dien_thoai__ge=0", "ma_xa=00001&dien_thoai__prefix=09"):
        masked_one = call("/chia-se/v1/co-che/$thay-doi", key, f"since=0&{condition}")
        assert (masked_one.status, masked_one.code) == (403, "serve.masked_column_used")
    assert call("/chia-se/v1/co-che/$thay-doi", key, "since=0&dan_so__ge=1").status == 400, "not offered"
    without = make_service(dataset, code="khong-khoa", columns=["ten_xa"])
    _, key = make_account(without, health)
    refused = call("/chia-se/v1/khong-khoa/$thay-doi", key)
    assert (refused.status, refused.code) == (403, "serve.key_not_shown")


def test_a_bad_question_for_changes_is_refused_by_name(key: str) -> None:
    for query in (
        "since=9",
        "since=x",
        "since=-1",
        "khong_co=01",
        "ma_tinh__like=01",
        "_change=delete",
        " ma_tinh=01",
        "dan_so__ge=x",
        "version=1",
        "since=0&after=x",
        "after=zz",
        "limit=0",
        "fields=no",
    ):
        assert call(CHANGES, key, query).status == 400, query
