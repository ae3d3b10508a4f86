"""The whole life of one database as nine stops, and what comes next: composed from every floor, decided by none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.authority.queries import last_search, undecided_cases_of
from lienthong.catalogue.access import may_own
from lienthong.catalogue.models import Database, DatabaseState
from lienthong.catalogue.queries import DatabaseFile, FieldCounts, file_of_database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.inventory.access import may_look_inside
from lienthong.inventory.models import Assessment, AssessmentState, Source, Survey
from lienthong.opendata.models import OpenDataset, OpenState
from lienthong.opendata.queries import open_of_database
from lienthong.regulations.access import regulations_visible_to
from lienthong.regulations.models import DRAFTING_STATES, Regulation, RegulationState
from lienthong.regulations.queries import regulations_applying
from lienthong.sharing.models import ServiceState, SharingService
from lienthong.sharing.queries import services_of_database


@dataclass(frozen=True)
class Stop:
    """One stop on the way: done, blocked, current or still to come."""

    name: str
    state: str
    detail: str = ""
    href: str = ""


@dataclass(frozen=True)
class Next:
    """The act that comes next, with its shortest way."""

    text: str
    label: str
    href: str


@dataclass(frozen=True)
class Life:
    """The stops in order, the next act, the work that runs, what is shared and opened, and the regulations, newest first."""

    stops: list[Stop]
    next: Next | None
    job: Job | None
    services: list[SharingService]
    opened: list[OpenDataset]
    applying: list[Regulation]


def life_of(database: Database, actor: Actor, file: DatabaseFile | None = None) -> Life:
    """How far a database is on its way, each stop read from the records of its floor; about ten queries.

    A stop leads to the page of its floor where the actor may open it.
    """
    file = file or file_of_database(actor, database)
    services: list[SharingService] = list(services_of_database(database).select_related("dataset"))
    opened: list[OpenDataset] = list(open_of_database(database))
    applying = list(regulations_applying(database).only(*_OF_A_REGULATION).order_by("-effective_from"))
    closed = _closed_to(database, actor)
    looked_at = (
        Survey.objects.filter(database=database, finished_at__isnull=False)
        .defer("findings")
        .order_by("-pk")
        .first()
    )
    facts = [
        _registered(database),
        _surveyed(database, looked_at),
        _described(database, file.counts),
        _assessed(database, looked_at),
        _compared(database, looked_at),
        _regulated(database, actor, applying),
        _operating(database),
        _shared(database, file, services),
        _opened(file, opened),
    ]
    stops, following = [], None
    for stop, act in facts:
        state = stop.state
        if state != "done" and following is None and act is not None:
            following = act
            state = "blocked" if state == "blocked" else "current"
        stops.append(Stop(stop.name, state, stop.detail, "" if stop.href in closed else stop.href))
    running = jobs_of(database).filter(state__in=["queued", "running"]).order_by("-pk").first()
    return Life(stops, following, running, services, opened, applying)


def _closed_to(database: Database, actor: Actor) -> set[str]:
    """The pages of this database that would be refused to the actor."""
    closed = set()
    if not may_own(actor, database):
        closed.add(_at("catalogue-amend", database))
    if not may_look_inside(actor, database):
        closed |= {_at("inventory-source", database), _at("inventory-assessment", database)}
    return closed


Fact = tuple[Stop, Next | None]


def _at(name: str, database: Database) -> str:
    return reverse(name, args=[database.code])


def _registered(database: Database) -> Fact:
    return Stop(_("Registered"), "done", "", _at("catalogue-amend", database)), None


def _surveyed(database: Database, survey: Survey | None) -> Fact:
    href = _at("inventory-source", database)
    if survey is not None:
        detail = ngettext("%(n)s table", "%(n)s tables", survey.tables) % {"n": survey.tables}
        return Stop(_("Looked at"), "done", detail, href), None
    if Source.objects.filter(database=database, released_at__isnull=True).exists():
        act = Next(_("look at the source"), _("Look at the source"), href)
    else:
        act = Next(_("bind a source: a connection or a file"), _("Bind a source"), href)
    return Stop(_("Looked at"), "todo", "", href), act


def _described(database: Database, counts: FieldCounts) -> Fact:
    href = _at("catalogue-fields", database)
    if counts.fields and not counts.waiting:
        return Stop(_("Described"), "done", f"{counts.fields}/{counts.fields}", href), None
    detail = f"{counts.fields - counts.waiting}/{counts.fields}" if counts.fields else ""
    act = Next(
        _("confirm the description of %(n)s columns") % {"n": counts.waiting}, _("Confirm the columns"), href
    )
    return Stop(_("Described"), "todo", detail, href), act if counts.fields else None


def _assessed(database: Database, survey: Survey | None) -> Fact:
    href = _at("inventory-assessment", database)
    concluded = (
        Assessment.objects.filter(database=database, state=AssessmentState.CONCLUDED)
        .defer("profile", "findings", "scores")
        .order_by("-year", "-pk")
        .first()
    )
    if concluded is not None:
        detail = _("%(share)s%% filled, %(year)s") % {
            "share": round(concluded.completeness),
            "year": concluded.year,
        }
        return Stop(_("Assessed"), "done", detail, href), None
    act = Next(_("assess the quality of the data"), _("Assess the data"), href) if survey else None
    return Stop(_("Assessed"), "todo", "", href), act


def _compared(database: Database, survey: Survey | None) -> Fact:
    href = _at("authority-database", database)
    cases = list(undecided_cases_of(database).order_by("pk")[:2])
    if cases:
        number = undecided_cases_of(database).count()
        detail = ngettext("overlap: %(n)s", "overlaps: %(n)s", number) % {"n": number}
        act = Next(
            _("decide %(number)s") % {"number": cases[0].number},
            _("See and decide"),
            reverse("authority-case", args=[cases[0].number]),
        )
        return Stop(_("Overlap"), "blocked", detail, href), act
    searched = last_search(database)
    if searched is not None and searched.finished_at is not None:
        return Stop(_("Overlap"), "done", _("decided"), href), None
    act_search = Next(_("search for overlaps with other databases"), _("Search for overlaps"), href)
    return Stop(_("Overlap"), "todo", "", href), act_search if survey else None


# What the pages of a database say of a regulation, its text left out.
_OF_A_REGULATION = ("slug", "version", "number", "title", "state", "effective_from", "issuer__name")


def _regulated(database: Database, actor: Actor, applying: list[Regulation]) -> Fact:
    href = _at("regulations-gate", database)
    covering = next((one for one in applying if one.state == RegulationState.PUBLISHED), None)
    if covering is not None:
        return Stop(_("Use regulation"), "done", covering.number, href), None
    drafts = [one.pk for one in applying if one.state in DRAFTING_STATES]
    named = Regulation.objects.filter(pk__in=drafts, databases=database)
    begun = named.order_by("pk").first() if drafts else None
    if begun is not None:
        stop = Stop(_("Use regulation"), "todo", begun.get_state_display(), href)
        if not regulations_visible_to(actor).filter(pk=begun.pk).exists():
            return stop, Next(
                _("wait for the use regulation that is being drafted"), _("See the conditions"), href
            )
        file = reverse("regulations-file", args=[begun.slug, begun.version])
        return stop, Next(
            _("bring the use regulation that was begun to its issue"), _("Open the regulation"), file
        )
    draft = f"{reverse('regulations-draft')}?csdl={database.code}"
    return Stop(_("Use regulation"), "todo", "", href), Next(
        _("issue a use regulation that covers it"), _("Draft a use regulation"), draft
    )


def _operating(database: Database) -> Fact:
    href = _at("regulations-gate", database)
    if database.state == DatabaseState.IN_OPERATION:
        return Stop(_("In operation"), "done", "", href), None
    act = Next(_("meet the conditions for going live"), _("See the conditions"), href)
    state = "blocked" if database.state == DatabaseState.NON_COMPLIANT else "todo"
    return Stop(_("In operation"), state, "", href), act


def _shared(database: Database, file: DatabaseFile, services: list[SharingService]) -> Fact:
    offered = [one for one in services if one.state == ServiceState.PUBLISHED]
    desk = reverse("sharing-desk")
    if offered:
        detail = ngettext("%(n)s service", "%(n)s services", len(offered)) % {"n": len(offered)}
        return Stop(_("Shared"), "done", detail, reverse("sharing-record", args=[offered[0].code])), None
    if services:
        href = reverse("sharing-record", args=[services[0].code])
        return Stop(_("Shared"), "todo", "", href), Next(
            _("publish the sharing service"), _("Open the service"), href
        )
    first = next((one for one in file.datasets if one.versions.all()), None)
    if first is None:
        datasets = _at("inventory-datasets", database)
        return Stop(_("Shared"), "todo", "", desk), Next(
            _("define a dataset and capture its first version"), _("Datasets and versions"), datasets
        )
    return Stop(_("Shared"), "todo", "", desk), Next(
        _("prepare a sharing service"), _("Prepare a service"), reverse("sharing-prepare", args=[first.slug])
    )


def _opened(file: DatabaseFile, found: list[OpenDataset]) -> Fact:
    published = [one for one in found if one.state == OpenState.PUBLISHED]
    desk = reverse("opendata-desk")
    if published:
        href = reverse("opendata-record", args=[published[0].slug])
        detail = ngettext("%(n)s dataset", "%(n)s datasets", len(published)) % {"n": len(published)}
        return Stop(_("Open data"), "done", detail, href), None
    if found and all(one.classification != "open" for one in found):
        return Stop(_("Open data"), "done", _("not opened, with reason"), desk), None
    first = next(iter(file.datasets), None)
    if first is None:
        return Stop(_("Open data"), "todo", "", desk), None
    href = reverse("opendata-record", args=[first.slug])
    return Stop(_("Open data"), "todo", "", href), Next(
        _("classify the dataset and publish what may be open"), _("Open data"), href
    )


def as_context(database: Database, actor: Actor, file: DatabaseFile) -> dict[str, Any]:
    """The life as a template takes it."""
    life = life_of(database, actor, file)
    return {
        "stops": life.stops,
        "next": life.next,
        "running": life.job,
        "services": life.services,
        "opened": life.opened,
        "applying": life.applying,
    }
