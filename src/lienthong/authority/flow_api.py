"""Flows, runs and reconciliations for programs, as their officer may know of them; never a value of a row."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed

from .flow_access import SIDES, flow_for, flows_visible_to, may_see_rows, reconciliation_for
from .flow_queries import glance_of, running_flows
from .models import SyncFlow

router = Router()


class FlowOut(Schema):
    number: str
    database: str
    table: str
    source_kind: str
    source_database: str | None
    dataset: str | None
    state: str
    standing: str
    frequency: str
    responsible_unit: str
    case: str | None
    next_due_at: datetime | None
    last_good_at: datetime | None
    reconciled_at: datetime | None
    in_step: bool | None
    held_back: int
    proved_at: datetime | None
    late_since: datetime | None


class FlowPageOut(Schema):
    items: list[FlowOut]
    after: str | None


class RunOut(Schema):
    id: int
    cause: str
    state: str
    due_at: datetime | None
    started_at: datetime
    finished_at: datetime | None
    rung: str
    why: dict[str, Any]
    read: int
    inserted: int
    updated: int
    deleted: int
    set_aside: int
    held: int
    held_by: list[str]
    proved: bool
    from_mark: str
    to_mark: str
    error_code: str
    error: dict[str, Any]


class RunPageOut(Schema):
    items: list[RunOut]
    after: int | None


class ReconciliationOut(Schema):
    number: str
    flow: str
    made_at: datetime
    source_rows: int
    target_rows: int
    missing: int
    extra: int
    changed: int
    held: int
    held_by: list[str]
    is_equal: bool
    completeness: float
    accuracy: float
    timeliness: float | None
    runs_due: int
    runs_in_time: int
    digest: str
    certificate: dict[str, Any] | None


def _told(flow: SyncFlow, running: set[int]) -> dict[str, Any]:
    plain = (
        "number", "source_kind", "state", "frequency", "next_due_at", "last_good_at", "reconciled_at", "in_step",
        "held_back", "proved_at", "late_since",
    )  # fmt: skip
    source = flow.source_database
    return {name: getattr(flow, name) for name in plain} | {
        "database": flow.database.code,
        "table": flow.target_table,
        "source_database": source.code if source is not None else None,
        "dataset": flow.dataset.slug if flow.dataset is not None else None,
        "standing": glance_of(flow, running=flow.pk in running),
        "responsible_unit": flow.responsible_unit.code,
        "case": flow.case.number if flow.case is not None else None,
    }


@router.get("/flows", response=FlowPageOut, summary="Flows of synchronisation of one's databases")
def flows(
    request: Request, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, object]:
    """In the order of their numbers; `after` is the number of the last flow of the page before."""
    found = flows_visible_to(_signed_in(request)).select_related(*SIDES).order_by("number")
    if after:
        found = found.filter(number__gt=after[:20])
    rows = list(found[: limit + 1])
    running = running_flows(rows)
    return {
        "items": [_told(flow, running) for flow in rows[:limit]],
        "after": rows[limit - 1].number if len(rows) > limit else None,
    }


@router.get("/flows/{number}", response=FlowOut, summary="One flow: from where, how it stands")
def flow(request: Request, number: str) -> dict[str, Any]:
    """One flow as its page shows it."""
    found = flow_for(_signed_in(request), number)
    return _told(found, running_flows([found]))


@router.get("/flows/{number}/runs", response=RunPageOut, summary="Runs of a flow")
def runs(
    request: Request,
    number: str,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """The newest first; `after` is the id of the last run of the page before."""
    listed = flow_for(_signed_in(request), number).runs.order_by("-pk")
    if after:
        listed = listed.filter(pk__lt=after)
    rows = list(listed[: limit + 1])
    return {"items": rows[:limit], "after": rows[limit - 1].pk if len(rows) > limit else None}


@router.get(
    "/reconciliations/{number}", response=ReconciliationOut, summary="One reconciliation with its certificate"
)
def reconciliation(request: Request, number: str) -> dict[str, Any]:
    """Counts and certificate of both ends; the certificate is verified by `lienthong reconcile --verify`.

    It names where each side's data lie: null for those who may not look inside either database.
    """
    actor = _signed_in(request)
    found = reconciliation_for(actor, number)
    seen = may_see_rows(actor, found.flow)
    return {name: getattr(found, name) for name in ReconciliationOut.model_fields if name != "flow"} | {
        "flow": found.flow.number,
        "certificate": found.certificate if seen else None,
    }


def _signed_in(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem luồng đồng bộ", act_en="see flows of synchronisation")
    return actor
