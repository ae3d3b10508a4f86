"""The walk of one database through the house, step by step, as the officers of the demo do it in a browser."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from .conftest import Officer, Served

CODE = "H99.01.DB77"
NAME = "CSDL xã, phường phục vụ một cửa tỉnh An Lộc"
FILE = f"/lam-viec/csdl/{CODE}/"
SLUG = "danh-muc-xa-phuong-mot-cua-tinh-an-loc"
SERVICE = "xa-phuong-mot-cua"
TODAY = date.today()


class Walk:
    """One database, and the officers who carry it."""

    def __init__(self, browser: Browser, served: Served, source: str, pictures: Path | None) -> None:
        self.served, self.source, self.pictures = served, source, pictures
        self.owner = Officer(browser, served, "chu-quan")
        self.head = Officer(browser, served, "nguoi-dung-dau")
        self.consumer = Officer(browser, served, "khai-thac")
        self.visitor = Officer(browser, served, "")
        self.number = ""
        self.key = ""

    def close(self) -> None:
        for person in (self.owner, self.head, self.consumer, self.visitor):
            person.close()

    def picture(self, who: Officer, name: str) -> None:
        if self.pictures:
            who.page.screenshot(path=self.pictures / f"{name}.png")

    def registers(self) -> None:
        """Class, owner, managing unit and legal basis; the answers are checked before they are sent."""
        who = self.owner
        who.open("/lam-viec/csdl/dang-ky/")
        who.fill(
            code=CODE, name=NAME, tier="local", local_base="built_for_egovernment",
            legal_basis="Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026",
            purpose="Cấp danh mục xã, phường cho phần mềm một cửa.",
            scope="Đơn vị hành chính cấp xã.", collection="Sao từ danh mục cũ, cập nhật tay.",
        )  # fmt: skip
        who.act()
        assert NAME in who.text()
        who.page.locator('button[value="dang-ky"]').click()
        who.page.wait_for_url(f"**/{CODE}/nguon/")

    def binds_and_looks(self, password: str) -> None:
        """A pasted connection with its password; the password is never seen again."""
        who = self.owner
        who.fill(address=self.source)
        who.page.locator('main form:has([name="address"]) button[type="submit"]').click()
        who.until(f"{FILE}nguon/", "DM_DVHC")
        assert password not in who.page.content()
        assert "MA_DVHC" in who.open(f"{FILE}cot/").locator("main").inner_text()

    def describes(self) -> None:
        """What was seen is proposed; the owner confirms."""
        who = self.owner
        who.open(f"{FILE}cot/")
        who.act()
        assert "7/7" in who.open(FILE).locator("main").inner_text()

    def assesses(self) -> None:
        """A job counts, the owner concludes."""
        who = self.owner
        who.open(f"{FILE}danh-gia/")
        who.act()
        deadline = time.monotonic() + 90
        while not who.open(f"{FILE}danh-gia/").locator('[name="conclusion"]').count():
            assert time.monotonic() < deadline, who.text()
            time.sleep(0.7)
        self.picture(who, "danh-gia")
        who.fill(shareable="yes", conclusion="Đủ điều kiện dùng chung trong tỉnh.")
        who.act()

    def is_held_by_an_overlap(self) -> str:
        """The copy was compared with the national list without being told its columns; the catalogue step refuses meanwhile."""
        who = self.owner
        who.until(f"{FILE}chong-lan/", "CL-")
        cases = who.page.locator('main a:has-text("CL-")')
        numbers = {re.search(r"CL-\d{4}-\d{4}", cases.nth(i).inner_text())[0] for i in range(cases.count())}  # type: ignore[index]
        national = ""
        for number in sorted(numbers):
            if (
                "Bộ Nội vụ (trình diễn)"
                in who.open(f"/lam-viec/chong-lan/{number}/").locator("main").inner_text()
            ):
                national = number
        assert national, numbers
        who.open(f"{FILE}khai-bao/")
        with who.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            who.page.locator(".page-actions .btn-primary").click()
        assert answer.value.status == 409
        assert "chồng lấn" in who.text().lower()
        self.others = sorted(numbers - {national})
        return national

    def reads_the_card(self, number: str) -> str:
        """The share of identifiers in common, the columns, the reasons, the proposal by precedence."""
        who = self.owner
        who.open(f"/lam-viec/chong-lan/{number}/")
        self.picture(who, "chong-lan")
        card = who.text()
        assert "MA_DVHC" in card
        assert "ma_xa" in card
        assert "Đồng bộ" in card
        return card

    def decides(self, number: str) -> None:
        """Must synchronise: from where, how, how often, who answers for it."""
        who = self.owner
        who.open(f"/lam-viec/chong-lan/{number}/")
        who.fill(
            outcome="must_synchronise",
            reason="Danh mục quốc gia là nguồn chuẩn; bản của tỉnh phải đồng bộ.",
            method="synchronise",
            frequency="daily",
        )
        who.act()
        assert "Đồng bộ" in who.text()
        for other in self.others:
            who.open(f"/lam-viec/chong-lan/{other}/")
            if who.page.locator('main [name="outcome"]').count():
                who.fill(outcome="no_overlap", reason="Hai cơ sở dữ liệu phục vụ hai nhiệm vụ khác nhau.")
                who.act()

    def declares_and_head_issues(self) -> None:
        """No hold is open any more: the entry is declared, the head issues the catalogue."""
        self.owner.open(f"{FILE}khai-bao/")
        self.owner.act()
        self.head.open("/lam-viec/danh-muc/")
        self.head.fill(decision_number="21/QĐ-UBND", decision_date=TODAY.isoformat())
        self.head.act()
        assert NAME in self.visitor.open("/danh-muc/H99/2/").locator("main").inner_text()

    def is_refused_at_the_gate(self) -> None:
        """No regulation covers it: the gate lists what failed, with provision and shortest way."""
        who = self.owner
        who.open(f"{FILE}dieu-kien/")
        self.picture(who, "dieu-kien")
        assert "REG-04" in who.text()
        with who.page.expect_navigation():
            who.page.locator(".page-head form button").click()
        assert "Chưa đủ điều kiện đưa vào khai thác: 3/6" in who.text()
        assert "Soạn quy chế" in who.text()
        assert "Đã đưa vào khai thác" not in who.open(FILE).locator("main").inner_text()

    def regulates(self) -> None:
        """A use regulation from draft to publication, the exchange structure, the sharing process."""
        who = self.owner
        who.open(f"/lam-viec/quy-che/soan/?csdl={CODE}")
        who.fill(
            title="Quy chế khai thác, sử dụng danh mục xã, phường của tỉnh", scope="database",
            use_term="12 tháng kể từ ngày cấp tài khoản.", log_retention_months="24", authentication="required",
            account_issuing="Sở Nội vụ cấp cho từng hệ thống.", conditions="Đúng mục đích đã nêu.",
        )  # fmt: skip
        box = who.page.locator(
            f'main label:has-text("{NAME}") input, main input[name="databases"]:checked'
        ).first
        if box.count():
            box.check()
        issuer = who.page.locator('main select[name="issuer"]')
        if issuer.count():
            issuer.select_option(
                label=next(o for o in issuer.locator("option").all_inner_texts() if "UBND tỉnh" in o)
            )
        who.act()
        record = re.sub(r"^https?://[^/]+", "", who.page.url)
        who.act()
        who.act()
        who.fill(reviewer="Sở Tư pháp", document="112/STP-VB", opinion="Thống nhất với dự thảo.")
        who.act()
        self.head.open(record)
        self.head.act()
        self.head.fill(
            number="06/2026/QĐ-UBND",
            issued_on=(TODAY - timedelta(days=3)).isoformat(),
            effective_from=(TODAY - timedelta(days=1)).isoformat(),
        )
        self.head.act()
        who.open(record)
        who.act()
        for page, more in (
            ("cau-truc-trao-doi", {}),
            ("quy-trinh-chia-se", {"steps": "Gửi yêu cầu.\nTrả lời.\nCấp tài khoản."}),
        ):
            who.open(f"{FILE}{page}/")
            who.fill(
                title=f"Văn bản {page}", document_number="17/QĐ-SNV", document_date=TODAY.isoformat(), **more
            )
            who.act()

    def passes_the_gate(self) -> None:
        who = self.owner
        who.open(f"{FILE}dieu-kien/")
        who.act()
        assert "Đã đưa vào khai thác" in who.open(FILE).locator("main").inner_text()
        self.picture(who, "ho-so-csdl")

    def captures_a_version(self) -> None:
        """A dataset is defined on the table; a job captures its first version."""
        who = self.owner
        who.open(f"{FILE}bo-du-lieu/")
        who.page.locator('main a[href*="/bo-du-lieu/lap/"]').first.click()
        who.page.wait_for_load_state()
        who.fill(name="Danh mục xã, phường một cửa tỉnh An Lộc")
        for column in ("MA_DVHC",):
            who.page.locator(f'main input[name="key"][value="{column}"]').check()
        who.act()
        who.open(f"{FILE}bo-du-lieu/")
        who.page.locator(f'main form:has(input[value="{SLUG}"]) button[type="submit"]').click()
        who.until(f"{FILE}bo-du-lieu/", "Sẵn sàng tra cứu")

    def offers_a_service(self) -> None:
        who = self.owner
        who.open(f"/lam-viec/dich-vu/lap/{SLUG}/")
        who.fill(name="Tra cứu xã, phường một cửa", code=SERVICE, description="Tra cứu xã, phường theo mã.")
        who.act()
        who.act()
        who.act()
        assert (
            "Tra cứu xã, phường một cửa"
            in self.visitor.open(f"/dich-vu/{SERVICE}/").locator("h1").inner_text()
        )

    def asks(self) -> None:
        """The department of health asks with the seven parts; without a purpose it is refused and nothing typed is lost."""
        who = self.consumer
        who.open(f"/lam-viec/dich-vu/{SERVICE}/gui-yeu-cau/")
        who.fill(
            solution="Tra mã khi nhập hồ sơ.", frequency="200 lượt/ngày", application="Phần mềm cấp phép"
        )
        who.page.locator('main form button[type="submit"]').last.click()
        assert who.page.locator('[name="solution"]').input_value() == "Tra mã khi nhập hồ sơ."
        who.fill(purpose="Kiểm tra địa chỉ khi cấp giấy phép hoạt động.")
        who.act()
        self.number = re.search(r"YC-\d{4}-\d{4}", who.page.url)[0]  # type: ignore[index]
        assert "ngày làm việc" in who.text()
        self.picture(who, "yeu-cau")

    def answers(self) -> None:
        """Without an account the gateway refuses; the provider issues one; with its key the gateway answers."""
        path = f"/chia-se/v1/{SERVICE}/"
        assert self.served.call(path)[0] == 401
        who = self.owner
        assert self.number in who.open("/lam-viec/").locator("main").inner_text()
        who.open(f"/lam-viec/yeu-cau/{self.number}/")
        who.act()
        who.act()
        self.key = re.search(r"lt_[a-z0-9]{10}_[A-Za-z0-9_-]{43}", who.page.content())[0]  # type: ignore[index]
        status, body = self.served.call(f"{path}?limit=2", self.key)
        assert status == 200, body
        assert len(body["rows"]) == 2  # type: ignore[arg-type]
        assert self.key not in who.open(f"/lam-viec/yeu-cau/{self.number}/").content()

    def suspends(self) -> None:
        path = f"/chia-se/v1/{SERVICE}/"
        who = self.owner
        who.open(f"/lam-viec/yeu-cau/{self.number}/")
        who.act("Tạm ngừng tài khoản")
        who.fill(because="Gọi quá tải")
        who.act("Tạm ngừng tài khoản")
        assert self.served.call(path, self.key)[0] == 403
        who.act("Khôi phục tài khoản")
        assert self.served.call(path, self.key)[0] == 200

    def enters_from_paper(self, received_on: str) -> str:
        """The same request as it came on paper; returns what its page says of the term."""
        who = self.owner
        who.open(f"/lam-viec/dich-vu/{SERVICE}/nhap-yeu-cau/")
        requester = who.page.locator('[name="requester"]')
        requester.select_option(
            label=next(o for o in requester.locator("option").all_inner_texts() if "Sở Y tế" in o)
        )
        who.fill(
            document="45/SYT-NVY", received_on=received_on, purpose="Kiểm tra địa chỉ.", solution="Tra mã.",
            frequency="200 lượt/ngày",
        )  # fmt: skip
        who.act()
        return who.text()

    def opens(self) -> None:
        """Classified, checked for risk, entered into the open catalogue, published with its files."""
        who = self.owner
        record = f"/lam-viec/du-lieu-mo/{SLUG}/"
        who.open(f"{record}phan-loai/")
        who.fill(classification="open", topic="Địa giới, hành chính", feedback_contact="gop-y@anloc.example")
        who.act()
        who.open(f"{record}rui-ro/")
        who.fill(
            personal="Không có cột về cá nhân.",
            combination="Không nhận ra cá nhân.",
            security="Đã công khai.",
        )
        who.act()
        who.open(f"{record}danh-muc/")
        who.fill(decision_number="22/QĐ-UBND", decision_date=TODAY.isoformat())
        who.act()
        who.open(record)
        who.act()
        who.act()
        who.until(record, "Xác nhận không thay đổi")

    def is_found(self) -> None:
        """In any spelling, by anybody, with its files."""
        who = self.visitor
        for words in ("du lieu xa phuong", "DỮ LIỆU XÃ PHƯỜNG", "xã phường một cửa"):
            who.open("/")
            who.page.fill('main input[type="search"]', words)
            who.page.keyboard.press("Enter")
            who.page.wait_for_url("**/tim-kiem/**")
            found = who.page.locator(f'main a[href="/du-lieu/{SLUG}/"]')
            if words == "xã phường một cửa":
                assert found.count(), who.text()
            assert who.page.locator('main a[href^="/du-lieu/"]').count(), words
        self.picture(who, "tim-kiem")
        who.open(f"/du-lieu/{SLUG}/")
        self.picture(who, "bo-du-lieu")
        for form, start in (("csv", b'"MA_DVHC","TEN_DON_VI"'), ("parquet", b"PAR1")):
            status, content = self.served.get(f"/du-lieu/{SLUG}/tai/1/{form}/")
            assert status == 200
            assert content.startswith(start)
