"""Files that were drawn for people: which rows are data, what was set aside and why, what was done to each column."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lienthong.engine.shapes import LookedTable, Reading
from lienthong.engine.sources import open_source
from lienthong.engine.sources.tests.test_csv import as_1258

REPORT = """\ufeffỦY BAN NHÂN DÂN;;;CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM;;
THÀNH PHỐ X;;;Độc lập - Tự do - Hạnh phúc;;
;;;Thành phố X, ngày 05 tháng 3 năm 2025;;

SỐ BẢN GHI CÁC CƠ SỞ DỮ LIỆU;;;;;
;;;;Đơn vị tính: bản ghi;
STT;Cơ sở dữ liệu;Số bản ghi;;Ngày cập nhật;Ghi chú
;;2023;2024;;
(1);(2);(3);(4);(5);(6)
I;Cơ sở dữ liệu quốc gia;;;;
1;Dân cư;1.234.567;1.300.000;05/03/2024;
2;Đất đai;…;12.345;15/12/2024;đang xây dựng
STT;Cơ sở dữ liệu;Số bản ghi;;Ngày cập nhật;Ghi chú
II;Cơ sở dữ liệu chuyên ngành;;;;
3;Hộ tịch;985;1.021;31/01/2024;
4;Bảo hiểm;45.678;47.000;-;
;Tổng cộng;1.281.230;1.360.366;;
;;;;;
Ghi chú: số liệu tính đến 31/12/2024;;;;;
;NGƯỜI LẬP BIỂU;;;THỦ TRƯỞNG ĐƠN VỊ;
;Nguyễn Văn A;;;Trần Thị B;
"""


def looked(path: Path, content: str | bytes) -> LookedTable:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_source(str(path)) as source:
        return source.look().tables[0]


def reading(table: LookedTable) -> Reading:
    assert table.reading is not None
    return table.reading


def aside(table: LookedTable) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in reading(table).skipped_rows]


def found(table: LookedTable) -> dict[str, tuple[Any, ...]]:
    return {c.name: (c.type, c.nulls, c.distinct, c.min, c.max) for c in table.profile.columns}


def rows(path: Path) -> list[tuple[Any, ...]]:
    with open_source(str(path)) as source:
        name = source.tables()[0].name
        return source.connect().execute(f"SELECT * FROM {source.relation(name)}").fetchall()


def test_a_report_is_read_under_its_letterhead_between_its_groups_and_above_its_signatures(
    tmp_path: Path,
) -> None:
    table = looked(tmp_path / "x.csv", REPORT)

    assert table.profile.rows == 4
    assert found(table) == {
        "STT": ("integer", 0, 4, 1, 4),
        "Cơ sở dữ liệu": ("text", 0, 4, "Bảo hiểm", "Đất đai"),
        "Số bản ghi 2023": ("integer", 1, 3, 985, 1234567),
        "Số bản ghi 2024": ("integer", 0, 4, 1021, 1300000),
        "Ngày cập nhật": ("date", 1, 3, "2024-01-31", "2024-12-15"),
        "Ghi chú": ("text", 3, 1, "đang xây dựng", "đang xây dựng"),
    }
    told = reading(table)
    assert (told.encoding, told.delimiter, told.header_rows) == ("utf-8-sig", ";", (7, 8))
    assert aside(table) == [
        (1, "title"), (2, "title"), (3, "note"), (4, "blank"), (5, "title"), (6, "note"), (9, "column_numbers"),
        (10, "group"), (13, "repeated_header"), (14, "group"), (17, "total"), (18, "blank"), (19, "footer"),
        (20, "footer"), (21, "footer"),
    ]  # fmt: skip
    assert told.skipped_rows[9].text == "II | Cơ sở dữ liệu chuyên ngành"
    assert told.conversions == {
        "Số bản ghi 2023": {"missing_mark": 1, "decimal_comma": 2},
        "Số bản ghi 2024": {"decimal_comma": 4},
        "Ngày cập nhật": {"missing_mark": 1, "date_dmy": 3},
    }


def test_regions_and_the_whole_country_are_no_rows_among_places(tmp_path: Path) -> None:
    lines = [" WHOLE COUNTRY;60.5;61.5", "Red River Delta;30.5;31.0"]
    lines += [f"Place {n};{n}.5;.." for n in range(6)]
    lines += ["Mekong River Delta;30.0;30.5", *(f"Town {n};{n}.5;2.5" for n in range(6))]

    table = looked(
        tmp_path / "x.csv", "Population by place\r\n\r\nPlace;2015;Prel. 2016\r\n" + "\r\n".join(lines)
    )

    assert aside(table) == [(1, "title"), (2, "blank"), (4, "total"), (5, "group"), (12, "group")]
    assert found(table)["Prel. 2016"] == ("double", 6, 1, 2.5, 2.5)
    assert reading(table).conversions == {"Prel. 2016": {"missing_mark": 6}}


@pytest.mark.parametrize(
    "content",
    [
        "vung,so_tinh,dan_so\nĐồng bằng sông Hồng,11,23.5\nTây Nguyên,5,6.1\nĐông Nam Bộ,6,18.7\n",
        "id,ten,loai,so_tien\n1,Tổng Cọt,xã,5\n2,Tây Nguyên,xã,6\n3,Đông Bắc,phường,8\n4,Tổng số,xã,9\n",
        "nam,gioi_tinh,so\n"
        + "".join(f"{y},{g},{y}\n" for y in range(2010, 2030) for g in ("Tổng số", "Nam", "Nữ")),
        "id,ten,dien_thoai,email\n1,An,,\n2,Bình,0912345678,a@b.vn\n3,Chi,,c@d.vn\n4,,,\n",
        "stt,ten,diem\n1,A,8.5\n2,B,9\n3,C,\n4,,\n5,E,7\n",
        "ma,ten\nI,Một\nII,Hai\nIII,Ba\n",
    ],
)
def test_rows_of_data_that_look_like_totals_or_groups_stay(tmp_path: Path, content: str) -> None:
    table = looked(tmp_path / "x.csv", content)

    assert aside(table) == []
    assert table.profile.rows == content.count("\n") - 1


def test_a_clean_register_loses_nothing_and_agrees_with_sql(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    duckdb.sql(
        "SELECT n AS id, 'Xã ' || n % 97 AS ten, CASE WHEN n % 50 = 0 THEN NULL ELSE n % 7 END AS cap, "
        "CASE WHEN n % 40 < 38 THEN NULL ELSE 'a@b' END AS email FROM range(5000) AS r(n)"
    ).write_csv(str(path))

    table = looked(path, path.read_bytes())

    assert (table.profile.rows, aside(table), reading(table).conversions) == (5000, [], {})
    assert found(table)["cap"][:3] == ("integer", 100, 7)


def test_years_over_columns_and_a_parent_that_says_the_same(tmp_path: Path) -> None:
    table = looked(
        tmp_path / "x.csv",
        ";2014;;;Ghi chú\nTỉnh;Tổng;Nam;Nữ;Ghi chú\nHà Nội;3;1;2;\nHuế;5;2;3;x\n",
    )

    assert list(found(table)) == ["Tỉnh", "2014 Tổng", "2014 Nam", "2014 Nữ", "Ghi chú"]
    assert reading(table).header_rows == (1, 2)


def test_a_heading_of_three_rows(tmp_path: Path) -> None:
    table = looked(
        tmp_path / "x.csv",
        "Thống kê\nSTT;Địa phương;Số cơ sở;;;\n;;Năm 2023;;Năm 2024;\n;;Công;Tư;Công;Tư\n1;A;1;2;3;4\n2;B;5;6;7;8\n",
    )

    assert reading(table).header_rows == (2, 3, 4)
    assert list(found(table)) == [
        "STT", "Địa phương", "Số cơ sở Năm 2023 Công", "Số cơ sở Năm 2023 Tư", "Số cơ sở Năm 2024 Công",
        "Số cơ sở Năm 2024 Tư",
    ]  # fmt: skip


def test_a_file_without_a_heading_names_its_columns(tmp_path: Path) -> None:
    table = looked(tmp_path / "x.csv", "1,Hà Nội,2.5\n2,Huế,3.5\n3,Vinh,4.5\n")

    assert list(found(table)) == ["column1", "column2", "column3"]
    assert (table.profile.rows, reading(table).header_rows) == (3, ())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("Phạm Thị Hoa,Số 1 phố Huế\nTrần Văn An,Số 2 phố Huế\nLê Minh,Số 3 phố Huế\n", False),
        ("Nguyen Thi Hoa\nTran Van An\nLe Minh Duc\n", False),
        ("Họ và tên,Nơi ở\nTrần Văn An,Số 2 phố Huế\nLê Minh,Số 3 phố Huế\n", True),
        ("Chủ hộ\nTrần Văn An\nLê Minh Đức\nBùi Thị Mai\n", True),
        ("NGUYEN DON\nTrần Văn An\nLê Minh Đức\nBùi Thị Mai\n", True),
        ("Kinh,Lao phổi,a\nTày,Suy thận,b\nKinh,Lao phổi,c\nKinh,Suy thận,d\nTày,Lao phổi,e\n", False),
        (
            "Dân tộc,Bệnh,Mã\nTày,Suy thận,b\nKinh,Lao phổi,c\nDân tộc,Bệnh,Mã\nTày,Suy gan,e\nDân tộc,Bệnh,Mã\n",
            True,
        ),
    ],
)
def test_the_first_person_of_a_file_without_a_heading_names_no_column(
    tmp_path: Path, content: str, named: bool
) -> None:
    table = looked(tmp_path / "a.csv", content).table

    assert (table.columns[0].name != "column1") is named


def test_decomposed_letters_are_composed_and_the_original_stays(tmp_path: Path) -> None:
    content = unicodedata.normalize("NFD", "mã,tên\n01,Hòa Bình\n02,Huế\n03,Vinh\n").encode()

    table = looked(tmp_path / "x.csv", content)

    assert list(found(table)) == ["mã", "tên"]
    assert found(table)["tên"] == ("text", 0, 3, "Huế", "Hòa Bình") or found(table)["tên"][2] == 3
    assert reading(table).conversions["tên"] == {"nfc": 2}
    assert all(unicodedata.is_normalized("NFC", row[1]) for row in rows(tmp_path / "x.csv"))
    assert (tmp_path / "x.csv").read_bytes() == content


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1258", "cp1258"), ("utf-8-sig", "utf-8-sig")],
)
def test_the_encoding_is_told_and_values_that_were_decoded_are_counted(
    tmp_path: Path, encoding: str, name: str
) -> None:
    text = "ma;ten;so\n001;Nguyễn Thị Hường;1,5\n002;Trần Văn Bảo;2\n003;ABC;3,25\n"

    table = looked(tmp_path / "x.csv", as_1258(text) if encoding == "cp1258" else text.encode(encoding))

    assert reading(table).encoding == name
    decoded = {} if name == "utf-8-sig" else {"ten": {f"decoded:{name}": 2}}
    assert reading(table).conversions == {
        "ma": {"kept_as_text": 3}, "so": {"decimal_comma": 2}, **decoded,
    }  # fmt: skip
    assert found(table)["ten"][3:] == ("ABC", "Trần Văn Bảo")


def test_codes_that_a_program_made_floats_are_codes_again(tmp_path: Path) -> None:
    table = looked(
        tmp_path / "x.csv", "ma_tinh,ma_xa,vi_do\n1.0,265.0,21.0385\n79.0,26734.0,10.7769\n,,16.4637\n"
    )

    assert found(table)["ma_tinh"] == ("integer", 1, 2, 1, 79)
    assert found(table)["ma_xa"] == ("integer", 1, 2, 265, 26734)
    assert found(table)["vi_do"][0] == "double"
    assert reading(table).conversions == {"ma_tinh": {"float_code": 2}, "ma_xa": {"float_code": 2}}


def test_hours_that_come_twice_are_both_kept(tmp_path: Path) -> None:
    hours = [f"{1 + n // 24:02d}/10/2024 {n % 24:02d}:00;Trạm 1;{n},5" for n in range(30)]

    table = looked(tmp_path / "x.csv", "thoi_gian;tram;pm25\n" + "\n".join([*hours, hours[3]]))

    assert found(table)["thoi_gian"] == ("timestamp", 0, 30, "2024-10-01T00:00:00", "2024-10-02T05:00:00")
    assert reading(table).conversions == {"thoi_gian": {"date_dmy": 31}, "pm25": {"decimal_comma": 31}}


def test_spaces_at_the_edges_go_and_are_counted(tmp_path: Path) -> None:
    table = looked(
        tmp_path / "x.csv", "ma,ten,so\n 01 ,\u00a0Hà Nội ,12\n02,Huế, 13\n02,Huế \t,14\n03,  ,15\n"
    )

    assert found(table)["ma"][:3] == ("text", 0, 3)
    assert found(table)["ten"] == ("text", 1, 2, "Huế", "Hà Nội")
    assert found(table)["so"] == ("integer", 0, 4, 12, 15)
    assert reading(table).conversions == {
        "ma": {"trimmed": 1, "kept_as_text": 4}, "ten": {"trimmed": 3}, "so": {"trimmed": 1},
    }  # fmt: skip


def test_spaces_far_down_in_a_clean_file_go_too(tmp_path: Path) -> None:
    lines = "".join(f"{n},Xã {n % 5}\n" for n in range(20_000))

    table = looked(tmp_path / "x.csv", f"so,ten\n{lines}20000, Xã 1\n")

    assert found(table)["ten"][:3] == ("text", 0, 5)
    assert reading(table).conversions == {"ten": {"trimmed": 1}}


def test_totals_groups_and_pages_far_down_are_found(tmp_path: Path) -> None:
    lines = "".join(f"{n},Xã {n},{n % 9}\n" for n in range(1, 20_000))

    table = looked(
        tmp_path / "x.csv",
        f"stt,ten,so\n{lines}stt,ten,so\nII,Khu vực hai,\n20000,Xã cuối,4\n,Tổng cộng,80000\n",
    )

    assert aside(table) == [(20_001, "repeated_header"), (20_002, "group"), (20_004, "total")]
    assert found(table)["stt"] == ("integer", 0, 20_000, 1, 20_000)


def test_the_rows_that_keep_a_column_from_its_type_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Danh sách\nngay,so,tien\n" + "".join(f"0{n}/02/2024,{n},1\n" for n in range(1, 10))
        + "31/02/2024,không rõ,2\n10/02/2024,11,1.5\n"
    )  # fmt: skip

    with open_source(str(path)) as source:
        seen = source.look()

    told = {str(f.place): f.evidence for f in seen.findings if f.code == "column_kept_as_text"}
    assert told == {
        "x.ngay": {"wanted": "date", "rows": [12], "count": 1},
        "x.so": {"wanted": "integer", "rows": [12], "count": 1},
    }
    assert found(seen.tables[0])["ngay"][:2] == ("text", 0)


def test_a_number_that_may_be_read_two_ways_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("ten;so\nA;1.234\nB;5.678\n")

    with open_source(str(path)) as source:
        seen = source.look()

    assert found(seen.tables[0])["so"] == ("text", 0, 2, "1.234", "5.678")
    assert {f.code: str(f.place) for f in seen.findings} == {"number_ambiguous": "x.so"}


def test_cells_that_begin_a_formula_are_plain_text(tmp_path: Path) -> None:
    table = looked(tmp_path / "x.csv", 'ten,so\n=1+1,2\n"=HYPERLINK(""http://x"")",3\n')

    assert found(table)["ten"] == ("text", 0, 2, "=1+1", '=HYPERLINK("http://x")')


def test_parts_of_a_running_number_say_nothing_of_the_numbers_beside_them(tmp_path: Path) -> None:
    table = looked(
        tmp_path / "x.csv",
        "TT;Chỉ tiêu;2023;2024;\n1;Diện tích;1.000;1.100;\n1.1;Lúa;600;650;\n1.10;Ngô;400;450;\n2;Sản lượng;5.000;5.500;\n",
    )

    assert {name: kind for name, (kind, *_) in found(table).items()} == {
        "TT": "text", "Chỉ tiêu": "text", "2023": "integer", "2024": "integer",
    }  # fmt: skip
    assert found(table)["2023"] == ("integer", 0, 4, 400, 5000)
    assert found(table)["TT"][2] == 4


def test_columns_that_come_of_delimiters_too_many_are_none(tmp_path: Path) -> None:
    table = looked(tmp_path / "x.csv", ";Mã;Tên;\n;01;A;\n;02;B;\n")

    assert list(found(table)) == ["Mã", "Tên"]


@pytest.mark.parametrize(
    "content",
    [
        "id,ten\n1,Tây\n2,Chung\n3,Hà\n",
        "id,ten,so,ghi_chu\n"
        + "".join(f"{n},{'Chung' if n == 20 else f'Xã {n}'},,\n" for n in range(1, 40))
        + "40,Xã,4,x\n",
        "ten,so\nHuế,1\nVinh,2\nNguồn: abc,3\n",
        "ten,so\n-,1\nV,2\nI,3\n",
    ],
)
def test_an_entry_with_a_number_of_its_own_is_no_total(tmp_path: Path, content: str) -> None:
    table = looked(tmp_path / "x.csv", content)

    assert (aside(table), table.profile.rows) == ([], content.count("\n") - 1)


def test_thousands_parted_by_commas_and_years_of_two_digits_are_read_where_one_reading_fits(tmp_path) -> None:
    path = tmp_path / "thu_chi.csv"
    path.write_text(
        "so;so_tien;ngay;ngay_sinh;lan\n1;1,234.5;15/03/24;15/03/24;01/02/23\n2;12,000;01/02/23;01/02/75;03/04/24\n"
        "3;99.25;28/02/24;11/12/60;05/06/24\n",
        encoding="utf-8",
    )
    with open_source(str(path)) as source:
        seen = source.look()
        rows = source.read_arrow("thu_chi").read_all().to_pylist()
    types = {column.name: column.type for column in seen.tables[0].profile.columns}
    assert types == {"so": "integer", "so_tien": "double", "ngay": "date", "ngay_sinh": "text", "lan": "text"}
    assert [row["so_tien"] for row in rows] == [1234.5, 12000.0, 99.25]
    assert [str(row["ngay"]) for row in rows] == ["2024-03-15", "2023-02-01", "2024-02-28"]
    reading = seen.tables[0].reading
    assert reading is not None
    assert reading.conversions["so_tien"] == {"grouping": 2}
    assert reading.conversions["ngay"] == {"date_dmy": 3}
    told = sorted(str(one.place) for one in seen.findings if one.code == "date_ambiguous")
    assert told == ["thu_chi.lan", "thu_chi.ngay_sinh"]
