"""Reads: what was searched, what was found, what waits, and the counts that may be public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Q, QuerySet, When

from lienthong.catalogue.models import Database, EntryState
from lienthong.inventory.models import Source, SourceState
from lienthong.inventory.queries import bound_source
from lienthong.law.models import Clock
from lienthong.law.queries import clocks_of

from .models import (
    UNDECIDED,
    CaseState,
    Outcome,
    OverlapCase,
    OverlapPair,
    OverlapSearch,
    PairKind,
    Verdict,
)
from .rules import PRECEDENCE, Columns, Side

NOT_SEARCHED = "authority.overlap_not_searched"
UNDECIDED_HOLD = "authority.overlap_undecided"
STILL_COLLECTING = "authority.still_collecting"

# Counts under this are merged in what is public, so that no single case can be read out of them.
LEAST_PUBLIC_COUNT = 5


def searchable_source(database: Database) -> Source | None:
    """The bound source from which a database's columns can be compared; a secret one is not compared."""
    if database.is_secret:
        return None
    return bound_source(database)


def comparable_with(database: Database) -> QuerySet[Source]:
    """The bound sources of all other databases that may be compared, the highest class first."""
    rank = Case(*(When(database__tier=tier, then=place) for place, tier in enumerate(PRECEDENCE)))
    return (
        Source.objects.exclude(state=SourceState.RELEASED)
        .filter(database__is_secret=False)
        .exclude(database=database)
        .select_related("database__owner", "uploaded", "secret")
        .order_by(rank, "database_id")
    )


def last_search(database: Database) -> OverlapSearch | None:
    """The last search of a database that came to its end."""
    finished = OverlapSearch.objects.filter(database=database, finished_at__isnull=False)
    return finished.order_by("-finished_at").first()


def cases_of(database: Database) -> QuerySet[OverlapCase]:
    """The cases in which a database stands on either side, newest first; none whose other side is a secret."""
    return (
        OverlapCase.objects.filter(
            Q(lower=database, higher__is_secret=False) | Q(higher=database, lower__is_secret=False)
        )
        .select_related("lower", "higher")
        .order_by("-detected_at", "-pk")
    )


def live_cases_with(database: Database) -> QuerySet[OverlapCase]:
    """Every case of a database that is not closed, whatever its other side."""
    return (
        OverlapCase.objects.filter(Q(lower=database) | Q(higher=database))
        .exclude(state=CaseState.CLOSED)
        .select_related("lower__owner", "lower__managing_unit", "higher__owner", "assigned_to")
    )


def undecided_cases_of(database: Database) -> QuerySet[OverlapCase]:
    """The cases that still wait for a decision about this database's copy."""
    return OverlapCase.objects.filter(lower=database, higher__is_secret=False, state__in=UNDECIDED)


def live_case_between(one: Database, two: Database) -> OverlapCase | None:
    """The case between two databases that is not closed, whichever stands lower."""
    return _between(one, two).exclude(state=CaseState.CLOSED).first()


def settled_columns_between(one: Database, two: Database) -> set[Columns]:
    """The column pairs of the closed cases between two databases, seen from the first."""
    pairs = OverlapPair.objects.filter(
        case__in=_between(one, two).filter(state=CaseState.CLOSED), kind=PairKind.OVERLAP
    )
    return {columns_of(pair, one) for pair in pairs}


def _between(one: Database, two: Database) -> QuerySet[OverlapCase]:
    return OverlapCase.objects.filter(Q(lower=one, higher=two) | Q(lower=two, higher=one))


def columns_of(pair: OverlapPair, first: Database) -> Columns:
    """The four names of a pair, those of `first` in front."""
    left = (pair.left_table, pair.left_column)
    right = (pair.right_table, pair.right_column)
    return (*left, *right) if pair.left_database_id == first.pk else (*right, *left)


def side_of(database: Database, *, built: bool = True) -> Side:
    """A database as the rules of precedence see it."""
    return Side(tier=database.tier, agency=str(database.owner.top_id), built=built)


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a column pair as a card shows it; shares are parts of one."""

    table: str
    column: str
    share: float | None
    low: float | None
    high: float | None

    @property
    def share_percent(self) -> float | None:
        return _percent(self.share)

    @property
    def low_percent(self) -> float | None:
        """The interval's lower end; None where every value was compared, so that there is no interval."""
        return None if self.low == self.high else _percent(self.low)

    @property
    def high_percent(self) -> float | None:
        return None if self.low == self.high else _percent(self.high)


