"""A limit is told in the words of each language."""

from __future__ import annotations

from lienthong.engine.errors import SourceTooLarge


def test_each_language_has_words_and_digits_of_its_own() -> None:
    error = SourceTooLarge.beyond("a.csv", 5000, "cột", "columns")
    assert error.text("vi") == "a.csv vượt giới hạn cho phép (5.000 cột)."
    assert error.text("en") == "a.csv is beyond the limit allowed (5,000 columns)."
