"""The picture of data items: what is held, who holds it as the authority, who follows, what is being settled (P10).

A data item is what a case is about: the columns that name the same subjects on both sides, wherever they are held, or the
item of national master data to which they are tied. Lines are items, columns are agencies. A case with a secret side is
nowhere in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import DataField, MasterDataItem, Tier
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.text import in_words, words
from lienthong.foundation.tracing import carries

from .mapping import (
    Grouping,
    MappedCase,
    MappedDatabase,
    MapQuestion,
    Standing,
    agencies_of,
    database_is_asked_for,
    is_asked_for,
    known_cases,
    mapped_databases,
    tier_levels,
)
from .models import OverlapPair, PairKind, Verdict

# Columns beyond which owning agencies stand for managing units, and beyond which those with the fewest marks stand together.
MOST_UNITS = 14
MOST_COLUMNS = 30
# Lines of one page.
ON_PAGE = 25
# The column of those that stand together.
FOLDED = "…"


class Mark(TextChoices):
    """How an agency holds a data item, in the words of the picture."""

    SOURCE = "source", _("Authority")
    PROPOSED = "proposed", _("Proposed as the authority")
    FOLLOWS = "follows", _("Synchronised")
    UNDER_WAY = "under_way", _("Being settled")
    EXCEPTION = "exception", _("Collects by a signed exception")

    @property
    def sign(self) -> str:
        """How it is written where nothing can be drawn."""
        return _SIGNS[self]


_SIGNS = {
    Mark.SOURCE: "●",
    Mark.PROPOSED: "(●)",
    Mark.FOLLOWS: "○",
    Mark.UNDER_WAY: "∆",
    Mark.EXCEPTION: "◊",
}
# How the copy is marked by where its case stands; a copy that is no longer collected is not held and has no mark.
OF_THE_COPY = {
    Standing.OPEN: Mark.UNDER_WAY,
    Standing.UNNAMED: Mark.UNDER_WAY,
    Standing.ASKED: Mark.UNDER_WAY,
    Standing.PLANNED: Mark.UNDER_WAY,
    Standing.RUNNING: Mark.FOLLOWS,
    Standing.SYNCHRONISED: Mark.FOLLOWS,
    Standing.STOPPING: Mark.UNDER_WAY,
    Standing.EXCEPTION: Mark.EXCEPTION,
}
# What is proposed by the classes alone is not settled yet.
NOT_SETTLED = (Standing.OPEN, Standing.ASKED)

Place = tuple[int, str, str]
"""A column by the database, its table and its name."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An agency, or with its name a unit, as a column of the picture."""

    code: str
    name: str
    level: int
    """The highest class of the databases with which it stands here: 1 is the highest."""
    folded: int = 0
    """For how many others it stands, where there were too many."""


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """One mark of an agency at an item, and the cases from which it comes."""

    mark: Mark
    databases: tuple[str, ...]
    """Codes of the databases that are so held."""
    cases: tuple[MappedCase, ...]


@dataclass(frozen=True, slots=True)
class DataItem:
    """One line of the picture: what is held, by whom."""

    key: str
    name: str
    under: str
    """Where its authority, or else its highest holder, keeps it."""
    tier: str
    database: str
    """Code of the database of its authority, or else of its highest holder; empty where that is not on record."""
    cells: Mapping[str, tuple[MarkedCell, ...]]
    """By the code of the column."""

    @property
    def marks(self) -> set[Mark]:
        return {cell.mark for cells in self.cells.values() for cell in cells}

    @property
    def level(self) -> int:
        return tier_levels()[self.tier]

    @property
    def tier_name(self) -> str:
        return str(Tier(self.tier).label)


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """The data items and who holds them."""

    grouping: Grouping
    columns: tuple[Holding, ...]
    items: tuple[DataItem, ...]
    known: int
    """All cases that the actor may know of, before narrowing."""
    agencies: tuple[tuple[str, str], ...] = ()
    beyond: int = 0
    """Older cases that were left out because there are too many."""
    marks: Mapping[Mark, int] = field(default_factory=dict)
    """How many items have each mark."""

    @property
    def settled(self) -> int:
        """How many items have their authority."""
        return self.marks.get(Mark.SOURCE, 0)

    @property
    def under_way(self) -> int:
        """How many items are being settled somewhere."""
        return self.marks.get(Mark.UNDER_WAY, 0)


