"""Reads: agencies, posts, focal officers, and what is due."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor

from .models import Agency, FocalAppointment, FocalState, Post, Work


def posts_on(person_id: int | str, on: date) -> QuerySet[Post]:
    """The posts a person holds on a date."""
    return (
        Post.objects.filter(person_id=person_id, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("agency", "person")
        .order_by("pk")
    )


def unit_of(actor: Actor) -> Agency | None:
    """The unit for which the actor acts."""
    return Agency.objects.filter(pk=actor.unit_id).first() if actor.unit_id else None


def agency_and_units(agency: Agency) -> QuerySet[Agency]:
    """The agency and everything below it."""
    return Agency.objects.filter(path__startswith=agency.path)


def top_agencies() -> QuerySet[Agency]:
    return Agency.objects.filter(parent__isnull=True)


def focal_officer_of(agency: Agency, on: date | None = None) -> FocalAppointment | None:
    """The focal officer of an agency on a date (today); a unit without one has that of the agency above it."""
    today = on or timezone.localdate()
    ids = [int(part) for part in agency.path.strip("/").split("/")]
    found = {
        appointment.agency_id: appointment
        for appointment in FocalAppointment.objects.filter(
            agency_id__in=ids,
            state__in=[FocalState.APPOINTED, FocalState.PUBLISHED, FocalState.ENDED],
            valid_from__lte=today,
        ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    }
    return next((found[i] for i in reversed(ids) if i in found), None)


def people_in_role(agency: Agency, role: str, on: date | None = None) -> list[int]:
    """Who holds a role in an agency on a date: ids of people."""
    today = on or timezone.localdate()
    return list(
        Post.objects.filter(agency=agency, role=role, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .values_list("person_id", flat=True)
    )


def work_of(actor: Actor) -> QuerySet[Work]:
    """What is due from the actor: acts of the unit in one of the actor's roles, and acts given to the person."""
    if not actor.user_id:
        return Work.objects.none()
    mine = Q(person_id=actor.user_id)
    if actor.unit_id:
        mine |= Q(unit_id=actor.unit_id, person__isnull=True) & (Q(role="") | Q(role__in=actor.roles))
    return Work.objects.filter(mine).select_related("unit", "clock").order_by("due_at", "opened_at")
