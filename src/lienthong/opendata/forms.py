"""What officers fill in about open data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

from .models import Classification, DataKind, OpenDataset, Publication, ReportSubject
from .rules import MOST_ROWS_SAID, MOST_SAID


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


class ReportForm(forms.Form):
    """What a reader says is wrong in a published dataset; nothing about the reader is asked."""

    subject = forms.ChoiceField(
        label=_("Kind of error"),
        choices=ReportSubject.choices,
        initial=ReportSubject.VALUES,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is wrong"),
        max_length=MOST_SAID,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Where, how, and by which paper or source the right value is known"),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns that are wrong"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keys = forms.CharField(
        label=_("Rows that are wrong"), max_length=6_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their key, one on a line, at most 20"),
    )  # fmt: skip
    publication = forms.ChoiceField(label=_("Version"), required=False)
    website = forms.CharField(
        label=_("Leave this box empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    """A trap: people do not see it, programs fill in whatever they find."""

    def __init__(
        self, *args: Any, columns: list[tuple[str, str]], publications: list[Publication], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.publications = {str(one.number): one for one in publications}
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]
        self.fields["publication"].choices = [  # type: ignore[attr-defined]
            (number, f"{number} ({timezone.localtime(one.published_at):%d/%m/%Y})")
            for number, one in self.publications.items()
        ]

    def clean_keys(self) -> list[str]:
        named = [one.strip() for one in self.cleaned_data["keys"].splitlines() if one.strip()]
        if len(named) > MOST_ROWS_SAID:
            raise forms.ValidationError(_("At most 20 rows; describe further ones in words."))
        return named

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("This box is for programs that send by themselves: leave it empty.")
            )
        return ""

    def given(self) -> dict[str, Any]:
        """What the command is told."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("subject", "text", "columns", "keys")},
            "publication": self.publications.get(data["publication"]),
        }

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the command at the field it names, with what to do next."""
        locale = get_language() or "vi"
        named = getattr(error, "field", None)
        self.add_error(named if named in self.fields else None, f"{error.text(locale)} {error.hint(locale)}")


class CodeForm(forms.Form):
    """The code that was given when a report was sent."""

    ma = forms.CharField(
        label=_("Code of the report"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"}),
        help_text=_("12 letters and digits, given when the report was sent"),
    )
