"""Vietnamese text: fold, sort key, slug."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.text import fold, nfc, slug, sort_key, words

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ "


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Dữ liệu đất đai", "du lieu dat dai"), ("ĐẤT ĐAI", "dat dai"), ("Ỗ Ẫ Ệ Ặ", "o a e a"), ("", "")],
)
def test_fold_takes_marks_and_case_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper()))
def test_fold_is_the_same_however_the_text_is_spelled(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()


@given(st.text())
def test_any_text_can_be_folded_sorted_and_stored(text: str) -> None:
    fold(text)
    assert sort_key(text) == sort_key(nfc(text))
    assert all(part.isalnum() for part in slug(text).replace("-", ""))


def test_names_stand_in_dictionary_order() -> None:
    names = ["Ất", "Zeta", "An", "Ân", "Ăn", "Đà", "Da", "Dạ", "Em", "Êm", "on", "ôn", "ơn"]
    assert sorted(names, key=sort_key) == [
        "An",
        "Ăn",
        "Ân",
        "Ất",
        "Da",
        "Dạ",
        "Đà",
        "Em",
        "Êm",
        "on",
        "ôn",
        "ơn",
        "Zeta",
    ]


@given(st.text())
def test_a_sort_key_is_ordered_alike_everywhere(text: str) -> None:
    assert sort_key(text).isascii()
    assert sort_key(text).isalnum()
    assert sort_key(text) == sort_key(text).lower()


def test_digits_stand_before_letters_and_foreign_letters_after() -> None:
    assert sorted(["Ω", "z", "10", "a b", "ab", "đ"], key=sort_key) == ["10", "a b", "ab", "đ", "z", "Ω"]


def test_tones_decide_only_among_equal_letters() -> None:
    assert sorted(["má", "mà", "ma", "mạ", "mả", "mã"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["mạ a", "ma b"], key=sort_key) == ["mạ a", "ma b"]


def test_words_and_slug() -> None:
    assert words("Xã, phường: “An Lộc”!") == ["xa", "phuong", "an", "loc"]
    assert slug("Danh mục xã, phường") == "danh-muc-xa-phuong"
