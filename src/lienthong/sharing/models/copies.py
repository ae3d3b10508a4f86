"""How long shared data may be used, and the copies that consumers keep of them (CON-04, CON-05)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.agencies.models import Agency
from lienthong.regulations.models import Regulation

from .services import ConnectionAccount, Method, SharingService


class TermUnit(models.TextChoices):
    DAY = "calendar_day", _("days")
    MONTH = "month", _("months")


class UseTerm(models.Model):
    """How long data of one service may be used, as the use regulation says; for on-line answers none runs."""

    service = models.OneToOneField(SharingService, on_delete=models.CASCADE, related_name="use_term")
    amount = models.PositiveIntegerField(_("How long"))
    unit = models.CharField(_("Unit"), max_length=12, choices=TermUnit.choices, default=TermUnit.MONTH)
    regulation = models.ForeignKey(Regulation, on_delete=models.PROTECT, related_name="use_terms")
    note = models.CharField(_("Note"), max_length=300, blank=True)
    set_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=1), name="use_term_is_positive")]

    def __str__(self) -> str:
        return f"{self.service}: {self.amount} {self.unit}"


class KeepingReason(models.TextChoices):
    """The three lawful reasons for which a consumer keeps a copy of shared data."""

    USE = "use", _("For use within the term")
    PERFORMANCE = "performance", _("For the performance of the system")
    ALLOWED = "allowed", _("Where a text allows it")


class CopyState(models.TextChoices):
    VALID = "valid", _("May be used")
    VOID = "void", _("Void: renew or erase")
    ERASED = "erased", _("Erased")


class StoredCopy(FSMModelMixin, models.Model):
    """Data of a service that a consumer has stored: why, where, since when, and until when they may be used.

    `expires_at` is computed from the method, the last synchronisation and the term; empty while no term is set, which
    leaves the copy to the account's own end.
    """

    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(ConnectionAccount, on_delete=models.PROTECT, related_name="copies")
    service = models.ForeignKey(SharingService, on_delete=models.PROTECT, related_name="copies")
    consumer = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="stored_copies")
    method = models.CharField(_("Method"), max_length=14, choices=Method.choices)
    reason = models.CharField(_("Reason for keeping it"), max_length=12, choices=KeepingReason.choices)
    ground = models.CharField(_("Text, article and clause"), max_length=300, blank=True)
    place = models.CharField(_("Where it is kept"), max_length=200)
    items = models.JSONField(default=list)
    version = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(_("Taken at"))
    synced_at = models.DateTimeField(_("Last synchronised at"))
    expires_at = models.DateTimeField(null=True, blank=True)
    term_amount = models.PositiveIntegerField(null=True, blank=True)
    term_unit = models.CharField(max_length=12, blank=True)
    regulation = models.ForeignKey(
        Regulation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = FSMField(default=CopyState.VALID, choices=CopyState.choices, protected=True)
    void_because = models.CharField(max_length=300, blank=True)
    void_because_en = models.CharField(max_length=300, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    outdated_by = models.CharField(max_length=20, blank=True)
    """The correction after which it has not been renewed."""
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_how = models.CharField(_("How it was erased"), max_length=300, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["consumer", "state"], name="copy_consumer"),
            models.Index(fields=["state", "expires_at"], name="copy_expiry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="allowed") | ~Q(ground=""), name="allowed_copy_has_ground"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_kept(self) -> bool:
        """Whether it still lies somewhere."""
        return str(self.state) != CopyState.ERASED

    @transition(
        field=state,
        source=CopyState.VALID,
        target=CopyState.VOID,
        custom={"vi": "Hết hiệu lực bản sao", "en": "Make the copy void", "requirement": "CON-04"},
    )
    def make_void(self, *, because: str, because_en: str) -> None:
        self.void_because, self.void_because_en, self.void_at = (
            because[:300],
            because_en[:300],
            timezone.now(),
        )

    @transition(
        field=state,
        source=[CopyState.VALID, CopyState.VOID],
        target=CopyState.VALID,
        custom={"vi": "Đồng bộ lại bản sao", "en": "Renew the copy", "requirement": "CON-04"},
    )
    def renew(self, *, synced_at: datetime, version: int | None, expires_at: datetime | None) -> None:
        self.synced_at, self.expires_at = synced_at, expires_at
        self.version = version or self.version
        if self.method == Method.PACKAGED:
            self.taken_at = synced_at
        self.void_because, self.void_because_en, self.void_at = "", "", None
        self.warned_at, self.outdated_by = None, ""

    @transition(
        field=state,
        source=[CopyState.VALID, CopyState.VOID],
        target=CopyState.ERASED,
        custom={"vi": "Xóa bản sao", "en": "Erase the copy", "requirement": "CON-04"},
    )
    def erase(self, *, how: str) -> None:
        self.erased_at, self.erased_how = timezone.now(), how[:300]
