"""Sketch files that leave an agency or come in: the audit of each, and until when it is kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import Database
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.models import Job


class Direction(models.TextChoices):
    OUT = "out", _("Made to leave")
    IN = "in", _("Handed in")


class SketchPassage(models.Model):
    """One sketch file of one database: made here to leave, or handed in to be compared."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="sketches")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The file itself; none any more once it was destroyed."""
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField()
    period = models.CharField(_("Matching period"), max_length=60, blank=True)
    key = models.CharField(max_length=64, blank=True)
    """The fingerprint of the key under which values were hashed; the key itself is never kept here."""
    digest = models.CharField(max_length=64)
    made_by = models.CharField(max_length=200, blank=True)
    expires = models.DateField()
    columns = models.PositiveIntegerField(default=0)
    hashed = models.PositiveIntegerField(default=0)
    """Columns whose values are in it as keyed hashes."""
    withheld = models.PositiveIntegerField(default=0)
    policy = models.JSONField(default=dict)
    passed_at = models.DateTimeField(default=timezone.now)
    passed_by = models.CharField(max_length=64, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["direction", "key"], name="sketch_direction_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["database", "direction", "digest"], name="one_passage_of_a_sketch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.database} {self.direction} {self.digest[:12]}"
