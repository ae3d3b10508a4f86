"""`lienthong measure`: a version is proved and counted, by the engine that was chosen."""

from __future__ import annotations

import json
import sys

import pyarrow as pa
import pytest
from click.testing import CliRunner

from lienthong.cli.main import main
from lienthong.engine.store.ducklake import DuckLakeStore


@pytest.fixture
def store(tmp_path, monkeypatch):
    for name in ("LIENTHONG_ENGINE", "LIENTHONG_SPARK_REMOTE", "LIENTHONG_SPARK_MASTER"):
        monkeypatch.delenv(name, raising=False)
    kept = DuckLakeStore(tmp_path / "kho")
    kept.publish("xa", full=pa.table({"ma": [1, 2, 3], "ten": ["Xã A ", "không có", None]}), key=["ma"])
    kept.close()
    return tmp_path / "kho"


def run(*arguments):
    return CliRunner().invoke(main, ["measure", *map(str, arguments)])


def test_a_version_is_proved_and_its_columns_are_counted(store):
    done = run(store, "xa", "--json")

    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    ma, ten = told["columns"]
    assert (told["holds"], told["engine"], told["digest"]) == (True, "duckdb", told["recorded"])
    assert (ma["rows"], ma["distinct"], ma["min"], ma["max"]) == (3, 3, 1, 3)
    assert (ten["filled"], ten["rules"]["value_placeholder"], ten["rules"]["text_untrimmed"]) == (2, 1, 1)
    assert "đúng mã tổng hợp" in run(store, "xa", "--version", "1").output


def test_a_cluster_that_is_not_named_is_asked_for_before_anything_is_read(store):
    done = run(store, "xa", "--engine", "spark")

    assert done.exit_code == 2
    assert "LIENTHONG_SPARK_REMOTE" in done.output
    assert "No Spark cluster is named" in done.output


def test_an_engine_of_another_name_is_refused(store, monkeypatch):
    monkeypatch.setenv("LIENTHONG_ENGINE", "hadoop")

    done = run(store, "xa")

    assert done.exit_code == 2
    assert "“hadoop”" in done.output


def test_the_setting_chooses_spark_and_the_missing_library_is_named(store, monkeypatch):
    monkeypatch.setenv("LIENTHONG_ENGINE", "spark")
    monkeypatch.setenv("LIENTHONG_SPARK_REMOTE", "sc://tram:15002")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)

    done = run(store, "xa", "--only-digest")

    assert done.exit_code == 2
    assert "lienthong[spark]" in done.output


def test_a_store_is_verified_by_the_engine_that_is_asked_for(store):
    here = CliRunner().invoke(main, ["store", "verify", str(store), "xa"])
    there = CliRunner().invoke(main, ["store", "verify", str(store), "xa", "--engine", "spark"])

    assert here.exit_code == 0, here.output
    assert there.exit_code == 2
    assert "LIENTHONG_SPARK_REMOTE" in there.output
