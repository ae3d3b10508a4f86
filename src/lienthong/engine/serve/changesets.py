"""What each version changed, kept as small files: made once from the store, the same whenever it is asked for."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from lienthong.engine.serve.building import declare, facts_in, facts_of, fill, finish, put_in_place
from lienthong.engine.shapes import Column
from lienthong.engine.store.versions import CHANGE, Version, VersionStore

KEPT = 64
_WORD = Column(CHANGE, "text", False, None, "VARCHAR", 0)


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """The change sets of one table in a folder of their own.

    A set holds the net change per key from one version to the next. What the store holds of two versions never
    changes, so a set that is gone is made again as it was; no more than `keep` lie ready, those last asked for.
    """

    folder: Path
    keep: int = KEPT

    def step(self, store: VersionStore, table: str, number: int) -> Path:
        """The file with what changed from version `number` - 1 to version `number`."""
        path = self.folder / f"{number}.sqlite"
        facts = facts_in(path)
        if facts is None or facts.get("table") != table:
            put_in_place(path, lambda partial: write_changes(partial, store, table, number - 1, number))
            self._tidy()
        return path

    def ready(self, table: str, number: int) -> Path | None:
        """The file of this step when it lies ready."""
        path = self.folder / f"{number}.sqlite"
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def _tidy(self) -> None:
        found = sorted(self.folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[self.keep :]:
            path.unlink(missing_ok=True)


def write_changes(partial: Path, store: VersionStore, table: str, a: int, b: int) -> int:
    """Write the net change per key from version `a` to version `b` into a file; how many rows changed."""
    changes = store.changes(table, a, b)
    version: Version = changes.version
    columns = (_WORD, *version.columns)
    declare(partial, columns, version.key)
    fill(partial, columns, version.key, changes.arrow())
    facts = facts_of(version, cursor_key="0" * 64)
    listed = [[column.name, column.type, column.native_type, column.nullable] for column in columns]
    return finish(partial, {**facts, "columns": json.dumps(listed, ensure_ascii=False), "since": str(a)})
