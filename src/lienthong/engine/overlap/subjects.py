"""Whom the rows of a table are of, as far as its columns tell: firms or people."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from lienthong.engine.overlap.names import in_table
from lienthong.engine.overlap.semantics import OVER_DECADES, telling
from lienthong.engine.overlap.shapes import ColumnSketch, TableSketch

Kind = Literal["person", "business", "vehicle"]

_SAYS_BUSINESS = frozenset({"tax_code", "business_code", "business", "legal_form", "capital"})
_SAYS_PERSON = frozenset(
    {"citizen_number", "full_name", "birth_date", "person", "student", "patient", "teacher", "employee"}
)


def held_by(column: ColumnSketch) -> str | None:
    """The semantic type that a column has beyond doubt, or None."""
    return telling(column.facts.semantics) if column.facts is not None else None


def subject_of(table: TableSketch) -> Kind | None:
    """Whether the rows of a table are of firms or of people, as far as its columns tell."""
    return _subject_of(_Known(table))


class _Known:
    """A table by identity, for remembering."""

    def __init__(self, table: TableSketch) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.table is self.table


@lru_cache(maxsize=5_000)
def _subject_of(known: _Known) -> Kind | None:
    person = business = 0
    for column in known.table.columns:
        holds = held_by(column)
        says = set(in_table(column.title or column.name, "")) - {"code", "name"}
        unique = column.facts is None or column.facts.unique
        person += holds in ("citizen_number", "person_name", OVER_DECADES) or bool(says & _SAYS_PERSON)
        business += 2 * ((holds == "checked_tax_code" and unique) or holds == "company_name")
        business += bool(says & _SAYS_BUSINESS) and unique
    if not person and not business:
        return None
    return "business" if business >= person else "person"
