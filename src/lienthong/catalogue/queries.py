"""Reads: databases, their tables and columns, issued catalogues, datasets and versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import agency_and_above, people_in_role, unit_holding, unit_of
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.events.models import Event
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.holds.models import Hold
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.search.queries import called
from lienthong.foundation.text import words
from lienthong.foundation.tracing import carries
from lienthong.law.queries import find_parameter

from . import rules
from .access import databases_in_parts, databases_visible_to, may_own, sees_the_country
from .copies import copies_as_issued, copies_of, without_secret_sources
from .differences import Difference, differences
from .models import (
    FORMER_CLASSES,
    CopyStanding,
    Database,
    DataField,
    Dataset,
    DatasetVersion,
    DataTable,
    EntryState,
    IssuedCatalogue,
    IssuedEntry,
    SharingClass,
)

PAGE = 50
# Databases of a list are counted up to here: nobody reads further, and counting costs as much as there is to count.
COUNTED = 10_000
# Hits of words in the whole country that are named one by one.
FEW = 1000
MOST_WORDS = 12

# From how many days before on an earlier issue is one of last year.
LAST_YEAR = "catalogue.issue.last_year"


@dataclass(frozen=True)
class DatabasePage:
    """One page of databases by name; `after` and `before` are the codes from which the neighbours go on.

    `total` is exact unless `more_than_counted` says that there are more.
    """

    items: list[Database]
    total: int
    more_than_counted: bool
    after: str | None
    before: str | None


def databases_visible(actor: Actor, *, text: str = "", **exact: str) -> QuerySet[Database]:
    """The databases the actor may know of, narrowed by words of name or code in any spelling, by states."""
    found = databases_visible_to(actor).select_related("owner", "managing_unit")
    found = found.filter(**{name: value for name, value in exact.items() if value})
    asked = words(text)[:MOST_WORDS]
    return found.filter(_spelled(asked)) if asked or not text.strip() else found.none()


def _spelled(asked: Sequence[str]) -> Q:
    """That name and code hold all these words, the last as a beginning."""
    found = Q()
    for word in asked[:-1]:
        found &= Q(folded__contains=f" {word} ")
    for word in asked[-1:]:
        found &= Q(folded__contains=f" {word}")
    return found


def _narrowed(
    actor: Actor, parts: Sequence[QuerySet[Database]], text: str, exact: dict[str, str]
) -> tuple[list[QuerySet[Database]], int]:
    """The parts of a list, narrowed; and up to which number they are worth counting.

    Few hits in the whole country are named by the search; many are met soon enough on the way through the list.
    Secret databases stand in no search, so their keepers find them by their names alone.
    """
    in_a_country = sees_the_country(actor)
    asked = words(text)[:MOST_WORDS]
    if not asked:
        return (
            [] if text.strip() else [_exactly(one, exact, in_a_country=in_a_country) for one in parts]
        ), COUNTED
    spelled = _spelled(asked)
    hits = called(" ".join(asked), kind="database", most=FEW)
    if hits is None:
        return [_exactly(one, exact, in_a_country=in_a_country).filter(spelled) for one in parts], FEW
    named = [one.filter(spelled, pk__in=[int(hit) for hit in hits], is_secret=False) for one in parts]
    if actor.is_system or actor.has(Role.SECRETS_KEEPER):
        named += [one.filter(spelled, is_secret=True) for one in parts]
    return [_exactly(one, exact, in_a_country=False) for one in named], COUNTED


def _exactly(part: QuerySet[Database], exact: dict[str, str], *, in_a_country: bool) -> QuerySet[Database]:
    """What has these values. Within some units what is asked and the order are said (`said_…`) so that a server takes the
    index of the units and none over the whole country, of which it would read nearly all.
    """
    asked = {name: value for name, value in exact.items() if value}
    if in_a_country:
        return part.alias(said_sort_key=F("sort_key")).filter(**asked)
    said = {f"said_{name}": Coalesce(name, Value("")) for name in ("sort_key", *asked)}
    return part.alias(**said).filter(**{f"said_{name}": value for name, value in asked.items()})


def databases_page(
    actor: Actor, *, after: str = "", before: str = "", limit: int = PAGE, text: str = "", **exact: str
) -> DatabasePage:
    """A page of the list, by keyset: the same cost at any depth."""
    seen = databases_in_parts(actor)
    parts, counted = _narrowed(actor, seen, text, exact)
    edge = _place_of(after or before, seen)
    backwards = bool(before and edge)
    keys = sorted(
        chain.from_iterable(_keys(part, edge, limit + 1, backwards=backwards) for part in parts),
        reverse=backwards,
    )
    more = len(keys) > limit
    items = _in_order([pk for _name, pk in keys[:limit]])
    if backwards:
        items.reverse()
    has_next = bool(items) and (more if not backwards else True)
    has_previous = bool(items) and (more if backwards else edge is not None)
    total = _number_in(parts, counted + 1)
    return DatabasePage(
        items=items,
        total=min(total, counted),
        more_than_counted=total > counted,
        after=items[-1].code if has_next else None,
        before=items[0].code if has_previous else None,
    )


Place = tuple[str, int]
"""Where a database stands in the list: by the key of its name, then by its id."""


def _place_of(code: str, parts: Sequence[QuerySet[Database]]) -> Place | None:
    if not code:
        return None
    found = (part.filter(code=code).values_list("sort_key", "pk").first() for part in parts)
    return next((place for place in found if place is not None), None)


def _keys(part: QuerySet[Database], edge: Place | None, most: int, *, backwards: bool) -> list[Place]:
    """The first places of a part beyond the edge."""
    if edge is not None:
        # The bound of the name first: from it the index is read, and no row before it.
        step = "lt" if backwards else "gt"
        past = Q(**{f"said_sort_key__{step}": edge[0]}) | Q(**{f"pk__{step}": edge[1]})
        part = part.filter(past, **{f"said_sort_key__{step}e": edge[0]})
    order = ("-said_sort_key", "-pk") if backwards else ("said_sort_key", "pk")
    return list(part.order_by(*order).values_list("sort_key", "pk")[:most])


def _number_in(parts: Sequence[QuerySet[Database]], most: int) -> int:
    """How many databases the parts hold together, counted up to `most`."""
    total = 0
    for part in parts:
        if total < most:
            total += part.order_by()[: most - total].count()
    return total


def _in_order(keys: Sequence[int]) -> list[Database]:
    found = Database.objects.select_related("owner", "managing_unit").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def databases_of(agency: Agency) -> QuerySet[Database]:
    """The databases owned by an agency or one of its units."""
    return Database.objects.filter(owner__path__startswith=agency.path)


def free_code(unit: Agency) -> str:
    """The next free database code of a unit."""
    taken = Database.objects.filter(code__startswith=f"{unit.code.upper()}.DB")
    return rules.next_code(unit.code, taken.values_list("code", flat=True))


def responsible_for(database: Database) -> tuple[Agency, str]:
    """The unit and the role in which something is due on a database: its owner's officers, else who stands above."""
    unit = database.managing_unit
    if database.is_secret:
        staffed = people_in_role(unit, Role.SECRETS_KEEPER)
        return (unit if staffed else database.owner), Role.SECRETS_KEEPER
    for own in (unit, database.owner):
        if people_in_role(own, Role.DATABASE_OWNER):
            return own, Role.DATABASE_OWNER
    for role in (Role.IT_UNIT, Role.HEAD):
        above = unit_holding(unit, role)
        if people_in_role(above, role):
            return above, role
    return unit, Role.DATABASE_OWNER


