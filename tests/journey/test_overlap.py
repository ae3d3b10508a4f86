"""Two officers of two agencies and an overlap: the card, the decision, its consequences, an exception, its review."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from lienthong.foundation.tracing import carries

from .conftest import ROOT, Officer, Served
from .overlap_world import APART, FOLLOWING

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
REVIEW = date.today() + timedelta(days=90)
CASES = "/lam-viec/chong-lan/"


def program(served: Served, *given: str) -> dict[str, Any]:
    """The world's program on the data of the running installation."""
    environment = os.environ | {
        "LIENTHONG_DATA_DIR": str(served.data),
        "DJANGO_SETTINGS_MODULE": "lienthong.settings.product",
    }
    if served.database_url:
        environment["LIENTHONG_DATABASE_URL"] = served.database_url
    done = subprocess.run(
        [sys.executable, "-m", "tests.journey.overlap_world", *given],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


class Dispute:
    """The owner of the copy, the head above it, and the owner of the national list."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.served = served
        self.numbers = program(served)
        self.owner = Officer(browser, served, "chu-quan")
        self.head = Officer(browser, served, "nguoi-dung-dau")
        self.ministry = Officer(browser, served, "chu-quan-bo")

    def close(self) -> None:
        for person in (self.owner, self.head, self.ministry):
            person.close()

    def says_the_gate(self, code: str) -> str:
        self.owner.open(f"/lam-viec/csdl/{code}/dieu-kien/")
        return self.owner.text()

    def is_refused_in_the_catalogue(self, code: str) -> None:
        """Nothing is declared while the case is open; the refusal names it."""
        page = self.owner.open(f"/lam-viec/csdl/{code}/khai-bao/")
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.locator(".page-actions .btn-primary").click()
        assert answer.value.status == 409
        assert self.numbers[code] in self.owner.text()

    def is_declared(self, code: str) -> None:
        self.owner.open(f"/lam-viec/csdl/{code}/khai-bao/")
        self.owner.act()
        assert "Đã khai báo" in self.owner.page.locator("body").inner_text()

    def shows_both_sides_the_card(self) -> None:
        """The officer of the other agency sees the same case, reviews its columns, and has no say in the decision."""
        number = self.numbers[FOLLOWING]
        for who in (self.owner, self.ministry):
            who.open(f"{CASES}{number}/")
            card = who.text()
            for said in (
                "97,7%",
                "95",
                "Đồng bộ từ nguồn chuẩn",
                "UBND tỉnh An Lộc",
                "Bộ Nội vụ (trình diễn)",
            ):
                assert said in card, said
        assert self.owner.page.locator('main [name="outcome"]').count()
        assert not self.ministry.page.locator('main [name="outcome"]').count()
        with self.ministry.page.expect_navigation():
            self.ministry.page.locator('main button[name="verdict"][value="accept"]').first.click()
        assert "Cùng dữ liệu" in self.ministry.text()

    def decides_to_follow(self) -> None:
        number = self.numbers[FOLLOWING]
        self.owner.open(f"{CASES}{number}/")
        self.owner.fill(
            outcome="must_synchronise", reason="Danh mục quốc gia là nguồn chuẩn.", method="synchronise",
            frequency="daily",
        )  # fmt: skip
        self.owner.act()
        assert "Đồng bộ từ nguồn chuẩn" in self.owner.text()
        told = self.ministry.open("/lam-viec/?muc=de-biet").locator("body").inner_text()
        assert (
            number in told
            or number in self.ministry.open(f"{CASES}?nhom=dang-thuc-hien").locator("main").inner_text()
        )

    def asks_for_an_exception(self) -> None:
        """With its ground and the day of its review; the head signs."""
        number = self.numbers[APART]
        self.owner.open(f"{CASES}{number}/")
        self.owner.fill(
            outcome="exception", reason="Dữ liệu địa giới trước năm 1975 không có trong danh mục quốc gia.",
            legal_ground="khoản 3 Điều 9 Nghị định 47/2020/NĐ-CP", review_date=REVIEW.isoformat(),
        )  # fmt: skip
        self.owner.act()
        assert "Ngoại lệ chờ ký" in self.owner.text()
        self.head.open("/lam-viec/")
        assert number in self.head.text()
        self.head.open(f"{CASES}{number}/ky/")
        self.head.page.locator('main form button[type="submit"]').click()
        self.head.page.wait_for_url(f"**{CASES}{number}/")
        assert f"{REVIEW:%d/%m/%Y}" in self.head.text()

    def is_reviewed(self) -> None:
        """On its day the case is open again, holds again, and waits on the owner's list."""
        assert program(self.served, REVIEW.isoformat())["recalled"] >= 1
        number = self.numbers[APART]
        self.owner.open("/lam-viec/")
        assert number in self.owner.text()
        self.owner.open(f"{CASES}{number}/")
        assert self.owner.page.locator('main [name="outcome"]').count()
        assert "Đến ngày xem xét lại ngoại lệ" in self.owner.page.locator("body").inner_text()
        self.is_refused_in_the_catalogue(APART)


@carries("OVL-01", "OVL-04", "OVL-05")
def test_two_officers_settle_whose_data_it_is(
    browser: Browser, served: Served, pictures: Path | None
) -> None:
    dispute = Dispute(browser, served)
    dispute.is_refused_in_the_catalogue(FOLLOWING)
    assert f"Hồ sơ chồng lấn {dispute.numbers[FOLLOWING]} chưa kết luận" in dispute.says_the_gate(FOLLOWING)
    dispute.shows_both_sides_the_card()
    dispute.decides_to_follow()
    gate = dispute.says_the_gate(FOLLOWING)
    assert f"{dispute.numbers[FOLLOWING]}: đồng bộ từ nguồn chuẩn (hằng ngày, chưa chạy)" in gate
    assert "chưa kết luận." not in gate
    dispute.is_declared(FOLLOWING)
    dispute.owner.open(f"/lam-viec/csdl/{FOLLOWING}/")
    assert "Đồng bộ từ “Danh mục đơn vị hành chính Việt Nam”" in dispute.owner.text()
    dispute.asks_for_an_exception()
    assert f"ngoại lệ đã ký đến ngày {REVIEW:%d/%m/%Y}" in dispute.says_the_gate(APART)
    dispute.is_declared(APART)
    dispute.is_reviewed()
    assert f"Hồ sơ chồng lấn {dispute.numbers[APART]} chưa kết luận" in dispute.says_the_gate(APART)
    if pictures:
        dispute.owner.open(f"{CASES}{dispute.numbers[APART]}/")
        dispute.owner.page.screenshot(path=pictures / "chong-lan-xem-xet-lai.png")
    dispute.close()
