"""Reads of a catalogue review: what belongs to each unit, how far each is, when it ends, what must be settled first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.holds.models import Hold
from lienthong.foundation.tracing import carries
from lienthong.law.answers import Ground
from lienthong.law.counting import term_of
from lienthong.law.models import Clock, Instrument
from lienthong.law.queries import calendar, clock_view, clocks_of, grounds_at, parameter_row
from lienthong.law.rules import Term, local_day

from . import rules
from .addresses import declaration_address, declare_address, fields_address
from .differences import Difference, difference_of
from .errors import EntryIncomplete
from .models import (
    Answer,
    CatalogueReview,
    Database,
    DataField,
    DeclarationState,
    DeclaredDatabase,
    EntryState,
    IssuedCatalogue,
    UnitDeclaration,
)
from .queries import databases_of, entries_of

FIRST_ISSUE = "catalogue.first_issue"
STAGES = ("returned", "todo", "running", "declared", "accepted")


@dataclass(frozen=True)
class ReviewLine:
    """One database in a review: what its unit said of it, and how its record differs from the last issued entry."""

    database: Database
    answer: DeclaredDatabase | None
    difference: Difference

    @property
    def ends(self) -> bool:
        return self.answer is not None and self.answer.answer == Answer.ENDED


@dataclass
class DeclarationProgress:
    """How far one unit is."""

    declaration: UnitDeclaration
    overdue: bool = False
    lines: list[ReviewLine] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return sum(line.answer is not None for line in self.lines)

    @property
    def percent(self) -> int:
        """Each database answered and the declaration sent count as one step; only what was sent is complete."""
        steps = len(self.lines) + 1
        done = self.answered + int(self.declaration.is_in)
        return 100 if self.declaration.is_in else min(100 * done // steps, 99)

    @property
    def stage(self) -> str:
        """What the bar of the unit is painted by."""
        state = self.declaration.state
        if state in (DeclarationState.DECLARED, DeclarationState.ACCEPTED, DeclarationState.RETURNED):
            return str(state)
        return "running" if self.answered else "todo"

    def counted(self, kind: str) -> int:
        """How many databases are new, changed or the same as issued; those that end are counted as `ended`."""
        if kind == "ended":
            return sum(line.ends for line in self.lines)
        return sum(line.difference.kind == kind and not line.ends for line in self.lines)


@dataclass(frozen=True)
class Obstacle:
    """What must be settled before the catalogue is drawn up and issued: what, where, by which rule."""

    kind: str
    vi: str
    en: str
    url: str
    requirement: str


@carries("SEC-01")
def databases_in(review: CatalogueReview) -> list[Database]:
    """The databases that a review covers; secret ones are kept by their keepers, outside of it."""
    found = databases_of(review.agency).filter(is_secret=False).exclude(entry_state=EntryState.ENDED)
    return list(found.select_related("owner", "managing_unit").order_by("sort_key", "pk"))


def last_catalogue(agency: Agency) -> IssuedCatalogue | None:
    """The newest issued catalogue of an agency."""
    return IssuedCatalogue.objects.filter(agency=agency).first()


def issued_before(review: CatalogueReview) -> IssuedCatalogue | None:
    """The version with which this review is compared: the newest that it did not itself lead to."""
    found = IssuedCatalogue.objects.filter(agency=review.agency)
    if review.state == "issued" and review.catalogue_id is not None:
        found = found.exclude(pk=review.catalogue_id)
    return found.first()


@carries("CAT-03")
def progress_of(
    review: CatalogueReview, declarations: Iterable[UnitDeclaration] | None = None
) -> list[DeclarationProgress]:
    """How far each unit is, worst first; the number of queries does not grow with units or databases."""
    every = list(UnitDeclaration.objects.filter(review=review).select_related("unit", "review__agency"))
    over = _overdue(every)
    by_unit = {one.unit_id: DeclarationProgress(one, one.pk in over) for one in every}
    wanted = None if declarations is None else {one.pk for one in declarations}
    answers = {
        answer.database_id: answer
        for answer in DeclaredDatabase.objects.filter(declaration__review=review).select_related("by")
    }
    covered = []
    for database in databases_in(review):
        mine = part_of(database.managing_unit, by_unit)
        if mine is not None and (wanted is None or mine.declaration.pk in wanted):
            covered.append((mine, database))
    before = issued_before(review)
    issued = {entry["code"]: entry for entry in before.entries} if before is not None else {}
    entries = entries_of([database for _mine, database in covered])
    for mine, database in covered:
        difference = difference_of(issued.get(database.code), entries[database.pk])
        answer = answers.get(database.pk)
        if answer is not None and answer.declaration_id != mine.declaration.pk:
            answer = None
        mine.lines.append(ReviewLine(database, answer, difference))
    shown = [one for one in by_unit.values() if wanted is None or one.declaration.pk in wanted]
    return sorted(
        shown,
        key=lambda one: (
            STAGES.index(one.stage), not one.overdue, one.percent, one.declaration.unit.sort_key
        ),
    )  # fmt: skip


def progress_of_declaration(declaration: UnitDeclaration) -> DeclarationProgress:
    """How far one unit is."""
    return progress_of(declaration.review, [declaration])[0]


def part_of(unit: Agency, by_unit: dict[int, DeclarationProgress]) -> DeclarationProgress | None:
    """The unit's own declaration, or that of the nearest unit above it."""
    line = [int(one) for one in unit.path.strip("/").split("/")]
    return next((by_unit[pk] for pk in reversed(line) if pk in by_unit), None)


