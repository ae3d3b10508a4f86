"""Imports and foreign keys point down."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from .house import APPS, PACKAGE, ROOT

CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# From the bottom up; labels of Django apps.
ORDER = [
    "accounts", "events", "holds", "jobs", "numbers", "files", "papers", "notices", "search", "pagekit",
    "law", "agencies", "catalogue", "inventory", "authority", "regulations", "sharing", "opendata",
]  # fmt: skip


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True)


def test_imports_point_down() -> None:
    done = lint(ROOT / "src")
    assert done.returncode == 0, done.stdout


PLANTED = {
    "law/odd.py": "from lienthong.catalogue import models",
    "sharing/odd.py": "from lienthong.opendata import models",
    "engine/odd.py": "import django",
    "foundation/odd.py": "from lienthong.law import models",
    "agencies/rules.py": "from lienthong.agencies import models",
    "catalogue/models/databases.py": "from lienthong.catalogue import commands",
}


def copied(to: Path, planted: dict[str, str]) -> Path:
    copy = to / "lienthong"
    shutil.copytree(
        PACKAGE, copy, ignore=shutil.ignore_patterns("static", "templates", "__pycache__", "data", "tests")
    )
    for place, line in planted.items():
        path = copy / place
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    return to


def test_planted_imports_are_refused(tmp_path: Path) -> None:
    done = lint(copied(tmp_path, PLANTED))
    assert done.returncode != 0
    for place, line in PLANTED.items():
        importer = "lienthong." + place.removesuffix(".py").replace("/", ".")
        imported = line.removeprefix("import ").replace("from ", "").replace(" import ", ".")
        assert f"{importer} -> {imported}" in " ".join(done.stdout.split()), (place, done.stdout)


def test_a_floor_that_the_house_does_not_know_is_refused(tmp_path: Path) -> None:
    done = lint(copied(tmp_path, {"attic.py": "X = 1"}))
    assert done.returncode != 0
    assert "attic" in done.stdout + done.stderr


def test_floors_not_built_yet_stand_in_parentheses() -> None:
    layers = next(c for c in CONTRACT["contracts"] if c["id"] == "floors")["layers"]
    named = [part.strip() for layer in layers for part in layer.split("|")]
    for part in named:
        built = (PACKAGE / part.strip("()")).exists() or (PACKAGE / f"{part}.py").exists()
        assert built != part.startswith("("), part


def keys_that_point_up(order: list[str]) -> list[str]:
    found = []
    for label in order:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if not (field.many_to_one or field.one_to_one or field.many_to_many) or field.auto_created:
                    continue
                target = field.related_model._meta.app_label
                if target in order and order.index(target) > order.index(label):
                    found.append(f"{model._meta.label}.{field.name} points up to {target}")
    return found


def test_foreign_keys_point_down() -> None:
    assert keys_that_point_up(ORDER) == []


def test_a_foreign_key_that_points_up_is_seen() -> None:
    upside_down = [*ORDER[:-8], *reversed(ORDER[-8:])]
    assert keys_that_point_up(upside_down)


def test_migrations_depend_downwards() -> None:
    loader = MigrationLoader(None)
    found = [
        f"{label}.{name} depends on {other}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in ORDER
        for other, _ in migration.dependencies
        if other in ORDER and ORDER.index(other) > ORDER.index(label)
    ]
    assert found == []


def test_every_app_of_the_contract_is_installed() -> None:
    assert {label for label in APPS if not apps.is_installed(f"lienthong.{label}")} == set()
