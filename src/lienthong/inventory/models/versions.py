"""That a version of a dataset was checked against its digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import DatasetVersion


class VersionCheck(models.Model):
    """The digest of a version, computed anew from its rows, beside the one with which it was published."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="checks")
    digest = models.CharField(_("Digest"), max_length=130)
    equal = models.BooleanField()
    rows = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.digest}"
