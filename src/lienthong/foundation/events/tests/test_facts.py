"""A fact is told in one sentence, as the reader's language writes numbers."""

from __future__ import annotations

import pytest

from lienthong.foundation.events.facts import Fact
from lienthong.inventory.events import SourceLookedAt

PAYLOAD = {"tables": 2, "columns": 7, "rows": 1234567, "drifts": 0}


@pytest.mark.parametrize(("locale", "rows"), [("vi", "1.234.567 dòng"), ("en", "1,234,567 rows")])
def test_digits_are_grouped_as_the_language_does(locale: str, rows: str) -> None:
    assert rows in SourceLookedAt.sentence(PAYLOAD, locale)


def test_a_payload_of_another_time_leaves_its_sentence_as_it_stands() -> None:
    told: type[Fact] = SourceLookedAt
    assert "{rows:,}" in told.sentence({"tables": 1}, "vi")
    assert "{rows:,}" in told.sentence(PAYLOAD | {"rows": "nhiều"}, "vi")
