"""Dossiers that propose databases as national, and the list of national databases in its versions."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.law.models import Instrument

from .databases import Database


class DossierKind(models.TextChoices):
    """What is asked of the list (NDB-04)."""

    ADD = "add", _("Add to the list")
    EDIT = "edit", _("Edit in the list")
    WITHDRAW = "withdraw", _("Withdraw from the list")


class DossierState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    ELIGIBLE = "eligible", _("Meets the criteria")
    READY = "ready", _("Waits for signature")
    SUBMITTED = "submitted", _("Sent to the coordinating ministry")
    RETURNED = "returned", _("Returned to be completed")
    CONSOLIDATED = "consolidated", _("In the draft list")
    WITH_APPROVER = "with_approver", _("Waits for approval")
    LISTED = "listed", _("In the national list")
    MASTER_DATA_AGREED = "master_data_agreed", _("Master data agreed")
    CONNECT_DUE = "connect_due", _("To be connected")
    CONNECTED = "connected", _("Connected")
    WITHDRAWN = "withdrawn", _("Withdrawn from the national list")
    REJECTED = "rejected", _("Not approved")


# In which states its contents may still change, and in which it is over.
WRITABLE = (DossierState.DRAFT, DossierState.ELIGIBLE, DossierState.READY, DossierState.RETURNED)
SETTLED = (
    DossierState.LISTED,
    DossierState.MASTER_DATA_AGREED,
    DossierState.CONNECT_DUE,
    DossierState.CONNECTED,
    DossierState.WITHDRAWN,
    DossierState.REJECTED,
)


class ListDraftState(models.TextChoices):
    DRAFTING = "drafting", _("Being consolidated")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    NOT_APPROVED = "not_approved", _("Not approved")


def _step(vi: str, en: str, requirement: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "requirement": requirement}


class NationalListDraft(FSMModelMixin, models.Model):
    """Many dossiers put together by the coordinating ministry, to be submitted for approval (NDB-05)."""

    number = models.CharField(max_length=40, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = FSMField(default=ListDraftState.DRAFTING, choices=ListDraftState.choices, protected=True)
    begun_at = models.DateTimeField(default=timezone.now)
    submission_number = models.CharField(_("Number of the submission"), max_length=60, blank=True)
    submitted_on = models.DateField(_("Day of the submission"), null=True, blank=True)
    approver_role = models.CharField(max_length=60, blank=True)
    approver_vi = models.CharField(max_length=200, blank=True)
    approver_en = models.CharField(max_length=200, blank=True)
    approver_cites = models.CharField(max_length=90, blank=True)
    """The provision that names the approver on the day of the submission."""

    class Meta:
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def approver(self) -> str:
        """Who approves, in the reader's language."""
        return self.approver_vi if (get_language() or "vi").startswith("vi") else self.approver_en

    @transition(
        field=state,
        source=ListDraftState.DRAFTING,
        target=ListDraftState.SUBMITTED,
        custom=_step("Trình phê duyệt danh mục", "Submit the list", "NDB-06"),
    )
    def submit(self) -> None:
        """The coordinating ministry submits the draft to whom the law of the day names."""

    @transition(
        field=state,
        source=ListDraftState.SUBMITTED,
        target=ListDraftState.APPROVED,
        custom=_step("Ghi nhận danh mục được phê duyệt", "Record the approved list", "NDB-07"),
    )
    def approve(self) -> None:
        """The approver approved, wholly or without some of the dossiers."""

    @transition(
        field=state,
        source=ListDraftState.SUBMITTED,
        target=ListDraftState.NOT_APPROVED,
        custom=_step("Ghi nhận danh mục không được phê duyệt", "Record that it was not approved", "NDB-06"),
    )
    def turn_down(self) -> None:
        """The approver did not approve."""


class NationalDossier(FSMModelMixin, models.Model):
    """One agency's proposal about one database: that it enters, changes in or leaves the national list."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("What is proposed"), max_length=10, choices=DossierKind.choices)
    database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="national_dossiers")
    proposed_on = models.DateField(_("Day of the proposal"))
    """The day by whose law its criteria and parts are counted; earlier than today for papers of earlier years."""
    rule_set = models.CharField(max_length=30)
    reason = models.TextField(_("Reason"), blank=True)
    state = FSMField(default=DossierState.DRAFT, choices=DossierState.choices, protected=True)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letter_number = models.CharField(_("Number of the letter"), max_length=60, blank=True)
    letter_date = models.DateField(_("Date of the letter"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    """Where the letter is signed, as it stands on the paper."""
    signer = models.CharField(_("Signed by"), max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)
    returned_because = models.TextField(blank=True)
    rejected_because = models.TextField(blank=True)
    draft = models.ForeignKey(
        NationalListDraft, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    agreement_number = models.CharField(_("Number of the agreement"), max_length=60, blank=True)
    agreement_date = models.DateField(_("Date of the agreement"), null=True, blank=True)
    connect_by = models.DateField(_("To be connected by"), null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["database"],
                condition=~models.Q(state__in=[str(state) for state in SETTLED]),
                name="one_open_dossier_of_a_database",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def may_change(self) -> bool:
        return self.state in WRITABLE

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @transition(
        field=state,
        source=DossierState.DRAFT,
        target=DossierState.ELIGIBLE,
        custom=_step("Đối chiếu ba tiêu chí", "Check the three criteria", "NDB-02"),
    )
    def find_eligible(self) -> None:
        """All three criteria are met with evidence, and a legal basis is linked."""

    @transition(
        field=state,
        source=DossierState.ELIGIBLE,
        target=DossierState.READY,
        custom=_step("Hoàn thành thuyết minh", "Complete the dossier", "NDB-03"),
    )
    def complete(self) -> None:
        """Every part is written; the head may sign."""

    @transition(
        field=state,
        source=DossierState.DRAFT,
        target=DossierState.READY,
        custom=_step("Hoàn thành đề nghị rút", "Complete the request to withdraw", "NDB-04"),
    )
    def complete_withdrawal(self) -> None:
        """A request to withdraw needs its reasons only."""

    @transition(
        field=state,
        source=[DossierState.ELIGIBLE, DossierState.READY],
        target=DossierState.DRAFT,
        custom=_step("Đối chiếu lại tiêu chí", "Check the criteria anew", "NDB-02"),
    )
    def reopen(self) -> None:
        """What was shown does not hold any more."""

    @transition(
        field=state,
        source=DossierState.READY,
        target=DossierState.ELIGIBLE,
        custom=_step("Bổ sung thuyết minh", "Complete the parts anew", "NDB-03"),
    )
    def reopen_parts(self) -> None:
        """A part was emptied again."""

    @transition(
        field=state,
        source=[DossierState.READY, DossierState.RETURNED],
        target=DossierState.SUBMITTED,
        custom=_step("Ký công văn, gửi hồ sơ", "Sign the letter and send", "NDB-03"),
    )
    def send(self) -> None:
        """The head signs the letter; the dossier goes to the coordinating ministry."""
        self.sent_at = self.sent_at or timezone.now()

    @transition(
        field=state,
        source=DossierState.SUBMITTED,
        target=DossierState.RETURNED,
        custom=_step("Trả lại để bổ sung", "Return to be completed", "NDB-05"),
    )
    def return_for_more(self, *, because: str) -> None:
        self.times_returned += 1
        self.returned_because = because

    @transition(
        field=state,
        source=[DossierState.SUBMITTED, DossierState.CONSOLIDATED, DossierState.WITH_APPROVER],
        target=DossierState.CONSOLIDATED,
        custom=_step("Tổng hợp vào dự thảo danh mục", "Take into the draft list", "NDB-05"),
    )
    def consolidate(self, *, draft: NationalListDraft) -> None:
        """From later states only what was left behind when its draft went on without it."""
        self.draft = draft

    @transition(
        field=state,
        source=DossierState.CONSOLIDATED,
        target=DossierState.WITH_APPROVER,
        custom=_step("Trình phê duyệt", "Submit for approval", "NDB-06"),
    )
    def go_to_approver(self) -> None:
        """The draft list that holds it was submitted."""

    @transition(
        field=state,
        source=DossierState.WITH_APPROVER,
        target=DossierState.LISTED,
        custom=_step("Được phê duyệt vào danh mục", "Approved into the list", "NDB-07"),
    )
    def enter_list(self) -> None:
        """The database stands in the list as the dossier says."""

    @transition(
        field=state,
        source=DossierState.WITH_APPROVER,
        target=DossierState.WITHDRAWN,
        custom=_step("Được phê duyệt rút khỏi danh mục", "Approved to leave the list", "NDB-04"),
    )
    def leave_list(self) -> None:
        """The database stands in the list no more."""

    @transition(
        field=state,
        source=DossierState.WITH_APPROVER,
        target=DossierState.REJECTED,
        custom=_step("Không được phê duyệt", "Not approved", "NDB-06"),
    )
    def turn_down(self, *, because: str) -> None:
        self.rejected_because = because

    @transition(
        field=state,
        source=DossierState.LISTED,
        target=DossierState.MASTER_DATA_AGREED,
        custom=_step("Thống nhất dữ liệu chủ", "Agree the master data", "D278-06"),
    )
    def agree_master_data(self) -> None:
        """The master data that are synchronised were agreed in writing."""

    @transition(
        field=state,
        source=DossierState.MASTER_DATA_AGREED,
        target=DossierState.CONNECT_DUE,
        custom=_step("Xác định hạn kết nối", "Set the day of connection", "D278-06"),
    )
    def become_due(self, *, connect_by: date) -> None:
        self.connect_by = connect_by

    @transition(
        field=state,
        source=DossierState.CONNECT_DUE,
        target=DossierState.CONNECTED,
        custom=_step("Xác nhận đã kết nối", "Report the connection", "D278-06"),
    )
    def connect(self) -> None:
        """The database is connected as agreed."""


class DossierCriterion(models.Model):
    """How a dossier stands to one criterion: met or not, with what evidence; files are kept for this record."""

    dossier = models.ForeignKey(NationalDossier, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=40)
    is_met = models.BooleanField(_("Met"), default=False)
    evidence = models.TextField(_("Evidence"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "key"], name="one_answer_to_a_criterion")]

    def __str__(self) -> str:
        return f"{self.dossier} {self.key}"


class DossierPart(models.Model):
    """One part of a dossier, as it is written."""

    dossier = models.ForeignKey(NationalDossier, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=40)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "key"], name="one_text_of_a_part")]

    def __str__(self) -> str:
        return f"{self.dossier} {self.key}"


class DossierBasis(models.Model):
    """A legal text or policy that mentions the database as national (NDB-01)."""

    dossier = models.ForeignKey(NationalDossier, on_delete=models.CASCADE, related_name="bases")
    text = models.CharField(_("Legal text or policy"), max_length=400)
    says = models.CharField(_("What it says"), max_length=400, blank=True)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class NationalList(models.Model):
    """One version of the list of national databases; never changed and never deleted (NDB-07)."""

    version = models.PositiveIntegerField(unique=True)
    decision_number = models.CharField(_("Decision number"), max_length=60, unique=True)
    decision_date = models.DateField(_("Decision date"))
    effective_on = models.DateField(_("In force from"))
    approver_role = models.CharField(max_length=60)
    approver_vi = models.CharField(max_length=200)
    approver_en = models.CharField(max_length=200)
    approver_cites = models.CharField(max_length=90, blank=True)
    rule_set = models.CharField(max_length=30, blank=True)
    draft = models.OneToOneField(
        NationalListDraft, on_delete=models.PROTECT, null=True, blank=True, related_name="national_list"
    )
    entries = models.JSONField()
    """The entries as approved: name, owner and the contents that the law of the day asks for."""
    databases = models.ManyToManyField(Database, related_name="national_lists")
    recorded_at = models.DateTimeField(default=timezone.now)
    in_effect = models.BooleanField(default=False)
    """Whether the classes of the databases have followed it."""

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version} ({self.decision_number})"

    @property
    def approver(self) -> str:
        """Who approved, in the reader's language."""
        return self.approver_vi if (get_language() or "vi").startswith("vi") else self.approver_en
