"""Pages on which owners say how a database is governed: layers, class, connection, storage, risks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError

from .. import commands, governing, queries
from ..access import database_for, may_own, require_owner
from ..addresses import file_address, governing_address, here
from ..forms import say
from ..governing_forms import GovernForm, RiskForm

page = require_http_methods(["GET", "POST"])
CITED = ("LDL-07", "D165-01", "D165-06", "D165-07", "D278-10", "GOVF-01", "GOVF-02", "GOVF-03", "LDL-05")


@signed_in
@page
def governance(request: Request, code: str) -> HttpResponse:
    """How a database is governed, by the law of today; its owner amends it."""
    actor = request.actor
    database = database_for(actor, code)
    form = GovernForm(request.POST or None, database=database)
    if request.method == "POST":
        require_owner(
            actor, database, "sửa nội dung quản trị dữ liệu", "amend the governance of this database"
        )
        if form.is_valid():
            try:
                commands.amend_database(
                    actor=actor, database=database, reason=form.cleaned_data["reason"], **form.changes()
                )
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
        "citations": queries.citations(*CITED),
    }
    return render(request, "catalogue/governance.html", context, status=422 if form.errors else 200)


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
