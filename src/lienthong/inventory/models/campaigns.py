"""The yearly inventory (C5): the campaign, the part of each unit, the line of each database in its survey."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database

from .sources import Survey

DEADLINE = "data_check.report"


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class CampaignState(models.TextChoices):
    PLANNED = "planned", _("Programme being prepared")
    APPROVED = "approved", _("Programme approved")
    RUNNING = "running", _("Units at work")
    CONSOLIDATED = "consolidated", _("Consolidated")
    CLOSED = "closed", _("Campaign closed")


class Campaign(FSMModelMixin, models.Model):
    """One yearly inventory of an agency and its units: programme, term, units, consolidated report."""

    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="campaigns")
    year = models.PositiveIntegerField(_("Year"))
    scope = models.TextField(_("Scope and contents of the check"))
    guidance = models.TextField(_("Guidance for the units"))
    place = models.CharField(_("Place named on papers"), max_length=80)
    decision_number = models.CharField(_("Decision number"), max_length=60, blank=True)
    decision_date = models.DateField(_("Decision date"), null=True, blank=True)
    report_number = models.CharField(_("Number of the report"), max_length=60, blank=True)
    report_date = models.DateField(_("Date of the report"), null=True, blank=True)
    state = FSMField(default=CampaignState.PLANNED, choices=CampaignState.choices, protected=True)
    returned_because = models.TextField(blank=True)
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = _person()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = _person()
    opened_at = models.DateTimeField(null=True, blank=True)
    consolidated_at = models.DateTimeField(null=True, blank=True)
    consolidated_by = _person()
    closed_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    """What the consolidated report says, as it stood when it was drawn up."""

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="one_campaign_a_year")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether units work on it."""
        return bool(self.state == CampaignState.RUNNING)

    @transition(
        field=state,
        source=CampaignState.PLANNED,
        target=CampaignState.APPROVED,
        custom={"vi": "Phê duyệt chương trình", "en": "Approve the programme", "requirement": "INV-07"},
    )
    def approve(self, *, number: str, day: Any, by: int | None) -> None:
        self.decision_number, self.decision_date = number, day
        self.approved_by_id, self.approved_at, self.returned_because = by, timezone.now(), ""

    @transition(
        field=state,
        source=CampaignState.APPROVED,
        target=CampaignState.RUNNING,
        custom={
            "vi": "Mở đợt kiểm kê",
            "en": "Open the campaign",
            "requirement": "INV-01",
            "deadline": DEADLINE,
        },
    )
    def open(self) -> None:
        self.opened_at = timezone.now()

    @transition(
        field=state,
        source=CampaignState.RUNNING,
        target=CampaignState.CONSOLIDATED,
        custom={"vi": "Tổng hợp kết quả", "en": "Consolidate", "requirement": "INV-06"},
    )
    def consolidate(self, *, facts: dict[str, Any], number: str, day: Any, by: int | None) -> None:
        self.facts, self.report_number, self.report_date = facts, number, day
        self.consolidated_at, self.consolidated_by_id = timezone.now(), by

    @transition(
        field=state,
        source=CampaignState.CONSOLIDATED,
        target=CampaignState.CLOSED,
        custom={"vi": "Đóng đợt kiểm kê", "en": "Close the campaign", "requirement": "UPG-01"},
    )
    def close(self) -> None:
        self.closed_at = timezone.now()


class PartState(models.TextChoices):
    OPEN = "open", _("Being worked on")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Sent back")
    VERIFIED = "verified", _("Result verified")


class CampaignPart(FSMModelMixin, models.Model):
    """What one unit has to say in one campaign: its databases and systems, its conclusion, its written record (D.4)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="campaign_parts")
    state = FSMField(default=PartState.OPEN, choices=PartState.choices, protected=True)
    standards = models.TextField(_("Compliance with standards"), blank=True)
    accuracy = models.TextField(_("Accuracy, integrity, anomalies"), blank=True)
    upkeep = models.TextField(_("Maintenance, update and usage logs"), blank=True)
    sharing = models.TextField(_("Sharing, users and purposes against the use regulation"), blank=True)
    other = models.TextField(_("Other contents"), blank=True)
    conclusion = models.TextField(_("Conclusion"), blank=True)
    proposed_actions = models.TextField(_("Proposed actions"), blank=True)
    record_number = models.CharField(_("Number of the record"), max_length=60, blank=True)
    record_date = models.DateField(_("Date of the record"), null=True, blank=True)
    facts = models.JSONField(default=dict)
    """What the written record says, as it stood when the unit sent it."""
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = _person()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = _person()
    urged_at = models.DateTimeField(null=True, blank=True)
    times_urged = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["unit__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="one_part_of_a_unit"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned"]) | Q(submitted_at__isnull=False),
                name="a_submitted_part_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.unit_id}"

    @property
    def number(self) -> str:
        """The campaign's number, under which its work stands in lists."""
        return self.campaign.number

    @property
    def is_in(self) -> bool:
        """Whether it was sent and not sent back."""
        return self.state in (PartState.SUBMITTED, PartState.VERIFIED)

    @transition(
        field=state,
        source=[PartState.OPEN, PartState.RETURNED],
        target=PartState.SUBMITTED,
        custom={
            "vi": "Gửi kết quả kiểm kê",
            "en": "Send the result",
            "requirement": "INV-06",
            "deadline": DEADLINE,
        },
    )
    def submit(self, *, facts: dict[str, Any], by: int | None) -> None:
        self.facts, self.submitted_by_id, self.submitted_at = facts, by, timezone.now()
        self.first_submitted_at = self.first_submitted_at or self.submitted_at

    @transition(
        field=state,
        source=[PartState.SUBMITTED, PartState.VERIFIED],
        target=PartState.RETURNED,
        custom={"vi": "Trả lại để bổ sung", "en": "Send back", "requirement": "INV-07"},
    )
    def send_back(self, *, because: str) -> None:
        self.returned_at, self.returned_because = timezone.now(), because
        self.verified_at, self.verified_by_id = None, None

    @transition(
        field=state,
        source=PartState.SUBMITTED,
        target=PartState.VERIFIED,
        custom={"vi": "Xác nhận kết quả", "en": "Verify", "requirement": "INV-07"},
    )
    def verify(self, *, by: int | None) -> None:
        self.verified_at, self.verified_by_id, self.returned_because = timezone.now(), by, ""


class CampaignLook(models.Model):
    """How the campaign's survey of one database ended: looked at, or why not; a failure stops no other line."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="looks")
    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    failed = models.BooleanField(default=False)
    code = models.CharField(max_length=80, blank=True)
    text_vi = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    hint_vi = models.TextField(blank=True)
    hint_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-failed", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "database"], name="one_look_of_a_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.database_id}"

    @property
    def text(self) -> str:
        """Why it failed, in the reader's language."""
        return self.text_vi if (get_language() or "vi").startswith("vi") else self.text_en

    @property
    def hint(self) -> str:
        """What to do next, in the reader's language."""
        return self.hint_vi if (get_language() or "vi").startswith("vi") else self.hint_en
