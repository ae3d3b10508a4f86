"""Of whom tables speak, which rows repeat a value, and what short names stand for."""

import random

import pyarrow as pa
import pytest

from lienthong.engine.overlap.leaving import Meaning, Policy, leaving
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.names import abbreviates, told_apart
from lienthong.engine.overlap.spans import apart, inside
from lienthong.engine.overlap.tests.copies import sketched
from lienthong.engine.overlap.together import aligned, repeated_alike

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Triệu", "Lò")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Lan", "Minh", "Nam", "Oanh", "Phúc", "Quân", "Sơn")


def people(seed: int, *, born: tuple[int, int], places: tuple[str, ...], rows: int = 400) -> pa.Table:
    chance = random.Random(seed)
    years = [chance.randint(*born) for _ in range(rows)]
    return pa.table(
        {
            "so_dinh_danh": [
                f"{chance.choice(places)}{2 * (year >= 2000)}{year % 100:02d}{chance.randrange(10**6):06d}" for year in years
            ],
            "ho_ten": [" ".join(map(chance.choice, (FAMILY, GIVEN, GIVEN, GIVEN))) for _ in years],
            "ngay_sinh": [f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{year}" for year in years],
        }
    )  # fmt: skip


def by_profile(name: str, table: pa.Table):
    """What a file of level 1 tells of a table of persons."""
    meanings = {("t", column): Meaning("basic") for column in table.column_names}
    return leaving(sketched(name, t=table), meanings, Policy(), level=1).sketch


def pairs(left, right) -> set[tuple[str, str]]:
    return {(match.left.column, match.right.column) for match in find_overlaps(left, right).matches}


HERE, THERE = ("001", "024", "031"), ("079", "080", "082")


def test_a_profile_tells_people_of_one_place_and_age_from_others():
    register = by_profile("a", people(1, born=(1950, 2005), places=HERE))

    same = pairs(register, by_profile("b", people(2, born=(1960, 2000), places=HERE)))
    elsewhere = pairs(register, by_profile("c", people(3, born=(1950, 2005), places=THERE)))
    children = pairs(register, by_profile("d", people(4, born=(2012, 2019), places=HERE)))

    assert same == {(column, column) for column in ("so_dinh_danh", "ho_ten", "ngay_sinh")}
    assert not elsewhere & {("so_dinh_danh", "so_dinh_danh"), ("ho_ten", "ho_ten")}
    assert children == set()


def test_names_of_others_are_no_overlap_where_their_numbers_are_others():
    left, right = (people(seed, born=(1950, 2005), places=HERE) for seed in (5, 6))

    result = find_overlaps(sketched("a", t=left), sketched("b", t=right))

    assert result.matches == ()


def test_years_of_birth_leave_in_steps_of_two_years_and_no_number_does():
    (table,) = by_profile("a", people(1, born=(1950, 2005), places=HERE)).tables
    number, _, birth = (column.facts for column in table.columns)

    assert number.births
    assert birth.quantiles
    assert all(day % 730.5 == 0 for day in (*number.births, *birth.quantiles))
    assert set(number.beginnings) == set(HERE)
    assert all(fact.lower is None for fact in (number, birth))


def test_few_people_leave_neither_births_nor_where_they_come_from():
    (table,) = by_profile("a", people(1, born=(1950, 2005), places=HERE, rows=20)).tables

    assert all(not column.facts.births and not column.facts.quantiles for column in table.columns)
    assert all(share * 20 >= 10 for column in table.columns for share in column.facts.beginnings.values())


def test_ranges_told_from_quantiles_are_apart_or_within():
    adults, children, all_ages = (-9000.0, -5000.0, 1000.0, 6000.0, 9000.0), (15000.0, 15400.0, 16000.0, 16600.0, 17000.0), (-7000.0, -1000.0, 7000.0, 14000.0, 17000.0)  # fmt: skip

    assert apart(adults, children) == 1.0
    assert apart(children, all_ages) == 0.0
    assert inside(adults, adults) == pytest.approx(1.0)


def test_a_copy_with_numbers_of_its_own_is_known_by_the_rows_that_repeat():
    source = pa.table({
        "ReaderID": [1001, 1002, 1003, 1001, 1002], "Reader": ["Ann Lee", "Bo Fox", "Cy Ray", "Ann Lee", "Bo Fox"],
        "Title": ["Salt", "Stone", "Salt", "River", "Glass"], "Day": ["2024-02-15", "2024-03-05", "2024-02-20", "2024-03-10", "2024-02-25"]})  # fmt: skip
    copy = pa.table({
        "RID": ["A", "B", "C", "A", "B"], "R": ["AL", "BF", "CR", "AL", "BF"], "T": ["Salt", "Stone", "Salt", "River", "Glass"],
        "D": ["2024-02-15", "2024-03-05", "2024-02-20", "2024-03-10", "2024-02-25"]})  # fmt: skip
    left, right = sketched("a", Loans=source), sketched("b", Book=copy)

    assert aligned(left.tables[0], right.tables[0])
    assert pairs(left, right) == {("ReaderID", "RID"), ("Reader", "R"), ("Title", "T"), ("Day", "D")}


def test_the_order_of_rows_stays_at_home():
    (table,) = by_profile("a", people(1, born=(1950, 2005), places=HERE, rows=60)).tables

    assert all(column.in_order == () for column in table.columns)


def test_rows_that_repeat_tell_nothing_where_all_or_none_do():
    assert repeated_alike((1, 2, 3, 4), (5, 6, 7, 8)) == (0.0, 0.0)
    assert repeated_alike((1, 1, 1), (2, 2, 2)) == (0.0, 0.0)
    assert repeated_alike((1, 2, 1, 3, 2), (7, 8, 7, 9, 8))[0] == 1.0
    assert repeated_alike((1, 2, 1, 3, 2), (7, 7, 8, 9, 9))[0] == 0.0


@pytest.mark.parametrize(
    ("short", "long", "sure"),
    [("CName", "CustomerName", 1.0), ("BN", "BorrowerName", 1.0), ("G", "Grade", 0.4), ("ID", "BookID", 0.5),
     ("Desc", "Description", 0.8), ("Title", "Name", 0.0), ("c01", "CustomerName", 0.0), ("Name", "Name", 0.0)],
)  # fmt: skip
def test_a_name_made_of_first_letters_is_understood(short, long, sure):
    assert abbreviates(short, long) == abbreviates(long, short) == sure


def test_a_field_that_is_only_numbered_is_of_nobody_else():
    # `trường 5` is a fifth field; only without a number does the word mean a school.
    assert told_apart("truong5", "dien_thoai") == 0.0
    assert told_apart("dien_thoai_truong", "dien_thoai") > 0
    assert told_apart("dien_thoai_truong", "dien_thoai", "truong_hoc", "co_so") == 0.0


def test_one_register_is_told_by_its_beginnings_however_its_codes_are_spelt():
    chance = random.Random(21)
    plates = [
        f"{chance.choice(('29', '30', '88'))}A-{chance.randint(100, 999)}.{chance.randint(10, 99)}"
        for _ in range(300)
    ]
    dotted = by_profile("a", pa.table({"bien_so": plates}))
    bare = by_profile(
        "b", pa.table({"bien_kiem_soat": [plate.replace("-", "").replace(".", "") for plate in plates]})
    )

    assert pairs(dotted, bare) == {("bien_so", "bien_kiem_soat")}


def test_births_are_told_by_the_column_that_is_called_so():
    children = people(31, born=(2012, 2019), places=HERE)
    chance = random.Random(32)
    numbers = [f"{chance.choice(HERE)}{chance.randrange(10**9):09d}" for _ in range(children.num_rows)]
    register = by_profile("a", people(33, born=(1950, 1990), places=HERE))

    known = children.drop_columns("so_dinh_danh").add_column(0, "ma_doi_tuong", pa.array(numbers))
    coded = by_profile("b", known)

    assert pairs(register, coded) == set()


def test_an_address_alone_makes_no_match_of_profiles():
    chance = random.Random(41)

    def places(seed: int) -> list[str]:
        chance.seed(seed)
        return [
            f"{chance.randint(1, 400)} {chance.choice(GIVEN)} {chance.choice(GIVEN)}, Phường {chance.choice(GIVEN)}"
            for _ in range(300)
        ]

    pharmacies = by_profile(
        "a", pa.table({"so_gcn": [f"{n * 7}/GCN" for n in range(300)], "dia_chi": places(1)})
    )
    monuments = by_profile(
        "b", pa.table({"di_tich": [f"Đình {n * 31 % 997}" for n in range(300)], "dia_chi": places(2)})
    )

    assert pairs(pharmacies, monuments) == set()


def test_kinds_of_households_are_no_names_of_people():
    kinds = ["Hộ nghèo", "Hộ cận nghèo", "Hộ thoát nghèo"] * 100
    names = [" ".join(("Hồ", *random.Random(n).choices(GIVEN, k=2))) for n in range(300)]

    sketch = sketched("a", t=pa.table({"phan_loai": kinds, "chu_ho": names}))

    told = {
        column.name: column.facts.semantics.get("person_name", 0.0) for column in sketch.tables[0].columns
    }
    assert told == {"phan_loai": 0.0, "chu_ho": 1.0}
