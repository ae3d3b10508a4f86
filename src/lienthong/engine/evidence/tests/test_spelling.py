"""Texts that have another spelling are found by their bytes exactly where they are found row by row."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lienthong.engine.evidence.digests import has_loose_rows
from lienthong.engine.evidence.spelling import has_loose_letters, has_loose_texts


def by_rows(path: Path, names: list[str]) -> bool:
    with duckdb.connect() as connection:
        pairs = [(name, "VARCHAR") for name in names]
        return has_loose_rows(lambda sql: connection.execute(sql).fetchall()[0], f"'{path}'", pairs)


def test_every_letter_is_judged_by_its_bytes_as_it_is_row_by_row() -> None:
    """Given each letter of the first planes, when its bytes are looked at, then the answer is that of the expression."""
    letters = [chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x11000), 0x1F600, 0x2F800)]
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"t": letters}))
        loose = {letter for (letter,) in connection.execute(
            "SELECT t FROM given WHERE strlen(t) > 1 AND NOT regexp_full_match(t, "
            "'[\\x{0}-\\x{2FF}\\x{1E00}-\\x{1E99}\\x{1E9C}-\\x{1EFF}\\x{2010}-\\x{205E}\\x{20A0}-\\x{20BF}]*')"
        ).fetchall()}  # fmt: skip
    last = {letter for letter in letters if has_loose_letters(np.frombuffer(letter.encode(), np.uint8))}
    assert last == loose
    judged = {
        letter for letter in letters if has_loose_letters(np.frombuffer(f"a{letter}b".encode(), np.uint8))
    }
    assert judged == loose
    # What the rule takes as firm is written canonically indeed.
    assert all(unicodedata.is_normalized("NFC", letter) for letter in letters if letter not in judged)


@pytest.mark.parametrize(
    ("texts", "loose"),
    [
        (["Phường Đông Hòa", "Số 12 – tổ 4", None, ""], False),
        (["Phường Đông Hòa", unicodedata.normalize("NFD", "Đông Hòa")], True),
        (["01", "02 "], True),
        (["01", "02", " "], True),
        (["của 中", "của"], True),
        (["x" * 262_143 + "ế", "y" * 262_139 + "ế", "z" * 262_138 + "ế"], False),
        (["x" * 262_143 + "\u0301", "y"], True),
        (["x" * 262_142 + "\u1e9b", "y"], True),
        (["x" * 262_142 + "\u0301"], True),
        (["", "a ", ""], True),
        (["", "", "a"], False),
        ([None, None], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("dictionary", [True, False])
def test_a_file_is_judged_as_its_rows_are(
    tmp_path: Path, texts: list[str | None], loose: bool, dictionary: bool
) -> None:
    """Given texts in a file, with a dictionary or without, when asked, then the answer is that of the rows."""
    path = tmp_path / "t.parquet"
    table = pa.table({"n": pa.array(range(len(texts))), "t": pa.array(texts, pa.string())})
    pq.write_table(table, path, row_group_size=2, use_dictionary=dictionary)

    assert has_loose_texts(path, ["t"], threads=2) is loose
    assert by_rows(path, ["t"]) is loose
    assert has_loose_texts(path, []) is False
