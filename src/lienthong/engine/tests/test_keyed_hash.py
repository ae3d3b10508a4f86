"""The keyed hash and the letters of a text are the same in DuckDB, PostgreSQL, MariaDB and Python."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

import duckdb
import psycopg
import pytest

from lienthong.engine.overlap.canonical import canonical_text
from lienthong.engine.portable import Dialect, keyed_hash, plain_letters
from lienthong.engine.sources.tests.test_mysql import connected

KEYS = (b"0123456789abcdef", bytes(range(200)))
TEXTS = (
    "034085000123", "Phường Ba Đình", "PHƯỜNG  BA ĐÌNH", "Phu\u031bo\u031b\u0300ng Ba Đi\u0300nh", "Đắk Lắk", "0101-234.567",
    "Nguyễn Thị Ánh Tuyết", "Hoà Bình", "a'b", "ÀÁẢÃẠ ỲÝỶỸỴ ằắẳẵặ ớờởỡợ ứừửữự", "Façade Ñandú Über",
)  # fmt: skip


def wanted() -> list[tuple[str, ...]]:
    """What every engine has to answer for each text: its letters, and its hash under each key."""
    return [
        (
            canonical_text(text),
            *(hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16] for key in KEYS),
        )
        for text in TEXTS
    ]


def asked(dialect: Dialect) -> str:
    hashes = ", ".join(keyed_hash(dialect, "v", key) for key in KEYS)
    return f"SELECT {plain_letters(dialect, 'v')}, {hashes} FROM t ORDER BY n"


def test_duckdb() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (n INTEGER, v VARCHAR)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(TEXTS)))

    assert connection.execute(asked("duckdb")).fetchall() == wanted()


def test_postgresql(postgres_databases: Callable[[], str]) -> None:
    with psycopg.connect(postgres_databases()) as connection:
        connection.execute("CREATE TABLE t (n integer, v varchar(90))")
        connection.cursor().executemany("INSERT INTO t VALUES (%s, %s)", list(enumerate(TEXTS)))

        assert connection.execute(asked("postgresql")).fetchall() == wanted()


def test_mariadb(mariadb_databases: Callable[[], str]) -> None:
    with connected(mariadb_databases()) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (n integer, v varchar(90))")
        cursor.executemany("INSERT INTO t VALUES (%s, %s)", list(enumerate(TEXTS)))
        cursor.execute(asked("mysql"))

        assert list(cursor.fetchall()) == wanted()


def test_sqlite_has_no_such_function() -> None:
    with pytest.raises(ValueError, match="no such function"):
        keyed_hash("sqlite", "v", KEYS[0])
    with pytest.raises(ValueError, match="no such function"):
        plain_letters("sqlite", "v")
