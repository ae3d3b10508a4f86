"""What is told of many texts by their bytes is what the rules tell of each."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lienthong.engine.portable import CONDITIONS, Measured, grouped
from lienthong.engine.profile.checking import Subject, counters_for
from lienthong.engine.profile.letters import ROWS, told_by_bytes
from lienthong.engine.profile.sampling import Shown
from lienthong.engine.profile.unrepeated import measured_by_rows
from lienthong.engine.shapes import Column, SemanticType

ODD = "\x00\t\x1f\x7f\x80\xa0\xadºᴬ\u200b\u200f\u0300\u036f\ufeff\ufffd<&?ÃÂÄÆ€»  "
LETTERS = st.sampled_from("019aZ .,-/đĐàÁếỄƯự°²–“Å" + ODD)
TEXTS = st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def session():
    with duckdb.connect() as made:
        yield made


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
@example(texts=["12", "34"])
@example(texts=["Số 1", "phường Đông Hòa"])
@example(texts=["a", " b"])
@example(texts=["a ", "b"])
@example(texts=["1 ", "2"])
@example(texts=["a", "", "b"])
@example(texts=[""])
def test_no_text_is_told_to_be_what_it_is_not(session: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    """Given any texts side by side, when told by their bytes, then none counts as digits or as nothing odd that is not so."""
    asked = ", ".join(CONDITIONS[name].sql("duckdb", "v") for name in ("plain_digits", "odd_text"))
    given_texts = pa.table({"v": pa.array(texts)})
    session.register("t", given_texts)
    rules = session.execute(f"SELECT {asked} FROM t").fetchall()

    digits, fine = told_by_bytes(given_texts.column("v"))

    for text, (plain, odd), is_digits, is_fine in zip(texts, rules, digits, fine, strict=True):
        assert plain or not is_digits, text
        assert not odd or not is_fine, text


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["12", "0034"], (True, True)),
        (["Số 1, tổ 2", "phường Đông Hòa"], (False, True)),
        (["Số 1", "12"], (False, True)),
        (["ĐÔNG HÀ", "Ái Mộ"], (False, True)),
        (["XÃ AN", "Đông"], (False, False)),
    ],
)
def test_texts_without_anything_odd_are_told_to_be_so(texts: list[str], told: tuple[bool, bool]) -> None:
    digits, fine = told_by_bytes(pa.chunked_array([pa.array(texts), pa.array(["<b>"])]))

    assert [(bool(a), bool(b)) for a, b in zip(digits, fine, strict=True)] == [told, told, (False, False)]


@pytest.mark.parametrize("meaning", [None, "citizen_number", "person_name"])
def test_rules_count_the_same_whichever_way_texts_are_read(
    session: duckdb.DuckDBPyConnection, meaning: str | None
) -> None:
    """Given very many texts, some odd, when they are asked by rows, then every rule counts what it counts of different values."""
    texts = [f"{at:012}" if at < 2 * ROWS else f"Nguyễn Văn {at}" for at in range(5 * ROWS)]
    slips = (
        " đầu",
        "cuối ",
        "hai  dấu",
        "<b>đậm</b>",
        "Hoa\u0300",
        "Nguyá»…n",
        "x\u200by",
        "",
        "không rõ",
        "-",
        "000000",
        "1",
    )
    texts[3 * ROWS : 3 * ROWS + len(slips)] = slips
    subject = Subject(Column("c", "text"), "t", "text", SemanticType(meaning))
    asked = [(counter.rule, counter.sql) for counter in counters_for(subject)]
    column = Measured("c", "text")
    session.register("t", pa.table({"c": pa.array([*texts, None])}))
    statement = grouped(column, "t", 0, asked)
    _, (wanted,) = statement.read(session.execute(statement.sql).fetchall()[0])

    found = measured_by_rows(session, column, "t", asked, Shown(values=["Nguyễn"]), len(texts))

    assert found == wanted
    assert all(
        found[rule]
        for rule in ("text_untrimmed", "control_character", "markup_left", "mojibake", "decomposed_text")
    )
