"""A witness tells of one side of a comparison: how many rows there are, their digest, and which rows they are.

A row is known by its mark, 64 bits: the key itself where both sides keep it as one whole number, else the first 64 bits
of MD5 of its canonical text, so that no collation and no padding has a say. Only marks and hashes leave a server that
can hash by itself (`pgwitness`, `mywitness`); rows of files, of SQLite and of the versioned store are hashed here.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lienthong.engine.errors import EngineError
from lienthong.engine.evidence.canonical import Kind, Native, canonical, row_hash
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.session import Connection, quoted
from lienthong.engine.shapes import Finding
from lienthong.engine.sources.explaining import raise_alone

if TYPE_CHECKING:
    # Two copies are mostly equal, and then no array is ever needed: numpy is imported where one is, and DuckDB where rows
    # are hashed here.
    import duckdb
    import numpy as np
    import numpy.typing as npt

    Marks = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

Where = Literal["in_place", "here"]
Form = Literal["c1", "c2", "pg1"]


@dataclass(frozen=True, slots=True)
class SideColumn:
    """A column of one side: what it holds, and what the side itself calls that."""

    name: str
    native: Native
    type: str = ""
    meant: Native | None = None
    """What its values mean where they are held as something else, such as the days of SQLite, which are text."""
    hashed_alike: str | None = None
    """By which of the server's own functions it is hashed; columns of two servers hash alike when these are equal."""

    @property
    def means(self) -> Native:
        """What its values mean."""
        return self.meant or self.native


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """One column of this side as it takes part: its name here, as what it is compared, and whether it is of the key.

    `spoken` is the name by which differences tell of it, on both sides the same. `read_as` is SQL (DuckDB) of its
    value where that is converted first.
    """

    name: str
    native: Native
    kind: Kind
    is_key: bool
    spoken: str
    read_as: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a witness is asked about: the columns in the order of the digest, and how rows are marked and hashed."""

    columns: tuple[ComparedColumn, ...]
    form: Form = "c1"
    zone: str | None = None
    whole_number: bool = False

    @property
    def key(self) -> tuple[ComparedColumn, ...]:
        """The columns of the key, in the order of the digest."""
        return tuple(column for column in self.columns if column.is_key)


@dataclass(frozen=True, slots=True)
class Total:
    """All rows of a side: digest, when they were seen, and how many have no key."""

    digest: RowDigest
    seen_at: dt.datetime
    keyless: int = 0


@dataclass(frozen=True, slots=True)
class Buckets:
    """Digests of parts of the rows: number of the bucket, rows, XOR and sum (modulo 2**64), in parallel arrays."""

    numbers: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    xors: Hashes
    sums: Hashes


@dataclass(frozen=True, slots=True)
class Division:
    """How rows are put into buckets by their mark: `mark >> shift` of whole numbers, else that of spread bits."""

    shift: int
    only: tuple[int, ...] | None = None
    """The buckets that are asked about; all when None."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: its mark, canonical texts by column, and values as a person may read them."""

    mark: int
    texts: tuple[str | None, ...]
    values: tuple[Any, ...]


@dataclass(slots=True)
class Flat:
    """The mark and the hash of every row, in no order."""

    marks: Marks
    hashes: Hashes


