"""A table copied into another database and kept in step with it: ours beside dlt and the bare pipe of COPY."""
