"""Link tables of running numbers and tables of two rows, where two databases match table by table."""

import random

import pytest

from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.tests.copies import as_table, sketched

RIVERS = (
    "Hồng",
    "Đà",
    "Lô",
    "Cầu",
    "Thương",
    "Mã",
    "Cả",
    "Gianh",
    "Hương",
    "Trà",
    "Ba",
    "Sê San",
    "Đồng Nai",
    "Tiền",
    "Hậu",
)
WORDS = ("mặt", "ngầm", "thải", "mưa", "sinh hoạt", "tưới", "nuôi", "cấp")


def a_database() -> dict[str, tuple[tuple[str, ...], list[tuple]]]:
    """Stations, substances, laboratories and samples, and which station measures what: two tables link others."""
    chance = random.Random(4)
    stations = [
        (
            n,
            f"Trạm {chance.choice(RIVERS)} {chance.choice(RIVERS)} {n * 7 % 97}",
            round(chance.uniform(8, 23), 5),
        )
        for n in range(1, 61)
    ]
    substances = [(n, f"Chất {chance.choice(WORDS)} {chance.randint(100, 999)}") for n in range(1, 41)]
    laboratories = [(n, f"Phòng thử nghiệm {chance.choice(RIVERS)} {n}") for n in range(1, 31)]
    samples = [(n, f"M{chance.randint(10**6, 10**7)}", chance.randint(1, 60)) for n in range(1, 301)]
    measured = sorted({(chance.randint(1, 60), chance.randint(1, 40)) for _ in range(240)})
    entrusted = sorted({(chance.randint(1, 40), chance.randint(1, 30)) for _ in range(160)})
    return {
        "tram": (("ma_tram", "ten_tram", "vi_do"), stations),
        "chat": (("ma_chat", "ten_chat"), substances),
        "phong": (("ma_phong", "ten_phong"), laboratories),
        "mau": (("ma_mau", "so_mau", "ma_tram"), samples),
        "tram_chat": (("ma_tram", "ma_chat"), measured),
        "chat_phong": (("ma_chat", "ma_phong"), entrusted),
    }


def the_same_under_other_names(part: float) -> dict[str, tuple[tuple[str, ...], list[tuple]]]:
    chance, places = random.Random(9), iter(range(100))
    return {
        f"T{number}": (
            tuple(f"F{next(places):02d}" for _ in names),
            chance.sample(rows, int(part * len(rows))),
        )
        for number, (names, rows) in enumerate(a_database().values())
    }


def matched(left, right) -> set[tuple[str, str, str, str]]:
    result = find_overlaps(
        sketched("goc", **{name: as_table(*table) for name, table in left.items()}),
        sketched("ban-sao", **{name: as_table(*table) for name, table in right.items()}),
    )
    return {(m.left.table, m.left.column, m.right.table, m.right.column) for m in result.matches}


@pytest.mark.parametrize("part", [1.0, 0.6])
def test_tables_that_link_others_are_matched_where_the_others_are(part):
    left, right = a_database(), the_same_under_other_names(part)

    found = matched(left, right)

    for number, (name, (columns, _)) in enumerate(left.items()):
        wanted = {
            (name, one, f"T{number}", other)
            for one, other in zip(columns, right[f"T{number}"][0], strict=True)
        }
        assert wanted <= found, (part, name, sorted(wanted - found))
    assert {(one[0], one[2]) for one in found} == {(name, f"T{number}") for number, name in enumerate(left)}


def test_tables_that_link_others_prove_nothing_where_little_else_matches():
    left, right = a_database(), the_same_under_other_names(0.6)
    for number, name in enumerate(left):
        if name not in ("tram", "tram_chat", "chat_phong"):
            names, rows = right[f"T{number}"]
            right[f"T{number}"] = (names, [(row[0], f"khác {row[0] * 131}", *row[2:]) for row in rows])

    found = matched(left, right)

    assert not {(one[0], one[2]) for one in found} & {("tram_chat", "T4"), ("chat_phong", "T5")}


def test_what_tells_two_remaining_tables_apart_is_how_far_they_count():
    left, right = a_database(), the_same_under_other_names(1.0)
    names, rows = right["T4"]
    right["T4"] = (names, [(one % 9 + 1, other % 7 + 1) for one, other in rows])

    found = matched(left, right)

    assert ("tram_chat", "T4") not in {(one[0], one[2]) for one in found}
