"""Requirements are traced: from the law's requirement to the code that carries it, to the test that shows it, and back."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from .house import PACKAGE, ROOT, python_files

MARK = re.compile(r"@carries\(([^)]*)\)", re.S)


@cache
def known_ids() -> set[str]:
    text = resources.files("lienthong.law").joinpath("data", "requirements.yaml").read_text(encoding="utf-8")
    return {row["id"] for row in yaml.safe_load(text)}


def carried(files: list[Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "carries":
                    for argument in mark.args:
                        found.setdefault(ast.literal_eval(argument), []).append(f"{path.name}:{node.name}")
    return found


def in_code() -> dict[str, list[str]]:
    return carried(list(python_files()))


def in_tests() -> dict[str, list[str]]:
    files = [path for path in python_files(tests=True) if "tests" in path.parts]
    return carried([*files, *sorted((ROOT / "tests").rglob("test_*.py"))])


def test_every_mark_names_a_requirement_of_the_law() -> None:
    unknown = {identity for identity in (*in_code(), *in_tests()) if identity not in known_ids()}
    assert unknown == set()


def test_every_carried_requirement_is_shown_by_a_test() -> None:
    untested = sorted(set(in_code()) - set(in_tests()))
    assert untested == []


def test_the_requirements_of_the_law_are_all_there() -> None:
    ids = known_ids()
    for prefix, least in {"NDB": 7, "CAT": 7, "OVL": 7, "FOC": 5, "INV": 8, "REG": 7, "ODA": 15, "DSH": 7, "LTE": 11,
                          "LDL": 8, "D165": 9, "D194": 11, "D278": 20, "GOVF": 14, "D224": 10, "OTH": 13}.items():  # fmt: skip
        assert sum(1 for identity in ids if identity.startswith(f"{prefix}-")) >= least, prefix


def test_a_mark_that_names_nothing_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "odd.py"
    planted.write_text("@carries('FOC-99')\ndef f():\n    pass\n", encoding="utf-8")
    assert set(carried([planted])) - known_ids() == {"FOC-99"}


def test_marks_stand_on_the_floors_of_the_trade() -> None:
    """The engine and the foundation carry no requirement: they know no law."""
    assert carried(list(python_files(PACKAGE / "engine"))) == {}
