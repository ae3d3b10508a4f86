"""What the docs promise about accounts, questions and secrets holds on live servers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from lienthong.engine.errors import EngineError
from lienthong.engine.sources import Source, open_source
from lienthong.engine.sources.tests import test_mysql as mariadb
from lienthong.engine.sources.tests.test_postgresql import filled

PAGE = Path(__file__).parents[5] / "docs" / "how-to" / "bind-a-source.md"


def documented(kind: str) -> str:
    (script,) = re.findall(rf"```sql {kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return str(script)


class Counting:
    """A session whose statements are counted."""

    def __init__(self, session: Any) -> None:
        self.session, self.statements = session, 0

    def execute(self, *given: Any, **named: Any) -> Any:
        self.statements += 1
        return self.session.execute(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


@contextmanager
def reader_of(url: str, scheme: str, user: str) -> Iterator[Source]:
    with open_source(f"{scheme}://{user}@{url.split('@')[1]}", password="mật khẩu") as source:
        yield source


def test_the_account_for_postgresql_reads_everything_and_writes_nothing(
    new_postgres_database: str, postgres_server: str
) -> None:
    role = f"doc_{urlsplit(new_postgres_database).path[1:]}"
    filled(new_postgres_database, "CREATE TABLE a (n int, t text); INSERT INTO a VALUES (1, 'x')")
    filled(new_postgres_database, documented("postgresql").replace("lienthong_doc", role))
    filled(new_postgres_database, "CREATE TABLE later (n int)")
    try:
        with reader_of(new_postgres_database, "postgresql", role) as source:
            seen = source.look()
            for sql in ("INSERT INTO a VALUES (2, 'y')", "CREATE TABLE mine (n int)", "SET ROLE postgres"):
                with pytest.raises(EngineError):
                    source._ask(sql)  # type: ignore[attr-defined]
            with pytest.raises(Exception, match=r"read-only|read only|permission denied"):
                source.connect().execute("INSERT INTO src.public.a VALUES (3, 'z')")
            names = session_names(postgres_server, urlsplit(new_postgres_database).path[1:])
    finally:
        filled(new_postgres_database, f"DROP OWNED BY {role}; DROP ROLE {role}")

    assert {one.table.name: one.profile.rows for one in seen.tables} == {"a": 1, "later": 0}
    assert seen.findings == ()
    assert names
    assert all(name.startswith("lienthong") for name in names)


def session_names(server: str, database: str) -> list[str]:
    with psycopg.connect(server) as connection:
        rows = connection.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = %s", [database]
        ).fetchall()
    return [row[0] for row in rows]


def test_the_account_for_mysql_reads_everything_and_writes_nothing(new_mariadb_database: str) -> None:
    database = urlsplit(new_mariadb_database).path[1:]
    user = f"d_{database}"
    mariadb.filled(
        new_mariadb_database, "CREATE TABLE a (n int, t varchar(9));\nINSERT INTO a VALUES (1, 'x')"
    )
    script = documented("mysql").replace("lienthong_doc", user).replace("hotich", f"`{database}`")
    mariadb.filled(new_mariadb_database, script)
    try:
        with reader_of(new_mariadb_database, "mysql", user) as source:
            seen = source.look()
            with pytest.raises(EngineError):
                source._ask("INSERT INTO a VALUES (2, 'y')")  # type: ignore[attr-defined]
    finally:
        mariadb.filled(new_mariadb_database, f"DROP USER '{user}'@'%'")

    assert [(one.table.name, one.profile.rows) for one in seen.tables] == [("a", 1)]
    assert seen.findings == ()


def test_the_catalogue_is_asked_as_often_for_many_tables_as_for_few(new_postgres_database: str) -> None:
    asked = []
    for first, last in ((1, 3), (4, 60)):
        filled(
            new_postgres_database,
            "".join(f"CREATE TABLE t{n} (id int PRIMARY KEY, ten text);" for n in range(first, last + 1)),
        )
        with open_source(new_postgres_database) as source:
            session = source._session = Counting(source._session)  # type: ignore[attr-defined]
            assert len(source.tables()) == last
            asked.append(session.statements)
    assert asked[0] == asked[1] <= 8


def test_a_secret_is_in_nothing_that_a_look_gives(new_postgres_database: str) -> None:
    filled(new_postgres_database, "CREATE TABLE a (n int); CREATE VIEW loi AS SELECT 1 / (n - n) AS x FROM a;"
           "INSERT INTO a VALUES (1)")  # fmt: skip
    secret = urlsplit(new_postgres_database).password
    assert secret

    with open_source(new_postgres_database) as source:
        said = json.dumps(source.look().as_json(), ensure_ascii=False) + repr(source) + repr(vars(source))
        said += "".join(str(path) for path in source.folder.rglob("*"))

    for hidden in (secret, "bí mật/@"):
        assert hidden not in said
