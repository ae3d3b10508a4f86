"""What officers fill in about sources, assessments and versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.models import CodeList, Database, DataField, PersonalDataClass
from lienthong.catalogue.queries import proposal_for
from lienthong.engine.errors import EngineError, SourceAddressInvalid
from lienthong.foundation.errors import DomainError
from lienthong.foundation.pagekit.templatetags.kit import TYPE_WORDS
from lienthong.foundation.text import sort_key

from .models import Assessment, ErrorType, Light, MeasureChoice, ReadingDecision, Secrecy, WarnedBy
from .rules import UPLOADABLE, text_of_finding, without_password
from .seen import ColumnFile
from .wording import DELIMITERS, ENCODINGS, MEANINGS, READABLE_TYPES, rows_given, rows_said


class SourceForm(forms.Form):
    """Where the data of a database are: a connection, or a file."""

    address = forms.CharField(
        label=_("Address of the source"),
        max_length=600,
        required=False,
        help_text=_(
            "For example postgresql://reader@10.0.0.5/hotich. A password in it is taken out at once and kept encrypted."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"}),
    )
    password = forms.CharField(
        label=_("Password of the read-only account"),
        max_length=300,
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("Not shown again. Leave empty when the source needs none."),
    )
    secret_ref = forms.CharField(
        label=_("Password kept elsewhere"),
        max_length=300,
        required=False,
        help_text=_("env:LIENTHONG_SOURCE_NAME or file:/path, set up by the administrator."),
    )
    upload = forms.FileField(
        label=_("File"),
        required=False,
        max_length=200,
        help_text=_("CSV, TSV, XLSX, XLS, ODS, JSON, Parquet or SQLite."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(UPLOADABLE)}),
    )

    measure = forms.ChoiceField(
        label=_("How it is measured"),
        choices=MeasureChoice.choices,
        initial=MeasureChoice.CAPTURED,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("For databases; a file is always read once."),
    )

    def refuse(self, error: DomainError | EngineError) -> None:
        """Show a refusal at the field it names; what was typed stays, but for the password."""
        locale = get_language() or "vi"
        place = getattr(error, "field", None)
        if isinstance(error, EngineError):
            place = "address"
        text = f"{error.text(locale)} {error.hint(locale)}"
        self.add_error(place if place in self.fields else None, text)
        typed = self.data.get("address", "")
        unreadable = isinstance(error, SourceAddressInvalid) and "@" in typed
        self.data = {**dict(self.data.items()), "address": "" if unreadable else without_password(typed)}


def refuse(form: forms.Form, error: DomainError) -> None:
    """Show a refusal at the field it names, else above the form."""
    locale = get_language() or "vi"
    place = error.field if error.field in form.fields else None
    form.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class JudgementForm(forms.Form):
    """What a person decides of a column, begun from what the machine proposes."""

    meaning = forms.ChoiceField(label=_("What the values mean"), required=False)
    personal_data = forms.ChoiceField(
        label=_("Personal data"), choices=PersonalDataClass.choices, widget=forms.RadioSelect
    )
    is_secret = forms.BooleanField(
        label=_("May hold a state secret"),
        required=False,
        help_text=_("Goes to the keeper of secrets; no version is published before the decision."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, found: ColumnFile, field: DataField, **kwargs: Any) -> None:
        judged = found.judgement
        semantic = found.form.get("semantic_type") or {}
        proposed = proposal_for(field).personal_data
        kwargs["initial"] = {
            "meaning": judged.meaning if judged else semantic.get("name") or "",
            "personal_data": field.personal_data if field.confirmed_at else proposed,
            "is_secret": judged.secrecy != Secrecy.NOT_SECRET
            if judged
            else bool(found.form.get("state_secret")),
            "note": judged.note if judged else "",
        }
        super().__init__(*args, **kwargs)
        place = 0 if (get_language() or "vi").startswith("vi") else 1
        listed = sorted(
            ((code, words[place]) for code, words in MEANINGS.items()), key=lambda one: sort_key(one[1])
        )
        self.fields["meaning"].choices = [("", _("Nothing beyond its type")), *listed]  # type: ignore[attr-defined]

    def refuse(self, error: DomainError) -> None:
        refuse(self, error)


class RevealForm(forms.Form):
    """Why masked values are looked at."""

    reason = forms.CharField(
        label=_("Reason for looking at the masked values"),
        max_length=300,
        help_text=_("Kept in the audit with name and time."),
    )

    def refuse(self, error: DomainError) -> None:
        refuse(self, error)


class CodeListForm(forms.Form):
    """The shared code list that a column follows, or why none applies (CAT-07)."""

    code_list = forms.ModelChoiceField(
        label=_("Shared code list of the column"),
        queryset=CodeList.objects.order_by("name"),
        required=False,
        empty_label=_("No code list"),
    )
    reason = forms.CharField(label=_("Why no shared code list applies"), max_length=250, required=False)

    def __init__(self, *args: Any, field: DataField, **kwargs: Any) -> None:
        kwargs["initial"] = {"code_list": field.code_list_id, "reason": field.no_code_list}
        super().__init__(*args, **kwargs)

    def refuse(self, error: DomainError) -> None:
        refuse(self, error)


class ConclusionForm(forms.Form):
    """What the owner concludes of the data (law.md D.4), begun from what was counted."""

    quality = forms.CharField(
        label=_("Accuracy, integrity, anomalies"), widget=forms.Textarea(attrs={"rows": 4})
    )
    standards = forms.CharField(
        label=_("Compliance with standards"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    upkeep = forms.CharField(
        label=_("Maintenance, update and use"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    shareable = forms.TypedChoiceField(
        label=_("Can other agencies be given these data, and use them?"),
        choices=[("yes", _("Yes, the data are fit to be shared")), ("no", _("No, not yet"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the data are not fit to be shared."),
    )
    proposed_actions = forms.CharField(
        label=_("Proposed actions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the data are not fit to be shared: they go into the upgrade plan."),
    )
    conclusion = forms.CharField(label=_("Conclusion"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        locale = get_language() or "vi"
        found = [f"- {text_of_finding(one, locale)}." for one in assessment.findings[:12]]
        kwargs["initial"] = {"quality": "\n".join(found)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at the field it names."""
        refuse(self, error)


