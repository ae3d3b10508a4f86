"""Searches for overlaps, the case made of each, its column pairs, and how the lower copy follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, SyncFrequency, SyncMethod
from lienthong.foundation.jobs.models import Job

from .. import rules


class SearchState(models.TextChoices):
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")


class OverlapSearch(models.Model):
    """One search of one database against every other that may be compared (OVL-05)."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="overlap_searches")
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="overlap_search"
    )
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    compared = models.ManyToManyField(Database, blank=True, related_name="+")
    left_out = models.JSONField(default=list)
    """Databases that could not be compared: code, and why in both languages."""
    opened = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    code_lists = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=40, blank=True)
    """The matcher's version, so that a finding can be replayed."""

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.database} {self.started_at:%Y-%m-%d}"


class CaseState(models.TextChoices):
    DETECTED = "detected", _("Detected")
    ASSIGNED = "assigned", _("Assigned")
    ASSESSED = "assessed", _("Pairs assessed")
    EXCEPTION_ASKED = "exception_asked", _("Exception awaiting signature")
    SYNC_PLANNED = "sync_planned", _("Synchronisation planned")
    SYNC_LIVE = "sync_live", _("Synchronisation running")
    STOPPING = "stopping", _("Stopping collection")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    MUST_SYNCHRONISE = rules.MUST_SYNCHRONISE, _("Synchronise from the authority")
    STOP_COLLECTING = rules.STOP_COLLECTING, _("Stop collecting")
    NO_OVERLAP = rules.NO_OVERLAP, _("No overlap")
    EXCEPTION = rules.EXCEPTION, _("Exception")


class ProposedOutcome(models.TextChoices):
    MUST_SYNCHRONISE = rules.MUST_SYNCHRONISE, _("Synchronise from the authority")
    STOP_COLLECTING = rules.STOP_COLLECTING, _("Stop collecting")
    DO_NOT_COLLECT = rules.DO_NOT_COLLECT, _("Do not collect")
    NAME_AUTHORITY = rules.NAME_AUTHORITY, _("Name the authority")
    ONE_STORE = rules.ONE_STORE, _("Keep in one system only")
    BLOCKED_SOURCE = rules.BLOCKED_SOURCE, _("Two sources of one national master item")


class PairClass(models.TextChoices):
    LOWER_HIGHER = rules.LOWER_HIGHER, _("Different classes")
    EQUAL_TIERS = rules.EQUAL_TIERS, _("Equal classes")
    SAME_AGENCY = rules.SAME_AGENCY, _("Two stores of one agency")


UNDECIDED = (CaseState.DETECTED, CaseState.ASSIGNED, CaseState.ASSESSED, CaseState.EXCEPTION_ASKED)


def _is_exception(case: models.Model) -> bool:
    return isinstance(case, OverlapCase) and case.outcome == Outcome.EXCEPTION


