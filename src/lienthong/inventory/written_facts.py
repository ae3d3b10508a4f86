"""What the papers of the yearly inventory say, as it stands on their day: plain values that are kept with the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import translation

from lienthong.catalogue.copies import copies_of, words_of
from lienthong.catalogue.models import CopyStanding, Database
from lienthong.foundation.papers.shapes import dated, long_day
from lienthong.foundation.tracing import carries
from lienthong.law.queries import basis_on as legal_basis
from lienthong.law.queries import find_parameter, grounds_for, rule_set_on

from . import rules, yearly
from .models import DEADLINE, Assessment, Campaign, CampaignPart, UpgradeItem
from .stocktaking import DatabaseLine, PartProgress, SystemLine, progress_of, unfit_in, upgrades_by_thing

REQUIREMENTS = ("INV-01", "INV-02", "INV-03", "INV-04", "INV-06", "INV-07")
FINDINGS_TOLD = 8


def basis_on(day: date, campaign: Campaign) -> list[str]:
    """The legal basis in force on a day: the texts of its rule set, single provisions that hold, the approved programme."""
    lines = legal_basis(day)
    slugs = rule_set_on(day).basis
    for ground in grounds_for(*REQUIREMENTS, on=day):
        if ground.holds and ground.cited.instrument not in slugs:
            lines.append(f"Căn cứ {ground.cited.citation_vi}")
    if campaign.decision_number and campaign.decision_date:
        lines.append(
            f"Căn cứ Quyết định số {campaign.decision_number} ngày {long_day(campaign.decision_date)} "
            f"phê duyệt Chương trình kiểm kê, đánh giá dữ liệu năm {campaign.year}"
        )
    return list(dict.fromkeys(lines))


def _deadline(day: date) -> dict[str, str]:
    found = find_parameter(DEADLINE, on=day)
    if found is None:
        return {}
    return {"mark": found.mark, "basis": found.provision.citation_vi if found.provision else ""}


@carries("INV-03", "INV-04", "INV-06")
def part_facts(part: CampaignPart, progress: PartProgress, *, day: date) -> dict[str, Any]:
    """What a unit's written record says (D.4): items, contents of the check, conclusion, actions."""
    with translation.override("vi"):
        return _part_facts(part, progress, day)


def _part_facts(part: CampaignPart, progress: PartProgress, day: date) -> dict[str, Any]:
    campaign = part.campaign
    plans = upgrades_by_thing(
        [line.database.pk for line in progress.databases], [line.system.pk for line in progress.systems]
    )
    copies = copies_of([line.database for line in progress.databases])
    return {
        "year": campaign.year,
        "campaign": campaign.number,
        "unit": part.unit.name,
        "unit_code": part.unit.code,
        "above": part.unit.parent.name if part.unit.parent else "",
        "receiver": campaign.agency.name,
        "number": part.record_number,
        "day": day.isoformat(),
        "dated": dated(campaign.place, day),
        "basis": basis_on(day, campaign),
        "rule_set": rule_set_on(day).title_vi,
        "deadline": _deadline(day),
        "databases": [
            _database(line, plans.get(("database", line.database.pk), []))
            | {"overlaps": _overlaps(line.database, copies.get(line.database.pk, []))}
            for line in progress.databases
        ],
        "systems": [_system(line, plans.get(("system", line.system.pk), [])) for line in progress.systems],
        "contents": {
            name: getattr(part, name)
            for name in (
                "standards",
                "accuracy",
                "upkeep",
                "sharing",
                "other",
                "conclusion",
                "proposed_actions",
            )
        },
    }


def _database(line: DatabaseLine, plan: list[UpgradeItem]) -> dict[str, Any]:
    database, assessment = line.database, line.assessment
    said: dict[str, Any] = {
        "id": database.pk,
        "code": database.code,
        "name": database.name,
        "tier": database.get_tier_display(),
        "surveyed": line.surveyed_at.date().isoformat() if line.surveyed_at else "",
        "plan": [{"number": item.number, "action": item.action} for item in plan],
    }
    return said | (_assessment(assessment) if assessment is not None else {})


@carries("OVL-02", "OVL-04", "OVL-05")
def _overlaps(database: Database, copies: list[CopyStanding]) -> list[dict[str, Any]]:
    """How a database stands to others that hold the same data; with the key of the other, should it become a secret."""
    return [
        {
            "number": row.number,
            "other": row.source_id if row.database_id == database.pk else row.database_id,
            "said": words_of(row, database)[0],
        }
        for row in copies
    ]


def _assessment(assessment: Assessment) -> dict[str, Any]:
    items = [item for item in assessment.items if isinstance(item, dict)]
    return {
        "tables": assessment.survey.tables,
        "columns": assessment.survey.columns,
        "rows": assessment.survey.rows,
        "completeness": assessment.completeness,
        "findings": len(assessment.findings),
        "grave": sum(1 for one in assessment.findings if one.get("severity") == "error"),
        "told": [_finding(one) for one in assessment.findings[:FINDINGS_TOLD]],
        "shareable": bool(assessment.shareable),
        "reason": assessment.reason,
        "quality": assessment.quality,
        "standards": assessment.standards,
        "upkeep": assessment.upkeep,
        "conclusion": assessment.conclusion,
        "actions": assessment.proposed_actions,
        "items": [
            {
                "table": item.get("table", ""),
                "column": item.get("column", ""),
                "class": item.get("sharing_class", ""),
                "shareable": bool(item.get("shareable")),
                "because": str(item.get("because") or ""),
            }
            for item in items
        ],
    }


