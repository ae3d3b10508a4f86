"""Who holds whose data: the cases that an actor may know of as databases and the ties between them (P10, D5).

For the map, the matrix and what is made of them. A case with a secret side is nowhere in it, not even for the keepers
of the secret: maps are printed and handed around.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, Tier
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.text import in_words, words
from lienthong.foundation.tracing import carries

from .access import cases_visible_to
from .models import UNDECIDED, CaseState, Outcome, OverlapCase
from .queries import leading_pairs
from .rules import needs_authority_first

# Of more cases the newest are drawn; the page says so.
MOST_CASES = 3_000
# Where even the agencies are too many, those with the fewest cases stand together.
MOST_AGENCIES = 12
_LEVELS = {tier: level for level, tier in enumerate(Tier.values, start=1)}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is still read: boxes of one class, boxes in all, lines. Beyond, units are shown, then agencies."""

    in_class: int = 20
    boxes: int = 80
    ties: int = 60


class Standing(TextChoices):
    """Where a case stands, in the words of the map."""

    OPEN = "open", _("Awaiting a decision")
    UNNAMED = "unnamed", _("Authority not named yet")
    ASKED = "asked", _("Exception awaiting signature")
    PLANNED = "planned", _("Synchronisation planned")
    RUNNING = "running", _("Synchronisation running")
    SYNCHRONISED = "synchronised", _("Synchronised")
    STOPPING = "stopping", _("Stopping collection")
    STOPPED = "stopped", _("Collection stopped")
    EXCEPTION = "exception", _("Signed exception")
    NO_OVERLAP = "no_overlap", _("No overlap")


# How each is drawn: what waits is dashed, what is decided is solid.
STROKES = {
    Standing.OPEN: "open",
    Standing.UNNAMED: "open",
    Standing.ASKED: "asked",
    Standing.PLANNED: "follow",
    Standing.RUNNING: "follow",
    Standing.SYNCHRONISED: "follow",
    Standing.STOPPING: "stop",
    Standing.STOPPED: "stop",
    Standing.EXCEPTION: "exception",
    Standing.NO_OVERLAP: "none",
}


class Grouping(TextChoices):
    """What one box of the map, one line of the matrix stands for."""

    DATABASE = "csdl", _("Database by database")
    UNIT = "don-vi", _("By managing unit")
    AGENCY = "co-quan", _("By owning agency")


class Progress(TextChoices):
    """How far a case has come."""

    UNDECIDED = "cho-ket-luan", _("Awaiting a decision")
    UNDER_WAY = "dang-thuc-hien", _("Being carried out")
    CLOSED = "da-ket-thuc", _("Closed")


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """To what the map is narrowed; empty: not narrowed by it."""

    tier: str = ""
    agency: str = ""
    """Code of who owns or manages a database on either side."""
    other: str = ""
    """Code of the one on the other side."""
    progress: str = ""
    outcome: str = ""
    domain: str = ""
    database: str = ""
    text: str = ""
    grouping: str = ""

    @property
    def narrowed_by(self) -> int:
        """How many conditions are set."""
        asked = (self.tier, self.agency, self.other, self.progress, self.outcome, self.domain, self.database)
        return sum(bool(one) for one in (*asked, self.text))


@dataclass(frozen=True, slots=True)
class MappedUnit:
    """An agency or a unit of it, as far as map and matrix tell of it."""

    pk: int
    code: str
    name: str
    name_en: str

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class MappedDatabase:
    """A database, as far as map and matrix tell of it: of a country's thousands no more is read."""

    pk: int
    code: str
    name: str
    name_en: str
    tier: str
    core_domain: str
    folded: str
    owner: MappedUnit
    managing_unit: MappedUnit

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class MappedCase:
    """One case between two databases, as far as map and matrix tell of it."""

    pk: int
    number: str
    lower: MappedDatabase
    higher: MappedDatabase
    standing: Standing
    progress: Progress
    outcome: str
    is_named: bool = False
    """Whether its authority was named in person, not proposed by the classes."""

    @property
    def stroke(self) -> str:
        return STROKES[self.standing]

    @property
    def is_directed(self) -> bool:
        """Whether it is settled which of the two is the source."""
        return self.standing is not Standing.UNNAMED


