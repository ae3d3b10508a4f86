"""Bring the tables in line with the shipped files, and leave alone what an agency has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from . import shipped
from .citations import place_of
from .models import (
    AuthorityRole,
    ChecklistLine,
    Edited,
    FactSource,
    Instrument,
    Parameter,
    Provision,
    ProvisionRelation,
    RuleSet,
    TermLabel,
)

# What a new edition of the files may change in a parameter that an agency has edited.
_STILL_SHIPPED = (
    "shipped_value", "shipped_unit", "label_vi", "label_en", "group", "anchor", "narrows", "ahead"
)  # fmt: skip


def load_texts() -> int:
    """Sources, instruments, provisions and relations; returns how many instruments there are."""
    _put(FactSource, ["key"], [FactSource(**row) for row in shipped.read("sources.yaml")])
    rows = shipped.read("instruments.yaml")
    _put(Instrument, ["slug"], [_instrument(row, position) for position, row in enumerate(rows)])
    instruments = {found.slug: found for found in Instrument.objects.all()}
    _put(
        Provision,
        ["ref"],
        [
            _provision(row, instruments[row["instrument"]], position)
            for position, row in enumerate(shipped.provisions())
        ],
    )
    _put(
        ProvisionRelation,
        ["kind", "source_instrument", "source_place", "target_instrument", "target_place"],
        [_relation(row, instruments) for row in shipped.read("relations.yaml")],
    )
    return len(rows)


def load_rules() -> int:
    """Rule sets, parameters, labels, competent roles and checklists; returns how many parameters."""
    _put(RuleSet, ["code"], [_rule_set(row) for row in shipped.read("rule_sets.yaml")])
    sets = {found.code: found for found in RuleSet.objects.all()}
    refs = {found.ref: found for found in Provision.objects.only("pk", "ref")}
    count = _put_parameters(
        _parameter(row, sets[code], refs)
        for code, name in shipped.RULE_SET_FILES.items()
        for row in shipped.read(f"parameters/{name}.yaml")
    )
    _replace(TermLabel, ["rule_set", "code"], _labels(sets))
    _replace(AuthorityRole, ["topic", "valid_from"], _authority_roles(refs))
    _replace(
        ChecklistLine,
        ["kind", "requirement", "looks_at", "rule_set", "valid_from"],
        _checklist_lines(sets, refs),
    )
    return count


def _put(model: type[models.Model], unique: list[str], rows: list[Any]) -> None:
    """Write the rows, in place of those with the same identity; what was edited here keeps what it says."""
    if issubclass(model, Edited):
        names = [field.attname for field in model._meta.concrete_fields if field.name in unique]
        edited = set(model._default_manager.filter(edited_at__isnull=False).values_list(*names))
        rows = [row for row in rows if tuple(getattr(row, name) for name in names) not in edited]
    changed = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in unique
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=changed, batch_size=200
    )


def _replace(model: type[models.Model], unique: list[str], rows: list[Any]) -> None:
    """As `_put`, and what is no longer in the files goes."""
    names = [field.attname for field in model._meta.concrete_fields if field.name in unique]
    wanted = {tuple(getattr(row, name) for name in names) for row in rows}
    stale = [
        pk
        for pk, *identity in model._default_manager.values_list("pk", *names)
        if tuple(identity) not in wanted
    ]
    if stale:
        model._default_manager.filter(pk__in=stale).delete()
    _put(model, unique, rows)


def _put_parameters(rows: Iterable[Parameter]) -> int:
    """New rows are added, untouched ones follow the files, edited ones keep the agency's value."""
    present = {_identity(found): found for found in Parameter.objects.all()}
    fields = [
        field.name
        for field in Parameter._meta.concrete_fields
        if not field.primary_key and field.name not in {"edited_at", "edited_because"}
    ]
    new, changed, wanted = [], [], set()
    for row in rows:
        wanted.add(_identity(row))
        found = present.get(_identity(row))
        if found is None:
            new.append(row)
            continue
        followed = _STILL_SHIPPED if found.edited_at else fields
        if any(getattr(found, name) != getattr(row, name) for name in followed):
            for name in followed:
                setattr(found, name, getattr(row, name))
            changed.append(found)
    gone = [
        found.pk for identity, found in present.items() if identity not in wanted and found.edited_at is None
    ]
    if gone:
        Parameter.objects.filter(pk__in=gone, clocks__isnull=True).delete()
    bulk_create_with_history(new, Parameter, default_change_reason="shipped")
    bulk_update_with_history(changed, Parameter, fields, default_change_reason="shipped")
    return len(wanted)


def _identity(row: Parameter) -> tuple[object, ...]:
    return row.key, row.rule_set_id, row.database_code, row.valid_from


