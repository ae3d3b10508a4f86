"""Open a source by what a person wrote: decide its kind, and hand it to the module of that kind."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from lienthong.engine.errors import DriverMissing, FileMalformed, SourceUnreadable
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ReadingChoice
from lienthong.engine.sources.address import Address, parse_address
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.reaching import reached
from lienthong.engine.sources.server import Measure

# The module, the class and the package that brings the driver, for each kind of database server.
_SERVERS = {
    "postgresql": ("postgresql", "PostgresqlSource", "psycopg[binary]"),
    "mysql": ("mysql", "MysqlSource", "pymysql"),
    "oracle": ("oracle", "OracleSource", "lienthong[oracle]"),
    "sqlserver": ("sqlserver", "SqlServerSource", "lienthong[sqlserver]"),
}
_SQLITE_ENDINGS = frozenset({".sqlite", ".sqlite3", ".db", ".db3"})
_SQLITE_MAGIC = b"SQLite format 3\x00"


def open_source(
    address: str,
    *,
    password: str | None = None,
    limits: Limits | None = None,
    choices: Mapping[str, ReadingChoice] | None = None,
    measure: Measure = "captured",
) -> Source:
    """Open a source for reading: a path, `sqlite:///PATH`, `postgresql://…`, `mysql://…`, `oracle://…`, `mssql://…`.

    A `password` given beside the address wins over one written in it. A database is reached at once, so
    that a wrong address or password is refused here. `choices` say, by table of a file, how it is to be read
    instead of how the machine would. `measure` of a database: `captured` reads its rows once and measures them here,
    `in_place` lets the database count and takes no more than a sample of rows through memory. Raises the errors of `SourceError`.
    """
    limits = limits or Limits()
    named = parse_address(address, password)
    if named.kind in _SERVERS:
        return _server(named.kind, named.display)(named, limits, measure)
    path = named.path or Path()
    found = reached(path, named.display)
    if named.kind == "sqlite" or (stat.S_ISREG(found.st_mode) and _is_sqlite(path, named.display)):
        from lienthong.engine.sources.sqlite import SqliteSource

        if not stat.S_ISREG(found.st_mode):
            raise FileMalformed(source=named.display, kind="SQLite")
        return SqliteSource(path, named.display, limits, measure)
    from lienthong.engine.sources.files import FilesSource

    return FilesSource(path, named.display, limits, choices)


def _server(kind: str, display: str) -> Callable[[Address, Limits, Measure], Source]:
    """The class of a kind of database, whose driver is imported only now."""
    module, name, package = _SERVERS[kind]
    try:
        found: Callable[[Address, Limits, Measure], Source] = getattr(
            import_module(f"lienthong.engine.sources.{module}"), name
        )
    except ImportError:
        pass
    else:
        return found
    raise DriverMissing(source=display, package=package)


def _is_sqlite(path: Path, display: str) -> bool:
    if path.suffix.lower() in _SQLITE_ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    except OSError:
        unreadable = True
    if unreadable:
        raise SourceUnreadable(source=display)
    return False
