"""Reads: what was searched, what was found, what waits, and the counts that may be public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from lienthong.agencies.models import Work
from lienthong.catalogue.models import Database, DataField, EntryState, MasterDataItem
from lienthong.foundation.tracing import carries
from lienthong.inventory.models import Source, SourceState
from lienthong.inventory.queries import bound_source
from lienthong.law.answers import Ground
from lienthong.law.models import Clock
from lienthong.law.queries import clocks_of, grounds_named, running_clocks

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

# The term in which a case is to be decided, in which the decision is to be carried out, and after which what is
# overdue goes one step up; where the law or the agency has set one.
DECISION_TERM = "overlap.decision"
CARRY_OUT_TERM = "overlap.carry_out"
ESCALATION_TERM = "overlap.escalation"
# How long before its review date an exception is announced.
EXCEPTION_NOTICE = "overlap.exception_notice"
CASE_KIND = "authority.overlapcase"
# What is due from those to whom an overdue case went up.
DIRECT = "direct_overlap"

NOT_SET_ASIDE = {"lower__is_secret": False, "higher__is_secret": False}
SIDES = ("lower__owner", "lower__managing_unit", "higher__owner", "higher__managing_unit", "assigned_to")


def searchable_source(database: Database) -> Source | None:
    """The bound source from which a database's columns can be compared; a secret one is not compared."""
    if database.is_secret:
        return None
    return bound_source(database)


def comparable_with(database: Database) -> QuerySet[Source]:
    """The bound sources of all other databases that may be compared, the highest class first; what left the catalogue
    is in use no more, and nobody synchronises from it.
    """
    rank = Case(*(When(database__tier=tier, then=place) for place, tier in enumerate(PRECEDENCE)))
    return (
        Source.objects.exclude(state=SourceState.RELEASED)
        .filter(database__is_secret=False)
        .exclude(database=database)
        .exclude(database__entry_state=EntryState.ENDED)
        .select_related("database__owner", "uploaded", "secret")
        .order_by(rank, "database_id")
    )


def last_search(database: Database) -> OverlapSearch | None:
    """The last search of a database that came to its end."""
    finished = OverlapSearch.objects.filter(database=database, finished_at__isnull=False)
    return finished.order_by("-finished_at").first()


def compared_from_others(database: Database) -> int:
    """From how many other databases this one was compared when they were searched, whether or not it was searched itself."""
    met = OverlapSearch.objects.filter(
        compared=database, finished_at__isnull=False, database__is_secret=False
    )
    return met.exclude(database=database).values("database").distinct().count()


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


def side_of(database: Database, *, built: bool = True, is_national_master: bool = False) -> Side:
    """A database as the rules of precedence see it."""
    return Side(
        tier=database.tier,
        agency=str(database.owner.top_id),
        built=built,
        is_national_master=is_national_master,
    )


@carries("D278-06", "MDM-01")
def trusted_in(database: Database, other: Database, columns: Iterable[Columns]) -> bool:
    """Whether a database is the one trusted source of an item of national master data that these columns hold.

    `columns` are seen from `database`; an item is told by the columns that either side has tied to it.
    """
    items = set(
        MasterDataItem.objects.filter(source=database, left_on__isnull=True).values_list("pk", flat=True)
    )
    if not items:
        return False
    mine = {(one[0], one[1]) for one in columns}
    theirs = {(one[2], one[3]) for one in columns}
    tied = DataField.objects.filter(
        master_item__in=items, table__database__in=[database, other], gone_since__isnull=True
    ).values_list("table__database_id", "table__name", "name")
    return any((table, name) in (mine if owner == database.pk else theirs) for owner, table, name in tied)


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
    kept = case.pairs.select_related("search", "verdict_by")
    pairs = list(kept.order_by("-search_id", "-is_key", "-score", "pk"))
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


def leading_pairs(cases: Iterable[OverlapCase]) -> dict[int, ShownPair]:
    """The pair that speaks for each of many cases, by the case; those of which none was compared are left out."""
    by_id = {case.pk: case for case in cases}
    compared = OverlapPair.objects.filter(case=OuterRef("pk"), left_share__isnull=False)
    leading = compared.exclude(verdict=Verdict.REJECT).order_by("-search_id", "-is_key", "-score", "pk")
    asked = OverlapCase.objects.filter(pk__in=by_id).order_by()
    found = asked.annotate(leading=Subquery(leading.values("pk")[:1])).values_list("leading", flat=True)
    pairs = OverlapPair.objects.filter(pk__in=[pk for pk in found if pk])
    return {pair.case_id: shown(pair, by_id[pair.case_id]) for pair in pairs if pair.case_id is not None}


