"""The append-only log, and the state of each delivery."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext


class Event(models.Model):
    """One thing that happened: who, what, when, on which record, why, through which door. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occurred_at = models.DateTimeField(default=timezone.now, editable=False)
    name = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    user_id = models.CharField(max_length=64, blank=True)
    user_name = models.CharField(max_length=150, blank=True)
    unit_id = models.CharField(max_length=64, blank=True)
    roles = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=20)
    behalf = models.JSONField(null=True, editable=False)
    """On whose behalf it was done, as `id` and `name`; None where the person acted in an own right."""
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "occurred_at"], name="event_subject"),
            models.Index(fields=["name", "occurred_at"], name="event_name"),
            models.Index(fields=["occurred_at"], name="event_time"),
        ]
        ordering = ["occurred_at"]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_kind}:{self.subject_id}"

    def sentence(self, locale: str = "vi") -> str:
        """What happened, in one sentence."""
        from .facts import REGISTRY

        fact_type = REGISTRY.get(self.name)
        return fact_type.sentence(self.payload, locale) if fact_type else self.name

    @property
    def who(self) -> str:
        """Who did it, and on whose behalf, in the reader's language."""
        if not self.behalf:
            return self.user_name
        return gettext("%(name)s, on behalf of %(other)s") % {
            "name": self.user_name,
            "other": self.behalf.get("name", ""),
        }

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.payload
        return facts


class Delivery(models.Model):
    """That one reaction is owed one event; done in the same transaction as the reaction's effect."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    reaction = models.CharField(max_length=160)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="one_delivery_per_reaction")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="delivery_waiting", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.reaction} <- {self.event_id}"
