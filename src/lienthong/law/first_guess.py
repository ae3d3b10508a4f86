"""The first guess of the days of rest of a year, from the package `holidays`: to be checked, and editable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

SOURCE = "holidays"


@dataclass(frozen=True)
class Guess:
    """A day that is probably a day of rest, or a day of rest that is probably worked in exchange."""

    day: date
    kind: str
    name_vi: str
    name_en: str
    source: str


def guesses(years: Iterable[int]) -> list[Guess]:
    """The probable days of rest and swapped working days of some years, in order.

    24 November is a day of rest from 2026 according to that package; like all the others it is to be checked
    against what the Government announces.
    """
    from holidays import country_holidays

    wanted = sorted(set(years))
    vietnamese = country_holidays("VN", years=wanted, language="vi")
    english = country_holidays("VN", years=wanted, language="en_US")
    source = f"{SOURCE} {version('holidays')}"
    found = [
        Guess(day, "holiday", name, english.get(day, name), source)
        for day, name in vietnamese.items()
        if day.year in wanted
    ]
    found += [
        Guess(day, "swapped_working", "Làm việc bù", "Working day in exchange", source)
        for day in getattr(vietnamese, "weekend_workdays", ())
        if day.year in wanted
    ]
    return sorted(found, key=lambda guess: (guess.day, guess.kind))
