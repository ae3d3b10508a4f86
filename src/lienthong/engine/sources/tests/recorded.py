"""Drivers that play back what a catalogue answers: for databases of which no server can be had here.

They stand in for `oracledb` and `mssql_python` with the part of their published interface that the sources use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow

Answer = list[tuple[Any, ...]] | Exception | Callable[[], "Answer"]


class Recording:
    """What is answered to which statement, by a piece of it; and everything that was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.opened: list[dict[str, Any]] = []
        self.closed = 0

    def answer(self, sql: str) -> Any:
        self.asked.append(" ".join(sql.split()))
        for piece, answer in self.answers.items():
            if piece in sql:
                found = answer() if callable(answer) else answer
                if isinstance(found, Exception):
                    raise found
                return found
        raise AssertionError(f"nothing is recorded for: {sql}")


class _Cursor:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._found: Any = []

    def execute(self, sql: str, *parameters: Any) -> _Cursor:
        self._found = self._recording.answer(sql)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._found)

    def arrow_reader(self, batch_size: int = 8192) -> pyarrow.RecordBatchReader:
        return pyarrow.RecordBatchReader.from_batches(
            self._found.schema, _until_a_fault(self._found, self._recording)
        )

    def close(self) -> None:
        pass

    def __enter__(self) -> _Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _until_a_fault(table: pyarrow.Table, recording: Recording) -> Iterator[pyarrow.RecordBatch]:
    yield from table.to_batches()
    after = recording.answers.get("after the rows")
    if after is not None:
        raise after


class _Connection:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.call_timeout = self.timeout = 0
        self.module = ""

    def cursor(self) -> _Cursor:
        return _Cursor(self._recording)

    def execute(self, sql: str) -> _Cursor:
        return self.cursor().execute(sql)

    def fetch_df_batches(
        self, statement: str, size: int = 0, *, fetch_decimals: bool = False
    ) -> Iterator[pyarrow.Table]:
        found = self._recording.answer(statement)
        yield found
        after = self._recording.answers.get("after the rows")
        if after is not None:
            raise after

    def rollback(self) -> None:
        pass

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        self._recording.closed += 1


class DriverError(Exception):
    """What a driver raises: a code among its arguments (Oracle), or words alone (SQL Server)."""


def oracle_error(code: str, said: str = "mật khẩu bí mật") -> DriverError:
    return DriverError(SimpleNamespace(full_code=code, message=said))


@contextmanager
def playing(name: str, recording: Recording) -> Iterator[None]:
    """Let this driver be installed, and answer what was recorded."""

    def connect(*given: Any, **named: Any) -> _Connection:
        recording.opened.append({"given": given, **named})
        refused = recording.answers.get("connect")
        if refused is not None:
            raise refused
        return _Connection(recording)

    driver = ModuleType(name)
    driver.connect = connect  # type: ignore[attr-defined]
    driver.Error = DriverError  # type: ignore[attr-defined]
    driver.Connection = _Connection  # type: ignore[attr-defined]
    before = sys.modules.get(name)
    sys.modules[name] = driver
    try:
        yield
    finally:
        sys.modules.pop(name)
        if before is not None:
            sys.modules[name] = before
