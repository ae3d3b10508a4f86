"""Texts, rule sets, parameters, calendar and running terms as records."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .citations import Place, full_text, instrument_text, place_of, place_text, provision_text
from .rules import Bound, Term, Unit


class Mark(models.TextChoices):
    """How far a fact was checked."""

    VERIFIED = "verified", _("Verified")
    SECONDARY = "secondary", _("Secondary source")
    UNVERIFIED = "unverified", _("Not verified")
    AGENCY = "agency", _("Rule of the agency")


class InstrumentKind(models.TextChoices):
    CODE = "code", _("Legal code")
    LAW = "law", _("Act of law")
    DECREE = "decree", _("Decree")
    DECISION = "decision", _("Decision")
    CIRCULAR = "circular", _("Circular")
    DISPATCH = "dispatch", _("Official dispatch")
    NOTICE = "notice", _("Official notice")
    PLAN = "plan", _("Official plan")
    STANDARD = "standard", _("Technical standard")


class Force(models.TextChoices):
    """What kind of force a text has."""

    LAW = "law", _("Binding law")
    GUIDANCE = "guidance", _("Guidance")
    STANDARD = "standard", _("Technical norm")
    AGENCY = "agency", _("Text of one agency")


class UnitChoice(models.TextChoices):
    WORKING_DAY = Unit.WORKING_DAY.value, _("working days")
    CALENDAR_DAY = Unit.CALENDAR_DAY.value, _("calendar days")
    MONTH = Unit.MONTH.value, _("months")
    YEAR = Unit.YEAR.value, _("years")
    HOUR = Unit.HOUR.value, _("hours")
    DATE = Unit.DATE.value, _("a date")
    YEARLY_DATE = Unit.YEARLY_DATE.value, _("day of every year")
    COUNT = Unit.COUNT.value, _("a number")
    TIMES_PER_MONTH = Unit.TIMES_PER_MONTH.value, _("times a month")
    TIMES_PER_QUARTER = Unit.TIMES_PER_QUARTER.value, _("times a quarter")
    TIMES_PER_YEAR = Unit.TIMES_PER_YEAR.value, _("times a year")
    PERCENT = Unit.PERCENT.value, _("percent")
    SCORE = Unit.SCORE.value, _("points of a scale")
    MONEY = Unit.MONEY.value, _("dong")
    YES_NO = Unit.YES_NO.value, _("yes or no")
    ROLE = Unit.ROLE.value, _("competent role")
    TEXT = Unit.TEXT.value, _("words")
    IMMEDIATE = Unit.IMMEDIATE.value, _("at once")
    NONE = Unit.NONE.value, _("no limit in law")
    UNKNOWN = Unit.UNKNOWN.value, _("not found yet")


class BoundChoice(models.TextChoices):
    EXACTLY = Bound.EXACTLY.value, _("exactly")
    AT_MOST = Bound.AT_MOST.value, _("at most")
    AT_LEAST = Bound.AT_LEAST.value, _("at least")
    BEFORE = Bound.BEFORE.value, _("before")


class InstrumentStatus(models.TextChoices):
    NOT_YET = "not_yet", _("Not yet in force")
    IN_FORCE = "in_force", _("In force")
    PARTLY = "partly", _("Partly in force")
    ENDED = "ended", _("No longer in force")
    UNKNOWN = "unknown", _("Dates not known")


class Edited(models.Model):
    """A fact that may be entered or corrected here; what was touched here is not overwritten by a new edition."""

    edited_at = models.DateTimeField(null=True, blank=True)
    edited_because = models.CharField(max_length=1000, blank=True)

    class Meta:
        abstract = True

    def touch(self, because: str) -> None:
        """Note that the fact is this installation's own from now on, and why."""
        self.edited_at = timezone.now()
        self.edited_because = because[:1000]


class FactSource(models.Model):
    """Where a fact was read."""

    key = models.CharField(max_length=30, unique=True)
    vi = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    url = models.URLField(max_length=400, blank=True)

    def __str__(self) -> str:
        return self.key


