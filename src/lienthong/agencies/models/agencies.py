"""Agencies and units, and the codes by which they are known."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lienthong.foundation.text import nfc, sort_key


class AgencyKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or ministry-level agency")
    PROVINCE = "province", _("Provincial People's Committee")
    DEPARTMENT = "department", _("Department")
    COMMUNE = "commune", _("Communal People's Committee")
    UNIT = "unit", _("Subordinate unit")
    OTHER = "other", _("Other body")


class Agency(models.Model):
    """A state agency, or a unit of one: a unit is an agency with a parent."""

    code = models.CharField(_("Identifier code"), max_length=35, unique=True)
    name = models.CharField(_("Name of the agency or unit"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    former_names = models.CharField(_("Former names"), max_length=400, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=AgencyKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    path = models.CharField(max_length=200, editable=False, db_index=True)
    """Ids from the top down to this one as `/1/5/`, so that everything below is one range."""
    sort_key = models.CharField(max_length=420, editable=False, db_index=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Last day of validity"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    """The agency into which a closed one was merged."""
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name = nfc(self.name)
        self.sort_key = sort_key(self.name)[:420]
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            type(self).objects.filter(pk=self.pk).update(path=path)

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @property
    def is_open(self) -> bool:
        return self.valid_to is None

    @property
    def top_id(self) -> int:
        """The agency to which this unit belongs; itself when it is no unit."""
        return int(self.path.split("/")[1])


class IdentifierCode(models.Model):
    """A code by which an agency is or was known, in either form (`H41.12`, `000.00.12.H41`). IDC-01."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("Code"), max_length=35)
    form = models.CharField(
        _("Form"),
        max_length=10,
        choices=[("current", _("Current form")), ("former", _("Former form")), ("other", _("Other body"))],
        default="current",
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_code_at_a_time")]

    def __str__(self) -> str:
        return self.code