def _overdue(declarations: Sequence[UnitDeclaration]) -> set[int]:
    waiting = {str(one.pk): one.pk for one in declarations if not one.is_in}
    late = Clock.objects.filter(
        subject_kind="catalogue.unitdeclaration",
        subject_id__in=list(waiting),
        stopped_at__isnull=True,
        due_at__lt=timezone.now(),
    )
    return {waiting[one] for one in late.values_list("subject_id", flat=True)}


def uncovered_in(review: CatalogueReview) -> list[Database]:
    """The databases that no unit of the review speaks for."""
    units = set(review.declarations.values_list("unit_id", flat=True))
    return [
        database
        for database in databases_in(review)
        if not units & {int(one) for one in database.managing_unit.path.strip("/").split("/")}
    ]


@carries("CAT-02", "CAT-03", "OVL-05")
def obstacles_in(review: CatalogueReview, progress: list[DeclarationProgress]) -> list[Obstacle]:
    """Everything that stands in the way of the catalogue: undeclared units, open overlaps, incomplete entries."""
    found = []
    for one in progress:
        if one.declaration.state != DeclarationState.ACCEPTED:
            vi, en = UNIT_WORDS[DeclarationState(one.declaration.state)]
            unit = one.declaration.unit
            found.append(
                Obstacle("unit", f"{unit.name}: {vi}", f"{unit.display_name('en')}: {en}",
                         declaration_address(review.number, unit.code), "CAT-03")
            )  # fmt: skip
    for database in uncovered_in(review):
        found.append(
            Obstacle("unit", f"{database.name}: {database.managing_unit.name} không tham gia đợt rà soát",
                     f"{database.display_name('en')}: {database.managing_unit.display_name('en')} takes no part in the review",
                     declare_address(database.code), "CAT-03")
        )  # fmt: skip
    standing = [line for one in progress for line in one.lines if not line.ends]
    for one in progress:
        for line in one.lines:
            if line.answer is None and one.declaration.state == DeclarationState.ACCEPTED:
                found.append(
                    Obstacle("unit", f"{line.database.name}: đăng ký sau khi đơn vị khai báo",
                             f"{line.database.display_name('en')}: registered after its unit declared",
                             declaration_address(review.number, one.declaration.unit.code), "CAT-03")
                )  # fmt: skip
    found += _overlaps([line.database for line in standing])
    found += _incomplete([line.database for line in standing])
    return found


UNIT_WORDS = {
    DeclarationState.OPEN: ("chưa khai báo", "has not declared"),
    DeclarationState.RETURNED: ("khai báo bị trả lại, chưa gửi lại", "its declaration was sent back"),
    DeclarationState.DECLARED: ("khai báo chưa được chấp nhận", "its declaration is not accepted yet"),
}


