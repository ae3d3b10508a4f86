from __future__ import annotations

from django.db import models
from django.utils import timezone


class StoredFile(models.Model):
    """One file: the name people gave it, and its content by digest."""

    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=120, blank=True)
    stored_by = models.CharField(max_length=64, blank=True)
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name
