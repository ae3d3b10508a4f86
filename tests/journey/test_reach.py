"""The main pages are within reach: on a phone, in both languages, for people who cannot see or use a mouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from .conftest import Officer, Served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
PUBLIC = (
    "/", "/tim-kiem/?q=xa+phuong", "/tim-kiem/?q=khong-co-gi", "/du-lieu/", "/du-lieu/danh-muc-xa-phuong/",
    "/du-lieu/danh-muc-xa-phuong/cot/", "/du-lieu/danh-muc-xa-phuong/phien-ban/", "/du-lieu/danh-muc-xa-phuong/api/",
    "/du-lieu/danh-muc-xa-phuong/bao-sai/",
    "/co-quan/", "/co-quan/H99/", "/can-bo-dau-moi/", "/dich-vu/", "/dich-vu/tra-cuu-xa-phuong/", "/quy-che/",
    "/danh-muc/", "/van-ban/", "/van-ban/tham-so/", "/so-do/", "/tro-giup/", "/tai-khoan/dang-nhap/", "/khong-co-trang-nay/",
)  # fmt: skip
DESK = {
    "chu-quan": (
        "/lam-viec/", "/lam-viec/csdl/", "/lam-viec/csdl/H99.01.DB01/", "/lam-viec/csdl/H99.01.DB01/nguon/",
        "/lam-viec/csdl/H99.01.DB01/cot/", "/lam-viec/csdl/H99.01.DB01/danh-gia/", "/lam-viec/csdl/H99.01.DB01/chong-lan/",
        "/lam-viec/csdl/H99.01.DB01/dieu-kien/", "/lam-viec/csdl/H99.01.DB01/lich-su/", "/lam-viec/csdl/dang-ky/",
        "/lam-viec/csdl/H99.01.DB01/chat-luong/", "/lam-viec/csdl/H99.01.DB01/canh-bao/", "/lam-viec/chat-luong/",
        "/lam-viec/chong-lan/", "/lam-viec/chong-lan/ban-do/", "/lam-viec/quy-che/", "/lam-viec/quy-che/soan/", "/lam-viec/chia-se/", "/lam-viec/tim/?q=xa",
    ),
    "chu-quan-bo": (
        "/lam-viec/", "/lam-viec/chia-se/", "/lam-viec/dich-vu/tra-cuu-xa-phuong/", "/lam-viec/du-lieu-mo/",
        "/lam-viec/du-lieu-mo/danh-muc-xa-phuong/", "/lam-viec/dich-vu/tra-cuu-xa-phuong/nhap-yeu-cau/",
    ),
    "cntt": (
        "/lam-viec/", "/lam-viec/van-ban/", "/lam-viec/van-ban/lich/", "/lam-viec/co-quan/", "/lam-viec/he-thong/",
        "/lam-viec/kiem-ke/", f"/lam-viec/kiem-ke/KK-{date.today().year}-0001/",
        f"/lam-viec/kiem-ke/KK-{date.today().year}-0001/don-vi/H99.01/", "/lam-viec/he-thong-thong-tin/H99.11.HT01/",
        "/lam-viec/nang-cap/",
    ),
    "quan-tri": ("/lam-viec/", "/lam-viec/co-quan/", "/lam-viec/co-quan/H99/", "/lam-viec/he-thong/"),
}  # fmt: skip
NORMAL = {"/khong-co-trang-nay/": 404}


WIDTHS = ((1280, 900), (390, 844))


def looked_at(person: Officer, path: str) -> list[str]:
    """What is wrong with one page: status, language, raw template; at either width: sideways scroll, axe.

    The page is asked for once and made narrow afterwards, as when a person turns a tablet. In English, whose
    pages have the same parts, axe looks at the first width only.
    """
    person.page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})
    answer = person.page.goto(path)
    assert answer is not None
    found = []
    if answer.status != NORMAL.get(path.removeprefix("/en"), 200):
        found.append(f"status {answer.status}")
    language = person.page.locator("html").get_attribute("lang")
    if language != ("en" if path.startswith("/en/") else "vi"):
        found.append(f"lang {language}")
    written = person.page.content()
    if "{%" in written or "<c-" in written:
        found.append("raw template")
    person.page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, height in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": height})
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{wide} px wide at {width}")
        if language == "en" and width < WIDTHS[0][0]:
            continue
        result: dict[str, Any] = person.page.evaluate("axe.run({resultTypes: ['violations']})")
        found += [
            f"axe {violation['impact']} at {width}: {violation['id']} at {violation['nodes'][0]['target']}"
            for violation in result["violations"]
            if violation["impact"] in {"serious", "critical"}
        ]
    return [f"{path}: {fault}" for fault in found]


def test_public_pages(browser: Browser, served: Served) -> None:
    person = Officer(browser, served, "")
    faults = [fault for path in PUBLIC for fault in looked_at(person, path)]
    faults += [fault for path in PUBLIC[::3] for fault in looked_at(person, f"/en{path}")]
    assert faults == []
    person.close()


@pytest.mark.parametrize("username", DESK)
def test_desk_pages(browser: Browser, served: Served, username: str) -> None:
    person = Officer(browser, served, username)
    faults = [fault for path in DESK[username] for fault in looked_at(person, path)]
    faults += [fault for path in DESK[username][::3] for fault in looked_at(person, f"/en{path}")]
    assert faults == []
    person.close()


def test_a_secret_leaves_no_trace(browser: Browser, served: Served) -> None:
    """Outsiders get the same 404 as for what does not exist; the keeper sees the violet frame."""
    outsider = Officer(browser, served, "chu-quan")
    answers = [outsider.page.goto(f"/lam-viec/csdl/{code}/") for code in ("H99.02.DB90", "H99.02.DB91")]
    assert [answer.status for answer in answers if answer] == [404, 404]
    assert "bảo vệ trọng điểm" not in outsider.open("/lam-viec/csdl/").content()
    outsider.close()
    keeper = Officer(browser, served, "giu-mat")
    assert "bí mật nhà nước" in keeper.open("/lam-viec/csdl/H99.02.DB90/").locator("main").inner_text()
    keeper.close()


def test_everything_works_without_script(browser: Browser, served: Served) -> None:
    window = browser.new_context(java_script_enabled=False, base_url=served.address)
    page = window.new_page()
    page.goto("/")
    page.fill('main input[type="search"]', "xa phuong")
    page.click('main button[type="submit"]')
    page.click('main a[href="/du-lieu/danh-muc-xa-phuong/"]')
    assert "3.321" in page.locator("main").inner_text()
    window.close()
