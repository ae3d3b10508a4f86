"""Agencies and units, their codes, who holds which post, who is focal officer, what is due from whom."""

from __future__ import annotations

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.foundation.text import nfc, sort_key

from .roles import Role


class AgencyKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or ministry-level agency")
    PROVINCE = "province", _("Provincial People's Committee")
    DEPARTMENT = "department", _("Department")
    COMMUNE = "commune", _("Communal People's Committee")
    UNIT = "unit", _("Subordinate unit")
    OTHER = "other", _("Other body")


class Agency(models.Model):
    """A state agency, or a unit of one: a unit is an agency with a parent."""

    code = models.CharField(_("Identifier code"), max_length=35, unique=True)
    name = models.CharField(_("Name of the agency or unit"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    former_names = models.CharField(_("Former names"), max_length=400, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=AgencyKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    path = models.CharField(max_length=200, editable=False, db_index=True)
    """Ids from the top down to this one as `/1/5/`, so that everything below is one range."""
    sort_key = models.CharField(max_length=420, editable=False, db_index=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Last day of validity"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    """The agency into which a closed one was merged."""
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name = nfc(self.name)
        self.sort_key = sort_key(self.name)[:420]
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            type(self).objects.filter(pk=self.pk).update(path=path)

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @property
    def is_open(self) -> bool:
        return self.valid_to is None

    @property
    def top_id(self) -> int:
        """The agency to which this unit belongs; itself when it is no unit."""
        return int(self.path.split("/")[1])


class IdentifierCode(models.Model):
    """A code by which an agency is or was known, in either form (`H41.12`, `000.00.12.H41`). IDC-01."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("Code"), max_length=35)
    form = models.CharField(
        _("Form"),
        max_length=10,
        choices=[("current", _("Current form")), ("former", _("Former form")), ("other", _("Other body"))],
        default="current",
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_code_at_a_time")]

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """That a person acts for a unit in a role, from one date to another."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices)
    title = models.CharField(_("Position"), max_length=150, blank=True)
    valid_from = models.DateField(_("From"), default=date.today)
    valid_to = models.DateField(_("To"), null=True, blank=True)
    delegated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_post_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role} {self.agency}"


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


class Work(models.Model):
    """One act that is due from a unit or a person: the inbox reads this table alone."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    number = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    about = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300)
    unit = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="work")
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
    clock = models.ForeignKey("law.Clock", on_delete=models.SET_NULL, null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "act", "unit"],
                condition=Q(done_at__isnull=True),
                name="one_open_act_per_subject",
            )
        ]
        indexes = [models.Index(fields=["unit", "done_at", "due_at"], name="work_unit")]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"

    def title(self, locale: str = "vi") -> str:
        return self.title_vi if locale.startswith("vi") else self.title_en

    @property
    def shown_title(self) -> str:
        """The act in the reader's language."""
        return self.title(get_language() or "vi")
