"""What a PostgreSQL database says of itself: tables, views, columns, keys and comments, from pg_catalog.

DuckDB reports no foreign keys and no comments, so the catalogue is asked directly. Partitions are left
out: their rows are those of the partitioned table. What belongs to an extension is left out as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column, ColumnType, ForeignKey, Table
from lienthong.engine.sources.naming import unique_names

_TYPES: dict[str, ColumnType] = {
    "int2": "integer", "int4": "integer", "int8": "integer", "oid": "integer",
    "numeric": "decimal", "money": "decimal", "float4": "double", "float8": "double", "bool": "boolean",
    "date": "date", "time": "time", "timetz": "time", "timestamp": "timestamp", "timestamptz": "timestamp",
    "json": "json", "jsonb": "json", "bytea": "binary", "geometry": "binary", "geography": "binary",
}  # fmt: skip

_TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, obj_description(c.oid, 'pg_class'), c.reltuples::bigint,
       has_table_privilege(c.oid, 'SELECT')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname <> 'public', n.nspname, c.relname
"""
_COLUMNS = """
SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attnotnull, format_type(a.atttypid, a.atttypmod),
       col_description(a.attrelid, a.attnum), coalesce(l.collisdeterministic, true), a.attnum
FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_KEYS = """
SELECT conrelid, contype::text, conkey, confrelid, confkey FROM pg_constraint
WHERE contype IN ('p', 'f') AND conrelid = ANY(%s)
ORDER BY conrelid, contype, conname
"""
_KNOWN_TYPES = (
    "SELECT oid, typname, typtype::text, typcategory::text, typbasetype, typtypmod, typnotnull FROM pg_type"
)


@dataclass(frozen=True, slots=True)
class PgColumn:
    """A column with what decides how it is read: its base type (below any domain), bounds and collation."""

    name: str
    type: ColumnType
    base: str
    native: str
    nullable: bool
    comment: str | None
    is_domain: bool
    deterministic: bool
    precision: int | None
    scale: int
    number: int


@dataclass(slots=True)
class PgTable:
    """A table or view, with its exact names."""

    name: str
    schema: str
    relname: str
    kind: str
    comment: str | None
    rows: int | None
    columns: list[PgColumn] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    ambiguous: bool = False

    def own_name(self) -> str:
        """The table as PostgreSQL calls it."""
        return f"{quoted(self.schema)}.{quoted(self.relname)}"

    def attached_name(self, catalogue: str) -> str:
        """The table as DuckDB calls it, attached under this name."""
        return f"{catalogue}.{quoted(self.schema)}.{quoted(self.relname)}"

    def distinct_names(self) -> list[str]:
        """The names of the columns, made distinct for an engine that does not tell upper from lower case."""
        return unique_names([column.name for column in self.columns])

    def as_table(self) -> Table:
        """The table as every part of the engine knows it."""
        return Table(
            name=self.name,
            columns=tuple(
                Column(column.name, column.type, column.nullable, column.comment, column.native, order)
                for order, column in enumerate(self.columns, 1)
            ),
            primary_key=self.primary_key,
            foreign_keys=tuple(self.foreign_keys),
            rows=self.rows,
            kind="view" if self.kind in ("v", "m") else "table",
            comment=self.comment,
            schema=self.schema,
        )


def read_catalogue(session: psycopg.Connection[Any]) -> tuple[list[PgTable], list[str]]:
    """The tables that may be read, and the names of those that may not."""
    tables: dict[int, PgTable] = {}
    refused: list[str] = []
    for oid, schema, relname, kind, comment, estimate, permitted in session.execute(_TABLES).fetchall():
        name = relname if schema == "public" else f"{schema}.{relname}"
        if not permitted:
            refused.append(name)
            continue
        rows = int(estimate) if estimate is not None and estimate >= 0 and kind in ("r", "p", "m") else None
        tables[oid] = PgTable(name, schema, relname, kind, comment, rows)
    for table, name in zip(tables.values(), _table_names(tables.values()), strict=True):
        table.name = name
    _add_columns(session, tables)
    _add_keys(session, tables)
    _mark_ambiguous(tables.values())
    return list(tables.values()), refused


def _table_names(tables: Iterable[PgTable]) -> list[str]:
    """Plain names, unless `a.b` in `public` would be taken for table b of schema a."""
    taken: set[str] = set()
    names = []
    for table in tables:
        name = table.name if table.name not in taken else table.own_name()
        taken.add(name)
        names.append(name)
    return names


def _add_columns(session: psycopg.Connection[Any], tables: dict[int, PgTable]) -> None:
    types = {row[0]: row[1:] for row in session.execute(_KNOWN_TYPES).fetchall()}
    for row in session.execute(_COLUMNS, [list(tables)]).fetchall():
        oid, name, type_oid, modifier, not_null, native, comment, deterministic, number = row
        is_domain, typname, category = False, "", ""
        while type_oid in types:
            typname, typtype, category, below, below_modifier, domain_not_null = types[type_oid]
            if typtype != "d":
                break
            is_domain, not_null = True, not_null or domain_not_null
            type_oid, modifier = below, below_modifier if modifier == -1 else modifier
        precision, scale = _bounds(typname, modifier)
        tables[oid].columns.append(
            PgColumn(
                name=name,
                type=_TYPES.get(typname, "json" if category in ("A", "C") else "text"),
                base=typname,
                native=native,
                nullable=not not_null,
                comment=comment,
                is_domain=is_domain,
                deterministic=deterministic,
                precision=precision,
                scale=scale,
                number=number,
            )
        )


def _bounds(typname: str, modifier: int) -> tuple[int | None, int]:
    if typname != "numeric" or modifier < 4:
        return None, 0
    packed = modifier - 4
    scale = packed & 0x7FF
    return packed >> 16 & 0xFFFF, scale - 0x800 if scale & 0x400 else scale


def _add_keys(session: psycopg.Connection[Any], tables: dict[int, PgTable]) -> None:
    for oid, kind, numbers, ref_oid, ref_numbers in session.execute(_KEYS, [list(tables)]).fetchall():
        table = tables[oid]
        if kind == "p":
            table.primary_key = _named(table, numbers)
        elif ref_oid in tables:
            referred = tables[ref_oid]
            key = ForeignKey(_named(table, numbers), referred.name, _named(referred, ref_numbers))
            if key not in table.foreign_keys:
                table.foreign_keys.append(key)


def _named(table: PgTable, numbers: Sequence[int]) -> tuple[str, ...]:
    names = {column.number: column.name for column in table.columns}
    return tuple(names[number] for number in numbers)


def _mark_ambiguous(tables: Iterable[PgTable]) -> None:
    """Mark what DuckDB would confuse, since it does not tell upper from lower case."""
    seen: dict[tuple[str, str], PgTable] = {}
    schemas: dict[str, str] = {}
    for table in tables:
        key = (table.schema.casefold(), table.relname.casefold())
        if schemas.setdefault(table.schema.casefold(), table.schema) != table.schema:
            table.ambiguous = True
        if key in seen:
            table.ambiguous = seen[key].ambiguous = True
        seen[key] = table
        if [column.name for column in table.columns] != table.distinct_names():
            table.ambiguous = True
