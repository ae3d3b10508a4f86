"""The contract that every kind of target keeps: one transaction holds the rows of a step and where the run stands."""

from __future__ import annotations

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from lienthong.engine.shapes import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

STATE = "lienthong_sync_state"
ASIDE = "lienthong_sync_aside"
SAVED = "lienthong_sync_saved"
STAGE = "lienthong_stage"
GONE = "lienthong_gone"
KEPT = "lienthong_kept"
HELD = "held_back"
"""The reason of a row set aside because the plan holds it back."""

TargetKind = Literal["postgresql", "mysql", "sqlite"]
Batches = Iterable["pa.RecordBatch"]
"""Rows as texts, null for null: every column of a batch is a string, in the order that is named beside."""


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """A column that can be written: what it is called and what it takes; `length` is in characters, None for any."""

    name: str
    type: ColumnType
    native: str = ""
    nullable: bool = True
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    low: int | None = None
    high: int | None = None
    computed: bool = False
    defaulted: bool = False


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of a table that is to be made; `native` is its type in words that the target is known to understand."""

    name: str
    type: ColumnType
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    native: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What was done to the rows of the target."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.inserted + other.inserted, self.updated + other.updated, self.deleted + other.deleted
        )


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that could not be kept, with its whole key: the target remembers it, reports show it masked."""

    key: tuple[str | None, ...]
    reason: str
    column: str | None = None

    def key_text(self) -> str:
        """The key as it is remembered."""
        return json.dumps(list(self.key), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class State:
    """Where a job stands, as its target remembers; `fields` are those of the run that wrote it."""

    job: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    changed_at: dt.datetime | None = None

    def get(self, name: str, otherwise: Any = None) -> Any:
        """One of the fields."""
        return self.fields.get(name, otherwise)


class RowRefused(Exception):
    """The target refused a statement because of a row in it: why (a stable code), and which column if it says."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        self.reason, self.column = reason, column
        super().__init__(reason)


class Target(ABC):
    """A table of a database, opened for writing. Every error that leaves it is an `EngineError` or `RowRefused`."""

    kind: ClassVar[TargetKind]
    display: str
    table: str

    @abstractmethod
    def columns(self) -> tuple[TargetColumn, ...]:
        """The columns of the table; none when there is no such table."""

    @abstractmethod
    def create(self, columns: Sequence[NewColumn], key: Sequence[str], *, keyed: bool = True) -> None:
        """Make the table, with its key unless that comes later (`add_key`). Raises TargetReadOnly."""

    @abstractmethod
    def has_triggers(self) -> bool:
        """Whether triggers may make other rows of those that are written."""

    @abstractmethod
    def hold(self, job: str) -> None:
        """Hold the job for this session alone, until it ends. Raises AlreadyRunning."""

    @abstractmethod
    def require_writable(self, columns: Sequence[str], key: Sequence[str]) -> None:
        """Try whether rows could be written, touching none. Raises TargetReadOnly."""

    @abstractmethod
    def prepare(self, columns: Sequence[str], key: Sequence[str]) -> None:
        """Make what is missing of the tables in which jobs are remembered, and the temporary tables of this session."""

    @abstractmethod
    def state(self, job: str) -> State | None:
        """Where the job stands; None when it never ran."""

    @abstractmethod
    def begin(self) -> None:
        """Begin a transaction."""

    @abstractmethod
    def commit(self) -> None:
        """Make it last."""

    @abstractmethod
    def rollback(self) -> None:
        """Undo it; silent when there is none, or the line is dead."""

    @abstractmethod
    def mark(self) -> None:
        """Mark a place in the transaction to which `undo` goes back."""

    @abstractmethod
    def undo(self) -> None:
        """Undo what was done since `mark`, and forget the mark."""

    @abstractmethod
    def keep(self) -> None:
        """Keep what was done since `mark`, and forget the mark."""

    @abstractmethod
    def stage(self, batches: Batches) -> None:
        """Take these rows, and no others, into the temporary table of rows. Raises RowRefused."""

    @abstractmethod
    def stage_keys(self, name: str, batches: Batches) -> None:
        """Take these keys into the temporary table GONE (removed rows) or KEPT (rows that are there). Raises RowRefused."""

    @abstractmethod
    def merge(self) -> Counts:
        """Change rows that differ from the staged ones and insert those that are missing. Raises RowRefused."""

    @abstractmethod
    def insert_staged(self) -> Counts:
        """Insert all staged rows, of which the table has none. Raises RowRefused."""

    @abstractmethod
    def gather_gone(self) -> int:
        """Note as GONE the rows of the table whose key is not among KEPT; how many they are."""

    @abstractmethod
    def spare(self, name: str, batches: Batches) -> list[tuple[str | None, ...]]:
        """Take these keys out of the temporary table GONE or STAGE; those that stood there, as texts."""

    @abstractmethod
    def count_gone(self) -> int:
        """How many rows of the table the keys in GONE name."""

    @abstractmethod
    def delete_gone(self) -> int:
        """Delete the rows that GONE names; how many they were. Raises RowRefused."""

    @abstractmethod
    def gone_keys(self) -> list[tuple[str | None, ...]]:
        """The keys in GONE, as texts."""

    @abstractmethod
    def count(self) -> int:
        """How many rows the table has."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether the table has no row."""

    @abstractmethod
    def write_state(self, state: State) -> None:
        """Remember, in the running transaction, where the job stands."""

    @abstractmethod
    def forget(self, job: str) -> None:
        """Forget the job and its rows set aside, in the running transaction."""

    @abstractmethod
    def write_aside(self, job: str, rows: Sequence[Aside], settled: Sequence[str] | None) -> None:
        """Remember rows set aside, in place of those with `settled` keys (None: of all the job had)."""

    @abstractmethod
    def aside(self, job: str) -> tuple[Aside, ...]:
        """The rows of this job that wait set aside."""

    @abstractmethod
    def write_saved(self, job: str, parts: Sequence[str]) -> None:
        """Keep these texts in order, in place of those the job had."""

    @abstractmethod
    def saved(self, job: str) -> list[str]:
        """The texts that were kept for the job, in order."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the session and of what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def as_rows(batches: Batches) -> Iterator[tuple[Any, ...]]:
    """The rows of batches one by one."""
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def keys_batch(names: Sequence[str], keys: Sequence[tuple[str | None, ...]]) -> pa.RecordBatch:
    """Keys as a batch."""
    import pyarrow as pa

    columns = list(zip(*keys, strict=True)) or [() for _ in names]
    return pa.RecordBatch.from_arrays(
        [pa.array(list(one), pa.string()) for one in columns], names=list(names)
    )
