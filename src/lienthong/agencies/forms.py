"""What officers enter about agencies, posts and focal officers. The rules themselves are the commands'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import DomainError

from .delegating import AREAS
from .governance import KEPT, SIGNED
from .models import Agency, AgencyKind, GovernanceBodyKind, GovernanceGroup
from .queries import agency_by_code, prohibited_acts
from .roles import ASSIGNABLE


class DayInput(forms.DateInput):
    """A date, chosen or typed; browsers hand it over in ISO form."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A field for a date."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


def words(
    label: Any, *, length: int, required: bool = True, help_text: Any = "", lines: int = 1
) -> forms.CharField:
    """A field for a line or some lines of text."""
    widget = forms.TextInput() if lines == 1 else forms.Textarea(attrs={"rows": lines})
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text, widget=widget
    )


def area_choices() -> list[tuple[str, str]]:
    """The areas that may be delegated, in the reader's language."""
    return [(area.code, area.name) for area in AREAS]


class ActForm(forms.Form):
    """A form whose command may refuse: the refusal is shown at the field it names."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the command, with what to do next."""
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


class ContactForm(ActForm):
    address = words(_("Address"), length=300, required=False)
    phone = words(_("Phone"), length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")


class FoundAgencyForm(ContactForm):
    code = words(
        _("Identifier code"), length=60, help_text=_("As H41.12, 000.00.12.H41, Z99… or a business number")
    )
    name = words(_("Name of the agency or unit"), length=200)
    name_en = words(_("Name in English"), length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=AgencyKind.choices)
    parent = words(
        _("Code of the agency above"),
        length=60,
        required=False,
        help_text=_("Empty for an agency at the top"),
    )
    valid_from = day(_("Valid from"))
    field_order = ["code", "name", "name_en", "kind", "parent", "valid_from"]

    def clean_parent(self) -> Agency | None:
        given = self.cleaned_data["parent"]
        if not given:
            return None
        try:
            return agency_by_code(given)
        except DomainError as error:
            raise forms.ValidationError(error.text(get_language() or "vi")) from None


class RenameForm(ActForm):
    name = words(_("New name"), length=200)
    name_en = words(_("New name in English"), length=200, required=False)
    valid_from = day(_("Valid from"))
    reason = words(_("Basis, reason"), length=300, required=False)


class CodeForm(ActForm):
    code = words(
        _("Identifier code"), length=60, help_text=_("As H41.12, 000.00.12.H41, Z99… or a business number")
    )
    valid_from = day(_("Valid from"))
    valid_to = day(_("Last day of validity"))
    make_current = forms.BooleanField(
        label=_("The agency is known by this code from now on"),
        required=False,
        help_text=_("The present code ends on the day before and is kept."),
    )
    reason = words(_("Basis, reason"), length=300, required=False)


class CloseForm(ActForm):
    closed_on = day(_("Last day"), required=True)
    reason = words(_("Basis, reason"), length=300)


class MergeForm(ActForm):
    into = words(_("Code of the receiving agency"), length=60)
    merged_on = day(_("Last day"), required=True)
    reason = words(_("Basis, reason"), length=300)

    def clean_into(self) -> Agency:
        try:
            return agency_by_code(self.cleaned_data["into"])
        except DomainError as error:
            raise forms.ValidationError(error.text(get_language() or "vi")) from None


class AssignPostForm(ActForm):
    person = words(_("User name of the account"), length=150)
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in ASSIGNABLE])
    title = words(
        _("Position"), length=150, required=False, help_text=_("As in the decision, such as “Head of office”")
    )
    valid_from = day(_("From"))
    valid_to = day(_("To"), help_text=_("Empty when no end is set"))
    reason = words(_("Basis, reason"), length=300, required=False)

    def clean_person(self) -> User:
        person = User.objects.filter(username=self.cleaned_data["person"].strip(), is_active=True).first()
        if person is None:
            raise forms.ValidationError(gettext("There is no active account with this user name."))
        return person


class EndForm(ActForm):
    valid_to = day(_("Last day"), required=True)
    reason = words(_("Basis, reason"), length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].initial = timezone.localdate


class NominateForm(ActForm):
    full_name = words(_("Full name"), length=150)
    position = words(_("Position"), length=150)
    function = words(_("Function"), length=300, help_text=_("What people may turn to this officer for"))
    phone = words(_("Phone"), length=30)
    email = forms.EmailField(label=_("E-mail"))
    professional_field = words(_("Professional field"), length=200, required=False)
    capability = words(_("Capability to advise"), length=2000, required=False, lines=3)
    person = words(
        _("User name of the account"),
        length=150,
        required=False,
        help_text=_("Gives the officer the focal officer's role once appointed"),
    )

    def clean_person(self) -> User | None:
        given = self.cleaned_data["person"].strip()
        if not given:
            return None
        person = User.objects.filter(username=given, is_active=True).first()
        if person is None:
            raise forms.ValidationError(gettext("There is no active account with this user name."))
        return person


