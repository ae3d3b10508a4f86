"""Data audits for programs, as their officer may know of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed
from lienthong.law.citation_api import CitationOut, citation_out
from lienthong.law.queries import grounds_named

from .audit_access import audit_for, audits_visible_to
from .models import AuditMeasure, DataAudit

router = Router()


class AuditOut(Schema):
    number: str
    agency: str
    auditor: str
    kind: str
    year: int
    quarter: int
    state: str
    scale: int
    level: float | None
    report: str
    report_date: date | None


class AuditsOut(Schema):
    items: list[AuditOut]


class MeasureOut(Schema):
    set: str
    key: str
    name: str
    name_en: str
    by_hand: bool
    count: float
    whole: float
    level: int | None
    looked_at: str
    evidence: str
    not_applicable: str
    requirement: str
    provision: CitationOut | None
    mark: str


class FindingOut(Schema):
    database: str
    text: str
    action: str
    severity: str
    follow_up: str
    upgrade: str
    warning: str
    answer: str
    settled: bool


class AuditFileOut(AuditOut):
    levels: dict[str, float | None]
    databases: list[str]
    measures: list[MeasureOut]
    findings: list[FindingOut]


@router.get("/data-audits", response=AuditsOut, summary="Data audits one may know of")
def data_audits(request: Request) -> dict[str, Any]:
    """The data audits, the newest period first."""
    found = audits_visible_to(_officer(request)).select_related("agency", "auditor")[:100]
    return {"items": [_audit(one) for one in found]}


@router.get("/data-audits/{number}", response=AuditFileOut, summary="One data audit with its indicators")
def data_audit(request: Request, number: str) -> dict[str, Any]:
    """One data audit: scope, every indicator with what was looked at and its provision as it stood at the end of the period,
    findings and what became of them.
    """
    audit = audit_for(_officer(request), number)
    day = min(audit.last_day, timezone.localdate())
    measures = list(audit.measures.all())
    grounds = grounds_named(((one.requirement, one.provision) for one in measures), day)
    findings = audit.found.select_related("database", "upgrade", "issue")
    return _audit(audit) | {
        "levels": audit.levels,
        "databases": list(audit.databases.order_by("code").values_list("code", flat=True)),
        "measures": [
            _measure(one) | {"provision": citation_out(grounds.get((one.requirement, one.provision)), day)}
            for one in measures
        ],
        "findings": [
            {
                "database": one.database.code if one.database else "",
                "text": one.text,
                "action": one.action,
                "severity": one.light,
                "follow_up": one.follow_up,
                "upgrade": one.upgrade.number if one.upgrade else "",
                "warning": one.issue.number if one.issue else "",
                "answer": one.answer,
                "settled": one.is_settled,
            }
            for one in findings
        ],
    }


def _audit(audit: DataAudit) -> dict[str, Any]:
    return {
        "number": audit.number,
        "agency": audit.agency.code,
        "auditor": audit.auditor.code,
        "kind": audit.kind,
        "year": audit.year,
        "quarter": audit.quarter,
        "state": audit.state,
        "scale": audit.scale,
        "level": audit.levels.get("total"),
        "report": audit.report_number,
        "report_date": audit.report_date,
    }


def _measure(one: AuditMeasure) -> dict[str, Any]:
    return {
        "set": one.set,
        "key": one.key,
        "name": one.name_vi,
        "name_en": one.name_en,
        "by_hand": one.by_hand,
        "count": one.count,
        "whole": one.whole,
        "level": one.level,
        "looked_at": one.seen.get("vi", ""),
        "evidence": one.evidence,
        "not_applicable": one.not_applicable,
        "requirement": one.requirement,
        "mark": one.mark,
    }


def _officer(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem kiểm toán dữ liệu", act_en="see data audits")
    return actor
