"""What each version changed, kept as small files: made once from the store, the same whenever it is asked for.

A file holds each changed row as it is now (a deleted one as it last was). For those who follow a part of the table
there is another, made when the first of them asks, that also holds each updated row as it was before: so it can be told
which rows came into the part, and which left it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.engine.serve.asking import Condition, Mask
from lienthong.engine.serve.building import declare, facts_in, facts_of, fill, finish, put_in_place
from lienthong.engine.serve.replica import Replica, Row
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column
from lienthong.engine.store.versions import CHANGE, Version, VersionStore

KEPT = 64
BEFORE = "before_update"
_WORD = Column(CHANGE, "text", False, None, "VARCHAR", 0)


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """The change sets of one table in a folder of their own.

    A set holds the net change per key from one version to the next. What the store holds of two versions never
    changes, so a set that is gone is made again as it was; no more than `keep` lie ready, those last asked for.
    """

    folder: Path
    keep: int = KEPT

    def step(self, store: VersionStore, table: str, number: int, *, both: bool = False) -> Path:
        """The file with what changed from version `number` - 1 to version `number`; `both`: with the rows before too."""
        path = self._path(number, both)
        facts = facts_in(path)
        if facts is None or facts.get("table") != table:
            put_in_place(
                path, lambda partial: write_changes(partial, store, table, number - 1, number, both=both)
            )
            self._tidy()
        return path

    def ready(self, table: str, number: int, *, both: bool = False) -> Path | None:
        """The file of this step when it lies ready."""
        path = self._path(number, both)
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def _path(self, number: int, both: bool) -> Path:
        return self.folder / f"{number}{'-both' if both else ''}.sqlite"

    def _tidy(self) -> None:
        found = sorted(self.folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[self.keep :]:
            path.unlink(missing_ok=True)


class ChangeSet(Replica):
    """One file of what a version changed, read in pages by the key."""

    def slice(
        self,
        values: Sequence[Any] | None,
        limit: int,
        columns: Sequence[str],
        mask: Mask | None = None,
        condition: Condition | None = None,
    ) -> tuple[list[Row], list[Any] | None]:
        """Changed rows behind the one with these kept key values, and the key of the last of them (None: no more follow).

        Under a condition: what became of the rows that met it before or meet it now, as its reader sees it. A row that
        came to meet it was inserted, one that no longer does was deleted; what never did is passed over. Columns
        that the table did not have yet are null.
        """
        self._check_limit(limit)
        opened = self._open()
        there = [name for name in columns if name in opened.known]
        known = {name: word for name, word in (mask or {}).items() if name in opened.known}
        plan = opened.plan((CHANGE, *there), known)
        source = ("rows", []) if condition is None else self._part(list(opened.known), condition)
        found, last = self._slice(opened, plan, ([], []), plan.by_key, values, limit, source)
        rows = plan.objects(found)
        if len(there) < len(columns):
            rows = [{name: row.get(name) for name in (CHANGE, *columns)} for row in rows]
        return rows, last

    def _part(self, known: Sequence[str], condition: Condition) -> tuple[str, list[Any]]:
        """SQL of the changes within the part of the table for which a condition holds, with its parameters."""
        key = self.about().key
        names = [name for name in known if name != CHANGE]
        lacking = [f"NULL AS {quoted(name)}" for name in condition.columns if name not in names]
        columns = ", ".join([*map(quoted, names), *lacking])
        now, then = (_unlike(word, known) for word in ("meets", "met"))
        same = " AND ".join(f"b.{part} = r.{part}" for part in map(quoted, key))
        # Names without a table are those of the innermost: each condition is asked of the rows that it stands beside.
        before = f"SELECT 1 FROM (SELECT {columns} FROM {BEFORE}) b WHERE {same} AND {condition.sql}"
        both = (
            f"SELECT {CHANGE}, {', '.join(f'r.{quoted(name)}' for name in names)}, ({condition.sql}) AS {now}, "
            f"({CHANGE} = 'update' AND EXISTS ({before})) AS {then} FROM (SELECT {CHANGE}, {columns} FROM rows) r"
        )
        word = (
            f"CASE WHEN {CHANGE} = 'delete' OR {now} IS NOT TRUE THEN 'delete' "
            f"WHEN {CHANGE} = 'update' AND NOT {then} THEN 'insert' ELSE {CHANGE} END"
        )
        sql = f"(SELECT {word} AS {CHANGE}, {', '.join(map(quoted, names))} FROM ({both}) WHERE {now} OR {then})"
        return sql, [*condition.parameters, *condition.parameters]


def _unlike(word: str, known: Sequence[str]) -> str:
    """A name like this that no column has."""
    taken = {name.casefold() for name in known}
    while word in taken:
        word += "_"
    return word


def write_changes(
    partial: Path, store: VersionStore, table: str, a: int, b: int, *, both: bool = False
) -> int:
    """Write the net change per key from version `a` to version `b` into a file; how many rows changed.

    `both`: the rows that were updated also as they were before. Costs one reading of the changes more.
    """
    changes = store.changes(table, a, b)
    version: Version = changes.version
    columns = (_WORD, *version.columns)
    declare(partial, columns, version.key, beside={BEFORE: version.columns} if both else {})
    fill(partial, columns, version.key, changes.arrow())
    if both and a:
        fill(partial, version.columns, version.key, changes.replaced().arrow(), BEFORE)
    facts = facts_of(version, cursor_key="0" * 64)
    listed = [[column.name, column.type, column.native_type, column.nullable] for column in columns]
    return finish(partial, {**facts, "columns": json.dumps(listed, ensure_ascii=False), "since": str(a)})
