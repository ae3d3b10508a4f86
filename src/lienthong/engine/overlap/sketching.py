"""Reduce columns to sketches, where the rows are: what leaves is names, a profile, and keyed hashes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lienthong.engine.overlap.canonical import (
    NO_VALUE,
    core_sql,
    day_sql,
    digits_sql,
    hash_sql,
    number_sql,
    phone_sql,
    text_sql,
)
from lienthong.engine.overlap.lists import lists_of
from lienthong.engine.overlap.packing import leading
from lienthong.engine.overlap.semantics import DAYS, PASSED, RULES
from lienthong.engine.overlap.shapes import (
    PUBLISHED_BITS,
    ColumnFacts,
    ColumnSketch,
    DatabaseSketch,
    Family,
    TableSketch,
    ValueKind,
    ValueSet,
)
from lienthong.engine.profile.values import column_type
from lienthong.engine.session import Connection, literal, quoted
from lienthong.engine.shapes import Column, ColumnType, Table
from lienthong.engine.sources.contract import Source

_VALUES = "sketched_values"
_ROWS = "sketched_rows"
_COPIED_ROWS = 3_000_000
_PROFILED_VALUES = 20_000
_MASKS = 16
_DENSE_FROM = 20
_COUNTER_LEAST, _COUNTER_START, _COUNTER_DENSITY = 5, 10, 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a sketch holds: the `k` smallest hashes, or all of them up to `complete` distinct values."""

    k: int = 1024
    complete: int = 2000
    level: int = 2
    bits: int = 64


PUBLISHED = Plan(bits=PUBLISHED_BITS)
"""For sketches that leave: below 2 kB a column on average."""
IN_MEMORY = Plan(k=16_384, complete=100_000)
"""For sources that the caller may read itself: nothing leaves, shares are exact but for huge columns."""


def sketch_source(
    source: Source, name: str, key: bytes, *, rank: int | None = None, plan: Plan = IN_MEMORY
) -> DatabaseSketch:
    """Sketch every table of an open source under this key (at least 16 bytes); views are left out."""
    tables = [
        sketch_table(source.connect(), source.relation(table), table, key, plan=plan)
        for table in source.tables()
        if table.kind == "table"
    ]
    return DatabaseSketch(name, tuple(tables), rank)


def sketch_table(
    connection: Connection, relation: str, table: Table | str, key: bytes, *, plan: Plan = IN_MEMORY
) -> TableSketch:
    """Sketch one table: `relation` is what SQL on this connection reads FROM; it makes temporary tables.

    Without a `Table` the columns are those of the relation. Every column is read once.
    """
    if len(key) < 16:
        raise ValueError("the key needs at least 16 bytes")
    described = table if isinstance(table, Table) else _described(connection, relation, table)
    if plan.level == 0:
        columns = tuple(_named(column, described) for column in described.columns)
        return TableSketch(described.name, columns, None, described.comment or "")
    rows = int(_one(connection, f"SELECT count(*) FROM {relation}")[0])
    read = relation
    if rows <= _COPIED_ROWS:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS SELECT * FROM {relation}")
        read = _ROWS
    # The types as they are read: a source may declare others than its rows keep to.
    read_as = {column.name: column.type for column in _described(connection, read, described.name).columns}
    try:
        sketched = tuple(
            _sketched(
                connection,
                read,
                replace(column, type=read_as.get(column.name, column.type)),
                described,
                rows,
                key,
                plan,
            )
            for column in described.columns
        )
    finally:
        for made in (_ROWS, _VALUES):
            connection.execute(f"DROP TABLE IF EXISTS {made}")
    return TableSketch(described.name, sketched, rows, described.comment or "")


def _described(connection: Connection, relation: str, name: str) -> Table:
    found = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns = [
        Column(column, column_type(native), True, None, native, ordinal)
        for ordinal, (column, native, *_) in enumerate(found, start=1)
    ]
    return Table(name, tuple(columns))


def _named(column: Column, table: Table) -> ColumnSketch:
    return ColumnSketch(
        name=unicodedata.normalize("NFC", column.name),
        type=column.type,
        description=column.comment or "",
        is_key=table.primary_key == (column.name,),
    )


