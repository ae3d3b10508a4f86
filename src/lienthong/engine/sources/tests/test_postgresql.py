"""A live PostgreSQL: keys, types and counts as it says itself, and refusals that tell apart what is wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from lienthong.engine.errors import (
    EngineError,
    LookInterrupted,
    SourceEmpty,
    SourceNotFound,
    SourceTimedOut,
    SourceTlsFailed,
    SourceUnreachable,
    WrongPassword,
)
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ForeignKey, Look
from lienthong.engine.sources import open_source
from tests.servers import PASSWORD

UNITS = """
    CREATE TABLE regions (id integer PRIMARY KEY, name varchar(255) NOT NULL);
    CREATE TABLE parishes (code varchar(20) PRIMARY KEY, name varchar(255) NOT NULL,
                            region_id integer REFERENCES regions);
    CREATE TABLE wards (code varchar(20) NOT NULL, year integer NOT NULL, name text,
                        parish_code varchar(20) REFERENCES parishes (code), area numeric(9, 3),
                        PRIMARY KEY (code, year));
    CREATE SCHEMA "kho lưu";
    CREATE TABLE "kho lưu"."Bản sao" (code varchar(20), year integer, "Tên" text,
                        FOREIGN KEY (code, year) REFERENCES wards (code, year));
    COMMENT ON TABLE wards IS 'Phường, xã'; COMMENT ON COLUMN wards.code IS 'Mã đơn vị';
    CREATE VIEW in_use AS SELECT code, name FROM wards WHERE year = 2025;
    INSERT INTO regions SELECT n, 'vùng ' || n FROM generate_series(1, 8) n;
    INSERT INTO parishes SELECT lpad(n::text, 2, '0'), 'tỉnh ' || n, 1 + n % 8 FROM generate_series(1, 63) n;
    INSERT INTO wards SELECT lpad(n::text, 5, '0'), 2024 + n % 2, CASE WHEN n % 50 > 0 THEN 'xã ' || n % 700 END,
                             lpad((1 + n % 63)::text, 2, '0'), n / 8.0 FROM generate_series(1, 3000) n;
    INSERT INTO "kho lưu"."Bản sao" SELECT code, year, name FROM wards LIMIT 10;
"""

ODD = """
    CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('vui', 'buồn');
    CREATE TYPE pair AS (a int, b text); CREATE DOMAIN money2 AS numeric(8, 2) NOT NULL;
    CREATE DOMAIN code AS varchar(5);
    CREATE TABLE odd (id bigserial PRIMARY KEY, i2 int2, n numeric, n2 numeric(10, 2), nm numeric(60, 10),
        ns numeric(5, -2), f4 float4, f8 float8, mo money, v varchar(10), c char(5), ci citext, nn name, by bytea,
        ts timestamp, tz timestamptz, d date, tm time, tmz timetz, iv interval, bo boolean, md mood, pt point,
        ine inet, bt bit(3), uu uuid, js json, jb jsonb, ar int[], rg int4range, co pair, dm money2, dc code,
        h hstore, o oid, "HOA" int, hoa text);
    INSERT INTO odd VALUES (1, 1, 1.10, 2.20, 3.3, 12345, 0.1, 0.1, 12.5, 'b', 'c', 'Ci', 'nm', '\\x00ff',
        '2024-01-02 03:04:05.678', '2024-01-02 03:04:05+07', '2024-01-02', '24:00:00', '10:00+07', '1 mon', true,
        'vui', '(1,2)', '10.0.0.1/8', B'101', '00000000-0000-0000-0000-000000000001', '{"a": 1}', '{"a":1}',
        '{1,2}', '[1,3)', '(1,x)', 5.5, '00001', 'a=>1', 7, 1, 'x'),
      (2, 2, 'NaN', 'NaN', NULL, NULL, 'NaN', '-Infinity', NULL, NULL, NULL, 'cI', NULL, NULL, 'infinity',
        '-infinity', 'infinity', NULL, NULL, '30 days', false, 'buồn', NULL, NULL, NULL, NULL, NULL,
        '{"a":1.0}', NULL, NULL, NULL, 0, NULL, NULL, NULL, 2, NULL);
