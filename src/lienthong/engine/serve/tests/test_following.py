"""Changes since: nothing lost, nothing doubled, whatever the consumer repeats and whoever publishes meanwhile."""

import threading
import time
from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.engine.serve import errors
from lienthong.engine.serve.asking import Filter
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.following import Following
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore
from tests.trials.serve import FORKED
from tests.trials.trying import nursery

from .late_publishing import DONE, publishing, serving

sql = duckdb.connect().sql


class Consumer:
    """The simplest program that keeps a copy: applies what comes, keeps the last mark."""

    def __init__(self, following: Following, since: int = 0, filters: Sequence[Filter] = ()) -> None:
        self.following = following
        self.filters = filters
        self.copy: dict[object, dict[str, object]] = {}
        self.came: list[tuple[int, object]] = []
        self.marks: list[str] = []
        self.since = since

    def step(self, limit: int) -> bool:
        """Ask for one page and apply it; whether there is more."""
        place = {"after": self.marks[-1]} if self.marks else {"since": self.since}
        page = self.following.page(**place, limit=limit, filters=self.filters)
        for change in page.changes:
            key = change.row["id"]
            self.came.append((page.to, key))
            if change.change == "delete":
                self.copy.pop(key, None)
            else:
                self.copy[key] = change.row
        self.marks.append(page.next)
        return page.more

    def follow(self, limit: int = 3) -> None:
        while self.step(limit):
            pass


