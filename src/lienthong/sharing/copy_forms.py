"""What people enter about use terms and stored copies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.regulations.queries import regulations_covering

from .models import ConnectionAccount, KeepingReason, Method, SharingService, TermUnit


class RegulationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A regulation with what it says about the use term."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}: {obj.title}" if obj.number else str(obj.title)


class UseTermForm(forms.Form):
    """How long data of a service may be used, by which regulation."""

    regulation = RegulationChoice(label=_("Use regulation"), queryset=None)
    amount = forms.IntegerField(label=_("How long"), min_value=1, max_value=3660)
    unit = forms.ChoiceField(label=_("Unit"), choices=TermUnit.choices, initial=TermUnit.MONTH)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, service: SharingService, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regulation"].queryset = regulations_covering(  # type: ignore[attr-defined]
            service.dataset.database, timezone.localdate()
        )


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


class CopyForm(forms.Form):
    """That a copy is kept: why, where, of which items, since when."""

    reason = forms.ChoiceField(
        label=_("Reason for keeping it"), choices=KeepingReason.choices, widget=forms.RadioSelect
    )
    ground = forms.CharField(
        label=_("Text, article and clause"), max_length=300, required=False,
        help_text=_("Needed where a text allows it"),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Where it is kept"),
        max_length=200,
        help_text=_("The system or store, and who looks after it"),
    )
    items = forms.MultipleChoiceField(
        label=_("Items that are kept"), required=False, widget=forms.CheckboxSelectMultiple
    )
    taken_at = _moment(_("Taken at"), _("Empty: now"))

    def __init__(self, *args: Any, account: ConnectionAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {field.name: field.title for field in account.service.dataset.table.fields.all()}
        self.fields["items"].choices = [  # type: ignore[attr-defined]
            (name, f"{titles[name]} ({name})" if titles.get(name) else name) for name in account.columns
        ]


class RenewForm(forms.Form):
    """When a copy was synchronised anew."""

    synced_at = _moment(_("Synchronised at"), _("Empty: now"))


class EraseForm(forms.Form):
    """How a copy was erased."""

    how = forms.CharField(
        label=_("How it was erased"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where and how, backups included"),
    )  # fmt: skip


METHOD_WORDS = {
    Method.ONLINE_QUERY: _("What an on-line query answers counts when it is given; the next use asks again."),
    Method.SYNC: _(
        "A synchronised copy counts from its last synchronisation, for the use term; then it is void, or synchronised anew."
    ),
    Method.PACKAGED: _("Packaged data may be used many times within the use term, from their receipt."),
}


def method_words(method: str) -> str:
    """What each method means for the use of data, in one sentence."""
    return str(METHOD_WORDS[Method(method)])
