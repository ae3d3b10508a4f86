"""What a reconciliation found of a flow: figures of both ends, certificate, and each row in which they differ."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.jobs.models import Job

from .flows import FlowRun, SyncFlow


class Reconciliation(models.Model):
    """The record of one comparison of a copy with its source, both ends (D278-12).

    Completeness and accuracy are percentages of rows; timeliness is the share of runs that were done in time since
    the reconciliation before.
    """

    number = models.CharField(max_length=20, unique=True)
    flow = models.ForeignKey(SyncFlow, on_delete=models.CASCADE, related_name="reconciliations")
    run = models.ForeignKey(FlowRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The last run before it."""
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="reconciliation"
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=64, blank=True)
    source_at = models.DateTimeField(null=True, blank=True)
    target_at = models.DateTimeField(null=True, blank=True)
    source_rows = models.BigIntegerField()
    target_rows = models.BigIntegerField()
    missing = models.BigIntegerField(default=0)
    extra = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    """Rows that differ because the flow holds them back; they are no discrepancies."""
    held_by = models.JSONField(default=list)
    """The numbers of the corrections that hold them back."""
    is_equal = models.BooleanField()
    completeness = models.FloatField()
    accuracy = models.FloatField()
    timeliness = models.FloatField(null=True, blank=True)
    runs_due = models.PositiveIntegerField(default=0)
    runs_in_time = models.PositiveIntegerField(default=0)
    behind_seconds = models.BigIntegerField(null=True, blank=True)
    """How long the copy had not been brought up to its source when it was compared."""
    certificate = models.JSONField()
    digest = models.CharField(max_length=130)
    """Of the certificate itself, so that a copy of it can be verified."""
    listed = models.PositiveIntegerField(default=0)
    """How many of the differing rows are kept."""

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["flow", "made_at"], name="reconciliation_flow")]

    def __str__(self) -> str:
        return self.number

    @property
    def differing(self) -> int:
        return self.missing + self.extra + self.changed


class DifferenceKind(models.TextChoices):
    MISSING = "missing", _("Missing from the copy")
    EXTRA = "extra", _("Only in the copy")
    CHANGED = "changed", _("Different values")


class Discrepancy(models.Model):
    """One row in which copy and source differ; its key and values are sealed, and shown to those who may see them."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="discrepancies")
    kind = models.CharField(max_length=8, choices=DifferenceKind.choices)
    columns = models.JSONField(default=list)
    """Columns of the copy in which the row differs."""
    sealed = models.BinaryField()
    """Key, values of the source and values of the copy, encrypted with this installation's key."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When a later reconciliation found nothing of it."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reconciliation}: {self.kind}"