class AppointForm(ActForm):
    decision_number = words(_("Decision number"), length=60)
    decision_date = day(_("Decision date"), required=True)
    valid_from = day(_("From"), help_text=_("Empty: from the day of the decision"))
    professional_field = words(_("Professional field"), length=200)
    capability = words(_("Capability to advise"), length=2000, lines=3)
    duties = words(_("Duties"), length=5000, lines=5)
    powers = words(_("Powers"), length=5000, lines=5)


class ConfirmContactForm(ActForm):
    phone = words(_("Phone"), length=30)
    email = forms.EmailField(label=_("E-mail"))


def _act_choices() -> list[tuple[str, str]]:
    return [("", gettext("No, it is a question")), *((act.looks_at, act.text) for act in prohibited_acts())]


class AskForm(ActForm):
    text = words(_("Question"), length=4000, lines=6)
    asker_name = words(_("Full name"), length=150)
    asker_contact = words(
        _("Phone or e-mail"),
        length=254,
        required=False,
        help_text=_("Seen only by those who answer. The answer can also be read at the address shown next."),
    )
    prohibited_act = forms.ChoiceField(
        label=_("Prohibited act that is reported"),
        choices=_act_choices,
        required=False,
        help_text=_("Choose one where an incident is reported; otherwise leave it as it is."),
    )


class AnswerForm(ActForm):
    answer = words(_("Answer"), length=8000, lines=8)


class WithdrawForm(ActForm):
    reason = words(_("Reason"), length=300, required=False)


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


MOST_FILES = 10


class CooperationForm(ActForm):
    """A matter that is put to another agency or unit."""

    asked = words(_("Code of the agency or unit asked"), length=60)
    title = words(_("What it is about"), length=200, required=False)
    text = words(_("Request"), length=5000, required=False, lines=5)
    due_on = day(_("Answer wanted by"), required=True)
    attached = ManyFiles(label=_("Files"), required=False)

    def clean_asked(self) -> Agency:
        try:
            return agency_by_code(self.cleaned_data["asked"])
        except DomainError as error:
            raise forms.ValidationError(error.text(get_language() or "vi")) from None


class CooperationAnswerForm(ActForm):
    """What is answered."""

    text = words(_("Answer"), length=5000, required=False, lines=5)
    attached = ManyFiles(label=_("Files"), required=False)


class AskFurtherForm(ActForm):
    """What is asked on."""

    text = words(_("Request"), length=5000, required=False, lines=5)
    due_on = day(_("Answer wanted by"), required=True)
    attached = ManyFiles(label=_("Files"), required=False)


class CloseCooperationForm(ActForm):
    """A last word, where there is one."""

    text = words(_("Conclusion"), length=2000, required=False, lines=3)


class WithdrawCooperationForm(ActForm):
    reason = words(_("Basis, reason"), length=300, required=False)


class LayoutForm(ActForm):
    """A Word layout of the agency's own."""

    upload = forms.FileField(
        label=_("Word file"),
        max_length=200,
        help_text=_("A .docx file of at most 5 MB, made from the layout in use."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )


class UnitForm(ActForm):
    """A form that names a unit by its code."""

    def clean_unit(self) -> Agency | None:
        return self._unit("unit")

    def _unit(self, name: str) -> Agency | None:
        given = self.cleaned_data[name]
        if not given:
            return None
        try:
            return agency_by_code(given)
        except DomainError as error:
            raise forms.ValidationError(error.text(get_language() or "vi")) from None


class BeginGovernanceForm(ActForm):
    group = forms.TypedChoiceField(
        label=_("Group of the dispatch"),
        choices=GovernanceGroup.choices,
        coerce=int,
        help_text=_("Phases 1 and 2 are longer for group 2"),
    )
    anchored_on = day(_("Terms run from"), help_text=_("Empty: from the date of the guiding dispatch"))


class StatusReviewForm(ActForm):
    findings = words(_("What the review found"), length=8000, lines=8)
    reviewed_on = day(_("Reviewed on"))


class GovernancePersonForm(UnitForm):
    """A person with a decision; whose account it is matters to what is signed in the product."""

    full_name = words(_("Full name"), length=150)
    position = words(_("Position"), length=150)
    phone = words(_("Phone"), length=30)
    email = forms.EmailField(label=_("E-mail"))
    person = words(_("User name of the account"), length=150, required=False)
    decision_number = words(_("Decision number"), length=60)
    decision_date = day(_("Decision date"), required=True)
    valid_from = day(_("From"), help_text=_("Empty: from the day of the decision"))

    def clean_person(self) -> User | None:
        given = self.cleaned_data["person"].strip()
        if not given:
            return None
        person = User.objects.filter(username=given, is_active=True).first()
        if person is None:
            raise forms.ValidationError(gettext("There is no active account with this user name."))
        return person


class DataOfficerForm(GovernancePersonForm):
    unit = words(_("Code of the unit"), length=60, required=False, help_text=_("Empty: the agency itself"))


class StewardForm(GovernancePersonForm):
    unit = words(_("Code of the unit"), length=60)
    scope = words(_("Field or group of databases"), length=300)
    own_head = words(
        _("Reports to the own head"),
        length=200,
        required=False,
        help_text=_("Empty: the head of the unit. The other line goes to the data governance body."),
    )
    field_order = ["unit", "scope", "full_name", "position", "phone", "email", "own_head"]


class CommuneContactForm(GovernancePersonForm):
    unit = words(_("Code of the commune"), length=60)
    field_order = ["unit", "full_name"]


class GovernanceBodyForm(UnitForm):
    kind = forms.ChoiceField(label=_("Body"), choices=GovernanceBodyKind.choices)
    unit = words(
        _("Code of the unit"), length=60, help_text=_("An existing unit: a body is a role, no new office")
    )
    is_police = forms.BooleanField(label=_("The unit is the provincial police"), required=False)
    outsourced = forms.BooleanField(label=_("The work is outsourced"), required=False)
    lead_name = words(_("Leader of the body"), length=150)
    lead_position = words(_("Position"), length=150, required=False)
    decision_number = words(_("Decision number"), length=60)
    decision_date = day(_("Decision date"), required=True)
    valid_from = day(_("From"), help_text=_("Empty: from the day of the decision"))


class SteeringCommitteeForm(ActForm):
    leader_name = words(_("Leader of the committee"), length=150)
    leader_position = words(_("Position"), length=150)
    led_by_head = forms.BooleanField(
        label=_("The leader is the head of the agency"), required=False, initial=True
    )
    members = words(_("Members"), length=4000, required=False, lines=5)
    decision_number = words(_("Decision number"), length=60)
    decision_date = day(_("Decision date"), required=True)


class DataDoorForm(UnitForm):
    platform = words(_("Data platform (LDOP)"), length=200)
    operator = words(_("Code of the operating unit"), length=60)
    node = words(_("Agent Node"), length=120, required=False)
    node_site = words(_("Where the Agent Node stands"), length=300, required=False)
    running_since = day(_("In operation from"))

    def clean_operator(self) -> Agency | None:
        return self._unit("operator")


class GovernancePaperForm(ActForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in KEPT if one not in SIGNED]
    )
    title = words(_("Title"), length=300)
    number = words(_("Number"), length=60, required=False)
    dated = day(_("Date"), required=True)
    kept_at = words(_("Where it is kept"), length=300, required=False)
    text = words(_("Contents"), length=8000, required=False, lines=4)


