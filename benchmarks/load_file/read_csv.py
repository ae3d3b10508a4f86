"""The raw limit for CSV: DuckDB finds the types of a sample and reads the file into a table."""

import sys

import duckdb

connection = duckdb.connect()
connection.execute(f"CREATE TABLE register AS FROM read_csv('{sys.argv[1]}')")
print(connection.execute("SELECT count(*) FROM register").fetchall())
