"""The file of a database, its history, the desk's search, what does not fit under the thumb, the running of the system."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lienthong.agencies.roles import Role
from lienthong.authority.correction_access import may_begin_report
from lienthong.authority.correction_records import open_corrections_of
from lienthong.authority.queries import cases_of
from lienthong.catalogue.access import database_for
from lienthong.catalogue.governing import governance_of
from lienthong.catalogue.queries import file_of_database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, for_roles, signed_in
from lienthong.foundation.events.queries import history_of, timeline
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.pagekit.paging import stretch
from lienthong.inventory.access import may_look_inside
from lienthong.regulations.access import regulations_visible_to
from lienthong.regulations.models import Regulation

from . import running
from .finding import results
from .frame import RUNNING
from .lifeline import as_context

# Lines of history on one page.
LINES = 100


def _frame(request: Request, code: str) -> dict[str, Any]:
    actor: Actor = request.actor
    database = database_for(actor, code)
    file = file_of_database(actor, database)
    life = as_context(database, actor, file)
    job = life.pop("running")
    return {
        "database": database,
        "file": file,
        **life,
        "looks_inside": may_look_inside(actor, database),
        "job": progress_of(job, actor) if job else None,
    }


# What the page says of a case and of the databases on its sides.
_OF_A_CASE = (
    "number",
    "state",
    *(f"{side}__{name}" for side in ("lower", "higher") for name in ("name", "name_en")),
)


def _shown(applying: list[Regulation], actor: Actor) -> list[Regulation]:
    """The newest of the regulations that apply which the actor may know of."""
    if not applying:
        return []
    known = regulations_visible_to(actor).filter(pk__in=[one.pk for one in applying])
    visible = set(known.order_by().values_list("pk", flat=True))
    return [one for one in applying if one.pk in visible][:10]


@signed_in
@require_safe
def database_file(request: Request, code: str) -> HttpResponse:
    """The whole life of one database on one page, and the act that comes next."""
    context = _frame(request, code)
    database = context["database"]
    context |= {
        "governing": governance_of(database),
        "cases": cases_of(database).only(*_OF_A_CASE).order_by("-pk")[:10],
        "corrections": open_corrections_of(database)[:10],
        "regulations": _shown(context["applying"], request.actor),
        "may_report": may_begin_report(request.actor, database),
        "holds": list(dict.fromkeys(hold.text(request.LANGUAGE_CODE) for hold in context["file"].holds)),
        "events": timeline("catalogue.database", database.pk, request.LANGUAGE_CODE, 10),
    }
    return render(request, "desk/database.html", context)


@signed_in
@require_safe
def database_history(request: Request, code: str) -> HttpResponse:
    """Everything that happened to a database."""
    context = _frame(request, code)
    subject = "catalogue.database", context["database"].pk
    part = stretch(request.GET.get("sau", ""), history_of(*subject).count(), LINES)
    context["events"] = timeline(*subject, request.LANGUAGE_CODE, LINES, part.rows.start)
    context["part"] = part
    return render(request, "desk/history.html", context)


@signed_in
@require_safe
def find(request: Request) -> HttpResponse:
    """Search over what the officer may know: public things and those of the own unit."""
    actor: Actor = request.actor
    if actor.roles <= {Role.ADMINISTRATOR}:
        # Who only administers has no right to any data: what everybody may find, no more.
        actor = Actor(user_id=actor.user_id, locale=actor.locale, origin="web")
    text = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    group, after = request.GET.get("loai", ""), request.GET.get("sau", "")
    context = results(text, actor=actor, group=group, after=after) if text else {}
    return render(request, "desk/find.html", {"text": text, **context})


@signed_in
@require_safe
def more(request: Request) -> HttpResponse:
    """Every room of the desk, for small screens."""
    return render(request, "desk/more.html")


@for_roles(*RUNNING)
@require_safe
def system(request: Request) -> HttpResponse:
    """Whether everything runs: jobs, deliveries, disk, versions; no data of any agency."""
    return render(request, "desk/system.html", {"state": running.state(), "at": timezone.now()})