class Witness(ABC):
    """Tells of one table, from one moment on; every answer is about the rows as they were at `begin`, except `rows`
    with `now`. Used by one thread at a time; `interrupt` may come from another. Every error is an `EngineError`.
    """

    display: str
    table: str
    where: Where
    version: int | None = None
    live: bool = False
    """Whether others may write to it while it is read."""

    columns: tuple[SideColumn, ...]
    primary_key: tuple[str, ...] = ()
    expected_rows: int | None = None
    hashes_like: str | None = None
    """Servers of which this is the same hash equal columns of equal types to equal numbers."""

    @abstractmethod
    def begin(self) -> None:
        """Fix the moment about which all is told."""

    @abstractmethod
    def total(self, task: Task) -> Total:
        """Rows and digest of the whole table. Reads every row once."""

    @abstractmethod
    def buckets(self, task: Task, division: Division) -> Buckets:
        """Digests of parts of the table. Reads every row once."""

    @abstractmethod
    def flat(self, task: Task, division: Division | None = None) -> Flat:
        """Mark and hash of every row, or of those of some buckets."""

    def pairs(self, task: Task, division: Division) -> set[tuple[int, int]]:
        """Mark and hash of the rows of a few small buckets."""
        flat = self.flat(task, division)
        return set(zip(flat.marks.tolist(), flat.hashes.tolist(), strict=True))

    def bounds(self, task: Task) -> tuple[int, int] | None:
        """The least and the greatest key, where it is one whole number; None without rows."""
        return None

    def finds_by_key(self, task: Task) -> bool:
        """Whether rows of a range of keys are found without reading all others."""
        return False

    def can_tell(self, task: Task) -> bool:
        """Whether all of this can be told in place; else `here` gives a witness that reads the rows."""
        return True

    @abstractmethod
    def rows(self, task: Task, marks: Marks, *, now: bool = False) -> Iterator[Row]:
        """The rows with these marks, in no order; with `now` as they are now and not as they were."""

    def reading_here(self) -> Witness:
        """A witness of the same table, on the same source, that reads the rows and hashes them here."""
        return self

    @abstractmethod
    def interrupt(self) -> None:
        """Stop what is being asked, from another thread."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    def findings(self) -> list[Finding]:
        """What was read with care."""
        return []


Scan = Callable[[Connection, Sequence[str]], AbstractContextManager[str]]
"""Gives the rows a name to read these columns FROM on a connection, as often as they are wanted."""


@dataclass(slots=True)
class HereWitness(Witness):
    """Hashes rows here: every row is read once for digests, and once more when rows that differ are shown."""

    connection: Connection
    scan: Scan
    display: str
    table: str
    columns: tuple[SideColumn, ...]
    explain: Callable[[duckdb.Error], EngineError]
    on_close: Callable[[], None] = lambda: None
    primary_key: tuple[str, ...] = ()
    expected_rows: int | None = None
    version: int | None = None
    noted: Sequence[Finding] = ()
    where: Where = "here"
    live: bool = False
    _marked: dict[Task, tuple[str, dt.datetime]] = field(default_factory=dict)

    def begin(self) -> None:
        """Nothing to do: all rows are read at once when the first question comes."""

    def total(self, task: Task) -> Total:
        name, seen_at = self._capture(task)
        found = self._one(f"SELECT count(*), bit_xor(h), sum(h), count(*) - count(m) FROM {name}")
        return Total(RowDigest.of(found[:3]), seen_at, int(found[3]))

    def buckets(self, task: Task, division: Division) -> Buckets:
        name, _ = self._capture(task)
        with self._explained():
            found = self.connection.execute(
                f"SELECT m >> {division.shift} AS n, count(*) AS c, bit_xor(h) AS x, "
                f"CAST(sum(h) % 18446744073709551616 AS UBIGINT) AS s FROM {name}{self._only(division)} GROUP BY n"
            ).fetchnumpy()
        import numpy as np

        return Buckets(
            np.asarray(found["n"], np.int64),
            np.asarray(found["c"], np.int64),
            np.asarray(found["x"], np.uint64),
            np.asarray(found["s"], np.uint64),
        )

    def flat(self, task: Task, division: Division | None = None) -> Flat:
        name, _ = self._capture(task)
        with self._explained():
            only = self._only(division) if division is not None else ""
            found = self.connection.execute(f"SELECT m, h FROM {name}{only}").fetchnumpy()
        import numpy as np

        return Flat(np.asarray(found["m"], np.int64), np.asarray(found["h"], np.uint64))

    def bounds(self, task: Task) -> tuple[int, int] | None:
        name, _ = self._capture(task)
        least, greatest = self._one(f"SELECT min(m), max(m) FROM {name}")
        return None if least is None else (int(least), int(greatest))

    def finds_by_key(self, task: Task) -> bool:
        """Marks and hashes are at hand, so whatever is asked is cheap."""
        return True

    def rows(self, task: Task, marks: Marks, *, now: bool = False) -> Iterator[Row]:
        values = [self._value(column) for column in task.columns]
        texts = [
            canonical("duckdb", value, column.native, column.kind, task.zone)
            for value, column in zip(values, task.columns, strict=True)
        ]
        shown = [_shown(value, column.native) for value, column in zip(values, task.columns, strict=True)]
        picked = ", ".join(
            [f"{mark_here(task, values)} AS m"]
            + [f"{text} AS t{order}" for order, text in enumerate(texts)]
            + [f"{value} AS v{order}" for order, value in enumerate(shown)]
        )
        width = len(task.columns)
        with self._explained(), self._scanned(task) as relation:
            self.connection.execute("CREATE OR REPLACE TEMP TABLE lt_wanted (m BIGINT)")
            with _registered(self.connection, {"m": marks}) as given:
                self.connection.execute(f"INSERT INTO lt_wanted SELECT m FROM {given}")
            answer = self.connection.execute(
                f"SELECT * FROM (SELECT {picked} FROM {relation}) WHERE m IN (SELECT m FROM lt_wanted)"
            )
            while found := answer.fetchmany(1000):
                for row in found:
                    yield Row(int(row[0]), tuple(row[1 : 1 + width]), tuple(row[1 + width :]))

    def interrupt(self) -> None:
        self.connection.interrupt()

    def close(self) -> None:
        self.on_close()

    def findings(self) -> list[Finding]:
        return list(self.noted)

    def _capture(self, task: Task) -> tuple[str, dt.datetime]:
        """Read every row once and keep its mark and hash; what is asked later is answered from them."""
        if task in self._marked:
            return self._marked[task]
        prepare(self.connection)
        name = f"lt_marks_{len(self._marked)}"
        values = [self._value(column) for column in task.columns]
        texts = [
            canonical("duckdb", value, column.native, column.kind, task.zone)
            for value, column in zip(values, task.columns, strict=True)
        ]
        seen_at = dt.datetime.now(dt.UTC)
        with self._explained(), self._scanned(task) as relation:
            self.connection.execute(
                f"CREATE TEMP TABLE {name} AS SELECT {mark_here(task, values)} AS m, "
                f"{row_hash('duckdb', texts)} AS h FROM {relation}"
            )
        self._marked[task] = name, seen_at
        return self._marked[task]

    def _value(self, column: ComparedColumn) -> str:
        return column.read_as or quoted(column.name)

    def _scanned(self, task: Task) -> AbstractContextManager[str]:
        wanted = {column.name for column in task.columns}
        return self.scan(self.connection, [column.name for column in self.columns if column.name in wanted])

    def _only(self, division: Division) -> str:
        if division.only is None:
            return ""
        wanted = ", ".join(map(str, division.only))
        return f" WHERE m >> {division.shift} IN ({wanted})" if wanted else " WHERE false"

    def _one(self, sql: str) -> tuple[Any, ...]:
        with self._explained():
            return self.connection.execute(sql).fetchone() or ()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        import duckdb

        failure: EngineError | None = None
        try:
            yield
        except duckdb.Error as error:
            failure = self.explain(error)
        if failure is not None:
            raise_alone(failure)


def prepare(connection: Connection) -> None:
    """Give a session what canonical texts need besides what DuckDB knows."""
    import duckdb

    with suppress(duckdb.Error):
        connection.create_function(
            "lt_json", canonical_json, [duckdb.sqltypes.VARCHAR], duckdb.sqltypes.VARCHAR
        )


def mark_here(task: Task, values: Sequence[str]) -> str:
    """SQL (DuckDB) for the mark of a row; null where a part of the key is."""
    keyed = [(column, value) for column, value in zip(task.columns, values, strict=True) if column.is_key]
    if task.whole_number:
        return f"CAST({keyed[0][1]} AS BIGINT)"
    texts = [canonical("duckdb", value, column.native, column.kind, task.zone) for column, value in keyed]
    empty = " OR ".join(f"{value} IS NULL" for _, value in keyed)
    hashed = row_hash("duckdb", texts)
    # Signed, with the same bits, as every server can keep it.
    signed = (
        f"CASE WHEN {hashed} > 9223372036854775807 THEN CAST(CAST({hashed} AS HUGEINT) - 18446744073709551616 AS BIGINT) "
        f"ELSE CAST({hashed} AS BIGINT) END"
    )
    return f"CASE WHEN {empty} THEN NULL ELSE {signed} END"


def canonical_json(text: str) -> str:
    """A document with its names in order, without spaces, numbers in their shortest form; other text as it is."""
    try:
        return json.dumps(
            _plain(json.loads(text)),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
        )
    except ValueError:
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float) and math.isfinite(value) and value == int(value) and abs(value) < 1e16:
        return int(value)
    return value


def _shown(value: str, native: Native) -> str:
    """SQL for a value as a person may read it and JSON may hold it: exact numbers and moments as text."""
    if native in ("text", "integer", "double", "single", "boolean"):
        return value
    if native == "aware":
        return f"CAST(CAST({value} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS VARCHAR) || 'Z'"
    if native == "binary":
        return f"'x' || lower(hex({value}))"
    return f"CAST({value} AS VARCHAR)"


@contextmanager
def _registered(connection: Connection, arrays: Mapping[str, npt.NDArray[Any]]) -> Iterator[str]:
    import pyarrow

    name = "lt_given"
    connection.register(name, pyarrow.table(dict(arrays)))
    try:
        yield name
    finally:
        connection.unregister(name)
