"""Reads of sharing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.law.queries import find_parameter

from .access import public_services, requests_visible_to, services_visible_to
from .copy_rules import DAY, Term
from .models import AccountState, Call, ConnectionAccount, RequestState, SharingRequest, SharingService


def service_on_offer(code: str) -> SharingService:
    """A service of the public list."""
    service = public_services().select_related("dataset__database", "provider").filter(code=code).first()
    if service is None:
        raise NotFound(what=f"dịch vụ chia sẻ {code}", what_en=f"Sharing service {code}")
    return service


def service_for(actor: Actor, code: str) -> SharingService:
    """A service's record on the desk."""
    service = (
        services_visible_to(actor).select_related("dataset__database", "provider").filter(code=code).first()
    )
    if service is None:
        raise NotFound(what=f"dịch vụ chia sẻ {code}", what_en=f"Sharing service {code}")
    return service


def services_of_database(database: Database) -> QuerySet[SharingService]:
    return SharingService.objects.filter(dataset__database=database).order_by("pk")


def columns_offered(service: SharingService) -> list[dict[str, str]]:
    """Name, title, type and description of each item that the service offers, as at the latest version."""
    version = service.dataset.latest
    kept = {column["name"]: column for column in (version.columns if version else [])}
    fields = {field.name: field for field in service.dataset.table.fields.all()}
    return [
        {
            "name": name,
            "title": (fields[name].title if name in fields else "") or name,
            "type": str(kept.get(name, {}).get("type", "")),
            "description": fields[name].description if name in fields else "",
            "masked": service.masked.get(name, ""),
        }
        for name in service.columns
    ]


def requests_waiting(actor: Actor) -> QuerySet[SharingRequest]:
    """Requests that are still to be answered, the earliest due first."""
    return (
        requests_visible_to(actor)
        .filter(state=RequestState.UNDER_REVIEW)
        .select_related("service", "requester", "clock__rule_set", "clock__parameter")
        .order_by("clock__due_at", "received_at")
    )


def calls_today(account: ConnectionAccount) -> int:
    """How many calls an account was answered today (calendar day of the installation)."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return Call.objects.filter(account=account, at__gte=midnight, status__lt=400).count()


def traffic(service: SharingService, days: int = 30) -> dict[str, int]:
    """Calls answered and refused, rows given and consumers in the last days."""
    since = timezone.now() - timedelta(days=days)
    calls = Call.objects.filter(service=service, at__gte=since)
    counted = calls.aggregate(
        answered=Count("pk", filter=Q(status__lt=400)),
        refused=Count("pk", filter=Q(status__gte=400)),
        consumers=Count("consumer_code", filter=Q(status__lt=400), distinct=True),
    )
    return {name: int(value or 0) for name, value in counted.items()}


def consumers_of_data(database: Database, dataset: Dataset | None) -> list[tuple[Agency, SharingService]]:
    """Every agency with an account, running or suspended, on a service of these data, and through which service."""
    accounts = ConnectionAccount.objects.filter(service__dataset__database=database).exclude(
        state=AccountState.TERMINATED
    )
    if dataset is not None:
        accounts = accounts.filter(service__dataset=dataset)
    pairs = accounts.select_related("consumer", "service").order_by("service__code", "consumer__code")
    return list(dict.fromkeys((account.consumer, account.service) for account in pairs))


WARNING = "use_term.warning"


def warning_days(moment: datetime) -> int:
    """How many days before its end it is said that a copy is about to expire; nothing is said where no number is set."""
    found = find_parameter(WARNING, on=moment)
    return found.value if found is not None and isinstance(found.value, int) else 0


def term_words(term: Term) -> tuple[str, str]:
    """A use term in both languages."""
    vi, en = ("ngày", "days") if term.unit == DAY else ("tháng", "months")
    return f"{term.amount} {vi}", f"{term.amount} {en}"


def page_limit() -> int:
    return int(settings.GATEWAY_PAGE_LIMIT)
