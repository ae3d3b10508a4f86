"""How one database follows its authority: the flow, the connection over which its copy is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, Dataset, SyncFrequency
from lienthong.foundation.jobs.models import Job

from .cases import OverlapCase


class TargetKind(models.TextChoices):
    POSTGRESQL = "postgresql", _("PostgreSQL database")
    MYSQL = "mysql", _("MySQL or MariaDB database")
    SQLITE = "sqlite", _("SQLite file")


class TargetBinding(models.Model):
    """The connection over which the copy in a database is written: never the read-only one of its looks.

    Its address holds no password, and none is kept here: `secret_ref` says where the server finds it.
    """

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="write_connections")
    kind = models.CharField(_("Kind"), max_length=12, choices=TargetKind.choices)
    address = models.CharField(max_length=600)
    secret_ref = models.CharField(max_length=300, blank=True)
    """Where the password is: `env:NAME` or `file:/path`."""
    bound_at = models.DateTimeField(default=timezone.now)
    bound_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tried_at = models.DateTimeField(null=True, blank=True)
    """When it last answered and let itself be written to."""
    tables = models.JSONField(default=list)
    """What it held when it was tried: each table with its name, key and columns (name, type)."""
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-bound_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["database"], condition=Q(released_at__isnull=True), name="one_write_connection"
            )
        ]

    def __str__(self) -> str:
        return self.address


class SourceChoice(models.TextChoices):
    DATASET = "dataset", _("Published dataset of the authority")
    LIVE = "live", _("Live source of the authority")
    FEED = "feed", _("Changes feed of another node")


class Rung(models.TextChoices):
    """How changes are noticed; the words of `engine.sync`."""

    AUTO = "auto", _("The cheapest that the source allows")
    FEED = "feed", _("Changes between published versions, or the changes feed")
    WATERMARK = "watermark", _("Rows changed since the last time of change")
    XMIN = "xmin", _("Rows changed since the last transaction (PostgreSQL)")
    SAVED_HASH = "saved_hash", _("Every row against the digests kept from last time")
    DIGESTS = "digests", _("Both tables against each other, by digests")
    FULL = "full", _("Every row of both tables")


class DeletesChoice(models.TextChoices):
    """How deleted rows are noticed; the words of `engine.sync`."""

    AUTO = "auto", _("As the way of noticing changes allows")
    FEED = "feed", _("The changes feed tells of them")
    TOMBSTONE = "tombstone", _("A column of the source marks deleted rows")
    KEYS = "keys", _("The keys of both sides are compared")
    NONE = "none", _("Rows are never deleted")


class BadRowChoice(models.TextChoices):
    SET_ASIDE = "set_aside", _("Set the row aside, apply the others")
    STOP = "stop", _("Stop the run, apply nothing")


class CarriedOut(models.TextChoices):
    HERE = "here", _("Liên Thông runs it")
    ELSEWHERE = "elsewhere", _("Another system runs it; Liên Thông reconciles")


class FlowState(models.TextChoices):
    DRAFT = "draft", _("Being set up")
    ACTIVE = "active", _("Follows its schedule")
    STOPPED = "stopped", _("Stopped, waits for a person")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class SyncFlow(FSMModelMixin, models.Model):
    """How one table of a database follows its authority: from where, into which columns, when, who answers.

    What it did stands in its runs; that it did it well, in its reconciliations (OVL-02, OVL-04, CON-01).
    """

    number = models.CharField(max_length=20, unique=True)
    database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="flows_in")
    case = models.ForeignKey(
        OverlapCase, on_delete=models.SET_NULL, null=True, blank=True, related_name="flows"
    )
    state = FSMField(default=FlowState.DRAFT, choices=FlowState.choices, protected=True)
    carried_out = models.CharField(
        _("Carried out by"), max_length=10, choices=CarriedOut.choices, default=CarriedOut.HERE
    )
    source_kind = models.CharField(_("Source"), max_length=8, choices=SourceChoice.choices)
    source_database = models.ForeignKey(
        Database, on_delete=models.PROTECT, null=True, blank=True, related_name="flows_out"
    )
    dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="flows"
    )
    source_table = models.CharField(_("Table of the source"), max_length=255, blank=True)
    feed_url = models.CharField(_("Address of the changes feed"), max_length=600, blank=True)
    feed_secret_ref = models.CharField(max_length=300, blank=True)
    feed_owner = models.CharField(_("Agency that runs the feed"), max_length=250, blank=True)
    target_table = models.CharField(_("Table that is kept in step"), max_length=255, blank=True)
    key = models.JSONField(default=list)
    """Columns of the target that tell its rows apart."""
    columns = models.JSONField(default=list)
    """What goes where: target column, source column, conversion (empty, or a word of `flow_rules.CONVERSIONS`)."""
    code_version = models.ForeignKey(
        "catalogue.CodeListVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The version of a shared code list by which former codes are turned into present ones."""
    rung = models.CharField(
        _("How changes are noticed"), max_length=12, choices=Rung.choices, default=Rung.AUTO
    )
    watermark = models.CharField(_("Column of the time of change"), max_length=255, blank=True)
    deletes = models.CharField(
        _("How deleted rows are noticed"),
        max_length=12,
        choices=DeletesChoice.choices,
        default=DeletesChoice.AUTO,
    )
    tombstone = models.CharField(_("Column that marks deleted rows"), max_length=255, blank=True)
    bad_rows = models.CharField(
        _("A row that the table does not take"),
        max_length=10,
        choices=BadRowChoice.choices,
        default=BadRowChoice.SET_ASIDE,
    )
    guard_percent = models.PositiveSmallIntegerField(_("Most rows deleted at once, in percent"), default=10)
    frequency = models.CharField(_("Frequency"), max_length=20, choices=SyncFrequency.choices)
    run_at = models.TimeField(_("Runs at"))
    responsible_unit = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("Responsible unit")
    )
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source_agreed_at = models.DateTimeField(null=True, blank=True)
    """When the source's side agreed to be read for this flow."""
    source_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    """When a run last brought the copy up to its source."""
    reconciled_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    in_step = models.BooleanField(null=True, blank=True)
    """What the last reconciliation found, rows that are held back apart: equal or not; None before the first."""
    held_back = models.PositiveBigIntegerField(default=0)
    """Rows in which the last reconciliation found the copy to differ because they are held back."""
    proved_at = models.DateTimeField(null=True, blank=True)
    """The first time that copy and source were proved equal."""
    late_since = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    delete_confirmed = models.PositiveBigIntegerField(null=True, blank=True)
    """How many deletions the next run may make beyond the guard: a person has confirmed them, once."""
    halted_because = models.TextField(blank=True)
    """Why it is stopped or paused, in the words of whoever or whatever did it."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["database", "target_table"],
                condition=~Q(state="ended") & ~Q(target_table=""),
                name="one_flow_into_a_table",
            ),
            models.CheckConstraint(
                condition=Q(guard_percent__gte=0) & Q(guard_percent__lte=100), name="guard_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_due_at"], name="flow_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        return str(self.state) not in {FlowState.DRAFT, FlowState.ENDED}

    @property
    def runs_here(self) -> bool:
        return self.carried_out == CarriedOut.HERE

    @property
    def needs_agreement(self) -> bool:
        """Whether the source belongs to others, who have to agree that it is read."""
        source = self.source_database
        return source is not None and source.owner_id != self.database.owner_id

    @property
    def source_name(self) -> str:
        """What the copy follows, as its people call it, in the reader's language."""
        if self.dataset is not None:
            return self.dataset.shown_name
        if self.source_database is not None:
            return self.source_database.shown_name
        return self.feed_owner or self.feed_url

    def mapping(self) -> list[dict[str, Any]]:
        """The columns in order, those of the key in front."""
        return sorted(self.columns, key=lambda one: one["target"] not in self.key)

    @transition(
        field=state,
        source=FlowState.DRAFT,
        target=FlowState.ACTIVE,
        custom={"vi": "Đưa luồng đồng bộ vào chạy", "en": "Put the flow to work", "requirement": "OVL-04"},
    )
    def activate(self) -> None:
        self.activated_at = timezone.now()

    @transition(
        field=state,
        source=FlowState.ACTIVE,
        target=FlowState.STOPPED,
        custom={"vi": "Dừng, chờ xử lý", "en": "Stop for a person"},
    )
    def stop(self, *, because: str) -> None:
        self.halted_because = because

    @transition(
        field=state,
        source=[FlowState.ACTIVE, FlowState.STOPPED],
        target=FlowState.PAUSED,
        custom={"vi": "Tạm dừng luồng đồng bộ", "en": "Pause the flow"},
    )
    def pause(self, *, because: str) -> None:
        self.halted_because = because

    @transition(
        field=state,
        source=[FlowState.PAUSED, FlowState.STOPPED],
        target=FlowState.ACTIVE,
        custom={"vi": "Cho luồng đồng bộ chạy tiếp", "en": "Let the flow go on"},
    )
    def go_on(self) -> None:
        self.halted_because = ""

    @transition(
        field=state,
        source=[FlowState.DRAFT, FlowState.ACTIVE, FlowState.STOPPED, FlowState.PAUSED],
        target=FlowState.ENDED,
        custom={"vi": "Kết thúc luồng đồng bộ", "en": "End the flow"},
    )
    def end(self, *, because: str) -> None:
        self.halted_because, self.next_due_at, self.next_check_at = because, None, None


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    GUARDED = "guarded", _("Stopped: too many deletions")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped by a person")


