"""What is due from whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from lienthong.agencies.roles import Role

from .agencies import Agency


class Work(models.Model):
    """One act that is due from a unit or a person: the inbox reads this table alone."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    number = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    about = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300)
    unit = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="work")
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
    clock = models.ForeignKey("law.Clock", on_delete=models.SET_NULL, null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "act", "unit"],
                condition=Q(done_at__isnull=True),
                name="one_open_act_per_subject",
            )
        ]
        indexes = [models.Index(fields=["unit", "done_at", "due_at"], name="work_unit")]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"

    def title(self, locale: str = "vi") -> str:
        return self.title_vi if locale.startswith("vi") else self.title_en

    @property
    def shown_title(self) -> str:
        """The act in the reader's language."""
        return self.title(get_language() or "vi")
