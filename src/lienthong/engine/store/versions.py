"""What a version of a table is, and the five things that a store of versions can do."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from lienthong.engine.shapes import Column, Difference, Finding

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

CHANGE = "_change"
"""The column that says what became of a row: `insert`, `update` or `delete`."""

HASH = "_hash"
"""The hidden column that holds the 64-bit hash of each row: what differs is found without reading rows in full."""

ChangeWord = Literal["insert", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Version:
    """One published state of a table. Numbers count from 1 without a gap; times are UTC.

    `digest` is that of `engine.evidence.digests`. `already` is True when a publication brought nothing new,
    and this is the version that was there before.
    """

    table: str
    number: int
    rows: int
    digest: str
    columns: tuple[Column, ...]
    schema_hash: str
    key: tuple[str, ...]
    published_at: dt.datetime
    snapshot: int
    inserted: int
    updated: int
    deleted: int
    note: str = ""
    hashed: bool = False
    """Every row has its hash beside it; not in tables that were last published by an earlier release."""
    firm: bool = False
    """No text has another spelling that counts as equal (spaces at its end, NFD), so equal hashes mean equal rows."""
    already: bool = field(default=False, compare=False)

    def column_names(self) -> tuple[str, ...]:
        """The names of the columns in the order of the table."""
        return tuple(column.name for column in self.columns)

    def native_columns(self) -> list[tuple[str, str]]:
        """(name, stored type) of every column, as digests take them."""
        return [(column.name, column.native_type or "VARCHAR") for column in self.columns]


@dataclass(frozen=True, slots=True)
class NetDifference:
    """What separates two versions: full counts, how often each column changed, and the first differences.

    Seen from the older to the newer: `missing` rows were deleted, `extra` rows were inserted. Values of a
    difference are Python values as read.
    """

    table: str
    left: int
    right: int
    inserted: int
    updated: int
    deleted: int
    changed_columns: Mapping[str, int]
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """True when both versions hold the same rows."""
        return not (self.inserted or self.updated or self.deleted)


class Staged(Protocol):
    """Rows that wait for publication, as checks see them: nothing is published yet."""

    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int
    cursor: duckdb.DuckDBPyConnection
    relation: str
    """What the rows are read from in SQL, on any cursor of the same engine when all rows were handed over."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The result of SQL in which `staged` names the rows."""
        ...


Check = Callable[[Staged], Iterable[Finding] | None]
"""A check returns findings (an `error` among them stops the publication) or raises an `EngineError`."""


class Rows(Protocol):
    """The rows of one version, or the changes between two (then `version` is the later one)."""

    version: Version

    def arrow(
        self, columns: Sequence[str] | None = None, *, batch_rows: int = 65_536, ordered: bool = True
    ) -> pa.RecordBatchReader:
        """The rows as a stream of Arrow batches, in the order of the key unless `ordered` is False."""
        ...

    def relation(self) -> duckdb.DuckDBPyRelation:
        """The rows as a DuckDB relation on a connection of its own."""
        ...

    def count(self) -> int:
        """How many rows there are."""
        ...


class Changes(Rows, Protocol):
    """The net change per key between two versions: rows with `_change`."""

    def replaced(self) -> Rows:
        """The rows that were updated, as they were before, in the columns of the later version."""
        ...


class VersionStore(Protocol):
    """Versioned tables behind five calls, so that the storage engine can be exchanged."""

    def publish(
        self,
        table: str,
        *,
        full: Any = None,
        changes: Any = None,
        key: Sequence[str] | None = None,
        checks: Sequence[Check] = (),
        base: int | None = None,
        new_columns: bool = False,
        allow_empty: bool = False,
        note: str = "",
    ) -> Version:
        """Publish the next version of a table, from all rows or from changes to the newest version."""
        ...

    def at(self, table: str, version: int | None = None) -> Rows:
        """The rows of a version; of the newest when no number is given."""
        ...

    def changes(self, table: str, a: int, b: int) -> Changes:
        """The net change per key from version `a` (0: before the first) to version `b`."""
        ...

    def net_diff(self, table: str, a: int, b: int, *, limit: int = 1000) -> NetDifference:
        """What separates two versions, found by comparing their rows."""
        ...

    def files(self, table: str, version: int | None = None) -> tuple[Path, ...]:
        """Parquet files that together hold exactly the rows of a version."""
        ...

    def versions(self, table: str) -> tuple[Version, ...]:
        """All versions of a table, oldest first; empty when there is none."""
        ...


def schema_hash(columns: Iterable[Column]) -> str:
    """A short text that is equal for equal names and stored types in equal order."""
    form = "\n".join(f"{column.name}\t{column.native_type}" for column in columns)
    return hashlib.sha256(form.encode()).hexdigest()[:32]
