"""Values that another database cannot keep are set aside with their column, never bent into others."""

from __future__ import annotations

from pathlib import Path

from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

from .databases import asked


def lite(folder: Path) -> str:
    return f"sqlite:///{folder / 'ban.db'}"


def copied(source: str, target: str, table: str) -> list[int]:
    """Follow a table twice; the rows, by their number, that arrived and are equal there."""
    plan = SyncPlan(Side(source, table), Side(target, table), ("id",), create=True)
    first = run_sync(plan)
    assert {row.reason for row in first.aside} <= {"value_not_of_type", "out_of_range", "decimals_lost"}
    again = run_sync(plan)
    assert (again.inserted, again.updated, again.deleted) == (0, 0, 0)
    found = reconcile(Side(source, table), Side(target, table), key=("id",))
    assert {one.kind for one in found.differences} <= {"missing"}
    missing = {int(str(one.key[0])) for one in found.differences}
    return sorted({int(row[0]) for row in asked(source, f"SELECT id FROM {table}")} - missing)


def test_odd_numbers_and_days_of_postgresql(postgres: str, mariadb: str, tmp_path: Path) -> None:
    asked(
        postgres,
        "CREATE TABLE le (id int PRIMARY KEY, r real, d double precision, luc timestamp, ngay date, ds int[])",
        "INSERT INTO le VALUES (1, 0.1, 0.1, '2026-01-01', '2026-02-28', '{1,NULL,3}'), (2, 'NaN', 1, NULL, NULL, NULL), "
        "(3, 1, '-Infinity', NULL, NULL, '{}'), (4, 1, 1, '0044-03-15 BC', NULL, NULL)",
        "CREATE TABLE ngay (id int PRIMARY KEY, ngay date)",
        "INSERT INTO ngay VALUES (1, '2026-02-28'), (2, '4713-01-01 BC'), (3, '5874897-12-31'), (4, NULL)",
    )
    for target in (mariadb, lite(tmp_path)):
        assert copied(postgres, target, "le") == [1]
    assert copied(postgres, mariadb, "ngay") == [1, 4]


def test_odd_numbers_and_bits_of_mariadb(postgres: str, mariadb: str, tmp_path: Path) -> None:
    # given a number under a type that most take for yes or no, one past all signed numbers, and bits of every width
    asked(
        mariadb,
        "CREATE TABLE co (id int PRIMARY KEY, c tinyint(1), n bigint unsigned)",
        "INSERT INTO co VALUES (1, 1, 1), (2, 5, 2), (3, 0, 18446744073709551615), (4, NULL, NULL)",
        "CREATE TABLE bo (id int PRIMARY KEY, b3 bit(3), b12 bit(12))",
        "INSERT INTO bo VALUES (1, 5, 10), (2, 0, 0)",
    )
    assert copied(mariadb, postgres, "co") == [1, 4]
    assert copied(mariadb, lite(tmp_path), "co") == [1, 4]
    asked(mariadb, "CREATE TABLE co_2 (id int PRIMARY KEY, c tinyint(1), n bigint unsigned)")
    run = run_sync(SyncPlan(Side(mariadb, "co"), Side(mariadb, "co_2"), ("id",)))
    assert run.set_aside == 0
    assert asked(mariadb, "SELECT * FROM co_2") == asked(mariadb, "SELECT * FROM co")
    # then bits arrive as whole bytes, and a second run, which has no digest in common with them, compares all rows
    for target, shown in ((postgres, "encode(b12, 'hex')"), (lite(tmp_path), "lower(hex(b12))")):
        plan = SyncPlan(Side(mariadb, "bo"), Side(target, "bo"), ("id",), create=True)
        assert run_sync(plan).set_aside == 0
        assert asked(target, f"SELECT {shown} FROM bo ORDER BY id") == [("000a",), ("0000",)]
        assert (run_sync(plan).rung, run_sync(plan).updated) == ("digests", 0)
