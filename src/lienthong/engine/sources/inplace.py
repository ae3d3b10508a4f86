"""Columns that are measured by their database itself: counted there over all rows, understood here from a sample.

Nothing of the table is stored. A sample of its rows passes through memory as text, so that meaning, patterns and
class can be told as for any other column; what comes from the sample alone is named in `approximate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lienthong.engine.session import Connection, ShouldStop, quoted
from lienthong.engine.shapes import Column, ColumnProfile, Table, TableProfile

SAMPLED_ROWS = 10_000
"""Rows that pass through memory for the columns of one table."""
LONGEST_TEXT = 1_000
"""Characters of a value that are looked at."""
_CAST = {
    "integer": "HUGEINT",
    "decimal": "DOUBLE",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
}
_FROM_SAMPLE = ("quantiles", "patterns", "top", "findings", "avg_length")


def understood(
    connection: Connection,
    table: Table,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    *,
    workers: int,
    should_stop: ShouldStop | None,
) -> TableProfile:
    """The profile of a sample whose values came as text; `columns` name them in their order."""
    import pyarrow

    from lienthong.engine.profile.measuring import profile_relation

    texts = pyarrow.table(
        {
            f"c{order}": pyarrow.array([_text(row[order]) for row in rows], pyarrow.string())
            for order in range(len(columns))
        }
    )
    connection.register("sample_texts", texts)
    try:
        selected = ", ".join(_typed(order, column) for order, column in enumerate(columns))
        connection.execute(f"CREATE OR REPLACE TABLE sample_rows AS SELECT {selected} FROM sample_texts")
    finally:
        connection.unregister("sample_texts")
    try:
        return profile_relation(
            connection,
            "sample_rows",
            table=table.name,
            columns=columns,
            declared=table,
            workers=workers,
            should_stop=should_stop,
        )
    finally:
        connection.execute("DROP TABLE IF EXISTS sample_rows")


def counted_there(shown: ColumnProfile, counted: ColumnProfile) -> ColumnProfile:
    """What a sample showed of a column, with the counts that its database gave over all rows."""
    from lienthong.engine.profile.measuring import counted_by_source

    whole = shown.rows >= counted.rows
    return replace(
        counted_by_source(shown, counted),
        placeholders=counted.placeholders,
        approximate=shown.approximate if whole else tuple(dict.fromkeys((*shown.approximate, *_FROM_SAMPLE))),
        sketch=shown.sketch if whole else (),
    )


def _typed(order: int, column: Column) -> str:
    name = quoted(f"c{order}")
    wanted = _CAST.get(column.type)
    return f"TRY_CAST({name} AS {wanted}) AS {name}" if wanted else name


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
