"""Files made to do harm are refused in one sentence, or read in bounded memory."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lienthong.engine.errors import FileEncrypted, FileMalformed, SourceError, SourceTooLarge
from lienthong.engine.session import Limits
from lienthong.engine.sources import open_source, textrows
from lienthong.engine.sources.tests.test_workbook import rows, write

SHEET = "xl/worksheets/sheet1.xml"
_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?><worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def look(path: Path, limits: Limits | None = None) -> list[int]:
    with open_source(str(path), limits=limits) as source:
        return [table.profile.rows for table in source.look().tables]


def with_sheet(path: Path, sheet: bytes) -> Path:
    """A workbook whose only sheet holds these bytes."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("x").write(0, 0, "a")
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, sheet if entry.filename == SHEET else source.read(entry))
    return path


def test_one_endless_line_is_refused_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textrows, "LONGEST_LINE", 1 << 20)
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1," + b"x" * (3 << 20))

    with pytest.raises(SourceTooLarge):
        look(path)
    path.write_bytes(b"a,b\n" + b"1,2\n" * 50_000 + b"1," + b"x" * (3 << 20))
    with pytest.raises(SourceError):
        look(path)


def test_a_long_line_far_down_is_read_or_refused_but_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 20_000 + b"1," + b"x" * (3 << 20) + b"\n3,4\n")

    assert look(path) == [20_002]
    path.write_bytes(b"a,b\n" + b"1,2\n" * 20_000 + b"1," + b"x" * (17 << 20))
    with pytest.raises(SourceTooLarge):
        look(path)


def test_ten_gigabytes_of_nothing_are_no_text(tmp_path: Path) -> None:
    with (tmp_path / "x.csv").open("wb") as file:
        file.write(b"a,b\n1,")
        os.truncate(file.fileno(), 10 << 30)

    with pytest.raises(FileMalformed):
        look(tmp_path / "x.csv")


def test_a_hundred_thousand_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(",".join(f"c{n}" for n in range(100_000)) + "\n" + "1," * 99_999 + "1\n")

    with pytest.raises(SourceTooLarge):
        look(tmp_path / "x.csv")


def test_a_quotation_that_never_ends_is_an_inch(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,b\n1,"x\n' + "2,y\n" * 1000)

    assert look(tmp_path / "x.csv") == [1001]


def test_a_workbook_that_swells_or_lies_about_it_is_refused(tmp_path: Path) -> None:
    swollen = with_sheet(
        tmp_path / "x.xlsx", _HEAD + b"<sheetData>" + b" " * (8 << 20) + b"</sheetData></worksheet>"
    )
    with pytest.raises(SourceTooLarge):
        look(swollen, Limits(unpacked_mb=4))

    content = bytearray(swollen.read_bytes())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        if SHEET.encode() in content[at : at + 120]:
            struct.pack_into("<I", content, at + 24, 1000)
        at += 4
    (tmp_path / "lie.xlsx").write_bytes(content)
    with pytest.raises((SourceTooLarge, FileMalformed)):
        look(tmp_path / "lie.xlsx", Limits(unpacked_mb=4))


@pytest.mark.parametrize("cell", [b'<c r="XFD1048576"><v>1</v></c>', b"<c\tr = 'XFD1048576'><v>1</v></c>"])
def test_two_cells_far_apart_are_refused(tmp_path: Path, cell: bytes) -> None:
    sheet = _HEAD + b'<sheetData><row r="1"><c r="A1"><v>1</v></c>' + cell + b"</row></sheetData></worksheet>"

    with pytest.raises(SourceTooLarge):
        look(with_sheet(tmp_path / "x.xlsx", sheet))


def test_a_sheet_may_claim_any_size_and_of_formulas_the_last_value_is_read(tmp_path: Path) -> None:
    sheet = (
        _HEAD + b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="str"><v>ma</v></c></row>'
        b'<row r="2"><c r="A2"><f>1+1</f><v>7</v></c></row></sheetData></worksheet>'
    )
    path = with_sheet(tmp_path / "x.xlsx", sheet)

    with open_source(str(path)) as source:
        assert source.read_arrow("x").read_all().to_pydict() == {"ma": [7]}


def test_an_ods_that_repeats_a_cell_a_billion_times_is_refused(tmp_path: Path) -> None:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="content.xml" '
            'm:media-type="text/xml"/></m:manifest>',
        )

    with pytest.raises(SourceTooLarge):
        look(tmp_path / "x.ods")


def test_entries_with_paths_upward_write_nothing(tmp_path: Path) -> None:
    good = write(tmp_path / "x.xlsx", a=rows(["ma", "ten"], ["01", "x"]))
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("../../escaped.xml", "<x/>")

    assert look(good) == [1]
    assert not list(tmp_path.parent.rglob("escaped.xml"))


def test_a_locked_entry_is_said_to_be_locked(tmp_path: Path) -> None:
    good = write(tmp_path / "x.xlsx", a=rows(["ma"], ["01"]))
    content = bytearray(good.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = 0
        while (at := content.find(mark, at)) >= 0:
            content[at + offset] |= 1
            at += 4
    good.write_bytes(content)

    with pytest.raises(FileEncrypted):
        look(good)
