"""What a consumer enters about wrong data that a service gave it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import choices_of
from .models import SharingService

MOST_KEYS = 200


class WrongDataForm(forms.Form):
    """Which items are wrong, in which rows, and how."""

    text = forms.CharField(
        label=_("What is wrong"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How the data differ, and by which paper or source the right value is known"),
    )  # fmt: skip
    columns = forms.MultipleChoiceField(
        label=_("Items that are wrong"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keys = forms.CharField(
        label=_("Rows that are wrong"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their key, one on a line, at most 200"),
    )  # fmt: skip

    def __init__(self, *args: Any, service: SharingService, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = choices_of(service)  # type: ignore[attr-defined]

    def clean_keys(self) -> list[str]:
        named = [one.strip()[:300] for one in self.cleaned_data["keys"].splitlines() if one.strip()]
        if len(named) > MOST_KEYS:
            raise forms.ValidationError(_("At most 200 rows; describe further ones in words."))
        return named
