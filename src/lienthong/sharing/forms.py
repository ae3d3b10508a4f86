"""What officers fill in about services and requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.foundation.errors import DomainError

from .asking import Hit
from .asking_intake import ACCEPTED, items_of
from .asking_rules import FormItem, asked_in
from .models import Answer, Form, Method, SharingService


def say(form: forms.BaseForm, error: DomainError) -> None:
    """Put a refusal beside the field at fault, or above the form where it names none."""
    locale = get_language() or "vi"
    form.add_error(
        error.field if error.field in form.fields else None, f"{error.text(locale)} {error.hint(locale)}"
    )


def _text(label: Any, rows: int = 3, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class ServiceForm(forms.Form):
    """A sharing service (SVC-02; fields D.6)."""

    name = forms.CharField(label=_("Name"), max_length=250)
    name_en = forms.CharField(label=_("Name in English"), max_length=250, required=False)
    code = forms.CharField(
        label=_("Service code"), max_length=60, help_text=_("Small unmarked letters, digits and hyphens; it stands in the address.")
    )  # fmt: skip
    description = _text(_("What it gives"))
    columns = forms.MultipleChoiceField(label=_("Items offered"), widget=forms.CheckboxSelectMultiple)
    hidden = forms.MultipleChoiceField(
        label=_("Items given masked"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Only the end of each value is shown."),
    )  # fmt: skip
    form = forms.ChoiceField(label=_("Form of sharing"), choices=Form.choices)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    capacity = forms.IntegerField(
        label=_("Connection capacity, calls a day"), min_value=1, max_value=10_000_000, initial=10_000
    )
    conditions = _text(_("Conditions of use"), 2, required=False)
    guide = _text(_("Guide"), 2, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    charge = forms.IntegerField(
        label=_("Charge by the law on fees (VND)"), min_value=0, max_value=10**12, initial=0, required=False,
        help_text=_("State agencies share free of charge: 0, unless the law on fees lists the item."),
    )  # fmt: skip
    charge_ground = forms.CharField(label=_("Item of the law on fees"), max_length=300, required=False)

    def __init__(self, *args: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]
        self.fields["hidden"].choices = columns  # type: ignore[attr-defined]

    def clean_charge(self) -> int:
        return self.cleaned_data["charge"] or 0


class RequestForm(forms.Form):
    """The seven parts of a request (DSH-03; D.7)."""

    purpose = _text(_("Purpose of use"), help_text=_("The procedure or task that needs the data."))
    solution = _text(_("How the data will be used"))
    application = forms.CharField(
        label=_("Application that will use the data"), max_length=200, required=False
    )
    items = forms.MultipleChoiceField(label=_("Items asked for"), widget=forms.CheckboxSelectMultiple)
    quantity = forms.CharField(label=_("Number of each item"), max_length=200, required=False)
    frequency = forms.CharField(
        label=_("Frequency"), max_length=200, help_text=_("For example: 200 calls a day.")
    )
    other = _text(_("Other"), 2, required=False)
    duties_accepted = forms.BooleanField(
        label=_("Accepts the duties of an agency"), required=False,
        help_text=_("For an organisation that is no state agency: use for the purpose, protect the data, report errors, be checked."),
    )  # fmt: skip

    def __init__(self, *args: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = columns  # type: ignore[attr-defined]


class PaperRequestForm(RequestForm):
    """A request that came on paper: who sent it, its number, and the day it came."""

    requester = forms.ModelChoiceField(
        label=_("Requester"), queryset=Agency.objects.filter(valid_to__isnull=True)
    )
    document = forms.CharField(label=_("Number of the paper request"), max_length=60, required=False)
    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("The term runs from this day, under the rule set in force then."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["requester", "document", "received_on"]


class IssueForm(forms.Form):
    """How much, and until when."""

    daily_quota = forms.IntegerField(label=_("Calls a day"), min_value=1, max_value=10_000_000, initial=1000)
    valid_to = forms.DateField(
        label=_("Valid to"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until it is ended."),
    )  # fmt: skip

    def clean_valid_to(self) -> Any:
        until = self.cleaned_data["valid_to"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return until


class RefuseForm(forms.Form):
    """A refusal in writing: document, reason, law (DSH-05)."""

    document = forms.CharField(label=_("Number of the refusal"), max_length=60)
    reason = _text(_("Reason"))
    ground = forms.CharField(
        label=_("Law that limits sharing"), max_length=200, help_text=_("Article, clause and number of an instrument in force today."),
        widget=forms.TextInput(attrs={"list": "can-cu"}),
    )  # fmt: skip


class BecauseForm(forms.Form):
    """Why."""

    because = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SuspendServiceForm(BecauseForm):
    """Why a service stops for all, and until when."""

    returns_at = forms.DateTimeField(
        label=_("Expected return"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Callers are told this moment; empty where it is not known."),
    )

    def clean_returns_at(self) -> Any:
        until = self.cleaned_data["returns_at"]
        if until and until <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return until


def choices_of(service: SharingService) -> list[tuple[str, str]]:
    """The items of a service with their titles."""
    titles = {field.name: field.title for field in service.dataset.table.fields.all()}
    return [(name, f"{titles[name]} ({name})" if titles.get(name) else name) for name in service.columns]


class ItemsForm(forms.Form):
    """What a form is about to ask for: pasted, or as a file."""

    items = forms.CharField(
        label=_("Items asked for"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One item on a line; behind a semicolon its title and what it means."),
    )  # fmt: skip
    upload = forms.FileField(
        label=_("Or the file of the form"), required=False, max_length=200,
        help_text=_("XLSX, ODS or CSV with a column of names, or datapackage.json; at most 5 MB. The file is not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )  # fmt: skip

    def asked(self) -> list[FormItem]:
        """The items of the file, or else those that were pasted."""
        upload = self.cleaned_data.get("upload")
        return items_of(upload) if upload else asked_in(self.cleaned_data["items"])


class CheckForm(ItemsForm):
    """A check that is kept, for a unit."""

    title = forms.CharField(
        label=_("Form or procedure"),
        max_length=250,
        help_text=_("The form, dossier part or procedure that is drawn up"),
    )
    on_paper = forms.BooleanField(label=_("Asked for on paper"), required=False)
    field_order = ("title", "items", "upload", "on_paper")


class AnswerForm(forms.Form):
    """What a unit answers to who holds an item."""

    answer = forms.ChoiceField(
        label=_("Decide on the item"), choices=Answer.choices, widget=forms.RadioSelect
    )
    source = forms.TypedChoiceField(label=_("Taken from"), coerce=int, empty_value=None, required=False)
    ground = forms.ChoiceField(label=_("Case in which it is allowed"), required=False)
    legal_ground = forms.CharField(
        label=_("Text, article and clause"),
        max_length=300,
        required=False,
        help_text=_("Needed where another law provides otherwise"),
    )
    reason = _text(
        _("Reason"), 2, required=False, help_text=_("Needed unless it is taken from where it is held")
    )

    def __init__(self, *args: Any, hits: list[Hit], grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(hit.database, f"{hit.shown_name}, {hit.owner}") for hit in hits]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", "—"), *grounds]  # type: ignore[attr-defined]
