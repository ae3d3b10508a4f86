"""A table of a MariaDB or MySQL database as a target."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

import pymysql
from pymysql.constants import ER

from lienthong.engine.errors import EngineError
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ColumnType
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.mysqlsession import connected
from lienthong.engine.sync.errors import (
    AlreadyRunning,
    TargetBusy,
    TargetFailed,
    TargetFull,
    TargetLost,
    TargetReadOnly,
    TargetUnfit,
)
from lienthong.engine.sync.sqltarget import STATE_COLUMNS, SqlTarget
from lienthong.engine.sync.target import (
    GONE,
    KEPT,
    STAGE,
    Batches,
    NewColumn,
    RowRefused,
    TargetColumn,
    TargetKind,
    as_rows,
)

_TYPES: dict[str, ColumnType] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer", "bigint": "integer",
    "year": "integer", "decimal": "decimal", "float": "double", "double": "double", "date": "date",
    "datetime": "timestamp", "timestamp": "timestamp", "time": "time", "json": "json", "binary": "binary",
    "varbinary": "binary", "tinyblob": "binary", "blob": "binary", "mediumblob": "binary", "longblob": "binary",
}  # fmt: skip
_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}
_NEW: dict[str, str] = {
    "text": "longtext", "integer": "bigint", "decimal": "decimal(38, 10)", "double": "double", "boolean": "boolean",
    "date": "date", "time": "time(6)", "timestamp": "datetime(6)", "json": "json", "binary": "longblob",
}  # fmt: skip
_COLLATION = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
_REASONS = {
    ER.BAD_NULL_ERROR: "null_refused",
    1364: "null_refused",
    ER.DUP_ENTRY: "not_unique",
    1586: "not_unique",
    ER.NO_REFERENCED_ROW_2: "reference_broken",
    ER.ROW_IS_REFERENCED_2: "reference_broken",
    ER.NO_REFERENCED_ROW: "reference_broken",
    ER.ROW_IS_REFERENCED: "reference_broken",
    4025: "check_broken",
    3819: "check_broken",
    ER.DATA_TOO_LONG: "too_long",
    1264: "out_of_range",
    1690: "out_of_range",
    1366: "value_not_of_type",
    1292: "value_not_of_type",
    1265: "value_not_of_type",
    1411: "value_not_of_type",
    3140: "value_not_of_type",
    3988: "character_refused",
    1300: "character_refused",
    1644: "refused_by_trigger",
}
_READ_ONLY = (1142, 1143, 1044, 1045, 1227, 1290, 1792, 1836, 1370)
_FULL = (1021, 1114, 1026, 3, 1041, 3675)
_BUSY = (1205, 1213, 1317, 1969, 3024, 1412)
_LOST = (0, 2006, 2013, 2055, 1053, 1927, 4031)
_GONE = (1146, 1054, 1051, 1049, 1136)
_ROWS_PER_STATEMENT = 2000

_COLUMNS = """
SELECT column_name, data_type, column_type, is_nullable, character_maximum_length, numeric_precision, numeric_scale,
       extra, column_default, collation_name
