"""Who sees an overlap case, who decides it, who names the authority, who signs an exception."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import OWNING, databases_visible_to, may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import OverlapCase
from .rules import common_superior


@carries("SEC-01")
def cases_visible_to(actor: Actor) -> QuerySet[OverlapCase]:
    """The cases of the databases whose file the actor may open.

    Each side sees the case, and with it the name of the other side. A side that has become secret hides the
    case from everybody who may not know of that side.
    """
    mine = databases_visible_to(actor).values("pk")
    known = Q(is_secret=False) | Q(pk__in=mine)
    knowable = Database.objects.filter(known).values("pk")
    return OverlapCase.objects.filter(
        Q(lower__in=mine) | Q(higher__in=mine), lower__in=knowable, higher__in=knowable
    )


def case_for(actor: Actor, number: str) -> OverlapCase:
    """The case of this number, or one refusal whether it is not there or may not be known of."""
    sides = ("lower__owner", "lower__managing_unit", "higher__owner", "higher__managing_unit", "assigned_to")
    case = cases_visible_to(actor).select_related(*sides).filter(number=number).first()
    if case is None:
        raise NotFound(what=f"hồ sơ chồng lấn {number}", what_en=f"Overlap case {number}")
    return case


@carries("SEC-01")
def is_set_aside(case: OverlapCase) -> bool:
    """Whether a side is secret: nobody acts on the case, neither here nor over there."""
    return case.lower.is_secret or case.higher.is_secret


def may_assess(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor goes through the column pairs: who works for either side, or for the unit it was
    given to.
    """
    return may_decide(actor, case) or (not is_set_aside(case) and may_own(actor, case.higher))


def may_decide(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor decides: who works for the lower database, or for the unit to which the case was
    given.
    """
    if actor.is_system:
        return True
    if is_set_aside(case):
        return False
    if may_own(actor, case.lower):
        return True
    assigned = case.assigned_to
    return assigned is not None and actor.has(*OWNING) and acts_for(actor, assigned)


def may_sign_exception(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor signs an exception: the head of the agency that owns the lower database."""
    if actor.is_system:
        return True
    return not is_set_aside(case) and actor.has(Role.HEAD) and acts_for(actor, case.lower.owner)


def superior_of(case: OverlapCase) -> Agency | None:
    """The nearest agency above both owners; None when they have none in common."""
    found = common_superior(case.lower.owner.path, case.higher.owner.path)
    return Agency.objects.filter(pk=found).first() if found is not None else None


def may_name_authority(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor names the authority: head or IT unit of the nearest common superior, or the
    coordinating ministry.
    """
    if actor.is_system:
        return True
    if is_set_aside(case):
        return False
    if actor.has(Role.COORDINATING_MINISTRY):
        return True
    superior = superior_of(case)
    return superior is not None and actor.has(Role.HEAD, Role.IT_UNIT) and acts_for(actor, superior)


def may_urge(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor urges a case: who works for either side, those above them, the coordinating ministry."""
    if is_set_aside(case) and not actor.is_system:
        return False
    return may_assess(actor, case) or actor.has(Role.COORDINATING_MINISTRY)


def may_direct(actor: Actor, case: OverlapCase) -> bool:
    """Whether the actor directs a case: the head of the owner of the lower database or above, the coordinating
    ministry.
    """
    if actor.is_system:
        return True
    if is_set_aside(case):
        return False
    return may_sign_exception(actor, case) or actor.has(Role.COORDINATING_MINISTRY)


def require(allowed: bool, act: str, act_en: str) -> None:
    """Refuse where the actor may not."""
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
