"""What the law says on a day, and which terms are running."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.foundation.errors import DomainError
from lienthong.foundation.holds.queries import subject_of
from lienthong.foundation.tracing import carries

from .answers import (
    ChecklistItem,
    Cited,
    ClockView,
    Ground,
    Length,
    ParameterValue,
    StaleCitation,
    Standing,
    Word,
)
from .citations import named_by, numbers_in
from .errors import (
    LabelNotInForce,
    NoAuthorityNamed,
    NoRuleSetOn,
    ParameterNotInForce,
    ParameterUnknown,
    ProvisionUnknown,
)
from .models import (
    AuthorityRole,
    CalendarDay,
    ChecklistLine,
    Clock,
    Instrument,
    InstrumentKind,
    InstrumentStatus,
    Parameter,
    Provision,
    ProvisionRelation,
    RuleSet,
    TermLabel,
)
from .rules import Unit, WorkingCalendar, local_day, typed_value
from .rules import remaining as what_is_left
from .shipped import requirements
from .standing import Endings, endings_on

Subject = models.Model | tuple[str, object]

_ENDING = (ProvisionRelation.Kind.REPEALS, ProvisionRelation.Kind.REPLACES)


def rule_set_on(day: date | datetime | None = None) -> RuleSet:
    """The rule set that held on a day; today where none is given. Raises NoRuleSetOn."""
    on = _day(day)
    found = (
        RuleSet.objects.filter(valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("valid_from")
        .last()
    )
    if found is None:
        raise NoRuleSetOn(day=_vietnamese(on), day_en=on.isoformat())
    return found


def rule_sets() -> QuerySet[RuleSet]:
    """The rule sets, oldest first."""
    return RuleSet.objects.order_by("valid_from")


def find_parameter(
    key: str, *, on: date | datetime | None = None, database_code: str | None = None
) -> ParameterValue | None:
    """As `parameter`, or None where no rule set has a row for this key on this day."""
    row = parameter_row(key, on=on, database_code=database_code)
    return as_value(row) if row else None


@carries("CFG-01")
def parameter(
    key: str, *, on: date | datetime | None = None, database_code: str | None = None
) -> ParameterValue:
    """What the law, or in its silence the agency, says about a key on a day; a rule for one database wins.

    Raises ParameterUnknown for a key that no rule set has, ParameterNotInForce where this day has no row,
    NoRuleSetOn before the first rule set.
    """
    day = _day(on)
    row = parameter_row(key, on=day, database_code=database_code)
    if row is not None:
        return as_value(row)
    raise why_missing(key, day)


def why_missing(key: str, day: date, rule_set: str | None = None) -> DomainError:
    """Why no row answers for a key on a day: no such key, or none under the rule set of that day."""
    held = rule_sets().filter(code=rule_set).first() if rule_set else rule_set_on(day)
    known = Parameter.objects.filter(key=key).first()
    if known is None or held is None:
        return ParameterUnknown(key=key)
    return ParameterNotInForce(
        key=key,
        label=known.label_vi,
        label_en=known.label_en,
        day=_vietnamese(day),
        day_en=day.isoformat(),
        rule_set=held.title_vi,
        rule_set_en=held.title_en,
    )


def parameter_row(
    key: str, *, on: date | datetime | None = None, database_code: str | None = None
) -> Parameter | None:
    """The row that answers for a key on a day: the one database's own row first, then the general one."""
    day = _day(on)
    rows = [
        row
        for row in Parameter.objects.filter(Q(key=key) | Q(narrows=key), valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("rule_set", "provision__instrument")
        .order_by("valid_from")
        if row.rule_set.holds_on(day)
    ]
    if database_code:
        own = [row for row in rows if row.database_code == database_code]
        if own:
            return own[-1]
    general = [row for row in rows if not row.database_code]
    return general[-1] if general else None


def parameters_on(day: date | datetime | None = None, prefix: str = "") -> list[ParameterValue]:
    """Every parameter that holds on a day, with those of single databases; `prefix` narrows to a family of
    keys.
    """
    on = _day(day)
    rows = (
        Parameter.objects.filter(valid_from__lte=on, key__startswith=prefix)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("rule_set", "provision__instrument")
    )
    return [as_value(row) for row in rows]


def as_value(row: Parameter) -> ParameterValue:
    """A parameter row as a value."""
    return ParameterValue(
        key=row.key,
        value=typed_value(row.value, row.unit),
        unit=row.unit,
        mark=row.mark,
        rule_set=row.rule_set.code,
        label_vi=row.label_vi,
        label_en=row.label_en,
        provision=cited(row.provision) if row.provision else None,
        bound=row.bound,
        ahead=row.ahead,
        anchor=row.anchor,
        source=tuple(row.sources),
        note_vi=row.note_vi,
        note_en=row.note_en,
        database_code=row.database_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        edited=row.edited_at is not None,
        parameter_id=row.pk,
    )


def provision(ref: str) -> Provision:
    """A provision by its reference, such as `nd-47-2020/35.3`. Raises ProvisionUnknown."""
    found = Provision.objects.select_related("instrument").filter(ref=ref).first()
    if found is None:
        raise ProvisionUnknown(ref=ref)
    return found


def cited(row: Provision) -> Cited:
    """A provision as a value."""
    return Cited(
        ref=row.ref,
        citation_vi=row.citation("vi"),
        citation_en=row.citation("en"),
        summary_vi=row.summary_vi,
        summary_en=row.summary_en,
        mark=row.mark,
        instrument=row.instrument.slug,
    )


def provision_of(requirement_id: str, on: date | datetime | None = None) -> str:
    """The provision on which a requirement rests on a day: the first that stands, else the first.

    Raises ProvisionUnknown for a requirement that is not in the list.
    """
    cites = _cites_of(requirement_id)
    return _first_standing(cites, _rows_of(cites), endings_on(_day(on)))


@carries("CFG-01")
def grounds_for(*requirement_ids: str, on: date | datetime | None = None) -> list[Ground]:
    """The provisions on which requirements rest on a day, each once, and how they stand; what has ended with nothing later in
    its place goes on as a rule of the agency. Two queries however many. Raises ProvisionUnknown for a requirement that is not
    in the list.
    """
    wanted = [_cites_of(identity) for identity in requirement_ids]
    known = _rows_of([ref for cites in wanted for ref in cites])
    ended = endings_on(_day(on))
    places = dict.fromkeys(_first_standing(cites, known, ended) for cites in wanted)
    return [_ground(known[ref], ended, kept=True) for ref in places if ref in known]


def grounds_at(*refs: str, on: date | datetime | None = None) -> list[Ground]:
    """Provisions that a record names, each once, and how they stand on a day; one that is not known is left out."""
    known = _rows_of(refs)
    ended = endings_on(_day(on))
    return [_ground(known[ref], ended, kept=False) for ref in dict.fromkeys(refs) if ref in known]


@carries("CFG-01")
def grounds_named(
    named: Iterable[tuple[str, str]], on: date | datetime | None = None
) -> dict[tuple[str, str], Ground]:
    """The provisions that records name, each under the requirement for which it was named, and how they stand on a day.

    One that has ended goes on as a rule of the agency where the requirement rests on nothing later; where a record names
    none that is known, its requirement says it, and one without either is left out. Two queries however many.
    """
    asked = dict.fromkeys(named)
    listed = requirements()
    cites = {identity: listed[identity].cites if identity in listed else () for identity, _ref in asked}
    known = _rows_of([ref for _identity, ref in asked] + [ref for refs in cites.values() for ref in refs])
    ended = endings_on(_day(on))
    found = {}
    for identity, ref in asked:
        rests_on = _first_standing(cites[identity], known, ended)
        place = ref if ref in known else rests_on
        if place in known:
            found[identity, ref] = _ground(known[place], ended, kept=place == rests_on)
    return found


def grounds_of(clock: Clock | None) -> list[Ground]:
    """The provision under which a term is counted, and how it stands today; none where the agency has set it."""
    return grounds_at(clock.provision.ref) if clock is not None and clock.provision is not None else []


def citations_for(*requirement_ids: str, on: date | datetime | None = None) -> list[str]:
    """As `grounds_for`, in the words of the reader's language."""
    return [ground.citation for ground in grounds_for(*requirement_ids, on=on)]


def _cites_of(requirement_id: str) -> Sequence[str]:
    requirement = requirements().get(requirement_id)
    if requirement is None:
        raise ProvisionUnknown(ref=requirement_id)
    return requirement.cites


def _rows_of(refs: Sequence[str]) -> dict[str, Provision]:
    return {row.ref: row for row in Provision.objects.filter(ref__in=refs).select_related("instrument")}


def _first_standing(cites: Sequence[str], known: dict[str, Provision], ended: Endings) -> str:
    standing = (ref for ref in cites if ref in known and ended.standing_of(known[ref])[0] is Standing.HOLDS)
    return next(standing, cites[0] if cites else "")


def _ground(row: Provision, ended: Endings, *, kept: bool) -> Ground:
    standing, since = ended.standing_of(row)
    return Ground(cited(row), standing, since, kept)


_RANK = {InstrumentKind.CODE: 0, InstrumentKind.LAW: 0, InstrumentKind.DECREE: 1, InstrumentKind.DECISION: 2}


def basis_on(day: date) -> list[str]:
    """The texts of the rule set that are in force on a day, as the basis of a paper: the highest first, cited in full.

    `Căn cứ Nghị định số 278/2025/NĐ-CP ngày 22 tháng 10 năm 2025 của Chính phủ quy định về …`; a text of which parts have
    ended by that day says so.
    """
    slugs = rule_set_on(day).basis
    known = {row.slug: row for row in Instrument.objects.filter(slug__in=slugs)}
    ended = endings_on(day)
    rows = [known[slug] for slug in slugs if slug in known and known[slug].in_force_on(day)]
    lines = []
    for row in sorted(rows, key=lambda one: _RANK.get(InstrumentKind(one.kind), 3)):
        part = " (còn hiệu lực một phần)" if ended.is_touched(row) else ""
        lines.append(f"Căn cứ {row.full_citation()}{part}")
    return lines


def instrument_cited(text: str) -> Instrument | None:
    """The first legal text whose number stands in a text that somebody wrote; None where no known number
    does.
    """
    found = instruments_cited(text)
    return found[0] if found else None


def instruments_cited(text: str) -> list[Instrument]:
    """Every known legal text whose number stands in a text, in the order of the text."""
    numbers = numbers_in(text)
    if not numbers:
        return []
    known = {row.number: row for row in Instrument.objects.all()}
    named = [named_by(number, known) for number in numbers]
    return [known[number] for number in dict.fromkeys(named) if number]


@carries("CFG-01")
def stale_citations(text: str, on: date | datetime | None = None) -> list[StaleCitation]:
    """The legal texts cited in a writing that do not hold, or hold only in parts, on its day; texts whose dates nobody
    has read are not complained of.
    """
    day = _day(on)
    cited = instruments_cited(text)
    if not cited:
        return []
    ended = endings_on(day)
    found = []
    for row in cited:
        status = row.status_on(day, touched=ended.is_touched(row))
        if status in (InstrumentStatus.IN_FORCE, InstrumentStatus.UNKNOWN):
            continue
        successor = (
            ProvisionRelation.objects.filter(
                target_instrument=row, target_place="", kind__in=_ENDING, effective_on__lte=day
            )
            .select_related("source_instrument")
            .last()
        )
        instead = successor.source_instrument if successor else None
        found.append(
            StaleCitation(
                slug=row.slug,
                citation_vi=row.citation("vi"),
                citation_en=row.citation("en"),
                status=status,
                ended_on=row.in_force_to if status == InstrumentStatus.ENDED else None,
                begins_on=row.in_force_from if status == InstrumentStatus.NOT_YET else None,
                instead_vi=instead.citation("vi") if instead else "",
                instead_en=instead.citation("en") if instead else "",
            )
        )
    return found


def label(code: str, on: date | datetime | None = None) -> Word:
    """What a thing is called on a day. Raises LabelNotInForce where the rule set of that day has no such
    word.
    """
    day = _day(on)
    rule_set = rule_set_on(day)
    row = TermLabel.objects.filter(rule_set=rule_set, code=code).first()
    if row is None:
        raise LabelNotInForce(word=code, day=_vietnamese(day), day_en=day.isoformat())
    return Word(row.code, row.vi, row.en, rule_set.code, row.note_vi, row.note_en)


@carries("NDB-06")
def authority_role(topic: str, on: date | datetime | None = None) -> AuthorityRole:
    """Whom the law makes competent for a topic on a day, as a role. Raises NoAuthorityNamed."""
    day = _day(on)
    row = (
        AuthorityRole.objects.filter(topic=topic, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("provision__instrument")
        .last()
    )
    if row is None:
        raise NoAuthorityNamed(topic=topic, day=_vietnamese(day), day_en=day.isoformat())
    return row


def checklist(kind: str, on: date | datetime | None = None) -> list[ChecklistItem]:
    """What must be shown before a step on a day, in order. Raises NoRuleSetOn."""
    day = _day(on)
    rule_set = rule_set_on(day)
    rows = (
        ChecklistLine.objects.filter(kind=kind, rule_set=rule_set, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("provision__instrument")
    )
    return [
        ChecklistItem(
            requirement=row.requirement,
            looks_at=row.looks_at,
            vi=row.vi,
            en=row.en,
            hint_vi=row.hint_vi,
            hint_en=row.hint_en,
            mark=row.mark,
            rule_set=rule_set.code,
            provision=cited(row.provision),
            note_vi=row.note_vi,
            note_en=row.note_en,
        )
        for row in rows
    ]


def calendar(years: Iterable[int] | None = None) -> WorkingCalendar:
    """The working-day calendar; with `years`, the days of rest from the first to the last of them only."""
    rows = CalendarDay.objects.all()
    if years is not None:
        wanted = list(years)
        span = (date(min(wanted), 1, 1), date(max(wanted), 12, 31))
        rows = rows.filter(Q(day__range=span) | Q(kind=CalendarDay.Kind.CLOSING))
    kinds = CalendarDay.Kind
    entries = list(rows.values_list("day", "kind", "closing_hour"))
    return WorkingCalendar(
        holidays=frozenset(day for day, kind, _ in entries if kind == kinds.HOLIDAY),
        swapped_working=frozenset(day for day, kind, _ in entries if kind == kinds.SWAPPED_WORKING),
        closings=tuple((day, hour) for day, kind, hour in entries if kind == kinds.CLOSING),
        known_years=frozenset(day.year for day, kind, _ in entries if kind != kinds.CLOSING),
    )


def clocks_of(subject: Subject) -> QuerySet[Clock]:
    """Every term that runs or ran for a record, the earliest due first."""
    kind, identity = subject_key(subject)
    return Clock.objects.filter(subject_kind=kind, subject_id=identity).select_related(
        "rule_set", "parameter", "provision__instrument"
    )


def clocks_of_many(kind: str, identities: Iterable[object]) -> QuerySet[Clock]:
    """Every term that runs or ran for many records of one kind, the earliest due first."""
    wanted = [str(identity) for identity in identities]
    return Clock.objects.filter(subject_kind=kind, subject_id__in=wanted).select_related(
        "rule_set", "parameter", "provision__instrument"
    )


def running_clocks(key: str | None = None, *, rule_set: str | None = None) -> QuerySet[Clock]:
    """The terms that are running, the earliest due first; of one key, under one rule set."""
    found = Clock.objects.filter(stopped_at__isnull=True).select_related("rule_set", "parameter")
    if key is not None:
        found = found.filter(parameter_key=key)
    if rule_set is not None:
        found = found.filter(rule_set__code=rule_set)
    return found


def clock_view(
    clock: Clock, now: datetime | None = None, calendar_: WorkingCalendar | None = None
) -> ClockView:
    """A term as a page shows it at this moment; give the calendar when showing many. A stopped one is shown
    as it ended.
    """
    moment = clock.stopped_at or now or timezone.now()
    first, last = sorted((local_day(clock.anchor_at), clock.due_on))
    touched = (first.year, last.year, local_day(moment).year)
    days = calendar_ if calendar_ is not None else calendar(touched)
    left = what_is_left(moment, clock.as_term(), days)
    late = left.state == "overdue"
    counted = Unit(clock.unit) is Unit.WORKING_DAY
    value = typed_value(clock.value, clock.unit)
    return ClockView(
        due_at=clock.due_at,
        due_on=clock.due_on,
        unit=str(left.unit),
        remaining=-left.amount if late else left.amount,
        stopped=clock.stopped_at,
        mark=clock.mark,
        state=str(left.state),
        value=value,
        term=Length(value, clock.unit, clock.mark),
        bound=clock.bound,
        not_counted=days.rest_between(first, last) if counted else (),
        anchor_at=clock.anchor_at,
        anchor_event=clock.anchor_event,
        rule_set=clock.rule_set.code,
        key=clock.parameter_key,
        label_vi=clock.parameter.label_vi,
        label_en=clock.parameter.label_en,
        outcome=clock.outcome,
        in_time=clock.in_time,
        calendar_known=not counted or set(range(first.year, last.year + 1)) <= days.known_years,
        sources=tuple(clock.parameter.sources),
    )


def clock_views(clocks: Iterable[Clock], now: datetime | None = None) -> list[ClockView]:
    """Many terms at one moment, with the calendar read once."""
    days, moment = calendar(), now or timezone.now()
    return [clock_view(clock, moment, days) for clock in clocks]


def subject_key(subject: Subject) -> tuple[str, str]:
    """How a record is pointed at from here: its kind and its id."""
    if isinstance(subject, tuple):
        return subject[0], str(subject[1])
    return subject_of(subject)


def _day(given: date | datetime | None) -> date:
    if given is None:
        return timezone.localdate()
    return local_day(given) if isinstance(given, datetime) else given


def _vietnamese(day: date) -> str:
    return f"{day:%d/%m/%Y}"
