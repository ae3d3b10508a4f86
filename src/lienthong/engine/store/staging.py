"""Rows on their way in: read once, brought to stored types, hashed, checked before anything is published."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from lienthong.engine.evidence.digests import RowDigest, has_loose_rows, hashed_rows, texts_among
from lienthong.engine.evidence.spelling import has_loose_texts
from lienthong.engine.masks import partly_shown
from lienthong.engine.session import literal, quoted
from lienthong.engine.shapes import Column, Finding
from lienthong.engine.store.errors import (
    ChangesInvalid,
    ChecksFailed,
    ColumnsInvalid,
    KeyEmpty,
    KeyMissing,
    KeyRepeated,
)
from lienthong.engine.store.incoming import CopiedRows, Incoming, column_type, incoming, nested, stored_type
from lienthong.engine.store.versions import CHANGE, HASH, Check, Version

STAGED = "staged"
_HASHED = "staged_hashed"
_BITS_AT_MOST = 1 << 28
_BITS_PER_ROW = 64
_DICTIONARY_VALUES = 12_288
# Names by which the store and the lake speak of rows themselves.
_RESERVED = {CHANGE, HASH, "_first", "_last", "_word", "_row", "_was", "snapshot_id", "change_type", "rowid"}


def file_options(columns: Sequence[Column]) -> str:
    """How files of all rows of a table are written: quickly, and by encodings that every reader of today knows.

    LZ4 takes a sixth more room than zstd and, for the whole way from a live database with its checks, a twentieth less time; what
    changes later is written smaller by the lake itself. No Bloom filters: rows are asked for by key of the serving replica, and of files only as a whole. A dictionary is
    given up where it grows beyond what a list of all communes of either era needs.
    """
    return (
        f"FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION V{parquet_version(columns)}, "
        f"WRITE_BLOOM_FILTER false, DICTIONARY_SIZE_LIMIT {_DICTIONARY_VALUES}"
    )


def parquet_version(columns: Sequence[Column]) -> int:
    """The newer encodings make files a tenth smaller and cheaper to read; that of doubles is not known to all readers."""
    return 1 if any(column.native_type == "DOUBLE" for column in columns) else 2


class Stage:
    """Rows that wait for publication, with what is known of them: all rows in a file, changes in a temporary table.

    `firm` is True when no text has another spelling that counts as equal: then equal hashes mean equal rows.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        table: str,
        key: tuple[str, ...],
        head: Version | None = None,
        *,
        folder: Path,
        tmp: Path,
        in_place: bool = False,
    ) -> None:
        self.cursor = cursor
        self.table = table
        self.key = key
        self.columns: tuple[Column, ...] = ()
        self.rows = 0
        self.firm = False
        self.file: Path | None = None
        self.relation = STAGED
        self.in_place = in_place
        """The file is written where the lake may take it over as it is."""
        self._head = head
        self._folder, self._tmp = folder, tmp
        self._written: list[Path] = []

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The result of SQL in which `staged` names the rows."""
        return self.cursor.execute(sql, list(parameters)).fetchall()

    @contextmanager
    def cleared(self) -> Iterator[Stage]:
        """Remove every file of the stage at the end, but one that became part of the lake."""
        try:
            yield self
        finally:
            for path in self._written:
                path.unlink(missing_ok=True)

    def adopted(self) -> None:
        """Leave the staged file where it is: the lake owns it now."""
        if self.in_place:
            self._written = [path for path in self._written if path != self.file]

    def load(self, rows: Any, *, changes: bool) -> None:
        """Read all rows into the stage in stored types; refuse columns that the store cannot keep."""
        if isinstance(rows, CopiedRows):
            described = rows.described()
            select = self._select([name for name, _ in described], described, changes=False)
            self._keep_copied(rows, select)
            return
        with incoming(self.cursor, self.table, rows, self._tmp) as given:
            found = self.query(f"DESCRIBE SELECT * FROM {given.name}")
            pairs = [(name, given.native.get(name, str(row[1]))) for name, row in given.named(found)]
            if changes and CHANGE not in [column for column, _ in pairs]:
                raise ChangesInvalid(table=self.table, found=f"- {CHANGE}")
            select = self._select([str(row[0]) for row in found], pairs, changes=changes)
            if changes:
                self._keep_changes(select, given)
            else:
                self._keep_all(f"(SELECT {select} FROM {given.name})")

    def _select(self, raw: Sequence[str], pairs: list[tuple[str, str]], *, changes: bool) -> str:
        self.columns = self._sane(pairs, changes=changes)
        stored = {column.name: str(column.native_type) for column in self.columns}
        picked = []
        for given, (name, native) in zip(raw, pairs, strict=True):
            composed = unicodedata.normalize("NFC", name)
            value = f"to_json({quoted(given)})" if nested(native) else quoted(given)
            picked.append(f"CAST({value} AS {stored.get(composed, 'VARCHAR')}) AS {quoted(composed)}")
        return ", ".join(picked)

    def _keep_changes(self, select: str, given: Incoming) -> None:
        rows = f"(SELECT {select} FROM {given.name})"
        self.cursor.execute(f"CREATE TEMP TABLE {STAGED} AS {self._hashed(rows, firm=True)}")
        self._count()
        if not self.firm:
            self._rehash("*")

    def _keep_copied(self, rows: CopiedRows, select: str) -> None:
        path = self._new_file()
        rows.copy(lambda relation: self._copy(f"(SELECT {select} FROM {relation})", path, firm=True))
        self._settle(path)

    def _keep_all(self, rows: str) -> None:
        path = self._new_file()
        self.cursor.execute(self._copy(rows, path, firm=True))
        self._settle(path)

    def _copy(self, rows: str, path: Path, *, firm: bool) -> str:
        options = file_options(self.columns)
        return f"COPY ({self._hashed(rows, firm=firm)}) TO {literal(str(path))} ({options})"

    def _settle(self, path: Path) -> None:
        """Make the written file the stage. Texts are told from it: there each spelling is looked at once, not each row."""
        self._show(path)
        if not self.firm:
            self._rewrite(f"(SELECT * EXCLUDE ({HASH}) FROM read_parquet({literal(str(path))}))")

    def _rewrite(self, rows: str) -> None:
        old, path = self.file, self._new_file()
        self.cursor.execute(self._copy(rows, path, firm=False))
        self._show(path)
        if old is not None:
            old.unlink(missing_ok=True)

    def _show(self, path: Path) -> None:
        self.file = path
        read = f"read_parquet({literal(str(path))})"
        self.relation = f"(SELECT * EXCLUDE ({HASH}) FROM {read})"
        self.cursor.execute(f"CREATE OR REPLACE TEMP VIEW {_HASHED} AS SELECT * FROM {read}")
        self.cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW {STAGED} AS SELECT * EXCLUDE ({HASH}) FROM {_HASHED}"
        )
        self._count()

    def _count(self) -> None:
        pairs = [(column.name, str(column.native_type)) for column in self.columns]
        self.rows = int(self.query(f"SELECT count(*) FROM {STAGED}")[0][0])
        if self.file is None:
            self.firm = not has_loose_rows(lambda sql: self.query(sql)[0], STAGED, pairs)
        else:
            self.firm = not has_loose_texts(self.file, texts_among(pairs))

    def _new_file(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"ducklake-{uuid.uuid4()}.parquet"
        self._written.append(path)
        return path

    def _hashed(self, rows: str, *, firm: bool = False) -> str:
        """The rows with their hash, which is taken over the columns in the order of the table as it will be."""
        given = {column.name: column for column in self.columns}
        known = self._head.columns if self._head else ()
        if any(column.name not in given for column in known):
            return f"SELECT *, CAST(NULL AS UBIGINT) AS {HASH} FROM {rows}"
        ordered = [given.pop(column.name) for column in known] + list(given.values())
        pairs = [(column.name, str(column.native_type)) for column in ordered]
        return hashed_rows(rows, pairs, HASH, firm=firm)

    def _sane(self, pairs: list[tuple[str, str]], *, changes: bool) -> tuple[Column, ...]:
        columns: list[Column] = []
        seen: set[str] = set()
        for raw, native in pairs:
            if changes and raw == CHANGE:
                continue
            name = unicodedata.normalize("NFC", raw)
            if not name.strip() or any(ord(letter) < 32 for letter in name):
                raise self._refused(raw, "tên trống hoặc có ký tự điều khiển", "its name is unprintable")
            if name.lower() in _RESERVED:
                raise self._refused(raw, "tên này dành riêng cho kho", "the store keeps this name for itself")
            if name.casefold() in seen:
                raise self._refused(raw, "tên cột bị lặp", "the name appears twice")
            stored = stored_type(native)
            if stored is None:
                raise self._refused(raw, f"kiểu {native} không được hỗ trợ", f"type {native} is unsupported")
            seen.add(name.casefold())
            columns.append(
                Column(name, column_type(stored), name not in self.key, None, stored, len(columns) + 1)
            )
        if not columns:
            raise self._refused("-", "không có cột nào", "there is no column")
        names = {column.name for column in columns}
        for part in self.key:
            if part not in names:
                raise KeyMissing(table=self.table, column=part)
        return tuple(columns)

    def _refused(self, column: str, reason_vi: str, reason_en: str) -> ColumnsInvalid:
        return ColumnsInvalid(table=self.table, column=column, reason_vi=reason_vi, reason_en=reason_en)

    def check_words(self) -> None:
        """Refuse changes with an unknown word in the change column."""
        strange = self.query(
            f"SELECT coalesce({CHANGE}, 'null') FROM {STAGED} "
            f"WHERE {CHANGE} IS NULL OR {CHANGE} NOT IN ('insert', 'update', 'delete') LIMIT 1"
        )
        if strange:
            raise ChangesInvalid(table=self.table, found=f"{CHANGE} = {str(strange[0][0])[:20]}")

    def check_key(self) -> None:
        """Refuse rows without a key, and several rows with one key; the example is masked.

        Asked of the rows handed over alone: those of the newest version were asked when it was published.
        """
        names = [quoted(part) for part in self.key]
        kinds = {column.name: column.native_type for column in self.columns}
        empty = " OR ".join(
            f"{quoted(part)} IS NULL"
            + (
                f" OR CAST({quoted(part)} AS VARCHAR) = ''"
                if kinds[part] in ("VARCHAR", "JSON", "BLOB")
                else ""
            )
            for part in self.key
        )
        (without,) = self.query(f"SELECT count(*) FILTER ({empty}) FROM {STAGED}")[0]
        if without:
            raise KeyEmpty(table=self.table, key=", ".join(self.key), count=without)
        surplus = self._surplus(names, [str(kinds[part]) for part in self.key])
        if surplus:
            listed = ", ".join(names)
            example = self.query(
                f"SELECT {', '.join(f'CAST({name} AS VARCHAR)' for name in names)} FROM {STAGED} "
                f"GROUP BY {listed} HAVING count(*) > 1 ORDER BY {listed} LIMIT 1"
            )[0]
            raise KeyRepeated(
                table=self.table,
                key=", ".join(self.key),
                count=surplus,
                example=", ".join(str(partly_shown(part)) for part in example),
            )

    def _surplus(self, names: list[str], kinds: list[str]) -> int:
        """How many rows there are more than keys."""
        if kinds == ["BIGINT"] and self.rows:
            first, last = self.query(f"SELECT min({names[0]}), max({names[0]}) FROM {STAGED}")[0]
            if last - first < min(_BITS_AT_MOST, _BITS_PER_ROW * self.rows):
                # Numbers that lie close together are ticked off one by one: a tenth of the cost of counting them.
                seen = np.zeros(last - first + 1, np.bool_)
                for batch in self.cursor.execute(f"SELECT {names[0]} FROM {STAGED}").to_arrow_reader(
                    1_000_000
                ):
                    seen[batch.column(0).to_numpy() - first] = True
                return self.rows - int(np.count_nonzero(seen))
        distinct = names[0] if len(names) == 1 else f"({', '.join(names)})"
        (surplus,) = self.query(f"SELECT count(*) - count(DISTINCT {distinct}) FROM {STAGED}")[0]
        return int(surplus)

    def check_with(self, checks: Sequence[Check]) -> None:
        """Ask every check; ChecksFailed carries all findings when one of them is an error."""
        findings: list[Finding] = []
        for check in checks:
            findings.extend(check(self) or ())
        errors = [finding for finding in findings if finding.severity == "error"]
        if errors:
            codes = ", ".join(sorted({finding.code for finding in errors}))
            failed = ChecksFailed(table=self.table, count=len(errors), codes=codes)
            failed.findings = tuple(findings)
            raise failed

    def digest(self) -> RowDigest:
        """The digest of the staged rows."""
        return RowDigest.of(
            self.query(f"SELECT count(*), bit_xor({HASH}), sum({HASH}) FROM {self.hashed()}")[0]
        )

    def hashed(self) -> str:
        """What SQL on this connection reads the rows with their hashes from."""
        return STAGED if self.file is None else _HASHED

    def recast(self, columns: tuple[Column, ...]) -> None:
        """Bring columns to the types of the table; the caller has made sure that it loses nothing."""
        wanted = {column.name: column for column in columns}
        casts = [
            f"CAST({quoted(column.name)} AS {target.native_type}) AS {quoted(column.name)}"
            for column in self.columns
            if (target := wanted.get(column.name)) and target.native_type != column.native_type
        ]
        self.columns = tuple(
            replace(column, native_type=target.native_type, type=target.type)
            if (target := wanted.get(column.name))
            else column
            for column in self.columns
        )
        if not casts:
            return
        if self.file is not None:
            self._rewrite(f"(SELECT * REPLACE ({', '.join(casts)}) FROM {STAGED})")
            return
        self._rehash(f"* REPLACE ({', '.join(casts)})")

    def _rehash(self, picked: str) -> None:
        """Bring changes into another form, with the exact hash of each row."""
        self.cursor.execute(f"ALTER TABLE {STAGED} DROP COLUMN {HASH}")
        rows = self._hashed(f"(SELECT {picked} FROM {STAGED})")
        self.cursor.execute(f"CREATE TEMP TABLE rehashed AS {rows}")
        self.cursor.execute(f"DROP TABLE {STAGED}")
        self.cursor.execute(f"ALTER TABLE rehashed RENAME TO {STAGED}")

    def fill(self, columns: Sequence[Column]) -> None:
        """Add columns of nulls, for changes that only delete and therefore brought the key alone."""
        for column in columns:
            self.cursor.execute(f"ALTER TABLE {STAGED} ADD COLUMN {quoted(column.name)} {column.native_type}")


def loses_nothing(stage: Stage, column: Column, stored: str) -> bool:
    """True when every staged value of this column is the same value in the type of the table."""
    source = str(column.native_type)
    allowed = (
        (source == "BIGINT" and (stored == "DOUBLE" or stored.startswith("DECIMAL")))
        or (source.startswith("DECIMAL") and (stored.startswith("DECIMAL") or stored == "BIGINT"))
        or (source == "DATE" and stored == "TIMESTAMP")
        or (source == "TIMESTAMP" and stored == "DATE")
        or (source == "DOUBLE" and stored == "BIGINT")
    )
    name = quoted(column.name)
    if not allowed:
        (values,) = stage.query(f"SELECT count({name}) FROM {STAGED}")[0]
        return bool(values == 0)
    cast = f"TRY_CAST({name} AS {stored})"
    (lost,) = stage.query(
        f"SELECT count(*) FROM {STAGED} WHERE {name} IS NOT NULL AND "
        f"({cast} IS NULL OR CAST({cast} AS {source}) IS DISTINCT FROM {name})"
    )[0]
    return bool(lost == 0)
