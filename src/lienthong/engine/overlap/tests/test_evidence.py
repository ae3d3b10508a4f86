"""What speaks for and against: names, forms of values, chance, copies, common lists."""

import random
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from lienthong.engine.overlap.chance import beyond, expected, tell_the_time
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.names import bookkeeping, opaque, similarity, told_apart
from lienthong.engine.overlap.resembling import same_profile
from lienthong.engine.overlap.semantics import telling
from lienthong.engine.overlap.shapes import ColumnFacts
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import as_table, communes, people, sketched


def test_names_that_only_number_columns_say_nothing():
    for name in ("c01", "F_12", "COL3", "truong5", "x1"):
        assert opaque(name)
        assert similarity(name, "c01") == 0.0
    assert not any(opaque(name) for name in ("ma_xa", "pm25", "dob", "sdt"))


@pytest.mark.parametrize(
    ("left", "right", "least"),
    [
        ("ngày sinh", "ngay_cap_the", 1.0),
        ("so_dien_thoai", "dien_thoai_nguoi_than", 0.5),
        ("biển số", "số khung", 1.0),
    ],
)
def test_names_that_say_two_things_speak_against_each_other(left, right, least):
    assert told_apart(left, right) >= least
    assert told_apart(left, left) == 0.0


def test_the_telephone_of_a_school_is_that_of_the_table_of_schools():
    assert told_apart("so_dien_thoai", "dien_thoai_truong", left_table="truong_hoc") == 0.0


def test_columns_that_keep_the_table_itself_are_known_by_their_names():
    assert all(bookkeeping(name) for name in ("stt", "ghi_chu", "NGAY_CAP_NHAT", "nguoiNhap", "remarks"))
    assert not any(bookkeeping(name) for name in ("ngay_sinh", "ma_ho_so", "trang_thai_ho_so"))


def test_common_values_count_as_far_as_they_are_beyond_chance():
    assert beyond(3, 5.0) == 0.0
    assert beyond(12, 0.4) == 1.0
    assert beyond(1, 0.05) < 0.3
    assert [beyond(n, 1.0) for n in range(1, 9)] == sorted(beyond(n, 1.0) for n in range(1, 9))


def moments(seed: int, rows: int, *, finely: bool) -> list[datetime]:
    """Times of one year, to the second or at midnight."""
    chance = random.Random(seed)
    first = datetime(2025, 1, 1)
    if finely:
        return [first + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(rows)]
    return [first + timedelta(days=chance.randrange(365)) for _ in range(rows)]


def rentals(numbers: range, times: list[datetime]) -> pa.Table:
    return pa.table({"so_phieu": list(numbers), "lay_luc": times[: len(numbers)]})


def test_to_meet_in_a_moment_of_the_day_is_no_chance_as_meeting_on_a_day_is():
    # Given: two parts of one register of loans, and another register of the same year.
    kept = moments(1, 900, finely=True)
    left = sketched("a", muon=rentals(range(600), kept))
    for right, finely in (
        (sketched("b", loan=rentals(range(5000, 5600), kept[300:])), True),
        (sketched("b", loan=rentals(range(5000, 5600), moments(2, 600, finely=True))), False),
    ):
        found = [m for m in find_overlaps(left, right).matches if m.left.column == "lay_luc"]
        assert bool(found) is finely
        assert not found or found[0].containment_left.value == pytest.approx(0.5, abs=0.01)


def test_times_at_midnight_are_days():
    some, others = ([*moments(seed, 600, finely=False)] for seed in (1, 2))
    (one,), (other,) = (
        sketched(name, t=pa.table({"x": times})).tables[0].columns
        for name, times in (("a", some), ("b", others))
    )
    assert not tell_the_time(one.facts, other.facts)
    assert expected(one.facts, other.facts) > 150


def test_chance_is_reckoned_where_values_crowd():
    chance = random.Random(1)
    sets = [sorted({round(chance.gauss(5000, 300)) for _ in range(250)}) for _ in range(2)]
    facts = [
        ColumnFacts(
            "number", 250, 0, len(values), lower=values[0], upper=values[-1], semantics={"digits": 1.0},
            quantiles=tuple(values[int(len(values) * q)] for q in (0.1, 0.25, 0.5, 0.75, 0.9)), avg_length=4,
        )
        for values in sets
    ]  # fmt: skip
    found = len(set(sets[0]) & set(sets[1]))

    assert 0.6 * found <= expected(*facts) <= 1.5 * found


