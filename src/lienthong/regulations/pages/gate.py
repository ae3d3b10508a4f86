"""The go-live gate of a database, and the two documents that it asks for besides the regulation
(experience.md D6).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.catalogue.access import database_for, may_own, require_owner
from lienthong.catalogue.addresses import file_address, here
from lienthong.catalogue.models import Database, DatabaseState
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.law.answers import Ground
from lienthong.law.queries import grounds_for, grounds_named
from lienthong.regulations import commands
from lienthong.regulations.errors import GateNotPassed
from lienthong.regulations.forms import DocumentForm, ProcessForm, StructureForm
from lienthong.regulations.queries import (
    coverage_of,
    current_process,
    current_structure,
    evaluate_gate,
    last_gate_run,
    structure_columns,
)
from lienthong.regulations.rules import GateLine


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: Request, code: str) -> HttpResponse:
    """Why a database may or may not go live; a POST asks for it."""
    actor = request.actor
    database = database_for(actor, code)
    if request.method == "POST":
        try:
            commands.request_go_live(actor=actor, database=database)
        except GateNotPassed as error:
            messages.error(request, error.text(actor.locale))
        else:
            messages.success(request, _("“%(name)s” is in operation.") % {"name": database.shown_name})
        return redirect("regulations-gate", code)
    result = evaluate_gate(actor=actor, database=database)
    grounds = grounds_named((line.requirement, line.provision) for line in result.lines)
    lines = [
        _shown(line, actor.locale, grounds.get((line.requirement, line.provision))) for line in result.lines
    ]
    last = last_gate_run(database)
    failed = [line for line in lines if line["state"] != "met"]
    asking = database.state in {DatabaseState.REGISTERED, DatabaseState.NON_COMPLIANT}
    context = {
        "database": database,
        "file_url": here(file_address(code)),
        "result": result,
        "lines": lines,
        "failed": failed,
        "first": next((line for line in failed if line["fix"]), None),
        "met": len(lines) - len(failed),
        "last": last,
        "changed": last is not None and asking and _verdicts(last.lines) != _verdicts(result.as_json()),
        "may_ask": may_own(actor, database) and asking and not database.is_secret,
        "asking": asking,
    }
    return render(request, "regulations/gate.html", context)


def _shown(line: GateLine, locale: str, ground: Ground | None) -> dict[str, Any]:
    return {
        "state": line.state,
        "text": line.text(locale),
        "basis": ", ".join(
            part
            for part in (
                line.requirement,
                ground.citation if ground is not None else line.provision,
                _("rule of the agency") if line.mark == "agency" else "",
            )
            if part
        ),
        "found": line.found(locale),
        "hint": line.hint(locale),
        "fix": here(line.fix) if line.fix else "",
        "fix_label": line.fix_label(locale),
    }


def _verdicts(lines: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(line["code"], line["state"], line["found_vi"]) for line in lines}


@signed_in
def structure(request: Request, code: str) -> HttpResponse:
    """Record the exchange structure of a database, from the columns that are described."""
    actor = request.actor
    database = database_for(actor, code)
    require_owner(actor, database, "ghi nhận cấu trúc dữ liệu trao đổi", "record the exchange structure")
    columns = structure_columns(database)
    current = current_structure(database)
    initial = {
        "title": _("Exchange structure of “%(name)s”") % {"name": database.shown_name},
        "document_date": timezone.localdate(),
    }
    form = StructureForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {
        "columns": columns,
        "current": current,
        "coverage": coverage_of(current) if current else None,
        "basis": grounds_for("REG-05"),
    }

    def perform(entered: dict[str, Any]) -> str:
        commands.record_exchange_structure(actor=actor, database=database, **entered)
        return _("The exchange structure was recorded with %(n)s columns.") % {"n": len(columns)}

    return _document_page(request, database, form, perform, "regulations/structure.html", context)


@signed_in
def process(request: Request, code: str) -> HttpResponse:
    """Record the sharing process of a database, or of its managing unit."""
    actor = request.actor
    database = database_for(actor, code)
    require_owner(actor, database, "ghi nhận quy trình chia sẻ", "record the sharing process")
    initial = {
        "title": _("Process for sharing data of “%(name)s”") % {"name": database.shown_name},
        "document_date": timezone.localdate(),
    }
    form = ProcessForm(request.POST if request.method == "POST" else None, initial=initial)

    def perform(entered: dict[str, Any]) -> str:
        whole = entered.pop("for_agency")
        entered["steps"] = entered["steps"].splitlines()
        holder = {"agency": database.managing_unit} if whole else {"database": database}
        commands.record_sharing_process(actor=actor, **holder, **entered)
        return _("The sharing process was recorded.")

    context = {"current": current_process(database), "basis": grounds_for("REG-06")}
    return _document_page(request, database, form, perform, "regulations/process.html", context)


def _document_page(
    request: Request,
    database: Database,
    form: DocumentForm,
    perform: Any,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(dict(form.cleaned_data))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("regulations-gate", database.code)
    context |= {
        "form": form,
        "database": database,
        "file_url": here(file_address(database.code)),
        "locale": get_language(),
    }
    return render(request, template, context, status=422 if form.errors else 200)
