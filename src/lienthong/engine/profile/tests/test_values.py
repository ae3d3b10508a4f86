"""Types and scalars as the rest of the world can hold them."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.profile.values import (
    LONGEST_TEXT,
    column_type,
    decimal_scalar,
    scalar,
    temporal_scalar,
    text_scalar,
)
from lienthong.engine.shapes import COLUMN_TYPES


@pytest.mark.parametrize(
    ("native", "expected"),
    [
        ("UBIGINT", "integer"), ("HUGEINT", "integer"), ("DECIMAL(15,2)", "decimal"), ("FLOAT", "double"),
        ("BOOLEAN", "boolean"), ("DATE", "date"), ("TIME WITH TIME ZONE", "time"), ("TIMESTAMP_NS", "timestamp"),
        ("TIMESTAMP WITH TIME ZONE", "timestamp"), ("JSON", "json"), ("INTEGER[]", "json"),
        ("STRUCT(a INTEGER)", "json"), ("MAP(VARCHAR, INTEGER)", "json"), ("BLOB", "binary"), ("UUID", "text"),
        ("ENUM('a', 'b')", "text"), ("INTERVAL", "text"), ("VARCHAR", "text"),
    ],
)  # fmt: skip
def test_every_type_of_the_engine_is_one_of_ten(native: str, expected: str) -> None:
    assert column_type(native) == expected
    assert expected in COLUMN_TYPES


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_a_decimal_keeps_its_value_and_fits_into_json(value: Decimal) -> None:
    held = decimal_scalar(value)

    json.dumps(held, allow_nan=False)
    if value.is_finite():
        assert Decimal(str(held)) == value


@given(st.floats())
def test_a_float_fits_into_json(value: float) -> None:
    held = scalar(value)

    json.dumps(held, allow_nan=False)
    assert held == value or not math.isfinite(value)


def test_times_are_written_as_iso() -> None:
    assert scalar(date(2025, 7, 1)) == "2025-07-01"
    assert scalar(datetime(2025, 7, 1, 8, 30)) == "2025-07-01T08:30:00"
    assert scalar(time(8, 30)) == "08:30:00"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025-01-02", "2025-01-02"),
        ("2025-01-02 03:04:05", "2025-01-02T03:04:05"),
        ("2025-01-02 03:04:05.678", "2025-01-02T03:04:05.678"),
        ("2025-01-02 03:04:05+00", "2025-01-02T03:04:05+00:00"),
        ("2025-01-02 03:04:05.5-03:30", "2025-01-02T03:04:05.5-03:30"),
        ("2025-01-02 03:04", "2025-01-02T03:04"),
        ("infinity", "infinity"),
        ("-44-03-15 (BC)", "-44-03-15 (BC)"),
        ("10:20:30", "10:20:30"),
    ],
)
def test_a_printed_time_becomes_iso(printed: str, expected: str) -> None:
    assert temporal_scalar(printed) == expected


def test_a_text_is_bounded_and_without_the_letter_that_databases_refuse() -> None:
    assert text_scalar("a\x00b") == "a\ufffdb"
    assert text_scalar("ạ" * 5000) == "ạ" * LONGEST_TEXT + "…"
