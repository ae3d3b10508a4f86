"""Data audits (C17): scope, what was measured by three sets of indicators, findings, sign-off, follow-up (GOVF-14)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database

from ..auditing import period_end, period_start
from .quality import Light, QualityIssue
from .upgrades import UpgradeItem


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class AuditKind(models.TextChoices):
    SELF = "self", _("Self audit")
    CROSS = "cross", _("Cross audit by another agency")


class AuditPeriod(models.TextChoices):
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class AuditState(models.TextChoices):
    PLANNED = "planned", _("Audit planned")
    SCOPED = "scoped", _("Scope decided")
    MEASURED = "measured", _("Measured")
    REPORTED = "reported", _("Reported, to be signed")
    SIGNED = "signed", _("Report signed")
    FOLLOW_UP = "follow_up", _("Findings being followed up")
    CLOSED = "closed", _("Audit closed")


class AuditSet(models.TextChoices):
    GOVERNANCE = "audit_governance", _("Governance of data")
    QUALITY = "audit_quality", _("Quality and compliance")
    TECHNOLOGY = "audit_technology", _("Technology")


class FollowUp(models.TextChoices):
    UPGRADE = "upgrade", _("Upgrade item")
    ISSUE = "issue", _("Quality warning")
    STATEMENT = "statement", _("Written answer of the unit")


def _step(vi: str, en: str, requirement: str = "GOVF-14") -> dict[str, str]:
    return {"vi": vi, "en": en, "requirement": requirement}


class DataAudit(FSMModelMixin, models.Model):
    """One audit of an agency's data over a quarter or a year, by somebody who does not own them."""

    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="data_audits")
    auditor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="audits_made", verbose_name=_("Auditing unit")
    )
    lead = models.CharField(_("Lead auditor"), max_length=200)
    kind = models.CharField(_("Kind of audit"), max_length=8, choices=AuditKind.choices)
    period = models.CharField(_("Period"), max_length=8, choices=AuditPeriod.choices)
    year = models.PositiveIntegerField(_("Year"))
    quarter = models.PositiveSmallIntegerField(_("Quarter"), default=0)
    """1 to 4; 0 for the whole year."""
    aim = models.TextField(_("Aim and contents of the audit"))
    state = FSMField(default=AuditState.PLANNED, choices=AuditState.choices, protected=True)
    databases = models.ManyToManyField(Database, blank=True, related_name="data_audits")
    """The scope; never a secret one."""
    scale = models.PositiveSmallIntegerField(default=0)
    """The highest level of maturity, as the law of the day has it."""
    levels = models.JSONField(default=dict)
    """Maturity by set and as a whole: value, indicators measured."""
    conclusion = models.TextField(_("Conclusion"), blank=True)
    recommendations = models.TextField(_("Recommendations"), blank=True)
    facts = models.JSONField(default=dict)
    """What the report says, as it stood when it was drawn up."""
    report_number = models.CharField(_("Number of the report"), max_length=60, blank=True)
    report_date = models.DateField(_("Date of the report"), null=True, blank=True)
    returned_because = models.TextField(blank=True)
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = _person()
    measured_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = _person()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = _person()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "-quarter", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "year", "quarter"], name="one_audit_of_a_kind_in_a_period"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return period_start(self.year, self.quarter)

    @property
    def last_day(self) -> date:
        """The last day of the period, by which the audit is to be done."""
        return period_end(self.year, self.quarter)

    @property
    def span(self) -> str:
        """The period in the reader's language: quý IV/2026, năm 2026."""
        vietnamese = (get_language() or "vi").startswith("vi")
        if not self.quarter:
            return f"năm {self.year}" if vietnamese else f"{self.year}"
        roman = ("I", "II", "III", "IV")[self.quarter - 1]
        return f"quý {roman}/{self.year}" if vietnamese else f"quarter {roman}/{self.year}"

    @property
    def is_open_for_measuring(self) -> bool:
        return self.state in (AuditState.SCOPED, AuditState.MEASURED)

    @property
    def is_late(self) -> bool:
        """Whether the period is over and the report is not signed yet."""
        before = (AuditState.PLANNED, AuditState.SCOPED, AuditState.MEASURED, AuditState.REPORTED)
        return self.state in before and self.last_day < timezone.localdate()

    @transition(
        field=state,
        source=[AuditState.PLANNED, AuditState.SCOPED],
        target=AuditState.SCOPED,
        custom=_step("Xác định phạm vi kiểm toán", "Decide the scope"),
    )
    def scope(self) -> None:
        """Which databases are audited is decided."""

    @transition(
        field=state,
        source=[AuditState.SCOPED, AuditState.MEASURED],
        target=AuditState.MEASURED,
        custom=_step("Đo các chỉ số", "Measure the indicators"),
    )
    def measure(self, *, levels: dict[str, Any], scale: int) -> None:
        self.levels, self.scale, self.measured_at = levels, scale, timezone.now()

    @transition(
        field=state,
        source=AuditState.MEASURED,
        target=AuditState.REPORTED,
        custom=_step("Báo cáo kết quả kiểm toán", "Report the result", "D278-13"),
    )
    def report(self, *, facts: dict[str, Any], conclusion: str, recommendations: str, by: int | None) -> None:
        self.facts, self.conclusion, self.recommendations = facts, conclusion, recommendations
        self.reported_at, self.reported_by_id, self.returned_because = timezone.now(), by, ""

    @transition(
        field=state,
        source=AuditState.REPORTED,
        target=AuditState.MEASURED,
        custom=_step("Trả lại báo cáo kiểm toán", "Send the report back", "D278-13"),
    )
    def send_back(self, *, because: str) -> None:
        self.returned_because = because

    @transition(
        field=state,
        source=AuditState.REPORTED,
        target=AuditState.SIGNED,
        custom=_step("Ký xác nhận báo cáo kiểm toán", "Sign the report", "D278-13"),
    )
    def sign(self, *, facts: dict[str, Any], number: str, day: date, by: int | None) -> None:
        self.facts, self.report_number, self.report_date = facts, number, day
        self.signed_at, self.signed_by_id = timezone.now(), by

    @transition(
        field=state,
        source=AuditState.SIGNED,
        target=AuditState.FOLLOW_UP,
        custom=_step("Theo dõi thực hiện kiến nghị", "Follow the findings up"),
    )
    def follow_up(self) -> None:
        """Each finding has become an upgrade item, a quality warning or a question to the unit."""

    @transition(
        field=state,
        source=AuditState.FOLLOW_UP,
        target=AuditState.CLOSED,
        custom=_step("Đóng cuộc kiểm toán", "Close the audit"),
    )
    def close(self) -> None:
        self.closed_at = timezone.now()