@dataclass(frozen=True)
class FieldCounts:
    """How far the description of a database is."""

    tables: int
    fields: int
    confirmed: int
    gone: int
    without_code_list: int

    @property
    def waiting(self) -> int:
        return self.fields - self.confirmed


def field_counts(database: Database) -> FieldCounts:
    """How many columns a database has, and how many of them are confirmed."""
    fields = DataField.objects.filter(table__database=database)
    live = Q(gone_since__isnull=True)
    counts = fields.aggregate(
        fields=Count("pk", filter=live),
        confirmed=Count("pk", filter=live & Q(confirmed_at__isnull=False)),
        gone=Count("pk", filter=~live),
        without_code_list=Count("pk", filter=UNLISTED),
    )
    return FieldCounts(tables=database.tables.filter(gone_since__isnull=True).count(), **counts)


def tables_with_fields(database: Database, *, gone: bool = False) -> list[DataTable]:
    """The tables of a database with their columns in the order of the source; what is gone on request."""
    fields = DataField.objects.select_related("code_list", "master_item", "confirmed_by").order_by(
        "ordinal", "pk"
    )
    tables = database.tables.all()
    if not gone:
        fields, tables = fields.filter(gone_since__isnull=True), tables.filter(gone_since__isnull=True)
    return list(tables.prefetch_related(Prefetch("fields", queryset=fields)))


