"""The log of quality warnings: what is wrong with data, who mends it by when, and what a later look shows (GOVF-12)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, DataField
from lienthong.law.models import Clock

from .sources import Survey


class ErrorType(models.TextChoices):
    """Eight types of error; the names are the product's own until the text of the appendix can be read."""

    MISSING = "missing", _("Missing data")
    WRONG_VALUE = "wrong_value", _("Wrong value")
    WRONG_FORM = "wrong_form", _("Wrong form or type")
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_IN_LIST = "not_in_list", _("Not in the code list")
    STALE = "stale", _("Not kept up to date")
    INCONSISTENT = "inconsistent", _("Fields or tables contradict each other")
    OFF_AUTHORITY = "off_authority", _("Differs from the authority")


class Light(models.TextChoices):
    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")


class WarnedBy(models.TextChoices):
    LOOK = "look", _("A look at the source")
    OFFICER = "officer", _("An officer")
    CONSUMER = "consumer", _("An agency that uses the data")
    AUTHORITY = "authority", _("The authority of the data")
    AUDIT = "audit", _("A data audit")
    CITIZEN = "citizen", _("A citizen or a company")


class IssueState(models.TextChoices):
    OPEN = "open", _("To be verified")
    CONFIRMED = "confirmed", _("Cause confirmed, being mended")
    MENDED = "mended", _("Mended, to be rechecked")
    CLOSED = "closed", _("Closed")


class QualityIssue(FSMModelMixin, models.Model):
    """One warning about the quality of a field or table, until a later look or a reason closes it."""

    number = models.CharField(max_length=20, unique=True)
    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="quality_issues")
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="quality_issues")
    """Who mends it."""
    field = models.ForeignKey(
        DataField, on_delete=models.SET_NULL, null=True, blank=True, related_name="quality_issues"
    )
    table = models.CharField(_("Table"), max_length=255, blank=True)
    column = models.CharField(_("Column"), max_length=255, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    """The rule of a look that found it; empty for what people report."""
    error_type = models.CharField(_("Type of error"), max_length=16, choices=ErrorType.choices)
    light = models.CharField(_("Severity"), max_length=8, choices=Light.choices)
    warned_by = models.CharField(_("Source of the warning"), max_length=12, choices=WarnedBy.choices)
    text_vi = models.TextField(_("What is wrong"))
    text_en = models.TextField(blank=True)
    is_complex = models.BooleanField(_("Right or wrong cannot be decided yet"), default=False)
    state = FSMField(default=IssueState.OPEN, choices=IssueState.choices, protected=True)
    cause = models.TextField(_("Cause"), blank=True)
    measure = models.TextField(_("What was done"), blank=True)
    outcome = models.TextField(_("Why it was closed"), blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    mended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    rechecked = models.ForeignKey(
        Survey, on_delete=models.SET_NULL, null=True, blank=True, related_name="rechecked_issues"
    )
    """The look that showed it gone."""
    clock = models.ForeignKey(Clock, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The whole term, where the rules of the day set one."""
    reported_at = models.DateTimeField(null=True, blank=True)
    """When the head was told that it is overdue."""

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["database", "state"], name="issue_database")]
        constraints = [
            models.UniqueConstraint(
                fields=["database", "table", "column", "rule"],
                condition=~Q(state="closed") & ~Q(rule=""),
                name="one_open_issue_of_a_finding",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """Which table or column it is about."""
        return ".".join(part for part in (self.table, self.column) if part)

    def text(self, locale: str) -> str:
        """What is wrong, in the reader's language where it was said in it."""
        return self.text_vi if locale.startswith("vi") or not self.text_en else self.text_en

    @transition(
        field=state,
        source=IssueState.OPEN,
        target=IssueState.CONFIRMED,
        custom={"vi": "Xác minh nguyên nhân", "en": "Confirm the cause", "requirement": "GOVF-12"},
    )
    def confirm(self, *, cause: str) -> None:
        self.cause, self.confirmed_at = cause, timezone.now()

    @transition(
        field=state,
        source=IssueState.CONFIRMED,
        target=IssueState.MENDED,
        custom={"vi": "Báo đã sửa dữ liệu", "en": "Report as mended", "requirement": "GOVF-12"},
    )
    def mend(self, *, measure: str) -> None:
        self.measure, self.mended_at = measure, timezone.now()

    @transition(
        field=state,
        source=IssueState.MENDED,
        target=IssueState.CONFIRMED,
        custom={"vi": "Mở lại sau kiểm tra", "en": "Reopen after the recheck", "requirement": "GOVF-12"},
    )
    def reopen(self, *, rechecked: Survey) -> None:
        self.rechecked, self.mended_at = rechecked, None

    @transition(
        field=state,
        source=[IssueState.OPEN, IssueState.CONFIRMED, IssueState.MENDED],
        target=IssueState.CLOSED,
        custom={"vi": "Đóng phiếu", "en": "Close the warning", "requirement": "GOVF-12"},
    )
    def close(self, *, outcome: str, rechecked: Survey | None = None) -> None:
        self.outcome, self.closed_at = outcome, timezone.now()
        self.rechecked = rechecked or self.rechecked
