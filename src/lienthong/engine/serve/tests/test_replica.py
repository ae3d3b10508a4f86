"""Pages, keys, filters, masks; and readers who do not notice that a replica is replaced."""

import threading

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.serve import errors
from lienthong.engine.serve.building import build_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore


def everything(replica, **question):
    rows, mark = [], None
    while True:
        page = replica.page(mark, question.pop("limit", 7) if not rows else 7, **question)
        rows.extend(page.rows)
        mark = page.next
        if mark is None:
            return rows


def test_a_row_keeps_the_type_of_every_value(replica):
    assert replica.get("00021") == {
        "code": "00021",
        "name": 'Phường "Tây", 3',
        "number": 3,
        "area": "-36.25",
        "wide": "-470000000000000000000000",
        "share": None,
        "open": True,
        "day": "1904-02-08",
        "hour": "07:30:01.5",
        "seen": "2026-11-20T07:30:00.75",
        "sent": "2026-11-20T03:30:00Z",
        "extra": {"n": 3},
        "raw": "YjM=",
    }
    assert replica.get("99999") is None


def test_a_replica_says_what_it_holds(replica, store):
    about, version = replica.about(), store.version("kinds", 1)

    assert (about.table, about.version, about.rows, about.digest) == ("kinds", 1, 100, version.digest)
    assert about.columns == version.columns
    assert about.key == ("code",)


def test_pages_cover_all_rows_once_in_order(replica):
    rows = everything(replica)

    assert [row["number"] for row in rows] == list(range(100))
    assert replica.page(limit=100).next is None
    assert replica.count() == 100


@pytest.mark.parametrize(
    "order", [["-number"], ["name"], ["-name"], ["open", "-area"], ["-wide"], ["sent"], ["-code"], ["share"]]
)
def test_any_order_pages_as_it_sorts(replica, order):
    paged = [row["code"] for row in everything(replica, order=order)]

    assert paged == [row["code"] for row in replica.page(limit=100, order=order).rows]
    assert len(set(paged)) == 100


def test_wide_decimals_sort_as_numbers(replica):
    wide = [int(row["wide"]) for row in replica.page(limit=100, order=["wide"]).rows]

    assert wide == sorted(wide)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("code", "eq", "00021"), {3}),
        (("number", "lt", "3"), {0, 1, 2}),
        (("number", "in", ["5", 7]), {5, 7}),
        (("area", "le", "-38.75"), {0, 1}),
        (("area", "eq", "-38.750"), {1}),
        (("wide", "lt", "-490000000000000000000000"), {0}),
        (("wide", "ge", "490000000000000000000000"), {99}),
        (("open", "eq", "true"), set(range(0, 100, 3))),
        (("day", "lt", "1900-01-01"), {0}),
        (("hour", "eq", "07:30:00.5"), {1}),
        (("seen", "le", "2026-11-20T07:30:00.25"), {0, 1}),
        (("sent", "lt", "2026-11-20T08:30:00+07:00"), {0}),
        (("name", "null", "true"), set(range(0, 100, 11))),
        (("name", "prefix", "Xã Đông 4"), {4, 40, 42, 46, 48}),
        (("name", "ne", "Xã Đông 4"), set(range(100)) - {4}),
        (("share", "gt", 12), {97, 98, 99}),
        (("code", "ge", "00679"), {97, 98, 99}),
    ],
)
def test_filters_compare_values_not_their_spelling(replica, condition, expected):
    assert {row["number"] for row in everything(replica, filters=[condition])} == expected
    assert replica.count([condition]) == len(expected)


