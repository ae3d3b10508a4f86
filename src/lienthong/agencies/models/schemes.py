"""Schemes of codes for bodies outside the tree of agencies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeScheme(models.Model):
    """The record of one scheme of codes that begin with Z and two digits: whose it is and how it is built (D.14)."""

    code = models.CharField(_("Code of the scheme"), max_length=3, unique=True)
    name = models.CharField(_("Name of the scheme"), max_length=200)
    purpose = models.TextField(_("Purpose and scope"))
    issuer = models.CharField(_("Issuing body"), max_length=200)
    postal = models.CharField(_("Postal address"), max_length=300)
    email = models.EmailField(_("E-mail"))
    phone = models.CharField(_("Phone"), max_length=30)
    structure = models.TextField(_("Structure of the codes"))
    description = models.TextField(_("Description"))
    notes = models.TextField(_("Notes"), blank=True)
    dated = models.DateField(_("Date"))
    ended_on = models.DateField(_("Last day"), null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
