"""Focal officers, and the questions that are put to them."""

from __future__ import annotations

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from .agencies import Agency


class FocalState(models.TextChoices):
    NOMINATED = "nominated", _("Nominated")
    APPOINTED = "appointed", _("Appointed")
    PUBLISHED = "published", _("Published")
    ENDED = "ended", _("Ended")


class FocalAppointment(FSMModelMixin, models.Model):
    """The appointment of one person as the focal officer of one agency (C4, FOC-01…05)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="focal_appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    full_name = models.CharField(_("Full name"), max_length=150)
    position = models.CharField(_("Position"), max_length=150)
    function = models.CharField(_("Function"), max_length=300)
    phone = models.CharField(_("Phone"), max_length=30)
    email = models.EmailField(_("E-mail"))
    professional_field = models.CharField(_("Professional field"), max_length=200, blank=True)
    capability = models.TextField(_("Capability to advise"), blank=True)
    decision_number = models.CharField(_("Decision number"), max_length=60, blank=True)
    decision_date = models.DateField(_("Decision date"), null=True, blank=True)
    duties = models.TextField(_("Duties"), blank=True)
    powers = models.TextField(_("Powers"), blank=True)
    state = FSMField(default=FocalState.NOMINATED, choices=FocalState.choices, protected=True)
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("To"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["appointed", "published"]),
                name="one_active_focal_officer_per_agency",
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.agency}"

    @property
    def dialled(self) -> str:
        """The phone number as a telephone dials it."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the contact was published before today and never confirmed since."""
        published = self.published_at
        return (
            published is not None
            and not self.is_reconfirmed
            and timezone.localdate(published) < timezone.localdate()
        )

    @property
    def is_reconfirmed(self) -> bool:
        """Whether the contact was confirmed once more since it was published."""
        return bool(self.published_at and self.confirmed_at and self.confirmed_at > self.published_at)

    @transition(
        field=state,
        source=FocalState.NOMINATED,
        target=FocalState.APPOINTED,
        custom={"vi": "Cử", "en": "Appoint", "requirement": "FOC-01"},
    )
    def appoint(self, *, valid_from: date) -> None:
        self.valid_from = valid_from

    @transition(
        field=state,
        source=FocalState.APPOINTED,
        target=FocalState.PUBLISHED,
        custom={"vi": "Công bố", "en": "Publish", "requirement": "FOC-05"},
    )
    def publish(self) -> None:
        self.published_at = self.confirmed_at = timezone.now()

    @transition(
        field=state,
        source=[FocalState.NOMINATED, FocalState.APPOINTED, FocalState.PUBLISHED],
        target=FocalState.ENDED,
        custom={"vi": "Kết thúc", "en": "End", "requirement": "FOC-01"},
    )
    def end(self, *, valid_to: date) -> None:
        self.valid_to = valid_to


def question_token() -> str:
    """The part of an address that only the asker of a question is told."""
    return secrets.token_urlsafe(24)


class Question(models.Model):
    """A question from inside or outside to the focal officer of an agency, and its answer (FOC-04)."""

    number = models.CharField(max_length=40, unique=True)
    token = models.CharField(max_length=40, unique=True, default=question_token, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(_("Question"))
    prohibited_act = models.CharField(_("Prohibited act that is reported"), max_length=40, blank=True)
    """Code of the act by the law of the day, where the matter is an incident and no question (SEC-04)."""
    asker_name = models.CharField(_("Full name"), max_length=150)
    asker_contact = models.CharField(_("Phone or e-mail"), max_length=254, blank=True)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asker_unit = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="asked_questions"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("Answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="an_answered_question_has_an_answer",
            )
        ]
        indexes = [models.Index(fields=["agency", "answered_at", "asked_at"], name="question_agency")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
