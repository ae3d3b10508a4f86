"""What officers fill in about databases, columns, catalogues and datasets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError

from .models import (
    CodeList,
    Database,
    DataField,
    DataTable,
    LocalBase,
    PersonalDataClass,
    SharingClass,
    Tier,
)
from .queries import free_code, registering_agencies


def say(form: forms.BaseForm, error: DomainError) -> None:
    """Put a refusal beside the field at fault, or above the form where it names none."""
    locale = get_language() or "vi"
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.text(locale)} {error.hint(locale)}")


def _text(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class AgencyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of agencies, by their names in the reader's language."""

    def label_from_instance(self, obj: Agency) -> str:
        return f"{obj.shown_name} ({obj.code})"


class DatabaseForm(forms.Form):
    """What is said of a database at its registration and when it is amended (law.md D.2)."""

    name = forms.CharField(label=_("Name"), max_length=250)
    name_en = forms.CharField(label=_("Name in English"), max_length=250, required=False)
    tier = forms.ChoiceField(
        label=_("Class"),
        choices=[("", _("Choose a class")), *Tier.choices],
        help_text=_("The class decides whose copy counts when databases overlap."),
    )
    local_base = forms.ChoiceField(
        label=_("Base of a local database"),
        choices=[("", _("Not a local database")), *LocalBase.choices],
        required=False,
    )
    legal_basis = _text(
        _("Legal basis"), rows=2, help_text=_("Number, date and name of the text, with its article.")
    )
    purpose = _text(_("Purpose"), rows=2)
    scope = _text(_("Scope and content"))
    collection = _text(_("How data are collected and updated, and from where"))
    specialised_rules = _text(_("Specialised rules followed"), rows=2, required=False)
    sector_reuse = _text(_("Reuse by the ministry of the sector"), rows=2, required=False)
    personal_data = forms.ChoiceField(
        label=_("Personal data"), choices=PersonalDataClass.choices, initial=PersonalDataClass.NONE
    )

    groups: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("The database"), ("name", "name_en", "tier", "local_base", "legal_basis")),
        (_("Content"), ("purpose", "scope", "collection", "personal_data")),
        (_("Rules of the sector"), ("specialised_rules", "sector_reuse")),
    )

    def answers(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """What was filled in, group by group, for checking before it is sent."""
        return [
            (title, [(self.fields[name].label, self._answer(name)) for name in names])
            for title, names in self.groups
        ]

    def _answer(self, name: str) -> Any:
        value = self.cleaned_data.get(name)
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return dict(field.choices).get(value, "")  # type: ignore[arg-type]
        return value.shown_name if isinstance(value, Agency) else value


class RegisterForm(DatabaseForm):
    """A new database, with code, owner and managing unit filled in as far as they follow from the officer."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Capital letters, digits, dots and hyphens; it cannot be changed later."),
    )
    owner = AgencyChoice(label=_("Owner"), queryset=Agency.objects.none())
    managing_unit = AgencyChoice(label=_("Managing unit"), queryset=Agency.objects.none())

    groups = (
        (_("The database"), ("name", "name_en", "code", "tier", "local_base", "legal_basis")),
        (_("Who is responsible"), ("owner", "managing_unit")),
        *DatabaseForm.groups[1:],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        agencies = registering_agencies(actor)
        unit = agencies.unit
        if unit is not None:
            kwargs["initial"] = {
                "owner": agencies.owner,
                "managing_unit": unit,
                "code": free_code(unit),
            } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = agencies.owners  # type: ignore[attr-defined]
        self.fields["managing_unit"].queryset = agencies.units  # type: ignore[attr-defined]


class AmendForm(DatabaseForm):
    """What was registered, open to amendment, and why."""

    reason = forms.CharField(label=_("Reason for the change"), max_length=300, required=False)

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        names = [name for _title, group in DatabaseForm.groups for name in group]
        kwargs["initial"] = {name: getattr(database, name) for name in names}
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        """The items that differ from what is registered."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}


class FieldForm(forms.Form):
    """The owner's own words for one column."""

    title = forms.CharField(label=_("Title"), max_length=250)
    description = _text(_("Description"), rows=2, required=False)
    unit = forms.CharField(label=_("Unit of measure"), max_length=60, required=False)
    code_list = forms.ModelChoiceField(
        label=_("Code list that it refers to"),
        queryset=CodeList.objects.order_by("name"),
        required=False,
        empty_label=_("No code list"),
    )
    personal_data = forms.ChoiceField(label=_("Personal data"), choices=PersonalDataClass.choices)
    sharing_class = forms.ChoiceField(label=_("Sharing class"), choices=SharingClass.choices)
    user_groups = forms.CharField(
        label=_("For which users"),
        max_length=250,
        required=False,
        help_text=_("For example: all state agencies; the health sector; the owner only."),
    )

    def __init__(self, *args: Any, field: DataField, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "title": field.title,
            "description": field.description,
            "unit": field.unit,
            "code_list": field.code_list_id,
            "personal_data": field.personal_data,
            "sharing_class": field.sharing_class or SharingClass.SHARED,
            "user_groups": field.user_groups,
        }
        super().__init__(*args, **kwargs)


class IssueForm(forms.Form):
    """The decision by which the head issues the catalogue."""

    decision_number = forms.CharField(
        label=_("Decision number"), max_length=60, help_text=_("As on the decision, such as 15/QĐ-UBND.")
    )
    decision_date = forms.DateField(
        label=_("Decision date"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


class SecretForm(forms.Form):
    """Why a database enters or leaves the scope of state secrets."""

    reason = _text(_("Reason and legal basis"), rows=2)


class DatasetForm(forms.Form):
    """Which part of a table becomes a dataset, and what names one row of it."""

    name = forms.CharField(label=_("Name"), max_length=250)
    name_en = forms.CharField(label=_("Name in English"), max_length=250, required=False)
    description = _text(_("Description"), rows=2, required=False)
    columns = forms.MultipleChoiceField(label=_("Columns that are kept"), widget=forms.CheckboxSelectMultiple)
    key = forms.MultipleChoiceField(
        label=_("Key: columns that together name one row"), widget=forms.CheckboxSelectMultiple
    )
    update_rhythm = forms.CharField(
        label=_("Update rhythm"), max_length=60, required=False, help_text=_("For example: every month.")
    )

    def __init__(self, *args: Any, table: DataTable, **kwargs: Any) -> None:
        fields = [field for field in table.fields.all() if field.gone_since is None]
        keys = table.primary_key or [field.name for field in fields if field.is_key]
        kwargs["initial"] = {
            "name": table.title,
            "columns": [field.name for field in fields],
            "key": keys,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        choices = [(field.name, f"{field} ({field.name})") for field in fields]
        self.fields["columns"].choices = choices  # type: ignore[attr-defined]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]