class AccessPaperForm(GovernancePaperForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(one.value, one.label) for one in SIGNED])


class GovernanceListForm(ActForm):
    letter_number = words(_("Letter number"), length=60)
    sent_on = day(_("Sent on"))
    signer = words(_("Signed by"), length=150, required=False)


class TrainingForm(ActForm):
    training = words(_("Contents of the training"), length=4000, lines=4)
    trained_on = day(_("Trained on"))
    trained_people = forms.IntegerField(
        label=_("People trained"), required=False, min_value=1, max_value=100000
    )


class OperationForm(ActForm):
    running_since = day(_("In operation from"))


class YearlyReviewForm(ActForm):
    findings = words(_("What the review found"), length=8000, lines=8)
    reviewed_on = day(_("Reviewed on"))


class UrgeForm(ActForm):
    """Nothing to enter: who prepares and who decides are told."""


class DelegateForm(ActForm):
    """Who acts, in which areas, from when to when, by which decision."""

    person = words(_("User name of the account"), length=150, help_text=_("The person who acts on behalf"))
    areas = forms.MultipleChoiceField(
        label=_("Areas"), choices=area_choices, widget=forms.CheckboxSelectMultiple()
    )
    decision_number = words(_("Decision number"), length=60)
    decision_date = day(_("Decision date"), required=True)
    valid_from = day(_("From"), required=True)
    valid_to = day(_("Last day"), required=True)
    reason = words(_("Basis, reason"), length=300, required=False)

    def clean_person(self) -> User:
        person = User.objects.filter(username=self.cleaned_data["person"].strip(), is_active=True).first()
        if person is None:
            raise forms.ValidationError(gettext("There is no active account with this user name."))
        return person


class EndDelegationForm(ActForm):
    reason = words(_("Basis, reason"), length=300, required=False)


class CodeSchemeForm(ActForm):
    """The record of a scheme of codes."""

    name = words(_("Name of the scheme"), length=200)
    purpose = words(_("Purpose and scope"), length=2000, lines=3)
    issuer = words(_("Issuing body"), length=200)
    postal = words(_("Postal address"), length=300)
    email = forms.EmailField(label=_("E-mail"))
    phone = words(_("Phone"), length=30)
    structure = words(_("Structure of the codes"), length=2000, lines=3)
    description = words(_("Description"), length=2000, lines=4, help_text=_("100 words at most"))
    notes = words(_("Notes"), length=2000, required=False, lines=2)
    dated = day(_("Date"), required=True)


class NewCodeSchemeForm(CodeSchemeForm):
    code = words(_("Code of the scheme"), length=10, help_text=_("Z and two digits, as Z01"))
    field_order = ["code"]


class EndSchemeForm(ActForm):
    ended_on = day(_("Last day"), required=True)
    reason = words(_("Basis, reason"), length=300, required=False)