@dataclass(frozen=True, slots=True)
class Holder:
    """A database, or a unit with all that it holds in one class."""

    key: str
    code: str
    name: str
    under: str
    group: str
    tier: str
    databases: int = 1
    folded: bool = False
    """Stands for all that were too many to be drawn one by one."""

    @property
    def level(self) -> int:
        """Its class in the order of precedence: 1 is the highest."""
        return tier_levels()[self.tier]

    @property
    def tier_name(self) -> str:
        return str(Tier(self.tier).label)


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """What two holders have in common: one case or more, the one that waits first."""

    lower: str
    higher: str
    cases: tuple[MappedCase, ...]

    @property
    def leading(self) -> MappedCase:
        return self.cases[0]

    @property
    def counted(self) -> list[tuple[Standing, int]]:
        """How many cases stand where, in the order of `Standing`."""
        counts = Counter(case.standing for case in self.cases)
        return [(standing, counts[standing]) for standing in Standing if counts[standing]]


@dataclass(frozen=True, slots=True)
class OverlapGraph:
    """The holders and the ties between them, and what is not drawn."""

    grouping: Grouping
    holders: tuple[Holder, ...]
    ties: tuple[Tie, ...]
    cases: int
    waiting: int
    """How many of them await a decision."""
    databases: int
    known: int
    """All cases that the actor may know of, before narrowing."""
    within: int = 0
    """Cases between two databases of one holder: no line."""
    beyond: int = 0
    """Older cases that were left out because there are too many."""
    agencies: tuple[tuple[str, str], ...] = ()
    """Agencies and units of all cases known: code and name."""
    by_key: Mapping[str, Holder] = field(default_factory=dict)


@carries("OVL-05", "SEC-01")
def overlap_graph(actor: Actor, question: MapQuestion, *, limits: Limits = Limits()) -> OverlapGraph:
    """The cases that the actor may know of, narrowed as asked.

    The boxes are databases as long as they can be read, then managing units, then owning agencies.
    """
    known, total = known_cases(actor)
    chosen = [case for case in known if is_asked_for(case, question)]
    grouping, holders, ties, within = _grouped(chosen, question.grouping, limits)
    crowded = grouping == _groupings(question.grouping)[-1] and len(ties) > limits.ties
    most = min(limits.in_class, MOST_AGENCIES) if crowded else limits.in_class
    holders, ties, more = _folded(holders, ties, most)
    return OverlapGraph(
        grouping=grouping,
        holders=tuple(holders),
        ties=tuple(ties),
        cases=len(chosen),
        waiting=sum(case.progress == Progress.UNDECIDED for case in chosen),
        databases=len({side.pk for case in chosen for side in (case.lower, case.higher)}),
        known=total,
        within=within + more,
        beyond=total - len(known),
        agencies=agencies_of(known),
        by_key={holder.key: holder for holder in holders},
    )


def shares_of(cases: Iterable[MappedCase]) -> dict[int, float]:
    """What part of the lower copy the other has too, by case: of the pair that speaks for it."""
    asked = OverlapCase.objects.filter(pk__in=[case.pk for case in cases]).only("pk", "lower_id").order_by()
    found = leading_pairs(asked)
    return {pk: pair.lower.share for pk, pair in found.items() if pair.lower.share is not None}


def standing_of(state: str, outcome: str, *, needs_authority: bool) -> Standing:
    """Where a case stands, in one word of the map."""
    if state == CaseState.EXCEPTION_ASKED:
        return Standing.ASKED
    if state in UNDECIDED:
        return Standing.UNNAMED if needs_authority else Standing.OPEN
    if outcome == Outcome.MUST_SYNCHRONISE:
        if state == CaseState.SYNC_PLANNED:
            return Standing.PLANNED
        return Standing.SYNCHRONISED if state == CaseState.CLOSED else Standing.RUNNING
    if outcome == Outcome.STOP_COLLECTING:
        return Standing.STOPPED if state == CaseState.CLOSED else Standing.STOPPING
    return Standing.EXCEPTION if outcome == Outcome.EXCEPTION else Standing.NO_OVERLAP


def progress_of(state: str) -> Progress:
    """How far a case has come."""
    if state in UNDECIDED:
        return Progress.UNDECIDED
    return Progress.CLOSED if state == CaseState.CLOSED else Progress.UNDER_WAY


def tier_levels() -> Mapping[str, int]:
    """The classes in the order of precedence: 1 is the highest."""
    return _LEVELS


