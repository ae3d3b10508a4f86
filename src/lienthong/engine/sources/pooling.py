"""Whether a session with PostgreSQL is one session, or a pool stands before the server that hands out its connections by the
transaction.

Behind such a pool (pgbouncer with `pool_mode = transaction`, and its like) two statements of a session may be carried out
on two connections: what was set for the one does not hold for the other, and stays set for whoever is given the
connection next; temporary tables and locks go astray in the same way. A pool that hands out by the session is none of that.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable
from typing import Any

import psycopg

Session = psycopg.Connection[tuple[Any, ...]]

_PATIENCE_SECONDS = 3.0
_LOOKS = 3


def is_shared(session: Session, another: Callable[[], Session]) -> bool:
    """Whether a pool gives this session another connection to the server from one transaction to the next.

    One question where no pool stands between, for then the server's process is the one that greeted us. Otherwise a second
    session (`another`) holds a transaction open: if it has our connection, or we are given another, connections are
    handed out by the transaction. Leaves nothing behind.
    """
    ours = _process(session)
    if ours == session.info.backend_pid:
        return False
    try:
        second = another()
    except psycopg.Error:
        return False
    try:
        theirs = _begun(second)
        if theirs is None:
            # It waits for a connection, and ours is the only one: so ours is ours alone.
            return False
        return theirs == ours or any(_process(session) != ours for _ in range(_LOOKS))
    except psycopg.Error:
        # A pool that hands out by the statement takes no transaction at all.
        return True
    finally:
        second.close()


def _process(session: Session) -> int:
    """The server's process behind a session."""
    found = session.execute(b"SELECT pg_backend_pid()").fetchone()
    return int(found[0]) if found is not None else 0


def _begun(session: Session) -> int | None:
    """The server's process behind a session in a transaction that is left open; None where none comes forward in time."""
    connection = session.pgconn
    connection.send_query(b"BEGIN READ ONLY; SELECT pg_backend_pid()")
    process: int | None = None
    while True:
        while connection.is_busy():
            if not select.select([connection.socket], [], [], _PATIENCE_SECONDS)[0]:
                return None
            connection.consume_input()
        result = connection.get_result()
        if result is None:
            return process
        if result.error_message:
            raise psycopg.errors.error_from_result(result)
        with contextlib.suppress(TypeError, ValueError):
            process = int(result.get_value(0, 0) or b"")
