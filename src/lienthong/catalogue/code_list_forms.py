"""What people fill in about shared code lists and national master data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.lists.reading import ENDINGS

from .forms import AgencyChoice, _day, _text
from .models import Database, MasterDataItem
from .queries import registering_agencies


class CodeListForm(forms.Form):
    """A shared code list: its code, its name, who keeps it and by which text."""

    code = forms.CharField(
        label=_("Code"), max_length=80, help_text=_("Small letters, digits and hyphens: don-vi-hanh-chinh.")
    )
    name = forms.CharField(label=_("Name"), max_length=250)
    name_en = forms.CharField(label=_("Name in English"), max_length=250, required=False)
    owner = AgencyChoice(label=_("Kept by"), queryset=Agency.objects.none())
    basis = forms.CharField(label=_("Legal basis"), max_length=400, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        agencies = registering_agencies(actor)
        kwargs["initial"] = {"owner": agencies.unit} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = agencies.units  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The decision that issues a version, and from when it holds."""

    decision_number = forms.CharField(label=_("Decision number"), max_length=60)
    decision_date = _day(_("Decision date"))
    valid_from = _day(
        _("In force from"), help_text=_("After the version before: nothing is changed back in time.")
    )


class ValuesForm(forms.Form):
    """The values of a short list, by hand."""

    values = _text(
        _("Values"),
        rows=8,
        help_text=_("The whole list, a line each: code | name | name in English | code above."),
    )


class PairsForm(forms.Form):
    """What a few old codes became, by hand."""

    pairs = _text(
        _("Pairs of old and new codes"),
        rows=6,
        help_text=_(
            "All pairs, a line each: former code | new code | usual (yes or no, where one was split) | note."
        ),
    )


class OnDayForm(forms.Form):
    """A day on which the values are asked for, and an old code to be translated."""

    ngay = _day(_("On the day"), required=False)
    ma = forms.CharField(label=_("A code"), max_length=80, required=False)
    tu = _day(_("Written on"), required=False, help_text=_("Empty: the newest version that holds the code."))


class MasterListForm(forms.Form):
    """The decision that publishes the list of national master data, and the agreement it rests on."""

    decision_number = forms.CharField(label=_("Decision number"), max_length=60)
    decision_date = _day(_("Decision date"))
    agreement = forms.CharField(
        label=_("Agreement with the owners"),
        max_length=300,
        help_text=_("Number and date of the paper in which the owners agreed."),
    )
    valid_from = _day(_("In force from"))


class MasterFileForm(forms.Form):
    """The file that holds the list."""

    upload = forms.FileField(
        label=_("File of the list"),
        max_length=200,
        help_text=_(
            "XLSX, XLS, ODS, CSV or TSV, with code, name, keys, owner and trusted source of each item."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )


class SourceForm(forms.Form):
    """Of which item of the national master data a database is the trusted source."""

    item = forms.ModelChoiceField(
        label=_("Item of the national master data"), queryset=MasterDataItem.objects.none()
    )

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = MasterDataItem.objects.filter(  # type: ignore[attr-defined]
            left_on__isnull=True
        ).exclude(source=database)


def today() -> Any:
    """The day on which nothing else is asked."""
    return timezone.localdate()
