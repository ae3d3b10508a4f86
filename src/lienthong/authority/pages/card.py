"""The card of a column pair: how much both hold, what agrees, what speaks against, and every signal that was weighed (D5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.authority.models import OverlapCase
from lienthong.authority.queries import ShownPair, ShownSide
from lienthong.authority.replaying import replay
from lienthong.catalogue.models import Database
from lienthong.foundation.pagekit.figures import number_text, percent_text

# A bar that would be thinner than this part of the picture is drawn this thin all the same.
THINNEST = 1.5
# From how many values it is told how many the other has: enough that the number is no zero.
ROUND = (100, 1_000, 10_000, 1_000_000)


# Of the signs that speak for it the strongest are listed; the reckoning holds them all.
LISTED = 6


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two bars above one another on one line of 100: what both hold lies in the same place."""

    lower_width: float
    higher_start: float
    higher_width: float
    common_width: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as it was weighed."""

    words: str
    value: float
    weight: float

    @property
    def adds(self) -> float:
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a reader is shown of one column pair."""

    shown: ShownPair
    overlay: Overlay | None
    sentences: tuple[str, ...]
    agrees: tuple[str, ...]
    against: tuple[str, ...]
    signals: tuple[Signal, ...]
    method: str

    @property
    def more(self) -> int:
        """How many weaker signs speak for it beside those that are listed."""
        return max(len(self.agrees) - LISTED, 0)

    @property
    def certainty(self) -> str:
        """How sure the matcher is, in percent; never a full hundred."""
        score = self.shown.pair.score
        if score > 0.999:
            return _("over %(share)s") % {"share": percent_text(99.9)}
        return percent_text(score * 100)

    @property
    def total(self) -> float:
        """What base and signals add up to, in log-odds."""
        return (self.shown.pair.base or 0.0) + sum(signal.adds for signal in self.signals)

    @property
    def adds_up(self) -> bool | None:
        """Whether the signals that were kept give the kept score again; None where the base was not kept."""
        found = replay(self.shown.pair)
        return None if found.again is None else found.agrees


def card_of(case: OverlapCase, shown: ShownPair) -> Card:
    """The card of a column pair, with the lower copy first."""
    pair = shown.pair
    return Card(
        shown=shown,
        overlay=overlay_of(shown.lower.share, shown.higher.share),
        sentences=tuple(
            _counted(side, own, other)
            for side, own, other in (
                (shown.lower, case.lower, case.higher),
                (shown.higher, case.higher, case.lower),
            )
            if side.share is not None
        ),
        agrees=tuple(
            _signal(one).words
            for one in sorted(pair.reasons, key=lambda one: -float(one["weight"]) * float(one["value"]))
            if one["code"] != "values"
        ),
        against=tuple(_upper(text) for text in pair.shown_against),
        signals=tuple(_signal(one) for one in (*pair.reasons, *pair.against)),
        method=pair.search.method,
    )


def overlay_of(lower: float | None, higher: float | None) -> Overlay | None:
    """Both sets as bars whose common part lies in the same place, from what part of each the other has."""
    if not lower or not higher:
        return None
    # With what both hold as one, a side is as large as one through its share.
    one, other = 1 / min(lower, 1.0), 1 / min(higher, 1.0)
    whole = one + other - 1

    def part(size: float) -> float:
        return round(max(100 * size / whole, THINNEST), 2)

    return Overlay(part(one), round(min(100 * (one - 1) / whole, 100 - THINNEST), 2), part(other), part(1))


def _counted(side: ShownSide, own: Database, other: Database) -> str:
    """What of a side's values the other has, in numbers that one can picture."""
    locale = get_language() or "vi"
    share = side.share or 0.0
    whole = next((one for one in ROUND if share * one >= 1), ROUND[-1])
    facts = {
        "whole": number_text(whole),
        "count": number_text(round(share * whole)),
        "column": side.column,
        "name": own.display_name(locale),
        "other": other.display_name(locale),
    }
    if not share:
        return _("No value of “%(column)s” in “%(name)s” was found in “%(other)s”.") % facts
    if side.low is None or side.high is None or side.low == side.high:
        return (
            _("Of %(whole)s values of “%(column)s” in “%(name)s”, %(count)s are also in “%(other)s”.") % facts
        )
    facts |= {"low": number_text(round(side.low * whole)), "high": number_text(round(side.high * whole))}
    return (
        _(
            "Of %(whole)s values of “%(column)s” in “%(name)s”, about %(count)s (%(low)s to %(high)s) are also in "
            "“%(other)s”."
        )
        % facts
    )


def _signal(one: dict[str, Any]) -> Signal:
    words = str(one["vi" if (get_language() or "vi").startswith("vi") else "en"])
    return Signal(_upper(words), float(one["value"]), float(one["weight"]))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
