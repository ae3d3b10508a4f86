"""Which regulation covers which data on a date, and which others it must agree with."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database

from ..models import PUBLIC_STATES, Regulation, RegulationState, Scope
from ..rules import Covering


def covered_databases(regulation: Regulation) -> QuerySet[Database]:
    """The databases to which a regulation applies: those named, or all of its issuer and the units below."""
    if regulation.scope == Scope.GENERAL:
        return Database.objects.filter(
            Q(owner__path__startswith=regulation.issuer.path)
            | Q(managing_unit__path__startswith=regulation.issuer.path)
        )
    return Database.objects.filter(regulations=regulation)


def databases_shown(regulation: Regulation) -> QuerySet[Database]:
    """The covered databases as anybody may see them listed: none that is a state secret (SEC-01)."""
    return covered_databases(regulation).filter(is_secret=False).select_related("owner")


def regulations_covering(database: Database, on: date) -> QuerySet[Regulation]:
    """The published regulations in force on a date that apply to a database, those for it alone first."""
    return (
        Regulation.objects.filter(_applies_to(database))
        .filter(state__in=PUBLIC_STATES, effective_from__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))
        .select_related("issuer")
        .distinct()
        .order_by("scope", "-effective_from", "-pk")
    )


def regulations_applying(database: Database) -> QuerySet[Regulation]:
    """Every regulation that names a database or covers it, in whatever state."""
    return Regulation.objects.filter(_applies_to(database)).select_related("issuer").distinct()


def _applies_to(database: Database) -> Q:
    above = {int(part) for part in database.managing_unit.path.strip("/").split("/")}
    above |= {int(part) for part in database.owner.path.strip("/").split("/")}
    return Q(scope=Scope.GENERAL, issuer__in=above) | (~Q(scope=Scope.GENERAL) & Q(databases=database))


def rivals_of(regulation: Regulation) -> QuerySet[Regulation]:
    """The regulations of the same agency that hold, or are issued and will: those a draft must agree with
    (REG-02).
    """
    agency = Agency.objects.get(pk=regulation.issuer.top_id)
    return (
        Regulation.objects.filter(
            issuer__path__startswith=agency.path,
            state__in=[RegulationState.ISSUED, RegulationState.PUBLISHED],
        )
        .exclude(pk=regulation.pk)
        .exclude(slug=regulation.slug)
        .select_related("issuer")
    )


def as_covering(regulation: Regulation) -> Covering:
    """A regulation as the consistency check sees it."""
    return Covering(
        identity=regulation.pk,
        databases=frozenset(covered_databases(regulation).values_list("pk", flat=True)),
        terms=regulation.terms,
        effective_from=regulation.effective_from,
        effective_to=regulation.effective_to,
    )


def versions_of(regulation: Regulation, *, only_public: bool = True) -> QuerySet[Regulation]:
    """Every version of a regulation, newest first."""
    versions = Regulation.objects.filter(slug=regulation.slug).order_by("-version")
    return versions.filter(state__in=PUBLIC_STATES) if only_public else versions


def version_under_way(regulation: Regulation) -> Regulation | None:
    """The version of the same regulation that is not public yet, if there is one."""
    return Regulation.objects.filter(slug=regulation.slug).exclude(state__in=PUBLIC_STATES).first()


def run_out_on(on: date) -> QuerySet[Regulation]:
    """Published regulations whose last day has passed on a date."""
    return Regulation.objects.filter(state=RegulationState.PUBLISHED, effective_to__lt=on).select_related(
        "issuer"
    )
