"""Checks of forms before they ask citizens or firms for data that are held or shared already (OVL-06, OVL-07)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency


class CheckState(models.TextChoices):
    OPEN = "open", _("To be answered")
    CONCLUDED = "concluded", _("Concluded")


class AskAgainCheck(FSMModelMixin, models.Model):
    """One form or dossier of a unit, item by item held against what agencies hold and share."""

    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="ask_again_checks")
    title = models.CharField(_("Form or procedure"), max_length=250)
    on_paper = models.BooleanField(_("Asked for on paper"), default=False)
    state = FSMField(default=CheckState.OPEN, choices=CheckState.choices, protected=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    looked_at = models.PositiveIntegerField(default=0)
    """How many items of databases and services the form was held against."""
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "state"], name="ask_again_unit")]

    def __str__(self) -> str:
        return self.number

    @transition(
        field=state,
        source=CheckState.OPEN,
        target=CheckState.CONCLUDED,
        custom={"vi": "Kết luận", "en": "Conclude", "requirement": "OVL-06"},
    )
    def conclude(self) -> None:
        self.concluded_at = timezone.now()


class Answer(models.TextChoices):
    TAKE = "take", _("Taken from where it is held")
    EXCEPTION = "exception", _("Asked for all the same")
    OTHER_DATA = "other_data", _("Not the same data")


class AskedItem(models.Model):
    """One item that a form asks for, who holds it, and what the unit answered."""

    check_of = models.ForeignKey(AskAgainCheck, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    name = models.CharField(max_length=250)
    title = models.CharField(max_length=250, blank=True)
    description = models.TextField(blank=True)
    hits = models.JSONField(default=list)
    """Who holds it, the surest first, as it was found; shown only of databases that may still be known of."""
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    source = models.PositiveBigIntegerField(null=True, blank=True)
    """The database from which the unit takes it."""
    ground = models.CharField(max_length=40, blank=True)
    """The lawful exception, as the list of the day names it."""
    reason = models.TextField(blank=True)
    legal_ground = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "place"], name="one_asked_item_per_place"),
            models.CheckConstraint(
                condition=~models.Q(answer="exception") | (~models.Q(ground="") & ~models.Q(reason="")),
                name="asked_again_with_ground_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name
