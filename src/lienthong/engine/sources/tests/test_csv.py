"""CSV as offices write it: every row decides, and no value is changed on the way."""

from __future__ import annotations

import random
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lienthong.engine.errors import EngineError, FileMalformed, SourceEmpty
from lienthong.engine.shapes import Look
from lienthong.engine.sources import open_source

PLACES = ["Hà Nội", "Thừa Thiên Huế", "Đắk Lắk", "Quảng Ngãi", "Bạc Liêu", "Cần Thơ", "Kỳ Sơn", "Mỹ Đức"]
TAIL = 60_000


def look(path: Path, content: str | bytes) -> Look:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_source(str(path)) as source:
        return source.look()


def columns(look: Look) -> dict[str, tuple[Any, ...]]:
    profile = look.tables[0].profile
    return {c.name: (c.type, c.nulls, c.distinct, c.min, c.max) for c in profile.columns}


def codes(look: Look) -> set[str]:
    return {finding.code for finding in look.findings}


def test_types_are_found_and_empty_cells_are_null(tmp_path: Path) -> None:
    seen = look(
        tmp_path / "x.csv",
        "ma,ten,dien_tich,ngay,luc,dung,so\n"
        "00001,Phúc Xá,0.92,2024-01-02,2024-01-02 03:04:05,true,1\n"
        "00004,,1.5,2024-02-29,2024-01-02 03:04:06,false,2\n"
        "00006,Cống Vị,,,,,\n",
    )

    assert seen.tables[0].profile.rows == 3
    assert columns(seen) == {
        "ma": ("text", 0, 3, "00001", "00006"),
        "ten": ("text", 1, 2, "Cống Vị", "Phúc Xá"),
        "dien_tich": ("double", 1, 2, 0.92, 1.5),
        "ngay": ("date", 1, 2, "2024-01-02", "2024-02-29"),
        "luc": ("timestamp", 1, 2, "2024-01-02T03:04:05", "2024-01-02T03:04:06"),
        "dung": ("boolean", 1, 2, False, True),
        "so": ("integer", 1, 2, 1, 2),
    }


@pytest.mark.parametrize(
    "stray", ["007", "+84912345678", "12345678901234567890", "1_000", "0x10", "abc", "1e5"]
)
def test_a_code_far_down_keeps_its_column_text(tmp_path: Path, stray: str) -> None:
    lines = "".join(f"{n},x\n" for n in range(1, TAIL))

    seen = look(tmp_path / "x.csv", f"a,b\n{lines}{stray},y\n")

    kind, nulls, distinct, lowest, _ = columns(seen)["a"]
    assert (kind, nulls, distinct) == ("text", 0, TAIL)
    assert isinstance(lowest, str)


def test_a_fraction_far_down_makes_a_number_column_double(tmp_path: Path) -> None:
    lines = "".join(f"{n},x\n" for n in range(1, TAIL))

    seen = look(tmp_path / "x.csv", f"a,b\n{lines}0.25,y\n")

    assert columns(seen)["a"] == ("double", 0, TAIL, 0.25, float(TAIL - 1))


def test_numbers_that_no_double_holds_stay_text(tmp_path: Path) -> None:
    seen = look(
        tmp_path / "x.csv", "a,b,c\n0.12345678901234567891,12E3,1.5\n0.12345678901234567892,13E4,2.25\n"
    )

    assert columns(seen)["a"][:3] == ("text", 0, 2)
    assert columns(seen)["b"][:3] == ("text", 0, 2)
    assert columns(seen)["c"] == ("double", 0, 2, 1.5, 2.25)


