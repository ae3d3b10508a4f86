"""`lienthong reconcile`: exit codes, the published form, hidden values, and certificates that are computed again."""

from __future__ import annotations

import json
import sqlite3

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from click.testing import CliRunner

from lienthong.cli.main import main
from lienthong.engine.store.ducklake import DuckLakeStore


@pytest.fixture
def sides(tmp_path):
    """A list in a file of CSV, a version in our store, and a copy in SQLite with one row that differs."""
    rows = [(number, f"Xã số {number}", f"09{number:08}") for number in range(1, 31)]
    table = pa.table(dict(zip(("ma", "ten", "sdt"), map(list, zip(*rows, strict=True)), strict=True)))
    pacsv.write_csv(table, tmp_path / "xa.csv")
    store = DuckLakeStore(tmp_path / "kho")
    version = store.publish("xa", full=table, key=["ma"])
    store.close()
    copy = tmp_path / "bản sao.sqlite"
    with sqlite3.connect(copy) as connection:
        connection.execute("CREATE TABLE xa (ma INTEGER PRIMARY KEY, ten TEXT, sdt TEXT)")
        connection.executemany("INSERT INTO xa VALUES (?, ?, ?)", rows)
    connection.close()
    return tmp_path, version, copy


def run(*arguments):
    return CliRunner().invoke(main, ["reconcile", *map(str, arguments), "--settle", "0"])


def spoil(copy):
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE xa SET sdt = '0912345678', ten = 'Khác' WHERE ma = 4")
    connection.close()


def test_equal_copies_end_with_0_and_a_digest_that_is_that_of_the_version(sides):
    folder, version, copy = sides

    answer = run(f"store:{folder / 'kho'}#xa@1", f"{copy}#xa", "--json")

    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert told["equal"] is True
    assert told["certificate"]["left"]["digest"] == told["certificate"]["right"]["digest"] == version.digest
    assert told["certificate"]["left"]["version"] == 1
    assert told["differences"] == []


def test_differences_end_with_1_and_values_that_are_to_be_hidden_are(sides):
    folder, _, copy = sides
    spoil(copy)

    answer = run(f"store:{folder / 'kho'}#xa", copy, "--hide", "sdt", "--lang", "en")

    assert answer.exit_code == 1, answer.output
    assert "ten: “Xã số 4” → “Khác”; sdt: “*******004” → “*******678”" in answer.stdout
    assert "0912345678" not in answer.stdout


def test_a_certificate_is_computed_again_from_the_data(sides):
    folder, _, copy = sides
    kept = folder / "giấy.json"
    made = run(f"store:{folder / 'kho'}#xa@1", copy, "--certificate", kept)
    assert made.exit_code == 0, made.output

    assert run("--verify", kept).exit_code == 0
    spoil(copy)
    stale = run("--verify", kept, "--json")
    told = json.loads(stale.stdout)
    assert stale.exit_code == 1
    assert (told["left"]["holds"], told["right"]["holds"], told["equal_then"], told["equal_now"]) == (
        True, False, True, False,
    )  # fmt: skip

    kept.write_text(kept.read_text("utf-8").replace('"equal": true', '"equal": false'), "utf-8")
    forged = run("--verify", kept)
    assert forged.exit_code == 2
    assert "was changed after it was made" in forged.output


def test_what_cannot_be_compared_is_said_in_one_line_of_both_languages(sides):
    folder, _, copy = sides

    for arguments, words in (
        ((folder / "xa.csv", copy, "--key", "sai"), "does not have: sai"),
        ((folder / "xa.csv", folder / "xa.csv"), "There is no key"),
        ((folder / "mất.csv", copy), "was not found"),
        ((f"store:{folder / 'kho'}", copy), "a versioned table is written"),
    ):
        answer = run(*arguments)
        assert answer.exit_code == 2, answer.output
        assert words in answer.output
        assert "Traceback" not in answer.output
    assert run(copy).exit_code == 2
    assert run(folder / "xa.csv", copy, "--key", "ma").exit_code == 0


def test_a_slip_in_what_to_hide_shows_nothing(sides):
    folder, _, copy = sides
    spoil(copy)
    answer = run(folder / "xa.csv", copy, "--key", "ma", "--hide", "sdtt")
    assert answer.exit_code == 2
    assert "0912345678" not in answer.output
    assert "sdtt" in answer.output
    answer = run(folder / "xa.csv", copy, "--key", "ma", "--hide", "sdt,ten", "--json")
    assert "0912345678" not in answer.output
    assert "Xã số 4" not in answer.output