@carries("CAT-07")
def fields_without_code_list(database: Database) -> list[DataField]:
    """The columns that seem to hold codes and refer to no shared code list; own keys are left out."""
    return list(DataField.objects.filter(UNLISTED, table__database=database).select_related("table"))


UNLISTED = Q(
    gone_since__isnull=True,
    code_list__isnull=True,
    master_item__isnull=True,
    no_code_list="",
    is_key=False,
    holds_codes=True,
)


def personal_columns(database: Database) -> set[tuple[str, str]]:
    """Table and column names whose values must be masked."""
    fields = DataField.objects.filter(table__database=database).exclude(personal_data="none")
    return set(fields.values_list("table__name", "name"))


def entry_of(database: Database) -> dict[str, Any]:
    """The catalogue entry of a database as it would be issued now (law.md D.2), items by sharing class."""
    return entries_of([database])[database.pk]


def entries_of(databases: Sequence[Database]) -> dict[int, dict[str, Any]]:
    """The catalogue entries of many databases by their keys, each as it would be issued now (law.md D.2)."""
    tables: dict[int, list[DataTable]] = {database.pk: [] for database in databases}
    fields = DataField.objects.filter(gone_since__isnull=True).select_related("code_list")
    live = DataTable.objects.filter(database__in=list(databases), gone_since__isnull=True)
    for table in live.prefetch_related(Prefetch("fields", queryset=fields.order_by("ordinal", "pk"))):
        tables[table.database_id].append(table)
    copies = copies_of(databases)
    return {
        database.pk: _entry(database, tables[database.pk], copies.get(database.pk, []))
        for database in databases
    }


def _entry(
    database: Database, tables: Sequence[DataTable], copies: Sequence[CopyStanding] = ()
) -> dict[str, Any]:
    # What earlier law called a class is issued under that name where it still stands, and has no place otherwise.
    items: dict[str, list[dict[str, Any]]] = {
        value: [] for value in SharingClass.values if value not in FORMER_CLASSES
    }
    lists: dict[str, str] = {}
    keys = []
    for table in tables:
        for item in table.fields.all():
            said: dict[str, Any] = {"table": str(table), "title": str(item), "users": item.user_groups}
            if item.is_original:
                said["original"] = True
            items.setdefault(item.sharing_class or SharingClass.SHARED, []).append(said)
            if item.code_list is not None:
                lists[item.code_list.code] = item.code_list.name
            if item.is_key:
                keys.append({"table": str(table), "title": str(item)})
    return {
        "code": database.code,
        "name": database.name,
        "name_en": database.name_en,
        "tier": database.tier,
        "owner": {"code": database.owner.code, "name": database.owner.name},
        "managing_unit": {"code": database.managing_unit.code, "name": database.managing_unit.name},
        "legal_basis": database.legal_basis,
        "local_base": database.local_base,
        "purpose": database.purpose,
        "scope": database.scope,
        "collection": database.collection,
        "specialised_rules": database.specialised_rules,
        "sector_reuse": database.sector_reuse,
        "personal_data": database.personal_data,
        "state": database.state,
        "code_lists": [{"code": code, "name": name} for code, name in sorted(lists.items())],
        "keys": keys,
        "items": items,
        "copies": copies_as_issued(copies),
    } | {name: getattr(database, name) for name in _GOVERNED if getattr(database, name)}


