"""Vietnamese is complete, one English text has one Vietnamese, and every error, event and finding speaks both languages."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po

from lienthong.engine.errors import EngineError
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.facts import REGISTRY, Fact

from .house import PACKAGE, ROOT, python_files

VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
TAGS = re.compile(r"""{%\s*(?:trans|translate)\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", re.S)
BLOCKS = re.compile(
    r"{%\s*block(?:trans|translate)\b([^%]*)%}(.*?)(?:{%\s*plural\s*%}(.*?))?{%\s*endblock(?:trans|translate)\s*%}",
    re.S,
)
CALLS = re.compile(
    r"""(?<![\w.])(?:_|gettext|gettext_lazy|pgettext|ngettext)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+|(?:'(?:[^'\\]|\\.)*'\s*)+)"""
)


def every_module() -> None:
    """Import everything, so that every error and fact class exists."""
    for path in python_files():
        name = ".".join(("lienthong", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        if ".settings" not in name:
            import_module(name)


def subclasses(root: type) -> list[type]:
    found, waiting = [], [root]
    while waiting:
        current = waiting.pop()
        for child in current.__subclasses__():
            if child.__module__.startswith("lienthong."):
                found.append(child)
                waiting.append(child)
    return found


def translations() -> dict[str, dict[str, str]]:
    """App to its Vietnamese texts by English msgid."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(PACKAGE.rglob("locale/vi/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="vi")
        for message in catalogue:
            if not message.id:
                continue
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for identity in ids:
                found.setdefault(str(path.relative_to(PACKAGE)), {})[identity] = (
                    texts[0] if not message.fuzzy else ""
                )
    return found


def msgids_in(text: str, template: bool) -> set[str]:
    if not template:
        return {
            "".join(eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', m[1]))
            for m in CALLS.finditer(text)
        }
    found = {(m[1] or m[2]).replace('\\"', '"').replace("\\'", "'") for m in TAGS.finditer(text)}
    for options, body, plural in BLOCKS.findall(text):
        for part in filter(None, (body, plural)):
            named = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", part.replace("%", "%%") if "%" in part else part)
            found.add(
                " ".join(line.strip() for line in named.strip().splitlines())
                if "trimmed" in options
                else named
            )
    return found | {m.replace('\\"', '"') for m in re.findall(r"""_\("((?:[^"\\]|\\.)*)"\)""", text)}


def untranslated(package: Path = PACKAGE) -> list[str]:
    known: set[str] = set()
    for texts in translations().values():
        known |= {identity for identity, text in texts.items() if text}
    found = []
    for path in [*python_files(package), *sorted(package.rglob("*.html"))]:
        if "engine" in path.relative_to(package).parts[:1]:
            continue
        for msgid in sorted(msgids_in(path.read_text(encoding="utf-8"), path.suffix == ".html")):
            if msgid and msgid not in known:
                found.append(f"{path.relative_to(package)}: “{msgid}”")
    return found


def test_every_text_has_its_vietnamese() -> None:
    assert untranslated() == []


def test_a_text_without_vietnamese_is_seen(tmp_path: Path) -> None:
    (tmp_path / "odd.html").write_text("{% trans 'Nobody translated this' %}", encoding="utf-8")
    assert untranslated(tmp_path)


def test_one_english_text_has_one_vietnamese() -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for place, texts in translations().items():
        for msgid, text in texts.items():
            first = seen.setdefault(msgid, (text, place))
            if first[0] != text:
                clashes.append(f"“{msgid}”: “{first[0]}” in {first[1]}, “{text}” in {place}")
    assert clashes == []


def test_no_vietnamese_stands_in_a_template() -> None:
    """Templates hold English msgids; Vietnamese comes from the catalogue, so English pages are English."""
    found = []
    for path in sorted(PACKAGE.rglob("*.html")):
        text = re.sub(
            r"{#.*?#}|{% comment %}.*?{% endcomment %}|lang=\"vi\"[^<]*<|>Tiếng Việt<",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        for number, line in enumerate(text.splitlines(), 1):
            if VIETNAMESE.search(line):
                found.append(f"{path.relative_to(PACKAGE)}:{number}: {line.strip()[:80]}")
    assert found == []


def texts_of(error: type) -> tuple[str, str]:
    """The two texts of an error of either tree: the engine stands by itself and names them its own way."""
    if hasattr(error, "vi"):
        return error.vi, error.en
    return error.text_vi, error.text_en


def mute_errors(classes: list[type]) -> list[str]:
    found, codes = [], {}
    for error in classes:
        vi, en = texts_of(error)
        for name, text in {
            "code": error.code,
            "vi": vi,
            "en": en,
            "hint_vi": error.hint_vi,
            "hint_en": error.hint_en,
        }.items():
            if not text:
                found.append(f"{error.__qualname__}: no {name}")
        if vi and not VIETNAMESE.search(vi):
            found.append(f"{error.__qualname__}: “{vi}” is not Vietnamese")
        if not re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", error.code):
            found.append(f"{error.__qualname__}: code {error.code}")
        if "code" in vars(error):
            if error.code in codes:
                found.append(f"{error.__qualname__} and {codes[error.code]} share {error.code}")
            codes[error.code] = error.__qualname__
    return found


def test_every_error_speaks_both_languages() -> None:
    every_module()
    assert mute_errors([DomainError, *subclasses(DomainError), EngineError, *subclasses(EngineError)]) == []


def test_a_mute_error_is_seen() -> None:
    class Mute(Exception):
        code, vi, en, hint_vi, hint_en = "x.mute", "", "x", "x", "x"

    assert mute_errors([Mute])


def test_every_fact_speaks_both_languages_and_has_a_subject() -> None:
    every_module()
    found = [
        name
        for name, fact in REGISTRY.items()
        if fact.__module__.startswith("lienthong.")
        and not fact.__subclasses__()
        and not (fact.vi and fact.en and fact.subject_kind and fact.subject_field)
    ]
    assert found == []
    assert len(subclasses(Fact)) > 20


def test_the_glossary_gives_each_word_once() -> None:
    words = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text(encoding="utf-8"))
    for part in ("code", "vi", "en"):
        values = [word[part] for word in words]
        assert sorted({value for value in values if values.count(value) > 1}) == []


@pytest.mark.parametrize("word", ["vui lòng", "xin lỗi", "bạn ", "!"])
def test_the_tone_is_an_offices(word: str) -> None:
    found = [
        f"{place}: {text}"
        for place, texts in translations().items()
        for text in texts.values()
        if word in text.lower()
    ]
    assert found == []
