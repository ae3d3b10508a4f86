"""XLS and ODS are read as XLSX is: the same headings, values and report."""

from __future__ import annotations

import base64
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

from lienthong.engine.sources import open_source

# Made once by a program for Excel 97: a title, headings merged over two rows, numbers as numbers and as text.
_XLS = """
eNrtWE1IVFEU/u77GWcmf2ZsDDSYBiErk5wZDdromFGuGu0HigpKU0yUMYYKbFGWuQyCVkUElhs3Vpt+qCRpEyjYzyIIgrFo1Soo
aKG+zj1zn4w6gQMlGe973PPuPfec7553f997r6f8qaEHZdNYhHromLM8cGXoBCWPXfCB6i1LZu27m5LlYFXB46aBdJl4WjCZJ8dQ
jvc0NNw3xkkCnygdw2nEexMdoRVEI8fQKmQMdSQFbpGmEKUcVTHLkyzXsrzHls9YNrDmKss6sk2JI5iKxSt3qFl8WCvnukJI3kfs
84E1EZTglZzFF6+JtK2Jncmu1p5/syJo5GMYNG5NHYmOZGtPCgEawGH8sELAd3ulvgg5+pXVC5D+50J9Xhb9dc0A+mGd4Ak+SFYH
DV6EohFdeBk8S/YRzGAEa0grE41143hzaNd4swvCJ4ZEgkzOYSLohTiAN8EQ2nA3KJWdOEUcRBfvTPW5FxqHEIYXCEeqw9HqaDha
u6Q+wvXR39ZHZSSRbdGa2qrt0rLGtvTKM4L3FN+CPaWA11o+yXYUcd7PK85Hp8bMyLe3e9taYsdZ08/nSPq02Sg7CBYuSQ9yLoTN
B/loqGSPrSwvM+t6zpexDNA6oXtFS4nK7BlgmytcW0Ht1DDexTZl5DdTfvDrvsfBwc+xLZQfbZo+Hxh9HxtCOZ1+7eQvrwFUiSpx
84bEk5h9F2pn+siydMku5dZ8KnZLHalFmJVdTfCzHKM+AveOvHT2EFk8BHtImS7Z/TlGEQvKyVK6RmeedNvaIiZpram2n3Pskuf2
Bqm5Q1JTFvp8LHqWWHRmMBSHPh+LHxOAikNnDlPFYWRhMdjDpVgMZnGx7qhmsxjMkqdYzCwsJnvIGXRBkyXJ4lW9ZHK/eOZLuqr7
QiNrcK/pHL3gvOBnsKGjXivGQ1Y1ZOi9cODAgQMHDhw4WF0Q/IYG9V4Hfn9ypT80+L/OLKU55zfJf4v96KXrDH3Y7UaC7kn05TR/
1sEUNpdYpo/9v1DiELWeRDd9tso4unOev/TNIjKfZ9mOvj+3hHJtfy6XOP9y+78Ad0zwLA==
"""
EXPECTED = [
    ("Đơn vị 0", 0, 0.5, date(2024, 2, 1)),
    ("Đơn vị 1", 1, 1.5, date(2024, 2, 2)),
    ("Đơn vị 2", 2, 1234.5, date(2024, 2, 3)),
]


def read(path: Path) -> tuple[list[str], list[tuple[Any, ...]], tuple[int, ...], dict[str, Any]]:
    with open_source(str(path)) as source:
        table = source.tables()[0]
        rows = source.connect().execute(f"SELECT * FROM {source.relation(table)} ORDER BY 1").fetchall()
        told = source.reading(table)
        assert told is not None
        names = [column.name for column in source.seen(table).columns]
        return names, rows, told.header_rows, {name: dict(codes) for name, codes in told.conversions.items()}


def test_a_sheet_of_excel_97(tmp_path: Path) -> None:
    (tmp_path / "x.xls").write_bytes(zlib.decompress(base64.b64decode(_XLS)))

    assert read(tmp_path / "x.xls") == (
        ["Đơn vị", "Số bản ghi 2023", "Số bản ghi 2024", "Ngày"],
        EXPECTED,
        (2, 3),
        {"Số bản ghi 2024": {"decimal_comma": 1}, "Ngày": {"date_dmy": 3}},
    )


def test_a_sheet_of_libreoffice(tmp_path: Path) -> None:
    def text(value: str, over: str = "") -> str:
        return (
            f'<table:table-cell office:value-type="string"{over}><text:p>{value}</text:p></table:table-cell>'
        )

    def number(value: float) -> str:
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    two = ' table:number-columns-spanned="2"'
    down = ' table:number-rows-spanned="2"'
    gap = "<table:covered-table-cell/>"
    lines = [
        text("BÁO CÁO"),
        text("Đơn vị", down) + text("Số bản ghi", two) + gap + text("Ngày", down),
        gap + text("2023") + text("2024") + gap,
        *(
            text(row[0]) + number(row[1]) + (text("1.234,5") if row[2] > 9 else number(row[2]))
            + text(row[3].strftime("%d/%m/%Y"))
            for row in EXPECTED
        ),
    ]  # fmt: skip
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet>'
            f'<table:table table:name="Biểu 1">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )

    assert read(tmp_path / "x.ods") == (
        ["Đơn vị", "Số bản ghi 2023", "Số bản ghi 2024", "Ngày"],
        EXPECTED,
        (2, 3),
        {"Số bản ghi 2024": {"decimal_comma": 1}, "Ngày": {"date_dmy": 3}},
    )
