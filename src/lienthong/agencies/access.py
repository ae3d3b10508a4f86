"""Who reaches which unit."""

from __future__ import annotations

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed

from .models import Agency
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


def require_acting_for(actor: Actor, agency: Agency, roles: set[str], act: str, act_en: str) -> None:
    """Refuse unless the actor holds one of the roles in the unit or, where the role reaches down, above it."""
    if actor.is_system or (actor.has(*roles) and acts_for(actor, agency)):
        return
    raise NotAllowed(act=act, act_en=act_en)


def may_administer(actor: Actor) -> bool:
    """Accounts, posts and agencies: the administrator (who has no right to any data) and the product itself."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR)
