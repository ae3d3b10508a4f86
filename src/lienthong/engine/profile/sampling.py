"""A stated sample of a relation, and what it shows: patterns, quantiles, the values that tell the meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lienthong.engine.portable import Measured, placeholder_sql
from lienthong.engine.profile.values import scalar, temporal_scalar
from lienthong.engine.session import Connection, quoted
from lienthong.engine.shapes import ColumnType, Counted, JsonScalar

SAMPLE_ROWS = 100_000
TOLD_VALUES = 800
"""Distinct values by which the meaning of a column is told."""
PATTERNS = 10
_SOME = 20_000
_PROBED, _FREE = 4_096, 0.8
_SHAPED = 10_000
"""Shapes are told from at least so many different texts of a sample."""
_SURPLUS = 1.05
_HELD_ROWS = 150_000
PLACE = "file_row_number"
_BLOCK, _BLOCKS = 2_048, 240
"""Rows that are read or passed over together, and of how many such blocks a sample comes at least."""
_FILE = re.compile(
    r"(?:\(SELECT \* EXCLUDE \((?P<left>[^()]+)\) FROM )?(?P<read>read_parquet\((?:[^()']|'(?:[^']|'')*')*\))(?(left)\))"
)
_TABLE = re.compile(r'"(?:[^"]|"")+"')
_NUMBERS = frozenset({"integer", "decimal", "double"})
_QUANTILES = "[0.05, 0.25, 0.5, 0.75, 0.95]"
_numbers = count(1)


@dataclass(slots=True)
class Shown:
    """What the sample shows of one column."""

    patterns: tuple[Counted, ...] = ()
    quantiles: tuple[JsonScalar, ...] = ()
    values: Sequence[str] = field(default_factory=tuple)
    counts: Sequence[int] = field(default_factory=tuple)
    distinct: int = 0
    filled: int = 0
    whole: bool = False
    part: bool = False
    """Whether the patterns come from a part of the values, and their rows are reckoned from it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some rows of a relation, or all of them: where they are read from and how many they are."""

    relation: str
    rows: int
    of: int
    made: str | None = None
    place: str | None = None
    """The column that holds the place of each row in its file, where it is kept."""

    @property
    def is_whole(self) -> bool:
        """True when every row is in it."""
        return self.rows >= self.of

    def some(self, wanted: int = _SOME) -> str:
        """So many of its rows, the same ones at every look: what to read FROM."""
        if self.place is None:
            return f"(SELECT * FROM {self.relation} LIMIT {wanted})"
        return (
            f"(SELECT * FROM {self.relation} WHERE hash({self.place}, 1) % {max(1, self.rows // wanted)} = 0)"
        )

    def drop(self, connection: Connection) -> None:
        """Let go of the rows that were set aside for it."""
        if self.made is not None:
            connection.execute(f"DROP TABLE IF EXISTS {self.made}")


def is_table(relation: str) -> bool:
    """Whether a relation is a table of the session, and no file or query."""
    return _TABLE.fullmatch(relation) is not None


def take_sample(connection: Connection, relation: str, rows: int, wanted: int | None = SAMPLE_ROWS) -> Sample:
    """At least `wanted` rows of a relation, spread over all of it; all of them when None or when there are few."""
    if (wanted is None or rows <= 1.2 * wanted) and (rows > _HELD_ROWS or is_table(relation)):
        return Sample(relation, rows, rows)
    if wanted is None or rows <= 1.2 * wanted:
        # Few rows are read once and held: to open a file anew for every question costs more than to answer it.
        name = quoted(f"sample_{next(_numbers)}")
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {relation}")
        return Sample(name, rows, rows, name)
    name = quoted(f"sample_{next(_numbers)}")
    share = min(1.0, wanted * _SURPLUS / rows)
    blocks = _in_blocks(connection, relation, rows, share)
    connection.execute(
        f"CREATE TABLE {name} AS {blocks}"
        if blocks is not None
        else f"CREATE TABLE {name} AS SELECT * FROM {relation} USING SAMPLE {100 * share:.6f} PERCENT (bernoulli, 7)"
    )
    taken = int(connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
    return Sample(name, taken, rows, name, PLACE if blocks is not None else None)


def with_places(read: str) -> str:
    """A reading of files that also gives the place of each row in its file, from 0."""
    return f"{read[:-1]}, {PLACE} = true)"


def _in_blocks(connection: Connection, relation: str, rows: int, share: float) -> str | None:
    """SQL for rows of every so many-th block of a file, evenly spread over all of it, with their places.

    Blocks between them are passed over unread. None for other relations, and where there are few blocks.
    """
    step = int(min(rows / _BLOCK / _BLOCKS, 1 / share))
    found = _FILE.fullmatch(relation)
    if step < 2 or found is None:
        return None
    described = connection.execute(f"DESCRIBE SELECT * FROM {found['read']}").fetchall()
    if any(str(column[0]).lower() == PLACE for column in described):
        return None
    left = f" EXCLUDE ({found['left']})" if found["left"] else ""
    read = with_places(found["read"])
    # By a condition, for a sample of the engine's own is taken on one thread alone.
    return (
        f"SELECT *{left} FROM (SELECT * FROM {read} WHERE ({PLACE} // {_BLOCK}) % {step} = 0) "
        f"WHERE hash({PLACE}) % 1000000 < {round(1_000_000 * share * step)}"
    )


def seen_sql(column: Measured, relation: str) -> str:
    """The distinct values of the sample as `v`, their rows as `n`, and whether they say `something`."""
    nothing = placeholder_sql(column.type, "duckdb", "v")
    something = f"v IS NOT NULL AND NOT coalesce({nothing}, false)" if nothing else "v IS NOT NULL"
    return (
        f"SELECT v, n, {something} AS something FROM "
        f"(SELECT {column.expression} AS v, count(*) AS n FROM {relation} GROUP BY ALL)"
    )


def totals_sql(kind: ColumnType, seen: str) -> str:
    """How many distinct values there are, how many rows hold them, and whether all are whole; placeholders aside."""
    whole = "bool_and(v = trunc(v))" if kind in ("decimal", "double") else "true"
    return f"SELECT count(*), coalesce(sum(n), 0), {whole} FROM {seen} WHERE something"


def values_sql(kind: ColumnType, seen: str) -> str:
    """Distinct values to tell the meaning by, placeholders aside, and their rows.

    `seen` holds what `seen_sql` gives.
    """
    text = "CAST(v AS VARCHAR)"
    if kind in ("decimal", "double"):
        text = f"CASE WHEN v = trunc(v) AND abs(v) < 1e15 THEN CAST(CAST(v AS BIGINT) AS VARCHAR) ELSE {text} END"
    return f"SELECT {text}, n FROM (SELECT v, n FROM {seen} WHERE something ORDER BY hash(v), v LIMIT {TOLD_VALUES})"


def _shape_of_text() -> str:
    """The SQL of the shape of a text `v`."""
    digits = "translate(left(v, 200), '0123456789', '9999999999')"
    letters = f"regexp_replace(regexp_replace({digits}, '\\p{{Lu}}', 'A', 'g'), '\\p{{Ll}}+', 'a', 'g')"
    return (
        "CASE WHEN regexp_full_match(v, '[0-9]{1,200}') THEN repeat('9', length(v)) "
        f"WHEN regexp_matches(v, '\\pL') THEN {letters} ELSE {digits} END"
    )


def patterns_sql(kind: ColumnType, seen: str) -> str | None:
    """The commonest shapes of the values: digits are 9, capitals A, words of small letters a."""
    if kind == "text":
        shape = _shape_of_text()
    elif kind == "integer":
        shape = "CASE WHEN v < 0 THEN '-' ELSE '' END || repeat('9', length(CAST(v AS VARCHAR)) - (v < 0)::BIGINT)"
    else:
        return None
    return f"SELECT {shape} AS p, sum(n) AS n FROM {seen} WHERE v IS NOT NULL GROUP BY p ORDER BY 2 DESC, 1 LIMIT {PATTERNS}"


def quantiles_sql(column: Measured, relation: str) -> str | None:
    """The 5th, 25th, 50th, 75th and 95th of a hundred, for numbers and days."""
    if column.type in _NUMBERS:
        return f"SELECT quantile_disc({column.expression}, {_QUANTILES}) FROM {relation}"
    if column.type in ("date", "timestamp"):
        return f"SELECT list_transform(quantile_disc({column.expression}, {_QUANTILES}), q -> q::VARCHAR) FROM {relation}"
    return None


def _step(distinct: int, wanted: int) -> int:
    """One of how many values is taken, that there be at least so many."""
    return max(1, distinct // wanted)


def _part_of(seen: str, step: int) -> str:
    """Some thousands of the distinct values, the same ones at every look."""
    return f"(SELECT * FROM {seen} WHERE hash(v) % {step} = 0)"


def _is_free_text(connection: Connection, distinct: int) -> bool:
    """Whether hardly two of many texts have one shape: their shapes tell nothing that a part of them does not tell."""
    if distinct < 4 * _PROBED:
        return False
    shape = _shape_of_text()
    sql = f"SELECT count(DISTINCT {shape}), count(*) FROM {_part_of('seen', _step(distinct, _PROBED))} WHERE something"
    shapes, values = connection.execute(sql).fetchall()[0]
    return bool(shapes > _FREE * values)


def look_at(connection: Connection, column: Measured, sample: Sample) -> Shown:
    """Everything the sample shows of one column."""
    shown = Shown()
    if column.type in ("json", "binary"):
        return shown
    if column.type not in ("boolean", "date", "time", "timestamp"):
        # Temporary tables belong to the cursor alone, so that columns may be looked at side by side.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {seen_sql(column, sample.relation)}")
        found = connection.execute(values_sql(column.type, "seen")).fetchall()
        shown.values, shown.counts = [str(value) for value, _ in found], [int(n) for _, n in found]
        distinct, filled, whole = connection.execute(totals_sql(column.type, "seen")).fetchall()[0]
        shown.distinct, shown.filled, shown.whole = int(distinct), int(filled), bool(whole)
        told, step = "seen", 1
        if column.type == "text":
            if _is_free_text(connection, shown.distinct):
                step = _step(shown.distinct, _PROBED)
            elif not sample.is_whole:
                step = _step(shown.distinct, _SHAPED)
        if step > 1:
            told, shown.part = _part_of("seen", step), True
        if (sql := patterns_sql(column.type, told)) is not None:
            found_shapes = connection.execute(sql).fetchall()
            shown.patterns = tuple(Counted(scalar(p), step * int(n)) for p, n in found_shapes)
        connection.execute("DROP TABLE IF EXISTS seen")
    elif column.type == "timestamp":
        value = column.expression
        sql = f"SELECT count(DISTINCT {value}), count({value}) FROM {sample.relation}"
        shown.distinct, shown.filled = connection.execute(sql).fetchall()[0]
    if (quantiles := quantiles_sql(column, sample.relation)) is not None:
        found_quantiles: Any = connection.execute(quantiles).fetchall()[0][0]
        shown.quantiles = tuple(
            temporal_scalar(value) if isinstance(value, str) else scalar(value)
            for value in found_quantiles or ()
        )
    return shown
