"""Sheets as people draw them: titles, merged headings, notes, and the values under them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lienthong.engine.errors import FileEncrypted, FileMalformed, SourceEmpty, SourceTooLarge
from lienthong.engine.session import Limits
from lienthong.engine.shapes import Look
from lienthong.engine.sources import open_source
from lienthong.engine.sources.workbook import lay_out


def write(path: Path, **sheets: Callable[[Any, Any], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, fill in sheets.items():
            fill(book.add_worksheet(name), book)
    return path


def rows(*lines: list[Any]) -> Callable[[Any, Any], None]:
    def fill(sheet: Any, book: Any) -> None:
        for number, line in enumerate(lines):
            for order, cell in enumerate(line):
                if isinstance(cell, datetime):
                    sheet.write_datetime(
                        number, order, cell, book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
                    )
                elif isinstance(cell, date):
                    sheet.write_datetime(number, order, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
                elif isinstance(cell, time):
                    sheet.write_datetime(number, order, cell, book.add_format({"num_format": "hh:mm"}))
                elif cell is not None:
                    sheet.write(number, order, cell)

    return fill


def look(path: Path) -> Look:
    with open_source(str(path)) as source:
        return source.look()


def test_every_sheet_is_a_table_and_every_kind_of_cell_has_its_type(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.xlsx",
        xa=rows(
            ["ma", "ten", "so", "dien tich", "ngay", "luc", "dung", "trộn"],
            ["00001", "Phúc Xá", 1, 0.92, date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), True, 1],
            ["00004", None, 2, 2, date(2024, 2, 29), datetime(2024, 1, 2, 3, 5), False, "1.234,5"],
            ["00004", "Cống Vị", 2, None, None, None, None, 2.5],
        ),
        tinh=rows(["ma"], ["01"]),
    )

    seen = look(path)

    assert [looked.table.name for looked in seen.tables] == ["xa", "tinh"]
    found = {c.name: (c.type, c.nulls, c.distinct, c.min, c.max) for c in seen.tables[0].profile.columns}
    assert found == {
        "ma": ("text", 0, 2, "00001", "00004"),
        "ten": ("text", 1, 2, "Cống Vị", "Phúc Xá"),
        "so": ("integer", 0, 2, 1, 2),
        "dien tich": ("double", 1, 2, 0.92, 2.0),
        "ngay": ("date", 1, 2, "2024-01-02", "2024-02-29"),
        "luc": ("timestamp", 1, 2, "2024-01-02T03:04:00", "2024-01-02T03:05:00"),
        "dung": ("boolean", 1, 2, False, True),
        "trộn": ("double", 0, 3, 1.0, 1234.5),
    }
    assert seen.findings == ()


def test_a_statistical_sheet_is_read_under_its_merged_headings(tmp_path: Path) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.merge_range(0, 0, 0, 4, "05. DÂN SỐ TRUNG BÌNH")
        sheet.merge_range(1, 3, 1, 4, "Đơn vị: Nghìn người")
        sheet.merge_range(2, 0, 3, 0, "Địa phương")
        sheet.merge_range(2, 1, 2, 2, 2015)
        sheet.merge_range(2, 3, 2, 4, "Sơ bộ 2016")
        for order, name in enumerate(["Nam", "Nữ", "Nam", "Nữ"], 1):
            sheet.write(3, order, name)
        for order, name in enumerate(["A", 1, 2, 3, 4]):
            sheet.write(4, order, name)
        for number, place in enumerate(["CẢ NƯỚC", "Hà Nội", "Huế"], 5):
            sheet.write(number, 0, place)
            for order in range(1, 5):
                sheet.write(number, order, "1.234,5" if number == 5 else number + order / 10)
        sheet.write(9, 0, "Nguồn: Tổng cục Thống kê")

    seen = look(write(tmp_path / "x.xlsx", bieu=fill))

    profile = seen.tables[0].profile
    assert [c.name for c in profile.columns] == [
        "Địa phương", "2015 Nam", "2015 Nữ", "Sơ bộ 2016 Nam", "Sơ bộ 2016 Nữ",
    ]  # fmt: skip
    assert profile.rows == 2
    assert (profile.column("2015 Nam").type, profile.column("2015 Nam").max) == ("double", 7.1)
    reading = seen.tables[0].reading
    assert reading is not None
    assert reading.header_rows == (3, 4)
    assert [(row.number, row.reason) for row in reading.skipped_rows] == [
        (1, "title"), (2, "note"), (5, "column_numbers"), (6, "total"), (9, "blank"), (10, "footer"),
    ]  # fmt: skip
    assert {finding.code for finding in seen.findings} == {
        "lines_before_header", "lines_after_data", "rows_set_aside",
    }  # fmt: skip


def test_a_last_row_with_one_cell_is_data_when_it_stands_with_the_others() -> None:
    laid = lay_out([["a", "b", "c"], [1, 2, 3], [4, "", ""]], [])

    assert laid is not None
    assert (laid.rows, laid.found.aside) == ([[1, 2, 3], [4, "", ""]], {})


def test_empty_lines_and_columns_are_no_data() -> None:
    laid = lay_out([["", "", ""], ["", "ma", "ten"], ["", "", ""], ["", "01", "x"], ["", "", ""]], [])

    assert laid is not None
    assert laid.heading.names == ("ma", "ten")
    assert (list(laid.numbers), laid.rows) == ([4], [["", "01", "x"]])


def test_headings_without_words_or_twice_the_same() -> None:
    laid = lay_out([["ma", "", "Ma", 2015.0], ["01", 1, 2, 3]], [])

    assert laid is not None
    assert laid.heading.names == ("ma", "column2", "Ma_2", "2015")


def test_numbers_only_are_data_without_a_heading() -> None:
    laid = lay_out([[5, 6], [7, 8]], [])

    assert laid is not None
    assert (laid.heading.names, laid.rows) == (("column1", "column2"), [[5, 6], [7, 8]])


def test_the_rows_can_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.xlsx", xa=rows(["ma", "so"], ["01", 1], ["02", None]))

    with open_source(str(path)) as source:
        assert source.read_arrow("xa").read_all().to_pylist() == [
            {"ma": "01", "so": 1},
            {"ma": "02", "so": None},
        ]


def test_a_workbook_without_cells_is_empty(tmp_path: Path) -> None:
    with pytest.raises(SourceEmpty):
        look(write(tmp_path / "x.xlsx", trang=rows()))


def test_damaged_locked_and_swollen_workbooks_are_refused(tmp_path: Path) -> None:
    good = write(tmp_path / "good.xlsx", a=rows(["ma"], ["x" * 3000]))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "nothing of the kind")
    cases = {
        b"": SourceEmpty,
        b"PK\x03\x04 not really": FileMalformed,
        good.read_bytes()[:-200]: FileMalformed,
        held.getvalue(): FileMalformed,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600: FileEncrypted,
    }
    for content, refusal in cases.items():
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(refusal):
            look(tmp_path / "x.xlsx")
    with pytest.raises(SourceTooLarge), open_source(str(good), limits=Limits(unpacked_mb=0)) as source:
        source.tables()
