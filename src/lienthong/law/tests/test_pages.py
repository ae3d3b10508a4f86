"""The pages of the law, as visitors and officers see them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.law.commands import start_clock
from lienthong.law.models import CalendarDay, Instrument, Parameter
from lienthong.law.rules import VIETNAM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_vietnamese():
    """Each test begins in Vietnamese, whatever the last request of the one before was in."""
    with translation.override("vi"):
        yield


def parameter_row(key: str, rule_set: str = "DATA-LAW-2025") -> Parameter:
    return Parameter.objects.get(key=key, rule_set__code=rule_set)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/van-ban/", "Văn bản, quy định theo thời điểm"),
        ("/en/van-ban/", "Legal texts and rules by date"),
        ("/van-ban/tham-so/", "Thời hạn cấp tài khoản kết nối"),
        ("/van-ban/tham-so/default_share.account/", "khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP"),
        ("/van-ban/nd-47-2020/", "Điều khoản được viện dẫn"),
        ("/en/van-ban/nd-47-2020/?ngay=2025-09-01", "Partly in force"),
    ],
)
def test_anybody_reads_the_law(law, client, address, words) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_every_text_and_parameter_has_a_page(law, client) -> None:
    for slug in Instrument.objects.values_list("slug", flat=True):
        assert client.get(f"/van-ban/{slug}/").status_code == 200, slug
    for key in sorted(set(Parameter.objects.values_list("key", flat=True))):
        assert client.get(f"/van-ban/tham-so/{key}/").status_code == 200, key
        assert client.get(f"/en/van-ban/tham-so/{key}/").status_code == 200, key


def test_the_day_decides_what_holds(law, client) -> None:
    before = client.get("/van-ban/?ngay=2025-10-21").content.decode()
    assert (
        "Ngày 21/10/2025 áp dụng bộ quy định “Nghị định 47/2020, sửa đổi theo Nghị định 194/2025”" in before
    )
    assert "/van-ban/nd-47-2020/?ngay=2025-10-21" in before
    after = client.get("/van-ban/?ngay=22/10/2025").content.decode()
    assert "Luật Dữ liệu và Nghị định 278/2025" in after
    assert "/van-ban/nd-47-2020/" not in after
    other = client.get("/van-ban/?ngay=2025-10-22&xem=khac").content.decode()
    assert "/van-ban/nd-47-2020/" in other


def test_the_day_decides_who_is_competent_and_what_things_are_called(law, client) -> None:
    before = client.get("/van-ban/?ngay=2024-06-30&xem=tham-quyen").content.decode()
    assert "chia sẻ dữ liệu mặc định" in before
    assert "khoản 2 Điều 11 Nghị định số 47/2020/NĐ-CP" in before
    after = client.get("/en/van-ban/?ngay=2026-11-19&xem=tham-quyen").content.decode()
    assert "Prime Minister" in after
    assert "National Data Orchestration Platform" in after
    assert client.get("/van-ban/?ngay=2000-01-01&xem=tham-quyen").status_code == 200


@pytest.mark.parametrize(
    "wrong", ["hôm nay", "2026-13-45", "0001-01-01", "99999-01-01", "2026-01-01' OR 1=1"]
)
def test_a_wrong_day_is_refused_and_the_page_stays(law, client, wrong) -> None:
    answer = client.get("/van-ban/", {"ngay": wrong})
    assert answer.status_code == 422
    assert "Lỗi:" in answer.content.decode()


def test_parameters_are_filtered(law, client) -> None:
    found = client.get("/van-ban/tham-so/", {"q": "cap tai khoan"}).content.decode()
    assert "default_share.account" in found
    assert "service.publish" not in found
    marked = client.get("/van-ban/tham-so/?muc=verified&nhom=mandatory").content.decode()
    assert "sync.max_delay.by_db" in marked
    assert "ndop.dossier.appraisal" not in marked
    assert "Không có tham số nào" in client.get("/van-ban/tham-so/?q=zzzz").content.decode()
    second = client.get("/van-ban/tham-so/?sau=50").content.decode()
    assert "sanction.from" in second
    assert client.get("/van-ban/tham-so/?sau=x&nhom=x&muc=x").status_code == 200


def test_unknown_things_are_not_found(law, client) -> None:
    assert client.get("/van-ban/khong-co/").status_code == 404
    assert client.get("/van-ban/tham-so/no.such.key/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/lam-viec/van-ban/", "/lam-viec/van-ban/lich/", "/lam-viec/van-ban/tham-so/service.publish/"]
)
def test_the_desk_asks_to_sign_in(law, client, address) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_an_officer_reads_and_may_not_change(law, as_role) -> None:
    client = as_role("head")
    assert client.get("/lam-viec/van-ban/").status_code == 200
    page = client.get("/lam-viec/van-ban/tham-so/default_share.account/")
    assert page.status_code == 200
    assert "/sua/" not in page.content.decode()
    row = parameter_row("default_share.account")
    assert client.get(reverse("law-change", args=[row.pk])).status_code == 403
    calendar = client.get("/lam-viec/van-ban/lich/?nam=2026").content.decode()
    assert "24/11/2026" in calendar
    assert "Ghi thêm ngày" not in calendar
    assert client.post("/lam-viec/van-ban/lich/du-kien/", {"nam": "2031"}).status_code == 403


def test_the_it_unit_changes_a_rule_of_the_agency_after_seeing_its_effect(law, as_role) -> None:
    # Given a request whose clock runs
    clock = start_clock(
        actor=SYSTEM,
        subject=("sharing.sharingrequest", 147),
        key="default_share.account",
        anchor_at=datetime(2026, 11, 18, 9, tzinfo=VIETNAM),
        anchor_event="request_received",
    )
    client, row = as_role("it_unit"), parameter_row("default_share.account")
    address = reverse("law-change", args=[row.pk])
    assert "Đã xác minh" not in client.get(address).content.decode()
    entered = {
        "value": "3",
        "unit": "working_day",
        "reason": "Quyết định số 15/QĐ-UBND",
        "running_cases": "migrate",
    }
    # When the officer asks for the effect
    effect = client.post(address, {**entered, "buoc": "tac-dong"})
    # Then it is shown and nothing has changed
    text = effect.content.decode()
    assert effect.status_code == 200
    assert "sharing.sharingrequest 147" in text
    assert "tối đa 3 ngày làm việc" in text
    assert "thứ Hai 23/11/2026" in text
    row.refresh_from_db()
    assert row.value == "2"
    # and going back keeps what was typed
    assert "Quyết định số 15/QĐ-UBND" in client.post(address, {**entered, "buoc": "sua"}).content.decode()
    # When it is issued
    answer = client.post(address, {**entered, "buoc": "ban-hanh"}, follow=True)
    # Then the new value holds, the case follows, the reason is in the history
    assert "Đã ban hành thay đổi." in answer.content.decode()
    assert "Quyết định số 15/QĐ-UBND" in answer.content.decode()
    row.refresh_from_db()
    clock.refresh_from_db()
    assert (row.value, clock.value) == ("3", "3")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": " "}, "Chưa nêu lý do thay đổi."),
        ({"value": "ba"}, "không phù hợp với đơn vị"),
        ({"value": ""}, "không phù hợp với đơn vị"),
        ({"unit": "fortnight"}, "Lỗi:"),
        ({"running_cases": "x"}, "Lỗi:"),
    ],
)
def test_a_wrong_change_is_refused_beside_its_field(law, as_role, wrong, words) -> None:
    client, row = as_role("it_unit"), parameter_row("default_share.account")
    entered = {"value": "3", "unit": "working_day", "reason": "QĐ 15", "running_cases": "pin"}
    for step in ("tac-dong", "ban-hanh"):
        answer = client.post(reverse("law-change", args=[row.pk]), {**entered, **wrong, "buoc": step})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    row.refresh_from_db()
    assert row.value == "2"


def test_a_statutory_number_is_closed_to_the_it_unit(law, as_role) -> None:
    row = parameter_row("default_share.account", "ND47-ORIGINAL")
    assert as_role("it_unit").get(reverse("law-change", args=[row.pk])).status_code == 403
    page = as_role("administrator").get(reverse("law-change", args=[row.pk]))
    assert "Mức xác minh" in page.content.decode()


def test_the_calendar_is_kept_by_the_it_unit(law, as_role) -> None:
    client = as_role("it_unit")
    entered = {"day": "2026-12-24", "kind": "holiday", "name_vi": "Nghỉ theo thông báo", "source": "TB 7"}
    answer = client.post("/lam-viec/van-ban/lich/?nam=2026", entered, follow=True)
    assert "Nghỉ theo thông báo" in answer.content.decode()
    entry = CalendarDay.objects.get(day="2026-12-24")
    assert (
        "Bỏ ngày 24/12/2026" in client.get(reverse("law-calendar-remove", args=[entry.pk])).content.decode()
    )
    client.post(reverse("law-calendar-remove", args=[entry.pk]), {"reason": "nhầm"})
    assert not CalendarDay.objects.filter(day="2026-12-24").exists()
    assert client.post("/lam-viec/van-ban/lich/?nam=2026", {**entered, "day": "x"}).status_code == 422
    assert client.post("/lam-viec/van-ban/lich/?nam=2026", {**entered, "kind": "x"}).status_code == 422
    client.post("/lam-viec/van-ban/lich/du-kien/", {"nam": "2031"})
    assert CalendarDay.objects.filter(day__year=2031).exists()
    assert client.get("/lam-viec/van-ban/lich/?nam=99999").status_code == 200


def test_no_page_needs_more_queries_for_more_rows(law, client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):
        client.get("/van-ban/tham-so/")
    with django_assert_max_num_queries(8):
        client.get("/van-ban/")
