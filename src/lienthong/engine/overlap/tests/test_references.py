"""Subjects in common through the tables that tables point to, and days that many rows have in common."""

import random
from datetime import date, timedelta

from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.tests.copies import as_table, sketched

START = date(2019, 1, 1)


def day(chance: random.Random) -> date:
    return START + timedelta(days=chance.randint(0, 2_500))


def cards_of(patients: int) -> list[str]:
    chance = random.Random(2)
    return [f"DN4{chance.randint(10**11, 10**12 - 1)}" for _ in range(patients)]


def hospital(chance: random.Random, cards: list[str]) -> dict:
    """Patients under the hospital's own numbers, and their visits under these."""
    patients = [(f"BN{100_000 + n * 3}", card) for n, card in enumerate(cards)]
    visits = [(number, day(chance)) for number, _ in patients]
    return {"benh_nhan": (("ma_bn", "so_the"), patients), "luot_kham": (("ma_bn", "ngay_vao"), visits)}


def fund(cards: list[str], days: list[date]) -> dict:
    """Payments under the number of the card."""
    return {"thanh_toan": (("so_the_bhyt", "ngay_kham"), list(zip(cards, days, strict=True)))}


def compared(left: dict, right: dict) -> set[tuple[str, str]]:
    result = find_overlaps(
        *(
            sketched(name, **{t: as_table(*table) for t, table in side.items()})
            for name, side in (("bv", left), ("quy", right))
        )
    )
    return {(f"{m.left.table}.{m.left.column}", f"{m.right.table}.{m.right.column}") for m in result.matches}


def test_visits_and_payments_are_of_the_same_people_through_the_table_of_patients():
    cards = cards_of(400)
    left = hospital(random.Random(5), cards)
    days = [visited for _, visited in left["luot_kham"][1]]

    found = compared(left, fund(cards[:250], days[:250]))

    assert ("benh_nhan.so_the", "thanh_toan.so_the_bhyt") in found
    assert ("luot_kham.ngay_vao", "thanh_toan.ngay_kham") in found


def test_days_of_the_same_years_alone_show_no_subjects():
    cards = cards_of(800)
    left = hospital(random.Random(5), cards[:400])
    chance = random.Random(6)

    found = compared(left, fund(cards[400:], [day(chance) for _ in range(400)]))

    assert found == set()


def test_rows_under_numbers_that_begin_late_are_matched_with_their_days():
    chance = random.Random(7)
    staff = [(10_000 + n, day(chance) - timedelta(days=9_000), day(chance)) for n in range(1, 301)]
    left = {"nhan_vien": (("ma_nv", "ngay_sinh", "ngay_vao_lam"), staff)}
    right = {"T1": (("F1", "F2", "F3"), chance.sample(staff, 210))}

    found = compared(left, right)

    assert found == {
        ("nhan_vien.ma_nv", "T1.F1"),
        ("nhan_vien.ngay_sinh", "T1.F2"),
        ("nhan_vien.ngay_vao_lam", "T1.F3"),
    }


def test_loans_are_not_exchanged_between_readers_and_books():
    books = [(n, f"Sách {n * 37 % 101} tập {n}") for n in range(1, 31)]
    readers = [(n, f"Bạn đọc số {n * 91 % 211}") for n in range(1, 31)]
    chance = random.Random(8)
    loans = [(chance.randint(1, 30), chance.randint(1, 30), day(chance)) for _ in range(120)]
    left = {
        "books": (("book_id", "title"), books),
        "members": (("member_id", "name"), readers),
        "loans": (("book_id", "member_id", "lent"), loans),
    }
    right = {
        "sach": (("ma_sach", "ten"), chance.sample(books, 20)),
        "ban_doc": (("ma_ban_doc", "ho_ten"), chance.sample(readers, 20)),
        "muon_tra": (("ma_ban_doc", "ma_sach", "ngay"), [(r, b, d) for b, r, d in chance.sample(loans, 80)]),
    }

    found = compared(left, right)

    assert {("loans.book_id", "muon_tra.ma_sach"), ("loans.member_id", "muon_tra.ma_ban_doc")} <= found
    assert not {("loans.book_id", "muon_tra.ma_ban_doc"), ("loans.member_id", "muon_tra.ma_sach")} & found


def test_numbers_without_gaps_alone_show_no_subjects_under_the_same_name():
    chance = random.Random(9)
    sides = [
        {
            "ho_so": (
                ("stt", "so_ho_so", "ngay_nhan"),
                [(n, f"{code}-{chance.randint(10**7, 10**8)}", day(chance)) for n in range(1, 201)],
            )
        }
        for code in ("HX", "TL")
    ]

    assert compared(*sides) == set()


def test_two_communes_that_use_one_program_share_its_lists_and_no_numbers():
    chance = random.Random(10)
    states = ("Mới", "Đang xử lý", "Chờ bổ sung", "Đã trả")
    sides = [
        {
            "ho_so": (
                ("stt", "so_ho_so", "trang_thai", "ngay_nhan"),
                [
                    (n, f"{code}-{chance.randint(10**7, 10**8)}", chance.choice(states), day(chance))
                    for n in range(1, 401)
                ],
            )
        }
        for code in ("HX", "TL")
    ]

    assert compared(*sides) == {("ho_so.trang_thai", "ho_so.trang_thai")}
