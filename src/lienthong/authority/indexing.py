"""Overlap cases in the search: found by number and by name, by the people of both sides alone."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.tracing import carries

from .addresses import case_address
from .models import OverlapCase

OVERLAP = "overlap"


@carries("SEC-01")
def index_case(case: OverlapCase) -> None:
    """Make a case findable for the units of both databases; one with a secret side leaves no row."""
    if case.lower.is_secret or case.higher.is_secret:
        unindex(OVERLAP, case.pk)
        return
    index(
        kind=OVERLAP,
        object_id=case.pk,
        title=f"{case.number} {case.lower.name}",
        summary=f"{case.higher.name}, {case.higher.owner.name}",
        url=case_address(case.number),
        units=dict.fromkeys(
            unit for side in (case.lower, case.higher) for unit in (side.owner_id, side.managing_unit_id)
        ),
        facets={"agency": case.lower.owner.name},
    )
