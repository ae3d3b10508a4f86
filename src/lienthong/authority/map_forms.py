"""To what map and matrix are narrowed, as a form whose answers stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import CoreDomain, Tier

from .mapping import Grouping, MapQuestion, Progress
from .models import Outcome

ALL: list[tuple[Any, Any]] = [("", _("All"))]
# The names in the address, and to what of the question they belong.
NAMES = {
    "cap": "tier",
    "co_quan": "agency",
    "voi": "other",
    "tinh_trang": "progress",
    "ket_luan": "outcome",
    "mien": "domain",
    "csdl": "database",
    "q": "text",
    "theo": "grouping",
}
LONGEST = 120


class MapForm(forms.Form):
    """The filters of the map; the ones without a list of their own are set by links of the picture."""

    q = forms.CharField(label=_("Name, code or case"), required=False, max_length=LONGEST)
    cap = forms.ChoiceField(label=_("Class"), required=False, choices=[*ALL, *Tier.choices])
    co_quan = forms.ChoiceField(label=_("Agency, unit"), required=False)
    tinh_trang = forms.ChoiceField(label=_("State"), required=False, choices=[*ALL, *Progress.choices])
    ket_luan = forms.ChoiceField(label=_("Outcome"), required=False, choices=[*ALL, *Outcome.choices])
    mien = forms.ChoiceField(label=_("Core domain"), required=False, choices=[*ALL, *CoreDomain.choices])
    theo = forms.ChoiceField(
        label=_("Shown"), required=False, choices=[("", _("As fits the picture")), *Grouping.choices]
    )

    def __init__(self, *args: Any, agencies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["co_quan"].choices = [*ALL, *agencies]  # type: ignore[attr-defined]


_CHOICES: dict[str, Sequence[str]] = {
    "tier": Tier.values,
    "progress": Progress.values,
    "outcome": Outcome.values,
    "domain": CoreDomain.values,
    "grouping": Grouping.values,
}


def question_in(given: Mapping[str, Any]) -> MapQuestion:
    """What an address asks for; what it cannot mean is taken as not asked."""
    asked = {place: str(given.get(name, "") or "").strip()[:LONGEST] for name, place in NAMES.items()}
    kept = {
        place: value for place, value in asked.items() if place not in _CHOICES or value in _CHOICES[place]
    }
    return MapQuestion(**kept)
