"""What separates two versions, row by row, with the values before and after."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from lienthong.engine.store.differing import difference_at, digest_anew, write_difference
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.errors import VersionUnknown


def table(*rows: tuple[str, str | None, int | None], more: bool = False) -> pa.Table:
    columns = {
        "ma": pa.array([row[0] for row in rows], pa.string()),
        "ten": pa.array([row[1] for row in rows], pa.string()),
        "so": pa.array([row[2] for row in rows], pa.int64()),
    }
    if more:
        columns["moi"] = pa.array(["x" for _ in rows], pa.string())
    return pa.table(columns)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DuckLakeStore:
    """Three versions: rows come, change, go, and come back as they were."""
    store = DuckLakeStore(tmp_path_factory.mktemp("store"))
    store.publish("xa", full=table(("1", "An", 1), ("2", "Bình", 2), ("3", None, 3)), key=["ma"])
    store.publish("xa", full=table(("1", "An", 1), ("2", "Bình An", None), ("4", "Dĩ An", 4)))
    store.publish("xa", full=table(("1", "An", 1), ("2", "Bình", 2), ("4", "Dĩ An", 5), ("5", "É", 5)))
    return store


def test_rows_are_told_with_both_values(store: DuckLakeStore, tmp_path: Path) -> None:
    found = write_difference(store, "xa", 1, 2, tmp_path)
    summary = found.summary
    assert (summary.inserted, summary.updated, summary.deleted, summary.equal) == (1, 1, 1, False)
    assert summary.changed_columns == {"so": 1, "ten": 1}
    assert (summary.left_rows, summary.right_rows) == (3, 3)
    update, deleted, inserted = found.page()
    assert (update.kind, update.key, update.columns) == ("update", ("2",), ("ten", "so"))
    assert update.before == {"ma": "2", "ten": "Bình", "so": "2"}
    assert update.after == {"ma": "2", "ten": "Bình An", "so": None}
    assert (deleted.kind, deleted.before, deleted.after) == (
        "delete",
        {"ma": "3", "ten": None, "so": "3"},
        None,
    )
    assert (inserted.kind, inserted.before) == ("insert", None)


def test_any_two_versions_are_folded_to_what_separates_them(store: DuckLakeStore, tmp_path: Path) -> None:
    found = write_difference(store, "xa", 1, 3, tmp_path)
    # Row 2 changed and changed back: between these two it did not change.
    assert [(row.kind, row.key) for row in found.page()] == [
        ("delete", ("3",)), ("insert", ("4",)), ("insert", ("5",)),
    ]  # fmt: skip
    assert write_difference(store, "xa", 2, 2, tmp_path).summary.equal


def test_pages_go_on_where_they_ended_and_filters_narrow(store: DuckLakeStore, tmp_path: Path) -> None:
    found = write_difference(store, "xa", 1, 2, tmp_path)
    first = found.page(limit=2)
    assert [row.key for row in (*first, *found.page(after=first[-1].place))] == [("2",), ("3",), ("4",)]
    assert [row.key for row in found.page(kind="delete")] == [("3",)]
    assert [row.key for row in found.page(column="so")] == [("2",)]
    assert [row.key for row in found.page(key="4")] == [("4",)]
    assert found.count(kind="insert") == 1
    assert [row.key for row in found.every()] == [("2",), ("3",), ("4",)]
    assert found.page(key="' OR true --") == []


def test_a_difference_is_written_once(store: DuckLakeStore, tmp_path: Path) -> None:
    assert difference_at(tmp_path, "xa", 1, 2) is None
    first = write_difference(store, "xa", 1, 2, tmp_path)
    written = first.path.stat().st_mtime_ns
    assert write_difference(store, "xa", 1, 2, tmp_path).path.stat().st_mtime_ns == written
    assert sorted(path.name for path in first.path.parent.iterdir()) == ["1-2.parquet", "1-2.parquet.json"]
    with pytest.raises(VersionUnknown):
        write_difference(store, "xa", 1, 9, tmp_path)


def test_columns_that_came_are_told(store: DuckLakeStore, tmp_path: Path) -> None:
    store.publish("cot", full=table(("1", "An", 1)), key=["ma"])
    store.publish("cot", full=table(("1", "An", 1), more=True), new_columns=True)
    found = write_difference(store, "cot", 1, 2, tmp_path)
    assert found.summary.columns_added == ("moi",)
    assert [(row.columns, row.after) for row in found.page()] == [
        (("moi",), {"ma": "1", "ten": "An", "so": "1", "moi": "x"})
    ]


def test_the_digest_is_computed_anew(store: DuckLakeStore) -> None:
    for version in store.versions("xa"):
        assert digest_anew(store, "xa", version.number) == version.digest