def _sketched(
    connection: Connection,
    relation: str,
    column: Column,
    table: Table,
    rows: int,
    key: bytes,
    plan: Plan,
) -> ColumnSketch:
    named = _named(column, table)
    if column.type in ("json", "binary"):
        (filled,) = _one(connection, f"SELECT count({quoted(column.name)}) FROM {relation}")
        return replace(named, facts=ColumnFacts("opaque", rows, rows - int(filled), 0))
    value = _as_read(quoted(column.name), column.type)
    missing = ", ".join(literal(word) for word in NO_VALUE)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_VALUES} AS SELECT v, count(*) AS n FROM (SELECT {value} AS v FROM {relation}) "
        f"WHERE v IS NOT NULL AND lower(trim(v)) NOT IN ({missing}) GROUP BY v"
    )
    facts = _facts(connection, column.type, rows)
    if not facts.distinct or plan.level < 2:
        return replace(named, facts=facts)
    values, whole = _value_sets(connection, facts, key, plan)
    facts = replace(facts, distinct=whole)
    return replace(named, facts=facts, values=values, lists=lists_of(named.name, table.name, values, key))


def _as_read(name: str, kind: ColumnType) -> str:
    """SQL for the text of a value, equal for equal values of one column."""
    if kind == "boolean":
        return f"CASE WHEN {name} THEN '1' WHEN NOT {name} THEN '0' END"
    if kind == "double":
        return f"regexp_replace(CAST({name} + 0.0::DOUBLE AS VARCHAR), '\\.0$', '')"
    if kind == "decimal":
        text = f"CAST({name} AS VARCHAR)"
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    if kind == "timestamp":
        return f"regexp_replace(CAST({name} AS VARCHAR), '[ T]00:00:00(\\.0+)?(\\+00)?$', '')"
    return f"CAST({name} AS VARCHAR)"


def _facts(connection: Connection, kind: ColumnType, rows: int) -> ColumnFacts:
    distinct, filled = _one(connection, f"SELECT count(*), coalesce(sum(n), 0) FROM {_VALUES}")
    if not distinct:
        return ColumnFacts("opaque", rows, rows, 0)
    some = _VALUES
    if distinct > _PROFILED_VALUES:
        some = f"(SELECT * FROM {_VALUES} USING SAMPLE reservoir({_PROFILED_VALUES} ROWS) REPEATABLE (7))"
    shares = ", ".join(
        f"avg(CAST(regexp_matches(trim(v), {literal(rule.pattern)}) AS INTEGER))" for rule in RULES
    )
    amount = "TRY_CAST(replace(v, ',', '.') AS DOUBLE)"
    if kind in ("date", "timestamp"):
        amount = "epoch(TRY_CAST(v AS TIMESTAMP)) / 86400"
    found = _one(
        connection,
        f"SELECT min(length(v)), max(length(v)), avg(length(v)), min({amount}), max({amount}), "
        f"median({amount}), {shares} FROM {some}",
    )
    semantics = {rule.name: float(share or 0) for rule, share in zip(RULES, found[6:], strict=True)}
    value_kind = _value_kind(kind, semantics)
    masks = connection.execute(
        "SELECT regexp_replace(regexp_replace(v, '[0-9]', '9', 'g'), '\\p{L}+', 'a', 'g') AS mask, count(*) "
        f"FROM {some} GROUP BY mask ORDER BY 2 DESC, 1 LIMIT {_MASKS}"
    ).fetchall()
    counted = min(int(distinct), _PROFILED_VALUES)
    lower, upper, middle = (None if bound is None else float(bound) for bound in found[3:6])
    whole_numbers = kind == "integer" or (semantics["digits"] >= 0.99 and semantics["leading_zero"] == 0)
    return ColumnFacts(
        kind=value_kind,
        rows=rows,
        nulls=rows - int(filled),
        distinct=int(distinct),
        min_length=int(found[0]),
        max_length=int(found[1]),
        avg_length=float(found[2]),
        masks={str(mask)[:60]: count / counted for mask, count in masks},
        semantics={name: round(share, 4) for name, share in semantics.items() if share > 0},
        lower=lower if value_kind in ("number", "code", "date", "moment") else None,
        upper=upper if value_kind in ("number", "code", "date", "moment") else None,
        middle=middle if value_kind in ("number", "code", "date", "moment") else None,
        counter=whole_numbers and _counts_up(lower, upper, int(distinct)),
        padded=found[0] == found[1] and semantics["digits"] >= PASSED and semantics["leading_zero"] > 0,
    )


