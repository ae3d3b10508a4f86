"""`lienthong overlap`: the published form, tiers, descriptions beside files, and clear refusals."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pyarrow.csv as pacsv
import pytest
from click.testing import CliRunner

from lienthong.cli.main import main
from lienthong.cli.overlap import published
from lienthong.cli.overlapprint import print_overlaps
from lienthong.cli.sketched import last_part, sketched
from lienthong.engine.overlap.shapes import ColumnMatch, ColumnRef, DatabaseVerdict, Overlap
from lienthong.engine.overlap.tests.copies import local_copy, national


@pytest.fixture
def two_sources(tmp_path):
    """The national list as a folder of CSV, and a local copy of a part of it in SQLite."""
    folder = tmp_path / "quoc-gia"
    folder.mkdir()
    pacsv.write_csv(national(), folder / "xa.csv")
    copy = local_copy(61, style="camel", lost_zeros=False)
    connection = sqlite3.connect(tmp_path / "dia phuong.sqlite")
    kinds = {"int64": "INTEGER", "double": "REAL"}
    names = ", ".join(f'"{field.name}" {kinds.get(str(field.type), "TEXT")}' for field in copy.table.schema)
    connection.execute(f"CREATE TABLE dvhc ({names})")
    rows = zip(*(column.to_pylist() for column in copy.table.columns), strict=True)
    connection.executemany(f"INSERT INTO dvhc VALUES ({', '.join('?' * copy.table.num_columns)})", list(rows))
    connection.commit()
    connection.close()
    return str(folder), str(tmp_path / "dia phuong.sqlite"), copy


def run(*arguments: str):
    return CliRunner().invoke(main, ["overlap", *arguments])


def test_the_published_form(two_sources):
    left, right, copy = two_sources
    answer = run(left, right, "--tier", f"{left}=national", "--tier", f"{right}=local", "--json")

    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert set(told) == {"correspondences", "verdicts"}
    key = told["correspondences"][0]
    assert key["left"] == {"database": "quoc-gia", "table": "xa", "column": "ma_xa"}
    assert key["right"] == {"database": "dia phuong.sqlite", "table": "dvhc", "column": "maDVHC"}
    assert key["kind"] == "overlap"
    assert key["level"] == 2
    assert 0.7 < key["containment"]["right"]["low"] <= key["containment"]["right"]["value"] <= 1
    assert key["authority"] == "quoc-gia"
    assert key["proposed_outcome"] == "must_synchronise"
    assert {reason["code"] for reason in key["reasons"]} >= {"values", "key"}
    for match in told["correspondences"]:
        assert copy.truth[match["right"]["column"]] == match["left"]["column"]
        assert (match["proposed_outcome"] is None) == (match["kind"] == "code_list")
        assert match["score"] >= 0.5
    (verdict,) = told["verdicts"]
    assert verdict["overlaps"]
    assert verdict["authority"] == "quoc-gia"
    assert verdict["tiers"] == {"left": "national", "right": "local"}
    assert verdict["requirement"] == "OVL-04"


@pytest.mark.parametrize(
    ("tiers", "authority", "outcome"),
    [
        ((), None, None),
        (("local", "national"), "dia phuong.sqlite", "must_synchronise"),
        (("sector", "ministry"), "quoc-gia", "stop_collecting"),
        (("local", "local"), None, "name_authority"),
    ],
)
def test_the_class_decides_whose_copy_counts(two_sources, tiers, authority, outcome):
    left, right, _ = two_sources
    options = [part for source, tier in zip((left, right), tiers, strict=False)
               for part in ("--tier", f"{source}={tier}")]  # fmt: skip
    told = json.loads(run(left, right, *options, "--json").stdout)

    assert told["verdicts"][0]["authority"] == authority
    assert told["correspondences"][0]["proposed_outcome"] == outcome


def test_people_read_it_in_both_languages(two_sources):
    left, right, _ = two_sources
    vi, en = run(left, right).stdout, run(left, right, "--lang", "en").stdout

    assert "CÓ dữ liệu chồng lấn" in vi
    assert "xa.ma_xa = dvhc.maDVHC" in vi
    assert "chồng lấn" in vi
    assert "of the right is on the left" in en


def test_the_proposal_is_said_in_words_with_its_requirement(two_sources):
    left, right, _ = two_sources
    tiers = ["--tier", f"{left}=national", "--tier", f"{right}=local"]
    assert "Nguồn chuẩn theo cấp: quoc-gia\n  Đề xuất: đồng bộ từ nguồn chuẩn (OVL-04)" in (
        run(left, right, *tiers).stdout
    )
    equal = run(left, right, "--tier", f"{left}=local", "--tier", f"{right}=local", "--lang", "en").stdout
    assert "Proposed: name the authority (" in equal
    assert "Chưa nêu cấp của cả hai bên (--tier)" in run(left, right).stdout


@pytest.mark.parametrize(("overlaps", "outcome"), [(True, "must_synchronise"), (False, None)])
def test_columns_alike_propose_nothing_where_the_databases_do_not_overlap(overlaps, outcome):
    # Given one pair of columns that hold the same subjects, and a list that both use
    pairs = [
        ColumnMatch(ColumnRef("a", "t", name), ColumnRef("b", "u", name), kind, 0.8, 1)
        for name, kind in (("ho_ten", "overlap"), ("ma_xa", "code_list"))
    ]
    verdict = DatabaseVerdict(left="a", right="b", overlaps=overlaps, score=0.0, above="left", tables=())
    found = [(Overlap(matches=tuple(pairs), verdict=verdict), "national", "local")]

    told = published(found)

    assert [match["proposed_outcome"] for match in told["correspondences"]] == [outcome, None]
    assert told["verdicts"][0]["proposed_outcome"] == outcome
    assert {match["authority"] for match in told["correspondences"]} == {"a"}
    vi, en = print_overlaps(told, "vi"), print_overlaps(told, "en")
    said = "Có 1 cặp cột giống nhau, chưa đủ để kết luận hai bên cùng giữ một dữ liệu; không đề xuất xử lý"
    assert ((said in vi), ("nothing is proposed" in en)) == (not overlaps, not overlaps)
    assert ("đồng bộ từ nguồn chuẩn" in vi) is overlaps
    assert f"[{'chồng lấn' if overlaps else 'giống nhau'}, 80,0%]" in vi


def test_a_description_beside_the_files_is_used(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "x.csv").write_text("k1,k2\n" + "".join(f"{i},A{i}\n" for i in range(30)))
    (tmp_path / "b" / "y.csv").write_text("p,q\n" + "".join(f"{i + 900},B{i}\n" for i in range(30)))
    for name, table, fields in (("a", "x", ("k1", "k2")), ("b", "y", ("p", "q"))):
        package = {
            "name": f"co-so-{name}",
            "resources": [
                {
                    "path": f"{table}.csv",
                    "schema": {"fields": [{"name": fields[0], "title": "Dân số"}, {"name": fields[1]}]},
                }
            ],
        }
        (tmp_path / name / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    told = json.loads(run(str(tmp_path / "a"), str(tmp_path / "b"), "--json").stdout)

    assert (told["verdicts"][0]["left"], told["verdicts"][0]["right"]) == ("co-so-a", "co-so-b")
    # And: a description in decomposed letters, with titles in two languages and several paths, says the same.
    package = {
        "name": 7,
        "resources": [
            {"path": ["none.csv", unicodedata.normalize("NFD", "bảng.csv")],
             "schema": {"fields": [{"name": unicodedata.normalize("NFD", "cột"), "title": {"vi": "Dân số", "en": "People"}}]}}
        ],
    }  # fmt: skip
    (tmp_path / "a" / "x.csv").rename(tmp_path / "a" / "bảng.csv")
    (tmp_path / "a" / "bảng.csv").write_text("cột\n" + "".join(f"{i}\n" for i in range(30)))
    (tmp_path / "a" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    sketch = sketched(str(tmp_path / "a"), b"k" * 32)
    assert (sketch.name, sketch.tables[0].columns[0].title) == ("a", "Dân số")
    (tmp_path / "a" / "datapackage.json").write_text("{", encoding="utf-8")
    refused = run(str(tmp_path / "a"), str(tmp_path / "b"))
    assert refused.exit_code == 2


def test_three_sources_are_compared_each_with_each(two_sources):
    left, right, _ = two_sources
    told = json.loads(run(left, right, left, "--json").stdout)

    pairs = [(verdict["left"], verdict["right"]) for verdict in told["verdicts"]]
    assert pairs == [
        ("quoc-gia", "dia phuong.sqlite"),
        ("quoc-gia", "quoc-gia (2)"),
        ("dia phuong.sqlite", "quoc-gia (2)"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("{left}", "{left}/none"),
        ("{left}", "{right}", "--tier", "other=national"),
        ("{left}", "{right}", "--tier", "{left}=royal"),
        ("{left}", "{right}", "--tier", "{left}=local", "--tier", "{left}=national"),
        ("{left}", "{right}", "--password-env", "{left}=NO_SUCH_VARIABLE_HERE"),
        ("{left}", "mongodb://u:secret-word@h/d"),
        ("{left}", "x" * 5000),
        ("{left}", "postgresql://u:secret-word@127.0.0.1:1/d"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(two_sources, arguments):
    left, right, _ = two_sources
    answer = run(*(part.format(left=left, right=right) for part in arguments))

    assert answer.exit_code == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "secret-word" not in answer.output
    assert answer.stdout == ""


def test_a_file_that_cannot_be_read_is_told_and_the_rest_compared(two_sources):
    left, right, _ = two_sources
    (Path(left) / "hong.parquet").write_bytes(b"PAR1xxxx")
    answer = run(left, right, "--json")

    assert answer.exit_code == 0
    assert "hong.parquet" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert json.loads(answer.stdout)["correspondences"]


def test_the_name_of_a_database_is_the_last_part_of_its_address():
    assert last_part("postgresql://u:p@h:5432/dan_cu?sslmode=require") == "dan_cu"
    assert last_part("mysql://h/kho/") == "kho"
    assert last_part("postgresql://u:se?cr/et@h/kho") == "kho"
    assert last_part("/a/b/c.csv") == "c.csv"
    assert last_part("/a/b/") == "b"


def test_no_server_part_is_loaded(two_sources):
    left, right, _ = two_sources
    script = (
        "import sys\n"
        "from lienthong.cli.main import main\n"
        f"main(['overlap', {left!r}, {right!r}], standalone_mode=False)\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=120)
