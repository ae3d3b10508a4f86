"""More than one machine: what Spark gives is what DuckDB gives (`make test-cluster`, outside of `make test`)."""
