"""The measures, rules and sketch of each column of a version, by a cluster or here; one statement per column.

The cluster reduces a column to its distinct values and their rows and measures the firm ones; the loose ones (see
`sparksql`) come here and are measured by DuckDB. Both results add up: no value is in both. Every count is exact, except
`about_distinct`, whose standard error is `ABOUT` (none for doubles).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.clusters.opening import Cluster
from lienthong.engine.clusters.sparksql import loose_value, quoted, spark_sql
from lienthong.engine.portable import (
    CONDITIONS,
    TEMPORAL,
    TEXT,
    Measured,
    keyed_hash,
    of_values,
    placeholder_sql,
)
from lienthong.engine.profile.checking import Counter, counters_for
from lienthong.engine.profile.measuring import meaning_of, subject_of
from lienthong.engine.profile.sampling import Sample, look_at
from lienthong.engine.session import Connection, Interrupted, ShouldStop, literal
from lienthong.engine.session import quoted as quoted_here
from lienthong.engine.shapes import Column

ABOUT = 0.05
"""The standard error of the cluster's fast count of distinct values."""
KEPT = 1024
"""So many of the smallest keyed hashes are the sketch of a column."""
SAMPLED = 20_000
_VIEW = "lienthong_version"
_ZONED = "TIMESTAMP WITH TIME ZONE"

OnColumn = Callable[[int, int, str], None]
"""Called with the columns done, the columns there are, and the name of the next one."""


@dataclass(frozen=True, slots=True)
class ColumnMeasures:
    """What was counted of one column; `rules` has the rows that break each rule, `sketch` the smallest keyed hashes."""

    name: str
    rows: int
    measures: Mapping[str, Any]
    rules: Mapping[str, int]
    sketch: tuple[str, ...] = ()
    about_distinct: int | None = None

    def exact(self) -> tuple[Any, ...]:
        """All that must be equal whichever engine counted."""
        return self.name, self.rows, dict(self.measures), dict(self.rules), self.sketch


@dataclass(frozen=True, slots=True)
class Asked:
    """A column, how it is read, and the rules that are asked of it."""

    column: Column
    measured: Measured
    counters: tuple[Counter, ...]

    @property
    def native(self) -> str:
        """The type in which the store keeps it."""
        return self.column.native_type or "VARCHAR"

    @property
    def spreads(self) -> bool:
        """Whether Spark has words for every rule that is asked; where not, the distinct values are measured here."""
        try:
            return all(spark_sql(counter.condition) for counter in self.counters)
        except ValueError:
            return False

    @property
    def hashed(self) -> bool:
        """Whether it has a sketch."""
        return self.measured.type in ("text", "integer")


def asked_of(
    connection: Connection, files: Sequence[Path | str], table: str, columns: Sequence[Column]
) -> list[Asked]:
    """What is to be counted of these columns: which rules, is told by the first rows of the files."""
    connection.execute("SET TimeZone = 'UTC'")
    shown = ", ".join(quoted_here(column.name) for column in columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT {shown} FROM {read_here(files)} LIMIT {SAMPLED}"
    )
    rows = int(connection.execute("SELECT count(*) FROM told").fetchall()[0][0])
    asked = []
    for column in columns:
        measured = _measured(column)
        seen = look_at(connection, measured, Sample("told", rows, rows))
        meaning = meaning_of(column, seen, rows, rows)
        subject = subject_of(column, table, measured.type, meaning, seen, None)
        asked.append(Asked(column, measured, tuple(counters_for(subject))))
    return asked


def measure_on(
    cluster: Cluster,
    files: Sequence[Path | str],
    asked: Sequence[Asked],
    *,
    key: bytes | None = None,
    on_progress: OnColumn | None = None,
    should_stop: ShouldStop | None = None,
) -> list[ColumnMeasures]:
    """Count everything asked on a cluster. Raises Interrupted between two columns when `should_stop` says so.

    `key` makes the sketches; it stands in the statements, which a cluster keeps in its log.
    """
    cluster.view(_VIEW, files)
    found = []
    for number, one in enumerate(asked):
        if should_stop is not None and should_stop():
            raise Interrupted
        if on_progress is not None:
            on_progress(number, len(asked), one.column.name)
        found.append(_column_on(cluster, one, key))
    return found


