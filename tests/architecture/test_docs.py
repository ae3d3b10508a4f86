"""The docs tell the truth: the reference is what the code says, and every path and command they quote exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .house import PACKAGE, ROOT

QUOTED_PATH = re.compile(r"`((?:src|docs|tests|scripts|benchmarks)/[\w./<>-]+|\w+\.py)`")
COMMAND = re.compile(r"(?:^|`)\s*(make|lienthong) ([a-z-]+)", re.M)


def pages() -> list[Path]:
    written = [
        path
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if "reference" not in path.parts and "_build" not in path.parts
    ]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *written]


def quoted_paths_missing(text: str) -> list[str]:
    found = []
    for quoted in QUOTED_PATH.findall(text):
        if "<" in quoted:
            continue
        here = [ROOT / quoted, PACKAGE / quoted]
        if not any(path.exists() for path in here) and not list(PACKAGE.rglob(quoted)):
            found.append(quoted)
    return found


def unknown_commands(text: str) -> list[str]:
    from lienthong.cli.main import main

    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    known = {"make": targets, "lienthong": set(main.list_commands(None))}
    return [f"{tool} {name}" for tool, name in COMMAND.findall(text) if name not in known[tool]]


def test_every_path_quoted_in_the_docs_exists() -> None:
    missing = {
        str(path.relative_to(ROOT)): gone
        for path in pages()
        if (gone := quoted_paths_missing(path.read_text(encoding="utf-8")))
    }
    assert missing == {}


def test_every_command_quoted_in_the_docs_exists() -> None:
    unknown = {
        str(path.relative_to(ROOT)): gone
        for path in pages()
        if (gone := unknown_commands(path.read_text(encoding="utf-8")))
    }
    assert unknown == {}


def test_what_does_not_exist_is_seen() -> None:
    assert quoted_paths_missing("see `src/lienthong/nowhere.py`") == ["src/lienthong/nowhere.py"]
    assert unknown_commands("run `make coffee`") == ["make coffee"]


def test_the_reference_is_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_reference.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
