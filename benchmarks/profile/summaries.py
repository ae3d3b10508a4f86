"""The limit for many tables: DuckDB's summary of every file of a folder, in one process."""

import sys
from pathlib import Path

import duckdb

connection = duckdb.connect()
for path in sorted(Path(sys.argv[1]).glob("*.parquet")):
    connection.execute(f"SUMMARIZE FROM '{path}'").fetchall()
