"""Fault trials: what breaks off is tried at many seeded points, and must leave the old state or the new one.

`make trials NAME=store` runs 200 points of each kind of `store.py` here and writes the table of the docs;
`make test` runs 20 of each through the tests of the same room.
"""
