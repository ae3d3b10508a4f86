"""The built wheel, installed where there is no checkout, serves its pages in Vietnamese and in English."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.runtime.conftest import Installation, running, stretched

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def of_the_product() -> set[str]:
    """Every file of the package that is no test, by its name in the wheel."""
    return {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "lienthong").rglob("*")
        if path.is_file()
        and not {"tests", "__pycache__"} & set(path.parts)
        and not path.name.startswith(".")
        and path.suffix != ".mo"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel, and with the libraries of this one but not its product."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False)
    programs = home / "bin"
    install = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*install, *options, str(wheel)], check=True)
    # A path in a .pth file is searched, the .pth files found there are not obeyed: so no way leads to the checkout.
    (packages,) = home.glob("lib/python*/site-packages")
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)), encoding="utf-8")
    return programs


class FromWheel(Installation):
    """The product as installed from the wheel, with its own settings, on a data directory of its own."""

    def __init__(self, data: Path, programs: Path) -> None:
        super().__init__(data)
        self.programs = programs
        for name in ("PYTHONPATH", "DJANGO_SETTINGS_MODULE"):
            del self.environment[name]

    def command(self, *options: str) -> list[str]:
        start = [str(self.programs / "lienthong"), "start", "--no-demo"]
        return [*start, "--data", str(self.data), "--port", str(self.port), *options]

    def page(self, path: str) -> str:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, f"{path}: {answer.status}"
            return body.decode("utf-8", errors="replace")


def test_the_wheel_holds_the_product_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = set(content.namelist())

    assert sorted(of_the_product() - names) == []
    assert [name for name in names if "/tests/" in name or name.startswith("tests/")] == []
    catalogues = {name for name in names if name.endswith(".po")}
    assert catalogues
    assert sorted({name.removesuffix(".po") + ".mo" for name in catalogues} - names) == []
    for kind in (
        r"lienthong/portal/templates/portal/home\.html",
        r"lienthong/.*/static/.*\.css",
        r"lienthong/.*/vendor/noto-sans/.*vietnamese.*\.woff2",
        r"lienthong/.*/vendor/noto-sans/LICENSE",
        r"lienthong/law/data/parameters/.*\.yaml",
        r"lienthong-.*\.dist-info/licenses/LICENSE",
        r"lienthong-.*\.dist-info/licenses/.*/noto-sans/LICENSE",
    ):
        assert any(re.fullmatch(kind, name) for name in names), kind


def test_started_from_the_wheel_its_pages_speak_both_languages(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = FromWheel(tmp_path / "data", environment)

    where = [str(environment / "python"), "-c", "import lienthong; print(lienthong.__file__)"]
    done = subprocess.run(where, env=made.environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(environment.parent)

    with running(made):
        assert made.start() < stretched(20), "the first start, on an empty directory"
        assert {line.split()[0] for line in made.processes().values()} == {str(environment / "python")}

        home = made.page("/")
        assert '<html lang="vi"' in home
        sign_in = made.page("/tai-khoan/dang-nhap/")
        assert '<html lang="vi"' in sign_in
        assert "Đăng nhập" in sign_in
        assert "Sign in" not in sign_in
        in_english = made.page("/en/tai-khoan/dang-nhap/")
        assert '<html lang="en"' in in_english
        assert "Sign in" in in_english
        styles = re.findall(r'<link[^>]+href="(/[^"]+\.css)"', home)
        assert styles
        assert all(made.page(style) for style in styles)
        assert made.row("SELECT count(*) FROM law_instrument")[0] > 0

        assert made.end(signal.SIGTERM) < stretched(10)
