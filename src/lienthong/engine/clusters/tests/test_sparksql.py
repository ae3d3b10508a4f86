"""What Spark is asked is kept as text; that it gives what DuckDB gives is proved by `make test-cluster`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from lienthong.engine.clusters.measuring import asked_of, column_sql, measure_here
from lienthong.engine.clusters.sparksql import (
    canonical_value,
    condition_sql,
    is_firm_text,
    literal,
    loose_value,
    quoted,
    row_halves,
    spark_sql,
)
from lienthong.engine.portable import CONDITIONS, PLACEHOLDERS
from lienthong.engine.shapes import Column

RECORDED = Path(__file__).parent / "recorded.sql"
COLUMNS = (
    Column("ma", "integer", False, None, "BIGINT", 1),
    Column("họ `tên`", "text", True, None, "VARCHAR", 2),
    Column("so_tien", "decimal", True, None, "DECIMAL(15,2)", 3),
    Column("do_do", "double", True, None, "DOUBLE", 4),
    Column("con_song", "boolean", True, None, "BOOLEAN", 5),
    Column("ngay_sinh", "date", True, None, "DATE", 6),
    Column("luc_ghi", "timestamp", True, None, "TIMESTAMP", 7),
    Column("luc_gui", "timestamp", True, None, "TIMESTAMP WITH TIME ZONE", 8),
    Column("anh", "binary", True, None, "BLOB", 9),
    Column("them", "json", True, None, "JSON", 10),
)


@pytest.fixture
def table():
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT i AS ma, 'Hòa ' || i AS \"họ `tên`\", 1.50::DECIMAL(15,2) AS so_tien, 0.1::DOUBLE AS do_do, "
            "true AS con_song, DATE '1990-01-01' AS ngay_sinh, TIMESTAMP '2024-01-01' AS luc_ghi, "
            "TIMESTAMPTZ '2024-01-01 00:00:00+07' AS luc_gui, 'x'::BLOB AS anh, '{}'::JSON AS them FROM range(50) r(i)"
        )
        yield connection


def recorded(connection, tmp_path):
    path = tmp_path / "t.parquet"
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    asked = asked_of(connection, [path], "t", COLUMNS)
    statements = [row_halves([(c.name, c.native_type) for c in COLUMNS], "v")]
    statements += [column_sql(one, "v") for one in asked]
    # The day of today stands in the rule on days to come.
    return "\n\n".join(f"{one};" for one in statements) + "\n"


def test_what_spark_is_asked_is_what_was_recorded(table, tmp_path):
    asked = recorded(table, tmp_path)

    assert hashed_days(asked) == RECORDED.read_text("utf-8")


def hashed_days(text):
    import datetime as dt

    return text.replace(str(dt.date.today() + dt.timedelta(days=1)), "TOMORROW")


@pytest.mark.parametrize("name", sorted(set(CONDITIONS)))
def test_every_condition_has_words_in_spark_or_says_that_it_has_none(name):
    condition = CONDITIONS[name]
    if name == "no_day":
        with pytest.raises(ValueError, match="no word for"):
            condition_sql(condition, "v")
        return

    written = condition_sql(condition, "v")

    assert "regexp_full_match" not in written
    assert "strlen" not in written
    assert "list_contains" not in written


def test_placeholders_are_written_for_every_type():
    assert all(condition_sql(one, "v") for one in PLACEHOLDERS)


def test_a_shorthand_in_a_pattern_means_what_it_means_to_duckdb():
    assert spark_sql("regexp_matches(v, '^\\s|[\\s.]$')") == (
        r"regexp_like(v, '^[\\t\\n\\f\\r ]|[\\t\\n\\f\\r .]\\z')"
    )
    assert spark_sql("regexp_full_match(v, '(?i)a|b')") == r"regexp_like(v, '(?i)^(?:a|b)\\z')"


def test_names_and_texts_cannot_break_out():
    assert quoted("a`b") == "`a``b`"
    assert literal("a'b\\") == "'a\\'b\\\\'"


def test_kinds_that_are_written_alike_have_no_loose_values():
    assert loose_value("v", "BIGINT") is None
    assert loose_value("v", "DECIMAL(15,2)") is None
    assert is_firm_text("v") in loose_value("v", "VARCHAR")
    assert canonical_value("v", "BOOLEAN") == "CASE WHEN v THEN '1' WHEN NOT v THEN '0' END"


def test_duckdb_counts_what_a_cluster_would_be_asked(table):
    asked = asked_of_table(table)
    (ma, name, *_) = measure_here(table, "t", asked, key=b"sixteen bytes at least")

    assert (ma.measures["distinct"], ma.measures["min"], ma.measures["max"]) == (50, 0, 49)
    assert len(ma.sketch) == len(name.sketch) == 50
    assert list(ma.sketch) == sorted(ma.sketch)
    assert len(ma.sketch[0]) * 4 == 64
    assert ma.sketch[0] in hmacs(range(50))


def asked_of_table(connection):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return asked_of(connection, [path], "t", COLUMNS)


def hmacs(values):
    import hmac

    return {
        hmac.new(b"sixteen bytes at least", str(v).encode(), hashlib.sha256).hexdigest()[:16] for v in values
    }
