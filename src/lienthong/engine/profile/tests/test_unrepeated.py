"""A column in which hardly a value comes twice is measured by its rows, and what is told of it is what grouping tells."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lienthong.engine.portable import Measured, grouped
from lienthong.engine.profile.checking import LONGEST_LOOKED_AT
from lienthong.engine.profile.measuring import Depth, profile_relation
from lienthong.engine.profile.relating import hash_of, sketch_of
from lienthong.engine.profile.sampling import Shown, take_sample
from lienthong.engine.profile.unrepeated import hardly_repeats, measured_by_rows
from lienthong.engine.shapes import ColumnType

ROWS = 30_000
LONGEST = ("longest", f"max(length(v), {LONGEST_LOOKED_AT})")
COLUMNS = {
    "so": ("integer", "CASE WHEN i % 100 = 7 THEN NULL WHEN i % 400 = 3 THEN 5 ELSE i * 7919 END"),
    "cung_mot_so": ("integer", "CASE WHEN i < 700 THEN 1 ELSE i * 3 END"),
    "ten": ("text", "'Họ tên số ' || CASE WHEN i % 300 = 1 THEN 1 ELSE i END"),
    "mot_ten": ("text", "CASE WHEN i % 40 = 1 THEN 'không' ELSE 'N ' || i END"),
    "bi_cat": ("text", "left(repeat('địa chỉ ' || i || ' ', 1 + i % 9), 100)"),
    "luc": (
        "timestamp",
        "TIMESTAMP '2020-01-01' + INTERVAL (CASE WHEN i % 250 = 0 THEN 0 ELSE i END) SECOND",
    ),
    "tien": ("decimal", "CAST(i % 29900 AS DECIMAL(15,2)) / 4"),
    "lon": ("decimal", "CAST(i % 29900 AS DECIMAL(38,2)) * 1000000000000000000000"),
    "do_do": ("double", "(i % 29950) / 3.0"),
    "khong_lap": ("text", "'x' || i"),
}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        columns = ", ".join(f"{sql} AS {name}" for name, (_, sql) in COLUMNS.items())
        made.execute(f"CREATE TABLE t AS SELECT {columns} FROM range({ROWS}) r(i)")
        yield made


@pytest.mark.parametrize("name", COLUMNS)
def test_what_is_told_by_rows_is_what_is_told_by_values(connection, name: str) -> None:
    """Given a column with nulls and some repeats, when measured by rows, then every measure is as by grouping."""
    kind: ColumnType = COLUMNS[name][0]  # type: ignore[assignment]
    column = Measured(name, kind)
    extra = [("even", "coalesce(sum(n) FILTER (hash(v) % 2 = 0), 0)")]
    if kind in ("text", "integer"):
        extra.append(("sketch", sketch_of(kind, "v")))
    if kind == "text":
        extra.append(LONGEST)
    statement = grouped(column, "t", 0, extra)
    _, (wanted,) = statement.read(connection.execute(statement.sql).fetchall()[0])

    found = measured_by_rows(connection.cursor(), column, "t", extra, Shown(values=["Địa chỉ"]), ROWS)

    assert found is not None
    # Texts whose bytes tell nothing say the same, and those that are too long to be held in memory.
    for shown, rows in ((Shown(values=["<b>"]), ROWS), (Shown(values=["Địa chỉ"]), 10**9), (Shown(), ROWS)):
        assert measured_by_rows(connection.cursor(), column, "t", extra, shown, rows) == found
    if name != "bi_cat" and "longest" in wanted:
        # Only texts that may have been cut have their longest ones looked at.
        assert found.pop("longest") == []
        wanted.pop("longest")
    elif "longest" in wanted:
        long = [length for length in wanted["longest"] if length >= found["max_length"] - 1]
        assert found["max_length"] == 100
        assert found.pop("longest") == long
        wanted.pop("longest")
    assert found == wanted


def test_a_column_of_which_very_many_values_come_twice_is_left_to_be_grouped(connection, monkeypatch) -> None:
    """Given more repeated values than are looked at themselves, when measured by rows, then nothing is told."""
    monkeypatch.setattr("lienthong.engine.profile.unrepeated._REPEATS_LOOKED_AT", 50)

    assert measured_by_rows(connection.cursor(), Measured("tien", "decimal"), "t", [], Shown(), ROWS) is None


def test_a_value_that_comes_very_often_does_not_fill_the_sketch() -> None:
    """Given numbers of which the one with the least hash comes very often, then the sketch has the least different hashes."""
    with duckdb.connect() as made:
        least, wanted = made.execute(
            f"SELECT arg_min(i, {hash_of('integer', 'i')}), {sketch_of('integer', 'i')} FROM range(20000) r(i)"
        ).fetchall()[0]
        made.execute(
            f"CREATE TABLE t AS SELECT i AS so FROM range(20000) r(i) UNION ALL SELECT {least} FROM range(3000)"
        )
        extra = [("sketch", sketch_of("integer", "v"))]

        found = measured_by_rows(made.cursor(), Measured("so", "integer"), "t", extra, Shown(), 23_000)

        assert found is not None
        assert found["sketch"] == wanted


def test_a_whole_number_has_one_hash_in_columns_of_any_width() -> None:
    with duckdb.connect() as made:
        kinds = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
        asked = ", ".join(hash_of("integer", f"(-5)::{kind}") for kind in kinds)

        assert len(set(made.execute(f"SELECT {asked}").fetchall()[0])) == 1


@pytest.mark.parametrize(
    ("kind", "filled", "distinct", "rows", "by_rows"),
    [
        ("text", 20_000, 19_990, 50_000, True),
        ("text", 20_000, 19_000, 50_000, False),
        ("text", 9_000, 9_000, 50_000, False),
        ("date", 20_000, 20_000, 50_000, False),
        ("integer", 20_000, 20_000, 50_000_000, False),
    ],
)
def test_which_columns_are_asked_by_rows(
    kind: ColumnType, filled: int, distinct: int, rows: int, by_rows: bool
) -> None:
    """Given what a sample shows, then only columns that hardly repeat, and whose hashes fit in memory, are asked by rows."""
    assert hardly_repeats(Measured("c", kind), Shown(filled=filled, distinct=distinct), rows) is by_rows


@pytest.mark.parametrize("exclude", [None, '"_hash"'])
def test_a_sample_of_a_file_comes_from_blocks_all_over_it(tmp_path: Path, exclude: str | None) -> None:
    """Given a large file in order, when a sample is taken, then it has the asked size and comes from everywhere."""
    rows = 2_000_000
    path = tmp_path / "it's (one).parquet"
    with duckdb.connect() as made:
        quoted = str(path).replace("'", "''")
        made.execute(
            f"COPY (SELECT i AS so, i AS _hash FROM range({rows}) r(i)) TO '{quoted}' (FORMAT parquet)"
        )
        read = f"read_parquet('{quoted}')"
        relation = f"(SELECT * EXCLUDE ({exclude}) FROM {read})" if exclude else read

        sample = take_sample(made, relation, rows)

        assert 100_000 <= sample.rows <= 110_000
        columns = [name for name, *_ in made.execute(f"DESCRIBE {sample.relation}").fetchall()]
        assert columns[:-1] == (["so"] if exclude else ["so", "_hash"])
        (some, least) = made.execute(f"SELECT count(*), min({sample.place}) FROM {sample.some()}").fetchall()[
            0
        ]
        assert 18_000 <= some <= 24_000
        assert made.execute(f"SELECT count(*), min({sample.place}) FROM {sample.some()}").fetchall() == [
            (some, least)
        ]
        tenths = made.execute(f"SELECT so // 200000, count(*) FROM {sample.relation} GROUP BY 1").fetchall()
        assert len(tenths) == 10
        assert all(0.9 < count / (sample.rows / 10) < 1.1 for _, count in tenths)
        (quarter,) = made.execute(f"SELECT quantile_cont(so, 0.25) FROM {sample.relation}").fetchall()[0]
        assert abs(quarter / rows - 0.25) < 0.01


def test_a_file_with_a_column_of_the_name_of_its_places_is_profiled(tmp_path: Path) -> None:
    """Given a large file whose column is called as the engine calls a row's place, then it is profiled all the same."""
    path = tmp_path / "t.parquet"
    with duckdb.connect() as made:
        made.execute(
            f"COPY (SELECT i AS file_row_number FROM range(1200000) r(i)) TO '{path}' (FORMAT parquet)"
        )

        found = profile_relation(
            made, f"(SELECT * FROM read_parquet('{path}'))", table="t", depth=Depth(100_000)
        )

        assert (found.columns[0].distinct, found.columns[0].key_candidate) == (1_200_000, True)
        assert take_sample(made, f"read_parquet('{path}')", 1_200_000).rows >= 100_000


def test_texts_far_longer_than_the_sample_tells_are_not_held(connection, monkeypatch) -> None:
    """Given a sample of short texts before long ones, when measured, then memory is kept and every measure is as by grouping."""
    column, extra = Measured("ten", "text"), [("sketch", sketch_of("text", "v")), LONGEST]
    wanted = measured_by_rows(connection.cursor(), column, "t", extra, Shown(values=["Địa chỉ"]), ROWS)
    monkeypatch.setattr("lienthong.engine.profile.unrepeated._HELD_AT_MOST", 9 * ROWS)

    found = measured_by_rows(connection.cursor(), column, "t", extra, Shown(values=["x"]), ROWS)

    assert found == wanted
