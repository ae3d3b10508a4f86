"""A whole profile beside SUMMARIZE, ydata-profiling and Great Expectations; and many tables at a flat cost each."""
