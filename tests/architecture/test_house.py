"""The rules of the house hold, and each is seen to fail on a planted violation."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from . import house

RULES: dict[Callable[[Path], list[str]], tuple[str, str]] = {
    house.refused_names: ("catalogue/helpers.py", "X = 1\n"),
    house.oversized: ("catalogue/long.py", "def f():\n" + "    x = 1\n" * 90),
    house.unknown_floors: ("attic/__init__.py", ""),
    house.rooms_with_code_in_init: ("sharing/__init__.py", '"""Doc."""\nimport os\n'),
    house.words_unsaid: ("engine/odd.py", "# asks the ministry\n"),
    house.models_written_elsewhere: (
        "law/odd.py",
        "from lienthong.catalogue.models import Database\n\n\ndef f():\n    Database.objects.filter(pk=1).delete()\n",
    ),
    house.inline_styles: ("portal/templates/portal/odd.html", '<p style="color:red">x</p>\n'),
    house.extensions_loaded_elsewhere: ("engine/odd.py", "connection.execute(f\"LOAD '{path}'\")\n"),
    house.promises: ("law/odd_promise.py", "# TO" + "DO later\n"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[Path], list[str]]) -> None:
    assert rule(house.PACKAGE) == []


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few rooms as they stand, in a place where violations may be planted."""
    copy = tmp_path_factory.mktemp("house") / "lienthong"
    for room in ("law", "catalogue", "sharing", "portal"):
        without = shutil.ignore_patterns("static", "__pycache__", "*.mo")
        shutil.copytree(house.PACKAGE / room, copy / room, ignore=without)
    return copy


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_planted_violation_is_seen(rule: Callable[[Path], list[str]], copied: Path) -> None:
    place, text = RULES[rule]
    planted = copied / place
    before, known = planted.read_text(encoding="utf-8") if planted.exists() else None, set(rule(copied))
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    try:
        assert set(rule(copied)) - known
    finally:
        if before is None:
            planted.unlink()
            if not any(planted.parent.iterdir()):
                planted.parent.rmdir()
        else:
            planted.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "from lienthong.catalogue.models import Database\nd = Database.objects.create(code='x')\n",
        "from lienthong.catalogue.models import Database\nDatabase.objects.filter(code='x').update(code='y')\n",
        "from lienthong.catalogue.models import Database\nDatabase(code='x').save()\n",
    ],
)
def test_every_way_of_writing_a_foreign_model_is_seen(text: str, tmp_path: Path) -> None:
    copy = tmp_path / "lienthong"
    shutil.copytree(house.PACKAGE / "catalogue", copy / "catalogue")
    (copy / "law").mkdir()
    (copy / "law" / "odd.py").write_text(text, encoding="utf-8")
    assert house.models_written_elsewhere(copy)
