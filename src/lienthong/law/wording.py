"""How a value of the law is said to people, in the language of the reader."""

from __future__ import annotations

from datetime import date
from functools import cache

from django.utils.translation import gettext, gettext_noop

from lienthong.foundation.pagekit.figures import day_text, number_text, term_text

from . import shipped
from .answers import Length, here
from .models import BoundChoice, UnitChoice
from .rules import COUNTED_UNITS, Unit, typed_value

_PATTERNS = {
    Unit.TIMES_PER_MONTH: gettext_noop("%(number)s times a month"),
    Unit.TIMES_PER_QUARTER: gettext_noop("%(number)s times a quarter"),
    Unit.TIMES_PER_YEAR: gettext_noop("%(number)s times a year"),
    Unit.PERCENT: "%(number)s%%",
    Unit.SCORE: gettext_noop("%(number)s points"),
    Unit.MONEY: gettext_noop("%(number)s dong"),
    Unit.COUNT: "%(number)s",
}
_SAME_EVERYWHERE = {"%(number)s", "%(number)s%%"}


def value_text(value: str, unit: str, *, bound: str = "", ahead: bool = False, note: str = "") -> str:
    """A stored value as a reader says it: `tối đa 2 ngày làm việc`, `trước 31/12 hằng năm`.

    `note` stands in for values that are codes, such as the parts of a dossier.
    """
    kind = Unit(unit)
    if kind is Unit.IMMEDIATE:
        return gettext("At once")
    if kind is Unit.NONE:
        return gettext("The law sets no time limit")
    if kind is Unit.UNKNOWN:
        return gettext("No rule found yet")
    if kind is Unit.TEXT:
        return note or value.replace(",", ", ").replace("_", " ")
    if kind is Unit.ROLE:
        return role_text(value)
    return _bounded(_plain(value, kind), kind, bound, ahead)


def role_text(code: str) -> str:
    """The words for a competent role."""
    words = _roles().get(code)
    return here(words["vi"], words["en"]) if words else code


def anchor_text(code: str) -> str:
    """The words for the event from which a term runs."""
    words = shipped.anchors().get(code)
    return here(words["vi"], words["en"]) if words else code.replace("_", " ")


def group_text(code: str) -> str:
    """The words for a group of parameters."""
    words = shipped.parameter_groups().get(code)
    return here(words["vi"], words["en"]) if words else code


def span_text(first: date, last: date | None) -> str:
    """`19/08/2025 đến 21/10/2025`, or `từ 22/10/2025`."""
    if last is None:
        return gettext("from %(first)s") % {"first": day_text(first)}
    return gettext("%(first)s to %(last)s") % {"first": day_text(first), "last": day_text(last)}


def unit_text(code: str) -> str:
    """The words for a unit."""
    return str(UnitChoice(code).label)


def _plain(value: str, unit: Unit) -> str:
    typed = typed_value(value, unit)
    if unit in COUNTED_UNITS:
        return term_text(Length(typed, unit.value, "verified"))
    if isinstance(typed, bool):
        return gettext("Yes") if typed else gettext("No")
    if isinstance(typed, date):
        return day_text(typed)
    if unit is Unit.YEARLY_DATE:
        month, day = value.split("-")
        return gettext("%(day)s/%(month)s of every year") % {"day": day, "month": month}
    pattern = _PATTERNS[unit]
    return (pattern if pattern in _SAME_EVERYWHERE else gettext(pattern)) % {"number": number_text(typed)}


def _bounded(text: str, unit: Unit, bound: str, ahead: bool) -> str:
    if bound == BoundChoice.BEFORE:
        return gettext("before %(limit)s") % {"limit": text}
    if bound == BoundChoice.AT_LEAST:
        pattern = gettext("at least %(limit)s ahead") if ahead else gettext("at least %(limit)s")
        return pattern % {"limit": text}
    if bound == BoundChoice.AT_MOST:
        pattern = gettext("by %(limit)s") if unit is Unit.DATE else gettext("at most %(limit)s")
        return pattern % {"limit": text}
    return text


@cache
def _roles() -> dict[str, dict[str, str]]:
    return dict(shipped.read("authority_roles.yaml")["roles"])