class CaptureForm(forms.Form):
    """What is said of a new version."""

    note = forms.CharField(label=_("Note on this version"), max_length=300, required=False)


class IssueForm(forms.Form):
    """A quality warning that people report."""

    field = forms.ModelChoiceField(
        label=_("Table and column"),
        queryset=DataField.objects.none(),
        required=False,
        empty_label=_("The whole database"),
    )
    text = forms.CharField(label=_("What is wrong"), widget=forms.Textarea(attrs={"rows": 3}))
    error_type = forms.ChoiceField(label=_("Type of error"), choices=ErrorType.choices)
    light = forms.ChoiceField(label=_("Severity"), choices=Light.choices, widget=forms.RadioSelect)
    warned_by = forms.ChoiceField(
        label=_("Source of the warning"),
        choices=[choice for choice in WarnedBy.choices if choice[0] != WarnedBy.LOOK],
    )
    is_complex = forms.BooleanField(
        label=_("Right or wrong cannot be decided yet"),
        required=False,
        help_text=_("The longer term for complex warnings is counted."),
    )

    def __init__(self, *args: Any, database: Database, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["field"]
        choice.queryset = (  # type: ignore[attr-defined]
            DataField.objects.filter(table__database=database, gone_since__isnull=True)
            .select_related("table")
            .order_by("table__name", "ordinal")
        )
        choice.label_from_instance = lambda one: f"{one.table.name}.{one.name}"  # type: ignore[attr-defined]

    def refuse(self, error: DomainError) -> None:
        refuse(self, error)


class IssueStepForm(forms.Form):
    """The words that go with a step of a quality warning; the field is named for the step."""

    def __init__(self, *args: Any, at: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"{at}-%s"})
        self.fields[at] = forms.CharField(
            label=ISSUE_LABELS[at], widget=forms.Textarea(attrs={"rows": 2}), required=False
        )
        self.at = at

    @property
    def words(self) -> forms.BoundField:
        return self[self.at]

    def refuse(self, error: DomainError) -> None:
        refuse(self, error)


