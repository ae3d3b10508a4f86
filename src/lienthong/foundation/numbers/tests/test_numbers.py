"""Case numbers run without a gap per series and year."""

from __future__ import annotations

import pytest
from django.db import transaction

from lienthong.foundation.numbers.commands import next_number

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_numbers_run_per_series_and_year() -> None:
    assert [next_number("YC", year=2026) for _ in range(2)] == ["YC-2026-0001", "YC-2026-0002"]
    assert next_number("CL", year=2026) == "CL-2026-0001"
    assert next_number("YC", year=2027) == "YC-2027-0001"


def test_a_case_that_was_not_kept_leaves_no_gap() -> None:
    def take_a_number_and_fail() -> None:
        with transaction.atomic():
            next_number("YC", year=2026)
            raise RuntimeError

    next_number("YC", year=2026)
    with pytest.raises(RuntimeError):
        take_a_number_and_fail()
    assert next_number("YC", year=2026) == "YC-2026-0002"
