"""Whether a place of a legal text stands on a day, and since when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .answers import Standing
from .citations import covers
from .models import Force, Instrument, Provision, ProvisionRelation

_ENDING = (ProvisionRelation.Kind.REPEALS, ProvisionRelation.Kind.REPLACES)


@dataclass(frozen=True)
class Endings:
    """What later texts had ended by a day: places of texts, and the texts that a guidance was written for."""

    day: date
    places: Mapping[int, tuple[tuple[str, date], ...]]
    guided: Mapping[int, date]

    def holds(self, row: Provision) -> bool:
        """Whether a provision held: its text did, and no later text had ended it."""
        return self.standing_of(row)[0] in (Standing.HOLDS, Standing.GUIDES_ENDED)

    def is_touched(self, instrument: Instrument) -> bool:
        """Whether parts of a text had ended."""
        return instrument.pk in self.places

    def standing_of(self, row: Provision) -> tuple[Standing, date | None]:
        """How a provision stood, and the day from which: the earliest where several texts ended it."""
        text = row.instrument
        if text.in_force_from is not None and self.day < text.in_force_from:
            return Standing.NOT_YET, text.in_force_from
        since = [found for place, found in self.places.get(text.pk, ()) if covers(place, row.at)]
        if text.in_force_to is not None and self.day > text.in_force_to:
            since.append(text.in_force_to + timedelta(days=1))
        if since:
            return Standing.ENDED, min(since)
        if text.force == Force.GUIDANCE and text.pk in self.guided:
            return Standing.GUIDES_ENDED, self.guided[text.pk]
        return Standing.HOLDS, None


def endings_on(day: date) -> Endings:
    """What had ended by a day; one query."""
    places: dict[int, list[tuple[str, date]]] = {}
    guides: dict[int, list[date | None]] = {}
    rows = ProvisionRelation.objects.filter(kind__in=(*_ENDING, ProvisionRelation.Kind.DETAILS)).values_list(
        "kind",
        "source_instrument_id",
        "target_instrument_id",
        "target_place",
        "effective_on",
        "target_instrument__in_force_to",
    )
    for kind, source, target, place, effective, last in rows:
        if kind == ProvisionRelation.Kind.DETAILS:
            guides.setdefault(source, []).append(last)
        elif place and effective is not None and effective <= day:
            places.setdefault(target, []).append((place, effective))
    return Endings(
        day=day,
        places={text: tuple(found) for text, found in places.items()},
        guided={
            text: max(one for one in lasts if one) + timedelta(days=1)
            for text, lasts in guides.items()
            if all(one is not None and one < day for one in lasts)
        },
    )
