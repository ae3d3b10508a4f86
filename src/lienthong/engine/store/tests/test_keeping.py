"""Order in the store changes nothing that anybody reads; damage does not stay unseen."""

import pyarrow as pa
import pytest

from lienthong.engine.store.ducklake import DuckLakeStore


@pytest.fixture
def store(tmp_path):
    made = DuckLakeStore(tmp_path, threads=1)
    rows = {"id": list(range(2000)), "name": [f"Xã {number}" for number in range(2000)], "n": [0] * 2000}
    made.publish("t", full=pa.table(rows), key=("id",))
    for turn in range(1, 7):
        ids = list(range(turn, 2000, 7))
        made.publish(
            "t",
            changes=pa.table({"_change": ["update"] * len(ids), "id": ids, "name": [f"Phường {turn}"] * len(ids),
                              "n": [turn] * len(ids)}),
        )  # fmt: skip
        made.publish("t", changes=pa.table({"_change": ["delete", "insert"], "id": [turn * 100, 5000 + turn],
                                            "name": ["", "Xã mới"], "n": [0, turn]}))  # fmt: skip
    yield made
    made.close()


def everything(store: DuckLakeStore) -> dict[str, list[dict[str, object]]]:
    last = store.version("t").number
    found = {
        f"at {number}": store.at("t", number).arrow().read_all().to_pylist() for number in range(1, last + 1)
    }
    for start in range(last):
        found[f"changes {start}"] = sorted(
            store.changes("t", start, last).arrow().read_all().to_pylist(), key=lambda row: row["id"]
        )
    return found


def test_compaction_leaves_every_version_and_the_feed_as_they_were(store):
    before = everything(store)

    done = store.compact("t")

    assert done.files_after < done.files_before
    assert everything(store) == before
    assert all(store.verify("t", number).holds for number in range(1, 14))
    store.sweep(older_than_hours=0)
    assert everything(store) == before
    again = store.publish(
        "t", changes=pa.table({"_change": ["update"], "id": [3], "name": ["Xã ba"], "n": [9]})
    )
    assert (again.number, again.updated) == (14, 1)
    assert store.proved("t")
    assert store.changes("t", 13, 14).counts() == {"insert": 0, "update": 1, "delete": 0}


def test_a_table_in_order_is_left_alone(store):
    assert store.compact("t", least_files=1000).files_after > 2


def test_a_version_that_is_no_more_what_it_was_is_seen(store):
    # given a record that says otherwise than the files
    store.close()
    import sqlite3

    with sqlite3.connect(store.root / "catalog.sqlite") as catalogue:
        catalogue.execute(
            "UPDATE ducklake_snapshot_changes SET commit_extra_info = replace(commit_extra_info, 'c1:2000:', 'c1:1999:') "
            "WHERE commit_message = 't@1'"
        )

    found = store.verify("t", 1)

    assert not found.holds
    assert (found.rows, found.damaged) == (2000, 0)
    assert store.verify("t", 2).holds
