"""The real case, and the false alarms: a local copy of a national list is found without being told the columns."""

import math
import unicodedata

import duckdb
import pyarrow as pa
import pytest

from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.shapes import Overlap
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import (
    KEY,
    as_table,
    communes,
    goods,
    local_copy,
    national,
    old_communes,
    old_units,
    people,
    sketched,
)
from lienthong.engine.overlap.weights import base


@pytest.fixture(scope="module")
def the_list():
    return sketched("quoc-gia", rank=0, xa=national())


def found(result: Overlap) -> dict[str, str]:
    return {match.right.column: match.left.column for match in result.matches}


@pytest.mark.parametrize("style", ["vi", "glued", "camel", "capitals", "short", "spaced", "opaque"])
def test_a_local_copy_under_other_names_is_found_with_its_columns(the_list, style):
    for seed in (11, 12):
        copy = local_copy(seed, style=style)
        result = find_overlaps(the_list, sketched("dia-phuong", rank=3, dvhc=copy.table))

        matched = found(result)
        right = sum(matched.get(column) == truth for column, truth in copy.truth.items())
        assert all(copy.truth.get(column) == left for column, left in matched.items()), matched
        assert right >= 0.8 * len(copy.truth)
        assert result.verdict.overlaps
        assert result.verdict.above == "quoc-gia"
        subjects = result.verdict.tables[0].subjects
        assert subjects is not None
        assert subjects.left.column == "ma_xa"


@pytest.mark.parametrize(("seed", "lost_zeros"), [(21, False), (22, True), (23, True)])
def test_the_share_in_common_is_what_sql_counts(the_list, seed, lost_zeros):
    copy = local_copy(seed, lost_zeros=lost_zeros)
    result = find_overlaps(the_list, sketched("dia-phuong", dvhc=copy.table))
    match = next(match for match in result.matches if match.left.column == "ma_xa")
    column = match.right.column
    connection = duckdb.connect()
    connection.register("local", copy.table)
    connection.register("official", national())
    both, left, right = connection.execute(
        f"""SELECT (SELECT count(DISTINCT ma_xa) FROM official WHERE ma_xa IN
                     (SELECT lpad(CAST("{column}" AS VARCHAR), 5, '0') FROM local)),
                   (SELECT count(DISTINCT ma_xa) FROM official),
                   (SELECT count(DISTINCT "{column}") FROM local)"""
    ).fetchone()

    assert match.kind == "overlap"
    assert match.is_key
    assert match.common == both
    assert match.containment_left.value == pytest.approx(both / left)
    assert match.containment_right.value == pytest.approx(both / right)
    assert match.containment_left.low == match.containment_left.high == match.containment_left.value
    codes = [reason.code for reason in match.reasons]
    assert ("leading_zeros" in codes) == lost_zeros
    connection.close()


def test_old_and_new_units_overlap_and_their_measures_are_not_confused(the_list):
    old = as_table(
        ("ma", "ten", "loai", "ma_tinh", "ten_tinh", "lat", "lng", "x"),
        [row[:7] + (1,) for row in old_communes()],
    )
    result = find_overlaps(the_list, sketched("cu", xa_cu=old))

    matched = found(result)
    assert (matched["ma"], matched["ten"], matched["ma_tinh"]) == ("ma_xa", "ten_xa", "ma_tinh")
    assert (matched.get("lat", "vi_do"), matched.get("lng", "kinh_do")) == ("vi_do", "kinh_do")
    assert "dien_tich_km2" not in matched.values()
    assert result.verdict.overlaps


def test_names_without_the_word_for_the_unit_agree_and_say_so(the_list):
    rows = [
        (row[0], unicodedata.normalize("NFD", row[1].split(" ", 1)[1]).upper()) for row in communes()[::5]
    ]
    result = find_overlaps(the_list, sketched("b", t=as_table(("k", "v"), rows)))

    match = next(match for match in result.matches if match.right.column == "v")
    assert match.left.column == "ten_xa"
    assert "unit_words" in [reason.code for reason in match.reasons]
    assert match.containment_right.value > 0.95


def test_two_registers_of_other_people_do_not_overlap():
    for seed in range(3):
        result = find_overlaps(
            sketched("a", dan_cu=people(seed, 2500)), sketched("b", ho_so=people(seed + 50, 2000))
        )
        assert not result.verdict.overlaps
        assert {match.left.column for match in result.matches if match.kind == "overlap"} == set()


def test_unrelated_databases_have_nothing_in_common():
    for seed in range(3):
        result = find_overlaps(
            sketched("a", dan_cu=people(seed, 1500)), sketched("b", hang=goods(seed, 1500))
        )
        assert result.matches == ()
        assert not result.verdict.overlaps


def test_a_part_of_one_register_is_found_in_another():
    whole = people(7, 3000)
    part = whole.slice(200, 400).rename_columns(["CCCD", "full_name", "dob", "sex", "tel", "xa", "prov"])
    result = find_overlaps(sketched("a", dan_cu=whole), sketched("b", khach=part))

    assert result.verdict.overlaps
    matched = found(result)
    assert matched == {
        "CCCD": "so_dinh_danh",
        "full_name": "ho_ten",
        "dob": "ngay_sinh",
        "sex": "gioi_tinh",
        "tel": "dien_thoai",
        "xa": "ma_xa",
        "prov": "tinh",
    }
    key = result.matches[0]
    assert key.left.column == "so_dinh_danh"
    assert key.containment_right.value == 1.0


