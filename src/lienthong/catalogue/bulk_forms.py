"""What is said of many databases or columns at once; what is left as it is changes nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import _day
from .governing import class_choices
from .models import (
    CataloguePart,
    CodeList,
    CoreDomain,
    Criticality,
    LocalBase,
    MasterDataItem,
    PersonalDataClass,
    Tier,
)

KEEP = ("", _("Leave as it is"))
YES_NO = [KEEP, ("co", _("Yes")), ("khong", _("No"))]


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[KEEP, *choices], required=False)


class ManyForm(forms.Form):
    """A form in which what is left empty stays as it is."""

    def changes(self) -> dict[str, Any]:
        """What was chosen."""
        found = {}
        for name, value in self.cleaned_data.items():
            if value in ("", None) or name == "reason":
                continue
            found[name] = value == "co" if value in ("co", "khong") else value
        return found


class ManyDatabasesForm(ManyForm):
    """What is said of the chosen databases alike."""

    tier = _choice(_("Class"), Tier.choices)
    local_base = _choice(_("Base of a local database"), LocalBase.choices)
    personal_data = _choice(_("Personal data"), PersonalDataClass.choices)
    core_domain = _choice(_("Core domain"), CoreDomain.choices)
    catalogue_part = _choice(_("Part of the catalogue"), CataloguePart.choices)
    criticality = _choice(_("Criticality"), Criticality.choices)
    criticality_decision = forms.CharField(
        label=_("Decision that classes it"), max_length=120, required=False
    )
    criticality_date = _day(_("Date of that decision"), required=False)
    is_mandatory = _choice(_("In the list of databases that must connect"), YES_NO[1:])
    mandatory_item = forms.CharField(label=_("Item of the appendix"), max_length=120, required=False)
    reason = forms.CharField(label=_("Reason for the change"), max_length=300, required=False)


class ManyFieldsForm(ManyForm):
    """What is said of the chosen columns alike."""

    sharing_class = forms.ChoiceField(label=_("Sharing class"), required=False)
    classed_on = _day(_("Classed on"), required=False)
    user_groups = forms.CharField(label=_("For which users"), max_length=250, required=False)
    personal_data = _choice(_("Personal data"), PersonalDataClass.choices)
    criticality = _choice(_("Criticality"), Criticality.choices)
    is_original = _choice(_("Original data"), YES_NO[1:])
    code_list = forms.ModelChoiceField(
        label=_("Code list that it refers to"),
        queryset=CodeList.objects.order_by("name"),
        required=False,
        empty_label=_("Leave as it is"),
    )
    master_item = forms.ModelChoiceField(
        label=_("National master data that it matches"),
        queryset=MasterDataItem.objects.filter(left_on__isnull=True),
        required=False,
        empty_label=_("Leave as it is"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sharing_class"].choices = [KEEP, *class_choices()]  # type: ignore[attr-defined]