def _percent(part: float | None) -> float | None:
    return None if part is None else round(part * 100, 1)


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A column pair with the lower copy on the left."""

    pair: OverlapPair
    lower: ShownSide
    higher: ShownSide


def pairs_of(case: OverlapCase) -> list[ShownPair]:
    """The column pairs of a case from its last search: keys first, then the surest."""
    pairs = list(case.pairs.order_by("-search_id", "-is_key", "-score", "pk"))
    if not pairs:
        return []
    newest = pairs[0].search_id
    return [shown(pair, case) for pair in pairs if pair.search_id == newest]


def shown(pair: OverlapPair, case: OverlapCase) -> ShownPair:
    left = ShownSide(pair.left_table, pair.left_column, pair.left_share, pair.left_low, pair.left_high)
    right = ShownSide(pair.right_table, pair.right_column, pair.right_share, pair.right_low, pair.right_high)
    if pair.left_database_id == case.lower_id:
        return ShownPair(pair, left, right)
    return ShownPair(pair, right, left)


def leading_pair(pairs: Iterable[ShownPair]) -> ShownPair | None:
    """The pair that speaks for the case: of those that name the subjects, the surest that was compared by
    value.
    """
    counted = [pair for pair in pairs if pair.lower.share is not None and pair.pair.verdict != Verdict.REJECT]
    return max(counted, key=lambda pair: (pair.pair.is_key, pair.pair.score), default=None)


def code_lists_of(search: OverlapSearch) -> QuerySet[OverlapPair]:
    """The column pairs of a search that only use one common list."""
    return search.pairs.filter(kind=PairKind.CODE_LIST).select_related("right_database__owner")


def decision_clock(case: OverlapCase) -> Clock | None:
    """The running term in which a case is to be decided."""
    return clocks_of(case).filter(stopped_at__isnull=True).first()


def due_exceptions(on: date) -> QuerySet[OverlapCase]:
    """Signed exceptions whose review date has come."""
    return OverlapCase.objects.filter(
        state=CaseState.CLOSED, outcome=Outcome.EXCEPTION, review_date__lte=on
    ).order_by("review_date")


@dataclass(frozen=True, slots=True)
class Precision:
    """What reviewers said of the pairs that the matcher found."""

    accepted: int
    rejected: int
    other_population: int

    @property
    def share(self) -> float | None:
        seen = self.accepted + self.rejected + self.other_population
        return self.accepted / seen if seen else None


def reviewed_precision() -> Precision:
    """How often reviewers agreed with the matcher in use."""
    said = dict(
        OverlapPair.objects.exclude(verdict="").values_list("verdict").annotate(count=Count("pk")).order_by()
    )
    return Precision(
        said.get(Verdict.ACCEPT, 0), said.get(Verdict.REJECT, 0), said.get(Verdict.OTHER_POPULATION, 0)
    )


@dataclass(frozen=True, slots=True)
class PublicRow:
    """How many decided overlaps there are between two classes of database; `count` None: fewer than may be
    told.
    """

    lower_tier: str
    higher_tier: str
    with_authority: int | None
    synchronised: int | None


@dataclass(frozen=True, slots=True)
class PublicMap:
    rows: tuple[PublicRow, ...]
    with_authority: int | None
    synchronised: int | None
    databases: int
    counted_at: datetime


def public_map(at: datetime) -> PublicMap:
    """The counts that may be public: decided cases between databases of issued catalogues, never a column or
    an open case.
    """
    issued = Q(entry_state=EntryState.ISSUED, is_secret=False)
    databases = Database.objects.filter(issued)
    cases = OverlapCase.objects.filter(
        lower__in=databases,
        higher__in=databases,
        outcome__in=[Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING],
    ).exclude(state__in=UNDECIDED)
    live = Q(state=CaseState.SYNC_LIVE) | Q(state=CaseState.CLOSED, outcome=Outcome.MUST_SYNCHRONISE)
    counted = (
        cases.values_list("lower__tier", "higher__tier")
        .annotate(all=Count("pk"), live=Count("pk", filter=live))
        .order_by("higher__tier", "lower__tier")
    )
    rows = [
        PublicRow(lower, higher, _told(total), _told(running)) for lower, higher, total, running in counted
    ]
    return PublicMap(
        rows=tuple(rows),
        with_authority=_told(cases.count()),
        synchronised=_told(cases.filter(live).count()),
        databases=databases.count(),
        counted_at=at,
    )


def _told(count: int) -> int | None:
    return count if count == 0 or count >= LEAST_PUBLIC_COUNT else None
