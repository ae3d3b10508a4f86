"""What the public pages compose: counts, examples, what is new, what each agency offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import agency_and_units
from lienthong.catalogue.models import IssuedCatalogue
from lienthong.foundation.jobs.models import Job
from lienthong.opendata.access import public_datasets
from lienthong.opendata.models import OpenDataset
from lienthong.opendata.queries import newest_first
from lienthong.regulations.access import public_regulations
from lienthong.regulations.models import Regulation
from lienthong.sharing.access import public_services
from lienthong.sharing.models import SharingService


@dataclass(frozen=True)
class Counts:
    """How much is on offer to everybody."""

    datasets: int
    services: int
    regulations: int
    agencies: int
    this_week: int


def counts() -> Counts:
    week = timezone.now() - timedelta(days=7)
    return Counts(
        datasets=public_datasets().count(),
        services=public_services().count(),
        regulations=public_regulations().count(),
        agencies=Agency.objects.filter(valid_to__isnull=True).count(),
        this_week=public_datasets().filter(last_confirmed_at__gte=week).count(),
    )


def examples() -> list[str]:
    """Names of what can really be found, as examples under the search field; at most five."""
    datasets = [one.dataset.name for one in newest_first()[:3]]
    services = list(public_services().order_by("-published_at").values_list("name", flat=True)[:2])
    return [*datasets, *services]


def topics() -> list[tuple[str, int]]:
    """Topics with the number of datasets, most first."""
    rows = (
        public_datasets()
        .exclude(topic="")
        .values_list("topic")
        .annotate(n=Count("pk"))
        .order_by("-n", "topic")
    )
    return list(rows[:12])


def agencies_by_datasets() -> list[Agency]:
    """Agencies with living datasets, most first; each carries `datasets`."""
    public = Q(open_datasets__in=public_datasets())
    return list(
        Agency.objects.annotate(datasets=Count("open_datasets", filter=public))
        .filter(datasets__gt=0)
        .order_by("-datasets", "sort_key")[:12]
    )


@dataclass(frozen=True)
class Offer:
    """What an agency and its units offer to everybody."""

    datasets: Iterable[OpenDataset]
    services: Iterable[SharingService]
    regulations: Iterable[Regulation]
    catalogue: IssuedCatalogue | None


def offer_of(agency: Agency) -> Offer:
    units = agency_and_units(agency)
    regulations = public_regulations().filter(issuer__in=units).order_by("-effective_from")[:20]
    return Offer(
        datasets=newest_first().filter(publisher__in=units)[:20],
        services=public_services().filter(provider__in=units).select_related("provider")[:20],
        regulations=regulations,
        catalogue=IssuedCatalogue.objects.filter(agency=agency).order_by("-version").first(),
    )


def filling() -> Job | None:
    """The job that fills the demo in, while it waits or runs."""
    return Job.objects.filter(name="demo.fill", state__in=["queued", "running"]).first()
