"""What every test of the house may ask for; the database servers stand in `tests/servers.py`."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from tests.servers import (
    mariadb_databases,
    mariadb_is_installed,
    mariadb_server,
    new_mariadb_database,
    new_postgres_database,
    pgbouncer_is_installed,
    pool_before,
    postgres_databases,
    postgres_server,
)
from tests.worlds import standing

__all__ = [
    "mariadb_databases",
    "mariadb_server",
    "new_mariadb_database",
    "new_postgres_database",
    "pool_before",
    "postgres_databases",
    "postgres_server",
    "standing",
]


# How fast examples are made says how busy the machine is, and nothing of our code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The tables are made at once, as on a first start; a test of the command line holds that to the steps.

    On PostgreSQL the first process takes the steps, so that they are taken there too.
    """
    from django.core.management.commands import migrate
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from lienthong.cli.first_tables import make_first_tables

    class FirstTables(MigrationExecutor):
        def __init__(self, *arguments: Any) -> None:
            if make_first_tables(MigrationExecutor(connection)):
                connection.close()
            super().__init__(*arguments)

    if connection.vendor == "sqlite" or os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        migrate.MigrationExecutor = FirstTables  # type: ignore[misc]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The law is loaded once into the test database, as it is into every installation; loading it again costs nothing."""
    from lienthong.law.commands import load_law

    with django_db_blocker.unblock():
        load_law()
        _keep_database()
    yield
    for copy in _kept.values():
        copy.close()


@pytest.fixture(autouse=True)
def said_in_vietnamese() -> Iterator[None]:
    """Every test starts in the language of the house: a request in English leaves its language in the thread."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


# Tests that share a running server: each of these places stays in one process; elsewhere each file does.
TOGETHER = ("tests/journey/", "tests/packaging/")
# What takes longest begins first, so that no process is left alone with it at the end.
FIRST = (
    *TOGETHER,
    "tests/runtime/",
    "src/lienthong/engine/sync/tests/test_faults.py",
    "src/lienthong/cli/tests/test_first_tables.py",
    "src/lienthong/engine/store/tests/test_trials.py",
    "tests/secrets/",
    "src/lienthong/inventory/tests/",
    "src/lienthong/engine/serve/tests/test_faults.py",
    "src/lienthong/engine/sources/tests/test_faults.py",
    "src/lienthong/engine/store/tests/",
    "src/lienthong/authority/tests/",
    "src/lienthong/cli/tests/",
    "src/lienthong/demo/",
    "tests/",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """Spread the tests over the processes so that what is made for a file, or for a place, is made once."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class TogetherScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid.split("::")[0])

    return TogetherScheduling(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", default="", help="folder into which the journey puts its screenshots")


def pytest_configure() -> None:
    """Let tests with real transactions leave the database as every other test finds it.

    Django would empty all tables after them: the law with them, and not the event log, which is sealed.
    """
    from django.test import TransactionTestCase

    if TransactionTestCase._fixture_teardown.__module__ == "django.test.testcases":
        TransactionTestCase._fixture_teardown = _put_database_back  # type: ignore[method-assign]


_kept: dict[str, sqlite3.Connection] = {}


def _keep_database() -> None:
    """Keep a copy of the test database as it is now, where it is an SQLite file."""
    from django.db import connection

    if connection.vendor == "sqlite":
        _kept[connection.alias] = copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(copy)


def _put_database_back(case: Any) -> None:
    from django.core.management import call_command
    from django.db import connections

    from lienthong.foundation.events.sealing import seal, unseal
    from lienthong.law.commands import load_law

    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        if alias in _kept:
            connection.ensure_connection()
            _kept[alias].backup(connection.connection)
            continue
        with connection.schema_editor() as editor:
            unseal(None, editor)
        try:
            call_command("flush", verbosity=0, interactive=False, database=alias, reset_sequences=False)
        finally:
            with connection.schema_editor() as editor:
                seal(None, editor)
        load_law()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the search for garbage need not go over it each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest; leave the tests out, and say so, whose server this machine does not have."""
    items.sort(
        key=lambda item: next(
            (n for n, place in enumerate(FIRST) if item.nodeid.startswith(place)), len(FIRST)
        )
    )
    for fixture, there, said in (
        ("mariadb_server", mariadb_is_installed(), "no MariaDB server here: {} tests of MySQL left out"),
        ("pool_before", pgbouncer_is_installed(), "no pgbouncer here: {} tests of pools left out"),
    ):
        out = [item for item in items if fixture in getattr(item, "fixturenames", ())]
        if there or not out:
            continue
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(said.format(len(out)), yellow=True)
