"""The search of one database: what it was compared with, what was found, and the order to search again."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.authority import commands
from lienthong.authority.access import cases_visible_to
from lienthong.authority.flow_access import flows_visible_to, may_bind_target
from lienthong.authority.models import CaseState, OverlapSearch
from lienthong.authority.queries import (
    cases_of,
    code_lists_of,
    compared_from_others,
    last_search,
    searchable_source,
)
from lienthong.catalogue.access import database_for, databases_visible_to, may_own
from lienthong.catalogue.addresses import file_address, here, source_address
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import progress_of
from lienthong.law.queries import grounds_for

from .showing import STATE_KINDS


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_database(request: Request, code: str) -> HttpResponse:
    """The overlaps of one database; a POST searches again."""
    actor = request.actor
    database = database_for(actor, code)
    if request.method == "POST":
        try:
            commands.search_overlaps(actor=actor, database=database)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            messages.error(request, f"{error.text(actor.locale)} {error.hint(actor.locale)}")
        else:
            messages.info(request, _("The search has begun; its result will be shown here."))
        return redirect("authority-database", code)
    search = last_search(database)
    job = jobs_of(database).filter(name="authority.search").first()
    visible = cases_visible_to(actor).filter(pk__in=cases_of(database).values("pk"))
    context = {
        "database": database,
        "file_url": here(file_address(code)),
        "source_url": here(source_address(code)),
        "search": search,
        "met": 0 if search else compared_from_others(database),
        "compared": search.compared.filter(is_secret=False).count() if search else 0,
        "code_lists": list(code_lists_of(search)[:50]) if search else [],
        "left_out": _left_out(actor, search) if search else [],
        "cases": [
            (case, STATE_KINDS[CaseState(case.state)])
            for case in visible.select_related("lower__owner", "higher__owner")[:50]
        ],
        "flows": flows_visible_to(actor).filter(Q(database=database) | Q(source_database=database)),
        "may_bind": may_bind_target(actor, database),
        "job": progress_of(job, actor)
        if job is not None and (job.is_live or job.state == "failed")
        else None,
        "may_search": may_own(actor, database) and not database.is_secret,
        "has_source": searchable_source(database) is not None,
        "basis": grounds_for("OVL-05"),
    }
    return render(request, "authority/database.html", context)


def _left_out(actor: Actor, search: OverlapSearch) -> list[dict[str, str]]:
    """What could not be compared, and why; a database of others is not named."""
    language = "vi" if actor.locale.startswith("vi") else "en"
    ids = [one["database"] for one in search.left_out]
    mine = databases_visible_to(actor).in_bulk(ids)
    return [
        {
            "name": mine[one["database"]].shown_name
            if one["database"] in mine
            else _("A database of others"),
            "why": one[language],
        }
        for one in search.left_out
    ]
