"""The static files: colours that can be read in both themes, icons that exist, weight within the budget, licences beside."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

STATIC = Path(__file__).resolve().parent.parent / "static" / "lienthong"
PACKAGE = Path(__file__).resolve().parents[3]
SHEETS = ("tokens.css", "frame.css", "parts.css", "pictures.css", "print.css")


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text("utf-8"), flags=re.S)


def tokens(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", sheet("tokens.css"))
    assert body, selector
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body.group(1)))


LIGHT = tokens(":root")
DARK = LIGHT | tokens(':root[data-bs-theme="dark"]')
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("--ink", "--ink-2", "--ink-3", "--primary", "--visited") for ground in ("--ground", "--soft")],
    *[(f"--{kind}", f"--{kind}-tint", 4.5) for kind in ("ok", "due", "late", "neutral", "secret", "primary")],
    *[(f"--tier-{level}-ink", f"--tier-{level}", 4.5) for level in (1, 2, 3, 4)],
    ("--late", "--ground", 4.5),
    ("--ink", "--due-tint", 4.5),
    ("--ink", "--late-tint", 4.5),
    ("--ink", "--secret-tint", 4.5),
    ("--on-primary", "--primary", 4.5),
    ("--on-primary", "--primary-down", 4.5),
    ("--on-band", "--band", 4.5),
    ("--control", "--ground", 3.0),
    *[(f"--series-{number}", "--ground", 3.0) for number in range(1, 7)],
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_text_and_controls_can_be_read(theme, ink, ground, least):
    assert contrast(theme[ink], theme[ground]) >= least


def test_both_ways_to_darkness_say_the_same():
    assert tokens(':root:not([data-bs-theme="light"])') == tokens(':root[data-bs-theme="dark"]')


def test_the_tiers_are_a_ramp_that_survives_grey_print():
    light = [luminance(LIGHT[f"--tier-{level}"]) for level in (1, 2, 3, 4)]
    dark = [luminance(DARK[f"--tier-{level}"]) for level in (1, 2, 3, 4)]
    assert light == sorted(light)
    assert dark == sorted(dark, reverse=True)


def test_every_variable_that_is_used_is_defined():
    text = "".join(sheet(name) for name in SHEETS)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert {name for name in used if not name.startswith("--bs-")} <= defined


def test_no_colour_stands_outside_the_tokens():
    for name in SHEETS[1:4]:
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", sheet(name)) == []


def test_the_look_has_no_gradients_and_no_shadows():
    for name in SHEETS[1:4]:
        text = sheet(name)
        assert "gradient(" not in text
        # The one shadow allowed is the dark edge of the focus ring.
        for shadow in re.findall(r"box-shadow:\s*([^;]+);", text):
            assert shadow == "none" or "var(--focus-edge)" in shadow


ICONS = re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8"))


def test_the_sprite_names_each_icon_once():
    assert len(ICONS) == len(set(ICONS))


def test_every_icon_that_a_page_names_is_in_the_sprite():
    named: dict[str, set[str]] = {}
    for template in PACKAGE.glob("**/templates/**/*.html"):
        text = template.read_text("utf-8")
        for name in re.findall(r'\{% icon "([\w-]+)"', text) + re.findall(
            r'<c-[\w-]+[^>]*?\sicon="([\w-]+)"', text
        ):
            named.setdefault(name, set()).add(template.name)
    assert {name: places for name, places in named.items() if name not in ICONS} == {}


def test_every_mark_of_a_state_is_in_the_sprite():
    from lienthong.foundation.pagekit.templatetags.kit import STATE_MARKS

    assert {icon for icon, _kind, _word in STATE_MARKS.values()} <= set(ICONS)


def test_every_vendored_folder_has_its_licence():
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert [path.name for path in folders if not (path / "LICENSE").exists()] == []


def test_templates_of_the_kit_hold_no_script_and_no_style():
    for template in (STATIC.parent.parent / "templates").glob("**/*.html"):
        text = template.read_text("utf-8")
        assert not re.search(
            r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son(click|load|change|submit)=", text
        ), template


def test_the_first_load_is_light(visitor):
    html = visitor.get("/").content
    loaded = set(re.findall(rb'(?:href|src)="/tinh/([^"#]+)', html))
    files = {Path(finders.find(path.decode())) for path in loaded}
    weight = sum(
        path.stat().st_size if path.suffix == ".woff2" else len(gzip.compress(path.read_bytes()))
        for path in files
    )
    assert len(files) <= 14
    assert weight < 150_000
    assert sum(path.stat().st_size for path in files if path.suffix == ".woff2") <= 51_000


def test_static_files_can_be_served_under_names_that_change_with_their_content(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", "--noinput", verbosity=0)
    manifest = (tmp_path / "staticfiles.json").read_text()
    for name in (*SHEETS, "icons.svg", "kit.js"):
        assert f"lienthong/{name}" in manifest
    hashed = next(tmp_path.glob("lienthong/tokens.*.css")).read_text()
    assert re.search(r"noto-sans-latin-wght-normal\.[0-9a-f]{12}\.woff2", hashed)