@dataclass(slots=True)
class _Held:
    """What is known of one item while the cases are gone through."""

    place: Place
    of_databases: dict[int, dict[Mark, list[MappedCase]]] = field(default_factory=dict)
    databases: dict[int, MappedDatabase] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)
    master: MasterDataItem | None = None

    def mark(self, database: MappedDatabase, mark: Mark, case: MappedCase | None) -> None:
        self.databases[database.pk] = database
        cases = self.of_databases.setdefault(database.pk, {}).setdefault(mark, [])
        if case is not None:
            cases.append(case)


@carries("OVL-05", "SEC-01")
def item_picture(actor: Actor, question: MapQuestion) -> ItemPicture:
    """The items of the cases that the actor may know of and of the published master data, narrowed as asked."""
    known, total = known_cases(actor)
    narrow = replace(question, text="")
    chosen = [one for one in known if one.standing is not Standing.NO_OVERLAP and is_asked_for(one, narrow)]
    held = _held_by(chosen, _places_of(chosen))
    _add_sources(held, narrow, alone=not (question.progress or question.outcome or question.other))
    for one in held.values():
        _settle(one)
    grouping = _grouping_of(held.values(), question.grouping)
    asked = words(question.text)
    found = [
        (item, one)
        for item, one in _titled(held)
        if not asked or all(word in _speaks_of(item, one) for word in asked)
    ]
    found.sort(key=lambda pair: (pair[0].level, in_words(pair[0].name), pair[0].key))
    columns, items = _with_cells(found, grouping)
    counts = Counter(mark for item in items for mark in item.marks)
    return ItemPicture(
        grouping=grouping,
        columns=tuple(columns),
        items=tuple(items),
        known=total,
        agencies=agencies_of(known),
        beyond=total - len(known),
        marks={mark: counts[mark] for mark in Mark if counts[mark]},
    )


def _places_of(cases: Sequence[MappedCase]) -> dict[int, list[tuple[Place, Place]]]:
    """By the case, the columns that name the same subjects, the lower copy's first; as the newest search found them.

    A case of which no pair names subjects is about its surest pair; one whose pairs were all refused, about the databases.
    """
    sides = {case.pk: case for case in cases}
    rows = (
        OverlapPair.objects.filter(case__in=list(sides), kind=PairKind.OVERLAP)
        .exclude(verdict__in=[Verdict.REJECT, Verdict.OTHER_POPULATION])
        .order_by("case_id", "-search_id", "-is_key", "-score", "pk")
        .values_list(
            "case_id", "search_id", "is_key", "left_database_id",
            "left_table", "left_column", "right_database_id", "right_table", "right_column",
        )
    )  # fmt: skip
    found: dict[int, list[tuple[Place, Place]]] = {}
    newest: dict[int, int] = {}
    for number, search, is_key, *where in rows:
        if newest.setdefault(number, search) != search or (found.get(number) and not is_key):
            continue
        left, right = _place(*where[:3]), _place(*where[3:])
        pair = (left, right) if left[0] == sides[number].lower.pk else (right, left)
        found.setdefault(number, []).append(pair)
    for pk, case in sides.items():
        found.setdefault(pk, [((case.lower.pk, "", ""), (case.higher.pk, "", ""))])
    return found


def _place(database: Any, table: Any, column: Any) -> Place:
    return database, table, column


def _held_by(
    cases: Sequence[MappedCase], places: Mapping[int, list[tuple[Place, Place]]]
) -> dict[Place, _Held]:
    """The items by one of their places, with the marks of every database at each."""
    above: dict[Place, Place] = {}

    def top(place: Place) -> Place:
        above.setdefault(place, place)
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    def join(one: Place, other: Place) -> None:
        low, high = sorted((top(one), top(other)))
        above[high] = low

    for pairs in places.values():
        for lower, higher in pairs:
            join(lower, higher)
    masters = _masters_of(list(above))
    first: dict[int, Place] = {}
    for place, master in masters.items():
        join(first.setdefault(master.pk, place), place)
    held: dict[Place, _Held] = {}
    for place in list(above):
        one = held.setdefault(top(place), _Held(top(place)))
        one.places.add(place)
        one.master = one.master or masters.get(place)
    for case in cases:
        for item in {top(lower) for lower, _higher in places[case.pk]}:
            _mark(held[item], case)
    return held


