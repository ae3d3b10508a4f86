"""What officers fill in about open data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Classification, DataKind, OpenDataset


class ClassifyForm(forms.Form):
    """How a dataset is classified, and what goes out."""

    classification = forms.ChoiceField(
        label=_("Classification"), choices=Classification.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the data are not opened."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DataKind.choices, initial=DataKind.STATISTICS)
    topic = forms.CharField(label=_("Topic"), max_length=100, required=False)
    columns = forms.MultipleChoiceField(label=_("Columns to open"), widget=forms.CheckboxSelectMultiple)
    method_note = forms.CharField(
        label=_("What to know before use"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How the data were made, and where their limits are."),
    )
    precaution = forms.CharField(
        label=_("Precaution"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the data touch the safety of people or property."),
    )  # fmt: skip
    feedback_contact = forms.CharField(label=_("Contact for feedback"), max_length=200, required=False)

    def __init__(self, *args: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]


class RiskForm(forms.Form):
    """The three questions before publication (ODA-09)."""

    personal = forms.CharField(
        label=_("No personal information"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was looked at, and what was found."),
    )
    combination = forms.CharField(
        label=_("Combined with other data nobody can be identified"), widget=forms.Textarea(attrs={"rows": 2})
    )
    security = forms.CharField(
        label=_("No risk to safety and security"), widget=forms.Textarea(attrs={"rows": 2})
    )


class DecisionForm(forms.Form):
    """The decision that issued the open-data catalogue."""

    decision_number = forms.CharField(label=_("Decision number"), max_length=60)
    decision_date = forms.DateField(
        label=_("Decision date"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"})
    )


class PublishForm(forms.Form):
    """What changed in this version."""

    note = forms.CharField(
        label=_("What changed in this version"), max_length=300, required=False, help_text=_("Everybody reads it beside the version.")
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a dataset is withdrawn; everybody reads it."""

    because = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Everybody reads it at the address of the dataset.")
    )  # fmt: skip


def classified_as(open_dataset: OpenDataset | None, columns: list[str]) -> dict[str, Any]:
    """What the form shows first: what was decided, else what is likely."""
    if open_dataset is None:
        return {"classification": Classification.OPEN, "kind": DataKind.STATISTICS, "columns": columns}
    return {
        "classification": open_dataset.classification,
        "reason": open_dataset.classified_because,
        "kind": open_dataset.kind,
        "topic": open_dataset.topic,
        "columns": open_dataset.columns,
        "method_note": open_dataset.method_note,
        "precaution": open_dataset.precaution,
        "feedback_contact": open_dataset.feedback_contact,
    }
