"""Every component renders in both languages, under the strict content policy, with what it was given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import translation

from lienthong.foundation.pagekit.tests.addresses import template
from lienthong.foundation.pagekit.tests.samples import SAMPLES, context

KIT = Path(__file__).resolve().parent.parent
COMPONENTS = sorted(path.stem for path in (KIT / "templates" / "cotton").glob("*.html"))


def rendered(source: str, **more) -> str:
    return template("{% load i18n kit %}" + source).render(context() | more, RequestFactory().get("/"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_shows_what_it_was_given(name):
    source, held = SAMPLES[name]
    html = rendered(source)
    assert [text for text in held if text not in html] == []
    assert "<c-" not in html


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_speaks_english_too(name):
    with translation.override("vi"):
        vietnamese = rendered(SAMPLES[name][0])
    with translation.override("en"):
        english = rendered(SAMPLES[name][0])
    for word in (
        "Sửa",
        "Đề xuất:",
        "Hủy bỏ",
        "Việc tiếp theo:",
        "Lọc (",
        "Dừng",
        "Sao chép",
        "ngày làm việc",
        "Đã che",
    ):
        assert word not in english.replace(SAMPLES[name][0], ""), word
    assert vietnamese


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_needs_no_script_and_no_inline_style(name):
    html = rendered(SAMPLES[name][0])
    assert not re.search(r"\sstyle=|<script|\son\w+=|javascript:", html)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_with_nothing_given_is_no_fault(name):
    rendered(f"<c-{name.replace('_', '-')} />")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_takes_nothing_by_chance_from_the_page_around_it(name):
    noise = dict.fromkeys(("title", "label", "text", "href", "reason", "found", "basis", "hint", "aside", "actions", "meta", "unit"), "NHIỄU")  # fmt: skip
    assert "NHIỄU" not in rendered(f"<c-{name.replace('_', '-')} />", **noise)


def test_every_component_has_a_sample():
    assert sorted(SAMPLES) == COMPONENTS


def test_what_people_typed_is_never_markup():
    html = rendered('<c-panel title="{{ evil }}"><c-badge>{{ evil }}</c-badge></c-panel><c-bar :value="3" label="{{ evil }}" />', evil='<img src=x onerror="a()">')  # fmt: skip
    assert "<img" not in html


def test_an_inline_component_leaves_no_space_after_itself():
    assert rendered('(<c-badge kind="ok">Đạt</c-badge>)').endswith("</span>)")
    assert rendered("(<c-tier level='1'>Quốc gia</c-tier>)").endswith("</span>)")


def test_a_field_without_an_error_is_only_described_by_its_hint():
    html = rendered('<c-field :field="clean.purpose" />')
    assert 'aria-describedby="id_purpose_helptext"' in html
    assert "aria-invalid" not in html


def test_no_id_stands_twice_in_a_form():
    html = rendered(
        '<c-form :form="form">{% for field in form %}<c-field :field="field" />{% endfor %}</c-form>'
    )
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)


def test_the_error_box_links_to_controls_that_exist():
    html = rendered(
        '<c-form :form="form">{% for field in form %}<c-field :field="field" />{% endfor %}</c-form>'
    )
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in html


def test_a_clean_form_shows_no_error_box():
    assert "errors-box" not in rendered('<c-form :form="clean">x</c-form>')


def test_a_finished_job_asks_no_more():
    html = rendered('<c-job-progress :job="finished" />')
    assert "hx-get" not in html
    assert "<progress" not in html


def test_numbers_in_pictures_keep_the_point_whatever_the_language():
    assert 'd="M95 18H99.5M95 14V22M99.5 14V22"' in rendered(
        '<c-interval :value="97.7" :low="95" :high="99.5" />'
    )


def test_a_share_outside_its_bounds_stays_in_the_picture():
    assert 'width="100"' in rendered('<c-bar :value="140" />')
    assert 'width="0"' in rendered('<c-bar :value="-4" />')


def test_a_frame_without_content_is_left_out():
    source = "{% framed %}<ul>{% inside %}{% if show %}<li>x</li>{% endif %}{% closing %}</ul>{% endframed %}"
    assert rendered(source) == ""
    assert rendered(source, show=True) == "<ul><li>x</li></ul>"
