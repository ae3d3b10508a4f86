"""The legal basis of a paper on its day: the texts that hold, and how a text that somebody cites stands."""

from __future__ import annotations

from datetime import date

from lienthong.foundation.tracing import carries

from .models import Instrument
from .queries import instrument_cited, rule_set_on, stale_citations

MOTTO = ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc")
STATUS = {
    "ended": "Hết hiệu lực",
    "not_yet": "Chưa có hiệu lực",
    "partly": "Còn hiệu lực một phần",
}


@carries("CFG-01")
def basis_of_paper(day: date, *slugs: str) -> list[str]:
    """The texts on which a paper of a day rests, as its lines of basis; without `slugs` those of the rule set of the day."""
    wanted = slugs or tuple(rule_set_on(day).basis)
    known = {row.slug: row for row in Instrument.objects.filter(slug__in=wanted)}
    return [
        f"Căn cứ {known[slug].citation('vi')}"
        for slug in wanted
        if slug in known and known[slug].in_force_on(day)
    ]


def status_on(text: str, day: date) -> str:
    """How a legal text that somebody cited stands on a day, in a few Vietnamese words for a paper."""
    stale = stale_citations(text, on=day)
    if stale:
        first = stale[0]
        said = STATUS.get(str(first.status), STATUS["partly"])
        return f"{said}; thay bằng {first.instead_vi}" if first.instead_vi else said
    return "Còn hiệu lực" if instrument_cited(text) else "Chưa đối chiếu được"


def dated(place: str, day: date) -> str:
    """Place and day as they stand on a paper: `An Lộc, ngày 05 tháng 3 năm 2026`."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place or '............'}, ngày {day.day:02d} tháng {month} năm {day.year}"