def test_the_same_days_meet_however_they_are_written():
    chance = random.Random(2)
    days = [date(1960, 1, 1) + timedelta(days=chance.randrange(18_000)) for _ in range(120)]
    numbers = [f"{chance.randrange(10**11):012d}" for _ in days]
    zero = date(1899, 12, 30)
    forms = {
        "iso": [day.isoformat() for day in days],
        "first": [f"{day.day}/{day.month}/{day.year}" for day in days],
        "packed": [f"{day:%Y%m%d}" for day in days],
        "serial": [str((day - zero).days) for day in days],
        "moment": [f"{day:%d/%m/%Y} 08:30" for day in days],
    }
    left = sketched("a", t=as_table(("c1", "c2"), list(zip(numbers, forms["iso"], strict=True))))
    for name, written in forms.items():
        right = sketched("b", t=as_table(("f1", "f2"), list(zip(numbers, written, strict=True))))
        found = {
            (match.left.column, match.right.column): match for match in find_overlaps(left, right).matches
        }

        assert ("c2", "f2") in found, name
        assert found["c2", "f2"].containment_left.value == 1.0


def test_telephones_and_addresses_meet_in_other_spellings():
    chance = random.Random(3)
    phones = [f"09{chance.randrange(10**8):08d}" for _ in range(90)]
    homes = [
        f"{chance.randint(1, 300)} Trần Phú, Phường {chance.randint(1, 20)}, Tỉnh An Giang" for _ in phones
    ]
    other = [home.replace("Phường", "P.").replace("Tỉnh", "T.").upper() for home in homes]
    left = sketched("a", t=as_table(("c1", "c2"), list(zip(phones, homes, strict=True))))
    right = sketched(
        "b",
        t=as_table(
            ("f1", "f2"), list(zip([f"+84 {p[1:]}" for p in phones], [f"Số {o}" for o in other], strict=True))
        ),
    )
    bare = sketched("c", t=as_table(("g1",), [(phone[1:],) for phone in phones]))

    assert {(m.left.column, m.right.column) for m in find_overlaps(left, right).matches} == {
        ("c1", "f1"),
        ("c2", "f2"),
    }
    assert [m.left.column for m in find_overlaps(right, bare).matches] == ["f1"]


def test_a_number_that_lost_its_zero_keeps_its_type():
    assert telling({"bare_citizen_number": 0.95, "eleven_digits": 0.7, "digits": 1.0}) == "citizen_number"
    assert telling({"bare_citizen_number": 0.95, "digits": 1.0}) is None
    assert telling({"tax_code": 1.0, "checked_tax_code": 1.0, "phone": 0.95}) == "checked_tax_code"


def test_a_copy_is_known_by_its_counts_and_frequencies():
    facts = ColumnFacts(
        "number", 2000, 0, 40, top=(0.05, 0.04, 0.03), quantiles=(1, 2, 3, 4, 5), lower=0, upper=6
    )
    other = ColumnFacts(
        "number", 2000, 0, 40, top=(0.2, 0.1, 0.05), quantiles=(1, 2, 3, 4, 5), lower=0, upper=6
    )

    assert same_profile(facts, facts) == 1.0
    assert same_profile(facts, other) == 0.0


def test_codes_of_communes_of_either_era_are_one_list_where_they_are_only_used():
    chance = random.Random(4)
    codes = [row[0] for row in communes()]
    left = [(f"K{n:05d}", chance.choice(codes[:60])) for n in range(300)]
    right = [(f"{chance.randrange(10**6):06d}-X", chance.choice(codes[:60])) for _ in range(200)]
    found = find_overlaps(
        sketched("a", kho=as_table(("ma_kho", "ma_xa"), left)),
        sketched("b", cau=as_table(("so_hieu", "COL2"), right)),
    )

    assert [(m.left.column, m.right.column, m.kind) for m in found.matches] == [
        ("ma_xa", "COL2", "code_list")
    ]
    assert not found.verdict.overlaps


def test_types_alone_nominate_columns_with_opaque_names_where_no_values_may_be_compared():
    plan = Plan(level=1)
    one = people(5, 400)
    other = people(6, 300).rename_columns([f"c{n:02d}" for n in range(1, 8)])
    found = find_overlaps(sketched("a", plan=plan, x=one), sketched("b", plan=plan, y=other))

    assert ("so_dinh_danh", "c01") in {(match.left.column, match.right.column) for match in found.matches}
    assert all(match.level == 1 for match in found.matches)


def test_a_list_is_known_where_one_side_says_nothing_of_it_and_where_a_table_is_too_short_to_show_it():
    codes = [str(int(row[0])) for row in communes()[::80]]
    colours = ["Trắng", "Đen", "Đỏ", "Xanh", "Bạc", "Vàng"]
    firms = as_table(("c01", "mau_xe"), [(codes[n % len(codes)], colours[n % 6]) for n in range(400)])
    offices = as_table(("ma_xa",), [(codes[n % 30],) for n in range(200)])
    garage = as_table(("mau_son",), [(colours[n],) for n in (0, 1, 0, 2, 0, 3, 1)])
    left, right = sketched("a", x=firms), sketched("b", y=offices, z=garage)

    found = {
        (match.left.column, match.right.column): match.kind for match in find_overlaps(left, right).matches
    }

    assert found == {("c01", "ma_xa"): "code_list", ("mau_xe", "mau_son"): "code_list"}
