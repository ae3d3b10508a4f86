"""What every test of the house may ask for; the database servers stand in `tests/servers.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tests.servers import (
    mariadb_databases,
    mariadb_is_installed,
    mariadb_server,
    new_mariadb_database,
    new_postgres_database,
    postgres_databases,
    postgres_server,
)

__all__ = [
    "mariadb_databases",
    "mariadb_server",
    "new_mariadb_database",
    "new_postgres_database",
    "postgres_databases",
    "postgres_server",
]


def pytest_configure() -> None:
    """Let tests with real transactions clear the event log after them: its seal is broken for that moment
    only.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from lienthong.foundation.events.sealing import TABLE, seal, unseal

    clear = TransactionTestCase._fixture_teardown

    def clear_under_broken_seal(self: TransactionTestCase) -> None:
        sealed = [
            connections[name]
            for name in self._databases_names(include_mirrors=False)
            if TABLE in connections[name].introspection.table_names()
        ]
        for connection in sealed:
            with connection.schema_editor() as editor:
                unseal(None, editor)
        try:
            clear(self)
        finally:
            for connection in sealed:
                with connection.schema_editor() as editor:
                    seal(None, editor)

    if clear.__name__ != clear_under_broken_seal.__name__:
        TransactionTestCase._fixture_teardown = clear_under_broken_seal


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of MySQL out, and say so, where the machine has no MariaDB server."""
    if mariadb_is_installed():
        return
    out = [item for item in items if "mariadb_server" in getattr(item, "fixturenames", ())]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"no MariaDB server here: {len(out)} tests of MySQL left out", yellow=True)
