"""The law for programs: parameters, rule sets, legal texts and the working calendar, open to all."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from . import listing, queries
from .answers import ParameterValue
from .citation_api import CitationOut, citation_out
from .models import CalendarDay, RuleSet

router = Router()

# Years that can be asked for at once, and which can be meant at all.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class ParameterOut(Schema):
    key: str
    label_vi: str
    label_en: str
    value: int | bool | date | str | None
    unit: str
    bound: str
    ahead: bool
    anchor: str
    mark: str
    rule_set: str
    database_code: str
    valid_from: date
    valid_to: date | None
    provision: CitationOut | None
    sources: list[str]
    note_vi: str
    note_en: str
    edited: bool


class RuleSetOut(Schema):
    code: str
    title_vi: str
    title_en: str
    valid_from: date
    valid_to: date | None
    basis: list[str]


class InstrumentOut(Schema):
    slug: str
    kind: str
    force: str
    number: str
    title_vi: str
    title_en: str
    issuer_vi: str
    issuer_en: str
    issued_on: date | None
    in_force_from: date | None
    in_force_to: date | None
    status: str
    mark: str


class CalendarDayOut(Schema):
    day: date
    kind: str
    name_vi: str
    name_en: str
    closing_hour: time | None
    mark: str
    source: str


class CalendarOut(Schema):
    year: int
    known: bool
    """Whether the days of rest of this year have been entered at all."""
    days: list[CalendarDayOut]


@router.get("/law/parameters", response=list[ParameterOut], summary="Parameters of the law on a day")
def parameters(request: HttpRequest, on: date | None = None, prefix: str = "") -> list[dict[str, Any]]:
    """Every parameter that holds on a day (today), with those of single databases; `prefix` narrows the
    keys.
    """
    return _told(queries.parameters_on(on, prefix[:80]), on)


@router.get("/law/parameters/{key}", response=ParameterOut, summary="One parameter on a day")
def parameter(request: HttpRequest, key: str, on: date | None = None, database: str = "") -> dict[str, Any]:
    """What the law, or in its silence the agency, says on a day (today); for one database its own rule
    wins.
    """
    return _told([queries.parameter(key, on=on, database_code=database or None)], on)[0]


def _told(found: list[ParameterValue], on: date | None) -> list[dict[str, Any]]:
    day = on or timezone.localdate()
    grounds = {
        one.ref: one
        for one in queries.grounds_at(*(row.provision.ref for row in found if row.provision), on=day)
    }
    fields = [name for name in ParameterOut.model_fields if name not in ("provision", "sources")]
    return [
        {name: getattr(row, name) for name in fields}
        | {
            "sources": list(row.source),
            "provision": citation_out(grounds.get(row.provision.ref), day) if row.provision else None,
        }
        for row in found
    ]


@router.get("/law/rule-sets", response=list[RuleSetOut], summary="Rule sets with their dates")
def rule_sets(request: HttpRequest) -> list[RuleSet]:
    """The rule sets, oldest first."""
    return list(queries.rule_sets())


@router.get(
    "/law/instruments", response=list[InstrumentOut], summary="Legal texts with their status on a day"
)
def instruments(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """Every legal text known here, with its status on a day (today)."""
    fields = [name for name in InstrumentOut.model_fields if name != "status"]
    return [
        {**{name: getattr(row.instrument, name) for name in fields}, "status": str(row.status)}
        for row in listing.texts_on(on or timezone.localdate())
    ]


@router.get("/law/calendar", response=CalendarOut, summary="Working calendar of a year")
def calendar(
    request: HttpRequest, year: Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)] | None = None
) -> dict[str, Any]:
    """Days of rest, working days in exchange and closing hours of a year (this one); Saturday and Sunday
    are of rest.
    """
    wanted = year or timezone.localdate().year
    days: list[CalendarDay] = listing.days_of(wanted)
    return {"year": wanted, "known": wanted in listing.years_entered(), "days": days}