def _mark(held: _Held, case: MappedCase) -> None:
    held.numbers.append(case.number)
    copy = OF_THE_COPY.get(case.standing)
    if copy is not None:
        held.mark(case.lower, copy, case)
    if not case.is_directed:
        held.mark(case.higher, Mark.UNDER_WAY, case)
    elif case.standing in NOT_SETTLED and not case.is_named:
        held.mark(case.higher, Mark.PROPOSED, case)
    else:
        held.mark(case.higher, Mark.SOURCE, case)


def _settle(held: _Held) -> None:
    """Whoever follows another for an item is not its authority; who is the authority needs no proposal.

    The trusted source of national master data is the authority whatever its cases say.
    """
    trusted = held.master.source_id if held.master is not None else None
    for pk, marks in held.of_databases.items():
        if pk == trusted:
            cases = [case for found in marks.values() for case in found]
            marks.clear()
            marks[Mark.SOURCE] = cases
        elif len(marks) > 1 and marks.keys() - {Mark.SOURCE, Mark.PROPOSED}:
            marks.pop(Mark.SOURCE, None)
            marks.pop(Mark.PROPOSED, None)
        elif Mark.SOURCE in marks and Mark.PROPOSED in marks:
            marks[Mark.SOURCE] += marks.pop(Mark.PROPOSED)


def _masters_of(places: Iterable[Place]) -> dict[Place, MasterDataItem]:
    """The items of national master data to which columns are tied."""
    wanted = set(places)
    tied = list(
        DataField.objects.filter(
            table__database__in={place[0] for place in wanted},
            master_item__left_on__isnull=True,
            master_item__isnull=False,
            gone_since__isnull=True,
        ).values_list("table__database_id", "table__name", "name", "master_item_id")
    )
    masters = MasterDataItem.objects.in_bulk({row[3] for row in tied})
    return {
        place: masters[item] for *three, item in tied if (place := (three[0], three[1], three[2])) in wanted
    }


def _add_sources(held: dict[Place, _Held], question: MapQuestion, *, alone: bool) -> None:
    """The trusted sources of published master data, and with `alone` the items about which there is no case."""
    there = {one.master.pk: one for one in held.values() if one.master is not None}
    listed = MasterDataItem.objects.filter(
        left_on__isnull=True, listed_in__isnull=False, source__is_secret=False
    )
    rows = list(listed.order_by("code") if alone else listed.filter(pk__in=there))
    databases = mapped_databases({row.source_id for row in rows if row.source_id})
    for row in rows:
        source = databases.get(row.source_id or 0)
        one = there.get(row.pk)
        if source is None or (one is None and not database_is_asked_for(source, question)):
            continue
        if one is None:
            place = (source.pk, "", row.code)
            one = held[place] = _Held(place, master=row)
        if source.pk not in one.of_databases:
            one.mark(source, Mark.SOURCE, None)


def _grouping_of(held: Iterable[_Held], asked: str) -> Grouping:
    if asked in Grouping.values:
        return Grouping(asked)
    units = {database.managing_unit.pk for one in held for database in one.databases.values()}
    return Grouping.UNIT if len(units) <= MOST_UNITS else Grouping.AGENCY


def _code(database: MappedDatabase, grouping: Grouping) -> str:
    if grouping == Grouping.DATABASE:
        return database.code
    return database.managing_unit.code if grouping == Grouping.UNIT else database.owner.code


def _chief(held: _Held) -> MappedDatabase:
    """The database that stands for an item: its authority, else the one proposed, else the highest."""
    order = (Mark.SOURCE, Mark.PROPOSED)

    def rank(database: MappedDatabase) -> tuple[int, int, str]:
        marks = held.of_databases[database.pk]
        place = next((at for at, mark in enumerate(order) if mark in marks), len(order))
        return place, tier_levels()[database.tier], database.code

    return min(held.databases.values(), key=rank)


