from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """Something to know, for one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    text_vi = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)
    event_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["person", "read_at", "created_at"], name="notice_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "event_id", "url"],
                condition=~models.Q(event_id=""),
                name="one_notice_per_event",
            )
        ]

    def __str__(self) -> str:
        return self.text_vi

    def text(self, locale: str = "vi") -> str:
        return self.text_vi if locale.startswith("vi") else self.text_en