class Instrument(Edited):
    """One legal text, or one piece of guidance."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=InstrumentKind.choices)
    force = models.CharField(max_length=10, choices=Force.choices)
    number = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    issuer_vi = models.CharField(max_length=150)
    issuer_en = models.CharField(max_length=150)
    issued_on = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    sources = models.JSONField(default=list)
    note_vi = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.citation("vi")

    def citation(self, locale: str = "vi") -> str:
        """`Nghị định số 47/2020/NĐ-CP`."""
        title = self.title_vi if locale.startswith("vi") else self.title_en
        return instrument_text(self.kind, self.number, title, locale)

    def full_citation(self) -> str:
        """Kind, number, day, issuer and title, as the basis of an official paper cites it (in Vietnamese)."""
        return full_text(
            self.kind, self.number, self.title_vi, issued_on=self.issued_on, issuer=self.issuer_vi
        )

    def in_force_on(self, day: date) -> bool:
        """Whether the text held on a day; a text whose dates are not known is taken to hold."""
        if self.in_force_from is not None and day < self.in_force_from:
            return False
        return self.in_force_to is None or day <= self.in_force_to

    def status_on(self, day: date, *, touched: bool = False) -> str:
        """Its status on a day; `touched` says that parts of it had been repealed by then."""
        if self.in_force_to is not None and day > self.in_force_to:
            return InstrumentStatus.ENDED
        if self.in_force_from is None:
            return InstrumentStatus.UNKNOWN
        if day < self.in_force_from:
            return InstrumentStatus.NOT_YET
        return InstrumentStatus.PARTLY if touched else InstrumentStatus.IN_FORCE


class Provision(Edited):
    """One place in a text: article, clause, point, or a place with another name; an empty place is the
    whole text.
    """

    ref = models.CharField(max_length=90, unique=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="provisions")
    at = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=10, blank=True)
    clause = models.CharField(max_length=10, blank=True)
    point = models.CharField(max_length=5, blank=True)
    place_vi = models.CharField(max_length=80, blank=True)
    place_en = models.CharField(max_length=80, blank=True)
    summary_vi = models.CharField(max_length=400)
    summary_en = models.CharField(max_length=400)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["instrument__position", "position"]

    def __str__(self) -> str:
        return self.citation("vi")

    def place(self, locale: str = "vi") -> str:
        """`khoản 3 Điều 35`; empty for the whole text."""
        named = self.place_vi if locale.startswith("vi") else self.place_en
        return named or place_text(Place(self.article, self.clause, self.point), locale)

    def citation(self, locale: str = "vi") -> str:
        """`khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP`."""
        return provision_text(self.place(locale), self.instrument.citation(locale), locale)


class ProvisionRelation(Edited):
    """What one text did to another, or to a place in it, and from which day."""

    class Kind(models.TextChoices):
        REPEALS = "repeals", _("repeals")
        AMENDS = "amends", _("amends")
        REPLACES = "replaces", _("replaces")
        DETAILS = "details", _("details")
        ISSUES = "issues", _("issues")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    source_instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="acts_on")
    source_place = models.CharField(max_length=40, blank=True)
    target_instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="acted_on_by")
    target_place = models.CharField(max_length=40, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    sources = models.JSONField(default=list)

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_instrument", "source_place", "target_instrument", "target_place"],
                name="one_relation_per_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_instrument_id} {self.kind} {self.target_instrument_id} {self.target_place}"

    @property
    def ends_its_target(self) -> bool:
        return self.kind in {self.Kind.REPEALS, self.Kind.REPLACES}

    def source_words(self, locale: str = "vi") -> str:
        """The place that does it, as it is cited."""
        place = place_text(place_of(self.source_place), locale)
        return provision_text(place, self.source_instrument.citation(locale), locale)

    def target_words(self, locale: str = "vi") -> str:
        """The place that is touched, as it is cited."""
        place = place_text(place_of(self.target_place), locale)
        return provision_text(place, self.target_instrument.citation(locale), locale)


class RuleSet(models.Model):
    """The rules that held together between two days; a case pins one at its anchor event."""

    code = models.CharField(max_length=40, unique=True)
    title_vi = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150)
    note_vi = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.JSONField(default=list)

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="rule_set_dates"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def title(self, locale: str = "vi") -> str:
        return self.title_vi if locale.startswith("vi") else self.title_en


class Parameter(models.Model):
    """One number, date or word of one rule set, in force between two days, for all databases or for one."""

    key = models.CharField(max_length=80)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="parameters")
    database_code = models.CharField(max_length=60, blank=True)
    narrows = models.CharField(max_length=80, blank=True)
    """The general key that this row replaces for its one database."""
    group = models.CharField(max_length=30)
    label_vi = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    value = models.CharField(_("Value"), max_length=200, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, choices=UnitChoice.choices)
    bound = models.CharField(max_length=10, choices=BoundChoice.choices, blank=True)
    ahead = models.BooleanField(default=False)
    """Counted back from a planned event: a notice given at least so long before."""
    anchor = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, blank=True)
    also_cites = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    mark = models.CharField(_("Mark"), max_length=10, choices=Mark.choices)
    note_vi = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)
    shipped_value = models.CharField(max_length=200, blank=True)
    shipped_unit = models.CharField(max_length=20, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_because = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["group", "key", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "rule_set", "database_code", "valid_from"], name="one_parameter_row_per_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="parameter_dates"
            ),
        ]
        indexes = [models.Index(fields=["narrows"], name="parameter_narrows")]

    def __str__(self) -> str:
        return f"{self.key} ({self.rule_set_id})"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def label(self, locale: str = "vi") -> str:
        return self.label_vi if locale.startswith("vi") else self.label_en

    @property
    def left_to_the_agency(self) -> bool:
        """Whether no text that was read sets a number here, so that the agency may."""
        without = {Unit.NONE, Unit.IMMEDIATE, Unit.UNKNOWN}
        return self.mark in {Mark.AGENCY, Mark.UNVERIFIED} or self.unit in without


class TermLabel(models.Model):
    """The word that one rule set uses for a thing."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="labels")
    code = models.CharField(max_length=40)
    vi = models.CharField(max_length=150)
    en = models.CharField(max_length=150)
    note_vi = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code", "rule_set__valid_from"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "code"], name="one_label_per_rule_set")]

    def __str__(self) -> str:
        return f"{self.code}: {self.vi}"


