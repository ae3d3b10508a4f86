"""Every rule of quality sees what it is for, counts it, and is silent about sound data."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pytest

from lienthong.engine.profile import profile_relation
from lienthong.engine.profile.conforming import CodeList
from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA, RULES
from lienthong.engine.shapes import Column, Table, TableProfile

ROWS = 200
SOUND = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Thu Hà"]


def profiled(
    columns: dict[str, tuple[str, Iterable[object]]], key: tuple[str, ...] = (), **more: object
) -> TableProfile:
    session = duckdb.connect()
    names = ", ".join(f'"{name}" {kind}' for name, (kind, _) in columns.items())
    session.execute(f"CREATE TABLE t ({names})")
    rows = list(zip(*(values for _, values in columns.values()), strict=True))
    session.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", rows)
    declared = Table("t", tuple(Column(name, "text") for name in columns), primary_key=key)
    return profile_relation(session, "t", table="t", declared=declared, **more)  # type: ignore[arg-type]


def broken(profile: TableProfile) -> dict[str, int]:
    found = [*profile.findings, *(one for column in profile.columns for one in column.findings)]
    return {one.code: one.evidence["count"] for one in found}


def names(bad: list[object]) -> list[object]:
    return [*bad, *(SOUND[at % 4] + (" " if False else "") for at in range(ROWS - len(bad)))]


CASES = {
    "value_missing": ("ho_ten", "VARCHAR", names([None, None]), 2),
    "value_placeholder": ("ho_ten", "VARCHAR", names(["không có", "N/A", "chưa rõ", "-"]), 4),
    "text_empty": ("ho_ten", "VARCHAR", names(["", "  "]), 2),
    "column_empty": ("ho_ten", "VARCHAR", [None] * ROWS, ROWS),
    "column_constant": ("nguon", "VARCHAR", ["x1"] * ROWS, ROWS),
    "text_untrimmed": ("ho_ten", "VARCHAR", names([" Lê Minh Châu", "Lê  Minh Châu"]), 2),
    "control_character": ("ho_ten", "VARCHAR", names(["Lê\x07 Minh", "Lê\u200b Minh"]), 2),
    "markup_left": ("ghi_chu", "VARCHAR", names(["<b>gấp</b>", "a &nbsp; b"]), 2),
    "mojibake": ("ho_ten", "VARCHAR", names(["Nguyá»…n VÄƒn", "Ngu\ufffdn", "Nguy?n V?n"]), 3),
    "decomposed_text": ("ho_ten", "VARCHAR", names(["Le\u0302 Minh Cha\u0302u"]), 1),
    "spelling_variant": ("ho_ten", "VARCHAR", names(["LÊ MINH CHÂU", "lê minh châu"]), 2),
    "mixed_types": ("so_luong_xe", "VARCHAR", [*(str(at) for at in range(ROWS - 3)), "ba", "hơn 5", "12 xe"], 3),
    "text_truncated": ("mo_ta", "VARCHAR", [("x" * 44 + f"{at:06d}") if at < 80 else f"ngắn {at}" for at in range(ROWS)], 50),
    "date_as_text": ("ngay_cap", "VARCHAR", [f"{1 + at % 28:02d}/0{1 + at % 9}/2020" for at in range(ROWS)], ROWS),
    "date_impossible": ("ngay_cap", "VARCHAR", [*(f"{1 + at % 28:02d}/0{1 + at % 9}/2020" for at in range(ROWS - 2)), "31/02/2020", "00/13/2020"], 2),
    "identifier_form": ("cmnd", "VARCHAR", [*(f"1{at:08d}" for at in range(0, 997 * (ROWS - 2), 997)), "12A456789", "1234"], 2),
    "leading_zero_lost": ("so_cccd", "VARCHAR", [*(f"0{1 + at % 2 * 3 + 0:02d}{at % 4}{at % 90 + 10}{at * 4177 % 10**6:06d}" for at in range(ROWS - 2)), "1203004567", "79203004567"], 2),
    "email_invalid": ("email", "VARCHAR", [*(f"an{at}@tinh.gov.vn" for at in range(ROWS - 2)), "an.tinh.gov.vn", "an@tinh"], 2),
    "phone_invalid": ("dien_thoai", "VARCHAR", [*(f"09{at % 5}{at * 7919 % 10**7:07d}" for at in range(ROWS - 2)), "12345", "0112345678"], 2),
    "date_in_future": ("ngay_sinh", "DATE", [*(f"19{50 + at % 40}-01-02" for at in range(ROWS - 1)), "2890-01-01"], 1),
    "date_too_old": ("ngay_cap", "DATE", [*(f"19{50 + at % 40}-01-02" for at in range(ROWS - 1)), "0202-01-01"], 1),
    "year_out_of_range": ("nam_sinh", "INTEGER", [*(1950 + at % 60 for at in range(ROWS - 2)), 195, 20020], 2),
    "negative_amount": ("so_tien", "INTEGER", [*(1000 * at for at in range(ROWS - 1)), -5000], 1),
    "coordinate_out_of_range": ("vi_do", "DOUBLE", [*(10 + at * 0.01371 for at in range(ROWS - 2)), 105.83412, 0.0], 2),
    "outlier": ("so_tien", "INTEGER", [*(1000 + at for at in range(ROWS - 1)), 10**8], 1),
    "code_unknown": ("ma_xa", "VARCHAR", [*("00004" if at % 2 else "00097" for at in range(ROWS - 2)), "99999", "00000"], 2),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_of_a_column_counts_what_breaks_it(rule: str) -> None:
    name, kind, values, count = CASES[rule]

    found = broken(profiled({name: (kind, values)}))

    assert found.get(rule) == count


def test_sound_columns_break_no_rule() -> None:
    profile = profiled(
        {
            "id": ("INTEGER", range(ROWS)),
            "ho_ten": ("VARCHAR", names([])),
            "ngay_cap": ("DATE", [f"2020-0{1 + at % 9}-11" for at in range(ROWS)]),
            "thue": ("VARCHAR", ["0100109106", "0100112437"] * (ROWS // 2)),
            "co_nha": ("VARCHAR", ["Có", "Không"] * (ROWS // 2)),
        },
        key=("id",),
    )

    assert broken(profile) == {}
    assert sum(len(column.checks) for column in profile.columns) >= 30


def test_a_wrong_check_digit_is_counted() -> None:
    right = ["0100109106", "0100112437", "0300588569", "0100686209"] * (ROWS // 4)

    found = broken(profiled({"mst": ("VARCHAR", [*right[:-1], "0100109107"])}))

    assert found["check_digit"] == 1


def test_a_key_that_is_repeated_or_missing_is_an_error() -> None:
    profile = profiled(
        {"ma": ("VARCHAR", ["a", "a", "b", None, *(f"c{at}" for at in range(20))])}, key=("ma",)
    )

    assert broken(profile) == {"key_repeated": 1, "mandatory_missing": 1, "value_missing": 1}


def test_nearly_unique_identifiers_are_shown() -> None:
    numbers = [
        f"0{(1, 79, 31)[at % 3]:02d}{at % 4}{at % 90 + 10}{at * 4177 % 10**6:06d}" for at in range(ROWS - 1)
    ]

    assert broken(profiled({"cccd": ("VARCHAR", [*numbers, numbers[0]])}))["nearly_unique"] == 1


def test_no_is_an_answer_where_there_is_a_yes() -> None:
    questions = profiled({"khuyet_tat": ("VARCHAR", ["Có", "Không"] * 50)})
    names_of = profiled({"ten_goi_khac": ("VARCHAR", [*(f"tên {at}" for at in range(95)), *["không"] * 5])})

    assert questions.column("khuyet_tat").placeholders == 0
    assert names_of.column("ten_goi_khac").placeholders == 5


def test_rows_that_repeat_are_counted() -> None:
    found = broken(profiled({"a": ("INTEGER", [1, 1, 1, 2]), "b": ("VARCHAR", ["x", "x", "x", "y"])}))

    assert found["duplicate_row"] == 2
    assert "key_missing" in found


def test_hours_that_repeat_are_counted_per_station() -> None:
    moments = [f"2024-01-{1 + at // 24:02d} {at % 24:02d}:00:00" for at in range(240)]
    stations = ["Láng"] * 240 + ["Hà Đông"] * 241
    taken = [*moments, *moments, moments[7]]

    found = profiled({
        "tram": ("VARCHAR", stations), "thoi_diem": ("TIMESTAMP", taken), "mua": ("DOUBLE", [at * 0.1 for at in range(481)]),
    }).findings  # fmt: skip

    (repeated,) = [one for one in found if one.code == "duplicate_moment"]
    assert repeated.evidence["count"] == 1
    assert repeated.evidence["columns"] == "thoi_diem, tram"


def test_an_end_before_its_start_is_counted() -> None:
    starts = [f"2020-0{1 + at % 9}-01" for at in range(ROWS)]
    ends = [f"2021-0{1 + at % 9}-01" for at in range(ROWS - 2)] + ["2019-01-01"] * 2

    found = broken(profiled({"tu_ngay": ("DATE", starts), "den_ngay": ("DATE", ends)}))

    assert found["end_before_start"] == 2


def test_birth_and_sex_that_differ_from_the_number_are_a_warning() -> None:
    numbers = [
        f"0{(1, 79, 31)[at % 3]:02d}{at % 2}{50 + at % 40}{at * 4177 % 10**6:06d}" for at in range(ROWS)
    ]
    years = [1950 + at % 40 for at in range(ROWS)]
    sexes = ["Nam" if at % 2 == 0 else "Nữ" for at in range(ROWS)]
    years[5], sexes[7], sexes[8] = 1901, "Nam", "Nữ"

    found = [
        one
        for one in profiled({
            "cccd": ("VARCHAR", numbers), "nam_sinh": ("INTEGER", years), "gioi_tinh": ("VARCHAR", sexes),
        }).findings
        if one.code == "birth_against_identity"
    ]  # fmt: skip

    assert [(one.evidence["other"], one.evidence["count"], one.severity) for one in found] == [
        ("nam_sinh", 1, "warning"),
        ("gioi_tinh", 2, "warning"),
    ]


def test_a_unit_outside_the_one_above_is_counted() -> None:
    communes = ["00001", "00004", "00006", "00007"] * 50
    districts = ["001"] * (ROWS - 1) + ["271"]

    found = broken(profiled({"ma_xa": ("VARCHAR", communes), "ma_huyen": ("VARCHAR", districts)}))

    assert found["unit_hierarchy"] == 1


def test_a_total_that_is_not_its_sum_is_counted() -> None:
    men, women = [10 + at for at in range(ROWS)], [20 + at for at in range(ROWS)]
    total = [one + two for one, two in zip(men, women, strict=True)]
    total[3] += 7

    found = broken(
        profiled({"tong_so": ("INTEGER", total), "nam_gioi": ("INTEGER", men), "nu_gioi": ("INTEGER", women)})
    )

    assert found["total_not_sum"] == 1


def test_a_code_with_two_names_is_counted() -> None:
    found = broken(profiled({
        "ma_nganh": ("VARCHAR", ["A", "B"] * 100), "ten_nganh": ("VARCHAR", ["Trồng trọt", "Chăn nuôi"] * 99 + ["Trồng trọt", "Thủy sản"]),
    }))  # fmt: skip

    assert found["code_name_conflict"] == 1


def test_data_that_stopped_coming_are_out_of_date() -> None:
    days = [f"2020-01-{1 + at % 28:02d}" for at in range(ROWS)]

    assert broken(profiled({"ngay_cap_nhat": ("DATE", days)}))["outdated"] == 1


def test_a_list_that_the_caller_gives_is_kept_to() -> None:
    shared = CodeList("mức độ", "levels", {"1", "2"})

    found = profiled({"muc": ("VARCHAR", ["1", "2", "3", "1"])}, lists={"muc": shared}).column("muc").findings

    assert [(one.code, one.evidence["count"]) for one in found if one.code == "code_unknown"] == [
        ("code_unknown", 1)
    ]


def test_one_column_that_determines_another_is_seen() -> None:
    profile = profiled({
        "ma": ("VARCHAR", ["A", "B", "C", "D"] * 50), "nhom": ("VARCHAR", ["x", "x", "y", "y"] * 50),
    })  # fmt: skip

    assert profile.dependencies == (("ma", "nhom"),)


def test_a_finding_says_in_which_rows_it_stands() -> None:
    session = duckdb.connect()
    session.execute("CREATE TABLE t AS SELECT n AS id, CASE WHEN n IN (4, 9) THEN NULL WHEN n = 6 THEN ' x' ELSE 'y' || n END AS ten, "
                    "DATE '2020-01-01' AS tu_ngay, CASE WHEN n = 2 THEN DATE '2019-01-01' ELSE DATE '2021-01-01' END AS den_ngay FROM range(30) AS r(n)")  # fmt: skip

    profile = profile_relation(session, '"t"', table="t")

    places = {
        one.code: one.evidence["rows"]
        for one in (*profile.column("ten").findings, *profile.findings)
        if "rows" in one.evidence
    }
    assert places == {"value_missing": [5, 10], "text_untrimmed": [7], "end_before_start": [3]}


def test_no_finding_repeats_a_value() -> None:
    planted = "Nguyễn Thị Kín"
    profile = profiled({"ho_ten": ("VARCHAR", names([f" {planted}", planted.upper(), f"{planted}\x07"]))})

    told = [str(one.as_json()).casefold() for column in profile.columns for one in column.findings]
    assert told
    assert not any(planted.casefold() in text for text in told)


def test_the_registry_is_whole() -> None:
    assert len(RULES) >= 20
    for rule in RULES.values():
        assert rule.characteristic in CHARACTERISTICS
        assert rule.criterion in CRITERIA
        assert all((rule.vi, rule.en, rule.hint_vi, rule.hint_en))
    assert {rule.criterion for rule in RULES.values()} == set(CRITERIA)


@pytest.mark.parametrize(("locale", "said"), [("vi", "3.255 dòng"), ("en", "3,255 rows")])
def test_counts_are_said_as_the_language_groups_digits(locale: str, said: str) -> None:
    rule = next(rule for rule in RULES.values() if rule.code == "value_missing")
    assert rule.text({"count": 3255, "percent": "97%"}, locale).startswith(said)
