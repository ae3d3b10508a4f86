"""One year of a province with 20 units and 60 databases: its catalogue reviewed and issued, its data taken stock of."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import docx
import pypdf
import pytest
import python_calamine
from playwright.sync_api import Browser

from lienthong.foundation.tracing import carries

from .conftest import ROOT, Officer, Served
from .yearly_world import AMENDED, NEW, PROVINCE, PURPOSE, UNITS

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
TODAY = date.today()
REVIEWS = "/lam-viec/ra-soat-danh-muc/"
CAMPAIGNS = "/lam-viec/kiem-ke/"
CODES = [f"{PROVINCE}.{place:02d}" for place in range(1, len(UNITS) + 1)]
JUSTICE, FINANCE, HEALTH = CODES[1], CODES[2], CODES[9]
ENDED = "CSDL lý lịch tư pháp"


@pytest.fixture(scope="module")
def province(served: Served) -> dict[str, dict[str, str]]:
    """The province, entered into the running installation by commands."""
    environment = os.environ | {
        "LIENTHONG_DATA_DIR": str(served.data),
        "DJANGO_SETTINGS_MODULE": "lienthong.settings.product",
    }
    if served.database_url:
        environment["LIENTHONG_DATABASE_URL"] = served.database_url
    done = subprocess.run(
        [sys.executable, "-m", "tests.journey.yearly_world"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, str]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


class Year:
    """The officers of the province and the papers that they carry."""

    def __init__(self, browser: Browser, served: Served, world: dict[str, dict[str, str]]) -> None:
        self.world = world
        self.it = Officer(browser, served, "cntt-by")
        self.head = Officer(browser, served, "dung-dau-by")
        self.justice = Officer(browser, served, "tu-phap-by")
        self.health = Officer(browser, served, "y-te-by")
        self.finance = Officer(browser, served, "tai-chinh-by")
        self.review = self.campaign = ""

    def close(self) -> None:
        for person in (self.it, self.head, self.justice, self.health, self.finance):
            person.close()

    # --- the catalogue

    def opens_the_review(self) -> None:
        """By a paper that is forty days old: the term of the units has run out since."""
        self.it.open(f"{REVIEWS}mo/")
        self.it.fill(
            document_number="77/KH-UBND", opened_on=(TODAY - timedelta(days=40)).isoformat(), place="Bình Yên"
        )
        self.it.page.get_by_role("button", name="Mở đợt rà soát").click()
        self.it.page.wait_for_url(re.compile(r"/RS-\d{4}-\d{4}/"))
        self.review = re.sub(r"^https?://[^/]+", "", self.it.page.url)
        assert "0/20 đơn vị đã khai báo · 20 đơn vị quá hạn" in self.it.text()

    def declares(self, who: Officer, code: str, ended: str = "") -> None:
        """Each database stands as recorded, but for one that is no longer in use."""
        page = who.open(f"{self.review}don-vi/{code}/")
        if page.locator('main [name="holds_none"]').count():
            page.locator('main [name="holds_none"]').check()
        page.evaluate(
            "document.querySelectorAll('input[value=stands]').forEach(one => { one.checked = true })"
        )
        if ended:
            page.locator(f'[name="answer-{ended}"][value="ended"]').check()
            page.fill(f'[name="reason-{ended}"]', "Đã chuyển về cơ sở dữ liệu của Bộ Tư pháp.")
        self.press(who, "gui")
        assert "Đã gửi khai báo" in who.text()

    @staticmethod
    def press(who: Officer, act: str) -> None:
        with who.page.expect_navigation(wait_until="domcontentloaded"):
            who.page.locator(f'main button[name="viec"][value="{act}"]').first.click()

    def urges(self) -> None:
        """Those that have not declared; their officers are told, and the record says so."""
        self.it.open(self.review)
        assert "3/20 đơn vị đã khai báo · 17 đơn vị quá hạn" in self.it.text()
        self.press(self.it, "don-doc")
        assert "Đã đôn đốc 17 đơn vị" in self.it.page.locator("body").inner_text()

    def post(self, path: str, **fields: str) -> None:
        """A form sent in the IT unit's own session, as its page would send it, without drawing the page."""
        token = next(str(one["value"]) for one in self.it.window.cookies() if one["name"] == "csrftoken")  # type: ignore[typeddict-item]
        form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, **fields}
        sent = self.it.window.request.post(
            path, form=form, headers={"Referer": self.it.served.address}, max_redirects=0
        )
        assert sent.status == 302, f"{path} {fields}: {sent.status}"

    def declares_for_the_others(self) -> None:
        """The IT unit reaches down where a unit has no officer of its own; it accepts what came in."""
        for code, (_unit, names) in zip(CODES, UNITS, strict=True):
            page = f"{self.review}don-vi/{code}/"
            if code not in (JUSTICE, FINANCE, HEALTH):
                stand = {f"answer-{self.world['codes'][name]}": "stands" for name in names}
                self.post(page, viec="gui", **(stand or {"holds_none": "on"}))
            self.post(page, viec="chap-nhan")
        self.it.open(self.review)
        assert "Các đơn vị đã khai báo xong" in self.it.page.locator("body").inner_text()

    def closes_the_overlaps(self) -> None:
        """The draft is refused while a case is open, and names each; the owners decide."""
        self.press(self.it, "du-thao")
        refused = self.it.text()
        for number in self.world["cases"]:
            assert number in refused
            self.it.open(f"/lam-viec/chong-lan/{number}/")
            self.it.fill(outcome="no_overlap", reason="Hai cơ sở dữ liệu phục vụ hai nhiệm vụ khác nhau.")
            self.it.act()

    def issues(self) -> None:
        """Draft, submission, one return by the head, decision."""
        for last in (False, True):
            self.it.open(self.review)
            self.press(self.it, "du-thao")
            assert "Dự thảo phiên bản 2: 59 cơ sở dữ liệu" in self.it.text()
            self.it.open(f"{self.review}trinh/")
            self.it.fill(number="15/TTr-SKHCN", day=TODAY.isoformat())
            self.it.page.locator("main form .btn-primary").first.click()
            self.it.page.wait_for_url(f"**{self.review}")
            if not last:
                self.head.open(f"{self.review}tra-lai/")
                self.head.fill(reason="Làm rõ căn cứ pháp lý.")
                self.head.page.locator("main form .btn-primary").first.click()
                self.head.page.wait_for_url(f"**{self.review}")
        self.head.open(f"{self.review}ban-hanh/")
        self.head.fill(decision_number="2345/QĐ-UBND", decision_date=TODAY.isoformat())
        self.head.page.locator(".page-actions .btn-primary").first.click()
        self.head.page.wait_for_url(f"**{self.review}")
        assert "Phiên bản 2, Quyết định số 2345/QĐ-UBND" in self.head.text()

    def compares_with_last_year(self) -> None:
        page = self.head.open(f"/danh-muc/{PROVINCE}/so-sanh/?tu=1&den=2")
        said = page.locator("main").inner_text()
        assert "Phiên bản 1 → 2: 4 cơ sở dữ liệu thay đổi" in said
        for name in (*NEW, ENDED, AMENDED):
            assert f"{name} tỉnh Bình Yên" in said
        assert PURPOSE in said
        assert "Thêm 2" in said or "thêm 2" in said

    def file(self, path: str) -> bytes:
        answer = self.head.window.request.get(path)
        assert answer.ok, f"{path}: {answer.status}"
        return answer.body()

    def reads_the_decision(self) -> None:
        """The letters, the numbers and the basis, in each of the three forms."""
        address = f"/danh-muc/{PROVINCE}/2/van-ban/"
        written = docx.Document(io.BytesIO(self.file(f"{address}docx/")))
        said = "\n".join(paragraph.text for paragraph in written.paragraphs)
        assert "Luật Dữ liệu" in said
        assert "thay thế Quyết định số 2012/QĐ-UBND" in said
        assert len(written.tables[-1].rows) == 60
        assert written.sections[-1].page_width > written.sections[-1].page_height  # type: ignore[operator]
        pages = pypdf.PdfReader(io.BytesIO(self.file(f"{address}pdf/"))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert "CSDL người khuyết tật" in text
        assert "Số: 2345/QĐ-UBND" in text
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.file(f"{address}xlsx/")))
        rows = book.get_sheet_by_name("Danh mục").to_python()
        assert sum(str(row[1]).startswith(f"{PROVINCE}.") for row in rows) == 59
        assert any("Còn hiệu lực" in str(row[7]) for row in rows)

    # --- the inventory

    def opens_the_campaign(self) -> None:
        """Programme by the IT unit, approval by the head, opening."""
        self.it.open(f"{CAMPAIGNS}lap/")
        self.it.page.locator("main form .btn-primary").first.click()
        self.it.page.wait_for_url(re.compile(r"/KK-\d{4}-\d{4}/"))
        self.campaign = re.sub(r"^https?://[^/]+", "", self.it.page.url)
        self.head.open(f"{self.campaign}phe-duyet/")
        self.head.fill(number="31/KH-UBND", day=TODAY.isoformat())
        self.head.page.locator("main form .btn-primary").first.click()
        self.head.page.wait_for_url(f"**{self.campaign}")
        self.it.open(self.campaign)
        self.press(self.it, "mo")

    def sends(self, who: Officer, code: str) -> None:
        page = who.open(f"{self.campaign}don-vi/{code}/")
        page.fill('[name="conclusion"]', "Đơn vị đã tự kiểm tra, dữ liệu đủ điều kiện dùng chung.")
        self.press(who, "gui")

    def takes_stock(self) -> None:
        """Two officers send, the others are urged; then every result is sent and verified."""
        self.sends(self.justice, JUSTICE)
        self.sends(self.health, HEALTH)
        self.it.open(self.campaign)
        self.press(self.it, "don-doc")
        assert "đơn vị" in self.it.text()
        links = self.it.page.locator("main ul.rows a.list-row-title").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        codes = [link.rstrip("/").rsplit("/", 1)[-1] for link in links if link.startswith(self.campaign)]
        assert len(codes) >= 19
        for code in codes:
            page = f"{self.campaign}don-vi/{code}/"
            if code not in (JUSTICE, HEALTH):
                self.post(
                    page,
                    viec="gui",
                    conclusion="Dữ liệu đủ điều kiện dùng chung.",
                    record_date=TODAY.isoformat(),
                )
            self.post(page, viec="xac-nhan")

    def reports(self) -> None:
        """One report over all units, with its numbers."""
        self.it.open(f"{self.campaign}tong-hop/")
        self.it.fill(number="40/BC-UBND", day=TODAY.isoformat())
        self.it.page.locator("main form .btn-primary").first.click()
        self.it.page.wait_for_url(f"**{self.campaign}")
        pages = pypdf.PdfReader(io.BytesIO(self.file(f"{self.campaign}bao-cao.pdf"))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert "40/BC-UBND" in text
        assert "Sở Tư pháp tỉnh Bình Yên" in text


@carries("CAT-02", "CAT-03", "OVL-05", "INV-01", "INV-06", "INV-07")
def test_a_province_goes_through_its_year(
    browser: Browser, served: Served, province: dict[str, dict[str, str]], pictures: Path | None
) -> None:
    year = Year(browser, served, province)
    year.opens_the_review()
    year.declares(year.justice, JUSTICE, ended=province["codes"][ENDED])
    year.declares(year.health, HEALTH)
    year.declares(year.finance, FINANCE)
    year.urges()
    year.declares_for_the_others()
    year.closes_the_overlaps()
    year.issues()
    year.compares_with_last_year()
    year.reads_the_decision()
    year.opens_the_campaign()
    year.takes_stock()
    year.reports()
    if pictures:
        year.head.open(f"/danh-muc/{PROVINCE}/so-sanh/?tu=1&den=2")
        year.head.page.screenshot(path=pictures / "so-sanh-danh-muc.png")
    year.close()
