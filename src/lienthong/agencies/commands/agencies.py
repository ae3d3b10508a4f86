"""Agencies and units: found, rename, correct, close; and the codes by which they are known."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lienthong.agencies import events
from lienthong.agencies.access import require_administrator
from lienthong.agencies.errors import (
    AgencyNotOpen,
    CodeOutsideParent,
    IdentifierCodeTaken,
    MergeRefused,
    NameMissing,
    NameUnchanged,
    UnitsStillOpen,
)
from lienthong.agencies.models import (
    Agency,
    AgencyKind,
    FocalAppointment,
    FocalState,
    IdentifierCode,
    Post,
    Work,
)
from lienthong.agencies.rules import (
    CodeForm,
    ReadCode,
    eve_of,
    read_code,
    require_dates_in_order,
    stands_below,
    told,
    with_former_name,
)
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries


@carries("IDC-01")
def found_agency(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    parent: Agency | None = None,
    name_en: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
    valid_from: date | None = None,
) -> Agency:
    """Enter an agency, or a unit below another, under its identifier code.

    The code may be given in any form. A unit's code stands below that of the agency above it, unless it
    is the code of another body. Publishes `AgencyFounded`.
    """
    require_administrator(actor, "ghi nhận cơ quan, đơn vị", "enter an agency or unit")
    name = nfc(name).strip()
    if not name:
        raise NameMissing()
    read = read_code(code)
    with transaction.atomic():
        if parent is not None:
            require_open(parent)
            if read.form is not CodeForm.OTHER and not stands_below(read.code, parent.code):
                raise CodeOutsideParent(given=read.code, parent=parent.code)
        _require_free_code(read, valid_from)
        agency = Agency.objects.create(
            code=read.code,
            name=name,
            name_en=name_en.strip(),
            kind=AgencyKind(kind),
            parent=parent,
            address=address.strip(),
            phone=phone.strip(),
            email=email.strip(),
            website=website.strip(),
            valid_from=valid_from,
        )
        IdentifierCode.objects.create(
            agency=agency, code=read.code, form=_kept_form(read), valid_from=valid_from
        )
        publish(
            actor=actor,
            fact=events.AgencyFounded(
                agency_id=agency.pk,
                agency_name=name,
                code=read.code,
                parent_id=parent.pk if parent else None,
            ),
        )
    return agency


def rename_agency(
    *,
    actor: Actor,
    agency: Agency,
    name: str,
    name_en: str = "",
    valid_from: date | None = None,
    reason: str = "",
) -> Agency:
    """Give an agency a new name; the present one joins the former names. Publishes `AgencyRenamed`."""
    require_administrator(actor, "đổi tên cơ quan, đơn vị", "rename an agency or unit")
    name = nfc(name).strip()
    if not name:
        raise NameMissing()
    with transaction.atomic():
        agency = _locked(agency)
        require_open(agency)
        if name == agency.name:
            raise NameUnchanged(name=name)
        former = agency.name
        agency.former_names = with_former_name(agency.former_names, former)
        agency.name, agency.name_en = name, name_en.strip()
        agency.save()
        publish(
            actor=actor,
            fact=events.AgencyRenamed(
                agency_id=agency.pk,
                former_name=former,
                agency_name=name,
                valid_from=valid_from or timezone.localdate(),
            ),
            reason=reason,
        )
    return agency


def correct_agency_contact(
    *, actor: Actor, agency: Agency, address: str = "", phone: str = "", email: str = "", website: str = ""
) -> Agency:
    """Put right where and how an agency is reached. Publishes `AgencyContactCorrected`."""
    require_administrator(actor, "sửa thông tin liên hệ của cơ quan", "correct an agency's contact")
    with transaction.atomic():
        agency = _locked(agency)
        require_open(agency)
        agency.address, agency.phone = address.strip(), phone.strip()
        agency.email, agency.website = email.strip(), website.strip()
        agency.save()
        publish(
            actor=actor,
            fact=events.AgencyContactCorrected(agency_id=agency.pk, phone=agency.phone, email=agency.email),
        )
    return agency


def close_agency(*, actor: Actor, agency: Agency, closed_on: date | None = None, reason: str = "") -> Agency:
    """Close an agency or unit; its posts, codes and focal officer end with that day, the record stays.

    Refuses while a unit below is open. Publishes `AgencyClosed`.
    """
    require_administrator(actor, "đóng cơ quan, đơn vị", "close an agency or unit")
    day = closed_on or timezone.localdate()
    with transaction.atomic():
        agency = _locked(agency)
        require_open(agency)
        require_dates_in_order(agency.valid_from, day)
        units = agency.units.filter(valid_to__isnull=True)
        first = units.first()
        if first is not None:
            raise UnitsStillOpen(name=agency.name, count=units.count(), first=first.name)
        _end_all(agency, day)
        Work.objects.filter(unit=agency, done_at__isnull=True).update(
            done_at=timezone.now(), done_by=actor.user_id or actor.origin
        )
        publish(
            actor=actor,
            fact=events.AgencyClosed(agency_id=agency.pk, agency_name=agency.name, closed_on=day),
            reason=reason,
        )
    return agency


def merge_agency(
    *,
    actor: Actor,
    agency: Agency,
    into: Agency,
    merged_on: date | None = None,
    reason: str = "",
) -> Agency:
    """Merge an agency or unit into another, as a decision on reorganisation says.

    It is closed with that day; its units and the work that is due go to the receiving agency, its posts, codes and
    focal officer end, and whoever asks by its code is led on. Publishes `AgencyMerged`, upon which its databases are
    handed over. Raises MergeRefused.
    """
    require_administrator(actor, "hợp nhất cơ quan, đơn vị", "merge agencies or units")
    day = merged_on or timezone.localdate()
    with transaction.atomic():
        agency, into = _locked(agency), _locked(into)
        require_open(agency)
        require_dates_in_order(agency.valid_from, day)
        _require_mergeable(agency, into)
        units = list(agency.units.filter(valid_to__isnull=True))
        for unit in units:
            _move(unit, into)
        agency.successor = into
        _end_all(agency, day)
        Work.objects.filter(unit=agency, done_at__isnull=True).update(unit=into)
        publish(
            actor=actor,
            fact=events.AgencyMerged(
                agency_id=agency.pk,
                agency_name=agency.name,
                into_id=into.pk,
                into_name=into.name,
                merged_on=day,
                units=len(units),
            ),
            reason=reason,
        )
    return agency


def _require_mergeable(agency: Agency, into: Agency) -> None:
    why = why_en = ""
    if not into.is_open:
        why, why_en = "cơ quan tiếp nhận đã ngừng hoạt động", "the receiving agency was closed"
    elif into.path.startswith(agency.path):
        why, why_en = "cơ quan tiếp nhận thuộc chính cơ quan này", "the receiving agency is part of it"
    if why:
        raise MergeRefused(name=agency.name, into=into.name, why=why, why_en=why_en)


def _move(unit: Agency, above: Agency) -> None:
    """Put a unit, with all below it, under another agency."""
    former = unit.path
    unit.parent = above
    unit.save()
    for below in Agency.objects.filter(path__startswith=former).exclude(pk=unit.pk):
        Agency.objects.filter(pk=below.pk).update(path=unit.path + below.path.removeprefix(former))


def _end_all(agency: Agency, day: date) -> None:
    """Close the record: its codes, posts and focal officer end with this day."""
    agency.valid_to = day
    agency.save()
    agency.codes.filter(valid_to__isnull=True).update(valid_to=day)
    for post in Post.objects.filter(agency=agency, valid_to__isnull=True):
        post.valid_to = max(day, post.valid_from)
        post.save()
    for appointment in FocalAppointment.objects.filter(agency=agency).exclude(state=FocalState.ENDED):
        appointment.end(valid_to=max(day, appointment.valid_from or day))
        appointment.save()


@carries("IDC-01")
def add_identifier_code(
    *,
    actor: Actor,
    agency: Agency,
    code: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    make_current: bool = False,
    reason: str = "",
) -> IdentifierCode:
    """Add a code by which an agency is or was known, in any form.

    With `make_current` the agency is known by it from `valid_from` (today) on, and its present code ends
    on the eve; pages still find it by either. Publishes `IdentifierCodeAdded`.
    """
    require_administrator(actor, "thêm mã định danh điện tử", "add an identifier code")
    read = read_code(code)
    require_dates_in_order(valid_from, valid_to)
    with transaction.atomic():
        agency = _locked(agency)
        require_open(agency)
        if make_current:
            valid_from, valid_to = valid_from or timezone.localdate(), None
        _require_free_code(read, valid_from, valid_to)
        former_code = ""
        if make_current:
            former_code = agency.code
            present = agency.codes.filter(code=former_code, valid_to__isnull=True).first()
            if present is not None:
                require_dates_in_order(present.valid_from, eve_of(valid_from or timezone.localdate()))
                present.valid_to = eve_of(valid_from or timezone.localdate())
                present.save()
            agency.code = read.code
            agency.save()
        added = IdentifierCode.objects.create(
            agency=agency, code=read.code, form=_kept_form(read), valid_from=valid_from, valid_to=valid_to
        )
        publish(
            actor=actor,
            fact=events.IdentifierCodeAdded(
                agency_id=agency.pk,
                code=read.code,
                form=added.form,
                became_current=make_current,
                former_code=former_code,
            ),
            reason=reason,
        )
    return added


def require_open(agency: Agency) -> None:
    """Refuse when the agency was closed."""
    if agency.valid_to is not None:
        raise AgencyNotOpen(name=agency.name, **told(closed_on=agency.valid_to))


def _locked(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(of=("self",)).select_related("parent").get(pk=agency.pk)


def _kept_form(read: ReadCode) -> str:
    """Every code of the tree is kept in the current form; the former one is worked out from it."""
    return "other" if read.form is CodeForm.OTHER else "current"


def _require_free_code(read: ReadCode, valid_from: date | None, valid_to: date | None = None) -> None:
    """A code names one agency on any date; one that ended may be given again afterwards."""
    taken = IdentifierCode.objects.filter(code=read.code).select_related("agency")
    if valid_from is not None:
        taken = taken.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        taken = taken.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=valid_to))
    holder = taken.first()
    if holder is not None:
        raise IdentifierCodeTaken(given=read.code, holder=holder.agency.name)
    present = Agency.objects.filter(code=read.code).first()
    if present is not None and valid_to is None:
        raise IdentifierCodeTaken(given=read.code, holder=present.name)
