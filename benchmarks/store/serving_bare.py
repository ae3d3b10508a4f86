"""The least that a server in Python must do: the query, the JSON, nothing else."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import orjson

REPLICA, PORT = sys.argv[1], int(sys.argv[2])
KEY = "SELECT * FROM rows WHERE so_dinh_danh = ?"
PAGE = "SELECT * FROM rows WHERE so_dinh_danh > ? ORDER BY so_dinh_danh LIMIT 100"
_opened: dict[int, sqlite3.Connection] = {}


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """`/key/…` one row, `/page/…` the hundred behind it."""
    import threading

    connection = _opened.get(threading.get_ident())
    if connection is None:
        connection = _opened[threading.get_ident()] = sqlite3.connect(
            f"file:{REPLICA}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    _, what, key = environ["PATH_INFO"].split("/")
    cursor = connection.execute(KEY if what == "key" else PAGE, (key,))
    names = [column[0] for column in cursor.description]
    content = orjson.dumps({"rows": [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]})
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]


if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "benchmarks.store.serving_bare:application",
        address="127.0.0.1",
        port=PORT,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        backpressure=64,
    ).serve()
