"""The digest: equal for what people call equal, different for everything else."""

import decimal
import hashlib

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.evidence.digests import RowDigest, canonical_row, digest_query

COLUMNS = [("id", "BIGINT"), ("name", "VARCHAR"), ("area", "DECIMAL(9,2)")]


def digest_of(select: str, columns: list[tuple[str, str]]) -> RowDigest:
    return RowDigest.of(duckdb.execute(digest_query(f"({select})", columns)).fetchone())


def test_the_canonical_form_is_what_the_documentation_says():
    select = "SELECT 7 AS id, 'Xã Đông' AS name, 2.50::DECIMAL(9,2) AS area, NULL::DATE AS day, true AS open"
    columns = [*COLUMNS, ("day", "DATE"), ("open", "BOOLEAN")]
    text = duckdb.execute(f"SELECT {canonical_row(columns)} FROM ({select})").fetchone()[0]

    assert text == "7|10:Xã Đông|2.5||1"
    expected = int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "big")
    assert digest_of(select, columns) == RowDigest(1, expected, expected)


def test_the_order_of_rows_does_not_matter_but_their_number_does():
    rows = "SELECT range AS id, 'x' || range AS name, 1.00::DECIMAL(9,2) AS area FROM range(100)"
    backwards = f"SELECT * FROM ({rows}) ORDER BY id DESC"

    assert digest_of(rows, COLUMNS) == digest_of(backwards, COLUMNS)
    assert digest_of(f"{rows} UNION ALL {rows}", COLUMNS) != digest_of(rows, COLUMNS)
    assert digest_of(f"{rows} UNION ALL {rows}", COLUMNS) != RowDigest()


@pytest.mark.parametrize(
    ("left", "right", "native"),
    [
        ("'Xã Đông'", "nfc_normalize('Xa\u0303 Đông')", "VARCHAR"),
        ("'AB'", "'AB   '", "VARCHAR"),
        ("1.5::DECIMAL(9,1)", "1.50::DECIMAL(9,2)", "DECIMAL"),
        ("-0.0::DOUBLE", "0.0::DOUBLE", "DOUBLE"),
        (
            "TIMESTAMPTZ '2026-01-01 07:00:00+07'",
            "TIMESTAMPTZ '2026-01-01 00:00:00Z'",
            "TIMESTAMP WITH TIME ZONE",
        ),
    ],
)
def test_what_people_call_equal_is_equal(left, right, native):
    assert digest_of(f"SELECT {left} AS v", [("v", native)]) == digest_of(
        f"SELECT {right} AS v", [("v", native)]
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("'a|1:b' AS x, 'c' AS y", "'a' AS x, 'b|1:c' AS y"),
        ("NULL AS x, '' AS y", "'' AS x, NULL AS y"),
        ("'' AS x, '' AS y", "NULL AS x, NULL AS y"),
        ("'00001' AS x, '' AS y", "'1' AS x, '' AS y"),
    ],
)
def test_content_cannot_move_between_columns_unseen(left, right):
    columns = [("x", "VARCHAR"), ("y", "VARCHAR")]

    assert digest_of(f"SELECT {left}", columns) != digest_of(f"SELECT {right}", columns)


@given(st.lists(st.text(max_size=5), max_size=20), st.lists(st.text(max_size=5), max_size=20))
def test_a_digest_follows_from_the_parts(first, second):
    def digest(values: list[str]) -> RowDigest:
        total = RowDigest()
        for value in values:
            h = int.from_bytes(hashlib.md5(value.encode(errors="replace")).digest()[:8], "big")
            total = total + RowDigest(1, h, h)
        return total

    assert digest(first) + digest(second) == digest(first + second)
    assert digest(first + second) - digest(second) == digest(first)
    assert RowDigest.read(str(digest(first))) == digest(first)


def test_another_canonical_form_is_refused():
    with pytest.raises(ValueError, match="c0"):
        RowDigest.read("c0:1:00:00")


def test_decimals_of_any_scale_agree_with_python():
    values = [decimal.Decimal("0.10"), decimal.Decimal("-12.00"), decimal.Decimal("100")]
    for value in values:
        text = duckdb.execute(
            f"SELECT {canonical_row([('v', 'DECIMAL(9,2)')])} FROM (SELECT {value}::DECIMAL(9,2) AS v)"
        ).fetchone()[0]
        assert text == format(value.normalize(), "f")
