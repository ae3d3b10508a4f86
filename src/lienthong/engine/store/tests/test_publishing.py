"""Publish, read, compare: the five calls, and every refusal."""

import datetime as dt
import decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lienthong.engine.shapes import Finding, Place
from lienthong.engine.store import errors
from lienthong.engine.store.ducklake import DuckLakeStore


@pytest.fixture
def store(tmp_path):
    made = DuckLakeStore(tmp_path / "store", threads=1)
    yield made
    made.close()


def communes(*rows: tuple[str, str, float | None]) -> pa.Table:
    return pa.table(
        {
            "code": pa.array([row[0] for row in rows], pa.string()),
            "name": pa.array([row[1] for row in rows], pa.string()),
            "area": pa.array([row[2] for row in rows], pa.float64()),
        }
    )


FIRST = communes(("00004", "Ba Đình", 2.97), ("00008", "Ngọc Hà", 2.68), ("00025", "Giảng Võ", None))
SECOND = communes(("00004", "Ba Đình", 3.0), ("00025", "Giảng Võ", None), ("00070", "Hoàn Kiếm", 1.91))


def rows(reader: pa.RecordBatchReader) -> list[tuple]:
    return [tuple(row.values()) for row in reader.read_all().to_pylist()]


def test_a_first_version_is_what_was_handed_over(store):
    version = store.publish("communes", full=FIRST, key=("code",), note="first")

    assert (version.number, version.rows, version.inserted, version.note) == (1, 3, 3, "first")
    assert [column.type for column in version.columns] == ["text", "text", "double"]
    assert rows(store.at("communes").arrow()) == [tuple(row.values()) for row in FIRST.to_pylist()]
    assert store.proved("communes")
    assert version.published_at.tzinfo is dt.UTC


def test_old_versions_stay_as_they_were(store):
    store.publish("communes", full=FIRST, key=("code",))
    second = store.publish("communes", full=SECOND)

    assert (second.inserted, second.updated, second.deleted) == (1, 1, 1)
    assert store.at("communes", 1).arrow().read_all().equals(FIRST)
    assert store.at("communes", 2).arrow().read_all().equals(SECOND)
    assert [version.number for version in store.versions("communes")] == [1, 2]


def test_the_same_content_again_is_the_same_version(store):
    first = store.publish("communes", full=FIRST, key=("code",))
    again = store.publish("communes", full=FIRST)

    assert again == first
    assert again.already
    assert not first.already
    assert len(store.versions("communes")) == 1


def test_changes_give_the_same_version_as_all_rows(store):
    store.publish("a", full=FIRST, key=("code",))
    store.publish("b", full=FIRST, key=("code",))
    whole = store.publish("a", full=SECOND)
    parts = store.publish("b", changes=store.changes("a", 1, 2))

    assert parts.digest == whole.digest
    assert store.proved("b")
    repeated = store.publish("b", changes=store.changes("a", 1, 2))
    assert repeated.already


def test_changes_are_net(store):
    store.publish("communes", full=FIRST, key=("code",))
    store.publish("communes", full=SECOND)
    store.publish("communes", full=communes(("00004", "Ba Đình", 2.97), ("00025", "Giảng Võ", 1.0)))

    assert store.changes("communes", 1, 3).counts() == {"insert": 0, "update": 1, "delete": 1}
    assert rows(store.changes("communes", 1, 3).arrow(["_change", "code", "area"])) == [
        ("delete", "00008", 2.68),
        ("update", "00025", 1.0),
    ]
    assert store.changes("communes", 0, 1).counts() == {"insert": 3, "update": 0, "delete": 0}
    assert store.changes("communes", 2, 2).count() == 0
    with pytest.raises(ValueError, match="forward"):
        store.changes("communes", 2, 1)


