"""Who sees and does what in sharing."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.catalogue.access import databases_visible_to
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import AskAgainCheck, ConnectionAccount, ServiceState, SharingRequest, SharingService, StoredCopy

PROVIDING = frozenset({Role.DATABASE_OWNER, Role.IT_UNIT, Role.HEAD})
# Who may ask on behalf of an agency.
ASKING = frozenset({Role.CONSUMER_OFFICER, Role.FOCAL_OFFICER, Role.IT_UNIT, Role.DATABASE_OWNER, Role.HEAD})


def public_services() -> QuerySet[SharingService]:
    """Services on offer, and those that ended: what the portal shows to everybody (SVC-05). Secret databases have none."""
    return SharingService.objects.filter(
        state__in=[ServiceState.PUBLISHED, ServiceState.SUSPENDED, ServiceState.TERMINATED],
        dataset__database__is_secret=False,
    )


def services_visible_to(actor: Actor) -> QuerySet[SharingService]:
    """The services whose record the actor may open on the desk: those of databases whose file the actor may open."""
    return SharingService.objects.filter(dataset__database__in=databases_visible_to(actor))


def requests_visible_to(actor: Actor) -> QuerySet[SharingRequest]:
    """Requests that the actor's side sent, and requests to services that the actor provides."""
    if actor.is_system:
        return SharingRequest.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return SharingRequest.objects.none()
    reach = Q(pk__in=[])
    if actor.has(*ASKING):
        sides = Q(requester=own)
        if actor.roles & REACHING_DOWN:
            sides |= Q(requester__path__startswith=own.path)
        # What has become a secret leaves no trace with those who once asked for it either.
        reach |= sides & Q(service__dataset__database__is_secret=False)
    if actor.has(*PROVIDING, Role.FOCAL_OFFICER):
        reach |= Q(service__in=services_visible_to(actor))
    return SharingRequest.objects.filter(reach).distinct()


def request_for(actor: Actor, number: str) -> SharingRequest:
    """The request with this number, or the same refusal whether it does not exist or is not for the actor."""
    found = (
        requests_visible_to(actor)
        .select_related("service__dataset__database", "service__provider", "requester", "clock")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound(what=f"yêu cầu {number}", what_en=f"Request {number}")
    return found


def may_provide(actor: Actor, service: SharingService) -> bool:
    """Whether the actor works on this service for its provider."""
    if actor.is_system:
        return True
    database = service.dataset.database
    if database.is_secret:
        return False
    return actor.has(*PROVIDING) and (
        acts_for(actor, service.provider)
        or acts_for(actor, database.managing_unit)
        or acts_for(actor, database.owner)
    )


def require_provider(actor: Actor, service: SharingService, act: str, act_en: str) -> None:
    if not may_provide(actor, service):
        raise NotAllowed(act=act, act_en=act_en)


def may_ask_for(actor: Actor, requester: Agency) -> bool:
    """Whether the actor may send a request in the name of this agency."""
    return actor.is_system or (actor.has(*ASKING) and acts_for(actor, requester))


@carries("SEC-01")
def may_request(actor: Actor, service: SharingService, requester: Agency) -> bool:
    """Whether the actor may ask for this service in the name of this agency; a secret database offers none."""
    return may_ask_for(actor, requester) and (actor.is_system or not service.dataset.database.is_secret)


@carries("SEC-01")
def may_replace_key(actor: Actor, account: ConnectionAccount) -> bool:
    """Whether the actor may give an account a new key: the provider and the consumer, while the database is no secret."""
    if may_provide(actor, account.service):
        return True
    return may_ask_for(actor, account.consumer) and not account.service.dataset.database.is_secret


def accounts_visible_to(actor: Actor) -> QuerySet[ConnectionAccount]:
    """Accounts of one's own unit as a consumer, and accounts on services that one provides."""
    return ConnectionAccount.objects.filter(request__in=requests_visible_to(actor))


@carries("SEC-01")
def may_keep_copy(actor: Actor, account: ConnectionAccount) -> bool:
    """Whether the actor registers, renews and erases copies for the consumer of an account, while the database is no
    secret.
    """
    if actor.is_system:
        return True
    return may_ask_for(actor, account.consumer) and not account.service.dataset.database.is_secret


@carries("CON-04")
def copies_visible_to(actor: Actor) -> QuerySet[StoredCopy]:
    """The copies that one's own side keeps, and those kept of data that one provides."""
    return StoredCopy.objects.filter(account__in=accounts_visible_to(actor))


def copy_for(actor: Actor, number: str) -> StoredCopy:
    """The stored copy of this number, or the same refusal whether it does not exist or is not for the actor."""
    found = (
        copies_visible_to(actor)
        .select_related(
            "service__dataset__database__managing_unit",
            "service__provider",
            "consumer",
            "account__request",
            "regulation",
        )
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound(what=f"bản sao {number[:20]}", what_en=f"Copy {number[:20]}")
    return found


def checks_visible_to(actor: Actor) -> QuerySet[AskAgainCheck]:
    """The checks of forms of the own unit, and of the units below for roles that reach down."""
    if actor.is_system:
        return AskAgainCheck.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*ASKING):
        return AskAgainCheck.objects.none()
    if actor.roles & REACHING_DOWN:
        return AskAgainCheck.objects.filter(unit__path__startswith=own.path)
    return AskAgainCheck.objects.filter(unit=own)


def check_for(actor: Actor, number: str) -> AskAgainCheck:
    """The check with this number, or the same refusal whether it does not exist or is not for the actor."""
    found = (
        checks_visible_to(actor)
        .select_related("unit", "made_by", "concluded_by")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound(what=f"phiếu tra cứu {number}", what_en=f"Check {number}")
    return found
