"""What officers enter about the review of a catalogue. The rules themselves are the commands'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lienthong.agencies.models import Agency

from .forms import _day, _text
from .models import Answer
from .reviewing import DeclarationProgress, ReviewLine, units_expected, units_to_review

# Papers of an office are Vietnamese whatever language its pages are read in.
_GUIDANCE = (
    "1. Rà soát từng cơ sở dữ liệu đơn vị quản lý; sửa thông tin đã thay đổi, đăng ký cơ sở dữ liệu còn thiếu.\n"
    "2. Cơ sở dữ liệu không còn sử dụng: nêu lý do và nơi lưu dữ liệu cũ.\n"
    "3. Đơn vị không quản lý cơ sở dữ liệu nào vẫn gửi khai báo."
)


class _Units(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Agency) -> str:
        return obj.display_name(get_language() or "vi")


class OpenReviewForm(forms.Form):
    """The paper by which a review is opened, and the units that declare (CAT-03)."""

    document_number = forms.CharField(
        label=_("Number of the paper that opens the review"), max_length=60, required=False
    )
    opened_on = _day(
        _("Date of the paper that opens the review"),
        required=False,
        help_text=_("The time for the units to declare is counted from this day."),
    )
    place = forms.CharField(label=_("Place named on papers"), max_length=80, required=False)
    guidance = _text(_("Contents of the review and guidance for the units"), rows=5, required=False)
    units = _Units(
        label=_("Units that take part"),
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        name = agency.name
        for front in ("UBND ", "tỉnh ", "thành phố "):
            name = name.removeprefix(front)
        kwargs["initial"] = {
            "opened_on": timezone.localdate(),
            "place": name,
            "guidance": _GUIDANCE,
            "units": units_expected(agency),
        }
        super().__init__(*args, **kwargs)
        choices = [unit.pk for unit in units_to_review(agency)]
        self.fields["units"].queryset = Agency.objects.filter(pk__in=choices).order_by("sort_key")  # type: ignore[attr-defined]


class DeclarationForm(forms.Form):
    """A unit's word on each of its databases; the fields follow from what is on record."""

    holds_none = forms.BooleanField(label=_("The unit holds no database"), required=False)
    note = _text(_("Note to the IT unit"), rows=2, required=False)

    def __init__(self, *args: Any, progress: DeclarationProgress, **kwargs: Any) -> None:
        self.lines = progress.lines
        kwargs["initial"] = {
            "note": progress.declaration.note,
            "holds_none": progress.declaration.holds_none,
        }
        super().__init__(*args, **kwargs)
        if self.lines:
            del self.fields["holds_none"]
        for line in self.lines:
            name = f"answer-{line.database.code}"
            self.fields[name] = forms.ChoiceField(
                label=line.database.shown_name,
                choices=Answer.choices,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"reason-{line.database.code}"] = forms.CharField(
                label=_("Why it is no longer in use, where the old data are kept"),
                required=False,
                max_length=2000,
            )
            if line.answer is not None:
                self.initial[name] = line.answer.answer
                self.initial[f"reason-{line.database.code}"] = line.answer.reason

    def rows(self) -> list[tuple[ReviewLine, Any, Any]]:
        """Each database with its two fields."""
        return [
            (line, self[f"answer-{line.database.code}"], self[f"reason-{line.database.code}"])
            for line in self.lines
        ]

    def answers(self) -> tuple[dict[str, str], dict[str, str]]:
        """What was answered and why, by the codes of the databases."""
        codes = [line.database.code for line in self.lines]
        data = self.cleaned_data
        return (
            {code: data.get(f"answer-{code}", "") for code in codes},
            {code: data.get(f"reason-{code}", "") for code in codes},
        )


class SubmissionForm(forms.Form):
    """The paper with which the draft goes to the head."""

    number = forms.CharField(label=_("Number of the submission"), max_length=60)
    day = _day(_("Date of the submission"))


class ReasonForm(forms.Form):
    """Why something is sent back or amended."""

    reason = _text(_("Reason"), rows=4, required=False)


class CompareForm(forms.Form):
    """Which two versions are compared, and which differences are shown."""

    tu = forms.TypedChoiceField(label=_("Earlier version"), coerce=int)
    den = forms.TypedChoiceField(label=_("Later version"), coerce=int)
    loai = forms.ChoiceField(label=_("Change"), required=False)
    don_vi = forms.ChoiceField(label=_("Managing unit"), required=False)
    q = forms.CharField(label=_("Name or code"), required=False, max_length=200)
