"""Every page of the product uses components that exist, with attributes that they know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django_cotton.compiler_regex import CottonCompiler, Tag

KIT = Path(__file__).resolve().parent.parent
PACKAGE = Path(__file__).resolve().parents[3]
PAGES = sorted(path for path in PACKAGE.glob("**/templates/**/*.html") if "cotton" not in path.parts)
ALWAYS = {"is", "only", "attrs"}


def declared(component: Path) -> tuple[set[str], bool]:
    """The attributes that a component knows, and whether it passes others on."""
    text = component.read_text("utf-8")
    head = re.search(r"<c-vars\s([^>]*?)/?>", text)
    names = {name.lstrip(":") for name, *_ in Tag.attr_pattern.findall(head.group(1))} if head else set()
    return {name.replace("-", "_") for name in names}, "{{ attrs }}" in text


KNOWN = {path.stem: declared(path) for path in (KIT / "templates" / "cotton").glob("*.html")}


def uses(page: Path) -> list[tuple[str, set[str]]]:
    plain, _ignored = CottonCompiler().exclude_ignorables(page.read_text("utf-8"))
    found = []
    for match in Tag.tag_pattern.finditer(plain):
        if match.group(1) or match.group(2) in ("slot", "vars"):
            continue
        names = {
            name.lstrip(":").replace("-", "_") for name, *_ in Tag.attr_pattern.findall(match.group(3) or "")
        }
        found.append(
            (match.group(2).replace("-", "_"), {name for name in names if "COTTON_IGNORE" not in name})
        )
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_page_uses_components_as_they_are(page):
    faults = []
    for component, attributes in uses(page):
        if component not in KNOWN:
            faults.append(f"<c-{component}> does not exist")
            continue
        names, passes_on = KNOWN[component]
        if not passes_on:
            faults += [f"<c-{component}> has no {name}" for name in sorted(attributes - names - ALWAYS)]
    assert faults == []


def test_a_wrong_use_would_be_seen(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<c-badge tone="ok">x</c-badge><c-no-such /><c-panel :title="x" data-x="1">y</c-panel>', "utf-8"
    )
    assert uses(page) == [("badge", {"tone"}), ("no_such", set()), ("panel", {"title", "data_x"})]
    assert KNOWN["badge"] == ({"kind", "icon"}, False)
    assert KNOWN["panel"][1] is True
