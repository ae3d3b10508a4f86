"""A replica that is kept current from what changed: the same as one built anew, or built anew."""

import resource
import sqlite3

import duckdb
import pytest

from lienthong.engine.serve import errors
from lienthong.engine.serve.building import build_replica
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.proving import proved
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.serve.tests.conftest import KINDS
from lienthong.engine.store.ducklake import DuckLakeStore

NO_NAN = KINDS.replace("CASE WHEN i = 3 THEN 'NaN'::DOUBLE ELSE i / 8.0 END::DOUBLE", "(i / 8.0)::DOUBLE")
CHANGED = f"""
SELECT * REPLACE (CASE WHEN number < 4 THEN 'Tên mới ' || number ELSE name END AS name,
                  CASE WHEN number = 6 THEN NULL ELSE area END AS area,
                  CASE WHEN number = 7 THEN -wide ELSE wide END AS wide)
FROM ({NO_NAN}) WHERE number <> 9
UNION ALL
SELECT * REPLACE ('zz' AS code, 1000 AS number, '\\x00'::BLOB AS raw) FROM ({NO_NAN}) WHERE number = 9
"""


@pytest.fixture(scope="module")
def stepped(tmp_path_factory):
    """A store with three versions of every kind of value."""
    made = DuckLakeStore(tmp_path_factory.mktemp("stepped") / "store", threads=1)
    made.publish("kinds", full=duckdb.connect().sql(NO_NAN), key=("code",))
    made.publish("kinds", full=duckdb.connect().sql(CHANGED))
    made.publish(
        "kinds", changes=duckdb.connect().sql(f"SELECT 'delete' AS _change, code FROM ({NO_NAN}) LIMIT 1")
    )
    yield made
    made.close()


def rows_of(path):
    replica = Replica(path)
    found = replica.page(limit=1000).rows
    replica.close()
    return found


def test_a_replica_brought_forward_is_the_one_built_anew(stepped, tmp_path):
    path, fresh = tmp_path / "kinds.sqlite", tmp_path / "fresh.sqlite"
    build_replica(stepped, "kinds", 1, path, indexes=["number"])

    refreshed = refresh_replica(stepped, "kinds", 2, path, indexes=["number"])

    build_replica(stepped, "kinds", 2, fresh)
    assert (refreshed.how, refreshed.changes) == ("changed", 8)
    assert rows_of(path) == rows_of(fresh)
    assert Replica(path).about().digest == stepped.version("kinds", 2).digest
    assert proved(path)
    assert proved(fresh)
    assert [item.name for item in tmp_path.iterdir()] == ["kinds.sqlite", "fresh.sqlite"] or len(
        list(tmp_path.iterdir())
    ) == 2


def test_several_versions_are_made_up_for_at_once_and_nothing_is_done_twice(stepped, tmp_path):
    path = tmp_path / "kinds.sqlite"
    assert refresh_replica(stepped, "kinds", 1, path).how == "built"

    assert refresh_replica(stepped, "kinds", None, path).how == "changed"
    assert refresh_replica(stepped, "kinds", None, path).how == "kept"

    assert Replica(path).about().version == 3
    assert proved(path)


def test_page_marks_outlive_a_refresh(stepped, tmp_path):
    path = tmp_path / "kinds.sqlite"
    build_replica(stepped, "kinds", 1, path)
    replica = Replica(path)
    mark = replica.page(limit=50).next

    refresh_replica(stepped, "kinds", 2, path)

    page = replica.page(mark, 100)
    assert (page.version, page.rows[-1]["code"]) == (2, "zz")


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE rows SET name = 'x' WHERE number = 3",
        "DELETE FROM rows WHERE number = 3",
        "UPDATE replica SET value = 'c1:100:0:0' WHERE name = 'digest'",
        "UPDATE replica SET value = '0' WHERE name = 'form'",
        "UPDATE replica SET value = '[\"number\"]' WHERE name = 'key'",
        "UPDATE replica SET value = '7' WHERE name = 'version'",
        "CREATE INDEX by_0 ON rows (name)",
        "DROP TABLE replica",
    ],
)
def test_what_does_not_lead_to_the_version_is_built_anew(stepped, tmp_path, harm):
    path = tmp_path / "kinds.sqlite"
    build_replica(stepped, "kinds", 1, path)
    connection = sqlite3.connect(path)
    connection.execute(harm)
    connection.commit()
    connection.close()

    assert refresh_replica(stepped, "kinds", 2, path).how == "built"

    assert proved(path)


def test_new_columns_and_many_changes_are_built_anew(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    sql = duckdb.connect().sql
    path = tmp_path / "t.sqlite"
    store.publish("t", full=sql("SELECT i AS id, 'a' AS v FROM range(20) r(i)"), key=("id",))
    refresh_replica(store, "t", None, path)

    store.publish("t", full=sql("SELECT i AS id, 'b' AS v FROM range(20) r(i)"))
    assert refresh_replica(store, "t", None, path).how == "built"

    for turn in range(6):
        store.publish(
            "t", changes=sql(f"SELECT 'update' AS _change, i AS id, '{turn}' AS v FROM range(5) r(i)")
        )
        how = refresh_replica(store, "t", None, path).how
        assert how == ("built" if turn == 4 else "changed"), "after as many changes as rows it is built anew"

    store.publish("t", full=sql("SELECT i AS id, 'b' AS v, 1 AS w FROM range(20) r(i)"), new_columns=True)
    assert refresh_replica(store, "t", None, path).how == "built"
    assert Replica(path).get(3) == {"id": 3, "v": "b", "w": 1}
    store.close()


def test_the_changes_of_a_step_are_kept_and_made_again_when_they_are_gone(stepped, tmp_path):
    path, sets = tmp_path / "kinds.sqlite", ChangeSets(tmp_path / "changes", keep=1)
    build_replica(stepped, "kinds", 1, path)

    refresh_replica(stepped, "kinds", 2, path, sets=sets)
    step = sets.step(stepped, "kinds", 2)
    first = rows_of(step)
    sets.step(stepped, "kinds", 1)

    assert [item.name for item in sets.folder.iterdir()] == ["1.sqlite"], "only the last asked for is kept"
    assert rows_of(sets.step(stepped, "kinds", 2)) == first
    assert {row["_change"] for row in first} == {"insert", "update", "delete"}


def test_a_file_that_cannot_be_written_is_said_and_leaves_the_old_one(stepped, tmp_path):
    path = tmp_path / "kinds.sqlite"
    build_replica(stepped, "kinds", 1, path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size - 1, hard))
    try:
        with pytest.raises(errors.NoSpace) as refused:
            refresh_replica(stepped, "kinds", 2, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert refused.value.status == 507
    assert Replica(path).about().version == 1
    assert proved(path)
    assert [item.name for item in tmp_path.iterdir()] == ["kinds.sqlite"]
