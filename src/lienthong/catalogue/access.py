"""Who sees and changes which database."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound

from .models import Database

# Roles that work on the records of databases. The administrator is not among them: no right to any data.
OWNING = frozenset({Role.DATABASE_OWNER, Role.IT_UNIT, Role.HEAD})
READING = OWNING | {Role.FOCAL_OFFICER}


def databases_visible_to(actor: Actor) -> QuerySet[Database]:
    """The databases whose file the actor may open: own unit's (and below, for roles that reach down); the coordinating ministry sees all that is no secret; keepers see secrets of their unit."""
    if actor.is_system:
        return Database.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return Database.objects.none()
    reach = Q()
    if actor.has(*READING):
        reach |= Q(owner=own) | Q(managing_unit=own)
        if actor.roles & REACHING_DOWN:
            reach |= Q(owner__path__startswith=own.path) | Q(managing_unit__path__startswith=own.path)
    if actor.has(Role.COORDINATING_MINISTRY):
        reach |= Q(is_secret=False)
    visible = Q(pk__in=[])
    if reach:
        visible |= reach & Q(is_secret=False)
    if actor.has(Role.SECRETS_KEEPER):
        visible |= Q(is_secret=True) & (Q(owner=own) | Q(managing_unit=own))
    return Database.objects.filter(visible)


def database_for(actor: Actor, code: str) -> Database:
    """The database with this code, or the same refusal whether it does not exist or may not be known of (SEC-01)."""
    database = databases_visible_to(actor).select_related("owner", "managing_unit").filter(code=code).first()
    if database is None:
        raise NotFound(what=f"cơ sở dữ liệu {code}", what_en=f"Database {code}")
    return database


def may_own(actor: Actor, database: Database) -> bool:
    """Whether the actor works on this database's record for its owner or managing unit."""
    if actor.is_system:
        return True
    if database.is_secret and not actor.has(Role.SECRETS_KEEPER):
        return False
    return actor.has(*OWNING) and (acts_for(actor, database.owner) or acts_for(actor, database.managing_unit))


def require_owner(actor: Actor, database: Database, act: str, act_en: str) -> None:
    """Refuse unless the actor works on this database for its owner or managing unit."""
    if not may_own(actor, database):
        raise NotAllowed(act=act, act_en=act_en)
