"""What owners fill in about the governance of a database."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .commands.protection import PROCEDURE_ENDINGS
from .forms import _day, _text
from .governing import databases_named_in_law
from .models import (
    CataloguePart,
    CoreDomain,
    Criticality,
    Database,
    DataLayer,
    DigitisedFrom,
    ShareAbility,
)

# What is entered with the form and is no item of the record.
NOT_KEPT = ("reason", "upload")


class GovernForm(forms.Form):
    """Layers, domain, connection, storage, class and rank of a database."""

    layers = forms.MultipleChoiceField(
        label=_("Data layers"),
        choices=DataLayer.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the database holds."),
    )
    core_domain = forms.ChoiceField(
        label=_("Core domain"), choices=[("", _("None of the six")), *CoreDomain.choices], required=False
    )
    catalogue_part = forms.ChoiceField(
        label=_("Part of the catalogue"),
        choices=[("", _("Not said yet")), *CataloguePart.choices],
        required=False,
        help_text=_("What the unit itself makes, or what comes from others, open sources, aggregates."),
    )
    identifier_keys = forms.CharField(
        label=_("Identifier keys"),
        max_length=300,
        required=False,
        help_text=_(
            "The codes by which a thing is known everywhere: personal identification number, tax code."
        ),
    )
    digitised_from = forms.MultipleChoiceField(
        label=_("From where data come"),
        choices=DigitisedFrom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    copy_reason = _text(
        _("Why a copy of national data is kept"),
        rows=2,
        required=False,
        help_text=_("National data are used through a connection; a copy needs a reason."),
    )
    is_mandatory = forms.BooleanField(label=_("In the list of databases that must connect"), required=False)
    mandatory_item = forms.CharField(label=_("Item of the appendix"), max_length=120, required=False)
    is_appendix_one = forms.BooleanField(label=_("In Appendix I: standardised first"), required=False)
    named_in_law = forms.ChoiceField(
        label=_("Own limits by one decree"),
        required=False,
        help_text=_(
            "Where a decree sets limits for this one database, they hold instead of the general ones."
        ),
    )
    connect_by = _day(
        _("To be connected by"), required=False, help_text=_("Empty: the day that the law sets for all.")
    )
    connect_by_basis = forms.CharField(label=_("Text that sets this day"), max_length=300, required=False)
    standardised_on = _day(_("Standardised on"), required=False)
    connected_on = _day(_("Connected on"), required=False)
    criticality = forms.ChoiceField(
        label=_("Criticality"), choices=[("", _("Not classed yet")), *Criticality.choices], required=False
    )
    criticality_decision = forms.CharField(
        label=_("Decision that classes it"), max_length=120, required=False
    )
    criticality_date = _day(_("Date of that decision"), required=False)
    log_months = forms.IntegerField(
        label=_("Processing log kept for (months)"), min_value=1, max_value=1200, required=False
    )
    storage_months = forms.IntegerField(
        label=_("Stored for (months)"), min_value=1, max_value=6000, required=False
    )
    storage_permanent = forms.BooleanField(label=_("Stored permanently"), required=False)
    storage_procedure = forms.CharField(
        label=_("Technical storage procedure"),
        max_length=300,
        required=False,
        help_text=_("Number, date and name of the paper."),
    )
    storage_procedure_url = forms.URLField(
        label=_("Link to the procedure"), max_length=300, required=False, assume_scheme="https"
    )
    upload = forms.FileField(
        label=_("File of the procedure"),
        required=False,
        max_length=200,
        help_text=_("PDF, DOCX, DOC or ODT; a new file takes the place of the one before."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(PROCEDURE_ENDINGS)}),
    )
    rank_year = forms.IntegerField(
        label=_("Year of the rank"), min_value=2020, max_value=2100, required=False, localize=False
    )
    rank_class = forms.CharField(label=_("Rank"), max_length=20, required=False)
    rank_score = forms.DecimalField(
        label=_("Score"), max_digits=6, decimal_places=2, min_value=0, required=False
    )
    share_ability = forms.ChoiceField(
        label=_("Ability to share"),
        choices=[("", _("Not said yet")), *ShareAbility.choices],
        required=False,
        help_text=_("It goes into the yearly registration on the National Data Portal."),
    )
    share_ability_note = forms.CharField(label=_("How, or why not"), max_length=300, required=False)
    reason = forms.CharField(label=_("Reason for the change"), max_length=300, required=False)

    groups: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (
            _("What it holds"),
            ("layers", "core_domain", "catalogue_part", "identifier_keys", "digitised_from", "copy_reason"),
        ),
        (
            _("Classing and protection"),
            ("criticality", "criticality_decision", "criticality_date", "log_months"),
        ),
        (
            _("Mandatory connection"),
            (
                "is_mandatory", "mandatory_item", "is_appendix_one", "standardised_on", "named_in_law", "connect_by",
                "connect_by_basis", "connected_on",
            ),
        ),
        (
            _("Storage"),
            ("storage_months", "storage_permanent", "storage_procedure", "storage_procedure_url", "upload"),
        ),
        (_("Ability to share"), ("share_ability", "share_ability_note")),
        (_("Rank"), ("rank_year", "rank_class", "rank_score")),
        (_("The change"), ("reason",)),
    )  # fmt: skip

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        names = [name for _title, group in self.groups for name in group if name not in NOT_KEPT]
        kwargs["initial"] = {name: getattr(database, name) for name in names}
        super().__init__(*args, **kwargs)
        named = databases_named_in_law()
        if database.named_in_law and database.named_in_law not in dict(named):
            named.append((database.named_in_law, database.named_in_law))
        self.fields["named_in_law"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """The items that differ from what is on record."""
        return {
            name: self.cleaned_data[name]
            for name in self.fields
            if name not in NOT_KEPT and self.cleaned_data[name] != self.initial[name]
        }


class RiskForm(forms.Form):
    """A signed assessment of the risks to a database."""

    assessed_on = _day(_("Assessed on"))
    result = _text(_("Result"), rows=4, help_text=_("Risks that were found, and what is done about them."))
    signed_by = forms.CharField(label=_("Signed by"), max_length=120)
    paper = forms.CharField(label=_("Number of the paper"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"assessed_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
