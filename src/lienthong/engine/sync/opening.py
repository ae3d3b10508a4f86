"""Open the two sides of a plan: the source for reading, the target for writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lienthong.engine.errors import SourceKindUnknown, SourceNotFound
from lienthong.engine.session import Limits
from lienthong.engine.sources.opening import open_source
from lienthong.engine.sources.server import ServerSource
from lienthong.engine.sync.errors import TargetKindUnknown
from lienthong.engine.sync.pgtarget import PostgresqlTarget
from lienthong.engine.sync.reading import DatabaseReader, Reader, SourceReader
from lienthong.engine.sync.shapes import Side
from lienthong.engine.sync.target import Target


def open_reader(
    side: Side,
    open_side: Callable[[Side], Any] | None = None,
    key: Sequence[str] = (),
    wanted: Sequence[str] = (),
) -> Reader:
    """The source of a plan; `key` are its key columns, as a feed does not know them, and `wanted` all that the plan names.
    Raises the errors of `SourceError`, FeedUntold.

    `open_side` gives a `VersionStore` for a store, a `ChangesFeed` for a feed, or None where it leaves it to us.
    """
    opened = open_side(side) if open_side is not None else None
    if isinstance(opened, Reader):
        return opened
    if side.kind in ("store", "feed"):
        from lienthong.engine.sync.logged import ChangesFeed, FeedReader, StoreReader

        if side.kind == "store":
            folder, table, version = side.store_table()
            store = opened or _store_in(folder, side)
            return StoreReader(store, side.display, table, version, limits_of(side), ours=opened is None)
        if not isinstance(opened, ChangesFeed):
            raise SourceKindUnknown(source=side.display, kind="https")
        return FeedReader(opened, side.display, key, limits_of(side), wanted)
    secret = side.password() if side.password is not None else None
    source = open_source(side.address, password=secret, limits=limits_of(side))
    try:
        return (
            DatabaseReader(source, side.table)
            if isinstance(source, ServerSource)
            else SourceReader(source, side.table)
        )
    except BaseException:
        source.close()
        raise


def _store_in(folder: Path, side: Side) -> Any:
    from lienthong.engine.store.ducklake import DuckLakeStore

    # Opening would make a store where there is none.
    if not folder.is_dir():
        raise SourceNotFound(source=side.display)
    return DuckLakeStore(folder)


def open_target(side: Side, *, create: bool) -> Target:
    """The target of a plan; a missing SQLite file is made where tables may be. Raises TargetKindUnknown, and as sources do."""
    if side.kind not in ("postgresql", "mysql", "sqlite", "path"):
        raise TargetKindUnknown(target=side.display)
    address = side.named()
    limits = limits_of(side)
    if address.kind == "postgresql":
        return PostgresqlTarget(address, side.table, limits)
    if address.kind == "mysql":
        from lienthong.engine.sync.mytarget import MysqlTarget

        return MysqlTarget(address, side.table, limits)
    path = address.path
    endings = (".sqlite", ".sqlite3", ".db", ".db3")
    if path is None or (address.kind == "path" and path.suffix.lower() not in endings):
        raise TargetKindUnknown(target=side.display)
    from lienthong.engine.sync.litetarget import SqliteTarget

    return SqliteTarget(path, address.display, side.table, create=create)


def limits_of(side: Side) -> Limits:
    """The limits that the options of a side ask for."""
    given = side.options.get("limits")
    return given if isinstance(given, Limits) else Limits()
