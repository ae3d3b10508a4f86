"""A profile says what SQL says, whichever way it was taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.profile import profile_relation
from lienthong.engine.session import Connection, Interrupted, Limits, open_session
from lienthong.engine.shapes import TableProfile

EVERY_KIND = """
    CREATE TABLE t AS SELECT
        n AS i, (n % 7)::SMALLINT AS few, n::DECIMAL(12, 2) / 3 AS m, n / 7.0 AS d, 0.1::FLOAT AS f,
        n % 2 = 0 AS b, DATE '2000-01-01' + n::INTEGER AS day, TIME '08:00' + INTERVAL 1 SECOND * n AS tm,
        TIMESTAMP '2000-01-01' + INTERVAL 1 MINUTE * n AS ts, (TIMESTAMP '2000-01-01' + INTERVAL 1 MINUTE * n)::TIMESTAMPTZ AS tz,
        CASE WHEN n % 3 = 0 THEN NULL ELSE 'xã ' || n END AS t, uuid '00000000-0000-0000-0000-000000000001' AS u,
        [n, n] AS l, {'a': n} AS s, n::VARCHAR::BLOB AS bl, NULL::INTEGER AS nothing,
        INTERVAL 1 DAY AS iv, (n::VARCHAR)::JSON AS js
    FROM range(1000) AS r(n)
"""


@pytest.fixture
def session(tmp_path: Path) -> Connection:
    connection = open_session(Limits(threads=2), tmp_path)
    connection.execute(EVERY_KIND)
    return connection


def agrees(session: Connection, profile: TableProfile) -> None:
    for column in profile.columns:
        found = session.execute(
            f'SELECT count(*), count(*) - count("{column.name}"), count(DISTINCT "{column.name}") FROM t'
        ).fetchall()[0]
        assert (column.rows, column.nulls, column.distinct) == found, column.name


def test_counts_agree_with_sql_for_every_type(session: Connection) -> None:
    profile = profile_relation(session, "t", table="t", workers=2)

    assert profile.rows == 1000
    agrees(session, profile)
    ranges = {column.name: (column.type, column.min, column.max) for column in profile.columns}
    assert ranges["i"] == ("integer", 0, 999)
    assert ranges["m"] == ("double", 0.0, 333.0) or ranges["m"][0] == "decimal"
    assert ranges["f"] == ("double", 0.1, 0.1)
    assert ranges["b"] == ("boolean", False, True)
    assert ranges["day"] == ("date", "2000-01-01", "2002-09-26")
    assert ranges["ts"] == ("timestamp", "2000-01-01T00:00:00", "2000-01-01T16:39:00")
    assert ranges["tz"] == ("timestamp", "2000-01-01T00:00:00+00:00", "2000-01-01T16:39:00+00:00")
    assert ranges["tm"][0] == "time"
    assert ranges["t"] == ("text", "xã 1", "xã 998")
    assert ranges["nothing"] == ("integer", None, None)
    assert ranges["l"] == ranges["s"] == ranges["js"] == ("json", None, None)
    assert ranges["bl"] == ("binary", None, None)
    assert profile.column("t").max_length == 6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=40))
def test_any_text_is_counted_as_sql_counts_it(values: list[str | None]) -> None:
    import duckdb

    session = duckdb.connect()
    session.execute("CREATE TABLE t (v VARCHAR)")
    session.executemany("INSERT INTO t VALUES (?)", [[value] for value in values] or [[None]])

    profile = profile_relation(session, "t", table="t")

    agrees(session, profile)


def test_an_empty_table_has_a_profile(session: Connection) -> None:
    profile = profile_relation(session, "(SELECT * FROM t WHERE false)", table="t")

    assert profile.rows == 0
    assert {(column.nulls, column.distinct, column.min) for column in profile.columns} == {(0, 0, None)}


def test_progress_goes_from_nothing_to_all(session: Connection) -> None:
    seen: list[tuple[int, int, str]] = []

    profile_relation(session, "t", table="bảng", workers=2, on_progress=lambda *step: seen.append(step))

    assert seen[0] == (0, 18, "bảng")
    assert seen[-1] == (18, 18, "bảng")


def test_a_stop_ends_the_work_and_leaves_the_session_usable(session: Connection) -> None:
    with pytest.raises(Interrupted):
        profile_relation(session, "t", table="t", should_stop=lambda: True)

    assert profile_relation(session, "t", table="t").rows == 1000
    assert session.execute("SELECT current_setting('threads')").fetchall() == [(2,)]


def test_shapes_of_free_text_are_told_from_a_part_of_it_and_codes_from_every_value(
    session: Connection,
) -> None:
    session.execute(
        "CREATE TABLE texts AS SELECT md5(range::VARCHAR) || ' ' || md5((range + 7)::VARCHAR) AS ghi_chu, "
        "'HS-' || lpad(range::VARCHAR, 6, '0') AS ma FROM range(20000)"
    )
    found = profile_relation(session, '"texts"', table="texts")
    free, codes = found.column("ghi_chu"), found.column("ma")
    assert "patterns" in free.approximate
    assert free.patterns
    assert free.distinct == 20_000
    assert codes.approximate == ()
    assert [(one.value, one.count) for one in codes.patterns] == [("AA-999999", 20_000)]
