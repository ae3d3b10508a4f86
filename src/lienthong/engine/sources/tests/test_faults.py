"""Live sources that go away, lock, drop, change or refuse in the middle of a look: told clearly, and the look goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from lienthong.engine.errors import SourceLost, SourceTimedOut, SourceUnreachable, TableGone, TableLocked
from lienthong.engine.session import Limits
from lienthong.engine.shapes import Look
from lienthong.engine.sources import Source, open_source
from lienthong.engine.sources.tests import test_mysql as mariadb
from lienthong.engine.sources.tests.test_postgresql import assert_silent, filled
from tests.servers import PASSWORD, running_postgres

FOUR = """
    CREATE TABLE a (n int, t text); CREATE TABLE b (n int, t text); CREATE TABLE c (n int, t text);
    CREATE TABLE d (n int, t text);
    INSERT INTO a SELECT n, 'x' || n FROM generate_series(1, 500) n; INSERT INTO b SELECT * FROM a;
    INSERT INTO c SELECT * FROM a; INSERT INTO d SELECT * FROM a;
"""
FOUR_MARIADB = """
    CREATE TABLE a (n int, t varchar(20));
    INSERT INTO a VALUES (1, 'x'), (2, 'y'), (3, 'z');
    CREATE TABLE b AS SELECT * FROM a;
    CREATE TABLE c AS SELECT * FROM a;
    CREATE TABLE d AS SELECT * FROM a;