class RunCause(models.TextChoices):
    SCHEDULE = "schedule", _("Schedule")
    CHANGE = "change", _("The source changed")
    PERSON = "person", _("A person")
    MENDING = "mending", _("To mend discrepancies")


class FlowRun(models.Model):
    """One run of a flow: how changes were noticed, what was applied, what was set aside."""

    flow = models.ForeignKey(SyncFlow, on_delete=models.CASCADE, related_name="runs")
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="flow_run")
    cause = models.CharField(_("Cause"), max_length=10, choices=RunCause.choices)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    due_at = models.DateTimeField(null=True, blank=True)
    """The moment of the schedule that it answers."""
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    rung = models.CharField(max_length=20, blank=True)
    why = models.JSONField(default=dict)
    """Why changes were noticed in this way: words in both languages."""
    first = models.BooleanField(default=False)
    """Whether it loaded the copy from the beginning."""
    read = models.BigIntegerField(default=0)
    inserted = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    set_aside = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    """Rows that were left as they were because a correction holds them back."""
    held_by = models.JSONField(default=list)
    """The numbers of the corrections that held rows back when it ran."""
    chunks = models.PositiveIntegerField(default=0)
    proved = models.BooleanField(default=False)
    """Whether deletions were noticed too, so that the copy may be claimed to equal its source."""
    from_mark = models.CharField(max_length=200, blank=True)
    to_mark = models.CharField(max_length=200, blank=True)
    findings = models.JSONField(default=list)
    error_code = models.CharField(max_length=120, blank=True)
    error = models.JSONField(default=dict)
    """What stopped it and what to do: words in both languages."""
    would_delete = models.BigIntegerField(null=True, blank=True)
    of_rows = models.BigIntegerField(null=True, blank=True)
    """How many rows the guarded run would have deleted, and of how many."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["flow", "started_at"], name="flow_run")]

    def __str__(self) -> str:
        return f"{self.flow}: {self.started_at:%d/%m/%Y %H:%M}"

    @property
    def changed(self) -> int:
        """How many rows of the copy were touched."""
        return self.inserted + self.updated + self.deleted

    @property
    def seconds(self) -> float | None:
        return None if self.finished_at is None else (self.finished_at - self.started_at).total_seconds()


class RowSetAside(models.Model):
    """A row that a run could not apply: its key and why; values of personal columns are masked."""

    run = models.ForeignKey(FlowRun, on_delete=models.CASCADE, related_name="rows_set_aside")
    key = models.CharField(max_length=300)
    column = models.CharField(max_length=255, blank=True)
    code = models.CharField(max_length=80, blank=True)
    why_vi = models.CharField(max_length=400)
    why_en = models.CharField(max_length=400)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
