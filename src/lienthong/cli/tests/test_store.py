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


def test_a_lost_file_and_a_folder_that_is_not_there_are_told_without_ado(tmp_path):
    # given two versions, of which the second has lost its file
    folder, rows = tmp_path / "kho", tmp_path / "xa.csv"
    for written in ("ma,ten\n1,a\n", "ma,ten\n1,a\n2,b\n"):
        rows.write_text(written, encoding="utf-8")
        assert told("publish", str(folder), "xa", str(rows), "--key", "ma")[0] == 0
    newest = max(folder.rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    # then the first is still told to hold, and exports fail in one line without leaving anything behind
    code, said = told("verify", str(folder))
    assert (code, said) == (1, "xa@1: đúng\nxa@2: SAI\n")
    for words in (
        ("xa", str(tmp_path / "ra.csv")),
        ("xa", str(tmp_path / "none" / "ra.csv"), "--version", "1"),
    ):
        code, said = told("export", str(folder), *words)
        assert (code, len(said.strip().splitlines())) == (2, 1)
    assert not [path.name for path in tmp_path.iterdir() if "partial" in path.name]
    # and a table without rows is published when that is said
    rows.write_text("ma,ten\n", encoding="utf-8")
    assert told("publish", str(tmp_path / "kho2"), "xa", str(rows), "--key", "ma")[0] == 2
    assert told("publish", str(tmp_path / "kho2"), "xa", str(rows), "--key", "ma", "--allow-empty")[0] == 0
