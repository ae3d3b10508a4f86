"""Pages on which many databases or columns are amended at once, and on which like names are suggested."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.lists.reports import CHANGED, REFUSED, ListReport

from .. import commands, queries
from ..access import database_for, may_register, require_owner
from ..addresses import fields_address, file_address, here
from ..bulk_forms import ManyDatabasesForm, ManyFieldsForm
from ..duplicates import similar_databases
from ..models import DataField

page = require_http_methods(["GET", "POST"])
MOST = 200


@signed_in
@require_GET
def similar(request: Request) -> HttpResponse:
    """While a name is typed: the databases that may be the same."""
    if not may_register(request.actor):
        raise NotAllowed(act="đăng ký cơ sở dữ liệu", act_en="register a database")
    name = request.GET.get("name", "").replace("\0", " ")[:250]
    found = similar_databases(request.actor, name) if len(name.strip()) >= 4 else []
    return render(request, "catalogue/_similar.html", {"similar": found})


@signed_in
@page
def databases(request: Request) -> HttpResponse:
    """Choose databases and what is said of them alike; see what becomes of each; then save."""
    actor = request.actor
    if not may_register(actor):
        raise NotAllowed(act="sửa nhiều cơ sở dữ liệu", act_en="amend many databases")
    text = request.GET.get("q", "").replace("\0", " ")[:200]
    listed = queries.databases_visible(actor, text=text).filter(is_secret=False)
    form = ManyDatabasesForm(request.POST or None)
    chosen = request.POST.getlist("chon")[:MOST]
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "heading": _("Amend many databases"),
        "crumbs": [(reverse("catalogue-databases"), _("Databases"))],
        "here": reverse("catalogue-databases-bulk"),
        "rows": [
            (one.code, one.shown_name, one.managing_unit.shown_name)
            for one in listed.order_by("sort_key", "pk")[:MOST]
        ],
        "beside": _("Managing unit"),
        "chosen": chosen,
        "searches": True,
    }
    if request.method == "POST" and form.is_valid():
        found = list(queries.databases_visible(actor).filter(code__in=chosen).order_by("sort_key", "pk"))
        done = request.POST.get("buoc") == "luu"

        def give(dry_run: bool) -> ListReport:
            return commands.amend_databases(
                actor=actor,
                databases=found,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                dry_run=dry_run,
            )

        answer = _tried(request, context, give, done=done, any_chosen=bool(found) and bool(form.changes()))
        if answer is not None:
            return answer
    return render(request, "catalogue/bulk.html", context, status=422 if form.errors else 200)


@signed_in
@page
def fields(request: Request, code: str) -> HttpResponse:
    """Choose columns of a database and what is said of them alike; see what becomes of each; then save."""
    actor = request.actor
    database = database_for(actor, code)
    require_owner(actor, database, "sửa mô tả nhiều cột", "describe many columns")
    listed = DataField.objects.filter(table__database=database, gone_since__isnull=True).select_related(
        "table__database__owner", "table__database__managing_unit", "code_list"
    )
    listed = listed.order_by("table__name", "ordinal", "pk")
    form = ManyFieldsForm(request.POST or None)
    chosen = request.POST.getlist("chon")[:2000]
    context: dict[str, Any] = {
        "form": form,
        "heading": _("Describe many columns"),
        "crumbs": [
            (reverse("catalogue-databases"), _("Databases")),
            (here(file_address(code)), database.shown_name),
            (here(fields_address(code)), _("Tables and columns")),
        ],
        "here": reverse("catalogue-fields-bulk", args=[code]),
        "rows": [
            (str(one.pk), f"{one.table.name}.{one.name}", f"{one.title} · {one.get_sharing_class_display()}")
            for one in listed[:2000]
        ],
        "beside": _("Title and sharing class"),
        "chosen": chosen,
    }
    if request.method == "POST" and form.is_valid():
        found = [one for one in listed if str(one.pk) in set(chosen)]
        done = request.POST.get("buoc") == "luu"

        def give(dry_run: bool) -> ListReport:
            return commands.amend_fields(
                actor=actor, database=database, fields=found, changes=form.changes(), dry_run=dry_run
            )

        answer = _tried(request, context, give, done=done, any_chosen=bool(found) and bool(form.changes()))
        if answer is not None:
            return answer
    return render(request, "catalogue/bulk.html", context, status=422 if form.errors else 200)


def _tried(
    request: Request, context: dict[str, Any], give: Any, *, done: bool, any_chosen: bool
) -> HttpResponse | None:
    """Try it or do it: the rows with what becomes of each, or back to the list once it is done."""
    if not any_chosen:
        context["form"].add_error(None, _("Choose at least one row, and at least one thing to change."))
        return None
    report = give(not done)
    if not done:
        context |= {"report": report, "changed": report.count(CHANGED), "refused": report.count(REFUSED)}
        return None
    said = ngettext(
        "%(count)s row was changed; %(refused)s refused.",
        "%(count)s rows were changed; %(refused)s refused.",
        report.changes,
    )
    messages.success(request, said % {"count": report.changes, "refused": report.count(REFUSED)})
    return redirect(context["here"])
