"""`lienthong sync`: a plan in a file, run after run."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from lienthong.cli.sync import GUARDED, SET_ASIDE, sync


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "nguon.db"
    with sqlite3.connect(path) as session:
        session.execute("CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT, cu TEXT)")
        session.executemany(
            "INSERT INTO xa VALUES (?, ?, ?)", [(f"{n:03d}", f" Xã {n} ", f"{n % 3}") for n in range(9)]
        )
    session.close()
    return path


def begun(source: Path) -> Path:
    plan = source.with_name("xa.yaml")
    told = CliRunner().invoke(
        sync,
        [
            "init",
            str(plan),
            "--source",
            str(source),
            "--target",
            str(source.with_name("dich.db")),
            "--create",
        ],
    )
    assert told.exit_code == 0, told.output
    return plan


def test_a_plan_is_begun_tried_run_and_asked(source: Path) -> None:
    plan = begun(source)
    assert yaml.safe_load(plan.read_text(encoding="utf-8"))["columns"] == {
        "ma": "ma",
        "ten": "ten",
        "cu": "cu",
    }
    assert "never run" in CliRunner().invoke(sync, ["status", str(plan), "--lang", "en"]).output
    assert CliRunner().invoke(sync, ["check", str(plan)]).exit_code == 0
    ran = CliRunner().invoke(sync, ["run", str(plan), "--json"])
    assert json.loads(ran.output)["inserted"] == 9
    assert (
        json.loads(CliRunner().invoke(sync, ["status", str(plan), "--json"]).output)["phase"] == "following"
    )
    assert "equals its source" in CliRunner().invoke(sync, ["run", str(plan), "--lang", "en"]).output
    assert CliRunner().invoke(sync, ["forget", str(plan)]).exit_code == 0
    assert (
        CliRunner().invoke(sync, ["init", str(plan), "--source", str(source), "--target", "x.db"]).exit_code
        == 2
    )


def test_codes_come_from_a_file_and_a_split_code_is_set_aside(source: Path) -> None:
    plan = begun(source)
    source.with_name("ma.csv").write_text("0,A\n1,B\n1,C\n", encoding="utf-8")
    form = yaml.safe_load(plan.read_text(encoding="utf-8"))
    form["columns"] = {
        "ma": "ma",
        "ten": {"source": "ten", "conversion": "trim"},
        "cu": {"source": "cu", "conversion": {"kind": "codes", "file": "ma.csv"}},
        "nguon": {"constant": "BNV"},
    }
    plan.write_text(yaml.safe_dump(form, sort_keys=False), encoding="utf-8")
    ran = CliRunner().invoke(sync, ["run", str(plan), "--lang", "en"])
    assert ran.exit_code == SET_ASIDE, ran.output + ran.stderr
    assert "several codes follow the old one (cu)" in ran.output
    assert "not in the table of conversion (cu)" in ran.output
    session = sqlite3.connect(source.with_name("dich.db"))
    assert session.execute("SELECT * FROM xa ORDER BY ma").fetchall() == [
        (f"{n:03d}", f"Xã {n}", "A", "BNV") for n in (0, 3, 6)
    ]
    session.close()


def test_the_guard_has_an_exit_code_of_its_own(source: Path) -> None:
    plan = begun(source)
    CliRunner().invoke(sync, ["run", str(plan)])
    with sqlite3.connect(source) as session:
        session.execute("DELETE FROM xa WHERE ma > '004'")
    session.close()
    stopped = CliRunner().invoke(sync, ["run", str(plan)])
    assert (stopped.exit_code, "4 of 9 rows" in stopped.stderr) == (GUARDED, True)
    assert CliRunner().invoke(sync, ["run", str(plan), "--confirm-deletes", "4"]).exit_code == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("khac", 1, "there is no khac"),
        ("chunk_rows", "nhiều", "chunk_rows"),
        ("key", 5, "key"),
        ("source", {"address": "postgresql://u:bi-mat@h/d", "table": "x"}, "no password stands in a plan"),
        ("columns", {"ma": {"source": "ma", "conversion": "magic"}}, "a conversion is one of"),
        (
            "columns",
            {"ma": {"source": "ma", "conversion": {"kind": "codes", "file": "khong-co.csv"}}},
            "khong-co.csv",
        ),
    ],
)
def test_a_slip_of_the_pen_is_told(source: Path, name: str, value: object, said: str) -> None:
    plan = begun(source)
    form = yaml.safe_load(plan.read_text(encoding="utf-8")) | {name: value}
    plan.write_text(yaml.safe_dump(form, sort_keys=False), encoding="utf-8")
    told = CliRunner().invoke(sync, ["run", str(plan)])
    assert told.exit_code == 2
    assert said in told.stderr
    assert "bi-mat" not in told.output + told.stderr
