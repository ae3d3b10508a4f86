"""How the legal texts of a paper stand on its day."""

from __future__ import annotations

from datetime import date

from lienthong.foundation.tracing import carries

from .models import Instrument
from .queries import instrument_cited, stale_citations

STATUS = {
    "ended": "Hết hiệu lực",
    "not_yet": "Chưa có hiệu lực",
    "partly": "Còn hiệu lực một phần",
}


@carries("CFG-01")
def cited_in_full(slug: str, day: date) -> list[str]:
    """One text as a line of the basis of a paper; nothing where it does not hold on the day."""
    found = Instrument.objects.filter(slug=slug).first()
    return [f"Căn cứ {found.full_citation()}"] if found is not None and found.in_force_on(day) else []


def status_on(text: str, day: date) -> str:
    """How a legal text that somebody cites stands on a day, in a few Vietnamese words for a paper."""
    stale = stale_citations(text, on=day)
    if stale:
        first = stale[0]
        said = STATUS.get(str(first.status), STATUS["partly"])
        return f"{said}; thay bằng {first.instead_vi}" if first.instead_vi else said
    return "Còn hiệu lực" if instrument_cited(text) else "Chưa đối chiếu được"
