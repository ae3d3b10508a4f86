"""Load the shipped facts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from .. import shipped
from ..events import LawLoaded
from ..loading import load_rules, load_texts
from ..models import CalendarDay, ShippedFacts
from .days import seed_holidays

# The year in which the first rule set began.
FIRST_YEAR = 2020


@carries("CFG-01")
def load_law(*, actor: Actor | None = None) -> bool:
    """Bring the tables in line with the shipped facts, and guess the holidays of new years.

    What an agency has edited stays as it is; quick when nothing changed. Returns whether anything was read.
    Publishes LawLoaded.
    """
    who = actor or SYSTEM
    edition = shipped.digest()
    seed_holidays(actor=who, years=_years_without_calendar())
    if ShippedFacts.objects.filter(digest=edition).exists():
        return False
    with transaction.atomic():
        instruments = load_texts()
        parameters = load_rules()
        ShippedFacts.objects.exclude(digest=edition).delete()
        ShippedFacts.objects.create(digest=edition)
        publish(actor=who, fact=LawLoaded(digest=edition, instruments=instruments, parameters=parameters))
    return True


def _years_without_calendar() -> list[int]:
    wanted = range(FIRST_YEAR, timezone.localdate().year + 2)
    resting = ~Q(kind=CalendarDay.Kind.CLOSING)
    known = {found.year for found in CalendarDay.objects.filter(resting).dates("day", "year")}
    return [year for year in wanted if year not in known]
