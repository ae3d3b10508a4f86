"""Find where two databases hold the same data, and say why it is thought so.

Columns are reduced to sketches: names, a profile, and keyed hashes of values. Two sketches made with one key
are compared without any row. What follows from an overlap is decided above.
"""
