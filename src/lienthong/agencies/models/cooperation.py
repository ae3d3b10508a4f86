"""Matters that the focal officers of two agencies or units settle between them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from .agencies import Agency


class CooperationState(models.TextChoices):
    ASKED = "asked", _("Awaits the answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Settled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Cooperation(FSMModelMixin, models.Model):
    """A matter that the focal officers of two agencies or units settle between them; both see the whole of it."""

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(_("What it is about"), max_length=200)
    asking = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="asked_for_cooperation")
    asked = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cooperates_on")
    state = FSMField(default=CooperationState.ASKED, choices=CooperationState.choices, protected=True)
    due_on = models.DateField(_("Answer wanted by"))
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="cooperation_has_two_sides")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in (CooperationState.ASKED, CooperationState.ANSWERED)

    @transition(
        field=state,
        source=CooperationState.ASKED,
        target=CooperationState.ANSWERED,
        custom={"vi": "Trả lời", "en": "Answer", "requirement": "FOC-04"},
    )
    def answer(self) -> None:
        """The asked side has said what it had to say."""

    @transition(
        field=state,
        source=CooperationState.ANSWERED,
        target=CooperationState.ASKED,
        custom={"vi": "Hỏi tiếp", "en": "Ask further", "requirement": "FOC-04"},
    )
    def ask_further(self, *, due_on: date) -> None:
        self.due_on = due_on

    @transition(
        field=state,
        source=[CooperationState.ASKED, CooperationState.ANSWERED],
        target=CooperationState.CLOSED,
        custom={"vi": "Kết thúc", "en": "Settle", "requirement": "FOC-04"},
    )
    def close(self) -> None:
        self.settled_at = timezone.now()

    @transition(
        field=state,
        source=CooperationState.ASKED,
        target=CooperationState.WITHDRAWN,
        custom={"vi": "Rút", "en": "Withdraw", "requirement": "FOC-04"},
    )
    def withdraw(self) -> None:
        self.settled_at = timezone.now()


class CooperationNote(models.Model):
    """What one side said in a matter, and when; files are kept for the note."""

    cooperation = models.ForeignKey(Cooperation, on_delete=models.CASCADE, related_name="notes")
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return f"{self.cooperation_id}: {self.said_at:%d/%m/%Y %H:%M}"
