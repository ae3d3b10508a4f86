"""What officers enter about a flow. The rules themselves are the commands'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import CodeListVersion, Database, Dataset, SyncFrequency

from .flow_queries import datasets_to_follow
from .flow_rules import CONVERSIONS
from .forms import ActForm, UnitChoice
from .models import BadRowChoice, CarriedOut, DeletesChoice, Rung, SourceChoice, SyncFlow

# The password of a user in an address.
_PASSWORD = re.compile(r"(//[^/@:\s]*):[^/\s]*@")


def _time(label: Any, **given: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **given
    )


class DatasetChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A dataset with the agency that publishes it."""

    def label_from_instance(self, obj: Any) -> str:
        locale = get_language() or "vi"
        return f"{obj.display_name(locale)} ({obj.database.owner.display_name(locale)})"


class AddressInput(forms.TextInput):
    """A line for an address; a password that somebody typed into it is not shown again."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"})

    def format_value(self, value: Any) -> str | None:
        return _PASSWORD.sub(r"\1@", str(value)) if value else None


class PlanFlowForm(ActForm):
    """From where a database follows, how often, who answers for it."""

    source_kind = forms.ChoiceField(
        label=_("Source"),
        choices=SourceChoice.choices,
        widget=forms.RadioSelect,
        initial=SourceChoice.DATASET,
    )
    dataset = DatasetChoice(
        label=_("Published dataset"), required=False, queryset=Dataset.objects.none(), empty_label="—"
    )
    source_database = UnitChoice(
        label=_("Database of the authority"),
        required=False,
        queryset=Database.objects.none(),
        empty_label="—",
    )
    source_table = forms.CharField(label=_("Table of the source"), max_length=255, required=False)
    feed_url = forms.CharField(
        label=_("Address of the changes feed"),
        max_length=600,
        required=False,
        widget=AddressInput(),
    )
    feed_secret_ref = forms.CharField(
        label=_("Credential of the feed"),
        max_length=300,
        required=False,
        help_text=_("env:LIENTHONG_FEED_NAME or file:/path, set up by the administrator."),
    )
    feed_owner = forms.CharField(label=_("Agency that runs the feed"), max_length=250, required=False)
    carried_out = forms.ChoiceField(
        label=_("Carried out by"),
        choices=CarriedOut.choices,
        widget=forms.RadioSelect,
        initial=CarriedOut.HERE,
    )
    frequency = forms.ChoiceField(label=_("Frequency"), choices=SyncFrequency.choices, initial="daily")
    run_at = _time(_("Runs at"), initial="01:00")
    responsible_unit = UnitChoice(
        label=_("Responsible unit"), queryset=Agency.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, database: Database, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Agency.objects.filter(path__startswith=database.owner.path)
        self.fields["responsible_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["dataset"].queryset = datasets_to_follow(database)  # type: ignore[attr-defined]
        self.fields["source_database"].queryset = sources  # type: ignore[attr-defined]


class ScheduleForm(ActForm):
    """When a flow runs, how changes are noticed, and what stops it."""

    frequency = forms.ChoiceField(label=_("Frequency"), choices=SyncFrequency.choices)
    run_at = _time(_("Runs at"))
    responsible_unit = UnitChoice(
        label=_("Responsible unit"), queryset=Agency.objects.none(), empty_label=None
    )
    rung = forms.ChoiceField(label=_("How changes are noticed"), choices=Rung.choices)
    watermark = forms.CharField(
        label=_("Column of the time of change"),
        max_length=255,
        required=False,
        help_text=_("Only where changes are noticed by it"),
    )
    deletes = forms.ChoiceField(label=_("How deleted rows are noticed"), choices=DeletesChoice.choices)
    tombstone = forms.CharField(
        label=_("Column that marks deleted rows"),
        max_length=255,
        required=False,
        help_text=_("Only where deletions are noticed by it"),
    )
    guard_percent = forms.IntegerField(
        label=_("Most rows deleted at once, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("A run that would delete more stops before it and waits for a person."),
    )
    bad_rows = forms.ChoiceField(
        label=_("A row that the table does not take"), choices=BadRowChoice.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, flow: SyncFlow, **kwargs: Any) -> None:
        names = (
            "frequency", "run_at", "responsible_unit", "rung", "watermark", "deletes", "tombstone", "guard_percent",
            "bad_rows",
        )  # fmt: skip
        kwargs["initial"] = {name: getattr(flow, name) for name in names}
        super().__init__(*args, **kwargs)
        units = Agency.objects.filter(path__startswith=flow.database.owner.path)
        self.fields["responsible_unit"].queryset = units  # type: ignore[attr-defined]


class TargetForm(ActForm):
    """The connection over which the copy is written."""

    address = forms.CharField(
        label=_("Address of the database"),
        max_length=600,
        help_text=_("For example postgresql://sync_writer@10.0.0.5/danhmuc, without a password."),
        widget=AddressInput(),
    )
    secret_ref = forms.CharField(
        label=_("Where the password is"),
        max_length=300,
        required=False,
        help_text=_(
            "env:LIENTHONG_TARGET_NAME or file:/path in keys/targets, set up by the administrator. The password itself is never entered here."
        ),
    )


class MappingForm(ActForm):
    """Which column of the source fills which column of the copy, how it is converted, and which make the key."""

    code_version = forms.ModelChoiceField(
        label=_("Shared code list for former codes"),
        required=False,
        queryset=CodeListVersion.objects.none(),
        empty_label="—",
        help_text=_("Only where a column is converted by it"),
    )

    def __init__(
        self,
        *args: Any,
        flow: SyncFlow,
        targets: Sequence[dict[str, Any]],
        sources: Sequence[str],
        proposed: Sequence[dict[str, str]],
        key: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        place = 0 if (get_language() or "vi").startswith("vi") else 1
        conversions = [(code, words[place]) for code, words in CONVERSIONS.items()]
        filled = {one["target"]: one for one in proposed}
        self.targets = list(targets)
        versions = CodeListVersion.objects.filter(state="issued").select_related("code_list")
        field = self.fields["code_version"]
        field.queryset = versions.order_by("code_list__name", "-number")  # type: ignore[attr-defined]
        field.initial = flow.code_version_id
        for number, column in enumerate(targets):
            name = column["name"]
            before = filled.get(name, {})
            options = [("", _("Left alone")), *((one, one) for one in sources)]
            self.fields[f"source_{number}"] = (
                self._choice(
                    _("Column of the source for %(name)s") % {"name": name}, options, before.get("source", "")
                )
                if sources
                else self._typed(
                    _("Column of the source for %(name)s") % {"name": name}, before.get("source", "")
                )
            )
            self.fields[f"conversion_{number}"] = self._choice(
                _("Conversion for %(name)s") % {"name": name}, conversions, before.get("conversion", "")
            )
            self.fields[f"key_{number}"] = forms.BooleanField(
                label=_("%(name)s is of the key") % {"name": name}, required=False, initial=name in key
            )

    @staticmethod
    def _choice(label: Any, choices: Sequence[tuple[str, Any]], initial: str) -> forms.ChoiceField:
        field = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)
        field.widget.attrs |= {"aria-label": label, "class": "control"}
        return field

    @staticmethod
    def _typed(label: Any, initial: str) -> forms.CharField:
        field = forms.CharField(label=label, max_length=255, required=False, initial=initial)
        field.widget.attrs |= {"aria-label": label, "class": "control"}
        return field

    def rows(self) -> list[dict[str, Any]]:
        """The lines of the table: a column of the copy, and what is asked of it."""
        return [
            {
                "column": column,
                "source": self[f"source_{number}"],
                "conversion": self[f"conversion_{number}"],
                "key": self[f"key_{number}"],
            }
            for number, column in enumerate(self.targets)
        ]

    def mapping(self) -> tuple[list[str], list[dict[str, str]]]:
        """The key and the columns as they were entered."""
        said = self.cleaned_data
        names = [column["name"] for column in self.targets]
        columns = [
            {
                "target": name,
                "source": str(said.get(f"source_{number}") or ""),
                "conversion": str(said.get(f"conversion_{number}") or ""),
            }
            for number, name in enumerate(names)
        ]
        key = [name for number, name in enumerate(names) if said.get(f"key_{number}")]
        return key, [one for one in columns if one["source"]]
