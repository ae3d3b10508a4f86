"""Several writers at a time, and any history: what breaks off at many points is tried in `tests/trials`."""

import os
import subprocess
import sys
import threading

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.engine.store import errors
from lienthong.engine.store.ducklake import DuckLakeStore

WRITER = """
import sys
import pyarrow as pa
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.errors import StoreError

root, table, mode, times = sys.argv[1:]
store = DuckLakeStore(root, threads=1, wait_seconds=60)
print("ready", flush=True)
for turn in range(int(times)):
    try:
        if mode == "count":
            seen = store.at(table).arrow().read_all().to_pylist()[0]["number"]
            version = store.publish(
                table, changes=pa.table({"_change": ["update"], "id": [0], "number": [seen + 1]})
            )
        else:
            size = 20_000
            rows = pa.table({"id": range(size), "number": [turn * size + i for i in range(size)]})
            version = store.publish(table, full=rows, key=("id",))
        print("version", version.number, version.digest, flush=True)
    except StoreError as error:
        print("refused", error.code, flush=True)
"""


def writer(root, table, mode, times):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), table, mode, str(times)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_two_processes_and_two_threads_lose_no_version(tmp_path):
    store = DuckLakeStore(tmp_path, threads=1)
    store.publish("counter", full=pa.table({"id": [0], "number": [0]}), key=("id",))
    other = writer(tmp_path, "other", "full", 4)
    counters = [writer(tmp_path, "counter", "count", 6) for _ in range(2)]
    failures: list[BaseException] = []

    def in_thread(name: str) -> None:
        try:
            for turn in range(4):
                store.publish(name, full=pa.table({"id": [0], "number": [turn]}), key=("id",))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=in_thread, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = "".join(process.communicate()[0] for process in [other, *counters])

    assert failures == []
    assert "refused" not in said
    assert [len(store.versions(name)) for name in ("a", "b", "other")] == [4, 4, 4]
    for name in store.tables():
        assert [version.number for version in store.versions(name)] == list(
            range(1, len(store.versions(name)) + 1)
        )
        assert store.proved(name)
    store.close()


def test_one_writer_per_table_and_the_other_is_told(tmp_path):
    store = DuckLakeStore(tmp_path, threads=1, wait_seconds=0.2)
    store.publish("t", full=pa.table({"id": [1]}), key=("id",))
    seen: list[str] = []

    def meanwhile(_staged):
        with pytest.raises(errors.StoreBusy) as refused:
            store.publish("t", full=pa.table({"id": [2]}))
        seen.append(refused.value.text("vi"))
        assert store.at("t").count() == 1

    assert store.publish("t", full=pa.table({"id": [3]}), checks=[meanwhile]).number == 2
    assert "t" in seen[0]
    store.close()


def test_a_poisoned_row_is_refused_without_being_quoted(tmp_path):
    store = DuckLakeStore(tmp_path, threads=1)
    relation = duckdb.sql(
        "SELECT i AS id, CAST(CASE WHEN i = 900 THEN 'secret-word' ELSE '1' END AS INTEGER) AS n "
        "FROM range(1000) r(i)"
    )

    with pytest.raises(errors.InputUnreadable) as refused:
        store.publish("t", full=relation, key=("id",))
    assert "secret" not in str(refused.value) + refused.value.text("vi")
    assert refused.value.__cause__ is None
    store.close()


def test_a_child_process_after_a_fork_has_its_own_connection(tmp_path):
    store = DuckLakeStore(tmp_path, threads=1)
    store.publish("t", full=pa.table({"id": [1]}), key=("id",))
    script = (
        "import os, sys, pyarrow as pa\n"
        "from lienthong.engine.store.ducklake import DuckLakeStore\n"
        "store = DuckLakeStore(sys.argv[1], threads=1)\n"
        "store.at('t').count(); store.versions('t')\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    store.publish('t', full=pa.table({'id': [2]})); os._exit(7)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7\n"
        "assert store.at('t').version.number == 2\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    store.close()


rows_of = st.dictionaries(
    st.integers(0, 12), st.one_of(st.none(), st.sampled_from(["a", "b", "ă"])), min_size=1
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(rows_of, min_size=2, max_size=5))
def test_any_history_reads_back_and_its_changes_lead_from_any_state_to_any_later_one(
    tmp_path_factory, states
):
    store = DuckLakeStore(tmp_path_factory.mktemp("store"), threads=1)
    history: list[dict[int, str | None]] = []
    for state in states:
        table = pa.table({"id": pa.array(state, pa.int64()), "v": pa.array(state.values(), pa.string())})
        if not store.publish("t", full=table, key=("id",)).already:
            history.append(state)

    def read(number: int) -> dict[int, str | None]:
        return {row["id"]: row["v"] for row in store.at("t", number).arrow().read_all().to_pylist()}

    assert [read(number) for number in range(1, len(history) + 1)] == history
    last = len(history)
    for start in range(last + 1):
        copy = dict(history[start - 1]) if start else {}
        for change in store.changes("t", start, last).arrow().read_all().to_pylist():
            if change["_change"] == "delete":
                assert copy.pop(change["id"]) == change["v"]
            else:
                assert (change["_change"] == "insert") == (change["id"] not in copy)
                copy[change["id"]] = change["v"]
        assert copy == history[-1]
    store.close()
