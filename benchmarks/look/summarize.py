"""The peer: DuckDB's own summary of a file (approximate distinct counts and quantiles included)."""

import sys

import duckdb

for row in duckdb.connect().execute(f"SUMMARIZE FROM '{sys.argv[1]}'").fetchall():
    print(row)
