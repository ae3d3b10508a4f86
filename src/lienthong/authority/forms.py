"""What officers enter about an overlap case. The rules themselves are the commands'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.engine.errors import EngineError
from lienthong.foundation.errors import DomainError

from .models import LEVELS, Outcome, OverlapCase, PairClass, SyncFrequency, SyncMethod
from .rules import may_follow_by, outcome_to_decide


class ActForm(forms.Form):
    """A form whose command may refuse: the refusal is shown at the field it names."""

    def refuse(self, error: DomainError | EngineError) -> None:
        """Show a refusal of the command, with what to do next."""
        locale = get_language() or "vi"
        named = getattr(error, "field", None)
        place = named if named in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name(get_language() or "vi"))


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A date, chosen or typed; browsers hand it over in ISO form."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


def lines(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def units_of(case: OverlapCase) -> Any:
    """The owner of the lower database and the units below it."""
    return Agency.objects.filter(path__startswith=case.lower.owner.path)


class DecisionForm(ActForm):
    """The decision on a case: outcome, reason, and what the outcome asks for."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = lines(_("Reason"), help_text=_("Which facts lead to this decision"))
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[("", "—"), *SyncMethod.choices])
    frequency = forms.ChoiceField(
        label=_("Frequency"), required=False, choices=[("", "—"), *SyncFrequency.choices]
    )
    responsible_unit = UnitChoice(
        label=_("Responsible unit"), required=False, queryset=Agency.objects.none(), empty_label="—"
    )
    planned_from = day(_("Starts on"))
    legal_ground = lines(
        _("Legal ground"),
        required=False,
        rows=2,
        help_text=_("Instrument, article and clause that allow a separate collection"),
    )
    review_date = day(_("Review date"))

    def __init__(self, *args: Any, case: OverlapCase, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(
            outcome=outcome_to_decide(case.proposed_outcome), responsible_unit=case.lower.managing_unit_id
        )
        super().__init__(*args, **kwargs)
        self.fields["responsible_unit"].queryset = units_of(case)  # type: ignore[attr-defined]
        if case.pair_class == PairClass.SAME_AGENCY:
            self.fields["method"].choices = [  # type: ignore[attr-defined]
                ("", "—"),
                *(
                    (value, label)
                    for value, label in SyncMethod.choices
                    if may_follow_by(value, case.pair_class)
                ),
            ]
        if case.needs_authority:
            # Until an authority is named neither copy is the lower one, so neither can follow or give way.
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                choice
                for choice in Outcome.choices
                if choice[0] not in {Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING}
            ]


class AssignForm(ActForm):
    unit = UnitChoice(label=_("Handling unit"), queryset=Agency.objects.none(), empty_label="—")

    def __init__(self, *args: Any, case: OverlapCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(case)  # type: ignore[attr-defined]


class NameAuthorityForm(ActForm):
    authority = UnitChoice(
        label=_("Authority"), queryset=Database.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = lines(_("Reason"), help_text=_("Assignment by law, function of the agency, quality of the data"))

    def __init__(self, *args: Any, case: OverlapCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        both = Database.objects.filter(pk__in=[case.lower_id, case.higher_id])
        self.fields["authority"].queryset = both  # type: ignore[attr-defined]


class ReasonForm(ActForm):
    reason = lines(_("Reason"))


class DirectForm(ActForm):
    direction = lines(_("Direction"), help_text=_("Which unit is to do what"))
    until = day(_("To be done by"))


class MakeSketchForm(ActForm):
    """What of a database is to leave."""

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS.items(), widget=forms.RadioSelect, initial=1)
    period = forms.ChoiceField(label=_("Matching period"), required=False)

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not periods:
            # Hashes need the key of a period; without one only names, types and counts leave.
            del self.fields["period"]
            self.fields["level"].choices = [(level, name) for level, name in LEVELS.items() if level < 2]  # type: ignore[attr-defined]
            return
        self.fields["period"].choices = [("", "—"), *((one, one) for one in periods)]  # type: ignore[attr-defined]


class HandInForm(ActForm):
    upload = forms.FileField(label=_("Sketch file"), max_length=200)


class StartSyncForm(ActForm):
    started_on = day(_("Running since"), required=True)
    note = lines(
        _("Note"), required=False, help_text=_("How it was checked that the copy follows its source")
    )


class CloseForm(ActForm):
    note = lines(_("How it was checked"), help_text=_("What was looked at, and what was found"))