ISSUE_LABELS = {"cause": _("Cause"), "measure": _("What was done"), "outcome": _("Why it is closed")}


class ReadingForm(forms.Form):
    """How one table of a file is read; what is left empty stays with the machine."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), required=False)
    header_rows = forms.CharField(
        label=_("Header rows"),
        max_length=60,
        required=False,
        help_text=_("Row numbers of the original, such as 4 or 4-5; 0 when there is no header."),
    )
    keep_rows = forms.CharField(
        label=_("Rows to keep as data"), max_length=400, required=False, help_text=_("Such as 12, 20-25.")
    )
    skip_rows = forms.CharField(
        label=_("Rows to set aside"), max_length=400, required=False, help_text=_("Such as 12, 20-25.")
    )

    def __init__(
        self, *args: Any, columns: list[str], decision: ReadingDecision | None = None, **kwargs: Any
    ) -> None:
        if decision is not None:
            header = decision.header_rows
            kwargs["initial"] = {
                "encoding": decision.encoding,
                "delimiter": _sign(decision.delimiter),
                "header_rows": "" if header is None else rows_said(header) or "0",
                "keep_rows": rows_said(decision.keep_rows),
                "skip_rows": rows_said(decision.skip_rows),
            } | {f"type-{place}": decision.types.get(name, "") for place, name in enumerate(columns)}
        super().__init__(*args, **kwargs)
        self.columns = columns
        place = 0 if (get_language() or "vi").startswith("vi") else 1
        by_itself = ("", _("As the machine finds"))
        self.fields["encoding"].choices = [by_itself, *((one, one) for one in ENCODINGS)]  # type: ignore[attr-defined]
        self.fields["delimiter"].choices = [  # type: ignore[attr-defined]
            by_itself,
            *((_sign(sign), words[place]) for sign, words in DELIMITERS.items()),
        ]
        kinds = [by_itself, *((kind, gettext(TYPE_WORDS[kind])) for kind in READABLE_TYPES)]
        for number, name in enumerate(columns):
            self.fields[f"type-{number}"] = forms.ChoiceField(label=name, choices=kinds, required=False)

    @property
    def type_fields(self) -> list[forms.BoundField]:
        return [self[f"type-{number}"] for number in range(len(self.columns))]

    def clean_header_rows(self) -> list[int] | None:
        given = self.cleaned_data["header_rows"].strip()
        return None if not given else [] if given == "0" else self._rows(given)

    def clean_keep_rows(self) -> list[int]:
        return self._rows(self.cleaned_data["keep_rows"])

    def clean_skip_rows(self) -> list[int]:
        return self._rows(self.cleaned_data["skip_rows"])

    def _rows(self, given: str) -> list[int]:
        try:
            return rows_given(given)
        except ValueError:
            raise forms.ValidationError(_("Give row numbers, such as 3, 7-9.")) from None

    def choice(self) -> dict[str, Any]:
        """What was chosen, as the command takes it."""
        given = self.cleaned_data
        types = {
            name: given[f"type-{number}"]
            for number, name in enumerate(self.columns)
            if given[f"type-{number}"]
        }
        return {
            "encoding": given["encoding"],
            "delimiter": "\t" if given["delimiter"] == "tab" else given["delimiter"],
            "header_rows": given["header_rows"],
            "keep_rows": given["keep_rows"],
            "skip_rows": given["skip_rows"],
            "types": types,
        }

    def refuse(self, error: DomainError) -> None:
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields and error.field != "types" else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


def _sign(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter
