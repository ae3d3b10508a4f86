"""A person may have a table read otherwise; a choice that does not hold is refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lienthong.engine.errors import ReadingRefused, TableNotFound
from lienthong.engine.shapes import ReadingChoice
from lienthong.engine.sources import choices_from, open_source

FILE = "Danh sách\nMã;Tên;Số\n01;Xã A;1.234\n02;Xã B;2.345\n;Tổng số;3.579\nNguồn: tự tổng hợp\n"


def rows(path: Path, choice: ReadingChoice) -> list[tuple[Any, ...]]:
    with open_source(str(path), choices={"x": choice}) as source:
        return source.connect().execute(f"SELECT * FROM {source.relation('x')}").fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "x.csv").write_text(FILE)
    return tmp_path / "x.csv"


def test_types_rows_and_heading_are_taken_as_chosen(path: Path) -> None:
    choice = ReadingChoice(
        keep_rows=frozenset({5}), skip_rows=frozenset({4}), types={"Số": "integer", "Mã": "integer"}
    )

    assert rows(path, choice) == [(1, "Xã A", 1234), (None, "Tổng số", 3579)]
    assert rows(path, ReadingChoice(types={"Số": "double"})) == [("01", "Xã A", 1.234), ("02", "Xã B", 2.345)]
    assert rows(path, ReadingChoice(types={"Số": "text"}))[0] == ("01", "Xã A", "1.234")


def test_what_was_chosen_is_in_the_report(path: Path) -> None:
    choice = ReadingChoice(header_rows=(2,), skip_rows=frozenset({4}))

    with open_source(str(path), choices={"x": choice}) as source:
        told = source.look().tables[0].reading

    assert told is not None
    assert [(row.number, row.reason) for row in told.skipped_rows] == [
        (1, "title"), (4, "chosen"), (5, "total"), (6, "footer"),
    ]  # fmt: skip


def test_another_heading_delimiter_or_encoding(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("a|b;c\nHuế|1;2\n".encode("utf-16-le"))

    assert rows(tmp_path / "x.csv", ReadingChoice(delimiter="|")) == [("Huế", "1;2")]
    assert rows(tmp_path / "x.csv", ReadingChoice(delimiter=";", header_rows=())) == [
        ("a|b", "c"),
        ("Huế|1", "2"),
    ]
    assert rows(tmp_path / "x.csv", ReadingChoice(encoding="UTF-16LE", delimiter="|")) == [("Huế", "1;2")]


@pytest.mark.parametrize(
    ("choice", "row", "column", "value"),
    [
        (ReadingChoice(types={"Tên": "integer"}), 3, "Tên", "Xã A"),
        (ReadingChoice(types={"Số": "date"}), 3, "Số", "1.234"),
        (ReadingChoice(types={"không có": "text"}), None, "không có", None),
        (ReadingChoice(header_rows=(99,)), 99, None, None),
        (ReadingChoice(keep_rows=frozenset({77})), 77, None, None),
        (ReadingChoice(skip_rows=frozenset({1})), 1, None, None),
        (ReadingChoice(encoding="utf-16-le"), 2, None, None),
        (ReadingChoice(encoding="không-có"), None, None, None),
    ],
)
def test_a_choice_that_does_not_hold_is_refused_with_its_place(
    path: Path, choice: ReadingChoice, row: int | None, column: str | None, value: str | None
) -> None:
    if choice.encoding == "utf-16-le":
        path.write_bytes(b"a;b\n\x00\xd8\x00\xd8x")
    with pytest.raises(ReadingRefused) as refused:
        rows(path, choice)

    facts = refused.value.facts
    assert (facts["row"], facts["column"], facts["value"]) == (row, column, value)


def test_a_choice_for_a_table_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(TableNotFound), open_source(str(path), choices={"y": ReadingChoice()}) as source:
        source.tables()


def test_a_sheet_is_read_as_chosen(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("x")
        for number, line in enumerate([["ghi chú", ""], ["Mã", "Số"], ["01", "12"], ["Tổng số", 12]]):
            sheet.write_row(number, 0, line)
    choice = ReadingChoice(header_rows=(2,), skip_rows=frozenset({4}), types={"Số": "integer"})

    assert rows(tmp_path / "x.xlsx", choice) == [("01", 12)]
    with pytest.raises(ReadingRefused) as refused:
        rows(
            tmp_path / "x.xlsx",
            ReadingChoice(header_rows=(2,), types={"Mã": "integer"}, keep_rows=frozenset({4})),
        )
    assert refused.value.facts["row"] == 4


@pytest.mark.parametrize(
    "form",
    [
        [],
        {"x": []},
        {"x": {"header": [1]}},
        {"x": {"header_rows": ["1"]}},
        {"x": {"skip_rows": [0]}},
        {"x": {"delimiter": ";;"}},
        {"x": {"types": {"a": "varchar"}}},
        {"x": {"encoding": 5}},
    ],
)
def test_a_form_that_says_nothing_is_refused(form: Any) -> None:
    with pytest.raises(ReadingRefused):
        choices_from(form)


def test_a_report_can_be_given_back_as_a_choice(path: Path) -> None:
    with open_source(str(path)) as source:
        told = source.look().tables[0].reading
    assert told is not None

    assert choices_from({"x": told.as_json()}) == {
        "x": ReadingChoice(encoding="utf-8", delimiter=";", header_rows=(2,))
    }
