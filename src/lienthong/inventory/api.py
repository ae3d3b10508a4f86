"""Looks, columns, quality and warnings for programs; values of personal columns are in none of the answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed

from . import queries, rules
from .access import inside_of, issues_visible_to
from .audit_api import router as audits
from .errors import SurveyMissing
from .models import QualityIssue, Survey
from .version_api import router as version_differences
from .yearly_api import router as yearly

router = Router()
router.add_router("", yearly)
router.add_router("", audits)
router.add_router("", version_differences)


class SurveyOut(Schema):
    id: int
    finished_at: datetime
    seconds: float | None
    tables: int
    columns: int
    rows: int
    findings: list[dict[str, Any]]
    drifts: list[dict[str, Any]]


class SeenTableOut(Schema):
    name: str
    kind: str
    rows: int
    primary_key: list[str]
    findings: list[dict[str, Any]]
    reading: dict[str, Any] | None
    columns: list[dict[str, Any]]


class SeenTablesOut(Schema):
    survey: int
    looked_at: datetime
    tables: list[SeenTableOut]
    after: str | None


class WarningOut(Schema):
    number: str
    database: str
    unit: str
    table: str
    column: str
    rule: str
    error_type: str
    severity: str
    warned_by: str
    text: str
    state: str
    opened_at: datetime
    due_on: date | None
    closed_at: datetime | None


class WarningsOut(Schema):
    items: list[WarningOut]
    after: str | None


@router.get(
    "/databases/{code}/surveys", response=list[SurveyOut], summary="Looks at the source of a database"
)
def surveys(request: Request, code: str) -> list[Survey]:
    """The looks that were completed, newest first."""
    found = queries.surveys_of(_inside(request, code)).filter(finished_at__isnull=False)
    return list(found.order_by("-finished_at", "-pk")[:100])


@router.get(
    "/databases/{code}/surveys/latest/tables",
    response=SeenTablesOut,
    summary="Tables and columns of the newest look",
)
def seen_tables(
    request: Request,
    code: str,
    table: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """What the newest look saw in each table and column; one table by its name, or go on with `after`."""
    database = _inside(request, code)
    survey = queries.last_survey(database)
    if survey is None:
        raise SurveyMissing()
    place = int(after) if after.isdigit() and len(after) < 10 else 0
    found = survey.surveyed.filter(place__gt=place).order_by("place")
    listed = list((found.filter(name=table) if table else found)[: limit + 1])
    more = len(listed) > limit
    listed = listed[:limit]
    forms = [kept.form for kept in listed]
    personal = queries.personal_in(database, forms)
    shown = [
        rules.without_values(form, {column for name, column in personal if name == form["name"]})
        for form in forms
    ]
    return {
        "survey": survey.pk,
        "looked_at": survey.finished_at,
        "tables": [
            {"kind": "table", "reading": None, **form, "findings": form.get("findings") or []}
            for form in shown
        ],
        "after": str(listed[-1].place) if more else None,
    }


@router.get("/quality-warnings", response=WarningsOut, summary="Quality warnings one may know of")
def quality_warnings(
    request: Request,
    database: str = "",
    state: str = "",
    severity: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The log of quality warnings, newest first; go on with `after`."""
    exact = {"database__code": database, "state": state, "light": severity}
    found = issues_visible_to(_officer(request)).filter(
        **{name: value for name, value in exact.items() if value}
    )
    if after:
        edge = found.filter(number=after).values_list("pk", flat=True).first()
        found = found.filter(pk__lt=edge or 0)
    listed = list(found.select_related("database", "unit", "clock").order_by("-pk")[: limit + 1])
    return {
        "items": [_warning(issue) for issue in listed[:limit]],
        "after": listed[limit - 1].number if len(listed) > limit else None,
    }


def _warning(issue: QualityIssue) -> dict[str, Any]:
    return {
        "number": issue.number,
        "database": issue.database.code,
        "unit": issue.unit.code,
        "table": issue.table,
        "column": issue.column,
        "rule": issue.rule,
        "error_type": issue.error_type,
        "severity": issue.light,
        "warned_by": issue.warned_by,
        "text": issue.text_vi,
        "state": issue.state,
        "opened_at": issue.opened_at,
        "due_on": issue.clock.due_on if issue.clock else None,
        "closed_at": issue.closed_at,
    }


def _officer(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem khảo sát, đánh giá dữ liệu", act_en="see looks and the quality of data")
    return actor


def _inside(request: Request, code: str) -> Database:
    return inside_of(_officer(request), code)
