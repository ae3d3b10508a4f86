"""Who carries data governance: chief data officer, stewards, contacts, bodies, committee."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import governance, governance_events, rules
from lienthong.agencies.access import DECIDING, GOVERNING, require_acting_for
from lienthong.agencies.errors import (
    BodyUnitOutside,
    CommuneExpected,
    GovernanceContentMissing,
    GovernanceRoleEnded,
    StewardWithoutBody,
)
from lienthong.agencies.models import (
    Agency,
    AgencyKind,
    GovernanceBody,
    GovernanceBodyKind,
    GovernanceCase,
    GovernancePaperKind,
    GovernanceRole,
    GovernanceRoleKind,
    SteeringCommittee,
)
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from .agencies import require_open
from .governance import COMMITTEE, date_refused, require_at_the_top, stop_term, take_up
from .work import finish_work

_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
Needed = tuple[tuple[str, str, str], ...]
PERSON: Needed = (
    ("full_name", "họ và tên", "full name"),
    ("position", "chức vụ", "position"),
    ("phone", "điện thoại", "phone"),
    ("email", "thư điện tử", "e-mail"),
)
DECISION: Needed = (("decision_number", "số quyết định", "decision number"),)


@carries("GOVF-05")
def appoint_data_officer(
    *,
    actor: Actor,
    agency: Agency,
    full_name: str,
    position: str,
    phone: str,
    email: str,
    decision_number: str,
    decision_date: date,
    unit: Agency | None = None,
    person: User | None = None,
    valid_from: date | None = None,
) -> GovernanceRole:
    """Appoint the chief data officer of an agency in writing; whoever served ends on the eve.

    The officer approves access rules and signs access requests. The focal officer stays as before: nobody is made the
    one by being the other. Publishes `GovernanceRoleGiven`.
    """
    require_acting_for(
        actor, agency, DECIDING, "cử người chịu trách nhiệm dữ liệu", "appoint the chief data officer"
    )
    values = written(
        (*PERSON, *DECISION),
        full_name=full_name,
        position=position,
        phone=phone,
        email=email,
        decision_number=decision_number,
    )
    begins = valid_from or decision_date
    rules.require_decision_dates(decision_date, begins, timezone.localdate())
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_at_the_top(agency)
        require_open(agency)
        seat = within(unit or agency, agency)
        kind = GovernanceRoleKind.DATA_OFFICER
        for former in agency.governance_roles.filter(kind=kind, valid_to__isnull=True):
            require_after(begins, former.valid_from, former.full_name)
            _lay_down(actor, former, rules.eve_of(begins))
        given = GovernanceRole.objects.create(
            agency=agency,
            kind=kind,
            unit=seat,
            person=person,
            decision_date=decision_date,
            valid_from=begins,
            **values,
        )
        _publish_given(actor, given)
        _go_on(actor, agency)
    return given


@carries("GOVF-05")
def name_steward(
    *,
    actor: Actor,
    agency: Agency,
    unit: Agency,
    scope: str,
    full_name: str,
    position: str,
    phone: str,
    email: str,
    decision_number: str,
    decision_date: date,
    own_head: str = "",
    person: User | None = None,
    valid_from: date | None = None,
) -> GovernanceRole:
    """Name the steward of a field or group of databases, who reports to the own head and to the governance body.

    `own_head` is who heads the steward's unit (the unit's head where not given). Publishes `GovernanceRoleGiven`; raises
    `StewardWithoutBody` while nobody does the work of the governance body.
    """
    require_acting_for(actor, agency, GOVERNING, "ghi nhận nhân sự phụ trách dữ liệu", "name a data steward")
    values = written(
        (*PERSON, ("scope", "lĩnh vực hoặc nhóm cơ sở dữ liệu", "field or group of databases"), *DECISION),
        full_name=full_name,
        position=position,
        phone=phone,
        email=email,
        scope=scope,
        decision_number=decision_number,
    )
    begins = valid_from or decision_date
    rules.require_decision_dates(decision_date, begins, timezone.localdate())
    with transaction.atomic():
        require_open(agency)
        seat = within(unit, agency)
        body = agency.governance_bodies.filter(
            kind=GovernanceBodyKind.GOVERNANCE, valid_to__isnull=True
        ).first()
        if body is None:
            raise StewardWithoutBody()
        given = GovernanceRole.objects.create(
            agency=agency,
            kind=GovernanceRoleKind.STEWARD,
            unit=seat,
            person=person,
            body=body,
            own_head=nfc(own_head).strip()[:200] or f"Người đứng đầu {seat.name}"[:200],
            decision_date=decision_date,
            valid_from=begins,
            **values,
        )
        _publish_given(actor, given)
    return given


@carries("GOVF-05")
def name_commune_contact(
    *,
    actor: Actor,
    agency: Agency,
    unit: Agency,
    full_name: str,
    position: str,
    phone: str,
    email: str,
    decision_number: str,
    decision_date: date,
    person: User | None = None,
    valid_from: date | None = None,
) -> GovernanceRole:
    """Name the contact for data of one commune of the province. Publishes `GovernanceRoleGiven`; raises `CommuneExpected`."""
    require_acting_for(actor, agency, GOVERNING, "ghi nhận đầu mối dữ liệu cấp xã", "name a commune contact")
    values = written(
        (*PERSON, *DECISION),
        full_name=full_name,
        position=position,
        phone=phone,
        email=email,
        decision_number=decision_number,
    )
    begins = valid_from or decision_date
    rules.require_decision_dates(decision_date, begins, timezone.localdate())
    with transaction.atomic():
        require_open(agency)
        if (
            unit.kind != AgencyKind.COMMUNE
            or not unit.is_open
            or unit.pk == agency.pk
            or not unit.path.startswith(agency.path)
        ):
            raise CommuneExpected(unit=unit.name, agency=agency.name)
        given = GovernanceRole.objects.create(
            agency=agency,
            kind=GovernanceRoleKind.COMMUNE_CONTACT,
            unit=unit,
            person=person,
            decision_date=decision_date,
            valid_from=begins,
            **values,
        )
        _publish_given(actor, given)
    return given


@carries("GOVF-05")
def end_governance_role(
    *, actor: Actor, role: GovernanceRole, valid_to: date | None = None, reason: str = ""
) -> GovernanceRole:
    """End what a person holds with a day (today), which is the last. Publishes `GovernanceRoleLaidDown`."""
    allowed = DECIDING if role.kind == GovernanceRoleKind.DATA_OFFICER else GOVERNING
    require_acting_for(
        actor, role.agency, allowed, "kết thúc vai trò quản trị dữ liệu", "end a role of data governance"
    )
    day = valid_to or timezone.localdate()
    with transaction.atomic():
        role = GovernanceRole.objects.select_for_update(of=("self",)).select_related("agency").get(pk=role.pk)
        if role.valid_to is not None:
            raise GovernanceRoleEnded(name=role.full_name, **rules.told(ended_on=role.valid_to))
        rules.require_dates_in_order(role.valid_from, day)
        _lay_down(actor, role, day, reason)
    return role


@carries("GOVF-04")
def assign_governance_body(
    *,
    actor: Actor,
    agency: Agency,
    kind: str,
    unit: Agency,
    lead_name: str,
    decision_number: str,
    decision_date: date,
    lead_position: str = "",
    is_police: bool = False,
    outsourced: bool = False,
    valid_from: date | None = None,
) -> GovernanceBody:
    """Give the work of one of the five bodies to an existing unit; whoever held it ends on the eve.

    The unit is the agency's own; only compliance may be the provincial police's (`is_police`). Publishes
    `GovernanceBodyGiven`; raises `BodyUnitOutside`.
    """
    require_acting_for(
        actor, agency, DECIDING, "giao bộ phận quản trị dữ liệu", "assign a body of data governance"
    )
    if kind not in GovernanceBodyKind.values:
        raise GovernanceContentMissing(at="kind", name="bộ phận", name_en="body")
    values = written(
        (("lead_name", "người phụ trách bộ phận", "leader of the body"), *DECISION),
        lead_name=lead_name,
        decision_number=decision_number,
    )
    begins = valid_from or decision_date
    rules.require_decision_dates(decision_date, begins, timezone.localdate())
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_at_the_top(agency)
        require_open(agency)
        led_by_police = is_police and kind == GovernanceBodyKind.COMPLIANCE
        if not unit.is_open or not (led_by_police or unit.path.startswith(agency.path)):
            raise BodyUnitOutside(unit=unit.name, agency=agency.name)
        for former in agency.governance_bodies.filter(kind=kind, valid_to__isnull=True):
            require_after(begins, former.valid_from, former.unit.name)
            _take(actor, former, rules.eve_of(begins))
        body = GovernanceBody.objects.create(
            agency=agency,
            kind=kind,
            unit=unit,
            is_police=led_by_police,
            outsourced=outsourced,
            lead_position=nfc(lead_position).strip()[:150],
            decision_date=decision_date,
            valid_from=begins,
            **values,
        )
        if kind == GovernanceBodyKind.GOVERNANCE:
            for steward in agency.governance_roles.filter(
                kind=GovernanceRoleKind.STEWARD, valid_to__isnull=True
            ):
                steward.body = body
                steward.save()
        publish(
            actor=actor,
            fact=governance_events.GovernanceBodyGiven(
                agency_id=agency.pk,
                body_id=body.pk,
                kind=kind,
                unit=unit.name,
                decision_number=body.decision_number,
                outsourced=outsourced,
                **_body_words(kind),
            ),
        )
    return body


@carries("GOVF-04")
def end_governance_body(
    *, actor: Actor, body: GovernanceBody, valid_to: date | None = None, reason: str = ""
) -> GovernanceBody:
    """End that a unit does the work of a body, with a day (today) which is the last. Publishes `GovernanceBodyTaken`."""
    require_acting_for(actor, body.agency, DECIDING, "kết thúc vai trò của bộ phận", "end the work of a body")
    day = valid_to or timezone.localdate()
    with transaction.atomic():
        body = (
            GovernanceBody.objects.select_for_update(of=("self",))
            .select_related("agency", "unit")
            .get(pk=body.pk)
        )
        if body.valid_to is not None:
            raise GovernanceRoleEnded(name=body.unit.name, **rules.told(ended_on=body.valid_to))
        rules.require_dates_in_order(body.valid_from, day)
        _take(actor, body, day, reason)
    return body


@carries("OTH-10")
def set_up_steering_committee(
    *,
    actor: Actor,
    agency: Agency,
    leader_name: str,
    leader_position: str,
    decision_number: str,
    decision_date: date,
    led_by_head: bool = True,
    members: str = "",
) -> SteeringCommittee:
    """Record the decision that sets up the data steering committee, led by the head; the one before ends on the eve.

    Publishes `SteeringCommitteeSetUp`.
    """
    require_acting_for(
        actor, agency, DECIDING, "lập ban chỉ đạo về dữ liệu", "set up the data steering committee"
    )
    values = written(
        (
            ("leader_name", "trưởng ban", "leader of the committee"),
            ("leader_position", "chức vụ của trưởng ban", "position of the leader"),
            *DECISION,
        ),
        leader_name=leader_name,
        leader_position=leader_position,
        decision_number=decision_number,
    )
    rules.require_decision_dates(decision_date, decision_date, timezone.localdate())
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_at_the_top(agency)
        require_open(agency)
        for former in agency.steering_committees.filter(valid_to__isnull=True):
            if decision_date <= former.decision_date:
                raise date_refused(
                    "decision_date",
                    decision_date,
                    f"ban chỉ đạo hiện nay lập ngày {former.decision_date:%d/%m/%Y}",
                    f"the present committee dates from {former.decision_date:%d/%m/%Y}",
                )
            former.valid_to = rules.eve_of(decision_date)
            former.save(update_fields=["valid_to"])
        committee = SteeringCommittee.objects.create(
            agency=agency,
            led_by_head=led_by_head,
            members=nfc(members).strip(),
            decision_date=decision_date,
            **values,
        )
        publish(
            actor=actor,
            fact=governance_events.SteeringCommitteeSetUp(
                agency_id=agency.pk,
                committee_id=committee.pk,
                leader_name=committee.leader_name,
                led_by_head=led_by_head,
                decision_number=committee.decision_number,
                decision_date=decision_date,
            ),
        )
        case = GovernanceCase.objects.filter(agency=agency).first()
        if case is not None and led_by_head:
            stop_term(actor, case, governance.COMMITTEE_TERM, "set_up", decision_date)
            finish_work(actor=actor, subject=case, act=COMMITTEE)
    return committee


def written(needed: Needed, **values: str) -> dict[str, str]:
    """The texts as they are kept; refuses the first needed one that is empty, and a contact that cannot be used."""
    kept = {name: nfc(value).strip() for name, value in values.items()}
    for name, vi, en in needed:
        if not kept[name] or not _usable(name, kept[name]):
            raise GovernanceContentMissing(at=name, name=vi, name_en=en)
    return kept


def require_after(begins: date, since: date, holder: str) -> None:
    """Whoever comes next begins after the present holder did."""
    if begins <= since:
        raise date_refused(
            "valid_from",
            begins,
            f"{holder} giữ từ {since:%d/%m/%Y}",
            f"{holder} holds it from {since:%d/%m/%Y}",
        )


def _usable(name: str, value: str) -> bool:
    if name == "phone":
        return 8 <= sum(c.isdigit() for c in value) <= 20 and not any(c.isalpha() for c in value)
    return name != "email" or _EMAIL.fullmatch(value) is not None


def within(unit: Agency, agency: Agency, at: str = "unit") -> Agency:
    if not unit.is_open or not unit.path.startswith(agency.path):
        error = BodyUnitOutside(unit=unit.name, agency=agency.name)
        error.field = at  # type: ignore[misc]
        raise error
    return unit


def _lay_down(actor: Actor, role: GovernanceRole, day: date, reason: str = "") -> None:
    role.valid_to = day
    role.save()
    publish(
        actor=actor,
        fact=governance_events.GovernanceRoleLaidDown(
            agency_id=role.agency_id,
            role_id=role.pk,
            kind=role.kind,
            full_name=role.full_name,
            valid_to=day,
            **_role_words(role.kind),
        ),
        reason=reason,
    )


def _take(actor: Actor, body: GovernanceBody, day: date, reason: str = "") -> None:
    body.valid_to = day
    body.save()
    publish(
        actor=actor,
        fact=governance_events.GovernanceBodyTaken(
            agency_id=body.agency_id,
            body_id=body.pk,
            kind=body.kind,
            unit=body.unit.name,
            valid_to=day,
            **_body_words(body.kind),
        ),
        reason=reason,
    )


def _publish_given(actor: Actor, given: GovernanceRole) -> None:
    publish(
        actor=actor,
        fact=governance_events.GovernanceRoleGiven(
            agency_id=given.agency_id,
            role_id=given.pk,
            kind=given.kind,
            full_name=given.full_name,
            decision_number=given.decision_number,
            valid_from=given.valid_from,
            unit=given.unit.name,
            **_role_words(given.kind),
        ),
    )


def _go_on(actor: Actor, agency: Agency) -> None:
    case = GovernanceCase.objects.select_related("agency").filter(agency=agency).first()
    if case is not None:
        take_up(actor=actor, case=case)


def words(name: str, kind: GovernanceRoleKind | GovernanceBodyKind | GovernancePaperKind) -> dict[str, str]:
    return {
        f"{name}_vi": governance.names_in("vi", [kind]),
        f"{name}_en": governance.names_in("en", [kind]),
    }


def _role_words(kind: str) -> dict[str, str]:
    return words("role", GovernanceRoleKind(kind))


def _body_words(kind: str) -> dict[str, str]:
    return words("body", GovernanceBodyKind(kind))