def code_lists_of(search: OverlapSearch) -> QuerySet[OverlapPair]:
    """The column pairs of a search that only use one common list."""
    return search.pairs.filter(kind=PairKind.CODE_LIST).select_related("right_database__owner")


def grounds_of_cases(cases: Iterable[OverlapCase]) -> dict[int, Ground | None]:
    """The provision on which the proposal of each case rests, as it was pinned when the case was opened, and how it stands
    today; two queries however many cases.
    """
    named = {case.pk: (case.requirement, case.provision) for case in cases}
    grounds = grounds_named(named.values())
    return {identity: grounds.get(one) for identity, one in named.items()}


def decision_clock(case: OverlapCase) -> Clock | None:
    """The running term in which a case is to be decided."""
    return running_term(case, DECISION_TERM)


def running_term(case: OverlapCase, key: str) -> Clock | None:
    """The running term of a case under a key."""
    return clocks_of(case).filter(stopped_at__isnull=True, parameter_key=key).first()


def due_clock(case: OverlapCase) -> Clock | None:
    """The running term of what is due on a case now: its decision, or what the decision asks for."""
    return running_term(case, CARRY_OUT_TERM if case.is_decided else DECISION_TERM)


def due_clocks(cases: Iterable[OverlapCase]) -> dict[int, Clock]:
    """The running term of what is due now on each of many cases, by the case; those without one are left out."""
    asked = {
        str(case.pk): CARRY_OUT_TERM if case.is_decided else DECISION_TERM for case in cases if case.is_live
    }
    running = running_clocks().filter(subject_kind=CASE_KIND, subject_id__in=asked)
    found: dict[int, Clock] = {}
    for clock in running.select_related("rule_set", "parameter", "provision__instrument"):
        if clock.parameter_key == asked[clock.subject_id]:
            found.setdefault(int(clock.subject_id), clock)
    return found


def work_due_on(case: OverlapCase) -> QuerySet[Work]:
    """What is due on a case from those who are to do it, without the directions asked of superiors."""
    return (
        Work.objects.filter(subject_kind=CASE_KIND, subject_id=str(case.pk), done_at__isnull=True)
        .exclude(act=DIRECT)
        .select_related("unit")
    )


def overdue_cases(now: datetime) -> list[OverlapCase]:
    """The cases on which something is past its day and that were not urged since."""
    late = (
        Work.objects.filter(subject_kind=CASE_KIND, done_at__isnull=True, due_at__lt=now)
        .exclude(act=DIRECT)
        .values_list("subject_id", "due_at")
    )
    days = {int(subject): due for subject, due in late if due is not None}
    if not days:
        return []
    cases = OverlapCase.objects.filter(pk__in=days, **NOT_SET_ASIDE).select_related(*SIDES).order_by("pk")
    return [case for case in cases if case.urged_at is None or case.urged_at < days[case.pk]]


def cases_to_escalate(now: datetime) -> list[OverlapCase]:
    """The cases that were urged in vain: the term after which they go one step up has run out."""
    late = Clock.objects.filter(
        subject_kind=CASE_KIND, parameter_key=ESCALATION_TERM, stopped_at__isnull=True, due_at__lt=now
    )
    ids = [int(subject) for subject in late.values_list("subject_id", flat=True)]
    if not ids:
        return []
    return list(OverlapCase.objects.filter(pk__in=ids, **NOT_SET_ASIDE).select_related(*SIDES).order_by("pk"))


def exceptions_due_within(after: date, until: date) -> QuerySet[OverlapCase]:
    """Signed exceptions whose review date is still to come, up to a day."""
    return (
        OverlapCase.objects.filter(
            state=CaseState.CLOSED, outcome=Outcome.EXCEPTION, review_date__gt=after, review_date__lte=until
        )
        .filter(**NOT_SET_ASIDE)
        .select_related("lower__owner", "lower__managing_unit")
        .order_by("review_date", "pk")
    )


def due_exceptions(on: date) -> QuerySet[OverlapCase]:
    """Signed exceptions whose review date has come."""
    return OverlapCase.objects.filter(
        state=CaseState.CLOSED, outcome=Outcome.EXCEPTION, review_date__lte=on
    ).order_by("review_date")
