"""Items of the upgrade plan (C6): what failed a check, from the proposal to the recheck by the same criterion."""

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

from .sources import Assessment
from .systems import InformationSystem


class UpgradeOrigin(models.TextChoices):
    ASSESSMENT = "assessment", _("Assessed as not fit to be shared")
    FINDING = "finding", _("Defect found in the data")
    COMPLIANCE = "compliance", _("No longer meets the conditions of operation")
    CONNECTION = "connection", _("System that cannot be connected")
    AUDIT = "audit", _("Found by a data audit")
    HAND = "hand", _("Entered by an officer")


class UpgradeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    PRIORITISED = "prioritised", _("In the plan")
    WAITING_FUNDS = "waiting_funds", _("Waiting for funds")
    FUNDED = "funded", _("Funded")
    IN_PROGRESS = "in_progress", _("Being carried out")
    RECHECKED = "rechecked", _("Rechecked")
    REOPENED = "reopened", _("Reopened")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Not taken up")


class Priority(models.IntegerChoices):
    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


OVER = (UpgradeState.DONE, UpgradeState.DECLINED)
PLANNED = tuple(
    state for state in UpgradeState if state not in (UpgradeState.PROPOSED, UpgradeState.DECLINED)
)
"""The states of an item that somebody has taken into the plan."""


def _passed(item: models.Model) -> bool:
    return isinstance(item, UpgradeItem) and item.has_passed


