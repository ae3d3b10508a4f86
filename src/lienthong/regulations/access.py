"""Who drafts, reviews, issues and reads regulations, and who records what the gate asks for."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.catalogue.access import OWNING, databases_visible_to
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import PUBLIC_STATES, Regulation


def _names(databases: QuerySet[Database]) -> Exists:
    """That a regulation names one of these databases."""
    return Exists(databases.filter(regulations=OuterRef("pk")))


def _of_secrets_alone() -> Q:
    """A regulation that names databases, each of which is a state secret: it tells of them by its title (SEC-01)."""
    secret, other = Database.objects.filter(is_secret=True), Database.objects.filter(is_secret=False)
    return Q(_names(secret)) & ~Q(_names(other))


def tells_of_secrets_alone(regulation: Regulation) -> bool:
    """Whether every database that a regulation names is a state secret."""
    return Regulation.objects.filter(_of_secrets_alone(), pk=regulation.pk).exists()


@carries("REG-03", "SEC-01")
def public_regulations() -> QuerySet[Regulation]:
    """What anybody may read, without signing in: every version that was published, also replaced and expired
    ones; none that is about state secrets alone.
    """
    published = Regulation.objects.filter(state__in=PUBLIC_STATES).exclude(_of_secrets_alone())
    return published.select_related("issuer", "document")


@carries("SEC-01")
def regulations_visible_to(actor: Actor) -> QuerySet[Regulation]:
    """The published ones, and for the officers concerned the drafts of their unit and of the units below.

    What is about state secrets alone is seen by whoever keeps one of them.
    """
    everything = Regulation.objects.select_related("issuer", "drafting_unit", "document")
    if actor.is_system:
        return everything
    visible = Q(state__in=PUBLIC_STATES)
    own = Agency.objects.filter(pk=actor.unit_id).first() if actor.unit_id else None
    if own is not None and actor.has(*OWNING, Role.FOCAL_OFFICER):
        visible |= Q(drafting_unit=own) | Q(issuer=own)
        if actor.roles & REACHING_DOWN:
            visible |= Q(drafting_unit__path__startswith=own.path) | Q(issuer__path__startswith=own.path)
    kept = databases_visible_to(actor).filter(is_secret=True)
    return everything.filter(visible).filter(~_of_secrets_alone() | Q(_names(kept)))


def regulation_for(actor: Actor, slug: str, version: int | None = None) -> Regulation:
    """One version of a regulation (the latest), or one refusal whether it is not there or may not be known
    of.
    """
    found = regulations_visible_to(actor).filter(slug=slug)
    if version is not None:
        found = found.filter(version=version)
    regulation = found.order_by("-version").first()
    if regulation is None:
        raise NotFound(what="quy chế này", what_en="This regulation")
    return regulation


def public_regulation(slug: str, version: int | None = None) -> Regulation:
    """One published version (the latest); else it is not there."""
    found = public_regulations().filter(slug=slug)
    if version is not None:
        found = found.filter(version=version)
    regulation = found.order_by("-version").first()
    if regulation is None:
        raise NotFound(what="quy chế này", what_en="This regulation")
    return regulation


def may_draft_for(actor: Actor, issuer: Agency) -> bool:
    """Whether the actor drafts a regulation that this agency is to issue: its own people and those of its
    units.
    """
    if actor.is_system:
        return True
    own = Agency.objects.filter(pk=actor.unit_id).first() if actor.unit_id else None
    if own is None or not actor.has(*OWNING):
        return False
    return own.path.startswith(issuer.path) or acts_for(actor, issuer)


def may_edit(actor: Actor, regulation: Regulation) -> bool:
    """Whether the actor works on this draft: the unit that drafts it, and who reaches down to it."""
    return actor.is_system or (actor.has(*OWNING) and acts_for(actor, regulation.drafting_unit))


def may_issue(actor: Actor, regulation: Regulation) -> bool:
    """Whether the actor issues it: the head or the database owner of the issuing agency (C7)."""
    return actor.is_system or (
        actor.has(Role.HEAD, Role.DATABASE_OWNER) and acts_for(actor, regulation.issuer)
    )


def may_record_for(actor: Actor, agency: Agency) -> bool:
    """Whether the actor records a document of this agency."""
    return actor.is_system or (actor.has(*OWNING) and acts_for(actor, agency))


def require(allowed: bool, act: str, act_en: str) -> None:
    """Refuse where the actor may not."""
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
