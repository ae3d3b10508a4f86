"""Sharing services, requests, connection accounts, and the log of calls."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Dataset
from lienthong.law.models import Clock


class Form(models.TextChoices):
    """How a service is shared; what each form is called depends on the rule set of the day."""

    SHARED = "shared", _("Shared by default on request")
    MANDATORY = "mandatory", _("Mandatory sharing")
    ON_REQUEST = "on_request", _("On specific request")


class Method(models.TextChoices):
    ONLINE_QUERY = "online_query", _("Online query")
    SYNC = "sync", _("Full or partial synchronisation")
    PACKAGED = "packaged", _("Packaged on media")


class ServiceState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    READY = "ready", _("Ready to be connected to")
    PUBLISHED = "published", _("Published")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")


class SharingService(FSMModelMixin, models.Model):
    """A service through which others may read the latest version of a dataset (SVC-01, SVC-02; fields D.6)."""

    code = models.SlugField(_("Service code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    name_en = models.CharField(_("Name in English"), max_length=250, blank=True)
    description = models.TextField(_("What it gives"))
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="sharing_services")
    provider = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sharing_services")
    form = models.CharField(_("Form of sharing"), max_length=12, choices=Form.choices, default=Form.SHARED)
    method = models.CharField(_("Method"), max_length=14, choices=Method.choices, default=Method.ONLINE_QUERY)
    columns = models.JSONField(default=list)
    """The items offered: column names, in order."""
    masked = models.JSONField(default=dict)
    """Items given masked: name to `hide` or `partial`."""
    capacity = models.PositiveIntegerField(_("Connection capacity, calls a day"), default=10_000)
    conditions = models.TextField(_("Conditions of use"), blank=True)
    guide = models.TextField(_("Guide"), blank=True)
    contact = models.CharField(_("Contact"), max_length=200, blank=True)
    charge = models.PositiveBigIntegerField(_("Charge by the law on fees (VND)"), default=0)
    charge_ground = models.CharField(_("Item of the law on fees"), max_length=300, blank=True)
    """State agencies share free of charge, but for what the law on fees lists (SEC-03)."""
    state = FSMField(default=ServiceState.DRAFT, choices=ServiceState.choices, protected=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    suspended_because = models.CharField(max_length=300, blank=True)
    returns_at = models.DateTimeField(null=True, blank=True)
    publish_clock = models.ForeignKey(
        Clock, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @transition(
        field=state,
        source=ServiceState.DRAFT,
        target=ServiceState.READY,
        custom={"vi": "Xác nhận sẵn sàng kết nối", "en": "Declare ready", "requirement": "SVC-02"},
    )
    def make_ready(self) -> None:
        self.ready_at = timezone.now()

    @transition(
        field=state,
        source=ServiceState.READY,
        target=ServiceState.PUBLISHED,
        custom={"vi": "Công bố", "en": "Publish", "requirement": "SVC-02", "clock": "service.publish"},
    )
    def publish(self) -> None:
        self.published_at = timezone.now()

    @transition(
        field=state,
        source=ServiceState.PUBLISHED,
        target=ServiceState.SUSPENDED,
        custom={"vi": "Tạm ngừng", "en": "Suspend", "requirement": "SUS-01"},
    )
    def suspend(self, *, because: str, returns_at: datetime | None) -> None:
        self.suspended_because, self.returns_at = because[:300], returns_at

    @transition(
        field=state,
        source=ServiceState.SUSPENDED,
        target=ServiceState.PUBLISHED,
        custom={"vi": "Khôi phục", "en": "Restore", "requirement": "SUS-01"},
    )
    def restore(self) -> None:
        self.suspended_because, self.returns_at = "", None

    @transition(
        field=state,
        source=[ServiceState.PUBLISHED, ServiceState.SUSPENDED],
        target=ServiceState.TERMINATED,
        custom={"vi": "Chấm dứt", "en": "Terminate", "requirement": "SUS-03"},
    )
    def terminate(self) -> None:
        """No calls are answered any more."""


class RequestState(models.TextChoices):
    UNDER_REVIEW = "under_review", _("Under review")
    ACCOUNT_ISSUED = "account_issued", _("Account issued")
    REFUSED = "refused", _("Refused")


class Channel(models.TextChoices):
    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")


class SharingRequest(FSMModelMixin, models.Model):
    """A request to use a service, with its seven statutory parts (DSH-03; D.7) and its running clock (DSH-04)."""

    number = models.CharField(max_length=20, unique=True)
    service = models.ForeignKey(SharingService, on_delete=models.PROTECT, related_name="requests")
    requester = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sharing_requests")
    application = models.CharField(_("Application that will use the data"), max_length=200, blank=True)
    purpose = models.TextField(_("Purpose of use"))
    solution = models.TextField(_("How the data will be used"))
    items = models.JSONField(default=list)
    """What is asked: column names of the service."""
    quantity = models.CharField(_("Number of each item"), max_length=200, blank=True)
    frequency = models.CharField(_("Frequency"), max_length=200)
    other = models.TextField(_("Other"), blank=True)
    channel = models.CharField(
        _("How it was received"), max_length=8, choices=Channel.choices, default=Channel.ONLINE
    )
    document = models.CharField(_("Number of the paper request"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("Received"))
    duties_accepted = models.BooleanField(_("Accepts the duties of an agency"), default=False)
    """An organisation or a person who connects bears the same duties as an agency (SEC-05)."""
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    clock = models.ForeignKey(Clock, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = FSMField(default=RequestState.UNDER_REVIEW, choices=RequestState.choices, protected=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    refusal_document = models.CharField(_("Number of the refusal"), max_length=60, blank=True)
    refusal_reason = models.TextField(_("Reason"), blank=True)
    refusal_ground = models.CharField(_("Law that limits sharing"), max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["service", "state"], name="request_service")]

    def __str__(self) -> str:
        return self.number

    @transition(
        field=state,
        source=RequestState.UNDER_REVIEW,
        target=RequestState.ACCOUNT_ISSUED,
        custom={
            "vi": "Cấp tài khoản", "en": "Issue the account", "requirement": "DSH-04", "clock": "default_share.account",
        },
    )  # fmt: skip
    def issue_account(self) -> None:
        self.answered_at = timezone.now()

    @transition(
        field=state,
        source=RequestState.UNDER_REVIEW,
        target=RequestState.REFUSED,
        custom={"vi": "Từ chối", "en": "Refuse", "requirement": "DSH-05"},
    )
    def refuse(self, *, document: str, because: str, ground: str) -> None:
        self.answered_at = timezone.now()
        self.refusal_document, self.refusal_reason, self.refusal_ground = document, because, ground


class AccountState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")


class ConnectionAccount(FSMModelMixin, models.Model):
    """The account with which one consumer calls one service; only a digest of its key is kept (ACC-01)."""

    code = models.CharField(max_length=20, unique=True)
    request = models.OneToOneField(SharingRequest, on_delete=models.PROTECT, related_name="account")
    service = models.ForeignKey(SharingService, on_delete=models.PROTECT, related_name="accounts")
    consumer = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="connection_accounts")
    key_digest = models.CharField(max_length=64)
    key_ending = models.CharField(max_length=4)
    columns = models.JSONField(default=list)
    daily_quota = models.PositiveIntegerField(default=1000)
    state = FSMField(default=AccountState.ACTIVE, choices=AccountState.choices, protected=True)
    issued_at = models.DateTimeField(default=timezone.now)
    valid_to = models.DateField(null=True, blank=True)
    suspended_because = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords(excluded_fields=["key_digest"])

    def __str__(self) -> str:
        return self.code

    @transition(
        field=state,
        source=AccountState.ACTIVE,
        target=AccountState.SUSPENDED,
        custom={"vi": "Tạm ngừng tài khoản", "en": "Suspend the account", "requirement": "SUS-02"},
    )
    def suspend(self, *, because: str) -> None:
        self.suspended_because = because[:300]

    @transition(
        field=state,
        source=AccountState.SUSPENDED,
        target=AccountState.ACTIVE,
        custom={"vi": "Khôi phục tài khoản", "en": "Restore the account", "requirement": "SUS-02"},
    )
    def restore(self) -> None:
        self.suspended_because = ""

    @transition(
        field=state,
        source=[AccountState.ACTIVE, AccountState.SUSPENDED],
        target=AccountState.TERMINATED,
        custom={"vi": "Chấm dứt tài khoản", "en": "Terminate the account", "requirement": "SUS-03"},
    )
    def terminate(self, *, because: str) -> None:
        self.suspended_because = because[:300]


class Call(models.Model):
    """One call of the gateway, answered or refused: the sharing log (LOG-01). Holds what was asked, never the rows given."""

    at = models.DateTimeField(default=timezone.now)
    # The indexes below begin with these: one of its own would only make writing dearer.
    service = models.ForeignKey(
        SharingService, on_delete=models.PROTECT, null=True, related_name="calls", db_index=False
    )
    account = models.ForeignKey(
        ConnectionAccount, on_delete=models.PROTECT, null=True, related_name="calls", db_index=False
    )
    consumer_code = models.CharField(max_length=35, blank=True)
    asked = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()
    refusal = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(null=True)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["service", "at"], name="call_service"),
            models.Index(fields=["account", "at"], name="call_account"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.status}"


class CallsOfDay(models.Model):
    """How many calls an account was answered on one day, counted as the log is written."""

    account = models.ForeignKey(ConnectionAccount, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    answered = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_count_of_calls_a_day")]

    def __str__(self) -> str:
        return f"{self.account} {self.day}: {self.answered}"


class CallJournal(models.Model):
    """How far the journal of one process of the gateway was entered into the log, in bytes."""

    name = models.CharField(max_length=100, unique=True)
    read_to = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
