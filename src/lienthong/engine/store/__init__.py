"""Versioned tables: write a version, read a version, say what changed between two.

A version that was published never vanishes and never changes. Rows are handed out by `engine.serve`; copies
are kept in step by `engine.sync`.
"""
