"""Open datasets, their risk check and their publications."""

from __future__ import annotations

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.agencies.models import Agency
from lienthong.authority.models import CorrectionCase
from lienthong.catalogue.models import Dataset, DatasetVersion
from lienthong.foundation.files.models import StoredFile
from lienthong.law.models import Clock


class Classification(models.TextChoices):
    OPEN = "open", _("Open data")
    PUBLIC_NOT_OPEN = "public_not_open", _("Public information, not open data")
    RESTRICTED = "restricted", _("Not to be published")


class DataKind(models.TextChoices):
    """The kinds of ODA-04."""

    TEXT = "text", _("Text")
    STATISTICS = "statistics", _("Statistics and shared data")
    OBSERVATION = "observation", _("Monitoring and IoT")


class OpenState(models.TextChoices):
    CLASSIFIED = "classified", _("Classified")
    RISK_CHECKED = "risk_checked", _("Risk checked")
    LISTED = "listed", _("In the open-data catalogue")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OpenDataset(FSMModelMixin, models.Model):
    """A dataset on its way to everybody (C8; fields D.10)."""

    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, related_name="open_dataset")
    slug = models.SlugField(max_length=100, unique=True)
    publisher = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="open_datasets")
    classification = models.CharField(_("Classification"), max_length=16, choices=Classification.choices)
    classified_because = models.TextField(_("Reason"), blank=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=DataKind.choices, default=DataKind.STATISTICS)
    topic = models.CharField(_("Topic"), max_length=100, blank=True)
    method_note = models.TextField(_("What to know before use"), blank=True)
    precaution = models.TextField(_("Precaution"), blank=True)
    licence_code = models.CharField(_("Licence"), max_length=40, default="vn-open")
    columns = models.JSONField(default=list)
    """The columns that are opened, in order."""
    feedback_contact = models.CharField(_("Contact for feedback"), max_length=200, blank=True)
    state = FSMField(default=OpenState.CLASSIFIED, choices=OpenState.choices, protected=True)
    decision_number = models.CharField(_("Decision number"), max_length=60, blank=True)
    decision_date = models.DateField(_("Decision date"), null=True, blank=True)
    update_clock = models.ForeignKey(
        Clock, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    first_published_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    downloads = models.PositiveBigIntegerField(default=0)
    history = HistoricalRecords(excluded_fields=["downloads"])

    def __str__(self) -> str:
        return self.dataset.name

    def display_name(self, locale: str = "vi") -> str:
        return self.dataset.display_name(locale)

    @transition(
        field=state,
        source=[OpenState.CLASSIFIED, OpenState.RISK_CHECKED, OpenState.LISTED, OpenState.WITHDRAWN],
        target=OpenState.RISK_CHECKED,
        custom={
            "vi": "Ký xác nhận đánh giá rủi ro",
            "en": "Sign off the risk check",
            "requirement": "ODA-09",
        },
    )
    def sign_off_risk(self) -> None:
        """Done anew when the opened columns change, and before what was withdrawn goes out again."""

    @transition(
        field=state,
        source=OpenState.PUBLISHED,
        target=OpenState.PUBLISHED,
        custom={
            "vi": "Ký xác nhận đánh giá rủi ro của nội dung thay đổi",
            "en": "Sign off the risk check of what changed",
            "requirement": "ODA-09",
        },
    )
    def sign_off_change(self) -> None:
        """What is out stays out; the next version goes out with the columns that were checked."""

    @transition(
        field=state,
        source=OpenState.RISK_CHECKED,
        target=OpenState.LISTED,
        custom={
            "vi": "Đưa vào danh mục dữ liệu mở",
            "en": "Put into the open-data catalogue",
            "requirement": "ODA-07",
        },
    )
    def enter_catalogue(self, *, number: str, on: date) -> None:
        self.decision_number, self.decision_date = number, on

    @transition(
        field=state,
        source=[OpenState.LISTED, OpenState.PUBLISHED],
        target=OpenState.PUBLISHED,
        custom={"vi": "Công bố", "en": "Publish", "requirement": "ODA-12", "clock": "open_dataset.update"},
    )
    def publish(self) -> None:
        self.first_published_at = self.first_published_at or timezone.now()
        self.last_confirmed_at = timezone.now()
        self.withdrawn_at, self.withdrawn_because = None, ""

    @transition(
        field=state,
        source=OpenState.PUBLISHED,
        target=OpenState.WITHDRAWN,
        custom={"vi": "Thu hồi", "en": "Withdraw", "requirement": "ODA-01"},
    )
    def withdraw(self, *, because: str) -> None:
        self.withdrawn_at, self.withdrawn_because = timezone.now(), because[:300]


class RiskCheck(models.Model):
    """The check before publication (ODA-09): three questions, each with what was looked at, signed by a person."""

    open_dataset = models.ForeignKey(OpenDataset, on_delete=models.CASCADE, related_name="risk_checks")
    columns = models.JSONField(default=list)
    personal_found = models.JSONField(default=list)
    """Columns that hold personal data by what was confirmed of them."""
    personal_answer = models.TextField(_("No personal information"))
    combination_answer = models.TextField(_("Combined with other data nobody can be identified"))
    security_answer = models.TextField(_("No risk to safety and security"))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-signed_at"]

    def __str__(self) -> str:
        return f"{self.open_dataset}: {self.signed_at:%Y-%m-%d}"


class Publication(models.Model):
    """One published version with its files; it stays for as long as the installation."""

    open_dataset = models.ForeignKey(OpenDataset, on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    columns = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["open_dataset", "number"], name="one_publication_number")
        ]

    def __str__(self) -> str:
        return f"{self.open_dataset} v{self.number}"


class PublishedFile(models.Model):
    """One downloadable file of a publication."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=12)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["publication", "format"], name="one_file_per_format")]

    def __str__(self) -> str:
        return f"{self.publication}.{self.format}"


class ReportSubject(models.TextChoices):
    """What a report of a reader is about, as feedback is looked at (ODA-14): quality, availability, format, legality."""

    VALUES = "values", _("Wrong values")
    COVERAGE = "coverage", _("Rows are missing or out of date")
    FORMAT = "format", _("A file cannot be used")
    LAWFULNESS = "lawfulness", _("Content that must not be public")


# Letters and digits that are not taken for one another when a code is read out or written down.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def report_code() -> str:
    """A code that nobody can guess, in groups that can be read out: 59 bits."""
    drawn = [secrets.choice(CODE_LETTERS) for _place in range(12)]
    return "-".join("".join(drawn[start : start + 4]) for start in (0, 4, 8))


class ReaderReport(models.Model):
    """That a reader of an open dataset said it is wrong; who said so is neither asked nor kept.

    What was said, found and done stands in the correction that it opened. Who has the code sees what became of it.
    """

    code = models.CharField(max_length=14, unique=True, default=report_code, editable=False)
    open_dataset = models.ForeignKey(OpenDataset, on_delete=models.PROTECT, related_name="reader_reports")
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="reader_reports"
    )
    subject = models.CharField(
        _("Kind of error"), max_length=10, choices=ReportSubject.choices, default=ReportSubject.VALUES
    )
    case = models.OneToOneField(CorrectionCase, on_delete=models.PROTECT, related_name="reader_report")
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.open_dataset}: {self.case}"
