"""Holds block a step until they are lifted."""

from __future__ import annotations

import pytest

from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import StepHeld
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.foundation.holds.queries import open_holds, require_no_hold
from lienthong.foundation.numbers.models import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Counter:
    return Counter.objects.create(series="XX", year=2026)


def hold(record: Counter, **changes: object) -> object:
    given = {"step": "declare", "code": "x.y", "text_vi": "Còn chồng lấn.", "text_en": "An overlap is open."}
    return place_hold(actor=SYSTEM, subject=record, **{**given, **changes})  # type: ignore[arg-type]


def test_an_open_hold_refuses_its_step_and_says_why(record: Counter) -> None:
    hold(record)
    with pytest.raises(StepHeld) as refused:
        require_no_hold(record, "declare")
    assert "Còn chồng lấn." in refused.value.text("vi")
    assert "An overlap is open." in refused.value.text("en")
    require_no_hold(record, "issue")


def test_a_hold_on_no_step_holds_every_step(record: Counter) -> None:
    hold(record, step="")
    with pytest.raises(StepHeld):
        require_no_hold(record, "anything")


def test_placing_twice_is_placing_once_and_lifting_opens_the_way(record: Counter) -> None:
    hold(record)
    hold(record)
    assert open_holds(record).count() == 1
    assert lift_holds(actor=SYSTEM, subject=record, code="x.y", because="xong") == 1
    require_no_hold(record, "declare")
    hold(record)
    assert open_holds(record).count() == 1


def test_a_cause_lifts_only_its_own(record: Counter) -> None:
    one, two = (Counter.objects.create(series=name, year=2026) for name in "AB")
    hold(record, cause=one)
    hold(record, cause=two)
    assert lift_holds(actor=SYSTEM, cause=one) == 1
    with pytest.raises(StepHeld):
        require_no_hold(record, "declare")


def test_lifting_needs_to_know_what(record: Counter) -> None:
    with pytest.raises(ValueError, match="subject or the cause"):
        lift_holds(actor=SYSTEM, code="x.y")
