"""Copies between PostgreSQL, MariaDB and SQLite: what differs between servers, and what a server may refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from lienthong.engine.errors import EngineError
from lienthong.engine.sync.errors import GuardStopped, SourceChanged, TargetReadOnly, TargetRefused
from lienthong.engine.sync.running import check_sync, run_sync
from lienthong.engine.sync.shapes import ColumnMap, Conversion, Side, SyncPlan
from tests.servers import PASSWORD

from .databases import asked

NFD = "Nguye\u0302\u0303n A\u0301nh"


def plan(source: str, target: str, table: str, **more: Any) -> SyncPlan:
    given = {"key": ("id",), "chunk_rows": 3, "job": table} | more
    return SyncPlan(Side(source, table), Side(target, f"{table}_copy"), **given)


def test_values_arrive_as_they_are_on_every_database(postgres: str, mariadb: str, tmp_path: Path) -> None:
    # given values that servers write in ways of their own
    asked(
        postgres,
        "CREATE TABLE kho (id integer PRIMARY KEY, ten text, ma char(6), tien numeric, so double precision, luc timestamptz, "
        "ngay date, co boolean, nhi bytea, tai jsonb)",
        f"INSERT INTO kho VALUES (1, '{NFD}', 'A1', 12345678901234567890.123400, 0.1, '2026-01-01 07:00:00.5+07', '2026-02-28', "
        "true, '\\x00ff', '{\"a\": [1, null]}'), (2, '', NULL, -0.50, 1e300, '1969-12-31 17:00+00', NULL, false, '', 'null'), "
        "(3, E'dòng\\n\"hai\", ba\\t\\\\', 'x''y', 'NaN', 2, NULL, '0099-01-01', NULL, NULL, NULL)",
    )
    # when the same rows go through every server in turn
    lite = f"sqlite:///{tmp_path / 'kho.db'}"
    steps = [
        (Side(postgres, "kho"), Side(mariadb, "kho")),
        (Side(mariadb, "kho"), Side(lite, "kho")),
        (Side(lite, "kho"), Side(postgres, "kho_ve")),
    ]
    asked(mariadb, "CREATE TABLE kho (id int PRIMARY KEY, ten text, ma char(6), tien varchar(60), so double, luc datetime(6), "
          "ngay date, co boolean, nhi varbinary(10), tai longtext) CHARACTER SET utf8mb4")  # fmt: skip
    asked(lite, "CREATE TABLE kho (id INTEGER PRIMARY KEY, ten TEXT, ma CHAR(6), tien TEXT, so REAL, luc DATETIME, ngay DATE, "
          "co BOOLEAN, nhi BLOB, tai TEXT)")  # fmt: skip
    asked(postgres, "CREATE TABLE kho_ve (LIKE kho INCLUDING ALL)")
    for source, target in steps:
        run = run_sync(SyncPlan(source, target, ("id",), rung="full"))
        assert (run.inserted, run.set_aside) == (3, 0), run.aside
    # then they come back the same
    for one, other in (("kho", "kho_ve"), ("kho_ve", "kho")):
        assert asked(postgres, f"SELECT * FROM {one} EXCEPT SELECT * FROM {other}") == []


def test_a_change_of_case_or_marks_alone_is_carried_where_a_collation_sees_none(
    mariadb: str, tmp_path: Path
) -> None:
    lite = f"sqlite:///{tmp_path / 'n.db'}"
    asked(
        lite,
        "CREATE TABLE hoa (id TEXT PRIMARY KEY, ten TEXT)",
        "INSERT INTO hoa VALUES ('a', 'Hòa'), ('b', 'x')",
    )
    asked(
        mariadb,
        "CREATE TABLE hoa_copy (id varchar(9) PRIMARY KEY, ten varchar(20)) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
    )
    run_sync(plan(lite, mariadb, "hoa"))
    asked(lite, "UPDATE hoa SET ten = 'HOÀ' WHERE id = 'a'", "INSERT INTO hoa VALUES ('B', 'khác')")
    run = run_sync(plan(lite, mariadb, "hoa"))
    # the key 'B' is another person than 'b', and this server cannot keep both
    assert (run.updated, run.set_aside, run.aside[0].reason) == (1, 1, "not_unique")
    assert sorted(asked(mariadb, "SELECT id, ten FROM hoa_copy")) == [("a", "HOÀ"), ("b", "x")]


@pytest.mark.parametrize("server", ["postgres", "mariadb"])
def test_rows_that_a_server_refuses_are_set_aside_and_come_when_mended(
    server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    # given
    target: str = request.getfixturevalue(server)
    lite = f"sqlite:///{tmp_path / 'n.db'}"
    asked(target, "CREATE TABLE tinh (ma varchar(2) PRIMARY KEY)", "INSERT INTO tinh VALUES ('01')")
    asked(
        target,
        "CREATE TABLE nguoi_copy (id integer PRIMARY KEY, ten varchar(5) NOT NULL, so varchar(12) UNIQUE, tien decimal(6,2), "
        "ngay date, tinh varchar(2) REFERENCES tinh (ma), tuoi smallint CHECK (tuoi < 150)"
        + (", FOREIGN KEY (tinh) REFERENCES tinh (ma))" if server == "mariadb" else ")"),
    )
    asked(lite, "CREATE TABLE nguoi (id INTEGER PRIMARY KEY, ten, so, tien, ngay, tinh, tuoi)")
    good = ("An", "'s' || id", "1.5", "'2026-01-31'", "'01'", "30")
    bad = {
        2: ("ten", "'dài quá'", "too_long"), 3: ("ten", "NULL", "null_refused"), 4: ("tien", "1.555", "decimals_lost"),
        5: ("tien", "123456", "out_of_range"), 6: ("ngay", "'2026-02-30'", "value_not_of_type"),
        7: ("tinh", "'99'", "reference_broken"), 8: ("tuoi", "200", "check_broken"), 9: ("tuoi", "40000", "out_of_range"),
        11: ("so", "'s1'", "not_unique"),
    }  # fmt: skip
    for number in range(1, 13):
        values = dict(
            zip(
                ("ten", "so", "tien", "ngay", "tinh", "tuoi"),
                ("'An'", f"'s{number}'", *good[2:]),
                strict=True,
            )
        )
        if number in bad:
            values[bad[number][0]] = bad[number][1]
        asked(lite, f"INSERT INTO nguoi VALUES ({number}, {', '.join(values.values())})")
    # when
    run = run_sync(plan(lite, target, "nguoi", chunk_rows=100))
    # then
    assert {int(row.key[0] or 0) if (row.key[0] or "").isdigit() else row.key[0] for row in run.aside}
    assert sorted(row.reason for row in run.aside) == sorted(reason for *_, reason in bad.values())
    assert [row[0] for row in asked(target, "SELECT id FROM nguoi_copy ORDER BY id")] == [1, 10, 12]
    with pytest.raises(TargetRefused):
        run_sync(plan(lite, target, "nguoi", on_bad_row="stop", job="stop"))
    asked(
        lite,
        "UPDATE nguoi SET ten = 'An', so = 's' || id, tien = 1.5, ngay = '2026-01-31', tinh = '01', tuoi = 30",
    )
    mended = run_sync(plan(lite, target, "nguoi"))
    assert (mended.set_aside, mended.inserted) == (0, 9)


def test_a_removed_row_that_is_still_referred_to_stays_and_is_told(postgres: str) -> None:
    asked(postgres, "CREATE TABLE cha (id int PRIMARY KEY)", "INSERT INTO cha SELECT generate_series(1, 20)")
    same = plan(postgres, postgres, "cha", create=True)
    run_sync(same)
    asked(
        postgres,
        "CREATE TABLE con (cha int REFERENCES cha_copy)",
        "INSERT INTO con VALUES (5)",
        "DELETE FROM cha WHERE id IN (5, 6)",
    )
    run = run_sync(same)
    assert (run.deleted, [row.reason for row in run.aside]) == (1, ["delete_reference_broken"])
    asked(postgres, "DELETE FROM con")
    assert (run_sync(same).deleted, asked(postgres, "SELECT count(*) FROM cha_copy")) == (1, [(18,)])


def test_transactions_tell_changes_and_nothing_that_commits_late_is_lost(postgres: str) -> None:
    asked(
        postgres,
        "CREATE TABLE muon (id int PRIMARY KEY, v int)",
        "INSERT INTO muon SELECT i, i FROM generate_series(1, 50) i",
    )
    same = plan(postgres, postgres, "muon", create=True)
    with psycopg.connect(postgres) as late:
        late.execute("UPDATE muon SET v = -1 WHERE id = 7")
        late.execute("INSERT INTO muon VALUES (99, 99)")
        run_sync(same)
        asked(postgres, "UPDATE muon SET v = -2 WHERE id = 8", "DELETE FROM muon WHERE id = 9")
        run = run_sync(same)
        assert (run.rung, run.updated, run.deleted) == ("xmin", 1, 1)
        late.commit()
    run = run_sync(same)
    assert (run.rung, run.updated, run.inserted) == ("xmin", 1, 1)
    assert asked(postgres, "SELECT * FROM muon EXCEPT SELECT * FROM muon_copy") == []


def test_a_row_with_an_old_watermark_is_found_by_its_key(postgres: str) -> None:
    asked(postgres, "CREATE TABLE cu (id int, ma text, sua timestamp, PRIMARY KEY (ma, id))",
          "INSERT INTO cu SELECT i, 'm' || i % 5, timestamp '2026-01-01' + i * interval '1 day' FROM generate_series(1, 40) i")  # fmt: skip
    same = plan(postgres, postgres, "cu", key=("ma", "id"), create=True, watermark="sua", overlap_seconds=0)
    run_sync(same)
    asked(postgres, "INSERT INTO cu VALUES (7, 'x', '2020-01-01')", "DELETE FROM cu WHERE id = 3")
    run = run_sync(same)
    assert (run.rung, run.inserted, run.deleted) == ("watermark", 1, 1)
    assert asked(postgres, "SELECT * FROM cu EXCEPT SELECT * FROM cu_copy") == []
    assert run_sync(same).updated == 0


@pytest.mark.parametrize("to", ["postgres", "mariadb"])
def test_a_column_that_says_a_row_is_removed_removes_it(
    to: str, request: pytest.FixtureRequest, postgres: str
) -> None:
    target: str = request.getfixturevalue(to)
    name = f"xoa_{to}"
    asked(postgres, f"CREATE TABLE {name} (id int PRIMARY KEY, v int, sua timestamp, xoa boolean DEFAULT false)",
          f"INSERT INTO {name} SELECT i, i, '2026-01-01', i = 30 FROM generate_series(1, 30) i")  # fmt: skip
    columns = (ColumnMap("id", "id"), ColumnMap("v", "v"))
    same = plan(
        postgres, target, name, columns=columns, create=True, watermark="sua", tombstone="xoa", chunk_rows=50
    )
    run_sync(same)
    assert asked(target, f"SELECT count(*) FROM {name}_copy") == [(29,)]
    asked(postgres, f"UPDATE {name} SET xoa = true, sua = '2026-02-01' WHERE id = 4")
    run = run_sync(same)
    assert (run.deletes, run.deleted) == ("tombstone", 1)
    assert asked(target, f"SELECT count(*) FROM {name}_copy WHERE id = 4") == [(0,)]


def test_the_guard_holds_between_two_servers_of_one_kind(postgres: str) -> None:
    asked(
        postgres,
        "CREATE TABLE gac (id int PRIMARY KEY, v int)",
        "INSERT INTO gac SELECT i, i FROM generate_series(1, 50) i",
    )
    same = plan(postgres, postgres, "gac", create=True)
    run_sync(same)
    asked(postgres, "DELETE FROM gac WHERE id > 20", "UPDATE gac SET v = 0")
    with pytest.raises(GuardStopped) as stopped:
        run_sync(same)
    assert (stopped.value.facts["deletes"], stopped.value.facts["rows"]) == (30, 50)
    assert asked(postgres, "SELECT count(*), sum(v) FROM gac_copy") == [(50, 1275)]
    assert run_sync(same, confirm_deletes=30).deleted == 30


@pytest.mark.parametrize("target", ["postgres", "mariadb"])
def test_a_source_of_another_shape_is_told_by_column(
    target: str, request: pytest.FixtureRequest, postgres: str
) -> None:
    name = f"hinh_{target}"
    asked(
        postgres,
        f"CREATE TABLE {name} (id int PRIMARY KEY, ten text, so int)",
        f"INSERT INTO {name} VALUES (1, 'a', 1)",
    )
    same = plan(postgres, request.getfixturevalue(target), name, create=True)
    run_sync(same)
    for act, told in (
        ("RENAME COLUMN ten TO ho_ten", "- ten"),
        ("RENAME COLUMN ho_ten TO ten", ""),
        ("ALTER COLUMN so TYPE text USING so::text", "so: integer → text"),
        ("ALTER COLUMN so TYPE int USING so::int", ""),
        ("ADD COLUMN moi int", "+ moi"),
    ):
        asked(postgres, f"ALTER TABLE {name} {act}")
        if not told:
            continue
        with pytest.raises(SourceChanged) as changed:
            run_sync(same)
        assert told in changed.value.facts["columns"]
    # Naming the columns says that the new one is not wanted.
    named = replace(same, columns=tuple(ColumnMap(one, one) for one in ("id", "ten", "so")))
    assert run_sync(named).set_aside == 0


def test_codes_are_converted_and_a_split_one_is_never_guessed(postgres: str, tmp_path: Path) -> None:
    lite = f"sqlite:///{tmp_path / 'n.db'}"
    asked(lite, "CREATE TABLE ho (id INTEGER PRIMARY KEY, xa TEXT, ngay TEXT)",
          "INSERT INTO ho VALUES (1, '00001', '31/12/2025'), (2, '00002', '5-1-2026'), (3, '00009', '2026-01-06'), (4, NULL, ''), "
          "(5, '00001', '31/02/2026')")  # fmt: skip
    asked(postgres, "CREATE TABLE ho_copy (id int PRIMARY KEY, xa varchar(5), ngay date)")
    codes = Conversion("codes", {"table": {"00001": "10001", "00002": ("10001", "10002")}})
    columns = (
        ColumnMap("id", "id"),
        ColumnMap("xa", "xa", codes),
        ColumnMap("ngay", "ngay", Conversion("date", {"order": "dmy"})),
    )
    run = run_sync(plan(lite, postgres, "ho", columns=columns))
    assert sorted((row.reason, row.column) for row in run.aside) == [
        ("code_split", "xa"),
        ("code_unknown", "xa"),
        ("not_a_day", "ngay"),
    ]
    assert asked(postgres, "SELECT id, xa, ngay::text FROM ho_copy ORDER BY id") == [
        (1, "10001", "2025-12-31"),
        (4, None, None),
    ]
    # The division becomes known: every row is looked at again.
    known = Conversion("codes", {"table": {"00001": "10001", "00002": "10002", "00009": "10009"}})
    again = run_sync(
        plan(lite, postgres, "ho", columns=(columns[0], ColumnMap("xa", "xa", known), columns[2]))
    )
    assert (again.rung, again.inserted, again.set_aside) == ("full", 2, 1)


def test_no_password_is_ever_said(postgres: str, mariadb: str) -> None:
    wrong = "sai-mật-khẩu-7"
    for url in (postgres, mariadb):
        parts = urlsplit(url)
        bare = f"{parts.scheme}://{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
        side = Side(bare, "x", password=lambda: wrong)
        assert wrong not in repr(side)
        for both in ((side, Side(url, "y")), (Side(url, "y"), side)):
            with pytest.raises(EngineError) as told:
                run_sync(SyncPlan(*both, ("id",)), attempts=1)
            words = " ".join(
                (str(told.value), told.value.text("vi"), told.value.hint("en"), repr(told.value.facts))
            )
            assert wrong not in words
            assert PASSWORD not in words
            assert told.value.__cause__ is None


def test_an_account_that_may_not_write_is_told_before_anything(postgres: str) -> None:
    asked(postgres, "CREATE TABLE quyen (id int PRIMARY KEY)", "CREATE TABLE quyen_copy (id int PRIMARY KEY)",
          "DROP ROLE IF EXISTS chi_doc", "CREATE ROLE chi_doc LOGIN PASSWORD 'x'", "GRANT SELECT ON quyen_copy, quyen TO chi_doc")  # fmt: skip
    parts = urlsplit(postgres)
    reader = f"postgresql://chi_doc:x@{parts.hostname}:{parts.port}{parts.path}"
    for act in (check_sync, run_sync):
        with pytest.raises(TargetReadOnly):
            act(plan(postgres, reader, "quyen"))
    assert [one.target for one in check_sync(plan(postgres, postgres, "quyen"))] == ["id"]
