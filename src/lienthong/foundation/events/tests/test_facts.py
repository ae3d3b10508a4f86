"""A fact is told in one sentence, as the reader's language writes numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class TableCounted(Fact):
    subject_kind = "foundation.table"
    subject_field = "table_id"
    vi = "Năm {year}: đếm được {rows:,} dòng ngày {day:day}"
    en = "{year}: {rows:,} rows were counted on {day:day}"
    table_id: int
    year: int
    day: date
    rows: int


PAYLOAD = {"table_id": 1, "year": 2026, "rows": 1234567, "day": "2026-12-05"}


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("vi", "Năm 2026: đếm được 1.234.567 dòng ngày 05/12/2026"),
        ("en", "2026: 1,234,567 rows were counted on 5 December 2026"),
    ],
)
def test_digits_are_grouped_as_the_language_does(locale: str, said: str) -> None:
    assert TableCounted.sentence(PAYLOAD, locale) == said


def test_a_payload_of_another_time_leaves_its_sentence_as_it_stands() -> None:
    assert "{rows:,}" in TableCounted.sentence({"table_id": 1}, "vi")
    assert "{rows:,}" in TableCounted.sentence(PAYLOAD | {"rows": "nhiều"}, "vi")
    assert "{day:day}" in TableCounted.sentence(PAYLOAD | {"day": "mai"}, "en")
