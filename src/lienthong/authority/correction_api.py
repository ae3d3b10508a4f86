"""Corrections for programs: what was reported, found, corrected and made known; never a value of a row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed

from .correction_access import REPORTING, correction_for, corrections_visible_to
from .correction_records import notices_of, running_terms
from .correction_rules import without_sources
from .models import CorrectionCase, CorrectionNotice

router = Router()


class CorrectionOut(Schema):
    number: str
    database: str
    dataset: str | None
    table: str
    columns: list[str]
    origin: str
    through: str
    reporter: str | None
    text: str
    missing: int
    extra: int
    changed: int
    is_critical: bool
    state: str
    level: str
    proof: str
    proof_version: int | None
    reported_at: datetime
    corrected_at: datetime | None
    broadcast_at: datetime | None
    closed_at: datetime | None
    due_on: date | None


class CorrectionsOut(Schema):
    items: list[CorrectionOut]
    after: str | None


class ToldOut(Schema):
    agency: str
    through: str
    reference: str
    told_at: datetime
    received_at: datetime | None

    @staticmethod
    def resolve_agency(notice: CorrectionNotice) -> str:
        return notice.agency.code


class CorrectionWithToldOut(CorrectionOut):
    finding: str
    measure: str
    summary: str
    outcome: str
    certificate: dict[str, Any]
    told: list[ToldOut]


def _officer(request: Request) -> Actor:
    actor: Actor = request.actor
    if not actor.is_system and not actor.has(*REPORTING):
        raise NotAllowed(act="xem hồ sơ đính chính", act_en="read corrections")
    return actor


@router.get("/corrections", response=CorrectionsOut, summary="Corrections one may know of")
def corrections(
    request: Request,
    database: str = "",
    dataset: str = "",
    state: str = "",
    origin: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The corrections, newest first; go on with `after`."""
    exact = {"database__code": database, "dataset__slug": dataset, "state": state, "origin": origin}
    found = corrections_visible_to(_officer(request)).filter(
        **{name: value for name, value in exact.items() if value}
    )
    if after:
        edge = found.filter(number=after).values_list("pk", flat=True).first()
        found = found.filter(pk__lt=edge or 0)
    listed = list(
        found.select_related("database", "dataset", "reporter", "proof_version").order_by("-pk")[: limit + 1]
    )
    kept = listed[:limit]
    clocks = running_terms(kept)
    due = {key: clock.due_on for key, clock in clocks.items()}
    return {
        "items": [_told(case, due.get(case.pk)) for case in kept],
        "after": kept[-1].number if len(listed) > limit else None,
    }


@router.get(
    "/corrections/{number}", response=CorrectionWithToldOut, summary="One correction, and who was told"
)
def correction(request: Request, number: str) -> dict[str, Any]:
    """One correction with what was found and done, its certificate, and every consumer that was told."""
    case = correction_for(_officer(request), number)
    clock = running_terms([case]).get(case.pk)
    return {
        **_told(case, clock.due_on if clock else None),
        "finding": case.finding,
        "measure": case.measure,
        "summary": case.summary,
        "outcome": case.outcome,
        "certificate": without_sources(case.certificate),
        "told": list(notices_of(case)),
    }


def _told(case: CorrectionCase, due_on: date | None) -> dict[str, Any]:
    plain = (
        "number", "table", "columns", "origin", "through", "text", "missing", "extra", "changed", "is_critical",
        "state", "level", "proof", "reported_at", "corrected_at", "broadcast_at", "closed_at",
    )  # fmt: skip
    return {
        **{name: getattr(case, name) for name in plain},
        "database": case.database.code,
        "dataset": case.dataset.slug if case.dataset else None,
        "reporter": case.reporter.code if case.reporter else None,
        "proof_version": case.proof_version.number if case.proof_version else None,
        "due_on": due_on if case.is_live else None,
    }
