"""A table of MySQL or MariaDB tells of itself: rows are hashed in the server, and only digests, marks and hashes leave it.

These servers cannot bring text into NFC and write very large and very small doubles in forms of their own. Rows with
such values, told by `canonical.escaped`, are read and hashed here; with text of Latin letters there are none unless
somebody has stored it in NFD.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lienthong.engine.errors import EngineError
from lienthong.engine.evidence.canonical import (
    Kind,
    Native,
    canonical,
    escaped,
    is_told_in_place,
    offset_minutes,
    row_hash,
)
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.session import literal
from lienthong.engine.shapes import Column, Finding, Table
from lienthong.engine.sources.mysql import MysqlSource
from lienthong.engine.sources.naming import backquoted
from lienthong.engine.sync.witnesses import (
    Buckets,
    ComparedColumn,
    Division,
    Flat,
    Row,
    SideColumn,
    Task,
    Total,
    Where,
    Witness,
)

if TYPE_CHECKING:
    from lienthong.engine.sync.witnesses import Marks

_NATIVES: dict[str, Native] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer", "bigint": "integer",
    "year": "integer", "decimal": "decimal", "float": "single", "double": "double", "date": "date", "time": "time",
    "datetime": "naive", "timestamp": "aware", "binary": "binary", "varbinary": "binary", "tinyblob": "binary",
    "blob": "binary", "mediumblob": "binary", "longblob": "binary",
}  # fmt: skip
_HERE = re.compile(r"bit|geometry|point|linestring|polygon|multi|geometrycollection")
_AS_IS: frozenset[Native] = frozenset({"text", "double", "single"})
_TOP = 1 << 63
_ALL = (1 << 64) - 1


class MyWitness(Witness):
    """A table of a MySQL or MariaDB database, in one snapshot until rows are asked for as they are now."""

    where: Where = "in_place"
    live = True

    def __init__(self, source: MysqlSource, table: Table, here: Callable[[], Witness]) -> None:
        """Tell of this table; the source is closed with the witness."""
        self._source = source
        self._own_name = source.own_name(table)
        self._here = here
        self._in_snapshot = False
        self._strays: dict[Task, Flat] = {}
        self.display = source.display
        self.table = table.name
        self.primary_key = table.primary_key
        self.expected_rows = table.rows
        self.version = None
        self.columns = tuple(_column(column) for column in table.columns)

    def begin(self) -> None:
        self._source.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        self._in_snapshot = True

    def total(self, task: Task) -> Total:
        empty = " OR ".join(f"{backquoted(column.name)} IS NULL" for column in task.key)
        if self._fits_apart():
            kept = "IF(s, CAST(0 AS UNSIGNED), h)"
            rows, xor, total, keyless, strange = self._source.ask(
                f"SELECT COUNT(*), BIT_XOR({kept}), SUM({kept}), SUM(e AND NOT s), SUM(s) FROM "
                f"(SELECT {self._hash(task)} AS h, ({empty}) AS e, ({self._stray(task)}) AS s "
                f"FROM {self._own_name}{_APART}) AS t"
            )[0]
            found: Sequence[Any] = (int(rows) - int(strange or 0), xor, total, keyless)
            if not strange:
                self._strays[task] = Flat(np.empty(0, np.int64), np.empty(0, np.uint64))
        else:
            found = self._source.ask(
                f"SELECT COUNT(*), BIT_XOR(h), SUM(h), SUM(e) FROM "
                f"(SELECT {self._hash(task)} AS h, ({empty}) AS e FROM {self._own_name}{self._plain(task)}) AS t"
            )[0]
        seen_at = dt.datetime.now(dt.UTC)
        strays = self._escaped(task)
        digest = RowDigest.of((found[0], int(found[1] or 0), int(found[2] or 0)))
        if strays.hashes.size:
            xor = int(np.bitwise_xor.reduce(strays.hashes))
            digest = digest + RowDigest(strays.hashes.size, xor, int(strays.hashes.sum(dtype=np.uint64)))
        keyless = int(found[3] or 0) + int(np.count_nonzero(strays.marks == _KEYLESS))
        return Total(digest, seen_at, keyless)

    def buckets(self, task: Task, division: Division) -> Buckets:
        found = self._source.ask(
            f"SELECT n, COUNT(*), BIT_XOR(h), SUM(h) FROM (SELECT {self._number(task, division)} AS n, "
            f"{self._hash(task)} AS h FROM {self._own_name}{self._plain(task)}{_APART if self._fits_apart() else ''}) AS t "
            "GROUP BY n"
        )
        folded = {
            _signed(int(n), division.shift, task): (int(count), int(xor or 0), int(total or 0) & _ALL)
            for n, count, xor, total in found
        }
        strays = self._escaped(task)
        for mark, hash_ in zip(strays.marks.tolist(), strays.hashes.tolist(), strict=True):
            count, xor, total = folded.get(mark >> division.shift, (0, 0, 0))
            folded[mark >> division.shift] = (count + 1, xor ^ hash_, (total + hash_) & _ALL)
        return Buckets(
            np.array(list(folded), np.int64),
            np.array([one[0] for one in folded.values()], np.int64),
            np.array([one[1] for one in folded.values()], np.uint64),
            np.array([one[2] for one in folded.values()], np.uint64),
        )

    def flat(self, task: Task, division: Division | None = None) -> Flat:
        where = self._plain(task)
        if division is not None and division.only is not None:
            where = f"{where or ' WHERE true'} AND {self._within(task, division)}"
        marks, hashes = [], []
        sql = f"SELECT {self._mark(task)}, {self._hash(task)} FROM {self._own_name}{where}"
        for part in self._source.in_parts(sql, _ROWS_AT_ONCE):
            marks.append(np.array([_as_mark(row[0], task) for row in part], np.int64))
            hashes.append(np.array([int(row[1]) for row in part], np.uint64))
        strays = self._escaped(task)
        held = np.ones(strays.marks.size, bool)
        if division is not None and division.only is not None:
            held = np.isin(strays.marks >> division.shift, np.array(division.only, np.int64))
        return Flat(
            np.concatenate([*marks, strays.marks[held]]), np.concatenate([*hashes, strays.hashes[held]])
        )

    def bounds(self, task: Task) -> tuple[int, int] | None:
        key = backquoted(task.key[0].name)
        least, greatest = self._source.ask(f"SELECT MIN({key}), MAX({key}) FROM {self._own_name}")[0]
        return None if least is None else (int(least), int(greatest))

    def finds_by_key(self, task: Task) -> bool:
        return len(task.key) == 1 and self.primary_key == (task.key[0].name,)

    def can_tell(self, task: Task) -> bool:
        if task.zone is not None and offset_minutes(task.zone) is None:
            # Names of zones are known only where somebody has loaded their tables.
            known = self._source.ask(f"SELECT CONVERT_TZ('2026-01-01', {literal(task.zone)}, '+00:00')")[0][0]
            if known is None:
                return False
        types = {column.name: column.type for column in self.columns}
        return all(
            is_told_in_place("mysql", column.native, column.kind) and not _HERE.match(types[column.name])
            for column in task.columns
        )

    def rows(self, task: Task, marks: Marks, *, now: bool = False) -> Iterator[Row]:
        if now and self._in_snapshot:
            self._end()
        wanted = set(marks.tolist())
        if not wanted:
            return
        listed = ", ".join(str(mark if task.whole_number else mark & _ALL) for mark in wanted)
        # A row with other text is known by a mark that only we can tell, so all such rows are looked at.
        strays = "" if task.whole_number else f" OR ({self._stray(task)})"
        for row in self._read(task, f" WHERE {self._mark(task)} IN ({listed}){strays}"):
            if row.mark in wanted:
                yield row

    def reading_here(self) -> Witness:
        return self._here()

    def interrupt(self) -> None:
        self._source.interrupt()

    def close(self) -> None:
        self._end()
        self._source.close()

    def findings(self) -> list[Finding]:
        return self._source.findings()

    def _end(self) -> None:
        self._in_snapshot = False
        with contextlib.suppress(EngineError):
            self._source.ask("ROLLBACK")

    def _fits_apart(self) -> bool:
        """Whether the server may lay the hashes of all rows beside it while it folds them."""
        return 0 < (self.expected_rows or 0) <= _APART_AT_MOST

    def _escaped(self, task: Task) -> Flat:
        """Mark and hash of the rows that the server cannot write in canonical form."""
        if task not in self._strays:
            stray = self._stray(task)
            rows = list(self._read(task, f" WHERE {stray}")) if stray != "false" else []
            self._strays[task] = Flat(
                np.array([row.mark for row in rows], np.int64),
                np.array([_md5(row.texts) for row in rows], np.uint64),
            )
        return self._strays[task]

    def _read(self, task: Task, where: str) -> Iterator[Row]:
        """Rows with their canonical texts, those of text and doubles written here."""
        texts = [_raw(column) if column.native in _AS_IS else _text(column, task) for column in task.columns]
        shown = [_shown(column) for column in task.columns]
        for row in self._source.ask(f"SELECT {', '.join([*texts, *shown])} FROM {self._own_name}{where}"):
            width = len(task.columns)
            written = tuple(
                _written(value, column.native, column.kind)
                for value, column in zip(row[:width], task.columns, strict=True)
            )
            values = tuple(map(_decoded, row[width:]))
            yield Row(_mark_of(task, written, values), written, values)

    def _stray(self, task: Task) -> str:
        tests = [
            test
            for column in task.columns
            if (test := escaped("mysql", backquoted(column.name), column.native, column.kind)) is not None
        ]
        return " OR ".join(f"COALESCE({test}, 0)" for test in tests) or "false"

    def _plain(self, task: Task) -> str:
        stray = self._stray(task)
        return "" if stray == "false" else f" WHERE NOT ({stray})"

    def _mark(self, task: Task) -> str:
        if task.whole_number:
            return backquoted(task.key[0].name)
        return row_hash("mysql", [_text(column, task) for column in task.key])

    def _number(self, task: Task, division: Division) -> str:
        if task.whole_number:
            # The server shifts without a sign.
            return f"FLOOR({self._mark(task)} / {1 << division.shift})"
        return f"{self._mark(task)} >> {division.shift}"

    def _within(self, task: Task, division: Division) -> str:
        assert division.only is not None
        numbers = division.only
        if task.whole_number:
            key, width = self._mark(task), 1 << division.shift
            parts = [f"{key} BETWEEN {n * width} AND {(n + 1) * width - 1}" for n in numbers]
            return f"({' OR '.join(parts) or 'false'})"
        unsigned = ", ".join(str(n & (_ALL >> division.shift)) for n in numbers)
        return f"{self._number(task, division)} IN ({unsigned or 'NULL'})"

    def _hash(self, task: Task) -> str:
        return row_hash("mysql", [_text(column, task) for column in task.columns])


_KEYLESS = -_TOP
_ROWS_AT_ONCE = 50_000
# Without a limit the server works the hash of a row out once for each use of it.
_APART = " LIMIT 18446744073709551615"
_APART_AT_MOST = 2_000_000
"""Rows whose hashes the server may keep in a temporary table of its own: about 20 bytes each."""


def _column(column: Column) -> SideColumn:
    native = (column.native_type or "").lower()
    base = native.partition("(")[0].partition(" ")[0]
    kept: Native = "json" if column.type == "json" else _NATIVES.get(base, "text")
    if base == "bigint" and "unsigned" in native:
        # Beyond what a signed number holds.
        kept = "decimal"
    return SideColumn(column.name, kept, column.native_type or "")


def _text(column: ComparedColumn, task: Task) -> str:
    return canonical("mysql", backquoted(column.name), column.native, column.kind, task.zone)


def _raw(column: ComparedColumn) -> str:
    value = backquoted(column.name)
    return f"CAST({value} AS DOUBLE)" if column.native == "single" else value


def _shown(column: ComparedColumn) -> str:
    """SQL for a value as a person may read it and JSON may hold it: exact numbers and moments as text."""
    value = backquoted(column.name)
    if column.native in ("integer", "text"):
        return value
    if column.native in ("double", "single"):
        return f"CAST({value} AS DOUBLE)"
    if column.native == "binary":
        return f"CONCAT('x', LOWER(HEX({value})))"
    return f"CONCAT({value}, '{'Z' if column.native == 'aware' else ''}')"


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _written(value: Any, native: Native, kind: Kind) -> str | None:
    """The canonical text of a value that the server handed over as it is, else that which it wrote."""
    if value is None:
        return None
    if native == "text":
        text = unicodedata.normalize("NFC", str(_decoded(value))).rstrip(" ")
        return f"{len(text.encode())}:{text}"
    if native in ("double", "single"):
        text = repr(float(value) + 0.0).removesuffix(".0")
        return format(decimal.Decimal(text), "f") if kind == "number" else text
    return str(_decoded(value))


def _mark_of(task: Task, texts: Sequence[str | None], values: Sequence[Any]) -> int:
    keyed = [order for order, column in enumerate(task.columns) if column.is_key]
    if any(texts[order] is None for order in keyed):
        return _KEYLESS
    if task.whole_number:
        return int(values[keyed[0]])
    return _as_mark(_md5([texts[order] for order in keyed]), task)


def _md5(texts: Sequence[str | None]) -> int:
    form = "|".join(text or "" for text in texts).encode()
    return int.from_bytes(hashlib.md5(form, usedforsecurity=False).digest()[:8], "big")


def _as_mark(value: Any, task: Task) -> int:
    """The mark as it is kept: signed, whatever the server takes it for."""
    mark = int(value)
    return mark - (1 << 64) if not task.whole_number and mark >= _TOP else mark


def _signed(number: int, shift: int, task: Task) -> int:
    if not task.whole_number and number >= 1 << (63 - shift):
        return number - (1 << (64 - shift))
    return number
