"""Microsoft SQL Server: asked and read through mssql-python.

No server of this kind is at hand where the product is built: what is here is held to recorded rows of the
catalogue and to the driver's published interface, not to a live database. SQL Server has no read-only session; the
account must have no right to write, and nothing but SELECT is sent.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lienthong.engine.errors import (
    DriverMissing,
    EngineError,
    ReadCancelled,
    SourceError,
    SourceLost,
    SourceNotFound,
    SourceRefused,
    SourceTimedOut,
    SourceTlsFailed,
    SourceUnreachable,
    TableChanged,
    TableFailed,
    TableGone,
    TableLocked,
    TableRefused,
    WrongPassword,
)
from lienthong.engine.session import Limits
from lienthong.engine.shapes import Column, ColumnType, ForeignKey, Table
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.arrowserver import BATCH_ROWS, ArrowServerSource
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.noting import note
from lienthong.engine.sources.server import Measure

if TYPE_CHECKING:
    import pyarrow

_TABLES = """
SELECT o.object_id, s.name, o.name, RTRIM(o.type), CAST(d.value AS nvarchar(4000)),
       HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT'),
       COALESCE(t.temporal_type, 0)
FROM sys.objects o
JOIN sys.schemas s ON s.schema_id = o.schema_id
LEFT JOIN sys.tables t ON t.object_id = o.object_id
LEFT JOIN sys.extended_properties d
  ON d.class = 1 AND d.major_id = o.object_id AND d.minor_id = 0 AND d.name = 'MS_Description'
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
ORDER BY s.name, o.name
"""
_COLUMNS = """
SELECT c.object_id, c.name, TYPE_NAME(c.system_type_id), TYPE_NAME(c.user_type_id), c.max_length, c.precision,
       c.scale, c.is_nullable, c.is_computed, c.column_id, CAST(d.value AS nvarchar(4000))
FROM sys.columns c
JOIN sys.objects o ON o.object_id = c.object_id AND o.type IN ('U', 'V') AND o.is_ms_shipped = 0
LEFT JOIN sys.extended_properties d
  ON d.class = 1 AND d.major_id = c.object_id AND d.minor_id = c.column_id AND d.name = 'MS_Description'
ORDER BY c.object_id, c.column_id
"""
_PRIMARY = """
SELECT k.parent_object_id, c.name
FROM sys.key_constraints k
JOIN sys.index_columns i ON i.object_id = k.parent_object_id AND i.index_id = k.unique_index_id
JOIN sys.columns c ON c.object_id = i.object_id AND c.column_id = i.column_id
WHERE k.type = 'PK' ORDER BY k.parent_object_id, i.key_ordinal
"""
_FOREIGN = """
SELECT f.object_id, f.parent_object_id, p.name, f.referenced_object_id, r.name
FROM sys.foreign_keys f
JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id
JOIN sys.columns p ON p.object_id = k.parent_object_id AND p.column_id = k.parent_column_id
JOIN sys.columns r ON r.object_id = k.referenced_object_id AND r.column_id = k.referenced_column_id
ORDER BY f.parent_object_id, f.name, k.constraint_column_id
"""
# Rows and partitions are those of the heap or of the clustered index; the others repeat them.
_COUNTS = """
SELECT p.object_id, SUM(p.rows), COUNT(*) FROM sys.partitions p WHERE p.index_id IN (0, 1) GROUP BY p.object_id
"""
_SIZES = """
SELECT p.object_id, SUM(a.total_pages) * 8192
FROM sys.partitions p
JOIN sys.allocation_units a
  ON a.container_id = CASE WHEN a.type = 2 THEN p.partition_id ELSE p.hobt_id END
