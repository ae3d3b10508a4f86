"""SQLite, where a column declares a type and its values may not care."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from lienthong.engine.errors import FileMalformed, SourceEmpty, SourceTimedOut
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ForeignKey, Look
from lienthong.engine.sources import open_source


def made(path: Path, script: str) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()
    return path


def look(path: Path) -> Look:
    with open_source(str(path)) as source:
        return source.look()


def agrees(path: Path, seen: Look) -> None:
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    for looked in seen.tables:
        for column in looked.profile.columns:
            expected = connection.execute(
                f'SELECT count(*), count(*) - count("{column.name}"), count(DISTINCT "{column.name}") '
                f'FROM "{looked.table.name}"'
            ).fetchone()
            assert (column.rows, column.nulls, column.distinct) == expected, (looked.table.name, column.name)
    connection.close()


def test_keys_types_and_counts(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db",
        """
        CREATE TABLE tinh (ma CHAR(2) PRIMARY KEY, ten NVARCHAR(50) NOT NULL);
        CREATE TABLE xa (ma TEXT, nam INTEGER, ma_tinh CHAR(2) REFERENCES TINH, gia NUMERIC(10, 2), dt REAL,
                         ngay DATE, luc DATETIME, dung BOOLEAN, anh BLOB, them JSON, PRIMARY KEY (nam, ma));
        CREATE TABLE con (a INTEGER, b TEXT, FOREIGN KEY (a, b) REFERENCES xa (nam, ma));
        CREATE VIEW nhin AS SELECT ma, length(ten) AS dai FROM tinh;
        INSERT INTO tinh VALUES ('01', 'Hà Nội'), ('46', 'Huế');
        INSERT INTO xa VALUES
            ('00001', 2024, '01', 1.5, 0.1, '2024-01-02', '2024-01-02 03:04:05', 1, x'00ff', '{"a": 1}'),
            ('00001', 2025, '01', 2, 0.30000000000000004, '2024-02-29', '2024-01-02 03:04:06', 0, NULL, NULL),
            ('00004', 2025, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        """,
    )

    seen = look(path)

    agrees(path, seen)
    tables = {looked.table.name: looked for looked in seen.tables}
    assert tables["xa"].table.primary_key == ("nam", "ma")
    assert tables["xa"].table.foreign_keys == (ForeignKey(("ma_tinh",), "tinh", ("ma",)),)
    assert tables["con"].table.foreign_keys == (ForeignKey(("a", "b"), "xa", ("nam", "ma")),)
    assert tables["nhin"].table.kind == "view"
    assert not tables["tinh"].table.column("ten").nullable
    found = {c.name: (c.type, c.min, c.max) for c in tables["xa"].profile.columns}
    assert found == {
        "ma": ("text", "00001", "00004"),
        "nam": ("integer", 2024, 2025),
        "ma_tinh": ("text", "01", "01"),
        "gia": ("decimal", 1.5, 2.0),
        "dt": ("double", 0.1, 0.30000000000000004),
        "ngay": ("date", "2024-01-02", "2024-02-29"),
        "luc": ("timestamp", "2024-01-02T03:04:05", "2024-01-02T03:04:06"),
        "dung": ("boolean", False, True),
        "anh": ("binary", None, None),
        "them": ("json", None, None),
    }


STRAYS = """
    CREATE TABLE la (so INTEGER, gia NUMERIC(8, 2), ngay DATE, luc DATETIME, chu TEXT COLLATE NOCASE, gi,
                     lon NUMERIC, gio TIME, dung BOOLEAN);
    INSERT INTO la VALUES (1, 1.10, '2024-01-02', '2024-01-02', 'HÒA', 5, 9007199254740993, '08:30', 1),
                          (2.5, 'x', '2024-01-02 10:00:00', '2024-01-02 00:00:00', 'hòa', '5', 9007199254740992,
                           '8:30', 7),
                          (NULL, NULL, NULL, NULL, 'A', x'ff00', NULL, NULL, NULL),
                          (9223372036854775807, 2, '2024-01-03', '2024-01-02T00:00', 'a', 1.5, 3, '24:00', 0);
"""


def test_values_that_stray_from_their_type_are_counted_as_sqlite_does(tmp_path: Path) -> None:
    path = made(tmp_path / "x.db", STRAYS)

    seen = look(path)

    agrees(path, seen)
    found = {c.name: c.type for c in seen.tables[0].profile.columns}
    assert found == {
        "so": "double", "gia": "text", "ngay": "timestamp", "luc": "timestamp", "chu": "text", "gi": "text",
        "lon": "integer", "gio": "text", "dung": "integer",
    }  # fmt: skip
    assert seen.tables[0].table.column("gia").type == "text"


def test_strayed_values_can_still_be_read(tmp_path: Path) -> None:
    path = made(tmp_path / "x.db", STRAYS)

    with open_source(str(path)) as source:
        rows = source.read_arrow("la").read_all().to_pylist()
        assert source.copy_to_parquet("la", tmp_path / "x.parquet") == 4

    assert [row["so"] for row in rows] == [1.0, 2.5, None, 9223372036854775807.0]
    assert [row["gia"] for row in rows] == ["1.1", "x", None, "2"]
    assert rows[1]["ngay"].isoformat() == "2024-01-02T10:00:00"


def test_a_table_that_keeps_to_its_types_is_read_directly(tmp_path: Path) -> None:
    path = made(tmp_path / "x.db", "CREATE TABLE a (n INTEGER, r REAL, t TEXT, d DATE);"
                "INSERT INTO a VALUES (1, 0.1, 'ạ', '2024-01-02')")  # fmt: skip

    with open_source(f"sqlite:///{path}") as source:
        assert "sqlite_query" not in source.relation("a")
        assert str(source.read_arrow("a").read_all().to_pylist()[0]["d"]) == "2024-01-02"


def test_letters_that_are_no_utf8_do_not_stop_the_look(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db", "CREATE TABLE a (t TEXT); INSERT INTO a VALUES (CAST(x'ff41' AS TEXT)), ('b')"
    )

    seen = look(path)

    agrees(path, seen)


def test_names_of_every_kind(tmp_path: Path) -> None:
    path = made(
        tmp_path / "so lieu [1]?'.db",
        'CREATE TABLE "b""ảng \'1\'" ("c""ột" INTEGER, "select" TEXT); INSERT INTO "b""ảng \'1\'" VALUES (1, \'x\')',
    )

    seen = look(path)

    assert seen.tables[0].table.name == "b\"ảng '1'"
    assert [c.distinct for c in seen.tables[0].profile.columns] == [1, 1]


def test_a_generated_column_and_a_virtual_table(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db",
        "CREATE TABLE a (n INTEGER, hai INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL); INSERT INTO a VALUES (1), (2);"
        "CREATE VIRTUAL TABLE tim USING fts5(chu); INSERT INTO tim VALUES ('xã phường')",
    )

    seen = look(path)

    tables = {looked.table.name: looked.profile for looked in seen.tables}
    assert set(tables) == {"a", "tim"}
    assert tables["a"].column("hai").max == 4


def test_a_database_beside_its_log_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    writer = sqlite3.connect(path)
    writer.executescript(
        "PRAGMA journal_mode = WAL; CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1), (2)"
    )

    seen = look(path)
    writer.close()

    assert seen.tables[0].profile.rows == 2


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    for content in (b"not a database at all, only words " * 30, b"SQLite format 3\x00" + b"\x00" * 200):
        (tmp_path / "x.sqlite").write_bytes(content)
        with pytest.raises(FileMalformed):
            look(tmp_path / "x.sqlite")
    (tmp_path / "x.sqlite").write_bytes(b"")
    with pytest.raises(SourceEmpty):
        look(tmp_path / "x.sqlite")
    with pytest.raises(FileMalformed):
        open_source(f"sqlite:///{tmp_path}")


def test_a_damaged_page_is_told_and_no_crash(tmp_path: Path) -> None:
    rows = ",".join(f"({n}, 'xã {n}')" for n in range(5000))
    path = made(tmp_path / "x.db", f"CREATE TABLE a (n INTEGER, t TEXT); INSERT INTO a VALUES {rows}")
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)

    with pytest.raises(FileMalformed):
        look(path)


def test_a_locked_database_is_waited_for_and_then_told(tmp_path: Path) -> None:
    path = made(tmp_path / "x.db", "CREATE TABLE a (n INTEGER)")
    writer = sqlite3.connect(path)
    writer.execute("BEGIN EXCLUSIVE")

    with pytest.raises(SourceTimedOut), open_source(str(path), limits=Limits(connect_seconds=1)) as source:
        source.look()
    writer.close()


def test_the_file_is_not_changed(tmp_path: Path) -> None:
    path = made(tmp_path / "x.db", STRAYS)
    before = path.read_bytes()

    look(path)

    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.db"]
    shutil.copy(path, tmp_path / "y.dat")
    assert look(tmp_path / "y.dat").tables


def test_ordinary_columns_are_read_by_duckdb_and_not_asked_for_in_place(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db",
        "CREATE TABLE a (n INTEGER, r REAL, g NUMERIC(9, 2), t TEXT, d DATE, m DATETIME, b BOOLEAN, x BLOB);"
        "INSERT INTO a VALUES (1, 0.5, 1.5, 'ạ', '2024-01-02', '2024-01-02 03:04:05', 1, x'00')",
    )

    with open_source(str(path)) as source:
        plan = source._plan(source.table("a"), None)  # type: ignore[attr-defined]
        found, doubtful = source._captured(plan, None, None)  # type: ignore[attr-defined]

    assert (len(found.columns), found.rows, doubtful) == (8, 1, set())


def test_columns_that_declare_no_type_are_read_by_their_values(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db",
        "CREATE TABLE a (ma, so, ten TEXT, tron); INSERT INTO a VALUES ('01', 5, 'Huế', 1), ('02', 6, 'Vinh', 'x');"
        "CREATE VIEW v AS SELECT ma || '-' || ten AS ghep, so * 2 AS gap FROM a",
    )

    seen = look(path)

    agrees(path, seen)
    found = {(t.table.name, c.name): (c.type, c.min) for t in seen.tables for c in t.profile.columns}
    assert found == {
        ("a", "ma"): ("text", "01"),
        ("a", "so"): ("integer", 5),
        ("a", "ten"): ("text", "Huế"),
        ("a", "tron"): ("text", "1"),
        ("v", "ghep"): ("text", "01-Huế"),
        ("v", "gap"): ("integer", 10),
    }
    with open_source(str(path)) as source:
        rows = source.read_arrow("a").read_all().to_pylist()
        gap = source.read_arrow("v").read_all().column("gap").to_pylist()
    assert rows[0] == {"ma": "01", "so": 5, "ten": "Huế", "tron": "1"}
    assert gap == [10, 12]


def test_a_view_of_what_is_gone_does_not_stop_the_look(tmp_path: Path) -> None:
    path = made(
        tmp_path / "x.db",
        "CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER); CREATE VIEW v AS SELECT n FROM b; DROP TABLE b;"
        "CREATE TABLE k (ma TEXT PRIMARY KEY, ten TEXT) WITHOUT ROWID; INSERT INTO k VALUES ('01', 'Hà Nội')",
    )

    seen = look(path)

    assert {t.table.name: (t.profile.rows, t.table.native_kind) for t in seen.tables} == {
        "a": (0, "table"),
        "k": (1, "without rowid"),
    }
    assert [(f.code, str(f.place), f.evidence["error"]) for f in seen.findings] == [
        ("table_unreadable", "v", "source.table_failed")
    ]
    assert all(t.table.size_bytes for t in seen.tables)