# What else an entry says of the governance of its database, where it says anything.
_GOVERNED = (
    "layers", "core_domain", "catalogue_part", "identifier_keys", "is_mandatory", "mandatory_item", "digitised_from",
    "storage_months", "storage_permanent", "storage_procedure", "criticality",
)  # fmt: skip


def issued_catalogues(agency: Agency | None = None) -> QuerySet[IssuedCatalogue]:
    """The issued catalogues, of one agency or of all, the newest decision first."""
    found = IssuedCatalogue.objects.select_related("agency").order_by("-decision_date", "-pk")
    return found.filter(agency=agency) if agency is not None else found


def latest_catalogues() -> list[IssuedCatalogue]:
    """The newest issued catalogue of every agency that has one, in the order of their names."""
    found: dict[int, IssuedCatalogue] = {}
    listed = IssuedCatalogue.objects.select_related("agency")
    for catalogue in listed.order_by("agency__sort_key", "-version"):
        found.setdefault(catalogue.agency_id, catalogue)
    return list(found.values())


def catalogues_listed() -> list[tuple[IssuedCatalogue, int]]:
    """The newest catalogue of every agency, and how many of its entries may be shown; two queries."""
    held = IssuedCatalogue.databases.through.objects.filter(database__is_secret=True)
    secret = Counter(held.values_list("issuedcatalogue_id", flat=True))
    return [(one, one.size - secret[one.pk]) for one in latest_catalogues()]


def catalogue_version(agency_code: str, version: int | None = None) -> IssuedCatalogue:
    """One issued version of an agency's catalogue; the newest when no number is given."""
    found = IssuedCatalogue.objects.select_related("agency", "issued_by").filter(agency__code=agency_code)
    catalogue = found.filter(version=version).first() if version is not None else found.first()
    if catalogue is None:
        raise NotFound(what="danh mục cơ sở dữ liệu này", what_en="This catalogue of databases")
    return catalogue


def version_of_last_year(catalogue: IssuedCatalogue) -> IssuedCatalogue | None:
    """The newest version that was issued a year before this one; None where there is none.

    From how many days on an earlier issue is one of last year is what the agency has set (`catalogue.issue.last_year`).
    """
    apart = find_parameter(LAST_YEAR)
    if apart is None or not isinstance(apart.value, int):
        return None
    earlier = catalogue.agency.catalogues.filter(
        version__lt=catalogue.version,
        decision_date__lte=catalogue.decision_date - timedelta(days=apart.value),
    )
    return earlier.order_by("-version").first()


@carries("SEC-01")
def rows_shown(catalogue: IssuedCatalogue) -> QuerySet[IssuedEntry]:
    """The entries that may be shown: what became a secret after the issue leaves no trace."""
    secret = catalogue.databases.filter(is_secret=True).values_list("code", flat=True)
    return catalogue.rows.exclude(code__in=list(secret))


@carries("SEC-01")
def entries_shown(catalogue: IssuedCatalogue, at: slice = slice(None)) -> list[dict[str, Any]]:
    """What the entries that may be shown say; of those at these places alone where a page asks."""
    return without_secret_sources(list(rows_shown(catalogue).values_list("entry", flat=True)[at]))


def compare_catalogues(
    older: IssuedCatalogue, newer: IssuedCatalogue, *, kinds: Sequence[str] = ("new", "changed", "ended")
) -> list[Difference]:
    """What separates two issued versions field by field, of what may be shown."""
    return differences(entries_shown(older), entries_shown(newer), kinds=kinds)


def catalogue_with(database: Database) -> IssuedCatalogue | None:
    """The newest issued catalogue in which a database stands."""
    return database.catalogues.select_related("agency").order_by("-version", "-pk").first()


@dataclass(frozen=True)
class CatalogueDraft:
    """What the next version of an agency's catalogue would hold."""

    agency: Agency
    next_version: int
    last: IssuedCatalogue | None
    declared: list[Database]
    standing: list[Database]
    not_declared: list[Database]

    @property
    def entries(self) -> int:
        return len(self.declared) + len(self.standing)


