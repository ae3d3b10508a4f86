"""How a session with a MySQL or MariaDB server is opened, and what its numbers for faults mean to us."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymysql
from pymysql.constants import CR, ER

from lienthong.engine.errors import (
    EngineError,
    ReadCancelled,
    SourceBusy,
    SourceError,
    SourceLost,
    SourceNotFound,
    SourceRefused,
    SourceTimedOut,
    SourceTlsFailed,
    SourceUnreachable,
    TableChanged,
    TableGone,
    TableLocked,
    TableRefused,
    WrongPassword,
)
from lienthong.engine.session import Limits
from lienthong.engine.sources.address import Address
from lienthong.engine.sources.explaining import raise_alone

CODES: dict[int, type[SourceError]] = {
    ER.ACCESS_DENIED_ERROR: WrongPassword,
    1698: WrongPassword,
    ER.DBACCESS_DENIED_ERROR: SourceRefused,
    ER.BAD_DB_ERROR: SourceNotFound,
    ER.HOST_NOT_PRIVILEGED: SourceRefused,
    ER.CON_COUNT_ERROR: SourceBusy,
    1203: SourceBusy,
    1226: SourceBusy,
    1053: SourceLost,
    1927: SourceLost,
    1205: TableLocked,
    1142: TableRefused,
    1143: TableRefused,
    1146: TableGone,
    1051: TableGone,
    1054: TableChanged,
    1412: TableChanged,
    1317: ReadCancelled,
    2002: SourceUnreachable,
    2003: SourceUnreachable,
    2005: SourceUnreachable,
    2006: SourceLost,
    2013: SourceLost,
    0: SourceLost,
    2026: SourceTlsFailed,
    3159: SourceTlsFailed,
    1969: SourceTimedOut,
    3024: SourceTimedOut,
}

Settle = Callable[["pymysql.Connection[Any]"], None]
"""What is said to a session before anything else."""


def connected(address: Address, limits: Limits, settle: Settle) -> pymysql.Connection[Any]:
    """A session, each statement a transaction of its own. Raises our errors."""
    wait = int(address.options.get("connect_timeout", limits.connect_seconds))
    failure: EngineError
    try:
        return opened(address, wait, limits, settle)
    except (UnicodeError, RuntimeError):
        # A login method that PyMySQL cannot perform, such as one that only works over TLS.
        failure = SourceRefused(source=address.display)
    except OSError:
        failure = SourceTlsFailed(source=address.display)
    except pymysql.MySQLError as error:
        failure = _diagnosed(error, address, wait)
    return raise_alone(failure)


def opened(address: Address, wait: int, limits: Limits, settle: Settle) -> pymysql.Connection[Any]:
    """A session as the driver opens it, with the driver's errors."""
    password = address.password.reveal().encode() if address.password else b""
    mode = address.options.get("ssl_mode", "preferred").lower().replace("-", "_")
    arguments: dict[str, Any] = {
        "user": address.user or None,
        "password": password,
        "database": address.database,
        "connect_timeout": max(1, wait),
        "read_timeout": max(1, wait),
        "charset": "utf8mb4",
        "autocommit": True,
        "program_name": "lienthong",
    }
    if "socket" in address.options:
        # PyMySQL leaves a socket open when there is nobody behind the path.
        if not Path(address.options["socket"]).is_socket():
            raise pymysql.err.OperationalError(CR.CR_CONNECTION_ERROR)
        arguments["unix_socket"] = address.options["socket"]
    else:
        arguments |= {"host": address.host, "port": address.port}
    if mode == "disabled":
        arguments["ssl_disabled"] = True
    elif mode != "preferred" or "ssl_ca" in address.options:
        arguments["ssl"] = _tls(mode, address)
    session = pymysql.connect(**arguments)
    # Whoever answers at that port must greet in time; a statement may take longer.
    session._read_timeout = limits.statement_seconds + 30
    try:
        settle(session)
    except BaseException:
        session.close()
        raise
    return session


def _diagnosed(error: pymysql.MySQLError, address: Address, seconds: int) -> EngineError:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    said = str(error.args[1]) if len(error.args) > 1 else ""
    kind = CODES.get(code, SourceRefused)
    if kind is SourceLost:
        kind = SourceUnreachable
    if kind is SourceUnreachable and "timed out" in said:
        kind = SourceTimedOut
    if code in (2003, 2013, 2026) and ("SSL" in said or "certificate" in said):
        kind = SourceTlsFailed
    return kind(source=address.display, user=address.user, seconds=seconds)


def _tls(mode: str, address: Address) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=address.options.get("ssl_ca"))
    context.check_hostname = mode == "verify_identity"
    if mode in ("preferred", "required") and "ssl_ca" not in address.options:
        context.verify_mode = ssl.CERT_NONE
    if "ssl_cert" in address.options:
        context.load_cert_chain(address.options["ssl_cert"], address.options.get("ssl_key"))
    return context
