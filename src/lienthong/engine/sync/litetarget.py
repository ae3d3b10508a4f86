"""A table of an SQLite database as a target."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from lienthong.engine.errors import EngineError, FileMalformed, SourceNotFound
from lienthong.engine.shapes import ColumnType
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.store.locks import held
from lienthong.engine.sync.errors import (
    AlreadyRunning,
    TargetBusy,
    TargetFailed,
    TargetFull,
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

_BUSY_SECONDS = 10
_BY_WORD: tuple[tuple[str, ColumnType], ...] = (
    ("BOOL", "boolean"), ("DATETIME", "timestamp"), ("TIMESTAMP", "timestamp"), ("DATE", "date"), ("TIME", "time"),
    ("JSON", "json"), ("INT", "integer"), ("CHAR", "text"), ("CLOB", "text"), ("TEXT", "text"), ("UUID", "text"),
    ("BLOB", "binary"), ("BINARY", "binary"), ("REAL", "double"), ("FLOA", "double"), ("DOUB", "double"),
    ("DEC", "decimal"), ("NUM", "decimal"), ("MONEY", "decimal"),
)  # fmt: skip
_NEW: dict[str, str] = {
    "text": "TEXT", "integer": "INTEGER", "decimal": "NUMERIC", "double": "REAL", "boolean": "BOOLEAN", "date": "DATE",
    "time": "TIME", "timestamp": "DATETIME", "json": "JSON", "binary": "BLOB",
}  # fmt: skip
_REASONS = {
    "SQLITE_CONSTRAINT_NOTNULL": "null_refused",
    "SQLITE_CONSTRAINT_UNIQUE": "not_unique",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "not_unique",
    "SQLITE_CONSTRAINT_ROWID": "not_unique",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "reference_broken",
    "SQLITE_CONSTRAINT_CHECK": "check_broken",
    "SQLITE_CONSTRAINT_DATATYPE": "value_not_of_type",
    "SQLITE_CONSTRAINT_TRIGGER": "refused_by_trigger",
    "SQLITE_MISMATCH": "value_not_of_type",
    "SQLITE_TOOBIG": "too_long",
}


class SqliteTarget(SqlTarget):
    """One table of an SQLite file, which may be made; the lock of a job is a file beside it."""

    kind: ClassVar[TargetKind] = "sqlite"
    _placeholder = "?"
    _as_text = "CAST({c} AS TEXT)"

    def __init__(self, path: Path, display: str, table: str, *, create: bool = False) -> None:
        self.display, self.table, self._path = display, table, path.absolute()
        self._held = contextlib.ExitStack()
        self._session: sqlite3.Connection | None = None
        if not self._path.parent.is_dir() or (not create and not self._path.is_file()):
            raise SourceNotFound(source=display)
        self._session = self._opened()

    def _opened(self) -> sqlite3.Connection:
        session = None
        try:
            session = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            session.execute("PRAGMA foreign_keys = ON")
            session.execute("PRAGMA temp_store = FILE")
            session.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return session
        except sqlite3.Error as error:
            if session is not None:
                session.close()
            failure = self._diagnosed(error)
        return raise_alone(failure)

    def columns(self) -> tuple[TargetColumn, ...]:
        found = []
        if self._ask("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?", (self.table,)):
            raise TargetUnfit(
                target=self.display,
                table=self.table,
                reason_vi="đó là khung nhìn, không phải bảng",
                reason_en="it is a view and no table",
            )
        for _, name, declared, not_null, default, in_key, hidden in self._ask(
            "SELECT * FROM pragma_table_xinfo(?)", (self.table,)
        ):
            upper = str(declared or "").upper()
            kind: ColumnType = next((kind for word, kind in _BY_WORD if word in upper), "text")
            # The key of rowids fills itself.
            rowid = bool(in_key) and upper == "INTEGER"
            found.append(
                TargetColumn(
                    str(name), kind, str(declared or ""), not not_null and not in_key,
                    low=-(1 << 63) if kind == "integer" else None,
                    high=(1 << 63) - 1 if kind == "integer" else None,
                    computed=bool(hidden), defaulted=default is not None or rowid,
                )
            )  # fmt: skip
        return tuple(found)

    def create(self, columns: Sequence[NewColumn], key: Sequence[str], *, keyed: bool = True) -> None:
        parts = [f"{self._quoted(one.name)} {_new_type(one)}" for one in columns]
        parts.append(f"PRIMARY KEY ({self._listed(key)})")
        self._do(f"CREATE TABLE IF NOT EXISTS {self._own_name()} ({', '.join(parts)})")

    def has_triggers(self) -> bool:
        return bool(
            self._ask(
                "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? LIMIT 1", (self.table,)
            )
        )

    def hold(self, job: str) -> None:
        name = hashlib.sha256(job.encode()).hexdigest()[:16]
        lock = self._path.with_name(f".{self._path.name}.{name}.sync-lock")
        try:
            self._held.enter_context(held(lock, seconds=0))
        except TimeoutError:
            raise AlreadyRunning(job=job) from None
        except OSError:
            raise TargetReadOnly(target=self.display, table=self.table) from None

    def prepare(self, columns: Sequence[str], key: Sequence[str]) -> None:
        self.sent, self.key = tuple(columns), tuple(key)
        for name, shape in STATE_COLUMNS:
            self._do(f"CREATE TABLE IF NOT EXISTS {name} ({shape.format(short='TEXT', long='TEXT')})")
        for name, names in ((STAGE, self.sent), (GONE, self.key), (KEPT, self.key)):
            self._do(f"DROP TABLE IF EXISTS temp.{name}")
            self._do(
                f"CREATE TEMP TABLE {name} AS SELECT {self._listed(names)} FROM {self._own_name()} LIMIT 0"
            )
            self._do(f"CREATE INDEX temp.{name}_key ON {name} ({self._listed(self.key)})")

    def begin(self) -> None:
        self._do("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._do("COMMIT")

    def rollback(self) -> None:
        if self._session is not None and self._session.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._session.execute("ROLLBACK")

    def stage(self, batches: Batches) -> None:
        self._fill(STAGE, self.sent, batches)

    def stage_keys(self, name: str, batches: Batches) -> None:
        self._fill(name, self.key, batches)

    def _fill(self, name: str, columns: Sequence[str], batches: Batches) -> None:
        kinds = {one.name: one.type for one in self.columns()}
        given = ", ".join(_GIVEN.get(kinds.get(column, "text"), "?") for column in columns)
        binary = [place for place, column in enumerate(columns) if kinds.get(column) == "binary"]
        self._do(f"DELETE FROM temp.{name}")
        rows = as_rows(batches)
        if binary:
            rows = (_unhexed(row, binary) for row in rows)
        try:
            self._live().executemany(f"INSERT INTO temp.{name} VALUES ({given})", rows)
        except sqlite3.Error as error:
            self._fail(error)

    def _update(self, values: Sequence[str], differs: str) -> str:
        changes = ", ".join(f"{self._quoted(name)} = s.{self._quoted(name)}" for name in values)
        return (
            f"UPDATE {self._own_name()} AS t SET {changes} FROM temp.{STAGE} s "
            f"WHERE {self._same_key('t', 's')} AND ({differs})"
        )

    def close(self) -> None:
        self.rollback()
        if self._session is not None:
            self._session.close()
            self._session = None
        self._held.close()

    def _live(self) -> sqlite3.Connection:
        if self._session is None:
            raise TargetFailed(target=self.display, table=self.table, state="closed")
        return self._session

    def _do(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        try:
            return max(0, self._live().execute(sql, parameters).rowcount)
        except sqlite3.Error as error:
            self._fail(error)

    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return list(self._live().execute(sql, parameters).fetchall())
        except sqlite3.Error as error:
            self._fail(error)

    def _fail(self, error: sqlite3.Error) -> NoReturn:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name in _REASONS:
            said = str(error)
            # "NOT NULL constraint failed: table.column" names the column and no value.
            column = said.rpartition(".")[2] if name.endswith("NOTNULL") else None
            refused = RowRefused(_REASONS[name], column)
            refused.__suppress_context__ = True
            raise refused from None
        raise_alone(self._diagnosed(error))

    def _diagnosed(self, error: sqlite3.Error) -> EngineError:
        name = getattr(error, "sqlite_errorname", "") or ""
        facts = {"target": self.display, "table": self.table}
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return TargetBusy(**facts)
        if name == "SQLITE_FULL" or name in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"):
            return TargetFull(**facts)
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return TargetReadOnly(**facts)
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return FileMalformed(source=self.display, kind="SQLite")
        if name == "SQLITE_ERROR" and "no such" in str(error):
            return TargetUnfit(
                **facts,
                reason_vi="bảng hoặc cột không còn như khi bắt đầu",
                reason_en="the table or a column is not what it was at the beginning",
            )
        return TargetFailed(**facts, state=name or "SQLITE_ERROR")

    def _quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def _own_name(self) -> str:
        return f"main.{self._quoted(self.table)}"

    def _beside(self, name: str) -> str:
        return f"temp.{name}" if name in (STAGE, GONE, KEPT) else f"main.{name}"

    def _same_key(self, left: str, right: str) -> str:
        return " AND ".join(
            f"{left}.{self._quoted(name)} = {right}.{self._quoted(name)} COLLATE BINARY" for name in self.key
        )

    def _differs(self, column: str, left: str, right: str) -> str:
        return f"{left}.{self._quoted(column)} IS NOT {right}.{self._quoted(column)} COLLATE BINARY"

    def _has(self, name: str) -> bool:
        return bool(self._ask("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?", (name,)))


# Numbers that SQLite would keep as text where the column has no type of its own for them.
_GIVEN = {
    "integer": "CAST(? AS INTEGER)",
    "double": "CAST(? AS REAL)",
    "boolean": "CASE ? WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    "decimal": "?",
}


def _unhexed(row: tuple[Any, ...], places: Sequence[int]) -> tuple[Any, ...]:
    changed = list(row)
    for place in places:
        if changed[place] is not None:
            changed[place] = bytes.fromhex(changed[place])
    return tuple(changed)


def _new_type(column: NewColumn) -> str:
    # Beyond 15 digits SQLite's numbers round: such decimals stay text.
    if column.type == "decimal" and (column.precision or 38) > 15:
        return "TEXT"
    return _NEW[column.type]
