"""The focal officer of an agency: nominate, appoint by decision, publish, confirm, end (C4, FOC-01…05)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import events, rules
from lienthong.agencies.access import DECIDING, PROPOSING, may_confirm_contact, require_acting_for
from lienthong.agencies.addresses import focal_officer_address
from lienthong.agencies.errors import ContactNotPublished, NominationWaiting
from lienthong.agencies.models import Agency, FocalAppointment, FocalState, Post
from lienthong.agencies.queries import (
    contacts_not_confirmed_since,
    unit_holding,
    vacancies_not_asked_for,
)
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.queries import find_parameter
from lienthong.law.rules import add_months

from .agencies import require_open
from .posts import place_in_post, remove_from_post
from .work import finish_work, open_work

DECIDE, ANNOUNCE, FILL = "decide_focal_officer", "publish_focal_officer", "fill_focal_officer"
CONFIRM = "confirm_focal_contact"
CONFIRMED_EVERY = "focal.contact_confirmation"


@carries("FOC-01", "FOC-02")
def nominate_focal_officer(
    *,
    actor: Actor,
    agency: Agency,
    full_name: str,
    position: str,
    function: str,
    phone: str,
    email: str,
    person: User | None = None,
    professional_field: str = "",
    capability: str = "",
) -> FocalAppointment:
    """Propose one person as the focal officer of an agency; the head then decides.

    `person` is the account of the officer, where there is one. Refuses while another nomination waits.
    Publishes `FocalOfficerNominated`.
    """
    require_acting_for(actor, agency, PROPOSING, "đề cử cán bộ đầu mối", "nominate a focal officer")
    values = _clean(
        full_name=full_name,
        position=position,
        function=function,
        phone=phone,
        email=email,
        professional_field=professional_field,
        capability=capability,
    )
    rules.require_contents(values, rules.NOMINATED_FIELDS)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_open(agency)
        waiting = agency.focal_appointments.filter(state=FocalState.NOMINATED).first()
        if waiting is not None:
            raise NominationWaiting(name=waiting.full_name)
        appointment = FocalAppointment.objects.create(agency=agency, person=person, **values)
        publish(
            actor=actor,
            fact=events.FocalOfficerNominated(
                agency_id=agency.pk, appointment_id=appointment.pk, full_name=appointment.full_name
            ),
        )
        finish_work(actor=actor, subject=agency, act=FILL)
        _open(appointment, DECIDE, "quyết định cử cán bộ đầu mối", "decide on the focal officer", Role.HEAD)
    return appointment


@carries("FOC-01", "FOC-02", "FOC-03")
def appoint_focal_officer(
    *,
    actor: Actor,
    appointment: FocalAppointment,
    decision_number: str,
    decision_date: date,
    duties: str,
    powers: str,
    valid_from: date | None = None,
    professional_field: str = "",
    capability: str = "",
) -> FocalAppointment:
    """Appoint the nominated officer by a decision that names duties and powers.

    The term begins with `valid_from` (the decision's date). Whoever serves until then ends on the eve, in
    the same transaction: there is one focal officer on any date. The officer's account is given the focal
    officer's post. Publishes `FocalOfficerAppointed`, and `FocalOfficerEnded` for the one replaced.
    """
    agency = appointment.agency
    require_acting_for(actor, agency, DECIDING, "cử cán bộ đầu mối", "appoint a focal officer")
    begins = valid_from or decision_date
    rules.require_decision_dates(decision_date, begins, timezone.localdate())
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_open(agency)
        appointment = _locked(appointment)
        if appointment.state != FocalState.NOMINATED:
            raise refused(appointment, "appoint")
        decided = _clean(
            decision_number=decision_number,
            duties=duties,
            powers=powers,
            professional_field=professional_field or appointment.professional_field,
            capability=capability or appointment.capability,
        )
        rules.require_contents(decided, rules.DECIDED_FIELDS)
        former = _serving(agency)
        rules.require_free_period(begins, _services(agency))
        if former is not None:
            _end(actor=actor, appointment=former, valid_to=rules.eve_of(begins), replaced=True)
        for name, value in decided.items():
            setattr(appointment, name, value)
        appointment.decision_date = decision_date
        appointment.save()
        fact = events.FocalOfficerAppointed(
            agency_id=agency.pk,
            appointment_id=appointment.pk,
            full_name=appointment.full_name,
            decision_number=appointment.decision_number,
            decision_date=decision_date,
            valid_from=begins,
            replaced_id=former.pk if former else None,
        )
        take_step(actor=actor, record=appointment, step="appoint", fact=fact, valid_from=begins)
        if appointment.person is not None:
            place_in_post(
                actor=actor,
                person=appointment.person,
                agency=agency,
                role=Role.FOCAL_OFFICER,
                title=appointment.position,
                valid_from=begins,
            )
        finish_work(actor=actor, subject=appointment)
        _open(appointment, ANNOUNCE, "công bố cán bộ đầu mối", "publish the focal officer", Role.IT_UNIT)
    return appointment


@carries("FOC-05")
def publish_focal_officer(*, actor: Actor, appointment: FocalAppointment) -> FocalAppointment:
    """Put the officer's five public fields on the public directory. Publishes `FocalOfficerPublished`."""
    require_acting_for(
        actor, appointment.agency, PROPOSING, "công bố cán bộ đầu mối", "publish a focal officer"
    )
    with transaction.atomic():
        appointment = _locked(appointment)
        public = {content.field: getattr(appointment, content.field) for content in rules.PUBLIC_FIELDS}
        rules.require_contents(public, rules.PUBLIC_FIELDS)
        fact = events.FocalOfficerPublished(
            agency_id=appointment.agency_id, appointment_id=appointment.pk, full_name=appointment.full_name
        )
        take_step(actor=actor, record=appointment, step="publish", fact=fact)
        finish_work(actor=actor, subject=appointment)
    return appointment


@carries("FOC-05")
def confirm_focal_contact(
    *, actor: Actor, appointment: FocalAppointment, phone: str = "", email: str = ""
) -> FocalAppointment:
    """Confirm that the published contact still holds, with a new phone or e-mail where it changed.

    Publishes `FocalContactConfirmed`.
    """
    if not may_confirm_contact(actor, appointment):
        raise NotAllowed(
            act="xác nhận thông tin liên hệ của cán bộ đầu mối", act_en="confirm a focal officer's contact"
        )
    with transaction.atomic():
        appointment = _locked(appointment)
        if appointment.state != FocalState.PUBLISHED:
            raise ContactNotPublished(name=appointment.full_name)
        appointment.phone = phone.strip() or appointment.phone
        appointment.email = email.strip() or appointment.email
        contact = {"phone": appointment.phone, "email": appointment.email}
        rules.require_contents(contact, (c for c in rules.PUBLIC_FIELDS if c.field in contact))
        appointment.confirmed_at = timezone.now()
        appointment.save()
        finish_work(actor=actor, subject=appointment, act=CONFIRM)
        publish(
            actor=actor,
            fact=events.FocalContactConfirmed(
                agency_id=appointment.agency_id,
                appointment_id=appointment.pk,
                full_name=appointment.full_name,
            ),
        )
    return appointment


@carries("FOC-01")
def end_focal_officer(
    *, actor: Actor, appointment: FocalAppointment, valid_to: date | None = None, reason: str = ""
) -> FocalAppointment:
    """End an officer's term with a day (today), which is its last; the head is asked to fill the vacancy.

    Publishes `FocalOfficerEnded`.
    """
    agency = appointment.agency
    require_acting_for(
        actor, agency, DECIDING, "kết thúc nhiệm vụ cán bộ đầu mối", "end a focal officer's term"
    )
    day = valid_to or timezone.localdate()
    with transaction.atomic():
        appointment = _locked(appointment)
        if appointment.state not in (FocalState.APPOINTED, FocalState.PUBLISHED):
            raise refused(appointment, "end")
        rules.require_dates_in_order(appointment.valid_from, day)
        _end(actor=actor, appointment=appointment, valid_to=day, reason=reason)
        if not agency.focal_appointments.filter(state=FocalState.NOMINATED).exists():
            _open(agency, FILL, "cử cán bộ đầu mối", "name a focal officer", Role.HEAD)
    return appointment


def withdraw_focal_nomination(
    *, actor: Actor, appointment: FocalAppointment, reason: str = ""
) -> FocalAppointment:
    """Take back a nomination that was not decided. Publishes `FocalNominationWithdrawn`."""
    require_acting_for(
        actor, appointment.agency, PROPOSING, "rút đề cử cán bộ đầu mối", "withdraw a nomination"
    )
    with transaction.atomic():
        appointment = _locked(appointment)
        if appointment.state != FocalState.NOMINATED:
            raise refused(appointment, "end")
        fact = events.FocalNominationWithdrawn(
            agency_id=appointment.agency_id, appointment_id=appointment.pk, full_name=appointment.full_name
        )
        take_step(
            actor=actor,
            record=appointment,
            step="end",
            fact=fact,
            reason=reason,
            valid_to=timezone.localdate(),
        )
        finish_work(actor=actor, subject=appointment)
    return appointment


@carries("FOC-01", "FOC-05")
def raise_focal_alarms(*, on: date | None = None) -> int:
    """Ask heads to fill what is vacant, and officers to confirm contacts that nobody confirmed for the set time.

    Only for agencies in which somebody holds a post. What was asked and is not done is not asked again. Returns how
    many acts were opened; run by the tick.
    """
    day = on or timezone.localdate()
    opened = 0
    for agency in vacancies_not_asked_for(FILL):
        _open(agency, FILL, "cử cán bộ đầu mối", "name a focal officer", Role.HEAD)
        opened += 1
    months = find_parameter(CONFIRMED_EVERY, on=day)
    if months is None or not isinstance(months.value, int):
        return opened
    for appointment in contacts_not_confirmed_since(add_months(day, -months.value), CONFIRM):
        _open(
            appointment,
            CONFIRM,
            "xác nhận thông tin liên hệ còn đúng",
            "confirm that the contact still holds",
            Role.FOCAL_OFFICER,
        )
        opened += 1
    return opened


def _end(
    *, actor: Actor, appointment: FocalAppointment, valid_to: date, reason: str = "", replaced: bool = False
) -> None:
    fact = events.FocalOfficerEnded(
        agency_id=appointment.agency_id,
        appointment_id=appointment.pk,
        full_name=appointment.full_name,
        valid_to=valid_to,
        replaced=replaced,
    )
    take_step(actor=actor, record=appointment, step="end", fact=fact, reason=reason, valid_to=valid_to)
    post = Post.objects.filter(
        person_id=appointment.person_id,
        agency_id=appointment.agency_id,
        role=Role.FOCAL_OFFICER,
        valid_to__isnull=True,
    ).first()
    if post is not None:
        remove_from_post(actor=actor, post=post, valid_to=valid_to, reason=reason)
    finish_work(actor=actor, subject=appointment)


def _serving(agency: Agency) -> FocalAppointment | None:
    return agency.focal_appointments.filter(state__in=[FocalState.APPOINTED, FocalState.PUBLISHED]).first()


def _services(agency: Agency) -> list[rules.Service]:
    """Every term served in the agency; nominations that were withdrawn never began."""
    served = agency.focal_appointments.filter(valid_from__isnull=False)
    return [rules.Service(one.full_name, one.valid_from, one.valid_to) for one in served if one.valid_from]


def _locked(appointment: FocalAppointment) -> FocalAppointment:
    rows = FocalAppointment.objects.select_for_update(of=("self",)).select_related("agency", "person")
    return rows.get(pk=appointment.pk)


def _clean(**values: str) -> dict[str, str]:
    return {name: nfc(value).strip() for name, value in values.items()}


def _open(subject: Agency | FocalAppointment, act: str, title_vi: str, title_en: str, role: Role) -> None:
    agency = subject if isinstance(subject, Agency) else subject.agency
    about = agency.name if isinstance(subject, Agency) else f"{agency.name} | {subject.full_name}"
    open_work(
        subject=subject,
        act=act,
        title_vi=title_vi,
        title_en=title_en,
        about=about,
        url=focal_officer_address(agency.code),
        unit=unit_holding(agency, role),
        role=role,
    )
