"""The doctor says what is wrong, and what to do."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.utils import timezone

from lienthong.cli import doctor as looks
from lienthong.cli.datadir import hold, make_folders
from lienthong.foundation.jobs.ticking import SIGN

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("LIENTHONG_DATA_DIR", str(tmp_path))
    make_folders(tmp_path)
    (tmp_path / "control.db").touch()
    cache.delete(SIGN)
    yield tmp_path
    cache.delete(SIGN)


@pytest.fixture
def found(data, settings):
    settings.STATIC_ROOT = data / "tmp" / "static"

    def look() -> dict[str, dict]:
        done = CliRunner().invoke(looks.doctor, ["--data", str(data), "--json"])
        report = json.loads(done.output)
        faults = [check for check in report["checks"] if not check["ok"]]
        assert done.exit_code == (1 if faults else 0)
        assert (report["status"] == "ok") == (not faults)
        for check in report["checks"]:
            assert check["found_vi"]
            assert check["found_en"]
            assert check["ok"] or (check["hint_vi"] and check["hint_en"])
        return {check["code"]: check for check in report["checks"]}

    return look


def test_a_sound_installation_has_no_fault_but_what_the_test_leaves_out(found):
    checks = found()
    left_out = {"languages", "static_files"}
    assert {code for code, check in checks.items() if not check["ok"]} <= left_out
    assert {"python", "data_directory", "database", "tables", "worker", "deliveries"} <= set(checks)
    assert sum(code.startswith("duckdb_") for code in checks) == 4


def test_keys_that_others_can_read_are_a_fault(found, data):
    key = data / "keys" / "django.key"
    key.write_text("x")
    key.chmod(0o644)
    assert not found()["data_directory"]["ok"]


def test_a_worker_that_gives_no_sign_is_a_fault_only_while_it_should_work(found, data):
    assert found()["worker"]["ok"]
    lock = hold(data)
    try:
        assert not found()["worker"]["ok"]
        cache.set(SIGN, (timezone.now() - timedelta(minutes=5)).isoformat())
        assert not found()["worker"]["ok"]
        cache.set(SIGN, timezone.now().isoformat())
        assert found()["worker"]["ok"]
    finally:
        os.close(lock)


def test_static_files_that_are_not_there_are_a_fault(found, data):
    static = data / "tmp" / "static"
    static.mkdir(parents=True)
    (static / "a.1.woff2").touch()
    manifest = static / "staticfiles.json"
    manifest.write_text(json.dumps({"paths": {"a.woff2": "a.1.woff2"}}))
    assert found()["static_files"]["ok"]
    manifest.write_text(json.dumps({"paths": {"a.woff2": "a.1.woff2", "b.css": "b.1.css"}}))
    assert "b.1.css" in found()["static_files"]["found_en"]


def test_an_empty_directory_is_told_to_be_started(tmp_path, monkeypatch):
    monkeypatch.setenv("LIENTHONG_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(looks.doctor, ["--data", str(tmp_path / "absent")])
    assert done.exit_code == 1
    assert "lienthong start" in done.output
    assert not (tmp_path / "absent").exists()
