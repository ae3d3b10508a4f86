"""Who sees a flow, who sets it up, who agrees that a source is read, who sees the rows in which both sides differ."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import databases_visible_to, may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.tracing import carries
from lienthong.inventory.access import may_look_inside, may_reveal

from .models import Reconciliation, SyncFlow

SIDES = (
    "database__owner",
    "database__managing_unit",
    "source_database__owner",
    "source_database__managing_unit",
    "dataset__table",
    "responsible_unit",
    "case",
)


@carries("SEC-01")
def flows_visible_to(actor: Actor) -> QuerySet[SyncFlow]:
    """The flows into and out of the databases whose file the actor may open.

    Each side sees the flow, and with it the name of the other. One with a secret side is seen by nobody who may not
    know of that side.
    """
    if actor.is_system:
        return SyncFlow.objects.all()
    mine = databases_visible_to(actor).values("pk")
    known = Q(is_secret=False) | Q(pk__in=mine)
    knowable = Database.objects.filter(known).values("pk")
    return SyncFlow.objects.filter(
        Q(database__in=mine) | Q(source_database__in=mine),
        Q(source_database__isnull=True) | Q(source_database__in=knowable),
        database__in=knowable,
    )


def flow_for(actor: Actor, number: str) -> SyncFlow:
    """The flow of this number, or one refusal whether it is not there or may not be known of."""
    flow = flows_visible_to(actor).select_related(*SIDES).filter(number=number[:20]).first()
    if flow is None:
        raise NotFound(what=f"luồng đồng bộ {number[:20]}", what_en=f"Flow {number[:20]}")
    return flow


def reconciliation_for(actor: Actor, number: str) -> Reconciliation:
    """The reconciliation of this number, or one refusal whether it is not there or may not be known of."""
    found = Reconciliation.objects.select_related(*(f"flow__{side}" for side in SIDES), "run", "job")
    reconciliation = found.filter(number=number[:20], flow__in=flows_visible_to(actor).values("pk")).first()
    if reconciliation is None:
        raise NotFound(what=f"đối soát {number[:20]}", what_en=f"Reconciliation {number[:20]}")
    return reconciliation


def is_secret_flow(flow: SyncFlow) -> bool:
    """Whether a side is secret: nothing runs, nobody acts on it."""
    return flow.database.is_secret or (flow.source_database is not None and flow.source_database.is_secret)


def may_work_on(actor: Actor, flow: SyncFlow) -> bool:
    """Whether the actor sets up, runs and pauses a flow: who works on the database that follows."""
    if actor.is_system:
        return True
    return not is_secret_flow(flow) and may_own(actor, flow.database)


def may_bind_target(actor: Actor, database: Database) -> bool:
    """Whether the actor binds the connection over which a database is written: its owner, or the IT unit of its
    agency; nobody who only directs.
    """
    if actor.is_system:
        return True
    if database.is_secret or not actor.has(Role.DATABASE_OWNER, Role.IT_UNIT):
        return False
    return acts_for(actor, database.owner) or acts_for(actor, database.managing_unit)


def may_agree(actor: Actor, flow: SyncFlow) -> bool:
    """Whether the actor agrees that the source is read: who works on the database of the source."""
    if actor.is_system:
        return True
    source = flow.source_database
    return source is not None and not is_secret_flow(flow) and may_own(actor, source)


def may_see_rows(actor: Actor, flow: SyncFlow) -> bool:
    """Whether the actor sees the rows in which both sides differ: who may look inside either database."""
    if actor.is_system:
        return True
    if is_secret_flow(flow):
        return False
    source = flow.source_database
    return may_look_inside(actor, flow.database) or (source is not None and may_look_inside(actor, source))


def may_see_personal(actor: Actor, flow: SyncFlow) -> bool:
    """Whether the actor sees values of personal columns among them: the owners of either side, nobody above."""
    source = flow.source_database
    return may_reveal(actor, flow.database) or (source is not None and may_reveal(actor, source))
