"""What the report of a data audit says, as plain values that are kept with it; and the maturity as a picture."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import translation

from lienthong.foundation.pagekit.figures import number_text
from lienthong.foundation.papers.shapes import dated
from lienthong.law.queries import basis_on, find_parameter, grounds_at, rule_set_on

from . import auditing
from .models import AuditMeasure, AuditSet, DataAudit

REQUIRED = ("nd-278-2025/14", "qd-2439-2025")
PLACE_PARTS = ("UBND ", "tỉnh ", "thành phố ")


def audit_facts(audit: DataAudit, *, day: date) -> dict[str, Any]:
    """The report of an audit on a day: scope, indicators by set, levels, findings, conclusion, basis."""
    with translation.override("vi"):
        return _facts(audit, day)


def _facts(audit: DataAudit, day: date) -> dict[str, Any]:
    measures = list(audit.measures.all())
    place = audit.agency.name
    for part in PLACE_PARTS:
        place = place.removeprefix(part)
    return {
        "audit": audit.number,
        "agency": audit.agency.name,
        "auditor": audit.auditor.name,
        "lead": audit.lead,
        "kind": str(audit.get_kind_display()),
        "span": audit.span,
        "first": f"{audit.first_day:%d/%m/%Y}",
        "last": f"{audit.last_day:%d/%m/%Y}",
        "aim": audit.aim,
        "number": audit.report_number,
        "day": day.isoformat(),
        "dated": dated(place, day),
        "basis": basis_of(audit, day),
        "rule_set": rule_set_on(day).title_vi,
        "scale": audit.scale,
        "levels": audit.levels,
        "databases": [
            {"id": one.pk, "code": one.code, "name": one.name, "unit": one.managing_unit.name}
            for one in audit.databases.select_related("managing_unit").order_by("sort_key", "pk")
        ],
        "sets": [
            {
                "set": group,
                "name": str(label),
                "level": audit.levels.get(group),
                "measures": [_measure(one) for one in measures if one.set == group],
            }
            for group, label in AuditSet.choices
        ],
        "findings": [
            {
                "database": one.database_id,
                "place": one.database.name if one.database else "Toàn cơ quan",
                "text": one.text,
                "action": one.action,
                "light": str(one.get_light_display()),
                "follow_up": str(one.get_follow_up_display()),
            }
            for one in audit.found.select_related("database")
        ],
        "conclusion": audit.conclusion,
        "recommendations": audit.recommendations,
    }


def _measure(one: AuditMeasure) -> dict[str, Any]:
    return {
        "name": one.name_vi,
        "level": one.level,
        "share": one.share,
        "looked_at": one.evidence if one.by_hand else one.seen.get("vi", ""),
        "by_hand": one.by_hand,
        "not_applicable": one.not_applicable,
        "mark": one.mark,
    }


def basis_of(audit: DataAudit, day: date) -> list[str]:
    """The legal basis of an audit that is in force on a day."""
    rule_set = rule_set_on(day)
    lines = basis_on(day)
    refs = [*REQUIRED]
    for key in (auditing.QUARTER if audit.quarter else auditing.YEAR, auditing.SCALE):
        found = find_parameter(key, on=day)
        if found is not None and found.provision is not None:
            refs.append(found.provision.ref)
    for ground in grounds_at(*refs, on=day):
        if ground.holds and ground.cited.instrument not in rule_set.basis:
            lines.append(f"Căn cứ {ground.cited.citation_vi}")
    return list(dict.fromkeys(lines))


def level_text(level: float | None, scale: int) -> str:
    """A level as it is read: 3,4/5."""
    return "–" if level is None else f"{number_text(level)}/{scale}"


def without_secret(audit: DataAudit, database_id: int) -> None:
    """Take every trace of a database that became secret out of an audit: scope, counts by database, findings, report."""
    audit.databases.remove(database_id)
    audit.found.filter(database_id=database_id).delete()
    for one in audit.measures.exclude(seen={}):
        rows = one.seen.get("rows", [])
        kept = [row for row in rows if row[0] != database_id]
        if len(kept) != len(rows):
            one.seen = one.seen | {"rows": kept}
            one.save(update_fields=["seen"])
    if audit.facts:
        facts = dict(audit.facts)
        facts["databases"] = [one for one in facts["databases"] if one["id"] != database_id]
        facts["findings"] = [one for one in facts["findings"] if one["database"] != database_id]
        audit.facts = facts
        audit.save(update_fields=["facts"])


def audits_with(database_id: int) -> Any:
    """The audits in which a database stands."""
    return DataAudit.objects.filter(Q(databases=database_id) | Q(found__database=database_id)).distinct()