FROM information_schema.columns WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position
"""


class MysqlTarget(SqlTarget):
    """One table of a MariaDB or MySQL database; a job is held by a named lock of the server."""

    kind: ClassVar[TargetKind] = "mysql"

    def __init__(self, address: Address, table: str, limits: Limits) -> None:
        self.display, self.table = address.display, table
        self._database, self._limits = address.database, limits
        self._collated: frozenset[str] = frozenset()
        self._binary: frozenset[str] = frozenset()
        self._flags: frozenset[str] = frozenset()
        self._indexable: frozenset[str] = frozenset()
        self._session = connected(address, limits, self._settle)

    def _settle(self, session: pymysql.Connection[Any]) -> None:
        with session.cursor() as cursor:
            # Values that do not fit are errors, not cut or bent.
            cursor.execute(
                "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
                "ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'"
            )
            cursor.execute("SET SESSION time_zone = '+00:00'")
            for waiting in ("lock_wait_timeout", "innodb_lock_wait_timeout"):
                cursor.execute(f"SET SESSION {waiting} = {max(1, self._limits.lock_seconds)}")

    def columns(self) -> tuple[TargetColumn, ...]:
        found, collated, binary, flags, indexable = [], set(), set(), set(), set()
        engine = self._ask(
            "SELECT engine FROM information_schema.tables WHERE table_schema = %s AND table_name = %s",
            (self._database, self.table),
        )
        if engine and str(engine[0][0] or "").lower() not in ("innodb", ""):
            raise TargetUnfit(
                target=self.display, table=self.table,
                reason_vi=f"bảng dùng {engine[0][0]}, không ghi được trọn vẹn theo giao dịch (cần InnoDB)",
                reason_en=f"it is kept by {engine[0][0]}, which knows no transactions (InnoDB is needed)",
            )  # fmt: skip
        for row in self._ask(_COLUMNS, (self._database, self.table)):
            name, data_type, native, nullable, length, precision, scale, extra, default, collation = map(
                _text, row
            )
            kind = _TYPES.get(data_type, "text")
            if native in ("tinyint(1)", "bit(1)"):
                kind = "boolean"
            low, high = _bounds(data_type, native)
            extra = (extra or "").upper()
            found.append(
                TargetColumn(
                    name, kind, native, nullable == "YES",
                    length=int(length) if kind == "text" and length is not None else None,
                    precision=int(precision) if kind == "decimal" else None,
                    scale=int(scale or 0) if kind == "decimal" else None,
                    low=low, high=high,
                    computed=any(word in extra for word in ("VIRTUAL", "STORED", "PERSISTENT")),
                    defaulted=default is not None or "AUTO_INCREMENT" in extra,
                )
            )  # fmt: skip
            if collation and collation != "binary":
                collated.add(name)
            if kind == "binary" or data_type == "bit":
                binary.add(name)
            if native == "bit(1)":
                flags.add(name)
            if "text" not in data_type and "blob" not in data_type and data_type != "json":
                indexable.add(name)
        self._collated, self._binary = frozenset(collated), frozenset(binary)
        self._flags, self._indexable = frozenset(flags), frozenset(indexable)
        return tuple(found)

    def create(self, columns: Sequence[NewColumn], key: Sequence[str], *, keyed: bool = True) -> None:
        parts = [
            f"{self._quoted(one.name)} {_new_type(one, one.name in key)}{' NOT NULL' if one.name in key else ''}"
            for one in columns
        ]
        parts.append(f"PRIMARY KEY ({self._listed(key)})")
        self._do(
            f"CREATE TABLE IF NOT EXISTS {self._own_name()} ({', '.join(parts)}) ENGINE=InnoDB {_COLLATION}"
        )

    def has_triggers(self) -> bool:
        return bool(
            self._ask(
                "SELECT 1 FROM information_schema.triggers WHERE event_object_schema = %s AND event_object_table = %s LIMIT 1",
                (self._database, self.table),
            )
        )

    def hold(self, job: str) -> None:
        name = "lienthong-" + hashlib.sha256(f"{self._database} {job}".encode()).hexdigest()[:40]
        if not self._ask("SELECT GET_LOCK(%s, 0)", (name,))[0][0]:
            raise AlreadyRunning(job=job)

    def prepare(self, columns: Sequence[str], key: Sequence[str]) -> None:
        self.sent, self.key = tuple(columns), tuple(key)
        for name, shape in STATE_COLUMNS:
            if not self._has(name):
                text = shape.format(short="varchar(191)", long="longtext")
                self._do(f"CREATE TABLE IF NOT EXISTS {name} ({text}) ENGINE=InnoDB {_COLLATION}")
        # An index must be declared as the table is made: adding one later would end a running transaction.
        index = f"(KEY ({self._listed(self.key)}))" if set(self.key) <= self._indexable else ""
        for name, names in ((STAGE, self.sent), (GONE, self.key), (KEPT, self.key)):
            self._do(f"DROP TEMPORARY TABLE IF EXISTS {name}")
            self._do(
                f"CREATE TEMPORARY TABLE {name} {index} ENGINE=InnoDB AS SELECT {self._listed(names)} "
                f"FROM {self._own_name()} LIMIT 0"
            )

    def begin(self) -> None:
        self._do("START TRANSACTION")

    def commit(self) -> None:
        self._do("COMMIT")

    def rollback(self) -> None:
        with contextlib.suppress(pymysql.MySQLError, OSError):
            self._session.rollback()

    def stage(self, batches: Batches) -> None:
        self._fill(STAGE, self.sent, batches)

    def stage_keys(self, name: str, batches: Batches) -> None:
        self._fill(name, self.key, batches)

    def _fill(self, name: str, columns: Sequence[str], batches: Batches) -> None:
        self._do(f"DELETE FROM {name}")
        given = ", ".join(self._given(column) for column in columns)
        names = self._listed(columns).replace("%", "%%")
        sql = f"INSERT INTO {name} ({names}) VALUES ({given})"
        rows: list[tuple[Any, ...]] = []
        for row in as_rows(batches):
            rows.append(row)
            if len(rows) == _ROWS_PER_STATEMENT:
                self._many(sql, rows)
                rows = []
        if rows:
            self._many(sql, rows)

    def _given(self, column: str) -> str:
        if column in self._binary:
            return "UNHEX(%s)"
        if column in self._flags:
            return "%s = 'true'"
        return "%s"

    def _many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            with self._session.cursor() as cursor:
                cursor.executemany(sql, rows)
        except (pymysql.MySQLError, OSError) as error:
            self._fail(error)

    def _update(self, values: Sequence[str], differs: str) -> str:
        changes = ", ".join(f"t.{self._quoted(name)} = s.{self._quoted(name)}" for name in values)
        return f"UPDATE {self._own_name()} t JOIN {STAGE} s ON {self._same_key('t', 's')} SET {changes} WHERE {differs}"

    def _delete_kept(self, table: str) -> str:
        return f"DELETE g FROM {table} g JOIN {KEPT} k ON {self._same_key('g', 'k')}"

    def delete_gone(self) -> int:
        return self._do(f"DELETE t FROM {self._own_name()} t JOIN {GONE} g ON {self._same_key('t', 'g')}")

    def close(self) -> None:
        if self._session.open:
            with contextlib.suppress(pymysql.MySQLError, OSError):
                self._session.close()

    def _do(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        try:
            with self._session.cursor() as cursor:
                return int(cursor.execute(sql, tuple(parameters) or None))
        except (pymysql.MySQLError, OSError) as error:
            self._fail(error)

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._session.cursor() as cursor:
                cursor.execute(sql, tuple(parameters) or None)
                return [tuple(map(_text, row)) for row in cursor.fetchall()]
        except (pymysql.MySQLError, OSError) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> NoReturn:
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        reason = _REASONS.get(code)
        if reason is not None and isinstance(error, pymysql.MySQLError):
            refused = RowRefused(reason, _column_in(error))
            refused.__suppress_context__ = True
            raise refused from None
        raise_alone(self._diagnosed(error, code))

    def _diagnosed(self, error: Exception, code: int) -> EngineError:
        facts = {"target": self.display, "table": self.table}
        if isinstance(error, (pymysql.err.InterfaceError, OSError)) or code in _LOST:
            return TargetLost(**facts)
        if code in _READ_ONLY:
            return TargetReadOnly(**facts)
        if code in _FULL:
            return TargetFull(**facts)
        if code in _BUSY:
            return TargetBusy(**facts)
        if code in _GONE:
            return TargetUnfit(
                **facts,
                reason_vi="bảng hoặc cột không có hoặc không còn như khi bắt đầu",
                reason_en="the table or a column is missing or not what it was at the beginning",
            )
        return TargetFailed(**facts, state=code)

    def _quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def _own_name(self) -> str:
        return self._quoted(self.table)

    def _beside(self, name: str) -> str:
        return name

    def _same_key(self, left: str, right: str) -> str:
        return " AND ".join(
            f"{left}.{q} = {right}.{q}"
            + (f" AND BINARY {left}.{q} = BINARY {right}.{q}" if name in self._collated else "")
            for name in self.key
            for q in [self._quoted(name)]
        )

    def _differs(self, column: str, left: str, right: str) -> str:
        q = self._quoted(column)
        binary = "BINARY " if column in self._collated else ""
        return f"NOT ({binary}{left}.{q} <=> {binary}{right}.{q})"

    def _has(self, name: str) -> bool:
        return bool(
            self._ask(
                "SELECT 1 FROM information_schema.tables WHERE table_schema = %s AND table_name = %s",
                (self._database, name),
            )
        )


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _bounds(data_type: str, native: str) -> tuple[int | None, int | None]:
    bits = _BITS.get(data_type)
    if bits is None:
        return None, None
    return (0, (1 << bits) - 1) if "unsigned" in native else (-(1 << bits - 1), (1 << bits - 1) - 1)


def _column_in(error: pymysql.MySQLError) -> str | None:
    """The column that a message names; its value, which it names too, is left behind."""
    said = str(error.args[1]) if len(error.args) > 1 else ""
    found = re.search(r"(?:for column |Column )(?:`[^`]*`\.)*[`']([^`']+)[`']", said)
    return found.group(1) if found else None


def _new_type(column: NewColumn, in_key: bool) -> str:
    if column.native:
        return column.native
    if column.type == "decimal" and column.precision:
        return f"decimal({min(column.precision, 65)}, {column.scale or 0})"
    if column.type == "text":
        if in_key:
            return f"varchar({min(column.length or 255, 255)})"
        return f"varchar({column.length})" if column.length and column.length <= 4000 else "longtext"
    return _NEW[column.type]
