"""Who sees a data audit, who plans, measures, signs and answers it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_of
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.catalogue.access import OWNING, READING
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.tracing import carries

from .models import AuditKind, DataAudit

# Who audits for a unit.
AUDITING = frozenset({Role.IT_UNIT, Role.HEAD, Role.FOCAL_OFFICER})


def audits_visible_to(actor: Actor) -> QuerySet[DataAudit]:
    """The audits of the actor's agency and of units below, and those that the own unit makes."""
    if actor.is_system:
        return DataAudit.objects.all()
    own = unit_of(actor)
    if own is None or not actor.has(*READING):
        return DataAudit.objects.none()
    above = [int(part) for part in own.path.strip("/").split("/")]
    visible = Q(agency_id__in=above) | Q(auditor=own)
    if actor.roles & REACHING_DOWN:
        visible |= Q(agency__path__startswith=own.path) | Q(auditor__path__startswith=own.path)
    return DataAudit.objects.filter(visible)


def audit_for(actor: Actor, number: str) -> DataAudit:
    """The audit of this number, or one refusal whether it is not there or may not be known of."""
    found = audits_visible_to(actor).select_related("agency", "auditor").filter(number=number).first()
    if found is None:
        raise NotFound(what=f"cuộc kiểm toán {number[:20]}", what_en=f"Audit {number[:20]}")
    return found


def may_plan_audit(actor: Actor, agency: Agency) -> bool:
    """The IT unit or the head, of the agency or above it."""
    return actor.is_system or (actor.has(Role.IT_UNIT, Role.HEAD) and acts_for(actor, agency))


def may_audit(actor: Actor, audit: DataAudit) -> bool:
    """Whether the actor works for the unit that audits."""
    return actor.is_system or (actor.has(*AUDITING) and acts_for(actor, audit.auditor))


def may_sign_audit(actor: Actor, audit: DataAudit) -> bool:
    """Whether the actor signs the report or sends it back: the head of the agency that was audited."""
    return actor.is_system or (actor.has(Role.HEAD) and actor.unit_id == str(audit.agency_id))


def may_answer_audit(actor: Actor, audit: DataAudit) -> bool:
    """Whether the actor answers findings: whoever works on data of the agency audited, above it or in its units."""
    if actor.is_system or not actor.has(*OWNING):
        return actor.is_system
    own = unit_of(actor)
    return acts_for(actor, audit.agency) or (own is not None and own.path.startswith(audit.agency.path))


@carries("GOVF-14", "D278-02")
def in_charge_of(actor: Actor, audit: DataAudit) -> list[str]:
    """The databases in the scope of which the auditing unit or the actor is in charge: they may not audit these."""
    found = []
    for database in audit.databases.select_related("managing_unit", "owner"):
        unit = database.managing_unit_id == audit.auditor_id
        if audit.kind == AuditKind.CROSS:
            unit = unit or database.owner_id == audit.auditor_id
        if unit or _keeps(actor, database):
            found.append(database.name)
    return found


def _keeps(actor: Actor, database: Database) -> bool:
    """Whether the person holds a post as the owner of this database."""
    if actor.is_system or not actor.has(Role.DATABASE_OWNER):
        return False
    return actor.unit_id in (str(database.owner_id), str(database.managing_unit_id))


def outsider_fault(audit_agency: Agency, auditor: Agency, kind: str) -> str:
    """The unit that is no outsider in a cross audit, or no part of the agency in a self audit; empty where all is well."""
    inside = auditor.path.startswith(audit_agency.path)
    if kind == AuditKind.CROSS and (inside or audit_agency.path.startswith(auditor.path)):
        return auditor.name
    return ""
