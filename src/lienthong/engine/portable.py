"""Each measure of a column, written once, as one SQL expression per engine.

A measure says what it is called in a `ColumnProfile`, of which column types it can be taken, and how
each engine writes it. `fold` puts all measures of many columns into one statement, so that the data is
read once; wide tables go in batches. The same measures are asked of a live database where only it can
answer as its own SQL would (a collation that takes `Hòa` and `HÒA` for one value).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lienthong.engine.shapes import COLUMN_TYPES, ColumnType

Dialect = Literal["duckdb", "postgresql", "mysql", "sqlite"]

ORDERED = frozenset(COLUMN_TYPES) - {"json", "binary"}
TEXT = frozenset({"text"})
TEMPORAL = frozenset({"date", "time", "timestamp"})

COLUMNS_PER_STATEMENT = 40


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to know about a column: its name, the types it is taken of, and the expression per engine.

    `expression` holds for every engine that `special` does not name. `{c}` stands for the column.
    """

    name: str
    types: frozenset[str]
    expression: str
    special: Mapping[str, str] = field(default_factory=dict)

    def sql(self, dialect: Dialect, column: str) -> str:
        """The measure of this column (an SQL expression) as this engine writes it."""
        return self.special.get(dialect, self.expression).format(c=column)


def _length(bound: str) -> Mapping[str, str]:
    # MySQL counts bytes by length(); PostgreSQL has types that read as text and have no length.
    return {"mysql": f"{bound}(char_length({{c}}))", "postgresql": f"{bound}(length({{c}}::text))"}


EVERY = frozenset(COLUMN_TYPES)

FILLED = Measure("filled", EVERY, "count({c})")
DISTINCT = Measure("distinct", EVERY, "count(DISTINCT {c})")
MIN = Measure("min", ORDERED, "min({c})")
MAX = Measure("max", ORDERED, "max({c})")
MIN_LENGTH = Measure("min_length", TEXT, "min(length({c}))", _length("min"))
MAX_LENGTH = Measure("max_length", TEXT, "max(length({c}))", _length("max"))

MEASURES: tuple[Measure, ...] = (FILLED, DISTINCT, MIN, MAX, MIN_LENGTH, MAX_LENGTH)


@dataclass(frozen=True, slots=True)
class Measured:
    """A column to be measured: the expression that reads it, its type, and expressions for its range if
    they differ.

    `lower` and `upper` replace `min` and `max` where an engine cannot order or cannot print the values
    as they are.
    """

    expression: str
    type: ColumnType
    lower: str | None = None
    upper: str | None = None

    def expressions(self, dialect: Dialect) -> Iterator[tuple[str, str]]:
        """Every measure that can be taken of this column: its name and its SQL."""
        for measure in MEASURES:
            if self.type not in measure.types:
                continue
            if measure is MIN and self.lower is not None:
                yield measure.name, self.lower
            elif measure is MAX and self.upper is not None:
                yield measure.name, self.upper
            else:
                yield measure.name, measure.sql(dialect, self.expression)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that measures some columns, the first of them being number `first`."""

    sql: str
    first: int
    names: tuple[tuple[str, ...], ...]

    def read(self, row: Sequence[Any]) -> tuple[int, list[dict[str, Any]]]:
        """The one row it answers, taken apart: the count of rows, and the measures per column."""
        values = iter(row)
        rows = int(next(values))
        return rows, [{name: next(values) for name in names} for names in self.names]


def fold(
    columns: Sequence[Measured],
    relation: str,
    dialect: Dialect,
    *,
    batch: int = COLUMNS_PER_STATEMENT,
) -> list[Statement]:
    """All measures of these columns in as few reads as `batch` columns per statement allow."""
    statements = []
    for first in range(0, max(1, len(columns)), batch):
        taken = [list(column.expressions(dialect)) for column in columns[first : first + batch]]
        select = ["count(*)", *(sql for measures in taken for _, sql in measures)]
        statements.append(
            Statement(
                sql=f"SELECT {', '.join(select)} FROM {relation}",
                first=first,
                names=tuple(tuple(name for name, _ in measures) for measures in taken),
            )
        )
    return statements


def alone(column: Measured, relation: str, order: int) -> Statement:
    """All measures of one column of a big table, as DuckDB takes them fastest.

    Text is first reduced to its distinct values, since comparing and measuring strings is what costs;
    the order of other types is cheaper to keep beside the distinct count.
    """
    if column.type not in ("text", "boolean"):
        statement = fold([column], relation, "duckdb", batch=1)[0]
        return Statement(statement.sql, order, statement.names)
    reduced = Measured("v", column.type)
    names, selected = [], []
    for name, sql in reduced.expressions("duckdb"):
        names.append(name)
        whole = f"(SELECT count({column.expression}) FROM {relation})"
        selected.append({"filled": whole, "distinct": "count(v)"}.get(name, sql))
    return Statement(
        f"SELECT (SELECT count(*) FROM {relation}), {', '.join(selected)} "
        f"FROM (SELECT DISTINCT {column.expression} AS v FROM {relation})",
        order,
        (tuple(names),),
    )