def _instrument(row: dict[str, Any], position: int) -> Instrument:
    return Instrument(
        slug=row["slug"],
        kind=row["kind"],
        force=row["force"],
        number=row["number"],
        title_vi=row["vi"],
        title_en=row["en"],
        issuer_vi=row["issuer_vi"],
        issuer_en=row["issuer_en"],
        issued_on=row.get("issued_on"),
        in_force_from=row.get("in_force_from"),
        in_force_to=row.get("in_force_to"),
        mark=row["mark"],
        sources=row["sources"],
        position=position,
        **_notes(row),
    )


def _provision(row: dict[str, Any], instrument: Instrument, position: int) -> Provision:
    place = place_of(row["at"])
    return Provision(
        ref=row["ref"],
        instrument=instrument,
        at=row["at"],
        article=place.article,
        clause=place.clause,
        point=place.point,
        place_vi=row.get("place_vi", ""),
        place_en=row.get("place_en", ""),
        summary_vi=row["vi"],
        summary_en=row["en"],
        mark=row.get("mark", instrument.mark),
        position=position,
    )


def _relation(row: dict[str, Any], instruments: dict[str, Instrument]) -> ProvisionRelation:
    return ProvisionRelation(
        kind=row["kind"],
        source_instrument=instruments[row["from"]],
        source_place=row.get("at", ""),
        target_instrument=instruments[row["to"]],
        target_place=row.get("to_place", ""),
        effective_on=row.get("effective_on"),
        mark=row["mark"],
        sources=row["sources"],
    )


def _rule_set(row: dict[str, Any]) -> RuleSet:
    return RuleSet(
        code=row["code"],
        title_vi=row["vi"],
        title_en=row["en"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        basis=row["basis"],
        **_notes(row),
    )


def _parameter(row: dict[str, Any], rule_set: RuleSet, refs: dict[str, Provision]) -> Parameter:
    named = shipped.read("parameters/keys.yaml")["keys"][row["key"]]
    cites = row.get("cites", [])
    value = row.get("value", "")
    return Parameter(
        key=row["key"],
        rule_set=rule_set,
        database_code=row.get("database", ""),
        narrows=row.get("narrows", ""),
        group=named["group"],
        label_vi=named["vi"],
        label_en=named["en"],
        value=value,
        unit=row["unit"],
        bound=row.get("bound", ""),
        ahead=row.get("ahead", False),
        anchor=row.get("anchor", ""),
        valid_from=_from(row, rule_set),
        valid_to=_to(row, rule_set),
        provision=refs[cites[0]] if cites else None,
        also_cites=cites[1:],
        sources=row["sources"],
        mark=row["mark"],
        shipped_value=value,
        shipped_unit=row["unit"],
        **_notes(row),
    )


def _labels(sets: dict[str, RuleSet]) -> list[TermLabel]:
    return [
        TermLabel(rule_set=sets[code], code=row["code"], vi=row["vi"], en=row["en"], **_notes(row))
        for row in shipped.read("labels.yaml")
        for code in row["rule_sets"]
    ]


def _authority_roles(refs: dict[str, Provision]) -> list[AuthorityRole]:
    table = shipped.read("authority_roles.yaml")
    topics, roles = table["topics"], table["roles"]
    return [
        AuthorityRole(
            topic=row["topic"],
            topic_vi=topics[row["topic"]]["vi"],
            topic_en=topics[row["topic"]]["en"],
            role=row["role"],
            role_vi=roles[row["role"]]["vi"],
            role_en=roles[row["role"]]["en"],
            valid_from=row["from"],
            valid_to=row.get("to"),
            provision=refs[row["cites"][0]],
            sources=row["sources"],
            mark=row["mark"],
            position=position,
            **_notes(row),
        )
        for position, row in enumerate(table["rows"])
    ]


def _checklist_lines(sets: dict[str, RuleSet], refs: dict[str, Provision]) -> list[ChecklistLine]:
    return [
        ChecklistLine(
            kind=line["kind"],
            requirement=line["requirement"],
            looks_at=line["looks_at"],
            position=line["order"],
            rule_set=sets[row["rule_set"]],
            valid_from=_from(row, sets[row["rule_set"]]),
            valid_to=_to(row, sets[row["rule_set"]]),
            provision=refs[row["cites"][0]],
            also_cites=row["cites"][1:],
            mark=row["mark"],
            vi=line["vi"],
            en=line["en"],
            hint_vi=line["hint_vi"],
            hint_en=line["hint_en"],
            **_notes(row),
        )
        for line in shipped.read("checklists.yaml")
        for row in line["rows"]
    ]


def _from(row: dict[str, Any], rule_set: RuleSet) -> date:
    return row.get("from") or rule_set.valid_from


def _to(row: dict[str, Any], rule_set: RuleSet) -> date | None:
    return row.get("to") or rule_set.valid_to


def _notes(row: dict[str, Any]) -> dict[str, str]:
    return {"note_vi": row.get("note_vi", ""), "note_en": row.get("note_en", "")}
