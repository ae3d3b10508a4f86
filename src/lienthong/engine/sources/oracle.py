"""Oracle Database: asked and read through python-oracledb without Oracle's own client.

No server of this kind is at hand where the product is built: what is here is held to recorded rows of the
catalogue and to the driver's published interface, not to a live database.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lienthong.engine.errors import (
    EngineError,
    ReadCancelled,
    SourceBusy,
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
from lienthong.engine.session import Limits, quoted
from lienthong.engine.shapes import Column, ColumnType, ForeignKey, Table
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.arrowserver import BATCH_ROWS, ArrowServerSource
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.noting import listed, note
from lienthong.engine.sources.server import Measure

if TYPE_CHECKING:
    import pyarrow

# Schemas that Oracle keeps for itself are left out; a materialized view is listed once, not also as its container.
_TABLES = """
SELECT o.owner, o.object_name, o.object_type, c.comments, t.num_rows
FROM all_objects o
JOIN all_users u ON u.username = o.owner AND u.oracle_maintained = 'N'
LEFT JOIN all_tables t ON t.owner = o.owner AND t.table_name = o.object_name
LEFT JOIN all_tab_comments c ON c.owner = o.owner AND c.table_name = o.object_name
WHERE o.object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW')
  AND o.object_name NOT LIKE 'BIN$%' AND coalesce(t.nested, 'NO') = 'NO' AND coalesce(t.secondary, 'N') = 'N'
  AND NOT (o.object_type = 'TABLE' AND EXISTS (
        SELECT 1 FROM all_mviews m WHERE m.owner = o.owner AND m.mview_name = o.object_name))
ORDER BY o.owner, o.object_name
"""
_COLUMNS = """
SELECT c.owner, c.table_name, c.column_name, c.data_type, c.data_precision, c.data_scale, c.char_length,
       c.nullable, m.comments, c.virtual_column
FROM all_tab_cols c
JOIN all_users u ON u.username = c.owner AND u.oracle_maintained = 'N'
LEFT JOIN all_col_comments m
  ON m.owner = c.owner AND m.table_name = c.table_name AND m.column_name = c.column_name
WHERE c.hidden_column = 'NO'
ORDER BY c.owner, c.table_name, c.column_id
"""
_KEYS = """
SELECT k.owner, k.table_name, k.constraint_name, k.constraint_type, c.column_name,
       r.owner, r.table_name, r.column_name
FROM all_constraints k
JOIN all_users u ON u.username = k.owner AND u.oracle_maintained = 'N'
JOIN all_cons_columns c ON c.owner = k.owner AND c.constraint_name = k.constraint_name
LEFT JOIN all_cons_columns r
  ON r.owner = k.r_owner AND r.constraint_name = k.r_constraint_name AND r.position = c.position
