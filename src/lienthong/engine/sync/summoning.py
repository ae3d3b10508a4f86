"""Open a side of a comparison and give the witness that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lienthong.engine.errors import (
    EngineError,
    LookInterrupted,
    SourceEmpty,
    SourceUnreadable,
)
from lienthong.engine.evidence.canonical import Native, offset_minutes
from lienthong.engine.session import Connection, Limits, open_session
from lienthong.engine.shapes import Column, Table
from lienthong.engine.sources import Source, open_source
from lienthong.engine.sources.noting import listed
from lienthong.engine.sources.server import ServerSource
from lienthong.engine.sync.disagreements import SideUnknown, TableUnnamed, ZoneUnknown
from lienthong.engine.sync.shapes import Side
from lienthong.engine.sync.witnesses import HereWitness, SideColumn, Witness

if TYPE_CHECKING:
    import duckdb

OpenSide = Callable[[Side], Source]
"""Opens the database, file or folder behind a side; the caller may know more about it than its address."""

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_NATIVES: dict[str, Native] = {
    **dict.fromkeys(_INTEGERS, "integer"),
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), "decimal"),
    "DOUBLE": "double", "FLOAT": "single", "BOOLEAN": "boolean", "DATE": "date", "TIME": "time",
    "TIMESTAMP": "naive", "TIMESTAMP_S": "naive", "TIMESTAMP_MS": "naive", "TIMESTAMP_NS": "naive",
    "TIMESTAMP WITH TIME ZONE": "aware", "JSON": "json", "BLOB": "binary",
}  # fmt: skip


def opened_source(side: Side) -> Source:
    """The source behind a side, opened as its address says; the password is asked for only now."""
    limits = side.options.get("limits") or Limits()
    password = side.password() if side.password is not None else None
    return open_source(side.address, password=password, limits=limits, choices=side.options.get("choices"))


def summoned(side: Side, open_side: OpenSide = opened_source) -> Witness:
    """The witness of a side; close it. Raises the errors of `SourceError` and `StoreError`, SideUnknown."""
    if side.kind == "store":
        return _of_store(side)
    if side.kind == "feed":
        raise SideUnknown(source=side.display)
    source = open_side(side)
    try:
        table = _table_of(source, side)
        return _in_place(source, table) or here(source, table)
    except BaseException:
        source.close()
        raise


def zone_of(side: Side) -> str | None:
    """The zone of this side's moments that name none, as its options say. Raises ZoneUnknown."""
    zone = side.options.get("zone")
    if not zone:
        return None
    try:
        if offset_minutes(zone) is None:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ZoneUnknown(zone=str(zone)) from None
    return str(zone)


def _table_of(source: Source, side: Side) -> Table:
    name = side.table or side.address.partition("#")[2]
    if name:
        source.confine(name)
        return source.table(name)
    tables = source.tables()
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise SourceEmpty(source=source.display)
    raise TableUnnamed(source=source.display, tables=listed([one.name for one in tables]))


def _in_place(source: Source, table: Table) -> Witness | None:
    """The witness of a server that can hash its own rows; None where they are to be read and hashed here."""
    if source.kind == "postgresql":
        from lienthong.engine.sources.postgresql import PostgresqlSource
        from lienthong.engine.sync.pgwitness import PgWitness, can_tell

        if isinstance(source, PostgresqlSource) and can_tell(source):
            return PgWitness(source, source.described(table.name), lambda: here(source, table))
    if source.kind == "mysql":
        from lienthong.engine.sources.mysql import MysqlSource
        from lienthong.engine.sync.mywitness import MyWitness

        if isinstance(source, MysqlSource):
            return MyWitness(source, table, lambda: here(source, table))
    if source.kind == "sqlite" and isinstance(source, ServerSource):
        return _of_sqlite(source, table)
    return None


def _of_sqlite(source: ServerSource, table: Table) -> Witness:
    from lienthong.engine.sync.litescan import LiteScan

    with source._explained():
        scan = LiteScan(source, table)
        connection = open_session(source.limits, source.folder) if scan.small else source.connect()

    def close() -> None:
        if scan.small:
            connection.close()
        source.close()

    return HereWitness(
        connection=connection,
        scan=scan,
        display=source.display,
        table=table.name,
        columns=scan.columns,
        explain=lambda error: _explained_of(source, error),
        on_close=close,
        primary_key=table.primary_key,
        expected_rows=scan.rows,
        noted=source.findings(),
        live=True,
    )


def _explained_of(source: Source, error: duckdb.Error) -> EngineError:
    import duckdb

    if isinstance(error, duckdb.InterruptException):
        return LookInterrupted(source=source.display)
    return source._broken(str(error))


def here(source: Source, table: Table) -> Witness:
    """The witness that reads the rows of any source and hashes them here; it closes the source with itself."""

    @contextmanager
    def scan(connection: Connection, columns: Sequence[str]) -> Iterator[str]:
        yield source.relation_of(table, columns)

    with source._explained():
        connection = source.connect()
        relation = source.relation(table)
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    known = {column.name: column for column in source.seen(table).columns}
    return HereWitness(
        connection=connection,
        scan=scan,
        display=source.display,
        table=table.name,
        columns=tuple(_column(str(row[0]), str(row[1]), known.get(str(row[0]))) for row in described),
        explain=lambda error: _explained_of(source, error),
        on_close=source.close,
        primary_key=table.primary_key,
        expected_rows=table.rows,
        noted=source.findings(),
        live=source.kind in ("postgresql", "mysql", "sqlite", "oracle", "sqlserver"),
    )


def _of_store(side: Side) -> Witness:
    from lienthong.engine.store.ducklake import DuckLakeStore

    folder, name, number = side.store_table()
    store = DuckLakeStore(folder)
    connection: Connection | None = None
    try:
        rows = store.at(name, number)
        connection = open_session(Limits(), Path(store.root / "tmp"))
    except BaseException:
        store.close()
        raise

    @contextmanager
    def scan(into: Connection, columns: Sequence[str]) -> Iterator[str]:
        into.register("lt_version", rows.arrow(columns, ordered=False))
        try:
            yield "lt_version"
        finally:
            into.unregister("lt_version")

    def close() -> None:
        import duckdb

        with suppress(duckdb.Error):
            connection.close()
        store.close()

    version = rows.version
    return HereWitness(
        connection=connection,
        scan=scan,
        display=f"store:{folder}",
        table=name,
        columns=tuple(
            SideColumn(column.name, _native(str(column.native_type), column), str(column.native_type))
            for column in version.columns
        ),
        explain=lambda error: SourceUnreadable(source=side.display),
        on_close=close,
        primary_key=version.key,
        expected_rows=version.rows,
        version=version.number,
    )


def _column(name: str, native: str, known: Column | None) -> SideColumn:
    shown = known.native_type if known is not None and known.native_type else native
    return SideColumn(name, _native(native, known), shown)


def _native(native: str, known: Column | None) -> Native:
    kind = native.upper()
    if kind.startswith("DECIMAL"):
        return "decimal"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return "json"
    if kind == "VARCHAR" and known is not None and known.type == "json":
        return "json"
    return _NATIVES.get(kind, "text")
