"""Build the profile of a relation: as many reads as the size of the table asks for, never more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lienthong.engine.portable import ORDERED, TEMPORAL, Measured, Statement, alone, fold
from lienthong.engine.profile.values import column_type, scalar, temporal_scalar
from lienthong.engine.session import Connection, ShouldStop, quoted, run_each
from lienthong.engine.shapes import Column, ColumnProfile, ColumnType, TableProfile

OnProgress = Callable[[int, int, str], None]
"""Called with the steps done, the steps there are, and the name of the table at hand."""

FOLDED_ROWS = 100_000
"""Up to this many rows all columns are measured in one read; above, one column at a time, several at once."""


def profile_relation(
    connection: Connection,
    relation: str,
    *,
    table: str,
    columns: Sequence[Column] | None = None,
    workers: int = 1,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> TableProfile:
    """Count what is in a relation: rows, and for each column its nulls, distinct values and range, all
    exact.

    `columns` gives names and types to report, in the order of the relation; without it they are those of
    the relation. Raises `session.Interrupted` when `should_stop` says so, and DuckDB's errors as they
    are.
    """
    native = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    reported = list(columns) if columns is not None else _columns_of(native)
    measured = [_measured(name, kind) for name, kind, *_ in native]
    rows = _single(connection, f"SELECT count(*) FROM {relation}", should_stop)[0]
    if rows <= FOLDED_ROWS:
        statements = fold(measured, relation, "duckdb")
    else:
        statements = [alone(column, relation, order) for order, column in enumerate(measured)]
    total = len(statements)

    def done(count: int) -> None:
        if on_progress is not None:
            on_progress(count, total, table)

    done(0)
    answers = _answers(connection, statements, workers, should_stop, done)
    found: dict[int, dict[str, Any]] = {}
    for statement, row in zip(statements, answers, strict=True):
        for offset, values in enumerate(statement.read(row)[1]):
            found[statement.first + offset] = values
    return TableProfile(
        table=table,
        rows=rows,
        columns=tuple(
            column_profile(column.name, column.type, rows, found[order], measured[order].type)
            for order, column in enumerate(reported)
        ),
    )


def column_profile(
    name: str, kind: ColumnType, rows: int, found: dict[str, Any], read_as: ColumnType
) -> ColumnProfile:
    """The profile of one column from its measures; `read_as` is the type that the values were measured in."""

    def bound(which: str) -> Any:
        value = found.get(which)
        if kind not in ORDERED:
            return None
        if kind == "boolean" and value in (0, 1):
            return bool(value)
        if isinstance(value, str) and (read_as in TEMPORAL or kind in TEMPORAL):
            return temporal_scalar(value)
        return scalar(value)

    return ColumnProfile(
        name=name,
        type=kind,
        rows=rows,
        nulls=rows - int(found["filled"]),
        distinct=int(found["distinct"]),
        min=bound("min"),
        max=bound("max"),
        min_length=found.get("min_length") if kind == "text" else None,
        max_length=found.get("max_length") if kind == "text" else None,
    )


def _columns_of(native: Sequence[Sequence[Any]]) -> list[Column]:
    return [
        Column(name=name, type=column_type(kind), native_type=kind, ordinal=order)
        for order, (name, kind, *_) in enumerate(native, 1)
    ]


def _measured(name: str, native: str) -> Measured:
    column, kind = quoted(name), column_type(native)
    if kind in TEMPORAL:
        return Measured(column, kind, f"min({column})::VARCHAR", f"max({column})::VARCHAR")
    if native == "FLOAT":
        # The shortest number that means this value, 0.1, not the double next to it, 0.10000000149011612.
        return Measured(column, kind, f"min({column})::VARCHAR::DOUBLE", f"max({column})::VARCHAR::DOUBLE")
    if kind == "text" and native != "VARCHAR":
        return Measured(f"{column}::VARCHAR", kind)
    return Measured(column, kind)


def _single(connection: Connection, sql: str, should_stop: ShouldStop | None) -> Sequence[Any]:
    return run_each(connection, [_query(sql)], workers=1, should_stop=should_stop)[0]


def _query(sql: str) -> Callable[[Connection], Sequence[Any]]:
    def run(cursor: Connection) -> Sequence[Any]:
        row: Sequence[Any] = cursor.execute(sql).fetchall()[0]
        return row

    return run


def _answers(
    connection: Connection,
    statements: Sequence[Statement],
    workers: int,
    should_stop: ShouldStop | None,
    done: Callable[[int], None],
) -> list[Sequence[Any]]:
    jobs = [_query(statement.sql) for statement in statements]
    if len(jobs) < 2 * workers:
        return run_each(connection, jobs, workers=1, should_stop=should_stop, on_done=done)
    # Columns side by side, each on one thread, take a quarter less work than one column on all threads: no
    # partial hash tables have to be merged.
    connection.execute("SET threads = 1")
    try:
        return run_each(connection, jobs, workers=workers, should_stop=should_stop, on_done=done)
    finally:
        connection.execute(f"SET threads = {workers}")
