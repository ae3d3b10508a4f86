"""What happened: audit entry and published fact in one row, delivered at least once.

Here: `Fact`, `publish`, the append-only `Event`, its deliveries, the history of a record.
Not here: what follows from a fact (`lienthong.reactions`).
"""