def catalogue_draft(agency: Agency) -> CatalogueDraft:
    """Which databases of an agency and its units wait for the next catalogue, stand in the last, neither."""
    last = IssuedCatalogue.objects.filter(agency=agency).first()
    rows = databases_of(agency).filter(is_secret=False).select_related("owner", "managing_unit")
    by_state: dict[str, list[Database]] = {value: [] for value in EntryState.values}
    for database in rows.order_by("sort_key", "pk"):
        by_state[database.entry_state].append(database)
    return CatalogueDraft(
        agency=agency,
        next_version=last.version + 1 if last else 1,
        last=last,
        declared=by_state[EntryState.DECLARED],
        standing=by_state[EntryState.ISSUED],
        not_declared=by_state[EntryState.NOT_DECLARED],
    )


class DatabaseFile:
    """What the catalogue knows of one database, for the page that shows its whole life; each part is read when asked for."""

    def __init__(self, actor: Actor, database: Database, events: int) -> None:
        self.actor, self.database, self.events = actor, database, events

    @cached_property
    def counts(self) -> FieldCounts:
        return field_counts(self.database)

    @cached_property
    def catalogue(self) -> IssuedCatalogue | None:
        return catalogue_with(self.database)

    @cached_property
    def holds(self) -> list[Hold]:
        return list(open_holds(self.database))

    @cached_property
    def datasets(self) -> list[Dataset]:
        """The datasets with their versions, newest first."""
        versions = Prefetch("versions", queryset=DatasetVersion.objects.order_by("-number"))
        return list(self.database.datasets.select_related("table").prefetch_related(versions).order_by("pk"))

    @cached_property
    def may_work(self) -> bool:
        return may_own(self.actor, self.database)

    @cached_property
    def history(self) -> list[Event]:
        return list(history_of("catalogue.database", self.database.pk)[: self.events])

    @property
    def is_described(self) -> bool:
        return self.counts.fields > 0 and self.counts.waiting == 0


def file_of_database(actor: Actor, database: Database, *, events: int = 20) -> DatabaseFile:
    """The file of a database as its page shows it; `database` comes from `access.database_for`."""
    return DatabaseFile(actor, database, events)


def datasets_of(databases: Iterable[Database] | QuerySet[Database]) -> QuerySet[Dataset]:
    """The datasets of some databases, by name."""
    return Dataset.objects.filter(database__in=databases).select_related("database", "table").order_by("name")


def versions_of(dataset: Dataset) -> QuerySet[DatasetVersion]:
    """The versions of a dataset, newest first."""
    return dataset.versions.order_by("-number")


@dataclass(frozen=True)
class RegisteringAgencies:
    """For whom an actor may register databases: owners, managing units, and the likeliest of each."""

    owners: QuerySet[Agency]
    units: QuerySet[Agency]
    owner: Agency | None
    unit: Agency | None


def registering_agencies(actor: Actor) -> RegisteringAgencies:
    """The owners and managing units for which an actor may register.

    A unit registers what it manages, for itself or for an agency above it; who reaches down, for units below.
    """
    if actor.is_system:
        every = Agency.objects.all()
        return RegisteringAgencies(every, every, None, None)
    own = unit_of(actor)
    if own is None:
        return RegisteringAgencies(Agency.objects.none(), Agency.objects.none(), None, None)
    above = agency_and_above(own)
    below = Q(path__startswith=own.path) if actor.roles & REACHING_DOWN else Q(pk=own.pk)
    owners = Agency.objects.filter(Q(pk__in=[agency.pk for agency in above]) | below)
    open_ones = Q(valid_to__isnull=True)
    return RegisteringAgencies(
        owners=owners.filter(open_ones),
        units=Agency.objects.filter(below).filter(open_ones),
        owner=above[0],
        unit=own,
    )


def proposal_for(field_: DataField) -> rules.Proposal:
    """What the machine proposes for a column, and why."""
    return rules.proposal_of({**field_.seen, "name": field_.name, "comment": field_.comment})
