"""Identifier codes in every form, and one focal officer on any date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.agencies import rules
from lienthong.agencies.errors import (
    DatesReversed,
    DecisionDateRefused,
    FocalFieldMissing,
    FocalPeriodTaken,
    IdentifierCodeRefused,
)
from lienthong.foundation.errors import DomainError
from lienthong.foundation.tracing import carries

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
level_one = st.builds(
    "{}{:02d}".format, st.sampled_from(LETTERS[:25]), st.integers(min_value=0, max_value=99)
)
group = st.text(alphabet="0123456789" + LETTERS, min_size=1, max_size=4)
agency_codes = st.builds(lambda top, below: ".".join([top, *below]), level_one, st.lists(group, max_size=5))


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=length, max_size=length).filter(lambda s: s.strip("0"))


@carries("IDC-01")
@pytest.mark.parametrize(
    ("text", "code", "form"),
    [
        ("H41", "H41", "current"),
        ("H41.12", "H41.12", "current"),
        (" h26.107 ", "H26.107", "current"),
        ("G12.18.05.001", "G12.18.05.001", "current"),
        ("000.00.12.H41", "H41.12", "former"),
        ("000.00.00.H49", "H49", "former"),
        ("000.00.18.g12", "G12.18", "former"),
        ("000.05.12.H41", "H41.12.05", "former"),
        ("007.05.12.H41", "H41.12.05.007", "former"),
        ("Z99ABC123", "Z99ABC123", "other"),
        ("0100109106", "0100109106", "other"),
        ("0100109106-011", "0100109106-011", "other"),
        ("0100109106011", "0100109106-011", "other"),
        ("H41.12.05.G12", "H41.12.05.G12", "current"),
    ],
)
def test_a_code_is_understood_in_every_form(text: str, code: str, form: str) -> None:
    assert rules.read_code(text) == rules.ReadCode(code, rules.CodeForm(form))


@carries("IDC-01")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "chưa nhập"),
        ("   ", "chưa nhập"),
        ("H4", "nhóm đầu"),
        ("41.H12", "nhóm đầu"),
        ("H41..12", "không để trống"),
        ("H41.", "không để trống"),
        ("H41.1-2", "chữ số và chữ cái"),
        ("H41.Đ1", "chữ số và chữ cái"),
        ("H41." + "1" * 40, "tối đa 35"),
        ("Z9ABC", "Z, 2 chữ số"),
        ("Z99", "Z, 2 chữ số"),
        ("Z99.01", "viết liền"),
        ("Z99" + "A" * 33, "tối đa 35"),
        ("000.05.00.H41", "ở giữa"),
        ("007.00.12.H41", "ở giữa"),
        ("0100109107", "chữ số kiểm tra"),
    ],
)
def test_a_wrong_code_is_refused_with_the_reason(text: str, part: str) -> None:
    with pytest.raises(IdentifierCodeRefused) as refusal:
        rules.read_code(text)
    assert part in refusal.value.text("vi")
    assert refusal.value.field == "code"


@carries("IDC-01")
@given(agency_codes)
def test_reading_a_code_twice_changes_nothing(code: str) -> None:
    if len(code) > rules.LONGEST_CODE:
        with pytest.raises(IdentifierCodeRefused):
            rules.read_code(code)
        return
    once = rules.current_form(code)
    assert rules.current_form(once) == once
    assert rules.current_form(code.lower()) == once


@carries("IDC-01")
@given(agency_codes.filter(lambda code: len(code) <= rules.LONGEST_CODE))
def test_a_former_form_is_read_back_as_the_same_code(code: str) -> None:
    former = rules.former_form(code)
    if former is not None:
        assert rules.read_code(former) == rules.ReadCode(code, rules.CodeForm.FORMER)
        assert len(former) == len("000.00.12.H41")


@carries("IDC-01")
@given(level_one, digits(2), digits(2), digits(3))
def test_every_code_of_the_old_standard_comes_back(top: str, second: str, third: str, lowest: str) -> None:
    written = {
        f"000.00.00.{top}": top,
        f"000.00.{second}.{top}": f"{top}.{second}",
        f"000.{third}.{second}.{top}": f"{top}.{second}.{third}",
        f"{lowest}.{third}.{second}.{top}": f"{top}.{second}.{third}.{lowest}",
    }
    for former, current in written.items():
        assert rules.current_form(former) == current
        assert rules.former_form(current) == former


@carries("IDC-01")
@pytest.mark.parametrize("code", ["H26.107", "H41.1", "H41.12.05.007.01", "Z99ABC", "0100109106", "H41.00"])
def test_a_code_without_place_in_the_former_form_has_none(code: str) -> None:
    assert rules.former_form(code) is None


@carries("IDC-01")
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_both_languages(text: str) -> None:
    refusal: DomainError | None = None
    try:
        read = rules.read_code(text)
    except DomainError as error:
        refusal = error
    else:
        assert len(read.code) <= rules.LONGEST_CODE
    if refusal is not None:
        assert all([refusal.text("vi"), refusal.text("en"), refusal.hint("vi"), refusal.hint("en")])


@carries("IDC-01")
def test_a_code_stands_below_the_codes_above_it() -> None:
    assert rules.stands_below("H99.01", "H99")
    assert rules.stands_below("000.00.01.H99", "H99")
    assert not rules.stands_below("H99", "H99")
    assert not rules.stands_below("H98.01", "H99")
    assert not rules.stands_below("H99.011", "H99.01")
    assert not rules.stands_below("Z99H99", "H99")


OFFICER = {
    "full_name": "Nguyễn Thị Thu Hà",
    "position": "Chuyên viên chính",
    "function": "Đầu mối quản lý, kết nối, chia sẻ dữ liệu",
    "phone": "0299 3822 222",
    "email": "dau-moi@anloc.example",
}


@carries("FOC-05")
@pytest.mark.parametrize("field", list(OFFICER))
def test_publication_needs_each_of_the_five_fields(field: str) -> None:
    rules.require_contents(OFFICER, rules.PUBLIC_FIELDS)
    with pytest.raises(FocalFieldMissing) as refusal:
        rules.require_contents({**OFFICER, field: "  "}, rules.PUBLIC_FIELDS)
    assert refusal.value.field == field
    assert refusal.value.text("en") != refusal.value.text("vi")


@carries("FOC-05")
@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "123"), ("phone", "gọi văn phòng"), ("email", "a@b"), ("email", "không có")],
)
def test_a_contact_that_cannot_be_used_counts_as_missing(field: str, value: str) -> None:
    with pytest.raises(FocalFieldMissing):
        rules.require_contents({**OFFICER, field: value}, rules.PUBLIC_FIELDS)


@carries("FOC-02", "FOC-03")
@pytest.mark.parametrize("field", ["professional_field", "capability", "decision_number", "duties", "powers"])
def test_a_decision_names_field_capability_duties_and_powers(field: str) -> None:
    decision = dict.fromkeys(
        ["professional_field", "capability", "decision_number", "duties", "powers"], "có nội dung"
    )
    rules.require_contents(decision, rules.DECIDED_FIELDS)
    with pytest.raises(FocalFieldMissing) as refusal:
        rules.require_contents({**decision, field: ""}, rules.DECIDED_FIELDS)
    assert refusal.value.field == field


days = st.dates(min_value=date(2020, 5, 25), max_value=date(2030, 1, 1))


@carries("FOC-01")
@given(days, days, days)
def test_a_new_term_never_shares_a_date_with_another(new: date, since: date, until: date) -> None:
    since, until = min(since, until), max(since, until)
    try:
        rules.require_free_period(new, [rules.Service("A", since, until)])
    except FocalPeriodTaken:
        assert new <= until
    else:
        assert new > until


@carries("FOC-01")
@given(days, days)
def test_whoever_serves_is_replaced_on_the_eve(new: date, since: date) -> None:
    try:
        rules.require_free_period(new, [rules.Service("A", since, None)])
    except FocalPeriodTaken:
        assert new <= since
    else:
        assert since <= rules.eve_of(new) < new


def test_a_decision_is_signed_before_the_term_begins() -> None:
    today = date(2026, 11, 19)
    rules.require_decision_dates(date(2026, 11, 19), date(2026, 11, 19), today)
    with pytest.raises(DecisionDateRefused):
        rules.require_decision_dates(date(2026, 11, 20), date(2026, 12, 1), today)
    with pytest.raises(DecisionDateRefused):
        rules.require_decision_dates(date(2026, 11, 18), date(2026, 11, 17), today)


def test_an_end_never_lies_before_its_beginning() -> None:
    rules.require_dates_in_order(date(2026, 1, 1), date(2026, 1, 1))
    rules.require_dates_in_order(None, date(2026, 1, 1))
    with pytest.raises(DatesReversed):
        rules.require_dates_in_order(date(2026, 1, 2), date(2026, 1, 1))


@given(st.lists(st.text(alphabet="abcđ ỗ", min_size=1, max_size=120), max_size=8))
def test_former_names_stay_within_their_column_and_keep_the_latest(names: list[str]) -> None:
    listed = ""
    for name in names:
        listed = rules.with_former_name(listed, name)
        assert len(listed) <= 400
        assert listed.startswith(name)


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("UBND tỉnh An Lộc",), "An Lộc"),
        (("Sở Nội vụ tỉnh An Lộc", "UBND tỉnh An Lộc"), "An Lộc"),
        (("Văn phòng", "UBND thành phố Hải Phòng"), "Hải Phòng"),
        (("UBND phường An Hòa", "UBND tỉnh An Lộc"), "An Hòa"),
        (("Bộ Nội vụ",), ""),
    ],
)
def test_the_place_on_a_paper_is_told_by_the_name_of_the_agency(names: tuple[str, ...], place: str) -> None:
    assert rules.place_named(*names) == place
