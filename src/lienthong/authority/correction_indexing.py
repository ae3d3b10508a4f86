"""Corrections in the search: found by number and place, by the units of both sides alone."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.tracing import carries

from .addresses import correction_address
from .models import CorrectionCase

CORRECTION = "correction"


@carries("SEC-01")
def index_correction(case: CorrectionCase) -> None:
    """Make a case findable for the units of the provider and for the reporter; of a secret none leaves a row."""
    if case.database.is_secret:
        unindex(CORRECTION, case.pk)
        return
    units = (case.database.owner_id, case.database.managing_unit_id, case.reporter_id)
    index(
        kind=CORRECTION,
        object_id=case.pk,
        title=f"{case.number} {case.database.name}",
        summary=case.place,
        url=correction_address(case.number),
        units=dict.fromkeys(unit for unit in units if unit is not None),
        facets={"agency": case.database.owner.name},
    )
