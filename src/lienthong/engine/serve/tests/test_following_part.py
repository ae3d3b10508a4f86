"""Changes since, of a part of the table: a copy that follows a condition is what the filtered rows are."""

import random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.engine.serve import errors
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.following import Following
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore

VERSIONS, ADDED_IN, KEYS = 10, 5, 12
GROUPS = ("01", "79", "Huế", None)


def rows_as_told(state):
    """The rows of a version as a reader gets them."""
    return {key: {"id": key, **row} for key, row in state.items()}


def as_table(rows, names):
    kinds = {"id": pa.int64(), "size": pa.int64(), "_change": pa.string()}
    return pa.table(
        {name: pa.array([r.get(name) for r in rows], kinds.get(name, pa.string())) for name in names}
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Versions in which rows come, go, return and move between groups; a column is added in one of them."""
    folder = tmp_path_factory.mktemp("part")
    store, chance = DuckLakeStore(folder / "store", threads=1), random.Random(278)
    now = {key: {"group": chance.choice(GROUPS), "size": chance.randint(0, 9)} for key in range(KEYS // 2)}
    states = [{}, rows_as_told(now)]
    store.publish("t", full=as_table(list(states[1].values()), ["id", "group", "size"]), key=("id",))
    for number in range(2, VERSIONS + 1):
        names = ["_change", "id", "group", "size"] + (["note"] if number >= ADDED_IN else [])
        rows = []
        if number == ADDED_IN:
            now = {key: {**row, "note": None} for key, row in now.items()}
        for key in sorted(chance.sample(range(KEYS), 5)):
            if key in now and chance.random() < 0.35:
                del now[key]
                rows.append({"_change": "delete", "id": key})
                continue
            now[key] = {"group": chance.choice(GROUPS), "size": chance.randint(0, 9)}
            if number >= ADDED_IN:
                now[key]["note"] = chance.choice(["a", None])
            rows.append({"_change": "update", "id": key, **now[key]})
        version = store.publish("t", changes=as_table(rows, names), new_columns=True)
        assert version.number == number, "each publication changes something"
        states.append(rows_as_told(now))
    refresh_replica(store, "t", None, folder / "t.sqlite")
    replica = Replica(folder / "t.sqlite")
    yield states, Following(replica, ChangeSets(folder / "changes"), lambda: store)
    replica.close()
    store.close()


CONDITIONS = {
    (("group", "eq", "79"),): lambda row: row["group"] == "79",
    (("group", "ne", "79"),): lambda row: row["group"] != "79",
    (("group", "null", "true"),): lambda row: row["group"] is None,
    (("group", "prefix", "Hu"),): lambda row: (row["group"] or "").startswith("Hu"),
    (("size", "ge", "5"), ("group", "in", ("01", "79"))): lambda row: (
        row["size"] >= 5 and row["group"] in ("01", "79")
    ),
    (("id", "lt", "4"),): lambda row: row["id"] < 4,
    (("note", "null", "true"),): lambda row: row.get("note") is None,
    (("note", "eq", "a"),): lambda row: row.get("note") == "a",
    (("size", "gt", "9"),): lambda row: False,
}


class Consumer:
    """The simplest program that keeps a part of a table: applies what comes, keeps the last mark."""

    def __init__(self, following, filters, *, since=0, copy=(), columns=None):
        self.following, self.filters, self.columns = following, filters, columns
        self.copy, self.since, self.marks, self.told = dict(copy), since, [], []

    def step(self, limit):
        place = {"after": self.marks[-1]} if self.marks else {"since": self.since}
        page = self.following.page(**place, limit=limit, filters=self.filters, columns=self.columns)
        for change in page.changes:
            self.told.append((page.to, change.change, change.row["id"]))
            if change.change == "delete":
                self.copy.pop(change.row["id"], None)
            else:
                self.copy[change.row["id"]] = change.row
        self.marks.append(page.next)
        return page.more

    def follow(self, limit):
        while self.step(limit):
            pass


def met(state, meets):
    return {key: row for key, row in state.items() if meets(row)}


@given(
    st.sampled_from(sorted(CONDITIONS, key=repr)),
    st.integers(0, VERSIONS),
    st.lists(st.tuples(st.integers(1, 4), st.floats(0, 1)), max_size=25),
    st.integers(1, 6),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_naive_consumer_with_a_condition_has_the_filtered_rows(made, filters, since, turns, limit):
    # given a copy of the filtered rows of some version
    states, following = made
    meets = CONDITIONS[filters]
    consumer = Consumer(following, filters, since=since, copy=met(states[since], meets))
    # when it follows, and now and then goes back as if it had kept no later mark
    for size, back in turns:
        consumer.step(size)
        if back < 0.4:
            del consumer.marks[int(back * 2.5 * len(consumer.marks)) :]
    consumer.follow(limit)
    # then it is what the filtered rows are (what it loaded of old versions has no later column)
    copy = {key: {**row, "note": row.get("note")} for key, row in consumer.copy.items()}
    assert copy == met(states[-1], meets)
    assert not consumer.step(limit)


@pytest.mark.parametrize("filters", CONDITIONS, ids=repr)
def test_only_what_was_or_is_in_the_part_is_spoken_of(made, filters):
    states, following = made
    meets = CONDITIONS[filters]
    consumer = Consumer(following, filters)
    consumer.follow(3)

    parts = [met(state, meets) for state in states]
    expected = [
        (number, "delete" if key not in now else "update" if key in before else "insert", key)
        for number, (before, now, old, new) in enumerate(
            zip(parts[:-1], parts[1:], states[:-1], states[1:], strict=True), start=1
        )
        for key in sorted(before.keys() | now.keys())
        if {**old.get(key, {}), "note": old.get(key, {}).get("note")}
        != {**new.get(key, {}), "note": new.get(key, {}).get("note")}
    ]
    assert consumer.told == expected
    assert expected or filters == (("size", "gt", "9"),)


def test_tombstones_hold_the_key_alone_and_columns_are_chosen_as_of_rows(made):
    states, following = made
    consumer = Consumer(following, (("group", "eq", "79"),), columns=["note"])
    consumer.follow(2)
    assert consumer.copy == {
        key: {"id": key, "note": row["note"]} for key, row in states[-1].items() if row["group"] == "79"
    }
    page = following.page(since=1, limit=100, filters=[("group", "eq", "79")])
    assert all(set(one.row) == {"id"} for one in page.changes if one.change == "delete")


def test_a_row_is_told_of_also_when_none_of_the_chosen_columns_changed(made):
    _, following = made
    whole = [following.page(since=n, limit=100).changes for n in range(VERSIONS)]
    narrow = [following.page(since=n, limit=100, columns=["id"]).changes for n in range(VERSIONS)]
    assert [[(c.change, c.row["id"]) for c in page] for page in narrow] == [
        [(c.change, c.row["id"]) for c in page] for page in whole
    ]


def test_a_column_that_came_later_is_null_in_what_changed_before(made):
    states, following = made
    consumer = Consumer(following, ())
    consumer.follow(4)
    assert consumer.copy == states[-1]
    assert all(
        "note" in row and list(row) == ["id", "group", "size", "note"] for row in consumer.copy.values()
    )


def test_a_mark_belongs_to_its_condition(made):
    _, following = made
    one, other = [("group", "eq", "79"), ("size", "ge", 3)], [("group", "eq", "01"), ("size", "ge", 3)]
    mark = following.page(since=0, limit=1, filters=one).next

    same = following.page(mark, limit=1, filters=list(reversed(one)))
    assert same == following.page(mark, limit=1, filters=[*one, one[0]]), "order and repetition say nothing"
    lists = [[("group", "in", values)] for values in (("01", "79"), ("79", "01"))]
    assert following.page(since=0, filters=lists[0]).next == following.page(since=0, filters=lists[1]).next
    for filters in (other, one[:1], ()):
        with pytest.raises(errors.ConditionOther) as refused:
            following.page(mark, filters=filters)
        assert refused.value.status == 409
        assert all("since" in refused.value.hint(language) for language in ("vi", "en"))
    for mark in (following.page(since=0, limit=1).next, following.page(since=VERSIONS).next):
        with pytest.raises(errors.ConditionOther):
            following.page(mark, filters=one)
    done = following.page(since=VERSIONS, filters=one)
    assert (done.changes, done.more) == ([], False)
    assert following.page(done.next, filters=one).next == done.next
    with pytest.raises(errors.ConditionOther):
        following.page(done.next)


@pytest.mark.parametrize(
    ("filters", "mask", "error"),
    [
        ([("phone", "eq", "1")], {}, errors.ColumnUnknown),
        ([("_change", "eq", "delete")], {}, errors.ColumnUnknown),
        ([("size", "eq", "1")], {"size": "hide"}, errors.ColumnUnknown),
        ([("size", "eq", "1")], {"size": "partial"}, errors.MaskedColumnUsed),
        ([("size", "like", "1")], {}, errors.FilterInvalid),
        ([("size", "eq", "nhiều")], {}, errors.ValueInvalid),
        ([("size", "in", [])], {}, errors.ValueInvalid),
        ([("size", "in", list(range(n, n + 1000))) for n in range(11)], {}, errors.ValueInvalid),
    ],
)
def test_a_condition_that_rows_would_refuse_is_refused(made, filters, mask, error):
    _, following = made
    with pytest.raises(error) as refused:
        following.page(since=0, filters=filters, mask=mask)
    assert "_change" not in refused.value.hint("en")
    with pytest.raises(error):
        following.replica.page(filters=filters, mask=mask)


def test_columns_named_like_the_words_of_the_question_do_no_harm(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    names = ["meets", "MET", "b", "r", "rows", "a?b"]
    store.publish(
        "t", full=pa.table({name: ["x", "y"] for name in names} | {"meets": ["1", "2"]}), key=("meets",)
    )
    gone = {name: ["y"] for name in names} | {"meets": ["1"], "_change": ["update"]}
    store.publish("t", changes=pa.table(gone))
    refresh_replica(store, "t", None, tmp_path / "t.sqlite")
    following = Following(Replica(tmp_path / "t.sqlite"), ChangeSets(tmp_path / "changes"), lambda: store)
    for name in names[1:]:
        page = following.page(since=1, filters=[(name, "eq", "x")])
        assert [(one.change, one.row) for one in page.changes] == [("delete", {"meets": "1"})]
        assert [one.change for one in following.page(since=1, filters=[(name, "eq", "y")]).changes] == [
            "insert"
        ]
    following.replica.close()
    store.close()
