"""National master data: the list that is published, and where each item has its one trusted source."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .classes import CoreDomain


class MasterDataList(models.Model):
    """One version of the list of national master data as it was published; never changed (D278-07)."""

    version = models.PositiveIntegerField(unique=True)
    decision_number = models.CharField(_("Decision number"), max_length=60, unique=True)
    decision_date = models.DateField(_("Decision date"))
    agreement = models.CharField(_("Agreement with the owners"), max_length=300)
    """Number and date of the papers in which the owners agreed."""
    valid_from = models.DateField(_("In force from"))
    published_by_vi = models.CharField(max_length=200)
    published_by_en = models.CharField(max_length=200)
    """Who publishes by the law of the day."""
    entries = models.JSONField(default=list)
    """The items as published."""
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version} ({self.decision_number})"


class MasterDataItem(models.Model):
    """One item of national master data: its key, its owner and its single trusted source (D278-06, MDM-01)."""

    code = models.CharField(_("Code"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    keys = models.CharField(_("Identifier keys"), max_length=300, blank=True)
    domain = models.CharField(_("Core domain"), max_length=16, choices=CoreDomain.choices, blank=True)
    owner_name = models.CharField(_("Owner"), max_length=250, blank=True)
    source_name = models.CharField(_("Trusted source"), max_length=250, blank=True)
    source = models.ForeignKey(
        "Database", on_delete=models.PROTECT, null=True, blank=True, related_name="trusted_for"
    )
    """The database that is its one trusted source, where it is on record here."""
    is_basic = models.BooleanField(_("Basic data"), default=False)
    """Population, land and enterprises."""
    listed_in = models.ForeignKey(
        MasterDataList, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    """The newest version of the list in which it stands."""
    left_on = models.DateField(null=True, blank=True)
    """The day from which it stands in the list no more."""

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def shown_source(self) -> str:
        """The name of the trusted source; of one that became a secret nothing is said."""
        if self.source is not None and self.source.is_secret:
            return ""
        return self.source.name if self.source is not None else self.source_name
