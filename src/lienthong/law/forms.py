"""What people enter about the law: a day to ask for, a change of a parameter, an entry of the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

from .commands import MIGRATE, PIN
from .models import CalendarDay, Mark, Parameter, UnitChoice

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
