"""A list of agencies: handed in, looked through row by row, taken over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lienthong.agencies import commands
from lienthong.agencies.access import require_administrator
from lienthong.agencies.commands.rosters import CHANGED, LABEL, NEW, REFUSED, UNCHANGED, RosterReport
from lienthong.agencies.forms import RosterForm
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx

SHOWN = 300
VERDICTS = (REFUSED, NEW, CHANGED, UNCHANGED)


@signed_in
def hand_in(request: Request) -> HttpResponse:
    """Choose the file."""
    require_administrator(request.actor, "nhập danh sách cơ quan", "take over a list of agencies")
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = commands.hand_in_roster(actor=request.actor, upload=form.cleaned_data["upload"])
            commands.take_over_roster(actor=request.actor, file=file, dry_run=True)
        except (DomainError, EngineError) as error:
            locale = get_language() or "vi"
            form.add_error("upload", f"{error.text(locale)} {error.hint(locale)}")
        else:
            return redirect("agencies-roster-file", file.pk)
    context = {"form": form, "back": reverse("agencies-desk")}
    return render(request, "agencies/roster.html", context, status=422 if form.errors else 200)


@signed_in
def look_through(request: Request, file_id: int) -> HttpResponse:
    """What would become of each row; then take the list over, or hand in a better one."""
    actor = request.actor
    require_administrator(actor, "nhập danh sách cơ quan", "take over a list of agencies")
    file = StoredFile.objects.filter(pk=file_id, label=LABEL, stored_by=actor.user_id).first()
    if file is None:
        raise Http404
    if request.method == "POST":
        report = commands.take_over_roster(actor=actor, file=file)
        said = ngettext(
            "%(count)s row was taken over; %(refused)s refused.",
            "%(count)s rows were taken over; %(refused)s refused.",
            report.changes,
        )
        messages.success(request, said % {"count": report.changes, "refused": report.count(REFUSED)})
        return redirect("agencies-desk")
    report = commands.take_over_roster(actor=actor, file=file, dry_run=True)
    if request.GET.get("dang") == "xlsx":
        return _workbook(report, file)
    chosen = request.GET.get("loc", "")
    lines = [line for line in report.lines if line.verdict == chosen or chosen not in VERDICTS]
    context = {
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
    return render(request, "agencies/roster_file.html", context)


def _words() -> dict[str, str]:
    return {NEW: _("New"), CHANGED: _("Changed"), UNCHANGED: _("As before"), REFUSED: _("Not taken")}


def _line(line: Any) -> dict[str, Any]:
    vietnamese = (get_language() or "vi").startswith("vi")
    kinds = {NEW: "ok", CHANGED: "info", UNCHANGED: "neutral", REFUSED: "late"}
    return {
        "number": line.number,
        "code": line.code,
        "name": line.name,
        "verdict": _words()[line.verdict],
        "kind": kinds[line.verdict],
        "said": line.said_vi if vietnamese else line.said_en,
    }


def _workbook(report: RosterReport, file: StoredFile) -> HttpResponse:
    columns = (
        SheetColumn(_("Row"), 8, "number"),
        SheetColumn(_("Identifier code"), 20),
        SheetColumn(_("Name of the agency or unit"), 50),
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
