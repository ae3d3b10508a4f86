"""How texts and places are cited, and recognised in what people write."""

from __future__ import annotations

import pytest

from lienthong.law.citations import (
    Place,
    covers,
    instrument_text,
    named_by,
    numbers_in,
    place_of,
    place_text,
    provision_text,
)


@pytest.mark.parametrize(
    ("at", "vi", "en"),
    [
        ("35", "Điều 35", "Article 35"),
        ("35.3", "khoản 3 Điều 35", "Article 35, clause 3"),
        ("16.2.đ", "điểm đ khoản 2 Điều 16", "Article 16, clause 2, point đ"),
        ("pl4-2", "", ""),
        ("", "", ""),
    ],
)
def test_places_are_cited_as_offices_do(at, vi, en) -> None:
    assert place_text(place_of(at), "vi") == vi
    assert place_text(place_of(at), "en") == en


def test_texts_are_cited_by_kind() -> None:
    assert instrument_text("decree", "47/2020/NĐ-CP", "x", "vi") == "Nghị định số 47/2020/NĐ-CP"
    assert instrument_text("law", "60/2024/QH15", "Luật Dữ liệu", "vi") == "Luật Dữ liệu số 60/2024/QH15"
    assert instrument_text("law", "60/2024/QH15", "Data Law", "en") == "Data Law 60/2024/QH15"
    assert instrument_text("standard", "QCVN 09:2025/BCA", "x", "vi") == "QCVN 09:2025/BCA"
    assert provision_text("", "Luật", "vi") == "Luật"
    assert provision_text("Article 1", "Decree 5", "en") == "Article 1, Decree 5"


def test_a_place_covers_what_lies_in_it_and_nothing_beside_it() -> None:
    assert covers("20", "20.3")
    assert covers("20", "20")
    assert covers("", "20.3")
    assert not covers("2", "20.3")
    assert not covers("20.3", "20")
    assert place_of("35.3") == Place("35", "3")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định số 47/2020/NĐ-CP ngày 09/04/2020", ["47/2020/NĐ-CP"]),
        ("Quyết định 714/QĐ-TTg", ["714/QĐ-TTg"]),
        ("Công văn 2051/BTTTT-THH và Luật 20/2023/QH15.", ["2051/BTTTT-THH", "20/2023/QH15"]),
        ("không có số", []),
    ],
)
def test_numbers_are_found_in_running_text(text, numbers) -> None:
    assert [found for found in numbers_in(text) if not found.startswith("09")] == numbers


def test_a_short_number_stands_for_the_full_one() -> None:
    known = ["47/2020/NĐ-CP", "147/2020/NĐ-CP", "714/QĐ-TTg"]
    assert named_by("47/2020", known) == "47/2020/NĐ-CP"
    assert named_by("47/2020/nđ-cp", known) == "47/2020/NĐ-CP"
    assert named_by("47/202", known) is None
    assert named_by("714/QĐ-TTg", known) == "714/QĐ-TTg"
