"""Sketches: canonical values, keyed hashes, estimates whose intervals hold."""

import hashlib
import hmac
import random

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.overlap.canonical import (
    canonical_text,
    day_sql,
    digits_sql,
    hash_sql,
    hashed,
    hashes_of,
    number_sql,
    phone_sql,
    text_sql,
)
from lienthong.engine.overlap.estimating import estimate, shared_counts
from lienthong.engine.overlap.names import concepts, similarity, split
from lienthong.engine.overlap.shapes import ValueSet
from lienthong.engine.overlap.sketching import Plan, sketch_table
from lienthong.engine.overlap.tests.copies import KEY, national, sketched


def sql(expression: str, value: str) -> str:
    return duckdb.execute(f"SELECT {expression} FROM (SELECT ? AS v)", [value]).fetchone()[0]


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=20), st.binary(min_size=16, max_size=100))
def test_the_hash_is_the_first_64_bits_of_hmac_sha_256_in_sql_and_in_python(text, key):
    expected = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest()[:8], "big")

    assert hashed(text, key) == expected
    assert hashes_of([text, ""], key) == b"".join(hashed(one, key).to_bytes(8, "big") for one in (text, ""))
    assert int(sql(hash_sql("v", key), text)) == expected


@pytest.mark.parametrize(
    ("form", "spellings", "canonical"),
    [
        (text_sql, ["Phường Ba Đình", "PHƯỜNG BA ĐÌNH", "phường  ba đình", "Phu\u031bo\u031b\u0300ng Ba Đi\u0300nh"],
         "phuongbadinh"),
        (text_sql, ["0101-234.567", "0101234567", " 0101 234 567 "], "0101234567"),
        (phone_sql, ["0912 345 678", "+84912345678", "84-912.345.678", "0912345678"], "0912345678"),
        (digits_sql, ["00097", "97", "097"], "97"),
        (digits_sql, ["0000"], "0"),
        (number_sql, ["2.50", "2,5", "2.5"], "2.5"),
        (number_sql, ["21.0", "21"], "21"),
        (day_sql, ["01/07/2025", "1/7/2025", "2025-07-01", "01-07-2025", "01.07.2025", "20250701"], "2025-07-01"),
    ],
)  # fmt: skip
def test_spellings_of_one_value_have_one_canonical_form(form, spellings, canonical):
    assert {sql(form("v"), spelling) for spelling in spellings} == {canonical}


@pytest.mark.parametrize("text", ["Đắk Lắk", "Thị trấn Mường Ảng", "HƯỚNG", "中文", "A-1/b", "ﬁx", "ß"])
def test_the_canonical_text_is_the_same_in_sql_and_in_python(text):
    assert sql(text_sql("v"), text) == canonical_text(text)


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("ma_xa", "COMMUNE_ID", 0.95, 1.0),
        ("ma_xa", "maDVHC", 0.5, 0.9),
        ("ma_xa", "ma_tinh", 0.0, 0.4),
        ("vi_do", "kinh_do", 0.0, 0.2),
        ("vi_do", "LAT", 0.95, 1.0),
        ("ho_ten", "HoVaTen", 0.95, 1.0),
        ("so_dien_thoai", "SDT", 0.95, 1.0),
        ("ngaysinh", "date_of_birth", 0.95, 1.0),
        ("Ngày sinh", "NGAY_SINH", 0.95, 1.0),
        ("so_cccd", "ma_dinh_danh", 0.7, 1.0),
        ("id", "id", 0.5, 0.65),
        ("c01", "c02", 0.0, 0.2),
    ],
)
def test_names_are_compared_by_what_they_mean(left, right, least, most):
    assert least <= similarity(left, right) <= most
    assert similarity(left, right) == pytest.approx(similarity(right, left))


def test_names_are_cut_into_words_whatever_their_style():
    assert split("maDVHC") == ["ma", "dvhc"]
    assert split("Diện_tích2024") == ["dien", "tich", "2024"]
    assert dict(concepts("tenxaphuong")) == dict(concepts("TenXaPhuong"))


def test_a_generic_name_is_told_by_its_table():
    assert similarity("ma", "WARD_CODE", left_table="xa", right_table="t") > 0.6
    assert similarity("ma", "WARD_CODE", left_table="tinh", right_table="t") < 0.5


