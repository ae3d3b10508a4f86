"""A MariaDB or SQLite source that is to read one table knows of it what it would know among all, and looks at no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.engine.errors import TableNotFound
from lienthong.engine.sources import open_source
from lienthong.engine.sources.mysql import MysqlSource
from lienthong.engine.sources.server import ServerSource
from lienthong.engine.sources.tests.test_mysql import connected, filled

ODD = """
    CREATE TABLE cha (id int PRIMARY KEY, tai json, ghi varchar(9) COLLATE utf8mb4_bin, u uuid, b binary(2)) COMMENT 'Cha';
    INSERT INTO cha (id, ghi) VALUES (1, 'x');
    CREATE TABLE `Cha` (id int PRIMARY KEY, tai longtext);
    CREATE TABLE con (id int, nam int, so decimal(60, 5), cha int COMMENT 'Của ai', kep int AS (id * 2) STORED,
        PRIMARY KEY (nam, id), FOREIGN KEY (cha) REFERENCES cha (id)) COMMENT 'Con';
    CREATE TABLE `căn hộ` (`số` int PRIMARY KEY, `a``b` json);
    CREATE TABLE `select` (`from` int PRIMARY KEY, `where` varchar(3));
    CREATE TABLE manh (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3;
    CREATE TABLE kin (id int PRIMARY KEY, ro int, mat int);
    CREATE TABLE cam (id int PRIMARY KEY);
    CREATE VIEW xem AS SELECT id, nam FROM con;
    CREATE TABLE luu (id int PRIMARY KEY) WITH SYSTEM VERSIONING;
"""
ODD_NAMES = ("CHA", "cham", "", "%", "c_a", "không có", "😀", "x" * 200, "'", "\\")


def same_alone(opened: Callable[[], ServerSource]) -> list[str]:
    """Hold each table against what a source confined to it says; their names."""
    with opened() as whole:
        names = [one.name for one in whole.tables()]
        for name in names:
            with opened() as confined:
                confined.confine(name)
                # What a table weighs is not asked for where only its rows are wanted.
                weighed = [replace(one, size_bytes=None) for one in confined.tables()]
                assert weighed == [replace(whole.table(name), size_bytes=None)]
                assert confined.own_name(name) == whole.own_name(name)
                about = [one for one in whole.findings() if one.place.table == name]
                assert [one for one in confined.findings() if one.place.table == name] == about
    for odd in ODD_NAMES:
        with opened() as confined:
            confined.confine(odd)
            with pytest.raises(TableNotFound):
                confined.table(odd)
    return names


def test_a_table_of_mariadb_is_known_alone_as_among_all(new_mariadb_database: str) -> None:
    # given names that differ by a letter's case alone, reserved words, parts, and an account that may read little
    filled(new_mariadb_database, ODD)
    place, database = new_mariadb_database.split("@")[1], new_mariadb_database.rpartition("/")[2]
    account = f"r{database[-8:]}@'127.0.0.1'"
    filled(
        new_mariadb_database,
        f"CREATE USER {account} IDENTIFIED BY 'x';\nGRANT SELECT ON {database}.con TO {account};\n"
        f"GRANT SELECT ON {database}.`Cha` TO {account};\nGRANT SELECT (id, ro) ON {database}.kin TO {account};\n"
        f"GRANT INSERT ON {database}.cam TO {account}",
    )
    try:
        # when one source reads all, and another each alone
        everything = same_alone(lambda: open_source(new_mariadb_database))  # type: ignore[arg-type, return-value]
        few = same_alone(lambda: open_source(f"mysql://{account[:9]}@{place}", password="x"))  # type: ignore[arg-type, return-value]
    finally:
        filled(new_mariadb_database, f"DROP USER {account}")
    # then both say the same, and rows come out as they would
    with open_source(new_mariadb_database) as whole, open_source(new_mariadb_database) as alone:
        alone.confine("cha")
        told = [
            one.connect().execute(f"DESCRIBE SELECT * FROM {one.relation('cha')}").fetchall()
            for one in (whole, alone)
        ]
        assert told[0] == told[1]
        wanted = alone.relation_of("cha", ["ghi"])
        assert alone.connect().execute(f"SELECT * FROM {wanted}").fetchall() == [("x",)]
    assert len(everything) == 10
    assert sorted(few) == ["Cha", "con", "kin"]


def test_no_other_table_of_mariadb_is_opened(new_mariadb_database: str) -> None:
    tables = ";\n".join(f"CREATE TABLE t{n} (id int PRIMARY KEY)" for n in range(40))
    filled(new_mariadb_database, tables)
    with connected(new_mariadb_database) as session, session.cursor() as cursor:
        cursor.execute("FLUSH TABLES " + ", ".join(f"t{n}" for n in range(40)))

    def opened(source: MysqlSource) -> int:
        return int(source.ask("SHOW SESSION STATUS LIKE 'Opened_table_definitions'")[0][1])

    with open_source(new_mariadb_database) as source:
        assert isinstance(source, MysqlSource)
        before = opened(source)
        source.confine("t7")
        assert [one.name for one in source.tables()] == ["t7"]
        assert opened(source) - before <= 2
    with open_source(new_mariadb_database) as source:
        assert isinstance(source, MysqlSource)
        source.tables()
        assert opened(source) > 30


def test_a_table_of_sqlite_is_known_alone_as_among_all(tmp_path: Path) -> None:
    path = tmp_path / "n.sqlite"
    with sqlite3.connect(path) as session:
        session.executescript(
            'CREATE TABLE cha (id INTEGER PRIMARY KEY, tai); CREATE TABLE "căn hộ" ("số" INT PRIMARY KEY) WITHOUT ROWID;'
            "CREATE TABLE con (id INT, cha INT REFERENCES CHA, PRIMARY KEY (id)); CREATE VIEW xem AS SELECT id FROM con;"
            'CREATE TABLE "select" ("from" TEXT); CREATE VIEW hong AS SELECT * FROM khong_co;'
        )
    session.close()
    assert len(same_alone(lambda: open_source(str(path)))) == 5  # type: ignore[arg-type, return-value]
