"""What officers fill in about databases, columns, catalogues and datasets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError

from .governing import class_choices
from .models import (
    CodeList,
    Criticality,
    Database,
    DataField,
    DataTable,
    LocalBase,
    MasterDataItem,
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
        # While the name is typed, those that are nearly the same are shown; without script the check shows them.
        self.fields["name"].widget.attrs |= {
            "hx-get": reverse("catalogue-similar"),
            "hx-trigger": "input changed delay:500ms",
            "hx-target": "#giong-ten",
            "hx-swap": "outerHTML",
        }
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
    sharing_class = forms.ChoiceField(label=_("Sharing class"))
    classed_on = forms.DateField(
        label=_("Classed on"),
        required=False,
        help_text=_(
            "Empty: today. For an earlier decision the day on its paper; the law of that day is applied."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    is_original = forms.BooleanField(
        label=_("Original data"),
        required=False,
        help_text=_("Made first by this unit; original digital data count like the original paper."),
    )
    criticality = forms.ChoiceField(
        label=_("Criticality"), choices=[("", _("As the database")), *Criticality.choices], required=False
    )
    dictionary_term = forms.CharField(
        label=_("Term of the shared dictionary"), max_length=160, required=False
    )
    master_item = forms.ModelChoiceField(
        label=_("National master data that it matches"),
        queryset=MasterDataItem.objects.filter(left_on__isnull=True),
        required=False,
        empty_label=_("None"),
    )
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
            "classed_on": field.classed_on,
            "is_original": field.is_original,
            "criticality": field.criticality,
            "dictionary_term": field.dictionary_term,
            "master_item": field.master_item_id,
        }
        super().__init__(*args, **kwargs)
        self.fields["sharing_class"].choices = class_choices()  # type: ignore[attr-defined]


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


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


MOST_FILES = 10


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Several files, or none."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(count)s files at once."), params={"count": MOST_FILES})
        return [super(ManyFiles, self).clean(one, initial) for one in given]


class BeginDossierForm(forms.Form):
    """What is proposed about a database, and by the law of which day."""

    kind = forms.ChoiceField(label=_("What is proposed"))
    proposed_on = _day(
        _("Day of the proposal"),
        help_text=_(
            "Criteria and parts follow the law of this day; for earlier papers the day on the paper."
        ),
    )
    reason = _text(_("Reason"), rows=3, required=False, help_text=_("Needed to edit and to withdraw."))


class CriterionForm(forms.Form):
    """How the database meets one criterion."""

    is_met = forms.BooleanField(label=_("The criterion is met"), required=False)
    evidence = _text(
        _("Evidence"),
        rows=5,
        required=False,
        help_text=_("Texts with their articles, figures, agencies that use it."),
    )
    attached = ManyFiles(label=_("Files"), required=False)


class PartsForm(forms.Form):
    """The parts of a dossier, as the law of its day asks; the fields follow that law."""

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            item = line.item
            self.fields[item.looks_at] = _text(
                item.text, rows=2 if item.looks_at == "name" else 4, required=False, help_text=item.hint
            )
            self.initial[item.looks_at] = line.text


class BasisForm(forms.Form):
    """A legal text or policy that names the database."""

    text = forms.CharField(
        label=_("Legal text or policy"),
        max_length=400,
        help_text=_("Kind, number, name: Luật Giao dịch điện tử số 20/2023/QH15."),
    )
    says = forms.CharField(label=_("What it says"), max_length=400, required=False)


class SendDossierForm(forms.Form):
    """The letter with which the head sends the dossier."""

    letter_number = forms.CharField(label=_("Number of the letter"), max_length=60)
    letter_date = _day(_("Date of the letter"))
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    signer = forms.CharField(label=_("Signed by"), max_length=120, required=False)
    attached = ManyFiles(label=_("Files"), required=False, help_text=_("The signed letter."))


class ReasonForm(forms.Form):
    """Why something is returned or not approved."""

    because = _text(_("Reason"), rows=4)


class AgreementForm(forms.Form):
    """The paper in which the master data were agreed."""

    agreement_number = forms.CharField(label=_("Number of the agreement"), max_length=60)
    agreement_date = _day(_("Date of the agreement"))


class ConnectForm(forms.Form):
    """By when the database is connected."""

    connect_by = _day(_("To be connected by"), required=False, help_text=_("Empty: the limit of the law."))


class SubmitListForm(forms.Form):
    """The submission of a draft list."""

    submission_number = forms.CharField(label=_("Number of the submission"), max_length=60)
    submitted_on = _day(_("Day of the submission"), help_text=_("The law of this day says who approves."))


class ApproveListForm(forms.Form):
    """The decision that approved a list, and which dossiers it left out."""

    decision_number = forms.CharField(label=_("Decision number"), max_length=60)
    decision_date = _day(_("Decision date"))
    effective_on = _day(_("In force from"))

    def __init__(self, *args: Any, dossiers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_out = {f"refused_{one.pk}": one.pk for one in dossiers}
        for one in dossiers:
            self.fields[f"refused_{one.pk}"] = forms.CharField(
                label=_("Not approved: %(number)s, %(name)s")
                % {"number": one.number, "name": one.database.shown_name},
                required=False,
                max_length=400,
                help_text=_("The reason; leave empty where it was approved."),
            )

    def answers(self) -> dict[str, Any]:
        """What the command takes."""
        data = dict(self.cleaned_data)
        refused = {pk: data.pop(name) for name, pk in self.left_out.items()}
        return data | {"refused": {pk: reason for pk, reason in refused.items() if reason.strip()}}


class EarlierListForm(forms.Form):
    """A list that was approved outside the product."""

    decision_number = forms.CharField(label=_("Decision number"), max_length=60)
    decision_date = _day(_("Decision date"))
    effective_on = _day(_("In force from"))
    approver = forms.CharField(label=_("Approved by"), max_length=200)
    entries = _text(_("Databases"), rows=10, help_text=_("One a line: name | owner."))
