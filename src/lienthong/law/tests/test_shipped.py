"""The shipped files: complete, consistent, each fact with a source and a mark."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from lienthong.foundation.tracing import carries
from lienthong.law import shipped
from lienthong.law.models import BoundChoice, InstrumentKind, Mark, UnitChoice
from lienthong.law.rules import Bound, Unit, typed_value

PARAMETERS = [
    (code, row)
    for code, name in shipped.RULE_SET_FILES.items()
    for row in shipped.read(f"parameters/{name}.yaml")
]
REFS = {row["ref"] for row in shipped.provisions()}
SOURCES = {row["key"] for row in shipped.read("sources.yaml")}
SETS = {row["code"]: row for row in shipped.read("rule_sets.yaml")}
# The keys under which the requirements of the law are listed; a family is covered by its members.
WANTED = {
    "ND47-ORIGINAL": """
        ndb.dossier.deadline.decree ndb.dossier.deadline.dispatch catalogue.first_issue service.publish
        service.update default_share.account default_list.review open_catalogue.review open_dataset.update
        data_check.cycle data_check.report suspend.planned.notice suspend.violation.notice dispute.provider
        dispute.it_unit dispute.ministry_pm specific_share id_code.migration open.min_datasets_per_unit""",
    "ND47-AS-AMENDED-194": """
        default_share.account refusal.content refusal.days service.publish service.update
        default_list.review open_catalogue.review open_dataset.update open.access.identification
        open.access.fee share.fee.between_agencies ndb.dossier.parts ndb.list.approver data_check.cycle
        data_check.report suspend.planned.notice suspend.violation.notice dispute.provider dispute.it_unit
        specific_share""",
    "DATA-LAW-2025": """mandatory.appendix1.standardised mandatory.connect.all
        mandatory.connect.by_db sync.max_delay.by_db data_crosscheck.by_db default_share.account
        service.publish service.update mandatory_list.review ndop.dossier.appraisal
        ndop.security_minutes.validity ndop.request.type1.approval ndop.request.type2.days
        ndop.request.type3.days quality.incident.verify quality.incident.fix quality.incident.complex
        dqi.threshold dqi.identifier_fields db.ranking.cycle data_audit.cycle data_maturity.scale
        governance.status_review governance.phase1 governance.phase2 governance.phase3.review roles.cdo
        roles.steward roles.commune_contact steering_committee.setup open_list.send_to_mps
        open_catalogue.review open_dataset.update open.access.identification open.access.fee
        online_suspension.notice suspend.violation.notice dispute.provider dispute.it_unit
        risk_assessment.core_important processing_log.core_important access_log.other pdp.request.reply
        pdp.request.perform pdp.dpia.submit pdp.dpia.update pdp.breach.notify platform.minimum.new
        platform.minimum.existing nonopen_request.reply sanction.from""",
}


@pytest.mark.parametrize("code", WANTED)
def test_every_listed_key_has_a_row_in_its_rule_set(code: str) -> None:
    present = {row["key"] for of, row in PARAMETERS if of == code}
    for key in WANTED[code].split():
        assert any(found == key or found.startswith(f"{key}.") for found in present), key


@carries("CFG-01")
@pytest.mark.parametrize(
    ("code", "row"), PARAMETERS, ids=lambda part: part["key"] if isinstance(part, dict) else part
)
def test_every_parameter_has_a_fitting_value_a_source_and_a_mark(code: str, row: dict) -> None:
    assert row["unit"] in UnitChoice.values
    typed_value(row.get("value", ""), row["unit"])
    assert row["mark"] in Mark.values
    assert row["sources"]
    assert set(row["sources"]) <= SOURCES
    assert set(row.get("cites", ())) <= REFS
    assert row.get("bound", "") in {"", *BoundChoice.values}
    assert row["key"] in shipped.read("parameters/keys.yaml")["keys"]
    assert row.get("anchor", "year") in shipped.anchors()
    # A number that a text is said to set names the text; a rule of the agency may name none.
    if row["mark"] in {"verified", "secondary"}:
        assert row["cites"]
    start = row.get("from", SETS[code]["valid_from"])
    end = row.get("to", SETS[code].get("valid_to"))
    assert SETS[code]["valid_from"] <= start
    assert end is None or start <= end <= SETS[code].get("valid_to", date.max)


def test_rows_of_one_key_do_not_overlap_in_time() -> None:
    seen: dict[tuple[str, str, str], list[tuple[date, date]]] = {}
    for code, row in PARAMETERS:
        start = row.get("from", SETS[code]["valid_from"])
        end = row.get("to", SETS[code].get("valid_to")) or date.max
        spans = seen.setdefault((code, row["key"], row.get("database", "")), [])
        assert all(end < other_start or other_end < start for other_start, other_end in spans), row
        spans.append((start, end))


def test_rule_sets_follow_one_another_without_a_gap() -> None:
    sets = list(SETS.values())
    for earlier, later in pairwise(sets):
        assert (later["valid_from"] - earlier["valid_to"]).days == 1
    assert sets[0]["valid_from"] == date(2020, 5, 25)
    assert "valid_to" not in sets[-1]


def test_instruments_provisions_and_relations_hang_together() -> None:
    slugs = [row["slug"] for row in shipped.read("instruments.yaml")]
    assert len(slugs) == len(set(slugs))
    assert len(REFS) == len(shipped.provisions())
    for row in shipped.read("instruments.yaml"):
        assert row["kind"] in InstrumentKind.values
        assert set(row["sources"]) <= SOURCES
        assert row["mark"] in Mark.values
    for row in shipped.provisions():
        assert row["instrument"] in slugs
    for row in shipped.read("relations.yaml"):
        assert {row["from"], row["to"]} <= set(slugs)


@carries("D194-11", "D278-19", "D224-10")
def test_a_text_that_is_repealed_or_replaced_as_a_whole_ends_the_day_before() -> None:
    ends = {row["slug"]: row.get("in_force_to") for row in shipped.read("instruments.yaml")}
    whole = [
        row
        for row in shipped.read("relations.yaml")
        if row["kind"] in {"repeals", "replaces"} and not row.get("to_place")
    ]
    assert {row["to"] for row in whole} >= {
        "nd-47-2020",
        "nd-47-2024",
        "nd-42-2022",
        "nd-64-2007",
        "nd-45-2026",
    }
    for row in whole:
        assert (row["effective_on"] - ends[row["to"]]).days == 1


def test_every_requirement_is_told_in_both_languages_with_its_source() -> None:
    found = shipped.requirements()
    assert len(found) == 224
    for requirement in found.values():
        assert requirement.vi
        assert requirement.en
        assert requirement.actors
        assert requirement.mark in Mark.values
        assert set(requirement.cites) <= REFS, requirement.id
        assert requirement.sources
        assert set(requirement.sources) <= SOURCES, requirement.id


def test_checklists_name_known_requirements_and_cover_every_rule_set() -> None:
    for line in shipped.read("checklists.yaml"):
        assert line["requirement"] in shipped.requirements()
        assert {row["rule_set"] for row in line["rows"]} <= set(SETS)
        if line["kind"] == "go_live":
            assert {row["rule_set"] for row in line["rows"]} == set(SETS)
        for row in line["rows"]:
            assert set(row["cites"]) <= REFS


def test_nothing_shipped_is_left_untranslated() -> None:
    for path in ("instruments.yaml", "labels.yaml", "rule_sets.yaml"):
        for row in shipped.read(path):
            assert row["vi"]
            assert row["en"]
            assert bool(row.get("note_vi")) == bool(row.get("note_en")), row
    for _, row in PARAMETERS:
        assert bool(row.get("note_vi")) == bool(row.get("note_en")), row


def test_units_and_bounds_of_the_tables_are_those_of_the_rules() -> None:
    assert set(UnitChoice.values) == {unit.value for unit in Unit}
    assert set(BoundChoice.values) == {bound.value for bound in Bound}