def _value_kind(kind: ColumnType, semantics: Mapping[str, float]) -> ValueKind:
    if kind == "boolean":
        return "boolean"
    if kind in ("date", "timestamp", "time"):
        return "date" if semantics["iso_day"] >= 0.99 else "moment"
    if kind == "integer":
        return "date" if semantics["packed_day"] >= 0.99 else "number"
    if kind in ("decimal", "double"):
        return "number"
    if max(semantics[name] for name in DAYS) >= PASSED:
        return "date"
    if semantics["digits"] >= PASSED or semantics["phone"] >= PASSED:
        return "code"
    if semantics["decimal"] >= 0.95:
        return "number"
    if semantics["with_digit"] >= 0.6 and semantics["several_words"] <= 0.1:
        return "code"
    return "text"


def _counts_up(lower: float | None, upper: float | None, distinct: int) -> bool:
    if lower is None or upper is None or distinct < _COUNTER_LEAST:
        return False
    return 0 <= lower <= _COUNTER_START and upper - lower + 1 <= _COUNTER_DENSITY * distinct


def _value_sets(
    connection: Connection, facts: ColumnFacts, key: bytes, plan: Plan
) -> tuple[dict[Family, ValueSet], int]:
    plain = _value_set(connection, _plain_sql(facts), key, plan)
    sets: dict[Family, ValueSet] = {"plain": plain}
    if facts.semantics.get("digits", 0.0) >= PASSED and facts.kind in ("code", "number"):
        loses = facts.semantics.get("leading_zero", 0.0) > 0
        sets["digits"] = _value_set(connection, digits_sql("v"), key, plan) if loses else plain
    elif facts.kind == "text":
        sets["core"] = _value_set(connection, core_sql("v"), key, plan)
    return sets, plain.distinct


def _plain_sql(facts: ColumnFacts) -> str:
    if facts.kind == "date":
        return day_sql("v")
    if facts.kind in ("boolean", "moment"):
        return "v"
    if facts.kind == "number":
        return "v" if facts.semantics.get("digits", 0.0) >= 1 else number_sql("v")
    if facts.semantics.get("phone", 0.0) >= PASSED:
        return phone_sql("v")
    return text_sql("v")


def _value_set(connection: Connection, canonical: str, key: bytes, plan: Plan) -> ValueSet:
    distinct = f"(SELECT DISTINCT {canonical} AS c FROM {_VALUES})"
    made = connection.execute(
        f"SELECT {hash_sql('c', key)} AS h FROM {distinct} WHERE c IS NOT NULL AND c <> '' ORDER BY h "
        f"LIMIT {plan.complete + 1}"
    ).fetchnumpy()
    hashes = np.ascontiguousarray(made["h"], dtype=np.uint64)
    if len(hashes) <= plan.complete:
        return ValueSet(hashes, len(hashes), True)
    (whole,) = _one(connection, f"SELECT count(*) FROM {distinct} WHERE c IS NOT NULL AND c <> ''")
    return ValueSet(hashes[: plan.k].copy(), int(whole), False)


def cut(values: ValueSet, plan: Plan) -> ValueSet:
    """The set as this plan publishes it: no more hashes, and of each no more bits, than it says."""
    complete = values.complete and values.distinct <= plan.complete
    kept = values.hashes if complete else values.hashes[: plan.k]
    # Beyond a million values, different ones would be alike in these bits too often.
    bits = min(values.bits, plan.bits + max(0, (values.distinct - 1).bit_length() - _DENSE_FROM))
    return ValueSet(leading(kept, bits), values.distinct, complete, bits)


def _one(connection: Connection, sql: str) -> Sequence[Any]:
    found: Sequence[Any] = connection.execute(sql).fetchall()[0]
    return found
