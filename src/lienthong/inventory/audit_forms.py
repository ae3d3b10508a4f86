"""What officers enter about a data audit. The rules themselves are the commands'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database

from .auditing import quarter_of
from .models import AuditKind, AuditMeasure, DataAudit, FollowUp, Light
from .stocktaking import databases_to_audit
from .yearly_forms import ActForm, DatabasesChoice, UnitChoice, day, lines

_AIM = (
    "Đánh giá độc lập dữ liệu và việc quản lý, sử dụng dữ liệu của cơ quan theo ba bộ chỉ số: quản trị; chất lượng và "
    "tuân thủ; công nghệ.\nNêu phát hiện, kiến nghị và theo dõi việc khắc phục."
)


class AuditForm(ActForm):
    """A data audit to be planned: period, kind, who audits (GOVF-14)."""

    kind = forms.ChoiceField(label=_("Kind of audit"), choices=AuditKind.choices, widget=forms.RadioSelect)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    quarter = forms.TypedChoiceField(label=_("Quarter"), coerce=int)
    auditor = UnitChoice(
        label=_("Auditing unit"),
        queryset=Agency.objects.none(),
        help_text=_("A unit that does not manage the databases; for a cross audit, a unit of another agency"),
    )
    lead = forms.CharField(label=_("Lead auditor"), max_length=200)
    aim = lines(_("Aim and contents of the audit"), required=True, rows=4)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "kind": AuditKind.SELF,
            "year": today.year,
            "quarter": quarter_of(today),
            "aim": _AIM,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        years = [(year, str(year)) for year in range(today.year, today.year - 3, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        quarters = [
            (place, f"{_('Quarter')} {roman}") for place, roman in enumerate(("I", "II", "III", "IV"), 1)
        ]
        self.fields["quarter"].choices = [*quarters, (0, _("The whole year"))]  # type: ignore[attr-defined]
        units = Agency.objects.filter(path__startswith=agency.path) | Agency.objects.filter(
            parent__isnull=True
        )
        self.fields["auditor"].queryset = units.distinct().order_by("path")  # type: ignore[attr-defined]


class ScopeForm(ActForm):
    """Which databases are audited."""

    databases = DatabasesChoice(
        label=_("Databases audited"),
        queryset=Database.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, audit: DataAudit, **kwargs: Any) -> None:
        choices = databases_to_audit(audit.agency)
        chosen = set(audit.databases.values_list("pk", flat=True))
        free = {one.pk for one in choices if one.managing_unit_id != audit.auditor_id}
        kwargs["initial"] = {"databases": chosen or free}
        super().__init__(*args, **kwargs)
        self.fields["databases"].queryset = Database.objects.filter(pk__in=[one.pk for one in choices])  # type: ignore[attr-defined]


class MeasureForm(ActForm):
    """An indicator that the auditor judges, with evidence."""

    key = forms.CharField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, required=False, empty_value=None)
    evidence = lines(_("Evidence"), rows=2, help_text=_("What was looked at, where, when and what was found"))
    not_applicable = forms.CharField(label=_("Why it does not apply"), max_length=300, required=False)

    def __init__(self, *args: Any, measure: AuditMeasure, scale: int, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": measure.key,
            "level": measure.level,
            "evidence": measure.evidence,
            "not_applicable": measure.not_applicable,
        }
        kwargs["prefix"] = measure.key
        super().__init__(*args, **kwargs)
        levels = [("", _("Not judged yet")), *((level, f"{level}/{scale}") for level in range(scale + 1))]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class FindingForm(ActForm):
    """What the audit found wrong."""

    database = UnitChoice(
        label=_("Database"),
        queryset=Database.objects.none(),
        required=False,
        empty_label=_("The agency as a whole"),
    )
    text = lines(_("What was found"), required=True, rows=2)
    action = lines(_("What is to be done"), required=True, rows=2)
    light = forms.ChoiceField(label=_("Severity"), choices=Light.choices, initial=Light.YELLOW)
    follow_up = forms.ChoiceField(
        label=_("Followed up as"),
        choices=FollowUp.choices,
        initial=FollowUp.UPGRADE,
        help_text=_("Upgrade items and warnings are about one database"),
    )

    def __init__(self, *args: Any, audit: DataAudit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["database"].queryset = audit.databases.order_by("sort_key", "pk")  # type: ignore[attr-defined]


class ReportForm(ActForm):
    """The conclusion of the auditor."""

    conclusion = lines(_("Conclusion"), required=True, rows=4)
    recommendations = lines(_("Recommendations"), rows=3)


class SignForm(ActForm):
    """Number and day of the signed report."""

    number = forms.CharField(label=_("Number of the report"), max_length=60)
    day = day(_("Date of the report"), required=True)


class AnswerForm(ActForm):
    """What the agency has done about a finding."""

    finding = forms.IntegerField(widget=forms.HiddenInput)
    answer = lines(_("Answer of the unit"), required=True, rows=2)
