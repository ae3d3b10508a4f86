"""Values as readers write them, conditions in an address: both languages, and nothing hostile is a fault."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lienthong.opendata import reading
from lienthong.opendata.models import OpenDataset
from lienthong.opendata.reading import Condition, as_asked, as_read, conditions_in


@pytest.mark.parametrize(
    ("value", "kind", "vietnamese", "english"),
    [
        (None, "text", None, None),
        ("", "text", None, None),
        ("00123", "text", "00123", "00123"),
        (True, "boolean", "Có", "Yes"),
        (False, "boolean", "Không", "No"),
        (2.97, "double", "2,97", "2.97"),
        ("12.50", "decimal", "12,5", "12.5"),
        (2012, "integer", "2012", "2012"),
        (1234567, "integer", "1.234.567", "1,234,567"),
        (105.838, "double", "105,838", "105.838"),
        ("2025-07-01", "date", "01/07/2025", "1 July 2025"),
        ("2025-07-01T07:30:00", "timestamp", "07:30 01/07/2025", "07:30, 1 July 2025"),
        ("07:30:00", "time", "07:30:00", "07:30:00"),
        ("9999-99-99", "date", "9999-99-99", "9999-99-99"),
    ],
)
def test_a_value_is_shown_as_the_reader_writes_it(
    value: object, kind: str, vietnamese: str | None, english: str | None
) -> None:
    with translation.override("vi"):
        assert as_read(value, kind) == vietnamese
    with translation.override("en"):
        assert as_read(value, kind) == english


@pytest.mark.parametrize(
    ("typed", "kind", "asked"),
    [
        ("2,97", "double", "2.97"),
        ("1.234,5", "decimal", "1234.5"),
        ("2.97", "double", "2.97"),
        ("1/7/2025", "date", "2025-07-01"),
        ("01/07/2025", "text", "01/07/2025"),
        ("có", "boolean", "true"),
        ("Không", "boolean", "false"),
        ("An Hòa", "text", "An Hòa"),
    ],
)
def test_what_a_reader_writes_is_asked_in_the_form_of_the_data(typed: str, kind: str, asked: str) -> None:
    assert as_asked(typed, kind) == asked


@given(
    st.text(max_size=40),
    st.sampled_from(["text", "integer", "decimal", "double", "boolean", "date", "timestamp"]),
)
def test_no_value_and_no_word_is_a_fault(text: str, kind: str) -> None:
    as_asked(text, kind)
    assert as_read(text, kind) is None or isinstance(as_read(text, kind), str)


@given(st.lists(st.text(max_size=60), max_size=30))
def test_conditions_are_few_known_and_each_once(asked: list[str]) -> None:
    found = conditions_in(asked)
    assert len(found) <= reading.MOST_CONDITIONS
    assert len({one.address for one in found}) == len(found)
    assert all(one.operator in reading.FILTERS and one.value for one in found)


def test_a_condition_is_read_from_its_address_and_back() -> None:
    (one,) = conditions_in(["gio:eq:07:30:00", "gio:eq:07:30:00", "x:like:%", "x:eq:", "::", ""])
    assert one == Condition("gio", "eq", "07:30:00")
    assert conditions_in([one.address]) == (one,)


@pytest.mark.django_db
def test_text_that_holds_only_days_is_shown_and_asked_as_days(published: OpenDataset) -> None:
    assert reading._kind("text", {"min": "2020-03-02", "max": "2025-07-01"}) == "date"
    assert reading._kind("text", {"min": "2020-03-02", "max": "không rõ"}) == "text"
    assert reading._kind("text", {}) == "text"
    shown = reading.preview(published, conditions=[Condition("thanh_lap", "ge", "1/7/2025")])
    assert shown.total == 2
    assert [heading.numeric for heading in shown.headings] == [False, False, True, True, False, False]
    assert [cell for cell, _numeric in shown.rows[0]] == [
        "00001",
        "Phường An Hòa",
        "12.000",
        "2,97",
        "01/07/2025",
        "Không",
    ]
