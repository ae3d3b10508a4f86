"""Holds: what must be settled before a record may take a step.

An upper floor places and lifts them by calling down; the lower command refuses while one is open, and shows it.
"""
