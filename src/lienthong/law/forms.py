"""What people enter about the law: a day to ask for, a change of a parameter, an entry of the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

from .commands import MIGRATE, PIN
from .models import (
    CalendarDay,
    Force,
    Instrument,
    InstrumentKind,
    Mark,
    Parameter,
    ProvisionRelation,
    UnitChoice,
)

# The span of days that the pages can be asked about.
FIRST_YEAR, LAST_YEAR = 1990, 2100


class DayInput(forms.DateInput):
    """A date, chosen or typed; browsers hand it over in ISO form."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A date in a year that can be meant."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a day between 1990 and 2100."))
        return found


class ActForm(forms.Form):
    """A form whose command may refuse: the refusal is shown at the field it names."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the command, with what to do next."""
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class OnDayForm(forms.Form):
    """Which day the reader asks about."""

    ngay = DayField(label=_("On the day"), required=False)


class ChangeForm(ActForm):
    """A new value of a parameter, and what becomes of the running cases."""

    value = forms.CharField(label=_("Value"), max_length=200, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=UnitChoice.choices)
    mark = forms.ChoiceField(
        label=_("Mark"),
        choices=Mark.choices,
        help_text=_("Every mark but the rule of the agency needs the provision that was read."),
    )
    provision = forms.CharField(
        label=_("Provision"),
        max_length=90,
        required=False,
        help_text=_("Reference such as nd-194-2025/40.3, from the page of the legal text."),
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("The decision or the text behind the change, with number and date."),
    )
    running_cases = forms.ChoiceField(
        label=_("Running cases"),
        choices=[(PIN, _("Keep the old rule")), (MIGRATE, _("Follow the new rule"))],
        widget=forms.RadioSelect,
        initial=PIN,
    )

    def __init__(self, data: Any = None, *, row: Parameter, of_texts: bool) -> None:
        super().__init__(data, initial={"value": row.value, "unit": row.unit, "mark": Mark.AGENCY})
        if not of_texts:
            del self.fields["mark"], self.fields["provision"]

    def clean_reason(self) -> str:
        return str(self.cleaned_data["reason"]).strip()


class CalendarDayForm(ActForm):
    """One entry of the working calendar."""

    day = DayField(label=_("Day"))
    kind = forms.ChoiceField(label=_("Kind"), choices=CalendarDay.Kind.choices)
    name_vi = forms.CharField(label=_("Name of the day"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    closing_hour = forms.TimeField(
        label=_("Closing hour"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Only for a closing hour; empty means 24:00."),
    )
    source = forms.CharField(
        label=_("Announced in"), max_length=200, required=False, help_text=_("Number and date of the notice.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ReasonForm(ActForm):
    """Why an entry is taken out."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


# A fact read in a text is verified, second-hand or not checked; a rule of the agency is no text of law.
_READ = [choice for choice in Mark.choices if choice[0] != Mark.AGENCY]


class TextForm(ActForm):
    """A legal text as it is entered or corrected."""

    kind = forms.ChoiceField(label=_("Kind"), choices=InstrumentKind.choices)
    number = forms.CharField(label=_("Number of the text"), max_length=60, required=False)
    title_vi = forms.CharField(label=_("Title"), max_length=400, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=400, required=False)
    issuer_vi = forms.CharField(label=_("Issued by"), max_length=150, required=False)
    issuer_en = forms.CharField(label=_("Issued by, in English"), max_length=150, required=False)
    force = forms.ChoiceField(label=_("Legal force"), choices=Force.choices)
    issued_on = DayField(label=_("Issued on"), required=False)
    in_force_from = DayField(label=_("In force from"), required=False)
    in_force_to = DayField(
        label=_("Last day in force"), required=False, help_text=_("Empty while the text holds.")
    )
    mark = forms.ChoiceField(label=_("Checked"), choices=_READ, initial=Mark.UNVERIFIED)
    read_in = forms.CharField(
        label=_("Read in"),
        max_length=300,
        required=False,
        help_text=_("Where the text was read: the official gazette, a site, a paper copy."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)

    def __init__(self, data: Any = None, *, row: Instrument | None = None) -> None:
        names = [name for name in self.base_fields if name not in ("reason", "read_in")]
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else None)


class ProvisionForm(ActForm):
    """A place in a legal text, and what it says."""

    place = forms.CharField(
        label=_("Place"),
        max_length=20,
        required=False,
        help_text=_("Article, clause and point with dots between: 35, 35.3 or 16.2.đ."),
    )
    summary_vi = forms.CharField(
        label=_("What it says"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    summary_en = forms.CharField(
        label=_("What it says, in English"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    mark = forms.ChoiceField(label=_("Checked"), choices=_READ, initial=Mark.UNVERIFIED)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


class RelationForm(ActForm):
    """What a legal text does to another."""

    kind = forms.ChoiceField(label=_("What it does"), choices=ProvisionRelation.Kind.choices)
    source_place = forms.CharField(
        label=_("Place in this text"), max_length=20, required=False, help_text=_("Empty for the whole text.")
    )
    target = forms.ModelChoiceField(label=_("To which text"), queryset=Instrument.objects.none())
    target_place = forms.CharField(
        label=_("Place in that text"), max_length=20, required=False, help_text=_("Empty for the whole text.")
    )
    effective_on = DayField(label=_("From the day"))
    mark = forms.ChoiceField(label=_("Checked"), choices=_READ, initial=Mark.UNVERIFIED)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)

    def __init__(self, data: Any = None, *, source: Instrument) -> None:
        super().__init__(data)
        others = Instrument.objects.exclude(pk=source.pk)
        self.fields["target"].queryset = others  # type: ignore[attr-defined]
