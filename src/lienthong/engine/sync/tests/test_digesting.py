"""A run by digests brings a copy in step that was changed on both sides, and touches nothing else."""

import sqlite3

import psycopg
import pytest

from lienthong.engine.sync.errors import GuardStopped
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan


@pytest.fixture
def plan(postgres_databases, tmp_path):
    """A source in PostgreSQL, a copy in SQLite that is loaded, and how one follows the other."""
    source = postgres_databases()
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE xa (ma text, luc timestamptz, ten text, tien numeric(12,2), PRIMARY KEY (ma, luc))"
        )
        connection.execute("INSERT INTO xa SELECT lpad(i::text, 5, '0'), timestamptz '2026-01-01 07:00+07' + i * interval '1 hour', "
                           "'Xã ' || i, i / 4.0 FROM generate_series(1, 300) i")  # fmt: skip
    made = SyncPlan(Side(source, "xa"), Side(str(tmp_path / "copy.sqlite"), "xa"), ("ma", "luc"), rung="digests",
                    create=True, job="thử")  # fmt: skip
    run_sync(made)
    return made


def at_source(plan, sql):
    with psycopg.connect(plan.source.address, autocommit=True) as connection:
        connection.execute(sql)


def test_what_differs_is_found_and_mended_whoever_changed_it(plan):
    at_source(plan, "UPDATE xa SET ten = ten || ' mới' WHERE ma < '00010'; DELETE FROM xa WHERE ma = '00200'")
    at_source(plan, "INSERT INTO xa VALUES ('0002', '2026-05-05', 'thêm', NULL)")
    with sqlite3.connect(plan.target.address) as copy:
        copy.execute("UPDATE xa SET tien = 1 WHERE ma = '00150'")
        copy.execute("DELETE FROM xa WHERE ma = '00151'")
        copy.execute("INSERT INTO xa (ma, luc, ten) VALUES ('lạ', '2026-01-01 00:00:00', 'x')")
    copy.close()
    assert not reconcile(plan.source, plan.target, key=plan.key, settle_seconds=0).equal

    run = run_sync(plan)

    assert run.rung == "digests"
    assert run.proved
    assert (run.read, run.inserted, run.updated, run.deleted) == (12, 2, 10, 2)
    assert reconcile(plan.source, plan.target, key=plan.key, settle_seconds=0).equal
    again = run_sync(plan)
    assert (again.read, again.inserted, again.updated, again.deleted) == (0, 0, 0, 0)


def test_the_guard_holds_here_as_well(plan):
    at_source(plan, "DELETE FROM xa WHERE ma > '00200'")

    with pytest.raises(GuardStopped):
        run_sync(plan)
    assert reconcile(plan.source, plan.target, key=plan.key, settle_seconds=0).certificate.extra == 100