@given(st.lists(st.sampled_from(["number", "-number", "name", "-name", "open", "-area"]), unique=True, max_size=3),
       st.integers(0, 100), st.integers(1, 30))  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_pages_of_any_size_and_order_are_the_whole(built, order, least, size):
    replica = Replica(built)
    asked = {"order": order, "filters": [("number", "ge", least)]}
    whole = replica.page(limit=1000, **asked).rows
    rows, mark = [], None
    while True:
        page = replica.page(mark, size, **asked)
        assert len(page.rows) <= size
        rows += page.rows
        if page.next is None:
            break
        mark = page.next
    assert rows == whole
    replica.close()


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"limit": 0}, errors.LimitInvalid),
        ({"limit": 1001}, errors.LimitInvalid),
        ({"limit": True}, errors.LimitInvalid),
        ({"columns": ["code", "none"]}, errors.ColumnUnknown),
        ({"filters": [("none", "eq", 1)]}, errors.ColumnUnknown),
        ({"filters": [('code" OR 1=1 --', "eq", 1)]}, errors.ColumnUnknown),
        ({"filters": [("code", "like", "%")]}, errors.FilterInvalid),
        ({"filters": [("number", "prefix", "1")]}, errors.FilterInvalid),
        ({"filters": [("extra", "eq", "1")]}, errors.FilterInvalid),
        ({"filters": [("number", "eq", "1.5")]}, errors.ValueInvalid),
        ({"filters": [("number", "eq", 2**70)]}, errors.ValueInvalid),
        ({"filters": [("area", "eq", "1.255")]}, errors.ValueInvalid),
        ({"filters": [("area", "eq", "1e999999")]}, errors.ValueInvalid),
        ({"filters": [("wide", "eq", "NaN")]}, errors.ValueInvalid),
        ({"filters": [("day", "eq", "20/11/2026")]}, errors.ValueInvalid),
        ({"filters": [("open", "eq", "maybe")]}, errors.ValueInvalid),
        ({"filters": [("share", "eq", "inf")]}, errors.ValueInvalid),
        ({"filters": [("code", "eq", None)]}, errors.ValueInvalid),
        ({"filters": [("code", "in", [])]}, errors.ValueInvalid),
        ({"filters": [("code", "in", "ab")]}, errors.ValueInvalid),
        ({"filters": [("code", "null", "x")]}, errors.ValueInvalid),
        ({"order": ["none"]}, errors.ColumnUnknown),
        ({"after": "AAAA"}, errors.CursorInvalid),
        ({"after": "không phải"}, errors.CursorInvalid),
        ({"mask": {"none": "hide"}}, errors.ColumnUnknown),
    ],
)
def test_a_bad_question_is_refused_with_a_hint(replica, question, error):
    with pytest.raises(error) as refused:
        replica.page(**question)

    assert refused.value.status in (400, 403)
    for locale in ("vi", "en"):
        assert "{" not in refused.value.text(locale)
        assert "…" not in refused.value.text(locale) + refused.value.hint(locale)


def test_a_page_mark_serves_its_own_question_only(replica):
    mark = replica.page(limit=5, filters=[("number", "gt", 3)]).next

    assert replica.page(mark, filters=[("number", "gt", 3)]).rows[0]["number"] == 9
    for other in (
        {},
        {"filters": [("number", "gt", 4)]},
        {"filters": [("number", "gt", 3)], "order": ["-code"]},
    ):
        with pytest.raises(errors.CursorInvalid):
            replica.page(mark, **other)
    with pytest.raises(errors.CursorInvalid):
        replica.page(mark[:-2] + "AA", filters=[("number", "gt", 3)])


def test_a_mask_hides_columns_and_shows_ends(replica):
    mask = {"name": "hide", "wide": "partial", "day": "partial", "open": "partial", "raw": "partial"}
    row = replica.get("00021", mask=mask)

    assert "name" not in row
    assert row["wide"] == "*" * 22 + "000"
    assert (row["day"], row["open"], row["raw"]) == ("1904-**-**", "***", "***")
    assert "name" not in replica.page(mask=mask).columns
    with pytest.raises(errors.ColumnUnknown) as refused:
        replica.page(columns=["name"], mask=mask)
    assert "name" not in refused.value.facts["columns"].split(", ")
    for question in ({"filters": [("wide", "eq", "1")]}, {"order": ["wide"]}):
        with pytest.raises(errors.MaskedColumnUsed):
            replica.page(mask=mask, **question)
    with pytest.raises(errors.ColumnUnknown):
        replica.count([("name", "eq", "a")], mask=mask)
    with pytest.raises(ValueError, match="hide"):
        replica.page(mask={"name": "blur"})


