"""What officers enter about the yearly inventory, systems and upgrade items. The rules themselves are the commands'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.errors import DomainError

from .models import Campaign, CampaignPart, Connection, InformationSystem, Priority, SafetyLevel, SystemKind
from .stocktaking import PartProgress, units_to_choose, units_with_data

LONGEST = 8000


class ActForm(forms.Form):
    """A form whose command may refuse: the refusal is shown at the field it names, all that was typed stays."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the command, with what to do next."""
        locale = get_language() or "vi"
        place = error.field if error.field in self.fields else None
        self.add_error(place, f"{error.text(locale)} {error.hint(locale)}")


def lines(label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def day(label: Any, *, required: bool = False) -> forms.DateField:
    """A date, chosen or typed; browsers hand it over in ISO form."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


class _Named:
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name(get_language() or "vi"))


class UnitChoice(_Named, forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, named in the reader's language."""


class UnitsChoice(_Named, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Units, named in the reader's language."""


class DatabasesChoice(_Named, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Databases, named in the reader's language."""


class ProgrammeForm(ActForm):
    """The programme of a year's inventory (INV-07)."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    place = forms.CharField(
        label=_("Place named on papers"), max_length=80, required=False, help_text=_("As in “An Lộc, day …”")
    )
    scope = lines(_("Scope and contents of the check"), rows=4)
    guidance = lines(_("Guidance for the units"), rows=5)
    units = UnitsChoice(
        label=_("Units that take part"),
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, agency: Agency, campaign: Campaign | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        choices = units_to_choose(agency)
        first: dict[str, Any] = {
            "year": today.year,
            "place": agency.name.removeprefix("UBND ").removeprefix("tỉnh ").removeprefix("thành phố "),
            "scope": str(_DEFAULT_SCOPE),
            "guidance": str(_DEFAULT_GUIDANCE),
            "units": units_with_data(agency) or {unit.pk for unit in choices[1:]},
        }
        if campaign is not None:
            first = {
                "place": campaign.place,
                "scope": campaign.scope,
                "guidance": campaign.guidance,
                "units": [part.unit_id for part in campaign.parts.all()],
            }
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Agency.objects.filter(pk__in=[unit.pk for unit in choices])  # type: ignore[attr-defined]
        if campaign is not None:
            del self.fields["year"]
        else:
            years = [(year, str(year)) for year in (today.year, today.year + 1)]
            self.fields["year"].choices = years  # type: ignore[attr-defined]


# Papers and programmes of an office are Vietnamese whatever language its pages are read in.
_DEFAULT_SCOPE = (
    "Toàn bộ cơ sở dữ liệu và hệ thống thông tin phục vụ kết nối, chia sẻ dữ liệu của các đơn vị.\n"
    "Kiểm kê dữ liệu; đánh giá tuân thủ tiêu chuẩn, độ chính xác, toàn vẹn, bất thường; việc duy trì, cập nhật, sử dụng; "
    "việc chia sẻ so với quy chế; khả năng chia sẻ của từng mục dữ liệu."
)
_DEFAULT_GUIDANCE = (
    "1. Kết nối nguồn của từng cơ sở dữ liệu, khảo sát và kết luận đánh giá trên hệ thống.\n"
    "2. Rà soát thông tin từng hệ thống thông tin.\n"
    "3. Lập kết quả của đơn vị, gửi đơn vị chuyên trách công nghệ thông tin đúng hạn."
)


class DecisionForm(ActForm):
    """The decision by which a programme is approved."""

    number = forms.CharField(label=_("Decision number"), max_length=60, required=False)
    day = day(_("Decision date"))


class ReportForm(ActForm):
    """Number and date of the consolidated report."""

    number = forms.CharField(label=_("Number of the report"), max_length=60, required=False)
    day = day(_("Date of the report"))


class ReasonForm(ActForm):
    """Why something is sent back, declined, reopened or taken out of use."""

    reason = lines(_("Reason"))


class ResultForm(ActForm):
    """What a unit says of its data besides the assessments (D.4), begun from them."""

    standards = lines(_("Compliance with standards"))
    accuracy = lines(_("Accuracy, integrity, anomalies"))
    upkeep = lines(_("Maintenance, update and usage logs"))
    sharing = lines(_("Sharing, users and purposes against the use regulation"))
    other = lines(_("Other contents"), rows=2)
    conclusion = lines(_("Conclusion"))
    proposed_actions = lines(_("Proposed actions"))
    record_number = forms.CharField(label=_("Number of the record"), max_length=60, required=False)
    record_date = day(_("Date of the record"))

    def __init__(self, *args: Any, part: CampaignPart, progress: PartProgress, **kwargs: Any) -> None:
        first = {name: getattr(part, name) for name in self.base_fields}
        for name, column in (("standards", "standards"), ("accuracy", "quality"), ("upkeep", "upkeep")):
            first[name] = first[name] or _from_assessments(progress, column)
        first["proposed_actions"] = first["proposed_actions"] or _from_assessments(
            progress, "proposed_actions"
        )
        first["record_date"] = first["record_date"] or timezone.localdate()
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)


def _from_assessments(progress: PartProgress, column: str) -> str:
    said = [
        f"{line.database.name}: {' '.join(text.split())}"
        for line in progress.databases
        if line.assessment is not None and (text := str(getattr(line.assessment, column)))
    ]
    return "\n".join(said)[:LONGEST]


class SystemForm(ActForm):
    """The record of an information system (INV-05)."""

    code = forms.CharField(
        label=_("Code"), max_length=60, required=False, widget=forms.TextInput(attrs={"class": "code"})
    )
    name = forms.CharField(label=_("Name"), max_length=250, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=250, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=SystemKind.choices)
    owner = UnitChoice(label=_("Owner"), queryset=Agency.objects.none())
    operator = UnitChoice(label=_("Operator"), queryset=Agency.objects.none())
    purpose = lines(_("Purpose and users"), rows=2)
    databases = DatabasesChoice(
        label=_("Databases used"),
        queryset=Database.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    connection = forms.ChoiceField(label=_("Ability to connect"), choices=Connection.choices)
    connected_to = lines(_("Connected with"), rows=2)
    standard = forms.CharField(label=_("Technical standard of connection"), max_length=250, required=False)
    safety_level = forms.TypedChoiceField(
        label=_("Level of safety"),
        choices=[("", _("Not approved yet")), *SafetyLevel.choices],
        required=False,
        coerce=int,
        empty_value=None,
    )
    safety_decision = forms.CharField(
        label=_("Decision on the level of safety"), max_length=120, required=False
    )
    in_use_since = forms.IntegerField(label=_("In use since (year)"), required=False)
    note = lines(_("Note"), rows=2)

    def __init__(
        self,
        *args: Any,
        units: Any,
        databases: Any,
        system: InformationSystem | None = None,
        **kwargs: Any,
    ) -> None:
        if system is not None:
            first = {name: getattr(system, name) for name in self.base_fields if name != "databases"}
            first["databases"] = system.databases.all()
            kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        for name in ("owner", "operator"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]
        self.fields["databases"].queryset = databases  # type: ignore[attr-defined]
        if system is not None:
            del self.fields["code"]


class WorkbookForm(ActForm):
    """A workbook of systems."""

    upload = forms.FileField(
        label=_("Excel file"),
        max_length=200,
        help_text=_("An .xlsx file with the columns of the exported file."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ProposalForm(ActForm):
    """An upgrade item entered by hand."""

    found = lines(_("What was found"))
    action = lines(_("What is to be done"))


class PlanForm(ActForm):
    """How an item is taken into the plan."""

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    action = lines(_("What is to be done"))
    responsible = forms.CharField(label=_("Who carries it out"), max_length=200, required=False)
    planned_until = day(_("To be done by"))


class FundingForm(ActForm):
    """Where the funds come from."""

    funding = forms.CharField(
        label=_("Source of funds"),
        max_length=300,
        required=False,
        help_text=_("If none are needed, say so."),
    )


class BeginForm(ActForm):
    """How existing connections stay alive during the work (UPG-03)."""

    continuity = lines(
        _("How existing connections are kept alive"), help_text=_("If no connection is alive, say so.")
    )


class RecheckForm(ActForm):
    """How compliance was checked; for an item entered by hand, whether it passes."""

    compliance = lines(_("Compliance checked for the upgraded part"))
    passed = forms.TypedChoiceField(
        label=_("Does it pass?"),
        choices=[("yes", _("Yes, it passes")), ("no", _("No, not yet"))],
        coerce=lambda value: value == "yes",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, by_hand: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_hand:
            del self.fields["passed"]
