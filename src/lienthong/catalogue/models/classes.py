"""The classes by which databases and their items are told apart in the governance of data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataLayer(models.TextChoices):
    """What kind of data a database holds, as the national architecture layers them (GOVF-01)."""

    ORIGINAL = "original", _("Original data layer")
    METADATA = "metadata", _("Metadata layer")
    MASTER = "master", _("Master data layer")
    CODE_LIST = "code_list", _("Code list layer")
    TRANSACTION = "transaction", _("Transaction data layer")
    AGGREGATE = "aggregate", _("Aggregate data layer")
    ANALYTIC = "analytic", _("Analytic data layer")
    OPEN = "open", _("Open data layer")


class CoreDomain(models.TextChoices):
    """The six core domains of the national data architecture (GOVF-02)."""

    PERSON = "person", _("Persons")
    ORGANISATION = "organisation", _("Organisation")
    ASSET = "asset", _("Asset")
    CADASTRE = "cadastre", _("Cadastre")
    ADDRESS = "address", _("Address")
    BASE_GEOGRAPHY = "base_geography", _("Base geography")


class CataloguePart(models.TextChoices):
    """Part (a) of a catalogue holds what the agency itself makes, part (b) what comes from elsewhere (GOVF-03)."""

    OWN = "own", _("Own original data")
    OTHER = "other", _("Other data")


class DigitisedFrom(models.TextChoices):
    """From where the data of a database come (LDL-05)."""

    PROCEDURE_RESULTS = "procedure_results", _("Results of administrative procedures")
    DIGITISING = "digitising", _("Papers and files that were digitised")
    ELECTRONIC = "electronic", _("Taken electronically")
    DIRECT = "direct", _("Entered directly")


class Criticality(models.TextChoices):
    """How much harm a loss would do (LDL-07)."""

    CORE = "core", _("Core data")
    IMPORTANT = "important", _("Important data")
    OTHER = "other", _("Neither core nor important")


class PortalState(models.TextChoices):
    """Where the yearly registration on the national portal stands (PRT-03)."""

    NOT_SENT = "not_sent", _("Not sent yet")
    SENT = "sent", _("Sent to the portal")
    PUBLISHED = "published", _("Published on the portal")
    REJECTED = "rejected", _("Sent back by the portal")


class ShareAbility(models.TextChoices):
    """Whether others can be given the data of a database, as its owner registers it (PRT-01)."""

    NOW = "now", _("Can be shared now")
    AFTER_UPGRADE = "after_upgrade", _("Can be shared after an upgrade")
    CANNOT = "cannot", _("Cannot be shared")
