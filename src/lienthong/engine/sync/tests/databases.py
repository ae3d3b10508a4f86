"""How the tests of synchronisation speak with the three kinds of database."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql


def asked(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Carry statements out, and give the rows of the last one."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as session:
            for statement in statements:
                cursor = session.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    if url.startswith("mysql"):
        with on_mariadb(url) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())
    session = sqlite3.connect(url.removeprefix("sqlite:///"))
    with session:
        for statement in statements:
            rows = session.execute(statement).fetchall()
    session.close()
    return rows


def on_mariadb(url: str) -> pymysql.connections.Connection:
    """A session with a MariaDB database."""
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname, port=parts.port or 3306, user=parts.username, autocommit=True,
        password=unquote(parts.password or "").encode(), database=parts.path[1:], charset="utf8mb4",
    )  # fmt: skip
