"""The databases between which the tests of synchronisation copy: one of each server for a file of tests, SQLite for a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def postgres(postgres_databases: Callable[[], str]) -> str:
    """The URL of a PostgreSQL database."""
    return postgres_databases()


@pytest.fixture(scope="module")
def mariadb(mariadb_databases: Callable[[], str]) -> str:
    """The URL of a MariaDB database."""
    return mariadb_databases()


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{tmp_path / 'n.db'}"