class OverlapCase(FSMModelMixin, models.Model):
    """That two databases hold the same data, and what was decided of it (C3).

    `lower` is the copy that must give way: of lower class, or, in equal classes, not the authority. Until one
    is named in equal classes, which of the two is called lower has no meaning.
    """

    number = models.CharField(max_length=20, unique=True)
    lower = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="overlaps_as_lower")
    higher = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="overlaps_as_higher")
    pair_class = models.CharField(max_length=12, choices=PairClass.choices)
    state = FSMField(default=CaseState.DETECTED, choices=CaseState.choices, protected=True)
    assigned_to = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_outcome = models.CharField(max_length=20, choices=ProposedOutcome.choices)
    requirement = models.CharField(max_length=20)
    provision = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    legal_ground = models.TextField(_("Legal ground"), blank=True)
    review_date = models.DateField(_("Review date"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    authority = models.ForeignKey(Database, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authority_named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    authority_named_at = models.DateTimeField(null=True, blank=True)
    detected_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.TextField(blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    times_urged = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    times_escalated = models.PositiveSmallIntegerField(default=0)
    """How many steps up the present matter has gone; begins anew with each decision."""
    direction = models.TextField(_("Direction"), blank=True)
    direct_until = models.DateField(_("To be done by"), null=True, blank=True)
    directed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    directed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-detected_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lower", "higher"], condition=~Q(state="closed"), name="one_live_case_per_databases"
            ),
            models.CheckConstraint(condition=~Q(lower=F("higher")), name="case_of_two_databases"),
            models.CheckConstraint(
                condition=~Q(outcome="exception") | (~Q(legal_ground="") & Q(review_date__isnull=False)),
                name="exception_has_ground_and_review",
            ),
        ]
        indexes = [models.Index(fields=["state", "detected_at"], name="overlap_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_decided(self) -> bool:
        """Whether the legal consequence is settled; what remains is to carry it out."""
        return self.state not in UNDECIDED

    @property
    def waits_since(self) -> datetime:
        """From when the present decision is due: found, or opened again for review."""
        return self.reopened_at or self.detected_at

    @property
    def is_live(self) -> bool:
        """Whether something is still to be decided or carried out."""
        return str(self.state) != CaseState.CLOSED

    @property
    def needs_authority(self) -> bool:
        """Whether one of the two databases must be named as the authority first."""
        return self.authority_id is None and rules.needs_authority_first(self.proposed_outcome)

    @transition(
        field=state,
        source=[CaseState.DETECTED, CaseState.ASSIGNED],
        target=CaseState.ASSIGNED,
        custom={"vi": "Giao xử lý", "en": "Assign", "requirement": "OVL-05"},
    )
    def assign(self, *, unit: Agency) -> None:
        self.assigned_to = unit

    @transition(
        field=state,
        source=[CaseState.DETECTED, CaseState.ASSIGNED],
        target=CaseState.ASSESSED,
        custom={"vi": "Đánh giá", "en": "Assess", "requirement": "OVL-05"},
    )
    def assess(self) -> None:
        """A person has gone through the column pairs."""

    @transition(
        field=state,
        source=CaseState.ASSESSED,
        target=CaseState.SYNC_PLANNED,
        custom={
            "vi": "Kết luận đồng bộ từ nguồn chuẩn",
            "en": "Decide to synchronise",
            "requirement": "OVL-04",
        },
    )
    def plan_sync(self) -> None:
        self.outcome = Outcome.MUST_SYNCHRONISE

    @transition(
        field=state,
        source=CaseState.SYNC_PLANNED,
        target=CaseState.SYNC_LIVE,
        custom={
            "vi": "Ghi nhận đồng bộ đã chạy",
            "en": "Record that synchronisation runs",
            "requirement": "OVL-04",
        },
    )
    def start_sync(self) -> None:
        """The lower copy follows its source."""

    @transition(
        field=state,
        source=CaseState.ASSESSED,
        target=CaseState.STOPPING,
        custom={"vi": "Kết luận ngừng thu thập", "en": "Decide to stop collecting", "requirement": "OVL-01"},
    )
    def stop_collecting(self) -> None:
        self.outcome = Outcome.STOP_COLLECTING

    @transition(
        field=state,
        source=CaseState.ASSESSED,
        target=CaseState.CLOSED,
        custom={
            "vi": "Kết luận không chồng lấn",
            "en": "Decide that there is no overlap",
            "requirement": "OVL-05",
        },
    )
    def find_no_overlap(self) -> None:
        self.outcome = Outcome.NO_OVERLAP
        self.closed_at = timezone.now()

    @transition(
        field=state,
        source=CaseState.ASSESSED,
        target=CaseState.EXCEPTION_ASKED,
        custom={"vi": "Trình ngoại lệ", "en": "Submit an exception", "requirement": "OVL-01"},
    )
    def ask_exception(self, *, legal_ground: str, review_date: date) -> None:
        self.outcome = Outcome.EXCEPTION
        self.legal_ground, self.review_date = legal_ground, review_date

    @transition(
        field=state,
        source=CaseState.EXCEPTION_ASKED,
        target=CaseState.CLOSED,
        custom={"vi": "Ký ngoại lệ", "en": "Sign the exception", "requirement": "OVL-01"},
    )
    def sign_exception(self) -> None:
        self.signed_at = self.closed_at = timezone.now()

    @transition(
        field=state,
        source=CaseState.EXCEPTION_ASKED,
        target=CaseState.ASSESSED,
        custom={"vi": "Trả lại ngoại lệ", "en": "Return the exception", "requirement": "OVL-01"},
    )
    def return_exception(self) -> None:
        self._undecide()

    @transition(
        field=state,
        source=[CaseState.SYNC_LIVE, CaseState.STOPPING],
        target=CaseState.CLOSED,
        custom={"vi": "Kết thúc hồ sơ", "en": "Close the case", "requirement": "OVL-05"},
    )
    def close(self, *, note: str) -> None:
        self.closed_at, self.closing_note = timezone.now(), note

    @transition(
        field=state,
        source=CaseState.CLOSED,
        target=CaseState.ASSESSED,
        conditions=[_is_exception],
        custom={
            "vi": "Mở lại để xem xét ngoại lệ",
            "en": "Reopen to review the exception",
            "requirement": "OVL-01",
        },
    )
    def reopen(self) -> None:
        self._undecide()
        self.closed_at, self.reopened_at = None, timezone.now()

    def _undecide(self) -> None:
        self.outcome, self.legal_ground, self.review_date = "", "", None
        self.decided_by, self.decided_at, self.signed_by, self.signed_at = None, None, None, None


class PairKind(models.TextChoices):
    OVERLAP = "overlap", _("Same subjects")
    CODE_LIST = "code_list", _("Shared code list")


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("Same data")
    REJECT = "reject", _("Not the same data")
    OTHER_POPULATION = "same_concept_other_population", _("Same concept, other population")


LEVELS = {
    0: _("Level 0: names and types of columns"),
    1: _("Level 1: names, types and counts"),
    2: _("Level 2: keyed sketches of the values"),
}


def _said(reason: dict[str, Any]) -> str:
    text = str(reason["vi" if (get_language() or "vi").startswith("vi") else "en"])
    return text[:1].lower() + text[1:]


class OverlapPair(models.Model):
    """Two columns that hold the same thing, and every signal that says so: the finding can be replayed.

    Left is the database that was searched. Shares are parts of one: what of a side's values the other has.
    """

    search = models.ForeignKey(OverlapSearch, on_delete=models.CASCADE, related_name="pairs")
    case = models.ForeignKey(
        OverlapCase, on_delete=models.CASCADE, null=True, blank=True, related_name="pairs"
    )
    left_database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="+")
    left_table = models.CharField(max_length=255)
    left_column = models.CharField(max_length=255)
    right_database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="+")
    right_table = models.CharField(max_length=255)
    right_column = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=PairKind.choices)
    score = models.FloatField()
    base = models.FloatField(null=True, blank=True)
    """Log-odds before any signal: with the signals it gives the score again."""
    level = models.PositiveSmallIntegerField(default=0)
    is_key = models.BooleanField(default=False)
    left_share = models.FloatField(null=True, blank=True)
    left_low = models.FloatField(null=True, blank=True)
    left_high = models.FloatField(null=True, blank=True)
    right_share = models.FloatField(null=True, blank=True)
    right_low = models.FloatField(null=True, blank=True)
    right_high = models.FloatField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    against = models.JSONField(default=list)
    """Signals for and against: code, words in both languages, weight and value; they add up to the score."""
    verdict = models.CharField(max_length=32, choices=Verdict.choices, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "search",
                    "right_database",
                    "left_table",
                    "left_column",
                    "right_table",
                    "right_column",
                ],
                name="one_pair_per_search",
            )
        ]

    def __str__(self) -> str:
        return f"{self.left_table}.{self.left_column} ~ {self.right_table}.{self.right_column}"

    @property
    def shown_reasons(self) -> list[str]:
        """What agrees, in the reader's language."""
        # The shares themselves stand beside the columns, lower copy first.
        return [_said(reason) for reason in self.reasons if reason["code"] != "values"]

    @property
    def shown_against(self) -> list[str]:
        """What speaks against it, in the reader's language."""
        return [_said(reason) for reason in self.against]

    @property
    def level_text(self) -> str:
        """What left the two databases so that they could be compared."""
        return str(LEVELS.get(self.level, LEVELS[0]))


class SyncMechanism(models.Model):
    """How the lower copy follows its source: source, method, frequency, who answers for it (OVL-04)."""

    case = models.OneToOneField(OverlapCase, on_delete=models.CASCADE, related_name="mechanism")
    source_database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(_("Method"), max_length=20, choices=SyncMethod.choices)
    frequency = models.CharField(_("Frequency"), max_length=20, choices=SyncFrequency.choices)
    responsible_unit = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("Responsible unit")
    )
    planned_from = models.DateField(_("Starts on"), null=True, blank=True)
    started_on = models.DateField(_("Running since"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    def __str__(self) -> str:
        return f"{self.case}: {self.get_method_display()}, {self.get_frequency_display()}"
