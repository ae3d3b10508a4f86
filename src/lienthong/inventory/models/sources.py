"""Sources of databases, looks at them, and assessments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.catalogue.models import Database
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.models import Job


class SourceKind(models.TextChoices):
    POSTGRESQL = "postgresql", _("PostgreSQL database")
    MYSQL = "mysql", _("MySQL or MariaDB database")
    ORACLE = "oracle", _("Oracle database")
    SQLSERVER = "sqlserver", _("SQL Server database")
    SQLITE = "sqlite", _("SQLite file")
    FILE = "file", _("File")
    FOLDER = "folder", _("Folder of files")


class MeasureChoice(models.TextChoices):
    CAPTURED = "captured", _("Read once, then measured here")
    IN_PLACE = "in_place", _("Measured by the source itself, nothing is copied")


class SourceState(models.TextChoices):
    BOUND = "bound", _("Bound, not looked at yet")
    REACHED = "reached", _("Read at the last look")
    FAILED = "failed", _("Not read at the last look")
    RELEASED = "released", _("Released")


class StoredSecret(models.Model):
    """A password, encrypted with this installation's key; shown to nobody, destroyed when its source goes."""

    ciphertext = models.BinaryField()
    stored_at = models.DateTimeField(default=timezone.now)
    stored_by = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return "***"


class Source(models.Model):
    """The live database or file behind a database on record. Its address holds no password."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(_("Kind"), max_length=12, choices=SourceKind.choices)
    address = models.CharField(max_length=600, blank=True)
    """Where it is, without password; empty for a file that was handed in."""
    uploaded = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="sources"
    )
    secret = models.OneToOneField(
        StoredSecret, on_delete=models.SET_NULL, null=True, blank=True, related_name="source"
    )
    measure = models.CharField(
        _("How it is measured"), max_length=10, choices=MeasureChoice.choices, default=MeasureChoice.CAPTURED
    )
    secret_ref = models.CharField(max_length=300, blank=True)
    """Where the password is instead: `env:NAME` or `file:/path`."""
    state = models.CharField(max_length=10, choices=SourceState.choices, default=SourceState.BOUND)
    bound_at = models.DateTimeField(default=timezone.now)
    bound_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-bound_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["database"], condition=~Q(state="released"), name="one_source_per_database"
            ),
            models.CheckConstraint(
                condition=Q(secret__isnull=True) | Q(secret_ref=""), name="one_place_for_the_password"
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """What may be displayed of where it is."""
        return self.uploaded.name if self.uploaded else self.address

    @property
    def has_password(self) -> bool:
        return self.secret_id is not None or bool(self.secret_ref)


class Survey(models.Model):
    """One look at a source: what tables and columns there are, and what is in them."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="surveys")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="surveys")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="survey")
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    """How long the reading took, in seconds."""
    tables = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    """What could not be read or was read with care, as the engine tells it."""
    drifts = models.JSONField(default=list)
    """What changed since the look before: code, table, column, was, now."""
    scores = models.JSONField(default=dict)
    """How good the data were by the rules of this look: whole, criteria, characteristics, the worst columns."""
    summary = models.JSONField(default=dict)
    """What the page of the look shows first: each table in numbers, findings by weight, the gravest of them."""
    before = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-begun_at", "-pk"]
        indexes = [models.Index(fields=["database", "finished_at"], name="survey_database")]

    def __str__(self) -> str:
        return f"{self.database_id}: {self.begun_at:%d/%m/%Y %H:%M}"


class SurveyQuality(models.Model):
    """What the page of quality shows of one look, reckoned when it was recorded."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="quality")
    facts = models.JSONField()

    def __str__(self) -> str:
        return str(self.survey_id)


class SurveyedTable(models.Model):
    """What one look found in one table, kept at once, so that a look goes on where it was cut off."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="surveyed")
    place = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    rows = models.BigIntegerField()
    form = models.JSONField()
    """The table in the published form of a look: keys, and per column type, nulls, distinct, min, max."""
    hashes = models.BinaryField(null=True)
    """Sealed: what columns are compared by while the look goes on; destroyed when it is recorded."""

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["survey", "name"], name="one_table_of_a_survey")]

    def __str__(self) -> str:
        return self.name


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONCLUDED = "concluded", _("Concluded")


class Assessment(FSMModelMixin, models.Model):
    """The check of one database in one year: what was counted, what the owner concludes (INV-02)."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="assessments")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="assessments")
    year = models.PositiveIntegerField()
    state = FSMField(default=AssessmentState.DRAFT, choices=AssessmentState.choices, protected=True)
    profile = models.JSONField(default=list)
    """Tables with rows, completeness and columns (type, nulls, distinct, min, max), personal ones masked."""
    completeness = models.FloatField(default=0)
    """Filled cells among all cells, in percent."""
    findings = models.JSONField(default=list)
    """Defects: code, table, column, severity, evidence."""
    scores = models.JSONField(default=dict)
    """The scores of the look that it rests on."""
    items = models.JSONField(default=list)
    """For each data item as concluded: table, column, sharing class, whether others may use it (INV-03)."""
    quality = models.TextField(_("Accuracy, integrity, anomalies"), blank=True)
    standards = models.TextField(_("Compliance with standards"), blank=True)
    upkeep = models.TextField(_("Maintenance, update and use"), blank=True)
    shareable = models.BooleanField(_("Fit to be shared"), null=True)
    reason = models.TextField(_("Reason"), blank=True)
    conclusion = models.TextField(_("Conclusion"), blank=True)
    proposed_actions = models.TextField(_("Proposed actions"), blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-year", "-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["database"], condition=Q(state="draft"), name="one_draft_assessment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.database_id}: {self.year}"

    @property
    def score(self) -> int:
        """The score, rounded, out of 100; the completeness where no rule was evaluated."""
        total = self.scores.get("total")
        return round(self.completeness if total is None else total)

    @property
    def verdict(self) -> str:
        """Whether the data are fit to be shared, in the reader's language."""
        vi, en = VERDICTS[bool(self.shareable)]
        return vi if (get_language() or "vi").startswith("vi") else en

    @transition(
        field=state,
        source=AssessmentState.DRAFT,
        target=AssessmentState.CONCLUDED,
        custom={"vi": "Kết luận đánh giá", "en": "Conclude the assessment", "requirement": "INV-06"},
    )
    def conclude(self, *, written: dict[str, object]) -> None:
        for name, value in written.items():
            setattr(self, name, value)
        self.concluded_at = timezone.now()


VERDICTS: dict[bool, tuple[str, str]] = {
    True: ("dữ liệu chia sẻ được", "the data are fit to be shared"),
    False: ("dữ liệu chưa chia sẻ được", "the data are not fit to be shared yet"),
}
