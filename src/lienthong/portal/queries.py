"""What the public pages compose: counts, examples, what is new, what each agency offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    catalogues: int
    agencies: int
    downloads: int
    this_week: int


def counts() -> Counts:
    week = timezone.now() - timedelta(days=7)
    return Counts(
        datasets=public_datasets().count(),
        services=public_services().count(),
        regulations=public_regulations().count(),
        catalogues=IssuedCatalogue.objects.values("agency").distinct().count(),
        agencies=Agency.objects.filter(valid_to__isnull=True).count(),
        downloads=public_datasets().aggregate(all=Sum("downloads"))["all"] or 0,
        this_week=public_datasets().filter(last_confirmed_at__gte=week).count(),
    )


def examples() -> list[str]:
    """What can really be found, as examples under the search field; at most five."""
    found = [
        *(one.dataset.shown_name for one in newest_first()[:2]),
        *(one.shown_name for one in public_services().order_by("-published_at")[:1]),
        *(topic for topic, _number in topics()[:1]),
        *(one.shown_name for one in agencies_by_datasets()[:1]),
    ]
    return list(dict.fromkeys(found))[:5]


@dataclass(frozen=True)
class News:
    """Something that was published: what it is, whose, when."""

    kind: str
    title: str
    text: str
    agency: str
    day: date
    href: str


def news(most: int = 8) -> list[News]:
    """What was published or confirmed last on any floor, the newest first."""
    return sorted(_published(most), key=lambda one: one.day, reverse=True)[:most]


def _published(most: int) -> Iterator[News]:
    english = (get_language() or "vi").startswith("en")
    for one in newest_first()[:most]:
        text = (one.dataset.description_en if english else "") or one.dataset.description
        day = timezone.localdate(one.last_confirmed_at) if one.last_confirmed_at else timezone.localdate()
        href = reverse("opendata-dataset", args=[one.slug])
        yield News("dataset", one.dataset.shown_name, text, one.publisher.shown_name, day, href)
    services = public_services().filter(state="published", published_at__isnull=False)
    for service in services.select_related("provider").order_by("-published_at")[:most]:
        day = timezone.localdate(service.published_at)
        href = reverse("sharing-service", args=[service.code])
        agency = service.provider.shown_name
        yield News("service", service.shown_name, service.description, agency, day, href)
    regulations = public_regulations().filter(issued_on__isnull=False).select_related("issuer")
    for regulation in regulations.order_by("-issued_on")[:most]:
        href = reverse("regulations-public", args=[regulation.slug])
        agency, day = regulation.issuer.shown_name, regulation.issued_on or timezone.localdate()
        yield News("regulation", regulation.title, regulation.number, agency, day, href)
    for catalogue in IssuedCatalogue.objects.select_related("agency").order_by("-issued_at")[:most]:
        href = reverse("catalogue-issued-version", args=[catalogue.agency.code, catalogue.version])
        yield News(
            "catalogue",
            _("Database catalogue of %(agency)s") % {"agency": catalogue.agency.shown_name},
            catalogue.decision_number,
            catalogue.agency.shown_name,
            catalogue.decision_date,
            href,
        )


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