WHERE k.constraint_type IN ('P', 'R')
ORDER BY k.owner, k.table_name, k.constraint_name, c.position
"""
_PARTITIONS = """
SELECT p.table_owner, p.table_name, p.partition_name
FROM all_tab_partitions p JOIN all_users u ON u.username = p.table_owner AND u.oracle_maintained = 'N'
ORDER BY p.table_owner, p.table_name, p.partition_position
"""
# Only an account with the right to see segments is told sizes.
_SIZES = "SELECT owner, segment_name, sum(bytes) FROM dba_segments WHERE segment_type LIKE 'TABLE%' GROUP BY owner, segment_name"

_TYPES: dict[str, ColumnType] = {
    "BINARY_FLOAT": "double", "BINARY_DOUBLE": "double", "FLOAT": "double", "DATE": "timestamp",
    "RAW": "binary", "LONG RAW": "binary", "BLOB": "binary", "BFILE": "binary", "JSON": "json",
    "BOOLEAN": "boolean",
}  # fmt: skip
_PLAIN_TEXT = frozenset({"VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR", "CLOB", "NCLOB", "LONG"})
_LARGEST_WHOLE = 18
"""Digits of a whole number that every engine holds."""
_FIRST_BYTES = 2_000
"""Bytes of a large binary value that stand for it."""

_CODES: dict[str, type[SourceError]] = {
    "ORA-01017": WrongPassword, "ORA-01005": WrongPassword, "ORA-28000": WrongPassword,
    "ORA-28001": WrongPassword, "ORA-01045": SourceRefused,
    "ORA-12514": SourceNotFound, "ORA-12505": SourceNotFound, "DPY-6001": SourceNotFound,
    "DPY-6003": SourceNotFound,
    "DPY-6005": SourceUnreachable, "DPY-6000": SourceUnreachable, "ORA-12541": SourceUnreachable,
    "ORA-12545": SourceUnreachable, "ORA-01033": SourceUnreachable, "ORA-01034": SourceUnreachable,
    "ORA-12170": SourceTimedOut, "DPY-4024": SourceTimedOut, "ORA-01013": ReadCancelled,
    "DPY-4011": SourceLost, "DPY-1001": SourceLost, "ORA-03113": SourceLost, "ORA-03114": SourceLost,
    "ORA-03135": SourceLost, "ORA-12537": SourceLost, "ORA-00028": SourceLost, "ORA-01012": SourceLost,
    "ORA-01089": SourceLost, "ORA-02396": SourceLost,
    "ORA-00018": SourceBusy, "ORA-00020": SourceBusy, "ORA-12516": SourceBusy, "ORA-12519": SourceBusy,
    "ORA-12520": SourceBusy, "ORA-02391": SourceBusy,
    "ORA-28860": SourceTlsFailed, "ORA-29024": SourceTlsFailed, "DPY-6006": SourceTlsFailed,
    "ORA-00942": TableGone, "ORA-08103": TableGone, "ORA-00904": TableChanged, "ORA-01031": TableRefused,
    "ORA-00054": TableLocked, "ORA-04021": TableLocked, "ORA-01555": ReadCancelled,
}  # fmt: skip


class OracleSource(ArrowServerSource):
    """An Oracle database: the schemas that the account may read, its own under their plain names."""

    kind = "oracle"
    driver = "oracledb"
    package = "lienthong[oracle]"

    def __init__(self, address: Address, limits: Limits, measure: Measure = "captured") -> None:
        super().__init__(address.display, limits)
        self._address = address
        self._owned: dict[str, tuple[str, str]] = {}
        self._natives: dict[tuple[str, str], tuple[str, int | None, int | None]] = {}
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
        address = self._address
        wait = int(address.options.get("connect_timeout", self.limits.connect_seconds))
        failure: EngineError
        try:
            session = self._driver.connect(
                user=address.user or None,
                password=address.password.reveal() if address.password else None,
                host=address.host,
                port=address.port,
                service_name=address.database,
                protocol=address.options.get("protocol", "tcp").lower(),
                tcp_connect_timeout=float(max(1, wait)),
                retry_count=0,
                expire_time=1,
                program="lienthong",
            )
            session.call_timeout = 1000 * self.limits.statement_seconds
            session.module = "lienthong"
            return session
        except self._driver.Error as error:
            failure = self._refusal(error)
        return raise_alone(
            failure if not isinstance(failure, TableFailed) else SourceRefused(source=self.display)
        )

    def _list_tables(self) -> list[Table]:
        usual = str(self._ask("SELECT sys_context('USERENV', 'CURRENT_SCHEMA') FROM dual")[0][0])
        self._notes = []
        columns = self._columns()
        primary, foreign = self._keys(usual)
        partitions: dict[tuple[str, str], list[str]] = {}
        for owner, name, partition in self._ask(_PARTITIONS):
            partitions.setdefault((owner, name), []).append(partition)
        sizes = self._sizes()
        tables = []
        for owner, name, kind, comment, rows in self._ask(_TABLES):
            place = (owner, name)
            if place not in columns:
                continue
            shown, parts = _shown(usual, owner, name), partitions.get(place, [])
            self._owned[shown] = place
            if parts:
                self._notes.append(
                    note("partitions_counted_once", shown, count=len(parts), names=listed(parts))
                )
            tables.append(
                Table(
                    name=shown,
                    columns=tuple(columns[place]),
                    primary_key=primary.get(place, ()),
                    foreign_keys=tuple(foreign.get(place, ())),
                    rows=int(rows) if rows is not None else None,
                    kind="table" if kind == "TABLE" else "view",
                    comment=comment or None,
                    schema=owner,
                    size_bytes=sizes.get(place),
                    partitions=tuple(parts),
                    native_kind="partitioned table" if parts else kind.lower(),
                )
            )
        return tables

    def _columns(self) -> dict[tuple[str, str], list[Column]]:
        columns: dict[tuple[str, str], list[Column]] = {}
        for row in self._ask(_COLUMNS):
            owner, table, name, native, precision, scale, length, nullable, comment, virtual = row
            made = columns.setdefault((owner, table), [])
            self._natives[(f"{owner}.{table}", name)] = (native, precision, scale)
            made.append(
                Column(
                    name,
                    _type(native, precision, scale),
                    nullable != "N",
                    comment or None,
                    _native(native, precision, scale, length),
                    len(made) + 1,
                    virtual == "YES",
                )
            )
        return columns

    def _keys(
        self, usual: str
    ) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[str, str], list[ForeignKey]]]:
        grouped: dict[tuple[str, str, str, str], list[Sequence[Any]]] = {}
        for row in self._ask(_KEYS):
            grouped.setdefault((row[0], row[1], row[2], row[3]), []).append(row[4:])
        primary: dict[tuple[str, str], tuple[str, ...]] = {}
        foreign: dict[tuple[str, str], list[ForeignKey]] = {}
        for (owner, table, _, kind), parts in grouped.items():
            columns = tuple(part[0] for part in parts)
            if kind == "P":
                primary[(owner, table)] = columns
            elif parts[0][2]:
                target = _shown(usual, parts[0][1], parts[0][2])
                key = ForeignKey(columns, target, tuple(part[3] for part in parts))
                foreign.setdefault((owner, table), []).append(key)
        return primary, foreign

    def _sizes(self) -> dict[tuple[str, str], int]:
        try:
            return {(owner, name): int(size) for owner, name, size in self._ask(_SIZES)}
        except (TableGone, TableRefused):
            self._notes.append(note("sizes_unknown", "*"))
            return {}

    def _own_name(self, table: Table) -> str:
        owner, name = self._owned[table.name]
        return f"{quoted(owner)}.{quoted(name)}"

    def _read_as(self, table: Table, order: int) -> str:
        column = table.columns[order]
        owner, name_of = self._owned[table.name]
        native, precision, scale = self._natives[(f"{owner}.{name_of}", column.name)]
        name = quoted(column.name)
        if native in _PLAIN_TEXT or native in ("BINARY_FLOAT", "BINARY_DOUBLE", "RAW", "BOOLEAN"):
            return name
        if native == "NUMBER" and precision is not None and 0 <= (scale or 0) <= precision:
            return name
        if native == "NUMBER" and column.type == "integer":
            return f"CAST({name} AS NUMBER(38, 0))"
        if native in ("NUMBER", "FLOAT"):
            return f"CAST({name} AS BINARY_DOUBLE)"
        if native == "DATE":
            return f"CAST({name} AS TIMESTAMP)"
        if "TIME ZONE" in native:
            return f"CAST(SYS_EXTRACT_UTC({name}) AS TIMESTAMP)"
        if native.startswith("TIMESTAMP"):
            return name
        if native == "JSON":
            return f"JSON_SERIALIZE({name} RETURNING CLOB)"
        if native == "BLOB":
            return f"DBMS_LOB.SUBSTR({name}, {_FIRST_BYTES}, 1)"
        if native.startswith("INTERVAL"):
            return f"TO_CHAR({name})"
        if native in ("ROWID", "UROWID"):
            return f"ROWIDTOCHAR({name})"
        if native == "XMLTYPE":
            return f"XMLSERIALIZE(CONTENT {name} AS CLOB)"
        # An object, a collection, a file outside: that it is there is all that is told of it.
        return f"CASE WHEN {name} IS NOT NULL THEN '{native[:30].replace(chr(39), '')}' END"

    def _batches_of(self, sql: str) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        # Of one moment: what is changed meanwhile is read as it was when the reading began.
        with self._session.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        try:
            for frame in self._session.fetch_df_batches(sql, size=BATCH_ROWS, fetch_decimals=True):
                yield from _one_batch(pyarrow.table(frame))
        finally:
            with contextlib.suppress(self._driver.Error):
                self._session.rollback()

    def _stop_reading(self) -> None:
        super()._stop_reading()
        with contextlib.suppress(self._driver.Error):
            self._session.cancel()

    def _rows(self, sql: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
        with self._session.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return list(cursor.fetchall())

    def _refusal(self, error: Exception) -> EngineError:
        code = str(getattr(error.args[0], "full_code", "") if error.args else "")
        kind = _CODES.get(code, TableFailed)
        return kind(
            source=self.display,
            user=self._address.user,
            seconds=self.limits.lock_seconds if kind is TableLocked else self.limits.statement_seconds,
            state=code or "–",
        )


def _one_batch(table: pyarrow.Table) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow

    batches = table.to_batches()
    yield from batches or [pyarrow.RecordBatch.from_pylist([], schema=table.schema)]


def _shown(usual: str, owner: str, name: str) -> str:
    return name if owner == usual else f"{owner}.{name}"


def _type(native: str, precision: int | None, scale: int | None) -> ColumnType:
    if native == "NUMBER":
        whole = scale == 0 and (precision is None or precision <= _LARGEST_WHOLE)
        return "integer" if whole else "decimal"
    if native.startswith("TIMESTAMP"):
        return "timestamp"
    return _TYPES.get(native, "text")


def _native(native: str, precision: int | None, scale: int | None, length: int | None) -> str:
    if native == "NUMBER" and precision is not None:
        return f"NUMBER({precision},{scale or 0})"
    if native in ("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR") and length:
        return f"{native}({length})"
    return native
