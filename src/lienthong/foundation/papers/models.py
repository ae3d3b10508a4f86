"""An office's own layout of a kind of paper."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lienthong.foundation.files.models import StoredFile


class PaperTemplate(models.Model):
    """That an office writes one kind of paper in a layout of its own; the one in use has not been withdrawn."""

    kind = models.CharField(max_length=60)
    owner_kind = models.CharField(max_length=60)
    owner_id = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner_kind", "owner_id"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_layout_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}"
