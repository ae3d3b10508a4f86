"""Who acts for a unit, in which role, from when to when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lienthong.agencies.roles import Role

from .agencies import Agency


class Post(models.Model):
    """That a person acts for a unit in a role, from one date to another."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices)
    title = models.CharField(_("Position"), max_length=150, blank=True)
    valid_from = models.DateField(_("From"), default=date.today)
    valid_to = models.DateField(_("To"), null=True, blank=True)
    delegated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_post_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role} {self.agency}"


class Delegation(models.Model):
    """By which decision a post is acted in for another person, and in which areas; from and to are those of the post."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="delegation")
    """The post in which the delegate acts; `post.delegated_by` is the post of whoever delegated."""
    areas = models.JSONField(_("Areas"))
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    ended_at = models.DateTimeField(null=True, blank=True)
    """The moment at which it was ended before its time."""

    def __str__(self) -> str:
        return f"{self.decision_number}: {self.post}"
