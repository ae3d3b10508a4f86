"""Where the rows stand that break a rule: their places among the rows as read, so that nobody's value need be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lienthong.engine.portable import TEXT, looked_over
from lienthong.engine.profile.checking import Counter
from lienthong.engine.profile.sampling import PLACE, is_table, with_places
from lienthong.engine.session import Connection
from lienthong.engine.shapes import ColumnProfile, Finding

PLACES = 5
_IN_ORDER = 100_000
"""Up to this many rows are captured in the order in which they were read."""
_LOOKED_THROUGH = 200_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """A relation in which every row has its place, from 0: what to read FROM, and the expression of the place."""

    relation: str
    place: str
    whole: bool = True
    """False when only the first rows are looked through."""


def numbered(relation: str, rows: int) -> Numbered | None:
    """The relation with the places of its rows; None when its rows are in no order."""
    if relation.startswith("read_parquet(") and relation.endswith(")"):
        read = with_places(relation)
        if rows <= _LOOKED_THROUGH:
            return Numbered(read, PLACE)
        first = f"(SELECT * FROM {read} WHERE {PLACE} < {_LOOKED_THROUGH})"
        return Numbered(first, PLACE, whole=False)
    if rows <= _IN_ORDER and is_table(relation):
        return Numbered(relation, "rowid")
    return None


def first_places(condition: str, of: Numbered) -> str:
    """SQL for the first places, from 1, at which a condition is true."""
    return f"list_transform(min({of.place}, {PLACES}) FILTER ({condition}), row -> row + 1)"


def placed(
    connection: Connection,
    sql: str,
    read_as: str,
    profile: ColumnProfile,
    counters: Sequence[Counter],
    of: Numbered,
) -> ColumnProfile:
    """The profile with the first rows that break each of its rules, in the evidence of the findings."""
    asked = {counter.rule: counter.condition for counter in counters}
    asked["value_missing"] = "v IS NULL"
    sought = [
        one.code for one in profile.findings if one.code in asked and one.evidence.get("share", 1) < 0.5
    ]
    if not sought:
        return profile
    values = f"SELECT {sql} AS v, {of.place} FROM {of.relation}"
    if read_as in TEXT:
        values = looked_over(values)
    select = ", ".join(first_places(asked[code], of) for code in sought)
    found = connection.execute(f"SELECT {select} FROM ({values})").fetchall()[0]
    places = {code: at for code, at in zip(sought, found, strict=True) if at}
    return replace(profile, findings=tuple(_with_rows(one, places.get(one.code)) for one in profile.findings))


def _with_rows(found: Finding, places: Sequence[int] | None) -> Finding:
    if not places:
        return found
    return replace(found, evidence={**found.evidence, "rows": list(places)})