def test_databases_that_use_one_list_of_units_share_a_code_list_only():
    above = sorted({(row[3], row[4]) for row in communes()})
    schools = [(f"TH{i:05d}", f"Trường số {i}", *above[i % len(above)]) for i in range(900)]
    bridges = [(f"C-{i}", i * 7.5 + 0.25, *above[(i * 5) % len(above)]) for i in range(700)]
    result = find_overlaps(
        sketched("a", truong=as_table(("ma_truong", "ten_truong", "ma_tinh", "ten_tinh"), schools)),
        sketched("b", cau=as_table(("so_hieu", "chieu_dai", "ma_tinh_thanh", "tinh_thanh_pho"), bridges)),
    )

    assert {(match.left.column, match.right.column, match.kind) for match in result.matches} == {
        ("ma_tinh", "ma_tinh_thanh", "code_list"),
        ("ten_tinh", "tinh_thanh_pho", "code_list"),
    }
    assert not result.verdict.overlaps
    assert result.verdict.tables[0].kind == "code_list"
    assert any("tỉnh" in reason.vi for match in result.matches for reason in match.reasons)


def test_running_numbers_prove_nothing():
    one = pa.table({"id": range(1, 501), "noi_dung": [f"công văn {i}" for i in range(500)]})
    other = pa.table({"stt": range(1, 401), "mo_ta": [f"thiết bị {i * 3}" for i in range(400)]})

    assert not find_overlaps(sketched("a", x=one), sketched("b", y=other)).verdict.overlaps


def test_every_score_can_be_replayed_from_its_reasons(the_list):
    result = find_overlaps(the_list, sketched("b", dvhc=local_copy(31).table))

    assert result.matches
    for match in result.matches:
        weight = base(level=2) + sum(reason.adds for reason in (*match.reasons, *match.against))
        assert match.score == pytest.approx(1 / (1 + math.exp(-weight)))
        assert all(reason.adds > 0 for reason in match.reasons)
        assert all(reason.adds < 0 for reason in match.against)
        assert all(reason.vi and reason.en for reason in (*match.reasons, *match.against))


def test_no_value_is_in_what_is_reported():
    whole = people(9, 500)
    result = find_overlaps(sketched("a", x=whole), sketched("b", y=whole.slice(0, 200)))
    told = str([match.as_json() for match in result.matches]) + str(result.verdict.as_json())

    for column in ("so_dinh_danh", "ho_ten", "dien_thoai"):
        assert not any(str(value) in told for value in whole[column].to_pylist()[:50])


def test_left_and_right_may_be_exchanged(the_list):
    local = sketched("b", dvhc=local_copy(41).table)
    there, back = find_overlaps(the_list, local), find_overlaps(local, the_list)

    assert {(m.left.column, m.right.column) for m in there.matches} == {
        (m.right.column, m.left.column) for m in back.matches
    }
    assert {round(m.score, 9) for m in there.matches} == {round(m.score, 9) for m in back.matches}


def test_under_different_keys_no_value_meets():
    table = people(3, 300)
    result = find_overlaps(sketched("a", x=table, key=KEY), sketched("b", x=table, key=bytes(32)))

    assert all(not match.common for match in result.matches)


def test_names_and_profiles_alone_still_nominate_the_pair(the_list):
    copy = local_copy(51, style="camel")
    for level in (0, 1):
        plan = Plan(level=level)
        result = find_overlaps(
            sketched("a", plan=plan, xa=national()), sketched("b", plan=plan, dvhc=copy.table)
        )
        matched = found(result)
        codes = [column for column, left in copy.truth.items() if left in ("ma_tinh", "vi_do", "kinh_do")]
        assert all(matched.get(column) == copy.truth[column] for column in codes)
        assert all(match.level == level for match in result.matches)
        assert all(match.containment_left is None for match in result.matches)


def test_three_levels_of_units_are_each_matched_with_their_own(the_list):
    """Districts bear names of communes or of the unit above: that is chance, not a common subject."""
    old = old_communes()
    districts = sorted({(row[8], row[9], row[3]) for row in old_units()})
    above = sorted({(row[3], row[4]) for row in old})
    database = sketched(
        "cu",
        tinh=as_table(("code", "name"), above),
        huyen=as_table(("code", "name", "province_code"), districts),
        xa=as_table(("code", "name", "province_code"), [(row[0], row[1], row[3]) for row in old]),
    )
    result = find_overlaps(database, the_list)

    tables = {table.left_table: table.kind for table in result.verdict.tables}
    assert tables["xa"] == "overlap"
    assert tables.get("huyen", "none") != "overlap"
    assert tables["tinh"] == "code_list"
    matched = {(str(match.left), match.right.column) for match in result.matches}
    assert ("cu.xa.code", "ma_xa") in matched
    assert ("cu.xa.name", "ten_xa") in matched
    assert ("cu.tinh.name", "ten_tinh") in matched
