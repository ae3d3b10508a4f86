"""Data governance of an agency under the law of 2025: the case, people, bodies, committee, door, papers, lists sent (C19)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from .agencies import Agency


class GovernanceState(models.TextChoices):
    OPENED = "opened", _("Status to be reviewed")
    STATUS_REVIEWED = "status_reviewed", _("Status reviewed")
    OFFICER_APPOINTED = "officer_appointed", _("Chief data officer appointed")
    BODIES_COMPLETE = "bodies_complete", _("Bodies complete")
    LIST_SENT = "list_sent", _("List sent")
    TRAINED = "trained", _("Trained")
    RUNNING = "running", _("Governance in operation")


class GovernanceGroup(models.IntegerChoices):
    ONE = 1, _("Group 1")
    TWO = 2, _("Group 2")


class GovernanceCase(FSMModelMixin, models.Model):
    """The way of one agency from the review of its status to data governance in operation (C19)."""

    number = models.CharField(max_length=40, unique=True)
    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="governance")
    group = models.PositiveSmallIntegerField(_("Group of the dispatch"), choices=GovernanceGroup.choices)
    anchored_on = models.DateField(_("Terms run from"))
    state = FSMField(default=GovernanceState.OPENED, choices=GovernanceState.choices, protected=True)
    opened_at = models.DateTimeField(default=timezone.now)
    findings = models.TextField(_("What the review found"), blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    training = models.TextField(_("Contents of the training"), blank=True)
    trained_people = models.PositiveIntegerField(_("People trained"), null=True, blank=True)
    running_since = models.DateField(null=True, blank=True)
    last_review_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    times_urged = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number} {self.agency}"

    @property
    def has_started_to_send(self) -> bool:
        return self.state in (GovernanceState.LIST_SENT, GovernanceState.TRAINED, GovernanceState.RUNNING)

    @transition(
        field=state,
        source=GovernanceState.OPENED,
        target=GovernanceState.STATUS_REVIEWED,
        custom={"vi": "Rà soát hiện trạng", "en": "Review the status", "requirement": "GOVF-05"},
    )
    def review_status(self, *, findings: str, reviewed_on: date) -> None:
        self.findings, self.reviewed_on = findings, reviewed_on

    @transition(
        field=state,
        source=GovernanceState.STATUS_REVIEWED,
        target=GovernanceState.OFFICER_APPOINTED,
        custom={
            "vi": "Cử người chịu trách nhiệm dữ liệu",
            "en": "Appoint the chief data officer",
            "requirement": "GOVF-05",
        },
    )
    def take_up_officer(self) -> None:
        """A chief data officer serves."""

    @transition(
        field=state,
        source=GovernanceState.OFFICER_APPOINTED,
        target=GovernanceState.BODIES_COMPLETE,
        custom={"vi": "Hoàn tất năm bộ phận", "en": "Complete the bodies", "requirement": "GOVF-04"},
    )
    def complete_bodies(self) -> None:
        """All five bodies are held as the guidance asks."""

    @transition(
        field=state,
        source=GovernanceState.BODIES_COMPLETE,
        target=GovernanceState.LIST_SENT,
        custom={"vi": "Gửi danh sách", "en": "Send the list", "requirement": "GOVF-05"},
    )
    def send_list(self) -> None:
        """The list of people and bodies went to the National Data Centre."""

    @transition(
        field=state,
        source=GovernanceState.LIST_SENT,
        target=GovernanceState.TRAINED,
        custom={"vi": "Tập huấn", "en": "Train", "requirement": "GOVF-05"},
    )
    def train(self, *, trained_on: date, training: str, trained_people: int | None) -> None:
        self.trained_on, self.training, self.trained_people = trained_on, training, trained_people

    @transition(
        field=state,
        source=GovernanceState.TRAINED,
        target=GovernanceState.RUNNING,
        custom={"vi": "Đưa vào vận hành", "en": "Put into operation", "requirement": "GOVF-05"},
    )
    def run(self, *, running_since: date) -> None:
        self.running_since = running_since


class GovernanceBodyKind(models.TextChoices):
    COMPLIANCE = "compliance", _("Compliance body")
    GOVERNANCE = "governance", _("Data governance body")
    ENGINEERING = "engineering", _("Data engineering body")
    CREATION = "creation", _("Data creation body")
    INNOVATION = "innovation", _("Data innovation body")


class GovernanceBody(models.Model):
    """That an existing unit does the work of one of the five bodies; a role, not a new office (GOVF-04)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="governance_bodies")
    kind = models.CharField(_("Body"), max_length=20, choices=GovernanceBodyKind.choices)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="holds_governance_bodies")
    is_police = models.BooleanField(_("The unit is the provincial police"), default=False)
    outsourced = models.BooleanField(_("The work is outsourced"), default=False)
    lead_name = models.CharField(_("Leader of the body"), max_length=150)
    lead_position = models.CharField(_("Position"), max_length=150, blank=True)
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("To"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"], condition=Q(valid_to__isnull=True), name="one_holder_of_a_body"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="governance_body_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.unit}"


