"""Proof about data: the digest by which two copies are known to be the same.

It says what a set of rows is, never whose it is or why somebody wants to know.
"""