def measure_here(
    connection: Connection, relation: str, asked: Sequence[Asked], *, key: bytes | None = None
) -> list[ColumnMeasures]:
    """Count the same by DuckDB, of what SQL reads FROM `relation` on this connection."""
    connection.execute("SET TimeZone = 'UTC'")
    found = []
    for one in asked:
        values = f"SELECT {one.measured.expression} AS v, count(*) AS n FROM {relation} GROUP BY ALL"
        rows, counted = _counted_here(connection, one, values)
        sketch: tuple[str, ...] = ()
        if key is not None and one.hashed:
            name = quoted_here(one.column.name)
            hashed = keyed_hash("duckdb", "CAST(v AS VARCHAR)", key)
            sketch = tuple(
                str(row[0])
                for row in connection.execute(
                    f"SELECT {hashed} AS h FROM (SELECT DISTINCT {name} AS v FROM {relation} WHERE {name} IS NOT NULL) "
                    f"ORDER BY h LIMIT {KEPT}"
                ).fetchall()
            )
        found.append(_told(one, rows, counted, sketch))
    return found


def read_here(files: Sequence[Path | str]) -> str:
    """What DuckDB reads these files by."""
    return f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"


def column_sql(one: Asked, relation: str = _VIEW) -> str:
    """SQL (Spark): everything that is counted of a column, in one row for firm values and one for loose ones."""
    values = _values_on(one, relation)
    if one.measured.type in TEXT:
        plain = spark_sql(CONDITIONS["plain_digits"].sql("duckdb", "v"))
        odd = spark_sql(CONDITIONS["odd_text"].sql("duckdb", "v"))
        nothing = spark_sql(placeholder_sql("text", "duckdb", "v") or "false")
        values = (
            f"SELECT *, CASE WHEN plain THEN false ELSE {odd} END AS odd, coalesce({nothing}, false) AS nothing "
            f"FROM (SELECT *, {plain} AS plain FROM ({values}))"
        )
    selected = []
    for name, sql in one.measured.reduced().expressions("spark"):
        bound = f"CAST({name}(v) AS STRING)" if one.measured.type in TEMPORAL else sql
        counted = {"filled": _rows_where("v IS NOT NULL"), "distinct": "count(v)"}
        selected.append(counted.get(name, bound))
    selected += [_rows_where(_condition(one, counter.condition)) for counter in one.counters]
    return f"SELECT loose, coalesce(sum(n), 0), {', '.join(selected)} FROM ({values}) GROUP BY loose"


def _values_on(one: Asked, relation: str) -> str:
    loose = (loose_value("v", one.native) or "false") if one.spreads else "true"
    name = quoted(one.column.name)
    return f"SELECT v, n, {loose} AS loose FROM (SELECT {name} AS v, count(*) AS n FROM {relation} GROUP BY {name})"


def _condition(one: Asked, condition: str) -> str:
    written = spark_sql(condition)
    # A day beside a moment is one at midnight; not every cluster can widen the first days of the calendar.
    day = {"TIMESTAMP": "TIMESTAMP_NTZ '", _ZONED: "TIMESTAMP '"}.get(one.native)
    return written if day is None else written.replace("DATE '", day)


def _rows_where(condition: str) -> str:
    return f"coalesce(sum(CASE WHEN {condition} THEN n END), 0)"