def test_days_come_before_months(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.csv", "ngay,so\n01/02/2024,1\n03/04/2024,2\n")

    assert columns(seen)["ngay"] == ("date", 0, 2, "2024-02-01", "2024-04-03")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_delimiters_quotes_and_line_ends(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [["ma", "ghi chú"], ["01", '"dòng 1\ndòng 2, ""trích""; | hết"'], ["02", "gọn"]]

    seen = look(tmp_path / "x.csv", line_end.join(delimiter.join(row) for row in rows) + line_end)

    assert columns(seen)["ghi chú"] == ("text", 0, 2, 'dòng 1\ndòng 2, "trích"; | hết', "gọn")
    assert columns(seen)["ma"][:3] == ("text", 0, 2)


def test_a_quotation_far_down_is_read_as_one(tmp_path: Path) -> None:
    lines = "".join(f"{n},x\n" for n in range(1, TAIL))

    seen = look(tmp_path / "x.csv", f'a,b\n{lines}7,"y,z\nw"\n')

    assert seen.tables[0].profile.rows == TAIL
    assert columns(seen)["b"][4] == "y,z\nw"


def test_an_inch_far_down_is_no_quotation(tmp_path: Path) -> None:
    lines = "".join(f"{n},x\n" for n in range(1, TAIL))

    seen = look(tmp_path / "x.csv", f'a,b\n{lines}7,"ống 5\n8,y\n')

    assert seen.tables[0].profile.rows == TAIL + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_encodings_of_old_machines(tmp_path: Path, encoding: str) -> None:
    text = "ma,ten\n" + "".join(f"{n:02d},{place}\n" for n, place in enumerate(PLACES))

    seen = look(tmp_path / "x.csv", as_1258(text) if encoding == "cp1258" else text.encode(encoding))

    assert list(columns(seen)) == ["ma", "ten"]
    assert columns(seen)["ten"] == ("text", 0, len(PLACES), min(PLACES), max(PLACES))
    assert ("transcoded" in codes(seen)) == (encoding not in ("utf-8", "utf-8-sig"))


def as_1258(text: str) -> bytes:
    """What a Windows of 1998 wrote: letters with their hook or hat, tones behind them."""
    written = b""
    for letter in text:
        base, *marks = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        hats = [mark for mark in marks if mark not in tones]
        written += unicodedata.normalize("NFC", base + "".join(hats)).encode("cp1258")
        written += "".join(tones).encode("cp1258")
    return written


def test_latin_letters_far_down_do_not_stop_the_reading(tmp_path: Path) -> None:
    lines = b"".join(b"%d,x\n" % n for n in range(1, 200_000))

    seen = look(tmp_path / "x.csv", b"a,b\n" + lines + b"7,caf\xe9\n")

    assert columns(seen)["b"] == ("text", 0, 2, "café", "x")
    assert "transcoded" in codes(seen)


def test_titles_above_the_heading_are_left_out_and_told(tmp_path: Path) -> None:
    seen = look(
        tmp_path / "x.csv",
        '\ufeff"Dân số theo tỉnh"\r\n\r\n"Tỉnh";"2014";"2015";"Sơ bộ 2016"\r\n'
        '" CẢ NƯỚC";6765.6;7003.8;7099.7\r\n"Hà Nội";..;54.8;54.5\r\n"Huế";56.1;..;54.5\r\n',
    )

    assert list(columns(seen)) == ["Tỉnh", "2014", "2015", "Sơ bộ 2016"]
    assert seen.tables[0].profile.rows == 2
    assert columns(seen)["2014"] == ("double", 1, 1, 56.1, 56.1)
    assert set_aside(seen) == [(1, "title"), (2, "blank"), (4, "total")]
    assert "lines_before_header" in codes(seen)


def set_aside(look: Look) -> list[tuple[int, str]]:
    reading = look.tables[0].reading
    assert reading is not None
    return [(row.number, row.reason) for row in reading.skipped_rows]


def test_rows_that_do_not_fit_are_kept_or_set_aside_and_told(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n")

    # A row with a cell too many cannot be kept whole, so it is not kept at all; a missing cell is an empty one.
    assert seen.tables[0].profile.rows == 2
    assert columns(seen)["c"] == ("integer", 1, 1, 3, 3)
    assert set_aside(seen) == [(4, "broken")]
    assert {"irregular_rows", "rows_set_aside"} <= codes(seen)


def test_names_that_differ_in_case_only_are_told_apart(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.csv", "a,A,a\n1,2,3\n")

    assert len({name.casefold() for name in columns(seen)}) == 3


def test_only_a_heading_is_a_table_without_rows(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.csv", "a,b,c\n")

    assert seen.tables[0].profile.rows == 0
    assert columns(seen)["a"] == ("text", 0, 0, None, None)


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"   \r\n"])
def test_nothing_to_read_is_said(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceEmpty):
        look(tmp_path / "x.csv", content)


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"PK\x03\x04" + b"\x00" * 60, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"]
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileMalformed) as refused:
        look(tmp_path / "x.csv", content)

    assert refused.value.facts["source"].endswith("x.csv")


def test_a_file_name_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "so lieu 2.csv").write_text("a\n9\n9\n9\n")

    seen = look(tmp_path / "so lieu [2024].csv", "a\n1\n")

    assert seen.tables[0].profile.rows == 1
    for name in ("*.csv", "a'b\"c.csv", "{x,y}.csv", "đường dẫn?.csv"):
        assert look(tmp_path / name, "a\n1\n2\n").tables[0].profile.rows == 2


def test_counts_agree_with_sql_on_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    duckdb.sql(
        "SELECT n, lpad((n % 9973)::VARCHAR, 5, '0') AS ma, CASE WHEN n % 11 = 0 THEN NULL ELSE 'xã ' || n % 501 END "
        "AS ten, n / 8.0 AS so, DATE '2000-01-01' + (n % 4000)::INTEGER AS ngay FROM range(150000) AS r(n)"
    ).write_csv(str(path))

    with open_source(str(path)) as source:
        profile = source.look().tables[0].profile

    for column in profile.columns:
        expected = duckdb.sql(
            f'SELECT count(*) - count("{column.name}"), count(DISTINCT "{column.name}") '
            f"FROM read_csv('{path}', all_varchar = true)"
        ).fetchall()[0]
        assert (column.nulls, column.distinct) == expected, column.name


def test_the_rows_can_be_read_and_copied_in_their_types(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("ma,so,ngay\n01,1,2024-01-02\n02,2,2024-01-03\n")

    with open_source(str(path)) as source:
        rows = source.read_arrow("x").read_all().to_pylist()
        assert source.copy_to_parquet("x", tmp_path / "x.parquet") == 2

    assert [row["ma"] for row in rows] == ["01", "02"]
    assert duckdb.read_parquet(str(tmp_path / "x.parquet")).types == ["VARCHAR", "BIGINT", "DATE"]


def test_any_bytes_give_an_answer(tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(40):
        size = chance.randrange(1, 400)
        letters = b'a1,;"\n\r\t|\xc3\xa9\xff\x00 .-/:e' if number % 2 else bytes(range(256))
        content = bytes(chance.choice(letters) for _ in range(size))
        with suppress(EngineError):
            assert look(tmp_path / f"{number}.csv", content).tables