def _titled(held: Mapping[Place, _Held]) -> list[tuple[DataItem, _Held]]:
    """The items by name, without their cells."""
    chiefs = {place: _chief(one) for place, one in held.items() if one.databases}
    columns = {
        place: min((at for at in held[place].places if at[0] == chief.pk and at[1]), default=None)
        for place, chief in chiefs.items()
    }
    asked = [at for at in columns.values() if at is not None]
    said = DataField.objects.filter(
        table__database__in={at[0] for at in asked}, name__in={at[2] for at in asked}
    ).values_list("table__database_id", "table__name", "name", "table__title", "title")
    titles = {(row[0], row[1], row[2]): (row[3], row[4]) for row in said}
    locale = get_language() or "vi"
    found = []
    for place, chief in chiefs.items():
        one, column = held[place], columns[place]
        name = chief.display_name(locale)
        key, under = chief.code, chief.managing_unit.display_name(locale)
        if column is not None:
            table, title = titles.get(column, ("", ""))
            key, under = f"{chief.code}/{column[1]}.{column[2]}", name
            name = f"{table or column[1]}: {title or column[2]}"
        if one.master is not None:
            key, name, under = f"mdm:{one.master.code}", one.master.name, chief.display_name(locale)
        found.append((DataItem(key, name, under, chief.tier, chief.code, {}), one))
    return found


def _speaks_of(item: DataItem, held: _Held) -> str:
    """The words by which an item is found: its own, its databases' and its cases'."""
    numbers = " ".join(held.numbers)
    return in_words(f"{item.name} {item.under} {numbers}") + "".join(
        database.folded for database in held.databases.values()
    )


def _with_cells(
    found: Sequence[tuple[DataItem, _Held]], grouping: Grouping
) -> tuple[list[Holding], list[DataItem]]:
    """The columns in the order of precedence, and the items with their cells."""
    marked = [
        (item, _cells(one, {pk: _code(database, grouping) for pk, database in one.databases.items()}))
        for item, one in found
    ]
    highest: dict[str, MappedDatabase] = {}
    levels = tier_levels()
    for _item, one in found:
        for database in one.databases.values():
            code = _code(database, grouping)
            if code not in highest or levels[database.tier] < levels[highest[code].tier]:
                highest[code] = database
    held_in = Counter(code for _item, cells in marked for code in cells)
    locale = get_language() or "vi"
    columns = [
        Holding(code, _name(database, grouping, locale), levels[database.tier])
        for code, database in highest.items()
        if held_in[code]
    ]
    columns.sort(key=lambda one: (one.level, one.code))
    if len(columns) <= MOST_COLUMNS:
        return columns, [replace(item, cells=cells) for item, cells in marked]
    kept = {
        code
        for code, _count in sorted(held_in.items(), key=lambda one: (-one[1], one[0]))[: MOST_COLUMNS - 1]
    }
    rest = len(columns) - len(kept)
    name = ngettext("%(count)s other", "%(count)s others", rest) % {"count": rest}
    together = Holding(FOLDED, name, max(levels.values()), rest)
    folded = [
        (
            item,
            _cells(
                one,
                {
                    pk: code if (code := _code(database, grouping)) in kept else FOLDED
                    for pk, database in one.databases.items()
                },
            ),
        )
        for item, one in found
    ]
    columns = [one for one in columns if one.code in kept]
    return [*columns, together], [replace(item, cells=cells) for item, cells in folded]


def _name(database: MappedDatabase, grouping: Grouping, locale: str) -> str:
    if grouping == Grouping.DATABASE:
        return database.display_name(locale)
    unit = database.managing_unit if grouping == Grouping.UNIT else database.owner
    return unit.display_name(locale)


def _cells(held: _Held, codes: Mapping[int, str]) -> dict[str, tuple[MarkedCell, ...]]:
    gathered: dict[str, dict[Mark, tuple[list[str], dict[int, MappedCase]]]] = defaultdict(dict)
    for pk, marks in held.of_databases.items():
        for mark, cases in marks.items():
            databases, all_cases = gathered[codes[pk]].setdefault(mark, ([], {}))
            databases.append(held.databases[pk].code)
            all_cases.update({case.pk: case for case in cases})
    order = list(Mark)
    return {
        code: tuple(
            MarkedCell(mark, tuple(sorted(marks[mark][0])), tuple(marks[mark][1].values()))
            for mark in sorted(marks, key=order.index)
        )
        for code, marks in gathered.items()
    }
