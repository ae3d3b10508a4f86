"""The provincial list of communes follows the national one: the run, a discrepancy, its correction, the certificate."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lienthong.engine.sync.certifying import Certificate
from lienthong.foundation.tracing import carries

from .conftest import Officer, Served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
FLOWS = "/lam-viec/dong-bo/"


class Copy:
    """The owner of the provincial copy, and its flow."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.owner = Officer(browser, served, "chu-quan")
        self.flow = self.finding = ""

    def follow(self, link: str) -> None:
        """Go where a link leads, and be there."""
        with self.owner.page.expect_navigation():
            self.owner.page.locator(link).first.click()

    def is_seen_at_a_glance(self) -> None:
        """The list says that the copy differs, before anything else."""
        self.owner.open(FLOWS)
        listed = self.owner.text()
        assert "Sai lệch với nguồn" in listed
        self.flow = re.search(r"LDB-\d{4}-\d{4}", listed)[0]  # type: ignore[index]
        self.owner.open(f"{FLOWS}{self.flow}/")
        said = self.owner.text()
        for words in (
            "Hằng ngày",
            "Lượt tiếp theo",
            "Danh mục đơn vị hành chính Việt Nam",
            "ma_xa",
            "Đồng ý của chủ quản",
        ):
            assert words in said, words

    def shows_what_a_run_did(self) -> None:
        with self.owner.page.expect_navigation():
            self.owner.page.get_by_role("table", name="Các lượt gần đây").get_by_role("link").last.click()
        said = self.owner.text()
        assert "3.321" in said
        assert "Nạp lần đầu" in said

    def shows_the_discrepancy_with_both_values(self) -> None:
        self.owner.open(f"{FLOWS}{self.flow}/")
        self.follow('main a[href*="/doi-soat/"]')
        said = self.owner.text()
        for words in ("1 dòng sai lệch", "00004", "Phường Ba Đình", "Phường Ba Đình (cũ)"):
            assert words in said, words
        self.finding = self.owner.page.url

    def confirms_the_correction(self) -> str:
        """The discrepancy has a case of its own; its owner says what was found."""
        self.follow('main a:has-text("Mở hồ sơ đính chính")')
        case = self.owner.page.url
        assert "/dinh-chinh/" in case
        self.owner.act("Tiếp nhận")
        self.owner.fill(**{"kiem-tra-finding": "Tên đã bị sửa tay trên bản sao của tỉnh."})
        self.owner.act()
        return case

    def is_mended_from_its_source(self) -> None:
        self.owner.open(f"{FLOWS}{self.flow}/")
        self.owner.act("Sửa bản sao theo nguồn")
        self.owner.until(f"{FLOWS}{self.flow}/", "Khớp nguồn")
        said = self.owner.text()
        assert "Hai bên bằng nhau: 3.321 dòng" in said
        assert "Sửa sai lệch" in said

    def is_corrected_by_the_certificate(self, case: str) -> None:
        self.owner.open(case)
        assert self.flow in self.owner.text()
        assert "Đã đính chính" in self.owner.page.locator("body").inner_text()
        self.owner.open(self.finding)
        assert "Đã khắc phục sau đó" in self.owner.page.locator("body").inner_text()

    def hands_out_the_certificate(self) -> None:
        """As a file that anybody can verify, and as a paper."""
        self.owner.open(f"{FLOWS}{self.flow}/")
        self.follow('main a[href*="/doi-soat/"]')
        with self.owner.page.expect_download() as given:
            self.owner.page.get_by_role("link", name="Chứng nhận (JSON)").click()
        held = json.loads(Path(given.value.path()).read_text(encoding="utf-8"))
        certificate = Certificate.from_json(held)
        assert certificate.equal
        assert (certificate.left.rows, certificate.right.rows) == (3321, 3321)
        with self.owner.page.expect_download() as paper:
            self.owner.page.get_by_role("link", name="PDF").click()
        assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")


@carries("OVL-04", "D278-12", "QUA-01")
def test_a_copy_follows_its_source_and_proves_it(browser: Browser, served: Served) -> None:
    copy = Copy(browser, served)
    copy.is_seen_at_a_glance()
    copy.shows_what_a_run_did()
    copy.shows_the_discrepancy_with_both_values()
    case = copy.confirms_the_correction()
    copy.is_mended_from_its_source()
    copy.is_corrected_by_the_certificate(case)
    copy.hands_out_the_certificate()
    assert copy.owner.faults == []
    copy.owner.close()
