"""What is in a table: exact counts, ranges, rules of quality, and what every column means.

Reads any relation of a DuckDB connection; where that relation comes from is the business of
`engine.sources` and `engine.store`.
"""

from lienthong.engine.profile.measuring import OnProgress, profile_relation

__all__ = ["OnProgress", "profile_relation"]
