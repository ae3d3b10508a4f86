"""A live MariaDB: what its collations take for one value is one value here too."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pymysql
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
from lienthong.engine.sources.tests.test_postgresql import assert_silent
from tests.servers import PASSWORD

UNITS = """
    CREATE TABLE regions (id integer PRIMARY KEY, name varchar(255) NOT NULL);
    CREATE TABLE parishes (code varchar(20) PRIMARY KEY COMMENT 'Mã tỉnh', name varchar(255) NOT NULL,
        region_id integer, FOREIGN KEY (region_id) REFERENCES regions (id)) COMMENT 'Tỉnh, thành phố';
    CREATE TABLE wards (code varchar(20), year integer, name varchar(90), exact varchar(90) COLLATE utf8mb4_bin,
        parish_code varchar(20), area decimal(9, 3), PRIMARY KEY (code, year),
        FOREIGN KEY (parish_code) REFERENCES parishes (code));
    CREATE VIEW in_use AS SELECT code, name FROM wards WHERE year = 2025;
    INSERT INTO regions VALUES (1, 'Bắc'), (2, 'Nam');
    INSERT INTO parishes VALUES ('01', 'Hà Nội', 1), ('79', 'Hồ Chí Minh', 2), ('46', 'Huế', NULL);
    INSERT INTO wards VALUES ('00001', 2024, 'Hòa Bình', 'Hòa Bình', '01', 0.125),
        ('00001', 2025, 'Hoà Bình', 'Hoà Bình', '01', 0.125), ('00002', 2025, 'HÒA BÌNH ', 'HÒA BÌNH ', '79', 1),
        ('00003', 2025, NULL, NULL, NULL, NULL);
"""
ODD = """
    SET sql_mode = '';
    CREATE TABLE odd (id int unsigned PRIMARY KEY auto_increment, ti tinyint(1), t3 tinyint(1), bu bigint unsigned,
        y year, d1 decimal(10, 2), d65 decimal(60, 5), f float, db double, c char(5), tx text, e enum('a', 'b'),
        st set('x', 'y'), dt date, dtm datetime(3), ts timestamp NULL, tm time, b1 bit(1), b8 bit(8),
        bn binary(4), bl blob, j json, g point, u uuid);
    INSERT INTO odd VALUES (1, 1, 3, 18446744073709551615, 2024, 1.10,
        12345678901234567890123456789012345678901234567890.12345, 0.1, 0.1, 'ab', 'x', 'a', 'x,y', '2024-01-02',
        '2024-01-02 03:04:05.678', '2024-01-02 03:04:05', '-10:20:30', b'1', b'101', x'00ff', x'00ff',
        '{"a":1}', point(1, 2), '00000000-0000-0000-0000-000000000001');
    INSERT INTO odd (ti, f, dt) VALUES (0, 0.10000001, '0000-00-00');
    INSERT INTO odd (tx) VALUES ('X');
