"""Which rows stand on the page that an address asks for, and what the pages beside are called."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import translation

from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.pagekit.tests.addresses import template

KEPT = {"q": "hộ tịch & xã", "loai": "csdl"}


@pytest.mark.parametrize(
    ("given", "total", "shown"),
    [
        ("", 312, (1, 20)),
        ("20", 312, (21, 40)),
        ("300", 312, (301, 312)),
        # Further than the list goes: its last page
        ("9999", 312, (301, 312)),
        ("320", 320, (301, 320)),
        # No number of a row: its first
        ("x", 312, (1, 20)),
        ("-20", 312, (1, 20)),
        ("²", 312, (1, 20)),
        ("9" * 40, 312, (1, 20)),
        ("20", 0, (1, 0)),
    ],
)
def test_a_page_is_the_one_asked_for_or_the_nearest(given, total, shown):
    part = stretch(given, total, 20)
    assert (part.first, part.last, part.total) == (*shown, total)
    assert list(range(total))[part.rows] == list(range(shown[0] - 1, shown[1]))


def test_the_pages_beside_keep_filters_and_end_with_the_list():
    first, middle, last = (stretch(given, 45, 20, KEPT) for given in ("", "20", "40"))
    assert (first.previous_url, last.next_url) == ("", "")
    assert first.next_url == "?q=h%E1%BB%99+t%E1%BB%8Bch+%26+x%C3%A3&loai=csdl&sau=20"
    assert (middle.previous_place, middle.next_place) == ("0", "40")
    assert middle.previous_url.endswith("loai=csdl&sau=0")


def test_the_pages_beside_lead_to_the_place_of_the_list():
    part = stretch("20", 45, 20, {"q": "xã"}, anchor="bang")
    assert (part.previous_url, part.next_url) == ("?q=x%C3%A3&sau=0#bang", "?q=x%C3%A3&sau=40#bang")


def shown(source: str, locale: str, **given) -> str:
    with translation.override(locale):
        return template("{% load i18n kit %}" + source).render(given, RequestFactory().get("/"))


def test_the_pager_says_which_part_is_shown_in_the_readers_language():
    part = stretch("1200", 4312, 20, KEPT)
    assert "1.201-1.220 trong 4.312" in shown('<c-pager :part="part" />', "vi", part=part)
    html = shown('<c-pager :part="part" />', "en", part=part)
    assert "1,201-1,220 of 4,312" in html
    assert 'loai=csdl&amp;sau=1180" rel="prev"' in html


def test_inside_a_form_the_pages_are_turned_by_sending_it():
    html = shown('<c-pager form="many" :part="part" />', "vi", part=stretch("20", 45, 20))
    assert '<button type="submit" form="many" name="sau" value="40">' in html
    assert "<a " not in html


def test_a_list_of_one_page_needs_no_pager():
    assert "<nav" not in shown('<c-pager :part="part" />', "vi", part=stretch("", 20, 20))
