"""The review of an agency's catalogue (C2): the review, the declaration of each unit, its word on each database."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency

from .databases import Database, IssuedCatalogue

DECLARATION_TERM = "catalogue.review.declaration"
"""The term in which a unit declares; the law data say how long it is, and on what it rests."""


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class ReviewState(models.TextChoices):
    OPEN = "open", _("Units declare")
    UNITS_DECLARED = "units_declared", _("All units have declared")
    OVERLAP_CHECKED = "overlap_checked", _("Overlaps checked")
    DRAFTED = "drafted", _("Draft catalogue")
    SUBMITTED = "submitted", _("Submitted to the head")
    ISSUED = "issued", _("Catalogue issued")
    AMENDING = "amending", _("Being amended")


class CatalogueReview(FSMModelMixin, models.Model):
    """One review of the catalogue of an agency and its units, up to the version that the head issues (CAT-02, CAT-03)."""

    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="catalogue_reviews")
    document_number = models.CharField(_("Number of the paper that opens the review"), max_length=60)
    opened_on = models.DateField(_("Date of the paper that opens the review"))
    guidance = models.TextField(_("Contents of the review and guidance for the units"))
    place = models.CharField(_("Place named on papers"), max_length=80)
    state = FSMField(default=ReviewState.OPEN, choices=ReviewState.choices, protected=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = _person()
    checked_at = models.DateTimeField(null=True, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    drafted_by = _person()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submission_number = models.CharField(_("Number of the submission"), max_length=60, blank=True)
    submission_date = models.DateField(_("Date of the submission"), null=True, blank=True)
    returned_because = models.TextField(blank=True)
    amended_because = models.TextField(blank=True)
    draft = models.JSONField(default=list)
    """The entries as the head is asked to issue them."""
    ending = models.JSONField(default=list)
    """The codes of the databases that leave the catalogue with the draft, each with its reason."""
    catalogue = models.ForeignKey(
        IssuedCatalogue, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    """The newest version that this review led to."""

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=~Q(state="issued"), name="one_running_review_of_an_agency"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether units declare, or correct what they declared."""
        return self.state in (ReviewState.OPEN, ReviewState.UNITS_DECLARED)

    @property
    def is_before_draft(self) -> bool:
        """Whether a draft is still to be drawn up, for the first time or after a change."""
        return self.state in (
            ReviewState.UNITS_DECLARED,
            ReviewState.OVERLAP_CHECKED,
            ReviewState.AMENDING,
        )

    @transition(
        field=state,
        source=ReviewState.OPEN,
        target=ReviewState.UNITS_DECLARED,
        custom={"vi": "Các đơn vị khai báo xong", "en": "All units have declared", "requirement": "CAT-03"},
    )
    def complete_declarations(self) -> None:
        """The declaration of the last unit was accepted."""

    @transition(
        field=state,
        source=[ReviewState.UNITS_DECLARED, ReviewState.OVERLAP_CHECKED, ReviewState.DRAFTED],
        target=ReviewState.OPEN,
        custom={"vi": "Mở lại khai báo", "en": "Open the declarations again", "requirement": "CAT-03"},
    )
    def reopen(self) -> None:
        """An accepted declaration went back to its unit."""

    @transition(
        field=state,
        source=[ReviewState.UNITS_DECLARED, ReviewState.AMENDING],
        target=ReviewState.OVERLAP_CHECKED,
        custom={"vi": "Kiểm tra chồng lấn", "en": "Check overlaps", "requirement": "OVL-05"},
    )
    def check_overlaps(self) -> None:
        self.checked_at = timezone.now()

    @transition(
        field=state,
        source=ReviewState.OVERLAP_CHECKED,
        target=ReviewState.DRAFTED,
        custom={"vi": "Lập dự thảo danh mục", "en": "Draw up the draft catalogue", "requirement": "CAT-02"},
    )
    def draw_up(self, *, draft: list[dict[str, Any]], ending: list[dict[str, str]], by: int | None) -> None:
        self.draft, self.ending = draft, ending
        self.drafted_at, self.drafted_by_id = timezone.now(), by

    @transition(
        field=state,
        source=ReviewState.DRAFTED,
        target=ReviewState.SUBMITTED,
        custom={"vi": "Trình người đứng đầu", "en": "Submit to the head", "requirement": "CAT-02"},
    )
    def submit(self, *, number: str, day: date) -> None:
        self.submission_number, self.submission_date = number, day
        self.submitted_at, self.returned_because = timezone.now(), ""

    @transition(
        field=state,
        source=ReviewState.SUBMITTED,
        target=ReviewState.UNITS_DECLARED,
        custom={"vi": "Trả lại dự thảo", "en": "Send the draft back", "requirement": "CAT-02"},
    )
    def send_back(self, *, because: str) -> None:
        self.returned_because = because

    @transition(
        field=state,
        source=ReviewState.SUBMITTED,
        target=ReviewState.ISSUED,
        custom={
            "vi": "Ban hành danh mục",
            "en": "Issue the catalogue",
            "requirement": "CAT-02",
            "deadline": "catalogue.first_issue",
        },
    )
    def issue(self, *, catalogue: IssuedCatalogue) -> None:
        self.catalogue = catalogue

    @transition(
        field=state,
        source=ReviewState.ISSUED,
        target=ReviewState.AMENDING,
        custom={"vi": "Sửa đổi danh mục", "en": "Amend the catalogue", "requirement": "CAT-02"},
    )
    def amend(self, *, because: str) -> None:
        self.amended_because, self.returned_because = because, ""


