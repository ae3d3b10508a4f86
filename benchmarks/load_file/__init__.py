"""A file to a typed table, with the report of what was set aside: ours beside DuckDB and sqlite-utils."""