"""
QUICK = Limits(lock_seconds=1)


def after_the_first_table(source: Source, act: Callable[[], None]) -> Look:
    """Look, and let this happen to the source as soon as its first table was read."""
    happened: list[str] = []

    def watch(done: int, total: int, table: str) -> None:
        if not happened:
            happened.append(table)
            act()

    seen = source.look(watch)
    assert happened
    return seen


def rows(seen: Look) -> dict[str, int]:
    return {one.table.name: one.profile.rows for one in seen.tables}


def told(seen: Look) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.place), str(one.evidence.get("error", ""))) for one in seen.findings]


class TestPostgresql:
    @pytest.fixture
    def four(self, new_postgres_database: str) -> str:
        return filled(new_postgres_database, FOUR)

    def test_a_broken_line_is_taken_up_again(self, four: str, postgres_server: str) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: hang_up(postgres_server, four))

        assert rows(seen) == {"a": 500, "b": 500, "c": 500, "d": 500}
        assert told(seen) == []

    def test_a_line_that_breaks_while_rows_come_is_taken_up_again(
        self, four: str, postgres_server: str
    ) -> None:
        filled(four, "CREATE VIEW slow AS SELECT pg_sleep(0.8)::text || n AS nap FROM a LIMIT 1")
        with open_source(four) as source:
            source.tables()
            source.connect()
            timer = threading.Timer(0.3, lambda: hang_up(postgres_server, four))
            timer.start()
            profile = source.profile("slow")
            timer.join()
            assert source.profile("d").rows == 500

        assert profile.rows == 1

    def test_rows_that_stop_coming_are_told_in_our_words(self, four: str, postgres_server: str) -> None:
        run(four, "CREATE TABLE big AS SELECT n, repeat('x', 500) AS t FROM generate_series(1, 100000) n")
        with open_source(four) as source:
            reader = source.read_arrow("big", 1000)
            reader.read_next_batch()
            hang_up(postgres_server, four)
            with pytest.raises(SourceLost) as lost:
                reader.read_all()
        assert_silent(lost.value, PASSWORD)

    def test_a_table_dropped_meanwhile_is_told(self, four: str) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: run(four, "DROP TABLE c"))

        assert rows(seen) == {"a": 500, "b": 500, "d": 500}
        assert told(seen) == [("table_unreadable", "c", TableGone.code)]
        assert "“c” không còn" in seen.findings[0].evidence["text"]

    @pytest.mark.parametrize(
        ("change", "columns"),
        [
            ("ALTER TABLE c DROP COLUMN t", ["n"]),
            ("ALTER TABLE c ALTER COLUMN n TYPE text", ["n", "t"]),
            ("ALTER TABLE c RENAME COLUMN t TO ten", ["n", "ten"]),
        ],
    )
    def test_a_table_changed_meanwhile_is_read_as_it_is_now(
        self, four: str, change: str, columns: list[str]
    ) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: run(four, change))

        assert rows(seen) == {"a": 500, "b": 500, "c": 500, "d": 500}
        assert told(seen) == [("table_changed", "c", "")]
        assert [column.name for column in seen.tables[2].profile.columns] == columns
        assert [column.name for column in seen.tables[2].table.columns] == columns
        assert all(column.distinct in (1, 500) for column in seen.tables[2].profile.columns)

    def test_a_locked_table_is_not_waited_for_long(self, four: str) -> None:
        with (
            psycopg.connect(four) as other,
            open_source(four, limits=Limits(lock_seconds=1, statement_seconds=30)) as source,
        ):
            began = time.monotonic()
            seen = after_the_first_table(source, lambda: lock(other, "b"))
            waited = time.monotonic() - began
            other.rollback()

        assert rows(seen) == {"a": 500, "c": 500, "d": 500}
        assert told(seen) == [("table_unreadable", "b", TableLocked.code)]
        assert waited < 15

    def test_a_database_with_a_locked_table_can_still_be_listed(self, four: str) -> None:
        with psycopg.connect(four) as other, open_source(four, limits=QUICK) as source:
            lock(other, "b")
            sizes = {table.name: table.size_bytes for table in source.tables()}
            other.rollback()

        assert sizes["b"] is None
        assert sizes["a"]

    def test_rights_taken_away_meanwhile_are_told(self, four: str) -> None:
        role = f"r_{urlsplit(four).path[1:]}"
        run(four, f"CREATE ROLE {role} LOGIN PASSWORD 'p'; GRANT SELECT ON a, b, c TO {role}")
        try:
            with open_source(f"postgresql://{role}:p@{four.split('@')[1]}") as source:
                seen = after_the_first_table(source, lambda: run(four, f"REVOKE SELECT ON b FROM {role}"))
        finally:
            run(four, f"DROP OWNED BY {role}; DROP ROLE {role}")

        assert rows(seen) == {"a": 500, "c": 500}
        assert told(seen) == [
            ("table_not_permitted", "d", ""),
            ("table_unreadable", "b", "source.table_refused"),
        ]

    def test_a_table_that_takes_too_long_is_told_and_the_rest_is_read(self, four: str) -> None:
        run(four, "CREATE VIEW b2 AS SELECT pg_sleep(60)::text AS nap")
        with open_source(four, limits=Limits(statement_seconds=4)) as source:
            seen = source.look()

        assert rows(seen) == {"a": 500, "b": 500, "c": 500, "d": 500}
        assert told(seen) == [("table_unreadable", "b2", SourceTimedOut.code)]
        assert seen.findings[0].evidence["transient"] is True

    def test_a_server_that_is_gone_while_rows_come_ends_the_look_with_what_was_read(self) -> None:
        with running_postgres() as url:
            filled(url, FOUR + "CREATE VIEW a2 AS SELECT pg_sleep(60)::text || n AS nap FROM a LIMIT 1")
            with open_source(url) as source:
                seen = after_the_first_table(source, lambda: kill_while_it_sleeps(url) and None)

                assert rows(seen) == {"a": 500}
                assert told(seen) == [("look_broken_off", "*", SourceUnreachable.code)]
                assert "đã đọc 1/5 bảng; chưa đọc: a2, b, c, d" in seen.findings[0].evidence["text"]
                assert PASSWORD not in str(seen.as_json())

    def test_a_server_without_room_is_said_to_be_busy(self, four: str, postgres_server: str) -> None:
        role = f"r_{urlsplit(four).path[1:]}"
        run(four, f"CREATE ROLE {role} LOGIN PASSWORD 'p' CONNECTION LIMIT 0")
        try:
            with pytest.raises(Exception) as refused:
                open_source(f"postgresql://{role}:p@{four.split('@')[1]}")
        finally:
            run(four, f"DROP ROLE {role}")
        assert getattr(refused.value, "code", "") == "source.busy"


def run(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def lock(other: psycopg.Connection[tuple[object, ...]], table: str) -> None:
    other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")


def hang_up(server: str, url: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [urlsplit(url).path[1:]],
        )


def kill_while_it_sleeps(url: str) -> threading.Thread:
    """Wait for a session of ours to be inside pg_sleep, and kill the server then."""

    def act() -> None:
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        with psycopg.connect(url, autocommit=True) as connection:
            while connection.execute(asleep).fetchone() == (0,):
                time.sleep(0.05)
        kill(url)

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread


def kill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    os.kill(int((Path(row[0]) / "postmaster.pid").read_text().split("\n")[0]), signal.SIGQUIT)
    time.sleep(0.3)


class TestMariadb:
    @pytest.fixture
    def four(self, new_mariadb_database: str) -> str:
        return mariadb.filled(new_mariadb_database, FOUR_MARIADB)

    def test_a_broken_line_is_taken_up_again(self, four: str) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: hang_up_mariadb(four))

        assert rows(seen) == {"a": 3, "b": 3, "c": 3, "d": 3}
        assert told(seen) == []

    def test_a_line_that_breaks_while_rows_come_is_taken_up_again(self, four: str) -> None:
        run_mariadb(four, "CREATE VIEW slow AS SELECT n, sleep(0.4) AS nap FROM a")
        with open_source(four) as source:
            source.tables()
            source.connect()
            timer = threading.Timer(0.4, lambda: hang_up_mariadb(four))
            timer.start()
            profile = source.profile("slow")
            timer.join()
            assert source.profile("d").rows == 3

        assert profile.rows == 3

    def test_rows_that_stop_coming_are_told_in_our_words(self, four: str) -> None:
        rows_of = " UNION ALL ".join("SELECT * FROM a" for _ in range(8))
        run_mariadb(
            four, f"CREATE TABLE big AS SELECT x.n, y.t FROM ({rows_of}) x, ({rows_of}) y, ({rows_of}) z"
        )
        with open_source(four) as source:
            reader = source.read_arrow("big", 100)
            reader.read_next_batch()
            hang_up_mariadb(four)
            with pytest.raises(SourceLost) as lost:
                reader.read_all()
        assert_silent(lost.value, PASSWORD)

    def test_a_table_dropped_meanwhile_is_told(self, four: str) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: run_mariadb(four, "DROP TABLE c"))

        assert rows(seen) == {"a": 3, "b": 3, "d": 3}
        assert told(seen) == [("table_unreadable", "c", TableGone.code)]

    @pytest.mark.parametrize(
        "change", ["ALTER TABLE c DROP COLUMN t", "ALTER TABLE c MODIFY COLUMN n varchar(20)"]
    )
    def test_a_table_changed_meanwhile_is_read_as_it_is_now(self, four: str, change: str) -> None:
        with open_source(four) as source:
            seen = after_the_first_table(source, lambda: run_mariadb(four, change))

        assert rows(seen) == {"a": 3, "b": 3, "c": 3, "d": 3}
        assert told(seen) == [("table_changed", "c", "")]
        assert all(column.distinct == 3 for column in seen.tables[2].profile.columns)

    def test_a_locked_table_is_not_waited_for_long(self, four: str) -> None:
        with (
            mariadb.connected(four) as other,
            other.cursor() as cursor,
            open_source(four, limits=QUICK) as source,
        ):
            seen = after_the_first_table(source, lambda: cursor.execute("LOCK TABLES b WRITE") and None)
            cursor.execute("UNLOCK TABLES")

        assert rows(seen) == {"a": 3, "c": 3, "d": 3}
        assert told(seen) == [("table_unreadable", "b", TableLocked.code)]

    def test_a_table_that_takes_too_long_is_told_and_the_rest_is_read(self, four: str) -> None:
        run_mariadb(four, "CREATE VIEW b2 AS SELECT sleep(60) AS nap, cast(1 AS decimal(60, 3)) AS n")
        with open_source(four, limits=Limits(statement_seconds=4)) as source:
            seen = source.look()

        assert rows(seen) == {"a": 3, "b": 3, "c": 3, "d": 3}
        assert told(seen) == [("table_unreadable", "b2", SourceTimedOut.code)]


def run_mariadb(url: str, sql: str) -> None:
    with mariadb.connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql)


def hang_up_mariadb(url: str) -> None:
    with mariadb.connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> connection_id()",
            [urlsplit(url).path[1:]],
        )
        for (number,) in cursor.fetchall():
            cursor.execute(f"KILL {number}")