class DeclarationState(models.TextChoices):
    OPEN = "open", _("Not yet declared")
    DECLARED = "declared", _("Declaration sent")
    RETURNED = "returned", _("Sent back")
    ACCEPTED = "accepted", _("Declaration accepted")


class UnitDeclaration(FSMModelMixin, models.Model):
    """What one unit says of its databases in one review; that it holds none is said as well (CAT-03)."""

    review = models.ForeignKey(CatalogueReview, on_delete=models.CASCADE, related_name="declarations")
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="catalogue_declarations")
    state = FSMField(default=DeclarationState.OPEN, choices=DeclarationState.choices, protected=True)
    holds_none = models.BooleanField(_("The unit holds no database"), default=False)
    note = models.TextField(_("Note to the IT unit"), blank=True)
    first_declared_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    declared_by = _person()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = _person()
    urged_at = models.DateTimeField(null=True, blank=True)
    times_urged = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["unit__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["review", "unit"], name="one_declaration_of_a_unit"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned"]) | Q(declared_at__isnull=False),
                name="a_sent_declaration_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.unit_id}"

    @property
    def number(self) -> str:
        """The review's number, under which its work stands in lists."""
        return self.review.number

    @property
    def is_in(self) -> bool:
        """Whether it was sent and not sent back."""
        return self.state in (DeclarationState.DECLARED, DeclarationState.ACCEPTED)

    @transition(
        field=state,
        source=[DeclarationState.OPEN, DeclarationState.RETURNED],
        target=DeclarationState.DECLARED,
        custom={
            "vi": "Gửi khai báo",
            "en": "Send the declaration",
            "requirement": "CAT-03",
            "deadline": DECLARATION_TERM,
        },
    )
    def declare(self, *, holds_none: bool, by: int | None) -> None:
        self.holds_none, self.declared_by_id, self.declared_at = holds_none, by, timezone.now()
        self.first_declared_at = self.first_declared_at or self.declared_at

    @transition(
        field=state,
        source=[DeclarationState.DECLARED, DeclarationState.ACCEPTED],
        target=DeclarationState.RETURNED,
        custom={"vi": "Trả lại khai báo", "en": "Send the declaration back", "requirement": "CAT-03"},
    )
    def send_back(self, *, because: str) -> None:
        self.returned_at, self.returned_because = timezone.now(), because
        self.accepted_at, self.accepted_by_id = None, None

    @transition(
        field=state,
        source=DeclarationState.DECLARED,
        target=DeclarationState.ACCEPTED,
        custom={"vi": "Chấp nhận khai báo", "en": "Accept the declaration", "requirement": "CAT-03"},
    )
    def accept(self, *, by: int | None) -> None:
        self.accepted_at, self.accepted_by_id, self.returned_because = timezone.now(), by, ""


class Answer(models.TextChoices):
    STANDS = "stands", _("Stands as recorded")
    ENDED = "ended", _("No longer in use")


class DeclaredDatabase(models.Model):
    """A unit's word on one database: it stands as it is on record, or it is no longer in use."""

    declaration = models.ForeignKey(UnitDeclaration, on_delete=models.CASCADE, related_name="answers")
    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = _person()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "database"], name="one_answer_on_a_database")
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}: {self.database_id}"
