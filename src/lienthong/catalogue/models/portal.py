"""What an agency needs from others: registered every year beside what it has (PRT-01)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency

from .classes import PortalState
from .databases import Database


class NeedState(models.TextChoices):
    OPEN = "open", _("Needed")
    MET = "met", _("Need met")
    WITHDRAWN = "withdrawn", _("No longer needed")


class DataNeed(models.Model):
    """A need for data of others that a unit registers for a year: what, from whom, for which task (PRT-01)."""

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="data_needs",
        verbose_name=_("Unit that needs the data"),
    )
    year = models.PositiveIntegerField(_("Year of the registration"))
    title = models.CharField(_("Data needed"), max_length=250)
    items = models.TextField(_("Data items"))
    holder_name = models.CharField(_("Agency that holds them"), max_length=250)
    database = models.ForeignKey(
        Database,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("Database that holds them"),
    )
    purpose = models.TextField(_("Purpose of use"))
    basis = models.CharField(_("Legal basis"), max_length=300)
    frequency = models.CharField(_("Frequency"), max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=NeedState.choices, default=NeedState.OPEN)
    ended_because = models.CharField(max_length=300, blank=True)
    portal_state = models.CharField(
        _("On the National Data Portal"), max_length=12, choices=PortalState.choices, blank=True
    )
    portal_year = models.PositiveIntegerField(_("Year of the registration"), null=True, blank=True)
    portal_on = models.DateField(_("State as of"), null=True, blank=True)
    portal_note = models.CharField(_("Why the portal sent it back"), max_length=300, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["unit", "year"], name="data_need_unit")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def holding(self) -> Database | None:
        """The database that holds the data; of one that became a secret nothing is said (SEC-01)."""
        return self.database if self.database is not None and not self.database.is_secret else None
