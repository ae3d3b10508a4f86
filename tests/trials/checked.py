"""Imported where processes are forked from: what DuckDB loads is checked there once, and not by each child."""

import duckdb

from lienthong.engine.session import UNCHECKED, load_extension

with duckdb.connect(config={**UNCHECKED, "threads": "1"}) as connection:
    for name in ("ducklake", "sqlite_scanner", "postgres_scanner"):
        load_extension(connection, name)
