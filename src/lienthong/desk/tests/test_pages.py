"""The desk's frame and pages: rooms by role, secrets, search, the running of the system."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.catalogue.models import Database
from lienthong.foundation.events.models import Event
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries

from .conftest import HIDDEN, LOCAL, SECRET

pytestmark = [pytest.mark.django_db]

SignIn = Callable[..., Client]
OFFICERS = ("dau-moi", "chu-quan", "cntt", "nguoi-dung-dau", "khai-thac", "giu-mat", "quan-tri", "chu-quan-bo",
            "nguoi-dung-dau-bo", "dieu-phoi")  # fmt: skip
DATA_ROOMS = (
    "/lam-viec/csdl/",
    "/lam-viec/chong-lan/",
    "/lam-viec/quy-che/",
    "/lam-viec/chia-se/",
    "/lam-viec/du-lieu-mo/",
)


def text_of(answer: Any) -> str:
    """The page, without the tokens that differ each time."""
    page = re.sub(r'(csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]*', "", answer.content.decode())
    return re.sub(r"\s+", " ", page)


def links_of(answer: Any, part: str) -> list[str]:
    found = re.search(rf'<nav class="{part}".*?</nav>', text_of(answer))
    return re.findall(r'href="(/[^"#]*)"', found[0]) if found else []


# The frame


@pytest.mark.parametrize("officer", OFFICERS)
def test_every_room_that_is_shown_opens(as_officer: SignIn, officer: str) -> None:
    browser = as_officer(officer)
    home = browser.get("/lam-viec/")
    rooms = {*links_of(home, "rail"), *links_of(home, "bottom-bar")}
    assert "/lam-viec/" in rooms
    for room in rooms:
        assert browser.get(room).status_code == 200, room


def test_the_administrator_sees_no_data_rooms(as_officer: SignIn) -> None:
    browser = as_officer("quan-tri")
    page = browser.get("/lam-viec/")
    assert not set(DATA_ROOMS) & {*links_of(page, "rail"), *links_of(page, "bottom-bar")}
    assert "/lam-viec/he-thong/" in links_of(page, "rail")
    assert browser.get(f"/lam-viec/csdl/{LOCAL}/").status_code == 404
    assert set(DATA_ROOMS) <= set(links_of(as_officer("chu-quan").get("/lam-viec/"), "rail"))


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/lam-viec/", "/lam-viec/"),
        (f"/lam-viec/csdl/{LOCAL}/", "/lam-viec/csdl/"),
        ("/lam-viec/chia-se/", "/lam-viec/chia-se/"),
        ("/lam-viec/van-ban/", "/lam-viec/van-ban/"),
        ("/lam-viec/tim/", ""),
        (f"/en/lam-viec/csdl/{LOCAL}/", "/en/lam-viec/csdl/"),
    ],
)
def test_the_room_one_is_in_is_marked(as_officer: SignIn, path: str, room: str) -> None:
    rail = re.search(r'<nav class="rail".*?</nav>', text_of(as_officer("chu-quan").get(path)))
    assert rail is not None
    assert re.findall(r'href="([^"]*)" aria-current="page"', rail[0]) == ([room] if room else [])


def test_the_frame_leads_to_the_desk_to_help_and_to_the_second_step(
    as_officer: SignIn, client: Client
) -> None:
    officer = as_officer("chu-quan")
    assert 'href="/lam-viec/"' in text_of(officer.get("/tro-giup/"))
    desk = text_of(officer.get("/lam-viec/"))
    assert "Đang làm việc với tư cách: <b>Trần Văn Bình" in desk
    assert 'href="/tro-giup/"' in desk
    assert "/tai-khoan/" in desk
    assert "Đăng nhập" in text_of(client.get("/tro-giup/"))


def test_passwords_are_printed_in_a_demo_only(world: Any, client: Client) -> None:
    password = world.people["chu-quan"].demo_password
    assert password
    with override_settings(DEMO=False):
        assert password not in text_of(client.get("/tai-khoan/dang-nhap/"))
    with override_settings(DEMO=True):
        page = text_of(client.get("/tai-khoan/dang-nhap/"))
    assert password in page
    assert page.index('name="password"') < page.index(password)


# Secrets


@carries("SEC-01")
@pytest.mark.parametrize("officer", [name for name in OFFICERS if name != "giu-mat"])
def test_a_secret_database_is_as_if_it_were_not(as_officer: SignIn, officer: str, time_machine: Any) -> None:
    # Pages tell the minute they were made in.
    time_machine.move_to(timezone.now(), tick=False)
    browser = as_officer(officer)
    for tail in ("", "lich-su/", "nguon/", "cot/", "dieu-kien/", "chong-lan/"):
        secret = browser.get(f"/lam-viec/csdl/{HIDDEN}/{tail}")
        missing = browser.get(f"/lam-viec/csdl/H99.02.DB91/{tail}")
        assert secret.status_code == missing.status_code == 404
        assert text_of(secret).replace(HIDDEN, "H99.02.DB91") == text_of(missing)
    for path in (
        "/lam-viec/", "/lam-viec/?xem=da-xu-ly", "/lam-viec/csdl/", "/lam-viec/tim/?q=bao+ve+trong+diem",
        f"/lam-viec/tim/?q={HIDDEN}",
    ):  # fmt: skip
        assert SECRET not in text_of(browser.get(path)), path


@carries("SEC-01")
def test_the_keeper_sees_the_violet_frame_and_no_act_of_sharing(as_officer: SignIn) -> None:
    browser = as_officer("giu-mat")
    page = text_of(browser.get(f"/lam-viec/csdl/{HIDDEN}/"))
    assert SECRET in page
    assert "notice is-secret" in page
    assert "Thuộc phạm vi bí mật nhà nước: không chia sẻ, không công bố" in page
    for nothing in ("Việc tiếp theo", "Vòng đời", "dich-vu/lap", "/dieu-kien/", "btn-primary"):
        assert nothing not in page
    for link in set(re.findall(rf'href="(/lam-viec/csdl/{HIDDEN}/[^"#]*)"', page)):
        assert browser.get(link).status_code == 200, link


@carries("SEC-01")
def test_a_secret_is_in_no_search_row_that_others_reach_and_on_no_list_of_work(world: Any) -> None:
    assert not Entry.objects.filter(is_public=True, title__contains="trọng điểm").exists()
    assert not Work.objects.filter(about__contains="trọng điểm").exists()


# The file, its history, search


def test_the_history_tells_who_did_what(as_officer: SignIn, local: Database) -> None:
    page = text_of(as_officer("chu-quan").get(f"/lam-viec/csdl/{LOCAL}/lich-su/"))
    assert "Đăng ký cơ sở dữ liệu" in page
    assert as_officer("chu-quan-bo").get(f"/lam-viec/csdl/{LOCAL}/lich-su/").status_code == 404


def test_the_history_goes_on_from_a_line(as_officer: SignIn, local: Database) -> None:
    owner, here = as_officer("chu-quan"), f"/lam-viec/csdl/{LOCAL}/lich-su/"
    (whole,) = history_of("catalogue.database", local.pk).values()
    again = {name: value for name, value in whole.items() if name != "id"}
    Event.objects.bulk_create(Event(**again) for _ in range(120))
    first, later = owner.get(here), owner.get(f"{here}?sau=100")
    assert (len(first.context["events"]), len(later.context["events"])) == (100, 21)
    assert "1-100 trong 121" in text_of(first)
    assert "101-121 trong 121" in text_of(later)
    assert 'rel="prev"' in text_of(later)
    # Then a page that is not there is the nearest that is
    for odd, shown in (("99999", "101-121"), ("9" * 30, "1-100"), ("-1", "1-100"), ("x", "1-100")):
        assert f"{shown} trong 121" in text_of(owner.get(f"{here}?sau={odd}"))


def test_what_must_be_settled_first_is_said_once(as_officer: SignIn, local: Database) -> None:
    page = text_of(as_officer("chu-quan").get(f"/lam-viec/csdl/{LOCAL}/"))
    assert page.count("Chưa tìm chồng lấn với mọi CSDL khác.") == 1


@pytest.mark.parametrize("q", ["danh muc dung chung", "DANH MỤC DÙNG CHUNG", LOCAL])
def test_search_finds_what_the_officer_may_know(as_officer: SignIn, q: str) -> None:
    assert f"/lam-viec/csdl/{LOCAL}/" in text_of(as_officer("chu-quan").get("/lam-viec/tim/", {"q": q}))
    assert f"/lam-viec/csdl/{LOCAL}/" not in text_of(
        as_officer("chu-quan-bo").get("/lam-viec/tim/", {"q": q})
    )


def test_results_say_of_which_kind_they_are_and_are_narrowed_to_one(as_officer: SignIn) -> None:
    owner = as_officer("chu-quan")
    every = text_of(owner.get("/lam-viec/tim/", {"q": "an loc"}))
    assert f"/lam-viec/csdl/{LOCAL}/" in every
    assert "loai=co-quan" in every
    narrowed = text_of(owner.get("/lam-viec/tim/", {"q": "an loc", "loai": "co-quan"}))
    assert f"/lam-viec/csdl/{LOCAL}/" not in narrowed
    assert "UBND tỉnh An Lộc" in narrowed
    for odd in ({"loai": "khac"}, {"sau": "99999"}, {"sau": "-1", "loai": "csdl"}):
        found = owner.get("/lam-viec/tim/", {"q": "an loc", **odd})
        assert f"/lam-viec/csdl/{LOCAL}/" in text_of(found)
    # Then a kind in which nothing was found leads back to the others
    none = text_of(owner.get("/lam-viec/tim/", {"q": LOCAL, "loai": "dich-vu"}))
    assert "Không có kết quả với 1 điều kiện lọc" in none
    assert f'href="?q={LOCAL}"' in none


@pytest.mark.parametrize(
    "q", ["", " ", "\x00", "'; DROP TABLE x --", "%" * 300, "a" * 5000, "ỗẫệặ" * 50, "\ud7ff"]
)
def test_no_search_is_a_fault(as_officer: SignIn, q: str) -> None:
    answer = as_officer("chu-quan").get("/lam-viec/tim/", {"q": q})
    assert answer.status_code == 200
    assert "<script>" not in text_of(answer)


def test_what_was_asked_is_never_markup(as_officer: SignIn) -> None:
    page = text_of(as_officer("chu-quan").get("/lam-viec/tim/", {"q": "<b>x</b>"}))
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


# The system


@pytest.mark.parametrize("officer", OFFICERS)
def test_the_running_is_shown_to_administrator_and_it_unit(as_officer: SignIn, officer: str) -> None:
    status = as_officer(officer).get("/lam-viec/he-thong/").status_code
    assert status == (200 if officer in {"quan-tri", "cntt"} else 403)


def test_work_that_failed_is_told_in_both_languages(as_officer: SignIn, world: Any) -> None:
    browser = as_officer("quan-tri")
    assert "hoạt động bình thường" in text_of(browser.get("/lam-viec/he-thong/"))
    Job.objects.create(
        name="inventory.survey", title_vi="Khảo sát nguồn", title_en="Look at the source", state=JobState.FAILED,
        error_vi="Không kết nối được.", error_en="No connection.",
    )  # fmt: skip
    page = text_of(browser.get("/lam-viec/he-thong/"))
    assert "cần kiểm tra" in page
    assert "Không kết nối được." in page
    english = text_of(browser.get("/en/lam-viec/he-thong/"))
    assert "No connection." in english
    assert "Không kết nối được." not in english


def test_pages_of_the_desk_want_a_sign_in_and_only_reading(client: Client, as_officer: SignIn) -> None:
    for path in (
        "/lam-viec/",
        f"/lam-viec/csdl/{LOCAL}/",
        "/lam-viec/tim/",
        "/lam-viec/he-thong/",
        "/lam-viec/them/",
    ):
        assert client.get(path)["Location"].startswith("/tai-khoan/dang-nhap/")
    assert as_officer("chu-quan").post(f"/lam-viec/csdl/{LOCAL}/").status_code == 405


def test_every_part_of_the_desk_is_listed_for_small_screens(as_officer: SignIn) -> None:
    page = as_officer("chu-quan").get("/lam-viec/them/")
    for room in links_of(page, "rail"):
        assert f'href="{room}"' in text_of(page).split("<main")[1]