def test_the_difference_of_two_versions_names_rows_and_columns(store):
    store.publish("communes", full=FIRST, key=("code",))
    store.publish("communes", full=SECOND)

    found = store.net_diff("communes", 1, 2)

    assert (found.inserted, found.updated, found.deleted) == (1, 1, 1)
    assert found.changed_columns == {"area": 1}
    changed, missing, extra = found.differences
    assert (changed.kind, changed.key, changed.columns) == ("changed", ("00004",), ("area",))
    assert (changed.left["area"], changed.right["area"]) == (2.97, 3.0)
    assert (missing.kind, missing.key, missing.right) == ("missing", ("00008",), None)
    assert (extra.kind, extra.key, extra.left) == ("extra", ("00070",), None)
    assert store.net_diff("communes", 2, 1).inserted == 1
    assert store.net_diff("communes", 2, 2).equal


def test_files_hold_exactly_one_version(store):
    store.publish("communes", full=FIRST, key=("code",))
    store.publish("communes", full=SECOND)

    for number, expected in ((1, FIRST), (2, SECOND)):
        files = store.files("communes", number)
        found = duckdb.sql(
            f"SELECT code, name, area FROM read_parquet({[str(path) for path in files]}) ORDER BY code"
        ).to_arrow_table()
        assert found.to_pylist() == expected.to_pylist()


def test_rows_come_from_parquet_arrow_and_duckdb_alike(store, tmp_path):
    path = tmp_path / "so lieu [2024]*.parquet"
    pq.write_table(FIRST, path)
    pq.write_table(SECOND, tmp_path / "so lieu 2.parquet")

    from_file = store.publish("a", full=path, key=("code",))
    from_relation = store.publish("b", full=duckdb.connect().from_arrow(FIRST), key=("code",))
    from_reader = store.publish("c", full=FIRST.to_reader(), key=("code",))

    assert from_file.digest == from_relation.digest == from_reader.digest
    assert from_file.rows == 3


def test_every_kind_of_value_comes_back(store):
    relation = duckdb.sql(
        "SELECT 1::TINYINT AS a, 12.50::DECIMAL(15,2) AS b, 1.5::FLOAT AS c, true AS d, "
        "DATE '2026-11-20' AS e, "
        "TIME '07:30:00' AS f, TIMESTAMP '2026-11-20 07:30:00.5' AS g, "
        "TIMESTAMPTZ '2026-11-20 07:30:00+07' AS h, '{\"x\": 1}'::JSON AS i, [1, 2] AS j, 'ab'::BLOB AS k, "
        "170141183460469231731687303715884105727::HUGEINT // 10 AS l, uuid() AS m, NULL AS n"
    )
    version = store.publish("kinds", full=relation, key=("a",))

    assert [column.type for column in version.columns] == [
        *("integer", "decimal", "double", "boolean", "date", "time", "timestamp", "timestamp"),
        *("json", "json", "binary", "decimal", "text", "integer"),
    ]
    row = store.at("kinds").arrow().read_all().to_pylist()[0]
    assert row["b"] == decimal.Decimal("12.50")
    assert row["h"] == dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC)
    assert (row["i"], row["j"], row["n"]) == ('{"x": 1}', "[1,2]", None)
    assert store.proved("kinds")
    store.publish("kinds", changes=pa.table({"_change": ["delete"], "a": [5]}))
    assert store.net_diff("kinds", 1, 1).equal


