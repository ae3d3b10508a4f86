"""`lienthong sketch` and what is made of its files: what leaves, what is held back, and comparing without rows."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from click.testing import CliRunner

from lienthong.cli.main import main
from lienthong.engine.overlap.tests.copies import people


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A register, a part of it in another office under other names, a source of one value, and two keys."""
    folder = tmp_path_factory.mktemp("sketch")
    register = people(7, 1600)
    for name, table in (
        ("dan-cu", register),
        (
            "lao-dong",
            register.slice(0, 1100).rename_columns(["cccd", "ten", "ns", "gt", "sdt", "xa", "tinh"]),
        ),
        ("mot", pa.table({"so_dinh_danh": ["034085000123"]})),
    ):
        (folder / name).mkdir()
        pacsv.write_csv(table, folder / name / "nguoi.csv")
    for name in ("khoa", "khoa-khac"):
        assert run("sketch-key", str(folder / name)).exit_code == 0
    made(folder, "dan-cu", "khoa")
    made(folder, "lao-dong", "khoa")
    made(folder, "lao-dong", "khoa-khac", out="khac.sketch")
    return folder


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def made(folder, source: str, key: str, *, level: str = "2", out: str | None = None):
    where = folder / (out or f"{source}.sketch")
    answer = run("sketch", str(folder / source), "--key-file", str(folder / key), "--level", level, "--out", str(where),
                 "--by", "Phòng Dữ liệu", "--period", "2026-Q4", "--json")  # fmt: skip
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_command_says_what_leaves_and_what_is_held_back(place):
    told = made(place, "dan-cu", "khoa")

    (table,) = told["tables"]
    columns = {column["name"]: column for column in table["columns"]}
    assert columns["so_dinh_danh"]["hashes"] == {"plain": 1600, "digits": 1600}
    assert columns["so_dinh_danh"]["personal"]
    assert columns["gioi_tinh"]["hashes"] == {}
    assert {("so_dinh_danh", "range"), ("gioi_tinh", "few_personal_values")} <= {
        (one["column"], one["why"]) for one in told["withheld"]
    }
    assert (told["made_by"], told["period"], told["policy"]["least_personal_values"]) == (
        "Phòng Dữ liệu",
        "2026-Q4",
        1000,
    )
    shown = run("sketch-show", str(place / "dan-cu.sketch"), "--key-file", str(place / "khoa")).stdout
    assert "do người giữ khóa lập" in shown
    assert "quá ít giá trị" in shown
    assert "was made by" not in run("sketch-show", str(place / "dan-cu.sketch"), "--lang", "en").stdout
    assert (
        json.loads(run("sketch-show", str(place / "dan-cu.sketch"), "--json").stdout)["digest"]
        == told["digest"]
    )


def test_two_files_are_compared_without_key_or_rows(place):
    files = [str(place / "dan-cu.sketch"), str(place / "lao-dong.sketch")]
    tiers = ["--tier", f"{files[0]}=national", "--tier", f"{files[1]}=local"]

    told = json.loads(run("overlap", *files, *tiers, "--json").stdout)

    match = next(one for one in told["correspondences"] if one["right"]["column"] == "cccd")
    assert match["left"] == {"database": "dan-cu", "table": "nguoi", "column": "so_dinh_danh"}
    assert (match["kind"], match["level"], match["authority"]) == ("overlap", 2, "dan-cu")
    assert match["proposed_outcome"] == "must_synchronise"
    share = match["containment"]["left"]
    assert share["low"] <= 1100 / 1600 <= share["high"]
    assert told["verdicts"][0]["overlaps"]


def test_a_live_source_is_compared_with_a_file_under_its_key(place):
    live, file = str(place / "lao-dong"), str(place / "dan-cu.sketch")
    without = run("overlap", live, file)
    other = run("overlap", live, file, "--key-file", str(place / "khoa-khac"))
    told = json.loads(run("overlap", live, file, "--key-file", str(place / "khoa"), "--json").stdout)

    assert (without.exit_code, other.exit_code) == (2, 2)
    assert "--key-file" in without.stderr
    match = next(one for one in told["correspondences"] if one["left"]["column"] == "cccd")
    assert match["containment"]["left"]["value"] == pytest.approx(1.0, abs=0.02)


def test_a_key_and_one_value_do_not_tell_whether_it_is_in_the_file(place):
    (place / "mot" / "nguoi.csv").write_text(
        "so_dinh_danh\n" + people(7, 3)["so_dinh_danh"][0].as_py() + "\n"
    )
    asked = run(
        "overlap",
        str(place / "mot"),
        str(place / "dan-cu.sketch"),
        "--key-file",
        str(place / "khoa"),
        "--json",
    )

    for match in json.loads(asked.stdout)["correspondences"]:
        assert match["containment"] is None
        assert match["level"] < 2


def test_files_of_lower_levels_need_no_key(place):
    told = made(place, "lao-dong", "khoa", level="1", out="ten.sketch")
    answer = run("sketch", str(place / "dan-cu"), "--level", "0", "--out", str(place / "kieu.sketch"))

    assert answer.exit_code == 0, answer.output
    assert told["key"] is None
    assert {column["level"] for column in told["tables"][0]["columns"]} == {1}
    names = run("overlap", str(place / "ten.sketch"), str(place / "kieu.sketch"), "--json")
    assert {match["level"] for match in json.loads(names.stdout)["correspondences"]} == {0}
    assert run("overlap", str(place / "ten.sketch"), str(place / "dan-cu"), "--json").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sketch", "{p}/dan-cu", "--level", "2", "--out", "{p}/x.sketch"), "--key-file"),
        (
            ("sketch", "{p}/mot", "--key-file", "{p}/khoa", "--level", "2", "--out", "{p}/x.sketch"),
            "--level 1",
        ),
        (
            ("sketch", "{p}/dan-cu", "--key-file", "{p}/none", "--level", "2", "--out", "{p}/x.sketch"),
            "sketch-key",
        ),
        (
            ("sketch", "{p}/none", "--key-file", "{p}/khoa", "--level", "1", "--out", "{p}/x.sketch"),
            "was not found",
        ),
        (("sketch", "{p}/dan-cu", "--level", "1", "--out", "{p}/none/x.sketch"), "no such folder"),
        (("sketch", "{p}/dan-cu", "--level", "0", "--out", "{p}/khoa"), "not written over"),
        (("overlap", "{p}/dan-cu.sketch", "{p}/khac.sketch"), "different keys"),
        (("overlap", "{p}/dan-cu.sketch", "{p}/no.sketch"), "not a sketch file"),
        (("overlap", "{p}/dan-cu.sketch", "{p}/cut.sketch"), "was changed"),
        (("sketch-show", "{p}/khoa"), "not a sketch file"),
        (("sketch-key", "{p}/khoa"), "never written over"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_leaves_nothing(place, arguments, said):
    (place / "no.sketch").write_text("a,b\n")
    (place / "cut.sketch").write_bytes((place / "dan-cu.sketch").read_bytes()[:-500])
    answer = run(*(part.format(p=place) for part in arguments))

    assert answer.exit_code == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert said in answer.stderr
    assert answer.stdout == ""
    assert not (place / "x.sketch").exists()