def _column_on(cluster: Cluster, one: Asked, key: bytes | None) -> ColumnMeasures:
    names = [name for name, _ in one.measured.expressions("spark")] + [
        counter.rule for counter in one.counters
    ]
    rows, counted, is_loose = 0, _nothing(one, names), not one.spreads
    for loose, number, *values in cluster.rows(column_sql(one)) if one.spreads else ():
        if loose:
            is_loose = True
        else:
            rows, counted = int(number), dict(zip(names, values, strict=True))
    if is_loose:
        carried = cluster.arrow(f"SELECT v, n FROM ({_values_on(one, _VIEW)}) WHERE loose")
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("loose", carried)
            more, there = _counted_here(connection, one, f"SELECT CAST(v AS {one.native}) AS v, n FROM loose")
            rows, counted = rows + more, _added(connection, one, counted, there)
    name = quoted(one.column.name)
    about = None
    if one.measured.type != "double":
        about = int(cluster.rows(f"SELECT approx_count_distinct({name}) FROM {_VIEW}")[0][0])
    sketch: tuple[str, ...] = ()
    if key is not None and one.hashed:
        hashed = keyed_hash("spark", "CAST(v AS STRING)", key)
        distinct = f"SELECT DISTINCT {name} AS v FROM {_VIEW} WHERE {name} IS NOT NULL"
        kept = cluster.rows(f"SELECT {hashed} AS h FROM ({distinct}) ORDER BY h LIMIT {KEPT}")
        sketch = tuple(str(row[0]) for row in kept)
    return _told(one, rows, counted, sketch, about)


def _counted_here(connection: Connection, one: Asked, values: str) -> tuple[int, dict[str, Any]]:
    statement = of_values(one.measured, values, 0, [(counter.rule, counter.sql) for counter in one.counters])
    row = connection.execute(statement.sql).fetchall()[0]
    return int(row[0]), statement.read(row)[1][0]


def _nothing(one: Asked, names: Sequence[str]) -> dict[str, Any]:
    bounds = ("min", "max", "min_length", "max_length")
    return {name: None if name in bounds else 0 for name in names}


def _added(
    connection: Connection, one: Asked, left: Mapping[str, Any], right: Mapping[str, Any]
) -> dict[str, Any]:
    """Both counts together: numbers add up, bounds are compared as values of the column."""
    total: dict[str, Any] = {}
    for name, value in left.items():
        other = right[name]
        if not name.startswith(("min", "max")):
            total[name] = int(value or 0) + int(other or 0)
        elif value is None or other is None:
            total[name] = other if value is None else value
        elif name in ("min_length", "max_length"):
            total[name] = min(value, other) if name == "min_length" else max(value, other)
        else:
            kind = one.native.replace(_ZONED, "TIMESTAMP")
            shown = "CAST(x AS VARCHAR)" if one.measured.type in TEMPORAL else "x"
            order = "ASC" if name == "min" else "DESC"
            sql = f"SELECT {shown} FROM (SELECT CAST(unnest([$1, $2]) AS {kind}) AS x) ORDER BY x {order} LIMIT 1"
            total[name] = connection.execute(sql, [value, other]).fetchall()[0][0]
    return total


def _told(
    one: Asked, rows: int, counted: Mapping[str, Any], sketch: tuple[str, ...], about: int | None = None
) -> ColumnMeasures:
    rules = {counter.rule for counter in one.counters}
    return ColumnMeasures(
        name=one.column.name,
        rows=rows,
        measures={name: _plain(value) for name, value in counted.items() if name not in rules},
        rules={name: int(value or 0) for name, value in counted.items() if name in rules},
        sketch=sketch,
        about_distinct=about,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        # Drivers give one number with different numbers of zeros.
        text = f"{value:f}"
        return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
    # -0 and 0 are one value, and which of them an engine meets first is chance.
    return value + 0.0 if isinstance(value, float) else value


def _measured(column: Column) -> Measured:
    name, kind = quoted_here(column.name), column.type
    if kind not in TEMPORAL:
        return Measured(name, kind)
    read = f"{name} AT TIME ZONE 'UTC'" if column.native_type == _ZONED else name
    return Measured(name, kind, f"CAST(min({read}) AS VARCHAR)", f"CAST(max({read}) AS VARCHAR)")