def _finding(finding: dict[str, Any]) -> str:
    try:
        return rules.text_of_finding(finding, "vi")
    except (KeyError, IndexError, ValueError):
        return str(finding.get("code", ""))


def _system(line: SystemLine, plan: list[UpgradeItem]) -> dict[str, Any]:
    system = line.system
    return {
        "id": system.pk,
        "code": system.code,
        "name": system.name,
        "kind": system.get_kind_display(),
        "connection": system.get_connection_display(),
        "standard": system.standard,
        "safety_level": system.safety_level,
        "state": system.get_state_display(),
        "databases": list(system.databases.filter(is_secret=False).values_list("code", flat=True)),
        "faults": yearly.fault_text(line.faults, "vi"),
        "plan": [{"number": item.number, "action": item.action} for item in plan],
    }


@carries("INV-06", "INV-01")
def campaign_facts(campaign: Campaign, *, number: str, day: date) -> dict[str, Any]:
    """What the consolidated report says: one line for each unit, totals, what is not fit and the plan that answers it."""
    parts = list(
        CampaignPart.objects.filter(campaign=campaign).select_related("unit").order_by("unit__sort_key")
    )
    units = [_unit_line(part.facts) for part in parts if part.facts]
    unfit = unfit_in(campaign, progress_of(campaign))
    return {
        "year": campaign.year,
        "campaign": campaign.number,
        "agency": campaign.agency.name,
        "above": campaign.agency.parent.name if campaign.agency.parent else "",
        "number": number,
        "day": day.isoformat(),
        "dated": dated(campaign.place, day),
        "basis": basis_on(day, campaign),
        "rule_set": rule_set_on(day).title_vi,
        "scope": campaign.scope,
        "units": units,
        "totals": _totals(units),
        "databases": [
            one | {"unit": part.facts["unit"], "items": []}
            for part in parts
            for one in part.facts["databases"]
        ],
        "systems": [one | {"unit": part.facts["unit"]} for part in parts for one in part.facts["systems"]],
        "unfit": [
            {
                "name": one.name,
                "unit": one.unit.name,
                "number": one.item.number if one.item else "",
                "action": one.item.action if one.item else "",
            }
            for one in unfit
        ],
    }


def _unit_line(facts: dict[str, Any]) -> dict[str, Any]:
    databases, systems = facts["databases"], facts["systems"]
    return {
        "unit": facts["unit"],
        "code": facts["unit_code"],
        "number": facts["number"],
        "day": facts["day"],
        "databases": len(databases),
        "tables": sum(int(one.get("tables") or 0) for one in databases),
        "columns": sum(int(one.get("columns") or 0) for one in databases),
        "rows": sum(int(one.get("rows") or 0) for one in databases),
        "shareable": sum(1 for one in databases if one.get("shareable")),
        "unfit": sum(1 for one in databases if not one.get("shareable")),
        "grave": sum(int(one.get("grave") or 0) for one in databases),
        "items": sum(len(one.get("items") or []) for one in databases),
        "items_shareable": sum(
            1 for one in databases for item in one.get("items") or [] if item["shareable"]
        ),
        "systems": len(systems),
        "systems_unfit": sum(1 for one in systems if one["faults"]),
        "actions": facts["contents"]["proposed_actions"],
    }


COUNTED = (
    "databases",
    "tables",
    "columns",
    "rows",
    "shareable",
    "unfit",
    "grave",
    "items",
    "items_shareable",
    "systems",
    "systems_unfit",
)


def _totals(units: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(int(unit[name]) for unit in units) for name in COUNTED}


def without_database(facts: dict[str, Any], database_id: int) -> dict[str, Any]:
    """The facts of a unit's record without one database, which must no longer be known of."""
    return facts | {"databases": _databases_without(facts.get("databases", []), database_id)}


def _databases_without(databases: list[dict[str, Any]], database_id: int) -> list[dict[str, Any]]:
    """The databases but one, and nothing of it in what is said of the others."""
    kept = []
    for one in databases:
        if one.get("id") == database_id:
            continue
        if any(overlap["other"] == database_id for overlap in one.get("overlaps", ())):
            one = one | {"overlaps": [this for this in one["overlaps"] if this["other"] != database_id]}
        kept.append(one)
    return kept


def without_database_in_report(
    facts: dict[str, Any], database_id: int, parts: list[dict[str, Any]]
) -> dict[str, Any]:
    """The facts of a report without one database, its totals counted anew from the units' records."""
    gone = [one for one in facts.get("databases", []) if one.get("id") == database_id]
    units = [_unit_line(part) for part in parts if part]
    names = {one["name"] for one in gone}
    return facts | {
        "databases": _databases_without(facts["databases"], database_id),
        "units": units,
        "totals": _totals(units),
        "unfit": [one for one in facts["unfit"] if one["name"] not in names],
    }


def planned_items(campaign: Campaign) -> list[UpgradeItem]:
    """The upgrade items of the databases and systems of a campaign, none of a secret one."""
    found = UpgradeItem.objects.filter(
        Q(database__managing_unit__path__startswith=campaign.agency.path, database__is_secret=False)
        | Q(system__operator__path__startswith=campaign.agency.path)
    )
    return list(
        found.select_related("database", "system", "unit").order_by("unit__sort_key", "priority", "pk")
    )
