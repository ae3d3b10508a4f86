"""Versions, copies kept in step and rows served, of one table of two million citizens."""
