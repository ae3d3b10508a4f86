"""Rows that a plan holds back: left as they are by every way of noticing changes, and brought in step once let go."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.sync.certifying import Certificate
from lienthong.engine.sync.errors import GuardStopped
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import ColumnMap, Conversion, Side, SyncPlan

from .databases import asked

HELD = ({"ma": "00004"}, {"ma": "00005"}, {"ma": "00099"})
ROWS = {f"{n:05d}": n for n in range(1, 31)}


def source_in(url: str, name: str) -> Side:
    asked(
        url,
        f"CREATE TABLE {name} (ma varchar(9) PRIMARY KEY, so integer, sua varchar(30) NOT NULL)",
        f"INSERT INTO {name} VALUES "
        + ", ".join(f"('{ma}', {so}, '2026-01-01 00:00:00')" for ma, so in ROWS.items()),
    )
    return Side(url, name)


def copied(url: str, name: str) -> dict[str, int]:
    return {str(ma): int(so) for ma, so in asked(url, f"SELECT ma, so FROM {name}")}


WAYS = [
    ("sqlite", "sqlite", "saved_hash"),
    ("sqlite", "mariadb", "watermark"),
    ("postgres", "postgres", "xmin"),
    ("mariadb", "postgres", "digests"),
]


@pytest.mark.parametrize(("one", "other", "rung"), WAYS)
def test_no_way_of_noticing_changes_touches_a_held_row_and_each_brings_it_once_let_go(
    one: str, other: str, rung: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    # given a copy in step
    urls = {
        name: f"sqlite:///{tmp_path / f'{place}.db'}" if name == "sqlite" else request.getfixturevalue(name)
        for place, name in enumerate({one, other})
    }
    name = f"giu_{one}_{other}_{rung}"
    source, copy = source_in(urls[one], name), f"{name}_copy"
    plan = SyncPlan(
        source, Side(urls[other], copy), ("ma",), rung=rung, watermark="sua", overlap_seconds=0, create=True,
        guard_share=0.05, job=name,
    )  # fmt: skip
    run_sync(replace(plan, rung="auto"))
    if rung == "saved_hash":
        run_sync(plan)  # once all, to save their hashes
    # when rows that are held back are changed, removed and added, beside others
    asked(
        urls[one],
        f"UPDATE {name} SET so = 400, sua = '2026-02-01 00:00:00' WHERE ma IN ('00004', '00006')",
        f"DELETE FROM {name} WHERE ma IN ('00005', '00007')",
        f"INSERT INTO {name} VALUES ('00098', 98, '2026-02-01 00:00:00'), ('00099', 99, '2026-02-01 00:00:00')",
    )
    run = run_sync(replace(plan, held=HELD))
    # then the others come, those do not, and the guard counts one deletion of the two
    changed = {**ROWS, "00006": 400, "00098": 98}
    changed.pop("00007")
    assert copied(urls[other], copy) == changed
    assert (run.rung, run.inserted, run.updated, run.deleted) == (rung, 1, 1, 1)
    assert (run.held, run.set_aside, run.proved) == (3, 0, False)
    assert "3" in run.unproved_vi
    # when nothing more happens but that one is let go, and then all of them
    one_less = run_sync(replace(plan, held=HELD[1:]))
    assert (one_less.held, one_less.inserted, one_less.updated, one_less.deleted) == (2, 0, 1, 0)
    last = run_sync(plan)
    # then they come with that run, and the two sides are equal
    assert (last.held, last.inserted, last.deleted) == (0, 1, 1)
    assert copied(urls[other], copy) == copied(urls[one], name)


@pytest.mark.parametrize(("target", "filled"), [("sqlite", True), ("postgres", False)])
def test_a_first_load_leaves_held_rows_out_and_leaves_those_that_were_there(
    target: str, filled: bool, postgres: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'n.db'}" if target == "sqlite" else postgres
    source = source_in(postgres, f"nap_{target}")
    plan = SyncPlan(source, Side(url, "nap_copy"), ("ma",), chunk_rows=11, create=True, guard_share=None)
    if filled:
        asked(url, "CREATE TABLE nap_copy (ma varchar(9) PRIMARY KEY, so integer, sua varchar(30))",
              "INSERT INTO nap_copy VALUES ('00004', -4, ''), ('00099', -99, ''), ('xa', 0, '')")  # fmt: skip
    assert run_sync(replace(plan, held=HELD)).held == (3 if filled else 2)
    kept = {ma: so for ma, so in ROWS.items() if ma not in ("00004", "00005")}
    assert copied(url, "nap_copy") == kept | ({"00004": -4, "00099": -99} if filled else {})
    assert run_sync(plan).held == 0
    assert copied(url, "nap_copy") == ROWS


def test_a_published_table_holds_back_what_its_log_tells(tmp_path: Path) -> None:
    import pyarrow as pa

    def rows(values: dict[str, int]) -> pa.Table:
        return pa.table(
            {"ma": pa.array(list(values), pa.string()), "so": pa.array(list(values.values()), pa.int64())}
        )

    lite = f"sqlite:///{tmp_path / 'n.db'}"
    with closing(DuckLakeStore(tmp_path / "kho", threads=1)) as store:
        store.publish("xa", full=rows(ROWS), key=("ma",))
        plan = SyncPlan(Side(f"store:{tmp_path / 'kho'}", "xa"), Side(lite, "xa"), ("ma",), create=True)
        run_sync(plan, open_side=lambda side: store if side.kind == "store" else None)
        changed = {**ROWS, "00004": 400, "00099": 99, "00006": 600}
        changed.pop("00005")
        store.publish("xa", full=rows(changed), key=("ma",))
        held = run_sync(
            replace(plan, held=HELD), open_side=lambda side: store if side.kind == "store" else None
        )
        assert (held.rung, held.held, held.updated, held.inserted, held.deleted) == ("feed", 3, 1, 0, 0)
        assert copied(lite, "xa") == {**ROWS, "00006": 600}
        # the log tells nothing more of them, and still they come
        last = run_sync(plan, open_side=lambda side: store if side.kind == "store" else None)
        assert (last.rung, last.updated, last.inserted, last.deleted) == ("feed", 1, 1, 1)
        assert copied(lite, "xa") == changed


def test_a_removed_row_that_came_again_is_not_removed_by_what_waited(postgres: str) -> None:
    # given a deletion that the target refused, as the row was still referred to
    asked(
        postgres,
        "CREATE TABLE lai (id int PRIMARY KEY, v int)",
        "INSERT INTO lai SELECT i, i FROM generate_series(1, 20) i",
    )
    plan = SyncPlan(
        Side(postgres, "lai"), Side(postgres, "lai_copy"), ("id",), create=True, rung="digests", job="lai"
    )
    run_sync(replace(plan, rung="auto"))
    asked(
        postgres,
        "CREATE TABLE tro (id int REFERENCES lai_copy)",
        "INSERT INTO tro VALUES (5)",
        "DELETE FROM lai WHERE id = 5",
    )
    assert run_sync(plan).set_aside == 1
    # when the row is back at the source, and nothing refers to it any more
    asked(postgres, "INSERT INTO lai VALUES (5, 55)", "DELETE FROM tro")
    run = run_sync(plan)
    # then
    assert (run.deleted, run.updated, run.set_aside) == (0, 1, 0)


def test_rows_are_known_by_what_names_them(postgres: str, tmp_path: Path) -> None:
    # given rows named by a value alone, by another column, with a space too many; and two that nothing tells
    named = ({"khoa": "00004"}, {"so": "5"}, {"ma": " 00006 "}, {"so": "bốn"}, {"khong_co": "1", "nua": "2"})
    source = source_in(postgres, "ten")
    columns = (ColumnMap("ma", "ma", Conversion("trim")), ColumnMap("so", "so"))
    plan = SyncPlan(
        source, Side(f"sqlite:///{tmp_path / 'n.db'}", "c"), ("ma",), columns=columns, create=True, held=named
    )
    # when
    run = run_sync(plan)
    # then
    assert (run.held, run.inserted, [one.code for one in run.findings]) == (3, 27, ["held_unknown"])
    found = reconcile(source, plan.target, key=("ma",), columns=columns, held=named, settle_seconds=0)
    assert (found.certificate.verdict, found.certificate.held, found.certificate.missing) == ("held", 3, 0)


@pytest.mark.parametrize("other", ["sqlite", "postgres"])
def test_a_reconciliation_tells_held_rows_apart(other: str, postgres: str, tmp_path: Path) -> None:
    # given a copy that differs in two rows that are held back and in one that is not
    url = f"sqlite:///{tmp_path / 'n.db'}" if other == "sqlite" else postgres
    name = f"doi_{other}"
    source = source_in(postgres, name)
    copy = Side(url, f"{name}_copy")
    run_sync(SyncPlan(source, copy, ("ma",), create=True, job=name))
    asked(
        url,
        f"UPDATE {name}_copy SET so = 0 WHERE ma IN ('00004', '00006')",
        f"DELETE FROM {name}_copy WHERE ma = '00005'",
    )
    # when
    found = reconcile(source, copy, key=("ma",), held=HELD, settle_seconds=0)
    # then
    told = found.certificate
    assert (told.verdict, told.missing, told.changed, told.held) == ("differs", 0, 1, 2)
    assert [one.key for one in found.differences] == [("00006",)]
    assert sorted(one.key for one in found.held) == [("00004",), ("00005",)]
    asked(url, f"UPDATE {name}_copy SET so = 6 WHERE ma = '00006'")
    told = reconcile(source, copy, key=("ma",), held=HELD, settle_seconds=0).certificate
    assert (told.verdict, told.equal, told.differences) == ("held", False, 0)
    assert Certificate.from_json(told.as_json()).held == 2
    assert "GIỮ LẠI" in told.text("vi")


def test_the_guard_still_holds_for_what_is_not_held_back(tmp_path: Path) -> None:
    # given a key of two columns, and rows named by both, by one of them, and by their values alone
    url, lite = f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}"
    plan = SyncPlan(source_in(url, "xa"), Side(lite, "xa"), ("ma", "so"), create=True, guard_share=0.05)
    run_sync(plan)
    named = ({"ma": "00004", "so": 4}, {"ma": "00005"}, {"khoa": "00006, 6"})
    asked(url, "UPDATE xa SET sua = 'x'", "INSERT INTO xa VALUES ('trong', NULL, '')")
    assert run_sync(replace(plan, held=named)).held == 3
    # when
    asked(url, "DELETE FROM xa WHERE ma <= '00008'")
    with pytest.raises(GuardStopped) as stopped:
        run_sync(replace(plan, held=(named[0], named[2])))
    # then
    assert stopped.value.facts["deletes"] == 6
    last = run_sync(replace(plan, guard_share=None))
    assert (last.deleted, last.held) == (8, 0)
