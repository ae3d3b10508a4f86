"""What a merged agency or unit leaves in data governance: roles and bodies go along or end, its own set-up is over."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from lienthong.agencies import governance_events
from lienthong.agencies.models import (
    Agency,
    AgencyKind,
    DataDoor,
    GovernanceBody,
    GovernanceBodyKind,
    GovernanceCase,
    GovernanceRole,
    GovernanceRoleKind,
    SteeringCommittee,
)
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.law.commands import stop_clock
from lienthong.law.queries import clocks_of

from .work import finish_work


@carries("GOVF-04", "GOVF-05", "GOVF-13")
def hand_over_governance(*, former_id: int, successor_id: int, merged_on: date) -> None:
    """Hand over what a merged agency or unit carried in data governance; doing it again changes nothing.

    Stewards and commune contacts go to the receiving agency, as do bodies whose unit stays within theirs; a second chief
    data officer, committee, door or contact of one commune ends with the day of the merger. What is on paper stays as
    it was signed, and nothing is dated back. Publishes `GovernanceHandedOver`.
    """
    former = Agency.objects.get(pk=former_id)
    successor = Agency.objects.select_related("parent").get(pk=successor_id)
    with transaction.atomic():
        moved, ended = 0, 0
        for kept in (_roles(former, successor, merged_on), _bodies(former, successor, merged_on)):
            moved, ended = moved + kept[0], ended + kept[1]
        ended += _set_up(former, merged_on)
        doors = DataDoor.objects.filter(operator=former, ended_on__isnull=True)
        moved += _change(doors, operator=successor)
        if moved or ended:
            publish(
                actor=SYSTEM,
                fact=governance_events.GovernanceHandedOver(
                    agency_id=successor.pk,
                    former_id=former.pk,
                    former_name=former.name,
                    moved=moved,
                    ended=ended,
                ),
            )


def _roles(former: Agency, successor: Agency, day: date) -> tuple[int, int]:
    """The open roles of the former agency and those whose unit it was; returns how many went along and how many ended."""
    moved = ended = 0
    top = Agency.objects.get(pk=successor.top_id)
    open_ones = GovernanceRole.objects.select_related("agency", "unit").filter(valid_to__isnull=True)
    for role in (open_ones.filter(agency=former) | open_ones.filter(unit=former)).order_by("pk"):
        unit = successor if role.unit_id == former.pk else role.unit
        agency = (
            role.agency if unit.path.startswith(role.agency.path) and role.agency_id != former.pk else top
        )
        if _is_second(role, agency, unit) or (
            role.kind == GovernanceRoleKind.COMMUNE_CONTACT and unit.kind != AgencyKind.COMMUNE
        ):
            role.valid_to = max(day, role.valid_from)
            ended += 1
        else:
            if role.kind == GovernanceRoleKind.STEWARD and agency.pk != role.agency_id:
                role.body = agency.governance_bodies.filter(
                    kind=GovernanceBodyKind.GOVERNANCE, valid_to__isnull=True
                ).first()
            role.agency, role.unit = agency, unit
            moved += 1
        role.save()
    return moved, ended


def _is_second(role: GovernanceRole, agency: Agency, unit: Agency) -> bool:
    """Whether somebody else holds there what one alone holds: the chief data officer's place, that of a commune's contact."""
    others = agency.governance_roles.filter(kind=role.kind, valid_to__isnull=True).exclude(pk=role.pk)
    if role.kind == GovernanceRoleKind.DATA_OFFICER:
        # Whoever served an agency that is no more does not serve the one that received it without a decision.
        return agency.pk != role.agency_id or others.exists()
    return role.kind == GovernanceRoleKind.COMMUNE_CONTACT and others.filter(unit=unit).exists()


def _bodies(former: Agency, successor: Agency, day: date) -> tuple[int, int]:
    """The open bodies of the former agency end; those of others whose unit it was go along while it stays within them."""
    moved = ended = 0
    open_ones = GovernanceBody.objects.select_related("agency").filter(valid_to__isnull=True)
    for body in (open_ones.filter(agency=former) | open_ones.filter(unit=former)).order_by("pk"):
        stays = body.is_police or successor.path.startswith(body.agency.path)
        if body.agency_id != former.pk and stays:
            body.unit = successor
            moved += 1
        else:
            body.valid_to = max(day, body.valid_from)
            ended += 1
        body.save()
    return moved, ended


def _set_up(former: Agency, day: date) -> int:
    """The set-up of the former agency is over: its committee and door end, its terms stop, nothing of it is due."""
    ended = 0
    for committee in SteeringCommittee.objects.filter(agency=former, valid_to__isnull=True):
        committee.valid_to = max(day, committee.decision_date)
        committee.save(update_fields=["valid_to"])
        ended += 1
    ended += _change(DataDoor.objects.filter(agency=former, ended_on__isnull=True), ended_on=day)
    case = GovernanceCase.objects.filter(agency=former).first()
    if case is not None:
        for clock in clocks_of(case).filter(stopped_at__isnull=True):
            stop_clock(actor=SYSTEM, clock=clock, outcome="merged")
        finish_work(actor=SYSTEM, subject=case)
    return ended


def _change(doors: QuerySet[DataDoor], **values: object) -> int:
    count = 0
    for door in doors:
        for name, value in values.items():
            setattr(door, name, value)
        door.save()
        count += 1
    return count
