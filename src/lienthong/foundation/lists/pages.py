"""The two pages of a list: handed in, then looked through row by row and taken over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.commands import Upload
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx

from .reading import ENDINGS
from .reports import CHANGED, NEW, REFUSED, UNCHANGED, ListLine, ListReport

SHOWN = 300
VERDICTS = (REFUSED, NEW, CHANGED, UNCHANGED)
KINDS = {NEW: "ok", CHANGED: "info", UNCHANGED: "neutral", REFUSED: "late"}


class ListForm(forms.Form):
    """The file that holds the list."""

    upload = forms.FileField(
        label=gettext_lazy("File of the list"),
        max_length=200,
        help_text=gettext_lazy(
            "XLSX, XLS, ODS, CSV or TSV. Nothing is entered before you have seen what becomes of each row."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )


@dataclass(frozen=True)
class Intake:
    """One kind of list: its words, its addresses, and the commands behind them."""

    heading: str
    understood: tuple[str, ...]
    """What is said of the columns, a paragraph each."""
    crumb: tuple[str, str]
    label: str
    hand_in: str
    """Name of the address at which a file is handed in."""
    rows: str
    """Name of the address at which a handed-in file is looked through."""
    keep: Callable[..., StoredFile]
    """`keep(actor=…, upload=…)`"""
    take_over: Callable[..., ListReport]
    """`take_over(actor=…, file=…, dry_run=…)`"""
    arguments: tuple[Any, ...] = ()
    """What the addresses need before the number of the file."""

    @property
    def back(self) -> str:
        """Where one came from, and returns to."""
        return reverse(self.crumb[0], args=self.arguments)

    @property
    def start(self) -> str:
        """Where a file is handed in."""
        return reverse(self.hand_in, args=self.arguments)


def hand_in_page(request: HttpRequest, actor: Actor, intake: Intake) -> HttpResponse:
    """Choose the file; what cannot be read is refused beside the field."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = _kept(actor, intake, form.cleaned_data["upload"])
        except (DomainError, EngineError) as error:
            if isinstance(error, DomainError) and error.status == 403:
                raise
            locale = get_language() or "vi"
            form.add_error("upload", f"{error.text(locale)} {error.hint(locale)}")
        else:
            return redirect(intake.rows, *intake.arguments, file.pk)
    context = {"form": form, "intake": intake}
    return render(request, "pagekit/list_hand_in.html", context, status=422 if form.errors else 200)


def rows_page(request: HttpRequest, actor: Actor, intake: Intake, file_id: int) -> HttpResponse:
    """What would become of each row; then take the list over, or hand in a better one."""
    file = StoredFile.objects.filter(pk=file_id, label=intake.label, stored_by=actor.user_id).first()
    if file is None:
        raise Http404
    if request.method == "POST":
        report = intake.take_over(actor=actor, file=file)
        said = ngettext(
            "%(count)s row was taken over; %(refused)s not taken.",
            "%(count)s rows were taken over; %(refused)s not taken.",
            report.changes,
        )
        messages.success(request, said % {"count": report.changes, "refused": report.count(REFUSED)})
        return redirect(intake.back)
    report = intake.take_over(actor=actor, file=file, dry_run=True)
    if request.GET.get("dang") == "xlsx":
        return _workbook(report, file)
    chosen = request.GET.get("loc", "")
    lines = [line for line in report.lines if line.verdict == chosen or chosen not in VERDICTS]
    context = {
        "intake": intake,
        "file": file,
        "report": report,
        "tabs": [
            {"key": key, "label": _words()[key], "count": report.count(key), "current": key == chosen}
            for key in VERDICTS
        ],
        "total": len(report.lines),
        "chosen": chosen,
        "lines": [_line(line) for line in lines[:SHOWN]],
        "left": max(0, len(lines) - SHOWN),
    }
    return render(request, "pagekit/list_rows.html", context)


def _kept(actor: Actor, intake: Intake, upload: Upload) -> StoredFile:
    file = intake.keep(actor=actor, upload=upload)
    intake.take_over(actor=actor, file=file, dry_run=True)
    return file


def _words() -> dict[str, str]:
    return {NEW: _("New"), CHANGED: _("Changed"), UNCHANGED: _("As before"), REFUSED: _("Not taken")}


def _line(line: ListLine) -> dict[str, Any]:
    vietnamese = (get_language() or "vi").startswith("vi")
    return {
        "number": line.number,
        "code": line.code,
        "name": line.name,
        "verdict": _words()[line.verdict],
        "kind": KINDS[line.verdict],
        "said": line.said_vi if vietnamese else line.said_en,
    }


def _workbook(report: ListReport, file: StoredFile) -> HttpResponse:
    columns = (
        SheetColumn(_("Row"), 8, "number"),
        SheetColumn(_("Code"), 20),
        SheetColumn(_("Name"), 50),
        SheetColumn(_("What becomes of it"), 18),
        SheetColumn(_("Why"), 70),
    )
    rows = [
        (line["number"], line["code"], line["name"], line["verdict"], line["said"])
        for line in map(_line, report.lines)
    ]
    content = to_xlsx([Sheet(_("Rows"), columns, rows, lines=(file.name,))])
    answer = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = 'attachment; filename="ket-qua-doi-chieu.xlsx"'
    return answer
