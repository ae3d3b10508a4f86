"""What was decided of a database that holds what another holds too: its source, how it follows, or why it may stand apart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency


class SyncMethod(models.TextChoices):
    ONLINE_QUERY = "online_query", _("Query the authority's service when needed")
    SYNCHRONISE = "synchronise", _("Keep a copy synchronised")
    PACKAGED = "packaged", _("Receive packaged data")


class SyncFrequency(models.TextChoices):
    ON_CHANGE = "on_change", _("As soon as the source changes")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")


class Standing(models.TextChoices):
    UNDECIDED = "undecided", _("Not decided yet")
    NAME_AUTHORITY = "name_authority", _("Waits for an authority to be named")
    SYNCHRONISE = "synchronise", _("Synchronises from its source")
    STOP = "stop", _("Is to stop collecting")
    STOPPED = "stopped", _("Has stopped collecting")
    EXCEPTION = "exception", _("Stands apart by a signed exception")


DECIDED_STANDINGS = (Standing.SYNCHRONISE, Standing.STOP, Standing.STOPPED, Standing.EXCEPTION)


class CopyStanding(models.Model):
    """How one database stands to another that holds the same data, by one overlap case (OVL-01 to OVL-04).

    Kept with the catalogue because its entries, its reviews and the yearly inventory must say it. Written by the floor that
    decides, through `note_copy`.
    """

    number = models.CharField(max_length=20, unique=True)
    """The number of the overlap case."""
    database = models.ForeignKey("Database", on_delete=models.CASCADE, related_name="copies")
    source = models.ForeignKey("Database", on_delete=models.CASCADE, related_name="copied_by")
    standing = models.CharField(max_length=16, choices=Standing.choices)
    requirement = models.CharField(max_length=20, blank=True)
    method = models.CharField(_("Method"), max_length=20, choices=SyncMethod.choices, blank=True)
    frequency = models.CharField(_("Frequency"), max_length=20, choices=SyncFrequency.choices, blank=True)
    responsible_unit = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_on = models.DateField(null=True, blank=True)
    legal_ground = models.TextField(blank=True)
    review_date = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.database} ~ {self.source}"
