"""`lienthong look` beside DuckDB's SUMMARIZE, on a register of 1,000,000 persons with 12 columns."""
