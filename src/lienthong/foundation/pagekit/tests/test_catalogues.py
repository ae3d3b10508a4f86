"""The Vietnamese of the kit, of the sign-in pages and of form errors is complete, and sounds like an office."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django import forms
from django.utils.translation import gettext

from lienthong.foundation.pagekit.tests.conftest import ROOT, load_script

KIT = Path(__file__).resolve().parent.parent
PO = KIT / "locale" / "vi" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def entries():
    with PO.open("rb") as file:
        return [message for message in read_po(file, locale="vi") if message.id]


def test_no_text_of_the_kit_lacks_its_vietnamese():
    assert load_script("missing_texts").missing([KIT]) == []


def test_no_text_of_the_sign_in_pages_lacks_its_vietnamese():
    import allauth

    folder = Path(allauth.__file__).parent
    parts = [
        folder / name
        for name in ("account", "mfa", "templates/account", "templates/mfa", "templates/allauth")
    ]
    assert load_script("missing_texts").missing(parts) == []


def test_the_catalogue_of_the_kit_has_no_faults():
    faults = load_script("compile_locale").faults(KIT)
    assert list(faults) == []


def test_one_text_with_two_vietnamese_ones_is_told_also_within_one_file(tmp_path):
    folder = tmp_path / "a" / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    entry = 'msgid "Read at"\nmsgstr "{}"\n'
    texts = ["Đọc lúc", "Thời điểm đọc", "Đọc lúc"]
    (folder / "django.po").write_text("\n".join(entry.format(text) for text in texts), "utf-8")
    (told,) = load_script("compile_locale").faults(tmp_path)
    assert "given twice" in told
    (folder / "django.po").write_text("\n".join(entry.format(texts[0]) for _ in texts), "utf-8")
    assert list(load_script("compile_locale").faults(tmp_path)) == []


def test_no_text_begs_apologises_or_addresses_the_reader(entries):
    refused = re.compile(r"vui lòng|xin lỗi|bạn|chúng tôi|!|Uỷ ban|hàng năm|hoà |kí tự", re.IGNORECASE)
    strings = [text for message in entries for text in ([message.string] if isinstance(message.string, str) else message.string)]  # fmt: skip
    assert [text for text in strings if refused.search(text)] == []


def test_every_vietnamese_text_is_in_one_spelling():
    import unicodedata

    text = PO.read_text("utf-8")
    assert unicodedata.normalize("NFC", text) == text


def test_the_kit_replaces_words_of_the_libraries():
    assert gettext("This field is required.") == "Chưa nhập nội dung này."
    assert gettext("Enter a whole number.") == "Nhập số nguyên, không có phần thập phân."
    assert (
        gettext("The username and/or password you specified are not correct.")
        == "Sai tên đăng nhập hoặc mật khẩu."
    )


def test_form_errors_are_vietnamese():
    class Sample(forms.Form):
        number = forms.IntegerField(max_value=3)
        mail = forms.EmailField()
        one = forms.UUIDField()
        data = forms.JSONField()
        day = forms.DateField()
        pick = forms.ChoiceField(choices=[("a", "A")])
        text = forms.CharField(max_length=2)

    filled = Sample(
        {"number": 9, "mail": "x", "one": "x", "data": "{", "day": "x", "pick": "z", "text": "dài quá"}
    )
    texts = [text for errors in filled.errors.values() for text in errors]
    assert len(texts) == 7
    english = re.compile(r"\b(the|enter|valid|ensure|value|this|must|select|is|not)\b", re.IGNORECASE)
    assert [text for text in texts if english.search(text)] == []


def test_catalogues_are_compiled_once_and_again_when_they_change(tmp_path):
    script = load_script("compile_locale")
    po = tmp_path / "app" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    po.write_text(head + 'msgid "Data"\nmsgstr "Dữ liệu"\n', "utf-8")

    assert script.compile_all(tmp_path) == [po]
    assert po.with_suffix(".mo").exists()
    assert script.compile_all(tmp_path) == []

    later = po.stat().st_mtime_ns + 2_000_000_000
    po.write_text(head + 'msgid "Data"\nmsgstr "Số liệu"\n', "utf-8")
    import os

    os.utime(po, ns=(later, later))
    assert script.compile_all(tmp_path) == [po]
    assert sorted(path.name for path in po.parent.iterdir()) == ["django.mo", "django.po"]


def test_what_is_wrong_with_a_catalogue_is_said(tmp_path):
    script = load_script("compile_locale")
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    bodies = {
        "one": 'msgid "Data"\nmsgstr "Dữ liệu"\n\nmsgid "Empty"\nmsgstr ""\n\nmsgid "%(count)s rows"\nmsgstr "dòng"\n',
        "two": 'msgid "Data"\nmsgstr "Số liệu"\n\n#, fuzzy\nmsgid "Perhaps"\nmsgstr "Có lẽ"\n',
    }
    for app, body in bodies.items():
        po = tmp_path / app / "locale" / "vi" / "LC_MESSAGES" / "django.po"
        po.parent.mkdir(parents=True)
        po.write_text(head + body, "utf-8")
    said = "\n".join(script.faults(tmp_path))
    for part in ("“Empty” has no Vietnamese", "placeholders of “%(count)s rows” differ", "“Perhaps” is marked as uncertain", "“Data” is “Số liệu” here and “Dữ liệu” in"):  # fmt: skip
        assert part in said


def test_texts_without_vietnamese_are_found_in_templates_and_in_code(tmp_path):
    sys.modules.pop("missing_texts", None)
    script = load_script("missing_texts")
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        "{% load i18n %}\n   <c-panel title=\"{% trans 'Unheard of' %}\">{% blocktrans count n=3 %}{{ n }} odd{% plural %}{{ n }} odds{% endblocktrans %}</c-panel>",
        "utf-8",
    )
    (tmp_path / "rules.py").write_text('x = _("Never said")\n', "utf-8")
    found = {text for _path, _line, (_context, text, _plural) in script.missing([tmp_path])}
    assert found == {"Unheard of", "%(n)s odd", "Never said"}


def test_the_wheel_build_compiles_the_catalogues():
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '[tool.hatch.build.hooks.custom]\npath = "hatch_build.py"' in project
    assert 'artifacts = ["*.mo"]' in project
