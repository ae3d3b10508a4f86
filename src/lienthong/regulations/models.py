"""Regulations of use in their versions, exchange structures, sharing processes, each run of the gate."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import nfc, sort_key

from . import rules


class Scope(models.TextChoices):
    """How far a regulation reaches (REG-01)."""

    GENERAL = "general", _("All databases of the agency")
    TOPIC = "topic", _("A group of data topics")
    DATABASE = "database", _("Named databases")


class Authentication(models.TextChoices):
    REQUIRED = "required", _("Consumers are authenticated")
    WAIVED = "waived", _("Consumers need not be authenticated")


class RegulationState(models.TextChoices):
    DRAFT = "draft", _("Being drafted")
    CONSISTENCY_CHECKED = "consistency_checked", _("Consistency checked")
    LEGAL_REVIEWED = "legal_reviewed", _("Legal opinion recorded")
    ISSUED = "issued", _("Issued")
    PUBLISHED = "published", _("Made public")
    AMENDED = "amended", _("Replaced by a later version")
    EXPIRED = "expired", _("Expired")


# States in which the regulation is public, and may hold or have held.
PUBLIC_STATES = (RegulationState.PUBLISHED, RegulationState.AMENDED, RegulationState.EXPIRED)
DRAFTING_STATES = (
    RegulationState.DRAFT,
    RegulationState.CONSISTENCY_CHECKED,
    RegulationState.LEGAL_REVIEWED,
)


class Regulation(FSMModelMixin, models.Model):
    """One version of a regulation on the use of shared data (C7, D.5)."""

    slug = models.SlugField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    number = models.CharField(_("Document number"), max_length=60, blank=True)
    title = models.CharField(_("Title of the regulation"), max_length=300)
    sort_key = models.CharField(max_length=620, editable=False, db_index=True)
    scope = models.CharField(_("Scope"), max_length=10, choices=Scope.choices)
    topic = models.CharField(_("Group of data topics"), max_length=250, blank=True)
    databases = models.ManyToManyField(Database, blank=True, related_name="regulations")
    issuer = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="regulations", verbose_name=_("Issuing agency")
    )
    drafting_unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = FSMField(default=RegulationState.DRAFT, choices=RegulationState.choices, protected=True)
    use_term = models.TextField(_("Term of data use"), blank=True)
    log_retention_months = models.PositiveSmallIntegerField(
        _("Sharing log is kept for (months)"), null=True, blank=True
    )
    authentication = models.CharField(
        _("Authentication of consumers"), max_length=10, choices=Authentication.choices, blank=True
    )
    account_issuing = models.TextField(_("Issuing of connection accounts"), blank=True)
    conditions = models.TextField(_("Conditions of use"), blank=True)
    breach_handling = models.TextField(_("Handling of breaches"), blank=True)
    body = models.TextField(_("Articles"), blank=True)
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    findings = models.JSONField(default=list)
    """Conflicts that the last consistency check found: other regulation, databases, clauses."""
    checked_at = models.DateTimeField(null=True, blank=True)
    legal_reviewer = models.CharField(_("Reviewed by"), max_length=200, blank=True)
    legal_opinion = models.TextField(_("Legal opinion"), blank=True)
    legal_document = models.CharField(_("Number of the opinion"), max_length=60, blank=True)
    legal_reviewed_at = models.DateTimeField(null=True, blank=True)
    issued_on = models.DateField(_("Issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective_from = models.DateField(_("In force from"), null=True, blank=True)
    effective_to = models.DateField(_("In force until"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    drafted_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(m2m_fields=[databases])

    class Meta:
        ordering = ["sort_key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="one_regulation_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="regulation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consistency_checked", "legal_reviewed"])
                | (~Q(number="") & Q(effective_from__isnull=False)),
                name="issued_regulation_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_from"], name="regulation_state")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.title = nfc(self.title)
        self.sort_key = sort_key(self.title)[:620]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def writing(self) -> str:
        """All that is written in it, in which other texts may be cited."""
        parts = (
            self.title, self.use_term, self.account_issuing, self.conditions, self.breach_handling, self.body
        )  # fmt: skip
        return "\n".join(part for part in parts if part)

    @property
    def terms(self) -> rules.Terms:
        return rules.Terms(**{name: getattr(self, name) for name in rules.MANDATORY_CLAUSES})

    @property
    def missing_clauses(self) -> tuple[str, ...]:
        return rules.missing_clauses(self.terms)

    @property
    def is_drafting(self) -> bool:
        return self.state in DRAFTING_STATES

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    def in_force_on(self, on: date) -> bool:
        """Whether this version holds on a date; a replaced or expired one still held in its own days."""
        return self.is_public and rules.in_force(self.effective_from, self.effective_to, on)

    @transition(
        field=state,
        source=[RegulationState.CONSISTENCY_CHECKED, RegulationState.LEGAL_REVIEWED],
        target=RegulationState.DRAFT,
        custom={"vi": "Sửa lại dự thảo", "en": "Return to drafting", "requirement": "REG-01"},
    )
    def return_to_draft(self) -> None:
        """The text is changed: what was checked no longer holds."""
        self.findings, self.checked_at = [], None
        self.legal_reviewer = self.legal_opinion = self.legal_document = ""
        self.legal_reviewed_at = None

    @transition(
        field=state,
        source=RegulationState.DRAFT,
        target=RegulationState.CONSISTENCY_CHECKED,
        custom={"vi": "Kiểm tra tính thống nhất", "en": "Check consistency", "requirement": "REG-02"},
    )
    def pass_consistency(self) -> None:
        self.findings, self.checked_at = [], timezone.now()

    @transition(
        field=state,
        source=RegulationState.CONSISTENCY_CHECKED,
        target=RegulationState.LEGAL_REVIEWED,
        custom={"vi": "Ghi nhận ý kiến pháp chế", "en": "Record the legal opinion", "requirement": "REG-01"},
    )
    def pass_legal_review(self, *, reviewer: str, opinion: str, document: str) -> None:
        self.legal_reviewer, self.legal_opinion, self.legal_document = reviewer, opinion, document
        self.legal_reviewed_at = timezone.now()

    @transition(
        field=state,
        source=RegulationState.LEGAL_REVIEWED,
        target=RegulationState.ISSUED,
        custom={"vi": "Ban hành quy chế", "en": "Issue the regulation", "requirement": "REG-07"},
    )
    def issue(self, *, number: str, issued_on: date, effective_from: date, effective_to: date | None) -> None:
        self.number, self.issued_on = number, issued_on
        self.effective_from, self.effective_to = effective_from, effective_to

    @transition(
        field=state,
        source=RegulationState.ISSUED,
        target=RegulationState.PUBLISHED,
        custom={"vi": "Công khai quy chế", "en": "Publish the regulation", "requirement": "REG-03"},
    )
    def publish(self) -> None:
        self.published_at = timezone.now()

    @transition(
        field=state,
        source=RegulationState.PUBLISHED,
        target=RegulationState.AMENDED,
        custom={"vi": "Thay bằng phiên bản mới", "en": "Replace by a later version", "requirement": "REG-03"},
    )
    def give_way(self, *, last_day: date) -> None:
        """A later version takes over on the day after `last_day`."""
        if self.effective_to is None or self.effective_to > last_day:
            self.effective_to = last_day

    @transition(
        field=state,
        source=RegulationState.PUBLISHED,
        target=RegulationState.EXPIRED,
        custom={"vi": "Hết hiệu lực", "en": "Expire", "requirement": "REG-04"},
    )
    def expire(self) -> None:
        """Its last day has passed."""


class ExchangeStructure(models.Model):
    """The recorded structure in which a database's data are exchanged (REG-05); the newest one counts."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="exchange_structures")
    title = models.CharField(_("Title of the document"), max_length=300)
    document_number = models.CharField(_("Document number"), max_length=60)
    document_date = models.DateField(_("Document date"))
    columns = models.JSONField()
    """Table, column, type and title of each item, as they were described when it was recorded."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"


class SharingProcess(models.Model):
    """The recorded process by which data of one database, or of an agency, are shared (REG-06)."""

    database = models.ForeignKey(
        Database, on_delete=models.CASCADE, null=True, blank=True, related_name="sharing_processes"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="sharing_processes"
    )
    title = models.CharField(_("Title of the document"), max_length=300)
    document_number = models.CharField(_("Document number"), max_length=60)
    document_date = models.DateField(_("Document date"))
    steps = models.JSONField()
    """The steps in order, one text each."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(database__isnull=False, agency__isnull=True)
                | Q(database__isnull=True, agency__isnull=False),
                name="process_of_database_or_agency",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"


class GateRun(models.Model):
    """One request to put a database into operation, and what the gate found, passed or not (REG-04)."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="gate_runs")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    passed = models.BooleanField()
    rule_set = models.CharField(max_length=20, blank=True)
    lines = models.JSONField()
    """Each line as evaluated: requirement, provision, text, what was found, verdict, hint, page."""

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["database", "asked_at"], name="gate_database")]

    def __str__(self) -> str:
        return f"{self.database} {'passed' if self.passed else 'refused'}"
