"""Numbers, dates and time limits read as an office writes them, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.pagekit import figures

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 19, 14, 5, tzinfo=VIETNAM)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=VIETNAM)


def clock(due_at, remaining, unit="working_day", **more):
    return SimpleNamespace(
        due_at=due_at, remaining=remaining, unit=unit, **{"stopped": False, "mark": "verified"} | more
    )


@pytest.mark.parametrize(
    ("value", "places", "vietnamese", "english"),
    [
        (1234567.8, None, "1.234.567,8", "1,234,567.8"),
        (1234567, None, "1.234.567", "1,234,567"),
        (0, None, "0", "0"),
        (-1234.5, None, "-1.234,5", "-1,234.5"),
        ("12.50", None, "12,5", "12.5"),
        (Decimal("12.50"), 2, "12,50", "12.50"),
        (2.345, 1, "2,3", "2.3"),
        (2.5, 0, "3", "3"),
        (-0.04, 1, "0,0", "0.0"),
        (None, None, "", ""),
        ("chữ", None, "", ""),
        (float("nan"), None, "", ""),
        (True, None, "", ""),
        (10**40, None, "", ""),
    ],
)
def test_a_number_is_written_with_the_marks_of_the_language(value, places, vietnamese, english):
    assert figures.number_text(value, places) == vietnamese
    with translation.override("en"):
        assert figures.number_text(value, places) == english


@given(st.integers(min_value=-(10**24), max_value=10**24))
def test_no_digit_of_a_whole_number_is_lost(number):
    with translation.override("vi"):
        assert int(figures.number_text(number).replace(".", "")) == number
    with translation.override("en"):
        assert int(figures.number_text(number).replace(",", "")) == number


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=3))
def test_both_languages_write_the_same_number(number):
    with translation.override("vi"):
        vietnamese = figures.number_text(number)
    with translation.override("en"):
        english = figures.number_text(number)
    assert vietnamese.translate(str.maketrans(".,", ",.")) == english
    assert Decimal(english.replace(",", "")) == number


@given(st.one_of(st.none(), st.text(), st.floats(), st.booleans(), st.lists(st.integers())))
def test_no_value_is_a_fault(value):
    for write in (
        figures.number_text,
        figures.short_number_text,
        figures.percent_text,
        figures.size_text,
        figures.day_text,
        figures.moment_text,
        figures.due_text,
        figures.clock_text,
        figures.term_text,
    ):
        assert isinstance(write(value), str)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_234_567, "1,2 triệu"), (999, "999"), (999_949, "999.949"), (1_000_000, "1 triệu"), (2_400_000_000, "2,4 tỷ"), (999_960_000, "1 tỷ")],
)  # fmt: skip
def test_large_numbers_are_told_in_millions(value, text):
    assert figures.short_number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (2_400_000, "2,4 MB"), (24_000_000, "24 MB"), (999_600, "1 MB"), (5 * 10**15, "5.000 TB"), (-1, "")],
)  # fmt: skip
def test_sizes_are_told_in_steps_of_a_thousand(value, text):
    assert figures.size_text(value) == text


@given(st.integers(min_value=0, max_value=10**14))
def test_a_size_is_never_longer_than_four_digits(value):
    number = figures.size_text(value).split(" ")[0]
    assert len(number.replace(".", "").replace(",", "")) <= 3


def test_a_percentage_keeps_one_digit_unless_it_is_round():
    assert [figures.percent_text(value) for value in (45.2, 100, 97.68, 0)] == [
        "45,2%",
        "100%",
        "97,7%",
        "0%",
    ]


def test_dates_are_written_as_each_language_says_them():
    assert figures.day_text(date(2026, 11, 9)) == "09/11/2026"
    assert figures.moment_text(NOW) == "14:05 19/11/2026"
    assert figures.due_text(at(2026, 11, 25, 17)) == "17:00 thứ Tư 25/11/2026"
    assert figures.due_text(at(2026, 11, 22, 8)) == "08:00 Chủ nhật 22/11/2026"
    with translation.override("en"):
        assert figures.day_text(date(2026, 11, 9)) == "9 November 2026"
        assert figures.moment_text(NOW) == "14:05, 19 November 2026"
        assert figures.due_text(at(2026, 11, 25, 17)) == "17:00 Wednesday 25 November 2026"


def test_a_moment_elsewhere_is_told_in_the_time_of_vietnam():
    assert figures.moment_text(datetime(2026, 11, 19, 20, 0, tzinfo=ZoneInfo("UTC"))) == "03:00 20/11/2026"
    assert figures.day_text(datetime(2026, 11, 19, 20, 0, tzinfo=ZoneInfo("UTC"))) == "20/11/2026"


def test_midnight_belongs_to_the_day_before():
    assert figures.due_text(at(2026, 12, 26)) == "24:00 thứ Sáu 25/12/2026"
    assert figures.due_text(datetime(2026, 12, 25, 23, 59, 59, tzinfo=VIETNAM)) == "24:00 thứ Sáu 25/12/2026"


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_due_text_names_the_weekday_of_its_date(moment):
    with translation.override("en"):
        _hour, weekday, day, month, year = figures.due_text(moment.replace(tzinfo=VIETNAM)).split(" ")
    said = datetime.strptime(f"{day} {month} {year}", "%d %B %Y")
    assert said.strftime("%A") == weekday
    assert moment - said < timedelta(days=1, minutes=1)


@pytest.mark.parametrize(
    ("running", "text"),
    [
        (clock(at(2026, 11, 25, 17), 3), "Còn 3 ngày làm việc, hết hạn 17:00 thứ Tư 25/11/2026"),
        (clock(at(2026, 11, 19, 17), 0), "Hết hạn hôm nay, 17:00"),
        (clock(at(2026, 11, 20), 0, "calendar_day"), "Hết hạn hôm nay, 24:00"),
        (clock(at(2026, 11, 17, 17), -2), "Quá hạn 2 ngày làm việc, từ 17:00 thứ Ba 17/11/2026"),
        (clock(at(2026, 11, 19, 12), 0), "Quá hạn, từ 12:00 thứ Năm 19/11/2026"),
        (clock(at(2026, 11, 21), 1, "day"), "Còn 1 ngày, tính cả ngày nghỉ, hết hạn 24:00 thứ Sáu 20/11/2026"),
        (clock(at(2026, 11, 20, 17), 1, mark="agency"), "Còn 1 ngày làm việc, hết hạn 17:00 thứ Sáu 20/11/2026 (cơ quan đặt)"),
        (clock(at(2026, 11, 20, 17), 1, mark="unverified"), "Còn 1 ngày làm việc, hết hạn 17:00 thứ Sáu 20/11/2026. Thời hạn chưa xác minh với văn bản gốc"),
        (clock(at(2026, 11, 20, 17), 1, mark="secondary"), "Còn 1 ngày làm việc, hết hạn 17:00 thứ Sáu 20/11/2026. Thời hạn theo nguồn thứ cấp, chưa đối chiếu với văn bản gốc"),
        (clock(at(2026, 11, 22), 0), "Còn dưới 1 ngày làm việc, hết hạn 24:00 thứ Bảy 21/11/2026"),
        (clock(at(2026, 11, 25, 17), 3, stopped=at(2026, 11, 19, 14, 5)), "Đã dừng tính thời hạn, từ 14:05 19/11/2026"),
        (clock(at(2026, 11, 25, 17), 3, stopped=True), "Đã dừng tính thời hạn"),
        (clock(None, None, mark="agency"), "Không có thời hạn"),
        ({"due_at": at(2026, 11, 25, 17), "remaining": 3, "unit": "working_day"}, "Còn 3 ngày làm việc, hết hạn 17:00 thứ Tư 25/11/2026"),
    ],
)  # fmt: skip
def test_a_clock_is_a_date_one_can_say_aloud(running, text):
    assert figures.clock_text(running, NOW) == text


def test_a_clock_is_told_in_english_too():
    with translation.override("en"):
        assert figures.clock_text(clock(at(2026, 11, 25, 17), 3), NOW) == (
            "3 working days left, due 17:00 Wednesday 25 November 2026"
        )
        assert figures.clock_text(clock(at(2026, 11, 20, 17), 1, mark="agency"), NOW) == (
            "1 working day left, due 17:00 Friday 20 November 2026 (set by this office)"
        )


@given(
    st.integers(min_value=-400, max_value=400),
    st.sampled_from(["working_day", "calendar_day", "month", "hour", "odd"]),
)
def test_the_colour_and_the_word_of_a_clock_agree(remaining, unit):
    due_at = NOW + timedelta(days=remaining, hours=1)
    running = clock(due_at, remaining, unit)
    with translation.override("vi"):
        kind, word = figures.clock_kind(running, NOW), figures.clock_word(running, NOW)
    assert kind == ("late" if remaining < 0 else "due" if remaining <= 1 else "ok")
    assert word.startswith({"late": "Quá hạn", "due": ("Còn", "Hết hạn"), "ok": "Còn"}[kind])


def test_a_term_says_who_set_it():
    assert figures.term_text({"value": 2, "unit": "working_day", "mark": "verified"}) == "2 ngày làm việc"
    assert (
        figures.term_text({"value": 2, "unit": "working_day", "mark": "agency"})
        == "2 ngày làm việc (cơ quan đặt)"
    )
    assert (
        figures.term_text({"value": None, "unit": "none", "mark": "verified"})
        == "Pháp luật không quy định thời hạn"
    )
    assert figures.long_term_text({"value": 10, "unit": "working_day", "mark": "agency"}) == (
        "Pháp luật không quy định thời hạn; cơ quan đặt 10 ngày làm việc"
    )
