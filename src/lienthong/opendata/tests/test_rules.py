"""Rules of open data: personal data, the three questions, reasons, formats, quality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.tracing import carries
from lienthong.inventory.rules import MOST_ROWS_XLSX
from lienthong.opendata import rules
from lienthong.opendata.errors import PersonalDataFound, ReasonMissing, RiskCheckOutdated, RiskNotSettled
from lienthong.opendata.models import Classification

ANSWERS = {"personal": "Không có", "combination": "Không", "security": "Không"}


@carries("ODA-09")
@pytest.mark.parametrize("kind", ["basic", "sensitive", "anything-not-known"])
def test_a_column_with_personal_data_of_any_class_stops_publication(kind: str) -> None:
    rules.require_harmless(["ma_xa", "ten_xa"], {"ma_xa": "none", "dien_thoai": kind})
    with pytest.raises(PersonalDataFound) as refused:
        rules.require_harmless(["ma_xa", "dien_thoai"], {"ma_xa": "none", "dien_thoai": kind})
    assert "“dien_thoai”" in refused.value.text("vi")
    assert "Dừng công bố" in refused.value.text("vi")
    assert "Publication stopped" in refused.value.text("en")


@carries("ODA-09")
@pytest.mark.parametrize("question", ANSWERS)
def test_each_of_the_three_questions_needs_its_answer(question: str) -> None:
    rules.require_answers(ANSWERS)
    with pytest.raises(RiskNotSettled) as refused:
        rules.require_answers(ANSWERS | {question: "  "})
    assert rules.QUESTIONS[question][0] in refused.value.text("vi")
    assert rules.QUESTIONS[question][1] in refused.value.text("en")
    with pytest.raises(RiskNotSettled):
        rules.require_answers({})


@carries("ODA-09")
def test_what_goes_out_is_what_was_checked() -> None:
    rules.require_checked(["a", "b"], ["a", "b"])
    for checked in (None, [], ["a"], ["b", "a"], ["a", "b", "c"]):
        with pytest.raises(RiskCheckOutdated):
            rules.require_checked(["a", "b"], checked)


@carries("ODA-01")
def test_what_is_not_opened_says_why() -> None:
    rules.require_reason("open", "")
    rules.require_reason("restricted", "Có bí mật kinh doanh.")
    for classification in ("public_not_open", "restricted"):
        with pytest.raises(ReasonMissing):
            rules.require_reason(classification, " ")


def test_every_classification_and_format_has_its_words() -> None:
    assert set(rules.CLASSIFIED_AS) == set(Classification.values)
    assert set(rules.FORMAT_NAMES) == set(rules.FORMATS) == set(rules.MEDIA)
    assert not any("_" in word for words in rules.FORMAT_NAMES.values() for word in words)


def test_a_large_dataset_goes_out_without_a_workbook() -> None:
    assert "xlsx" in rules.formats_for(MOST_ROWS_XLSX)
    assert "xlsx" not in rules.formats_for(MOST_ROWS_XLSX + 1)
    assert {"csv", "parquet"} <= set(rules.formats_for(10**9))


def test_the_best_described_dataset_has_a_hundred_points() -> None:
    best = {"described": 5, "columns": 5, "licence": True, "contact": True, "on_time": True, "formats": 5}
    assert rules.quality(**best) == 100  # type: ignore[arg-type]
    assert rules.quality(**(best | {"described": 0})) == 60  # type: ignore[arg-type]
    assert rules.quality(**(best | {"on_time": False})) == 80  # type: ignore[arg-type]


@given(
    columns=st.integers(0, 500), part=st.floats(0, 1), licence=st.booleans(), contact=st.booleans(),
    on_time=st.booleans(), formats=st.integers(0, 9),
)  # fmt: skip
def test_quality_stays_between_nothing_and_a_hundred(
    columns: int, part: float, licence: bool, contact: bool, on_time: bool, formats: int
) -> None:
    score = rules.quality(
        described=int(columns * part), columns=columns, licence=licence, contact=contact, on_time=on_time,
        formats=formats,
    )  # fmt: skip
    assert 0 <= score <= 100
