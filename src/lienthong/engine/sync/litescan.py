"""Read a table of SQLite value by value: there each has a type of its own, whatever its column says.

What the values of a column are is asked first. Days and moments are kept as text there, in whatever spelling and zone;
they are read as what they mean. Small tables come through Python, which needs no extension; others through DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from lienthong.engine.evidence.canonical import Native
from lienthong.engine.session import Connection, quoted
from lienthong.engine.shapes import Column, ColumnType, Table
from lienthong.engine.sources.naming import backquoted
from lienthong.engine.sources.server import ServerSource
from lienthong.engine.sync.witnesses import SideColumn

THROUGH_PYTHON = 20_000
"""Rows up to which Python reads them."""

_MEANT: dict[ColumnType, Native] = {
    "text": "text", "integer": "integer", "decimal": "decimal", "double": "double", "boolean": "boolean",
    "date": "date", "time": "time", "timestamp": "naive", "json": "json", "binary": "binary",
}  # fmt: skip
_AS_TEXT = (
    "CASE typeof({v}) WHEN 'null' THEN NULL WHEN 'blob' THEN 'x' || lower(hex({v})) "
    "WHEN 'real' THEN printf('%!.17g', {v}) ELSE CAST({v} AS TEXT) END"
)


class LiteScan:
    """The rows of one table with a type per column, to be read as often as they are wanted."""

    def __init__(self, source: ServerSource, table: Table) -> None:
        self._source = source
        self._table = table
        kinds = ", ".join(
            f"min(CASE WHEN {name} IS NOT NULL THEN typeof({name}) END), "
            f"max(CASE WHEN {name} IS NOT NULL THEN typeof({name}) END)"
            for name in (backquoted(column.name) for column in table.columns)
        )
        found = source.ask(f"SELECT count(*), {kinds} FROM {quoted(table.name)}")[0]
        self.rows = int(found[0])
        held = [set(filter(None, found[place : place + 2])) for place in range(1, len(found), 2)]
        self._plans = [_plan(column, kinds) for column, kinds in zip(table.columns, held, strict=True)]
        self.columns: tuple[SideColumn, ...] = tuple(plan[0] for plan in self._plans)

    @property
    def small(self) -> bool:
        """Whether the rows can be read without DuckDB's extension."""
        return self.rows <= THROUGH_PYTHON

    @contextmanager
    def __call__(self, connection: Connection, columns: Sequence[str]) -> Iterator[str]:
        """A name to read these columns FROM on this connection."""
        plans = [plan for plan in self._plans if plan[0].name in columns]
        texts = ", ".join(
            f"{_AS_TEXT.format(v=backquoted(plan[0].name))} AS c{place}" for place, plan in enumerate(plans)
        )
        sql = f"SELECT {texts} FROM {quoted(self._table.name)}"
        typed = ", ".join(
            f"{plan[1].format(v=f'c{place}')} AS {quoted(plan[0].name)}" for place, plan in enumerate(plans)
        )
        if not self.small:
            yield f"(SELECT {typed} FROM {self._source.answer_to(sql)})"
            return
        rows = self._source.ask(sql)
        connection.register("lt_lite", _as_table(rows, len(plans)))
        try:
            yield f"(SELECT {typed} FROM lt_lite)"
        finally:
            connection.unregister("lt_lite")


def _plan(column: Column, held: set[str]) -> tuple[SideColumn, str]:
    """The column as it takes part, and SQL (DuckDB) of its value from the text that SQLite hands over."""
    meant = _MEANT[column.type]
    shown = column.native_type or ""
    if held <= {"integer"} and (held or meant in ("integer", "boolean")):
        return SideColumn(column.name, "integer", shown), "CAST({v} AS BIGINT)"
    if held == {"real"}:
        return SideColumn(column.name, "double", shown), "TRY_CAST({v} AS DOUBLE)"
    if held == {"integer", "real"}:
        number = (
            "CASE WHEN regexp_full_match({v}, '-?[0-9]+') THEN {v} "
            "ELSE regexp_replace(CAST(TRY_CAST({v} AS DOUBLE) AS VARCHAR), '\\.0$', '') END"
        )
        return SideColumn(column.name, "text", shown, meant="decimal"), number
    if held == {"blob"}:
        return SideColumn(column.name, "binary", shown), "unhex(substr({v}, 2))"
    if meant in ("binary", "integer", "double") and held:
        meant = "text" if meant == "binary" else "decimal"
    return SideColumn(column.name, "text", shown, meant=meant), "{v}"


def _as_table(rows: Sequence[Sequence[object]], width: int) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else iter([()] * width)
    return pa.table({f"c{place}": pa.array(column, pa.string()) for place, column in enumerate(columns)})
