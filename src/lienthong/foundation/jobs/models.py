from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


class Job(models.Model):
    """One piece of long work, and how far it is. Interrupted, it goes back to the queue at its checkpoint."""

    name = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    only_once = models.CharField(max_length=160, blank=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    doing_vi = models.CharField(max_length=200, blank=True)
    doing_en = models.CharField(max_length=200, blank=True)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=120, blank=True)
    error_vi = models.CharField(max_length=600, blank=True)
    error_en = models.CharField(max_length=600, blank=True)
    hint_vi = models.CharField(max_length=600, blank=True)
    hint_en = models.CharField(max_length=600, blank=True)
    cancel_requested = models.BooleanField(default=False)
    open_to_all = models.BooleanField(default=False)
    """Whether a visitor who did not sign in may watch it: the demo being filled in."""
    task_id = models.UUIDField(null=True, blank=True)
    """The row of the task queue that carries it now."""
    worker = models.CharField(max_length=120, blank=True)
    run = models.CharField(max_length=32, blank=True)
    """The run that holds it: whoever writes under another one has lost it and writes nothing."""
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    """Times it was begun; of these, below, how many ended in a passing fault, a stop or a crash of the
    worker.
    """
    retries = models.PositiveIntegerField(default=0)
    interruptions = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    user_id = models.CharField(max_length=64, blank=True)
    unit_id = models.CharField(max_length=64, blank=True)
    roles = models.CharField(max_length=300, blank=True)
    locale = models.CharField(max_length=5, default="vi")
    under = models.JSONField(null=True, editable=False)
    """On whose behalf the starter acted, and which facts may follow; None where in an own right."""
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "heartbeat_at"], name="job_state"),
            models.Index(fields=["subject_kind", "subject_id", "created_at"], name="job_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["only_once"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(only_once=""),
                name="one_live_job_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def percent(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None

    def title(self, locale: str = "vi") -> str:
        return self.title_vi if locale.startswith("vi") else self.title_en

    def doing(self, locale: str = "vi") -> str:
        return self.doing_vi if locale.startswith("vi") else self.doing_en

    def error(self, locale: str = "vi") -> str:
        return self.error_vi if locale.startswith("vi") else self.error_en

    def hint(self, locale: str = "vi") -> str:
        return self.hint_vi if locale.startswith("vi") else self.hint_en
