"""Pages of what a look saw: one table, one column; a person confirms what the machine proposes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.catalogue.access import may_keep_secrets_of, may_own
from lienthong.catalogue.commands import choose_code_list
from lienthong.catalogue.models import Database, DataField
from lienthong.catalogue.queries import field_counts, proposal_for
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.law.queries import citations_for

from .. import commands, queries, seen
from ..access import inside_of, may_reveal
from ..forms import CodeListForm, JudgementForm, RevealForm
from ..models import ReadingDecision, Survey

page = require_http_methods(["GET", "POST"])


@signed_in
@never_cache
@require_GET
def table(request: Request, code: str, table_id: int) -> HttpResponse:
    """One table of a look: how its file was read, its defects, its columns."""
    database = inside_of(request.actor, code)
    one = seen.table_of(database, table_id)
    survey = _survey_of(database)
    form = seen.form_of(survey, one.name)
    if form is None:
        raise NotFound(what="bảng này trong lần khảo sát gần nhất", what_en="This table in the newest look")
    locale = request.LANGUAGE_CODE
    chosen = ReadingDecision.objects.filter(source=survey.source, table=one.name).first()
    columns = seen.columns_seen(database, form, locale)
    context = {
        "database": database,
        "table": one,
        "form": form,
        "survey": survey,
        "reading": seen.reading_seen(form, locale, chosen),
        "columns": columns,
        "converted": any(one.conversions for one in columns),
        "findings": queries.with_issues(
            queries.findings_said(form.get("findings") or [], locale), database, one.name, ""
        ),
        "may_warn": True,
        "may_work": may_own(request.actor, database),
        "citations": citations_for("INV-01"),
    }
    return render(request, "inventory/table.html", context)


def _survey_of(database: Database) -> Survey:
    survey = queries.last_survey(database)
    if survey is None:
        raise NotFound(what="lần khảo sát đã hoàn thành", what_en="A completed look")
    return survey


@signed_in
@never_cache
@page
def column(request: Request, code: str, field_id: int) -> HttpResponse:
    """One column: what was seen, what is proposed and why; a person confirms, then the next column."""
    actor = request.actor
    database = inside_of(actor, code)
    one = seen.field_of(database, field_id)
    found = seen.column_file(database, one, _survey_of(database), request.LANGUAGE_CODE)
    if found is None:
        raise NotFound(what="số liệu khảo sát của cột này", what_en="What a look saw in this column")
    forms: dict[str, Any] = {
        "judgement": JudgementForm(found=found, field=one, auto_id="kl-%s"),
        "reveal": RevealForm(auto_id="xem-%s"),
        "code_list": CodeListForm(field=one, auto_id="dm-%s"),
    }
    opened: dict[str, Any] | None = None
    if request.method == "POST":
        answer = _done(request, database, one, found, forms)
        if isinstance(answer, HttpResponse):
            return answer
        opened = answer
    before, after = seen.neighbours(one)
    counts = field_counts(database)
    context = {
        "database": database,
        "field": one,
        "found": found,
        "parts": _parts(found),
        "meaning": _meaning(found, request.LANGUAGE_CODE),
        "proposal": proposal_for(one),
        "findings": queries.with_issues(
            queries.findings_said(found.form.get("findings") or [], request.LANGUAGE_CODE),
            database,
            one.table.name,
            one.name,
        ),
        "may_warn": True,
        "opened": _opened(opened, found),
        "forms": forms,
        "before": before,
        "after": after,
        "counts": counts,
        "may_work": may_own(actor, database),
        "may_reveal": may_reveal(actor, database),
        "keeps": may_keep_secrets_of(actor, database),
        "citations": citations_for("INV-02", "CAT-07", "SEC-02"),
    }
    return render(request, "inventory/column.html", context)


def _parts(found: seen.ColumnFile) -> list[dict[str, Any]]:
    return [
        {"label": _("Filled"), "value": found.filled, "kind": "ok"},
        {"label": _("Placeholder values"), "value": found.placeholders, "kind": "due"},
        {"label": _("Empty"), "value": found.form["nulls"], "kind": "late"},
    ]


def _meaning(found: seen.ColumnFile, locale: str) -> str:
    return (
        seen.meaning_said(found.judgement.meaning, locale)
        if found.judgement and found.judgement.meaning
        else ""
    )


def _opened(values: dict[str, Any] | None, found: seen.ColumnFile) -> dict[str, Any] | None:
    if values is None:
        return None
    top, hidden = seen.shown_top(values.get("top") or [], sensitive=True)
    return {
        "min": seen.spoken(values.get("min")),
        "max": seen.spoken(values.get("max")),
        "top": seen.with_shares(top, "value", int(found.form.get("sampled") or 0) or found.rows),
        "hidden": hidden,
    }


def _done(
    request: Request, database: Database, one: DataField, found: seen.ColumnFile, forms: dict[str, Any]
) -> HttpResponse | dict[str, Any] | None:
    """What was asked for on the page; an answer to give, opened values, or nothing when a form was refused."""
    act = request.POST.get("viec", "")
    here = redirect("inventory-column", database.code, one.pk)
    try:
        if act == "xem-gia-tri":
            forms["reveal"] = RevealForm(request.POST, auto_id="xem-%s")
            return commands.reveal_values(
                actor=request.actor, field=one, reason=request.POST.get("reason", "")
            )
        if act == "bi-mat":
            return _secrecy(request, database, one)
        if act == "danh-muc":
            forms["code_list"] = CodeListForm(request.POST, field=one, auto_id="dm-%s")
            if not forms["code_list"].is_valid():
                return None
            choose_code_list(actor=request.actor, field=one, **forms["code_list"].cleaned_data)
            messages.success(request, _("The code list of the column was noted."))
            return here
        forms["judgement"] = JudgementForm(request.POST, found=found, field=one, auto_id="kl-%s")
        if not forms["judgement"].is_valid():
            return None
        commands.judge_column(actor=request.actor, field=one, **forms["judgement"].cleaned_data)
    except DomainError as error:
        refused = {"xem-gia-tri": "reveal", "danh-muc": "code_list"}.get(act, "judgement")
        forms[refused].refuse(error)
        return None
    messages.success(request, _("Column “%(name)s” was confirmed.") % {"name": str(one)})
    waiting = seen.next_waiting(database, one)
    if waiting is None:
        return redirect("catalogue-fields", database.code)
    return redirect("inventory-column", database.code, waiting.pk)


def _secrecy(request: Request, database: Database, one: DataField) -> HttpResponse:
    is_secret = request.POST.get("bi_mat") == "co"
    commands.decide_secrecy(actor=request.actor, field=one, is_secret=is_secret)
    messages.success(
        request,
        _("The database is now within the scope of state secrets.")
        if is_secret
        else _("Noted: no state secret in this column."),
    )
    return redirect(reverse("inventory-column", args=[database.code, one.pk]))
