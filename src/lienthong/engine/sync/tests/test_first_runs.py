"""A first load and the runs after it, between the three kinds of database."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.engine.sync.errors import AlreadyRunning, GuardStopped, PlanInvalid, TargetUnfit
from lienthong.engine.sync.opening import open_target
from lienthong.engine.sync.running import forget_sync, run_sync, sync_status
from lienthong.engine.sync.shapes import ColumnMap, Side, SyncPlan


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "nguon.sqlite"
    with sqlite3.connect(path) as session:
        session.execute("CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT, dan_so INTEGER, sua DATETIME)")
        session.executemany(
            "INSERT INTO xa VALUES (?, ?, ?, ?)",
            [(f"{n:05d}", f"Xã {n}", n * 10, f"2026-01-01 00:00:{n:02d}") for n in range(1, 41)],
        )
    session.close()
    return path


def plan_for(source: Path, **more: object) -> SyncPlan:
    target = source.with_name("dich.sqlite")
    given: dict[str, object] = {"key": ("ma",), "create": True, "chunk_rows": 15, "job": "xa"}
    return SyncPlan(Side(str(source), "xa"), Side(f"sqlite:///{target}", "xa"), **(given | more))  # type: ignore[arg-type]


def rows_of(path: Path, table: str = "xa") -> list[tuple[object, ...]]:
    session = sqlite3.connect(path)
    try:
        return session.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    finally:
        session.close()


def changed(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as session:
        for statement in statements:
            session.execute(statement)
    session.close()


def test_a_first_run_loads_everything_in_chunks(source: Path) -> None:
    run = run_sync(plan_for(source))
    assert (run.rung, run.read, run.inserted, run.chunks) == ("initial", 40, 40, 3)
    assert not run.proved  # chunks are read one after the other, and the source may move meanwhile
    assert rows_of(source.with_name("dich.sqlite")) == rows_of(source)


def test_later_runs_carry_only_what_changed(source: Path) -> None:
    plan = plan_for(source, watermark="sua", overlap_seconds=0)
    run_sync(plan)
    changed(
        source,
        "UPDATE xa SET ten = 'Phường 7', sua = '2026-01-02 00:00:00' WHERE ma = '00007'",
        "INSERT INTO xa VALUES ('00099', 'Xã mới', 1, '2026-01-02 00:00:01')",
        "DELETE FROM xa WHERE ma = '00003'",
    )
    run = run_sync(plan)
    assert (run.rung, run.deletes) == ("watermark", "keys")
    assert (run.inserted, run.updated, run.deleted) == (1, 1, 1)
    assert run.read == 3  # the row at the mark itself is read again
    assert rows_of(source.with_name("dich.sqlite")) == rows_of(source)
    assert not run.proved
    assert "reconciliation" in run.unproved_en


def test_a_run_that_would_delete_too_much_stops_and_changes_nothing(source: Path) -> None:
    plan = plan_for(source)
    run_sync(plan)
    before = rows_of(source.with_name("dich.sqlite"))
    changed(source, "DELETE FROM xa WHERE ma > '00020'", "UPDATE xa SET ten = 'khác'")
    with pytest.raises(GuardStopped) as stopped:
        run_sync(plan)
    assert (stopped.value.facts["deletes"], stopped.value.facts["rows"]) == (20, 40)
    assert rows_of(source.with_name("dich.sqlite")) == before
    # Confirmed once, for as many rows as were told.
    run = run_sync(plan, confirm_deletes=20)
    assert (run.deleted, run.updated) == (20, 20)
    assert rows_of(source.with_name("dich.sqlite")) == rows_of(source)


def test_columns_that_are_not_mapped_are_left_alone(source: Path) -> None:
    target = source.with_name("dich.sqlite")
    changed(target, "CREATE TABLE xa (ma_xa TEXT PRIMARY KEY, ghi_chu TEXT, ten TEXT NOT NULL)")
    changed(target, "INSERT INTO xa VALUES ('00001', 'giữ lại', 'cũ'), ('88888', 'thừa', 'thừa')")
    plan = plan_for(
        source, key=("ma_xa",), columns=(ColumnMap("ma_xa", "ma"), ColumnMap("ten", "ten")), guard_share=None
    )
    run = run_sync(plan)
    assert (run.inserted, run.updated, run.deleted) == (39, 1, 1)
    assert rows_of(target)[0] == ("00001", "giữ lại", "Xã 1")


def test_two_runs_of_one_job_at_once_are_refused(source: Path) -> None:
    plan = plan_for(source)
    run_sync(plan)
    with open_target(plan.target, create=False) as held:
        held.hold("xa")
        with pytest.raises(AlreadyRunning):
            run_sync(plan)


def test_what_a_target_remembers_can_be_asked_and_forgotten(source: Path) -> None:
    plan = plan_for(source, watermark="sua")
    run_sync(plan)
    status = sync_status(plan)
    assert (status.phase, status.mark) == ("following", "sua = 2026-01-01 00:00:40")
    forget_sync(plan)
    assert sync_status(plan).phase == "never"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ()},
        {"key": ("ma", "ma")},
        {"rung": "telepathy"},
        {"rung": "watermark"},
        {"deletes": "tombstone"},
        {"guard_share": 2.0},
        {"columns": (ColumnMap("ma", "ma"), ColumnMap("ma", "ten"))},
        {"columns": (ColumnMap("ten", "ten"),)},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_before_anything(
    source: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(PlanInvalid):
        run_sync(plan_for(source, **wrong))
    assert not source.with_name("dich.sqlite").exists()


def test_a_target_that_cannot_take_the_rows_is_refused(source: Path) -> None:
    target = source.with_name("dich.sqlite")
    changed(target, "CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT)")
    with pytest.raises(TargetUnfit) as unfit:
        run_sync(plan_for(source))
    assert "dan_so, sua" in unfit.value.text("en")
    with pytest.raises(TargetUnfit):
        run_sync(replace(plan_for(source, create=False), target=Side(f"sqlite:///{target}", "khac")))


def test_hashes_that_were_saved_tell_what_changed(source: Path) -> None:
    # given a source that tells nothing of changes
    plan = plan_for(source, rung="saved_hash")
    run_sync(plan)
    assert run_sync(plan).read == 40  # once all, to save their hashes
    assert run_sync(plan).read == 0
    # when
    changed(
        source,
        "UPDATE xa SET ten = NULL WHERE ma = '00007'",
        "INSERT INTO xa VALUES ('00099', 'Xã mới', 1, NULL)",
        "DELETE FROM xa WHERE ma = '00003'",
    )
    run = run_sync(plan)
    # then
    assert (run.rung, run.read, run.inserted, run.updated, run.deleted) == ("saved_hash", 2, 1, 1, 1)
    assert rows_of(source.with_name("dich.sqlite")) == rows_of(source)
    # A target that another way has changed is not taken for what was saved.
    run_sync(replace(plan, rung="full"))
    assert run_sync(plan).read == 40


@pytest.mark.parametrize("ahead", ["9999-12-31 00:00:00", "2999-01-01T00:00:00+07:00", "2999-01-01"])
def test_a_watermark_far_ahead_hides_no_later_change(source: Path, ahead: str) -> None:
    # given a row whose moment of change is a slip
    plan = plan_for(source, watermark="sua")
    run_sync(plan)
    with sqlite3.connect(source) as session:
        session.execute("UPDATE xa SET sua = ? WHERE ma = '00001'", (ahead,))
    run_sync(plan)
    # when another row changes as time goes
    now = dt.datetime.now(dt.UTC).isoformat(sep="T" if "T" in ahead else " ", timespec="seconds")[:19]
    with sqlite3.connect(source) as session:
        session.execute("UPDATE xa SET ten = 'Xã mới', sua = ? WHERE ma = '00002'", (now,))
    session.close()
    # then
    assert (run_sync(plan).rung, run_sync(plan).updated) == ("watermark", 0)
    copied = [row[:2] for row in rows_of(source.with_name("dich.sqlite"))]
    assert copied == [row[:2] for row in rows_of(source)]


def test_a_first_load_that_the_guard_stopped_goes_on_once_confirmed(source: Path) -> None:
    # given a target that held other rows before
    target = source.with_name("dich.sqlite")
    with sqlite3.connect(target) as session:
        session.execute("CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT, dan_so INTEGER, sua DATETIME)")
        session.executemany("INSERT INTO xa (ma, ten) VALUES (?, 'cũ')", [(f"9{n:04d}",) for n in range(40)])
    session.close()
    # when another job adds to them, they stay; when one follows the source alone, it stops, and goes on once confirmed
    added = run_sync(plan_for(source, job="thêm", deletes="none"))
    assert (added.inserted, added.deleted, added.proved, len(rows_of(target))) == (40, 0, False, 80)
    plan = plan_for(source)
    with pytest.raises(GuardStopped):
        run_sync(plan)
    assert run_sync(plan, confirm_deletes=40).deleted == 40
    assert [row[0] for row in rows_of(target)] == [row[0] for row in rows_of(source)]


def test_a_target_whose_triggers_bend_rows_is_not_called_equal(source: Path) -> None:
    target = source.with_name("dich.sqlite")
    with sqlite3.connect(target) as session:
        session.execute("CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT, dan_so INTEGER, sua DATETIME)")
        session.execute(
            "CREATE TRIGGER doi AFTER INSERT ON xa BEGIN UPDATE xa SET ten = 'đổi' WHERE ma = NEW.ma; END"
        )
    session.close()
    run = run_sync(plan_for(source, chunk_rows=100))
    assert not run.proved
    assert "trigger" in run.unproved_vi
