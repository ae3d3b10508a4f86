"""Sources that say themselves what changed: a published table of our own store, and a feed of changes over a network."""

from __future__ import annotations

import json
import tempfile
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from lienthong.engine.session import Connection, Limits, ShouldStop, open_session, quoted
from lienthong.engine.shapes import Column, ColumnType
from lienthong.engine.store.versions import CHANGE, VersionStore
from lienthong.engine.sync.converting import as_text
from lienthong.engine.sync.errors import FeedUntold, MarkUnusable, PlanInvalid
from lienthong.engine.sync.reading import Part, Reader, ordered_here, where_here

_GIVEN = "sync_given"
_SPOOL = "sync_spool"


@runtime_checkable
class ChangesFeed(Protocol):
    """What the opener of a feed hands in. It keeps its own credentials, time limits and retries."""

    def page(self, after: str | None) -> Mapping[str, Any]:
        """The changes behind a mark (None: from the beginning, which begins with all rows).

        `{"changes": [{"change": "insert" | "update" | "delete", "row": {...}}], "next": mark, "more": bool}`; of a removed row
        the key is enough. `"columns": [{"name": …, "type": …}]` beside them says what columns rows have, which else only
        rows tell. Raises EngineErrors; transient ones are tried again.
        """
        ...


class LoggedReader(Reader):
    """A source with a log of changes."""

    in_parts = False

    def __init__(self, limits: Limits) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lienthong-", dir=limits.temp_directory)
        self._session = open_session(limits, Path(self._folder.name))

    @property
    def session(self) -> Connection:
        return self._session

    @abstractmethod
    def now(self) -> dict[str, Any]:
        """The mark of the rows that `capture` reads."""

    @abstractmethod
    def pin(self, mark: Mapping[str, Any]) -> None:
        """Read the rows of an earlier mark, where that is possible: a load that goes on reads what it began with."""

    @abstractmethod
    def knows(self, mark: Mapping[str, Any]) -> bool:
        """Whether the changes since this mark can be told."""

    @abstractmethod
    def capture_changes(self, name: str, projection: str, since: Mapping[str, Any]) -> dict[str, Any]:
        """Capture what changed since a mark, one row per key, `_lienthong_gone` for removed ones; the mark reached."""

    def close(self) -> None:
        self._session.close()
        self._folder.cleanup()


class StoreReader(LoggedReader):
    """One table of a versioned store. Without a number the newest version is followed."""

    def __init__(
        self,
        store: VersionStore,
        display: str,
        table: str,
        version: int | None,
        limits: Limits,
        *,
        ours: bool = True,
    ) -> None:
        super().__init__(limits)
        self._store, self._ours = store, ours
        self.display, self.table = display, table
        try:
            self._take_version(version)
        except BaseException:
            self.close()
            raise

    def _take_version(self, number: int | None) -> None:
        found = self._store.at(self.table, number).version
        self._version, self.columns = found.number, found.columns
        self.declared_key, self.rows_estimated = found.key, found.rows

    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        return {
            column.name: (as_text(quoted(column.name), _handed_out(column)), column.type)
            for column in self.columns
        }

    def now(self) -> dict[str, Any]:
        return {"version": self._version}

    def pin(self, mark: Mapping[str, Any]) -> None:
        self._take_version(int(mark["version"]))

    def knows(self, mark: Mapping[str, Any]) -> bool:
        return 1 <= int(mark.get("version", 0)) <= self._version

    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        rows = self._store.at(self.table, self._version).arrow(only, ordered=False)
        self._take(rows, name, projection, where_here(part, self.texts()))

    def capture_changes(self, name: str, projection: str, since: Mapping[str, Any]) -> dict[str, Any]:
        rows = self._store.changes(self.table, int(since["version"]), self._version).arrow(ordered=False)
        self._take(rows, name, marking_removed(projection), "")
        return self.now()

    def _take(self, rows: object, name: str, projection: str, where: str) -> None:
        self._session.register(_GIVEN, rows)
        try:
            self._session.execute(
                f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {projection} FROM {_GIVEN}{where}"
            )
        finally:
            self._session.unregister(_GIVEN)

    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        projection = f"max({ordered_here(column, self.texts())}) AS m"
        self.capture("sync_greatest", projection, Part(()), None, [column])
        found = self._session.execute("SELECT m FROM sync_greatest").fetchall()[0][0]
        return None if found is None else str(found)

    def close(self) -> None:
        super().close()
        closing = getattr(self._store, "close", None)
        if self._ours and closing is not None:
            closing()


