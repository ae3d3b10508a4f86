"""Yearly risk assessments of databases with core or important data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .databases import Database


class RiskAssessment(models.Model):
    """One signed assessment of the risks to a database; kept as it was signed (D165-07)."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="risk_assessments")
    assessed_on = models.DateField(_("Assessed on"))
    result = models.TextField(_("Result"))
    signed_by = models.CharField(_("Signed by"), max_length=120)
    paper = models.CharField(_("Number of the paper"), max_length=120)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-assessed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["database", "paper"], name="one_risk_assessment_per_paper")
        ]

    def __str__(self) -> str:
        return f"{self.database} {self.assessed_on}"
