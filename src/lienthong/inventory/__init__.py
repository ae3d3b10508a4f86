"""What agencies really have: sources bound to databases, looks at them, assessments, captured versions.

Not here: what a database, column or version is (`catalogue`), the reading and counting itself (`engine`),
overlaps (`authority`).
"""
