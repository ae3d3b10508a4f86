"""A hold on one step of one record."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Hold(models.Model):
    """Why one step of one record may not be taken yet; `step` empty means every step."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    step = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=80)
    provision = models.CharField(max_length=120, blank=True)
    text_vi = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)
    """Where it is settled."""
    cause_kind = models.CharField(max_length=60, blank=True)
    cause_id = models.CharField(max_length=64, blank=True)
    placed_by = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)
    lifted_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "lifted_at"], name="hold_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "step", "code", "cause_kind", "cause_id"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_open_hold_per_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.subject_kind}:{self.subject_id}"

    def text(self, locale: str = "vi") -> str:
        return self.text_vi if locale.startswith("vi") else self.text_en
