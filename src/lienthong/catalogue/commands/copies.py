"""What the floor that decides overlaps leaves on the record of the lower copy."""

from __future__ import annotations

from datetime import date

from lienthong.agencies.models import Agency
from lienthong.foundation.tracing import carries

from ..models import CopyStanding, Database


@carries("OVL-01", "OVL-02", "OVL-04")
def note_copy(
    *,
    number: str,
    database: Database,
    source: Database,
    standing: str,
    requirement: str = "",
    method: str = "",
    frequency: str = "",
    responsible_unit: Agency | None = None,
    started_on: date | None = None,
    legal_ground: str = "",
    review_date: date | None = None,
    decided_on: date | None = None,
) -> CopyStanding:
    """Put on a database's record how it stands to another by an overlap case; said again, the last word counts."""
    row, _made = CopyStanding.objects.update_or_create(
        number=number,
        defaults={
            "database": database,
            "source": source,
            "standing": standing,
            "requirement": requirement,
            "method": method,
            "frequency": frequency,
            "responsible_unit": responsible_unit,
            "started_on": started_on,
            "legal_ground": legal_ground,
            "review_date": review_date,
            "decided_on": decided_on,
        },
    )
    return row


def forget_copy(*, number: str) -> int:
    """Take from the record what a case had put there: there is no overlap after all."""
    gone, _kinds = CopyStanding.objects.filter(number=number).delete()
    return gone
