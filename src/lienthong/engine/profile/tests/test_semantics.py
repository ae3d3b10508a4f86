"""What columns mean is told from their forms and names, and look-alikes are kept apart."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.engine.profile.forms import is_tax_code
from lienthong.engine.profile.semantics import Values, semantic_type
from lienthong.engine.shapes import ColumnType, SemanticType

from .lookalikes import Made, citizen, columns, digits, phone, tax

IDENTIFIERS = (
    "citizen_number",
    "old_identity_number",
    "tax_code",
    "social_insurance",
    "health_insurance",
    "phone",
)
HELD_OUT_SEED = 20_260_701


def told(column: Made) -> str | None:
    step = max(1, len(column.values) // 1000)
    kept = [pair for pair in zip(column.values, column.counts, strict=True) if pair[0] != "không có"][::step]
    texts, counts = [value.strip() for value, _ in kept], [count for _, count in kept]
    whole = column.type == "integer"
    return semantic_type(
        Values(texts, column.type, column.name, column.comment, len(column.values), whole, counts)
    ).name


def scored(made: Iterable[Made]) -> tuple[float, list[tuple[str, str, str | None, str | None]]]:
    """The F1 of columns, and what went wrong."""
    right = wrong = missed = 0
    errors = []
    for column in made:
        found = told(column)
        if found == column.expected:
            right += found is not None
            continue
        errors.append(
            (column.kind, column.name + "|" + column.comment + "|" + column.type, column.expected, found)
        )
        wrong += found is not None
        missed += column.expected is not None
    return 2 * right / (2 * right + wrong + missed), errors


@pytest.mark.parametrize(
    ("seed", "held_out"), [(1, False), (HELD_OUT_SEED, True)], ids=["tuned on", "held out"]
)
def test_meanings_of_columns_are_told(seed: int, held_out: bool) -> None:
    f1, errors = scored(columns(seed, held_out=held_out, rounds=2))

    assert f1 >= 0.98, errors
    assert [one for one in errors if one[2] in IDENTIFIERS and one[3] in IDENTIFIERS] == []


def meaning(
    values: list[str], name: str = "c7", kind: ColumnType = "text", comment: str = ""
) -> SemanticType:
    return semantic_type(Values(values, kind, name, comment, len(values), whole=kind == "integer"))


def test_the_reason_tells_share_rule_and_cue() -> None:
    rng = random.Random(5)
    numbers = [citizen(rng) for _ in range(297)] + ["12", "abc", "9"]

    told = meaning(numbers, "so_cccd")

    assert (told.name, told.pass_rate) == ("citizen_number", 0.99)
    assert told.reason == (
        "99% giá trị đúng dạng số định danh cá nhân 12 chữ số; tên hoặc chú thích cột có “cccd”"
    )
    assert "99% of the values" in told.reason_en


def test_structure_of_citizen_numbers_is_evidence_and_no_gate() -> None:
    rng = random.Random(6)
    newer = [digits(rng, 12) for _ in range(300)]

    assert meaning(newer, "so_dinh_danh_ca_nhan").name == "citizen_number"
    assert meaning(newer, "ma_giao_dich").name is None


def test_zeros_lost_in_a_spreadsheet_are_recognised_and_said() -> None:
    rng = random.Random(7)

    for make, name in ((citizen, "citizen_number"), (tax, "tax_code"), (phone, "phone")):
        told = meaning([make(rng).lstrip("0") for _ in range(300)], "c7", "integer")
        assert (told.name, "số 0 đứng đầu đã mất" in told.reason) == (name, True)


def test_a_name_that_the_values_belie_is_said_and_not_believed() -> None:
    rng = random.Random(8)
    half = [tax(rng) for _ in range(120)] + [digits(rng, 7) for _ in range(130)]

    told = meaning(half, "mst")

    assert told.name is None
    assert "chỉ 48% giá trị đúng dạng mã số thuế" in told.reason


def test_nine_digits_without_a_word_for_them_prove_nothing() -> None:
    rng = random.Random(9)
    numbers = [digits(rng, 9) for _ in range(300)]

    assert meaning(numbers).name is None
    assert meaning(numbers, "so_cmnd").name == "old_identity_number"


@given(st.lists(st.text(max_size=30), max_size=40), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_column_is_borne(values: list[str], name: str) -> None:
    told = meaning(values, name)

    assert 0 <= told.pass_rate <= 1


@pytest.mark.parametrize("code", ["0100109106", "0100112437", "0300588569", "0100109106001"])
def test_tax_codes_have_a_check_digit(code: str) -> None:
    assert is_tax_code(code)
    assert not is_tax_code(code[:9] + str((int(code[9]) + 1) % 10))


def test_the_era_and_level_of_units_is_told() -> None:
    told = meaning(["00001", "00004", "00006", "00007", "00008", "00013", "00016", "00019"] * 3, "ma_xa")

    assert (told.name, told.detail) == ("administrative_code", "commune before_2025")


if __name__ == "__main__":
    import sys

    for label, made in (
        ("tuned on", columns(1, rounds=6)),
        ("held out", columns(HELD_OUT_SEED, held_out=True, rounds=6)),
    ):
        f1, errors = scored(made)
        print(label, round(f1, 4), len(errors))
        if label == "tuned on" or "all" in sys.argv:
            for error in errors:
                print("   ", error)


@pytest.mark.parametrize("kind", ["Xã", "Phường", "Quận"])
def test_names_of_units_that_no_list_knows_are_not_taken_for_persons(kind: str) -> None:
    words = (
        "An",
        "Bình",
        "Cường",
        "Dung",
        "Hà",
        "Hạnh",
        "Hùng",
        "Lan",
        "Mai",
        "Nam",
        "Phúc",
        "Quân",
        "Sơn",
        "Tâm",
    )
    names = [f"{kind} {first} {second}" for first in words for second in words]
    found = semantic_type(Values(names, "text", "ten", "", len(names), False, [1] * len(names)))
    assert found.name == "administrative_name"
    assert "từ chỉ loại đơn vị" in found.reason
