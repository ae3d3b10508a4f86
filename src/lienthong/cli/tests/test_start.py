"""What can be said of `start` without starting anything; the rest stands in `tests/runtime`."""

from __future__ import annotations

import json
import os

import pytest
from django.urls import reverse

from lienthong.cli import preparing
from lienthong.cli.datadir import CannotStart, hold, is_held, make_folders
from lienthong.cli.start import SIGN_IN, _allowed_hosts


def test_the_announced_sign_in_page_is_the_real_one():
    assert reverse("account_login") == f"/{SIGN_IN}"


@pytest.mark.parametrize(
    ("host", "given", "answered"),
    [
        ("127.0.0.1", "", {"localhost", "127.0.0.1", "[::1]"}),
        ("::1", "", {"localhost", "127.0.0.1", "[::1]"}),
        ("10.0.0.5", "", {"localhost", "127.0.0.1", "[::1]", "10.0.0.5"}),
        (
            "may-chu",
            "data.vn, www.data.vn",
            {"data.vn", "www.data.vn", "localhost", "127.0.0.1", "[::1]", "may-chu"},
        ),
        ("0.0.0.0", "data.vn", {"data.vn", "localhost", "127.0.0.1", "[::1]"}),
    ],
)
def test_it_answers_to_its_own_names_and_to_those_given(monkeypatch, host, given, answered):
    monkeypatch.setenv("LIENTHONG_ALLOWED_HOSTS", given)
    assert set(_allowed_hosts(host)) == answered


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_all_addresses_need_names(monkeypatch, host):
    monkeypatch.delenv("LIENTHONG_ALLOWED_HOSTS", raising=False)
    with pytest.raises(CannotStart, match="LIENTHONG_ALLOWED_HOSTS"):
        _allowed_hosts(host)


def test_a_data_directory_is_held_once(tmp_path):
    make_folders(tmp_path)
    assert not is_held(tmp_path)
    lock = hold(tmp_path)
    try:
        assert is_held(tmp_path)
        with pytest.raises(CannotStart, match="in use"):
            hold(tmp_path)
    finally:
        os.close(lock)
    assert not is_held(tmp_path)
    os.close(hold(tmp_path))


def test_keys_are_closed_to_others_again(tmp_path):
    (tmp_path / "keys").mkdir(mode=0o755)
    make_folders(tmp_path)
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


def test_nothing_is_prepared_anew_until_something_changes(tmp_path, monkeypatch):
    make_folders(tmp_path)
    monkeypatch.delenv("LIENTHONG_DATABASE_URL", raising=False)
    tables = ["steps"]
    monkeypatch.setattr(preparing, "tables_digest", lambda root: tables[0])
    assert preparing.is_prepared(tmp_path, demo=True) is None
    preparing.keep_stamp(tmp_path, demo=True, found={"demo": False})
    assert preparing.is_prepared(tmp_path, demo=True)["demo"] is False
    assert preparing.is_prepared(tmp_path, demo=False) is None, "the other wish must be looked at"
    tables[0] = "other steps"
    assert preparing.is_prepared(tmp_path, demo=True) is None, "another database was put in its place"
    tables[0] = "steps"
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "other.settings")
    assert preparing.is_prepared(tmp_path, demo=True) is None
    (tmp_path / preparing.STAMP).write_text(json.dumps(["not", "a", "stamp"]))
    assert preparing.is_prepared(tmp_path, demo=True) is None


def test_a_database_on_a_server_is_always_looked_at(tmp_path, monkeypatch):
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", "postgres://h/d")
    assert preparing.tables_digest(tmp_path) is None
