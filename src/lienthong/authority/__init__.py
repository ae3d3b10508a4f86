"""Whose data it is: searches for overlaps, the case made of each, whose copy counts, how the other follows.

Not here: how tables are compared (`engine.overlap`), databases (`catalogue`), their sources (`inventory`).
"""