def random_set(size: int, values: range, plan: Plan) -> tuple[set[int], ValueSet]:
    chosen = set(random.Random(f"{size} {values}").sample(values, size))
    hashes = np.sort(np.array([hashed(str(value), KEY) for value in chosen], dtype=np.uint64))
    complete = len(hashes) <= plan.complete
    return chosen, ValueSet(hashes if complete else hashes[: plan.k], len(hashes), complete)


def test_whole_sets_give_exact_shares():
    one, left = random_set(500, range(1000), Plan())
    other, right = random_set(300, range(800), Plan())
    (shared,) = shared_counts([left], [right])[0]

    common = estimate(left, right, int(shared))

    assert common.common == len(one & other)
    assert common.left.value == common.left.low == common.left.high == len(one & other) / 500


def test_intervals_from_sketches_hold_the_truth():
    plan = Plan(k=256, complete=200)
    held, errors, trials = 0, [], 0
    for trial in range(60):
        chance = random.Random(trial)
        size, other_size = chance.randint(300, 6000), chance.randint(50, 6000)
        start = chance.randint(0, size)
        one, left = random_set(size, range(size + 1), plan)
        other, right = random_set(other_size, range(start, start + other_size + 1 + trial), plan)
        common = estimate(left, right, int(shared_counts([left], [right])[0, 0]))
        if common is None:
            continue
        for share, truth in (
            (common.left, len(one & other) / len(one)),
            (common.right, len(one & other) / len(other)),
        ):
            trials += 1
            held += share.low - 1e-9 <= truth <= share.high + 1e-9
            errors.append(abs(share.value - truth))
            assert 0 <= share.low <= share.value <= share.high <= 1
    assert trials > 100
    assert held / trials >= 0.93
    assert sum(errors) / len(errors) < 0.04


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=15), max_size=4),
       st.lists(st.lists(st.integers(0, 40), max_size=15), max_size=4))  # fmt: skip
def test_one_join_counts_what_all_pairs_share(left, right):
    def sets(columns: list[list[int]]) -> list[ValueSet]:
        return [
            ValueSet(np.array(sorted(set(column)), dtype=np.uint64), len(set(column)), True)
            for column in columns
        ]

    counts = shared_counts(sets(left), sets(right))

    assert counts.tolist() == [[len(set(one) & set(other)) for other in right] for one in left]


def test_a_sketch_knows_kinds_and_shapes():
    table = pa.table(
        {
            "ma": [f"{i:05d}" for i in range(40)],
            "stt": list(range(1, 41)),
            "ngay": [f"{1 + i % 28:02d}/03/2024" for i in range(40)],
            "sdt": [f"+84 9{i:08d}" for i in range(40)],
            "gt": ["Nam", "Nữ"] * 20,
            "dt": [f"{i},25" for i in range(40)],
            "trong": pa.nulls(40, pa.string()),
            "du": ["-", "N/A", "", None] * 10,
            "tep": pa.array([b"x"] * 40),
        }
    )
    columns = {column.name: column for column in sketched("d", t=table).tables[0].columns}

    kinds = {name: column.facts.kind for name, column in columns.items()}
    assert kinds == {
        "ma": "code", "stt": "number", "ngay": "date", "sdt": "code", "gt": "text", "dt": "number",
        "trong": "opaque", "du": "opaque", "tep": "opaque",
    }  # fmt: skip
    assert columns["ma"].facts.padded
    assert columns["stt"].facts.counter
    assert columns["ma"].facts.unique
    assert columns["gt"].lists == ("sex",)
    assert columns["du"].facts.nulls == 40
    assert set(columns["ma"].values) == {"plain", "digits"}
    assert columns["tep"].values == {}


def test_a_plan_bounds_what_a_sketch_holds():
    plan = Plan(k=100, complete=150)
    columns = {c.name: c for c in sketched("d", plan=plan, xa=national()).tables[0].columns}

    assert len(columns["ma_xa"].values["plain"].hashes) == 100
    assert columns["ma_xa"].values["plain"].distinct == 3321
    assert columns["ma_tinh"].values["plain"].complete
    assert columns["ma_xa"].level == 2
    assert sketched("d", plan=Plan(level=1), xa=national()).tables[0].columns[0].level == 1
    assert sketched("d", plan=Plan(level=0), xa=national()).tables[0].columns[0].facts is None


def test_sketches_need_a_key_and_leave_nothing_behind():
    connection = duckdb.connect()
    connection.register("t", pa.table({"a": [1, 2]}))
    with pytest.raises(ValueError, match="16 bytes"):
        sketch_table(connection, "t", "t", b"short")
    before = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    sketch_table(connection, "t", "t", KEY)
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == before
    connection.close()
