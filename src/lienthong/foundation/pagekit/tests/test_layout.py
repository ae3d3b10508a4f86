"""The frame of every page: what stands in it, in which language, and what it leaves out."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.pagekit.layout import Layout, NavItem, marked, same_page_in
from lienthong.foundation.pagekit.templatetags.kit import in_reading_language


def page(visitor, path: str, **more) -> str:
    return visitor.get(path, **more).content.decode()


def test_a_page_is_vietnamese_unless_english_is_asked_for(visitor):
    assert '<html lang="vi">' in page(visitor, "/")
    english = page(visitor, "/en/lam-viec/")
    assert '<html lang="en">' in english
    assert "Acting as:" in english
    assert "Đang làm việc" not in english


def test_the_language_of_the_browser_does_not_change_the_page(visitor):
    assert '<html lang="vi">' in page(visitor, "/", headers={"accept-language": "en"})


def test_the_other_language_is_the_same_page(visitor):
    html = page(visitor, "/du-lieu/mot/?q=h%E1%BB%99+t%E1%BB%8Bch")
    assert 'href="/en/du-lieu/mot/?q=h%E1%BB%99+t%E1%BB%8Bch"' in html
    assert 'hreflang="en"' in html


@pytest.mark.parametrize(
    ("code", "path", "same"),
    [
        ("en", "/", "/en/"),
        ("vi", "/en/", "/"),
        ("vi", "/en/du-lieu/?trang=2", "/du-lieu/?trang=2"),
        ("en", "/en/du-lieu/", "/en/du-lieu/"),
        ("en", "/english-data/", "/en/english-data/"),
        ("vi", "/vi/x/", "/x/"),
        ("vi", "/en//evil.example/", "/evil.example/"),
    ],
)
def test_the_same_page_in_another_language(code, path, same):
    assert same_page_in(code, path) == same


@given(st.text(alphabet="ab/en?=%", max_size=30))
def test_a_change_of_language_never_leaves_the_site(rest):
    there = same_page_in("en", "/" + rest)
    assert there.startswith(("/en/", "/en?")) or there == "/en"
    assert not same_page_in("vi", "/" + rest).startswith("//")


def test_the_whole_kit_of_a_page_is_there(visitor):
    html = page(visitor, "/lam-viec/ho-so/")
    order = ["Đến nội dung chính", "Đang làm việc với tư cách:", 'class="rail"', 'class="crumbs"', "<h1>Hồ sơ</h1>", "state-line", "page-actions-main", "Căn cứ", "Lịch sử", "bottom-bar"]  # fmt: skip
    places = [html.find(text) for text in order]
    assert -1 not in places
    assert places == sorted(places)


def test_what_a_page_leaves_empty_is_not_shown(visitor):
    html = page(visitor, "/lam-viec/")
    for text in ("crumbs", "state-line", "page-actions", "Căn cứ", "Lịch sử"):
        assert text not in html


def test_the_strip_of_the_demonstration_stands_only_in_a_demonstration(visitor, settings):
    assert "số liệu giả định" not in page(visitor, "/")
    settings.DEMO = True
    assert "Bản trình diễn: số liệu giả định" in page(visitor, "/")


def test_the_place_in_the_bar_and_the_rail_is_marked(visitor):
    assert re.search(r'href="/du-lieu/" aria-current="page"', page(visitor, "/du-lieu/mot/"))
    assert len(re.findall(r'class="rail-item"[^>]*aria-current', page(visitor, "/lam-viec/"))) == 1


def test_only_the_nearest_address_is_marked():
    items = [
        NavItem("Việc", "/lam-viec/"),
        NavItem("CSDL", "/lam-viec/csdl/"),
        NavItem("Ngoài", "https://example.org/"),
    ]
    assert [item.current for item in marked(items, "/lam-viec/csdl/x/")] == [False, True, False]
    assert [item.current for item in marked(items, "/lam-viec/khac/")] == [True, False, False]
    assert [item.current for item in marked([NavItem("Trang chủ", "/")], "/du-lieu/")] == [False]
    assert [item.current for item in marked([NavItem("A", "/a/", current=True), NavItem("B", "/b/")], "/b/")] == [True, False]  # fmt: skip


def test_the_footer_names_who_answers_for_the_site(visitor):
    html = page(visitor, "/")
    for text in ("Văn phòng An Lộc", "Trần Văn Bình", "tel:0999123456", "mailto:a@anloc.example"):
        assert text in html


def test_a_frame_without_providers_still_stands(settings):
    settings.PAGEKIT = {}
    layout = Layout(RequestFactory().get("/"))
    assert layout.site.name == "Liên Thông"
    assert (layout.bar, layout.rail, layout.bottom, layout.acting_as) == ([], [], [], None)
    assert layout.frame == "pagekit/portal.html"
    assert layout.search_url == ""
    with pytest.raises(AttributeError):
        _ = layout.no_such_part


def test_the_names_of_languages_are_in_one_spelling():
    assert [language.name for language in Layout(RequestFactory().get("/")).languages] == [
        "Tiếng Việt",
        "English",
    ]


def test_htmx_may_neither_run_text_nor_add_styles(visitor):
    html = page(visitor, "/")
    assert '"includeIndicatorStyles":false' in html
    assert '"allowEval":false' in html
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|<style", html)


def test_a_public_page_sets_no_cookie(visitor):
    response = visitor.get("/")
    assert not response.cookies


def test_a_stored_address_is_told_in_the_language_of_the_reader():
    assert in_reading_language("/du-lieu/x/") == "/du-lieu/x/"
    with translation.override("en"):
        assert in_reading_language("/du-lieu/x/") == "/en/du-lieu/x/"
        assert in_reading_language("https://example.org/") == "https://example.org/"
