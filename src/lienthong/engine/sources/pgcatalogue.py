"""What a PostgreSQL database says of itself: tables, views, columns, keys, comments, partitions and sizes.

DuckDB reports no foreign keys and no comments, so the catalogue is asked directly, in a number of statements that
does not grow with the number of tables. What belongs to an extension is left out. How parents and partitions make
one table stands in `pgpartitions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
_KINDS = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}

_TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class'),
       c.reltuples::bigint, pg_catalog.has_table_privilege(c.oid, 'SELECT'),
       pg_catalog.has_any_column_privilege(c.oid, 'SELECT'), {partition}
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname <> 'public', n.nspname, c.relname
"""
_PARENTS = "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits ORDER BY inhrelid, inhseqno"
_COLUMNS = """
SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
       pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.col_description(a.attrelid, a.attnum),
       {deterministic}, a.attnum, {generated},
       a.attrelid <> ALL(%(partly)s) OR pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = ANY(%(tables)s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_KEYS = """
SELECT conrelid, contype::text, conkey, confrelid, confkey FROM pg_catalog.pg_constraint
WHERE contype IN ('p', 'f') AND conrelid = ANY(%s)
ORDER BY conrelid, contype, conname
"""
_KNOWN_TYPES = """
SELECT oid, typname, typtype::text, typcategory::text, typbasetype, typtypmod, typnotnull FROM pg_catalog.pg_type
"""
# What older servers do not have: the version from which the catalogue knows it, how it is asked, what it was before.
_SINCE = {
    "partition": (100_000, "c.relispartition", "false"),
    "deterministic": (120_000, "coalesce(l.collisdeterministic, true)", "true"),
    "generated": (120_000, "a.attgenerated <> ''", "false"),
}


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
    oid: int
    generated: bool = False


@dataclass(slots=True)
class PgTable:
    """A table or view, with its exact names; `together` are the tables whose rows are its rows, if it is not all
    that PostgreSQL reads by its name.
    """

    oid: int
    name: str
    schema: str
    relname: str
    kind: str
    comment: str | None
    rows: int | None
    is_partition: bool = False
    partly: bool = False
    size_bytes: int | None = None
    columns: list[PgColumn] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    ambiguous: bool = False
    partitions: list[PgTable] = field(default_factory=list)
    together: list[PgTable] = field(default_factory=list)

    def plain_name(self) -> str:
        """The table as PostgreSQL calls it."""
        return f"{quoted(self.schema)}.{quoted(self.relname)}"

    def own_name(self) -> str:
        """What PostgreSQL reads the rows of the table from, each row once."""
        if not self.together:
            return self.plain_name()
        columns = ", ".join(quoted(column.name) for column in self.columns) or "1 AS nothing"
        parts = (f"SELECT {columns} FROM ONLY {part.plain_name()}" for part in self.together)
        return f"({' UNION ALL '.join(parts)}) AS together"

    def attached_name(self, catalogue: str) -> str:
        """The table as DuckDB calls it, attached under this name."""
        return f"{catalogue}.{quoted(self.schema)}.{quoted(self.relname)}"

    def must_be_asked(self) -> bool:
        """Whether DuckDB cannot name its rows, so that PostgreSQL has to be asked for them in its own SQL."""
        return self.ambiguous or bool(self.together)

    def distinct_names(self) -> list[str]:
        """The names of the columns, made distinct for an engine that does not tell upper from lower case."""
        return unique_names([column.name for column in self.columns])

    def as_table(self) -> Table:
        """The table as every part of the engine knows it."""
        inherited = self.kind == "r" and bool(self.partitions)
        return Table(
            name=self.name,
            columns=tuple(
                Column(
                    column.name, column.type, column.nullable, column.comment, column.native, order,
                    column.generated,
                )
                for order, column in enumerate(self.columns, 1)
            ),
            primary_key=self.primary_key,
            foreign_keys=tuple(self.foreign_keys),
            rows=self.rows,
            kind="view" if self.kind in ("v", "m") else "table",
            comment=self.comment,
            schema=self.schema,
            size_bytes=self.size_bytes,
            partitions=tuple(part.name for part in self.partitions),
            native_kind="parent table" if inherited else _KINDS[self.kind],
        )  # fmt: skip


@dataclass(slots=True)
class Catalogue:
    """Everything a database says of its tables, by their number: those that may be read, and those that may not."""

    tables: dict[int, PgTable]
    parents: dict[int, list[int]]
    refused: dict[int, PgTable]


def read_catalogue(session: psycopg.Connection[Any], only: str | None = None) -> Catalogue:
    """What the database says of its tables, partitions among them; of `only` one table, whose name decides what it may be
    confused with, then of those that belong to it: parents, partitions, and the tables that its foreign keys name.
    """
    since = {
        name: (now if session.info.server_version >= version else before)
        for name, (version, now, before) in _SINCE.items()
    }
    found = Catalogue({}, {}, {})
    for row in session.execute(_TABLES.format(**since)).fetchall():
        oid, schema, relname, kind, comment, estimate, permitted, partly, is_partition = row
        name = relname if schema == "public" else f"{schema}.{relname}"
        rows = int(estimate) if estimate is not None and estimate >= 0 and kind in ("r", "p", "m") else None
        table = PgTable(oid, name, schema, relname, kind, comment, rows, is_partition, partly=not permitted)
        (found.tables if permitted or partly else found.refused)[oid] = table
    for table, name in zip(found.tables.values(), _table_names(found.tables.values()), strict=True):
        table.name = name
    for child, parent in session.execute(_PARENTS).fetchall():
        found.parents.setdefault(child, []).append(parent)
    wanted = found.tables if only is None else _family(found, only)
    keys = session.execute(_KEYS, [list(wanted)]).fetchall()
    if only is not None:
        wanted = _with_ancestors(found, [*wanted, *(row[3] for row in keys)])
    _add_columns(session, wanted, since)
    _add_keys(wanted, keys)
    _mark_ambiguous([*found.tables.values(), *found.refused.values()])
    return found if only is None else Catalogue(wanted, found.parents, {})


def _family(found: Catalogue, name: str) -> dict[int, PgTable]:
    """The table of this name with all that is below it, and whatever all these are parts of."""
    children: dict[int, list[int]] = {}
    for child, parents in found.parents.items():
        for parent in parents:
            children.setdefault(parent, []).append(child)
    below = [oid for oid, table in found.tables.items() if table.name == name]
    seen = set(below)
    for oid in below:
        # Grows while it is gone through: the children of children come later.
        for child in children.get(oid, ()):
            if child not in seen:
                seen.add(child)
                below.append(child)
    return _with_ancestors(found, below)


def _with_ancestors(found: Catalogue, oids: Sequence[int]) -> dict[int, PgTable]:
    """These tables and all above them, in the order of the catalogue; those that may not be read are left out."""
    wanted: set[int] = set()
    waiting = list(oids)
    while waiting:
        oid = waiting.pop()
        if oid not in wanted:
            wanted.add(oid)
            waiting += found.parents.get(oid, ())
    return {oid: table for oid, table in found.tables.items() if oid in wanted}


def _table_names(tables: Iterable[PgTable]) -> list[str]:
    """Plain names, unless `a.b` in `public` would be taken for table b of schema a."""
    taken: set[str] = set()
    names = []
    for table in tables:
        name = table.name if table.name not in taken else table.plain_name()
        taken.add(name)
        names.append(name)
    return names


def _add_columns(session: psycopg.Connection[Any], tables: dict[int, PgTable], since: dict[str, str]) -> None:
    types = {row[0]: row[1:] for row in session.execute(_KNOWN_TYPES).fetchall()}
    partly = [oid for oid, table in tables.items() if table.partly]
    asked = {"tables": list(tables), "partly": partly}
    for row in session.execute(_COLUMNS.format(**since), asked).fetchall():
        oid, name, type_oid, modifier, not_null, native, comment, deterministic, number, made, permitted = row
        if not permitted:
            tables[oid].forbidden.append(name)
            continue
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
                oid=type_oid,
                generated=made,
            )
        )


def _bounds(typname: str, modifier: int) -> tuple[int | None, int]:
    if typname != "numeric" or modifier < 4:
        return None, 0
    packed = modifier - 4
    scale = packed & 0x7FF
    return packed >> 16 & 0xFFFF, scale - 0x800 if scale & 0x400 else scale


def _add_keys(tables: Mapping[int, PgTable], keys: Sequence[Sequence[Any]]) -> None:
    for oid, kind, numbers, ref_oid, ref_numbers in keys:
        table = tables[oid]
        if kind == "p":
            table.primary_key = _named(table, numbers)
        elif ref_oid in tables:
            referred = tables[ref_oid]
            columns, targets = _named(table, numbers), _named(referred, ref_numbers)
            key = ForeignKey(columns, referred.name, targets)
            if columns and targets and key not in table.foreign_keys:
                table.foreign_keys.append(key)


def _named(table: PgTable, numbers: Sequence[int]) -> tuple[str, ...]:
    """The columns of a key; none where one of them may not be read."""
    names = {column.number: column.name for column in table.columns}
    return tuple(names[number] for number in numbers) if all(one in names for one in numbers) else ()


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
