"""Databases, their tables and fields, issued catalogues, datasets and versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from lienthong.agencies.models import Agency
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import in_words, nfc, sort_key

from .classes import CataloguePart, CoreDomain, Criticality, PortalState, ShareAbility


class Tier(models.TextChoices):
    """The class of a database (CAT-01, LTE-01), highest precedence first."""

    NATIONAL = "national", _("National")
    SECTOR = "sector", _("Sector")
    MINISTRY = "ministry", _("Ministry")
    LOCAL = "local", _("Local")
    INTERNAL = "internal", _("Internal")


class LocalBase(models.TextChoices):
    ASSIGNED_BY_LAW = "assigned_by_law", _("Assigned by law")
    BUILT_FOR_EGOVERNMENT = "built_for_egovernment", _("Built for e-government needs of local units")


class PersonalDataClass(models.TextChoices):
    NONE = "none", _("No personal data")
    BASIC = "basic", _("Basic personal data")
    SENSITIVE = "sensitive", _("Sensitive personal data")


class DatabaseState(models.TextChoices):
    REGISTERED = "registered", _("Not yet in operation")
    IN_OPERATION = "in_operation", _("Put into operation")
    NON_COMPLIANT = "non_compliant", _("No longer compliant")


class EntryState(models.TextChoices):
    NOT_DECLARED = "not_declared", _("Not yet declared")
    DECLARED = "declared", _("Declared")
    ISSUED = "issued", _("In the issued catalogue")
    ENDED = "ended", _("No longer in the catalogue")


class Database(FSMModelMixin, models.Model):
    """One database that an agency owns: the file whose whole life the product follows."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    name_en = models.CharField(_("Name in English"), max_length=250, blank=True)
    sort_key = models.CharField(max_length=520, editable=False)
    folded = models.TextField(editable=False, default="")
    """The words of name, English name and code (`in_words`), for finding by them in a list."""
    tier = models.CharField(_("Class"), max_length=12, choices=Tier.choices)
    owner = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="owned_databases", verbose_name=_("Owner")
    )
    managing_unit = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="managed_databases", verbose_name=_("Managing unit")
    )
    legal_basis = models.TextField(_("Legal basis"))
    local_base = models.CharField(
        _("Base of a local database"), max_length=30, choices=LocalBase.choices, blank=True
    )
    purpose = models.TextField(_("Purpose"))
    scope = models.TextField(_("Scope and content"))
    collection = models.TextField(_("How data are collected and updated, and from where"))
    specialised_rules = models.TextField(_("Specialised rules followed"), blank=True)
    sector_reuse = models.TextField(_("Reuse by the ministry of the sector"), blank=True)
    personal_data = models.CharField(
        _("Personal data"), max_length=12, choices=PersonalDataClass.choices, default=PersonalDataClass.NONE
    )
    is_secret = models.BooleanField(_("Within the scope of state secrets"), default=False)
    layers = models.JSONField(_("Data layers"), default=list, blank=True)
    """Codes of `DataLayer`, in its order (GOVF-01)."""
    core_domain = models.CharField(_("Core domain"), max_length=16, choices=CoreDomain.choices, blank=True)
    catalogue_part = models.CharField(
        _("Part of the catalogue"), max_length=8, choices=CataloguePart.choices, blank=True
    )
    identifier_keys = models.CharField(_("Identifier keys"), max_length=300, blank=True)
    copy_reason = models.CharField(_("Why a copy of national data is kept"), max_length=400, blank=True)
    is_mandatory = models.BooleanField(_("In the list of databases that must connect"), default=False)
    mandatory_item = models.CharField(_("Item of the appendix"), max_length=120, blank=True)
    is_appendix_one = models.BooleanField(_("In Appendix I: standardised first"), default=False)
    named_in_law = models.SlugField(_("Own limits by one decree"), max_length=80, blank=True)
    """The name under which parameters of the law set limits for this one database."""
    connect_by = models.DateField(_("To be connected by"), null=True, blank=True)
    connect_by_basis = models.CharField(_("Text that sets this day"), max_length=300, blank=True)
    connected_on = models.DateField(_("Connected on"), null=True, blank=True)
    standardised_on = models.DateField(_("Standardised on"), null=True, blank=True)
    digitised_from = models.JSONField(_("From where data come"), default=list, blank=True)
    """Codes of `DigitisedFrom` (LDL-05)."""
    storage_months = models.PositiveIntegerField(_("Stored for (months)"), null=True, blank=True)
    storage_permanent = models.BooleanField(_("Stored permanently"), default=False)
    storage_procedure = models.CharField(_("Technical storage procedure"), max_length=300, blank=True)
    storage_procedure_url = models.URLField(_("Link to the procedure"), max_length=300, blank=True)
    storage_procedure_file = models.ForeignKey(
        StoredFile,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("File of the procedure"),
    )
    log_months = models.PositiveIntegerField(_("Processing log kept for (months)"), null=True, blank=True)
    criticality = models.CharField(
        _("Criticality"), max_length=12, choices=Criticality.choices, blank=True, db_index=True
    )
    criticality_decision = models.CharField(_("Decision that classes it"), max_length=120, blank=True)
    criticality_date = models.DateField(_("Date of that decision"), null=True, blank=True)
    rank_year = models.PositiveIntegerField(_("Year of the rank"), null=True, blank=True)
    rank_class = models.CharField(_("Rank"), max_length=20, blank=True)
    rank_score = models.DecimalField(_("Score"), max_digits=6, decimal_places=2, null=True, blank=True)
    portal_state = models.CharField(
        _("On the National Data Portal"), max_length=12, choices=PortalState.choices, blank=True
    )
    portal_on = models.DateField(_("State as of"), null=True, blank=True)
    portal_year = models.PositiveIntegerField(_("Year of the registration"), null=True, blank=True)
    """The year for which that state holds: every year is registered anew (PRT-01)."""
    portal_note = models.CharField(_("Why the portal sent it back"), max_length=300, blank=True)
    share_ability = models.CharField(
        _("Ability to share"), max_length=16, choices=ShareAbility.choices, blank=True
    )
    share_ability_note = models.CharField(_("How, or why not"), max_length=300, blank=True)
    state = FSMField(default=DatabaseState.REGISTERED, choices=DatabaseState.choices, protected=True)
    entry_state = FSMField(default=EntryState.NOT_DECLARED, choices=EntryState.choices, protected=True)
    non_compliant_since = models.DateTimeField(null=True, blank=True)
    non_compliant_because = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField(default=timezone.now)
    in_operation_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        # The list goes by name, whole or within a class or a state: each is read from where the last page ended. Within
        # one owner it is read from the index alone; what is managed for another owner is little and sorted when asked for.
        indexes = [
            models.Index(fields=["sort_key", "id"], name="database_sort"),
            models.Index(fields=["tier", "sort_key", "id", "is_secret"], name="database_tier_sort"),
            models.Index(fields=["entry_state", "sort_key", "id", "is_secret"], name="database_entry_sort"),
            models.Index(
                fields=["owner", "is_secret", "sort_key", "id", "tier", "entry_state"],
                name="database_owner_sort",
            ),
            models.Index(fields=["managing_unit", "is_secret", "owner", "id"], name="database_unit_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name = nfc(self.name)
        self.sort_key = sort_key(self.name)[:520]
        self.folded = in_words(f"{self.name} {self.name_en} {self.code}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @property
    def tier_level(self) -> int:
        """1 for national down to 5 for internal: the order of precedence."""
        return list(Tier.values).index(self.tier) + 1

    @transition(
        field=entry_state,
        source=[EntryState.NOT_DECLARED, EntryState.DECLARED, EntryState.ISSUED, EntryState.ENDED],
        target=EntryState.DECLARED,
        custom={"vi": "Khai báo vào danh mục", "en": "Declare for the catalogue", "requirement": "CAT-02"},
    )
    def declare(self) -> None:
        """The owner declares the entry as complete; a change after issue is declared again."""

    @transition(
        field=entry_state,
        source=EntryState.DECLARED,
        target=EntryState.ISSUED,
        custom={"vi": "Ban hành trong danh mục", "en": "Issue in the catalogue", "requirement": "CAT-02"},
    )
    def issue(self) -> None:
        """The head of the agency issues the catalogue that holds this entry."""

    @transition(
        field=entry_state,
        source=[EntryState.NOT_DECLARED, EntryState.DECLARED, EntryState.ISSUED],
        target=EntryState.ENDED,
        custom={"vi": "Đưa ra khỏi danh mục", "en": "End in the catalogue", "requirement": "CAT-03"},
    )
    def end_entry(self) -> None:
        """The unit declared it as no longer in use, the head issued the catalogue without it."""

    @transition(
        field=state,
        source=[DatabaseState.REGISTERED, DatabaseState.NON_COMPLIANT],
        target=DatabaseState.IN_OPERATION,
        custom={"vi": "Đưa vào khai thác", "en": "Go live", "requirement": "REG-04"},
    )
    def go_live(self) -> None:
        self.in_operation_at = self.in_operation_at or timezone.now()
        self.non_compliant_since, self.non_compliant_because = None, ""

    @transition(
        field=state,
        source=DatabaseState.IN_OPERATION,
        target=DatabaseState.NON_COMPLIANT,
        custom={
            "vi": "Đánh dấu không còn tuân thủ",
            "en": "Mark as no longer compliant",
            "requirement": "REG-04",
        },
    )
    def lose_compliance(self, *, because: str) -> None:
        self.non_compliant_since, self.non_compliant_because = timezone.now(), because[:300]


class DataTable(models.Model):
    """A table of a database, as the source showed it and as the owner describes it."""

    database = models.ForeignKey(Database, on_delete=models.CASCADE, related_name="tables")
    name = models.CharField(_("Name in the source"), max_length=255)
    title = models.CharField(_("Title"), max_length=250, blank=True)
    description = models.TextField(_("Description"), blank=True)
    comment = models.TextField(blank=True)
    """The comment that the source itself keeps of this table."""
    rows = models.BigIntegerField(null=True, blank=True)
    primary_key = models.JSONField(default=list)
    foreign_keys = models.JSONField(default=list)
    seen_at = models.DateTimeField(null=True, blank=True)
    gone_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["database", "name"], name="one_table_by_name")]

    def __str__(self) -> str:
        return self.title or self.name


class SharingClass(models.TextChoices):
    """How others may use an item: in the words of the Data Law (LDL-01), and in those that ended with Decree 47."""

    SHARED = "shared", _("Shared use")
    PRIVATE_USE = "private_use", _("Private use")
    OPEN = "open", _("Open data")
    DEFAULT = "default", _("Default sharing")
    SPECIFIC = "specific", _("Specific-request sharing")


# What the earlier rules called a class: kept as it was decided, never turned into another by itself.
FORMER_CLASSES = (SharingClass.DEFAULT, SharingClass.SPECIFIC)


class DataField(models.Model):
    """One column: proposed from what was seen (unconfirmed), then described and confirmed by the owner."""

    table = models.ForeignKey(DataTable, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(_("Name in the source"), max_length=255)
    ordinal = models.PositiveIntegerField(default=0)
    type = models.CharField(_("Type"), max_length=12)
    nullable = models.BooleanField(default=True)
    title = models.CharField(_("Title"), max_length=250, blank=True)
    description = models.TextField(_("Description"), blank=True)
    comment = models.TextField(blank=True)
    """The comment that the source itself keeps of this column."""
    unit = models.CharField(_("Unit of measure"), max_length=60, blank=True)
    code_list = models.ForeignKey("CodeList", on_delete=models.SET_NULL, null=True, blank=True)
    no_code_list = models.CharField(_("Why no shared code list applies"), max_length=250, blank=True)
    sharing_class = models.CharField(
        _("Sharing class"), max_length=12, choices=SharingClass.choices, blank=True
    )
    classed_on = models.DateField(_("Classed on"), null=True, blank=True)
    """The day of the sharing class: by the law of that day it is read. Empty: the day it was confirmed."""
    user_groups = models.CharField(_("For which users"), max_length=250, blank=True)
    is_original = models.BooleanField(_("Original data"), default=False)
    criticality = models.CharField(_("Criticality"), max_length=12, choices=Criticality.choices, blank=True)
    dictionary_term = models.CharField(_("Term of the shared dictionary"), max_length=160, blank=True)
    master_item = models.ForeignKey(
        "MasterDataItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fields",
        verbose_name=_("National master data that it matches"),
    )
    holds_codes = models.BooleanField(default=False)
    """Whether the name says that it holds codes (CAT-07), kept so that many databases are asked at once."""
    personal_data = models.CharField(
        _("Personal data"), max_length=12, choices=PersonalDataClass.choices, default=PersonalDataClass.NONE
    )
    is_key = models.BooleanField(default=False)
    seen = models.JSONField(default=dict)
    """What the last look found: rows, nulls, distinct values, least and greatest (never of personal data)."""
    gone_since = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["table", "name"], name="one_field_by_name")]

    def __str__(self) -> str:
        return self.title or self.name


