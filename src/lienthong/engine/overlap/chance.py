"""How many values two columns would have in common by chance, and how far beyond it they are."""

from __future__ import annotations

import math

from lienthong.engine.overlap.semantics import PASSED
from lienthong.engine.overlap.shapes import QUANTILES, ColumnFacts
from lienthong.engine.overlap.spans import span

_MEANINGLESS = 0.98
_BITS_OF_LETTER, _BITS_IN_NAME, _BITS_OF_DIGIT, _MOST_BITS = 2.0, 1.0, 3.32, 24.0
_SURE = 16.0
_TELLING_DIGITS, _DAY_TELLS = 5.0, 0.6
_CENTURY = 36_525.0
_MORE_THAN_DRAWN = 1.25


def domain(one: ColumnFacts, other: ColumnFacts, *, days: bool = False) -> float:
    """How many different values there could be of the kind that both columns hold; 1 when values mean nothing.

    `days`: of moments, the days alone were compared.
    """
    if one.counter or other.counter or "boolean" in (one.kind, other.kind):
        return 1.0
    if _counts(one) and _counts(other):
        (low_one, up_one), (low_other, up_other) = _bounds(one), _bounds(other)
        spread = max(1.0, max(up_one, up_other) - min(low_one, low_other) + 1)
        return spread if days else spread * _parts_of_a_day(one, other)
    return float(2.0 ** min(_bits(one), _bits(other)))


def tell_the_time(one: ColumnFacts, other: ColumnFacts) -> bool:
    """True when both columns hold moments of the day: to meet in one is no chance as meeting on a day is."""
    return _parts_of_a_day(one, other) > 1


def _parts_of_a_day(one: ColumnFacts, other: ColumnFacts) -> float:
    """How finely both columns tell the time: 1 where one holds days alone, or may for all that is known."""
    return min(_fineness(one), _fineness(other))


def _fineness(facts: ColumnFacts) -> float:
    """Of hours, minutes and seconds the coarsest that so many different moments could be drawn from."""
    if facts.kind != "moment":
        return 1.0
    low, high = _bounds(facts)
    span_of_days = max(1.0, high - low + 1)
    # One moment of a batch is still told to the minute.
    minutes = facts.semantics.get("to_the_minute", 0.0) >= PASSED
    for parts in (1_440.0,) if minutes else (1.0, 24.0, 1_440.0):
        cells = span_of_days * parts
        if facts.distinct <= _MORE_THAN_DRAWN * cells * -math.expm1(-facts.filled / cells):
            return parts
    return 86_400.0


def _bounds(facts: ColumnFacts) -> tuple[float, float]:
    """From where to where whole numbers or days lie; where the range of personal data is held back, as far as is known."""
    if facts.lower is not None and facts.upper is not None:
        return facts.lower, facts.upper
    if facts.quantiles:
        return span(facts.quantiles)
    return (-_CENTURY, 0.0) if facts.kind in ("date", "moment") else (0.0, 10.0**facts.max_length)


def _bits(facts: ColumnFacts) -> float:
    """How much one value tells: letters of words little, digits of codes all."""
    if facts.kind == "number":
        return min(_MOST_BITS, _BITS_OF_DIGIT * max(1.0, facts.avg_length - 1))
    each = _BITS_IN_NAME if facts.semantics.get("person_name", 0.0) >= PASSED else _BITS_OF_LETTER
    return min(_MOST_BITS, each * facts.avg_length)


def expected(one: ColumnFacts, other: ColumnFacts, *, days: bool = False) -> float:
    """How many values would be common if both columns were drawn blindly from all that there could be."""
    left, right = float(one.distinct), float(other.distinct)
    spread = domain(one, other, days=days)
    if spread > 1 and one.quantiles and other.quantiles and _counts(one) and _counts(other):
        parts = 1.0 if days else _parts_of_a_day(one, other)
        return min(left, right, left * right * _density(one, other) / parts)
    return min(left, right, left * right / spread)


def _counts(facts: ColumnFacts) -> bool:
    return facts.semantics.get("digits", 0.0) >= PASSED or facts.kind in ("date", "moment")


def _density(one: ColumnFacts, other: ColumnFacts) -> float:
    """The chance that a value of one meets a value of the other, where both crowd as their quantiles tell."""
    return sum(
        mass
        * mass_other
        * max(0.0, min(high, high_other) - max(low, low_other))
        / ((high - low) * (high_other - low_other))
        for low, high, mass in _parts(one)
        for low_other, high_other, mass_other in _parts(other)
    )


def _parts(facts: ColumnFacts) -> list[tuple[float, float, float]]:
    low, high = _bounds(facts)
    edges = [low, *facts.quantiles, high]
    marks = [0.0, *QUANTILES, 1.0]
    return [
        (low, max(high, low + 1.0), mark_high - mark_low)
        for low, high, mark_low, mark_high in zip(edges, edges[1:], marks, marks[1:], strict=False)
    ]


def beyond(common: int, by_chance: float) -> float:
    """How surely so many common values are no chance, from 0 to 1: the likelihood ratio of Poisson counts, cut off."""
    by_chance = max(by_chance, 1e-4)
    if common <= by_chance:
        return 0.0
    return min(1.0, (common * math.log(common / by_chance) - (common - by_chance)) / _SURE)


def share_by_chance(one: ColumnFacts, other: ColumnFacts, *, days: bool = False) -> float:
    """The share of the values of one column that would be in the other if both were drawn blindly."""
    return min(_MEANINGLESS, other.distinct / domain(one, other, days=days))


def tells(facts: ColumnFacts) -> float:
    """How much one value of a column says: small whole numbers occur everywhere, days crowd on a few."""
    if facts.kind in ("date", "moment"):
        return _DAY_TELLS
    if facts.semantics.get("digits", 0.0) < PASSED or facts.kind not in ("number", "code"):
        return 1.0
    known = facts.upper is not None and not facts.padded
    digits = math.log10(max(facts.upper or 0.0, 0.0) + 2) if known else facts.max_length
    return min(1.0, digits / _TELLING_DIGITS)
