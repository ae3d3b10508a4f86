"""What the pages of the law show: texts with their status on a day, parameters beside their rule sets, the
calendar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import get_language

from lienthong.foundation.text import fold

from . import shipped
from .answers import Word, here
from .models import (
    AuthorityRole,
    CalendarDay,
    Clock,
    FactSource,
    Instrument,
    InstrumentStatus,
    Parameter,
    Provision,
    ProvisionRelation,
    RuleSet,
    TermLabel,
)
from .queries import rule_sets
from .standing import endings_on
from .wording import anchor_text, group_text, span_text, value_text

STATUS_KINDS = {
    InstrumentStatus.IN_FORCE: "ok",
    InstrumentStatus.PARTLY: "due",
    InstrumentStatus.ENDED: "neutral",
    InstrumentStatus.NOT_YET: "info",
    InstrumentStatus.UNKNOWN: "neutral",
}
MARK_KINDS = {"verified": "ok", "secondary": "info", "unverified": "due", "agency": "neutral"}
# Beyond the first rule set the line needs a right end: so many days after today.
_AHEAD = 400


@dataclass(frozen=True)
class TextRow:
    """One legal text and its status on the day that was asked for."""

    instrument: Instrument
    status: str
    kind: str

    @property
    def citation(self) -> str:
        return self.instrument.citation(get_language() or "vi")

    @property
    def title(self) -> str:
        return here(self.instrument.title_vi, self.instrument.title_en)

    @property
    def names_itself(self) -> bool:
        """Whether the citation already says the title, as for laws."""
        return self.citation.startswith(self.title)

    @property
    def issuer(self) -> str:
        return here(self.instrument.issuer_vi, self.instrument.issuer_en)

    @property
    def note(self) -> str:
        return here(self.instrument.note_vi, self.instrument.note_en)

    @property
    def status_text(self) -> str:
        return str(InstrumentStatus(self.status).label)

    @property
    def mark_kind(self) -> str:
        return MARK_KINDS[self.instrument.mark]

    @property
    def holds(self) -> bool:
        return self.status in {InstrumentStatus.IN_FORCE, InstrumentStatus.PARTLY, InstrumentStatus.UNKNOWN}


@dataclass(frozen=True)
class PlaceRow:
    """One place in a text, and whether it held on the day."""

    place: str
    summary: str
    holds: bool
    mark_kind: str
    mark_text: str
    ref: str


@dataclass(frozen=True)
class RelationRow:
    """What this text did to another, or another to this one."""

    kind: str
    words: str
    slug: str
    on: date | None
    by: str


@dataclass(frozen=True)
class RoleRow:
    """Whom the law makes competent for a topic on the day."""

    topic: str
    role: str
    note: str
    citation: str
    slug: str
    mark_kind: str
    mark_text: str


@dataclass(frozen=True)
class Segment:
    """One rule set on the line of time, placed from 0 to 100."""

    rule_set: RuleSet
    start: str
    width: str
    holds: bool

    @property
    def title(self) -> str:
        return self.rule_set.title(get_language() or "vi")

    @property
    def note(self) -> str:
        return here(self.rule_set.note_vi, self.rule_set.note_en)

    @property
    def span(self) -> str:
        return span_text(self.rule_set.valid_from, self.rule_set.valid_to)


@dataclass(frozen=True)
class Cell:
    """What one row of a parameter says; its words are made only where they are shown."""

    row: Parameter
    holds: bool

    @property
    def text(self) -> str:
        row = self.row
        note = here(row.note_vi, row.note_en)
        return value_text(row.value, row.unit, bound=row.bound, ahead=row.ahead, note=note)

    @property
    def note(self) -> str:
        return "" if self.row.unit == "text" else here(self.row.note_vi, self.row.note_en)

    @property
    def citation(self) -> str:
        return self.row.provision.citation(get_language() or "vi") if self.row.provision else ""

    @property
    def mark_kind(self) -> str:
        return MARK_KINDS[self.row.mark]

    @property
    def mark_text(self) -> str:
        return str(self.row.get_mark_display())

    @property
    def whole_set(self) -> bool:
        rule_set = self.row.rule_set
        return (self.row.valid_from, self.row.valid_to) == (rule_set.valid_from, rule_set.valid_to)

    @property
    def span(self) -> str:
        return span_text(self.row.valid_from, self.row.valid_to)

    @property
    def set_title(self) -> str:
        return self.row.rule_set.title(get_language() or "vi")

    @property
    def edited(self) -> bool:
        return self.row.edited_at is not None


@dataclass
class Line:
    """One parameter, with what each rule set says of it."""

    key: str
    label: str
    group: str
    anchor: str
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    running: int = 0
    folded: str = ""

    @property
    def columns(self) -> list[list[Cell]]:
        return [self.cells.get(code, []) for code in shipped.RULE_SET_FILES]

    @property
    def marks(self) -> set[str]:
        return {cell.row.mark for cells in self.cells.values() for cell in cells}


def texts_on(day: date) -> list[TextRow]:
    """Every legal text with its status on a day."""
    ended = endings_on(day)
    return [_text_row(row, day, ended.is_touched(row)) for row in Instrument.objects.all()]


def text_on(instrument: Instrument, day: date) -> TextRow:
    """One legal text with its status on a day."""
    return _text_row(instrument, day, endings_on(day).is_touched(instrument))


def places_of(instrument: Instrument, day: date) -> list[PlaceRow]:
    """The places of a text that rules rest on, in their order."""
    ended, locale = endings_on(day), get_language() or "vi"
    return [
        PlaceRow(
            place=row.place(locale),
            summary=here(row.summary_vi, row.summary_en),
            holds=ended.holds(row),
            mark_kind=MARK_KINDS[row.mark],
            mark_text=row.get_mark_display(),
            ref=row.ref,
        )
        for row in Provision.objects.filter(instrument=instrument).select_related("instrument")
    ]


def relations_of(instrument: Instrument) -> tuple[list[RelationRow], list[RelationRow]]:
    """What a text did to others, and what others did to it."""
    locale = get_language() or "vi"
    does: list[RelationRow] = []
    undergoes: list[RelationRow] = []
    rows = ProvisionRelation.objects.filter(
        Q(source_instrument=instrument) | Q(target_instrument=instrument)
    ).select_related("source_instrument", "target_instrument")
    for row in rows:
        if row.source_instrument_id == instrument.pk:
            slug, listed = row.target_instrument.slug, does
        else:
            slug, listed = row.source_instrument.slug, undergoes
        words = row.target_words(locale)
        listed.append(
            RelationRow(row.get_kind_display(), words, slug, row.effective_on, row.source_words(locale))
        )
    return does, undergoes


def roles_on(day: date) -> list[RoleRow]:
    """Who is competent for which topic on a day."""
    rows = (
        AuthorityRole.objects.filter(valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("provision__instrument")
    )
    return [
        RoleRow(
            topic=here(row.topic_vi, row.topic_en),
            role=here(row.role_vi, row.role_en),
            note=here(row.note_vi, row.note_en),
            citation=row.provision.citation(get_language() or "vi") if row.provision else "",
            slug=row.provision.instrument.slug if row.provision else "",
            mark_kind=MARK_KINDS[row.mark],
            mark_text=str(row.get_mark_display()),
        )
        for row in rows
    ]


def words_on(day: date) -> list[Word]:
    """What the rule set of a day calls the things of its trade."""
    rows = (
        TermLabel.objects.filter(rule_set__valid_from__lte=day)
        .filter(Q(rule_set__valid_to__isnull=True) | Q(rule_set__valid_to__gte=day))
        .select_related("rule_set")
    )
    return [Word(row.code, row.vi, row.en, row.rule_set.code, row.note_vi, row.note_en) for row in rows]


def sources_named(keys: Iterable[str]) -> list[FactSource]:
    """Where a fact was read."""
    return list(FactSource.objects.filter(key__in=list(keys)).order_by("key"))


def time_line(day: date, today: date) -> list[Segment]:
    """The rule sets on one line of time, with the one that holds on the day."""
    found = list(rule_sets())
    if not found:
        return []
    first = found[0].valid_from.toordinal()
    last = max(today.toordinal() + _AHEAD, day.toordinal())
    whole = last - first
    segments = []
    for rule_set in found:
        start = rule_set.valid_from.toordinal() - first
        end = (rule_set.valid_to.toordinal() + 1 if rule_set.valid_to else last) - first
        segments.append(
            Segment(
                rule_set,
                f"{start * 100 / whole:.2f}",
                f"{(end - start) * 100 / whole:.2f}",
                rule_set.holds_on(day),
            )
        )
    return segments


def parameter_lines(day: date, *, key: str = "") -> list[Line]:
    """Every parameter (or one) with its rows by rule set, in the order of the shipped list."""
    rows = Parameter.objects.select_related("rule_set", "provision__instrument")
    if key:
        rows = rows.filter(key=key)
    lines: dict[tuple[str, str], Line] = {}
    for row in rows.order_by("valid_from"):
        identity = (row.key, row.database_code)
        line = lines.get(identity)
        if line is None:
            named = here(row.label_vi, row.label_en)
            line = Line(row.key, named, row.group, anchor_text(row.anchor) if row.anchor else "")
            lines[identity] = line
        line.cells.setdefault(row.rule_set.code, []).append(cell_of(row, day))
    order = {name: place for place, name in enumerate(shipped.read("parameters/keys.yaml")["keys"])}
    for line in lines.values():
        line.folded = fold(f"{line.label} {line.key} {group_text(line.group)}")
    return sorted(lines.values(), key=lambda line: order.get(line.key, len(order)))


def chosen(lines: Iterable[Line], *, group: str = "", mark: str = "", text: str = "") -> list[Line]:
    """The lines that pass the filters; words may be written without marks."""
    wanted = fold(text).split()
    found = []
    for line in lines:
        if group and line.group != group:
            continue
        if mark and mark not in line.marks:
            continue
        if all(word in line.folded for word in wanted):
            found.append(line)
    return found


def with_running(lines: list[Line]) -> list[Line]:
    """Tell each line how many terms are running under it."""
    counted = dict(
        Clock.objects.filter(stopped_at__isnull=True).values_list("parameter__key").annotate(Count("pk"))
    )
    for line in lines:
        line.running = counted.get(line.key, 0)
    return lines


def days_of(year: int) -> list[CalendarDay]:
    """The entries of the working calendar in one year, and the closing hour in force when it begins."""
    rows = list(CalendarDay.objects.filter(day__year=year))
    earlier = CalendarDay.objects.filter(kind=CalendarDay.Kind.CLOSING, day__year__lt=year).last()
    return [*([earlier] if earlier else []), *rows]


def years_entered() -> list[int]:
    """The years of which the calendar has days of rest."""
    resting = CalendarDay.objects.exclude(kind=CalendarDay.Kind.CLOSING)
    return [found.year for found in resting.dates("day", "year")]


def _text_row(row: Instrument, day: date, touched: bool) -> TextRow:
    status = row.status_on(day, touched=touched)
    return TextRow(row, status, STATUS_KINDS[InstrumentStatus(status)])


def cell_of(row: Parameter, day: date) -> Cell:
    """One row of a parameter as it is shown."""
    return Cell(row, row.holds_on(day))
