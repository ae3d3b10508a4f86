"""Pages of national master data, and of the columns that follow neither a code list nor master data."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.reports import REFUSED
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import citations_for

from .. import code_lists as reads
from .. import commands
from ..access import database_for, may_keep_master_data, require_owner
from ..addresses import file_address, governing_address, here
from ..code_list_forms import MasterFileForm, MasterListForm, SourceForm
from ..commands.master_data import LABEL
from ..forms import say

page = require_http_methods(["GET", "POST"])
PAGE = 50
MOST_IN_WORKBOOK = 20_000


@signed_in
@require_GET
def items(request: Request) -> HttpResponse:
    """The national master data: every item with key, owner, its one trusted source, and which columns match it."""
    listed = reads.master_items(request.actor)
    context = {
        "items": [item for item in listed if item.left_on is None],
        "left": [item for item in listed if item.left_on is not None],
        "without_source": len(reads.items_without_source(listed)),
        "versions": reads.master_lists(),
        "may_keep": may_keep_master_data(request.actor),
        "citations": citations_for("D278-06", "D278-07", "MDM-01"),
    }
    return render(request, "catalogue/master_data.html", context)


def _require_keeping(request: Request) -> None:
    if not may_keep_master_data(request.actor):
        raise NotAllowed(
            act="ghi nhận danh mục dữ liệu chủ quốc gia", act_en="record the list of national master data"
        )


@signed_in
@page
def hand_in(request: Request) -> HttpResponse:
    """Hand in the published list."""
    _require_keeping(request)
    form = MasterFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = commands.hand_in_master_data(actor=request.actor, upload=form.cleaned_data["upload"])
            commands.take_over_master_data(actor=request.actor, file=file, dry_run=True)
        except (DomainError, EngineError) as error:
            locale = request.LANGUAGE_CODE
            form.add_error("upload", f"{error.text(locale)} {error.hint(locale)}")
        else:
            return redirect("catalogue-master-data-file", file.pk)
    act = {
        "heading": _("Record the list of national master data"),
        "submit": _("Look through the list"),
        "back": reverse("catalogue-master-data"),
        "crumbs": [(reverse("catalogue-master-data"), _("National master data"))],
    }
    return render(
        request,
        "catalogue/act.html",
        {"form": form, "act": act, "files": True},
        status=422 if form.errors else 200,
    )


@signed_in
@page
def look_through(request: Request, file_id: int) -> HttpResponse:
    """What each row of the list changes; then record it with its decision and the agreement of the owners."""
    _require_keeping(request)
    file = StoredFile.objects.filter(pk=file_id, label=LABEL, stored_by=request.actor.user_id).first()
    if file is None:
        raise Http404
    form = MasterListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = commands.take_over_master_data(actor=request.actor, file=file, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(
                request,
                _("The list was recorded: %(changed)s items changed, %(refused)s rows not taken.")
                % {"changed": report.changes, "refused": report.count(REFUSED)},
            )
            return redirect("catalogue-master-data")
    report = commands.take_over_master_data(actor=request.actor, file=file, dry_run=True)
    context = {
        "form": form,
        "file": file,
        "lines": report.lines[:300],
        "report": report,
        "refused": report.count(REFUSED),
    }
    return render(request, "catalogue/master_data_rows.html", context, status=422 if form.errors else 200)


@signed_in
@page
def trusted_source(request: Request, code: str) -> HttpResponse:
    """Say of which item of the national master data a database is the single trusted source."""
    database = database_for(request.actor, code)
    require_owner(request.actor, database, "nêu nguồn tin cậy", "name this database as a trusted source")
    form = SourceForm(request.POST or None, database=database)
    if request.method == "POST" and form.is_valid():
        try:
            commands.name_trusted_source(
                actor=request.actor, item=form.cleaned_data["item"], database=database
            )
        except DomainError as error:
            form.add_error("item", f"{error.text(request.LANGUAGE_CODE)} {error.hint(request.LANGUAGE_CODE)}")
        else:
            messages.success(request, _("The trusted source is on record."))
            return redirect(here(governing_address(code)))
    act = {
        "heading": _("Single trusted source"),
        "submit": _("Record the source"),
        "back": here(governing_address(code)),
        "crumbs": [
            (reverse("catalogue-databases"), _("Databases")),
            (here(file_address(code)), database.shown_name),
        ],
    }
    return render(
        request, "catalogue/act.html", {"form": form, "act": act}, status=422 if form.errors else 200
    )


@signed_in
@require_GET
def columns_following_none(request: Request) -> HttpResponse:
    """The columns that neither follow an issued code list nor match master data; as a workbook on demand."""
    every = request.GET.get("pham-vi") == "tat-ca"
    text = request.GET.get("q", "").replace("\0", " ")[:100]
    found = reads.fields_following_none(request.actor, every=every, text=text)
    if request.GET.get("dang") == "xlsx":
        return _workbook(found[:MOST_IN_WORKBOOK])
    rows, after, before = reads.columns_beyond(
        found, after=request.GET.get("sau", ""), before=request.GET.get("truoc", ""), limit=PAGE
    )
    asked = {name: value for name, value in (("pham-vi", "tat-ca" if every else ""), ("q", text)) if value}
    context = {
        "rows": rows,
        "total": found.count(),
        "every": every,
        "text": text,
        "workbook_url": f"?{urlencode(asked | {'dang': 'xlsx'})}",
        "next_url": f"?{urlencode(asked | {'sau': after})}" if after else "",
        "previous_url": f"?{urlencode(asked | {'truoc': before})}" if before else "",
        "citations": citations_for("LTE-04", "CAT-07"),
    }
    return render(request, "catalogue/columns_following_none.html", context)


def _workbook(found: object) -> HttpResponse:
    columns = (
        SheetColumn(_("Code of the database"), 20),
        SheetColumn(_("Database"), 40),
        SheetColumn(_("Managing unit"), 28),
        SheetColumn(_("Table"), 24),
        SheetColumn(_("Column"), 24),
        SheetColumn(_("Title"), 32),
        SheetColumn(_("What is missing"), 44),
    )
    rows = [
        (
            field.table.database.code,
            field.table.database.shown_name,
            field.table.database.managing_unit.shown_name,
            field.table.name,
            field.name,
            field.title,
            _("The code list “%(name)s” has no issued version") % {"name": field.code_list.shown_name}
            if field.code_list
            else _("Follows no code list and matches no master data"),
        )
        for field in found  # type: ignore[attr-defined]
    ]
    answer = HttpResponse(
        to_xlsx([Sheet(_("Columns"), columns, rows)]),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = 'attachment; filename="cot-chua-theo-danh-muc.xlsx"'
    return answer
