"""The store from the command line: publish, look, compare, verify, and words for what cannot be done."""

import json

from click.testing import CliRunner

from lienthong.cli.main import main


def told(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["store", *words])
    return done.exit_code, done.output


def test_a_file_is_published_twice_compared_verified_and_exported(tmp_path):
    folder, rows = str(tmp_path / "kho"), tmp_path / "xa.csv"
    rows.write_text("ma,ten\n00004,Ba Đình\n00008,Ngọc Hà\n", encoding="utf-8")
    code, first = told("publish", folder, "xa", str(rows), "--key", "ma", "--json")
    assert (code, json.loads(first)["rows"]) == (0, 2)
    rows.write_text("ma,ten\n00004,Phường Ba Đình\n00070,Hoàn Kiếm\n", encoding="utf-8")
    assert told("publish", folder, "xa", str(rows))[0] == 0
    code, again = told("publish", folder, "xa", str(rows))
    assert code == 0
    assert "không có gì mới" in again

    listed = json.loads(told("versions", folder, "--json")[1])
    found = json.loads(told("diff", folder, "xa", "1", "2", "--json")[1])
    shown = told("diff", folder, "xa", "1", "2")[1]

    assert [one["version"] for one in listed] == [1, 2]
    assert (found["inserted"], found["updated"], found["deleted"]) == (1, 1, 1)
    assert "~ 00004\n    ten: Ba Đình → Phường Ba Đình" in shown
    assert "c1:2:" in told("show", folder, "xa")[1]
    assert told("verify", folder)[1] == "xa@1: đúng\nxa@2: đúng\n"
    assert told("compact", folder, "--json")[0] == 0
    target = tmp_path / "ra.csv"
    assert told("export", folder, "xa", str(target), "--version", "1")[0] == 0
    assert target.read_text(encoding="utf-8").splitlines() == ["ma,ten", "00004,Ba Đình", "00008,Ngọc Hà"]


def test_what_cannot_be_done_is_one_line_in_both_languages(tmp_path):
    rows = tmp_path / "xa.csv"
    rows.write_text("ma,ten\n1,a\n1,b\n", encoding="utf-8")
    for words, expected in (
        (("versions", str(tmp_path / "none")), "chưa có phiên bản nào"),
        (("publish", str(tmp_path / "kho"), "xa", str(rows), "--key", "ma"), "trùng khóa"),
        (("publish", str(tmp_path / "kho"), "Xã", str(rows), "--key", "ma"), "không hợp lệ"),
    ):
        code, said = told(*words)
        assert code == 2
        assert expected in said
        assert len(said.strip().splitlines()) == 1
