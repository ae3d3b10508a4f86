"""What people see: the public tree and directory, the inbox, the desk's pages of agencies and focal officers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies import addresses, commands, demo
from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.indexing import search_rows
from lienthong.agencies.models import Agency, FocalAppointment, Post
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.tracing import carries
from tests.worlds import anew

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(standing: Path) -> dict[str, Any]:
    """Built once; each test finds it as it was."""
    return demo.fill_agencies(SYSTEM)


@pytest.fixture
def world(built: dict[str, Any], db: None) -> dict[str, Any]:
    return anew(built)


def as_(world: dict[str, Any], username: str) -> Client:
    client = Client()
    client.force_login(world["people"][username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def test_stored_addresses_are_those_of_the_pages() -> None:
    assert addresses.file_address("H99.01") == reverse("agencies-file", args=["H99.01"])
    assert addresses.focal_officer_address("H99") == reverse("agencies-focal-officer", args=["H99"])
    assert addresses.agency_address("H99") == f"{reverse('agencies-list')}H99/"


# Public


@carries("FOC-05")
def test_the_directory_needs_no_sign_in_and_shows_the_five_fields(
    world: dict[str, Any], client: Client
) -> None:
    page = text_of(client.get("/can-bo-dau-moi/"))
    for public in (
        "Nguyễn Thị Thu Hà",
        "Chuyên viên chính, Văn phòng UBND tỉnh",
        "Đầu mối quản lý, kết nối và chia sẻ dữ liệu của cơ quan",
        "0200 3800 101",
        "dau-moi.h99@anloc.example",
    ):
        assert public in page
    assert 'lang="vi"' in page
    assert "Cán bộ đầu mối" in page
    assert "Chưa xác nhận lại từ ngày" not in page
    assert "1215/QĐ-UBND" not in page
    before = timezone.now() - timedelta(days=40)
    FocalAppointment.objects.update(published_at=before, confirmed_at=before)
    assert "Chưa xác nhận lại từ ngày" in text_of(client.get("/can-bo-dau-moi/"))
    english = text_of(client.get("/en/can-bo-dau-moi/"))
    assert 'lang="en"' in english
    assert "Not confirmed again since" in english
    assert "An Loc Provincial People&#x27;s Committee" in english


def test_the_directory_shows_gaps_and_finds_without_marks(world: dict[str, Any], client: Client) -> None:
    demo.make_agency("H97", "UBND tỉnh Bình Yên")
    search_rows()
    assert "Chưa công bố cán bộ đầu mối" in text_of(client.get("/can-bo-dau-moi/"))
    found = text_of(client.get("/can-bo-dau-moi/", {"q": "truong ngoc an"}))
    assert "Trương Ngọc Ẩn" in found
    assert "Nguyễn Thị Thu Hà" not in found
    assert "Bỏ điều kiện lọc" in text_of(client.get("/can-bo-dau-moi/", {"q": "khongcoai"}))


def test_the_public_tree_lists_agencies_with_their_units(world: dict[str, Any], client: Client) -> None:
    page = text_of(client.get("/co-quan/"))
    assert "UBND tỉnh An Lộc" in page
    assert 'href="/co-quan/H99.11/"' in page
    assert "Sở Y tế tỉnh An Lộc" in text_of(client.get("/co-quan/", {"q": "so y te"}))
    assert 'href="/en/co-quan/H99/"' in text_of(client.get("/en/co-quan/"))


ODD = [{"sau": "x"}, {"sau": "9" * 40}, {"q": "a", "sau": "²"}, {"q": "%_\"'()*"}, {"q": "x" * 999}]


def test_odd_addresses_are_no_fault(world: dict[str, Any]) -> None:
    client = as_(world, "quan-tri")
    for path in ("/co-quan/", "/can-bo-dau-moi/", "/lam-viec/", "/lam-viec/co-quan/"):
        assert [client.get(path, query).status_code for query in ODD] == [200] * len(ODD)


# The inbox and the post


DESK = [
    "/lam-viec/",
    "/lam-viec/vai-tro/",
    "/lam-viec/co-quan/",
    "/lam-viec/co-quan/them/",
    "/lam-viec/co-quan/H99/",
    "/lam-viec/co-quan/H99/dau-moi/",
    "/lam-viec/co-quan/H99/doi-ten/",
]


@pytest.mark.parametrize("path", DESK)
def test_the_desk_asks_to_sign_in(province: Agency, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/tai-khoan/")


def test_the_inbox_says_what_is_due_and_when_nothing_is(world: dict[str, Any]) -> None:
    head = as_(world, "nguoi-dung-dau")
    assert "Không còn việc chờ xử lý." in text_of(head.get("/lam-viec/"))
    province = world["agencies"]["H99"]
    commands.open_work(
        subject=province,
        act="decide",
        title_vi="kết luận chồng lấn",
        title_en="decide the overlap",
        about="CSDL hộ tịch điện tử",
        url="/lam-viec/chong-lan/CL-2026-0032/",
        unit=province,
        role=Role.HEAD,
        number="CL-2026-0032",
    )
    page = text_of(head.get("/lam-viec/"))
    assert "1 việc chờ xử lý" in page
    assert "CL-2026-0032" in page
    assert 'href="/lam-viec/chong-lan/CL-2026-0032/"' in page
    english = text_of(head.get("/en/lam-viec/"))
    assert "decide the overlap" in english
    assert 'href="/en/lam-viec/chong-lan/CL-2026-0032/"' in english
    assert "CL-2026-0032" not in text_of(as_(world, "chu-quan").get("/lam-viec/"))
    commands.finish_work(actor=world["actors"]["nguoi-dung-dau"], subject=province)
    assert "CL-2026-0032" in text_of(head.get("/lam-viec/?xem=da-xu-ly"))


def test_one_chooses_the_post_in_which_one_acts(world: dict[str, Any]) -> None:
    client = as_(world, "cntt")
    posts = {post.agency.code: post for post in Post.objects.filter(person=world["people"]["cntt"])}
    assert "Sở Khoa học và Công nghệ tỉnh An Lộc" in text_of(client.get("/lam-viec/vai-tro/"))
    response = client.post("/lam-viec/vai-tro/", {"post": posts["H99.05"].pk})
    assert response["Location"] == "/lam-viec/"
    assert client.session[POST_KEY] == posts["H99.05"].pk
    stranger = Post.objects.exclude(person=world["people"]["cntt"]).first()
    assert client.post("/lam-viec/vai-tro/", {"post": stranger.pk}).status_code == 403
    assert client.post("/lam-viec/vai-tro/", {"post": "x"}).status_code == 403
    away = client.post("/lam-viec/vai-tro/", {"post": posts["H99"].pk, "next": "https://evil.example/"})
    assert away["Location"] == "/lam-viec/"


# Agencies on the desk


def test_the_administrator_enters_renames_and_closes_an_agency(world: dict[str, Any]) -> None:
    client = as_(world, "quan-tri")
    entered = {
        "code": "000.00.12.H99",
        "name": "Sở Tư pháp tỉnh An Lộc",
        "kind": "department",
        "parent": "H99",
    }
    assert client.post("/lam-viec/co-quan/them/", entered).status_code == 302
    refused = client.post("/lam-viec/co-quan/them/", entered)
    assert refused.status_code == 422
    assert "Mã H99.12 đã cấp cho Sở Tư pháp tỉnh An Lộc." in text_of(refused)
    assert 'value="Sở Tư pháp tỉnh An Lộc"' in text_of(refused)
    assert "<title>Lỗi:" in text_of(refused)
    path = "/lam-viec/co-quan/H99.12/"
    assert client.post(f"{path}doi-ten/", {"name": "Sở Tư pháp An Lộc"}).status_code == 302
    assert client.post(f"{path}lien-he/", {"phone": "0200 3800 012"}).status_code == 302
    assert client.post(f"{path}ma-dinh-danh/", {"code": "H99.92", "make_current": "on"}).status_code == 302
    moved = client.get(path)
    assert moved["Location"] == "/lam-viec/co-quan/H99.92/"
    page = text_of(client.get(moved["Location"]))
    assert "Sở Tư pháp tỉnh An Lộc" in page
    assert "Đổi tên từ “Sở Tư pháp tỉnh An Lộc” thành “Sở Tư pháp An Lộc”" in page
    closed = client.post(f"{moved['Location']}dong/", {"closed_on": "31/12/2026", "reason": "Sáp nhập"})
    assert closed.status_code == 302
    assert "Đã đóng từ ngày 31/12/2026" in text_of(client.get(moved["Location"]))


def test_the_administrator_assigns_and_ends_a_post(world: dict[str, Any]) -> None:
    client = as_(world, "quan-tri")
    path = "/lam-viec/co-quan/H99.11/"
    person = demo.make_person("moi", "Ẫ Ệ Ặ Ỗ")
    wrong = client.post(f"{path}giao-vai-tro/", {"person": "khong-co", "role": Role.HEAD})
    assert "Không có tài khoản đang hoạt động với tên đăng nhập này." in text_of(wrong)
    given = client.post(
        f"{path}giao-vai-tro/", {"person": "moi", "role": Role.HEAD, "valid_from": "2026-01-05"}, follow=True
    )
    assert "Ẫ Ệ Ặ Ỗ" in text_of(given)
    post = Post.objects.get(person=person)
    ended = client.post(f"{path}vai-tro/{post.pk}/ket-thuc/", {"valid_to": "2026-01-04"})
    assert ended.status_code == 422
    assert "trước ngày bắt đầu 05/01/2026" in text_of(ended)
    assert client.post(f"{path}vai-tro/{post.pk}/ket-thuc/", {"valid_to": "2026-01-31"}).status_code == 302
    post.refresh_from_db()
    assert post.valid_to == date(2026, 1, 31)
    assert client.get("/lam-viec/co-quan/H99/vai-tro/99999999999999999999/ket-thuc/").status_code == 404
    assert client.get(f"/lam-viec/co-quan/H99/vai-tro/{post.pk}/ket-thuc/").status_code == 404


def test_only_the_administrator_opens_the_forms_of_an_agency(world: dict[str, Any]) -> None:
    paths = ("them/", "H99/doi-ten/", "H99/lien-he/", "H99/ma-dinh-danh/", "H99/dong/", "H99/giao-vai-tro/")
    for username, status in (("chu-quan", 403), ("nguoi-dung-dau", 403), ("cntt", 403), ("quan-tri", 200)):
        client = as_(world, username)
        assert {client.get(f"/lam-viec/co-quan/{path}").status_code for path in paths} == {status}


def test_the_file_of_an_agency_elsewhere_is_refused(world: dict[str, Any]) -> None:
    assert as_(world, "chu-quan").get("/lam-viec/co-quan/H99.01/").status_code == 200
    assert as_(world, "chu-quan").get("/lam-viec/co-quan/G99/").status_code == 403
    assert as_(world, "chu-quan").get("/lam-viec/co-quan/H41/").status_code == 404
    assert as_(world, "quan-tri").get("/lam-viec/co-quan/sai mã/").status_code == 404
    assert as_(world, "dieu-phoi").get("/lam-viec/co-quan/H99.01/").status_code == 200


# The focal officer on the desk


@carries("FOC-01", "FOC-03", "FOC-05")
def test_a_successor_goes_from_nomination_to_publication_through_the_pages(world: dict[str, Any]) -> None:
    it_unit, head = as_(world, "cntt"), as_(world, "nguoi-dung-dau")
    path = "/lam-viec/co-quan/H99/dau-moi/"
    nominee = {
        "full_name": "Trần Văn Bình",
        "position": "Trưởng phòng",
        "function": "Đầu mối dữ liệu",
        "phone": "0200 3800 222",
        "email": "binh@anloc.example",
        "professional_field": "Công nghệ thông tin",
        "capability": "Tham mưu quản trị dữ liệu",
        "person": "chu-quan",
    }
    assert "Đề cử người thay thế" in text_of(it_unit.get(path))
    assert it_unit.post(f"{path}de-cu/", nominee).status_code == 302
    waiting = FocalAppointment.objects.get(state="nominated")
    assert it_unit.get(f"{path}{waiting.pk}/cu/").status_code == 403
    page = text_of(head.get(path))
    assert "Cử cán bộ đầu mối" in page
    decision = {
        "decision_number": "99/QĐ-UBND",
        "decision_date": "2026-01-15",
        "professional_field": "Công nghệ thông tin",
        "capability": "Tham mưu quản trị dữ liệu",
        "duties": "Theo dõi chia sẻ dữ liệu",
        "powers": "",
    }
    refused = head.post(f"{path}{waiting.pk}/cu/", decision)
    assert refused.status_code == 422
    assert "Theo dõi chia sẻ dữ liệu" in text_of(refused)
    decision["powers"] = "Yêu cầu đơn vị cung cấp thông tin"
    assert head.post(f"{path}{waiting.pk}/cu/", decision).status_code == 302
    assert it_unit.get(f"{path}{waiting.pk}/cong-bo/").status_code == 405
    published = it_unit.post(f"{path}{waiting.pk}/cong-bo/", follow=True)
    assert "Trần Văn Bình đã có trong danh bạ công khai." in text_of(published)
    history = text_of(it_unit.get(path))
    assert "14/01/2026" in history
    assert "1215/QĐ-UBND" in history
    public = text_of(Client().get("/can-bo-dau-moi/"))
    assert "Trần Văn Bình" in public
    assert "Nguyễn Thị Thu Hà" not in public


def test_the_officer_confirms_the_contact_on_the_desk(world: dict[str, Any]) -> None:
    officer = as_(world, "dau-moi")
    path = "/lam-viec/co-quan/H99/dau-moi/"
    appointment = FocalAppointment.objects.get(agency__code="H99")
    page = text_of(officer.get(path))
    assert "Xác nhận thông tin liên hệ" in page
    assert "Đề cử người thay thế" not in page
    entered = {"phone": "0200 3800 777", "email": "ha@anloc.example"}
    assert officer.post(f"{path}{appointment.pk}/xac-nhan/", entered).status_code == 302
    assert "0200 3800 777" in text_of(Client().get("/can-bo-dau-moi/"))


def test_a_vacancy_is_shown_and_asks_for_a_nomination(world: dict[str, Any]) -> None:
    head = as_(world, "nguoi-dung-dau")
    path = "/lam-viec/co-quan/H99/dau-moi/"
    appointment = FocalAppointment.objects.get(agency__code="H99")
    assert head.post(f"{path}{appointment.pk}/ket-thuc/", {"valid_to": "2026-01-31"}).status_code == 302
    page = text_of(head.get(path))
    assert "Khuyết" in page
    assert "Đề cử cán bộ đầu mối" in page
    assert "Cơ quan chưa có cán bộ đầu mối" in page
    assert "cử cán bộ đầu mối" in text_of(head.get("/lam-viec/"))
    assert "1 cơ quan chưa công bố cán bộ đầu mối" in text_of(head.get("/lam-viec/co-quan/"))


def test_an_appointment_of_another_agency_is_not_found_here(world: dict[str, Any]) -> None:
    other = FocalAppointment.objects.get(agency__code="G99")
    path = f"/lam-viec/co-quan/H99/dau-moi/{other.pk}/"
    head = as_(world, "nguoi-dung-dau")
    for act in ("cu", "xac-nhan", "ket-thuc", "rut"):
        assert head.get(f"{path}{act}/").status_code == 404
    assert head.post(f"{path}cong-bo/").status_code == 404


def test_every_page_is_complete_in_english(world: dict[str, Any]) -> None:
    client = as_(world, "quan-tri")
    for path in DESK:
        response = client.get(f"/en{path}")
        assert response.status_code == 200
        assert 'lang="en"' in text_of(response)


def test_an_account_without_post_is_told_so(db: None) -> None:
    demo.make_agency()
    before = Agency.objects.count()
    client = Client()
    client.force_login(
        User.objects.create(username="moi", full_name="Người mới"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "Tài khoản này hiện không giữ vai trò nào." in text_of(client.get("/lam-viec/vai-tro/"))
    assert client.get("/lam-viec/").status_code == 200
    assert client.get("/lam-viec/co-quan/H99/").status_code == 403
    assert Agency.objects.count() == before


def test_notices_are_told_apart_from_what_is_due_and_marked_as_read(world: dict[str, Any]) -> None:
    head = as_(world, "nguoi-dung-dau")
    assert "Chưa có thông báo." in text_of(head.get("/lam-viec/?xem=de-biet"))
    notify(
        people=[world["people"]["nguoi-dung-dau"].pk],
        text_vi="CL-2026-0001: hai cơ sở dữ liệu chồng lấn",
        text_en="CL-2026-0001: two databases overlap",
        url="/lam-viec/chong-lan/CL-2026-0001/",
        event_id="e1",
    )
    page = text_of(head.get("/lam-viec/?xem=de-biet"))
    assert "CL-2026-0001: hai cơ sở dữ liệu chồng lấn" in page
    assert "chưa đọc" in page
    english = text_of(head.get("/en/lam-viec/?xem=de-biet"))
    assert "CL-2026-0001: two databases overlap" in english
    assert "/en/lam-viec/chong-lan/CL-2026-0001/" in english
    assert head.post("/lam-viec/?xem=de-biet").status_code == 302
    assert "0 thông báo chưa đọc" in text_of(head.get("/lam-viec/?xem=de-biet"))
    assert "CL-2026-0001" not in text_of(as_(world, "chu-quan").get("/lam-viec/?xem=de-biet"))
