"""What separates any two versions, row by row with the values before and after: made once, read in pages.

Versions never change, so their difference is written to a file of its own when it is first asked for. Making it costs
the changes between the two and one scan of the older version; a page costs one read of that file, whatever the size of
the versions.
"""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lienthong.engine.evidence.digests import RowDigest, digest_query
from lienthong.engine.session import Limits, literal, open_session, quoted
from lienthong.engine.store.versions import CHANGE, Version, VersionStore

KINDS = ("insert", "update", "delete")
_BATCH = 5_000
_FORM = 1


@dataclass(frozen=True, slots=True)
class DifferenceSummary:
    """Counts in full: rows by what became of them, columns by how often they changed, and columns that came or went."""

    table: str
    left: int
    right: int
    left_rows: int
    right_rows: int
    inserted: int
    updated: int
    deleted: int
    changed_columns: Mapping[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows differ."""
        return self.inserted + self.updated + self.deleted

    @property
    def equal(self) -> bool:
        """Whether both versions hold the same rows and columns."""
        return not (self.rows or self.columns_added or self.columns_removed or self.columns_retyped)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row that differs: its place in the order of the key, what became of it, and its values as text."""

    place: int
    kind: str
    key: tuple[str | None, ...]
    columns: tuple[str, ...]
    before: Mapping[str, str | None] | None
    after: Mapping[str, str | None] | None


class VersionDifference:
    """The written difference of two versions: its summary, and its rows in pages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        told = json.loads(_summary_path(path).read_text(encoding="utf-8"))
        for name in ("columns", "key", "columns_added", "columns_removed", "columns_retyped"):
            told[name] = tuple(told[name])
        told.pop("form", None)
        self.summary = DifferenceSummary(**told)

    def page(
        self,
        *,
        after: int = 0,
        limit: int = 50,
        kind: str = "",
        column: str = "",
        key: str = "",
    ) -> list[ChangedRow]:
        """The rows behind this place, in the order of the key: of one kind, with one column changed, with a key that
        begins with a text.
        """
        where, parameters = self._where(kind, column, key)
        rows = self._asked(
            f"SELECT * FROM {self._source()} WHERE _place > ? AND {where} ORDER BY _place LIMIT ?",
            [after, *parameters, limit],
        )
        return [self._row(row) for row in rows]

    def count(self, *, kind: str = "", column: str = "", key: str = "") -> int:
        """How many rows differ in this way."""
        where, parameters = self._where(kind, column, key)
        found = self._asked(f"SELECT count(*) FROM {self._source()} WHERE {where}", parameters)
        return int(found[0][0])

    def every(self, *, kind: str = "", column: str = "", key: str = "") -> Iterator[ChangedRow]:
        """All rows of this kind, read a few thousand at a time."""
        place = 0
        while page := self.page(after=place, limit=_BATCH, kind=kind, column=column, key=key):
            yield from page
            place = page[-1].place

    def _where(self, kind: str, column: str, key: str) -> tuple[str, list[Any]]:
        parts, parameters = ["true"], []
        if kind in KINDS:
            parts.append("_change = ?")
            parameters.append(kind)
        if column:
            parts.append("list_contains(_columns, ?)")
            parameters.append(column)
        if key:
            parts.append("(list_contains(_key, ?) OR starts_with(_key[1], ?))")
            parameters += [key, key]
        return " AND ".join(parts), parameters

    def _source(self) -> str:
        return f"read_parquet({literal(_as_glob(self.path))})"

    def _asked(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with tempfile.TemporaryDirectory(prefix="difference-") as folder:
            session = open_session(Limits(memory_mb=512, threads=1), Path(folder))
            try:
                return session.execute(sql, list(parameters)).fetchall()
            finally:
                session.close()

    @staticmethod
    def _row(row: tuple[Any, ...]) -> ChangedRow:
        place, kind, key, columns, before, after = row
        return ChangedRow(
            place=int(place),
            kind=str(kind),
            key=tuple(key),
            columns=tuple(columns),
            before=before if kind != "insert" else None,
            after=after if kind != "delete" else None,
        )


def difference_at(folder: Path, table: str, left: int, right: int) -> VersionDifference | None:
    """The difference of two versions that was written before; None when it was not."""
    path = folder / table / f"{left}-{right}.parquet"
    if not path.exists() or not _summary_path(path).exists():
        return None
    found: VersionDifference = VersionDifference(path)
    return found


def write_difference(
    store: VersionStore, table: str, left: int, right: int, folder: Path
) -> VersionDifference:
    """Write what separates version `left` from the later version `right`; written before, it is given back.

    The file appears when it is whole. Costs the changes between both and one scan of the older version.
    """
    standing = difference_at(folder, table, left, right)
    if standing is not None:
        return standing
    path = folder / table / f"{left}-{right}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    older, changes = store.at(table, left), store.changes(table, left, right)
    before, later = older.version, changes.version
    partial = path.with_name(f".{path.stem}.{uuid.uuid4().hex}")
    staged = partial.with_suffix(".changes")
    try:
        reader = changes.arrow(ordered=False)
        with pq.ParquetWriter(staged, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
        rows = older.relation().query("o", _difference(before, later, staged))
        rows.write_parquet(str(partial), compression="zstd")
        summary = _summed(partial, before, later)
        _summary_path(partial).write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")
        os.replace(_summary_path(partial), _summary_path(path))
        os.replace(partial, path)
    finally:
        for left_over in (partial, staged, _summary_path(partial)):
            left_over.unlink(missing_ok=True)
    return VersionDifference(path)


def digest_anew(store: VersionStore, table: str, number: int) -> str:
    """The digest of a version, computed from its rows as they lie in the store. Costs one scan of the version."""
    rows = store.at(table, number)
    asked = rows.relation().query("v", digest_query("v", rows.version.native_columns()))
    found = asked.fetchone()
    return str(RowDigest.of(found or (0, 0, 0)))


def _difference(before: Version, later: Version, staged: Path) -> str:
    key = [quoted(part) for part in later.key]
    on = " AND ".join(f"o.{part} = c.{part}" for part in key)
    shared = [name for name in later.column_names() if name in before.column_names()]
    flags = [
        f"CASE WHEN o.{quoted(name)} IS DISTINCT FROM c.{quoted(name)} THEN {literal(name)} END"
        for name in shared
        if name not in later.key
    ]
    flags += [
        f"CASE WHEN c.{quoted(name)} IS NOT NULL THEN {literal(name)} END"
        for name in later.column_names()
        if name not in before.column_names()
    ]
    listed = ", ".join(flags) or "NULL"
    keys = ", ".join(f"CAST(c.{part} AS VARCHAR)" for part in key)
    return (
        f"SELECT row_number() OVER (ORDER BY {', '.join(f'c.{part}' for part in key)}) AS _place, "
        f"c.{CHANGE} AS _change, [{keys}] AS _key, "
        f"CASE WHEN c.{CHANGE} = 'update' THEN list_filter([{listed}], x -> x IS NOT NULL) "
        "ELSE CAST([] AS VARCHAR[]) END AS _columns, "
        f"CASE WHEN c.{CHANGE} = 'update' THEN {_texts('o', before.column_names())} "
        f"WHEN c.{CHANGE} = 'delete' THEN {_texts('c', before.column_names(), later.column_names())} END AS _before, "
        f"CASE WHEN c.{CHANGE} <> 'delete' THEN {_texts('c', later.column_names())} END AS _after "
        f"FROM read_parquet({literal(_as_glob(staged))}) c LEFT JOIN o "
        # Equality of keys alone: with anything more the engine would compare every row with every other.
        f"ON {on} ORDER BY _place"
    )


def _texts(alias: str, names: Sequence[str], known: Sequence[str] | None = None) -> str:
    parts = (
        f"{quoted(name)} := CAST({alias}.{quoted(name)} AS VARCHAR)"
        if known is None or name in known
        else f"{quoted(name)} := CAST(NULL AS VARCHAR)"
        for name in names
    )
    return f"struct_pack({', '.join(parts)})"


def _summed(path: Path, before: Version, later: Version) -> dict[str, Any]:
    source = f"read_parquet({literal(_as_glob(path))})"
    with tempfile.TemporaryDirectory(prefix="difference-") as folder:
        session = open_session(Limits(memory_mb=512, threads=1), Path(folder))
        try:
            counted = dict(session.execute(f"SELECT _change, count(*) FROM {source} GROUP BY 1").fetchall())
            columns = session.execute(
                f"SELECT name, count(*) FROM (SELECT unnest(_columns) AS name FROM {source}) GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
        finally:
            session.close()
    old = {column.name: column.native_type for column in before.columns}
    new = {column.name: column.native_type for column in later.columns}
    return {
        "form": _FORM,
        "table": later.table,
        "left": before.number,
        "right": later.number,
        "left_rows": before.rows,
        "right_rows": later.rows,
        "inserted": int(counted.get("insert", 0)),
        "updated": int(counted.get("update", 0)),
        "deleted": int(counted.get("delete", 0)),
        "changed_columns": {str(name): int(times) for name, times in columns},
        "columns": list(new),
        "key": list(later.key),
        "columns_added": [name for name in new if name not in old],
        "columns_removed": [name for name in old if name not in new],
        "columns_retyped": [name for name in new if name in old and new[name] != old[name]],
    }


def _summary_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _as_glob(path: Path) -> str:
    """The file's name for an engine that takes names as patterns."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
