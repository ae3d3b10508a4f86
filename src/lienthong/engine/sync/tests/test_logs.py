"""Following a source that says itself what changed: a published table, and a feed of changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lienthong.engine.errors import SourceKindUnknown, SourceLost, SourceNotFound
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.following import Following
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.sync.errors import FeedUntold
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import ColumnMap, Side, SyncPlan


def rows_of(path: Path) -> list[tuple[object, ...]]:
    session = sqlite3.connect(path)
    try:
        return session.execute("SELECT * FROM xa ORDER BY 1").fetchall()
    finally:
        session.close()


def published(store: DuckLakeStore, rows: dict[str, tuple[str, int]]) -> None:
    table = pa.table(
        {
            "ma": list(rows),
            "ten": [one[0] for one in rows.values()],
            "dan_so": [one[1] for one in rows.values()],
        }
    )
    store.publish("xa", full=table, key=("ma",))


def test_a_published_table_is_followed_from_version_to_version(tmp_path: Path) -> None:
    # given
    store = DuckLakeStore(tmp_path / "kho", threads=1)
    rows = {f"{n:03d}": (f"Xã {n}", n) for n in range(30)}
    published(store, rows)
    target = tmp_path / "dich.sqlite"
    plan = SyncPlan(
        Side(f"store:{tmp_path / 'kho'}#xa"), Side(str(target), "xa"), ("ma",), create=True, chunk_rows=12
    )
    first = run_sync(plan)
    # when
    published(store, {**rows, "007": ("Phường 7", 7), "099": ("Xã mới", 99)} | {"003": ("Xã 3 sửa", 3)})
    published(
        store,
        {k: v for k, v in {**rows, "007": ("Phường 7", 7), "099": ("Xã mới", 99)}.items() if k != "011"},
    )
    then = run_sync(plan)
    store.close()
    # then
    assert (first.rung, first.inserted, first.chunks, first.to_mark, first.proved) == (
        "initial",
        30,
        3,
        "v1",
        True,
    )
    assert (then.rung, then.from_mark, then.to_mark, then.proved) == ("feed", "v1", "v3", True)
    assert (then.inserted, then.updated, then.deleted) == (1, 1, 1)
    assert [
        (k, *v)
        for k, v in sorted({**rows, "007": ("Phường 7", 7), "099": ("Xã mới", 99)}.items())
        if k != "011"
    ] == rows_of(target)
    assert run_sync(plan).read == 0


def test_an_earlier_version_is_reached_by_comparing_everything(tmp_path: Path) -> None:
    store = DuckLakeStore(tmp_path / "kho", threads=1)
    rows = {f"{n:03d}": (f"Xã {n}", n) for n in range(20)}
    published(store, rows)
    published(store, {**rows, "001": ("Khác", 1)})
    store.close()
    target = Side(str(tmp_path / "dich.sqlite"), "xa")
    where = f"store:{tmp_path / 'kho'}#xa"
    run_sync(SyncPlan(Side(where), target, ("ma",), create=True, job="j"))
    back = run_sync(SyncPlan(Side(f"{where}@1"), target, ("ma",), job="j"))
    assert (back.rung, back.updated, back.to_mark) == ("full", 1, "v1")


@pytest.mark.parametrize(
    ("address", "table", "meant"),
    [
        ("store:kho#xa@1", "", ("xa", 1)),
        ("store:kho#xa@1", "xa", ("xa", 1)),
        ("store:kho#xa", "xa@2", ("xa", 2)),
        ("store:kho#xa@1", "xa@2", ("xa", 2)),
        ("store:kho#xa@1", "huyen", ("huyen", None)),
        ("store:kho", "xa", ("xa", None)),
    ],
)
def test_the_version_that_was_named_is_the_one_that_is_read(
    address: str, table: str, meant: tuple[str, int | None]
) -> None:
    assert Side(address, table).store_table()[1:] == meant


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    plan = SyncPlan(
        Side(f"store:{tmp_path / 'khong-co'}#xa"),
        Side(str(tmp_path / "d.sqlite"), "xa"),
        ("ma",),
        create=True,
    )
    with pytest.raises(SourceNotFound):
        run_sync(plan)
    assert not (tmp_path / "khong-co").exists()


class Feed:
    """A feed in pages of three changes, over a line that breaks off now and then."""

    def __init__(self) -> None:
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.breaks = 0

    def page(self, after: str | None) -> Mapping[str, Any]:
        if self.breaks:
            self.breaks -= 1
            raise SourceLost(source="https://…")
        start = int(after or 0)
        part = self.log[start : start + 3]
        end = start + len(part)
        return {
            "changes": [{"change": word, "row": row} for word, row in part],
            "next": str(end),
            "more": end < len(self.log),
        }


def test_a_feed_is_followed_and_a_line_that_breaks_is_tried_again(tmp_path: Path) -> None:
    # given
    feed = Feed()
    feed.log = [("insert", {"ma": f"{n}", "ten": f"Xã {n}", "dan_so": n}) for n in range(10)]
    target = tmp_path / "dich.sqlite"
    plan = SyncPlan(Side("https://nut.example/chia-se/v1/xa/"), Side(str(target), "xa"), ("ma",), create=True)
    feed.breaks = 2
    first = run_sync(plan, open_side=lambda side: feed, pauses=())
    # when one key changes several times between two runs
    feed.log += [
        ("update", {"ma": "3", "ten": "một", "dan_so": 1}),
        ("delete", {"ma": "3"}),
        ("insert", {"ma": "3", "ten": "hai", "dan_so": 2}),
        ("delete", {"ma": "4"}),
        ("insert", {"ma": "50", "ten": "Xã mới", "dan_so": None}),
    ]
    then = run_sync(plan, open_side=lambda side: feed)
    # then
    assert (first.inserted, first.attempts) == (10, 3)
    assert (then.rung, then.inserted, then.updated, then.deleted) == ("feed", 1, 1, 1)
    found = {str(row[0]): row[1:] for row in rows_of(target)}
    assert (found["3"], found["50"], "4" in found) == (("hai", 2), ("Xã mới", None), False)


class Part:
    """The changes of one province, as whoever serves the table tells them."""

    def __init__(self, folder: Path, store: DuckLakeStore, least: str = "100") -> None:
        self.least = least
        self.path, self.store = folder / "phuc-vu.sqlite", store
        self.following = Following(Replica(self.path), ChangeSets(folder / "thay-doi"), lambda: store)

    def page(self, after: str | None) -> Mapping[str, Any]:
        refresh_replica(self.store, "xa", None, self.path)
        page = self.following.page(
            after, since=None if after else 0, limit=2, filters=[("dan_so", "ge", self.least)]
        )
        told = [{"change": one.change, "row": one.row} for one in page.changes]
        return {"columns": page.described(), "changes": told, "next": page.next, "more": page.more}


def test_a_copy_of_a_part_takes_what_comes_into_it_and_lets_go_of_what_leaves(tmp_path: Path) -> None:
    # given a table of which the first version holds nothing that the copy is to keep
    store = DuckLakeStore(tmp_path / "kho", threads=1)
    rows = {f"{n:03d}": (f"Xã {n}", n) for n in range(6)}
    published(store, rows)
    rows |= {f"{n}": (f"Phường {n}", n) for n in range(100, 105)}
    published(store, rows)
    feed, target = Part(tmp_path, store), tmp_path / "dich.sqlite"
    plan = SyncPlan(
        Side("https://nut.example/xa"), Side(str(target), "xa"), ("ma",), create=True, guard_share=None
    )
    # when it follows, and one row leaves, one comes, one changes and one is removed
    first = run_sync(plan, open_side=lambda side: feed)
    rows |= {
        "100": ("Phường 100", 9),
        "001": ("Xã đông", 1000),
        "102": ("Phường mới", 102),
        "002": ("Xã 2 sửa", 2),
    }
    del rows["103"]
    published(store, rows)
    then = run_sync(plan, open_side=lambda side: feed)
    store.close()
    # then it holds the part, and was told of nothing else
    assert (first.inserted, then.rung) == (5, "feed")
    assert (then.inserted, then.updated, then.deleted, then.read) == (1, 1, 2, 4)
    assert rows_of(target) == [(key, *row) for key, row in sorted(rows.items()) if row[1] >= 100]


def test_a_part_without_rows_is_an_empty_table_that_is_known(tmp_path: Path) -> None:
    # given a part of which no version has a row
    store = DuckLakeStore(tmp_path / "kho", threads=1)
    rows = {f"{n:03d}": (f"Xã {n}", n) for n in range(6)}
    published(store, rows)
    feed, target = Part(tmp_path, store, least="1000"), tmp_path / "dich.sqlite"
    plan = SyncPlan(
        Side("https://nut.example/xa"), Side(str(target), "xa"), ("ma",), create=True, guard_share=None
    )
    # when it is followed
    runs = [run_sync(plan, open_side=lambda side: feed) for _ in range(2)]
    # then the table is there with its columns, and nothing else happened
    assert [(one.rung, one.read, one.inserted, one.proved) for one in runs] == [
        ("initial", 0, 0, True),
        ("feed", 0, 0, True),
    ]
    with closing(sqlite3.connect(target)) as session:
        told = [row[1:3] for row in session.execute("PRAGMA table_info(xa)")]
    assert [name for name, _ in told] == ["ma", "ten", "dan_so"]
    assert "INT" in told[2][1]
    # and what comes later is taken
    published(store, {**rows, "900": ("Thành phố", 9_000_000)})
    then = run_sync(plan, open_side=lambda side: feed)
    store.close()
    assert (then.rung, then.inserted) == ("feed", 1)
    assert rows_of(target) == [("900", "Thành phố", 9_000_000)]


def test_a_feed_that_tells_of_nothing_needs_its_columns_named(tmp_path: Path) -> None:
    # given a feed that says neither rows nor columns
    feed, target = Feed(), tmp_path / "dich.sqlite"
    plan = SyncPlan(Side("https://nut.example/xa"), Side(str(target), "xa"), ("ma",), create=True)
    with pytest.raises(FeedUntold) as untold:
        run_sync(plan, open_side=lambda side: feed)
    assert "phương án" in untold.value.hint("vi")
    assert not target.exists() or rows_of_nothing(target)
    # when the plan names them
    named = replace(plan, columns=(ColumnMap("ma", "ma"), ColumnMap("ten", "ten")))
    assert [run_sync(named, open_side=lambda side: feed).read for _ in range(2)] == [0, 0]
    # then its first rows come as any others
    feed.log += [("insert", {"ma": "1", "ten": "Xã 1", "dan_so": 1})]
    assert run_sync(named, open_side=lambda side: feed).inserted == 1
    assert rows_of(target) == [("1", "Xã 1")]


def rows_of_nothing(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as session:
        return session.execute("SELECT count(*) FROM sqlite_master WHERE name = 'xa'").fetchone() == (0,)


def test_a_feed_needs_its_opener(tmp_path: Path) -> None:
    plan = SyncPlan(
        Side("https://nut.example/x"), Side(str(tmp_path / "d.sqlite"), "xa"), ("ma",), create=True
    )
    with pytest.raises(SourceKindUnknown):
        run_sync(plan)
