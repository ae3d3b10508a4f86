"""A real `lienthong start` with the demo on a data directory of its own, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-quic", "--no-first-run")  # fmt: skip


@dataclass
class Served:
    """A running installation."""

    address: str
    data: Path
    database_url: str

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Ask without a browser."""
        request = urllib.request.Request(
            self.address + path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def call(self, path: str, key: str = "") -> tuple[int, dict[str, object]]:
        """A call of the gateway."""
        status, body = self.get(path, **({"Authorization": f"Bearer {key}"} if key else {}))
        return status, json.loads(body)


def _new_database(url: str) -> str:
    """An empty database beside the one that the test run was given."""
    name = f"journey_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The demo, filled in, on the control plane of this test run."""
    home = Path(tempfile.mkdtemp(prefix="lt-journey-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
    given = os.environ.get("LIENTHONG_DATABASE_URL", "")
    if given.startswith("postgres"):
        environment["LIENTHONG_DATABASE_URL"] = _new_database(given)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [
        str(Path(sys.executable).parent / "lienthong"),
        "start",
        "--data",
        str(home / "data"),
        "--port",
        str(port),
    ]
    out = (home / "out").open("w")
    process = subprocess.Popen(
        command, env=environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
    )
    found = Served(f"http://localhost:{port}", home / "data", environment.get("LIENTHONG_DATABASE_URL", ""))
    try:
        _until_filled(found, process, home / "out")
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        out.close()
        shutil.rmtree(home, ignore_errors=True)


def _until_filled(found: Served, process: subprocess.Popen[bytes], out: Path) -> None:
    """Wait for the job that tells the demo's story, then look once at what everybody sees of it.

    Its row is read and no page is asked for meanwhile: the pages would take the processors from the job.
    """
    deadline = time.monotonic() + 360
    while (job := _fill_job(found)) != "finished":
        assert process.poll() is None, out.read_text()
        assert job in {"", "queued", "running"}, f"the demo's job is {job}: {out.read_text()}"
        assert time.monotonic() < deadline, f"the demo was not filled in: {out.read_text()}"
        time.sleep(0.3)
    while not _answers(found):
        assert time.monotonic() < deadline, f"nothing answers: {out.read_text()}"
        time.sleep(0.3)
    assert b"demo.fill" not in found.get("/")[1]
    status, body = found.get("/api/v1/open-datasets")
    assert status == 200
    assert json.loads(body)["datasets"]
    assert found.get("/lam-viec/")[0] == 200


def _answers(found: Served) -> bool:
    try:
        return found.get("/healthz")[0] == 200
    except OSError:
        return False


def _fill_job(found: Served) -> str:
    """The state of the demo's job, out of the control plane itself; nothing while there are no tables yet."""
    sql = "SELECT state FROM jobs_job WHERE name = 'demo.fill' ORDER BY id DESC LIMIT 1"
    try:
        if found.database_url:
            with psycopg.connect(found.database_url) as connection:
                row = connection.execute(sql).fetchone()
        else:
            with closing(
                sqlite3.connect(f"file:{found.data / 'control.db'}?mode=ro", uri=True)
            ) as connection:
                row = connection.execute(sql).fetchone()
    except (psycopg.errors.UndefinedTable, sqlite3.OperationalError):
        return ""
    return str(row[0]) if row else ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without its windows, which costs half as much; the whole one, or the one that CHROMIUM names.

    It ends with each module: while it lives its event loop runs in this process, and Django refuses the database.
    """
    programs = ("chromium-headless-shell", "chromium", "google-chrome")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, programs)), None)
    assert program, "the tests need Chromium: make system-packages"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where screenshots go, if they are wanted."""
    folder = request.config.getoption("--pictures")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


class Officer:
    """One officer of the demo in a browser window of his or her own."""

    def __init__(
        self, browser: Browser, served: Served, username: str, *, width: int = 1280, height: int = 900
    ) -> None:
        self.served = served
        self.window = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, base_url=served.address
        )
        self.page: Page = self.window.new_page()
        self.page.set_default_timeout(40_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        if username:
            self.sign_in(username)

    def sign_in(self, username: str) -> None:
        """With the password that the demo prints on the sign-in page."""
        self.page.goto("/tai-khoan/dang-nhap/")
        row = self.page.locator("tr", has=self.page.locator(f'td:text-is("{username}")'))
        password = row.locator("td").last.inner_text().strip()
        self.page.fill('input[name="login"]', username)
        self.page.fill('input[name="password"]', password)
        self.page.click('main form button[type="submit"]')
        self.page.wait_for_url("**/lam-viec/**")

    def open(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def fill(self, **values: str) -> None:
        """Fill the fields of the page's form by their names."""
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name}"]').first
            kind = field.evaluate("field => field.tagName + ':' + (field.type || '')")
            if kind.startswith("SELECT"):
                field.select_option(value)
            elif kind.endswith(("radio", "checkbox")):
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)

    def act(self, label: str = "") -> None:
        """The page's primary action, or the button with these words; then wait for the next page."""
        if label:
            button = (
                self.page.get_by_role("button", name=label)
                .or_(self.page.get_by_role("link", name=label))
                .first
            )
        else:
            button = self.page.locator(
                ".page-actions .btn-primary:visible, main form .btn-primary:visible"
            ).first
        with self.page.expect_navigation():
            button.click()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def until(self, path: str, words: str, seconds: float = 90) -> None:
        """Look at a page again and again until it says something: work in the background ends."""
        deadline = time.monotonic() + seconds
        while True:
            self.open(path)
            if words in self.text():
                return
            assert time.monotonic() < deadline, f"{path} never said “{words}”:\n{self.text()[:2000]}"
            time.sleep(0.7)

    def close(self) -> None:
        self.window.close()
        assert self.faults == []
