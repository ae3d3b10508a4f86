"""Which way of noticing changes a run takes, and that it says why: a watermark is cheap only where an index finds by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.engine.sync.errors import RungImpossible
from lienthong.engine.sync.indexing import SMALL, goes_through_all
from lienthong.engine.sync.opening import open_reader
from lienthong.engine.sync.running import run_sync, sync_status
from lienthong.engine.sync.shapes import ColumnMap, Conversion, Side, SyncPlan

from .databases import asked

MANY = SMALL + 1000
FILLED = {
    "postgres": "SELECT n, '2026-01-01'::timestamp, n % 7, NULL FROM generate_series(1, {n}) n",
    "mariadb": "SELECT seq, '2026-01-01', seq % 7, NULL FROM seq_1_to_{n}",
    "sqlite": "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {n}) "
    "SELECT n, '2026-01-01 00:00:00', n % 7, NULL FROM s",
}


@pytest.fixture(scope="module")
def urls(
    postgres_databases: Callable[[], str],
    mariadb_databases: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    lite = tmp_path_factory.mktemp("lite") / "n.db"
    return {
        "postgres": postgres_databases(),
        "mariadb": mariadb_databases(),
        "sqlite": f"sqlite:///{lite}",
    }


@pytest.mark.parametrize("engine", ["postgres", "mariadb", "sqlite"])
def test_a_source_tells_whether_it_finds_rows_by_a_column(urls: dict[str, str], engine: str) -> None:
    # given a large table in which one column leads an index, another stands behind, a third has none; and small ones
    url = urls[engine]
    asked(
        url,
        "CREATE TABLE lon (id integer PRIMARY KEY, sua timestamp NULL, tinh integer, xem timestamp NULL)",
        f"INSERT INTO lon {FILLED[engine].format(n=MANY)}",
        "CREATE INDEX lon_tinh ON lon (tinh, xem)",
        "CREATE VIEW nhin AS SELECT id, sua FROM lon",
        "CREATE TABLE be (id integer PRIMARY KEY, sua timestamp NULL)",
        "INSERT INTO be (id) VALUES (1)",
    )
    if engine == "mariadb":
        asked(url, "ANALYZE TABLE lon", "ANALYZE TABLE be")
    if engine == "postgres":
        asked(url, "CREATE INDEX lon_it ON lon (sua) WHERE id > 9")

    def told(table: str, column: str) -> bool:
        with open_reader(Side(url, table)) as reader:
            return goes_through_all(reader, column)

    # then it says so of a large table alone, and nothing of a view
    assert [told("lon", name) for name in ("sua", "tinh", "xem", "id")] == [True, False, True, False]
    assert [told("be", "sua"), told("nhin", "sua")] == [False, False]
    # and a new index is seen
    asked(url, "CREATE INDEX lon_sua ON lon (sua)")
    assert not told("lon", "sua")


def test_a_run_takes_the_cheaper_way_and_says_why(urls: dict[str, str], tmp_path: Path) -> None:
    # given a large table of PostgreSQL whose watermark has no index, and its copy
    url = urls["postgres"]
    asked(
        url,
        "CREATE TABLE chon (id integer PRIMARY KEY, sua timestamp, tinh integer, xem timestamp)",
        f"INSERT INTO chon {FILLED['postgres'].format(n=MANY)}",
        "ANALYZE chon",
    )
    plan = SyncPlan(
        Side(url, "chon"), Side(url, "chon_copy"), ("id",), watermark="sua", overlap_seconds=0, create=True, job="chọn"
    )  # fmt: skip
    first = run_sync(plan)
    assert (first.rung, first.choice_vi) == ("initial", "bên nhận chưa ghi mốc nào của việc này")
    # when a row changes with its watermark, and another without
    asked(
        url,
        "UPDATE chon SET tinh = 70, sua = '2026-02-01' WHERE id = 7",
        "UPDATE chon SET tinh = 80 WHERE id = 8",
    )
    by_transactions = run_sync(plan)
    # then transactions tell of both, the reason is on record, and the mark is that of transactions
    assert (by_transactions.rung, by_transactions.updated, by_transactions.read) == ("xmin", 2, 2)
    assert "sua không có chỉ mục" in by_transactions.choice_vi
    assert "has no index" in by_transactions.as_json()["rung_choice"]["en"]
    assert str(by_transactions.to_mark).startswith("xid ")
    assert sync_status(plan).mark == by_transactions.to_mark
    # a plan that asks for the watermark gets it, and is told what that costs
    asked_for = run_sync(replace(plan, rung="watermark"))
    assert (asked_for.rung, "reads the whole table" in asked_for.choice_en) == ("watermark", True)
    # when an index is made, the watermark is taken again, and goes on from the rows it saw last
    asked(
        url,
        "CREATE INDEX chon_sua ON chon (sua)",
        "UPDATE chon SET tinh = 90, sua = '2026-03-01' WHERE id = 9",
    )
    by_watermark = run_sync(plan)
    assert (by_watermark.rung, by_watermark.updated) == ("watermark", 1)
    assert by_watermark.choice_en == "the cheapest way that the source permits"
    # and other ways say theirs
    assert "so nội dung" in run_sync(replace(plan, rung="contents")).choice_vi
    changed = replace(plan, columns=(ColumnMap("id", "id"), ColumnMap("tinh", "tinh", Conversion("text"))))
    assert "mapping" in run_sync(changed).choice_en


def test_where_nothing_is_cheaper_the_watermark_is_taken_and_its_cost_told(tmp_path: Path) -> None:
    lite = f"sqlite:///{tmp_path / 'n.db'}"
    asked(
        lite,
        "CREATE TABLE cham (id INTEGER PRIMARY KEY, sua DATETIME, tinh INTEGER, xem DATETIME)",
        f"INSERT INTO cham {FILLED['sqlite'].format(n=MANY)}",
    )
    plan = SyncPlan(
        Side(lite, "cham"), Side(lite, "cham_copy"), ("id",), watermark="sua", overlap_seconds=0, create=True
    )
    run_sync(plan)
    asked(lite, "UPDATE cham SET tinh = 70, sua = '2026-02-01 00:00:00' WHERE id = 7")
    run = run_sync(plan)
    assert (run.rung, run.updated) == ("watermark", 1)
    assert "sua không có chỉ mục" in run.choice_vi
    # and what cannot be taken at all is refused
    with pytest.raises(RungImpossible):
        run_sync(replace(plan, rung="xmin"))
