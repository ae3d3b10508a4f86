"""What people enter about wrong data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import Database

from .correction_rules import RowSaid
from .forms import ActForm, lines
from .models import CorrectionCase

MOST_KEYS = 200


class ReportForm(ActForm):
    """That data are wrong: in which table or dataset, which columns, which rows, and how."""

    text = lines(
        _("What is wrong"),
        rows=4,
        help_text=_("Where, how, and by which paper or source the right value is known"),
    )
    table = forms.ChoiceField(label=_("Table or dataset"), required=False)
    columns = forms.CharField(
        label=_("Columns that are wrong"),
        max_length=500,
        required=False,
        help_text=_("Names, separated by commas"),
    )
    keys = forms.CharField(
        label=_("Rows that are wrong"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Their key, one on a line, at most 200"),
    )  # fmt: skip

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.datasets = {
            f"bo:{one.pk}": one for one in database.datasets.select_related("table").order_by("slug")
        }
        tables = database.tables.filter(gone_since__isnull=True).order_by("name")
        self.fields["table"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((key, one.shown_name) for key, one in self.datasets.items()),
            *((f"bang:{one.name}", str(one)) for one in tables[:500]),
        ]

    def given(self) -> dict[str, Any]:
        """What the command is told."""
        data = self.cleaned_data
        chosen = data["table"]
        dataset = self.datasets.get(chosen)
        table = chosen.removeprefix("bang:") if chosen.startswith("bang:") else ""
        columns = [name for name in data["columns"].split(",") if name.strip()]
        latest = dataset.latest if dataset is not None else None
        return {
            "text": data["text"],
            "dataset": dataset,
            "table": table,
            "columns": columns,
            "rows": self._rows(dataset.key if dataset is not None else [], columns),
            "version": latest.number if latest is not None else None,
        }

    def _rows(self, key: list[str], columns: list[str]) -> list[RowSaid]:
        name = key[0] if len(key) == 1 else "khoa"
        values = dict.fromkeys(one.strip() for one in self.cleaned_data["keys"].splitlines() if one.strip())
        named = tuple(one.strip() for one in columns)
        return [RowSaid("changed", {name: value[:300]}, named) for value in values]

    def clean_keys(self) -> str:
        keys: str = self.cleaned_data["keys"]
        if sum(1 for one in keys.splitlines() if one.strip()) > MOST_KEYS:
            raise forms.ValidationError(_("At most 200 rows; describe further ones in words."))
        return keys


class SlipForm(ActForm):
    """A warning slip that has come in from outside."""

    slip = forms.CharField(label=_("Number of the warning slip"), max_length=60)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=_("The terms run from this day"),
    )
    text = lines(_("What is wrong"), rows=4)
    table = forms.ChoiceField(label=_("Table"), required=False)
    columns = forms.CharField(
        label=_("Columns that are wrong"),
        max_length=500,
        required=False,
        help_text=_("Names, separated by commas"),
    )

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = database.tables.filter(gone_since__isnull=True).order_by("name")
        self.fields["table"].choices = [("", "—"), *((one.name, str(one)) for one in tables[:500])]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What the command is told."""
        data = self.cleaned_data
        day = data["received_on"]
        # A slip on paper bears a day, not an hour; today's is taken as come in now.
        now = timezone.localtime()
        moment = now if day == now.date() else now.replace(
            year=day.year, month=day.month, day=day.day, hour=8, minute=0, second=0, microsecond=0
        )  # fmt: skip
        return {
            "slip": data["slip"],
            "text": data["text"],
            "table": data["table"],
            "columns": [name for name in data["columns"].split(",") if name.strip()],
            "received_at": moment,
        }


LABELS = {
    "finding": _("Result of the check"),
    "measure": _("How it was corrected"),
    "summary": _("What the consumers are told"),
    "because": _("Why it is contested"),
    "settlement": _("Settlement"),
    "outcome": _("How it ended"),
    "reason": _("What the values are needed for"),
}


class WordsForm(ActForm):
    """The words that go with one step of a correction; the field is named for the step."""

    def __init__(self, *args: Any, at: str, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"{at}-%s"})
        self.fields[at] = lines(LABELS[at], rows=rows)
        self.at = at

    @property
    def words(self) -> forms.BoundField:
        return self[self.at]


class CorrectForm(WordsForm):
    """How the data were corrected, with the version or the words that prove it."""

    def __init__(self, *args: Any, case: CorrectionCase, **kwargs: Any) -> None:
        super().__init__(*args, at="measure", **kwargs)
        later = (
            case.dataset.versions.filter(published_at__gte=case.reported_at).order_by("-number")[:50]
            if case.dataset is not None
            else ()
        )
        self.versions = {str(one.number): one for one in later}
        self.fields["version"] = forms.ChoiceField(
            label=_("Version that holds the corrected data"),
            required=False,
            choices=[
                ("", "—"),
                *((key, f"{key} ({one.published_at:%d/%m/%Y})") for key, one in self.versions.items()),
            ],
        )
        self.fields["proof"] = forms.CharField(
            label=_("Other proof"),
            max_length=300,
            required=False,
            help_text=_("Number of the run, decision or paper; for data that are kept in no version"),
        )


class CloseForm(WordsForm):
    """How a case ended; of a warning slip with proof of the new synchronisation."""

    def __init__(self, *args: Any, is_slip: bool, **kwargs: Any) -> None:
        super().__init__(*args, at="outcome", **kwargs)
        self.fields["resync"] = forms.CharField(
            label=_("Proof of the new synchronisation"), max_length=300, required=False,
            widget=forms.TextInput() if is_slip else forms.HiddenInput(),
        )  # fmt: skip