def known_cases(actor: Actor) -> tuple[list[MappedCase], int]:
    """The newest cases that the actor may know of, none with a secret side; and how many there are in all."""
    visible = cases_visible_to(actor).filter(lower__is_secret=False, higher__is_secret=False)
    columns = (
        "pk",
        "number",
        "state",
        "outcome",
        "proposed_outcome",
        "authority_id",
        "lower_id",
        "higher_id",
    )
    rows = list(visible.order_by("-pk").values_list(*columns)[: MOST_CASES + 1])
    total = len(rows) if len(rows) <= MOST_CASES else visible.count()
    rows = rows[:MOST_CASES]
    databases = mapped_databases({side for row in rows for side in row[-2:]})
    mapped = []
    for pk, number, state, outcome, proposed, authority, lower, higher in rows:
        needs_authority = authority is None and needs_authority_first(proposed)
        mapped.append(
            MappedCase(
                pk=pk,
                number=number,
                lower=databases[lower],
                higher=databases[higher],
                standing=standing_of(state, outcome, needs_authority=needs_authority),
                progress=progress_of(state),
                outcome=outcome,
                is_named=authority is not None,
            )
        )
    return mapped, total


def mapped_databases(ids: Collection[int]) -> dict[int, MappedDatabase]:
    """These databases by their keys, each agency read once."""
    columns = ("code", "name", "name_en", "tier", "core_domain", "folded", "owner_id", "managing_unit_id")
    rows = list(Database.objects.filter(pk__in=ids).order_by().values_list("pk", *columns))
    named = Agency.objects.filter(pk__in={unit for row in rows for unit in row[-2:]}).order_by()
    units = {row[0]: MappedUnit(*row) for row in named.values_list("pk", "code", "name", "name_en")}
    return {row[0]: _mapped(*row, units=units) for row in rows}


def _mapped(*said: Any, units: Mapping[int, MappedUnit]) -> MappedDatabase:
    pk, code, name, name_en, tier, domain, folded, owner, unit = said
    return MappedDatabase(pk, code, name, name_en, tier, domain, folded, units[owner], units[unit])


def is_asked_for(case: MappedCase, question: MapQuestion) -> bool:
    """Whether a case meets every condition of the question."""
    sides = (case.lower, case.higher)
    if question.tier and question.tier not in (case.lower.tier, case.higher.tier):
        return False
    if question.agency and not _between(sides, question.agency, question.other):
        return False
    if question.progress and case.progress.value != question.progress:
        return False
    if question.outcome and case.outcome != question.outcome:
        return False
    if question.domain and question.domain not in (case.lower.core_domain, case.higher.core_domain):
        return False
    if question.database and question.database not in (case.lower.code, case.higher.code):
        return False
    said = f"{in_words(case.number)}{case.lower.folded}{case.higher.folded}"
    return all(word in said for word in words(question.text))


def _between(sides: tuple[MappedDatabase, MappedDatabase], agency: str, other: str) -> bool:
    one, two = sides
    if not other:
        return _belongs(one, agency) or _belongs(two, agency)
    return (_belongs(one, agency) and _belongs(two, other)) or (
        _belongs(one, other) and _belongs(two, agency)
    )


def _belongs(database: MappedDatabase, code: str) -> bool:
    return code in (database.owner.code, database.managing_unit.code)


def database_is_asked_for(database: MappedDatabase, question: MapQuestion) -> bool:
    """Whether a database alone meets what the question asks of the sides of a case."""
    return (
        question.tier in ("", database.tier)
        and (not question.agency or _belongs(database, question.agency))
        and question.domain in ("", database.core_domain)
        and question.database in ("", database.code)
    )


def agencies_of(cases: list[MappedCase]) -> tuple[tuple[str, str], ...]:
    """The agencies and units on either side of these cases: code and name."""
    found: dict[str, MappedUnit] = {}
    for case in cases:
        for side in (case.lower, case.higher):
            found[side.owner.code] = side.owner
            found[side.managing_unit.code] = side.managing_unit
    locale = get_language() or "vi"
    return tuple((code, found[code].display_name(locale)) for code in sorted(found))


def _grouped(
    cases: list[MappedCase], asked: str, limits: Limits
) -> tuple[Grouping, list[Holder], list[Tie], int]:
    """Holders and ties in the grouping asked for, else in the first that can be read; and the cases within one."""
    groupings = _groupings(asked)
    grouping = next((one for one in groupings[:-1] if _can_be_read(cases, one, limits)), groupings[-1])
    return grouping, *_in_grouping(cases, grouping)


