"""The quick way to the first tables leads where Django's own way leads."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing

import pytest

QUICK = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from lienthong.cli.first_tables import make_first_tables
assert make_first_tables(MigrationExecutor(connection))
assert not make_first_tables(MigrationExecutor(connection))
"""
ORDINARY = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""


def environment(folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
    return {
        **kept,
        "LIENTHONG_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "lienthong.settings.product",
        "PYTHONWARNINGS": "ignore",
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two databases, made at the same time in the two ways."""
    running = {}
    for name, code in (("quick", QUICK), ("ordinary", ORDINARY)):
        folder = tmp_path_factory.mktemp(name)
        code = f"import django; django.setup()\n{code}"
        running[folder / "control.db"] = subprocess.Popen(
            [sys.executable, "-c", code], env=environment(folder), stderr=subprocess.PIPE, text=True
        )
    said = [process.communicate(timeout=600)[1] for process in running.values()]
    assert [process.returncode for process in running.values()] == [0, 0], said
    with ExitStack() as opened:
        yield [opened.enter_context(closing(sqlite3.connect(path))) for path in running]


def rows(database, query):
    return database.execute(query).fetchall()


def tables(database):
    """Every table: its columns, keys and checks, whatever their order."""
    found = {}
    for name, sql in rows(database, "SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        columns = {row[1:] for row in rows(database, f'PRAGMA table_info("{name}")')}
        keys = {row[2:] for row in rows(database, f'PRAGMA foreign_key_list("{name}")')}
        found[name] = (columns, keys, sorted(sql.replace(" ", "")))
    return found


def test_both_ways_make_the_same_tables(both):
    quick, ordinary = both
    assert tables(quick) == tables(ordinary)


def test_both_ways_make_the_same_indexes_and_seals(both):
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view')"
    quick, ordinary = (set(rows(database, query)) for database in both)
    assert quick == ordinary
    assert any(row[0] == "trigger" for row in quick)


def test_both_ways_leave_the_same_rows(both):
    quick, ordinary = both
    for name in tables(ordinary):
        if name.startswith("sqlite_"):
            continue
        assert rows(quick, f'SELECT count(*) FROM "{name}"') == rows(
            ordinary, f'SELECT count(*) FROM "{name}"'
        ), name
    steps = "SELECT app, name FROM django_migrations ORDER BY app, name"
    assert rows(quick, steps) == rows(ordinary, steps)
