"""What people see of sharing: the public pages, the desk's lists, requests with their clock, what is confirmed before it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.tracing import carries
from lienthong.sharing import addresses, commands
from lienthong.sharing.demo import make_account, make_request, make_service
from lienthong.sharing.models import (
    AccountState,
    ConnectionAccount,
    RequestState,
    ServiceState,
    SharingRequest,
    SharingService,
)

pytestmark = [pytest.mark.django_db]

SignIn = Callable[..., Client]
HERE = "/lam-viec/dich-vu/tra-cuu-xa/"
PARTS = {
    "application": "Phần mềm cấp phép",
    "purpose": "Kiểm tra địa chỉ khi cấp giấy phép.",
    "solution": "Tra mã khi nhập hồ sơ.",
    "items": ["ma_xa", "ten_xa"],
    "quantity": "",
    "frequency": "200 lượt/ngày",
    "other": "",
}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_stored_addresses_are_those_of_the_pages() -> None:
    assert addresses.public_address("x") == reverse("sharing-service", args=["x"])
    assert addresses.service_address("x") == reverse("sharing-record", args=["x"])
    assert addresses.request_address("YC-2026-0001") == reverse("sharing-request", args=["YC-2026-0001"])


# Public


@carries("SVC-05")
def test_the_list_names_form_method_provider_and_state(service: SharingService, client: Client) -> None:
    page = text_of(client.get("/dich-vu/"))
    for words in ("Tra cứu xã", "UBND tỉnh An Lộc", "Truy vấn trực tuyến", "Đã công bố"):
        assert words in page
    english = text_of(client.get("/en/dich-vu/"))
    for words in ("An Loc Provincial People&#x27;s Committee", "Online query", "Published"):
        assert words in english


@carries("SVC-04")
def test_the_page_of_a_service_tells_form_capacity_items_and_how_to_call(
    service: SharingService, client: Client
) -> None:
    page = text_of(client.get("/dich-vu/tra-cuu-xa/"))
    for words in (
        "10.000 lượt gọi mỗi ngày",
        "ma_xa",
        "/chia-se/v1/tra-cuu-xa/",
        "Authorization: Bearer $KHOA",
        "sharing.account_missing",
        "Gửi yêu cầu chia sẻ",
    ):
        assert words in page
    assert "Phường An Hòa" not in page  # No value of the data is public.


def test_a_suspended_service_says_why_and_until_when(service: SharingService, client: Client) -> None:
    commands.suspend_service(
        actor=SYSTEM,
        service=service,
        because="Nâng cấp máy chủ",
        returns_at=timezone.now() + timedelta(days=1),
    )
    page = text_of(client.get("/dich-vu/tra-cuu-xa/"))
    assert "Nâng cấp máy chủ" in page
    assert "dự kiến khôi phục" in page
    assert "gui-yeu-cau" not in page


def test_what_is_not_on_offer_or_secret_is_not_there(
    dataset: Dataset, service: SharingService, client: Client
) -> None:
    make_service(dataset, code="dang-lap", published=False)
    assert client.get("/dich-vu/dang-lap/").status_code == 404
    mark_secret(actor=SYSTEM, database=dataset.database, reason="Theo danh mục")
    hidden, missing = client.get("/dich-vu/tra-cuu-xa/"), client.get("/dich-vu/khong-co/")
    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden).replace("tra-cuu-xa", "x") == text_of(missing).replace("khong-co", "x")
    assert "Tra cứu xã" not in text_of(client.get("/dich-vu/"))


# The desk


def test_the_desk_lists_what_waits_what_was_sent_and_the_services(
    service: SharingService, health: Agency, actors: dict[str, Actor], as_officer: SignIn
) -> None:
    request = make_request(service, health, actor=actors["khai-thac"])
    owner = text_of(as_officer("chu-quan").get("/lam-viec/chia-se/"))
    assert "1 yêu cầu chờ trả lời" in owner
    assert request.number in owner
    assert "Lập dịch vụ" in owner
    consumer = text_of(as_officer("khai-thac").get("/lam-viec/chia-se/"))
    assert request.number in consumer
    assert "Lập dịch vụ" not in consumer
    assert 'aria-current="page"' in owner
    assert request.number not in text_of(as_officer("chu-quan-bo").get("/lam-viec/chia-se/"))


def test_a_service_goes_from_draft_to_the_public_list_by_its_one_button(
    dataset: Dataset, as_officer: SignIn, client: Client
) -> None:
    owner = as_officer("chu-quan")
    page = owner.get(f"/lam-viec/dich-vu/lap/{dataset.slug}/")
    assert 'value="ma_xa"' in text_of(page)
    answer = owner.post(
        f"/lam-viec/dich-vu/lap/{dataset.slug}/",
        {
            "name": "Tra cứu dân số xã",
            "code": "dan-so-xa",
            "description": "Dân số theo xã.",
            "columns": ["ma_xa", "dan_so", "dien_thoai"],
            "hidden": ["dien_thoai"],
            "form": "shared",
            "method": "online_query",
            "capacity": "500",
        },
    )
    assert answer["Location"] == "/lam-viec/dich-vu/dan-so-xa/"
    assert "Xác nhận sẵn sàng kết nối" in text_of(owner.get("/lam-viec/dich-vu/dan-so-xa/"))
    owner.post("/lam-viec/dich-vu/dan-so-xa/buoc/san-sang/")
    assert "Công bố dịch vụ" in text_of(owner.get("/lam-viec/dich-vu/dan-so-xa/"))
    owner.post("/lam-viec/dich-vu/dan-so-xa/buoc/cong-bo/")
    made = SharingService.objects.get(code="dan-so-xa")
    assert (made.state, made.masked) == (ServiceState.PUBLISHED, {"dien_thoai": "partial"})
    assert client.get("/dich-vu/dan-so-xa/").status_code == 200


def test_a_service_without_name_is_refused_and_nothing_typed_is_lost(
    dataset: Dataset, as_officer: SignIn
) -> None:
    answer = as_officer("chu-quan").post(
        f"/lam-viec/dich-vu/lap/{dataset.slug}/", {"description": "Dân số theo xã.", "code": "x"}
    )
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<title>Lỗi:" in page
    assert "Dân số theo xã." in page
    taken = as_officer("chu-quan").post(
        f"/lam-viec/dich-vu/lap/{dataset.slug}/",
        {"name": "A", "code": "tra-cuu-xa", "description": "B", "columns": ["ma_xa"], "form": "shared",
         "method": "online_query", "capacity": "5"},
    )  # fmt: skip
    assert "đã được dùng hoặc không hợp lệ" in text_of(taken)


@carries("DSH-03")
def test_a_request_without_purpose_is_refused_and_kept_in_the_form(
    service: SharingService, as_officer: SignIn
) -> None:
    consumer = as_officer("khai-thac")
    form = text_of(consumer.get(f"{HERE}gui-yeu-cau/"))
    for part in range(1, 8):
        assert f"<legend>{part}. " in form
    refused = text_of(consumer.post(f"{HERE}gui-yeu-cau/", PARTS | {"purpose": " "}))
    assert "<title>Lỗi:" in refused
    assert "Tra mã khi nhập hồ sơ." in refused
    assert not SharingRequest.objects.exists()
    answer = consumer.post(f"{HERE}gui-yeu-cau/", PARTS)
    sent = SharingRequest.objects.get()
    assert answer["Location"] == f"/lam-viec/yeu-cau/{sent.number}/"
    assert (sent.items, sent.channel) == (["ma_xa", "ten_xa"], "online")


@carries("DSH-04")
def test_the_request_shows_its_clock_and_how_it_is_counted(
    service: SharingService, health: Agency, actors: dict[str, Actor], as_officer: SignIn
) -> None:
    request = make_request(service, health, actor=actors["khai-thac"])
    owner = as_officer("chu-quan")
    page = text_of(owner.get(f"/lam-viec/yeu-cau/{request.number}/"))
    for words in (
        "Còn 2 ngày làm việc",
        "Nội dung yêu cầu (đủ 7/7)",
        "Cách tính",
        "Cấp tài khoản",
        "Từ chối…",
        "4 mục",
    ):
        assert words in page
    consumer = text_of(as_officer("khai-thac").get(f"/lam-viec/yeu-cau/{request.number}/"))
    assert "Cấp tài khoản" not in consumer
    english = text_of(owner.get(f"/en/lam-viec/yeu-cau/{request.number}/"))
    assert "How it is counted" in english
    assert "Cách tính" not in english


@carries("ACC-01")
def test_a_key_is_shown_once_and_kept_in_no_cache(
    service: SharingService, health: Agency, as_officer: SignIn
) -> None:
    request = make_request(service, health)
    owner, place = as_officer("chu-quan"), f"/lam-viec/yeu-cau/{request.number}/"
    assert "200 lượt/ngày" in text_of(owner.get(f"{place}cap-tai-khoan/"))
    past = text_of(owner.post(f"{place}cap-tai-khoan/", {"daily_quota": "50", "valid_to": "2020-01-01"}))
    assert "Ngày này đã qua." in past
    answer = owner.post(f"{place}cap-tai-khoan/", {"daily_quota": "50", "valid_to": ""})
    key = re.search(r"lt_[a-z0-9]{10}_[\w-]{43}", text_of(answer))
    assert key is not None
    assert answer["Cache-Control"] == "no-store"
    assert key[0] not in text_of(owner.get(place))
    again = owner.post(f"{place}cap-tai-khoan/", {"daily_quota": "50"})
    assert again.status_code == 200
    assert "lt_" not in text_of(again)
    request.refresh_from_db()
    assert request.state == RequestState.ACCOUNT_ISSUED


@carries("DSH-05", "D194-03")
def test_a_refusal_needs_its_ground_and_is_read_by_the_requester(
    service: SharingService, health: Agency, as_officer: SignIn
) -> None:
    request = make_request(service, health)
    owner, place = as_officer("chu-quan"), f"/lam-viec/yeu-cau/{request.number}/"
    form = text_of(owner.get(f"{place}tu-choi/"))
    assert "Từ chối phải bằng văn bản" in form
    assert "Nghị định số 194/2025/NĐ-CP" in form
    given = {
        "document": "12/SNV-CV",
        "reason": "Đã có trên cổng dữ liệu mở.",
        "ground": "Điều 36 Nghị định số 47/2020/NĐ-CP",
    }
    ended = text_of(owner.post(f"{place}tu-choi/", given))
    assert "không còn hiệu lực" in ended
    assert "Đã có trên cổng dữ liệu mở." in ended
    owner.post(f"{place}tu-choi/", given | {"ground": "khoản 2 Điều 16 Nghị định số 194/2025/NĐ-CP"})
    assert "Đã có trên cổng dữ liệu mở." in text_of(as_officer("khai-thac").get(place))


@pytest.mark.parametrize(
    ("received_on", "term"), [("2025-08-18", "5 ngày làm việc"), ("2025-08-19", "2 ngày làm việc")]
)
def test_a_request_from_paper_follows_the_rules_of_its_day(
    service: SharingService, health: Agency, as_officer: SignIn, received_on: str, term: str
) -> None:
    owner = as_officer("chu-quan")
    given = PARTS | {"requester": health.pk, "document": "45/SYT-NVY", "received_on": received_on}
    page = text_of(owner.post(f"{HERE}nhap-yeu-cau/", given, follow=True))
    assert term in page
    assert "45/SYT-NVY" in page
    assert "khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 22/10/2025)" in page
    future = text_of(owner.post(f"{HERE}nhap-yeu-cau/", given | {"received_on": "2099-01-01"}))
    assert "ở sau hôm nay" in future


@carries("SUS-01", "SUS-03")
def test_stopping_a_service_says_who_is_affected_and_needs_a_reason(
    service: SharingService, health: Agency, as_officer: SignIn
) -> None:
    make_account(service, health)
    owner = as_officer("chu-quan")
    assert "1 cơ quan khai thác chịu ảnh hưởng" in text_of(owner.get(f"{HERE}buoc/tam-ngung/"))
    assert "Lỗi:" in text_of(owner.post(f"{HERE}buoc/tam-ngung/", {"because": ""}))
    past = text_of(owner.post(f"{HERE}buoc/tam-ngung/", {"because": "x", "returns_at": "2020-01-01T08:00"}))
    assert "Thời điểm này đã qua." in past
    owner.post(f"{HERE}buoc/tam-ngung/", {"because": "Bảo trì"})
    assert "Bảo trì" in text_of(owner.get(HERE))
    owner.post(f"{HERE}buoc/khoi-phuc/")
    wrong = text_of(owner.post(f"{HERE}buoc/cham-dut/", {"because": "Thay dịch vụ", "ma": "sai"}))
    assert "Nhập mã dịch vụ để xác nhận" in wrong
    service.refresh_from_db()
    assert service.state == ServiceState.PUBLISHED
    owner.post(f"{HERE}buoc/cham-dut/", {"because": "Thay dịch vụ", "ma": "tra-cuu-xa"})
    service.refresh_from_db()
    assert service.state == ServiceState.TERMINATED
    assert "không thể" in text_of(owner.post(f"{HERE}buoc/tam-ngung/", {"because": "x"})).lower()


@carries("SUS-02")
def test_an_account_is_suspended_restored_and_ended_on_its_own_page(
    service: SharingService, health: Agency, as_officer: SignIn
) -> None:
    account, old = make_account(service, health)
    owner, consumer, place = (
        as_officer("chu-quan"),
        as_officer("khai-thac"),
        f"/lam-viec/tai-khoan/{account.code}/",
    )
    assert "Tạm ngừng tài khoản" in text_of(
        owner.get(account_page := f"/lam-viec/yeu-cau/{account.request.number}/")
    )
    assert "Lượt gọi tiếp theo bị từ chối" in text_of(owner.get(f"{place}tam-ngung/"))
    owner.post(f"{place}tam-ngung/", {"because": "Gọi quá tải"})
    assert "Gọi quá tải" in text_of(consumer.get(account_page))
    owner.post(f"{place}khoi-phuc/")
    assert consumer.get(f"{place}tam-ngung/").status_code == 403
    shown = consumer.post(f"{place}thay-khoa/")
    key = re.search(r"lt_[a-z0-9]{10}_[\w-]{43}", text_of(shown))
    assert key is not None
    assert key[0] != old
    assert shown["Cache-Control"] == "no-store"
    owner.post(f"{place}cham-dut/", {"because": "Hết nhu cầu"})
    assert ConnectionAccount.objects.get(pk=account.pk).state == AccountState.TERMINATED
    assert owner.get(f"{place}la-lam/").status_code == 404
    assert owner.get("/lam-viec/tai-khoan/khongcoai/tam-ngung/").status_code == 404


OFFICERS = ("dau-moi", "chu-quan", "cntt", "nguoi-dung-dau", "khai-thac", "giu-mat", "quan-tri", "chu-quan-bo",
            "nguoi-dung-dau-bo", "dieu-phoi")  # fmt: skip
WORK = {"chu-quan", "cntt", "nguoi-dung-dau"}


@pytest.mark.parametrize("officer", OFFICERS)
def test_pages_of_work_open_for_those_who_may_work(
    service: SharingService, health: Agency, dataset: Dataset, as_officer: SignIn, officer: str
) -> None:
    request = make_request(service, health)
    browser = as_officer(officer)
    pages = (
        f"/lam-viec/dich-vu/lap/{dataset.slug}/",
        f"{HERE}nhap-yeu-cau/",
        f"{HERE}buoc/tam-ngung/",
        f"{HERE}buoc/cham-dut/",
        f"/lam-viec/yeu-cau/{request.number}/cap-tai-khoan/",
        f"/lam-viec/yeu-cau/{request.number}/tu-choi/",
    )
    answers = {browser.get(page).status_code for page in pages}
    assert answers == {200} if officer in WORK else answers <= {403, 404}


def test_visitors_are_asked_to_sign_in_and_nothing_hostile_is_a_fault(
    service: SharingService, client: Client
) -> None:
    for path in ("/lam-viec/chia-se/", HERE, f"{HERE}gui-yeu-cau/", "/lam-viec/yeu-cau/YC-2026-0001/"):
        assert client.get(path)["Location"].startswith("/tai-khoan/dang-nhap/")


@pytest.mark.parametrize("number", ["YC-0", "YC-2026-0001 OR 1=1", "..", "%00", "9" * 300, "ỗ"])
def test_a_strange_number_finds_nothing(as_officer: SignIn, world: Any, number: str) -> None:
    assert as_officer("chu-quan").get(f"/lam-viec/yeu-cau/{number}/").status_code == 404


def test_what_has_become_secret_leaves_no_trace_with_its_consumers(
    service: SharingService, health: Agency, actors: dict[str, Actor], as_officer: SignIn
) -> None:
    request = make_request(service, health, actor=actors["khai-thac"])
    mark_secret(actor=SYSTEM, database=service.dataset.database, reason="Theo danh mục")
    consumer = as_officer("khai-thac")
    assert consumer.get(f"/lam-viec/yeu-cau/{request.number}/").status_code == 404
    assert "Tra cứu xã" not in text_of(consumer.get("/lam-viec/chia-se/"))
    assert "Tra cứu xã" not in text_of(as_officer("chu-quan").get("/lam-viec/chia-se/"))


def test_the_desk_shows_the_first_of_many_requests_and_all_when_asked(
    service: SharingService, health: Agency, as_officer: SignIn
) -> None:
    """And each costs no question of its own."""
    for _ in range(12):
        make_request(service, health)
    owner = as_officer("chu-quan")
    page = text_of(owner.get("/lam-viec/chia-se/"))
    assert "12 yêu cầu chờ trả lời" in page
    assert "Xem toàn bộ 12" in page
    assert len(set(re.findall(r"/lam-viec/yeu-cau/(YC-\d+-\d+)/", page))) == 10
    with CaptureQueriesContext(connection) as many:
        whole = text_of(owner.get("/lam-viec/chia-se/?phan=cho-tra-loi"))
    assert len(set(re.findall(r"/lam-viec/yeu-cau/(YC-\d+-\d+)/", whole))) == 12
    assert "Tra cứu xã" in whole
    assert "<h2>Dịch vụ</h2>" not in whole
    assert len(many) < 30
    for odd in ("?phan=tat-ca", "?phan=cho-tra-loi&sau=999999", "?phan=dich-vu&sau=-1"):
        assert owner.get(f"/lam-viec/chia-se/{odd}").status_code == 200
