"""What officers enter about regulations, exchange structures and sharing processes. The rules are the
commands'.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_of
from lienthong.catalogue.access import databases_visible_to
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError

from .errors import MandatoryClausesMissing
from .models import Authentication, Regulation, Scope


class ActForm(forms.Form):
    """A form whose command may refuse: the refusal is shown at the field it names."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the command, with what to do next."""
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An agency, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name)


class DatabasesChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Databases, each with its code."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.shown_name} ({obj.code})"


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A date, chosen or typed; browsers hand it over in ISO form."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


def lines(label: Any, *, required: bool = False, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=20000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def issuers_for(actor: Actor) -> Any:
    """The agencies whose regulations the actor may draft: the own unit and those above it."""
    own = unit_of(actor)
    if own is None:
        return Agency.objects.none()
    ids = [int(part) for part in own.path.strip("/").split("/")]
    return Agency.objects.filter(Q(pk__in=ids) | Q(path__startswith=own.path))


class RegulationForm(ActForm):
    """A draft: scope, the five mandatory clauses, the text, the file."""

    title = forms.CharField(label=_("Title of the regulation"), max_length=300)
    issuer = NamedChoice(label=_("Issuing agency"), queryset=Agency.objects.none())
    scope = forms.ChoiceField(label=_("Scope"), choices=Scope.choices, widget=forms.RadioSelect)
    topic = forms.CharField(
        label=_("Group of data topics"),
        max_length=250,
        required=False,
        help_text=_("For the scope “A group of data topics”"),
    )
    databases = DatabasesChoice(
        label=_("Databases"),
        queryset=Database.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Not needed when it applies to all databases of the agency"),
    )
    use_term = lines(_("Term of data use"), help_text=_("How long a consumer may keep and use the data"))
    log_retention_months = forms.IntegerField(
        label=_("Sharing log is kept for (months)"), required=False, min_value=1, max_value=1200
    )
    authentication = forms.ChoiceField(
        label=_("Authentication of consumers"),
        required=False,
        choices=[("", _("Not stated yet")), *Authentication.choices],
    )
    account_issuing = lines(
        _("Issuing of connection accounts"), help_text=_("Who issues, to whom, and when they are withdrawn")
    )
    conditions = lines(_("Conditions of use"))
    breach_handling = lines(_("Handling of breaches"))
    body = lines(_("Articles"), rows=10, help_text=_("The text as it will be issued"))
    file = forms.FileField(label=_("Document file"), required=False)

    def __init__(self, *args: Any, actor: Actor, regulation: Regulation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["databases"].queryset = databases_visible_to(actor).filter(  # type: ignore[attr-defined]
            is_secret=False
        )
        if regulation is not None:
            del self.fields["issuer"]
        else:
            self.fields["issuer"].queryset = issuers_for(actor)  # type: ignore[attr-defined]


CLAUSES = ("use_term", "log_retention_months", "authentication", "account_issuing", "conditions")


class LegalReviewForm(ActForm):
    reviewer = forms.CharField(
        label=_("Reviewed by"), max_length=200, help_text=_("Legal unit or officer who gave the opinion")
    )
    document = forms.CharField(label=_("Number of the opinion"), max_length=60, required=False)
    opinion = lines(_("Legal opinion"), rows=4)

    def refuse(self, error: DomainError) -> None:
        self.add_error(
            "reviewer" if error.field == "legal_reviewer" else None,
            f"{error.text(get_language() or 'vi')} {error.hint(get_language() or 'vi')}",
        )


class IssueForm(ActForm):
    number = forms.CharField(label=_("Document number"), max_length=60, help_text=_("As 05/2026/QĐ-UBND"))
    issued_on = day(_("Issued on"), required=True)
    effective_from = day(_("In force from"), required=True)
    effective_to = day(_("In force until"), help_text=_("Empty when it has no end"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"issued_on": today, "effective_from": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def refuse(self, error: DomainError) -> None:
        if isinstance(error, MandatoryClausesMissing):
            locale = get_language() or "vi"
            self.add_error(None, f"{error.text(locale)} {error.hint(locale)}")
            return
        super().refuse(error)


class DocumentForm(ActForm):
    """What both recorded documents have: title, number, date."""

    title = forms.CharField(label=_("Title of the document"), max_length=300)
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    document_date = day(_("Document date"), required=True)

    def refuse(self, error: DomainError) -> None:
        if error.field == "number":
            locale = get_language() or "vi"
            self.add_error("document_number", f"{error.text(locale)} {error.hint(locale)}")
            return
        super().refuse(error)


class StructureForm(DocumentForm):
    """The columns are taken over from those described."""


class ProcessForm(DocumentForm):
    steps = lines(
        _("Steps"),
        required=True,
        rows=6,
        help_text=_("One step a line: who does what, and how long it may take"),
    )
    for_agency = forms.BooleanField(
        label=_("It holds for every database of the managing unit"), required=False
    )
