"""Data said to be wrong, from the report to the day on which every consumer knows (C12), and the rows it is about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, Dataset, DatasetVersion


class CorrectionState(models.TextChoices):
    REPORTED = "reported", _("Reported")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged, being verified")
    CONFIRMED = "confirmed", _("Confirmed, to be corrected")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")
    DISPUTED = "disputed", _("Contested, an issue")
    CORRECTED = "corrected", _("Corrected, consumers to be informed")
    BROADCAST = "broadcast", _("Consumers informed")
    CLOSED = "closed", _("Closed")


# The data have been found wrong, and are not yet known to be right again.
WRONG = (CorrectionState.CONFIRMED, CorrectionState.DISPUTED)
UNVERIFIED = (CorrectionState.REPORTED, CorrectionState.ACKNOWLEDGED)


class CorrectionOrigin(models.TextChoices):
    CONSUMER = "consumer", _("An agency that uses the data")
    RECONCILIATION = "reconciliation", _("A reconciliation")
    QUALITY_WARNING = "quality_warning", _("A quality warning")
    WARNING_SLIP = "warning_slip", _("A warning slip of the national data centre")
    PUBLIC = "public", _("A reader of open data")


class IssueLevel(models.TextChoices):
    """Before whom a contested finding lies (DIS-02 to DIS-04)."""

    PROVIDER = "provider", _("Level 1: the provider")
    IT_UNIT = "it_unit", _("Level 2: the IT unit")
    HEAD = "head", _("Level 2: the head of agency")
    LAST = "last", _("Level 3: the last level")


class CorrectionCase(FSMModelMixin, models.Model):
    """That data of a database are said to be wrong, what its owner found, how it was mended and who was told (QUA-01).

    `database` is the one whose data are said to be wrong, `reporter` the unit that says so. A warning slip of the
    national data centre takes the same way under its own terms, and ends only with proof of a new synchronisation.
    """

    number = models.CharField(max_length=20, unique=True)
    database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="corrections")
    dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    table = models.CharField(_("Table"), max_length=255, blank=True)
    columns = models.JSONField(default=list)
    """Names of the columns said to be wrong; empty when the report names none."""
    origin = models.CharField(_("Reported through"), max_length=16, choices=CorrectionOrigin.choices)
    reporter = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections_reported"
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    through = models.CharField(max_length=120, blank=True)
    """Through which service, flow or warning it came: its number or code, as told by the floor that knows it."""
    slip = models.CharField(_("Number of the warning slip"), max_length=60, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    """The version of the dataset that the report is about."""
    text = models.TextField(_("What is wrong"))
    missing = models.PositiveBigIntegerField(default=0)
    extra = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    """Counts in full of a reconciliation, whose list of rows may have been cut."""
    certificate = models.JSONField(default=dict)
    """The certificate of the reconciliation that found it, as given."""
    is_critical = models.BooleanField(_("Identifier at fault"), default=False)
    is_unclear = models.BooleanField(_("Right or wrong cannot be decided yet"), default=False)
    state = FSMField(default=CorrectionState.REPORTED, choices=CorrectionState.choices, protected=True)
    finding = models.TextField(_("What was found"), blank=True)
    measure = models.TextField(_("How it was corrected"), blank=True)
    proof = models.CharField(_("Proof"), max_length=300, blank=True)
    proof_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    proof_certificate = models.JSONField(default=dict)
    checked_rows = models.PositiveIntegerField(null=True, blank=True)
    """Of the rows named, how many differ between the version reported and the one given as proof."""
    summary = models.TextField(_("What consumers are told"), blank=True)
    resync = models.CharField(_("Proof of the new synchronisation"), max_length=300, blank=True)
    outcome = models.TextField(_("Why it was closed"), blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=IssueLevel.choices, blank=True)
    contested = models.TextField(_("Why it is contested"), blank=True)
    settlement = models.TextField(_("Settlement"), blank=True)
    settled_at_level = models.CharField(max_length=10, choices=IssueLevel.choices, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    broadcast_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    times_urged = models.PositiveSmallIntegerField(default=0)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    """When the head was told that the present act is overdue; empty again with each step."""

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["database", "state"], name="correction_database"),
            models.Index(fields=["reporter", "state"], name="correction_reporter"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """Whether something is still due on it."""
        return str(self.state) != CorrectionState.CLOSED

    @property
    def found_right(self) -> bool:
        """Whether nothing was found wrong: not confirmed, or closed without a correction."""
        return str(self.state) == CorrectionState.NOT_CONFIRMED or (
            str(self.state) == CorrectionState.CLOSED and self.corrected_at is None
        )

    @property
    def is_slip(self) -> bool:
        """Whether it came as a warning slip, whose terms the guidance sets (C12, warning branch)."""
        return self.origin == CorrectionOrigin.WARNING_SLIP

    @property
    def place(self) -> str:
        """Which table and columns it is about."""
        return ".".join(part for part in (self.table, ", ".join(self.columns)) if part)

    @property
    def counted(self) -> int:
        """How many rows differ in all, where a reconciliation counted them."""
        return self.missing + self.extra + self.changed

    @transition(
        field=state,
        source=CorrectionState.REPORTED,
        target=CorrectionState.ACKNOWLEDGED,
        custom={
            "vi": "Tiếp nhận", "en": "Acknowledge", "requirement": "QUA-01", "clock": "discrepancy.acknowledge",
        },
    )  # fmt: skip
    def acknowledge(self) -> None:
        self.acknowledged_at, self.overdue_told_at = timezone.now(), None

    @transition(
        field=state,
        source=[CorrectionState.REPORTED, CorrectionState.ACKNOWLEDGED, CorrectionState.NOT_CONFIRMED],
        target=CorrectionState.CONFIRMED,
        custom={
            "vi": "Xác nhận sai lệch", "en": "Confirm the discrepancy", "requirement": "QUA-01",
            "clock": "discrepancy.verify",
        },
    )  # fmt: skip
    def confirm(self, *, finding: str) -> None:
        self.finding, self.verified_at, self.overdue_told_at = finding, timezone.now(), None
        self.acknowledged_at = self.acknowledged_at or self.verified_at
        self.is_unclear = False

    @transition(
        field=state,
        source=[CorrectionState.REPORTED, CorrectionState.ACKNOWLEDGED],
        target=CorrectionState.NOT_CONFIRMED,
        custom={"vi": "Kết luận không sai lệch", "en": "Find no discrepancy", "requirement": "QUA-01"},
    )
    def reject(self, *, finding: str) -> None:
        self.finding, self.verified_at, self.overdue_told_at = finding, timezone.now(), None
        self.acknowledged_at = self.acknowledged_at or self.verified_at
        self.is_unclear = False

    @transition(
        field=state,
        source=[CorrectionState.NOT_CONFIRMED, CorrectionState.REPORTED, CorrectionState.ACKNOWLEDGED],
        target=CorrectionState.DISPUTED,
        custom={
            "vi": "Nêu vướng mắc", "en": "Contest as an issue", "requirement": "DIS-02", "clock": "dispute.provider",
        },
    )  # fmt: skip
    def contest(self, *, because: str) -> None:
        self.contested, self.level, self.overdue_told_at = because, IssueLevel.PROVIDER, None
        self.settlement, self.settled_at_level = "", ""

    @transition(
        field=state,
        source=CorrectionState.DISPUTED,
        target=CorrectionState.DISPUTED,
        custom={"vi": "Chuyển cấp giải quyết", "en": "Take to the next level", "requirement": "DIS-03"},
    )
    def pass_on(self, *, level: str) -> None:
        self.level, self.overdue_told_at = level, None

    @transition(
        field=state,
        source=CorrectionState.DISPUTED,
        target=CorrectionState.CONFIRMED,
        custom={
            "vi": "Kết luận có sai lệch",
            "en": "Decide that the data are wrong",
            "requirement": "DIS-05",
        },
    )
    def settle_as_wrong(self, *, settlement: str) -> None:
        self._settle(settlement)

    @transition(
        field=state,
        source=CorrectionState.DISPUTED,
        target=CorrectionState.NOT_CONFIRMED,
        custom={
            "vi": "Kết luận dữ liệu đúng",
            "en": "Decide that the data are right",
            "requirement": "DIS-05",
        },
    )
    def settle_as_right(self, *, settlement: str) -> None:
        self._settle(settlement)

    def _settle(self, settlement: str) -> None:
        self.settlement, self.settled_at_level = settlement, self.level
        self.verified_at, self.overdue_told_at = timezone.now(), None

    @transition(
        field=state,
        source=CorrectionState.CONFIRMED,
        target=CorrectionState.CORRECTED,
        custom={
            "vi": "Báo đã đính chính", "en": "Report as corrected", "requirement": "QUA-01",
            "clock": "discrepancy.repair",
        },
    )  # fmt: skip
    def correct(
        self,
        *,
        measure: str,
        proof: str,
        version: DatasetVersion | None,
        certificate: dict[str, Any],
        checked: int | None,
    ) -> None:
        self.measure, self.proof, self.proof_version = measure, proof, version
        self.proof_certificate, self.checked_rows = certificate, checked
        self.corrected_at, self.overdue_told_at = timezone.now(), None

    @transition(
        field=state,
        source=CorrectionState.CORRECTED,
        target=CorrectionState.CONFIRMED,
        custom={"vi": "Mở lại vì còn sai", "en": "Reopen, still wrong", "requirement": "QUA-01"},
    )
    def reopen(self, *, finding: str) -> None:
        self.finding, self.corrected_at, self.overdue_told_at = finding, None, None

    @transition(
        field=state,
        source=CorrectionState.CORRECTED,
        target=CorrectionState.BROADCAST,
        custom={
            "vi": "Thông báo các bên khai thác", "en": "Inform the consumers", "requirement": "QUA-01",
            "clock": "discrepancy.broadcast",
        },
    )  # fmt: skip
    def broadcast(self, *, summary: str) -> None:
        self.summary, self.broadcast_at, self.overdue_told_at = summary, timezone.now(), None

    @transition(
        field=state,
        source=[CorrectionState.BROADCAST, CorrectionState.NOT_CONFIRMED],
        target=CorrectionState.CLOSED,
        custom={"vi": "Kết thúc hồ sơ", "en": "Close the case", "requirement": "QUA-01"},
    )
    def close(self, *, outcome: str, resync: str) -> None:
        self.outcome, self.resync, self.closed_at = outcome, resync, timezone.now()
        self.overdue_told_at = None


class CorrectionRow(models.Model):
    """One row that is said to be wrong, missing or one too many; values of personal columns are masked and sealed.

    Left is the side that counts, right the data said to be wrong. `shown` holds `key`, `left` and `right` with masked
    personal values, `sealed` the same in full, only for rows that have any.
    """

    case = models.ForeignKey(CorrectionCase, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    columns = models.JSONField(default=list)
    shown = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="one_correction_row_at_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.place}"


class ToldThrough(models.TextChoices):
    SERVICE = "service", _("Sharing service")
    FLOW = "flow", _("Synchronised copy")
    REPORTER = "reporter", _("Reported it")


class CorrectionNotice(models.Model):
    """That one consumer was told of a correction: through what it uses the data, when, and when it said so."""

    case = models.ForeignKey(CorrectionCase, on_delete=models.CASCADE, related_name="notices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="corrections_told")
    through = models.CharField(max_length=10, choices=ToldThrough.choices)
    reference = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=250, blank=True)
    told_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["told_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "agency", "through", "reference"], name="one_notice_of_a_correction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.agency}"
