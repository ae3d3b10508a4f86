"""What a caller declares of the data: codes of a column, the cycle of updates."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lienthong.cli.look import look
from lienthong.engine.profile.rhythms import days_of


@pytest.fixture
def data(tmp_path):
    (tmp_path / "ma.csv").write_text("ma,ten\n01,A\n02,B\n", encoding="utf-8")
    path = tmp_path / "so_lieu.csv"
    path.write_text(
        "ma_don_vi,ngay_cap_nhat\n01,05/01/2024\n02,06/01/2024\n09,07/01/2024\n", encoding="utf-8"
    )
    return path


def test_codes_and_cycle_are_held_against_the_data(data):
    codes = f"so_lieu.ma_don_vi={data.with_name('ma.csv')}"
    done = CliRunner().invoke(look, [str(data), "--codes", codes, "--rhythm", "hằng quý", "--json"])
    assert done.exit_code == 0, done.output
    assert '"code_unknown"' in done.output
    assert '"rhythm": 92' in done.output


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [("--codes", "sai=ma.csv", "không có cột “sai”"), ("--codes", "ma", "[bảng.]cột=tệp"),
     ("--rhythm", "khi có thay đổi", "phải là số ngày"), ("--rhythm", "khac=7", "không có bảng “khac”")],
)  # fmt: skip
def test_what_is_declared_of_nothing_is_refused_in_both_languages(data, option, given, said):
    given = given.replace("ma.csv", str(data.with_name("ma.csv")))
    done = CliRunner().invoke(look, [str(data), option, given])
    assert done.exit_code == 2
    assert said in done.output
    assert "—" in done.output


@pytest.mark.parametrize(
    ("text", "days"),
    [("hằng tháng", 31), ("6 tháng một lần", 186), ("Hàng ngày", 1), ("every 2 weeks", 14), ("quarterly", 92),
     ("năm", 366), ("nửa năm", 184), ("10", 10), ("khi có nghị quyết sắp xếp", None), ("", None)],
)  # fmt: skip
def test_a_cycle_is_understood_as_people_write_it(text, days):
    assert days_of(text) == days