def rows_at(store: DuckLakeStore, table: str) -> dict[object, dict[str, object]]:
    return {row["id"]: row for row in store.at(table).arrow().read_all().to_pylist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A table with six versions, its replica, and what follows it."""
    folder = tmp_path_factory.mktemp("following")
    store = DuckLakeStore(folder / "store", threads=1)
    store.publish(
        "t", full=sql("SELECT i AS id, 'a' AS v, 'p' || i AS phone FROM range(10) r(i)"), key=("id",)
    )
    for change in (
        "SELECT 'update' AS _change, 3::BIGINT AS id, 'b' AS v, 'p3' AS phone",
        "SELECT 'delete' AS _change, 4::BIGINT AS id, NULL AS v, NULL AS phone",
        "SELECT 'insert' AS _change, i AS id, 'n' AS v, 'q' AS phone FROM range(20, 27) r(i)",
        "SELECT 'delete' AS _change, 21::BIGINT AS id, NULL AS v, NULL AS phone",
        "SELECT 'insert' AS _change, 4::BIGINT AS id, 'back' AS v, 'p4' AS phone",
    ):
        store.publish("t", changes=sql(change))
    refresh_replica(store, "t", None, folder / "t.sqlite")
    replica = Replica(folder / "t.sqlite")
    yield store, Following(replica, ChangeSets(folder / "changes"), lambda: store, largest_page=100)
    replica.close()
    store.close()


def test_a_consumer_that_follows_has_the_table(made):
    store, following = made
    for since, limit in ((0, 3), (0, 100), (0, 1)):
        consumer = Consumer(following, since)
        consumer.follow(limit)
        assert consumer.copy == rows_at(store, "t")
        assert len(consumer.came) == len(set(consumer.came)), "no change came twice"
        assert not consumer.step(limit), "what is complete stays complete"


def test_from_a_version_on_come_only_later_changes_and_tombstones_hold_the_key_alone(made):
    _, following = made
    consumer = Consumer(following, since=2)
    page = following.page(since=2)

    consumer.follow(50)

    assert {version for version, _ in consumer.came} == {3, 4, 5, 6}
    assert (page.changes[0].change, page.changes[0].row) == ("delete", {"id": 4})
    assert (page.since, page.to, page.served, page.more) == (2, 3, 6, True)
    assert following.page(since=6).changes == []


def test_the_same_page_is_the_same_whenever_it_is_asked_for(made):
    _, following = made
    consumer = Consumer(following)
    consumer.follow(2)
    for mark in consumer.marks:
        assert following.page(mark, limit=2) == following.page(mark, limit=2)


@given(st.lists(st.tuples(st.integers(1, 12), st.floats(0, 1)), max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_going_back_to_any_mark_leads_to_the_same_state(made, turns):
    store, following = made
    consumer = Consumer(following)
    for limit, back in turns:
        consumer.step(limit)
        if back < 0.4:
            del consumer.marks[int(back * 2.5 * len(consumer.marks)) :]  # as if it had kept no later one
    consumer.follow(5)
    assert consumer.copy == rows_at(store, "t")


def test_what_is_masked_stays_masked_and_the_key_must_be_seen(made):
    _, following = made
    page = following.page(since=0, columns=["phone"], mask={"phone": "partial"})
    assert page.columns == ("id", "phone")
    assert page.changes[3].row == {"id": 3, "phone": "**"}
    assert "v" not in following.page(since=0, mask={"v": "hide"}).changes[0].row
    for word in ("hide", "partial"):
        with pytest.raises(errors.KeyNotShown):
            following.page(since=0, mask={"id": word})


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"since": -1}, errors.SinceInvalid),
        ({"since": 7}, errors.SinceInvalid),
        ({"since": True}, errors.SinceInvalid),
        ({"limit": 0}, errors.LimitInvalid),
        ({"limit": 101}, errors.LimitInvalid),
        ({"after": "AAAA"}, errors.CursorInvalid),
        ({"since": 0, "columns": ["none"]}, errors.ColumnUnknown),
    ],
)
def test_a_bad_question_is_refused(made, question, error):
    with pytest.raises(error) as refused:
        made[1].page(**question)
    assert refused.value.hint("vi")
    assert "{" not in refused.value.text("vi") + refused.value.text("en")


def test_a_mark_of_rows_is_no_mark_of_changes(made):
    _, following = made
    with pytest.raises(errors.CursorInvalid):
        following.page(following.replica.page(limit=2).next)
    with pytest.raises(errors.CursorInvalid):
        following.replica.page(following.page(since=0, limit=2).next)


KEYS = st.integers(0, 7)
BATCH = st.dictionaries(KEYS, st.one_of(st.none(), st.integers(0, 99)), min_size=1, max_size=5)


@given(
    st.lists(st.lists(st.tuples(BATCH, st.integers(0, 3)), min_size=1, max_size=3), min_size=2, max_size=3),
    st.integers(1, 4),
    st.booleans(),
)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_naive_consumer_loses_nothing_while_long_publications_commit_late(
    tmp_path_factory, publishers, limit, forgets
):
    folder = tmp_path_factory.mktemp("late")
    store = DuckLakeStore(folder / "store", threads=1)
    store.publish("t", full=sql("SELECT i AS id, 0::BIGINT AS v FROM range(8) r(i)"), key=("id",))
    refresh_replica(store, "t", 1, folder / "t.sqlite")
    replica = Replica(folder / "t.sqlite")
    following = Following(replica, ChangeSets(folder / "changes", keep=2), lambda: store)
    consumer = Consumer(following)
    failures: list[BaseException] = []

    def guarded(work, *given):
        try:
            work(*given)
        except BaseException as error:
            failures.append(error)

    def publish(batches):
        for batch, pause in batches:
            rows = pa.table(
                {
                    "_change": ["delete" if v is None else "update" for v in batch.values()],
                    "id": pa.array(list(batch), pa.int64()),
                    "v": pa.array(list(batch.values()), pa.int64()),
                }
            )
            # Begun early, finished late: others publish before it or wait for it.
            store.publish(
                "t", changes=rows, allow_empty=True, checks=[lambda staged, p=pause: time.sleep(p / 500)]
            )

    def serve(stop):
        while not stop.is_set():
            refresh_replica(store, "t", None, folder / "t.sqlite")

    def consume(stop):
        while not stop.is_set():
            consumer.step(limit)
            if forgets and len(consumer.marks) % 5 == 0:
                del consumer.marks[-3:]

    stop = threading.Event()
    writers = [threading.Thread(target=guarded, args=(publish, batches)) for batches in publishers]
    others = [threading.Thread(target=guarded, args=(work, stop)) for work in (serve, consume)]
    for thread in (*writers, *others):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in others:
        thread.join()
    assert failures == []
    refresh_replica(store, "t", None, folder / "t.sqlite")
    consumer.follow(limit)

    assert consumer.copy == rows_at(store, "t")
    if not forgets:
        assert len(consumer.came) == len(set(consumer.came)), "no change came twice"
        assert consumer.came == sorted(consumer.came), "versions came in order"
    replica.close()
    store.close()


def test_a_naive_consumer_loses_nothing_while_other_processes_publish_and_serve(tmp_path):
    # given processes of their own that publish for long and commit late, and one that serves
    store = DuckLakeStore(tmp_path / "store", threads=1)
    store.publish("t", full=sql("SELECT i AS id, 0::BIGINT AS v FROM range(8) r(i)"), key=("id",))
    refresh_replica(store, "t", 1, tmp_path / "t.sqlite")
    replica = Replica(tmp_path / "t.sqlite")
    following = Following(replica, ChangeSets(tmp_path / "changes", keep=2), lambda: store)
    consumer, of_a_part = Consumer(following), Consumer(following, filters=[("v", "ge", 2000)])
    forked = nursery(FORKED).Process
    writers = [forked(target=publishing, args=(str(tmp_path), seed, 5)) for seed in (1, 2, 3)]
    server = forked(target=serving, args=(str(tmp_path),))
    for process in (server, *writers):
        process.start()
    # when one consumer follows meanwhile, and another that keeps a part
    while any(process.is_alive() for process in writers):
        consumer.step(2)
        of_a_part.step(2)
        time.sleep(0.005)
    (tmp_path / DONE).touch()
    for process in (server, *writers):
        process.join()
        assert process.exitcode == 0
    assert store.version("t").number > 10
    refresh_replica(store, "t", None, tmp_path / "t.sqlite")
    consumer.follow(2)
    of_a_part.follow(2)
    # then it has what the store has, each change once and in order
    assert consumer.copy == rows_at(store, "t")
    assert of_a_part.copy == {key: row for key, row in consumer.copy.items() if row["v"] >= 2000}
    assert len(consumer.came) == len(set(consumer.came)), "no change came twice"
    assert consumer.came == sorted(consumer.came), "versions came in order"
    replica.close()
    store.close()