"""


@pytest.fixture(scope="module")
def units(postgres_databases: Callable[[], str]) -> str:
    return filled(postgres_databases(), UNITS)


@pytest.fixture(scope="module")
def odd(postgres_databases: Callable[[], str]) -> str:
    return filled(postgres_databases(), ODD)


def filled(url: str, script: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script)
    return url


def look(url: str) -> Look:
    with open_source(url) as source:
        return source.look()


def agrees(url: str, seen: Look, without_equality: tuple[str, ...] = ()) -> None:
    with psycopg.connect(url) as connection:
        for looked in seen.tables:
            schema = looked.table.schema
            name = looked.table.name.removeprefix(f"{schema}.")
            for column in looked.profile.columns:
                quoted = f'"{column.name}"' + ("::text" if column.name in without_equality else "")
                expected = connection.execute(
                    f'SELECT count(*), count(*) - count({quoted}), count(DISTINCT {quoted}) FROM "{schema}"."{name}"'
                ).fetchone()
                assert (column.rows, column.nulls, column.distinct) == expected, (name, column.name)


def test_tables_keys_comments_and_counts(units: str) -> None:
    seen = look(units)

    agrees(units, seen)
    tables = {looked.table.name: looked.table for looked in seen.tables}
    assert list(tables) == ["in_use", "parishes", "regions", "wards", "kho lưu.Bản sao"]
    assert tables["wards"].primary_key == ("code", "year")
    assert tables["wards"].foreign_keys == (ForeignKey(("parish_code",), "parishes", ("code",)),)
    assert tables["kho lưu.Bản sao"].foreign_keys == (
        ForeignKey(("code", "year"), "wards", ("code", "year")),
    )
    assert (tables["wards"].comment, tables["wards"].column("code").comment) == ("Phường, xã", "Mã đơn vị")
    assert (tables["in_use"].kind, tables["wards"].kind) == ("view", "table")
    assert not tables["wards"].column("code").nullable
    found = {c.name: (c.type, c.min, c.max) for c in seen.tables[3].profile.columns}
    assert found["code"] == ("text", "00001", "03000")
    assert found["area"] == ("decimal", 0.125, 375)
    assert seen.source == units.replace(":" + urlsplit(units).password, "")  # type: ignore[operator]


def test_every_type_counts_as_the_server_counts(odd: str) -> None:
    seen = look(odd)

    agrees(odd, seen, without_equality=("pt", "js"))
    found = {c.name: (c.type, c.min, c.max) for c in seen.tables[0].profile.columns}
    assert found["n"] == ("decimal", 1.1, "NaN")
    assert found["n2"] == ("decimal", 2.2, "NaN")
    assert found["ns"] == ("decimal", 12300, 12300)
    assert found["f4"] == ("double", 0.1, "NaN")
    assert found["mo"] == ("decimal", 12.5, 12.5)
    assert found["tz"] == ("timestamp", "-infinity", "2024-01-01T20:04:05+00:00")
    assert found["d"] == ("date", "2024-01-02", "infinity")
    assert found["dm"] == ("decimal", 0, 5.5)
    assert found["dc"] == ("text", "00001", "00001")
    assert found["bo"] == ("boolean", False, True)
    assert found["jb"] == found["ar"] == found["co"] == ("json", None, None)
    assert found["by"] == ("binary", None, None)
    assert not seen.tables[0].table.column("dm").nullable


def test_rows_can_be_read_and_copied(units: str, odd: str, tmp_path: Path) -> None:
    with open_source(units) as source:
        assert source.read_arrow("wards").read_all().num_rows == 3000
        assert source.read_arrow("kho lưu.Bản sao").read_all().column_names == ["code", "year", "Tên"]
        assert source.copy_to_parquet("in_use", tmp_path / "x.parquet") == 1500
    with open_source(odd) as source:
        table = source.read_arrow("odd").read_all()
    assert table.num_rows == 2
    assert {"HOA", "hoa_2"} <= set(table.column_names)
    assert str(table.column("n2").to_pylist()[0]) == "2.20"


def test_a_number_without_bounds_is_read_exactly(new_postgres_database: str) -> None:
    filled(new_postgres_database, "CREATE TABLE t (n numeric, w numeric); INSERT INTO t VALUES "
           "(12345678901234567.89, 1e30), (0.001, 1e-30)")  # fmt: skip

    with open_source(new_postgres_database) as source:
        rows = source.read_arrow("t").read_all().to_pylist()

    assert [str(row["n"]) for row in rows] == ["12345678901234567.890", "0.001"]
    assert all(isinstance(row["w"], str) for row in rows)


def test_partitions_are_counted_once(new_postgres_database: str) -> None:
    filled(
        new_postgres_database,
        "CREATE TABLE p (id int, y int, PRIMARY KEY (id, y)) PARTITION BY RANGE (y);"
        "CREATE TABLE p_2024 PARTITION OF p FOR VALUES FROM (2024) TO (2025);"
        "CREATE TABLE p_rest PARTITION OF p DEFAULT; INSERT INTO p SELECT n, 2020 + n FROM generate_series(1, 9) n",
    )

    seen = look(new_postgres_database)

    assert [(looked.table.name, looked.profile.rows) for looked in seen.tables] == [("p", 9)]


def test_names_that_differ_in_case_only_are_kept_apart(new_postgres_database: str) -> None:
    filled(new_postgres_database, 'CREATE TABLE "Xa" (a int); CREATE TABLE xa (a int, "A" text);'
           "INSERT INTO xa VALUES (1, 'x'), (2, 'x'), (3, 'x')")  # fmt: skip

    seen = look(new_postgres_database)

    agrees(new_postgres_database, seen)
    assert {looked.table.name: looked.profile.rows for looked in seen.tables} == {"Xa": 0, "xa": 3}


def test_a_table_without_permission_is_told_and_the_rest_is_read(
    new_postgres_database: str, postgres_server: str
) -> None:
    name = urlsplit(new_postgres_database).path[1:]
    filled(
        new_postgres_database,
        "CREATE TABLE open (a int); CREATE TABLE closed (a int);"
        f"CREATE ROLE r_{name} LOGIN PASSWORD 'chỉ đọc'; GRANT SELECT ON open TO r_{name}",
    )
    address = new_postgres_database.split("@")[1]

    with open_source(f"postgresql://r_{name}@{address}", password="chỉ đọc") as source:
        seen = source.look()

    assert [looked.table.name for looked in seen.tables] == ["open"]
    assert [(finding.code, str(finding.place)) for finding in seen.findings] == [
        ("table_not_permitted", "closed")
    ]
    filled(new_postgres_database, f"DROP OWNED BY r_{name}; DROP ROLE r_{name}")


def test_nothing_can_be_written(units: str) -> None:
    with open_source(units) as source:
        connection = source.connect()
        with pytest.raises(Exception, match=r"read-only|read only"):
            connection.execute("CREATE TABLE src.public.mine (a INTEGER)")
        with pytest.raises(EngineError):
            source._ask("CREATE TABLE mine (a integer)")  # type: ignore[attr-defined]


def test_an_empty_database_is_told(new_postgres_database: str) -> None:
    with pytest.raises(SourceEmpty):
        look(new_postgres_database)


def with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    return f"postgresql://{parts.username}:{password}@{parts.hostname}:{parts.port}{parts.path}"


def test_refusals_tell_what_is_wrong_and_never_the_password(units: str) -> None:
    parts = urlsplit(units)
    place = f"{parts.hostname}:{parts.port}{parts.path}"
    cases: dict[str, type[EngineError]] = {
        with_password(units, "wr0ng-s3cret"): WrongPassword,
        f"postgresql://nobody:wr0ng-s3cret@{place}": WrongPassword,
        f"postgresql://{parts.username}@{place}": WrongPassword,
        units.replace(parts.path, "/no_such_database"): SourceNotFound,
        f"{units}?sslmode=require": SourceTlsFailed,
        f"{units}?sslmode=verify-full": SourceTlsFailed,
        "postgresql://u:wr0ng-s3cret@127.0.0.1:1/d": SourceUnreachable,
        "postgresql://u:wr0ng-s3cret@[::1]:1/d": SourceUnreachable,
        "postgresql://u:wr0ng-s3cret@no-such-host.invalid/d": SourceUnreachable,
        "postgresql:///d?host=/nowhere&user=u&password=wr0ng-s3cret": SourceUnreachable,
    }
    for address, refusal in cases.items():
        with pytest.raises(refusal) as refused:
            open_source(address)
        assert_silent(refused.value, "wr0ng-s3cret", PASSWORD)


def assert_silent(error: BaseException, *secrets: str) -> None:
    """No secret in the error, nor in anything that a traceback would print after it."""
    assert error.__cause__ is None
    assert error.__context__ is None
    said = f"{error!r} {error} {vars(error)}"
    if isinstance(error, EngineError):
        said += "".join(error.text(locale) + error.hint(locale) for locale in ("vi", "en"))
    for secret in secrets:
        assert secret not in said


@pytest.mark.parametrize("password", [PASSWORD, "given beside"])
def test_a_password_with_every_awkward_letter_opens_the_door(units: str, password: str) -> None:
    without = with_password(units, "x").replace(":x@", "@")
    if password == PASSWORD:
        address, given = without.replace("@", f":{PASSWORD}@", 1), None
    else:
        address, given = without, PASSWORD

    with open_source(address, password=given) as source:
        assert source.table("wards").rows is None or source.table("wards").rows >= 0
        assert source.read_arrow("regions").read_all().num_rows == 8


def test_an_address_with_parameters_works(units: str) -> None:
    with open_source(f"{units}?sslmode=disable&connect_timeout=5&application_name=xem") as source:
        assert source.read_arrow("regions").read_all().num_rows == 8


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_forever(silent_port: int) -> None:
    began = time.monotonic()

    with pytest.raises(SourceTimedOut):
        open_source(f"postgresql://u:p@127.0.0.1:{silent_port}/d", limits=Limits(connect_seconds=2))

    assert time.monotonic() - began < 8


def test_a_statement_has_its_time(units: str) -> None:
    filled(units, "CREATE OR REPLACE VIEW slow AS SELECT pg_sleep(30)::text AS nap, 1::numeric AS n")
    try:
        with open_source(units, limits=Limits(statement_seconds=1)) as source:
            began = time.monotonic()
            with pytest.raises(SourceTimedOut):
                source.profile("slow")
            assert time.monotonic() - began < 25
    finally:
        filled(units, "DROP VIEW slow")


def test_a_stop_reaches_the_server(units: str) -> None:
    filled(units, "CREATE OR REPLACE VIEW slower AS SELECT pg_sleep(60)::text AS nap")
    try:
        with open_source(units) as source:
            began = time.monotonic()
            with pytest.raises(LookInterrupted):
                source.profile("slower", should_stop=lambda: time.monotonic() - began > 0.5)
            assert time.monotonic() - began < 40
            assert source.profile("regions").rows == 8
    finally:
        filled(units, "DROP VIEW slower")


def test_no_more_connections_are_opened_than_allowed(
    new_postgres_database: str, postgres_server: str
) -> None:
    filled(
        new_postgres_database,
        "CREATE TABLE t AS SELECT n, md5(n::text) AS x FROM generate_series(1, 400000) n",
    )
    name = urlsplit(new_postgres_database).path[1:]
    seen: list[int] = []
    finished = threading.Event()

    def watch() -> None:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            while not finished.wait(0.01):
                row = connection.execute(
                    # Not what the server does by itself, such as its own vacuum.
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = %s AND backend_type = 'client backend'",
                    [name],
                ).fetchone()
                seen.append(row[0] if row else 0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        look(new_postgres_database)
    finally:
        finished.set()
        watcher.join()
    assert max(seen) == Limits().connections


def test_a_view_that_cannot_be_read_does_not_stop_the_look(new_postgres_database: str) -> None:
    filled(new_postgres_database, "CREATE TABLE a (n int); INSERT INTO a VALUES (0);"
           "CREATE VIEW broken AS SELECT 1 / n AS x FROM a")  # fmt: skip

    seen = look(new_postgres_database)

    assert [looked.table.name for looked in seen.tables] == ["a"]
    assert [(finding.code, str(finding.place)) for finding in seen.findings] == [
        ("table_unreadable", "broken")
    ]


def test_ordinary_tables_are_read_by_duckdb_and_not_asked_for_in_place(
    units: str, new_postgres_database: str
) -> None:
    filled(
        new_postgres_database,
        "CREATE TABLE p (id int, y int) PARTITION BY RANGE (y); CREATE TABLE p1 PARTITION OF p DEFAULT;"
        "INSERT INTO p VALUES (1, 2), (3, 4); CREATE MATERIALIZED VIEW m AS SELECT id FROM p",
    )
    for url in (units, new_postgres_database):
        with open_source(url) as source:
            for table in source.tables():
                plan = source._plan(table, None)  # type: ignore[attr-defined]
                found, doubtful = source._captured(plan, None, None)  # type: ignore[attr-defined]
                assert doubtful == set()
                assert len(found.columns) == len(table.columns)
                assert found.rows == source.profile(table).rows
