"""Until when a copy of shared data may be used, and what must be said to keep one: decisions on plain values."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthong.foundation.tracing import carries

from .errors import CopyReasonMissing, ErasureUnsaid, UseTermRefused

ONLINE_QUERY, SYNC, PACKAGED = "online_query", "sync", "packaged"
DAY, MONTH = "calendar_day", "month"
REASONS = ("use", "performance", "allowed")
# Nobody means a longer term than this.
LONGEST = {DAY: 3660, MONTH: 120}


@dataclass(frozen=True, slots=True)
class Term:
    """So many days or months."""

    amount: int
    unit: str


@carries("CON-04")
def expiry_of(method: str, *, taken_at: datetime, synced_at: datetime, term: Term | None) -> datetime | None:
    """Until when a copy may be used.

    (a) What an on-line query answered counts at once, when it was given, and no later. (b) A synchronised copy counts
    from its last synchronisation, for the term; then it is void or synchronised anew. (c) A package may be used many
    times within the term since it was taken. None where no term was set for (b) and (c).
    """
    if method == ONLINE_QUERY:
        return taken_at if synced_at < taken_at else synced_at
    if term is None:
        return None
    return after(synced_at if method == SYNC else taken_at, term)


def after(moment: datetime, term: Term) -> datetime:
    """The moment so much later; of a month that is too short its last day."""
    if term.unit == DAY:
        return moment + timedelta(days=term.amount)
    month = moment.month - 1 + term.amount
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def require_term(amount: int, unit: str) -> Term:
    """A term that makes sense."""
    if unit not in LONGEST or not 1 <= amount <= LONGEST[unit]:
        raise UseTermRefused(given=f"{amount} {unit}"[:40])
    return Term(amount, unit)


@carries("CON-05")
def require_reason(reason: str, ground: str, place: str) -> None:
    """A copy is kept for one of three reasons, and somewhere; where a text allows it, the text is named."""
    missing = [
        names
        for names, lacks in (
            (("lý do lưu", "the reason for keeping it"), reason not in REASONS),
            (
                ("văn bản cho phép", "the text that allows it"),
                reason == "allowed" and len(ground.strip()) < 5,
            ),
            (("nơi lưu", "where it is kept"), len(place.strip()) < 2),
        )
        if lacks
    ]
    if missing:
        raise CopyReasonMissing(
            at="reason"
            if reason not in REASONS
            else "ground"
            if reason == "allowed" and len(ground.strip()) < 5
            else "place",
            missing=", ".join(vi for vi, _ in missing),
            missing_en=", ".join(en for _, en in missing),
        )


def require_erasure(how: str) -> str:
    """How a copy was erased, in words."""
    said = how.strip()
    if len(said) < 5:
        raise ErasureUnsaid()
    return said[:300]


def warning_from(expires_at: datetime, days: int) -> datetime:
    """From when on it is said that a copy is about to expire."""
    return expires_at - timedelta(days=days)
