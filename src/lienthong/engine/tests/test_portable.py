"""One vocabulary of measures for every engine."""

from __future__ import annotations

import duckdb
import pytest

from lienthong.engine.portable import CONDITIONS, MEASURES, PLACEHOLDERS, Dialect, Measured, fold, grouped


@pytest.fixture
def numbers() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1, 'x', true), (2, 'ạ', NULL), (2, NULL, NULL)) "
                       "AS v(n, t, b)")  # fmt: skip
    return connection


def test_all_measures_of_a_table_come_from_one_statement(numbers: duckdb.DuckDBPyConnection) -> None:
    columns = [Measured("n", "integer"), Measured("t", "text"), Measured("b", "boolean")]

    statements = fold(columns, "t", "duckdb")

    assert len(statements) == 1
    rows, found = statements[0].read(numbers.execute(statements[0].sql).fetchall()[0])
    assert rows == 3
    assert found[0] == {"filled": 3, "distinct": 2, "min": 1, "max": 2}
    assert found[1] == {"filled": 2, "distinct": 2, "min": "x", "max": "ạ", "min_length": 1, "max_length": 1}
    assert found[2] == {"filled": 1, "distinct": 1, "min": True, "max": True}


def test_a_wide_table_goes_in_batches(numbers: duckdb.DuckDBPyConnection) -> None:
    statements = fold([Measured("n", "integer")] * 7, "t", "duckdb", batch=3)

    assert [statement.first for statement in statements] == [0, 3, 6]


@pytest.mark.parametrize("kind", ["integer", "text", "boolean"])
def test_a_column_by_its_values_measures_the_same_as_in_the_fold(
    numbers: duckdb.DuckDBPyConnection, kind: str
) -> None:
    column = Measured({"integer": "n", "text": "t", "boolean": "b"}[kind], kind)  # type: ignore[arg-type]
    folded = fold([column], "t", "duckdb")[0]

    single = grouped(column, "t", 0)

    answers = [statement.read(numbers.execute(statement.sql).fetchall()[0]) for statement in (folded, single)]
    assert answers[0] == answers[1]


def test_a_table_without_rows_is_measured_too(numbers: duckdb.DuckDBPyConnection) -> None:
    single = grouped(Measured("t", "text"), "(SELECT * FROM t WHERE false)", 0)

    rows, found = single.read(numbers.execute(single.sql).fetchall()[0])

    assert (rows, found[0]["filled"], found[0]["distinct"], found[0]["min"]) == (0, 0, 0, None)


@pytest.mark.parametrize("dialect", ["duckdb", "postgresql", "mysql", "sqlite"])
def test_every_engine_can_write_every_measure(dialect: Dialect) -> None:
    for measure in (*MEASURES, *PLACEHOLDERS, *CONDITIONS.values()):
        assert "x" in measure.sql(dialect, "x")
        assert "{c}" not in measure.sql(dialect, "x")


def test_documents_and_bytes_have_no_order() -> None:
    for kind in ("json", "binary"):
        names = {name for name, _ in Measured("x", kind).expressions("duckdb")}  # type: ignore[arg-type]
        assert names == {"filled", "distinct"}