def _groupings(asked: str) -> list[Grouping]:
    return [Grouping(asked)] if asked in Grouping.values else list(Grouping)


def _can_be_read(cases: Sequence[MappedCase], grouping: Grouping, limits: Limits) -> bool:
    between = {(_key(case.lower, grouping), _key(case.higher, grouping)) for case in cases}
    tiers = {_key(side, grouping): side.tier for case in cases for side in (case.lower, case.higher)}
    widest = max(Counter(tiers.values()).values(), default=0)
    ties = sum(lower != higher for lower, higher in between)
    return widest <= limits.in_class and len(tiers) <= limits.boxes and ties <= limits.ties


def _in_grouping(cases: list[MappedCase], grouping: Grouping) -> tuple[list[Holder], list[Tie], int]:
    held: dict[str, set[int]] = defaultdict(set)
    first: dict[str, MappedDatabase] = {}
    between: dict[tuple[str, str], list[MappedCase]] = defaultdict(list)
    within = 0
    for case in cases:
        keys = [_key(side, grouping) for side in (case.lower, case.higher)]
        for key, side in zip(keys, (case.lower, case.higher), strict=True):
            held[key].add(side.pk)
            first.setdefault(key, side)
        if keys[0] == keys[1]:
            within += 1
        else:
            between[keys[0], keys[1]].append(case)
    order = {standing: place for place, standing in enumerate(Standing)}
    ties = [
        Tie(lower, higher, tuple(sorted(found, key=lambda case: (order[case.standing], -case.pk))))
        for (lower, higher), found in sorted(between.items())
    ]
    holders = [_holder(key, side, grouping, len(held[key])) for key, side in sorted(first.items())]
    return holders, ties, within


def _key(database: MappedDatabase, grouping: Grouping) -> str:
    if grouping == Grouping.DATABASE:
        return database.code
    unit = database.managing_unit if grouping == Grouping.UNIT else database.owner
    return f"{database.tier}:{unit.code}"


def _holder(key: str, database: MappedDatabase, grouping: Grouping, databases: int) -> Holder:
    locale = get_language() or "vi"
    unit = database.owner if grouping == Grouping.AGENCY else database.managing_unit
    if grouping == Grouping.DATABASE:
        return Holder(
            key=key,
            code=database.code,
            name=database.display_name(locale),
            under=unit.display_name(locale),
            group=f"{database.owner.code} {unit.code}",
            tier=database.tier,
        )
    held = ngettext("%(count)s database", "%(count)s databases", databases) % {"count": databases}
    return Holder(
        key=key,
        code=unit.code,
        name=unit.display_name(locale),
        under=held,
        group=database.owner.code,
        tier=database.tier,
        databases=databases,
    )


def _folded(holders: list[Holder], ties: list[Tie], most: int) -> tuple[list[Holder], list[Tie], int]:
    """Of a class with too many holders the ones with the most cases; the others stand together as one."""
    weight: Counter[str] = Counter()
    for tie in ties:
        weight[tie.lower] += len(tie.cases)
        weight[tie.higher] += len(tie.cases)
    renamed: dict[str, str] = {}
    shown: list[Holder] = []
    for tier in Tier.values:
        here = sorted(
            (holder for holder in holders if holder.tier == tier), key=lambda one: (-weight[one.key], one.key)
        )
        kept, rest = (here, []) if len(here) <= most else (here[: most - 1], here[most - 1 :])
        shown += kept
        if rest:
            name = ngettext("%(count)s other", "%(count)s others", len(rest)) % {"count": len(rest)}
            together = Holder(
                f"{tier}:…", "", name, gettext("not drawn one by one"), "~", tier, len(rest), True
            )
            shown.append(together)
            renamed |= dict.fromkeys((one.key for one in rest), together.key)
    if not renamed:
        return shown, ties, 0
    merged: dict[tuple[str, str], list[MappedCase]] = defaultdict(list)
    for tie in ties:
        merged[renamed.get(tie.lower, tie.lower), renamed.get(tie.higher, tie.higher)] += tie.cases
    within = sum(len(cases) for (one, two), cases in merged.items() if one == two)
    again = [Tie(one, two, tuple(cases)) for (one, two), cases in sorted(merged.items()) if one != two]
    return shown, again, within