"""


@pytest.fixture(scope="module")
def units(mariadb_databases: Callable[[], str]) -> str:
    return filled(mariadb_databases(), UNITS)


def connected(url: str) -> pymysql.connections.Connection:
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname, port=parts.port or 0, user=parts.username, password=PASSWORD.encode(),
        database=parts.path[1:], autocommit=True, charset="utf8mb4",
    )  # fmt: skip


def filled(url: str, script: str) -> str:
    with connected(url) as connection, connection.cursor() as cursor:
        for statement in script.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    return url


def look(url: str) -> Look:
    with open_source(url) as source:
        return source.look()


def agrees(url: str, seen: Look) -> None:
    with connected(url) as connection, connection.cursor() as cursor:
        for looked in seen.tables:
            for column in looked.profile.columns:
                name = "`" + column.name.replace("`", "``") + "`"
                cursor.execute(
                    f"SELECT count(*), count(*) - count({name}), count(DISTINCT {name}) FROM `{looked.table.name}`"
                )
                assert (column.rows, column.nulls, column.distinct) == cursor.fetchone(), column.name


def test_tables_keys_comments_and_counts(units: str) -> None:
    seen = look(units)

    agrees(units, seen)
    tables = {looked.table.name: looked.table for looked in seen.tables}
    assert list(tables) == ["in_use", "parishes", "regions", "wards"]
    assert tables["wards"].primary_key == ("code", "year")
    assert tables["wards"].foreign_keys == (ForeignKey(("parish_code",), "parishes", ("code",)),)
    assert tables["parishes"].comment == "Tỉnh, thành phố"
    assert tables["parishes"].column("code").comment == "Mã tỉnh"
    assert (tables["in_use"].kind, tables["in_use"].comment) == ("view", None)
    wards = seen.tables[3].profile
    assert (wards.column("name").distinct, wards.column("exact").distinct) == (1, 3)
    assert (wards.column("area").type, wards.column("area").max) == ("decimal", 1)


def test_every_type_counts_as_the_server_counts(new_mariadb_database: str) -> None:
    filled(new_mariadb_database, ODD)

    seen = look(new_mariadb_database)

    agrees(new_mariadb_database, seen)
    found = {c.name: (c.type, c.min, c.max) for c in seen.tables[0].profile.columns}
    assert found["ti"] == ("boolean", False, True)
    assert found["t3"] == ("integer", 3, 3)
    assert found["bu"][2] == 18446744073709551615
    assert found["d65"][1] == "12345678901234567890123456789012345678901234567890.12345"
    assert found["f"] == ("double", 0.1, 0.10000001)
    assert found["dt"] == ("date", "0000-00-00", "2024-01-02")
    assert found["dtm"] == ("timestamp", "2024-01-02T03:04:05.678", "2024-01-02T03:04:05.678")
    assert found["ts"][1] == "2024-01-02T03:04:05"
    assert found["tm"] == ("time", "-10:20:30", "-10:20:30")
    assert found["b1"] == ("boolean", True, True)
    assert found["j"] == ("json", None, None)
    assert found["g"] == found["bl"] == ("binary", None, None)


def test_names_of_every_kind(new_mariadb_database: str) -> None:
    filled(
        new_mariadb_database,
        """CREATE TABLE `bảng ``lạ"``` (`cột ``lạ``` int, `select` varchar(9), `có %s dấu` tinyint(1));
        INSERT INTO `bảng ``lạ"``` VALUES (1, 'Á', 5), (2, 'a', 0)""",
    )

    seen = look(new_mariadb_database)

    assert seen.tables[0].table.name == 'bảng `lạ"`'
    found = [(c.name, c.type, c.distinct) for c in seen.tables[0].profile.columns]
    assert found == [("cột `lạ`", "integer", 2), ("select", "text", 1), ("có %s dấu", "integer", 2)]


def test_rows_can_be_read_and_copied(units: str, new_mariadb_database: str, tmp_path: Path) -> None:
    filled(new_mariadb_database, ODD)

    with open_source(units) as source:
        assert source.read_arrow("wards").read_all().num_rows == 4
        assert source.copy_to_parquet("in_use", tmp_path / "x.parquet") == 3
    with open_source(new_mariadb_database) as source:
        rows = source.read_arrow("odd").read_all().to_pylist()
    assert rows[0]["d65"] == "12345678901234567890123456789012345678901234567890.12345"


def test_an_empty_database_is_told(new_mariadb_database: str) -> None:
    with pytest.raises(SourceEmpty):
        look(new_mariadb_database)


def test_refusals_tell_what_is_wrong_and_never_the_password(units: str) -> None:
    parts = urlsplit(units)
    place = f"{parts.hostname}:{parts.port}{parts.path}"
    cases: dict[str, type[EngineError]] = {
        f"mysql://{parts.username}:wr0ng-s3cret@{place}": WrongPassword,
        f"mysql://nobody:wr0ng-s3cret@{place}": WrongPassword,
        f"mysql://{parts.username}@{place}": WrongPassword,
        units.replace(parts.path, "/no_such_database"): SourceNotFound,
        f"{units}?ssl_mode=required": SourceTlsFailed,
        f"{units}?ssl_mode=verify_ca&ssl_ca=/no/such/file": SourceTlsFailed,
        "mysql://u:wr0ng-s3cret@127.0.0.1:1/d": SourceUnreachable,
        "mysql://u:wr0ng-s3cret@no-such-host.invalid/d": SourceUnreachable,
        "mysql:///d?socket=/nowhere&user=u&password=wr0ng-s3cret": SourceUnreachable,
    }
    for address, refusal in cases.items():
        with pytest.raises(refusal) as refused:
            open_source(address)
        assert_silent(refused.value, "wr0ng-s3cret", PASSWORD)


def test_other_ways_to_write_the_address(units: str) -> None:
    parts = urlsplit(units)
    for address in (
        units.replace("mysql://", "mariadb://") + "?ssl_mode=disabled&charset=utf8mb4",
        f"mysql://{parts.username}:{PASSWORD}@localhost:{parts.port}{parts.path}",
    ):
        with open_source(address) as source:
            assert source.read_arrow("regions").read_all().num_rows == 2


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_forever(silent_port: int) -> None:
    began = time.monotonic()

    with pytest.raises((SourceTimedOut, SourceUnreachable)):
        open_source(f"mysql://u:p@127.0.0.1:{silent_port}/d", limits=Limits(connect_seconds=2))

    assert time.monotonic() - began < 8


def test_a_stop_reaches_the_server(units: str) -> None:
    filled(units, "CREATE OR REPLACE VIEW slower AS SELECT sleep(60) AS nap, cast(1 AS decimal(60, 3)) AS n")
    try:
        with open_source(units) as source:
            began = time.monotonic()
            with pytest.raises(LookInterrupted):
                source.profile("slower", should_stop=lambda: time.monotonic() - began > 0.5)
            assert time.monotonic() - began < 40
    finally:
        filled(units, "DROP VIEW slower")


def test_nothing_can_be_written(units: str) -> None:
    with open_source(units) as source:
        with pytest.raises(Exception, match=r"read-only|read only"):
            source.connect().execute("CREATE TABLE src.mine (a INTEGER)")
        with pytest.raises(EngineError):
            source._ask("INSERT INTO regions VALUES (9, 'x')")  # type: ignore[attr-defined]


def test_ordinary_columns_are_read_by_duckdb_and_not_asked_for_in_place(new_mariadb_database: str) -> None:
    filled(
        new_mariadb_database,
        "CREATE TABLE a (n int, m decimal(9, 2), d date, t datetime, ma varchar(9), k varchar(9) COLLATE utf8mb4_bin);"
        "\nINSERT INTO a VALUES (1, 1.5, '2024-01-02', '2024-01-02 03:04:05', '00001', 'a'), (2, 2, NULL, NULL, '00002', 'A')",
    )

    with open_source(new_mariadb_database) as source:
        plan = source._plan(source.table("a"), None)  # type: ignore[attr-defined]
        found, doubtful = source._captured(plan, None, None)  # type: ignore[attr-defined]

    assert (len(found.columns), found.rows, doubtful) == (6, 2, set())


def test_partitions_sizes_and_computed_columns(new_mariadb_database: str) -> None:
    filled(
        new_mariadb_database,
        """CREATE TABLE thu (id int, nam int, gap int AS (id * 2) STORED) COMMENT 'Thu phí'
            PARTITION BY RANGE (nam) (PARTITION p2024 VALUES LESS THAN (2025), PARTITION sau VALUES LESS THAN MAXVALUE);
        INSERT INTO thu (id, nam) VALUES (1, 2024), (2, 2025), (3, 2026)""",
    )

    seen = look(new_mariadb_database)

    assert [(one.table.name, one.profile.rows, one.table.partitions) for one in seen.tables] == [
        ("thu", 3, ("p2024", "sau"))
    ]
    table = seen.tables[0].table
    assert (table.native_kind, table.comment) == ("partitioned table", "Thu phí")
    assert table.size_bytes
    assert [column.generated for column in table.columns] == [False, False, True]
    assert [(one.code, str(one.place)) for one in seen.findings] == [("partitions_counted_once", "thu")]


def test_old_character_sets_read_as_vietnamese(new_mariadb_database: str) -> None:
    filled(
        new_mariadb_database,
        """CREATE TABLE cu (a varchar(20) CHARACTER SET utf8mb3, b varchar(20) CHARACTER SET latin1,
            c varchar(20) CHARACTER SET ucs2, d bit(5), e int unsigned);
        INSERT INTO cu VALUES ('Đà Nẵng', 'Hà Tây', 'Cần Thơ', b'10101', 4294967295)""",
    )

    seen = look(new_mariadb_database)

    found = {column.name: (column.type, column.min) for column in seen.tables[0].profile.columns}
    assert found == {
        "a": ("text", "Đà Nẵng"),
        "b": ("text", "Hà Tây"),
        "c": ("text", "Cần Thơ"),
        "d": ("binary", None),
        "e": ("integer", 4294967295),
    }


def test_what_may_not_be_read_is_told(new_mariadb_database: str) -> None:
    name = urlsplit(new_mariadb_database).path[1:]
    user = f"'{name}'@'127.0.0.1'"
    filled(
        new_mariadb_database,
        f"""CREATE TABLE mo (a int, b int);
        CREATE TABLE dong (a int);
        INSERT INTO mo VALUES (1, 2);
        CREATE USER {user} IDENTIFIED BY 'chỉ đọc';
        GRANT SELECT (a) ON `{name}`.mo TO {user};
        GRANT INSERT ON `{name}`.dong TO {user}""",
    )
    try:
        with open_source(
            f"mysql://{name}@{new_mariadb_database.split('@')[1]}", password="chỉ đọc"
        ) as source:
            seen = source.look()
    finally:
        filled(new_mariadb_database, f"DROP USER {user}")

    assert [(one.table.name, one.profile.rows, len(one.profile.columns)) for one in seen.tables] == [
        ("mo", 1, 1)
    ]
    assert {(one.code, str(one.place)) for one in seen.findings} == {("table_not_permitted", "dong")}


def test_no_more_connections_are_opened_than_allowed(new_mariadb_database: str) -> None:
    filled(
        new_mariadb_database,
        "CREATE TABLE t AS SELECT seq AS n, md5(seq) AS x FROM seq_1_to_100000;"
        "\nCREATE VIEW slower AS SELECT sleep(60) AS nap, cast(1 AS decimal(60, 3)) AS n",
    )
    name = urlsplit(new_mariadb_database).path[1:]
    seen: list[int] = []
    finished = threading.Event()

    def watch() -> None:
        with connected(new_mariadb_database) as connection, connection.cursor() as cursor:
            while not finished.wait(0.01):
                cursor.execute(
                    "SELECT count(*) FROM information_schema.processlist WHERE db = %s AND id <> connection_id()",
                    [name],
                )
                seen.append(int(cursor.fetchall()[0][0]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with open_source(new_mariadb_database) as source:
            assert source.profile("t").rows == 100_000
            began = time.monotonic()
            with pytest.raises(LookInterrupted):
                source.profile("slower", should_stop=lambda: time.monotonic() - began > 0.5)
    finally:
        finished.set()
        watcher.join()
    assert max(seen) == Limits().connections