@pytest.mark.parametrize(
    ("rows_given", "error", "facts"),
    [
        (communes(("1", "a", 1.0), ("1", "b", 1.0)), errors.KeyRepeated, {"count": 1, "example": "*"}),
        (communes(("001203004567", "a", 1.0), ("001203004567", "b", 1.0)), errors.KeyRepeated,
         {"example": "*********567"}),
        (communes((None, "a", 1.0), ("", "b", 1.0)), errors.KeyEmpty, {"count": 2}),
        (pa.table({"other": ["1"]}), errors.KeyMissing, {"column": "code"}),
        (communes(), errors.NoRows, {}),
        (pa.table({"code": ["1"], "CODE": ["2"]}), errors.ColumnsInvalid, {"column": "CODE"}),
        (pa.table({"code": ["1"], "_hash": ["2"]}), errors.ColumnsInvalid, {"column": "_hash"}),
        (pa.table({"code": ["1"], " ": ["2"]}), errors.ColumnsInvalid, {}),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_a_version_are_refused_and_nothing_is_written(store, rows_given, error, facts):
    with pytest.raises(error) as refused:
        store.publish("communes", full=rows_given, key=("code",))

    assert facts.items() <= refused.value.facts.items()
    for locale in ("vi", "en"):
        assert "{" not in refused.value.text(locale) + refused.value.hint(locale)
    assert store.tables() == ()
    assert store.publish("communes", full=FIRST, key=("code",)).number == 1


def test_checks_of_the_caller_see_the_rows_and_may_stop_them(store):
    def no_empty_area(staged):
        (empty,) = staged.query("SELECT count(*) FROM staged WHERE area IS NULL")[0]
        severity = "error" if empty else "info"
        return [Finding("area_missing", Place(staged.table, "area"), {"rows": empty}, severity)]

    with pytest.raises(errors.ChecksFailed) as refused:
        store.publish("communes", full=FIRST, key=("code",), checks=[no_empty_area])

    assert refused.value.facts["codes"] == "area_missing"
    assert refused.value.findings[0].evidence == {"rows": 1}
    assert store.publish("communes", full=FIRST.slice(0, 2), key=("code",), checks=[no_empty_area]).rows == 2


def test_other_columns_are_refused_unless_new_ones_are_allowed(store):
    store.publish("communes", full=FIRST, key=("code",))
    wider = FIRST.append_column("people", pa.array([1, 2, 3]))

    with pytest.raises(errors.ColumnsChanged) as refused:
        store.publish("communes", full=wider)
    assert refused.value.facts["added"] == "people"
    with pytest.raises(errors.ColumnsChanged) as refused:
        store.publish("communes", full=FIRST.drop_columns(["name"]))
    assert refused.value.facts["removed"] == "name"
    with pytest.raises(errors.ColumnsChanged) as refused:
        store.publish("communes", full=FIRST.set_column(2, "area", pa.array(["a", "b", "c"])))
    assert refused.value.facts["retyped"] == "area"

    version = store.publish("communes", full=wider, new_columns=True)
    assert version.column_names() == ("code", "name", "area", "people")
    assert version.updated == 3
    assert store.proved("communes", 1)
    assert store.proved("communes", 2)
    assert store.at("communes", 1).arrow().read_all().equals(FIRST)
    assert rows(store.changes("communes", 1, 2).arrow(["_change", "people"])) == [
        ("update", 1),
        ("update", 2),
        ("update", 3),
    ]
    assert store.net_diff("communes", 1, 2).changed_columns == {"people": 3}
    more = pa.table({"_change": ["update"], "code": ["00004"], "name": ["x"], "area": [1.0], "people": [9],
                     "seat": ["y"]})  # fmt: skip
    grown = store.publish("communes", changes=more, new_columns=True)
    assert store.proved("communes", grown.number)


def test_a_type_that_loses_nothing_is_taken(store):
    store.publish("communes", full=FIRST, key=("code",))
    whole = FIRST.set_column(2, "area", pa.array([3, 2, None], pa.int32()))

    version = store.publish("communes", full=whole)

    assert version.columns[2].native_type == "DOUBLE"
    assert store.publish("communes", full=whole.set_column(2, "area", pa.nulls(3))).updated == 2


def test_the_key_of_a_table_stays(store):
    store.publish("communes", full=FIRST, key=("code",))

    with pytest.raises(errors.KeyChanged):
        store.publish("communes", full=FIRST, key=("name",))
    with pytest.raises(errors.KeyMissing):
        store.publish("other", full=FIRST)


def test_somebody_elses_version_is_not_overwritten(store):
    store.publish("communes", full=FIRST, key=("code",), base=0)
    store.publish("communes", full=SECOND, base=1)

    with pytest.raises(errors.VersionMoved) as refused:
        store.publish("communes", full=FIRST, base=1)
    assert refused.value.facts == {"table": "communes", "expected": 1, "found": 2}


def test_changes_must_say_what_they_are(store):
    with pytest.raises(errors.TableUnknown):
        store.publish("communes", changes=FIRST)
    store.publish("communes", full=FIRST, key=("code",))

    with pytest.raises(errors.ChangesInvalid):
        store.publish("communes", changes=FIRST)
    with pytest.raises(errors.ChangesInvalid) as refused:
        store.publish(
            "communes", changes=FIRST.append_column("_change", pa.array(["insert", "upsert", None]))
        )
    assert "_change" in refused.value.facts["found"]
    gone = pa.table({"_change": ["delete"] * 3, "code": ["00004", "00008", "00025"]})
    with pytest.raises(errors.NoRows):
        store.publish("communes", changes=gone)
    assert store.publish("communes", changes=gone, allow_empty=True).rows == 0
    with pytest.raises(ValueError, match="either"):
        store.publish("communes")


@pytest.mark.parametrize("name", ["", "Xã", "a b", "../x", "a" * 64, "-a", "a;drop"])
def test_a_strange_table_name_is_refused(store, name):
    with pytest.raises(errors.TableNameInvalid):
        store.publish(name, full=FIRST, key=("code",))


def test_what_is_not_there_is_said(store, tmp_path):
    with pytest.raises(errors.TableUnknown):
        store.at("communes")
    store.publish("communes", full=FIRST, key=("code",))
    with pytest.raises(errors.VersionUnknown) as refused:
        store.at("communes", 7)
    assert refused.value.facts["latest"] == 1
    with pytest.raises(errors.InputUnreadable):
        store.publish("communes", full=tmp_path / "none.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(errors.InputUnreadable):
        store.publish("communes", full=tmp_path / "bad.parquet")
    assert store.versions("none") == ()


def test_keys_of_several_columns_and_strange_names_work(store):
    table = pa.table({'s."c.': ["1", "1", "2"], "Mã xã": ["a", "b", "a"], "x": [1, 2, 3]})
    store.publish("two", full=table, key=('s."c.', "Mã xã"))
    store.publish("two", full=table.set_column(2, "x", pa.array([1, 2, 4])))

    assert store.changes("two", 1, 2).counts() == {"insert": 0, "update": 1, "delete": 0}
    again = store.publish("two", changes=table.append_column("_change", pa.array(["update"] * 3)))
    assert again.updated == 1
    assert store.proved("two")


def test_a_moved_folder_still_opens(store, tmp_path):
    store.publish("communes", full=FIRST, key=("code",))
    store.close()
    (tmp_path / "store").rename(tmp_path / "elsewhere")

    moved = DuckLakeStore(tmp_path / "elsewhere", threads=1)

    assert moved.proved("communes")
    assert moved.publish("communes", full=SECOND).number == 2
    moved.close()


def test_every_version_of_every_table_is_there_for_a_fresh_reader(store, tmp_path):
    for turn in range(3):
        for name in ("a", "b", "c"):
            table = pa.table({"id": [1, 2], name: [turn, turn]})
            if turn == 2:
                table = table.append_column("more", pa.array([1, 2]))
            store.publish(name, full=table, key=("id",), new_columns=True)

    fresh = DuckLakeStore(tmp_path / "store", threads=1)

    assert fresh.tables() == ("a", "b", "c")
    for name in ("c", "a", "b"):
        assert [fresh.proved(name, number) for number in (2, 1, 3)] == [True] * 3
        assert [version.column_names() for version in fresh.versions(name)] == [
            ("id", name),
            ("id", name),
            ("id", name, "more"),
        ]
    fresh.close()