class AuditMeasure(models.Model):
    """One indicator of an audit: what was looked at and found by the product, or judged by the auditor with evidence."""

    audit = models.ForeignKey(DataAudit, on_delete=models.CASCADE, related_name="measures")
    set = models.CharField(max_length=20, choices=AuditSet.choices)
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    requirement = models.CharField(max_length=20)
    provision = models.CharField(max_length=120)
    mark = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    hint_vi = models.CharField(max_length=300, blank=True)
    hint_en = models.CharField(max_length=300, blank=True)
    by_hand = models.BooleanField(default=False)
    """Whether the auditor judges it; else the product measures it."""
    count = models.FloatField(default=0)
    whole = models.FloatField(default=0)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    """From 0 to the scale of the audit; empty while unknown or where there is nothing to measure."""
    seen = models.JSONField(default=dict)
    """What was looked at, in both languages, and the count of each database."""
    evidence = models.TextField(_("Evidence"), blank=True)
    not_applicable = models.CharField(_("Why it does not apply"), max_length=300, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    entered_by = _person()

    class Meta:
        ordering = ["set", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "set", "key"], name="one_measure_of_an_audit")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        return self.name_vi if (get_language() or "vi").startswith("vi") else self.name_en

    @property
    def hint(self) -> str:
        return self.hint_vi if (get_language() or "vi").startswith("vi") else self.hint_en

    @property
    def looked_at(self) -> str:
        """What was looked at and found, in the reader's language."""
        return str(self.seen.get("vi" if (get_language() or "vi").startswith("vi") else "en", ""))

    @property
    def share(self) -> float | None:
        """How much of what was looked at is as it should be, in percent."""
        return 100 * self.count / self.whole if self.whole else None

    @property
    def is_waiting(self) -> bool:
        """Whether the auditor still has to judge it."""
        return self.by_hand and self.level is None and not self.not_applicable


class AuditFinding(models.Model):
    """What an audit found wrong: where, how grave, what is to be done, and what became of it."""

    audit = models.ForeignKey(DataAudit, on_delete=models.CASCADE, related_name="found")
    measure = models.ForeignKey(
        AuditMeasure, on_delete=models.SET_NULL, null=True, blank=True, related_name="found"
    )
    database = models.ForeignKey(
        Database, on_delete=models.CASCADE, null=True, blank=True, related_name="audit_findings"
    )
    """Empty for what concerns the agency as a whole."""
    text = models.TextField(_("What was found"))
    action = models.TextField(_("What is to be done"))
    light = models.CharField(_("Severity"), max_length=8, choices=Light.choices)
    follow_up = models.CharField(_("Followed up as"), max_length=10, choices=FollowUp.choices)
    upgrade = models.ForeignKey(
        UpgradeItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="audit_findings"
    )
    issue = models.ForeignKey(
        QualityIssue, on_delete=models.SET_NULL, null=True, blank=True, related_name="audit_findings"
    )
    answer = models.TextField(_("Answer of the unit"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = _person()
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_settled(self) -> bool:
        """Whether what follows from it is done: the item is over, the warning closed, the question answered."""
        if self.upgrade is not None:
            return bool(self.upgrade.is_over)
        if self.issue is not None:
            return bool(self.issue.state == "closed")
        return bool(self.answer)
