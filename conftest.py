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