GROUP BY p.object_id
"""

_TYPES: dict[str, ColumnType] = {
    "bit": "boolean", "tinyint": "integer", "smallint": "integer", "int": "integer", "bigint": "integer",
    "decimal": "decimal", "numeric": "decimal", "money": "decimal", "smallmoney": "decimal",
    "float": "double", "real": "double", "date": "date", "time": "time", "datetime": "timestamp",
    "datetime2": "timestamp", "smalldatetime": "timestamp", "datetimeoffset": "timestamp",
    "binary": "binary", "varbinary": "binary", "image": "binary", "timestamp": "binary",
    "geometry": "binary", "geography": "binary", "json": "json",
}  # fmt: skip
# How a column is read where Arrow does not carry it as it is.
_READ_AS = {
    "money": "CAST({c} AS decimal(19, 4))", "smallmoney": "CAST({c} AS decimal(10, 4))",
    "time": "CAST({c} AS time(6))", "datetime2": "CAST({c} AS datetime2(6))",
    "datetimeoffset": "CAST(SWITCHOFFSET({c}, '+00:00') AS datetime2(6))",
    "uniqueidentifier": "CAST({c} AS char(36))", "xml": "CAST({c} AS nvarchar(max))",
    "text": "CAST({c} AS varchar(max))", "ntext": "CAST({c} AS nvarchar(max))",
    "image": "CAST({c} AS varbinary(max))", "sql_variant": "CAST({c} AS nvarchar(4000))",
    "hierarchyid": "{c}.ToString()", "geometry": "{c}.STAsBinary()", "geography": "{c}.STAsBinary()",
    "json": "CAST({c} AS nvarchar(max))", "vector": "CAST({c} AS nvarchar(max))",
}  # fmt: skip
_USUAL_SCHEMA = "dbo"

# What the driver says for each state of ODBC, and the server for each failure, in words without names.
_SAID: tuple[tuple[str, type[SourceError]], ...] = (
    ("Login failed", WrongPassword),
    ("Invalid authorization specification", WrongPassword),
    ("Cannot open database", SourceNotFound),
    ("SSL Provider", SourceTlsFailed),
    ("certificate", SourceTlsFailed),
    ("Connection timeout expired", SourceTimedOut),
    ("Login timeout expired", SourceUnreachable),
    ("Client unable to establish connection", SourceUnreachable),
    ("Server rejected the connection", SourceRefused),
    ("Communication link failure", SourceLost),
    ("Connection not open", SourceLost),
    ("Connection failure during transaction", SourceLost),
    ("Lock request time out", TableLocked),
    ("Timeout expired", SourceTimedOut),
    ("Query timeout expired", SourceTimedOut),
    ("Operation canceled", ReadCancelled),
    ("Serialization failure", ReadCancelled),
    ("permission was denied", TableRefused),
    ("Base table or view not found", TableGone),
    ("Invalid object name", TableGone),
    ("Column not found", TableChanged),
    ("Invalid column name", TableChanged),
)


class SqlServerSource(ArrowServerSource):
    """One database of a SQL Server: tables of `dbo` under their plain names."""

    kind = "sqlserver"
    driver = "mssql_python"
    package = "lienthong[sqlserver]"

    def __init__(self, address: Address, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(address.display, limits)
        self._address = address
        self._owned: dict[str, tuple[str, str]] = {}
        self._natives: dict[str, list[str]] = {}
        self._reading: Any = None
        try:
            self._session = self._connected()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            with contextlib.suppress(self._driver.Error):
                session.close()
        super().close()

    def _connected(self) -> Any:
        address, options = self._address, self._address.options
        wait = int(options.get("connect_timeout", self.limits.connect_seconds))
        given = {
            "Server": f"{address.host},{address.port}",
            "Database": address.database,
            "Encrypt": options.get("encrypt", "yes"),
            "TrustServerCertificate": options.get("trust_server_certificate", "no"),
            "ApplicationIntent": "ReadOnly",
            "ConnectRetryCount": "0",
            "KeepAlive": "30",
        }
        if address.user:
            given |= {"UID": address.user, "PWD": address.password.reveal() if address.password else ""}
        else:
            given["Trusted_Connection"] = "yes"
        failure: EngineError
        try:
            session = self._driver.connect(
                ";".join(f"{name}={_braced(value)}" for name, value in given.items()),
                autocommit=True,
                timeout=max(1, wait),
                native_uuid=False,
            )
            session.timeout = self.limits.statement_seconds
            session.execute(f"SET LOCK_TIMEOUT {1000 * self.limits.lock_seconds}").close()
            return session
        except (self._driver.Error, ValueError) as error:
            failure = self._refusal(error)
        return raise_alone(
            failure if not isinstance(failure, TableFailed) else SourceRefused(source=self.display)
        )

    def _list_tables(self) -> list[Table]:
        self._notes = []
        listed = self._ask(_TABLES)
        names = {int(row[0]): _shown(row[1], row[2]) for row in listed}
        columns = self._columns(names)
        primary: dict[int, list[str]] = {}
        for number, column in self._ask(_PRIMARY):
            primary.setdefault(int(number), []).append(column)
        foreign = self._foreign(names)
        counts = {int(number): (int(rows), int(parts)) for number, rows, parts in self._ask(_COUNTS)}
        sizes = {int(number): int(size) for number, size in self._ask(_SIZES)}
        tables = []
        for number, schema, name, kind, comment, permitted, temporal in listed:
            shown = names[int(number)]
            if not permitted:
                self._notes.append(note("table_not_permitted", shown))
                continue
            self._owned[shown] = (schema, name)
            rows, parts = counts.get(int(number), (None, 1))
            partitions = tuple(f"{part}" for part in range(1, parts + 1)) if parts > 1 else ()
            if partitions:
                self._notes.append(note("partitions_counted_once", shown, count=parts, names=f"1–{parts}"))
            tables.append(
                Table(
                    name=shown,
                    columns=tuple(columns.get(int(number), ())),
                    primary_key=tuple(primary.get(int(number), ())),
                    foreign_keys=tuple(foreign.get(int(number), ())),
                    rows=rows,
                    kind="view" if kind == "V" else "table",
                    comment=comment or None,
                    schema=schema,
                    size_bytes=sizes.get(int(number)) if kind == "U" else None,
                    partitions=partitions,
                    native_kind=_kind(kind, int(temporal), bool(partitions)),
                )
            )
        return tables

    def _columns(self, names: dict[int, str]) -> dict[int, list[Column]]:
        columns: dict[int, list[Column]] = {}
        self._natives = {}
        for row in self._ask(_COLUMNS):
            number, name, base, own, length, precision, scale, nullable, computed, _, comment = row
            if int(number) not in names:
                continue
            # A type of the user's own has a base; types that the server adds (geometry, ...) have none.
            native = base or own or ""
            self._natives.setdefault(names[int(number)], []).append(native)
            made = columns.setdefault(int(number), [])
            made.append(
                Column(
                    name,
                    _TYPES.get(native, "text"),
                    bool(nullable),
                    comment or None,
                    _native(native, int(length), int(precision), int(scale)),
                    len(made) + 1,
                    bool(computed),
                )
            )
        return columns

    def _foreign(self, names: dict[int, str]) -> dict[int, list[ForeignKey]]:
        grouped: dict[tuple[int, int, int], list[tuple[str, str]]] = {}
        for key, table, column, target, ref_column in self._ask(_FOREIGN):
            grouped.setdefault((int(table), int(key), int(target)), []).append((column, ref_column))
        foreign: dict[int, list[ForeignKey]] = {}
        for (table, _, target), parts in grouped.items():
            if target in names:
                columns, targets = zip(*parts, strict=True)
                foreign.setdefault(table, []).append(ForeignKey(columns, names[target], targets))
        return foreign

    def _own_name(self, table: Table) -> str:
        schema, name = self._owned[table.name]
        return f"{bracketed(schema)}.{bracketed(name)}"

    def _read_as(self, table: Table, order: int) -> str:
        native = self._natives[table.name][order]
        return _READ_AS.get(native, "{c}").replace("{c}", bracketed(table.columns[order].name))

    def _batches_of(self, sql: str) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        cursor = self._session.cursor()
        self._reading = cursor
        try:
            cursor.execute(sql)
            reader = cursor.arrow_reader(batch_size=BATCH_ROWS)
            some = False
            for batch in reader:
                some = True
                yield batch
            if not some:
                yield pyarrow.RecordBatch.from_pylist([], schema=reader.schema)
        finally:
            self._reading = None
            with contextlib.suppress(self._driver.Error):
                cursor.close()

    def _rows(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        cursor = self._session.cursor()
        try:
            cursor.execute(sql, *parameters)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def _refusal(self, error: Exception) -> EngineError:
        said = str(error)
        if "Failed to load the driver" in said:
            return DriverMissing(source=self.display, package="libltdl7, libkrb5-3, libgssapi-krb5-2")
        kind = next((kind for words, kind in _SAID if words in said), TableFailed)
        seconds = self.limits.lock_seconds if kind is TableLocked else self.limits.statement_seconds
        return kind(source=self.display, user=self._address.user, seconds=seconds, state="–")


def bracketed(name: str) -> str:
    """The name as SQL Server quotes it."""
    return "[" + name.replace("]", "]]") + "]"


def _braced(value: str) -> str:
    """A value of a connection string, whatever letters it holds."""
    return (
        "{" + value.replace("}", "}}") + "}" if any(letter in value for letter in ";{}[]()=,?*!@ ") else value
    )


def _shown(schema: str, name: str) -> str:
    return name if schema == _USUAL_SCHEMA else f"{schema}.{name}"


def _kind(kind: str, temporal: int, parted: bool) -> str:
    if kind == "V":
        return "view"
    if temporal == 1:
        return "history table"
    return "partitioned table" if parted else "table"


def _native(native: str, length: int, precision: int, scale: int) -> str:
    if native in ("decimal", "numeric"):
        return f"{native}({precision},{scale})"
    if native in ("varchar", "char", "varbinary", "binary"):
        return f"{native}({length if length > 0 else 'max'})"
    if native in ("nvarchar", "nchar"):
        return f"{native}({length // 2 if length > 0 else 'max'})"
    return native
