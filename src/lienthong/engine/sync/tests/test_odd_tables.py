"""Tables as offices have them: keys that are partly empty, very many columns, names that software uses for itself."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from lienthong.engine.sync.errors import SourceChanged, TargetUnfit
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

from .databases import asked


@pytest.mark.parametrize(
    ("one", "other"), [("postgres", "mariadb"), ("mariadb", "sqlite"), ("sqlite", "postgres")]
)
def test_rows_whose_key_is_partly_empty_are_set_aside_at_every_run(
    one: str, other: str, request: pytest.FixtureRequest
) -> None:
    # given a key of two columns that no table declares, read in several steps, and three rows without a whole one
    source, target = request.getfixturevalue(one), request.getfixturevalue(other)
    asked(
        source,
        "CREATE TABLE ho (x varchar(9), y integer, v varchar(20))",
        "INSERT INTO ho VALUES ('a', 1, '1'), ('a', NULL, '2'), (NULL, 1, '3'), ('b', 2, '4'), (NULL, NULL, '5'), ('a', 10, '6')",
    )
    plan = SyncPlan(
        Side(source, "ho"), Side(target, "ho_copy"), ("x", "y"), create=True, chunk_rows=2, guard_share=None
    )
    first = run_sync(plan)
    assert (first.inserted, [row.reason for row in first.aside]) == (3, ["key_empty"] * 3)
    # when others change, by whatever way that is noticed
    asked(source, "UPDATE ho SET v = 'mới' WHERE y = 2", "DELETE FROM ho WHERE v = '1'")
    run = run_sync(plan)
    assert (run.updated, run.deleted, run.set_aside, run.proved) == (1, 1, 3, False)
    # then those come once their keys are whole
    asked(source, "UPDATE ho SET x = 'c', y = 5 WHERE v = '5'", "DELETE FROM ho WHERE v = '2'")
    run = run_sync(plan)
    assert (run.inserted, run.set_aside) == (1, 1)
    assert sorted(asked(target, "SELECT v FROM ho_copy")) == [("5",), ("6",), ("mới",)]


def test_many_columns_are_compared_across_engines(postgres: str, sqlite: str) -> None:
    names = [f"c{number}" for number in range(130)]
    for url in (postgres, sqlite):
        asked(
            url,
            f"CREATE TABLE rong (id integer PRIMARY KEY, {', '.join(f'{name} varchar(9)' for name in names)})",
            f"INSERT INTO rong VALUES (1, {', '.join(repr(name) for name in names)})",
        )
    sides = Side(postgres, "rong"), Side(sqlite, "rong")
    assert reconcile(*sides, settle_seconds=0).equal
    asked(sqlite, "UPDATE rong SET c129 = 'khác'")
    assert reconcile(*sides, settle_seconds=0).certificate.changed_columns == {"c129": 1}


OURS = (
    "_id",
    "_gone",
    "_problem",
    "_k0",
    "_hash",
    "_change",
    "rowid",
    "c0",
    "x%y",
    "%s",
    'a"b',
    "dấu  cách",
    "order",
)


@pytest.mark.parametrize(("one", "other"), [("sqlite", "postgres"), ("postgres", "mariadb")])
def test_columns_may_have_any_name(one: str, other: str, request: pytest.FixtureRequest) -> None:
    source, target = request.getfixturevalue(one), request.getfixturevalue(other)
    quoted = ['"' + name.replace('"', '""') + '"' for name in OURS]
    asked(
        source,
        f"CREATE TABLE ten (id integer PRIMARY KEY, {', '.join(f'{name} integer' for name in quoted)})",
        *(f"INSERT INTO ten VALUES ({n}, {', '.join(str(n) for _ in quoted)})" for n in range(1, 6)),
    )
    plan = SyncPlan(
        Side(source, "ten"), Side(target, "ten_copy"), ("id",), create=True, chunk_rows=2, guard_share=None
    )
    run_sync(plan)
    for number, rung in enumerate(("auto", "full", "saved_hash", "saved_hash"), 1):
        asked(source, f"UPDATE ten SET {', '.join(f'{name} = 9' for name in quoted)} WHERE id = {number}")
        assert (run_sync(replace(plan, rung=rung)).updated, rung) == (1, rung)
    assert reconcile(Side(source, "ten"), Side(target, "ten_copy"), settle_seconds=0).equal


def test_columns_that_a_target_cannot_tell_apart_are_named(postgres: str, sqlite: str) -> None:
    asked(postgres, 'CREATE TABLE hoa (id integer PRIMARY KEY, ten text, "TEN" text)')
    with pytest.raises(TargetUnfit) as unfit:
        run_sync(SyncPlan(Side(postgres, "hoa"), Side(sqlite, "hoa"), ("id",), create=True))
    assert "ten, TEN" in unfit.value.text("vi")


def test_hashes_that_an_earlier_version_saved_are_understood(sqlite: str) -> None:
    asked(
        sqlite, "CREATE TABLE cu (id integer PRIMARY KEY, v text)", "INSERT INTO cu VALUES (1, 'a'), (2, 'b')"
    )
    plan = SyncPlan(Side(sqlite, "cu"), Side(sqlite, "cu_copy"), ("id",), create=True, rung="saved_hash")
    run_sync(plan)
    run_sync(plan)
    # given the column of hashes under its former name
    (content,) = asked(sqlite, "SELECT content FROM lienthong_sync_saved")[0]
    saved = pq.read_table(io.BytesIO(base64.b64decode(content)))
    written = io.BytesIO()
    pq.write_table(saved.rename_columns(["id", "_hash"]), written)
    asked(
        sqlite, f"UPDATE lienthong_sync_saved SET content = '{base64.b64encode(written.getvalue()).decode()}'"
    )
    asked(sqlite, "UPDATE cu SET v = 'c' WHERE id = 2")
    # when, then
    run = run_sync(plan)
    assert (run.read, run.updated) == (1, 1)


@pytest.mark.parametrize("source", ["sqlite", "mariadb"])
def test_a_column_renamed_in_the_middle_of_a_load_is_told_and_bends_nothing(
    source: str, request: pytest.FixtureRequest, postgres: str
) -> None:
    # given a load in steps, in the middle of which the source changes
    url = request.getfixturevalue(source)
    rows = ", ".join(f"({n}, 'v{n}')" for n in range(30))
    asked(url, "CREATE TABLE giua (id integer PRIMARY KEY, v varchar(9))", f"INSERT INTO giua VALUES {rows}")
    plan = SyncPlan(
        Side(url, "giua"),
        Side(postgres, f"giua_{source}"),
        ("id",),
        create=True,
        chunk_rows=10,
        guard_share=None,
    )
    steps = iter(range(99))

    def renamed(done: int, total: int, step: str) -> None:
        if next(steps) == 2:
            asked(url, "ALTER TABLE giua RENAME COLUMN v TO w")

    # when, then: SQLite would take a name in double quotes that no column has for a text
    with pytest.raises(SourceChanged) as changed:
        run_sync(plan, on_progress=renamed, pauses=(0,))
    assert changed.value.facts["columns"] == "- v; + w"
    assert asked(postgres, f"SELECT count(*) FROM giua_{source} WHERE v <> 'v' || id") == [(0,)]
    asked(url, "ALTER TABLE giua RENAME COLUMN w TO v")
    assert run_sync(plan).rung == "initial"
    assert asked(postgres, f"SELECT count(*) FROM giua_{source} WHERE v = 'v' || id") == [(30,)]


def test_a_target_that_was_dropped_is_loaded_anew(postgres: str, sqlite: str) -> None:
    asked(postgres, "CREATE TABLE mat (id integer PRIMARY KEY)", "INSERT INTO mat VALUES (1), (2), (3)")
    for url in (postgres, sqlite):
        plan = SyncPlan(Side(postgres, "mat"), Side(url, "mat_copy"), ("id",), create=True)
        run_sync(plan)
        assert run_sync(plan).rung == "xmin"
        asked(url, "DROP TABLE mat_copy")
        run = run_sync(plan)
        assert (run.rung, run.inserted) == ("initial", 3)


def test_a_key_that_the_target_cannot_hold_is_set_aside_and_ends_no_run(postgres: str, mariadb: str) -> None:
    # given a key beyond all signed numbers, and a target that follows by all keys of the source
    asked(
        mariadb,
        "CREATE TABLE xa_so (id bigint unsigned PRIMARY KEY, v integer)",
        "INSERT INTO xa_so VALUES (1, 1), (2, 2), (3, 3), (18446744073709551615, 4)",
    )
    plan = SyncPlan(Side(mariadb, "xa_so"), Side(postgres, "xa_so"), ("id",), create=True, guard_share=None)
    assert run_sync(plan).set_aside == 1
    asked(mariadb, "DELETE FROM xa_so WHERE id = 2")
    run = run_sync(replace(plan, rung="full"))
    assert (run.deleted, [row.reason for row in run.aside]) == (1, ["out_of_range"])


@pytest.mark.parametrize("other", ["sqlite", "mariadb"])
def test_lists_beside_documents_are_equal_to_what_they_became(
    other: str, request: pytest.FixtureRequest, postgres: str
) -> None:
    # given lists of PostgreSQL in a table whose documents only this side can hash
    target, table = request.getfixturevalue(other), f"ds_{other}"
    asked(
        postgres,
        f"CREATE TABLE {table} (id integer PRIMARY KEY, so int[], chu text[], tai jsonb, tien numeric)",
        f"""INSERT INTO {table} VALUES (1, '{{1,NULL}}', '{{"a,b",c}}', '{{"b": 1, "a": [1.0]}}', 1.50), (2, '{{}}', '{{}}', NULL, NULL)""",
    )
    plan = SyncPlan(Side(postgres, table), Side(target, table), ("id",), create=True)
    run_sync(plan)
    # when compared in either direction, and by a run that compares contents
    sides = Side(postgres, table), Side(target, table)
    assert reconcile(*sides, key=("id",), settle_seconds=0).equal
    assert reconcile(*reversed(sides), key=("id",), settle_seconds=0).equal
    assert run_sync(replace(plan, rung="contents")).read == 0
