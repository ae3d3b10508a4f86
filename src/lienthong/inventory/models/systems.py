"""Information systems that serve connection and sharing (INV-05)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.text import fold, nfc, sort_key


class SystemKind(models.TextChoices):
    PUBLIC_SERVICES = "public_services", _("Public services and one-stop shop")
    SPECIALISED = "specialised", _("Specialised system")
    DOCUMENTS = "documents", _("Documents and steering")
    PLATFORM = "platform", _("Platform for integration and sharing")
    PORTAL = "portal", _("Portal")
    REPORTING = "reporting", _("Reports and statistics")
    OTHER = "other", _("Other system")


class Connection(models.TextChoices):
    NONE = "none", _("Cannot be connected")
    FILES = "files", _("Files only")
    POINT_TO_POINT = "point_to_point", _("Connection to single systems")
    SERVICE = "service", _("Services of its own (API)")
    LOCAL_PLATFORM = "local_platform", _("Through the platform of the ministry or province")
    NATIONAL_PLATFORM = "national_platform", _("Through the national platform")


class SystemState(models.TextChoices):
    BUILDING = "building", _("Being built")
    RUNNING = "running", _("In use")
    RETIRED = "retired", _("No longer in use")


class SafetyLevel(models.IntegerChoices):
    """The level of safety of an information system (Decree 85/2016)."""

    ONE = 1, _("Level 1")
    TWO = 2, _("Level 2")
    THREE = 3, _("Level 3")
    FOUR = 4, _("Level 4")
    FIVE = 5, _("Level 5")


class InformationSystem(FSMModelMixin, models.Model):
    """One information system of an agency: what it does, which databases it uses, how others can be connected to it."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    name_en = models.CharField(_("Name in English"), max_length=250, blank=True)
    sort_key = models.CharField(max_length=520, editable=False)
    folded = models.TextField(editable=False, default="")
    kind = models.CharField(_("Kind"), max_length=20, choices=SystemKind.choices)
    owner = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="owned_systems", verbose_name=_("Owner")
    )
    operator = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="operated_systems", verbose_name=_("Operator")
    )
    purpose = models.TextField(_("Purpose and users"))
    databases = models.ManyToManyField(
        Database, blank=True, related_name="systems", verbose_name=_("Databases used")
    )
    connection = models.CharField(_("Ability to connect"), max_length=20, choices=Connection.choices)
    connected_to = models.TextField(_("Connected with"), blank=True)
    standard = models.CharField(_("Technical standard of connection"), max_length=250, blank=True)
    safety_level = models.PositiveSmallIntegerField(
        _("Level of safety"), choices=SafetyLevel.choices, null=True, blank=True
    )
    safety_decision = models.CharField(_("Decision on the level of safety"), max_length=120, blank=True)
    in_use_since = models.PositiveIntegerField(_("In use since (year)"), null=True, blank=True)
    state = FSMField(default=SystemState.BUILDING, choices=SystemState.choices, protected=True)
    note = models.TextField(_("Note"), blank=True)
    registered_at = models.DateTimeField(default=timezone.now)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    """When its record was last gone through and found right."""
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key", "id"], name="system_sort")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name = nfc(self.name)
        self.sort_key = sort_key(self.name)[:520]
        self.folded = fold(f"{self.name} {self.name_en} {self.code}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @transition(
        field=state,
        source=SystemState.BUILDING,
        target=SystemState.RUNNING,
        custom={"vi": "Đưa vào sử dụng", "en": "Put into use", "requirement": "INV-05"},
    )
    def put_into_use(self) -> None:
        """The system is used in the work of the office."""

    @transition(
        field=state,
        source=[SystemState.BUILDING, SystemState.RUNNING],
        target=SystemState.RETIRED,
        custom={"vi": "Ngừng sử dụng", "en": "Take out of use", "requirement": "INV-05"},
    )
    def retire(self, *, because: str) -> None:
        self.retired_at, self.retired_because = timezone.now(), because[:300]
