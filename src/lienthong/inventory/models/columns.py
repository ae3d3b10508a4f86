"""How the tables of a file are read by choice, what was judged of columns, and values kept sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import DataField

from .sources import Source, SurveyedTable


class ReadingDecision(models.Model):
    """How a person wants one table of a file to be read, in place of what the machine found out by itself."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="readings")
    table = models.CharField(max_length=255)
    encoding = models.CharField(_("Encoding"), max_length=30, blank=True)
    delimiter = models.CharField(_("Separator"), max_length=4, blank=True)
    header_rows = models.JSONField(null=True, blank=True)
    """Row numbers from 1; None leaves the header to the machine, an empty list says that there is none."""
    keep_rows = models.JSONField(default=list)
    skip_rows = models.JSONField(default=list)
    types = models.JSONField(default=dict)
    """Column name to type."""
    chosen_at = models.DateTimeField(default=timezone.now)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "table"], name="one_reading_of_a_table")]

    def __str__(self) -> str:
        return self.table


class SealedValues(models.Model):
    """The values a look saw in one personal column, encrypted; opened one by one, by who has the right."""

    surveyed = models.ForeignKey(SurveyedTable, on_delete=models.CASCADE, related_name="sealed")
    column = models.CharField(max_length=255)
    ciphertext = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["surveyed", "column"], name="one_seal_for_a_column")]

    def __str__(self) -> str:
        return "***"


class Secrecy(models.TextChoices):
    NOT_SECRET = "not_secret", _("Not a state secret")
    REFERRED = "referred", _("Passed on to the keeper of secrets")
    SECRET = "secret", _("Within the scope of state secrets")


class ColumnJudgement(models.Model):
    """What a person decided of a column after the machine's proposal: what it means, whether it holds a secret."""

    field = models.OneToOneField(DataField, on_delete=models.CASCADE, related_name="judgement")
    meaning = models.CharField(_("What the values mean"), max_length=40, blank=True)
    secrecy = models.CharField(max_length=12, choices=Secrecy.choices, default=Secrecy.NOT_SECRET)
    proposed = models.JSONField(default=dict)
    """What the machine had proposed: meaning, pass rate, personal-data class, secrecy."""
    note = models.CharField(max_length=300, blank=True)
    judged_at = models.DateTimeField(default=timezone.now)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.field)