class IssuedCatalogue(models.Model):
    """One issued version of an agency's catalogue of databases; never changed after issue (CAT-02)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="catalogues")
    version = models.PositiveIntegerField()
    decision_number = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    size = models.PositiveIntegerField(default=0, editable=False)
    """How many entries it holds, for lists that do not read them."""
    databases = models.ManyToManyField(Database, related_name="catalogues")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "version"], name="one_catalogue_version"),
            models.UniqueConstraint(fields=["agency", "decision_number"], name="one_catalogue_per_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} v{self.version}"

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The entries as issued: one object per database with its statutory fields (D.2), never a secret one."""
        return list(self.rows.values_list("entry", flat=True))


class IssuedEntry(models.Model):
    """One entry of an issued catalogue; a page of a catalogue reads its own entries alone."""

    catalogue = models.ForeignKey(IssuedCatalogue, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    entry = models.JSONField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "place"], name="one_entry_at_a_place")]

    def __str__(self) -> str:
        return self.code


class Dataset(models.Model):
    """A part of a database that is kept in versions, so that it can be shared or opened."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("Name"), max_length=250)
    name_en = models.CharField(_("Name in English"), max_length=250, blank=True)
    description = models.TextField(_("Description"), blank=True)
    description_en = models.TextField(_("Description in English"), blank=True)
    database = models.ForeignKey(Database, on_delete=models.PROTECT, related_name="datasets")
    table = models.ForeignKey(DataTable, on_delete=models.PROTECT, related_name="datasets")
    columns = models.JSONField(default=list)
    """Names of the source columns that are kept, in order; empty means all."""
    key = models.JSONField(default=list)
    update_rhythm = models.CharField(_("Update rhythm"), max_length=60, blank=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def display_name(self, locale: str = "vi") -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.display_name(get_language() or "vi")

    @property
    def store_table(self) -> str:
        """The table's name in the versioned store: opaque and stable."""
        return f"dataset_{self.pk}"

    @property
    def latest(self) -> DatasetVersion | None:
        return self.versions.order_by("-number").first()


class DatasetVersion(models.Model):
    """One published state of a dataset in the store; it never vanishes."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rows = models.BigIntegerField()
    digest = models.CharField(max_length=130)
    columns = models.JSONField(default=list)
    """Name, type and title of each column at this version."""
    added = models.BigIntegerField(null=True, blank=True)
    removed = models.BigIntegerField(null=True, blank=True)
    changed = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=64, blank=True)
    replica_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_version_number")]

    def __str__(self) -> str:
        return f"{self.dataset} v{self.number}"
