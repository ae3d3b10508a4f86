"""Who already holds what a form is about to ask for: the agency itself, a sharing service, an announced database.

Names, titles and descriptions alone are compared (level 0 of the overlap matcher); no value is read.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language

from lienthong.agencies.models import Agency
from lienthong.catalogue.access import databases_visible_to
from lienthong.catalogue.models import Database, DataField, EntryState, SharingClass, Tier
from lienthong.engine.overlap.names import concepts, similarity
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.tracing import carries
from lienthong.law.answers import ChecklistItem
from lienthong.law.queries import checklist

from . import asking_rules as rules
from .asking_rules import FormItem
from .models import ServiceState, SharingService

GROUNDS = "ask_again_ground"
# From this likeness of names and titles on (of one) an item is held to be the one asked for.
ALIKE = 0.65
# From this one on (of 100) the names leave little doubt.
SURE = 85
SHOWN = 5
"""Holders told of one item."""
_SPELLINGS = 40
_TITLE = 120
_FIELDS = 400
# Up to so many columns in the country the names are read anew for each check; beyond, kept for a while.
_SMALL, _KEPT_SECONDS = 50_000, 300.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that holds an item: whose it is, how sure, and by which service it can be had."""

    kind: str
    database: int
    code: str
    name: str
    name_en: str
    owner: str
    tier: str
    table: str
    column: str
    title: str
    likeness: int
    is_open: bool = False
    service: str = ""
    service_name: str = ""
    method: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether the names leave little doubt; below, a person looks first."""
        return self.likeness >= SURE

    @property
    def requirement(self) -> str:
        """What forbids asking for it again."""
        return rules.REQUIREMENT_OF[self.kind]

    @property
    def shown_name(self) -> str:
        return self.name if (get_language() or "vi").startswith("vi") or not self.name_en else self.name_en

    @property
    def tier_level(self) -> int:
        return list(Tier.values).index(self.tier) + 1

    @property
    def tier_label(self) -> str:
        return str(Tier(self.tier).label)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one item."""

    asked: FormItem
    hits: tuple[Hit, ...]

    @property
    def kind(self) -> str:
        """The strongest: held, offered by a live service, announced; empty when nobody is known to hold it."""
        return self.hits[0].kind if self.hits else ""

    @property
    def paper_forbidden(self) -> bool:
        """Whether no paper may be asked for it: a live connection gives it (OVL-07)."""
        return rules.paper_forbidden(hit.kind for hit in self.hits if hit.is_sure)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was found of every item, and how many items of databases it was held against."""

    found: tuple[Found, ...]
    looked_at: int


Spelling = tuple[str, str, str, str]
"""Name and title of a column, name and title of its table."""


@carries("OVL-06", "OVL-07", "LTE-05", "LDL-04", "D224-03", "SEC-01")
def who_holds(items: Sequence[FormItem], *, actor: Actor | None = None, unit: Agency | None = None) -> Lookup:
    """Who holds each item already, the surest first: for everybody what is announced or offered, for a unit what it
    holds itself as well; never anything of a secret database.

    Costs one look through the spellings of announced columns; in a country of more than 50,000 columns these are read
    every five minutes, and only what is like an item is read anew.
    """
    own = _own(actor, unit)
    public = _public()
    known = _spellings_of(public)
    mine = _distinct(own) if own is not None else frozenset()
    index: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in known | mine:
        for concept in _concepts(spelling):
            index[concept].append(spelling)
    liked = [_like(item, index) for item in items]
    fields = _fields({spelling for found in liked for spelling in found}, public, own)
    services = _services([field.table_id for rows in fields.values() for field in rows])
    own_ids = set(own.values_list("table__database_id", flat=True).distinct()) if own is not None else set()
    return Lookup(
        tuple(
            Found(item, _hits(found, fields, services, own_ids))
            for item, found in zip(items, liked, strict=True)
        ),
        len(known | mine),
    )


def grounds() -> list[ChecklistItem]:
    """The lawful exceptions of today."""
    return checklist(GROUNDS)


def _public() -> QuerySet[DataField]:
    """The columns that everybody may know of: of databases in issued catalogues, and those that services offer."""
    offered = SharingService.objects.filter(state=ServiceState.PUBLISHED).values("dataset__table")
    announced = Q(table__database__entry_state=EntryState.ISSUED) | Q(table__in=offered)
    return (
        DataField.objects.filter(announced, table__database__is_secret=False)
        .filter(gone_since__isnull=True, confirmed_at__isnull=False)
        .exclude(sharing_class=SharingClass.PRIVATE_USE)
    )


def _own(actor: Actor | None, unit: Agency | None) -> QuerySet[DataField] | None:
    if actor is None or unit is None:
        return None
    mine = databases_visible_to(actor).filter(is_secret=False, owner__path__startswith=_top(unit))
    return DataField.objects.filter(table__database__in=mine, gone_since__isnull=True)


def _top(unit: Agency) -> str:
    return f"/{unit.path.strip('/').split('/')[0]}/"


def _distinct(fields: QuerySet[DataField]) -> frozenset[Spelling]:
    rows = fields.order_by().values_list("name", "title", "table__name", "table__title").distinct()
    return frozenset(rows.iterator())


_kept: dict[str, Any] = {}


def _spellings_of(public: QuerySet[DataField]) -> frozenset[Spelling]:
    last = DataField.objects.aggregate(last=Max("pk"))["last"] or 0
    if last < _SMALL:
        return _distinct(public)
    if _kept.get("last") != last or time.monotonic() - _kept.get("at", 0.0) > _KEPT_SECONDS:
        _kept.update(last=last, at=time.monotonic(), spellings=_distinct(public))
    found: frozenset[Spelling] = _kept["spellings"]
    return found


def _concepts(spelling: Spelling) -> set[str]:
    return {*concepts(spelling[0]), *(concepts(spelling[1]) if spelling[1] else ())}


def _like(item: FormItem, index: dict[str, list[Spelling]]) -> dict[Spelling, float]:
    said = {concept for text in _texts(item) for concept in concepts(text)}
    near = {spelling for concept in said for spelling in index.get(concept, ())}
    rated = {spelling: likeness for spelling in near if (likeness := _likeness(item, spelling)) >= ALIKE}
    best = sorted(rated.items(), key=lambda one: (-one[1], one[0]))[:_SPELLINGS]
    return dict(best)


def _texts(item: FormItem) -> list[str]:
    """What an item is called; a description that is no longer than a title is one."""
    return [text for text in (item.name, item.title, item.description) if text and len(text) <= _TITLE]


def _likeness(item: FormItem, spelling: Spelling) -> float:
    name, title, table, table_title = spelling
    return similarity(
        item.name,
        name,
        right_table=table_title or table,
        extra=[(asked, held) for asked in _texts(item) for held in (name, title) if held],
    )


def _fields(
    spellings: set[Spelling], public: QuerySet[DataField], own: QuerySet[DataField] | None
) -> dict[Spelling, list[DataField]]:
    if not spellings:
        return {}
    names = Q(name__in={one[0] for one in spellings})
    found: dict[int, DataField] = {}
    for fields in (own, public) if own is not None else (public,):
        rows = fields.filter(names).select_related("table__database__owner").order_by("pk")[:_FIELDS]
        found |= {field.pk: field for field in rows}
    by_spelling: dict[Spelling, list[DataField]] = defaultdict(list)
    for field in found.values():
        spelling = (field.name, field.title, field.table.name, field.table.title)
        if spelling in spellings:
            by_spelling[spelling].append(field)
    return by_spelling


def _services(tables: Iterable[int]) -> dict[int, list[SharingService]]:
    live = SharingService.objects.filter(
        state=ServiceState.PUBLISHED,
        dataset__table__in=set(tables),
        dataset__database__is_secret=False,
    ).select_related("dataset")
    found: dict[int, list[SharingService]] = defaultdict(list)
    for service in live.order_by("pk"):
        found[service.dataset.table_id].append(service)
    return found


def _hits(
    liked: dict[Spelling, float],
    fields: dict[Spelling, list[DataField]],
    services: dict[int, list[SharingService]],
    own: set[int],
) -> tuple[Hit, ...]:
    best: dict[int, Hit] = {}
    for spelling, likeness in liked.items():
        for field in fields.get(spelling, ()):
            hit = _hit(field, round(likeness * 100), services.get(field.table_id, ()), own)
            if hit.kind == rules.ANNOUNCED and field.table.database.entry_state != EntryState.ISSUED:
                # Of its table a service offers other columns; this one nobody has announced.
                continue
            before = best.get(hit.database)
            if before is None or _order(hit) < _order(before):
                best[hit.database] = hit
    return tuple(sorted(best.values(), key=_order)[:SHOWN])


def _order(hit: Hit) -> tuple[Any, ...]:
    return rules.HELD_AS.index(hit.kind), hit.tier_level, -hit.likeness, hit.code, hit.column


def _hit(field: DataField, likeness: int, services: Iterable[SharingService], own: set[int]) -> Hit:
    database: Database = field.table.database
    service = next((one for one in services if field.name in one.columns), None)
    kind = rules.HELD if database.pk in own else rules.OFFERED if service is not None else rules.ANNOUNCED
    return Hit(
        kind=kind,
        database=database.pk,
        code=database.code,
        name=database.name,
        name_en=database.name_en,
        owner=database.owner.name,
        tier=database.tier,
        table=field.table.title or field.table.name,
        column=field.name,
        title=field.title or field.name,
        likeness=likeness,
        is_open=field.sharing_class == SharingClass.OPEN,
        service=service.code if service is not None else "",
        service_name=service.name if service is not None else "",
        method=service.method if service is not None else "",
    )


@carries("SEC-01")
def hits_shown(hits: Iterable[dict[str, Any]], known: set[int]) -> list[Hit]:
    """The holders of an item as they were found, without what may not be known of any more."""
    return [Hit(**hit) for hit in hits if hit["database"] in known]


def known_databases(hits: Iterable[dict[str, Any]]) -> set[int]:
    """Which of the databases named are no secret today."""
    ids = {hit["database"] for hit in hits}
    return set(Database.objects.filter(pk__in=ids, is_secret=False).values_list("pk", flat=True))
