"""What people fill in for the yearly registration on the National Data Portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError

from .forms import AgencyChoice, _day, _text
from .models import Database, DataNeed, PortalState
from .portal_registration import database_named
from .queries import registering_agencies


class NeedForm(forms.Form):
    """A need for data of others: which, from whom, for which task, by which law."""

    unit = AgencyChoice(label=_("Unit that needs the data"), queryset=None)
    year = forms.TypedChoiceField(label=_("Year of the registration"), coerce=int)
    title = forms.CharField(label=_("Data needed"), max_length=250)
    items = _text(
        _("Data items"), rows=3, help_text=_("A line each, as the agency that holds them names them.")
    )
    holder_name = forms.CharField(label=_("Agency that holds them"), max_length=250)
    database = forms.CharField(
        label=_("Code of the database that holds them"),
        max_length=60,
        required=False,
        help_text=_("Where it is on record here or in an issued catalogue."),
    )
    purpose = _text(_("Purpose of use"), rows=2, help_text=_("The procedure or task that needs the data."))
    basis = forms.CharField(label=_("Legal basis"), max_length=300)
    frequency = forms.CharField(label=_("Frequency"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, need: DataNeed | None = None, **kwargs: Any) -> None:
        self.actor = actor
        agencies, year = registering_agencies(actor), timezone.localdate().year
        names = ("title", "items", "holder_name", "purpose", "basis", "frequency")
        written = {name: getattr(need, name) for name in names} if need is not None else {}
        if need is not None and need.holding is not None:
            written["database"] = need.holding.code
        kwargs["initial"] = {"unit": agencies.unit, "year": year} | written
        super().__init__(*args, **kwargs)
        if need is not None:
            del self.fields["unit"], self.fields["year"]
            return
        self.fields["unit"].queryset = agencies.units  # type: ignore[attr-defined]
        self.fields["year"].choices = [(one, str(one)) for one in (year, year + 1)]  # type: ignore[attr-defined]

    def clean_database(self) -> Database | None:
        given = self.cleaned_data["database"].strip()
        if not given:
            return None
        try:
            return database_named(self.actor, given)
        except DomainError as error:
            raise forms.ValidationError(error.text(get_language() or "vi")) from None


class EndNeedForm(forms.Form):
    """That a need was met, or is none any more."""

    met = forms.TypedChoiceField(
        label=_("How it ended"),
        choices=[("1", _("Need met")), ("0", _("No longer needed"))],
        coerce=lambda given: given == "1",
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class PortalStateForm(forms.Form):
    """Where the chosen records stand on the portal."""

    state = forms.ChoiceField(
        label=_("State on the portal"),
        choices=[(one.value, one.label) for one in PortalState if one != PortalState.NOT_SENT],
    )
    day = _day(_("State as of"))
    note = forms.CharField(label=_("Why the portal sent it back"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": timezone.localdate()})
        super().__init__(*args, **kwargs)
