"""What leaves of a database: nothing of few, no range of personal data, no value of it at all; and the attack on it."""

import hashlib
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from lienthong.engine.overlap.canonical import hashed
from lienthong.engine.overlap.leaving import (
    FACTS,
    LISTED,
    RANGES,
    Meaning,
    Policy,
    guarded,
    leaving,
    stricter,
    without_values,
)
from lienthong.engine.overlap.shapes import ColumnFacts, DatabaseSketch
from lienthong.engine.overlap.sketchfile import Letter, read_sketch, usual_expiry, write_sketch
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import KEY, people, sketched

TODAY = date(2026, 11, 22)
PERSONAL = ("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "dien_thoai")
BLOCK = "034085"
"""One first-level unit, century with sex, and year: the six digits before the 10^6 numbers of a block."""


def meanings(**tables: pa.Table) -> dict[tuple[str, str], Meaning]:
    return {
        (name, column): Meaning("basic" if column in PERSONAL else "none")
        for name, table in tables.items()
        for column in table.column_names
    }


def written(tmp_path, sketch: DatabaseSketch, known, level: int, policy: Policy = Policy(), key: bytes = KEY):
    what = leaving(sketch, known, policy, level=level)
    letter = Letter(
        level,
        "Phòng Dữ liệu",
        datetime(2026, 11, 22, tzinfo=UTC),
        usual_expiry(TODAY),
        policy=policy.as_json(),
    )
    write_sketch(tmp_path / "d.sketch", what, letter, key)
    return what, tmp_path / "d.sketch"


def test_every_fact_of_a_column_has_a_rule_for_leaving():
    assert {*FACTS, *RANGES, *LISTED, "masks", "beginnings"} == {one.name for one in fields(ColumnFacts)}


def test_small_sets_do_not_leave_and_it_is_said():
    register = people(1, 1500)
    sketch = sketched("d", plan=Plan(), nguoi=register, it=register.slice(0, 120), mot=register.slice(0, 1))
    known = meanings(nguoi=register, it=register, mot=register)

    what = leaving(sketch, known, Policy(), level=2)

    whole, few, one = what.sketch.tables
    left = {column.name: column for column in whole.columns}
    assert left["so_dinh_danh"].values["plain"].complete
    assert left["so_dinh_danh"].values["plain"].bits == 30
    assert left["gioi_tinh"].values == {}
    assert left["gioi_tinh"].lists == ("sex",)
    assert (whole.rows, one.rows) == (1500, None)
    # 120 numbers of persons are too few, though 120 other values would do.
    assert all(not column.values for column in few.columns)
    assert all(column.level == 0 for column in one.columns)
    told = {(held.table, held.column, held.why) for held in what.withheld}
    assert {("it", "so_dinh_danh", "few_personal_values"), ("mot", "ho_ten", "few_rows"),
            ("nguoi", "ma_xa", "few_values"), ("nguoi", "so_dinh_danh", "range")} <= told  # fmt: skip


def test_what_seems_to_be_a_state_secret_does_not_leave_even_by_name():
    register = people(1, 1200)
    known = {**meanings(t=register), ("t", "dien_thoai"): Meaning("basic", state_secret=True)}

    what = leaving(sketched("d", plan=Plan(), t=register), known, Policy(), level=2)

    assert "dien_thoai" not in str(what.sketch) + str(what.withheld)
    assert "state_secret" in {held.why for held in what.withheld}


def test_a_column_whose_meaning_is_not_known_is_taken_for_personal_data():
    what = leaving(sketched("d", plan=Plan(), t=people(1, 500)), {}, Policy(), level=2)

    assert what.sets == 0
    assert all(column.facts.lower is None for column in what.sketch.tables[0].columns)


def test_no_policy_goes_below_ten():
    for least in ({"least_values": 1}, {"least_personal": 9}, {"suppress_under": 1}):
        with pytest.raises(ValueError, match="below 10"):
            Policy(**least)


def test_a_live_source_asks_no_sketch_of_others_for_single_values():
    register = people(1, 1500)
    sketch = sketched("d", nguoi=register, mot=register.slice(0, 1))

    whole, one = guarded(sketch, meanings(nguoi=register, mot=register), Policy()).tables

    assert {column.name for column in whole.columns if column.values} >= {"so_dinh_danh", "dien_thoai"}
    assert all(not column.values and column.facts is not None for column in one.columns)


@pytest.mark.parametrize("level", [0, 1])
def test_below_level_2_a_file_holds_no_value_of_personal_data(tmp_path, level):
    register = people(4, 1500)
    _, path = written(tmp_path, sketched("d", plan=Plan(), nguoi=register), meanings(nguoi=register), level)

    content = path.read_bytes()

    for name in ("so_dinh_danh", "ho_ten", "ngay_sinh", "dien_thoai"):
        assert not [value for value in set(register[name].to_pylist()) if value.encode() in content]
    for value in ("Nam", "Nữ"):
        assert f'"{value}"'.encode() not in content
    read = read_sketch(path, today=TODAY)
    assert {column.level for column in read.sketch.tables[0].columns} == {level}


def test_numbers_in_descriptions_do_not_leave(tmp_path):
    register = people(4, 1200)
    sketch = sketched("d", plan=Plan(), nguoi=register)
    described = DatabaseSketch("d", tuple(_with_example(table) for table in sketch.tables))

    _, path = written(tmp_path, described, meanings(nguoi=register), 0)

    assert b"034085 000123" not in path.read_bytes()
    assert "ví dụ …".encode() in path.read_bytes()


def _with_example(table):
    return replace(
        table, columns=tuple(replace(c, description="Số, ví dụ 034085 000123") for c in table.columns)
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ví dụ 001099012345, Nguyễn Văn An, an@x.vn", "Ví dụ …"),
        ("Họ tên (VD: Trần Thị B) khai sinh", "Họ tên (VD …) khai sinh"),
        ("Người liên hệ an.nv@x.gov.vn; e.g. Trần Thị B", "Người liên hệ …; e.g. …"),
        (
            "Ngày cấp theo Nghị định 278/2025/NĐ-CP, mã vd12",
            "Ngày cấp theo Nghị định 278/2025/NĐ-CP, mã vd12",
        ),
    ],
)
def test_examples_in_descriptions_do_not_leave(text, kept):
    assert without_values(text) == kept


