"""The same people are known again where two tables share no number of theirs, and other people are not."""

import random
from datetime import date, timedelta

from lienthong.engine.overlap.leaving import Policy, leaving
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.persons import person_columns
from lienthong.engine.overlap.tests.copies import FAMILY, as_table, sketched

GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Hải", "Lan", "Long", "Mai", "Nam", "Nga", "Sơn", "Tâm", "Trang")


def people(seed, many):
    """Names with many namesakes, days of birth that many share."""
    chance = random.Random(seed)
    return [
        (
            f"{chance.choice(FAMILY)} {chance.choice(('Văn', 'Thị', 'Minh', 'Thu'))} {chance.choice(GIVEN)}",
            date(1950, 1, 1) + timedelta(days=chance.randrange(18_000)),
        )
        for _ in range(many)
    ]


def registers(patients, seekers):
    left = as_table(
        ("ma_bn", "ho_ten", "ngay_sinh"),
        [(f"BN{n:06d}", name.upper(), f"{born:%Y%m%d}") for n, (name, born) in enumerate(patients)],
    )
    right = as_table(
        ("so_the", "hoten", "ns"),
        [(f"{7 * n:07d}-V", name, f"{born:%d/%m/%Y}") for n, (name, born) in enumerate(seekers)],
    )
    return sketched("benh_vien", luot_kham=left), sketched("viec_lam", nguoi_tim_viec=right)


def test_people_are_known_again_by_name_and_day_of_birth():
    everybody = people(1, 900)
    found = find_overlaps(*registers(everybody[:500], everybody[380:]))

    assert {(match.left.column, match.right.column) for match in found.matches} == {
        ("ho_ten", "hoten"),
        ("ngay_sinh", "ns"),
    }
    assert found.verdict.overlaps


def test_other_people_of_the_same_years_and_names_are_not():
    found = find_overlaps(*registers(people(1, 500), people(2, 500)))

    assert "ngay_sinh" not in {match.left.column for match in found.matches}
    assert not found.verdict.overlaps


def test_who_is_meant_must_be_clear():
    named = as_table(
        ("ho_ten_cha", "ho_ten", "ngay_sinh", "ngay_cap"),
        [
            (name, other, f"{born}", "2024-05-01")
            for (name, _), (other, born) in zip(people(1, 60), people(2, 60), strict=True)
        ],
    )
    (table,) = sketched("a", x=named).tables

    assert person_columns(table.columns) == (1, 2)
    assert person_columns([*table.columns, table.columns[1]]) is None


def test_people_leave_in_no_file():
    left, _ = registers(people(1, 500), people(2, 50))
    assert left.tables[0].persons is not None

    assert all(table.persons is None for table in leaving(left, {}, Policy(), level=2).sketch.tables)
