"""Drafting a regulation, and changing the draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.agencies.queries import unit_of
from lienthong.catalogue.access import OWNING, database_for
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, for_roles
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.files.models import StoredFile
from lienthong.law.queries import grounds_for
from lienthong.regulations import commands
from lienthong.regulations.access import may_edit, regulation_for
from lienthong.regulations.forms import CLAUSES, RegulationForm
from lienthong.regulations.models import Regulation, Scope


@for_roles(*OWNING)
def draft(request: Request) -> HttpResponse:
    """Draft a regulation; coming from a database, it is filled in for that one."""
    actor: Actor = request.actor
    initial: dict[str, Any] = {"scope": Scope.DATABASE, "issuer": unit_of(actor)}
    if request.GET.get("csdl"):
        database = database_for(actor, request.GET["csdl"][:60])
        initial |= {
            "databases": [database.pk],
            "issuer": database.managing_unit_id,
            "title": _("Regulation on the use of data of “%(name)s”") % {"name": database.shown_name},
        }
    form = RegulationForm(*_given(request), actor=actor, initial=initial)

    def perform(entered: dict[str, Any], document: StoredFile | None) -> Regulation:
        return commands.draft_regulation(actor=actor, document=document, **entered)

    return _page(request, form, perform, None)


@for_roles(*OWNING)
def amend(request: Request, slug: str, version: int) -> HttpResponse:
    """Change a draft."""
    actor: Actor = request.actor
    regulation = regulation_for(actor, slug, version)
    if not (may_edit(actor, regulation) and regulation.is_drafting):
        raise NotAllowed(act="sửa dự thảo quy chế", act_en="change this draft")
    names = ("title", "scope", "topic", "breach_handling", "body", *CLAUSES)
    initial = {name: getattr(regulation, name) for name in names}
    initial["databases"] = list(regulation.databases.values_list("pk", flat=True))
    form = RegulationForm(*_given(request), actor=actor, regulation=regulation, initial=initial)

    def perform(entered: dict[str, Any], document: StoredFile | None) -> Regulation:
        if document is not None:
            entered["document"] = document
        return commands.amend_draft(actor=actor, regulation=regulation, **entered)

    return _page(request, form, perform, regulation)


def _given(request: Request) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _page(
    request: Request, form: RegulationForm, perform: Any, regulation: Regulation | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        entered = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        try:
            with transaction.atomic():
                kept = perform(entered, _stored(request, form.cleaned_data["file"]))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, _("The draft was kept."))
            return redirect("regulations-file", kept.slug, kept.version)
    back = (
        reverse("regulations-file", args=[regulation.slug, regulation.version])
        if regulation
        else reverse("regulations-list")
    )
    context = {
        "form": form,
        "regulation": regulation,
        "back": back,
        "clauses": [form[name] for name in CLAUSES],
        "basis": grounds_for("REG-01", "REG-07"),
    }
    return render(request, "regulations/draft.html", context, status=422 if form.errors else 200)


def _stored(request: Request, given: Any) -> StoredFile | None:
    return None if given is None else commands.keep_document(actor=request.actor, upload=given)