def test_a_hidden_key_still_orders_pages_and_does_not_show_in_marks(replica):
    mask = {"code": "hide"}
    first = replica.page(limit=40, mask=mask)
    second = replica.page(first.next, 100, mask=mask)

    assert [row["number"] for row in first.rows + second.rows] == list(range(100))
    assert first.next != replica.page(limit=40, mask=mask).next
    with pytest.raises(errors.ColumnUnknown):
        replica.get("00021", mask=mask)
    with pytest.raises(errors.MaskedColumnUsed):
        replica.get("00021", mask={"code": "partial"})


def test_a_key_of_several_columns(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    table = pa.table({"day": ["a", "a", "b"], "n": [2, 1, 1], "x": [1.5, None, 2.5]})
    store.publish("two", full=table, key=("n", "day"))
    build_replica(store, "two", None, tmp_path / "two.sqlite")
    replica = Replica(tmp_path / "two.sqlite")

    assert replica.get((1, "b")) == {"day": "b", "n": 1, "x": 2.5}
    first = replica.page(limit=1)
    assert [row["day"] for row in first.rows + replica.page(first.next).rows] == ["a", "b", "a"]
    with pytest.raises(errors.KeyInvalid):
        replica.get("1")
    replica.close()
    store.close()


def test_what_is_not_there_or_broken_is_said(tmp_path, built):
    with pytest.raises(errors.ReplicaMissing):
        Replica(tmp_path / "none.sqlite").page()
    (tmp_path / "broken.sqlite").write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    with pytest.raises(errors.ReplicaDamaged):
        Replica(tmp_path / "broken.sqlite").page()
    (tmp_path / "short.sqlite").write_bytes(built.read_bytes()[:20_000])
    with pytest.raises(errors.ReplicaDamaged):
        Replica(tmp_path / "short.sqlite").page(limit=1000)


def test_a_question_that_takes_too_long_is_given_up(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    store.publish("many", full=pa.table({"id": range(60_000), "v": ["x"] * 60_000}), key=("id",))
    build_replica(store, "many", None, tmp_path / "many.sqlite")
    replica = Replica(tmp_path / "many.sqlite", seconds=0.0)

    with pytest.raises(errors.QueryTooLong):
        replica.count([("v", "ne", "x")])
    assert replica.get(5) == {"id": 5, "v": "x"}
    replica.close()
    store.close()


def test_readers_do_not_notice_a_swap(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    size = 300
    for number in (1, 2):
        rows = pa.table({"id": range(size), "version": [number] * size})
        store.publish("t", full=rows, key=("id",))
    path = tmp_path / "t.sqlite"
    build_replica(store, "t", 1, path)
    replica = Replica(path)
    failures: list[BaseException] = []
    seen: set[int] = set()
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                mark, ids = None, []
                while True:
                    page = replica.page(mark, 50)
                    assert {row["version"] for row in page.rows} == {page.version}
                    seen.add(page.version)
                    ids += [row["id"] for row in page.rows]
                    mark = page.next
                    if mark is None:
                        break
                assert ids == list(range(size))
                assert replica.get(17)["id"] == 17
            replica.close()
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(20):
        build_replica(store, "t", 1 + turn % 2, path)
    stop.set()
    for reader in readers:
        reader.join()

    assert failures == []
    assert seen == {1, 2}
    assert [item.name for item in tmp_path.iterdir() if item.name != "store"] == ["t.sqlite"]
    store.close()


def test_a_failed_build_leaves_the_old_replica(tmp_path, store):
    path = tmp_path / "kinds.sqlite"
    build_replica(store, "kinds", 1, path)

    with pytest.raises(errors.ColumnUnknown):
        build_replica(store, "kinds", 1, path, indexes=["none"])

    assert Replica(path).count() == 100
    assert [item.name for item in tmp_path.iterdir()] == ["kinds.sqlite"]