class FeedReader(LoggedReader):
    """A feed of changes whose opener was handed in. Its rows are what all its changes come to."""

    def __init__(
        self,
        feed: ChangesFeed,
        display: str,
        key: Sequence[str],
        limits: Limits,
        wanted: Sequence[str] = (),
    ) -> None:
        """`wanted` are the columns that a plan names: those of a feed that has told of no row yet and names none itself."""
        super().__init__(limits)
        self._feed = feed
        self.display, self.table, self.declared_key = display, "", tuple(key)
        self._reached: str | None = None
        self._spooled = False
        try:
            self._first = _first_told(feed)
            self.columns = _columns_of(self._first, (*key, *wanted) if wanted else ())
        except BaseException:
            self.close()
            raise
        if not self.columns:
            self.close()
            raise FeedUntold(source=display)

    def texts(self) -> Mapping[str, tuple[str, ColumnType]]:
        return {column.name: (quoted(column.name), column.type) for column in self.columns}

    def now(self) -> dict[str, Any]:
        self._spool_everything()
        return {"token": self._reached}

    def pin(self, mark: Mapping[str, Any]) -> None:
        """A feed has no rows of an earlier mark; what the load has missed comes with the changes since that mark."""

    def knows(self, mark: Mapping[str, Any]) -> bool:
        return bool(mark.get("token"))

    def capture(
        self,
        name: str,
        projection: str,
        part: Part,
        should_stop: ShouldStop | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        self._spool_everything()
        where = where_here(part, self.texts())
        alive = f"(SELECT * FROM {_SPOOL} WHERE {CHANGE} <> 'delete')"
        self._session.execute(
            f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {projection} FROM {alive}{where}"
        )

    def capture_changes(self, name: str, projection: str, since: Mapping[str, Any]) -> dict[str, Any]:
        reached = self._spool(str(since["token"]), None)
        self._spooled = False
        self._session.execute(
            f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {marking_removed(projection)} FROM {_SPOOL}"
        )
        return {"token": reached}

    def greatest(self, column: str, should_stop: ShouldStop | None = None) -> str | None:
        return None

    def _spool_everything(self) -> None:
        if not self._spooled:
            self._reached = self._spool(None, self._first)
            self._spooled = True

    def _spool(self, after: str | None, first: Mapping[str, Any] | None) -> str | None:
        """Read all pages behind a mark and keep the last word on each key; the mark reached."""
        names = [column.name for column in self.columns]
        declared = ", ".join(f"{quoted(name)} VARCHAR" for name in names)
        self._session.execute(
            f"CREATE OR REPLACE TABLE {_SPOOL} (_lienthong_order BIGINT, {CHANGE} VARCHAR, {declared})"
        )
        order = 0
        for page in self._pages(after, first):
            order = self._keep(page, names, order)
            after = page.get("next") or after
        keys = ", ".join(quoted(name) for name in self.declared_key)
        self._session.execute(
            f"CREATE OR REPLACE TABLE {_SPOOL} AS SELECT * EXCLUDE (_lienthong_order) FROM {_SPOOL} "
            f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _lienthong_order DESC) = 1"
        )
        return after

    def _pages(self, after: str | None, first: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
        page = first if first is not None else self._feed.page(after)
        while True:
            yield page
            following = page.get("next")
            if not page.get("more"):
                return
            if not following or following == after:
                raise MarkUnusable(
                    mark=after,
                    reason_vi="nguồn báo còn thay đổi nhưng không cho mốc kế tiếp",
                    reason_en="the feed says there is more and gives no further mark",
                )
            after = str(following)
            page = self._feed.page(after)

    def _keep(self, page: Mapping[str, Any], names: Sequence[str], order: int) -> int:
        import pyarrow as pa

        changes = list(page.get("changes", ()))
        unknown = {str(one.get("change")) for one in changes} - {"insert", "update", "delete"}
        if unknown:
            raise PlanInvalid(
                reason_vi=f"dòng thay đổi có từ lạ: {', '.join(sorted(unknown))[:40]}",
                reason_en=f"the feed says an unknown word: {', '.join(sorted(unknown))[:40]}",
            )
        columns = {
            "_lienthong_order": pa.array(range(order, order + len(changes)), pa.int64()),
            CHANGE: pa.array([str(one["change"]) for one in changes], pa.string()),
        }
        for name in names:
            columns[name] = pa.array([_text(one["row"].get(name)) for one in changes], pa.string())
        self._session.register(_GIVEN, pa.table(columns))
        self._session.execute(f"INSERT INTO {_SPOOL} SELECT * FROM {_GIVEN}")
        self._session.unregister(_GIVEN)
        return order + len(changes)


def _first_told(feed: ChangesFeed) -> Mapping[str, Any]:
    """The first page that tells of a row: a feed of a part has nothing to tell of versions that did not touch it."""
    page, after = feed.page(None), None
    while page.get("more") and not page.get("changes"):
        following = page.get("next")
        if not following or following == after:
            break
        after = str(following)
        page = feed.page(after)
    return page


def marking_removed(projection: str) -> str:
    """The projection of a capture, with what the log says of removed rows."""
    return projection.replace("false AS _lienthong_gone", f"{CHANGE} = 'delete' AS _lienthong_gone")


def _handed_out(column: Column) -> str:
    # JSON comes out of the store as text.
    native = column.native_type or "VARCHAR"
    return "VARCHAR" if native == "JSON" else native


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _columns_of(page: Mapping[str, Any], wanted: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a feed: those that it names, and those of its first rows; where it tells of neither, those wanted.

    Types are told from values, else as the feed names them where its values travel as such.
    """
    told = {str(one["name"]): str(one.get("type", "")) for one in page.get("columns") or ()}
    seen: dict[str, set[type]] = {name: set() for name in told}
    for one in page.get("changes", ()):
        for name, value in one["row"].items():
            kinds = seen.setdefault(str(name), set())
            if value is not None:
                kinds.add(type(value))
    seen = seen or {name: set() for name in wanted}
    return tuple(
        Column(name, _kind(kinds) if kinds else _TRAVELS.get(told.get(name, ""), "text"), ordinal=place)
        for place, (name, kinds) in enumerate(seen.items(), 1)
    )


_TRAVELS: dict[str, ColumnType] = {
    "integer": "integer", "double": "double", "boolean": "boolean", "json": "json",
}  # fmt: skip


def _kind(kinds: set[type]) -> ColumnType:
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "double"
    return "json" if kinds and kinds <= {dict, list} else "text"