class GovernanceRoleKind(models.TextChoices):
    DATA_OFFICER = "data_officer", _("Chief data officer")
    STEWARD = "steward", _("Data steward")
    COMMUNE_CONTACT = "commune_contact", _("Commune contact for data")


class GovernanceRole(models.Model):
    """That a person answers for data of an agency as chief data officer, steward or commune contact (GOVF-05)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="governance_roles")
    kind = models.CharField(_("Role"), max_length=20, choices=GovernanceRoleKind.choices)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="holds_governance_roles")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    full_name = models.CharField(_("Full name"), max_length=150)
    position = models.CharField(_("Position"), max_length=150)
    phone = models.CharField(_("Phone"), max_length=30)
    email = models.EmailField(_("E-mail"))
    scope = models.CharField(_("Field or group of databases"), max_length=300, blank=True)
    own_head = models.CharField(_("Reports to the own head"), max_length=200, blank=True)
    body = models.ForeignKey(
        GovernanceBody, on_delete=models.PROTECT, null=True, blank=True, related_name="stewards"
    )
    """The governance body to which a steward reports beside the own head."""
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("To"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(kind="data_officer", valid_to__isnull=True),
                name="one_data_officer_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="governance_role_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "valid_to"], name="governance_role_agency")]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.kind} {self.agency}"


class SteeringCommittee(models.Model):
    """The data steering committee of an agency, by decision; the latest without an end is the present one (OTH-10)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="steering_committees")
    leader_name = models.CharField(_("Leader of the committee"), max_length=150)
    leader_position = models.CharField(_("Position"), max_length=150)
    led_by_head = models.BooleanField(_("The leader is the head of the agency"), default=False)
    members = models.TextField(_("Members"), blank=True)
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    valid_to = models.DateField(_("To"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(valid_to__isnull=True), name="one_steering_committee"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision_number} {self.agency}"


class DataDoor(models.Model):
    """The one door through which an agency connects: its data platform and its secured connection point (GOVF-07, D278-09)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="data_doors")
    platform = models.CharField(_("Data platform (LDOP)"), max_length=200)
    operator = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="operates_doors", verbose_name=_("Operating unit")
    )
    node = models.CharField(_("Agent Node"), max_length=120, blank=True)
    node_site = models.CharField(_("Where the Agent Node stands"), max_length=300, blank=True)
    running_since = models.DateField(_("In operation from"), null=True, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(_("Last day"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(ended_on__isnull=True), name="one_door_per_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform}, {self.agency}"


class GovernancePaperKind(models.TextChoices):
    DICTIONARY = "dictionary", _("Extended data dictionary")
    CATALOGUE = "catalogue", _("Data catalogue")
    ACCESS_MATRIX = "access_matrix", _("Access rules (access matrix)")
    AUDIT_LOG = "audit_log", _("Audit log")
    RETENTION = "retention", _("Retention policy")
    ACCESS_REQUEST = "access_request", _("Access request to the National Data Centre")
    REVIEW = "review", _("Yearly review")


class GovernancePaper(models.Model):
    """One paper of data governance: what the agency keeps, what its chief data officer signed, a yearly review (GOVF-06)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="governance_papers")
    kind = models.CharField(_("Kind"), max_length=20, choices=GovernancePaperKind.choices)
    title = models.CharField(_("Title"), max_length=300)
    text = models.TextField(_("Contents"), blank=True)
    number = models.CharField(_("Number"), max_length=60, blank=True)
    dated = models.DateField(_("Date"))
    kept_at = models.CharField(_("Where it is kept"), max_length=300, blank=True)
    signed_by = models.ForeignKey(
        GovernanceRole, on_delete=models.PROTECT, null=True, blank=True, related_name="signed"
    )
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-dated", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class GovernanceList(models.Model):
    """The list of people and bodies as it was sent to the National Data Centre; a later one never changes it."""

    case = models.ForeignKey(GovernanceCase, on_delete=models.PROTECT, related_name="lists")
    version = models.PositiveIntegerField()
    letter_number = models.CharField(_("Letter number"), max_length=60)
    sent_on = models.DateField(_("Sent on"))
    signer = models.CharField(_("Signed by"), max_length=150, blank=True)
    content = models.JSONField()
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_governance_list_version")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.version}"
