"""Who reaches which unit."""

from __future__ import annotations

from collections.abc import Iterable, Set

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed

from .models import (
    Agency,
    Cooperation,
    Delegation,
    FocalAppointment,
    GovernanceRole,
    GovernanceRoleKind,
    Post,
)
from .roles import REACHING_DOWN, Role


def acts_for(actor: Actor, agency: Agency) -> bool:
    """Whether the actor's own unit is this one, or stands above it and the actor's role reaches down."""
    if actor.is_system:
        return True
    if not actor.unit_id:
        return False
    if str(agency.pk) == actor.unit_id:
        return True
    if not actor.roles & REACHING_DOWN:
        return False
    own = Agency.objects.filter(pk=actor.unit_id).values_list("path", flat=True).first()
    return own is not None and agency.path.startswith(own)


def require_acting_for(actor: Actor, agency: Agency, roles: Set[str], act: str, act_en: str) -> None:
    """Refuse unless the actor holds one of the roles in the unit or, where that role reaches down, above."""
    if actor.is_system or (actor.has(*roles) and acts_for(actor, agency)):
        return
    raise NotAllowed(act=act, act_en=act_en)


def may_administer(actor: Actor) -> bool:
    """Agencies and posts: the administrator (who has no right to any data) and the product itself."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR)


def require_administrator(actor: Actor, act: str, act_en: str) -> None:
    """Refuse whoever does not administer agencies and posts."""
    if not may_administer(actor):
        raise NotAllowed(act=act, act_en=act_en)


# Who proposes a focal officer, and sees to it that the officer is published and reachable.
PROPOSING = frozenset({Role.IT_UNIT, Role.HEAD})
# Who decides.
DECIDING = frozenset({Role.HEAD})


def may_nominate(actor: Actor, agency: Agency) -> bool:
    """The IT unit or the head, of the agency or above it."""
    return actor.is_system or (actor.has(*PROPOSING) and acts_for(actor, agency))


def may_appoint(actor: Actor, agency: Agency) -> bool:
    """The head, of the agency or above it."""
    return actor.is_system or (actor.has(*DECIDING) and acts_for(actor, agency))


def may_confirm_contact(actor: Actor, appointment: FocalAppointment) -> bool:
    """The officer in person, and whoever may nominate."""
    in_person = actor.user_id is not None and str(appointment.person_id) == actor.user_id
    return in_person or may_nominate(actor, appointment.agency)


# Who decides in which layout an agency's papers are written.
LAYING_OUT = frozenset({Role.IT_UNIT, Role.HEAD})


def may_lay_out(actor: Actor, agency: Agency) -> bool:
    """The IT unit or the head, of the agency or above it."""
    return actor.is_system or (actor.has(*LAYING_OUT) and acts_for(actor, agency))


def may_see_file(actor: Actor, agency: Agency) -> bool:
    """Who opens the desk's file of an agency, with its posts.

    Its own people, whoever reaches down to it, the administrator and the coordinating ministry.
    """
    return may_administer(actor) or acts_for(actor, agency) or actor.has(Role.COORDINATING_MINISTRY)


def files_open_to(actor: Actor, agencies: Iterable[Agency]) -> set[str]:
    """The codes of those whose file the actor opens: the rule of `may_see_file`, the actor's own unit read once."""
    listed = list(agencies)
    if may_administer(actor) or actor.has(Role.COORDINATING_MINISTRY):
        return {one.code for one in listed}
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return set()
    down = bool(actor.roles & REACHING_DOWN)
    return {one.code for one in listed if one.pk == own.pk or (down and one.path.startswith(own.path))}


def may_answer(actor: Actor, agency: Agency) -> bool:
    """Who answers questions to the focal officer: that officer, the IT unit and the head, of the agency or above."""
    if actor.is_system:
        return True
    return actor.has(Role.FOCAL_OFFICER, Role.IT_UNIT, Role.HEAD) and acts_for(actor, agency)


# Who speaks for a unit in matters between focal officers.
COOPERATING = frozenset({Role.FOCAL_OFFICER, Role.IT_UNIT, Role.HEAD})


def speaks_for(actor: Actor, agency: Agency) -> bool:
    """Whether the actor speaks for this very unit in matters between focal officers."""
    return actor.is_system or (actor.has(*COOPERATING) and actor.unit_id == str(agency.pk))


def cooperations_visible_to(actor: Actor) -> QuerySet[Cooperation]:
    """The matters in which the actor's unit takes part; to both sides the whole of it, to others nothing."""
    if actor.is_system:
        return Cooperation.objects.all()
    if not actor.unit_id or not actor.has(*COOPERATING):
        return Cooperation.objects.none()
    return Cooperation.objects.filter(Q(asking_id=actor.unit_id) | Q(asked_id=actor.unit_id))


# Who prepares the set-up of data governance; the head decides (appointments, bodies, committee, operation).
GOVERNING = PROPOSING


def may_prepare_governance(actor: Actor, agency: Agency) -> bool:
    """The IT unit or the head, of the agency or above it."""
    return actor.is_system or (actor.has(*GOVERNING) and acts_for(actor, agency))


def may_decide_governance(actor: Actor, agency: Agency) -> bool:
    """The head, of the agency or above it."""
    return actor.is_system or (actor.has(*DECIDING) and acts_for(actor, agency))


def may_urge_governance(actor: Actor, agency: Agency) -> bool:
    """The head of the agency or above it, and the coordinating ministry."""
    return may_decide_governance(actor, agency) or actor.has(Role.COORDINATING_MINISTRY)


def signs_as_data_officer(actor: Actor, agency: Agency) -> GovernanceRole | None:
    """The appointment under which the actor approves access rules and signs access requests of an agency today."""
    if actor.user_id is None:
        return None
    today = timezone.localdate()
    serving = agency.governance_roles.filter(
        kind=GovernanceRoleKind.DATA_OFFICER, person_id=int(actor.user_id), valid_from__lte=today
    )
    return serving.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).first()


def may_delegate(actor: Actor, post: Post) -> bool:
    """Who lets another act in a post: its holder in an own right, and the administrator on the decision."""
    if may_administer(actor):
        return True
    return not actor.on_behalf_of and actor.user_id == str(post.person_id)


def may_end_delegation(actor: Actor, delegation: Delegation) -> bool:
    """Who gave it, who received it, the administrator."""
    post = delegation.post
    given_by = str(post.delegated_by.person_id) if post.delegated_by else ""
    return may_administer(actor) or actor.user_id in (str(post.person_id), given_by)
