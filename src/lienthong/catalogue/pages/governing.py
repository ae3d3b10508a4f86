"""Pages on which owners say how a database is governed: layers, class, connection, storage, risks."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files.commands import path_of
from lienthong.law.queries import citations_for

from .. import commands, governing
from ..access import database_for, may_own, require_owner
from ..addresses import file_address, governing_address, here
from ..forms import say
from ..governing_forms import GovernForm, RiskForm
from ..models import Database

page = require_http_methods(["GET", "POST"])
CITED = ("LDL-07", "D165-01", "D165-06", "D165-07", "D278-10", "GOVF-01", "GOVF-02", "GOVF-03", "LDL-05")


@signed_in
@page
def governance(request: Request, code: str) -> HttpResponse:
    """How a database is governed, by the law of today; its owner amends it."""
    actor = request.actor
    database = database_for(actor, code)
    form = GovernForm(request.POST or None, request.FILES or None, database=database)
    if request.method == "POST":
        require_owner(
            actor, database, "sửa nội dung quản trị dữ liệu", "amend the governance of this database"
        )
        if form.is_valid():
            try:
                _amend(actor, database, form)
            except DomainError as error:
                say(form, error)
                database.refresh_from_db()
            else:
                messages.success(request, _("The governance of the database was saved."))
                return redirect(here(governing_address(code)))
    context = {
        "database": database,
        "form": form,
        "governing": governing.governance_of(database),
        "may_work": may_own(actor, database),
        "modules": governing.modules_on(timezone.localdate()),
        "citations": citations_for(*CITED),
    }
    return render(request, "catalogue/governance.html", context, status=422 if form.errors else 200)


def _amend(actor: Actor, database: Database, form: GovernForm) -> None:
    changes, upload = form.changes(), form.cleaned_data["upload"]
    with transaction.atomic():
        if upload is not None:
            changes["storage_procedure_file"] = commands.keep_storage_procedure(
                actor=actor, database=database, upload=upload
            )
        commands.amend_database(actor=actor, database=database, reason=form.cleaned_data["reason"], **changes)


@signed_in
@require_GET
def storage_procedure(request: Request, code: str) -> FileResponse:
    """The paper of the technical storage procedure of a database."""
    kept = database_for(request.actor, code).storage_procedure_file
    if kept is None or not (place := path_of(kept.sha256)).exists():
        raise NotFound(what="tệp quy trình lưu trữ này", what_en="This storage procedure")
    answer = FileResponse(
        place.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@signed_in
@page
def assess_risk(request: Request, code: str) -> HttpResponse:
    """Record the signed assessment of the risks to a database."""
    database = database_for(request.actor, code)
    require_owner(
        request.actor, database, "ghi nhận đánh giá rủi ro", "record a risk assessment of this database"
    )
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.record_risk_assessment(actor=request.actor, database=database, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The risk assessment was recorded."))
            return redirect(here(governing_address(code)))
    act = {
        "heading": _("Record a risk assessment"),
        "submit": _("Record the assessment"),
        "back": here(governing_address(code)),
        "crumbs": [
            (reverse("catalogue-databases"), _("Databases")),
            (here(file_address(code)), database.shown_name),
        ],
    }
    return render(
        request, "catalogue/act.html", {"form": form, "act": act}, status=422 if form.errors else 200
    )
