"""Overlap cases and flows in the search: found by number and by name, by the people of both sides alone."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.tracing import carries

from .addresses import case_address, flow_address
from .models import FlowState, OverlapCase, SyncFlow

OVERLAP, FLOW = "overlap", "flow"


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


@carries("SEC-01")
def index_flow(flow: SyncFlow) -> None:
    """Make a flow findable for the units of both sides; one with a secret side, or an ended one, leaves no row."""
    source = flow.source_database
    sides = [flow.database, *([source] if source is not None else [])]
    if flow.state == FlowState.ENDED or any(side.is_secret for side in sides):
        unindex(FLOW, flow.pk)
        return
    index(
        kind=FLOW,
        object_id=flow.pk,
        title=f"{flow.number} {flow.database.name}",
        summary=flow.dataset.name
        if flow.dataset is not None
        else source.name
        if source is not None
        else flow.feed_owner,
        url=flow_address(flow.number),
        units=dict.fromkeys(unit for side in sides for unit in (side.owner_id, side.managing_unit_id)),
        facets={"agency": flow.database.owner.name},
    )
