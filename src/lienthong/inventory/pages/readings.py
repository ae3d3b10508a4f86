"""How one table of a file is read: the original beside what is read, and a person's choice (experience.md D10, step 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.law.queries import citations_for

from .. import commands, queries, seen, wording
from ..access import inside_of
from ..forms import ReadingForm
from ..models import ReadingDecision, Source

page = require_http_methods(["GET", "POST"])
# Rows of the original, and of what is read, that stand beside each other.
SHOWN = 18
WIDEST = 12


@signed_in
@never_cache
@page
def reading(request: Request, code: str) -> HttpResponse:
    """Choose how one table of the bound file is read; it is read again without being handed in again."""
    actor = request.actor
    database = inside_of(actor, code)
    require_owner(actor, database, "chọn cách đọc tệp nguồn", "choose how the source file is read")
    source = queries.bound_source(database)
    name = request.GET.get("bang", "").replace("\0", "")[:255]
    if source is None or source.kind not in ("file", "folder") or not name:
        raise NotFound(what="tệp nguồn để chọn cách đọc", what_en="A source file whose reading can be chosen")
    decision = ReadingDecision.objects.filter(source=source, table=name).first()
    survey = queries.last_survey(database)
    known = seen.form_of(survey, name) if survey and survey.source_id == source.pk else None
    columns = [column["name"] for column in known["columns"]] if known else []
    form = ReadingForm(columns=columns, decision=decision)
    if request.method == "POST":
        if request.POST.get("viec") == "tu-dong":
            commands.leave_reading_to_machine(actor=actor, database=database, table=name)
            return redirect("inventory-source", code)
        form = ReadingForm(request.POST, columns=columns)
        if form.is_valid():
            try:
                commands.choose_reading(actor=actor, database=database, table=name, **form.choice())
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, _("The reading was kept; the file is being read again."))
                return redirect("inventory-source", code)
    context = {
        "database": database,
        "source": source,
        "name": name,
        "form": form,
        "decision": decision,
        "known": known,
        "reading": seen.reading_seen(known, request.LANGUAGE_CODE) if known else None,
        **_beside(source, name, database, known, request.LANGUAGE_CODE),
        "citations": citations_for("INV-01"),
    }
    return render(request, "inventory/reading.html", context)


def _beside(
    source: Source, name: str, database: Database, known: dict[str, Any] | None, locale: str
) -> dict[str, Any]:
    """The first rows of the original and of what is read; values of tables with personal columns as shapes."""
    personal = {column for _, column in queries.personal_in(database, [known])} if known else set()
    masked = bool(personal) or known is None
    try:
        with queries.opened(source) as found:
            table = found.table(name)
            original = found.beginning(table, SHOWN)
            batch = next(iter(found.read_arrow(table, SHOWN)), None)
    except (EngineError, DomainError) as error:
        return {"unread": error.text(locale), "unread_hint": error.hint(locale)}
    report = (known or {}).get("reading") or {}
    headers = set(report.get("header_rows") or [])
    aside = {
        row["number"]: wording.said(wording.SKIPPED, row["reason"], locale)
        for row in report.get("skipped_rows") or []
    }
    speaking = {row["number"] for row in report.get("skipped_rows") or [] if row.get("text")}
    rows = [
        {
            "number": number,
            "what": _("header") if number in headers else aside.get(number, ""),
            "cells": _cells(cells, masked=masked and number not in headers | speaking),
        }
        for number, cells in original
    ]
    read = batch.slice(0, SHOWN).to_pylist() if batch is not None else []
    names = list(batch.schema.names)[:WIDEST] if batch is not None else []
    return {
        "original": rows,
        "names": names,
        "read": [
            [_cell(row[column], masked=known is None or column in personal) for column in names]
            for row in read
        ],
        "wide": batch is not None and len(batch.schema.names) > WIDEST,
        "masked": masked,
    }


def _cells(cells: Sequence[Any], *, masked: bool) -> list[str]:
    return [_cell(cell, masked=masked) for cell in cells[:WIDEST]]


def _cell(value: Any, *, masked: bool) -> str:
    if value is None:
        return ""
    text = str(value)[:60]
    return wording.shape_of(text) if masked else text