class AuthorityRole(models.Model):
    """Whom the law makes competent for a topic between two days: a role, not an agency."""

    topic = models.CharField(max_length=60)
    topic_vi = models.CharField(max_length=150)
    topic_en = models.CharField(max_length=150)
    role = models.CharField(max_length=60)
    role_vi = models.CharField(max_length=150)
    role_en = models.CharField(max_length=150)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, blank=True)
    sources = models.JSONField(default=list)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    note_vi = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "valid_from"], name="one_authority_role_per_start")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.role}"


class ChecklistLine(models.Model):
    """One thing that must be shown before a step is taken, under one rule set, between two days."""

    kind = models.CharField(max_length=30)
    requirement = models.CharField(max_length=20)
    looks_at = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="checklist_lines")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT)
    also_cites = models.JSONField(default=list)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    vi = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    hint_vi = models.CharField(max_length=300)
    hint_en = models.CharField(max_length=300)
    note_vi = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "position", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "requirement", "looks_at", "rule_set", "valid_from"],
                name="one_checklist_line_per_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.requirement} ({self.rule_set_id})"


class CalendarDay(models.Model):
    """A day on which offices do not work, work in exchange, or from which they close at another hour."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Day of rest")
        SWAPPED_WORKING = "swapped_working", _("Working day in exchange")
        CLOSING = "closing", _("Closing hour from this day on")

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    closing_hour = models.TimeField(null=True, blank=True)
    """For a closing hour: when the day ends; empty means 24:00 again."""
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=10, choices=Mark.choices)

    class Meta:
        ordering = ["day", "kind"]
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="one_entry_per_day_and_kind")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Clock(models.Model):
    """One running term of one record, with the rule that held when it began: the only place where a due
    date is kept.
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    subject_number = models.CharField(max_length=60, blank=True)
    """The case number that people say, where the record has one; a name could tell what is secret."""
    parameter_key = models.CharField(max_length=80)
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="clocks")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="clocks")
    database_code = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, choices=UnitChoice.choices)
    bound = models.CharField(max_length=10, choices=BoundChoice.choices, blank=True)
    ahead = models.BooleanField(default=False)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, blank=True)
    anchor_event = models.CharField(max_length=40)
    anchor_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="clock_subject"),
            models.Index(fields=["due_at"], name="clock_running", condition=Q(stopped_at__isnull=True)),
            models.Index(
                fields=["parameter_key"], name="clock_running_key", condition=Q(stopped_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "parameter_key"],
                condition=Q(stopped_at__isnull=True),
                name="one_running_clock_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parameter_key} {self.subject_kind}:{self.subject_id}"

    @property
    def subject_text(self) -> str:
        """What the term is counted for: the case number, else kind and id."""
        return self.subject_number or f"{self.subject_kind} {self.subject_id}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def in_time(self) -> bool | None:
        """Whether it ended in time; None while it runs."""
        return None if self.stopped_at is None else self.stopped_at <= self.due_at

    def as_term(self) -> Term:
        """The counted term as the rules speak of it; a term by date is told in calendar days."""
        unit = Unit(self.unit)
        spoken = Unit.CALENDAR_DAY if unit in {Unit.DATE, Unit.YEARLY_DATE} else unit
        return Term(due_on=self.due_on, due_at=self.due_at, unit=spoken)


class ShippedFacts(models.Model):
    """Which edition of the shipped files is in the tables."""

    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest
