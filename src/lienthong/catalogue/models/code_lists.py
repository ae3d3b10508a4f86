"""Shared code lists in versions, and what an old code became."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import fold


class CodeList(models.Model):
    """A shared code list that fields refer to (CAT-07)."""

    code = models.SlugField(_("Code"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    name_en = models.CharField(_("Name in English"), max_length=250, blank=True)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="code_lists")
    basis = models.CharField(_("Legal basis"), max_length=400, blank=True)
    dataset = models.ForeignKey("Dataset", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.name if (get_language() or "vi").startswith("vi") or not self.name_en else self.name_en


class CodeListState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    ISSUED = "issued", _("Issued")


class CodeListVersion(FSMModelMixin, models.Model):
    """One version of a code list; once issued, its values and what they came from never change (GOVF-13)."""

    code_list = models.ForeignKey(CodeList, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    valid_from = models.DateField(_("In force from"))
    valid_to = models.DateField(null=True, blank=True)
    """The last day, known once the next version was issued."""
    state = FSMField(default=CodeListState.DRAFT, choices=CodeListState.choices, protected=True)
    begun_at = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    values_file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["code_list", "number"], name="one_code_list_version")]

    def __str__(self) -> str:
        return f"{self.code_list} v{self.number}"

    @transition(
        field=state,
        source=CodeListState.DRAFT,
        target=CodeListState.ISSUED,
        custom={"vi": "Ban hành phiên bản", "en": "Issue the version", "requirement": "CAT-07"},
    )
    def issue(self) -> None:
        """From now on its values stand."""
        self.issued_at = timezone.now()


class CodeValue(models.Model):
    """One code of one version of a list."""

    version = models.ForeignKey(CodeListVersion, on_delete=models.CASCADE, related_name="values")
    code = models.CharField(_("Code"), max_length=80)
    name = models.CharField(_("Name"), max_length=400)
    name_en = models.CharField(_("Name in English"), max_length=400, blank=True)
    parent = models.CharField(_("Code above"), max_length=80, blank=True)
    valid_from = models.DateField(_("In force from"), null=True, blank=True)
    valid_to = models.DateField(_("In force until"), null=True, blank=True)
    folded = models.TextField(editable=False, default="")
    """Code and names without marks, for finding in any spelling."""

    class Meta:
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_value_of_a_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def spoken(self) -> str:
        """How it is found: its code and its names, folded."""
        return fold(f"{self.code} {self.name} {self.name_en}")

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.name if (get_language() or "vi").startswith("vi") or not self.name_en else self.name_en


class CodeMapping(models.Model):
    """What a code of an earlier version became in this one: before and after a merger (GOVF-13)."""

    version = models.ForeignKey(CodeListVersion, on_delete=models.CASCADE, related_name="mappings")
    old_code = models.CharField(_("Former code"), max_length=80)
    new_code = models.CharField(_("New code"), max_length=80)
    is_usual = models.BooleanField(default=True)
    """Where one code was split over several: the one to take when nothing else is known."""
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["old_code", "-is_usual", "new_code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "old_code", "new_code"], name="one_mapping_of_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"