def _overlaps(databases: Sequence[Database]) -> list[Obstacle]:
    known = {str(database.pk): database for database in databases}
    holds = Hold.objects.filter(
        Q(step="declare") | Q(step=""), subject_kind="catalogue.database", lifted_at__isnull=True
    ).order_by("opened_at", "pk")
    found = []
    for hold in holds:
        database = known.get(hold.subject_id)
        if database is not None:
            found.append(
                Obstacle("overlap", f"{database.name}: {hold.text_vi}", f"{database.display_name('en')}: {hold.text_en}",
                         hold.url or declare_address(database.code), hold.provision or "OVL-05")
            )  # fmt: skip
    return found


def _incomplete(databases: Sequence[Database]) -> list[Obstacle]:
    live = DataField.objects.filter(table__database__in=list(databases), gone_since__isnull=True)
    counted: dict[int, dict[str, int]] = {}
    rows = (
        live.order_by()
        .values_list("table__database")
        .annotate(
            live=Count("pk"),
            unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
            without_class=Count("pk", filter=Q(sharing_class="")),
        )
    )
    for key, fields, unconfirmed, without_class in rows:
        counted[key] = {"fields": fields, "unconfirmed": unconfirmed, "without_class": without_class}
    none = {"fields": 0, "unconfirmed": 0, "without_class": 0}
    found = []
    for database in databases:
        try:
            rules.require_complete_entry(
                {name: getattr(database, name) for name in rules.ENTRY_FIELDS},
                **counted.get(database.pk, none),
            )
        except EntryIncomplete as error:
            found.append(
                Obstacle("entry", f"{database.name}: {error.text('vi')}", f"{database.display_name('en')}: {error.text('en')}",
                         fields_address(database.code), "CAT-06")
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class FirstIssue:
    """By when the law asked for an agency's first catalogue; where it is written, and that it may have ended."""

    term: Term
    ground: Ground | None
    mark: str


@carries("CAT-02")
def first_issue_term() -> FirstIssue | None:
    """The term of the first issue as the first rule set holds it; none where no rule set holds one."""
    decree = Instrument.objects.filter(slug="nd-47-2020").first()
    if decree is None or decree.in_force_from is None:
        return None
    zone = timezone.get_current_timezone()
    anchor = datetime.combine(decree.in_force_from, time(0), zone)
    row = parameter_row(FIRST_ISSUE, on=decree.in_force_from)
    if row is None:
        return None
    return FirstIssue(
        term=term_of(row, anchor, calendar()),
        ground=next(iter(grounds_at(row.provision.ref)), None) if row.provision else None,
        mark=str(row.mark),
    )


def declaration_clock(declaration: UnitDeclaration) -> Any:
    """The running term of a unit's declaration as a page shows it; none once it is sent."""
    clock = clocks_of(declaration).filter(stopped_at__isnull=True).first()
    return clock_view(clock) if clock is not None else None


def review_clock(review: CatalogueReview) -> Any:
    """The term in which the units are to declare, as a page shows it."""
    clock = clocks_of(review).first()
    return clock_view(clock) if clock is not None else None


def burn_up_days(review: CatalogueReview, progress: list[DeclarationProgress]) -> dict[str, Any] | None:
    """The days on which declarations came in and were accepted, from the opening to the end of the term."""
    clock = clocks_of(review).first()
    if clock is None:
        return None
    every = [one.declaration for one in progress]
    return {
        "start": review.opened_on,
        "end": max(clock.due_on, review.opened_on),
        "units": len(every),
        "sent": [local_day(one.first_declared_at) for one in every if one.first_declared_at],
        "verified": [local_day(one.accepted_at) for one in every if one.accepted_at],
    }


def units_to_review(agency: Agency) -> list[Agency]:
    """The units that may take part: the agency itself and the open units right below it."""
    below = Agency.objects.filter(parent=agency, valid_to__isnull=True).order_by("sort_key")
    return [agency, *below]


def units_expected(agency: Agency) -> set[int]:
    """The units asked to declare unless told otherwise: every one below, and the agency where it manages databases."""
    expected = {unit.pk for unit in units_to_review(agency)[1:]}
    if Database.objects.filter(managing_unit=agency, is_secret=False).exists() or not expected:
        expected.add(agency.pk)
    return expected
