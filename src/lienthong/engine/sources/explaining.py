"""Turn what a driver says into our own words, and let nothing of the driver's go on.

Drivers quote connection strings, and tracebacks print causes. So an error of ours stands alone: no
cause, no context, no message of the driver among its facts.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from lienthong.engine.errors import EngineError, LookInterrupted, SourceError
from lienthong.engine.session import Interrupted

if TYPE_CHECKING:
    import duckdb


def raise_alone(error: EngineError) -> NoReturn:
    """Raise the error with nothing behind it, even while another one is being handled."""
    try:
        raise error from None
    finally:
        error.__context__ = None


class Explained:
    """A `with` in which an error of DuckDB becomes what `explain` says, and a stop a LookInterrupted."""

    def __init__(self, source: str, explain: Callable[[duckdb.Error], EngineError]) -> None:
        self._source = source
        self._explain = explain

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        import duckdb

        if isinstance(error, duckdb.Error):
            raise_alone(self._explain(error))
        if isinstance(error, Interrupted):
            raise_alone(LookInterrupted(source=self._source))


class OfTable:
    """A `with` in which an error about the source also names the table at which it came up."""

    def __init__(self, table: str) -> None:
        self._table = table

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, SourceError):
            raise_alone(type(error)(**({"table": self._table} | error.facts)))
