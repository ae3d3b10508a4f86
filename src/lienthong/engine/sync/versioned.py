"""A published table of our own store as a source: its versions never change, and what changed between two is known."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lienthong.engine.session import Connection, Limits, ShouldStop, open_session, quoted
from lienthong.engine.shapes import ColumnType
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.versions import CHANGE, VersionStore
from lienthong.engine.sync.converting import as_text
from lienthong.engine.sync.reading import KeyText, Part, Reader, ordered_here, where_here

_GIVEN = "sync_given"


class StoreReader(Reader):
    """One table of a versioned store. Without a number the newest version is followed."""

    in_parts = False

    def __init__(
        self,
        store: VersionStore,
        display: str,
        table: str,
        version: int | None,
        limits: Limits,
        *,
        ours: bool,
    ) -> None:
        self._store, self._ours = store, ours
        self.display, self.table = display, table
        rows = store.at(table, version)
        self.newest = rows.version.number
        """The version that a run brings the target to."""
        self.columns = rows.version.columns
        self.declared_key = rows.version.key
        self.rows_estimated = rows.version.rows
        self._folder = tempfile.TemporaryDirectory(prefix="lienthong-", dir=limits.temp_directory)
        self._session = open_session(limits, Path(self._folder.name))

    @property
    def session(self) -> Connection:
        return self._session

    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        return {
            column.name: (as_text(quoted(column.name), column.native_type or "VARCHAR"), column.type)
            for column in self.columns
        }

    def at(self, version: int) -> None:
        """Read this version from now on: a load that goes on reads the rows it began with."""
        found = self._store.at(self.table, version).version
        self.newest, self.columns, self.rows_estimated = found.number, found.columns, found.rows

    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        where = where_here(part, self.texts())
        self._take(
            self._store.at(self.table, self.newest).arrow(only, ordered=False), name, projection, where
        )

    def capture_changes(self, name: str, projection: str, since: int) -> None:
        """Capture what changed from a version to the one that is followed: one row per key, `_gone` for removed ones."""
        reader = self._store.changes(self.table, since, self.newest).arrow(ordered=False)
        self._take(reader, name, projection.replace("false AS _gone", f"{CHANGE} = 'delete' AS _gone"), "")

    def _take(self, reader: object, name: str, projection: str, where: str) -> None:
        self._session.register(_GIVEN, reader)
        try:
            self._session.execute(
                f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {projection} FROM {_GIVEN}{where}"
            )
        finally:
            self._session.unregister(_GIVEN)

    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        self.capture(
            "sync_greatest", f"max({ordered_here(column, self.texts())}) AS m", Part(()), None, [column]
        )
        found = self._session.execute("SELECT m FROM sync_greatest").fetchall()[0][0]
        return None if found is None else str(found)

    def close(self) -> None:
        self._session.close()
        self._folder.cleanup()
        if self._ours and isinstance(self._store, DuckLakeStore):
            self._store.close()


def again(reader: Reader, keys: Sequence[KeyText]) -> Part:
    """The part of these keys alone."""
    return Part(reader.declared_key, keys=tuple(keys), only_keys=True)