class UpgradeItem(FSMModelMixin, models.Model):
    """One thing to be put right in a database or a system, by a criterion that will be checked again."""

    number = models.CharField(max_length=20, unique=True)
    database = models.ForeignKey(
        Database, on_delete=models.PROTECT, null=True, blank=True, related_name="upgrades"
    )
    system = models.ForeignKey(
        InformationSystem, on_delete=models.PROTECT, null=True, blank=True, related_name="upgrades"
    )
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="upgrades")
    origin = models.CharField(max_length=12, choices=UpgradeOrigin.choices)
    criterion = models.CharField(max_length=120)
    """What is checked again: `shareable`, `finding:CODE`, `compliance`, `connection`, `statement`."""
    places = models.JSONField(default=list)
    """The columns in which a defect was found: [table, column]."""
    assessment = models.ForeignKey(
        Assessment, on_delete=models.SET_NULL, null=True, blank=True, related_name="upgrades"
    )
    found_vi = models.TextField(_("What was found"))
    found_en = models.TextField(blank=True)
    action = models.TextField(_("What is to be done"))
    requirement = models.CharField(max_length=20)
    provision = models.CharField(max_length=120, blank=True)
    state = FSMField(default=UpgradeState.PROPOSED, choices=UpgradeState.choices, protected=True)
    priority = models.PositiveSmallIntegerField(
        _("Priority"), choices=Priority.choices, default=Priority.MEDIUM
    )
    responsible = models.CharField(_("Who carries it out"), max_length=200, blank=True)
    planned_until = models.DateField(_("To be done by"), null=True, blank=True)
    funding = models.CharField(_("Source of funds"), max_length=300, blank=True)
    continuity = models.TextField(_("How existing connections are kept alive"), blank=True)
    compliance = models.TextField(_("Compliance checked for the upgraded part"), blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    rechecked_at = models.DateTimeField(null=True, blank=True)
    recheck = models.JSONField(default=dict)
    """What the recheck looked at, what it found and whether that passes."""
    done_at = models.DateTimeField(null=True, blank=True)
    declined_because = models.TextField(blank=True)

    class Meta:
        ordering = ["priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(database__isnull=False, system__isnull=True)
                | Q(database__isnull=True, system__isnull=False),
                name="upgrade_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["database", "criterion"],
                condition=Q(database__isnull=False)
                & ~Q(state__in=["done", "declined"])
                & ~Q(criterion="statement"),
                name="one_live_upgrade_per_database",
            ),
            models.UniqueConstraint(
                fields=["system", "criterion"],
                condition=Q(system__isnull=False)
                & ~Q(state__in=["done", "declined"])
                & ~Q(criterion="statement"),
                name="one_live_upgrade_per_system",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "priority"], name="upgrade_unit")]

    def __str__(self) -> str:
        return self.number

    @property
    def thing(self) -> Database | InformationSystem:
        """The database or the system that is upgraded."""
        found = self.database or self.system
        if found is None:
            raise ValueError("an upgrade item is about a database or a system")
        return found

    @property
    def found(self) -> str:
        """What was found, in the reader's language."""
        vietnamese = (get_language() or "vi").startswith("vi")
        return self.found_vi if vietnamese or not self.found_en else self.found_en

    @property
    def has_passed(self) -> bool:
        """Whether the last recheck found the criterion met."""
        return bool(self.recheck.get("passed"))

    @property
    def seen_at_recheck(self) -> str:
        """What the last recheck found, in the reader's language."""
        vietnamese = (get_language() or "vi").startswith("vi")
        return str(self.recheck.get("vi" if vietnamese else "en", ""))

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @transition(
        field=state,
        source=UpgradeState.PROPOSED,
        target=UpgradeState.PRIORITISED,
        custom={"vi": "Đưa vào kế hoạch", "en": "Take into the plan", "requirement": "UPG-01"},
    )
    def prioritise(self, **written: Any) -> None:
        for name, value in written.items():
            setattr(self, name, value)

    @transition(
        field=state,
        source=UpgradeState.PROPOSED,
        target=UpgradeState.DECLINED,
        custom={"vi": "Không đưa vào kế hoạch", "en": "Decline", "requirement": "INV-08"},
    )
    def decline(self, *, because: str) -> None:
        self.declined_because = because

    @transition(
        field=state,
        source=[UpgradeState.PRIORITISED, UpgradeState.WAITING_FUNDS],
        target=UpgradeState.FUNDED,
        custom={"vi": "Bố trí kinh phí", "en": "Fund", "requirement": "GOV-03"},
    )
    def fund(self, *, funding: str) -> None:
        self.funding = funding

    @transition(
        field=state,
        source=UpgradeState.PRIORITISED,
        target=UpgradeState.WAITING_FUNDS,
        custom={"vi": "Chờ kinh phí", "en": "Wait for funds", "requirement": "GOV-03"},
    )
    def wait_for_funds(self) -> None:
        """It stays in the plan until funds are there."""

    @transition(
        field=state,
        source=[UpgradeState.FUNDED, UpgradeState.REOPENED],
        target=UpgradeState.IN_PROGRESS,
        custom={"vi": "Bắt đầu thực hiện", "en": "Begin", "requirement": "UPG-03"},
    )
    def begin(self, *, continuity: str) -> None:
        self.continuity, self.started_at, self.recheck = continuity, timezone.now(), {}

    @transition(
        field=state,
        source=[UpgradeState.IN_PROGRESS, UpgradeState.RECHECKED],
        target=UpgradeState.RECHECKED,
        custom={"vi": "Kiểm tra lại", "en": "Recheck", "requirement": "INV-08"},
    )
    def record_recheck(self, *, found: dict[str, Any], compliance: str) -> None:
        self.recheck, self.compliance, self.rechecked_at = found, compliance, timezone.now()

    @transition(
        field=state,
        source=UpgradeState.RECHECKED,
        target=UpgradeState.DONE,
        conditions=[_passed],
        custom={"vi": "Xác nhận hoàn thành", "en": "Confirm as done", "requirement": "INV-08"},
    )
    def finish(self) -> None:
        self.done_at = timezone.now()

    @transition(
        field=state,
        source=[UpgradeState.RECHECKED, UpgradeState.DONE],
        target=UpgradeState.REOPENED,
        custom={"vi": "Mở lại", "en": "Reopen", "requirement": "INV-08"},
    )
    def reopen(self) -> None:
        self.done_at = None