def test_a_file_named_after_a_person_leaves_under_another_name():
    register = people(4, 300)
    sketch = sketched("ho_so_034085000123", hs034085000123=register, hs034085000124=register)

    left = leaving(sketch, {}, Policy(), level=0).sketch

    assert left.name == "ho_so_…"
    assert [table.name for table in left.tables] == ["hs…", "hs…_2"]


def test_columns_that_only_their_titles_call_personal_are_held_to_the_sizes_of_personal_data():
    # Given: 300 codes, which nothing but the title that the owner wrote says are of persons' health.
    codes = pa.table({"x1": [f"BA{n:05d}" for n in range(300)], "x2": [f"Q{n:05d}" for n in range(300)]})
    sketch = sketched("d", plan=Plan(), t=codes)
    plain, titled = sketch.tables[0].columns
    sketch = replace(
        sketch, tables=(replace(sketch.tables[0], columns=(plain, replace(titled, title="Mã bệnh án"))),)
    )
    nothing = {("t", "x1"): Meaning(), ("t", "x2"): Meaning()}

    what = leaving(sketch, nothing, Policy(), level=2)

    assert [bool(column.values) for column in what.sketch.tables[0].columns] == [True, False]
    assert what.personal == {("t", "x2")}
    # And: neither is the other asked for them by a holder of the key, nor what a person has classed.
    assert [bool(one.values) for one in guarded(sketch, nothing, Policy()).tables[0].columns] == [True, False]
    classed = stricter(nothing, {("t", "x1"): "basic"})
    assert leaving(sketch, classed, Policy(), level=2).sets == 0


def test_without_the_key_a_whole_block_of_numbers_is_tried_in_vain(tmp_path):
    # Given: a sketch, as it leaves, of 1,800 persons of one block of 10^6 citizen numbers.
    chosen = np.random.default_rng(11).choice(1_000_000, 1800, replace=False)
    numbers = [f"{BLOCK}{number:06d}" for number in chosen]
    table = pa.table({"so_dinh_danh": numbers})
    _, path = written(tmp_path, sketched("d", plan=Plan(), t=table), meanings(t=table), 2)
    read = read_sketch(path, today=TODAY)
    values = read.sketch.tables[0].columns[0].values["plain"]
    assert len(values.hashes) == 1800
    everything = duckdb.connect()
    everything.execute(
        f"CREATE TABLE block AS SELECT '{BLOCK}' || lpad(i::VARCHAR, 6, '0') AS v FROM range(1000000) AS r(i)"
    )

    def recovered(expression: str) -> set[str]:
        found = everything.execute(f"SELECT v, {expression} AS h FROM block").fetchnumpy()
        kept = (found["h"].astype(np.uint64) >> np.uint64(34)) << np.uint64(34)
        return set(found["v"][np.isin(kept, values.hashes)].tolist()) & set(numbers)

    # When: every number of the block is hashed without a key; and those that are there under all that the file tells.
    letter = read.letter
    told = [
        text.encode() for text in (letter.key, letter.digest, letter.seal, letter.made_by, read.sketch.name)
    ]

    # Then: none is recovered but with the key.
    assert recovered("CAST('0x' || left(sha256(v), 16) AS UBIGINT)") == set()
    for guess in (b"", b"\0" * 32, *told):
        tried = [hashed(number, guess) >> 34 << 34 for number in numbers]
        assert np.isin(tried, values.hashes).sum() <= 1
    assert np.isin([hashed(number, KEY) >> 34 << 34 for number in numbers], values.hashes).all()
    for number in numbers:
        assert number.encode() not in path.read_bytes()
        assert hashlib.sha256(number.encode()).digest()[:4] not in path.read_bytes()


def test_a_file_is_good_for_ninety_days():
    assert usual_expiry(TODAY) == TODAY + timedelta(days=90)
