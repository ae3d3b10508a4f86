from __future__ import annotations

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One findable thing and who may find it.

    `units` and `keepers` are lists of opaque ids as `|12|40|`; a row with keepers is seen by them alone, whatever else it says.
    """

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    summary = models.CharField(max_length=600, blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    folded = models.TextField(editable=False)
    exact = models.TextField(editable=False)
    names = models.TextField(editable=False, default="")
    """The folded words by which the thing is called: its title, its code."""
    audience = models.TextField(editable=False, default="")
    """Kind, public, units and keepers once more, as words of the full-text index."""
    sort_key = models.CharField(max_length=400, editable=False)
    facets = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False)
    units = models.TextField(default="|")
    keepers = models.TextField(default="|")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_row")]
        indexes = [
            models.Index(fields=["kind", "is_public", "updated_at"], name="search_kind"),
            models.Index(fields=["sort_key"], name="search_sort"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"
