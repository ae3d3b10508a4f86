"""Public regulations and the go-live gate for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from lienthong.catalogue.access import database_for
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed
from lienthong.law.citation_api import CitationOut, citation_out
from lienthong.law.queries import grounds_named

from .access import public_regulation, public_regulations
from .models import Regulation
from .queries import databases_shown, evaluate_gate

router = Router()


class RegulationOut(Schema):
    slug: str
    version: int
    number: str
    title: str
    issuer: str
    scope: str
    topic: str
    state: str
    in_force: bool
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None

    @staticmethod
    def resolve_issuer(regulation: Regulation) -> str:
        return regulation.issuer.code

    @staticmethod
    def resolve_in_force(regulation: Regulation) -> bool:
        return regulation.in_force_on(timezone.localdate())


class RegulationPageOut(Schema):
    items: list[RegulationOut]
    after: str | None


class RegulationWithClausesOut(RegulationOut):
    use_term: str
    log_retention_months: int | None
    authentication: str
    account_issuing: str
    conditions: str
    breach_handling: str
    databases: list[str]

    @staticmethod
    def resolve_databases(regulation: Regulation) -> list[str]:
        return list(databases_shown(regulation).values_list("code", flat=True))


class GateLineOut(Schema):
    code: str
    requirement: str
    provision: CitationOut | None
    mark: str = Field(
        description="How far the provision was checked; `agency`: a rule that the agency keeps by itself"
    )
    state: str
    text_vi: str
    text_en: str
    found_vi: str
    found_en: str
    hint_vi: str
    hint_en: str
    fix: str


class GateOut(Schema):
    database: str
    passed: bool
    rule_set: str
    evaluated_at: datetime
    lines: list[GateLineOut]


@router.get("/regulations", response=RegulationPageOut, summary="Published regulations on the use of data")
def regulations(
    request: Request,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """Open to all; every published version, also replaced and expired ones. `after` is `slug:version`."""
    found = public_regulations().order_by("slug", "-version")
    rows = list(found)
    keys = [f"{row.slug}:{row.version}" for row in rows]
    start = keys.index(after) + 1 if after in keys else 0
    page = rows[start : start + limit]
    more = len(rows) > start + limit
    return {"items": page, "after": keys[start + limit - 1] if more else None}


@router.get("/regulations/{slug}", response=RegulationWithClausesOut, summary="One published regulation")
def regulation(request: Request, slug: str, version: int | None = None) -> Regulation:
    """Open to all; the latest published version unless a number is given."""
    return public_regulation(slug, version)


@router.get("/databases/{code}/gate", response=GateOut, summary="The go-live gate of a database")
def gate(request: Request, code: str, on: date | None = None) -> dict[str, object]:
    """Every condition with what was found, and its provision as it stands on the day; `on` judges by the rules of another
    day.
    """
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem điều kiện đưa vào khai thác", act_en="see the go-live gate")
    day = on or timezone.localdate()
    result = evaluate_gate(actor=actor, database=database_for(actor, code), on=day)
    grounds = grounds_named(((line.requirement, line.provision) for line in result.lines), day)
    return {
        "database": code,
        "passed": result.passed,
        "rule_set": result.rule_set,
        "evaluated_at": result.evaluated_at,
        "lines": [
            asdict(line) | {"provision": citation_out(grounds.get((line.requirement, line.provision)), day)}
            for line in result.lines
        ],
    }
