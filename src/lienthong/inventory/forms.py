"""What officers fill in about sources, assessments and versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.engine.errors import EngineError, SourceAddressInvalid
from lienthong.foundation.errors import DomainError

from .models import Assessment
from .rules import UPLOADABLE, text_of_finding, without_password


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
        help_text=_("CSV, TSV, XLSX, Parquet or SQLite."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(UPLOADABLE)}),
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
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class CaptureForm(forms.Form):
    """What is said of a new version."""

    note = forms.CharField(label=_("Note on this version"), max_length=300, required=False)
